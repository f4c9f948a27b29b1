"""Placing what was reported, with refusals in words."""

from dispatch.problem import Invalid
from geo.coordinates import CoordinateError
from geo.locate import Point, locate


def place(location, address):
    """geo's answer for `location` {lon, lat, crs, accuracy_m} and/or an address.

    Raises Invalid for coordinates that cannot be.
    """
    point = None
    if location:
        point = Point(location["lon"], location["lat"], location["crs"], location.get("accuracy_m"))
    try:
        return locate(location=point, address=address or None)
    except CoordinateError as problem:
        raise Invalid(location=str(problem)) from None

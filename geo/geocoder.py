"""The gazetteer as a geopy geocoder, so that it can stand in any chain of them."""

import shapely
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from geo import areas, knowledge
from geo.dataset import Dataset


class DistrictGeocoder(Geocoder):
    """Offline; answers from the district's own data only."""

    def geocode(self, query, *, exactly_one=True, timeout=DEFAULT_SENTINEL):
        """A geopy Location (WGS-84), a list of one unless `exactly_one`, or None when unsure.

        Where only the street is known, the point is one inside the street and
        `raw["accuracy_m"]` is None. `raw` holds street and community codes, method, confidence.
        """
        tokens = Dataset.tokens()
        index, match = areas.current(tokens), knowledge.current(tokens).find(query)
        if match.street is None:
            return None
        lon, lat = match.lon, match.lat
        if lon is None:
            code = match.community or match.street
            inner = shapely.point_on_surface(index.polygons[code])
            lon, lat = inner.x, inner.y
        raw = {
            "street": match.street,
            "community": match.community,
            "method": match.method,
            "confidence": match.confidence,
            "accuracy_m": match.accuracy_m,
        }
        names = [index.by_code[code].name for code in (match.street, match.community) if code]
        location = Location("".join([*names, match.text]), (lat, lon), raw)
        return location if exactly_one else [location]

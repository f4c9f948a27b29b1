"""Importing places: points with a kind and a name."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from geo import areas
from geo.geojson import DataError
from geo.models import Place
from geo.tally import Tally

_OWN = {"id", "kind", "name", "source", "aliases"}
_FIELDS = ["kind", "name", "aliases", "lon", "lat", "area_id", "attributes", "source"]


@transaction.atomic
def load(features, kind=None, delete_missing=False):
    """Import place features (`id`, `kind`, `name`, a point); returns a Tally.

    A place is known again by its `id`, or by kind, name and point when it has none. With
    `delete_missing`, places of the same kinds that the file lacks are deleted. Raises DataError;
    nothing is written then.
    """
    index = areas.current()
    known = {place.external_id: place for place in Place.objects.exclude(external_id="")}
    report, new, changed, seen = Tally(), [], [], set()
    for number, feature in enumerate(features, 1):
        values = _values(feature, number, kind, index)
        key = _key(feature, values)
        if key in seen:
            raise DataError(_("地点编号 %(id)s 在文件中出现两次。") % {"id": key})
        seen.add(key)
        place = known.get(key)
        if place is None:
            new.append(Place(external_id=key, **values))
        elif any(getattr(place, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(place, name, value)
            changed.append(place)
    report.created, report.updated = len(new), len(changed)
    report.unchanged = len(seen) - len(new) - len(changed)
    if new:
        Place.objects.bulk_create(new, batch_size=500)
    if changed:
        fields = ["area" if name == "area_id" else name for name in _FIELDS]
        Place.objects.bulk_update(changed, fields, batch_size=200)
    if delete_missing:
        kinds = {place.kind for place in new} | {known[k].kind for k in seen if k in known}
        gone = [p.pk for key, p in known.items() if key not in seen and p.kind in kinds]
        if gone:
            Place.objects.filter(pk__in=gone).delete()
        report.closed = len(gone)
    return report


def place_again():
    """Put every place into the area that holds it now, after boundaries changed."""
    index, moved = areas.current(), []
    for place in Place.objects.only("lon", "lat", "area").iterator():
        area_id = area_of(index, place.lon, place.lat)
        if place.area_id != area_id:
            place.area_id = area_id
            moved.append(place)
    if moved:
        Place.objects.bulk_update(moved, ["area"], batch_size=500)


def area_of(index, lon, lat):
    """The id of the smallest area that holds a point, or None."""
    placement = index.find(lon, lat)
    area = placement.community or placement.street or placement.district
    return area.id if area else None


def _values(feature, number, kind, index):
    name = feature.text("name")
    if not name:
        raise DataError(_("第 %(n)d 个地点缺少 name。") % {"n": number})
    kind = kind or feature.text("kind")
    if kind not in Place.Kind.values:
        raise DataError(
            _("%(name)s 的类型 %(kind)s 不认识,可用:%(kinds)s。")
            % {"name": name, "kind": kind or "?", "kinds": "、".join(Place.Kind.values)}
        )
    lon, lat = feature.geometry.x, feature.geometry.y
    return {
        "kind": kind,
        "name": name,
        "aliases": [str(alias) for alias in feature.properties.get("aliases") or []],
        "lon": lon,
        "lat": lat,
        "area_id": area_of(index, lon, lat),
        "attributes": {k: v for k, v in feature.properties.items() if k not in _OWN},
        "source": feature.text("source")[:255],
    }


def _key(feature, values):
    given = feature.text("id")
    if given:
        return given[:64]
    text = f"{values['kind']}|{values['name']}|{values['lon']:.6f},{values['lat']:.6f}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]

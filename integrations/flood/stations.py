"""The stations of a source: found, or kept as unknown until somebody sets them up."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dispatch import placing
from events.models import Category
from geo.models import Area
from integrations.flood.quantities import table
from integrations.models import Station, StationKind
from integrations.sources.kind import Unreadable

# So many stations may introduce themselves; more is somebody who makes them up.
MAX_STATIONS = 5000
CODE_LENGTH = 40
WHOLE_DISTRICT = 6
LEARNT = ("kind", "quantity", "step")


@dataclass(frozen=True)
class About:
    """What a message says of a station. `described`: it tells the place in words, as the platform
    of waterlogging points does; then it needs nobody to set it up."""

    code: str
    name: str = ""
    kind: str = StationKind.OTHER
    address: str = ""
    location: dict | None = None
    area: str = ""
    described: bool = False


def place(about):
    """geo's answer for a station: by its point, else by the address and name that place it best."""
    if about.location:
        return placing.place(about.location, about.address)
    texts = dict.fromkeys(filter(None, (about.address + about.name, about.name, about.address)))
    answers = [placing.place(None, text) for text in texts]
    return max(answers, key=lambda one: (one.lon is not None, one.confidence), default=None)


def check_code(code):
    """The code, if it can be one; raises Unreadable."""
    if not code or len(code) > CODE_LENGTH or not code.isprintable():
        raise Unreadable(_("测站编码“%(code)s”无效。") % {"code": code[:CODE_LENGTH]})
    return code


def unknown(source, codes):
    """Those of the codes that the source has no station for. Raises Unreadable when there would be
    too many."""
    known = set(
        Station.objects.filter(source=source, code__in=codes).values_list("code", flat=True)
    )
    new = [code for code in codes if code not in known]
    if new and Station.objects.filter(source=source).count() + len(new) > MAX_STATIONS:
        raise Unreadable(_("未登记的测站过多（上限 %(count)d）。") % {"count": MAX_STATIONS})
    return new


def create(source, abouts, places):
    """Keep new stations; `places` is {code: geo's answer}. One that is there stays as it is."""
    defaults = {row["kind"]: row for row in table("lines")}
    classes = dict(
        Category.objects.filter(
            qualified__in={row["category"] for row in defaults.values()}
        ).values_list("qualified", "pk")
    )
    districts = set(
        Area.objects.current().filter(level=Area.Level.DISTRICT).values_list("code", flat=True)
    )
    Station.objects.bulk_create(
        [
            _station(
                source, about, places.get(about.code), defaults[about.kind], classes, districts
            )
            for about in abouts
        ],
        ignore_conflicts=True,
    )


def learn(station, about):
    """Take from a message what kind of station it is, while nobody knows better."""
    if station.active or station.kind != StationKind.OTHER or about.kind == StationKind.OTHER:
        return
    lines = next(row for row in table("lines") if row["kind"] == about.kind)
    station.kind, station.quantity, station.step = (
        about.kind,
        lines["quantity"],
        float(lines["step"]),
    )


def _station(source, about, located, lines, classes, districts):
    ours = not about.area or about.area[:WHOLE_DISTRICT] in districts
    area = located.area if located else None
    return Station(
        source=source,
        code=about.code,
        name=about.name[:80] or about.code,
        kind=about.kind,
        address=about.address[:300],
        lon=located.lon if located else None,
        lat=located.lat if located else None,
        area_id=area.id if area else None,
        quantity=lines["quantity"],
        **{name: float(lines[name]) if lines[name] else None for name in ("warn", "red", "clear")},
        step=float(lines["step"]),
        category_id=classes.get(lines["category"]),
        active=about.described and ours,
    )

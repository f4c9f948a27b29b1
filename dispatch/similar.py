"""Which events may be the same as one that is here, or as one that is about to be reported."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from geopy.distance import geodesic, great_circle

from dispatch.access import access_events
from dispatch.likeness import likeness, of_text
from events import related, suggesting
from events.categories import UNCLASSIFIED
from events.models import OPEN_STATES, Category, State

# The nearest so many are weighed, of the newest so many that are found.
WEIGHED, FOUND = 40, 400
LEAST = 0.4
# A class that nobody has chosen counts when the text speaks for it so clearly.
SURE = 0.5
SAME, KIN, OPEN_QUESTION, SIBLING = 1.0, 0.8, 0.5, 0.35
BY_CLASS, BY_DISTANCE, BY_TIME, BY_TEXT, BY_PHONE = 0.4, 0.3, 0.1, 0.2, 0.25
ALIKE, AKIN = 0.3, 0.1
PHONE_DIGITS = 11
COLUMNS = (
    "pk",
    "lon",
    "lat",
    "category__qualified",
    "category__name",
    "category__parent_id",
    "text",
    "reporter_phone",
    "registered_at",
    "closed_at",
)
# SQLite takes a partial index only where its condition stands in the query word for word.
OPEN = RawSQL(  # noqa: S611 - constants
    "events_event.state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_STATES)),
    (),
    output_field=BooleanField(),
)


@dataclass(frozen=True)
class Subject:
    """What is compared with: a point (WGS-84 degrees), a class, a moment; `pk` of an event."""

    lon: float
    lat: float
    category: Category
    at: datetime
    text: str = ""
    phone: str = ""
    pk: int | None = None

    @classmethod
    def of(cls, event):
        """The subject that an event is; None without a point."""
        if event.lon is None:
            return None
        return cls(
            event.lon,
            event.lat,
            event.category,
            event.registered_at,
            event.text,
            event.reporter_phone,
            event.pk,
        )


@dataclass(frozen=True)
class Candidate:
    """An event that may be the same: how likely (0…1), how far in metres and time, and why."""

    pk: int
    score: float
    distance_m: float
    apart: timedelta
    reasons: tuple
    closed: bool


def find(scope, subject, limit=20):
    """The Candidates that the person may see, the likeliest first. Two queries.

    Open ones, and those that were closed a short while before the subject came.
    """
    code = _meant(subject.category.qualified, subject.text)
    family = related.family_of(code)
    events = access_events(scope).filter(_around(subject, family.radius_m))
    events = events.exclude(pk=subject.pk).order_by("-registered_at")
    span = (subject.at - family.window, subject.at + family.window)
    lately = (subject.at - family.closed, subject.at + family.window)
    rows = [
        *events.filter(OPEN, registered_at__range=span).values_list(*COLUMNS)[:FOUND],
        *events.filter(state=State.CLOSED, closed_at__range=lately).values_list(*COLUMNS)[:FOUND],
    ]
    words = of_text(subject.text)
    near = _nearest(subject, code, family, words, rows)
    found = [_weigh(subject, family, words, *one) for one in near]
    found = [one for one in found if one.score >= LEAST]
    return sorted(found, key=lambda one: (-one.score, one.distance_m))[:limit]


def _nearest(subject, code, family, words, rows):
    """(metres, row, its kinship) of the nearest kin rows within the radius."""
    here = (subject.lat, subject.lon)
    # The sphere is quick and nearly right; it only says whom to measure first.
    rough = sorted(rows, key=lambda row: great_circle(here, (row[2], row[1])).m)
    found = 0
    for row in rough:
        kinship = _kinship(subject, code, family, words, row)
        if not kinship[0]:
            continue
        metres = geodesic(here, (row[2], row[1])).m
        if metres <= family.radius_m:
            yield metres, row, kinship
        found += 1
        if found == WEIGHED:
            return


def _meant(code, text):
    """The class, or for an event without one what its text speaks for."""
    if code != UNCLASSIFIED or not text:
        return code
    for guess in suggesting.model().rank(text, 1):
        if guess.asked or guess.confidence >= SURE:
            return guess.code
    return code


def _around(subject, metres):
    """The box of so many metres, and a little more: the geodesic decides."""
    north = metres / 110_000
    east = metres / (110_000 * max(0.01, math.cos(math.radians(subject.lat))))
    return Q(
        lat__range=(subject.lat - north, subject.lat + north),
        lon__range=(subject.lon - east, subject.lon + east),
    )


def _weigh(subject, family, words, metres, row, kin):
    kinship, reasons = kin
    pk, *_class, text, phone, at, closed_at = row
    alike = likeness(words, of_text(text)) if words else 0.0
    apart = abs(subject.at - at)
    same_phone = _same_phone(subject.phone, phone)
    score = (
        BY_CLASS * kinship
        + BY_DISTANCE * (1 - metres / family.radius_m)
        + BY_TIME * max(0.0, 1 - apart / family.window)
        + BY_TEXT * alike
        + BY_PHONE * same_phone
    )
    reasons.append(_("相距 {n} 米").format(n=round(metres)))
    reasons.append(_apart(apart))
    if alike >= ALIKE:
        reasons.append(_("描述相似 {n}%").format(n=round(alike * 100)))
    if same_phone:
        reasons.append(_("同一来电号码"))
    if closed_at:
        reasons.append(_("已办结"))
    return Candidate(
        pk, round(min(1.0, score), 3), metres, apart, tuple(reasons), closed_at is not None
    )


def _kinship(subject, code, family, words, row):
    """(how near the classes are, [the reason in words])."""
    _pk, _lon, _lat, said, name, parent, text, *_rest = row
    meant, theirs = _meant(said, text), of_text(text)
    # Nobody has said it of both.
    guessed = (code, meant) != (subject.category.qualified, said)
    if UNCLASSIFIED in (code, meant):
        # Two that say what they are about must say something like the same.
        told = words and theirs
        return (0.0 if told and likeness(words, theirs) < AKIN else OPEN_QUESTION), []
    if code == meant:
        return SAME, [_("描述像同类问题") if guessed else _("同一分类：{name}").format(name=name)]
    if meant in family.classes:
        return KIN, [
            _("描述像同类问题") if guessed else _("同类问题：{name}").format(name=family.name)
        ]
    if parent and parent == subject.category.parent_id and not guessed:
        return SIBLING, [_("同一大类")]
    return 0.0, []


def _apart(apart):
    minutes = round(apart.total_seconds() / 60)
    if minutes < 60:
        return _("相隔 {n} 分钟").format(n=minutes)
    return _("相隔 {n} 小时").format(n=round(minutes / 60))


def _same_phone(one, other):
    """Whether two telephone numbers are known in full and the same."""
    one, other = (re.sub(r"\D", "", text)[-PHONE_DIGITS:] for text in (_whole(one), _whole(other)))
    return len(one) > 6 and one == other


def _whole(phone):
    return "" if "*" in phone else phone

"""Warnings in chains: an update replaces, a cancel revokes, the newest of a chain counts."""

from dataclasses import dataclass
from datetime import datetime

import shapely
from django.db.models import Q
from django.utils.translation import gettext as _

from events import moment
from geo.models import Area
from integrations.flood import force
from integrations.flood.rules import rules_of
from integrations.items import Item
from integrations.models import Colour, Source, Warning, WarningReference

ACTUAL = "Actual"
# Message types that warn; Cancel revokes, Ack and Error speak of messages only.
WARNS, REVOKES = {"Alert", "Update"}, {"Cancel"}
# What the order of a chain is made of.
ORDERED = ("source", "identifier", "sent", "status", "kind", "all_clear", "expires", "geometry")
# Levels whose names a warning's area may give instead of a code.
NAMED = (Area.Level.DISTRICT, Area.Level.STREET)


@dataclass(frozen=True)
class Reference:
    """An earlier message; a dialect may name it by the identifier alone."""

    identifier: str
    sender: str = ""
    sent: datetime | None = None


@dataclass(frozen=True)
class Place:
    """An area of a warning: its name, and codes as (name of the code list, value)."""

    name: str
    geocodes: tuple = ()


@dataclass(frozen=True)
class Alert(Item):
    """One warning message (CAP 1.2 `alert`). `kind` is its msgType; `expires` may be missing;
    `geometry` is a GeoJSON MultiPolygon in WGS-84; `notes` say what was left out."""

    sender: str
    identifier: str
    sent: datetime
    status: str
    kind: str
    scope: str = ""
    references: tuple = ()
    all_clear: bool = False
    language: str = ""
    name: str = ""
    name_code: str = ""
    colour: str = ""
    severity: str = ""
    urgency: str = ""
    certainty: str = ""
    issuer: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    effective: datetime | None = None
    expires: datetime | None = None
    places: tuple = ()
    codes: tuple = ()
    geometry: dict | None = None
    notes: tuple = ()

    def described(self):
        """(name, [(label, value)]) for a dry run."""
        return _("预警"), [
            (_("标题"), self.headline or self.identifier),
            (_("灾种"), self.name),
            (_("颜色"), Colour(self.colour).label if self.colour else self.severity),
            (_("发布单位"), self.issuer or self.sender),
            (_("发布时间"), self.sent),
            (_("失效时间"), self.expires),
            (_("状态"), "" if self.status == ACTUAL else self.status),
            (_("消息类型"), self.kind),
            (_("范围"), "、".join(place.name for place in self.places)),
            (_("引用"), "、".join(one.identifier for one in self.references)),
            (_("说明"), "；".join(self.notes)),
        ]

    def apply(self, context, prepared):
        """Keep it once and put its chain in order. No event comes of it."""
        # One at a time for each source: two messages of a chain must see each other.
        Source.objects.select_for_update(no_key=True).get(pk=context.source.pk)
        key = {"sender": self.sender, "identifier": self.identifier, "sent": self.sent}
        if Warning.objects.filter(source=context.source, **key).exists():
            return
        warning = self._row(context)
        warning.save()
        WarningReference.objects.bulk_create(
            WarningReference(
                warning=warning, sender=one.sender, identifier=one.identifier, sent=one.sent
            )
            for one in self.references
        )
        for one in order(warning):
            if one.current and one.expires > context.change.at:
                force.link_warning(one)

    def _row(self, context):
        codes, here = whereabouts(self)
        return Warning(
            source=context.source,
            codes=codes,
            here=here,
            places=[
                {"name": place.name, "geocodes": [list(code) for code in place.geocodes]}
                for place in self.places
            ],
            notes=list(self.notes),
            effective=self.effective or self.sent,
            expires=self.expires or self.sent + rules_of(context.source).warning,
            received_at=context.message.received_at if context.message else moment.now(),
            **{
                name: getattr(self, name)
                for name in (
                    *("sender", "identifier", "sent", "status", "kind", "scope", "all_clear"),
                    *("language", "name", "name_code", "colour", "severity", "urgency"),
                    *("certainty", "issuer", "headline", "description", "instruction", "geometry"),
                )
            },
        )


def whereabouts(alert):
    """(division codes, here) of an Alert: codes as it gives them, else of the areas it names."""
    districts = list(Area.objects.current().filter(level=Area.Level.DISTRICT))
    codes = sorted({force.stem(code) for code in alert.codes})
    if not codes:
        names = " ".join(place.name for place in alert.places)
        ours = Area.objects.current().filter(level__in=NAMED).values_list("code", "name")
        codes = sorted(code for code, name in ours if name in names)
    if any(force.same_place(area.code, code) for area in districts for code in codes):
        return codes, True
    if alert.geometry:
        shape = shapely.geometry.shape(alert.geometry)
        inside = any(shape.intersects(shapely.geometry.shape(area.polygon)) for area in districts)
        return codes, inside
    return codes, False if codes else None


def order(warning):
    """Put the chain of a new warning in order; returns its rows. The newest `sent` counts.

    Messages of a chain are those that name each other, that have one identifier, or that name the
    same message, which may never have come. Exercises make chains of their own.
    """
    chains = _related(warning)
    rows = list(_alike(warning).filter(Q(pk=warning.pk) | Q(chain__in=chains)).only(*ORDERED))
    newest = max((row.sent for row in rows if row.kind in WARNS | REVOKES), default=None)
    named = {row.identifier for row in rows}
    missing = {
        reference.warning_id
        for reference in WarningReference.objects.filter(warning__in=rows)
        if reference.identifier not in named
    }
    for row in rows:
        row.chain, row.orphan = min([*chains, warning.pk]), row.pk in missing
        warns = row.status == ACTUAL and row.kind in WARNS and not row.all_clear
        row.current = warns and row.sent == newest
    Warning.objects.bulk_update(rows, ["chain", "orphan", "current"])
    return rows


def _alike(warning):
    return Warning.objects.filter(source=warning.source, status=warning.status)


def _related(warning):
    """The chains that a new warning belongs to."""
    mine = [(one.identifier, one.sender) for one in warning.references.all()]
    me = (warning.identifier, warning.sender)
    identifiers = {identifier for identifier, _who in (*mine, me)}
    others = _alike(warning).exclude(pk=warning.pk)
    rows = others.filter(identifier__in=identifiers).values_list("chain", "identifier", "sender")
    found = {chain for chain, *one in rows if _names((me, *mine), one)}
    said = WarningReference.objects.filter(
        warning__in=others, identifier__in=identifiers
    ).values_list("warning__chain", "identifier", "sender")
    found |= {chain for chain, *one in said if _names((me, *mine), one)}
    return found - {None}


def _names(messages, one):
    """Whether `one` is among (identifier, sender) pairs; a pair without a sender is anybody's."""
    identifier, sender = one
    return any(
        identifier == other and (not sender or not by or sender == by) for other, by in messages
    )

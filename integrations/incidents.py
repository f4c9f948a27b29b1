"""Incidents: an event of the source's, or news of one that is here."""

from dataclasses import replace

from dispatch import hearsay, intake, placing
from integrations.context import check_id, main
from integrations.reading.text import storable

# As long as the columns of an event; a longer field is cut, the message keeps the whole.
LENGTHS = {
    "text": 20_000,
    "address": 300,
    "reporter_name": 60,
    "reporter_department": 80,
    "reporter_phone": 40,
}


def prepare(incident, context):
    """(tidied report, its class, geo's answer). Raises Invalid for what cannot be accepted."""
    report = tidy(incident.report, context.source)
    category = intake.check(report)
    return report, category, placing.place(report.location, report.address)


def apply(incident, context, prepared):
    """Register the event, or tell in its room what is new; returns the Event."""
    report, category, located = prepared
    said = replace(incident, report=report)
    value = report.external_id or content_id(report)
    known = context.find(value) or _known_by(incident.also, context)
    if known is None:
        case = intake.enter(context.change, report, context.actor, category, located)
        context.learn(case.event, value, said)
        context.learn_also(case.event, incident.also)
        return case.event
    if context.is_news(known, said):
        event = main(known.event)
        own = event.pk == known.event_id
        hearsay.renewed(context.change, event.number, context.actor, report, located, own)
    context.learn_also(known.event, [value, *incident.also], known)
    return known.event


def tidy(report, source):
    """The report as it may be stored: the source's, clean, fields no longer than their columns."""
    fields = {
        name: storable(getattr(report, name) or "", length) for name, length in LENGTHS.items()
    }
    if report.external_id:
        check_id(report.external_id)
    return replace(report, source=source.code, **fields)


def content_id(report):
    """The id of a report that came without one: the same content in another envelope has it too."""
    return f"sha256:{report.digest}"


def _known_by(values, context):
    for value in values:
        if value and (known := context.find(value)):
            return known
    return None

"""Incidents: an event of the source's, or news of one that is here."""

from dataclasses import replace

from dispatch import hearsay, intake, placing
from events.report import clean
from integrations.context import check_id, main

# As long as the columns of an event; a longer field is cut, the message keeps the whole.
LENGTHS = {
    "text": 20_000,
    "address": 300,
    "reporter_name": 60,
    "reporter_department": 80,
    "reporter_phone": 40,
}


def prepare(incident, context):
    """(tidied report, geo's answer). Raises Invalid for what has no place, or is in the future."""
    report = tidy(incident.report, context.source)
    intake.check(report)
    return report, placing.place(report.location, report.address)


def apply(incident, context, prepared):
    """Register the event, or tell in its room what is new; returns the Event."""
    report, located = prepared
    value = report.external_id or content_id(report)
    known = context.find(value) or _known_by(incident.also, context)
    if known is None:
        event = intake.enter(context.change, report, context.actor, located).event
        known = context.learn(event, value)
        context.is_news(known, replace(incident, report=report))
    elif context.is_news(known, replace(incident, report=report)):
        event = main(known.event)
        own = event.pk == known.event_id
        hearsay.renewed(context.change, event.number, context.actor, report, located, own)
    context.learn_also(known.event, [value, *incident.also])
    return known.event


def tidy(report, source):
    """The report as it may be stored: the source's, clean, fields no longer than their columns."""
    fields = {name: clean(getattr(report, name) or "")[:length] for name, length in LENGTHS.items()}
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

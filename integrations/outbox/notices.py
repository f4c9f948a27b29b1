"""Notices to people and groups: one for each address, none to whom it does not concern."""

from dataclasses import asdict
from datetime import timedelta

from integrations.models import OutboundMessage, Purpose
from integrations.outbox import words
from integrations.outbox.concerned import TOLD, concerned
from integrations.outbox.patience import patience


def notices(scene):
    """The new OutboundMessages to those whom the scene's entries concern, in their order."""
    if not any(kind and not kind.entries for _channel, kind, _codes in scene.channels):
        return []
    told = []
    for entry in scene.entries:
        if scene.kind(entry) in TOLD:
            departments, people = concerned(entry, scene)
            told.append((entry, departments, people))
    scene.learn({pk for _entry, *circle in told for pk in _ids(*circle, scene)})
    made = {}
    for entry, departments, people in told:
        addresses = list(_addresses(entry, departments, people, scene))
        letter = words.notice(entry, scene) if addresses else None
        for channel, contact in addresses:
            row = _message(entry, letter, channel, contact, scene.at)
            made.setdefault(row.key, row)
    return list(made.values())


def _ids(departments, people, scene):
    return [*people, *(pk for department in departments for pk in scene.on_duty(department))]


def _addresses(entry, departments, people, scene):
    """(channel, contact or None) of groups and persons who may see the event and did not do it."""
    audience = scene.audience(entry.event)
    groups = {one.code for one in departments if f"d:{one.code}" in audience}
    hearers = _hearers(entry, departments, people, audience, scene)
    for channel, kind, codes in scene.channels:
        if kind is None or kind.entries or not carries(channel, kind, scene.kind(entry)):
            continue
        if not kind.personal:
            # A channel of no department is everybody's.
            if groups & codes if codes else groups or hearers:
                yield channel, None
            continue
        for pk in hearers:
            if not codes or scene.scope(pk).department_code in codes:
                for contact in scene.contacts(pk):
                    if contact.kind == channel.kind:
                        yield channel, contact


def _hearers(entry, departments, people, audience, scene):
    """The user ids: `people` who may see it, and of the departments who works there; a supervisor
    or a grid worker in a department's group cannot claim what it is given."""
    found = [pk for pk in people if _tokens(pk, scene) & audience]
    for department in departments:
        token = f"d:{department.code}"
        if token in audience:
            found += [pk for pk in scene.on_duty(department) if token in _tokens(pk, scene)]
    return [pk for pk in dict.fromkeys(found) if pk != entry.actor_id]


def _tokens(pk, scene):
    scope = scene.scope(pk)
    return scope.tokens if scope else frozenset()


def carries(channel, kind, entry_kind):
    """Whether a channel carries entries of that kind."""
    wanted = channel.kinds or kind.kinds
    return not wanted or entry_kind in wanted


def _message(entry, letter, channel, contact, at):
    return OutboundMessage(
        key=f"{Purpose.NOTICE}:{channel.code}:{contact.pk if contact else '-'}:{entry.pk}",
        purpose=Purpose.NOTICE,
        channel=channel,
        event=entry.event,
        recipient=contact,
        urgent=letter.urgent,
        content=asdict(letter),
        created_at=at,
        next_at=at,
        expires_at=at + timedelta(seconds=patience(Purpose.NOTICE, letter.urgent).lasts_s),
    )

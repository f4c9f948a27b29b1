"""Who has which event open: best effort, in memory, forgotten after 30 seconds."""

import time
from dataclasses import dataclass

EXPIRY_SECONDS = 30


@dataclass(frozen=True)
class Person:
    """Somebody at an event. JSON: {"name", "department", "typing"}."""

    name: str
    department: str
    typing: bool = False

    def as_json(self):
        """As clients see it."""
        return {"name": self.name, "department": self.department, "typing": self.typing}


class Presence:
    """The people at each event; `key` tells two of the same name apart."""

    def __init__(self):
        self._events = {}

    def note(self, event, key, person):
        """Somebody is there, or with None has left. Whether that changes what others see."""
        people = self._events.setdefault(event, {})
        before = people.pop(key, (None, 0))[0]
        if person is not None:
            people[key] = (person, time.monotonic() + EXPIRY_SECONDS)
        if not people:
            del self._events[event]
        return before != person

    def people(self, event):
        """Those at the event, longest silent first, as JSON."""
        return [person.as_json() for person, _until in self._events.get(event, {}).values()]

    def expire(self):
        """Forget the silent ones; the events that changed."""
        now = time.monotonic()
        changed = []
        for event, people in list(self._events.items()):
            gone = [key for key, (_person, until) in people.items() if until <= now]
            for key in gone:
                del people[key]
            if not people:
                del self._events[event]
            if gone:
                changed.append(event)
        return changed

"""Who has which event open: best effort, in memory, forgotten after 30 seconds."""

import time
from dataclasses import dataclass

EXPIRY_SECONDS = 30


@dataclass(frozen=True)
class Person:
    """Somebody at an event. JSON: {"name", "department", "typing"}; `user` tells people apart."""

    user: int
    name: str
    department: str
    typing: bool = False


class Presence:
    """The people at each event, by the screens they have it open on."""

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._events = {}

    def note(self, event, screen, person):
        """Somebody is there, or with None has left. Whether that changes what others see."""
        before = self.people(event)
        seats = self._events.setdefault(event, {})
        seats.pop(screen, None)
        if person is not None:
            seats[screen] = (person, self._clock() + EXPIRY_SECONDS)
        if not seats:
            del self._events[event]
        return self.people(event) != before

    def people(self, event):
        """Those at the event as JSON, each once, by user."""
        found = {}
        for person, _until in self._events.get(event, {}).values():
            known = found.get(person.user)
            if known is None or person.typing:
                found[person.user] = person
        return [
            {"name": person.name, "department": person.department, "typing": person.typing}
            for _user, person in sorted(found.items())
        ]

    def expire(self):
        """Forget the silent ones; the events that changed."""
        now = self._clock()
        changed = []
        for event, seats in list(self._events.items()):
            gone = [screen for screen, (_person, until) in seats.items() if until <= now]
            for screen in gone:
                del seats[screen]
            if not seats:
                del self._events[event]
            if gone:
                changed.append(event)
        return changed

"""Suggestions for a text, as classes of this district."""

from dataclasses import dataclass

from events.models import Category, Priority
from events.suggesting.model import model

COUNT = 3
# What is less likely is not worth anybody's glance.
LEAST = 0.1


@dataclass(frozen=True)
class Suggestion:
    """A class that a text may mean. `urgent`: it is asked, never taken as said."""

    category: Category
    confidence: float
    because: tuple

    @property
    def urgent(self):
        """Whether lives may depend on it."""
        return self.category.priority == Priority.P1


def suggest(text, count=COUNT):
    """Up to `count` Suggestions for a text, the likeliest first. At most one query.

    Each has its reason; an urgent class whose own words are in the text is always among them.
    """
    guesses = [
        guess
        for guess in model().rank(text, count)
        if guess.asked or (guess.confidence >= LEAST and guess.because)
    ]
    if not guesses:
        return []
    rows = Category.objects.filter(
        qualified__in=[guess.code for guess in guesses], active=True, selectable=True
    ).select_related("parent")
    known = {row.qualified: row for row in rows}
    return [
        Suggestion(known[guess.code], guess.confidence, guess.because)
        for guess in guesses
        if guess.code in known
    ]

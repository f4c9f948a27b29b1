"""Which class may be meant: a small model that says why. It advises, people decide."""

from events.suggesting.model import model
from events.suggesting.suggestions import Suggestion, suggest

__all__ = ["Suggestion", "model", "suggest"]

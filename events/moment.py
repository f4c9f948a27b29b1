"""The one place where "now" comes from, so that a test can say "20 minutes later"."""

from datetime import timedelta

from django.utils import timezone

_shift = timedelta()


def now():
    """The present, aware, UTC."""
    return timezone.now() + _shift


def move(**kwargs):
    """Move the present by a timedelta's keywords; tests only."""
    global _shift
    _shift += timedelta(**kwargs)


def reset():
    """Undo every `move`."""
    global _shift
    _shift = timedelta()

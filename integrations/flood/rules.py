"""How long and how much: what a source's options may set otherwise."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Rules:
    """`clear`: below the clear line for so long means that the water is gone. `quiet`: between two
    pieces of news of one rise. `history`: older readings alarm nobody. `silent`: a station under
    alarm that says nothing for so long is told of. `warning`: a warning's life without an end of
    its own. `kept`: older readings are forgotten. `future`: a clock may be ahead by so much."""

    clear: timedelta = timedelta(minutes=10)
    quiet: timedelta = timedelta(minutes=5)
    history: timedelta = timedelta(hours=24)
    silent: timedelta = timedelta(minutes=30)
    warning: timedelta = timedelta(hours=24)
    kept: timedelta = timedelta(days=400)
    future: timedelta = timedelta(minutes=5)


# Source.options: {"clear_minutes": 15, …}
OPTIONS = {
    "clear_minutes": ("clear", 60),
    "quiet_minutes": ("quiet", 60),
    "history_hours": ("history", 3600),
    "silent_minutes": ("silent", 60),
    "warning_hours": ("warning", 3600),
    "kept_days": ("kept", 24 * 3600),
}
# Seconds; what is beyond is a slip of the hand.
LONGEST = 3650 * 24 * 3600


def rules_of(source):
    """The Rules of a Source; an option that is no positive number counts as not set."""
    options = source.options if isinstance(source.options, dict) else {}
    found = {}
    for option, (name, seconds) in OPTIONS.items():
        value = options.get(option)
        if isinstance(value, int | float) and 0 < value * seconds <= LONGEST:
            found[name] = timedelta(seconds=value * seconds)
    return Rules(**found)

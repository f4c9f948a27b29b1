"""What is kept of a file: clean bytes of our own making, and what was read from the original."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Rendition:
    """A file made anew, ready to be stored; position in WGS-84 degrees."""

    kind: str
    content_type: str
    file: Path
    thumbnail: Path | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    position: tuple[float, float] | None = None  # lon, lat
    taken_at: datetime | None = None

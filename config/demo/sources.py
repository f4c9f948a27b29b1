"""The demo district's sources: each sends what its kind understands, signed with a known key."""

from pathlib import Path

from integrations import mapping, sources
from integrations.models import Source, SourceSecret

SECRET = "whsec_eGlhbmZlbmctZGVtby1zZWNyZXQtMjRieXRlcw=="  # noqa: S105 - published on purpose
# Code (also the kind) and name.
SOURCES = (
    ("hotline", "12345 热线"),
    ("cityops", "数字城管"),
    ("flood", "三防"),
    ("command", "指挥中心"),
)


def load():
    """Create the sources that are missing, with their key and what their kind's words mean.

    A source that is there stays as it is.
    """
    for code, name in SOURCES:
        source, created = Source.objects.get_or_create(
            code=code, defaults={"name": name, "kind": code}
        )
        if created:
            SourceSecret.objects.create(source=source, secret=SECRET)
            mapping.load(source, _mappings(code))


def _mappings(kind):
    path = Path(sources.__file__).parent / kind / "mappings.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return mapping.read(file)

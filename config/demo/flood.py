"""The demo district's flood stations: made up, at real crossings; some have the codes that samples
of the standards use."""

from config.demo.tables import rows
from integrations.flood import setup
from integrations.models import Source, Station

SOURCE = "flood"


def load():
    """Set up the stations that nobody has set up; returns how many there are."""
    source = Source.objects.get(code=SOURCE)
    setup.load(source, setup.read(rows("stations")))
    return Station.objects.filter(source=source, active=True).count()

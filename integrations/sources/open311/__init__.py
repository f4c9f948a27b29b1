"""Service requests that came in by our own GeoReport door (integrations/open311)."""

from django.utils.translation import gettext_lazy as _

from integrations.open311.asked import read
from integrations.sources.kind import Kind


class Open311(Kind):
    """The door writes what it has checked into the inbox; here it becomes an event."""

    label = _("Open311 GeoReport v2 接口")

    def read(self, source, delivery):
        """[the request, its picture by address if any]. Raises Unreadable."""
        return read(delivery)


KIND = Open311()

"""Another city's Open311 GeoReport v2 server: its service requests are pulled from it.

Options of a source: `url`, the endpoint without a resource (`https://…/open311/v2`);
`jurisdiction_id` and `api_key` where it needs them; `format`, "json" (the usual) or "xml";
`page_size`, how many requests a page has; `updated_after`, true for a server that understands this
parameter: then only what has changed is asked for. The mapping table `category` says which of our
classes a service_code means.
"""

from django.utils.translation import gettext_lazy as _

from integrations.sources.georeport import pull
from integrations.sources.georeport.request import items
from integrations.sources.kind import Kind


class GeoReport(Kind):
    """Service requests of another GeoReport server."""

    label = _("Open311 GeoReport v2 服务器")

    def read(self, source, delivery):
        """What the service requests of a delivery say. Raises Unreadable."""
        return items(source, delivery)

    def pull(self, source, cursor, fetch):
        """The next page of requests that have changed."""
        return pull.page(source, cursor, fetch)


KIND = GeoReport()

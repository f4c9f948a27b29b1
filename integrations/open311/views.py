"""The addresses of GeoReport v2: each is one call."""

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.open311 import catalogue, keys, listing, posting, query, tokens
from integrations.open311.door import door
from integrations.open311.faults import Fault


@door("discovery")
def discovery(request, source):
    """`GET discovery`."""
    here = reverse("open311:discovery", kwargs={"form": "xml"}).removesuffix("/discovery.xml")
    return catalogue.discovery(source, request.build_absolute_uri(here))


@door("services")
def services(request, source):
    """`GET services`."""
    key = keys.key_of(request.GET.get("api_key", ""))
    return catalogue.services("batch" if key and key.tokens else "realtime")


@door("service_definition")
def definition(request, source, code):
    """`GET services/{service_code}`."""
    return catalogue.definition(code)


@door("service_requests", "GET", "POST")
def requests(request, source):
    """`GET requests` and `POST requests`."""
    if request.method == "POST":
        return posting.post(request, source)
    return listing.found(query.read(request.GET))


@door("service_requests")
def one_request(request, source, number):
    """`GET requests/{service_request_id}`."""
    return listing.one(number)


@door("service_requests")
def token(request, source, token):
    """`GET tokens/{token}`."""
    return tokens.resolve(source, token)


@door("errors", "GET", "POST")
def nothing(request, source, rest=""):
    """Any other address below ours."""
    raise Fault(
        _("没有这个地址：应为 services、requests、tokens 或 discovery，并以 .xml 或 .json 结尾。"),
        status=404,
    )

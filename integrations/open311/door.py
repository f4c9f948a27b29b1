"""What every GeoReport address has in common: format, method, rate, jurisdiction, refusals."""

import functools
import logging

from django.db import OperationalError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from integrations.models import Source
from integrations.open311 import rates
from integrations.open311.faults import Fault
from integrations.open311.formats import FORMATS, answer

# The Source of what comes in here. Its options: `jurisdictions` (names by which clients may call
# us; none: any), `contact`, `key_service` and `type` for discovery.
SOURCE = "open311"
log = logging.getLogger("xianfeng.open311")


def door(root, *methods):
    """Make a view of a function `(request, source, …) → content`, which may raise Fault.

    The answer is `content` in the format that the address asks for, in an element `root`. An
    unknown format is refused in XML, which every client must be able to read.
    """

    def wrap(content_of):
        @csrf_exempt
        @functools.wraps(content_of)
        def view(request, form, **where):
            form = form.lower()
            try:
                source = check(request, form, methods or ("GET",))
                return answer(form, root, content_of(request, source, **where))
            except Fault as fault:
                return refuse(form, fault)
            except OperationalError:
                log.exception("database")
                return refuse(form, busy())

        return view

    return wrap


def check(request, form, methods):
    """The Source; refuses what no GeoReport address takes. Raises Fault."""
    if form not in FORMATS:
        raise Fault(_("没有这种格式，请用 .xml 或 .json。"), status=404)
    if request.method not in (*methods, "HEAD"):
        raise Fault(
            _("这个地址不支持 %(method)s。") % {"method": request.method},
            status=405,
            headers={"Allow": ", ".join(methods)},
        )
    if request.method != "POST":
        rates.check_address(request)
    source = Source.objects.filter(code=SOURCE, active=True).first()
    if source is None:
        raise Fault(_("Open311 接口没有启用。"), status=404)
    check_jurisdiction(source, request.GET.get("jurisdiction_id"))
    return source


def check_jurisdiction(source, name):
    """Refuse another city's name; no name means us. Raises Fault."""
    known = source.options.get("jurisdictions")
    if name and known and name not in known:
        raise Fault(_("没有这个 jurisdiction_id。"), status=404)


def busy():
    """The Fault of a database that does not answer just now."""
    return Fault(_("系统忙，没有改动；请稍后重试。"), status=503, headers={"Retry-After": "2"})


def refuse(form, fault):
    """The response to a Fault."""
    form = form if form in FORMATS else "xml"
    return answer(form, "errors", fault.content, fault.status, fault.headers)

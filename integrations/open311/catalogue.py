"""What we offer: discovery, the list of services, and the questions of one."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from integrations.models import Service
from integrations.open311.faults import Fault
from integrations.open311.formats import FORMATS
from integrations.open311.submission import find_service

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def discovery(source, url):
    """The discovery document; `url` is where this endpoint is reached."""
    changed = Service.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    changeset = f"{localtime(changed):%Y-%m-%d %H:%M}" if changed else "2026-01-01 00:00"
    options = source.options
    return {
        "changeset": changeset,
        "contact": options.get("contact") or _("请联系本区指挥中心。"),
        "key_service": options.get("key_service") or _("请向本区指挥中心申请 api_key。"),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": changeset,
                "type": options.get("type") or "production",
                "formats": [
                    content_type.partition(";")[0]
                    for content_type, _write in reversed(FORMATS.values())
                ],
            }
        ],
    }


def services(kind):
    """The list of services in their order; `kind` is realtime, or batch for a key with tokens."""
    rows = Service.objects.filter(active=True, category__active=True)
    return [
        {
            "service_code": service.code,
            "service_name": service.name,
            "description": service.description or None,
            "metadata": bool(service.attributes.all()),
            "type": kind,
            "keywords": service.keywords or None,
            "group": service.group or None,
        }
        for service in rows.prefetch_related("attributes")
    ]


def definition(code):
    """The questions of a service. Raises Fault."""
    service = find_service(code)
    if service is None:
        raise Fault(_("没有这个 service_code。"), status=404)
    return {
        "service_code": service.code,
        "attributes": [
            {
                "variable": attribute.variable,
                "code": attribute.code,
                "datatype": attribute.datatype,
                "required": attribute.required,
                "datatype_description": attribute.datatype_description or None,
                "order": attribute.order,
                "description": attribute.description,
                "values": attribute.values,
            }
            for attribute in service.attributes.all()
        ],
    }

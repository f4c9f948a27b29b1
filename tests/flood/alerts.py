"""Warning messages as tests need them."""

from datetime import timedelta
from itertools import count

from events import moment
from integrations.models import Warning

IDS = count(1)
NS = ' xmlns="urn:oasis:names:tc:emergency:cap:1.2"'
# Around the middle of 越秀区, `lat,lon`.
DISTRICT = "23.10,113.24 23.10,113.32 23.17,113.32 23.17,113.24 23.10,113.24"
FAR = "22.10,113.24 22.10,113.32 22.17,113.32 22.17,113.24 22.10,113.24"


def iso(at):
    """A time as CAP has it, to the second."""
    return at.replace(microsecond=0).isoformat()


def reference(identifier, at, sender="gz@example"):
    """The name of a message in `references`."""
    return f"{sender},{identifier},{iso(at)}"


def alert(identifier=None, *, at=None, kind="Alert", status="Actual", refs="", ns=NS, **parts):
    """The XML of an alert for the district; `parts` replace elements of its info, None leaves one
    out, and `info=""` leaves all of it out."""
    at = at or moment.now()
    identifier = identifier or f"W{next(IDS)}"
    area = parts.pop("area", f"<areaDesc>越秀区</areaDesc><polygon>{DISTRICT}</polygon>")
    elements = {
        "language": "zh-CN",
        "category": "Met",
        "event": "暴雨",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Observed",
        "expires": iso(at + timedelta(hours=6)),
        "senderName": "广州市气象台",
        "headline": "广州市气象台发布暴雨橙色预警信号",
        "description": "越秀区已出现强降水。",
        **{name: value for name, value in parts.items() if name != "info"},
    }
    body = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items() if value)
    info = parts.get("info", f"<info>{body}<area>{area}</area></info>")
    return (
        f"<alert{ns}><identifier>{identifier}</identifier><sender>gz@example</sender>"
        f"<sent>{iso(at)}</sent><status>{status}</status><msgType>{kind}</msgType>"
        f"<scope>Public</scope><references>{refs}</references>{info}</alert>"
    )


def current():
    """The identifiers of the warnings that count, in order."""
    rows = Warning.objects.filter(current=True, expires__gt=moment.now())
    return list(rows.order_by("identifier").values_list("identifier", flat=True))

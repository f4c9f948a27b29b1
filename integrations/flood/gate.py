"""The gate of the SL 651 port: who is let in, what is kept. Blocking; the listener calls it in
threads."""

import ipaddress
import logging

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.db.models import F
from django.utils.translation import gettext as _

from events import moment
from integrations import inbox, rates
from integrations.models import Source, Station
from integrations.processing import process
from integrations.signatures.none import networks_of
from integrations.sources.kind import Delivery

# Of bytes that are no frame so many pieces a minute are kept; more is counted only.
KEPT_PER_MINUTE = 60
BINARY = "application/octet-stream"
log = logging.getLogger("xianfeng.flood")


def inside(function):
    """Wrap a function of a worker thread: no stale connection, no failure of the database beyond
    a line in the log; then it returns None."""

    def run(*args):
        close_old_connections()
        try:
            return function(*args)
        except (DatabaseError, InterfaceError) as error:
            log.warning("sl651: %s", type(error).__name__)
            return None
        finally:
            close_old_connections()

    return run


@inside
def source_of(code, address):
    """The active Source, if `address` may speak for it; else None.

    Frames carry no signature: without the option `allow_from` only private networks are let in.
    """
    source = Source.objects.filter(code=code, active=True, kind="flood").first()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if source is None:
        return None
    allowed = networks_of(source)
    if allowed or "allow_from" in source.options:
        let_in = any(ip in network for network in allowed)
    else:
        let_in = ip.is_private
    if not let_in:
        _refuse(source, _("测站地址 {address} 不在允许范围。").format(address=address))
    return source if let_in else None


def knows_password(source, frame):
    """Whether a frame's password is one of the source's, where it has any."""
    passwords = source.options.get("passwords")
    if not isinstance(passwords, list) or not passwords:
        return True
    return frame.password.hex().upper() in {str(one).upper() for one in passwords}


@inside
def keep(source, raw, address):
    """(message, created): bytes of a station, kept and committed; None when they could not be, or
    come too fast."""
    if rates.wait(f"sl651:{source.pk}", source.per_minute):
        return None
    return inbox.receive(source, Delivery(raw, BINARY, {"x-peer": address}))


@inside
def keep_rest(source, raw, address):
    """Keep bytes that are no frame in the quarantine, unless there are too many of them."""
    if rates.wait(f"sl651-rest:{source.pk}", KEPT_PER_MINUTE):
        _refuse(source, _("端口上不符合规约的数据过多。"))
        return
    message, created = inbox.receive(source, Delivery(raw, BINARY, {"x-peer": address}))
    if created:
        process(message)


@inside
def look_into(message):
    """Apply what was kept; what fails is left to the clock."""
    process(message)


@inside
def refuse(source, why):
    """Count what was not let in."""
    _refuse(source, why)


@inside
def heard(source, code):
    """A station keeps its link."""
    Station.objects.filter(source=source, code=code).update(heard_at=moment.now())


def _refuse(source, why):
    Source.objects.filter(pk=source.pk).update(
        refused=F("refused") + 1, refused_at=moment.now(), refused_why=why[:200]
    )

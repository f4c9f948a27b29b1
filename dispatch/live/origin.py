"""Where a socket is opened from: a browser names the page's origin, other clients name none."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import is_same_domain, split_domain_port, validate_host

DEFAULT_PORTS = {"http": 80, "https": 443}


def header(scope, name):
    """A header's text, or None."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin1")
    return None


def from_browser(scope):
    """Whether an Origin is given: only then does a cookie count."""
    return header(scope, b"origin") is not None


def allowed(scope):
    """Whether the socket may be opened: a known host, and no page of another site."""
    host = header(scope, b"host") or ""
    domain, _port = split_domain_port(host)
    if not (domain and validate_host(domain, settings.ALLOWED_HOSTS)):
        return False
    origin = header(scope, b"origin")
    return origin is None or _same(origin, host) or _trusted(origin)


def _same(origin, host):
    parts = _split(origin)
    if parts is None or (settings.SESSION_COOKIE_SECURE and parts[0] != "https"):
        return False
    own = _split(f"{parts[0]}://{host}")
    return own is not None and own[1:] == parts[1:]


def _trusted(origin):
    parts = _split(origin)
    if parts is None:
        return False
    for pattern in settings.CSRF_TRUSTED_ORIGINS:
        scheme, domain, port = _split(pattern.replace("*", "")) or ("", "", 0)
        if (scheme, port) == (parts[0], parts[2]) and is_same_domain(parts[1], domain):
            return True
    return False


def _split(origin):
    """(scheme, domain, port), or None for what is no http origin."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme]

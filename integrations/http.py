"""The only way out: HTTP to addresses that are allowed, bounded in time and size.

A name is resolved once and the connection goes to the address that was looked at, so it cannot
lead elsewhere between the look and the connection. Private, loopback, link-local, multicast and
metadata addresses are refused unless `XIANFENG_OUTBOUND_ALLOW` lists the host, address or network.
"""

import json as json_
import ssl
import time
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote, urlencode, urljoin, urlsplit

import httpcore
from django.utils.translation import gettext as _

from integrations.outbound import GuardedNetwork, NotAllowed

TIMEOUT_S = 10.0
MAX_BYTES = 8 * 1024 * 1024
WRITTEN_AS_IS = "%/:?#[]@!$&'()*+,;=~"
REDIRECTS = {301, 302, 303, 307, 308}


class Unreachable(Exception):
    """No answer; the text says why. Nothing has been sent, so trying again is safe."""


class Refused(Unreachable):
    """The address is not one that we may go to. Trying again does not help."""


class NoAnswer(Unreachable):
    """The request went out, at least in part, and no whole answer came: nobody knows."""


class TooLarge(NoAnswer):
    """The other side answered with `status`, and more bytes than we take."""

    def __init__(self, detail, status):
        super().__init__(detail)
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What came back, whatever the status. `headers` have lower-case names."""

    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    url: str = ""

    @property
    def content_type(self):
        """The Content-Type header."""
        return self.headers.get("content-type", "")

    @property
    def text(self):
        """The body as UTF-8; what is none is replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self):
        """The body as JSON. Raises ValueError, also for nests without end."""
        try:
            return json_.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def fetch(
    url,
    *,
    method="GET",
    headers=None,
    data=None,
    json=None,
    timeout=TIMEOUT_S,
    max_bytes=MAX_BYTES,
    redirects=0,
):
    """The Answer to a request. `timeout` seconds are for all of it, name to last byte.

    `data` is bytes, a text (UTF-8), or a dict for a form; `json` anything JSON takes. `redirects`
    may be followed of a GET; the headers go only to the first host. Raises Unreachable: Refused,
    NoAnswer, TooLarge, or itself when nothing was sent.
    """
    sent, body = _content(headers or {}, data, json)
    network = GuardedNetwork(time.monotonic() + timeout)
    for hop in range(redirects + 1):
        answer = _request(network, method, url, sent, body, max_bytes)
        onward = answer.headers.get("location") if answer.status in REDIRECTS else None
        if method != "GET" or not onward or hop == redirects:
            return answer
        url, sent = urljoin(url, onward), {}
    return answer


def _content(headers, data, json):
    sent = dict(headers)
    names = {name.lower() for name in sent}
    kind = ""
    if json is not None:
        kind, data = "application/json", json_.dumps(json, ensure_ascii=False).encode()
    elif isinstance(data, dict):
        kind, data = "application/x-www-form-urlencoded", urlencode(data).encode()
    elif isinstance(data, str):
        kind, data = "text/plain; charset=utf-8", data.encode()
    if kind and "content-type" not in names:
        sent["Content-Type"] = kind
    return sent, data


def _request(network, method, url, headers, body, max_bytes):
    target = _target(url)
    headers = {"User-Agent": "xianfeng", "Accept-Encoding": "identity", **headers}
    limits = {name: network.remaining() for name in ("connect", "read", "write", "pool")}
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=network) as pool,
            pool.stream(
                method, target, headers=headers, content=body, extensions={"timeout": limits}
            ) as response,
        ):
            return Answer(
                response.status,
                {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                },
                _bounded(response, max_bytes),
                url,
            )
    except NotAllowed as refusal:
        raise Refused(str(refusal)) from None
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        raise Unreachable(_("连接不上对方：%(error)s。") % {"error": _words(error)}) from None
    except httpcore.LocalProtocolError:
        raise Refused(_("地址或请求头含有不能发送的字符。")) from None
    except httpcore.TimeoutException:
        raise NoAnswer(_("对方没有在时限内答复。")) from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise NoAnswer(_("对方没有完整答复：%(error)s。") % {"error": _words(error)}) from None


def _target(url):
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.username is None:
            path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            return httpcore.URL(
                scheme=parts.scheme,
                host=parts.hostname.encode("idna"),
                port=parts.port,
                target=quote(path, safe=WRITTEN_AS_IS),
            )
    except (ValueError, TypeError, AttributeError):
        pass
    raise Refused(_("地址无效，需要完整的 http 或 https 地址。"))


def _bounded(response, max_bytes):
    parts, size = [], 0
    for part in response.iter_stream():
        size += len(part)
        if size > max_bytes:
            detail = _("对方的答复超过 %(bytes)s 字节。") % {"bytes": max_bytes}
            raise TooLarge(detail, response.status)
        parts.append(part)
    return b"".join(parts)


def _words(error):
    return str(error)[:120] or type(error).__name__


@cache
def _tls():
    # The machine's certificates: districts add their own authority there, or by SSL_CERT_FILE.
    return ssl.create_default_context()

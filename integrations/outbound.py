"""The network behind `fetch`: connections to allowed addresses only, none past its deadline."""

import ipaddress
import socket
import time

import httpcore
from django.conf import settings
from django.utils.translation import gettext as _

NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Public by number, but a cloud's own service for its machines.
METADATA = {ipaddress.ip_address("168.63.129.16")}


class NotAllowed(Exception):
    """An address that we may not go to; the text names the host."""


class GuardedNetwork(httpcore.NetworkBackend):
    """httpcore's network with an eye on the address and on a deadline (`time.monotonic`)."""

    def __init__(self, deadline):
        self._deadline, self._plain = deadline, httpcore.SyncBackend()

    def remaining(self):
        """Seconds until the deadline, never quite none."""
        return max(self._deadline - time.monotonic(), 0.001)

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        """A stream to the first allowed address of `host` that takes the connection.

        Raises NotAllowed when none is, httpcore.ConnectError or ConnectTimeout.
        """
        error = None
        for address in addresses(host, port):
            if time.monotonic() >= self._deadline:
                raise httpcore.ConnectTimeout("timed out")
            try:
                stream = self._plain.connect_tcp(
                    address, port, self.remaining(), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
            else:
                return _Stream(stream, self)
        raise error

    def connect_unix_socket(self, path, timeout=None, socket_options=None):
        """Never."""
        raise NotAllowed(path)

    def sleep(self, seconds):
        """Wait, as httpcore asks between attempts."""
        time.sleep(min(seconds, self.remaining()))


class _Stream(httpcore.NetworkStream):
    """A stream whose every operation ends by the deadline: a drip of bytes does not prolong it."""

    def __init__(self, stream, network):
        self._stream, self._network = stream, network

    def read(self, max_bytes, timeout=None):
        if self._network.remaining() <= 0.001:
            raise httpcore.ReadTimeout("timed out")
        return self._stream.read(max_bytes, self._network.remaining())

    def write(self, buffer, timeout=None):
        if self._network.remaining() <= 0.001:
            raise httpcore.WriteTimeout("timed out")
        return self._stream.write(buffer, self._network.remaining())

    def close(self):
        self._stream.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        secured = self._stream.start_tls(ssl_context, server_hostname, self._network.remaining())
        return _Stream(secured, self._network)

    def get_extra_info(self, info):
        return self._stream.get_extra_info(info)


def addresses(host, port):
    """The addresses of `host` that we may go to. Raises NotAllowed, or httpcore.ConnectError when
    there is no such host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpcore.ConnectError("no such host") from None
    listed = set(settings.XIANFENG_OUTBOUND_ALLOW)
    unique = list(dict.fromkeys(row[4][0] for row in found))
    if {host.lower(), f"{host.lower()}:{port}"} & listed:
        return unique
    networks = [network for entry in listed if (network := _network(entry))]
    allowed = [address for address in unique if _may(address, networks)]
    if not allowed:
        raise NotAllowed(
            _("不允许连接 %(host)s：它指向内部地址，需要时请列入 XIANFENG_OUTBOUND_ALLOW。")
            % {"host": host}
        )
    return allowed


def _may(address, networks):
    ip = _inner(ipaddress.ip_address(address.partition("%")[0]))
    if any(ip.version == network.version and ip in network for network in networks):
        return True
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in METADATA


def _inner(ip):
    """The IPv4 address that an IPv6 one stands for, else itself."""
    if ip.version == 4:
        return ip
    if ip in NAT64:
        return ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]) or ip


def _network(entry):
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None

"""No signature: only for systems that cannot sign, from the addresses in the source's options.

Option `allow_from`: addresses and networks, e.g. ["10.20.0.0/16"]. Without any, nobody is let in.
"""

import ipaddress

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.signatures.scheme import Refusal, Scheme, option_of


class Unsigned(Scheme):
    """The address is all there is."""

    label = gettext_lazy("不签名，只限所列地址")

    def check_headers(self, attempt):
        try:
            address = ipaddress.ip_address(attempt.address)
        except ValueError:
            raise Refusal(_("不接收来自这个地址的消息。")) from None
        address = getattr(address, "ipv4_mapped", None) or address
        if not any(address in network for network in networks_of(attempt.source)):
            raise Refusal(_("不接收来自这个地址的消息。"))

    def check(self, attempt, body):
        return attempt.id_in("webhook-id")

    def new_secret(self):
        """There are none: raises NotImplementedError."""
        raise NotImplementedError


def networks_of(source):
    """The networks in a source's option `allow_from`; what is no network is left out."""
    listed = option_of(source, "allow_from")
    networks = []
    for entry in listed if isinstance(listed, list) else ():
        try:
            networks.append(ipaddress.ip_network(str(entry), strict=False))
        except ValueError:
            continue
    return networks


SCHEME = Unsigned()

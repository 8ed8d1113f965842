"""Which addresses we send to: nothing inside the house, whatever name it hides behind.

A name is resolved once, every address it stands for is looked at, and the connection goes to one of those: asking for
the name a second time could bring another answer.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = IPv4Address | IPv6Address

# Global by their number, and yet inside: clouds' own services for their machines.
INSIDE_THOUGH_GLOBAL = (ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24"))
# IPv4 addresses in the clothes of IPv6 beside those that the library knows: translated, and the old compatible form.
IN_IPV6_CLOTHES = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
LONGEST = 2000


class NotAllowed(Exception):
    """Nothing is sent to this address."""


@dataclass(frozen=True)
class Place:
    """What an address says, taken apart."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query."""

    @property
    def is_encrypted(self) -> bool:
        """Whether it is reached by TLS."""
        return self.scheme == "https"


def split(url: str) -> Place:
    """Take an address apart. Raises NotAllowed for anything but a plain http or https one."""
    if len(url) > LONGEST or any(ord(sign) <= 0x20 or ord(sign) >= 0x7F for sign in url) or "\\" in url:
        raise NotAllowed(_("An address is made of visible ASCII signs, at most %(number)d.") % {"number": LONGEST})
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed(_("This is no address: %(error)s") % {"error": error}) from error
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise NotAllowed(_("An address begins with https:// and names a host."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotAllowed(_("An address holds no user, no password and no fragment."))
    if port == 0:
        raise NotAllowed(_("Nothing is reached at port 0."))
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    return Place(parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), target)


def resolve(place: Place) -> str:
    """The numeric address to connect to. Raises NotAllowed, OSError when the name is not known.

    One forbidden address among several is enough to refuse: who answers so means to slip through. Without encryption
    only addresses are reached that the settings name.
    """
    found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    addresses = [str(sockaddr[0]) for _family, _type, _protocol, _name, sockaddr in found]
    for address in addresses:
        named = is_named(address)
        if not named and not is_outside(address):
            raise NotAllowed(f"{place.host} leads to {address}, inside the house; OUTWARD_NETWORKS does not name it")
        if not named and not place.is_encrypted:
            raise NotAllowed(f"{place.host} would be reached without encryption")
    return addresses[0]


def is_outside(address: str) -> bool:
    """Whether it belongs to the open internet: no private, loopback, link-local, shared, reserved, multicast one."""
    number = _number(address)
    return all(
        each.is_global and not each.is_multicast and not any(each in network for network in INSIDE_THOUGH_GLOBAL)
        for each in _seen(number)
    )


def is_named(address: str) -> bool:
    """Whether the settings allow it though it may be inside."""
    number = _number(address)
    networks: list[IPv4Network | IPv6Network] = [ip_network(each) for each in settings.OUTWARD_NETWORKS]
    inner = getattr(number, "ipv4_mapped", None) or number
    return any(inner in network for network in networks)


def _number(address: str) -> Address:
    return ip_address(address.partition("%")[0])  # a zone says by which card a link-local one is reached


def _seen(number: Address) -> list[Address]:
    """The address, and each one that hides in it."""
    if isinstance(number, IPv4Address):
        return [number]
    hidden: list[Address | None] = [number.ipv4_mapped, number.sixtofour, *(number.teredo or ())]
    if any(number in network for network in IN_IPV6_CLOTHES):
        hidden.append(IPv4Address(int(number) & 0xFFFFFFFF))
    inner = [each for each in hidden if each is not None]
    return inner if number.ipv4_mapped is not None else [number, *inner]

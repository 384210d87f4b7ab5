"""How much one client address may ask for: a bucket each, and only so many buckets."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from bot.proxies import Network

PAGES_A_SECOND = 20.0
"""Pages a second for one address, which may be a whole office's or a mobile network's."""
AT_ONCE = 200.0
GUESS = 20.0
"""What an unknown token costs, in pages: guessing slows down to one a second."""
_MOST_ADDRESSES = 10_000
_IPV6_PREFIX = 64
"""A subscriber has a whole IPv6 network of this size."""


class Limits:
    """The buckets; `clock` tells seconds that only grow."""

    def __init__(
        self, clock: Callable[[], float], rate: float = PAGES_A_SECOND, size: float = AT_ONCE
    ) -> None:
        self._clock = clock
        self._rate = rate
        self._size = size
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> bool:
        """Take a page from an address's bucket; False where there is none left."""
        allowed = self._left(address) >= 1.0
        self.owe(address, 1.0 if allowed else 0.0)
        return allowed

    def owe(self, address: str, pages: float) -> None:
        """Take so many pages from an address's bucket, also where it holds fewer."""
        self._buckets[address] = (self._left(address) - pages, self._clock())
        self._buckets.move_to_end(address)
        if len(self._buckets) > _MOST_ADDRESSES:
            self._buckets.popitem(last=False)

    def _left(self, address: str) -> float:
        left, seen = self._buckets.get(address, (self._size, self._clock()))
        return min(self._size, left + (self._clock() - seen) * self._rate)


def client_of(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return the client's address: the peer's, or the one that trusted proxies say they serve.

    `forwarded` is X-Forwarded-For from left to right. Only what a trusted proxy wrote is believed,
    so it is read from the right. IPv6 addresses are known by their network.
    """
    client = _address(peer)
    for said in reversed(forwarded):
        if client is None or not any(client in network for network in trusted):
            break
        client = _address(said) or client
    if isinstance(client, IPv6Address):
        return str(_network(client))
    return str(client)


def _address(said: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(said.strip().strip("[]"))
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _network(address: IPv6Address) -> IPv6Network:
    return IPv6Network(ip_network((int(address), _IPV6_PREFIX), strict=False))

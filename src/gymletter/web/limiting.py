"""How often somebody may ask: a token bucket per name, in memory, of bounded size.

Mailbox providers send the one-click requests of many members from few machines, so a valid link
is limited by itself and only other requests by where they come from.
"""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import ip_address
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_MOST_NAMES = 20_000


class Limiter:
    """Lets `burst` requests of a name pass at once, and `per_second` after that."""

    def __init__(
        self, burst: int, per_second: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._burst = burst
        self._rate = per_second
        self._clock = clock
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def passes(self, name: Hashable) -> bool:
        """Whether this request may pass; it is counted."""
        now = self._clock()
        level, seen = self._buckets.pop(name, (float(self._burst), now))
        level = min(self._burst, level + (now - seen) * self._rate)
        passes = level >= 1
        self._buckets[name] = (level - 1 if passes else level, now)
        if len(self._buckets) > _MOST_NAMES:
            self._buckets.popitem(last=False)
        return passes


def network(host: str) -> str:
    """An address as one asker: IPv4 as it is, IPv6 by its /64."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(int(address) >> 64)  # noqa: PLR2004

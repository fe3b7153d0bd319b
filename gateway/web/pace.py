"""How often somebody may do something: the guard of pages that anybody can reach.

Counted in this process alone and forgotten soon: no address is kept, written or logged.
"""

import ipaddress
from collections import OrderedDict, deque

REMEMBERED = 20_000
"""Names kept in mind; beyond that the one heard of longest ago is forgotten."""


class Pace:
    """At most `most` times in `seconds`, for each name."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, name: str, now: float) -> int:
        """Note one more and return 0; or note nothing and return the seconds to wait. `now` is any steady clock."""
        times = self._times.setdefault(name, deque())
        self._times.move_to_end(name)
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._most:
            return max(1, round(times[0] + self._seconds - now))
        times.append(now)
        if len(self._times) > REMEMBERED:
            self._times.popitem(last=False)
        return 0


def network_of(address: str) -> str:
    """Whom an address counts as: itself, or its network of 64 bits (RFC 6177) where one house has many."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))

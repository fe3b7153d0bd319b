"""How many receipts one address may get: the last guard against two machines that thank each other (RFC 3834 section 2).

It mutes receipts, never messages: the case is made all the same and says why no receipt went out.
Counted in this process alone, so that a node that starts again, or a second node, begins anew.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)

FRESH = timedelta(minutes=1)
"""How long what was read of the blocked addresses is believed: other nodes block some too."""

REMEMBERED = 10_000
"""Addresses kept in mind; beyond that the one heard of longest ago is forgotten."""


class ReceiptLimit:
    """Receipts of the last hour, by address."""

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._sent: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._blocked: dict[str, datetime] = {}
        self._known_at: datetime | None = None

    def block(self, addresses: Iterable[tuple[str, datetime]], now: datetime) -> None:
        """These addresses and no others are blocked, each until its time."""
        self._blocked = {address.lower(): until for address, until in addresses}
        self._known_at = now

    def forget_blocks(self) -> None:
        """Another address is being blocked: ask the store at the next receipt."""
        self._known_at = None

    def is_stale(self, now: datetime) -> bool:
        """Is it time to ask the store again which addresses are blocked?"""
        return self._known_at is None or now - self._known_at >= FRESH

    def reason(self, address: str, now: datetime) -> str:
        """Why this address gets no receipt now, "" when it may."""
        until = self._blocked.get(address.lower())
        if until is not None and until > now:
            return "dead-address"
        return "" if self.allows(address, now) else "many-receipts"

    def allows(self, address: str, now: datetime) -> bool:
        """May this address get one more?"""
        times = self._sent.get(address.lower())
        if times is None:
            return True
        while times and times[0] <= now - HOUR:
            times.popleft()
        return len(times) < self._per_hour

    def count(self, address: str, now: datetime) -> None:
        """Note a receipt that is owed."""
        key = address.lower()
        self._sent.setdefault(key, deque()).append(now)
        self._sent.move_to_end(key)
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

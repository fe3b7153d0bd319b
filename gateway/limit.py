"""How many receipts one address may get, and one channel in all: the last guard against two machines that thank each
other (RFC 3834 section 2), and against those who earn by our answers.

It mutes receipts, never messages: the case is made all the same and says why no receipt went out.
Counted in this process alone, so that a node that starts again, or a second node, begins anew.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

log = structlog.get_logger()

HOUR = timedelta(hours=1)

FRESH = timedelta(minutes=1)
"""How long what was read of the blocked addresses is believed: other nodes block some too."""

REMEMBERED = 10_000
"""Addresses kept in mind; beyond that the one heard of longest ago is forgotten."""


@dataclass(kw_only=True, slots=True)
class ChannelLimit:
    """What one channel may send in an hour, where each message costs money."""

    per_address: int
    per_hour: int
    sent: deque[datetime] = field(default_factory=deque)
    told_at: datetime | None = None
    # when the operator last heard that it is reached


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """How often we answer, and for how long we do not."""

    per_case: int
    # letters of one case in a day
    blocked_for: timedelta
    # how long an address that does not exist gets nothing automatic


class ReceiptLimit:
    """Receipts of the last hour, by address."""

    def __init__(self, per_hour: int, channels: Mapping[str, ChannelLimit] | None = None) -> None:
        self._per_hour = per_hour
        self._channels = channels or {}
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

    def reason(self, address: str, now: datetime, channel: str = "") -> str:
        """Why this address gets no receipt now, "" when it may."""
        until = self._blocked.get(address.lower())
        if until is not None and until > now:
            return "dead-address"
        if not self.allows(address, now, channel):
            return "many-receipts"
        return "channel-limit" if channel in self._channels and self._is_full(channel, now) else ""

    def allows(self, address: str, now: datetime, channel: str = "") -> bool:
        """May this address get one more?"""
        times = self._sent.get(address.lower())
        if times is None:
            return True
        _forget(times, now)
        limit = self._channels.get(channel)
        return len(times) < (limit.per_address if limit is not None else self._per_hour)

    def _is_full(self, channel: str, now: datetime) -> bool:
        limit = self._channels[channel]
        _forget(limit.sent, now)
        if len(limit.sent) < limit.per_hour:
            return False
        if limit.told_at is None or now - limit.told_at >= HOUR:
            limit.told_at = now
            log.error("receipts.limited", channel=channel, per_hour=limit.per_hour)
        return True

    def count(self, address: str, now: datetime, channel: str = "") -> None:
        """Note a receipt that is owed."""
        key = address.lower()
        self._sent.setdefault(key, deque()).append(now)
        self._sent.move_to_end(key)
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)
        if (limit := self._channels.get(channel)) is not None:
            limit.sent.append(now)


def _forget(times: deque[datetime], now: datetime) -> None:
    while times and times[0] <= now - HOUR:
        times.popleft()

"""A channel that says nothing when it usually would: its provider, its port or its forwarding may be broken.

Each channel is measured by its own last weeks: how many messages an hour of the day brings, on working days and on
others. Since the last message there should have been so many; that none came although that many were due is chance
once in e to that power (the Poisson distribution).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from gateway.measures import Measures
from gateway.promise import STOCKHOLM, Calendar, is_working_day
from store.database import Database
from store.errors import StoreError
from store.overview import list_arrivals

log = structlog.get_logger()

LOOK_SECONDS = 300.0
"""How often to look."""

WEEKS = timedelta(weeks=4)
"""How far back the rhythm is told from."""

FEWEST, SHORTEST = 40, timedelta(days=8)
"""Messages, and time from the first to now, below which nothing is known of a rhythm."""

TOO_MANY = 10.0
"""Expected messages of which none came, at which somebody is told: chance once in 20,000."""

_HOUR = timedelta(hours=1)


def count_missed(times: Sequence[datetime], now: datetime, calendar: Calendar) -> float:
    """How many messages were to be expected since the last one; 0.0 while too little is known. `times`: newest first."""
    if len(times) < FEWEST or now - times[-1] < SHORTEST:
        return 0.0
    seen = Counter([_slot(at, calendar) for at in times])
    hours: Counter[tuple[bool, int]] = Counter()
    at = times[-1]
    while at < now:
        hours[_slot(at, calendar)] += 1
        at += _HOUR
    missed, at = 0.0, times[0]
    while at < now:
        slot = _slot(at, calendar)
        # To the end of the hour: the next one may be busier.
        until = min(at.replace(minute=0, second=0, microsecond=0) + _HOUR, now)
        missed += seen[slot] / max(hours[slot], 1) * ((until - at) / _HOUR)
        at = until
    return missed


def _slot(moment: datetime, calendar: Calendar) -> tuple[bool, int]:
    local = moment.astimezone(STOCKHOLM)
    return is_working_day(local.date(), calendar), local.hour


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Tells once that a channel has fallen silent, and once that it is heard again."""

    database: Database
    calendar: Calendar
    channels: frozenset[str]
    measures: Measures
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    async def run(self) -> None:
        """Look until cancelled."""
        silent: set[str] = set()
        while True:
            try:
                silent = await self.look(silent)
            except StoreError as error:
                log.warning("silence.unreachable", error=str(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, silent: set[str]) -> set[str]:
        """The channels that are silent now; `silent` are those of which it has been told. Raises StoreError."""
        now = self.clock()
        found = await self.database.read(partial(list_arrivals, since=now - WEEKS))
        missed = {
            channel: count_missed(times, now, self.calendar)
            for channel, times in found.items()
            if channel in self.channels
        }
        self.measures.missed = missed
        there = {channel for channel, count in missed.items() if count >= TOO_MANY}
        for channel in sorted(there - silent):
            hours = (now - found[channel][0]) / _HOUR
            log.error("channel.silent", channel=channel, hours=round(hours, 1), missed=round(missed[channel]))
        for channel in sorted(silent - there):
            log.info("channel.heard", channel=channel)
        return there

"""Giving events their place in the feed, and endpoints what they are owed: one node at a time does both."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import structlog

from channels.lease import Leases, work_when_held
from gateway.downstream.scopes import draw_scope
from normalizer.organisation import Organisation
from store import endpoints, feed
from store.database import Database
from store.errors import RowRefused, StoreError
from store.writer import Writer

log = structlog.get_logger()

SOURCE = "downstream:feed"
"""What the lease is held on."""

POLL_SECONDS = 1.0
FAR_SECONDS = 60.0
"""How often late commits are looked for far back."""

PATIENCE = 2.0
"""Seconds that messages go first which come one upon the other; then one step, and again."""

AT_ONCE = 500
"""Events that get their position in one transaction: few milliseconds on SQLite, where one writes at a time."""


@dataclass(kw_only=True)
class Publisher:
    """What keeps the feed, on every node; the lease decides which one works."""

    database: Database
    writer: Writer
    leases: Leases
    organisation: Organisation
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _far_at: float = field(default=float("-inf"))

    async def run(self) -> None:
        """Publish until cancelled, whenever this node holds the lease."""
        await work_when_held(self.leases, SOURCE, "feed", self._work)

    async def _work(self) -> None:
        while True:
            busy = False
            await self.writer.lull(PATIENCE)
            try:
                busy = await self.look()
            except RowRefused:
                # Another node still thought that the lease was its own: it was first, and this one looks again.
                log.info("feed.contested")
            except StoreError as error:
                log.warning("feed.unreachable", error=str(error))
            if not busy:
                await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> bool:
        """Publish what is committed and owe it to the endpoints. Is there more? Raises StoreError."""
        now, far = self.clock(), time.monotonic() - self._far_at >= FAR_SECONDS
        reach = feed.FAR if far else feed.NEAR
        found = await self.database.read(partial(feed.find_unpublished, reach=reach, now=now, limit=AT_ONCE))
        if found:
            await self.writer.call(partial(feed.publish, found=found, at=now))
        if far and len(found) < AT_ONCE:
            self._far_at = time.monotonic()
        behind = await self.database.read(endpoints.list_behind)
        more = False
        for endpoint in behind:
            scope = draw_scope(self.organisation, endpoint.boards, endpoint.departments)
            more |= await self.writer.call(partial(endpoints.owe, endpoint=endpoint, scope=scope, now=now))
        return more or len(found) == AT_ONCE

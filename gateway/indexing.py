"""The follower that puts cases into the search: reads what was committed, a little at a time, never in the way.

It goes by the events, in the order of their ids. Two nodes may commit out of that order, so every minute it looks
back for cases whose events it has not seen. A repeated start, or a kill between two steps, does no harm: a case is
always written whole.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from store import mailboxes, search
from store.chats import id_at
from store.database import Database
from store.errors import StoreError
from store.writer import Writer

log = structlog.get_logger()

POLL_SECONDS = 2.0
AT_ONCE = 25
"""Cases of one step: written in a few milliseconds."""
EVENTS_AT_ONCE = 60
PATIENCE = 2.0
"""Seconds that it lets messages go first which come one upon the other; then one step, and again."""
REST = 19
"""How many times as long as a step takes it rests: a twentieth of one processor."""
LOOK_BACK_EVERY = 60.0
LOOK_BACK = timedelta(minutes=5)
LEASE = timedelta(seconds=30)
LEASE_NAME = "search"


@dataclass(frozen=True, kw_only=True)
class Indexer:
    """The follower of one node. While another node works at it, this one does not."""

    database: Database
    writer: Writer
    node: str
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    async def run(self) -> None:
        """Follow until cancelled."""
        loop = asyncio.get_running_loop()
        looked_back = 0.0
        while True:
            await self.writer.lull(PATIENCE)
            began = loop.time()
            moved = False
            try:
                moved = await self.step()
                if not moved and began - looked_back > LOOK_BACK_EVERY:
                    moved = await self.look_back()
                    looked_back = looked_back if moved else began
            except StoreError as error:
                log.warning("search.unreachable", error=str(error))
            took = loop.time() - began
            await asyncio.sleep(max(0.02, took * REST) if moved else POLL_SECONDS)

    async def step(self) -> bool:
        """Index the cases with the oldest events not seen yet. False: there are none. Raises StoreError."""
        case_ids, mark = await self.database.read(partial(search.list_changed, limit=EVENTS_AT_ONCE))
        if not mark:
            return False
        return await self._write(case_ids, mark)

    async def look_back(self) -> bool:
        """Index what was passed by. False: nothing was. Raises StoreError."""
        since = id_at(self.clock() - LOOK_BACK)
        case_ids = await self.database.read(partial(search.list_missed, since=since, limit=AT_ONCE))
        return bool(case_ids) and await self._write(case_ids, "")

    async def _write(self, case_ids: Sequence[str], mark: str) -> bool:
        # Read and cut into words beside the writer; only the rows are written in its turn.
        indexed = await self.database.read(partial(search.read_cases, case_ids=case_ids))
        now = self.clock()

        def write(connection: Any) -> bool:
            if not mailboxes.hold(connection, LEASE_NAME, holder=self.node, now=now, until=now + LEASE):
                return False
            search.write_cases(connection, indexed, mark)
            return True

        return await self.writer.call(write)

"""Following the feed for the registers of boards: what is accepted is handed over, answers are read, silence is told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog

from channels.lease import Leases, work_when_held
from gateway.desk import Act, Desk
from gateway.downstream.handover import Registrar
from normalizer.organisation import Organisation
from store import endpoints, feed
from store.access import Scope
from store.database import Database
from store.errors import NotPossible, StoreError
from store.writer import Writer

log = structlog.get_logger()

SOURCE = "downstream:registers"
"""What the lease is held on."""

POLL_SECONDS = 2.0
AT_ONCE = 100
BY = "register"

ACCEPTED, LINKED = "case.accepted", "case.linked"


@dataclass(frozen=True, kw_only=True)
class RegisterFollower:
    """What hands over, on every node; the lease decides which one works."""

    database: Database
    writer: Writer
    leases: Leases
    registrar: Registrar
    desk: Desk
    organisation: Organisation
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def run(self) -> None:
        """Follow until cancelled, whenever this node holds the lease."""
        await work_when_held(self.leases, SOURCE, "registers", self._work)

    async def _work(self) -> None:
        while True:
            more = False
            try:
                more = await self.look()
            except StoreError as error:
                log.warning("register.unreachable", error=str(error))
            if not more:
                await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> bool:
        """Take the next events, and tell what is late. Is there more? Raises StoreError."""
        now = self.clock()
        position = await self.writer.call(partial(endpoints.follow, kind=endpoints.REGISTER, at=now))
        every = frozenset({"", *self.organisation.departments})
        # Marked cases too: a register that is declared secure takes them.
        scope = Scope(whole=every, secret=every, protected=every)
        types = (ACCEPTED, LINKED)
        page = await self.database.read(
            partial(feed.read_feed, scope=scope, after=position, limit=AT_ONCE, types=types)
        )
        for event in page.events:
            try:
                await self._take(event, now)
            except NotPossible as error:
                log.info("register.refused", position=event.position, error=str(error))
            except StoreError:
                raise
            except Exception as error:
                # One case must not stop the registers of the others; nobody is told that it went.
                log.exception("register.failed", position=event.position, error=type(error).__name__)
        if page.reached > position:
            await self.writer.call(
                partial(endpoints.change_endpoint, endpoint_id=endpoints.REGISTER, position=page.reached)
            )
        late = await self.writer.call(partial(self.registrar.tell_late, now=now))
        if late:
            log.warning("register.late", handovers=late)
        return page.reached > position and len(page.events) == AT_ONCE

    async def _take(self, event: Any, now: datetime) -> None:
        """In one transaction. Raises NotPossible, StoreError."""
        act = Act(by=BY, at=now)
        if event.type == ACCEPTED:
            why = await self.writer.call(partial(self.registrar.follow, case_id=event.case_id, act=act))
            if why:
                log.info("register.refused", position=event.position, error=why)
            return
        other = str(event.data.get("case", ""))
        if await self.writer.call(
            partial(self.registrar.read_answer, case_id=event.case_id, answer_id=other, now=now)
        ):
            log.info("register.confirmed", position=event.position)
            await self.writer.call(partial(self._close_answer, case_id=other, act=act))

    def _close_answer(self, connection: Any, case_id: str, act: Act) -> None:
        """The register's own letter needs nobody any more."""
        self.desk.close(connection, case_id, "diarienummer", act)

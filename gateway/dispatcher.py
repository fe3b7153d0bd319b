"""Sending what is owed: claim with a lease, send outside any transaction, settle in the next group commit.

A new entry is claimed in the very transaction that makes it, and handed over here once that has committed: it
is sent at once and costs no second write. A crash after sending and before settling sends it again when the
lease runs out, with the same Message-ID: twice perhaps, never not at all.
"""

import asyncio
import contextlib
import random
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from channels.base import PermanentSendError, Sender, SendError, TemporarySendError
from gateway.measures import Measures
from gateway.reporting import STOPPED, first_word, list_blocks
from gateway.retry import next_attempt
from gateway.threads import TALKING
from normalizer.messages import Address
from store import contacts, outbox
from store.changes import Owed
from store.errors import StoreError
from store.outbox import LEASE
from store.writer import Write, Writer

log = structlog.get_logger()

POLL_SECONDS = 2.0
"""How often to look for entries that other processes made or that came due."""

FULL_SECONDS = 0.05
"""How long to wait when as many are claimed here as there is room for."""

CLAIMED_AT_ONCE = 100

ATTEMPT_SECONDS = LEASE.total_seconds() - 15
"""An attempt ends before its lease does, or two nodes would send the same entry at once."""

SHORTEST_ATTEMPT = 30.0
"""Seconds that an attempt needs. Who waited here so long that less is left of its lease waits for the next one."""


class Dispatcher:
    """The workers of one node."""

    def __init__(
        self,
        writer: Writer,
        senders: Mapping[str, Sender],
        *,
        node: str,
        give_up_after: timedelta,
        workers: int = 4,
        room: int = 250,
        blocked_for: timedelta = timedelta(days=30),
        measures: Measures | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._writer = writer
        self._senders = senders
        self._node = node
        self._give_up_after = give_up_after
        self._workers = workers
        self._room = room
        # how many claimed entries may wait here: their leases must not run out in the queue
        self._blocked_for = blocked_for
        # how long an address gets nothing automatic where nobody is
        self._measures = measures or Measures()
        self._clock = clock
        self._queue: deque[tuple[Owed, float]] = deque()
        # each with when its lease began, by a clock that nobody sets
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._reserved = 0
        self._busy = 0
        self._begun = False
        # from then on a lease of this node is one that this process took

    def reserve(self, now: datetime) -> tuple[datetime, str]:
        """The due_at and claimed_by for a new entry: ours at once when there is room, else anybody's."""
        if not self._begun or self._reserved + len(self._queue) >= self._room:
            return now, ""
        self._reserved += 1
        return now + LEASE, self._node

    def settle_reservation(self, owed: Owed, written: bool, since: float | None = None) -> None:
        """The reserved entry has been committed and is sent now; or it was not written after all.

        `since` is time.monotonic() when it was reserved, where that may be long ago.
        """
        self._reserved -= 1
        if written:
            self._queue.append((owed, time.monotonic() if since is None else since))
            self._wake.set()

    async def run(self) -> None:
        """Send until cancelled; then finish what is being sent."""
        await self._writer.call(
            lambda connection: outbox.release(connection, node=self._node, now=self._clock())
        )
        self._begun = True
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._poll())
            for _ in range(self._workers):
                tasks.create_task(self._work())

    async def finish(self, patience: float = 10.0) -> None:
        """Return when nothing is queued or being sent, or when patience ends. Leases cover what is left."""
        self._idle.clear()
        if self._queue or self._busy:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), patience)

    async def _poll(self) -> None:
        while True:
            room = min(self._room - len(self._queue) - self._reserved, CLAIMED_AT_ONCE)
            if self._room and room < max(1, min(self._room, CLAIMED_AT_ONCE) // 2):
                # Hands are full. They are done in moments, and what waits in the store is next.
                await asyncio.sleep(FULL_SECONDS)
                continue
            began = time.monotonic()
            found = await self._claim(room) if room > 0 else []
            self._queue.extend([(owed, began) for owed in found])
            if found:
                self._wake.set()
            if len(found) < room or room <= 0:
                await asyncio.sleep(POLL_SECONDS)

    async def _claim(self, limit: int) -> list[Owed]:
        now = self._clock()
        try:
            return await self._writer.call(
                lambda connection: outbox.claim(connection, node=self._node, now=now, limit=limit)
            )
        except StoreError as error:
            log.warning("outbox.unreachable", error=str(error))
            return []

    async def _work(self) -> None:
        while True:
            if not self._queue:
                self._wake.clear()
                await self._wake.wait()
                continue
            owed, began = self._queue.popleft()
            # Behind a slow relay it may have waited until somebody else can have it: then it is theirs.
            left = ATTEMPT_SECONDS - (time.monotonic() - began)
            self._busy += 1
            try:
                if left >= min(SHORTEST_ATTEMPT, ATTEMPT_SECONDS / 2):
                    await self._attempt(owed, left)
            finally:
                self._busy -= 1
                if not self._queue and not self._busy:
                    self._idle.set()

    async def _attempt(self, owed: Owed, seconds: float) -> None:
        outcome, detail = "sent", ""
        error: Exception | None = None
        try:
            async with asyncio.timeout(seconds):
                detail = await self._sender(owed.message.to.channel).send(owed.message)
        except SendError as caught:
            outcome, detail, error = "refused", caught.detail, caught
        except TimeoutError as caught:
            outcome, detail, error = "refused", "no answer in time", caught
        except Exception as caught:
            # A fault of ours must not lose the entry: it is tried again, and the operator sees why.
            log.exception("receipt.fault", entry=owed.message.id)
            outcome, detail, error = "refused", f"fault: {type(caught).__name__}", caught
        await self._settle(owed, outcome, detail, error)

    async def _stop(self, to: Address, now: datetime) -> None:
        """The provider says that this person wants nothing from us: noted as if it had been said to us."""
        try:
            await self._writer.call(partial(contacts.note_command, address=to, at=now, kind="stop"))
        except StoreError as error:
            log.warning("receipt.unsettled", error=str(error))

    def _sender(self, channel: str) -> Sender:
        if channel not in self._senders:
            raise TemporarySendError(f"the channel {channel} is not enabled")
        return self._senders[channel]

    async def _settle(self, owed: Owed, outcome: str, detail: str, error: Exception | None) -> None:
        now = self._clock()
        next_at: datetime | None = None
        if error is not None and not isinstance(error, PermanentSendError):
            next_at = next_attempt(
                owed.attempts + 1,
                now=now,
                first_at=owed.message.created_at,
                give_up_after=self._give_up_after,
                jitter=random.random(),  # noqa: S311  # spreads load, keeps no secret
                retry_after=getattr(error, "retry_after", None),
            )
        to = owed.message.to
        change = outbox.settle(
            owed,
            at=now,
            outcome=outcome,
            detail=detail,
            next_at=next_at,
            provider_id=detail if outcome == "sent" and to.channel in TALKING else "",
        )
        changes = [change]
        if isinstance(error, PermanentSendError) and to.channel in TALKING:
            changes += list_blocks(to, owed.message.id, detail, now, now + self._blocked_for)
            if first_word(detail) in STOPPED:
                await self._stop(to, now)
        name = "sent" if outcome == "sent" else "postponed" if next_at else "failed"
        waited = (now - owed.message.created_at).total_seconds() if name == "sent" else 0.0
        at_once = name == "sent" and owed.purpose == "receipt"
        self._measures.note_letter(to.channel, name, waited if at_once else None)
        level = log.info if name == "sent" else log.warning
        level(f"receipt.{name}", entry=owed.message.id, attempts=owed.attempts + 1, **_why(name, detail))
        try:
            done = self._writer.put(Write(case_id=owed.case_id, message_id="", changes=changes))
            # Nobody waits: the next entry is sent while this one is written. When the write fails, the
            # lease runs out and the entry is sent again, with the same Message-ID.
            done.add_done_callback(_report)
        except StoreError as trouble:
            log.warning("receipt.unsettled", error=str(trouble))
            await asyncio.sleep(0.1)


def _why(name: str, detail: str) -> dict[str, str]:
    # A relay's refusal may repeat the address: it stands on the case, not in the log.
    return {} if name == "sent" else {"detail": detail.partition(" ")[0][:40]}


def _report(done: asyncio.Future[object]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.warning("receipt.unsettled", error=str(error))

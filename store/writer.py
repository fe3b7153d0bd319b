"""Group commit: everybody who has something to write shares the next transaction.

One task takes what has queued up, runs it as a few multi-row statements, commits, and only then tells each
caller. While a commit waits for the disk the next batch gathers, so the busier it is, the cheaper each row.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct
from sqlalchemy import Connection

from store.changes import INSERT_EVENT, Change, Row
from store.database import Database
from store.errors import QueueFull, StoreError, StoreUnavailable
from store.faults import refusal
from store.ids import new_id
from store.sql import Found, execute
from store.statements import Statement, group

CROWD = 16
"""So many callers are a crowd, and a crowd does not wait for itself: while some commit, others come."""

GATHER = 0.002
"""Seconds that a few callers wait for the others who are about to come: one commit for all costs each less."""

LULL = 0.03
"""Seconds without anything to write after which nobody is kept waiting by work that can wait."""

T = TypeVar("T")
Delivery = tuple[str, str, str]
"""What identifies a delivery: channel, account, external id."""


class Earlier(NamedTuple):
    """What a repeated delivery made when it came first."""

    case_id: str
    message_id: str


class Write(Struct, frozen=True, kw_only=True):
    """One caller's rows. All of them commit, or none."""

    case_id: str
    message_id: str
    # the case and the message that the rows belong to
    changes: Sequence[Change]
    rows: Sequence[tuple[int, Row]] = ()
    # more changes, ready as the statements take them
    delivery: Delivery | None = None
    # when given, the rows are written only if this delivery is not here yet
    received_at: datetime | None = None
    # for the event that a repeated delivery leaves on its case
    settled: Callable[[bool], None] | None = None
    # told, whether or not the caller still waits, if these rows were written (False: refused, or a repetition)


@dataclass(slots=True)
class _Waiting:
    work: "Write | Callable[[Connection], Any]"
    done: asyncio.Future[Any]

    def succeed(self, result: Any) -> None:
        if isinstance(self.work, Write) and self.work.settled is not None:
            self.work.settled(result is None)
        if not self.done.done():
            self.done.set_result(result)

    def fail(self, error: StoreError) -> None:
        if isinstance(self.work, Write) and self.work.settled is not None:
            self.work.settled(False)
        if not self.done.done():
            self.done.set_exception(error)


class Writer:
    """The one task that writes. `run` it; then anybody may `submit`."""

    def __init__(
        self,
        database: Database,
        *,
        capacity: int = 2000,
        batch: int = 128,
        note_batch: Callable[[int], None] = lambda _size: None,
    ) -> None:
        self._database = database
        self._capacity = capacity
        # how many may wait; one more is refused with QueueFull
        self._batch = batch
        # how many share a transaction at most
        self._queue: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._coming = 0
        self._gathered: asyncio.TimerHandle | None = None
        self._writing = False
        self._wrote_at = 0.0
        self._note_batch = note_batch
        # told how many shared a commit

    @property
    def waiting(self) -> int:
        """How many are waiting to be written."""
        return len(self._queue)

    def put(self, work: Write | Callable[[Connection], T]) -> asyncio.Future[Any]:
        """Queue one write, or one function to run alone in a transaction. Raises QueueFull."""
        if len(self._queue) >= self._capacity:
            raise QueueFull(f"{self._capacity} messages are waiting to be written")
        waiting = _Waiting(work, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._rouse()
        return waiting.done

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """Somebody is about to write, in a millisecond or so."""
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1
            self._rouse()

    def _rouse(self) -> None:
        """Begin to write: at once, or when the few who are coming have come."""
        if not self._queue:
            return
        if not 0 < self._coming <= CROWD - len(self._queue):
            self._wake.set()
        elif self._gathered is None:
            self._gathered = asyncio.get_running_loop().call_later(GATHER, self._wake.set)

    async def submit(self, write: Write) -> Earlier | None:
        """Return after the commit that holds these rows.

        None when they were written; what is here already when the delivery is a repetition.
        Raises StoreUnavailable (nothing kept, try again) or RowRefused (these rows never).
        """
        return await self.put(write)  # type: ignore[no-any-return]  # what _settle put there

    async def call(self, work: Callable[[Connection], T]) -> T:
        """Run a function in a transaction of its own and return what it returned, after the commit."""
        return await self.put(work)  # type: ignore[no-any-return]

    async def run(self) -> None:
        """Write until cancelled. Who still waits then is told that nothing was kept."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                if self._gathered is not None:
                    self._gathered.cancel()
                    self._gathered = None
                if batch := self._take():
                    await self._write(batch)
                    self._rouse()
        finally:
            _fail(self._queue, StoreUnavailable("Kvitto is stopping"))
            self._queue.clear()

    async def lull(self, patience: float) -> None:
        """Return when nothing has been written for a moment, or after so many seconds of bustle.

        For whatever follows the messages and can wait: its transaction would keep those back who wait for an answer.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + patience
        while (now := loop.time()) < until:
            rest = self._wrote_at + LULL - now
            if rest <= 0 and not (self._queue or self._coming or self._writing):
                return
            await asyncio.sleep(min(max(rest, LULL / 3), until - now))

    async def flush(self) -> None:
        """Return when everything that was queued before has been written."""
        await self.call(lambda _connection: None)

    def _take(self) -> list[_Waiting]:
        """What shares the next transaction: any number of writes, or one function alone."""
        batch: list[_Waiting] = []
        while self._queue and len(batch) < self._batch:
            alone = not isinstance(self._queue[0].work, Write)
            if alone and batch:
                break
            batch.append(self._queue.popleft())
            if alone:
                break
        return batch

    async def _write(self, batch: list[_Waiting]) -> None:
        try:
            results = await self._commit([waiting.work for waiting in batch])
        except asyncio.CancelledError:
            _fail(batch, StoreUnavailable("Kvitto is stopping"))
            raise
        except StoreUnavailable as error:
            _fail(batch, error)
        except Exception as error:  # noqa: BLE001  # whatever it was, every caller must hear of it
            if len(batch) == 1:
                _fail(batch, refusal(error))
                return
            # One bad row must not fail its neighbours: each again on its own.
            for waiting in batch:
                await self._write([waiting])
        else:
            for waiting, result in zip(batch, results, strict=True):
                waiting.succeed(result)

    async def _commit(self, batch: list[Any]) -> list[Any]:
        if not isinstance(batch[0], Write):
            async with self._database.transaction() as run:
                return [await run(batch[0])]
        results: list[Any] = []

        def decide(found: Iterable[Found]) -> Mapping[Statement, Sequence[Row]]:
            results[:], work = sort_out(batch, found)
            return work

        ids = [write.delivery[2] for write in batch if write.delivery is not None]
        self._writing = True
        try:
            await self._database.commit(ids, decide)
        finally:
            self._writing = False
            self._wrote_at = asyncio.get_running_loop().time()
        self._note_batch(len(batch))
        return results


def sort_out(
    batch: Sequence[Write], found: Iterable[Found]
) -> tuple[list[Earlier | None], dict[Statement, list[Row]]]:
    """Everybody's rows by statement; and for each caller None, or what a repeated delivery made when it came first."""
    here = {(each[0], each[1], each[2]): Earlier(each[3], each[4]) for each in found}
    results: list[Earlier | None] = []
    given: list[Change] = []
    ready: list[tuple[int, Row]] = []
    for write in batch:
        repeated = None
        if write.delivery is not None:
            repeated = here.get(write.delivery)
            if repeated is None:
                # A second copy in the same batch is a repetition of the first.
                here[write.delivery] = Earlier(write.case_id, write.message_id)
        results.append(repeated)
        if repeated is None:
            given += write.changes
            ready += write.rows
        else:
            given.append(_repetition(repeated.case_id, write))
    return results, group(given, ready)


def apply(connection: Connection, changes: Iterable[Change], ready: Iterable[tuple[int, Row]] = ()) -> None:
    """Write one caller's rows in a transaction that is open already."""
    for statement, rows in group(changes, ready).items():
        execute(connection, statement, rows)


def _repetition(case_id: str, write: Write) -> Change:
    assert write.delivery is not None
    data = {"channel": write.delivery[0], "account": write.delivery[1]}
    row = {
        "id": new_id(),
        "case_id": case_id,
        "at": write.received_at,
        "type": "delivery.repeated",
        "data": data,
    }
    return (INSERT_EVENT, row)


def _fail(batch: Iterable[_Waiting], error: StoreError) -> None:
    for waiting in batch:
        waiting.fail(error)

"""What the memory of mailboxes promises, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from channels.ledger import Folder, Note
from gateway import mailboxes as ours
from gateway.intake import Accepted
from gateway.letters.receipts import Receipt
from gateway.mailboxes import LEASE, StoreLedger
from store.database import Database
from store.mailboxes import hold
from store.statements import table
from store.tables import Raw
from store.writer import Writer
from tests.contract.test_store import write

FOLDER = Folder(source="kontakt@imap.example.org:993/INBOX", uidvalidity=4_294_967_295)
ELSEWHERE = "tva|another-host|1|00000000"


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 8, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    running = Writer(database)
    task = asyncio.create_task(running.run())
    yield running
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def ledger(database: Database, writer: Writer, clock: Clock) -> StoreLedger:
    return StoreLedger(database, writer, node="ett", clock=clock)


async def accepted(writer: Writer, *, repeated: bool = False) -> Accepted:
    """A message that is really in the store."""
    made = write()
    await writer.submit(made)
    receipt = Receipt(
        reference="7K4M-9QXT",
        received_at=datetime(2026, 11, 24, tzinfo=UTC),
        channel="email",
        language="sv",
        variant="unsure",
        due=datetime(2026, 11, 26, tzinfo=UTC).date(),
        anonymous=True,
    )
    return Accepted(
        case_id=made.case_id, message_id=made.message_id, repeated=repeated, receipt=receipt, written_to=None
    )


async def test_what_was_noted_is_known_and_a_later_note_replaces_it(
    ledger: StoreLedger, writer: Writer
) -> None:
    assert await ledger.mark(FOLDER) == 1
    assert await ledger.outcomes(FOLDER, 1, 100) == {}
    await ledger.note(
        FOLDER,
        [
            Note(uid=1, size=10, outcome="stored", accepted=await accepted(writer)),
            Note(uid=2, size=10, outcome="stored", accepted=await accepted(writer, repeated=True)),
            Note(uid=3, size=10**9, outcome="too-large"),
            Note(uid=4_294_967_295, size=0, outcome="vanished"),
        ],
    )
    assert await ledger.outcomes(FOLDER, 1, 100) == {1: "stored", 2: "repeated", 3: "too-large"}
    assert await ledger.outcomes(FOLDER, 2**32 - 1, 2**32 - 1) == {2**32 - 1: "vanished"}
    await ledger.note(FOLDER, [Note(uid=3, size=10**9, outcome="stored", accepted=await accepted(writer))])
    assert await ledger.outcomes(FOLDER, 3, 3) == {3: "stored"}
    assert await ledger.outcomes(Folder(source=FOLDER.source, uidvalidity=1), 1, 100) == {}


async def test_the_mark_moves_and_a_folder_that_begins_anew_is_forgotten(ledger: StoreLedger) -> None:
    await ledger.note(FOLDER, [Note(uid=7, size=1, outcome="vanished")])
    await ledger.advance(FOLDER, 8)
    assert await ledger.open(FOLDER, 8) == 8
    assert await ledger.open(FOLDER, 20) == 8
    # UIDNEXT has gone back: the numbers mean other mails now.
    assert await ledger.open(FOLDER, 5) == 1
    assert await ledger.outcomes(FOLDER, 1, 100) == {}


async def test_what_is_noted_and_not_in_the_store_is_lost_and_never_finished(
    ledger: StoreLedger, writer: Writer
) -> None:
    here, gone = await accepted(writer), await accepted(writer)
    notes = [
        Note(uid=uid, size=1, outcome="stored", accepted=each, after=True)
        for uid, each in ((1, here), (2, gone))
    ]
    await ledger.note(FOLDER, [*notes, Note(uid=3, size=1, outcome="too-large")])
    await writer.call(
        lambda c: c.execute(delete(table(Raw)).where(table(Raw).c.id == gone.message_id)).rowcount
    )
    assert await ledger.outcomes(FOLDER, 1, 3) == {1: "stored", 2: "lost", 3: "too-large"}
    assert list(await ledger.owed(FOLDER, 10)) == [1]
    await ledger.settle(FOLDER, [1], "moved")
    assert list(await ledger.owed(FOLDER, 10)) == []


async def test_one_holds_a_mailbox_until_it_gives_it_back_or_says_nothing_for_too_long(
    ledger: StoreLedger, writer: Writer, clock: Clock
) -> None:
    source = FOLDER.source

    async def other(now: datetime) -> bool:
        return await writer.call(lambda c: hold(c, source, holder=ELSEWHERE, now=now, until=now + LEASE))

    assert await ledger.hold(source)
    assert await ledger.hold(source)
    assert not await other(clock.now)
    await ledger.release(source)
    assert await other(clock.now)
    assert not await ledger.hold(source)
    await ledger.release(source)  # not ours to give
    assert not await ledger.hold(source)
    clock.now += LEASE + timedelta(seconds=1)
    assert await ledger.hold(source)
    assert not await other(clock.now)


async def test_of_many_that_ask_at_once_one_gets_the_mailbox(writer: Writer, clock: Clock) -> None:
    until = clock.now + LEASE
    answers = await asyncio.gather(
        *(
            writer.call(lambda c, n=n: hold(c, "x", holder=f"node{n}|h|{n}|t", now=clock.now, until=until))
            for n in range(10)
        )
    )
    assert sorted(answers) == [False] * 9 + [True]


async def test_nobody_waits_for_a_process_of_this_machine_that_has_died(
    ledger: StoreLedger, writer: Writer, clock: Clock
) -> None:
    process = await asyncio.create_subprocess_exec("true")
    await process.wait()
    dead = f"ett|{ours.socket.gethostname()}|{process.pid}|00000000"
    until = clock.now + LEASE
    assert await writer.call(lambda c: hold(c, "x", holder=dead, now=clock.now, until=until))
    assert await ledger.hold("x")
    alive = f"ett|{ours.socket.gethostname()}|{ours.os.getppid()}|00000000"
    assert await writer.call(lambda c: hold(c, "y", holder=alive, now=clock.now, until=until))
    assert not await ledger.hold("y")

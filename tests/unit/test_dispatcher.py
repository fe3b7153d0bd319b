"""What is owed is sent: at once, again, or by another node; twice perhaps, never not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels.base import PermanentSendError, Sender, TemporarySendError
from gateway import dispatcher as module
from gateway.dispatcher import Dispatcher
from normalizer.messages import Address, OutboundMessage, RawMessage
from store import outbox, rows
from store.changes import INSERT_CASE, INSERT_OUTBOX, Owed
from store.database import Database, SqliteDatabase
from store.errors import StoreUnavailable
from store.ids import new_id
from store.outbox import LEASE
from store.rows import Understood
from store.schema import migrate
from store.writer import Write, Writer

NOW = datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC)
RAW = RawMessage(channel="email", received_at=NOW, body=b"Hej")
PATIENCE = 10.0


@dataclass
class Clock:
    """A clock that stands still until somebody turns it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Pen(Sender):
    """A sender that does what it is told, message by message; then takes everything."""

    answers: list[Exception | asyncio.Event | str] = field(default_factory=list)
    sent: list[OutboundMessage] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def send(self, message: OutboundMessage) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        async with self.changed:
            self.sent.append(message)
            self.changed.notify_all()
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            answer = "250 OK"
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def wait(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(lambda: len(self.sent) >= count)


@dataclass
class Post:
    """A post office: the store, its writer, and dispatchers on it."""

    database: Database
    writer: Writer
    clock: Clock

    def dispatcher(self, pen: Sender | None, *, node: str = "a", **given: Any) -> Dispatcher:
        return Dispatcher(
            self.writer,
            {"email": pen} if pen else {},
            node=node,
            give_up_after=timedelta(days=5),
            clock=self.clock,
            **given,
        )

    async def owe(self, *, due_at: datetime = NOW, claimed_by: str = "", created_at: datetime = NOW) -> Owed:
        """A case with one entry in the outbox."""
        case_id, entry_id = new_id(), new_id()
        owed = Owed(
            message=OutboundMessage(
                id=entry_id,
                to=Address(channel="email", value="anna@example.org"),
                subject="Vi har fått ditt meddelande",
                text="Tack!",
                language="sv",
                created_at=created_at,
                message_id=f"{entry_id}.kvitto@example.org",
            ),
            case_id=case_id,
            purpose="receipt",
            attempts=0,
            results=(),
        )
        opened = rows.case_change(
            RAW,
            Understood(message=None, decision=None),
            case_id,
            reference=entry_id[-8:],
            due=NOW.date(),
        )
        row = outbox.row_of(owed, due_at=due_at, claimed_by=claimed_by)
        write = Write(case_id=case_id, message_id="", changes=(opened, (INSERT_OUTBOX, row)))
        assert opened[0] is INSERT_CASE
        await self.writer.submit(write)
        return owed

    async def entry(self, owed: Owed) -> Any:
        """Its row, after everything that was to be written has been."""
        await self.writer.flush()
        (row,) = await self.database.read(lambda connection: outbox.entries_of(connection, owed.case_id))
        return row

    async def settled(self, owed: Owed, attempts: int = 1) -> Any:
        async with asyncio.timeout(PATIENCE):
            while (row := await self.entry(owed)).attempts < attempts:
                pass
        return row


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    database = SqliteDatabase(f"sqlite:///{tmp_path / 'kvitto.db'}")
    await migrate(database)
    writer = Writer(database)
    running = asyncio.create_task(writer.run())
    yield Post(database, writer, Clock())
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()


@pytest.fixture(autouse=True)
def _quick_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)


@asynccontextmanager
async def at_work(dispatcher: Dispatcher) -> AsyncIterator[Dispatcher]:
    task = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_what_is_owed_is_sent_and_settled(post: Post) -> None:
    pen, owed = Pen(), await post.owe()
    async with at_work(post.dispatcher(pen)):
        row = await post.settled(owed)
    assert pen.sent == [owed.message]
    assert (row.state, row.attempts, row.claimed_by) == ("sent", 1, "")
    assert row.results == [
        {"at": NOW.isoformat(timespec="milliseconds"), "outcome": "sent", "detail": "250 OK"}
    ]


@pytest.mark.parametrize(
    ("error", "detail", "earliest"),
    [
        (TemporarySendError("451 4.7.1 greylisted"), "451 4.7.1 greylisted", timedelta(seconds=11.25)),
        (TemporarySendError("429", retry_after=3600), "429", timedelta(hours=1)),
        (TimeoutError(), "no answer in time", timedelta(seconds=11.25)),
        (KeyError("a bug of ours"), "fault: KeyError", timedelta(seconds=11.25)),
    ],
    ids=["temporary", "retry_after", "time-out", "fault"],
)
async def test_what_may_pass_is_tried_again_and_not_before_its_time(
    post: Post, error: Exception, detail: str, earliest: timedelta
) -> None:
    pen, owed = Pen([error]), await post.owe()
    with capture_logs() as logs:
        async with at_work(post.dispatcher(pen)):
            row = await post.settled(owed)
            assert (row.state, row.attempts, row.claimed_by) == ("queued", 1, "")
            assert [(each["outcome"], each["detail"]) for each in row.results] == [("refused", detail)]
            assert earliest <= row.due_at - NOW <= earliest * 5 / 3
            post.clock.now = row.due_at
            row = await post.settled(owed, attempts=2)
    assert [message.message_id for message in pen.sent] == [owed.message.message_id] * 2
    assert [each["outcome"] for each in row.results] == ["refused", "sent"]
    told = [log["event"] for log in logs]
    fault = ["receipt.fault"] if isinstance(error, KeyError) else []
    assert told == [*fault, "receipt.postponed", "receipt.sent"]


async def test_what_is_refused_for_good_has_failed_and_is_never_tried_again(post: Post) -> None:
    pen, owed = Pen([PermanentSendError("550 5.1.1 <anna@example.org> no such user")]), await post.owe()
    with capture_logs() as logs:
        async with at_work(post.dispatcher(pen)):
            row = await post.settled(owed)
            post.clock.now += timedelta(days=30)
            other = await post.owe(created_at=post.clock.now)
            await post.settled(other)
    assert (row.state, row.results[0]["detail"]) == ("failed", "550 5.1.1 <anna@example.org> no such user")
    assert [message.id for message in pen.sent] == [owed.message.id, other.message.id]
    (told,) = [log for log in logs if log["event"] == "receipt.failed"]
    # The refusal repeats an address: it stands on the case, not in the log.
    assert (told["detail"], told["log_level"]) == ("550", "warning")
    assert "anna" not in str(logs)


async def test_after_days_it_has_failed(post: Post) -> None:
    pen = Pen([TemporarySendError("451")])
    owed = await post.owe(created_at=NOW - timedelta(days=5))
    async with at_work(post.dispatcher(pen)):
        row = await post.settled(owed)
    assert (row.state, row.results[0]["outcome"]) == ("failed", "refused")


async def test_the_log_tells_every_outcome_and_no_address_and_no_text(post: Post) -> None:
    pen = Pen([TemporarySendError("451 anna@example.org Tack!")])
    owed = await post.owe()
    with capture_logs() as logs:
        async with at_work(post.dispatcher(pen)):
            await post.settled(owed)
    assert [(log["event"], log["entry"], log["attempts"], log["detail"]) for log in logs] == [
        ("receipt.postponed", owed.message.id, 1, "451")
    ]
    assert [word for word in ("anna", "Tack") if word in str(logs)] == []


async def test_a_channel_that_is_not_enabled_keeps_its_mail_for_later(post: Post) -> None:
    owed = await post.owe()
    async with at_work(post.dispatcher(None)):
        row = await post.settled(owed)
    assert (row.state, row.results[0]["detail"]) == ("queued", "the channel email is not enabled")


async def test_one_that_fails_does_not_hold_up_the_others(post: Post) -> None:
    slow = asyncio.Event()
    pen = Pen([slow, KeyError("a bug of ours"), PermanentSendError("550")])
    owed = [await post.owe() for _ in range(6)]
    async with at_work(post.dispatcher(pen, workers=2)):
        await pen.wait(6)
        slow.set()
        states = [(await post.settled(each)).state for each in owed]
    assert sorted(states) == ["failed", "queued", "sent", "sent", "sent", "sent"]


async def hand_over(post: Post, dispatcher: Dispatcher) -> Owed:
    """As intake does: claimed in the transaction that makes it, handed over after the commit."""
    due_at, claimed_by = dispatcher.reserve(post.clock())
    owed = await post.owe(due_at=due_at, claimed_by=claimed_by)
    if claimed_by:
        dispatcher.settle_reservation(owed, True)
    return owed


async def test_a_new_entry_is_claimed_as_it_is_made_and_sent_at_once(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 3600)
    pen = Pen()
    first = await post.owe()
    async with at_work(post.dispatcher(pen)) as dispatcher:
        await post.settled(first)  # it runs
        taken = asyncio.Event()
        pen.answers.append(taken)
        owed = await hand_over(post, dispatcher)
        row = await post.entry(owed)
        assert (row.due_at, row.claimed_by) == (NOW + LEASE, "a")
        taken.set()
        row = await post.settled(owed)
    assert row.state == "sent"
    assert [message.id for message in pen.sent] == [first.message.id, owed.message.id]


async def test_when_there_is_no_room_the_entry_is_left_to_the_poll(post: Post) -> None:
    first = await post.owe()
    async with at_work(post.dispatcher(Pen(), room=1)) as full:
        await post.settled(first)  # it runs
        assert full.reserve(NOW) == (NOW + LEASE, "a")
        assert full.reserve(NOW) == (NOW, "")
        full.settle_reservation(first, False)
        assert full.reserve(NOW) == (NOW + LEASE, "a")
        full.settle_reservation(first, False)


async def test_what_is_made_while_a_dispatcher_starts_is_sent_once(post: Post) -> None:
    pen = Pen()
    starting = post.dispatcher(pen)
    # Its start gives up the leases of the process before it: there are none of its own yet.
    early = await hand_over(post, starting)
    assert (await post.entry(early)).claimed_by == ""
    async with at_work(starting):
        await post.settled(early)
        late = await hand_over(post, starting)
        await post.settled(late)
    assert [message.id for message in pen.sent] == [early.message.id, late.message.id]


async def test_more_than_there_is_room_for_waits_in_the_store(post: Post) -> None:

    blocked, pen = asyncio.Event(), Pen()
    pen.answers.append(blocked)
    async with at_work(post.dispatcher(pen, room=1, workers=1)) as dispatcher:
        first = await hand_over(post, dispatcher)
        await pen.wait(1)
        waiting = [await hand_over(post, dispatcher) for _ in range(3)]
        blocked.set()
        rows_found = [await post.settled(each) for each in (first, *waiting)]
    assert [row.state for row in rows_found] == ["sent"] * 4
    assert sorted(message.id for message in pen.sent) == sorted(each.message.id for each in (first, *waiting))


async def test_a_dispatcher_without_room_sends_nothing(post: Post) -> None:
    pen, owed = Pen(), await post.owe()
    idle = post.dispatcher(pen, room=0)
    assert idle.reserve(NOW) == (NOW, "")
    async with at_work(idle):
        await post.writer.flush()
    assert (pen.sent, (await post.entry(owed)).state) == ([], "queued")


async def crash_between_sending_and_settling(post: Post) -> tuple[Owed, Pen]:
    """The other side has taken it, and we die before we can write that down."""
    pen, owed = Pen([asyncio.Event()]), await post.owe()
    async with at_work(post.dispatcher(pen)):
        await pen.wait(1)
    row = await post.entry(owed)
    assert (row.state, row.attempts, row.claimed_by, row.due_at) == ("queued", 0, "a", NOW + LEASE)
    return owed, pen


async def test_after_a_crash_another_node_waits_for_the_lease_and_sends_the_same_mail_again(
    post: Post,
) -> None:
    owed, first = await crash_between_sending_and_settling(post)
    second = Pen()
    async with at_work(post.dispatcher(second, node="b")):
        post.clock.now = NOW + LEASE - timedelta(microseconds=1)
        later = await post.owe()
        await post.settled(later)
        assert [message.id for message in second.sent] == [later.message.id]
        post.clock.now = NOW + LEASE
        row = await post.settled(owed)
    assert row.state == "sent"
    assert second.sent[1] == first.sent[0] == owed.message


async def test_a_node_that_starts_again_takes_its_own_leases_back_at_once(post: Post) -> None:
    owed, _ = await crash_between_sending_and_settling(post)
    other = await post.owe(due_at=NOW + LEASE, claimed_by="b")
    pen = Pen()
    async with at_work(post.dispatcher(pen)):
        row = await post.settled(owed)
    assert row.state == "sent"
    assert pen.sent == [owed.message]
    assert (await post.entry(other)).claimed_by == "b"


async def test_two_nodes_never_send_the_same_entry(post: Post) -> None:
    pens = [Pen(), Pen()]
    owed = [await post.owe() for _ in range(40)]
    async with (
        at_work(post.dispatcher(pens[0], node="a", room=5)),
        at_work(post.dispatcher(pens[1], node="b", room=5)),
    ):
        for each in owed:
            await post.settled(each)
    sent = [message.id for pen in pens for message in pen.sent]
    assert sorted(sent) == sorted(each.message.id for each in owed)


async def test_an_attempt_ends_before_its_lease_does(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LEASE.total_seconds() > module.ATTEMPT_SECONDS > 60
    monkeypatch.setattr(module, "ATTEMPT_SECONDS", 0.05)
    pen, owed = Pen([asyncio.Event()]), await post.owe()
    async with at_work(post.dispatcher(pen)):
        row = await post.settled(owed)
    assert (row.state, row.results[0]["detail"]) == ("queued", "no answer in time")


async def test_what_waited_here_until_its_lease_ran_out_is_left_to_whoever_claims_it_next(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay that is slow and not dead: without this, two nodes would send what stands in the first one's queue."""
    monkeypatch.setattr(module, "ATTEMPT_SECONDS", 0.2)
    slow, quick = Pen([asyncio.Event()]), Pen()
    async with at_work(post.dispatcher(slow, node="a", workers=1)) as dispatcher:
        owed = [await hand_over(post, dispatcher) for _ in range(4)]
        await post.settled(owed[0])
        post.clock.now += LEASE + timedelta(seconds=1)
        monkeypatch.setattr(module, "ATTEMPT_SECONDS", 60.0)
        async with at_work(post.dispatcher(quick, node="b")):
            for each in owed:
                await post.settled(each)
            await dispatcher.finish()
    sent = [message.id for pen in (slow, quick) for message in pen.sent]
    waiting = [each.message.id for each in owed[1:]]
    assert [sent.count(each) for each in waiting] == [1, 1, 1]


async def test_finishing_waits_for_what_is_being_sent_and_queued(post: Post) -> None:
    slow = asyncio.Event()
    pen = Pen([slow])
    async with at_work(post.dispatcher(pen, workers=1)) as dispatcher:
        owed = [await hand_over(post, dispatcher) for _ in range(3)]
        await pen.wait(1)
        finishing = asyncio.create_task(dispatcher.finish())
        await asyncio.sleep(0)
        assert not finishing.done()
        slow.set()
        await asyncio.wait_for(finishing, PATIENCE)
        assert [(await post.entry(each)).state for each in owed] == ["sent"] * 3


async def test_finishing_does_not_wait_for_ever(post: Post) -> None:
    pen = Pen([asyncio.Event()])
    await post.owe()
    async with at_work(post.dispatcher(pen)) as dispatcher:
        await pen.wait(1)
        await asyncio.wait_for(dispatcher.finish(patience=0.01), PATIENCE)


class Unwilling(Writer):
    """A writer whose database is away while `away` is set."""

    away = False

    def put(self, work: Any) -> asyncio.Future[Any]:
        if not self.away:
            return super().put(work)
        failed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        failed.set_exception(StoreUnavailable("the database is away"))
        return failed


async def test_a_database_that_goes_away_stops_nobody_and_the_lease_brings_the_entry_back(
    tmp_path: Path,
) -> None:
    database = SqliteDatabase(f"sqlite:///{tmp_path / 'kvitto.db'}")
    await migrate(database)
    writer = Unwilling(database)
    running = asyncio.create_task(writer.run())
    post, pen = Post(database, writer, Clock()), Pen()
    owed = await post.owe()
    taken = asyncio.Event()
    pen.answers.append(taken)
    with capture_logs() as logs:
        async with at_work(post.dispatcher(pen, workers=1)) as dispatcher:
            await pen.wait(1)
            writer.away = True
            taken.set()
            await dispatcher.finish()
            await logged(logs, "receipt.unsettled")
            await logged(logs, "outbox.unreachable")
            writer.away = False
            post.clock.now = NOW + LEASE
            row = await post.settled(owed)
    assert row.state == "sent"
    assert pen.sent == [owed.message] * 2
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()


async def logged(logs: list[Any], event: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while event not in [log["event"] for log in logs]:
            await asyncio.sleep(0)


async def test_an_absurd_retry_after_does_not_end_the_dispatcher(post: Post) -> None:
    pen, owed = Pen([TemporarySendError("429", retry_after=1e15)]), await post.owe()
    dispatcher = post.dispatcher(pen)
    task = asyncio.create_task(dispatcher.run())
    await pen.wait(1)
    other = asyncio.create_task(post.settled(await post.owe()))
    done, _ = await asyncio.wait({task, other}, return_when="FIRST_COMPLETED")
    for each in (task, other):
        each.cancel()
    await asyncio.gather(task, other, return_exceptions=True)
    assert done == {other}
    assert (await post.entry(owed)).attempts == 1

"""What any database behind the store promises. Each test runs on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, inspect, select, text
from sqlmodel import SQLModel

from normalizer.messages import Address, OutboundMessage, RawMessage
from normalizer.reference import make_reference
from store import cases, contacts, outbox, rows
from store.changes import INSERT_CASE, INSERT_OUTBOX, Owed
from store.database import Database, open_database
from store.errors import DeliveryTaken, QueueFull, ReferenceTaken, RowRefused, StoreUnavailable, WrongSchema
from store.ids import new_id
from store.outbox import LEASE
from store.rows import Understood
from store.schema import HEAD, find_revision, migrate, require_schema, upgrade
from store.statements import table
from store.tables import Event
from store.writer import Earlier, Write, Writer

NOW = datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC)
RAW = RawMessage(channel="email", received_at=NOW, body=b"Hej")
numbers = iter(range(1, 10**6))


def write(external_id: str = "", reference: str = "", **changed: object) -> Write:
    """A case as intake writes one whose message was not understood: the fewest rows that hang together."""
    case_id, raw_id = new_id(), new_id()
    external_id = external_id or f"id:{raw_id}"
    opened = rows.case_change(
        RAW,
        Understood(message=None, decision=None, failed_step="parse", error="ValueError"),
        case_id,
        reference=reference or make_reference(next(numbers)),
        due=date(2026, 11, 26),
    )
    return Write(
        case_id=case_id,
        message_id=raw_id,
        changes=(
            (INSERT_CASE, {**opened[1], **changed}),
            rows.raw_change(RAW, raw_id, case_id, external_id, "0" * 64),
            rows.event_change(case_id, "case.unreadable", NOW, {}),
        ),
        delivery=("email", "", external_id),
        received_at=NOW,
    )


def owed(case_id: str, entry_id: str = "") -> Owed:
    entry_id = entry_id or new_id()
    return Owed(
        message=OutboundMessage(
            id=entry_id,
            to=Address(channel="email", value="anna@example.org"),
            subject="Vi har fått ditt meddelande",
            text="Tack!",
            language="sv",
            created_at=NOW,
            message_id=f"{entry_id}.kvitto@example.org",
        ),
        case_id=case_id,
        purpose="receipt",
        attempts=0,
        results=(),
    )


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    running = Writer(database)
    task = asyncio.create_task(running.run())
    yield running
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def count(database: Database) -> int:
    return await database.read(cases.count_cases)


async def events(database: Database, case_id: str) -> list[str]:
    query = select(table(Event).c.type).where(table(Event).c.case_id == case_id).order_by(table(Event).c.id)
    return await database.read(lambda connection: list(connection.execute(query).scalars()))


async def test_what_was_written_is_read_back_as_it_was(database: Database, writer: Writer) -> None:
    reference = make_reference(4711)
    assert await writer.submit(write(reference=reference, subject="Räksmörgås \U0001f4a1")) is None
    found = await database.read(lambda connection: cases.find_case(connection, reference))
    assert found is not None
    assert found.case.subject == "Räksmörgås \U0001f4a1"
    assert found.case.received_at == NOW
    assert found.case.due == date(2026, 11, 26)
    assert found.case.routing == {}
    assert [row.type for row in found.events] == ["case.unreadable"]


async def test_the_same_delivery_twice_is_one_case_and_names_the_first(
    database: Database, writer: Writer
) -> None:
    first = write("mid:1")
    assert await writer.submit(first) is None
    assert await writer.submit(write("mid:1")) == Earlier(first.case_id, first.message_id)
    assert await count(database) == 1
    assert await events(database, first.case_id) == ["case.unreadable", "delivery.repeated"]


async def test_ten_copies_in_one_batch_are_one_case(database: Database, writer: Writer) -> None:
    results = await asyncio.gather(*(writer.submit(write("mid:1")) for _ in range(10)))
    assert [result is None for result in results].count(True) == 1
    assert len({result for result in results if result}) == 1
    assert await count(database) == 1


async def test_two_nodes_racing_with_the_same_delivery_make_one_case(
    database: Database, database_url: str
) -> None:
    other = open_database(database_url)
    writers = [Writer(database), Writer(other)]
    tasks = [asyncio.create_task(writer.run()) for writer in writers]
    for attempt in range(20):
        # Each node also has neighbours in its batch, which must not suffer.
        results = await asyncio.gather(
            *(writer.submit(write(f"mid:{attempt}")) for writer in writers),
            *(writer.submit(write()) for writer in writers),
            return_exceptions=True,
        )
        # The one that loses the race is told so and asks again, as intake does.
        results = [
            await writers[0].submit(write(f"mid:{attempt}")) if isinstance(result, DeliveryTaken) else result
            for result in results
        ]
        assert [result is None for result in results].count(True) == 3
    assert await count(database) == 60
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await other.close()


async def test_empty_and_missing_ids_never_match(database: Database, writer: Writer) -> None:
    assert [await writer.submit(write()) for _ in range(3)] == [None, None, None]
    assert await count(database) == 3


async def test_one_bad_row_fails_its_own_caller_and_not_its_neighbours(
    database: Database, writer: Writer
) -> None:
    bad = write(due=None)
    results = await asyncio.gather(
        *(writer.submit(each) for each in (write(), bad, write())), return_exceptions=True
    )
    assert [type(result) for result in results] == [type(None), RowRefused, type(None)]
    assert await count(database) == 2


async def test_a_number_that_is_taken_is_told_from_other_refusals(database: Database, writer: Writer) -> None:
    reference = make_reference(7)
    await writer.submit(write(reference=reference))
    with pytest.raises(ReferenceTaken):
        await writer.submit(write(reference=reference))
    assert await count(database) == 1


async def test_all_rows_of_a_message_are_written_or_none(database: Database, writer: Writer) -> None:
    whole = write()
    broken = replace(
        whole,
        changes=(
            *whole.changes,
            (INSERT_OUTBOX, {**outbox.row_of(owed(new_id()), due_at=NOW, claimed_by="")}),
        ),
    )
    with pytest.raises(RowRefused):  # its receipt belongs to a case that does not exist
        await writer.submit(broken)
    assert await count(database) == 0


async def test_who_is_cancelled_while_a_commit_runs_harms_nobody(database: Database) -> None:
    # A command that is interrupted: the thread that commits goes on for a moment, on the same connection.
    for number in range(150):
        running = Writer(database)
        task = asyncio.create_task(running.run())
        waiting = [asyncio.create_task(running.submit(write())) for _ in range(5)]
        await asyncio.sleep(0.0004 * (number % 20))
        task.cancel()
        await asyncio.gather(task, *waiting, return_exceptions=True)
    running = Writer(database)
    task = asyncio.create_task(running.run())
    made = write()
    assert await running.submit(made) is None
    assert await database.read(lambda c: c.exec_driver_sql("SELECT id FROM cases").fetchall())
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_full_queue_refuses_at_once(database: Database) -> None:
    writer = Writer(database, capacity=2)  # nobody runs it
    waiting = [writer.put(write()), writer.put(write())]
    with pytest.raises(QueueFull):
        writer.put(write())
    task = asyncio.create_task(writer.run())
    assert await asyncio.gather(*waiting) == [None, None]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_who_waits_when_the_writer_stops_is_told_that_nothing_was_kept(database: Database) -> None:
    writer = Writer(database)
    task = asyncio.create_task(writer.run())
    await asyncio.sleep(0)
    task.cancel()
    waiting = writer.put(write())
    await asyncio.gather(task, return_exceptions=True)
    with pytest.raises(StoreUnavailable):
        await waiting
    assert await count(database) == 0


async def test_work_that_can_wait_lets_messages_go_first_and_is_not_kept_waiting_for_ever(
    database: Database, writer: Writer
) -> None:
    await writer.lull(60)  # nothing to write: at once, or this test would last a minute
    waiting = asyncio.create_task(writer.lull(60))
    impatient = asyncio.create_task(writer.lull(0.2))
    for _ in range(1000):
        await writer.submit(write())
        if impatient.done():
            break
    assert impatient.done()
    assert not waiting.done()
    await waiting


async def test_what_waits_for_somebody_who_said_stop_is_withdrawn_but_not_a_persons_answer(
    database: Database, writer: Writer
) -> None:
    case = write()
    receipt, answer = owed(case.case_id), replace(owed(case.case_id), purpose="answer")
    entries = [(INSERT_OUTBOX, outbox.row_of(each, due_at=NOW, claimed_by="")) for each in (receipt, answer)]
    await writer.submit(replace(case, changes=(*case.changes, *entries)))
    to = receipt.message.to
    await writer.call(lambda connection: contacts.note_command(connection, to, NOW, kind="stop"))
    found = await database.read(lambda connection: outbox.entries_of(connection, case.case_id))
    assert {row.purpose: row.state for row in found} == {"receipt": "failed", "answer": "queued"}
    assert [row.results[-1]["detail"] for row in found if row.state == "failed"] == ["stopped"]


async def test_a_claim_is_exclusive_until_its_lease_ends(database: Database, writer: Writer) -> None:
    case = write()
    entry = owed(case.case_id)
    row = outbox.row_of(entry, due_at=NOW, claimed_by="")
    await writer.submit(replace(case, changes=(*case.changes, (INSERT_OUTBOX, row))))

    async def claim(node: str, now: datetime) -> list[Owed]:
        return await writer.call(lambda connection: outbox.claim(connection, node=node, now=now, limit=10))

    assert [each.message for each in await claim("a", NOW)] == [entry.message]
    assert await claim("b", NOW + LEASE / 2) == []
    assert [each.message.id for each in await claim("b", NOW + LEASE)] == [entry.message.id]


async def test_a_node_that_starts_again_gives_up_its_own_leases_only(
    database: Database, writer: Writer
) -> None:
    case = write()
    entries = [
        (INSERT_OUTBOX, outbox.row_of(owed(case.case_id), due_at=NOW + LEASE, claimed_by=node))
        for node in "ab"
    ]
    await writer.submit(replace(case, changes=(*case.changes, *entries)))
    assert await writer.call(lambda connection: outbox.release(connection, node="a", now=NOW)) == 1
    claimed = await writer.call(lambda connection: outbox.claim(connection, node="c", now=NOW, limit=10))
    assert [each.message.id for each in claimed] == [entries[0][1]["id"]]


async def test_every_attempt_and_its_result_is_kept(database: Database, writer: Writer) -> None:
    case = write()
    entry = owed(case.case_id)
    row = outbox.row_of(entry, due_at=NOW, claimed_by="a")
    await writer.submit(replace(case, changes=(*case.changes, (INSERT_OUTBOX, row))))
    later = NOW + timedelta(minutes=1)
    settled = outbox.settle(entry, at=NOW, outcome="refused", detail="451 greylisted", next_at=later)
    await writer.submit(Write(case_id=case.case_id, message_id="", changes=(settled,)))
    (again,) = await writer.call(lambda connection: outbox.claim(connection, node="a", now=later, limit=1))
    assert again.attempts == 1
    settled = outbox.settle(again, at=later, outcome="sent", detail="250 OK", next_at=None)
    await writer.submit(Write(case_id=case.case_id, message_id="", changes=(settled,)))
    (found,) = await database.read(lambda connection: outbox.entries_of(connection, case.case_id))
    assert (found.state, found.attempts, found.claimed_by) == ("sent", 2, "")
    assert [result["outcome"] for result in found.results] == ["refused", "sent"]
    assert found.results[0]["detail"] == "451 greylisted"


async def test_cases_are_listed_newest_first_and_page_by_page(database: Database, writer: Writer) -> None:
    made = [write() for _ in range(5)]
    for each in made:
        await writer.submit(each)
    newest = [each.case_id for each in reversed(made)]
    page = await database.read(lambda connection: cases.list_cases(connection, limit=2))
    assert [row.id for row in page] == newest[:2]
    page = await database.read(lambda connection: cases.list_cases(connection, limit=10, before=page[-1].id))
    assert [row.id for row in page] == newest[2:]


async def test_unreadable_cases_are_found_and_others_are_not(database: Database, writer: Writer) -> None:
    unreadable = write()
    await writer.submit(unreadable)
    await writer.submit(write(failed_step="", state="open"))
    found = await database.read(lambda connection: cases.list_cases(connection, unreadable=True))
    assert [row.id for row in found] == [unreadable.case_id]
    (stored,) = await database.read(cases.find_failed)
    assert stored.raw == RAW


def describe(connection: Connection) -> dict[str, Any]:
    """Every table as the database itself tells of it, in an order of our own."""
    found, about = {}, inspect(connection)
    for name in about.get_table_names():
        columns = {
            each["name"]: (
                str(each["type"]),
                each["nullable"],
                str(each["default"]).strip("'()").split("'")[0],
            )
            for each in about.get_columns(name)
        }
        indexes = {
            each["name"]: (each["column_names"], each["unique"], bool(each.get("dialect_options")))
            for each in about.get_indexes(name)
        }
        uniques = {each["name"]: each["column_names"] for each in about.get_unique_constraints(name)}
        foreign = sorted(
            str((e["constrained_columns"], e["referred_table"])) for e in about.get_foreign_keys(name)
        )
        key = about.get_pk_constraint(name)["constrained_columns"]
        found[name] = (columns, indexes, uniques, foreign, key)
    return found


async def test_the_migrations_make_the_tables_that_an_empty_database_gets_at_once(
    database: Database,
) -> None:
    at_once = await database.read(describe)
    async with database.transaction() as run:
        await run(lambda c: [c.execute(text(f"DROP TABLE {name}")) for name in order_of(c)])
    async with database.transaction() as run:
        await run(upgrade)
    assert await find_revision(database) == HEAD
    assert await database.read(describe) == at_once
    assert {"cases", "alembic_version"} < at_once.keys()


def order_of(connection: Connection) -> list[str]:
    """The tables in an order in which they can be dropped."""
    sorted_names = [each.name for each in reversed(SQLModel.metadata.sorted_tables)]
    return [*sorted_names, "alembic_version"]


async def test_a_newer_database_is_refused_with_a_sentence(database: Database) -> None:
    assert await find_revision(database) == HEAD
    async with database.transaction() as run:
        await run(
            lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        )
    with pytest.raises(WrongSchema, match="newer than this Kvitto"):
        await require_schema(database)
    with pytest.raises(WrongSchema, match="newer than this Kvitto"):
        await migrate(database)


async def test_an_empty_database_is_refused_with_the_command_that_helps(database_url: str) -> None:
    empty = open_database(database_url)
    with pytest.raises(WrongSchema, match="kvitto migrate"):
        await require_schema(empty)
    await empty.close()

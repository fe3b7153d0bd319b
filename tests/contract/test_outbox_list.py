"""What the operator asks of the outbox and of one case's bytes. Each test runs on SQLite and on PostgreSQL."""

from datetime import UTC, date, datetime, timedelta

from normalizer.messages import Address, OutboundMessage, RawMessage
from normalizer.reference import make_reference
from store import cases, outbox, rows
from store.blobs import INLINE_LIMIT
from store.changes import INSERT_CASE, INSERT_OUTBOX, INSERT_RAW, SETTLE
from store.database import Database
from store.ids import new_id
from store.outbox import Owed
from store.rows import Understood
from store.writer import apply

NOW = datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


async def keep(database: Database, number: int, *, state: str = "queued", body: bytes = b"Hej") -> str:
    """A case with its raw message and one outbox entry; return the case's id."""
    case_id, entry_id = new_id(), new_id()
    raw = RawMessage(channel="email", received_at=NOW, body=body)
    understood = Understood(message=None, decision=None, failed_step="parse", error="ValueError")
    owed = Owed(
        message=OutboundMessage(
            id=entry_id,
            to=Address(channel="email", value=f"anna{number}@example.org"),
            subject="Kvitto",
            text="Tack!",
            language="sv",
            created_at=NOW,
            message_id=f"{entry_id}@example.org",
        ),
        case_id=case_id,
        purpose="receipt",
        attempts=1,
        results=(),
    )
    values = [
        rows.case_change(raw, understood, case_id, reference=make_reference(number), due=date(2026, 11, 26))[
            1
        ],
        rows.raw_change(raw, new_id(), case_id, f"id:{case_id}", "0" * 64)[1],
        outbox.row_of(owed, due_at=NOW, claimed_by="a"),
        outbox.settle(owed, at=NOW, outcome=state, detail="550 no", next_at=None)[1] | {"state": state},
    ]
    async with database.transaction() as run:
        kinds = (INSERT_CASE, INSERT_RAW, INSERT_OUTBOX, SETTLE)
        await run(lambda connection: apply(connection, zip(kinds, values, strict=True)))
    return case_id


async def states(database: Database) -> list[str]:
    return [row.state for row in await database.read(outbox.list_entries)]


async def test_entries_are_listed_newest_first_with_their_case_and_without_their_words(
    database: Database,
) -> None:
    for number, state in enumerate(("sent", "failed", "queued"), 1):
        await keep(database, number, state=state)
    found = await database.read(outbox.list_entries)
    assert [(row.reference, row.state) for row in found] == [
        (make_reference(3), "queued"),
        (make_reference(2), "failed"),
        (make_reference(1), "sent"),
    ]
    assert found[1].recipient == "anna2@example.org"
    assert [result["detail"] for result in found[1].results] == ["550 no"]
    assert {"text", "html"} & set(found[0]._mapping) == set()


async def test_entries_are_listed_by_state_and_up_to_a_limit(database: Database) -> None:
    for number, state in enumerate(("failed", "sent", "failed"), 1):
        await keep(database, number, state=state)
    for state, expected in (("failed", [3, 1]), ("sent", [2]), ("queued", [])):
        found = await database.read(lambda c, state=state: outbox.list_entries(c, state=state))
        assert [row.reference for row in found] == [make_reference(number) for number in expected]
    (newest,) = await database.read(lambda c: outbox.list_entries(c, limit=1))
    assert newest.reference == make_reference(3)


async def test_what_failed_is_owed_again_and_due_at_once(database: Database) -> None:
    for number, state in enumerate(("sent", "failed", "queued"), 1):
        await keep(database, number, state=state)
    async with database.transaction() as run:
        assert await run(lambda c: outbox.requeue(c, now=LATER)) == 1
    assert await states(database) == ["queued", "queued", "sent"]
    async with database.transaction() as run:
        claimed = await run(lambda c: outbox.claim(c, node="b", now=LATER, limit=9))
    assert {owed.message.to.value for owed in claimed} == {"anna2@example.org", "anna3@example.org"}
    # What was tried before is still known.
    assert {(owed.attempts, len(owed.results)) for owed in claimed} == {(2, 1)}


async def test_only_the_cases_that_are_named_are_owed_again(database: Database) -> None:
    first, second = [await keep(database, number, state="failed") for number in (1, 2)]
    async with database.transaction() as run:
        assert await run(lambda c: outbox.requeue(c, now=LATER, case_ids=[])) == 0
        assert await run(lambda c: outbox.requeue(c, now=LATER, case_ids=[first])) == 1
        assert await run(lambda c: outbox.requeue(c, now=LATER, case_ids=[first])) == 0
    assert await states(database) == ["failed", "queued"]
    assert first != second


async def test_cases_are_found_by_their_references(database: Database) -> None:
    first = await keep(database, 1)
    await keep(database, 2)
    wanted = [make_reference(1), make_reference(9)]
    found = await database.read(lambda c: cases.find_references(c, wanted))
    assert {reference: row.id for reference, row in found.items()} == {make_reference(1): first}


async def test_the_bytes_that_opened_a_case_are_found_or_named(database: Database) -> None:
    small = await keep(database, 1, body=b"From: anna\r\n\r\n\xff\x00")
    large = await keep(database, 2, body=b"x" * (INLINE_LIMIT + 1))
    found = await database.read(lambda c: cases.find_raw(c, small))
    assert found is not None
    assert (found.inline, found.raw.body) == (True, b"From: anna\r\n\r\n\xff\x00")
    found = await database.read(lambda c: cases.find_raw(c, large))
    assert found is not None
    assert (found.inline, found.raw.body, found.sha256) == (False, b"", "0" * 64)
    assert await database.read(lambda c: cases.find_raw(c, "0" * 32)) is None

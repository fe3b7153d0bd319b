"""What a disposal leaves and what it takes, on SQLite and on PostgreSQL, and what it does to blobs that are shared."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select

from normalizer.messages import Address, Attachment, InboundMessage, OutboundMessage, RawMessage
from normalizer.normalize import normalize
from normalizer.organisation import RoutingDecision
from normalizer.reference import make_reference
from store import blocks, cases, disposal, feed, outbox, rows
from store.access import Scope
from store.blobs import LocalBlobs, digest
from store.changes import INSERT_BLOCK, INSERT_OUTBOX, Change, Owed
from store.database import Database, open_database
from store.disposal import Aside, Holding
from store.downstream_tables import Delivery, Endpoint, Handover
from store.endpoints import add_endpoint, owe
from store.given_answers import find_answer, note_answer, note_request
from store.ids import new_id
from store.rows import Understood
from store.schema import migrate
from store.statements import table
from store.tables import Case, Message, OutboxEntry, Raw
from store.threads import find_place
from store.writer import Earlier, Write, Writer, apply

NOW = datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC)
LARGE = b"Gula gatan 7 " * 2000
numbers = iter(range(1, 10**6))


def case(*files: bytes, body: bytes = b"Gula gatan 7", key: str = "", letter: str = "sent") -> Write:
    """A case as intake writes it: one message of Asa's, and a receipt."""
    case_id, message_id, entry = new_id(), new_id(), new_id()
    raw = RawMessage(
        channel="email", received_at=NOW, body=body, headers={"authentication-results": "spf=pass"},
        envelope_from="asa@example.com", envelope_to=("kontakt@example.org",), url="https://example.org/asa",
    )  # fmt: skip
    asa = Address(channel="email", value="asa@example.com", name="Åsa")
    message = normalize(
        InboundMessage(
            external_id="x", message_id="brev@example.com", sender=asa, answer_to=(asa,), recipients=("kontakt@example.org",),
            subject="Gula gatan", text="Gula gatan 7", place="Gula gatan", occurred="Gula dagen", labels=("spam: Gula",),
            attachments=tuple(Attachment(filename="gula.pdf", content_type="application/pdf", content=each) for each in files),
            references=("gula@example.com",),
        )
    )  # fmt: skip
    understood = Understood(
        message=message, decision=RoutingDecision(department="teknik", rule="gata", words=("gula",))
    )
    owed = Owed(
        message=OutboundMessage(
            id=entry, to=asa, subject="Gula", text="Gula gatan", language="sv", created_at=NOW,
            message_id=f"{entry}.kvitto@example.org",
        ),
        case_id=case_id, purpose="receipt", attempts=1, results=(),
    )  # fmt: skip
    sent = outbox.row_of(owed, due_at=NOW, claimed_by="") | {"state": letter}
    block = {
        "id": new_id(), "channel": "email", "value": "asa@example.com", "status": "5.1.1", "entry_id": entry,
        "at": NOW, "until": NOW + timedelta(days=30),
    }  # fmt: skip
    key = key or f"id:{message_id}"
    changes: list[Change] = [
        rows.case_change(raw, understood, case_id, reference=make_reference(next(numbers)), due=date(2026, 11, 26)),
        rows.raw_change(raw, message_id, case_id, key, digest(body)),
        *rows.message_changes(
            raw, message, message_id, case_id, [digest(each) for each in files], withheld="",
            receipt={"reference": "Gula"},
        ),
        (INSERT_OUTBOX, sent),
        (INSERT_BLOCK, block),
        rows.event_change(case_id, "case.opened", NOW, {"message": message_id}),
        rows.event_change(case_id, "message.sender_confirmed", NOW, {"by": "Eva", "address": "gula@example.com", "reason": "Gula"}),
    ]  # fmt: skip
    return Write(
        case_id=case_id,
        message_id=message_id,
        changes=changes,
        delivery=("email", "", key),
        received_at=NOW,
    )


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    running = Writer(database)
    task = asyncio.create_task(running.run())
    yield running
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


async def destroy(database: Database, case_id: str, reason: str = "") -> tuple[Holding, str, set[str]]:
    def event(holding: Holding) -> Change:
        return rows.event_change(case_id, "case.disposed", NOW, {"files": holding.files})

    async with database.transaction() as run:
        return await run(
            lambda connection: disposal.dispose(connection, case_id, refuse=lambda _: reason, event=event)
        )


async def look(database: Database, write: Write) -> cases.CaseFile:
    found = await database.read(lambda c: cases.find_case(c, write.changes[0][1]["reference"]))
    assert found is not None
    return found


async def test_the_words_go_and_the_case_stays(database: Database, writer: Writer) -> None:
    one = case(b"Gula liten", LARGE)
    await writer.submit(one)
    before = await look(database, one)
    holding, reason, blobs = await destroy(database, one.case_id)
    after = await look(database, one)
    assert (reason, blobs) == ("", {digest(LARGE)})
    assert (holding.messages, holding.files, holding.letters, holding.size) == (1, 2, 1, 12)
    assert (holding.kinds, holding.last_at, holding.queued, holding.held) == ({"message"}, NOW, 0, "")
    everything = repr([after, await database.read(lambda c: blocks.list_blocks(c, now=NOW))])
    for word in ("Gula", "gula", "sa@example.com", "Åsa"):
        assert word in repr(before)
        assert word not in everything
    names = ("id", "reference", "received_at", "channel", "department", "kind", "due")
    assert [getattr(after.case, each) for each in names] == [getattr(before.case, each) for each in names]
    assert after.case.state == "disposed"
    names = ("id", "external_id", "sha256", "size", "received_at", "channel", "account")
    assert [getattr(after.raws[0], each) for each in names] == [
        getattr(before.raws[0], each) for each in names
    ]
    assert [row.type for row in after.events] == ["case.opened", "message.sender_confirmed", "case.disposed"]
    assert after.events[1].data == {"by": "Eva"}
    assert after.events[2].data == {"files": 2}


STAYS = {
    "cases": "id reference received_at channel department kind due failed_step error version sampled told_at answered_at"
    " joined_to secrecy",
    "handovers": "id case_id board entry_id at diary_number confirmed_at",
    "raw_messages": "id case_id channel account external_id received_at sha256 size",
    "messages": "id case_id kind received_at sent_at withheld",
}


@pytest.mark.parametrize(
    ("name", "model", "emptied"),
    [
        ("cases", Case, disposal._NO_CASE),
        ("raw_messages", Raw, disposal._NO_RAW),
        ("messages", Message, disposal._NO_MESSAGE),
        ("handovers", Handover, disposal._NO_HANDOVER),
    ],
)
def test_of_every_column_it_is_decided_whether_it_goes(
    name: str, model: type, emptied: dict[str, object]
) -> None:
    columns = {column.name for column in table(model).c}
    assert columns - emptied.keys() <= set(STAYS[name].split())
    assert emptied.keys() <= columns


async def test_what_other_systems_were_answered_about_it_goes(database: Database, writer: Writer) -> None:
    one, other = case(), case()
    for each in (one, other):
        await writer.submit(each)
        await writer.call(partial(note_request, token_id="t", key=each.case_id, request="r", now=NOW))
        answer = {"case_id": each.case_id, "status": 200, "headers": {}, "body": {}}
        await writer.call(partial(note_answer, token_id="t", key=each.case_id, **answer))
    await destroy(database, one.case_id)
    for each, kept in ((one, False), (other, True)):
        found = await database.read(partial(find_answer, token_id="t", key=each.case_id, now=NOW))
        assert (found is not None) == kept
    later = NOW + timedelta(days=1)
    assert (await database.read(partial(find_answer, token_id="t", key=other.case_id, now=later))) is None


async def test_what_flowed_on_does_not_hinder_it_and_the_number_in_the_register_stays(
    database: Database, writer: Writer
) -> None:
    one = case()
    await writer.submit(one)
    endpoint, now = new_id(), NOW

    def flow(connection: Any) -> None:
        found = feed.find_unpublished(connection, reach=feed.FAR, now=now, limit=10)
        feed.publish(connection, found, now)
        values = {"id": endpoint, "kind": "webhook", "name": "x", "url": "https://example.org", "secrets": []}
        lists = {"types": [], "boards": ["*"], "departments": []}
        add_endpoint(connection, **values, **lists, position=0, created_at=now)
        row = connection.execute(select(table(Endpoint))).one()
        owe(connection, row, Scope(whole=frozenset({"teknik"})), now)
        mail = {"entry_id": "x", "at": now, "alarm_at": now, "confirmed_by": "registrator@example.org"}
        given = {"board": "Tekniska nämnden", "diary_number": "TN 2026/17", "confirmed_at": now}
        connection.execute(insert(table(Handover)).values(id=new_id(), case_id=one.case_id, **given, **mail))

    await writer.call(flow)
    await destroy(database, one.case_id)
    (left,) = await database.read(lambda c: c.execute(select(table(Handover))).all())
    assert (left.diary_number, left.confirmed_by, left.alarm_at) == ("TN 2026/17", "", None)
    assert await database.read(lambda c: c.execute(select(table(Delivery))).all()) == []
    await writer.call(
        lambda c: feed.publish(c, feed.find_unpublished(c, reach=feed.FAR, now=now, limit=10), now)
    )
    page = await database.read(
        partial(feed.read_feed, scope=Scope(whole=frozenset({"teknik"})), after=0, limit=9)
    )
    assert [row.type for row in page.events][-1] == "case.disposed"


async def test_a_refusal_changes_nothing(database: Database, writer: Writer) -> None:
    one = case(LARGE)
    await writer.submit(one)
    before = await look(database, one)
    _, reason, blobs = await destroy(database, one.case_id, "on hold")
    assert (reason, blobs) == ("on hold", set())
    assert await look(database, one) == before


async def test_the_same_delivery_again_is_a_repetition(database: Database, writer: Writer) -> None:
    one = case(key="mid:1")
    await writer.submit(one)
    await destroy(database, one.case_id)
    assert await writer.submit(case(key="mid:1")) == Earlier(one.case_id, one.message_id)
    assert await database.read(cases.count_cases) == 1
    earlier = Earlier(one.case_id, one.message_id)
    found, message = await database.read(lambda c: cases.find_both(c, earlier))
    assert (found.state, message.receipt, message.answer_to) == ("disposed", {}, [])
    assert (await look(database, one)).events[-1].type == "delivery.repeated"


async def test_the_neighbours_keep_everything(database: Database, writer: Writer) -> None:
    one, other = case(LARGE), case(LARGE)
    await asyncio.gather(writer.submit(one), writer.submit(other))
    before = await look(database, other)
    await destroy(database, one.case_id)
    assert await look(database, other) == before


async def test_an_answer_to_a_disposed_case_is_linked_to_it_and_never_added(
    database: Database, writer: Writer
) -> None:
    one = case()
    await writer.submit(one)
    reference = one.changes[0][1]["reference"]
    entry = next(values["id"] for kind, values in one.changes if kind == INSERT_OUTBOX)

    async def place() -> tuple[bool, tuple[tuple[str, str], ...]]:
        found = await database.read(
            lambda c: find_place(
                c, letters=[entry], numbers=[reference], answers=["brev@example.com"], writers=["asa@example.com"],
                since=NOW,
            )
        )  # fmt: skip
        return found.case is not None, found.others

    assert await place() == (True, ())
    await destroy(database, one.case_id)
    assert await place() == (False, ((one.case_id, reference),))


async def test_a_hold_is_the_later_of_its_events(database: Database, writer: Writer) -> None:
    one = case()
    await writer.submit(one)

    async def note(kind: str, **data: str) -> str:
        async with database.transaction() as run:
            await run(lambda c: apply(c, [rows.event_change(one.case_id, kind, NOW, data)]))
        return (await database.read(lambda c: disposal.look(c, one.case_id))).held

    assert await note("case.held", why="överklagat") == "överklagat"
    assert await note("case.released") == ""
    assert await note("case.held") == "held"


async def test_a_letter_that_is_owed_is_seen(database: Database, writer: Writer) -> None:
    one = case(letter="queued")
    await writer.submit(one)
    assert (await database.read(lambda c: disposal.look(c, one.case_id))).queued == 1


async def test_a_message_that_comes_meanwhile_is_refused_or_disposed_of_but_never_half(
    database: Database, database_url: str, writer: Writer
) -> None:
    other = open_database(database_url)
    for _ in range(10):
        one = case()
        await writer.submit(one)
        added = case(LARGE)
        more = replace(
            added,
            case_id=one.case_id,
            changes=[
                (kind, {**values, "case_id": one.case_id} if "case_id" in values else values)
                for kind, values in added.changes[1:]
            ],
        )
        await asyncio.gather(writer.submit(more), destroy(other, one.case_id))
        found = await look(database, one)
        messages = {row.id: row.text for row in found.messages}
        # Either all of the later message is there, or nothing of it.
        whole = messages[more.message_id] != ""
        assert (len(found.files) == 1) == (len(found.outbox) == 1) == whole
        assert messages[one.message_id] == ""
    await other.close()


async def test_a_blob_goes_only_when_nobody_names_it(
    database: Database, writer: Writer, folder: Path
) -> None:
    blobs, aside = LocalBlobs(folder), Aside(folder)
    body = LARGE * 2
    one, other = case(LARGE, body=body), case(b"liten", body=body)
    await blobs.put([LARGE, body])
    await writer.submit(one)
    await writer.submit(other)
    _, _, names = await destroy(database, one.case_id)
    assert names == {digest(LARGE), digest(body)}
    needed = await database.read(lambda c: disposal.find_needed(c, names))
    assert needed == {digest(body)}
    aside.put(names - needed)
    assert await blobs.fetch(digest(body)) == body
    with pytest.raises(KeyError):
        await blobs.fetch(digest(LARGE))
    _, _, names = await destroy(database, other.case_id)
    assert await database.read(lambda c: disposal.find_needed(c, names)) == set()


async def test_an_intake_that_found_the_blob_in_its_place_gets_it_back(
    database: Database, writer: Writer, folder: Path
) -> None:
    blobs, aside = LocalBlobs(folder), Aside(folder)
    one, late = case(LARGE), case(LARGE)
    await blobs.put([LARGE])
    await writer.submit(one)
    await blobs.put([LARGE])  # of the late one: it lies there already
    _, _, names = await destroy(database, one.case_id)
    aside.put(names - await database.read(lambda c: disposal.find_needed(c, names)))
    await writer.submit(late)
    needed = await database.read(lambda c: disposal.find_needed(c, aside.names()))
    aside.put_back(needed)
    assert await blobs.fetch(digest(LARGE)) == LARGE
    assert aside.names() == set()


async def test_who_brings_the_bytes_after_that_writes_them_anew(folder: Path) -> None:
    blobs, aside = LocalBlobs(folder), Aside(folder)
    (name,) = await blobs.put([LARGE])
    aside.put([name])
    await blobs.put([LARGE])
    assert await blobs.fetch(name) == LARGE
    aside.put_back([name])
    aside.put_back([])
    assert await blobs.fetch(name) == LARGE
    assert aside.names() == set()


async def test_a_blob_is_set_aside_for_its_time_and_removed_for_good(folder: Path) -> None:
    blobs, aside = LocalBlobs(folder), Aside(folder)
    names = await blobs.put([LARGE, LARGE * 2])
    now = datetime.now(UTC)
    os.utime(folder / names[0][:2] / names[0], (0, 0))
    aside.put([*names, digest(b"never here")])
    # The time counts from then, not from when the bytes came.
    assert aside.names(now - disposal.ASIDE_FOR) == set()
    long_ago = (now - timedelta(hours=2)).timestamp()
    os.utime(folder / "disposed" / names[0], (long_ago, long_ago))
    assert aside.names(now - disposal.ASIDE_FOR) == {names[0]}
    aside.remove([names[0], digest(b"never here")])
    assert aside.names() == {names[1]}
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [names[1]]


def test_what_a_run_did_not_finish_is_known_to_the_next(folder: Path) -> None:
    aside = Aside(folder)
    assert (aside.names(), aside.noted(datetime.now(UTC))) == (set(), set())
    aside.note(["abc"])
    later = datetime.now(UTC) + timedelta(hours=2)
    assert (aside.names(), aside.noted(later), aside.noted(NOW - timedelta(days=9000))) == (
        set(),
        {"abc"},
        set(),
    )
    aside.forget(["abc"])
    assert aside.noted(later) == set()


async def test_the_file_of_the_database_forgets_the_words(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'kvitto.db'}")
    await migrate(database)
    one = case(b"Gula liten")
    async with database.transaction() as run:
        await run(lambda c: apply(c, one.changes))

    def words() -> bool:
        return any(b"Gula" in path.read_bytes() for path in tmp_path.glob("kvitto.db*"))

    assert words()
    await destroy(database, one.case_id)
    await database.read(disposal.tidy)
    assert not words()
    query = select(table(OutboxEntry).c.id)
    assert await database.read(lambda c: c.execute(query).all()) == []
    await database.close()

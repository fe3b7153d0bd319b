"""Conversations in the chat: what each side reads, and what becomes of answers that nobody reads. On both databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select
from structlog.testing import capture_logs

from channels.chat import contact_of
from config.chat_texts import load_chat_texts
from gateway.bell import MOST_OF_ONE, Bell, TooManyWait
from gateway.threads import Letterhead
from gateway.unread import SHORT, Unread
from store import chats
from store.case_status import find_status
from store.chats import id_at
from store.database import Database
from store.ids import new_id
from store.statements import table
from store.tables import Case, Event, Message, OutboxEntry, Raw
from store.writer import Writer

NOW = datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC)
CONTACT = contact_of("a token")
OTHER = contact_of("another token")
numbers = iter(range(10**6))


def made(at: datetime) -> str:
    return id_at(at)[:12] + new_id()[12:]


async def put(database: Database, model: type, **values: Any) -> None:
    async with database.transaction() as run:
        await run(lambda connection: connection.execute(insert(table(model)).values(**values)))


async def open_case(database: Database, **more: Any) -> str:
    case_id = more.pop("id", None) or new_id()
    texts = dict.fromkeys(("department", "category", "language", "subject", "failed_step", "error"), "")
    known = {"state": "open", "kind": "message", "channel": "chat", "routing": {}, "due": date(2026, 11, 26)}
    reference = f"{next(numbers):08d}"
    row = {**texts, **known, "id": case_id, "reference": reference, "received_at": NOW, **more}
    await put(database, Case, **row)
    return case_id


async def hear(database: Database, case_id: str, text: str, at: datetime = NOW, **more: Any) -> str:
    """The resident says something."""
    message_id, contact = made(at), more.pop("contact", CONTACT)
    chat = {"channel": "chat", "value": contact, "name": ""}
    reach = more.pop("reach", None)
    await put(
        database,
        Raw,
        id=message_id,
        case_id=case_id,
        channel="chat",
        account="",
        external_id=f"{contact}:{message_id}",
        received_at=at,
        headers={},
        url="",
        envelope_to=[],
        sha256="",
        size=0,
    )
    texts = dict.fromkeys(
        ("subject", "language", "category", "place", "occurred", "message_id", "withheld"), ""
    )
    row = {
        **texts,
        "id": message_id,
        "case_id": case_id,
        "kind": "message",
        "received_at": at,
        "sender": chat,
        "answer_to": [chat, *([{"channel": "email", "value": reach, "name": ""}] if reach else [])],
        "recipients": [],
        "text": text,
        "references": [],
        "labels": [],
        "receipt": {},
        "contact": f"chat:{contact}",
        "turn": next(numbers) + 1,
        **more,
    }
    await put(database, Message, **row)
    return message_id


async def say(
    database: Database, case_id: str, text: str, at: datetime = NOW, purpose: str = "answer", **more: Any
) -> str:
    """The city says something."""
    entry = made(at)
    row = {
        "id": entry,
        "case_id": case_id,
        "purpose": purpose,
        "channel": "chat",
        "recipient": CONTACT,
        "recipient_name": "",
        "subject": "",
        "text": text,
        "html": "",
        "language": "sv",
        "message_id": f"{entry}@example.org",
        "in_reply_to": "",
        "references": [],
        "created_at": at,
        "state": "sent",
        "due_at": at,
        "claimed_by": "",
        "attempts": 1,
        "results": [],
        **more,
    }
    await put(database, OutboxEntry, **row)
    return entry


async def states(database: Database) -> list[tuple[str, str]]:
    query = select(table(OutboxEntry).c.channel, table(OutboxEntry).c.state).order_by(table(OutboxEntry).c.id)
    return [tuple(row) for row in await database.read(lambda connection: connection.execute(query).all())]


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    running = Writer(database)
    task = asyncio.create_task(running.run())
    yield running
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_conversation_is_read_in_order_by_its_own_contact_alone(database: Database) -> None:
    case_id = await open_case(database)
    second = timedelta(seconds=1)
    first = await hear(database, case_id, "Hej")
    choices = [{"key": "same:A:B", "label": "Samma sak"}]
    receipt = await say(database, case_id, "Tack!", NOW + second, "receipt", choices=choices)
    await hear(database, case_id, "Inte jag", NOW + second, contact=OTHER)
    await say(database, case_id, "Inte till mig", NOW + second, recipient=OTHER)
    await say(database, case_id, "Med e-post", NOW + second, channel="email")
    last = await hear(database, case_id, "", NOW + 2 * second, reach="a@example.org", labels=["contact"])
    items = await database.read(partial(chats.list_items, contact=CONTACT))
    assert [(item.id, item.ours, item.text) for item in items] == [
        (first, False, "Hej"),
        (receipt, True, "Tack!"),
        (last, False, ""),
    ]
    assert (list(items[1].choices), items[1].purpose) == (choices, "receipt")
    assert (items[2].purpose, items[2].reach) == ("reach", "a@example.org")
    later = await database.read(partial(chats.list_items, contact=CONTACT, since=first))
    assert [item.id for item in later] == [receipt, last]
    assert await database.read(partial(chats.list_items, contact=contact_of("nobody"))) == []
    fresh = await database.read(partial(chats.list_fresh, since=first))
    assert {contact for _, contact in fresh} == {CONTACT, OTHER}


async def test_what_a_browser_has_shown_is_delivered_once_it_is_settled(
    database: Database, writer: Writer
) -> None:
    case_id = await open_case(database)
    await hear(database, case_id, "Hej")
    shown = await say(database, case_id, "Ett")
    queued = await say(database, case_id, "Två", state="queued")
    await say(database, case_id, "Tre", NOW + timedelta(seconds=5))

    async def read(contact: str) -> int:
        mark = partial(chats.mark_read, contact=contact, upto=max(shown, queued), at=NOW)
        return await writer.call(mark)

    assert await read(OTHER) == 0
    assert await read(CONTACT) == 1  # the one that is still being settled
    assert sorted(await states(database)) == [("chat", "delivered"), ("chat", "queued"), ("chat", "sent")]


def unread(writer: Writer, *channels: str) -> Unread:
    return Unread(
        writer=writer,
        letterhead=Letterhead.of("example.org", "", ""),
        texts=load_chat_texts(),
        city={"sv": "Exempelstad"},
        patience=timedelta(minutes=10),
        channels=frozenset(channels),
    )


async def test_an_answer_that_nobody_reads_goes_where_the_person_said_once(
    database: Database, writer: Writer
) -> None:
    case_id = await open_case(database)
    await hear(database, case_id, "Hej", reach="amina@example.org")
    await hear(database, case_id, "En sak till", NOW + timedelta(seconds=1))
    await say(database, case_id, "Tack!", purpose="receipt")
    await say(database, case_id, "Läst", state="delivered")
    await say(database, case_id, "Vi byter den.", NOW + timedelta(minutes=1))
    looking, since = unread(writer, "email"), NOW - timedelta(days=1)
    assert await looking.look(since, NOW + timedelta(minutes=10)) == 0
    assert await looking.look(since, NOW + timedelta(minutes=12)) == 1
    assert await looking.look(since, NOW + timedelta(minutes=13)) == 0
    query = select(table(OutboxEntry)).where(table(OutboxEntry).c.channel == "email")
    (copy,) = await database.read(lambda connection: connection.execute(query).all())
    assert (copy.recipient, copy.purpose, copy.case_id) == ("amina@example.org", "answer", case_id)
    assert "Vi byter den." in copy.text
    assert (await states(database)).count(("chat", "unread")) == 1


async def test_an_answer_that_nobody_reads_and_nobody_can_get_stays_and_says_so(
    database: Database, writer: Writer
) -> None:
    case_id = await open_case(database)
    await hear(database, case_id, "Hej")
    await say(database, case_id, "Vi byter den.")
    other = await open_case(database)
    await hear(database, other, "Hej", contact=OTHER, reach="amina@example.org")
    await say(database, other, "Vi byter den.", recipient=OTHER)
    assert await unread(writer).look(NOW - timedelta(days=1), NOW + timedelta(hours=1)) == 0
    assert await states(database) == [("chat", "unread"), ("chat", "unread")]
    types = select(table(Event).c.type)
    events = await database.read(lambda connection: list(connection.execute(types).scalars()))
    assert events == ["receipt.unread", "receipt.unread"]
    # Read after all: whoever comes back finds it.
    later = made(NOW + timedelta(days=1))
    await writer.call(partial(chats.mark_read, contact=CONTACT, upto=later, at=NOW))
    assert sorted(await states(database)) == [("chat", "delivered"), ("chat", "unread")]


async def test_a_long_answer_is_told_of_by_text_message_and_not_cut(
    database: Database, writer: Writer
) -> None:
    case_id = await open_case(database)
    chat = {"channel": "chat", "value": CONTACT, "name": ""}
    mobile = {"channel": "sms", "value": "+46701740605", "name": ""}
    await hear(database, case_id, "Hej", answer_to=[chat, mobile])
    await say(database, case_id, "x" * (SHORT + 1))
    assert await unread(writer, "sms").look(NOW - timedelta(days=1), NOW + timedelta(hours=1)) == 1
    query = select(table(OutboxEntry).c.text).where(table(OutboxEntry).c.channel == "sms")
    (text,) = await database.read(lambda connection: connection.execute(query).scalars().all())
    assert "x" * 10 not in text
    assert "Exempelstad" in text


async def test_one_letter_that_cannot_be_put_together_keeps_no_other_back(
    database: Database, writer: Writer
) -> None:
    case_id = await open_case(database)
    await hear(database, case_id, "Hej", reach="amina@example.org")
    await say(database, case_id, "Den första.", NOW)
    await say(database, case_id, "Den andra.", NOW + timedelta(seconds=1))
    looking, copy = unread(writer, "email"), Unread._copy

    def fail_once(self: Unread, letter: Any, *rest: Any) -> Any:
        if letter.message.text == "Den första.":
            raise KeyError("ours")
        return copy(self, letter, *rest)

    looking._copy = partial(fail_once, looking)  # type: ignore[method-assign]  # one fault of ours, made here
    with capture_logs() as logged:
        assert await looking.look(NOW - timedelta(days=1), NOW + timedelta(hours=1)) == 1
    assert [each["event"] for each in logged if each["log_level"] == "error"] == ["chat.failed"]
    query = select(table(OutboxEntry).c.text).where(table(OutboxEntry).c.channel == "email")
    (text,) = await database.read(lambda connection: connection.execute(query).scalars().all())
    assert "Den andra." in text


async def test_a_fault_in_looking_for_unread_answers_ends_no_worker(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.unread.EVERY_SECONDS", 0.001)
    looking, faults = unread(writer, "email"), [KeyError("ours"), ExceptionGroup("two", [ValueError()])]
    again = asyncio.Event()

    async def look(_since: datetime, _now: datetime) -> int:
        if faults:
            raise faults.pop()
        again.set()
        return 0

    looking.look = look  # type: ignore[method-assign]
    with capture_logs() as logged:
        task = asyncio.create_task(looking.run())
        await asyncio.wait_for(again.wait(), 20)
        task.cancel()
    assert [each["event"] for each in logged] == ["chat.failed"] * 2


async def test_who_waits_here_hears_what_another_process_wrote(database: Database) -> None:
    case_id = await open_case(database)
    await hear(database, case_id, "Hej")
    bell = Bell(database, room=10)
    with bell.listen(CONTACT) as waiting:
        hearing = asyncio.create_task(waiting.wait(30))
        await asyncio.sleep(0)
        await say(database, case_id, "Vi byter den.", datetime.now(UTC))
        assert await hearing
    # Nobody waits any more.
    bell.ring(CONTACT)


async def test_one_browser_has_a_few_windows_and_all_end_when_the_service_does(database: Database) -> None:
    bell = Bell(database, room=MOST_OF_ONE + 1)
    opened = [bell.listen(CONTACT) for _ in range(MOST_OF_ONE + 1)]
    waiting = [each.__enter__() for each in opened]
    assert [each.ended for each in waiting] == [True, *[False] * MOST_OF_ONE]
    with pytest.raises(TooManyWait), bell.listen(OTHER):
        pass
    bell.end_all()
    assert [each.ended for each in waiting] == [True] * (MOST_OF_ONE + 1)
    assert [await each.wait(30) for each in waiting] == [True] * (MOST_OF_ONE + 1)
    for each in opened:
        each.__exit__(None, None, None)


async def test_the_page_of_a_case_knows_facts_and_no_words(database: Database) -> None:
    case_id = await open_case(database)
    await hear(database, case_id, "Hemliga ord", reach="amina@example.org")
    await say(database, case_id, "Tack!", purpose="receipt")
    joined = await open_case(database, joined_to=case_id, state="joined")
    for each in (case_id, joined):
        found = await database.read(partial(find_status, case_id=each))
        assert found is not None
        assert found.case.id == case_id
        assert [(letter.purpose, letter.state) for letter in found.letters] == [("receipt", "sent")]
        assert "Hemliga ord" not in repr(found)
    assert await database.read(partial(find_status, case_id=new_id())) is None
    gone = await open_case(database, state="disposed")
    assert await database.read(partial(find_status, case_id=gone)) is None

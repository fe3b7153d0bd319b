"""Finding cases by their words. Each test runs on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from gateway.indexing import Indexer
from normalizer.messages import RawMessage
from normalizer.reference import make_reference, show_reference
from store import rows, search
from store.access import NOTHING, PROTECTED, SECRET, Scope
from store.changes import INSERT_CASE
from store.database import Database
from store.ids import new_id
from store.rows import Understood
from store.search_tables import SearchText
from store.statements import table
from store.tables import Case, Event, Message
from store.writer import Writer, apply

NOW = datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC)
CENTRE = Scope(
    member="m1", whole=frozenset({"", "teknik"}), secret=frozenset({""}), listed=frozenset({"social"})
)
SOCIAL = Scope(member="m2", whole=frozenset({"social"}), secret=frozenset({"social"}))
RAW = RawMessage(channel="email", received_at=NOW, body=b"Hej")
numbers = iter(range(1, 10**6))
_case, _message, _event = table(Case), table(Message), table(Event)


def put(connection: Any, words: str, *, department: str = "", name: str = "", **changed: Any) -> str:
    """A case with one message, as the intake leaves it; returns its id."""
    case_id, message_id = new_id(), new_id()
    opened = rows.case_change(
        RAW,
        Understood(message=None, decision=None, failed_step="", error=""),
        case_id,
        reference=make_reference(next(numbers)),
        due=date(2026, 11, 26),
    )
    first = {**opened[1], "department": department}
    apply(
        connection,
        [
            (INSERT_CASE, first),
            rows.raw_change(RAW, message_id, case_id, f"id:{message_id}", "0" * 64),
            rows.event_change(case_id, "case.received", NOW, {}),
        ],
    )
    connection.execute(
        insert(_message).values(
            id=message_id, case_id=case_id, kind="message", received_at=NOW, subject="", text=words, language="sv",
            sender={"channel": "email", "value": "asa@example.com", "name": name}, answer_to=[], recipients=[],
            category="", place="", occurred="", message_id="", references=[], withheld="", receipt={},
        )
    )  # fmt: skip
    if changed:
        connection.execute(update(_case).where(_case.c.id == case_id).values(**changed))
    return case_id


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    running = Writer(database)
    task = asyncio.create_task(running.run())
    yield running
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def indexer(database: Database, writer: Writer) -> Indexer:
    return Indexer(database=database, writer=writer, node="one")


async def follow(indexer: Indexer) -> None:
    while await indexer.step():
        pass


async def ask(database: Database, typed: str, scope: Scope = CENTRE, **more: Any) -> list[str]:
    found = await database.read(partial(search.search, scope=scope, typed=typed, **more))
    return [line.case.id for line in found.lines]


Put = Callable[..., Any]


async def test_cases_are_found_by_forms_parts_spellings_names_and_addresses(
    database: Database, writer: Writer, indexer: Indexer
) -> None:
    hole = await writer.call(
        partial(put, words="Ett stort potthål på cykelbanan vid Björnövägen", name="Åsa Lindh")
    )
    lamp = await writer.call(partial(put, words="Gatlyktan är trasig, ring 070-174 06 05"))
    await follow(indexer)
    for typed, expected in (
        ("hålet", [hole]),
        ("CYKEL", [hole]),
        ("bana", [hole]),
        ("bjornovagen", [hole]),
        ("asa lind", [hole]),
        ("asa@example.com", [lamp, hole]),
        ("0701740605", [lamp]),
        ("trasiga lyktor", [lamp]),
        ("trasiga hål", []),
        ("", []),
        ("\" OR * ' \\ : & !", []),
    ):
        assert await ask(database, typed) == expected, typed


async def test_a_number_finds_its_case_at_once_in_any_spelling(database: Database, writer: Writer) -> None:
    case = await writer.call(partial(put, words="Hej"))
    reference = await database.read(
        lambda c: c.execute(select(_case.c.reference).where(_case.c.id == case)).scalar_one()
    )
    assert await ask(database, show_reference(reference).lower()) == [case]
    assert await ask(database, show_reference(reference), SOCIAL) == []


async def test_each_finds_what_they_may_read_and_no_more(
    database: Database, writer: Writer, indexer: Indexer
) -> None:
    ids = {
        name: await writer.call(partial(put, words="Samma ord här", **values))
        for name, values in {
            "new": {},
            "road": {"department": "teknik"},
            "social": {"department": "social"},
            "secret": {"department": "teknik", "secrecy": SECRET},
            "held": {"department": "teknik", "secrecy": PROTECTED, "holder": "m1"},
            "centre_secret": {"secrecy": SECRET},
            "gone": {"state": "disposed"},
        }.items()
    }
    await follow(indexer)
    assert set(await ask(database, "ord")) == {ids[name] for name in ("new", "road", "held", "centre_secret")}
    assert await ask(database, "ord", SOCIAL) == [ids["social"]]
    assert await ask(database, "ord", NOTHING) == []
    # A move counts at once, whatever the index knows.
    await writer.call(
        lambda c: c.execute(update(_case).where(_case.c.id == ids["road"]).values(department="social"))
    )
    assert ids["road"] in await ask(database, "ord", SOCIAL)
    assert ids["road"] not in await ask(database, "ord")


async def test_long_answers_come_page_by_page_the_newest_first(
    database: Database, writer: Writer, indexer: Indexer
) -> None:
    ids = [await writer.call(partial(put, words="snö på vägen")) for _ in range(7)]
    await follow(indexer)
    first = await database.read(partial(search.search, scope=CENTRE, typed="snö", limit=3))
    second = await database.read(
        partial(search.search, scope=CENTRE, typed="snö", limit=3, after=first.after)
    )
    third = await database.read(
        partial(search.search, scope=CENTRE, typed="snö", limit=3, after=second.after)
    )
    assert [line.case.id for page in (first, second, third) for line in page.lines] == ids[::-1]
    assert third.after is None


async def test_what_is_said_later_is_found_and_a_repeated_start_changes_nothing(
    database: Database, writer: Writer, indexer: Indexer
) -> None:
    case = await writer.call(partial(put, words="snö"))
    await follow(indexer)

    def add(connection: Any) -> None:
        connection.execute(
            update(_message).where(_message.c.case_id == case).values(new_text="is på trottoaren")
        )
        apply(connection, [rows.event_change(case, "message.added", NOW, {})])

    await writer.call(add)
    await follow(indexer)
    assert (await ask(database, "trottoar"), await ask(database, "snö")) == ([case], [])
    await writer.call(lambda c: c.execute(text("DELETE FROM search_marks")))
    await follow(Indexer(database=database, writer=writer, node="one"))
    assert await ask(database, "trottoar") == [case]
    assert await database.read(lambda c: len(c.execute(select(table(SearchText))).all())) == 1


async def test_what_another_node_committed_late_is_found_by_looking_back(
    database: Database, writer: Writer, indexer: Indexer
) -> None:
    late = await writer.call(partial(put, words="försenat ord"))
    # Its event is older than what was followed already.
    await writer.call(lambda c: search.write_cases(c, [], mark=new_id()))
    await follow(indexer)
    assert await ask(database, "försenat") == []
    back = Indexer(database=database, writer=writer, node="one", clock=lambda: datetime.now(UTC))
    assert await back.look_back()
    assert await ask(database, "försenat") == [late]
    assert not await back.look_back()


async def test_two_nodes_do_not_work_at_it_at_once(
    database: Database, writer: Writer, indexer: Indexer
) -> None:
    await writer.call(partial(put, words="ett"))
    await follow(indexer)
    await writer.call(partial(put, words="två"))
    other = Indexer(database=database, writer=writer, node="two")
    assert not await other.step()
    assert await indexer.step()


async def test_a_disposed_case_leaves_the_index_with_its_words(
    database: Database, writer: Writer, indexer: Indexer
) -> None:
    case = await writer.call(partial(put, words="hemligord"))
    await follow(indexer)
    indexed = await database.read(partial(search.read_cases, case_ids=[case]))

    def dispose(connection: Any) -> None:
        connection.execute(update(_case).where(_case.c.id == case).values(state="disposed"))
        search.forget(connection, case)

    await writer.call(dispose)
    # A follower that had read it before does not bring it back.
    await writer.call(partial(search.write_cases, cases=indexed))
    assert await database.read(lambda c: c.execute(select(table(SearchText))).all()) == []
    assert await ask(database, "hemligord") == []

"""The feed on SQLite and on PostgreSQL: no event is passed by, however late it is committed, and none has two places."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from config.settings import Settings
from gateway.downstream.publisher import Publisher
from gateway.mailboxes import StoreLedger
from gateway.parts import read_city
from store import feed, rows
from store.access import PROTECTED, SECRET, Scope
from store.chats import id_at
from store.database import Database, open_database
from store.errors import RowRefused
from store.statements import table
from store.tables import Case
from store.writer import Writer, apply
from tests.contract.test_store import write

ALL = Scope(whole=frozenset({"", "teknik", "skola"}))


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    running = Writer(database)
    task = asyncio.create_task(running.run())
    yield running
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def publisher(database: Database, writer: Writer) -> Publisher:
    return Publisher(
        database=database,
        writer=writer,
        leases=StoreLedger(database, writer, node="ett"),
        organisation=read_city(Settings()),
    )


async def add_case(writer: Writer, **values: Any) -> str:
    made = write(department="teknik")
    await writer.submit(made)
    if values:
        await writer.call(
            lambda c: (
                c.execute(
                    update(table(Case)).where(table(Case).c.id == made.case_id).values(**values)
                ).rowcount
            )
        )
    return made.case_id


async def add_event(writer: Writer, case_id: str, kind: str, made: datetime | None = None) -> str:
    change = rows.event_change(case_id, kind, datetime.now(UTC), {"by": "x"})
    if made is not None:
        change[1]["id"] = id_at(made)[:12] + change[1]["id"][12:]
    await writer.call(lambda connection: apply(connection, [change]))
    return change[1]["id"]


async def read(database: Database, scope: Scope = ALL, after: int = 0, limit: int = 100) -> feed.Page:
    return await database.read(partial(feed.read_feed, scope=scope, after=after, limit=limit))


async def test_events_get_positions_without_gaps_once(database: Database, writer: Writer) -> None:
    case = await add_case(writer)
    names = [await add_event(writer, case, f"case.{number}") for number in range(5)]
    follower = publisher(database, writer)
    assert not await follower.look()
    assert not await follower.look()
    found = await read(database)
    assert [row.position for row in found.events] == [1, 2, 3, 4, 5, 6]
    assert [row.id for row in found.events][1:] == names
    assert found.reached == 6
    assert [row.position for row in (await read(database, after=4)).events] == [5, 6]
    assert (await read(database, limit=2)).reached == 2
    assert (await read(database, after=600)).reached == 600


async def test_what_is_made_earlier_and_committed_later_comes_later(
    database: Database, writer: Writer
) -> None:
    case, follower = await add_case(writer), publisher(database, writer)
    await follower.look()
    now = datetime.now(UTC)
    near = await add_event(writer, case, "case.near", now - feed.NEAR + timedelta(seconds=5))
    await follower.look()
    far = await add_event(writer, case, "case.far", now - feed.FAR + timedelta(minutes=1))
    await follower.look()
    assert [row.id for row in (await read(database)).events][1:] == [near]
    follower._far_at = float("-inf")  # a minute later
    await follower.look()
    assert [row.id for row in (await read(database)).events][1:] == [near, far]


async def test_a_node_whose_clock_is_ahead_hides_nobody(database: Database, writer: Writer) -> None:
    case, follower = await add_case(writer), publisher(database, writer)
    await add_event(writer, case, "case.ahead", datetime.now(UTC) + timedelta(days=2))
    await follower.look()
    name = await add_event(writer, case, "case.accepted")
    await follower.look()
    assert name in [row.id for row in (await read(database)).events]


async def test_two_nodes_at_once_give_each_event_one_place(
    database: Database, database_url: str, writer: Writer
) -> None:
    case = await add_case(writer)
    for number in range(40):
        await add_event(writer, case, f"case.{number}")
    found = await database.read(
        partial(feed.find_unpublished, reach=feed.FAR, now=datetime.now(UTC), limit=100)
    )
    now = datetime.now(UTC)
    await writer.call(partial(feed.publish, found=found[:10], at=now))
    other = open_database(database_url)
    late = Writer(other)
    task = asyncio.create_task(late.run())
    with pytest.raises(RowRefused):  # it had looked before the first one wrote
        await late.call(partial(feed.publish, found=found, at=now))
    await late.call(partial(feed.publish, found=found[10:], at=now))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await other.close()
    page = await read(database)
    assert [row.position for row in page.events] == list(range(1, 42))
    assert len({row.id for row in page.events}) == 41


async def test_an_event_of_a_case_that_the_reader_may_not_list_does_not_exist(
    database: Database, writer: Writer
) -> None:
    mine, moved = await add_case(writer), await add_case(writer)
    secret, protected = await add_case(writer, secrecy=SECRET), await add_case(writer, secrecy=PROTECTED)
    # It was ours at the event; what it is now decides.
    await writer.call(
        lambda c: (
            c.execute(
                update(table(Case)).where(table(Case).c.id == moved).values(department="skola")
            ).rowcount
        )
    )
    await publisher(database, writer).look()

    async def seen(**scope: frozenset[str]) -> set[str]:
        return {row.case_id for row in (await read(database, Scope(**scope))).events}

    teknik = frozenset({"teknik"})
    assert await seen(whole=teknik) == {mine}
    assert await seen(whole=frozenset({"skola"})) == {moved}
    assert await seen(whole=teknik, secret=teknik) == {mine, secret}
    assert await seen(whole=teknik, listed=teknik) == {mine, secret, protected}
    assert await seen() == set()
    page = await read(database, Scope())
    assert page.reached == 4  # the cursor goes on beyond what is not seen
    other = Scope(whole=frozenset({"skola"}))
    assert await database.read(partial(feed.find_event, scope=other, position=1)) is None
    assert await database.read(partial(feed.find_event, scope=ALL, position=1)) is not None


async def test_a_reader_of_few_cases_comes_through_a_long_feed(
    database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "WINDOW", 3)
    others = [await add_case(writer, department="skola") for _ in range(7)]
    mine = await add_case(writer)
    await publisher(database, writer).look()
    after, found, asked = 0, [], 0
    while len(others) >= after:
        page = await read(database, Scope(whole=frozenset({"teknik"})), after=after)
        found += [row.case_id for row in page.events]
        after, asked = page.reached, asked + 1
    assert found == [mine]
    assert asked == 3

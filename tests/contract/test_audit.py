"""The audit trail on both databases: a chain that tells of any change, and a database that refuses one."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store.audit import FIRST, append, find_break, list_entries
from store.database import Database
from store.errors import StoreError
from store.schema import migrate

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)


async def fill(database: Database, count: int = 5) -> None:
    await migrate(database)
    async with database.transaction() as run:
        for number in range(count):
            await run(
                lambda c, n=number: append(c, at=NOW, by="m1", action="case.read", case_id=f"c{n}", n=n)
            )


async def test_entries_hold_together_and_come_newest_first(database: Database) -> None:
    await fill(database)
    broken, newest = await database.read(find_break)
    assert broken == 0
    rows = await database.read(list_entries)
    assert [row.position for row in rows] == [5, 4, 3, 2, 1]
    assert rows[0].hash == newest
    assert rows[-1].previous == FIRST
    assert [row.position for row in await database.read(lambda c: list_entries(c, before=3, limit=1))] == [2]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit WHERE position = 2"]
)
async def test_the_database_refuses_to_change_or_delete_one(database: Database, statement: str) -> None:
    await fill(database)
    with pytest.raises((DBAPIError, StoreError)):
        async with database.transaction() as run:
            await run(lambda c: c.execute(text(statement)))
    assert await database.read(find_break) == (0, (await database.read(list_entries))[0].hash)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET action = 'x' WHERE position = 3", 3),
        ("DELETE FROM audit WHERE position = 2", 2),
        ("UPDATE audit SET case_id = 'other' WHERE position = 1", 1),
    ],
)
async def test_whoever_gets_round_that_breaks_the_chain(
    database: Database, statement: str, found: int
) -> None:
    await fill(database)
    async with database.transaction() as run:
        is_sqlite = await run(lambda c: c.dialect.name == "sqlite")
        guards = ("audit_stays", "audit_kept") if is_sqlite else ("audit_stays",)
        for guard in guards:
            drop = f"DROP TRIGGER {guard}" + ("" if is_sqlite else " ON audit")
            await run(lambda c, d=drop: c.execute(text(d)))
        await run(lambda c: c.execute(text(statement)))
    assert (await database.read(find_break))[0] == found

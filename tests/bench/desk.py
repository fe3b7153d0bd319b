"""Lists and search of the staff over very many cases: how long the server takes for a page."""

import asyncio
import http.client
import secrets
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import asyncpg
import msgspec
from sqlalchemy import JSON, create_engine, select

from gateway.staff.door import COOKIE, hash_token
from store.database import open_database
from store.ids import new_id
from store.inbox import LISTS
from store.schema import migrate
from store.search_tables import FULL_TEXT, SearchText
from store.staff import add_member, open_session
from store.statements import table
from store.tables import Case, Event, Message, OutboxEntry, Raw
from tests.bench.seed import ALPHABET, TABLES, Row, multiply
from tests.bench.service import Broken, Service

CASES = 100_000
TIMES = 9
"""How often each page is asked for; the middle one counts."""
COPIED = (Case, Raw, Message, OutboxEntry, Event, SearchText)

MEMBERS = {
    "the contact centre": (["contact_centre"], []),
    "a department": (["department"], ["Tekniska nämnden"]),
}
QUESTIONS = (
    "gatlyktan",
    "trasig gunga lekplats",
    "hål i gatan vid Storgatan",
    "Andersson Hamngatan vatten",
    "rullator",
    "ordsomingenskrivit",
)


def fill(seed: Path, say: Callable[[int], None]) -> None:
    """Multiply the seed's few cases. A quarter is closed, the others wait, some for two years: worse than any city."""

    def vary(case: Row, moment: int) -> None:
        arrived = datetime.fromtimestamp(moment / 1000, UTC)
        case["due"] = str((arrived + timedelta(days=2)).date())
        case["state"] = "closed" if case["reference"][-1] in ALPHABET[:8] else "open"

    multiply(seed, CASES, say, (*TABLES, "search_texts"), vary)
    with closing(sqlite3.connect(seed)) as database:
        database.execute(f"INSERT INTO {FULL_TEXT}({FULL_TEXT}) VALUES ('rebuild')")
        database.commit()


def wait_until_indexed(file: Path) -> None:
    """Return when the follower has put every case into the search. Raises Broken."""
    until = time.monotonic() + 60
    with closing(sqlite3.connect(file, timeout=10)) as database:
        while database.execute(
            "SELECT (SELECT count(*) FROM cases) > (SELECT count(*) FROM search_texts)"
        ).fetchone()[0]:
            if time.monotonic() > until:
                raise Broken("the search did not take up the first cases")
            time.sleep(0.2)


def copy_to_postgres(seed: Path, url: str) -> str:
    """The same cases in a PostgreSQL database of their own; its URL."""
    return asyncio.run(_copy(seed, url))


async def _copy(seed: Path, url: str) -> str:
    administrator = await asyncpg.connect(url)
    name = f"desk_{secrets.token_hex(4)}"
    await administrator.execute(f"CREATE DATABASE {name}")
    await administrator.close()
    head, _, options = url.partition("?")
    target = f"{head.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
    database = open_database(target)
    await migrate(database)
    await database.close()
    engine = create_engine(f"sqlite:///{seed}")
    line = await asyncpg.connect(target)
    with engine.connect() as source:
        for model in COPIED:
            columns = [column.name for column in table(model).columns]
            types = [column.type for column in table(model).columns]
            found = source.execution_options(yield_per=5000).execute(select(table(model)))
            await line.copy_records_to_table(
                table(model).name, records=_records(found, types), columns=columns
            )
    await line.execute("ANALYZE")
    await line.close()
    engine.dispose()
    return target


def _records(found: Any, types: list[Any]) -> Iterator[tuple[Any, ...]]:
    json = [isinstance(each, JSON) for each in types]
    for row in found:
        yield tuple(
            msgspec.json.encode(value).decode() if is_json and value is not None else value
            for value, is_json in zip(row, json, strict=True)
        )


def measure(service: Service, url: str) -> dict[str, float]:
    """The slowest page of each sort, in milliseconds: the middle of some requests for each."""
    found: dict[str, float] = {}
    for who, (roles, boards) in MEMBERS.items():
        token = asyncio.run(_sign_in(url, who, roles, boards))
        for name in LISTS:
            found[f"{who}, list {name}"] = _time(service, token, "GET", f"/staff?list={name}")
        for question in QUESTIONS:
            found[f"{who}, search {question}"] = _time(
                service, token, "POST", "/staff/search", urlencode({"q": question})
            )
    return found


def _time(service: Service, token: str, method: str, path: str, body: str = "") -> float:
    times = []
    headers = {"cookie": f"{COOKIE}={token}", "sec-fetch-site": "same-origin"}
    if body:
        headers["content-type"] = "application/x-www-form-urlencoded"
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)) as line:
        for _ in range(TIMES):
            began = time.perf_counter()
            line.request(method, path, body or None, headers)
            answer = line.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            if answer.status != 200:
                raise Broken(f"{path} was answered {answer.status}")
    return statistics.median(times) * 1000


async def _sign_in(url: str, name: str, roles: list[str], boards: list[str]) -> str:
    token, member, now = new_id(), new_id(), datetime.now(UTC)
    database = open_database(url)
    async with database.transaction() as run:
        await run(
            lambda c: add_member(
                c,
                id=member,
                login=f"{member}@example.org",
                name=name,
                password="",
                subject="",
                roles=roles,
                boards=boards,
                departments=[],
                created_at=now,
                failures=0,
            )
        )
        await run(
            lambda c: open_session(
                c,
                id=hash_token(token),
                member_id=member,
                made_at=now,
                seen_at=now,
                ends_at=now + timedelta(hours=8),
                checked_at=now,
                refresh="",
            )
        )
    await database.close()
    return token

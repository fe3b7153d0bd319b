"""A database as one file, consistent while it is written to, and that file as a database again.

SQLite copies itself (https://www.sqlite.org/backup.html). PostgreSQL is copied by its own programs, pg_dump and
pg_restore, which must not be older than the server.
"""

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlmodel import SQLModel

from store.database import open_database
from store.errors import StoreError
from store.staff_tables import LetterFile
from store.statements import table
from store.tables import Case, File, Message, OutboxEntry, Raw

_SENTENCE = 500
# characters of what a program said


class CopyFailed(StoreError):
    """The database could not be copied, or the copy could not be put back. The text says why and what to do."""


def kind_of(url: str) -> str:
    """Which database it is, "sqlite" or "postgresql": a copy of the one is of no use to the other."""
    return make_url(url).get_backend_name()


class Copied(NamedTuple):
    """What is in a copy."""

    revision: str
    # of its tables
    counts: dict[str, int]
    blobs: set[str]
    # that its rows name


async def copy_database(url: str, target: Path) -> Copied:
    """Write all of it, as it is at one moment, to a new file. Raises StoreError."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        await asyncio.to_thread(_copy_sqlite, str(parsed.database), target)
        copy = open_database(f"sqlite:///{target}")
        found: Copied
        try:
            found = await copy.read(_look)
        finally:
            await copy.close()
        for end in ("-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
        return found
    database = open_database(url)
    try:
        async with database.transaction() as run:
            # What we count and what pg_dump reads is the database of the same moment.
            snapshot = await run(_take_snapshot)
            found = await run(_look)
            options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
            await _run(parsed, "pg_dump", *options, f"--file={target}")
    finally:
        await database.close()
    return found


def _take_snapshot(connection: Connection) -> str:
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    return str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())


def _look(connection: Connection) -> Copied:
    revision = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    return Copied(revision, count(connection), name_blobs(connection))


async def restore_database(url: str, source: Path) -> None:
    """Put a copy back where nothing is. All of it is there in the end, or nothing. Raises CopyFailed."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        await asyncio.to_thread(_restore_sqlite, source, Path(str(parsed.database)))
        return
    name = str(parsed.database)
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    await _run(parsed, "pg_restore", *options, f"--dbname={name}", str(source))


def is_empty(connection: Connection) -> bool:
    """There is no table yet."""
    return not inspect(connection).get_table_names()


def _copy_sqlite(database: str, target: Path) -> None:
    try:
        with closing(sqlite3.connect(database)) as ours, closing(sqlite3.connect(target)) as copy:
            # In one step: one that lets writers in between begins again at every commit.
            ours.backup(copy, pages=-1)
            # The copy is one file, and not one with a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
            _check(copy)
    except sqlite3.Error as error:
        raise CopyFailed(f"The database cannot be copied: {error}") from error
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _restore_sqlite(source: Path, database: Path) -> None:
    fresh = database.with_name(f"{database.name}.restoring")
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, fresh)
        with closing(sqlite3.connect(fresh)) as copy:
            _check(copy)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        # A link never takes the place of a database that is there.
        os.link(fresh, database)
    except (OSError, sqlite3.Error) as error:
        raise CopyFailed(f"{database} cannot be written: {error}") from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _check(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise CopyFailed(f"The database is damaged: {found}. Keep everything as it is, and ask for help.")


async def _run(url: URL, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. The password goes by the environment, where nobody else sees it."""
    if shutil.which(program) is None:
        raise CopyFailed(f"{program} is not installed here. Debian has it in postgresql-client.")
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env={**os.environ, **_environment(url)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        said = (await process.communicate())[1].decode("utf-8", "replace").strip()
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        raise
    if process.returncode:
        raise CopyFailed(f"{program}: {said[:_SENTENCE]}")


def _environment(url: URL) -> dict[str, str]:
    """How to reach the server, as libpq reads it (PostgreSQL's documentation, "Environment Variables")."""
    query = {name: value if isinstance(value, str) else value[0] for name, value in url.query.items()}
    found = {
        "PGHOST": query.get("host") or url.host,
        "PGPORT": query.get("port") or (str(url.port) if url.port else None),
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode") or query.get("ssl"),
    }
    return {name: value for name, value in found.items() if value}


_COUNTED: dict[str, type[SQLModel]] = {
    "cases": Case,
    "deliveries": Raw,
    "messages": Message,
    "letters": OutboxEntry,
}


def count(connection: Connection) -> dict[str, int]:
    """What there is: rows of the main tables, and the letters that are still to be sent."""
    found: dict[str, int] = {}
    for name, each in _COUNTED.items():
        found[name] = connection.execute(select(func.count()).select_from(table(each))).scalar_one()
    outbox = table(OutboxEntry)
    queued = select(func.count()).select_from(outbox).where(outbox.c.state == "queued")
    return found | {"queued": connection.execute(queued).scalar_one()}


def name_blobs(connection: Connection) -> set[str]:
    """Every blob that a row names."""
    raw, file, letter = table(Raw), table(File), table(LetterFile)
    found: set[str] = set()
    for each, content in ((raw, raw.c.body), (file, file.c.content), (letter, letter.c.content)):
        found.update(connection.execute(select(each.c.sha256).where(content.is_(None))).scalars())
    return found

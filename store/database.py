"""Where SQL runs: SQLite in this process, or PostgreSQL. The statements are the same on both.

Code that speaks SQL is a plain function of a SQLAlchemy Connection. `read` runs one on a connection of its own;
`transaction` gives the writer the one connection that writes. `commit` is the busy road: rows of many callers,
by the driver itself.
"""

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from store.changes import Row, write_json
from store.errors import StoreUnavailable
from store.faults import brief, is_outage, refusal
from store.sql import Found, columns_of, postgres_batch, repeated_text, sqlite_text
from store.statements import Statement

T = TypeVar("T")

Decide = Callable[[Sequence[Found]], Mapping[Statement, Sequence[Row]]]
"""What to write, in order, knowing which of the deliveries are here already."""

CHECKPOINT_ROWS = 8000
"""Rows written, some 16 MB, after which the write-ahead log is carried over into the database."""

LOCK_WAIT = 10.0
"""Seconds that SQLite waits for another process (the command line) to finish writing."""

RUN_TIMEOUT = 15.0
"""Seconds after which a silent PostgreSQL counts as gone."""


class Database(ABC):
    """One database. `url` is SQLAlchemy's: sqlite:///path or postgresql://user@host/name."""

    @abstractmethod
    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run one query on a connection of its own. Raises StoreUnavailable."""

    @abstractmethod
    async def commit(self, external_ids: Sequence[str], decide: Decide) -> None:
        """Look these deliveries up, write what `decide` makes of that, and return when it is durable.

        All of it is kept, or nothing. Raises StoreUnavailable or RowRefused.
        """

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Callable[[Callable[[Connection], T]], Any]]:
        """One transaction on the writing connection; yields `run`, to be awaited. Commits at the end."""

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""


def open_database(url: str) -> Database:
    """The database behind a URL, unopened: the first use connects."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteDatabase(url)
    return PostgresDatabase(url)


def sync_url(url: str) -> str:
    """The same database for a blocking connection, as migrations use it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite").render_as_string(hide_password=False)
    return parsed.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


class SqliteDatabase(Database):
    """SQLite in WAL mode with synchronous=FULL: a commit is on the disk when it returns.

    Statements of a write run on the event loop, for they take microseconds and another thread would
    only wait for the same interpreter lock; what waits for the disk (BEGIN, COMMIT, reads) is in a thread.
    """

    def __init__(self, url: str) -> None:
        file = make_url(url).database
        if file and file != ":memory:":
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(
            sync_url(url),
            json_serializer=write_json,
            json_deserializer=msgspec.json.decode,
            connect_args={"check_same_thread": False, "timeout": LOCK_WAIT},
        )
        event.listen(self._engine, "connect", _prepare_sqlite)
        self._writing: Connection | None = None
        self._turn = asyncio.Lock()
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._tidying: asyncio.Future[None] | None = None
        self._rows = 0

    async def read(self, query: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._engine.connect() as connection:
                return query(connection)

        try:
            return await asyncio.to_thread(run)
        except OperationalError as error:
            raise StoreUnavailable(brief(error)) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Callable[[Callable[[Connection], T]], Any]]:
        async with self._turn:
            connection = await self._take_turn()
            driver = self._driver(connection)
            connection.begin()  # SQLAlchemy's own bookkeeping: what it is told now, nobody begins again

            async def run(statements: Callable[[Connection], T]) -> T:
                return statements(connection)

            try:
                yield run
                # Only this waits for the disk, and lets go of the interpreter lock while it does.
                await self._on_disk(driver.execute, "COMMIT")
                connection.rollback()  # ends SQLAlchemy's own bookkeeping; the data is committed
            except BaseException as error:
                await asyncio.shield(self._undo(connection))
                if isinstance(error, OperationalError | sqlite3.OperationalError):
                    raise StoreUnavailable(brief(error)) from error
                raise

    async def commit(self, external_ids: Sequence[str], decide: Decide) -> None:
        dialect = self._engine.dialect
        async with self._turn:
            connection = await self._take_turn()
            driver = self._driver(connection)
            try:
                found = []
                if external_ids:
                    text = repeated_text(dialect)
                    found = driver.execute(text, (write_json(external_ids),)).fetchall()
                for statement, rows in decide(found).items():
                    driver.executemany(sqlite_text(statement, dialect), rows)
                    self._rows += len(rows)
                # Only this waits for the disk, and lets go of the interpreter lock while it does.
                await self._on_disk(driver.execute, "COMMIT")
                self._tidy()
            except BaseException as error:
                await asyncio.shield(self._undo(connection))
                if isinstance(error, Exception):
                    raise refusal(error) from error
                raise

    def _tidy(self) -> None:
        """Now and then carry the log over into the database, beside the next commits instead of in one of them."""
        if self._rows < CHECKPOINT_ROWS or (self._tidying is not None and not self._tidying.done()):
            return
        self._rows = 0
        self._tidying = asyncio.get_running_loop().run_in_executor(None, self._checkpoint)

    def _checkpoint(self) -> None:
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            # Passive: waits for nobody, and whoever writes meanwhile does not wait for it.
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    async def _connect_writing(self) -> Connection:
        if self._writing is None:
            self._writing = await asyncio.to_thread(self._engine.connect)
            self._driver(self._writing).execute("PRAGMA busy_timeout = 0")
        return self._writing

    async def _take_turn(self) -> Connection:
        """The connection that writes, in a transaction. Raises StoreUnavailable."""
        try:
            connection = await self._connect_writing()
            await self._begin(self._driver(connection))
        except (SQLAlchemyError, sqlite3.Error) as error:
            await self._forget()
            raise StoreUnavailable(brief(error)) from error
        except BaseException:
            if self._writing is not None:
                await asyncio.shield(self._undo(self._writing))
            raise
        return connection

    async def _begin(self, driver: sqlite3.Connection) -> None:
        """Take the write lock now, or two processes could both read and then collide."""
        try:
            # Nearly always free, and then it takes microseconds: another thread would cost more.
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            # The command line is writing. Wait for it, elsewhere.
            await self._on_disk(_wait_and_begin, driver)

    @staticmethod
    def _driver(connection: Connection) -> sqlite3.Connection:
        return connection.connection.driver_connection  # type: ignore[return-value]  # SQLAlchemy types any driver

    async def _undo(self, connection: Connection) -> None:
        def roll_back() -> None:
            if self._driver(connection).in_transaction:
                connection.exec_driver_sql("ROLLBACK")
            connection.rollback()

        try:
            # Where commits run: who was cancelled left one running, and two threads on one connection crash.
            await self._on_disk(roll_back)
        except SQLAlchemyError:
            await self._forget()

    async def _forget(self) -> None:
        connection, self._writing = self._writing, None
        if connection is not None:
            await self._on_disk(connection.invalidate)
            await self._on_disk(connection.close)

    def _on_disk(self, work: Callable[..., Any], *given: Any) -> asyncio.Future[Any]:
        """In the one thread that waits for the disk."""
        return asyncio.get_running_loop().run_in_executor(self._disk, work, *given)

    async def close(self) -> None:
        async with self._turn:
            if self._writing is not None:
                await self._on_disk(self._writing.close)
                self._writing = None
            await asyncio.to_thread(self._engine.dispose)
            self._disk.shutdown(wait=False)


def _wait_and_begin(driver: sqlite3.Connection) -> None:
    driver.execute(f"PRAGMA busy_timeout = {int(LOCK_WAIT * 1000)}")
    try:
        driver.execute("BEGIN IMMEDIATE")
    finally:
        driver.execute("PRAGMA busy_timeout = 0")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Transactions are begun and ended by us, in words.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "wal_autocheckpoint = 40000",  # a backstop: see _tidy
        "cache_size = -4000",
    ):
        connection.execute(f"PRAGMA {pragma}")


class PostgresDatabase(Database):
    """PostgreSQL through asyncpg. synchronous_commit is set on, whatever the server's default."""

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(
            sync_url(url),
            json_serializer=write_json,
            json_deserializer=msgspec.json.decode,
            pool_size=5,
            max_overflow=5,
            pool_pre_ping=True,
            connect_args={
                "timeout": 5,
                "command_timeout": RUN_TIMEOUT,
                "server_settings": {"synchronous_commit": "on", "application_name": "kvitto"},
            },
        )
        self._writing: AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def read(self, query: Callable[[Connection], T]) -> T:
        try:
            async with self._engine.connect() as connection:
                return await connection.run_sync(query)
        except (DBAPIError, OSError, TimeoutError) as error:
            raise StoreUnavailable(brief(error)) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Callable[[Callable[[Connection], T]], Any]]:
        async with self._turn:
            try:
                if self._writing is None:
                    self._writing = await self._engine.connect()
                connection = self._writing
                begun = await connection.begin()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                await self._forget()
                raise StoreUnavailable(brief(error)) from error
            try:
                yield connection.run_sync
                await begun.commit()
            except BaseException as error:
                await asyncio.shield(self._undo(connection, error))
                if is_outage(error):
                    raise StoreUnavailable(brief(error)) from error
                raise

    async def commit(self, external_ids: Sequence[str], decide: Decide) -> None:
        dialect = self._engine.dialect
        async with self._turn:
            try:
                if self._writing is None:
                    self._writing = await self._engine.connect()
                driver = await self._driver(self._writing)
                found: list[Any] = []
                if external_ids:
                    found = await driver.fetch(repeated_text(dialect), external_ids)
                work = decide(found)
                if work:
                    # One statement is one transaction: all of it is durable when it returns.
                    columns = [column for rows in work.values() for column in columns_of(rows)]
                    await driver.execute(postgres_batch(tuple(work), dialect), *columns)
            except Exception as error:
                # Every driver's errors, and those of its adapter, in our words.
                meaning = refusal(error)
                if isinstance(meaning, StoreUnavailable):
                    await asyncio.shield(self._forget())
                raise meaning from error

    @staticmethod
    async def _driver(connection: AsyncConnection) -> Any:
        return (await connection.get_raw_connection()).driver_connection

    async def _undo(self, connection: AsyncConnection, error: BaseException) -> None:
        try:
            if is_outage(error) or connection.invalidated:
                await self._forget()
            else:
                await connection.rollback()
        except (SQLAlchemyError, OSError, TimeoutError):
            await self._forget()

    async def _forget(self) -> None:
        connection, self._writing = self._writing, None
        if connection is not None:
            try:
                await connection.invalidate()
                await connection.close()
            except (SQLAlchemyError, OSError, TimeoutError):
                return  # it was gone already

    async def close(self) -> None:
        async with self._turn:
            if self._writing is not None:
                await self._writing.close()
                self._writing = None
            await self._engine.dispose()

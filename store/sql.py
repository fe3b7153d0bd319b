"""The statements in the words of each database, compiled once from SQLAlchemy's Core.

Core then steps aside: a row of a group commit needs none of what it does each time.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    Text,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from store.changes import Row
from store.statements import Statement, table
from store.tables import Raw, UtcTime


@lru_cache(maxsize=64)
def sqlite_text(statement: Statement, dialect: Dialect) -> str:
    """The statement for one row; SQLite's executemany takes the rows."""
    columns: dict[str, Any] = {name: bindparam(name) for name in statement.names if name != statement.key}
    if statement.key:
        where = statement.table.c.id == bindparam(statement.key)
        compiled = (
            update(statement.table).where(where, *_open(statement)).values(columns).compile(dialect=dialect)
        )
    else:
        compiled = insert(statement.table).values(columns).compile(dialect=dialect)
    # Core puts the columns in the table's order, and the rows come in that of the names.
    assert isinstance(compiled, SQLCompiler)
    assert tuple(compiled.positiontup or ()) == statement.names
    return str(compiled)


def _open(statement: Statement) -> list[ColumnElement[bool]]:
    """That a row is in none of the states that are final for this statement."""
    if not statement.final:
        return []
    # Written out, since the places of values belong to the row's own. They are words of ours.
    names: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in statement.final]
    return [statement.table.c.state.not_in(names)]


@lru_cache(maxsize=64)
def postgres_text(statement: Statement, dialect: Dialect) -> str:
    """The statement for any number of rows: each value is an array with that value of all rows."""
    arrays = [
        cast(bindparam(f"p{place}"), ARRAY(_carrier(statement.column(name).type)))
        for place, name in enumerate(statement.names)
    ]
    given = func.unnest(*arrays).table_valued(*statement.names).render_derived(name="given")
    values = {name: _cast_back(given.c[name], statement.column(name).type) for name in statement.names}
    if statement.key:
        where = statement.table.c.id == values.pop(statement.key)
        return str(
            update(statement.table).where(where, *_open(statement)).values(values).compile(dialect=dialect)
        )
    query = insert(statement.table).from_select(list(values), select(*values.values()))
    return str(query.compile(dialect=dialect))


@lru_cache(maxsize=256)
def postgres_batch(statements: tuple[Statement, ...], dialect: Dialect) -> str:
    """Several statements as one, so that a batch is one round trip and one transaction."""
    texts, before = [], 0
    for statement in statements:
        texts.append(_number_from(before, postgres_text(statement, dialect)))
        before += len(statement.names)
    parts = ", ".join(f"part{number} AS ({text})" for number, text in enumerate(texts[:-1]))
    return f"WITH {parts} {texts[-1]}" if parts else texts[-1]


def _number_from(before: int, text: str) -> str:
    return re.sub(r"\$(\d+)", lambda match: f"${int(match[1]) + before}", text)


def _carrier(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """What a value of this type travels as."""
    if isinstance(kind, Integer | Boolean | LargeBinary):
        return kind
    return Text()


def _cast_back(value: Any, kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, UtcTime):
        return cast(value, DateTime(timezone=True))
    return cast(value, kind) if isinstance(kind, JSON | Date) else value


def columns_of(rows: Sequence[Row]) -> list[list[Any]]:
    """Rows as one array a column, as PostgreSQL takes them."""
    return [list(column) for column in zip(*rows, strict=True)]


def execute(connection: Connection, statement: Statement, rows: Sequence[Row]) -> None:
    """Run a statement for all rows on SQLAlchemy's connection."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(sqlite_text(statement, connection.dialect), list(rows))
    else:
        text = postgres_text(statement, connection.dialect)
        connection.exec_driver_sql(text, tuple(columns_of(rows)))


_FOUND = ("channel", "account", "external_id", "case_id", "id")

Found = tuple[str, str, str, str, str]
"""A delivery that is here already: channel, account, external id, case id, id."""


@lru_cache(maxsize=4)
def repeated_text(dialect: Dialect) -> str:
    """Which of these deliveries are here already. One value: their external ids, a JSON list or an array."""
    raw = table(Raw)
    if dialect.name == "sqlite":
        ids = select(func.json_each(bindparam("ids")).table_valued("value").c.value)
        query = select(*(raw.c[name] for name in _FOUND)).where(raw.c.external_id.in_(ids))
    else:
        among = func.any(cast(bindparam("ids"), ARRAY(Text())))
        query = select(*(raw.c[name] for name in _FOUND)).where(raw.c.external_id == among)
    return str(query.compile(dialect=dialect))

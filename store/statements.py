"""The statements that write, in the order in which one transaction runs them.

Each is executed once a batch with the rows of everybody in it (executemany): a batch of fifty cases costs
little more than one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Dialect, Insert, Table, Update, bindparam, insert, select, update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from store.tables import Case, Event, File, Message, OutboxEntry, Raw, UtcTime, write_json, write_time


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One kind of change. `order` keeps what is pointed to before what points to it."""

    order: int
    sql: Insert | Update


class Prepared(NamedTuple):
    """A statement as one database's driver runs it."""

    text: str
    values: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    # a row's values in the order of the text's placeholders
    conversions: tuple[tuple[int, Callable[[Any], Any]], ...]
    # place -> what the database cannot take as it is (times, JSON)


@lru_cache(maxsize=64)
def prepare(statement: Statement, names: tuple[str, ...], dialect: Dialect) -> Prepared:
    """Compile once. Core then steps aside: a row of a group commit needs none of what it does each time."""
    compiled = statement.sql.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    order = list(compiled.positiontup or ())
    conversions = []
    for place, name in enumerate(order):
        convert = _conversion(compiled.binds[name].type, dialect)
        if convert is not None:
            conversions.append((place, convert))
    return Prepared(str(compiled), itemgetter(*order), tuple(conversions))


def _conversion(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value fit: as SQLAlchemy would, without its layers for the two types that are everywhere."""
    if isinstance(kind, JSON):
        return _write_json_or_null
    if isinstance(kind, UtcTime):
        return write_time if dialect.name == "sqlite" else None
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _write_json_or_null(value: Any) -> str | None:
    return None if value is None else write_json(value)


def execute(connection: Connection, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement once for each row."""
    prepared = prepare(statement, tuple(rows[0]), connection.dialect)
    parameters = []
    for row in rows:
        values: Any = prepared.values(row)
        if prepared.conversions:
            values = list(values)
            for place, convert in prepared.conversions:
                values[place] = convert(values[place])
            values = tuple(values)
        parameters.append(values)
    connection.exec_driver_sql(prepared.text, parameters)


Change = tuple[Statement, Mapping[str, Any]]
"""A statement and the values of one row."""


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a SQLModel class."""
    return model.__table__  # type: ignore[attr-defined, no-any-return]  # SQLModel adds it at run time


INSERT_CASE = Statement(1, insert(table(Case)))
INSERT_RAW = Statement(2, insert(table(Raw)))
INSERT_MESSAGE = Statement(3, insert(table(Message)))
INSERT_FILE = Statement(4, insert(table(File)))
INSERT_OUTBOX = Statement(5, insert(table(OutboxEntry)))
INSERT_EVENT = Statement(6, insert(table(Event)))

SETTLE = Statement(
    7,
    update(table(OutboxEntry))
    .where(table(OutboxEntry).c.id == bindparam("entry"))
    .values({name: bindparam(name) for name in ("state", "due_at", "claimed_by", "attempts", "results")}),
)
"""The result of an attempt: values entry, state, due_at, claimed_by, attempts, results."""

UNDERSTAND = Statement(
    8,
    update(table(Case))
    .where(table(Case).c.id == bindparam("case"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "state",
                "department",
                "routing",
                "kind",
                "category",
                "language",
                "subject",
                "failed_step",
                "error",
            )
        }
    ),
)
"""A case whose message was understood at last."""

IDENTIFY = Statement(
    9,
    update(table(Raw))
    .where(table(Raw).c.id == bindparam("raw"))
    .values(external_id=bindparam("external_id")),
)
"""The raw message of such a case gets the identity that it would have had at once."""

PROMISE = Statement(
    10,
    update(table(Message))
    .where(table(Message).c.id == bindparam("message"))
    .values({name: bindparam(name) for name in ("withheld", "receipt")}),
)
"""The receipt of a message for which none could be made at first."""

REPEATED = select(
    *(table(Raw).c[name] for name in ("channel", "account", "external_id", "case_id", "id"))
).where(table(Raw).c.external_id.in_(bindparam("ids", expanding=True)))
"""Which of these deliveries are here already."""

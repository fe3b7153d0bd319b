"""The statements that write, in the order in which one transaction runs them.

Each runs once for a whole batch of rows, whoever they belong to: a batch of fifty cases costs little more
than one. Rows travel as tuples of text, numbers and bytes, the same for both databases. `store.sql` has the
words of each database.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import JSON, Column, Date, Table
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from store.tables import Case, Event, File, Message, OutboxEntry, Raw, UtcTime, write_json, write_time

Fitted = tuple[Any, ...]
"""One row as the statement takes it: str, int, bytes or None, in the order of its columns."""


@dataclass(frozen=True, slots=False, eq=False)
class Statement:
    """One kind of change: a row more, or with `key` other values for the row whose id is the value of that name."""

    order: int
    # keeps what is pointed to before what points to it, and names the statement between processes
    table: Table
    names: tuple[str, ...]
    # of the values
    key: str = ""

    def fit(self, values: Mapping[str, Any]) -> Fitted:
        """A row from its values by name."""
        return tuple(
            [
                values[name] if convert is None else convert(values[name])
                for name, convert in self._conversions
            ]
        )

    @cached_property
    def _conversions(self) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
        return tuple((name, _conversion(self.column(name).type)) for name in self.names)

    def column(self, name: str) -> Column[Any]:
        """The column that takes the value of this name."""
        return self.table.c.id if name == self.key else self.table.c[name]


def _conversion(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    if isinstance(kind, JSON):
        return _write_json_or_null
    if isinstance(kind, UtcTime):
        return write_time
    return _write_date if isinstance(kind, Date) else None


def _write_json_or_null(value: Any) -> str | None:
    return None if value is None else write_json(value)


def _write_date(value: Any) -> str:
    return value.isoformat()  # type: ignore[no-any-return]  # a date


Change = tuple[Statement, Mapping[str, Any] | Fitted]
"""A statement and the values of one row, by name or fitted already."""


def group(changes: Iterable[Change]) -> dict[Statement, list[Fitted]]:
    """Everybody's rows by statement, in the order in which they are to run."""
    grouped: dict[Statement, list[Fitted]] = {}
    for statement, values in changes:
        grouped.setdefault(statement, []).append(
            values if isinstance(values, tuple) else statement.fit(values)
        )
    return dict(sorted(grouped.items(), key=lambda each: each[0].order))


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a SQLModel class."""
    return model.__table__  # type: ignore[attr-defined, no-any-return]  # SQLModel adds it at run time


def _insert(order: int, model: type[SQLModel]) -> Statement:
    return Statement(order, table(model), tuple(column.name for column in table(model).c))


INSERT_CASE = _insert(1, Case)
INSERT_RAW = _insert(2, Raw)
INSERT_MESSAGE = _insert(3, Message)
INSERT_FILE = _insert(4, File)
INSERT_OUTBOX = _insert(5, OutboxEntry)
INSERT_EVENT = _insert(6, Event)

SETTLE = Statement(
    7,
    table(OutboxEntry),
    ("state", "due_at", "claimed_by", "attempts", "results", "entry"),
    key="entry",
)
"""The result of an attempt."""

UNDERSTAND = Statement(
    8,
    table(Case),
    (
        "state",
        "department",
        "routing",
        "kind",
        "category",
        "language",
        "subject",
        "failed_step",
        "error",
        "case",
    ),
    key="case",
)
"""A case whose message was understood at last."""

IDENTIFY = Statement(9, table(Raw), ("external_id", "raw"), key="raw")
"""The raw message of such a case gets the identity that it would have had at once."""

PROMISE = Statement(10, table(Message), ("withheld", "receipt", "message"), key="message")
"""The receipt of a message for which none could be made at first."""

STATEMENTS = {
    each.order: each
    for each in (
        INSERT_CASE,
        INSERT_RAW,
        INSERT_MESSAGE,
        INSERT_FILE,
        INSERT_OUTBOX,
        INSERT_EVENT,
        SETTLE,
        UNDERSTAND,
        IDENTIFY,
        PROMISE,
    )
}

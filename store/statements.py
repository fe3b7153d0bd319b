"""The statements that write. Each runs once for a whole batch of rows, whoever they belong to.

A batch of fifty cases costs little more than one. `store.sql` has the words of each database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Date, Table
from sqlmodel import SQLModel

from store import changes
from store.changes import COLUMNS, WRITTEN, Change, Row, make_row
from store.conversation_tables import Contact, Media
from store.tables import AddressBlock, Case, Event, File, Message, OutboxEntry, Raw, UtcTime


@dataclass(frozen=True, eq=False)
class Statement:
    """A row more; or with `key` other values for the row whose id is the value of that name."""

    table: Table
    names: tuple[str, ...]
    # of the values
    key: str = ""
    final: tuple[str, ...] = ()
    # states in which a row stays as it is

    def column(self, name: str) -> Column[Any]:
        """The column that takes the value of this name."""
        return self.table.c.id if name == self.key else self.table.c[name]


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a SQLModel class."""
    return model.__table__  # type: ignore[attr-defined, no-any-return]  # SQLModel adds it at run time


def _insert(model: type[SQLModel], kind: int) -> Statement:
    made, names = table(model), COLUMNS[kind]
    if differing := {column.name for column in made.c} ^ set(names):
        raise TypeError(f"store.changes.COLUMNS and the table {made.name} differ: {sorted(differing)}")
    return _check(Statement(made, names))


def _update(model: type[SQLModel], kind: int, *final: str) -> Statement:
    return _check(Statement(table(model), COLUMNS[kind], COLUMNS[kind][-1], final))


def _check(statement: Statement) -> Statement:
    """Every value that is none of the plain ones is written as the databases take it."""
    for name in statement.names:
        if isinstance(statement.column(name).type, JSON | Date | UtcTime) != (name in WRITTEN):
            raise TypeError(f"store.changes.WRITTEN and the column {name} of {statement.table.name} differ")
    return statement


STATEMENTS = {
    changes.INSERT_CASE: _insert(Case, changes.INSERT_CASE),
    changes.INSERT_RAW: _insert(Raw, changes.INSERT_RAW),
    changes.INSERT_MESSAGE: _insert(Message, changes.INSERT_MESSAGE),
    changes.INSERT_FILE: _insert(File, changes.INSERT_FILE),
    changes.INSERT_OUTBOX: _insert(OutboxEntry, changes.INSERT_OUTBOX),
    changes.INSERT_EVENT: _insert(Event, changes.INSERT_EVENT),
    changes.INSERT_BLOCK: _insert(AddressBlock, changes.INSERT_BLOCK),
    # A carrier may tell that it has arrived before we have noted that we sent it.
    changes.SETTLE: _update(OutboxEntry, changes.SETTLE, "delivered", "returned"),
    changes.UNDERSTAND: _update(Case, changes.UNDERSTAND),
    changes.IDENTIFY: _update(Raw, changes.IDENTIFY),
    changes.PROMISE: _update(Message, changes.PROMISE),
    changes.WAIT: _update(Case, changes.WAIT),
    changes.INSERT_CONTACT: _insert(Contact, changes.INSERT_CONTACT),
    changes.INSERT_MEDIA: _insert(Media, changes.INSERT_MEDIA),
    changes.RECONSIDER: _update(Case, changes.RECONSIDER),
    changes.SPEAK: _update(Contact, changes.SPEAK),
    changes.ALARM: _update(Case, changes.ALARM),
}


def group(given: Iterable[Change], ready: Iterable[tuple[int, Row]] = ()) -> dict[Statement, list[Row]]:
    """Everybody's rows by statement, in the order in which they are to run."""
    grouped: dict[int, list[Row]] = {}
    for rows in (ready, map(make_row, given)):
        for kind, row in rows:
            if kind in grouped:
                grouped[kind].append(row)
            else:
                grouped[kind] = [row]
    return {STATEMENTS[kind]: grouped[kind] for kind in sorted(grouped)}

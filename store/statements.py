"""The statements that write. Each runs once for a whole batch of rows, whoever they belong to.

A batch of fifty cases costs little more than one. `store.sql` has the words of each database.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Table
from sqlmodel import SQLModel

from store import changes
from store.changes import PLAIN, Change, write
from store.tables import AddressBlock, Case, Event, File, Message, OutboxEntry, Raw

Row = tuple[Any, ...]
"""The values of one row as its statement takes them: str, int, bytes or None, in the order of its names."""


@dataclass(frozen=True, eq=False)
class Statement:
    """A row more; or with `key` other values for the row whose id is the value of that name."""

    table: Table
    names: tuple[str, ...]
    # of the values
    key: str = ""

    @cached_property
    def _pick(self) -> Callable[[Mapping[str, Any]], Row]:
        return itemgetter(*self.names)

    def row(self, values: Mapping[str, Any]) -> Row:
        """The values in order."""
        return tuple([each if type(each) in PLAIN else write(each) for each in self._pick(values)])

    def column(self, name: str) -> Column[Any]:
        """The column that takes the value of this name."""
        return self.table.c.id if name == self.key else self.table.c[name]


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a SQLModel class."""
    return model.__table__  # type: ignore[attr-defined, no-any-return]  # SQLModel adds it at run time


def _insert(model: type[SQLModel]) -> Statement:
    return Statement(table(model), tuple(column.name for column in table(model).c))


def _update(model: type[SQLModel], key: str, *names: str) -> Statement:
    return Statement(table(model), (*names, key), key)


_UNDERSTOOD = (
    "state department routing kind category language subject failed_step error"
    " matter alarm sampled told_at waiting_since clock_at"
)

STATEMENTS = {
    changes.INSERT_CASE: _insert(Case),
    changes.INSERT_RAW: _insert(Raw),
    changes.INSERT_MESSAGE: _insert(Message),
    changes.INSERT_FILE: _insert(File),
    changes.INSERT_OUTBOX: _insert(OutboxEntry),
    changes.INSERT_EVENT: _insert(Event),
    changes.SETTLE: _update(OutboxEntry, "entry", "state", "due_at", "claimed_by", "attempts", "results"),
    changes.UNDERSTAND: _update(Case, "case", *_UNDERSTOOD.split()),
    changes.IDENTIFY: _update(Raw, "raw", "external_id"),
    changes.INSERT_BLOCK: _insert(AddressBlock),
    changes.WAIT: _update(Case, "case", "state", "due", "waiting_since", "clock_at"),
    changes.PROMISE: _update(Message, "message", "withheld", "receipt"),
}


def group(given: Iterable[Change]) -> dict[Statement, list[Row]]:
    """Everybody's rows by statement, in the order in which they are to run."""
    grouped: dict[int, list[Row]] = {}
    for kind, values in given:
        grouped.setdefault(kind, []).append(STATEMENTS[kind].row(values))
    return {STATEMENTS[kind]: grouped[kind] for kind in sorted(grouped)}

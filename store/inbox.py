"""The lists of the staff. Each is a few rows at a time, found by where the last one ended, never by counting past."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from store.access import Scope, level_of, may_list, may_read
from store.staff_tables import Member
from store.statements import table
from store.tables import Case, Event, Message, OutboxEntry

MOST_COUNTED = 999
"""A longer list is "999+": nobody reads the exact number, and it is not counted."""

CUT = 200
"""Characters of a message that a list needs."""

_case, _message, _event, _outbox = table(Case), table(Message), table(Event), table(OutboxEntry)
_member = table(Member)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which list, for whom."""

    scope: Scope
    today: date
    centre: str = ""
    # the contact centre's key: what it has is still to be decided

    @property
    def own(self) -> frozenset[str]:
        return self.scope.whole - {"", self.centre}

    @property
    def undecided(self) -> frozenset[str]:
        return (self.scope.whole | self.scope.listed) & {"", self.centre}


def _plain(word: str) -> ColumnElement[str]:
    """A word that stands in the statement itself, so that an index of only such rows fits."""
    return literal(word, literal_execute=True)


def _open() -> ColumnElement[bool]:
    return _case.c.state == _plain("open")


def _among(departments: Iterable[str]) -> ColumnElement[bool]:
    # Without any, a question that no row answers is not even asked of the rows.
    return _case.c.department.in_(sorted(departments)) if departments else false()


def _waits() -> ColumnElement[bool]:
    return _case.c.waiting_since.is_not(None)


def _has_event(kind: str) -> ColumnElement[bool]:
    return exists().where(_event.c.case_id == _case.c.id, _event.c.type == kind)


LISTS: Mapping[str, Callable[[Asked], ColumnElement[bool]]] = {
    "open": lambda _: _open(),
    "decide": lambda asked: and_(_open(), _among(asked.undecided)),
    "mine": lambda asked: and_(_open(), _case.c.holder == asked.scope.member, _case.c.holder != ""),
    "department": lambda asked: and_(_open(), _among(asked.own)),
    "soon": lambda asked: and_(
        _open(), _waits(), _case.c.due >= asked.today, _case.c.due <= asked.today + timedelta(days=1)
    ),
    "late": lambda asked: and_(_open(), _waits(), _case.c.due < asked.today),
    "answered": lambda _: and_(_open(), _case.c.waiting_since.is_(None)),
    "undelivered": lambda _: and_(
        _open(),
        _case.c.id.in_(
            select(_outbox.c.case_id).where(
                _outbox.c.state.in_([_plain("failed"), _plain("returned")]),
                _outbox.c.purpose != "notice",
            )
        ),
    ),
    "quarantine": lambda _: and_(
        _open(),
        _case.c.id.in_(select(_message.c.case_id).where(_message.c.kind != _plain("message"))),
    ),
    "unreadable": lambda _: _case.c.failed_step != _plain(""),
    "closed": lambda _: _case.c.state == _plain("closed"),
}
"""Every list by its name. "quarantine": what a machine seems to have written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """What narrows a list down; "" lets everything through."""

    department: str = ""
    channel: str = ""
    language: str = ""
    matter: str = ""

    def condition(self) -> ColumnElement[bool]:
        """On `cases`."""
        chosen = {name: getattr(self, name) for name in self.__slots__}
        return and_(true(), *(_case.c[name] == value for name, value in chosen.items() if value))


EVERYTHING = Filter()


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One case in a list. Its words are there only where everything in it may be seen."""

    case: Row[Any]
    level: int
    sender: Mapping[str, str]
    text: str
    # the beginning of the first message


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some lines of a list, and where the next ones begin."""

    lines: Sequence[Line]
    after: tuple[date, str] | None
    # None: there are no more


def list_lines(
    connection: Connection,
    asked: Asked,
    name: str,
    *,
    only: Filter = EVERYTHING,
    after: tuple[date, str] | None = None,
    limit: int = 50,
) -> Page:
    """The cases of a list, what is due first before the rest; what is closed, the newest first. Raises KeyError."""
    backwards = name == "closed"
    order = [column.desc() if backwards else column.asc() for column in (_case.c.due, _case.c.id)]
    query = (
        select(_case, level_of(asked.scope).label("level"))
        .where(LISTS[name](asked), may_list(asked.scope))
        .where(_may_filter(asked.scope, only))
        .order_by(*order)
        .limit(limit + 1)
    )
    if after is not None:
        place, end = tuple_(_case.c.due, _case.c.id), tuple_(*after)
        query = query.where(place < end if backwards else place > end)
    rows = connection.execute(query).all()
    more = len(rows) > limit
    lines = add_words(connection, rows[:limit])
    last = lines[-1].case if more else None
    return Page(lines=lines, after=(last.due, last.id) if last is not None else None)


def list_dangers(connection: Connection, asked: Asked, limit: int = 5) -> Sequence[Line]:
    """Open cases that tell of danger and that nobody has taken, the newest first."""
    query = (
        select(_case, level_of(asked.scope).label("level"))
        .where(_open(), _case.c.alarm != _plain(""), ~_has_event("alarm.acknowledged"), may_read(asked.scope))
        .order_by(_case.c.id.desc())
        .limit(limit)
    )
    return add_words(connection, connection.execute(query).all())


def _may_filter(scope: Scope, only: Filter) -> ColumnElement[bool]:
    """What a case is about or in which language is said to nobody who may only list it: such a filter passes it by."""
    hidden = only.language or only.matter or only.channel
    return and_(only.condition(), may_read(scope)) if hidden else only.condition()


def count_lists(
    connection: Connection, asked: Asked, names: Sequence[str], only: Filter = EVERYTHING
) -> dict[str, int]:
    """How long each list is, up to MOST_COUNTED and one more."""
    counted = {}
    for name in names:
        found = select(literal(1)).where(LISTS[name](asked), may_list(asked.scope))
        found = found.where(_may_filter(asked.scope, only)).limit(MOST_COUNTED + 1)
        counted[name] = connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    return counted


def find_names(connection: Connection, member_ids: Iterable[str]) -> dict[str, str]:
    """The names of members of staff, by id."""
    wanted = sorted({each for each in member_ids if each})
    query = select(_member.c.id, _member.c.name).where(_member.c.id.in_(wanted))
    return {row.id: row.name for row in connection.execute(query)} if wanted else {}


def find_newest(connection: Connection, scope: Scope) -> str:
    """The id of the newest case that may be listed; ""."""
    query = select(_case.c.id).where(may_list(scope)).order_by(_case.c.id.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def count_newer(connection: Connection, scope: Scope, than: str) -> int:
    """How many cases have come since the one with this id, up to MOST_COUNTED."""
    found = select(literal(1)).where(_case.c.id > than, may_list(scope)).limit(MOST_COUNTED)
    return connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()


def add_words(connection: Connection, rows: Sequence[Row[Any]]) -> list[Line]:
    """The beginning of each case, where its reader may have it. The rows have a column `level`."""
    readable = [row.id for row in rows if row.level > 1]
    words: dict[str, Any] = {}
    if readable:
        query = (
            select(
                _message.c.case_id,
                _message.c.sender,
                func.substr(_message.c.text, 1, CUT).label("text"),
                _message.c.withheld,
            )
            .where(
                _message.c.case_id.in_(readable), or_(_message.c.text != "", _message.c.sender.is_not(None))
            )
            .order_by(_message.c.id)
        )
        for row in connection.execute(query).all():
            words.setdefault(row.case_id, row)
    return [
        Line(
            case=row,
            level=row.level,
            sender=(words[row.id].sender or {}) if row.id in words else {},
            text=words[row.id].text if row.id in words else "",
        )
        for row in rows
    ]

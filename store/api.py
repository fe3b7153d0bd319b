"""What the REST API reads. Every query on cases holds the condition of whoever asks, see `store.access`."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Row, func, select

from store.access import Scope, find_readable, level_of, may_list, may_read
from store.staff_tables import AccessToken, Member, Note
from store.statements import table
from store.tables import Case, Event, File, Message, OutboxEntry, Raw

T = TypeVar("T")

CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of two nodes may differ: what was recorded then is shown rather twice than never."""

_case, _message, _file, _raw = table(Case), table(Message), table(File), table(Raw)
_outbox, _event, _note = table(OutboxEntry), table(Event), table(Note)
_member, _token = table(Member), table(AccessToken)
_NOT_THEIRS = ("notice",)
# purposes of letters that go to the city's own people


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which cases."""

    state: str = ""
    departments: tuple[str, ...] = ()
    # as they stand in the rows: "" is undecided
    channel: str = ""
    reference: str = ""
    received_after: datetime | None = None
    received_before: datetime | None = None
    changed_after: datetime | None = None
    oldest_first: bool = False
    after: str = ""
    # the id of the last case of the page before
    limit: int = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A case as somebody may see it."""

    row: Row[Any]
    # with `level`: store.access.WHOLE or REGISTER
    first: Row[Any] | None
    # the message that opened it; None when it was not understood
    latest: str
    # the id of its last message, "" of none
    joined_to: str
    # the reference of the case that goes on for it, where that may be seen too


def list_seen(connection: Connection, scope: Scope, wanted: Wanted) -> list[Seen]:
    """Cases in the order of their ids, which is that in which they came."""
    query = select(_case, level_of(scope).label("level")).where(may_list(scope))
    for value, condition in (
        (wanted.state, _case.c.state == wanted.state),
        (wanted.departments, _case.c.department.in_(wanted.departments)),
        (wanted.channel, _case.c.channel == wanted.channel),
        (wanted.reference, _case.c.reference == wanted.reference),
        (wanted.after, _case.c.id > wanted.after if wanted.oldest_first else _case.c.id < wanted.after),
    ):
        if value:
            query = query.where(condition)
    if wanted.received_after is not None:
        query = query.where(_case.c.received_at > wanted.received_after)
    if wanted.received_before is not None:
        query = query.where(_case.c.received_at < wanted.received_before)
    if wanted.changed_after is not None:
        # Ids of events begin with the time at which they were recorded: a short stretch at the index's end.
        recent = select(_event.c.case_id).where(_event.c.id > _first_id(wanted.changed_after - CLOCKS_APART))
        query = query.where(_case.c.id.in_(recent))
    order = _case.c.id.asc() if wanted.oldest_first else _case.c.id.desc()
    rows = connection.execute(query.order_by(order).limit(wanted.limit)).all()
    return _complete(connection, scope, rows)


def list_these(connection: Connection, scope: Scope, ids: Sequence[str]) -> list[Seen]:
    """Some cases by their ids, in this order: those of them that may be seen."""
    query = select(_case, level_of(scope).label("level")).where(_case.c.id.in_(ids), may_list(scope))
    found = {row.id: row for row in connection.execute(query)}
    return _complete(connection, scope, [found[each] for each in ids if each in found])


def find_seen(connection: Connection, scope: Scope, reference: str) -> Seen | None:
    """The case with this reference, when at least its register data may be seen; else None, as if there were none."""
    query = select(_case, level_of(scope).label("level")).where(
        _case.c.reference == reference, may_list(scope)
    )
    return next(iter(_complete(connection, scope, connection.execute(query).all())), None)


def _complete(connection: Connection, scope: Scope, rows: Sequence[Row[Any]]) -> list[Seen]:
    ids = [row.id for row in rows]
    ends = connection.execute(
        select(_message.c.case_id, func.min(_message.c.id), func.max(_message.c.id))
        .where(_message.c.case_id.in_(ids))
        .group_by(_message.c.case_id)
    ).all()
    first, latest = {row[0]: row[1] for row in ends}, {row[0]: row[2] for row in ends}
    opened = {
        row.id: row
        for row in connection.execute(select(_message).where(_message.c.id.in_(list(first.values()))))
    }
    others = [row.joined_to for row in rows if row.joined_to]
    numbers = _numbers(connection, scope, others) if others else {}
    return [
        Seen(
            row=row,
            first=opened.get(first.get(row.id, "")),
            latest=latest.get(row.id, ""),
            joined_to=numbers.get(row.joined_to, ""),
        )
        for row in rows
    ]


def _numbers(connection: Connection, scope: Scope, ids: Collection[str]) -> dict[str, str]:
    """The references of those of these cases that may be seen, by id."""
    query = select(_case.c.id, _case.c.reference).where(_case.c.id.in_(sorted(ids)), may_list(scope))
    return {row.id: row.reference for row in connection.execute(query)}


def _first_id(moment: datetime) -> str:
    """The lowest UUIDv7 of a moment (RFC 9562 section 5.7: its first 48 bits are milliseconds)."""
    return f"{max(0, round(moment.timestamp() * 1000)) << 80:032x}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A stretch of a case's conversation, the oldest first."""

    messages: Sequence[Row[Any]]
    files: Sequence[Row[Any]]
    # without their content
    letters: Sequence[Row[Any]]
    more: bool


def look_inside(
    connection: Connection, scope: Scope, reference: str, work: Callable[[Connection, Row[Any]], T]
) -> tuple[Row[Any], T] | None:
    """A case that may be read whole, and what `work` finds of it; None when there is none."""
    row = find_readable(connection, scope, reference)
    return None if row is None else (row, work(connection, row))


def list_said(connection: Connection, case_id: str, *, after: str, limit: int) -> Said:
    """Messages and letters of a case that the caller may read, beyond an id."""
    messages = connection.execute(
        select(_message, _raw.c.channel.label("channel"))
        .join(_raw, _raw.c.id == _message.c.id)
        .where(_message.c.case_id == case_id, _message.c.id > after)
        .order_by(_message.c.id)
        .limit(limit + 1)
    ).all()
    letters = connection.execute(
        select(_outbox)
        .where(_outbox.c.case_id == case_id, _outbox.c.id > after, _outbox.c.purpose.not_in(_NOT_THEIRS))
        .order_by(_outbox.c.id)
        .limit(limit + 1)
    ).all()
    kept = sorted([*(row.id for row in messages), *(row.id for row in letters)])[:limit]
    last = kept[-1] if kept else ""
    messages = [row for row in messages if row.id <= last]
    columns = [column for column in _file.c if column.name != "content"]
    return Said(
        messages=messages,
        files=connection.execute(
            select(*columns)
            .where(_file.c.message_id.in_([row.id for row in messages]))
            .order_by(_file.c.message_id, _file.c.position)
        ).all(),
        letters=[row for row in letters if row.id <= last],
        more=len(kept) == limit and _is_more(connection, case_id, last),
    )


def _is_more(connection: Connection, case_id: str, last: str) -> bool:
    said = select(_message.c.id).where(_message.c.case_id == case_id, _message.c.id > last).limit(1)
    sent = (
        select(_outbox.c.id)
        .where(_outbox.c.case_id == case_id, _outbox.c.id > last, _outbox.c.purpose.not_in(_NOT_THEIRS))
        .limit(1)
    )
    return any(connection.execute(query).first() is not None for query in (said, sent))


def list_events(
    connection: Connection, scope: Scope, case_id: str, *, after: str, limit: int
) -> tuple[list[Row[Any]], str]:
    """The history beyond an id, and the id of the last event looked at, "" at the end.

    What tells of another case is left out where that case may not be seen.
    """
    rows = connection.execute(
        select(_event)
        .where(_event.c.case_id == case_id, _event.c.id > after)
        .order_by(_event.c.id)
        .limit(limit + 1)
    ).all()
    page = rows[:limit]
    others = {str(row.data["case"]) for row in page if row.data.get("case")}
    known = _numbers(connection, scope, others) if others else {}
    shown = [row for row in page if not row.data.get("case") or str(row.data["case"]) in known]
    return shown, page[-1].id if len(rows) > limit else ""


def list_notes(connection: Connection, case_id: str, *, after: str, limit: int) -> Sequence[Row[Any]]:
    """What staff noted, the oldest first."""
    query = select(_note).where(_note.c.case_id == case_id, _note.c.id > after)
    return connection.execute(query.order_by(_note.c.id).limit(limit)).all()


def find_file(connection: Connection, case_id: str, message_id: str, position: int) -> Row[Any] | None:
    """A file of one of the case's messages, with its content."""
    query = (
        select(_file)
        .join(_message, _message.c.id == _file.c.message_id)
        .where(_message.c.case_id == case_id, _file.c.message_id == message_id, _file.c.position == position)
    )
    return connection.execute(query).first()


def find_original(connection: Connection, case_id: str, message_id: str = "") -> Row[Any] | None:
    """One delivery as it came; the one that opened the case when no message is named."""
    query = select(_raw).where(_raw.c.case_id == case_id)
    if message_id:
        query = query.where(_raw.c.id == message_id)
    return connection.execute(query.order_by(_raw.c.id).limit(1)).first()


class Version(NamedTuple):
    """What a case has come to."""

    version: int
    state: str
    department: str
    latest: str
    # the id of the last message


def find_version(connection: Connection, scope: Scope, case_id: str) -> Version | None:
    """A case that nobody changes until the transaction ends; None when it may not be read (any more)."""
    held = select(_case.c.version).where(_case.c.id == case_id, may_read(scope)).with_for_update()
    if connection.execute(held).first() is None:
        return None
    latest = select(func.max(_message.c.id)).where(_message.c.case_id == case_id).scalar_subquery()
    columns = (_case.c.version, _case.c.state, _case.c.department, func.coalesce(latest, "").label("latest"))
    return Version(*connection.execute(select(*columns).where(_case.c.id == case_id)).one())


def name_actors(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Names of members of staff and of other systems, by id."""
    wanted = sorted(ids)
    members = connection.execute(select(_member.c.id, _member.c.name).where(_member.c.id.in_(wanted)))
    tokens = connection.execute(select(_token.c.id, _token.c.name).where(_token.c.id.in_(wanted)))
    return {row.id: row.name for row in (*members, *tokens)}

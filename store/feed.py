"""The feed: every committed event with a position, 1, 2, 3, that no reader can pass by.

Ids of events are ordered by the time at which they were made, and transactions end in another order: whoever reads by
id passes by what was made earlier and committed later. So one node at a time (a lease) gives what is committed its
position, at the end of the feed. Were two to do it, the primary key lets one of them through: a position that can be
seen has all before it.

How far back is looked for late commits: `NEAR` at every look, `FAR` once a minute. An id is made right before its
transaction; that one ends or is given up within a minute (the writer's queue empties in seconds, a statement on
PostgreSQL ends after `store.database.RUN_TIMEOUT`, a lock on SQLite is waited for `LOCK_WAIT`), and the clocks of nodes
differ by seconds. Work at the terminal that writes many cases commits each for itself. An hour leaves room for all of
that together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, insert, select

from store.access import Scope, level_of, may_list
from store.chats import id_at
from store.downstream_tables import Published
from store.statements import table
from store.tables import Case, Event

NEAR = timedelta(seconds=20)
FAR = timedelta(hours=1)

WINDOW = 2000
"""Positions that one question goes through at most, however few of them the reader may see."""

_feed, _event, _case = table(Published), table(Event), table(Case)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A piece of the feed, as one reader sees it."""

    events: Sequence[Row[Any]]
    # position, id, at, type, case_id, reference, department, level
    reached: int
    # the next piece comes after this position; it may be beyond the last event that is shown


def find_unpublished(
    connection: Connection, *, reach: timedelta, now: datetime, limit: int
) -> list[tuple[str, str]]:
    """Events without a position, the oldest first: id and case. What was made `reach` before the last is found still."""
    last = connection.execute(select(func.max(_feed.c.event_id))).scalar()
    query = select(_event.c.id, _event.c.case_id)
    if last is not None:
        # A node whose clock is ahead must not carry the look beyond what others are about to commit.
        made = min(read_time(last), now)
        query = query.where(_event.c.id >= id_at(made - reach))
    query = query.where(~exists().where(_feed.c.event_id == _event.c.id))
    return [(row.id, row.case_id) for row in connection.execute(query.order_by(_event.c.id).limit(limit))]


def publish(connection: Connection, found: Sequence[tuple[str, str]], at: datetime) -> int:
    """Give these events the next positions. The last position."""
    last = find_last(connection)
    if found:
        rows = [
            {"position": position, "event_id": event, "case_id": case, "at": at}
            for position, (event, case) in enumerate(found, start=last + 1)
        ]
        connection.execute(insert(_feed), rows)
    return last + len(found)


def find_last(connection: Connection) -> int:
    """The last position; 0 while there is none."""
    return connection.execute(select(func.max(_feed.c.position))).scalar() or 0


def read_feed(
    connection: Connection, scope: Scope, *, after: int, limit: int, types: Sequence[str] = ()
) -> Page:
    """What comes after a position, of the cases that may be listed now: what a case was at the event decides nothing."""
    upto = min(find_last(connection), after + WINDOW)
    query = _events(scope).where(_feed.c.position > after, _feed.c.position <= upto)
    if types:
        query = query.where(_event.c.type.in_(types))
    found = connection.execute(query.order_by(_feed.c.position).limit(limit)).all()
    full = len(found) == limit
    return Page(events=found, reached=found[-1].position if full else max(upto, after))


def find_event(connection: Connection, scope: Scope, position: int) -> Row[Any] | None:
    """One event, while its case may be listed."""
    return connection.execute(_events(scope).where(_feed.c.position == position)).first()


def read_time(event_id: str) -> datetime:
    """When an id was made (RFC 9562 section 5.7)."""
    return datetime.fromtimestamp(int(event_id[:12], 16) / 1000, UTC)


def _events(scope: Scope) -> Select[Any]:
    return (
        select(
            _feed.c.position,
            _event.c.id,
            _event.c.at,
            _event.c.type,
            _event.c.data,
            _event.c.case_id,
            _case.c.reference,
            _case.c.department,
            level_of(scope).label("level"),
        )
        .select_from(_feed)
        .join(_event, _event.c.id == _feed.c.event_id)
        .join(_case, _case.c.id == _feed.c.case_id)
        .where(may_list(scope))
    )

"""Systems that are told of events, and what is owed to each.

    queued --claimed, taken--> delivered
    queued --claimed, refused for good, or tried for days--> dead
    queued --its case is not the endpoint's to see any more--> withheld
    queued --claimed, not now--> queued, due later
    dead --an operator asks--> queued, due now

A claim is a lease, as in the outbox: `due_at` moves to its end. Events of one case reach an endpoint in their order: a
later one waits while an earlier one is queued. One that is dead is not waited for.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, update

from store.access import Scope
from store.downstream_tables import Delivery, Endpoint
from store.feed import find_last, read_feed
from store.ids import new_id
from store.statements import table

LEASE = timedelta(seconds=60)
"""How long a node may take over one attempt before another may try."""

WEBHOOK, BUS, REGISTER = "webhook", "bus", "register"
QUEUED, DELIVERED, DEAD, WITHHELD = "queued", "delivered", "dead", "withheld"
STATES = (QUEUED, DELIVERED, DEAD, WITHHELD)

KEPT = timedelta(days=30)
"""How long it is known what was delivered when."""

AT_ONCE = 500
"""Events that are looked at for an endpoint in one transaction."""

_endpoint, _delivery = table(Endpoint), table(Delivery)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A delivery that is ours to make until its lease ends."""

    id: str
    endpoint_id: str
    position: int
    since: datetime
    attempts: int
    results: tuple[dict[str, Any], ...]


def add_endpoint(connection: Connection, **values: Any) -> None:
    """One more. The values are those of `Endpoint`."""
    connection.execute(insert(_endpoint).values(**values))


def list_endpoints(connection: Connection) -> Sequence[Row[Any]]:
    """All, the oldest first."""
    return connection.execute(select(_endpoint).order_by(_endpoint.c.id)).all()


def find_endpoint(connection: Connection, name: str) -> Row[Any] | None:
    """The one with this name or id."""
    query = select(_endpoint).where((_endpoint.c.name == name) | (_endpoint.c.id == name))
    return connection.execute(query).first()


def change_endpoint(connection: Connection, endpoint_id: str, **values: Any) -> None:
    """Its columns get these values."""
    connection.execute(update(_endpoint).where(_endpoint.c.id == endpoint_id).values(**values))


def follow(connection: Connection, kind: str, *, at: datetime) -> int:
    """How far a follower of the feed has come; one that is new begins at the feed's end."""
    row = connection.execute(select(_endpoint.c.position).where(_endpoint.c.id == kind)).first()
    if row is not None:
        return int(row.position)
    position = find_last(connection)
    add_endpoint(
        connection,
        id=kind,
        kind=kind,
        name=kind,
        url="",
        secrets=[],
        types=[],
        boards=["*"],
        departments=[],
        full=False,
        with_text=False,
        position=position,
        created_at=at,
        disabled_at=None,
    )
    return position


def list_behind(connection: Connection) -> Sequence[Row[Any]]:
    """Webhooks that have not been owed the last events yet."""
    query = select(_endpoint).where(
        _endpoint.c.kind == WEBHOOK,
        _endpoint.c.disabled_at.is_(None),
        _endpoint.c.position < find_last(connection),
    )
    return connection.execute(query).all()


def owe(connection: Connection, endpoint: Row[Any], scope: Scope, now: datetime) -> bool:
    """Queue for an endpoint what it wants of the next events. Is there more after them?"""
    # Again under the transaction: it may have been disabled, or another node was here.
    found = connection.execute(
        select(_endpoint).where(_endpoint.c.id == endpoint.id).with_for_update()
    ).first()
    if found is None or found.disabled_at is not None:
        return False
    page = read_feed(connection, scope, after=found.position, limit=AT_ONCE, types=found.types)
    rows = [
        {
            "id": new_id(),
            "endpoint_id": found.id,
            "position": event.position,
            "case_id": event.case_id,
            "state": QUEUED,
            "since": now,
            "due_at": now,
            "claimed_by": "",
            "attempts": 0,
            "results": [],
        }
        for event in page.events
    ]
    if rows:
        connection.execute(insert(_delivery), rows)
    change_endpoint(connection, found.id, position=page.reached)
    return page.reached < find_last(connection)


def list_due(connection: Connection, now: datetime) -> list[str]:
    """The endpoints, in use, to which something is due."""
    query = (
        select(_endpoint.c.id)
        .where(_endpoint.c.disabled_at.is_(None), _endpoint.c.kind == WEBHOOK)
        .where(
            exists().where(
                _delivery.c.endpoint_id == _endpoint.c.id,
                _delivery.c.state == QUEUED,
                _delivery.c.due_at <= now,
            )
        )
    )
    return list(connection.execute(query).scalars())


def claim(connection: Connection, endpoint_id: str, *, node: str, now: datetime, limit: int) -> list[Due]:
    """Take the lease on deliveries that are due, oldest first, each the first of its case."""
    earlier = _delivery.alias()
    waits = exists().where(
        earlier.c.endpoint_id == _delivery.c.endpoint_id,
        earlier.c.case_id == _delivery.c.case_id,
        earlier.c.position < _delivery.c.position,
        earlier.c.state == QUEUED,
    )
    due = (
        select(_delivery.c.id)
        .where(
            _delivery.c.endpoint_id == endpoint_id,
            _delivery.c.state == QUEUED,
            _delivery.c.due_at <= now,
            ~waits,
        )
        .order_by(_delivery.c.due_at, _delivery.c.position)
        .limit(limit)
        .with_for_update(skip_locked=True, of=_delivery)  # SQLite has one writer and ignores it
    )
    ids = list(connection.execute(due).scalars())
    if not ids:
        return []
    rows = connection.execute(
        update(_delivery)
        .where(_delivery.c.id.in_(ids))
        .values(due_at=now + LEASE, claimed_by=node)
        .returning(*_delivery.c)
    ).all()
    found = [
        Due(
            id=row.id,
            endpoint_id=row.endpoint_id,
            position=row.position,
            since=row.since,
            attempts=row.attempts,
            results=tuple(row.results),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.position)


def settle(
    connection: Connection,
    due: Due,
    *,
    node: str,
    at: datetime,
    state: str,
    detail: str,
    next_at: datetime | None = None,
) -> bool:
    """Record one attempt. False: the lease had run out, and somebody else has it."""
    result = {"at": at.isoformat(timespec="milliseconds"), "outcome": state, "detail": detail}
    changed = connection.execute(
        update(_delivery)
        .where(_delivery.c.id == due.id, _delivery.c.claimed_by == node, _delivery.c.state == QUEUED)
        .values(
            state=state,
            due_at=next_at or at,
            claimed_by="",
            attempts=due.attempts + 1,
            # Attempts over days: the first and the last say what there is to know.
            results=[*due.results[:1], *due.results[1:][-8:], result],
        )
    )
    return changed.rowcount > 0


def release(connection: Connection, *, node: str, now: datetime) -> None:
    """Give up every lease of this node: at its start they are those of the process that died."""
    connection.execute(
        update(_delivery)
        .where(_delivery.c.state == QUEUED, _delivery.c.claimed_by == node)
        .values(due_at=now, claimed_by="")
    )


def count(connection: Connection) -> dict[str, dict[str, int]]:
    """How many deliveries of each endpoint are in each state."""
    query = select(_delivery.c.endpoint_id, _delivery.c.state, func.count()).group_by(
        _delivery.c.endpoint_id, _delivery.c.state
    )
    found: dict[str, dict[str, int]] = {}
    for endpoint_id, state, number in connection.execute(query):
        found.setdefault(endpoint_id, {})[state] = number
    return found


def replay(
    connection: Connection, endpoint_id: str, *, now: datetime, case_ids: Collection[str] | None = None
) -> int:
    """Owe every dead delivery again, due now; of these cases only, when given. Return how many."""
    query = update(_delivery).where(_delivery.c.endpoint_id == endpoint_id, _delivery.c.state == DEAD)
    if case_ids is not None:
        query = query.where(_delivery.c.case_id.in_(case_ids))
    values = {"state": QUEUED, "due_at": now, "since": now, "claimed_by": "", "attempts": 0}
    return connection.execute(query.values(values)).rowcount


def forget(connection: Connection, before: datetime) -> int:
    """Remove what was settled before this time, but the dead: an operator may still ask for those."""
    query = delete(_delivery).where(_delivery.c.state.in_((DELIVERED, WITHHELD)), _delivery.c.due_at < before)
    return connection.execute(query).rowcount

"""Files that a provider still keeps: claim, keep, put off.

    waiting --claimed, fetched--> fetched
    waiting --claimed, refused for good, or tried for a day--> failed
    waiting --claimed, not now--> waiting, due later

A claim is a lease as in `store.outbox`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, literal, select, update

from normalizer.messages import Attachment
from store import rows
from store.changes import INSERT_FILE
from store.conversation_tables import Media
from store.statements import table
from store.tables import UtcTime
from store.writer import apply

LEASE = timedelta(seconds=120)
"""How long a node may take over one attempt before another may try."""

_media = table(Media)


@dataclass(frozen=True, kw_only=True, slots=True)
class Awaited:
    """A file to be fetched."""

    id: str
    case_id: str
    message_id: str
    position: int
    channel: str
    source: str
    filename: str
    content_type: str
    size: int
    created_at: datetime
    attempts: int


def claim(
    connection: Connection, *, node: str, now: datetime, limit: int, channels: Sequence[str]
) -> list[Awaited]:
    """Take the lease on up to `limit` files of these channels that are due, the longest due first."""
    due = (
        select(_media.c.id)
        .where(_media.c.state == "waiting", _media.c.due_at <= now, _media.c.channel.in_(channels))
        .order_by(_media.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has one writer and ignores it
    )
    found = connection.execute(
        update(_media)
        .where(_media.c.id.in_(due.scalar_subquery()))
        .values(
            due_at=now + LEASE,
            claimed_by=node,
            # How long it is tried counts from the first attempt: a message may have waited for `kvitto replay`.
            created_at=case((_media.c.attempts == 0, literal(now, UtcTime())), else_=_media.c.created_at),
        )
        .returning(*_media.c)
    ).all()
    return [Awaited(**{name: getattr(row, name) for name in Awaited.__slots__}) for row in found]


def keep(
    connection: Connection,
    *,
    awaited: Awaited,
    node: str,
    file: Attachment,
    sha256: str,
    inline: bool,
    at: datetime,
) -> bool:
    """The file is here. False: another node has kept it, or its case has been destroyed meanwhile."""
    if not _is_ours(connection, awaited, node):
        return False
    values = {
        "message_id": awaited.message_id,
        "position": awaited.position,
        "filename": file.filename,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": sha256,
        "content": file.content if inline else None,
    }
    data = {"message": awaited.message_id, "size": file.size}
    apply(connection, [(INSERT_FILE, values), rows.event_change(awaited.case_id, "media.fetched", at, data)])
    _set(connection, awaited, state="fetched", claimed_by="", due_at=at, detail="", source="")
    return True


def put_off(
    connection: Connection,
    *,
    awaited: Awaited,
    node: str,
    detail: str,
    next_at: datetime | None,
    at: datetime,
) -> None:
    """It could not be fetched: again at `next_at`, or never, and then the case says so."""
    if not _is_ours(connection, awaited, node):
        return
    state = "waiting" if next_at else "failed"
    _set(connection, awaited, state=state, claimed_by="", due_at=next_at or at, detail=detail)
    if next_at is None:
        data = {"message": awaited.message_id, "why": detail, "filename": awaited.filename}
        apply(connection, [rows.event_change(awaited.case_id, "media.failed", at, data)])


def media_of(connection: Connection, case_id: str) -> Sequence[Row[Any]]:
    """Every file of a case that a provider kept, in order."""
    query = select(_media).where(_media.c.case_id == case_id)
    return connection.execute(query.order_by(_media.c.message_id, _media.c.position)).all()


def requeue(connection: Connection, *, now: datetime, case_ids: Sequence[str]) -> int:
    """Try the failed files of these cases again, now. Return how many."""
    query = update(_media).where(_media.c.state == "failed", _media.c.case_id.in_(case_ids))
    values = {"state": "waiting", "due_at": now, "claimed_by": "", "created_at": now, "attempts": 0}
    return connection.execute(query.values(**values)).rowcount


def _is_ours(connection: Connection, awaited: Awaited, node: str) -> bool:
    query = select(_media.c.state, _media.c.claimed_by).where(_media.c.id == awaited.id).with_for_update()
    row = connection.execute(query).first()
    return row is not None and row.state == "waiting" and row.claimed_by == node


def _set(connection: Connection, awaited: Awaited, **values: Any) -> None:
    changed = update(_media).where(_media.c.id == awaited.id)
    connection.execute(changed.values(attempts=awaited.attempts + 1, **values))

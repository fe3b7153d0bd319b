"""The outbox: what is owed to people, and who is sending it just now.

    queued --claimed, sent--> sent
    queued --claimed, refused for good, or tried for days--> failed
    queued --claimed, not now--> queued, due later
    sent --the carrier says that it has arrived--> delivered
    sent --it comes back--> returned
    failed --an operator asks--> queued, due now

A claim is a lease: `due_at` moves to its end, so that an entry whose node died comes up again by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, select, update

from normalizer.messages import Address, Choice, OutboundMessage
from store.changes import SETTLE, Change, Owed
from store.statements import table
from store.tables import Case, OutboxEntry

LEASE = timedelta(seconds=90)
"""How long a node may take over one attempt before another may try."""

_outbox = table(OutboxEntry)
_case = table(Case)


def row_of(owed: Owed, *, due_at: datetime, claimed_by: str) -> dict[str, Any]:
    """The table row of a new entry."""
    message = owed.message
    return {
        "id": message.id,
        "case_id": owed.case_id or None,
        "purpose": owed.purpose,
        "channel": message.to.channel,
        "recipient": message.to.value,
        "recipient_name": message.to.name,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "language": message.language,
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to,
        "references": list(message.references),
        "created_at": message.created_at,
        "state": "queued",
        "due_at": due_at,
        "claimed_by": claimed_by,
        "attempts": owed.attempts,
        "results": list(owed.results),
        "provider_id": "",
        "choices": [{"key": each.key, "label": each.label} for each in message.choices],
    }


def claim(connection: Connection, *, node: str, now: datetime, limit: int) -> list[Owed]:
    """Take the lease on up to `limit` entries that are due, oldest first."""
    due = (
        select(_outbox.c.id)
        .where(and_(_outbox.c.state == "queued", _outbox.c.due_at <= now))
        .order_by(_outbox.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has one writer and ignores it
    )
    rows = connection.execute(
        update(_outbox)
        .where(_outbox.c.id.in_(due.scalar_subquery()))
        .values(due_at=now + LEASE, claimed_by=node)
        .returning(*_outbox.c)
    ).all()
    return [owed_of(row) for row in rows]


def release(connection: Connection, *, node: str, now: datetime) -> int:
    """Give up every lease of this node: at its start they are those of the process that died."""
    return connection.execute(
        update(_outbox)
        .where(and_(_outbox.c.state == "queued", _outbox.c.claimed_by == node))
        .values(due_at=now, claimed_by="")
    ).rowcount


def settle(
    owed: Owed,
    *,
    at: datetime,
    outcome: str,
    detail: str,
    next_at: datetime | None,
    provider_id: str = "",
) -> Change:
    """The change that records one attempt. `next_at` is set when there will be another."""
    final = {"sent": "sent", "bounced": "returned"}.get(outcome, "failed")
    state = "queued" if next_at else final
    result = {"at": at.isoformat(timespec="milliseconds"), "outcome": outcome, "detail": detail}
    return SETTLE, {
        "entry": owed.message.id,
        "state": state,
        "due_at": next_at or at,
        "claimed_by": "",
        "attempts": owed.attempts + 1,
        "results": [*owed.results, result],
        "provider_id": provider_id,
    }


def find_reported(connection: Connection, channel: str, entry: str, provider_id: str) -> Row[Any] | None:
    """The entry that a carrier speaks of, by our id or by its own, locked until the end of the transaction."""
    query = select(_outbox).where(_outbox.c.channel == channel)
    if entry:
        query = query.where(_outbox.c.id == entry)
    elif provider_id:
        query = query.where(_outbox.c.provider_id == provider_id, _outbox.c.provider_id != "")
    else:
        return None
    return connection.execute(query.limit(1).with_for_update()).first()


def note_report(connection: Connection, row: Row[Any], *, state: str, detail: str, at: datetime) -> None:
    """What a carrier says became of an entry, after it was sent."""
    result = {"at": at.isoformat(timespec="milliseconds"), "outcome": state, "detail": detail}
    connection.execute(
        update(_outbox)
        .where(_outbox.c.id == row.id)
        .values(state=state, claimed_by="", results=[*row.results, result])
    )


def forget_bare(connection: Connection, before: datetime) -> int:
    """Remove what was said before this time to people who have no case, and is settled. Return how many."""
    query = delete(_outbox).where(
        _outbox.c.case_id.is_(None), _outbox.c.state != "queued", _outbox.c.created_at < before
    )
    return connection.execute(query).rowcount


def withdraw(connection: Connection, to: Address, at: datetime) -> int:
    """Nothing automatic that still waits goes to this address: the person has said so. Return how many."""
    query = select(_outbox.c.id, _outbox.c.results).where(
        _outbox.c.state == "queued",
        _outbox.c.channel == to.channel,
        _outbox.c.recipient == to.value,
        _outbox.c.purpose != "answer",
    )
    found = connection.execute(query.with_for_update()).all()
    result = {"at": at.isoformat(timespec="milliseconds"), "outcome": "refused", "detail": "stopped"}
    for row in found:
        connection.execute(
            update(_outbox)
            .where(_outbox.c.id == row.id)
            .values(state="failed", claimed_by="", results=[*row.results, result])
        )
    return len(found)


def count(connection: Connection) -> dict[str, int]:
    """How many entries are in each state."""
    rows = connection.execute(select(_outbox.c.state, func.count()).group_by(_outbox.c.state))
    return {row[0]: row[1] for row in rows}


def entries_of(connection: Connection, case_id: str) -> Sequence[Row[Any]]:
    """All entries of a case, oldest first."""
    return connection.execute(
        select(_outbox).where(_outbox.c.case_id == case_id).order_by(_outbox.c.id)
    ).all()


def owed_of(row: Row[Any]) -> Owed:
    """An entry from its row."""
    return Owed(
        message=OutboundMessage(
            id=row.id,
            to=Address(channel=row.channel, value=row.recipient, name=row.recipient_name),
            subject=row.subject,
            text=row.text,
            html=row.html,
            language=row.language,
            created_at=row.created_at,
            message_id=row.message_id,
            in_reply_to=row.in_reply_to,
            references=tuple(row.references),
            automatic=row.purpose != "answer",
            choices=tuple(Choice(key=each["key"], label=each["label"]) for each in row.choices),
        ),
        case_id=row.case_id or "",
        purpose=row.purpose,
        attempts=row.attempts,
        results=tuple(row.results),
    )


def list_entries(connection: Connection, *, state: str = "", limit: int = 50) -> Sequence[Row[Any]]:
    """The newest entries first, each with its case's `reference` (None: it has no case), without the words of the message."""
    columns = [column for column in _outbox.c if column.name not in {"text", "html"}]
    query = select(_case.c.reference, *columns).select_from(_outbox).outerjoin(_case)
    if state:
        query = query.where(_outbox.c.state == state)
    return connection.execute(query.order_by(_outbox.c.id.desc()).limit(limit)).all()


def cancel(connection: Connection, case_id: str, *, at: datetime, by: str, reason: str) -> int:
    """Send nothing more of what is owed of this case. Return how many letters that were; not those being sent now."""
    query = select(_outbox.c.id, _outbox.c.results).where(
        _outbox.c.case_id == case_id, _outbox.c.state == "queued", _outbox.c.claimed_by == ""
    )
    found = connection.execute(query).all()
    for row in found:
        result = {
            "at": at.isoformat(timespec="milliseconds"),
            "outcome": "cancelled",
            "detail": f"{by}: {reason}",
        }
        which = (_outbox.c.id == row.id) & (_outbox.c.state == "queued") & (_outbox.c.claimed_by == "")
        values = {"state": "cancelled", "results": [*row.results, result]}
        connection.execute(update(_outbox).where(which).values(**values))
    return len(found)


def requeue(connection: Connection, *, now: datetime, case_ids: Sequence[str] | None = None) -> int:
    """Owe every failed entry again, due now; of these cases only, when given. Return how many."""
    query = update(_outbox).where(_outbox.c.state == "failed")
    if case_ids is not None:
        # Named by a person, also what came back: perhaps the address works again.
        query = update(_outbox).where(_outbox.c.state.in_(("failed", "returned", "cancelled")))
        query = query.where(_outbox.c.case_id.in_(case_ids))
    return connection.execute(query.values(state="queued", due_at=now, claimed_by="")).rowcount

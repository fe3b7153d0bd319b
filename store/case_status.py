"""What the page of a case tells the resident: facts and times, never a word of any message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from store.statements import table
from store.tables import Case, Event, Message, OutboxEntry

MOST = 200
"""Events and letters of one case that are looked at."""

_case, _message, _event, _outbox = table(Case), table(Message), table(Event), table(OutboxEntry)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One of our letters about the case, without its words."""

    purpose: str
    state: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseStatus:
    """What is known of a case."""

    case: Row[Any]
    receipt: Mapping[str, Any]
    # of the message that opened it; {} when none was made
    answer_to: Mapping[str, str] | None
    # where an answer goes; None when the person left no address
    events: Sequence[Row[Any]]
    letters: Sequence[Letter]


def find_status(connection: Connection, case_id: str) -> CaseStatus | None:
    """The case with this id, or the one that it was joined to; None when there is none any more."""
    case = _follow(connection, case_id)
    if case is None or case.state == "disposed":
        return None
    messages = connection.execute(
        select(_message.c.kind, _message.c.receipt, _message.c.answer_to)
        .where(_message.c.case_id == case.id)
        .order_by(_message.c.id)
        .limit(MOST)
    ).all()
    theirs = [row for row in messages if row.kind == "message" and row.answer_to]
    letters = connection.execute(
        select(_outbox.c.purpose, _outbox.c.state, _outbox.c.created_at)
        .where(_outbox.c.case_id == case.id, _outbox.c.purpose != "notice")
        .order_by(_outbox.c.id)
        .limit(MOST)
    ).all()
    return CaseStatus(
        case=case,
        receipt=next((row.receipt for row in messages if row.receipt), {}),
        answer_to=theirs[-1].answer_to[0] if theirs else None,
        events=connection.execute(
            select(_event).where(_event.c.case_id == case.id).order_by(_event.c.id).limit(MOST)
        ).all(),
        letters=[Letter(purpose=row.purpose, state=row.state, at=row.created_at) for row in letters],
    )


def _follow(connection: Connection, case_id: str) -> Row[Any] | None:
    """The case, or the one that it has become a part of."""
    case = connection.execute(select(_case).where(_case.c.id == case_id)).first()
    joined = getattr(case, "joined_to", "") if case is not None else ""
    if not joined:
        return case
    return connection.execute(select(_case).where(_case.c.id == joined)).first()

"""What people and the clocks do with a case: read it under a lock, write what they decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from store.statements import table
from store.tables import AddressBlock, Case, Event, Message

REACH = "contact"
"""Why a message got no receipt that says nothing but where else its writer can be reached."""

_case, _message, _event, _block = table(Case), table(Message), table(Event), table(AddressBlock)


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A case that nobody else changes until the end of the transaction."""

    case: Row[Any]
    message: Row[Any] | None
    # the resident's message that opened it; None when it could not be understood
    latest: Row[Any] | None
    # the last of the resident's messages: what an answer answers
    events: Sequence[Row[Any]]


def hold(connection: Connection, case_id: str) -> Held:
    """The case, locked. SQLite has one writer; PostgreSQL locks the row."""
    case = connection.execute(select(_case).where(_case.c.id == case_id).with_for_update()).one()
    messages = connection.execute(
        select(_message).where(_message.c.case_id == case_id).order_by(_message.c.id)
    ).all()
    # What was joined to it goes on here: its messages may be the last.
    joined = connection.execute(
        select(_message)
        .join(_case, _case.c.id == _message.c.case_id)
        .where(_case.c.joined_to == case_id, _case.c.joined_to != "")
    ).all()
    theirs = [each for each in (*messages, *joined) if each.kind == "message" and each.withheld != REACH]
    return Held(
        case=case,
        message=messages[0] if messages else None,
        latest=max(theirs, key=lambda message: message.id) if theirs else None,
        events=connection.execute(
            select(_event).where(_event.c.case_id == case_id).order_by(_event.c.id)
        ).all(),
    )


def decide(connection: Connection, held: Held, **values: Any) -> None:
    """Write what a person or a clock decided about a case that is held."""
    values.setdefault("version", held.case.version + 1)
    connection.execute(update(_case).where(_case.c.id == held.case.id).values(**values))


def list_due(connection: Connection, now: datetime, limit: int) -> list[str]:
    """The cases that a clock should look at, the longest overdue first."""
    query = select(_case.c.id).where(_case.c.clock_at.is_not(None), _case.c.clock_at <= now)
    return list(connection.execute(query.order_by(_case.c.clock_at).limit(limit)).scalars())


def is_blocked(connection: Connection, address: str, now: datetime) -> bool:
    """Nothing automatic goes to this address: letters came back from there."""
    query = select(_block.c.id).where(_block.c.value == address, _block.c.until > now).limit(1)
    return connection.execute(query).first() is not None

"""What the demo's page shows of one case and of the conversation that it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from store.statements import table
from store.tables import Case, Message, OutboxEntry, Raw

MOST = 20
"""Messages and letters of one conversation, the newest."""

LARGEST = 100_000
"""Bytes of a delivery that is shown. The page takes none that is larger."""

_case, _raw, _message, _outbox = table(Case), table(Raw), table(Message), table(OutboxEntry)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One case, in the columns' own names."""

    case: Row[Any]
    raw: Row[Any]
    # the newest delivery
    messages: Sequence[Row[Any]]
    # of the whole conversation, oldest first
    letters: Sequence[Row[Any]]
    # to the same person, oldest first


def look(connection: Connection, case_id: str) -> Seen | None:
    """The case with this id, or the one that it was joined to; None when there is none or nothing in it."""
    case = connection.execute(select(_case).where(_case.c.id == case_id)).first()
    if case is not None and case.joined_to:
        case = connection.execute(select(_case).where(_case.c.id == case.joined_to)).first()
    if case is None:
        return None
    raw = connection.execute(
        select(_raw)
        .where(_raw.c.case_id == case.id, _raw.c.size <= LARGEST)
        .order_by(_raw.c.id.desc())
        .limit(1)
    ).first()
    if raw is None:
        return None
    whose = _message.c.case_id == case.id
    contact = connection.execute(
        select(_message.c.contact).where(whose).order_by(_message.c.id.desc()).limit(1)
    ).scalar()
    letters = _outbox.c.case_id == case.id
    if contact:
        whose = (_message.c.contact == contact) & (_message.c.contact != "")
        channel, _, value = contact.partition(":")
        cases = select(_message.c.case_id).where(whose)
        letters = (
            (_outbox.c.channel == channel) & (_outbox.c.recipient == value) & _outbox.c.case_id.in_(cases)
        )
    messages = connection.execute(select(_message).where(whose).order_by(_message.c.id.desc()).limit(MOST))
    owed = connection.execute(
        select(_outbox)
        .where(letters, _outbox.c.purpose != "notice")
        .order_by(_outbox.c.id.desc())
        .limit(MOST)
    )
    return Seen(case=case, raw=raw, messages=messages.all()[::-1], letters=owed.all()[::-1])


def find_quiet(connection: Connection, contacts: Sequence[str]) -> str:
    """Of these contacts one that has never written, else the one that wrote longest ago."""
    last = {
        row.contact: row.id
        for row in connection.execute(
            select(_message.c.contact, func.max(_message.c.id).label("id"))
            .where(_message.c.contact.in_(contacts), _message.c.contact != "")
            .group_by(_message.c.contact)
        )
    }
    return min(contacts, key=lambda contact: last.get(contact, ""))

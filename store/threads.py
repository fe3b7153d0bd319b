"""Which case a message belongs to, and what became of a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from store.changes import Owed
from store.conversation_tables import ContactLink
from store.outbox import owed_of
from store.statements import table
from store.tables import Case, Message, OutboxEntry

_case = table(Case)
_message = table(Message)
_link = table(ContactLink)
_outbox = table(OutboxEntry)

LONGEST_CHAIN = 20
"""Cases joined one to the next that are followed."""

LOOKED_AT = 200
"""Messages of the named cases whose writers are compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What the store knows of what a message names."""

    case: Row[Any] | None = None
    # where it belongs
    others: tuple[tuple[str, str], ...] = ()
    # ids and references of cases that it names and may not write into
    letter: Owed | None = None
    # the letter that it answers or returns
    addresses: tuple[dict[str, str], ...] = ()
    # where else the receiver of that letter may be reached
    letters_today: int = 0
    # how many the case has had since `since`


def find_root(connection: Connection, case_id: str) -> Row[Any]:
    """The case, or the one that it was joined to."""
    case = connection.execute(select(_case).where(_case.c.id == case_id)).one()
    for _ in range(LONGEST_CHAIN):
        if not case.joined_to:
            break
        case = connection.execute(select(_case).where(_case.c.id == case.joined_to)).one()
    return case


def find_place(
    connection: Connection,
    *,
    letters: Sequence[str],
    numbers: Sequence[str],
    answers: Sequence[str],
    writers: Sequence[str],
    since: datetime,
) -> Found:
    """The case of a letter; else of a number or an answer whose case this writer has written to before."""
    if letters:
        row = connection.execute(
            select(_outbox).where(_outbox.c.id.in_(letters)).order_by(_outbox.c.id.desc()).limit(1)
        ).first()
        if row is not None:
            case = find_root(connection, row.case_id)
            if row.purpose in {"notice", "handover"}:
                # A letter to the city's own people: what they write back is not the resident's.
                return Found(others=((case.id, case.reference),))
            return Found(
                case=case,
                letter=owed_of(row),
                addresses=_addresses(connection, case.id),
                letters_today=_count_letters(connection, case.id, since),
            )
    named: list[Row[Any]] = []
    if numbers:
        named += connection.execute(select(_case).where(_case.c.reference.in_(numbers))).all()
    if answers and writers:
        query = select(_case).join(_message, _message.c.case_id == _case.c.id)
        named += connection.execute(
            query.where(_message.c.message_id.in_(answers), _message.c.message_id != "").limit(LOOKED_AT)
        ).all()
    for case in named:
        if set(writers) & (list_writers(connection, case.id) | _list_proven(connection, case.id)):
            case = find_root(connection, case.joined_to) if case.joined_to else case  # noqa: PLW2901  # the case that goes on for it
            return Found(case=case, letters_today=_count_letters(connection, case.id, since))
    # Anybody may know a number. What answers somebody else's mail says nothing about its case either.
    return Found(
        others=tuple(dict.fromkeys((case.id, case.reference) for case in named if case.reference in numbers))
    )


def find_inside(connection: Connection, case_id: str) -> tuple[Row[Any] | None, Row[Any] | None]:
    """The case that goes on under this id, and the last message that a person wrote in it."""
    if connection.execute(select(_case.c.id).where(_case.c.id == case_id)).first() is None:
        return None, None
    case = find_root(connection, case_id)
    query = select(_message).where(_message.c.case_id.in_({case_id, case.id}), _message.c.kind == "message")
    return case, connection.execute(query.order_by(_message.c.id.desc()).limit(1)).first()


def _list_proven(connection: Connection, case_id: str) -> set[str]:
    """The mail addresses that are proven to be those of somebody who wrote in this case by a conversation."""
    names = select(_message.c.contact).where(_message.c.case_id == case_id, _message.c.contact != "")
    links = select(_link.c.one, _link.c.other).where(
        or_(_link.c.one.in_(names), _link.c.other.in_(names)), _link.c.undone_at.is_(None)
    )
    found = [name for row in connection.execute(links.limit(LOOKED_AT)) for name in row]
    return {name.removeprefix("email:") for name in found if name.startswith("email:")}


def list_writers(connection: Connection, case_id: str) -> set[str]:
    """Who has written to a case in a way that nothing spoke against."""
    query = select(_message.c.sender).where(
        _message.c.case_id == case_id, _message.c.kind == "message", _message.c.withheld == ""
    )
    rows = connection.execute(query.limit(LOOKED_AT)).scalars()
    return {sender["value"].lower() for sender in rows if sender and sender["value"]}


def _addresses(connection: Connection, case_id: str) -> tuple[dict[str, str], ...]:
    query = select(_message.c.answer_to).where(
        _message.c.case_id == case_id, _message.c.kind == "message", _message.c.withheld == ""
    )
    rows = connection.execute(query.order_by(_message.c.id).limit(LOOKED_AT)).scalars()
    found = {address["value"].lower(): address for addresses in rows for address in addresses}
    return tuple(found.values())


def _count_letters(connection: Connection, case_id: str, since: datetime) -> int:
    query = (
        select(func.count())
        .select_from(_outbox)
        .where(_outbox.c.case_id == case_id, _outbox.c.created_at >= since)
    )
    return connection.execute(query).scalar_one()

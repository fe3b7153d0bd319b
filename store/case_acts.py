"""What staff write about a case: notes, links to other cases, a message that gets a case of its own, an answer taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from store.access import Scope, may_read
from store.conversation_tables import Media
from store.ids import new_id
from store.letter_files import forget_files
from store.staff_tables import CaseLink, Note
from store.statements import table
from store.tables import Case, Message, OutboxEntry, Raw

_case, _message, _raw, _media = table(Case), table(Message), table(Raw), table(Media)
_note, _link, _outbox = table(Note), table(CaseLink), table(OutboxEntry)


def add_note(connection: Connection, case_id: str, text: str, *, by: str, at: datetime) -> str:
    """A note for whoever works with the case. Returns its id."""
    note_id = new_id()
    connection.execute(insert(_note).values(id=note_id, case_id=case_id, at=at, by=by, text=text))
    return note_id


def link_cases(connection: Connection, one: str, other: str, kind: str, *, by: str, at: datetime) -> bool:
    """Two cases have to do with each other; False when that was known. The order of "split" is old, new."""
    pair = or_(
        and_(_link.c.one == one, _link.c.other == other), and_(_link.c.one == other, _link.c.other == one)
    )
    if connection.execute(select(_link.c.id).where(pair)).first() is not None:
        return False
    connection.execute(insert(_link).values(id=new_id(), one=one, other=other, kind=kind, at=at, by=by))
    return True


def list_linked(connection: Connection, case_id: str) -> Sequence[Row[Any]]:
    """Links of a case, from either end."""
    query = select(_link).where(or_(_link.c.one == case_id, _link.c.other == case_id))
    return connection.execute(query.order_by(_link.c.id)).all()


def find_readable_id(connection: Connection, scope: Scope, case_id: str) -> Row[Any] | None:
    """The case with this id, when everything in it may be seen."""
    return connection.execute(select(_case).where(_case.c.id == case_id, may_read(scope))).first()


def find_message(connection: Connection, case_id: str, message_id: str) -> Row[Any] | None:
    """One message of a case, held until the end of the transaction."""
    query = select(_message).where(_message.c.id == message_id, _message.c.case_id == case_id)
    return connection.execute(query.with_for_update()).first()


def open_split(connection: Connection, old: Row[Any], message: Row[Any], **values: Any) -> None:
    """A new case around one message of an old one: the message, its delivery and its files go along.

    `values` are those of the new case that do not follow from the message. The bytes stay as they are.
    """
    row = {
        "state": "open", "received_at": message.received_at, "channel": old.channel, "department": "",
        "routing": {"rule": "split", "words": [], "confidence": 0.0, "candidates": [], "sensitive": False},
        "kind": message.kind, "category": message.category, "language": message.language,
        "subject": message.subject, "failed_step": "", "error": "", "matter": "", "alarm": "", "version": 1,
        "sampled": False, "told_at": None, "answered_at": None, "joined_to": "", "holder": "",
        "secrecy": old.secrecy, **values,
    }  # fmt: skip
    connection.execute(insert(_case).values(row))
    connection.execute(update(_message).where(_message.c.id == message.id).values(case_id=row["id"]))
    connection.execute(update(_raw).where(_raw.c.id == message.id).values(case_id=row["id"]))
    connection.execute(update(_media).where(_media.c.message_id == message.id).values(case_id=row["id"]))


def is_free(connection: Connection, reference: str) -> bool:
    """No case has this number."""
    return connection.execute(select(_case.c.id).where(_case.c.reference == reference)).first() is None


def promise(connection: Connection, message_id: str, receipt: dict[str, Any]) -> None:
    """Another receipt for a message, whose case is another now."""
    connection.execute(update(_message).where(_message.c.id == message_id).values(receipt=receipt))


def take_back(connection: Connection, case_id: str, entry_id: str) -> bool:
    """Remove an answer that nobody has begun to send. False when it is on its way, or is none of this case's.

    One statement: whoever claims it at the same moment either has it, or finds nothing.
    """
    query = delete(_outbox).where(
        _outbox.c.id == entry_id,
        _outbox.c.case_id == case_id,
        _outbox.c.purpose == "answer",
        _outbox.c.state == "queued",
        _outbox.c.claimed_by == "",
        _outbox.c.attempts == 0,
    )
    if connection.execute(query).rowcount != 1:
        return False
    forget_files(connection, entry_id)
    return True


def forget(connection: Connection, case_id: str) -> None:
    """What staff wrote about a case that is destroyed goes with it."""
    connection.execute(delete(_note).where(_note.c.case_id == case_id))
    connection.execute(delete(_link).where(or_(_link.c.one == case_id, _link.c.other == case_id)))

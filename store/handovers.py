"""Cases that were sent to the register of a board, and the numbers that they have there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from store.downstream_tables import Handover
from store.ids import new_id
from store.statements import table
from store.tables import Case, File, Message, OutboxEntry, Raw

_handover, _case, _raw = table(Handover), table(Case), table(Raw)
_message, _file, _outbox = table(Message), table(File), table(OutboxEntry)


LOST = ("failed", "returned")
"""States of a letter that will not arrive any more."""


def add_handover(
    connection: Connection, *, case_id: str, board: str, entry: str, at: datetime, alarm_at: datetime
) -> None:
    """The mail `entry` hands a case over."""
    connection.execute(
        insert(_handover).values(
            id=new_id(),
            case_id=case_id,
            board=board,
            entry_id=entry,
            at=at,
            alarm_at=alarm_at,
            diary_number="",
            confirmed_at=None,
            confirmed_by="",
        )
    )


def of_case(connection: Connection, case_id: str) -> Sequence[Row[Any]]:
    """The hand-overs of one case, the oldest first, each with the state of its mail."""
    query = (
        select(_handover, _outbox.c.state)
        .outerjoin(_outbox, _outbox.c.id == _handover.c.entry_id)
        .where(_handover.c.case_id == case_id)
    )
    return connection.execute(query.order_by(_handover.c.id)).all()


def list_handovers(connection: Connection, *, waiting: bool, limit: int) -> Sequence[Row[Any]]:
    """The newest first, each with its case's reference and the state of its mail."""
    query = (
        select(_handover, _case.c.reference, _outbox.c.state)
        .join(_case, _case.c.id == _handover.c.case_id)
        .outerjoin(_outbox, _outbox.c.id == _handover.c.entry_id)
    )
    if waiting:
        query = query.where(_handover.c.diary_number == "")
    return connection.execute(query.order_by(_handover.c.id.desc()).limit(limit)).all()


def list_late(connection: Connection, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """Those whose number should have come, and those whose letter was lost, with the letter's `state`."""
    query = (
        select(_handover, _outbox.c.state)
        .outerjoin(_outbox, _outbox.c.id == _handover.c.entry_id)
        .where(_handover.c.diary_number == "", _handover.c.alarm_at.is_not(None))
        .where(or_(_handover.c.alarm_at <= now, _outbox.c.state.in_(LOST)))
    )
    return connection.execute(query.order_by(_handover.c.alarm_at).limit(limit)).all()


def silence(connection: Connection, handover_id: str) -> bool:
    """Its alarm has been told. False: somebody else has told it, or the number has come."""
    query = update(_handover).where(
        _handover.c.id == handover_id, _handover.c.alarm_at.is_not(None), _handover.c.diary_number == ""
    )
    return connection.execute(query.values(alarm_at=None)).rowcount > 0


def confirm(connection: Connection, handover_id: str, *, number: str, by: str, at: datetime) -> None:
    """It has this number in the register."""
    connection.execute(
        update(_handover)
        .where(_handover.c.id == handover_id)
        .values(diary_number=number, confirmed_at=at, confirmed_by=by, alarm_at=None)
    )


def find_handed(connection: Connection, entry: str) -> Row[Any] | None:
    """The hand-over of a letter."""
    return connection.execute(select(_handover).where(_handover.c.entry_id == entry)).first()


def find_answers(connection: Connection, case_id: str) -> Sequence[Any]:
    """The first messages of a case: who wrote, what, and which mails they refer to."""
    query = (
        select(
            _message.c.sender, _message.c.subject, _message.c.text, _message.c.new_text, _message.c.references
        )
        .where(_message.c.case_id == case_id)
        .order_by(_message.c.id)
        .limit(3)
    )
    return connection.execute(query).all()


def find_contents(
    connection: Connection, case_id: str
) -> tuple[Row[Any], Sequence[Row[Any]], Sequence[Row[Any]]]:
    """The case, its deliveries and its files, as they came."""
    case = connection.execute(select(_case).where(_case.c.id == case_id)).one()
    raws = connection.execute(select(_raw).where(_raw.c.case_id == case_id).order_by(_raw.c.id)).all()
    messages = select(_message.c.id).where(_message.c.case_id == case_id)
    files = select(_file).where(_file.c.message_id.in_(messages))
    return case, raws, connection.execute(files.order_by(_file.c.message_id, _file.c.position)).all()

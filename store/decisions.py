"""What people decided about where messages belong: the examples that the routing learns from."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from store.statements import table
from store.tables import Case, Event, Message

_case, _event, _message = table(Case), table(Event), table(Message)

DECIDING = ("case.accepted", "case.moved", "case.answered")
"""Events by which a person says where a case belongs: see the index `events_decisions`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Where a case belongs, as the last person saw it."""

    case_id: str
    department: str
    subject: str
    text: str
    # what the resident newly wrote in the message that opened the case


def find_latest(connection: Connection) -> str:
    """The id of the latest event that decides, "" when there is none: ids are ordered by time."""
    query = select(func.max(_event.c.id)).where(_event.c.type.in_(DECIDING))
    return connection.execute(query).scalar() or ""


def list_decisions(connection: Connection, *, limit: int) -> list[Decision]:
    """One decision a case, oldest first, of the latest `limit` events. Disposed cases have no words to learn."""
    events = connection.execute(
        select(_event.c.case_id, _event.c.type, _event.c.data)
        .where(_event.c.type.in_(DECIDING))
        .order_by(_event.c.id.desc())
        .limit(limit)
    ).all()
    latest: dict[str, str] = {}
    for event in events:
        # The newest comes first, and it counts.
        latest.setdefault(event.case_id, event.data.get("to") or event.data.get("department") or "")
    wanted = [case for case, department in reversed(latest.items()) if department]
    found: list[Decision] = []
    for at in range(0, len(wanted), 500):
        found += _read(connection, wanted[at : at + 500], latest)
    return found


def _read(connection: Connection, cases: list[str], departments: dict[str, str]) -> list[Decision]:
    # The opening message has the lowest id of its case.
    first = select(func.min(_message.c.id)).where(_message.c.case_id.in_(cases)).group_by(_message.c.case_id)
    rows = connection.execute(
        select(_message.c.case_id, _message.c.subject, _message.c.text, _message.c.new_text).where(
            _message.c.id.in_(first)
        )
    )
    by_case = {row.case_id: row for row in rows}
    return [
        Decision(
            case_id=case,
            department=departments[case],
            subject=row.subject,
            text=row.text if row.new_text is None else row.new_text,
        )
        for case in cases
        if (row := by_case.get(case)) is not None and (row.text or row.subject)
    ]

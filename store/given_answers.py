"""What other systems were answered, by Idempotency-Key: the same request gets the same answer for a day."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from store.staff_tables import GivenAnswer
from store.statements import table

KEPT = timedelta(days=1)

_answer = table(GivenAnswer)


def find_answer(connection: Connection, token_id: str, key: str, now: datetime) -> Row[Any] | None:
    """What was noted for this key, younger than a day."""
    which = (_answer.c.token_id == token_id) & (_answer.c.key == key) & (_answer.c.at > now - KEPT)
    return connection.execute(select(_answer).where(which)).first()


def note_request(connection: Connection, token_id: str, key: str, request: str, now: datetime) -> None:
    """Somebody works on this request. What is older than a day is forgotten."""
    connection.execute(delete(_answer).where(_answer.c.at <= now - KEPT))
    row = {"token_id": token_id, "key": key, "request": request, "at": now, "case_id": "", "status": 0}
    connection.execute(insert(_answer).values(**row, headers={}, body={}))


def note_answer(
    connection: Connection,
    token_id: str,
    key: str,
    *,
    case_id: str,
    status: int,
    headers: dict[str, str],
    body: dict[str, Any],
) -> None:
    """What it was answered."""
    which = (_answer.c.token_id == token_id) & (_answer.c.key == key)
    connection.execute(
        update(_answer).where(which).values(case_id=case_id, status=status, headers=headers, body=body)
    )


def forget_request(connection: Connection, token_id: str, key: str) -> None:
    """Nothing was made of it."""
    connection.execute(delete(_answer).where(_answer.c.token_id == token_id, _answer.c.key == key))


def forget_answers(connection: Connection, case_id: str) -> None:
    """The case is destroyed."""
    connection.execute(delete(_answer).where(_answer.c.case_id == case_id))

"""The record of a case for other systems: its own columns, and apart from them what residents wrote."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from store.access import Scope, level_of, may_list, may_read
from store.statements import table
from store.tables import Case, Message

MOST_MESSAGES = 50
"""Of one case: an event is not a whole archive."""

_case, _message = table(Case), table(Message)


def list_records(
    connection: Connection,
    scope: Scope,
    *,
    after: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 500,
) -> Sequence[Row[Any]]:
    """Cases after this id, the oldest first, with their `level`. Received from `since` on and before `until`."""
    query = select(_case, level_of(scope).label("level")).where(_case.c.id > after, may_list(scope))
    if since is not None:
        query = query.where(_case.c.received_at >= since)
    if until is not None:
        query = query.where(_case.c.received_at < until)
    return connection.execute(query.order_by(_case.c.id).limit(limit)).all()


def count_records(
    connection: Connection, scope: Scope, *, since: datetime | None = None, until: datetime | None = None
) -> int:
    """How many there are."""
    query = select(func.count()).select_from(_case).where(may_list(scope))
    if since is not None:
        query = query.where(_case.c.received_at >= since)
    if until is not None:
        query = query.where(_case.c.received_at < until)
    return connection.execute(query).scalar_one()


def find_record(connection: Connection, scope: Scope, case_id: str) -> Row[Any] | None:
    """One case, while everything in it may be seen."""
    query = select(_case, level_of(scope).label("level")).where(_case.c.id == case_id, may_read(scope))
    return connection.execute(query).first()


def list_texts(connection: Connection, scope: Scope, case_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """What residents wrote in these cases, by case, the oldest first; only where everything may be seen."""
    query = (
        select(
            _message.c.case_id,
            _message.c.id,
            _message.c.received_at,
            _message.c.sender,
            _message.c.subject,
            _message.c.text,
        )
        .join(_case, _case.c.id == _message.c.case_id)
        .where(_message.c.case_id.in_(case_ids), _message.c.kind == "message", may_read(scope))
        .order_by(_message.c.case_id, _message.c.id)
    )
    found: dict[str, list[Row[Any]]] = {}
    rows: Sequence[Any] = connection.execute(query).all()
    for row in rows:
        texts = found.setdefault(row.case_id, [])
        if len(texts) < MOST_MESSAGES:
            texts.append(row)
    return found

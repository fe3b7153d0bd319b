"""Who has which case open just now. It is read and written by every node, and forgotten by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from store.staff_tables import Member, Presence
from store.statements import table

STAYS = timedelta(seconds=25)
"""How long somebody counts as there since they were last heard of."""

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_presence, _member = table(Presence), table(Member)


def list_others(connection: Connection, case_id: str, member_id: str, now: datetime) -> Sequence[Row[Any]]:
    """Who else has the case open: name, and whether they write."""
    columns: list[Any] = [_member.c.name, _presence.c.writes]
    query = (
        select(*columns)
        .join(_member, _member.c.id == _presence.c.member_id)
        .where(_presence.c.case_id == case_id, _presence.c.member_id != member_id, _presence.c.until > now)
    )
    return connection.execute(query.order_by(_member.c.name).limit(10)).all()


def needs_note(connection: Connection, case_id: str, member_id: str, *, writes: bool, now: datetime) -> bool:
    """Whether it must be written that somebody is there: not at every sign of life."""
    query = select(_presence.c.until, _presence.c.writes).where(
        _presence.c.case_id == case_id, _presence.c.member_id == member_id
    )
    row = connection.execute(query).first()
    return row is None or row.writes != writes or row.until - now < STAYS / 2


def note_presence(
    connection: Connection, case_id: str, member_id: str, *, writes: bool, now: datetime
) -> None:
    """Somebody has the case open."""
    # Who comes anew takes along those who are long gone.
    connection.execute(delete(_presence).where(_presence.c.until < now - STAYS))
    insert = _INSERT[connection.dialect.name](_presence)
    values = {"until": now + STAYS, "writes": writes}
    connection.execute(
        insert.values(case_id=case_id, member_id=member_id, **values).on_conflict_do_update(
            index_elements=["case_id", "member_id"], set_=values
        )
    )

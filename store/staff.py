"""Members of staff and their sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from store.staff_tables import Member, Session
from store.statements import table

_member, _session = table(Member), table(Session)


def add_member(connection: Connection, **values: Any) -> None:
    """Somebody more. The values are those of `Member`."""
    connection.execute(insert(_member).values(**values))


def change_member(connection: Connection, member_id: str, **values: Any) -> None:
    """Other values for somebody."""
    connection.execute(update(_member).where(_member.c.id == member_id).values(**values))


def find_member(connection: Connection, *, login: str = "", subject: str = "") -> Row[Any] | None:
    """Whoever has this login, in lower case, or this subject at the OpenID provider."""
    which = _member.c.subject == subject if subject else _member.c.login == login
    return connection.execute(select(_member).where(which)).first()


def find_member_by_id(connection: Connection, member_id: str) -> Row[Any] | None:
    """The member with this id."""
    return connection.execute(select(_member).where(_member.c.id == member_id)).first()


def list_members(connection: Connection) -> Sequence[Row[Any]]:
    """Everybody, by login."""
    return connection.execute(select(_member).order_by(_member.c.login)).all()


def open_session(connection: Connection, **values: Any) -> None:
    """Somebody is signed in in one browser more. The values are those of `Session`."""
    connection.execute(insert(_session).values(**values))


def find_session(connection: Connection, session_id: str, now: datetime) -> Row[Any] | None:
    """The session that has not ended, with the columns of its member (id as member_id); None when there is none.

    Read at every request: who is disabled, or has other roles, is so from the next one on.
    """
    member_columns = [column for column in _member.c if column.name not in {"id", "password"}]
    query = (
        select(_session, *member_columns)
        .join(_member, _member.c.id == _session.c.member_id)
        .where(_session.c.id == session_id, _session.c.ends_at > now, _member.c.disabled_at.is_(None))
    )
    return connection.execute(query).first()


def change_session(connection: Connection, session_id: str, **values: Any) -> None:
    """Other values for a session."""
    connection.execute(update(_session).where(_session.c.id == session_id).values(**values))


def claim_check(connection: Connection, session_id: str, *, before: datetime, now: datetime) -> bool:
    """Whoever gets True asks the provider, and nobody else of those who ask at the same time."""
    query = update(_session).where(_session.c.id == session_id, _session.c.checked_at == before)
    return connection.execute(query.values(checked_at=now)).rowcount > 0


def end_sessions(connection: Connection, *, session_id: str = "", member_id: str = "") -> None:
    """Sign out of one session, or a member out of all."""
    which = _session.c.id == session_id if session_id else _session.c.member_id == member_id
    connection.execute(delete(_session).where(which))

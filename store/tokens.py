"""The tokens of other systems."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from store.staff_tables import AccessToken
from store.statements import table

_token = table(AccessToken)


def add_token(connection: Connection, **values: Any) -> None:
    """One more. The values are those of `AccessToken`."""
    connection.execute(insert(_token).values(**values))


def find_token(connection: Connection, digest: str, now: datetime) -> Row[Any] | None:
    """The token with this SHA-256, while it has neither ended nor been revoked."""
    query = select(_token).where(
        _token.c.hash == digest, _token.c.ends_at > now, _token.c.revoked_at.is_(None)
    )
    return connection.execute(query).first()


def list_tokens(connection: Connection) -> Sequence[Row[Any]]:
    """All that there ever were, by name and then by age."""
    return connection.execute(select(_token).order_by(_token.c.name, _token.c.id)).all()


def revoke_tokens(connection: Connection, name: str, now: datetime) -> int:
    """The tokens of this name count for nothing from now on. Returns how many did until now."""
    which = (_token.c.name == name) & _token.c.revoked_at.is_(None) & (_token.c.ends_at > now)
    return connection.execute(update(_token).where(which).values(revoked_at=now)).rowcount

"""Lists that members of staff want to find again, each their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from store.errors import NotPossible
from store.ids import new_id
from store.staff_tables import SavedView
from store.statements import table

MOST = 20
"""Views of one member: more would be a list to search in."""

_view = table(SavedView)


def list_views(connection: Connection, member_id: str) -> Sequence[Row[Any]]:
    """Somebody's views, in the order in which they were made."""
    return connection.execute(select(_view).where(_view.c.member_id == member_id).order_by(_view.c.id)).all()


def add_view(connection: Connection, member_id: str, name: str, query: Mapping[str, str]) -> None:
    """Keep a list under a name; one of this name is replaced. Raises NotPossible."""
    connection.execute(delete(_view).where(_view.c.member_id == member_id, _view.c.name == name))
    count = select(func.count()).select_from(_view).where(_view.c.member_id == member_id)
    if connection.execute(count).scalar_one() >= MOST:
        raise NotPossible(f"there are {MOST} already", key="many_views")
    connection.execute(insert(_view).values(id=new_id(), member_id=member_id, name=name, query=dict(query)))


def remove_view(connection: Connection, member_id: str, view_id: str) -> None:
    """Somebody's own view goes; another's stays."""
    connection.execute(delete(_view).where(_view.c.id == view_id, _view.c.member_id == member_id))

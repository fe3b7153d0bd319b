"""Whose cases another system hears of. Pure."""

from collections.abc import Iterable

from gateway.staff.rights import make_viewer
from normalizer.organisation import Organisation
from store.access import Scope

EVERY = "*"
"""Among the boards of an endpoint: all, and what nobody has decided yet."""


def draw_scope(organisation: Organisation, boards: Iterable[str], departments: Iterable[str]) -> Scope:
    """The cases of these boards and departments. None that is marked: those stay with the people who may read them."""
    named = frozenset(boards)
    if EVERY in named:
        return Scope(whole=frozenset({"", *organisation.departments}))
    viewer = make_viewer(
        organisation, member="", name="", roles=("machine",), boards=named, departments=departments
    )
    return viewer.scope

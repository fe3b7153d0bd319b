"""Whose cases somebody sees: the one place where the boards are kept apart.

Each board is an authority of its own, and secrecy holds between them (Offentlighets- och sekretesslagen, 2009:400,
8 kap. 1-2 §§). Every list, search, count, export and event asks here, in the query itself: what somebody may not see
is not there for them, and nothing that they get tells that it exists.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, false, or_, select

from store.statements import table
from store.tables import Case

_case = table(Case)

SECRET, PROTECTED = "secret", "protected"
"""What is in `cases.secrecy` beside ""."""

WHOLE, REGISTER = 2, 1
"""How much of a case somebody sees: everything, or that it exists, where it is and by when it is answered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """The departments whose cases somebody sees, by key; "" stands for what nobody has decided yet."""

    member: str = ""
    # their id: what they hold they read, whatever its mark, as long as their department has it
    whole: frozenset[str] = frozenset()
    # read whole while unmarked
    secret: frozenset[str] = frozenset()
    # read whole also when marked secret
    protected: frozenset[str] = frozenset()
    # read whole also when marked as a protected identity
    listed: frozenset[str] = frozenset()
    # listed with register data alone where the above does not allow more


NOTHING = Scope()


def may_read(scope: Scope) -> ColumnElement[bool]:
    """Condition on `cases`: everything in it may be seen."""
    held = _in(scope.whole) if scope.member else false()
    return or_(
        and_(_case.c.secrecy == "", _in(scope.whole)),
        and_(_case.c.secrecy == SECRET, _in(scope.secret)),
        and_(_case.c.secrecy == PROTECTED, _in(scope.protected)),
        and_(_case.c.holder == scope.member, held),
    )


def may_list(scope: Scope) -> ColumnElement[bool]:
    """Condition on `cases`: at least its register data may be seen."""
    return or_(may_read(scope), _in(scope.listed)) if scope.listed else may_read(scope)


def level_of(scope: Scope) -> ColumnElement[int]:
    """WHOLE or REGISTER, as a column of a query that holds `may_list`."""
    return case((may_read(scope), WHOLE), else_=REGISTER)


def find_readable(connection: Connection, scope: Scope, reference: str) -> Row[Any] | None:
    """The case with this reference, when everything in it may be seen; else None, as if there were none."""
    query = select(_case).where(_case.c.reference == reference, may_read(scope))
    return connection.execute(query).first()


def _in(keys: Iterable[str]) -> ColumnElement[bool]:
    return _case.c.department.in_(sorted(keys)) if keys else false()

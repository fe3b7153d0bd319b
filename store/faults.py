"""What an error of the database means to whoever called: gone for now, or never these rows."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from store.errors import DeliveryTaken, ReferenceTaken, RowRefused, StoreError, StoreUnavailable, TurnTaken

# SQLSTATE classes (PostgreSQL appendix A) that say "not now": connection, resources, intervention, system.
_OUTAGE_CLASSES = frozenset({"08", "53", "57", "58", "40"})


def is_outage(error: BaseException) -> bool:
    """The database is away or busy: nothing was kept, and another try may go well."""
    if isinstance(error, OSError | TimeoutError):
        return True
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.Error):
        return isinstance(cause, sqlite3.OperationalError)
    if getattr(error, "connection_invalidated", False):
        return True
    if state := sqlstate(cause):
        return state[:2] in _OUTAGE_CLASSES
    # Without a code: SQLAlchemy's adapter or asyncpg itself, about the line; about a value it is a ValueError too.
    return isinstance(error, DBAPIError) or (
        type(error).__module__.startswith("asyncpg.") and not isinstance(error, ValueError)
    )


_TURNS = ("messages.contact", "messages_turn", "contacts.value", "contacts_once")


def refusal(error: Exception) -> StoreError:
    """What an error of a driver, or of SQLAlchemy around it, means to whoever wanted to write."""
    cause = getattr(error, "orig", None) or error
    # SQLite names the columns of a broken constraint, PostgreSQL the constraint.
    broken = f"{cause} {getattr(cause, 'constraint_name', '')}"
    integrity = isinstance(cause, sqlite3.IntegrityError) or sqlstate(cause).startswith("23")
    if integrity and ("cases.reference" in broken or "cases_reference_key" in broken):
        return ReferenceTaken("another case has this number")
    if integrity and ("raw_messages.external_id" in broken or "raw_messages_once" in broken):
        return DeliveryTaken("the same delivery was written just now")
    if integrity and any(name in broken for name in _TURNS):
        return TurnTaken("another message of this person was written just now")
    if isinstance(error, StoreError):
        return error
    if is_outage(error):
        return StoreUnavailable(brief(error))
    return RowRefused(type(cause).__name__)


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's own code of an error; "" when it has none."""
    return getattr(error, "sqlstate", None) or ""


def brief(error: BaseException) -> str:
    """The database's own words, without our parameters: those may hold a resident's text."""
    cause = getattr(error, "orig", None) or error
    return f"{type(cause).__name__}: {str(cause).splitlines()[0][:200] if str(cause) else ''}"

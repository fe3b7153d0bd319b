"""The ledger of mailboxes: which mail was fetched, and which node works on which mailbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from store.mailbox_tables import MailboxFolder, MailboxLease, MailboxMail
from store.tables import Raw


def _table(model: type[SQLModel]) -> Table:
    return model.__table__  # type: ignore[attr-defined, no-any-return]  # SQLModel adds it at run time


_lease = _table(MailboxLease)
_folder = _table(MailboxFolder)
_mail = _table(MailboxMail)
_raw = _table(Raw)

HERE = ("stored", "repeated")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A folder: where it is, and its UIDVALIDITY."""

    source: str
    uidvalidity: int


def hold(connection: Connection, source: str, *, holder: str, now: datetime, until: datetime) -> bool:
    """Take or renew the lease. False: somebody else has it."""
    values = {"source": source, "holder": holder, "until": until}
    free = or_(_lease.c.holder == holder, _lease.c.until < now)
    rows = _upsert(connection, _lease, [values], where=free)
    return rows > 0


def release(connection: Connection, source: str, *, holder: str) -> None:
    """Give the lease back, if it is still ours."""
    connection.execute(delete(_lease).where(_lease.c.source == source, _lease.c.holder == holder))


def find_holder(connection: Connection, source: str, *, now: datetime) -> str:
    """Who works on it; "" when nobody does."""
    query = select(_lease.c.holder).where(_lease.c.source == source, _lease.c.until >= now)
    return connection.execute(query).scalar() or ""


def find_mark(connection: Connection, place: Place) -> int:
    """The lowest UID not accounted for; 1 when the folder was never looked at."""
    return connection.execute(select(_folder.c.next_uid).where(_in(_folder, place))).scalar() or 1


def find_looked_at(connection: Connection, place: Place) -> datetime | None:
    """When it was last looked through to its end."""
    return connection.execute(select(_folder.c.looked_at).where(_in(_folder, place))).scalar()


def count_fetched(connection: Connection, source: str) -> int:
    """How many mails were ever fetched from there, whatever became of them in the mailbox."""
    query = select(func.count()).where(_mail.c.source == source, _mail.c.outcome.in_(HERE))
    return connection.execute(query).scalar_one()


def forget(connection: Connection, place: Place) -> None:
    """Drop what was known of a folder whose numbers have begun anew. The messages themselves stay."""
    connection.execute(delete(_mail).where(_in(_mail, place)))
    connection.execute(delete(_folder).where(_in(_folder, place)))


def advance(connection: Connection, place: Place, *, next_uid: int, now: datetime) -> None:
    """Everything below is accounted for."""
    values = {**_values(place), "next_uid": next_uid, "looked_at": now}
    _upsert(connection, _folder, [values])


def note(connection: Connection, place: Place, rows: Sequence[dict[str, Any]]) -> None:
    """Write down what became of mails: values uid, outcome, message_id, size, at, after."""
    _upsert(connection, _mail, [{**_values(place), **row} for row in rows])


def outcomes(connection: Connection, place: Place, low: int, high: int) -> dict[int, str]:
    """What became of the mails from `low` to `high`; "lost" when the message it names is not in the store."""
    query = (
        select(_mail.c.uid, _mail.c.outcome, _raw.c.id)
        .outerjoin(_raw, _raw.c.id == _mail.c.message_id)
        .where(_in(_mail, place), _mail.c.uid >= low, _mail.c.uid <= high)
    )
    return {
        row.uid: "lost" if row.outcome in HERE and row.id is None else row.outcome
        for row in connection.execute(query)
    }


def owed(connection: Connection, place: Place, limit: int) -> list[int]:
    """UIDs that wait for their end in the mailbox, of mails whose message is proven to be in the store."""
    query = (
        select(_mail.c.uid)
        .join(_raw, _raw.c.id == _mail.c.message_id)
        .where(_in(_mail, place), _mail.c.after == "owed", _mail.c.outcome.in_(HERE))
        .order_by(_mail.c.uid)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def settle(connection: Connection, place: Place, uids: Sequence[int], how: str) -> None:
    """Their end in the mailbox has come."""
    connection.execute(update(_mail).where(_in(_mail, place), _mail.c.uid.in_(uids)).values(after=how))


def _in(table: Table, place: Place) -> Any:
    return and_(table.c.source == place.source, table.c.uidvalidity == place.uidvalidity)


def _values(place: Place) -> dict[str, Any]:
    return {"source": place.source, "uidvalidity": place.uidvalidity}


def _upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], where: Any = None) -> int:
    """Insert, or replace what has the same key (where that holds); how many rows were written."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(list(rows))
    keys = [column.name for column in table.primary_key]
    changed = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys
    }
    done = connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed, where=where).returning(
            table.c.source
        )
    )
    return len(done.all())

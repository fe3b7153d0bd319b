"""The audit trail: who looked at what, and who changed whose rights. Appended, never changed.

Each entry holds the hash of the one before, so that whoever takes one out or writes another in breaks the chain from
there on. The database itself refuses to change or delete one. Whoever can replace the whole table can still write a
new chain: keep the newest hash somewhere else (`kvitto staff audit --verify` prints it).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text

from store.staff_tables import AuditEntry
from store.statements import table

FIRST = "0" * 64
"""What the first entry has before it."""

_LOCK = 0x6B76_6974_746F
"""PostgreSQL's advisory lock for the end of the chain: two nodes must not write the same place."""

_PAGE = 1000
_audit = table(AuditEntry)


def append(
    connection: Connection, *, at: datetime, by: str, action: str, case_id: str = "", **detail: Any
) -> None:
    """One entry more, in the transaction of what it tells of. `detail` never holds a word of a resident."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = connection.execute(
        select(_audit.c.position, _audit.c.hash).order_by(_audit.c.position.desc()).limit(1)
    ).first()
    entry: dict[str, Any] = {
        "position": last.position + 1 if last is not None else 1,
        "at": at,
        "by": by,
        "action": action,
        "case_id": case_id,
        "detail": detail,
        "previous": last.hash if last is not None else FIRST,
    }
    connection.execute(insert(_audit).values(**entry, hash=_hash(entry)))


def list_entries(connection: Connection, *, before: int | None = None, limit: int = 50) -> Sequence[Row[Any]]:
    """The newest first; `before` is the position of the last one of the page before."""
    query = select(_audit).order_by(_audit.c.position.desc()).limit(limit)
    if before is not None:
        query = query.where(_audit.c.position < before)
    return connection.execute(query).all()


def find_break(connection: Connection) -> tuple[int, str]:
    """The first position at which the chain does not hold, 0 when it does; and the newest hash."""
    previous, expected = FIRST, 1
    for row in _walk(connection):
        if row["position"] != expected or row["previous"] != previous or row["hash"] != _hash(row):
            return expected, previous
        previous, expected = row["hash"], expected + 1
    return 0, previous


def _walk(connection: Connection) -> Iterator[Mapping[str, Any]]:
    after = 0
    while (
        rows := connection.execute(
            select(_audit).where(_audit.c.position > after).order_by(_audit.c.position).limit(_PAGE)
        )
        .mappings()
        .all()
    ):
        yield from map(dict, rows)
        after = rows[-1]["position"]


def _hash(entry: Mapping[str, Any]) -> str:
    whole = {
        **{name: entry[name] for name in ("position", "by", "action", "case_id", "detail", "previous")},
        "at": entry["at"].isoformat(timespec="microseconds"),
    }
    return sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

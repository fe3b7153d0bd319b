"""The files that go along with a person's answer."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from normalizer.messages import Attachment
from store.blobs import INLINE_LIMIT, digest
from store.staff_tables import LetterFile
from store.statements import table
from store.tables import OutboxEntry

_file, _outbox = table(LetterFile), table(OutboxEntry)


def list_large(files: Sequence[Attachment]) -> list[bytes]:
    """What must lie in a blob before `add_files`: larger than a row holds."""
    return [each.content for each in files if each.size > INLINE_LIMIT]


def add_files(connection: Connection, entry_id: str, files: Sequence[Attachment]) -> None:
    """They go along with this letter. Those of `list_large` are durable already."""
    for position, each in enumerate(files):
        connection.execute(
            insert(_file).values(
                entry_id=entry_id,
                position=position,
                filename=each.filename,
                size=each.size,
                sha256=digest(each.content),
                content=each.content if each.size <= INLINE_LIMIT else None,
            )
        )


def find_files(connection: Connection, entry_id: str) -> Sequence[Row[Any]]:
    """The files of one letter, in their order."""
    return connection.execute(
        select(_file).where(_file.c.entry_id == entry_id).order_by(_file.c.position)
    ).all()


def name_files(connection: Connection, entry_ids: Sequence[str]) -> dict[str, list[str]]:
    """The files' names, by letter."""
    query = select(_file.c.entry_id, _file.c.filename).where(_file.c.entry_id.in_(entry_ids))
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.order_by(_file.c.entry_id, _file.c.position)):
        found.setdefault(row.entry_id, []).append(row.filename)
    return found


def forget_files(connection: Connection, entry_id: str) -> None:
    """They go with their letter."""
    connection.execute(delete(_file).where(_file.c.entry_id == entry_id))


def forget_of_case(connection: Connection, case_id: str) -> None:
    """The same for all letters of a case, before those go."""
    entries = select(_outbox.c.id).where(_outbox.c.case_id == case_id)
    connection.execute(delete(_file).where(_file.c.entry_id.in_(entries)))


def blobs_of_cases(connection: Connection, case_ids: Sequence[str]) -> Sequence[str]:
    """The blobs that letters of these cases name."""
    entries = select(_outbox.c.id).where(_outbox.c.case_id.in_(case_ids))
    query = select(_file.c.sha256).where(_file.c.entry_id.in_(entries), _file.c.content.is_(None))
    return connection.execute(query).scalars().all()


def find_blobs(connection: Connection, names: Sequence[str]) -> Sequence[str]:
    """Those of these blobs that a letter names."""
    query = select(_file.c.sha256).where(_file.c.sha256.in_(names), _file.c.content.is_(None))
    return connection.execute(query).scalars().all()

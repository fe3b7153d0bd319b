"""Reading cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from normalizer.messages import RawMessage
from store.media import media_of
from store.outbox import entries_of
from store.statements import table
from store.tables import Case, Event, File, Message, Raw
from store.writer import Earlier

_case = table(Case)
_raw = table(Raw)
_message = table(Message)
_file = table(File)
_event = table(Event)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFile:
    """Everything about one case, in the columns' own names."""

    case: Row[Any]
    raws: Sequence[Row[Any]]
    messages: Sequence[Row[Any]]
    files: Sequence[Row[Any]]
    outbox: Sequence[Row[Any]]
    events: Sequence[Row[Any]]
    media: Sequence[Row[Any]] = ()
    # files that a provider kept or keeps


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRaw:
    """A raw message as it lies in the store; its bytes may still be in the blob named `sha256`."""

    id: str
    case_id: str
    external_id: str
    sha256: str
    raw: RawMessage
    inline: bool
    # False: `raw.body` is empty and the blob has the bytes


def list_cases(
    connection: Connection,
    *,
    unreadable: bool = False,
    sampled: bool = False,
    limit: int = 50,
    before: str = "",
) -> Sequence[Row[Any]]:
    """The newest cases first; `before` is the id of the last one of the page before."""
    query = select(_case).order_by(_case.c.id.desc()).limit(limit)
    if unreadable:
        query = query.where(_case.c.failed_step != "")
    if sampled:
        query = query.where(_case.c.sampled)
    if before:
        query = query.where(_case.c.id < before)
    return connection.execute(query).all()


def count_cases(connection: Connection) -> int:
    """How many cases there are."""
    return connection.execute(select(func.count()).select_from(_case)).scalar_one()


def find_case(connection: Connection, reference: str) -> CaseFile | None:
    """The whole case with this reference, or None."""
    case = connection.execute(select(_case).where(_case.c.reference == reference)).first()
    if case is None:
        return None
    messages = connection.execute(
        select(_message).where(_message.c.case_id == case.id).order_by(_message.c.id)
    ).all()
    columns = [column for column in _file.c if column.name != "content"]
    files = connection.execute(
        select(*columns)
        .where(_file.c.message_id.in_([message.id for message in messages]))
        .order_by(_file.c.message_id, _file.c.position)
    ).all()
    raw_columns = [column for column in _raw.c if column.name != "body"]
    return CaseFile(
        case=case,
        raws=connection.execute(
            select(*raw_columns).where(_raw.c.case_id == case.id).order_by(_raw.c.id)
        ).all(),
        messages=messages,
        files=files,
        outbox=entries_of(connection, case.id),
        events=connection.execute(
            select(_event).where(_event.c.case_id == case.id).order_by(_event.c.id)
        ).all(),
        media=media_of(connection, case.id) if any(message.contact for message in messages) else (),
    )


def find_both(connection: Connection, earlier: Earlier) -> tuple[Row[Any], Row[Any] | None]:
    """The rows of a case and of one of its messages; no message when it was never understood."""
    case = connection.execute(select(_case).where(_case.c.id == earlier.case_id)).one()
    return case, connection.execute(select(_message).where(_message.c.id == earlier.message_id)).first()


def is_failed(connection: Connection, case_id: str) -> bool:
    """Is this case still waiting to be understood? Held until the end of the transaction."""
    query = select(_case.c.failed_step).where(_case.c.id == case_id).with_for_update()
    return bool(connection.execute(query).scalar_one())


def find_delivery(connection: Connection, raw: RawMessage, external_id: str) -> str:
    """The id of the raw message that has this identity, or ""."""
    query = select(_raw.c.id).where(
        _raw.c.external_id == external_id, _raw.c.channel == raw.channel, _raw.c.account == raw.account
    )
    return connection.execute(query).scalar() or ""


def find_known(connection: Connection, channel: str, external_ids: Sequence[str]) -> set[str]:
    """Those of these identities that are here already, in the channel's one way in."""
    query = select(_raw.c.external_id).where(
        _raw.c.channel == channel, _raw.c.account == "", _raw.c.external_id.in_(external_ids)
    )
    return set(connection.execute(query).scalars())


def find_by_message_id(connection: Connection, message_id: str) -> Row[Any] | None:
    """The case of the message that its writer gave this id."""
    query = (
        select(_case)
        .join(_message, _message.c.case_id == _case.c.id)
        .where(_message.c.message_id == message_id)
    )
    return connection.execute(query.limit(1)).first()


def find_references(connection: Connection, references: Sequence[str]) -> dict[str, Row[Any]]:
    """The cases that have these references, by reference."""
    rows = connection.execute(select(_case).where(_case.c.reference.in_(references)))
    return {row.reference: row for row in rows}


def find_raw(connection: Connection, case_id: str) -> StoredRaw | None:
    """The raw message that opened the case."""
    row = connection.execute(select(_raw).where(_raw.c.case_id == case_id).order_by(_raw.c.id)).first()
    return _stored(row) if row else None


def find_failed(connection: Connection, case_ids: Sequence[str] | None = None) -> list[StoredRaw]:
    """The raw messages that were not understood, oldest first; of these cases only, when given."""
    query = (
        select(_raw)
        .join(_case, _case.c.id == _raw.c.case_id)
        .where(_case.c.failed_step != "")
        .order_by(_raw.c.id)
    )
    if case_ids is not None:
        query = query.where(_raw.c.case_id.in_(case_ids))
    return [_stored(row) for row in connection.execute(query)]


def _stored(row: Row[Any]) -> StoredRaw:
    return StoredRaw(
        id=row.id,
        case_id=row.case_id,
        external_id=row.external_id,
        sha256=row.sha256,
        inline=row.body is not None,
        raw=RawMessage(
            channel=row.channel,
            account=row.account,
            received_at=row.received_at,
            body=row.body or b"",
            headers=row.headers,
            url=row.url,
            envelope_from=row.envelope_from,
            envelope_to=tuple(row.envelope_to),
        ),
    )

"""Conversations in the chat, as their two sides read them: the resident's messages, and what is owed to the resident.

An outbox entry of the channel "chat" is itself the durable message: to be committed is to be readable.

    sent --the browser has shown it--> delivered
    sent --nobody has read it for a while--> unread, and sent on where the person left an address
    unread --the browser has shown it--> delivered
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from store.changes import Owed
from store.outbox import owed_of
from store.statements import table
from store.tables import Case, File, Message, OutboxEntry

CHANNEL = "chat"

SHOWN = 200
"""Messages of one conversation that a browser gets, the newest."""

_case, _message, _file, _outbox = table(Case), table(Message), table(File), table(OutboxEntry)


def _whose(contact: str) -> ColumnElement[bool]:
    # Said twice, so that SQLite knows that its index without the empty ones will do.
    return and_(_message.c.contact == f"{CHANNEL}:{contact}", _message.c.contact != "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One message of a conversation."""

    id: str
    ours: bool
    # the city wrote it
    at: datetime
    text: str
    purpose: str = ""
    # of the city's: "receipt", "answer" ...
    language: str = ""
    reach: str = ""
    # of the resident's: an address that was left, and nothing else said
    files: tuple[tuple[str, int], ...] = ()
    # name and bytes of each
    choices: tuple[Mapping[str, str], ...] = field(default=())
    # buttons, each a key and a label


def id_at(moment: datetime) -> str:
    """The least id made at this moment (RFC 9562 section 5.7): ids at or after it are not older."""
    return f"{int(moment.timestamp() * 1000):012x}{'0' * 20}"


def list_items(connection: Connection, contact: str, *, since: str = "") -> list[Item]:
    """The conversation of one contact after the id `since`, oldest first, at most the newest SHOWN."""
    whose = _whose(contact)
    theirs = connection.execute(
        select(_message).where(whose, _message.c.id > since).order_by(_message.c.id.desc()).limit(SHOWN)
    ).all()
    cases = select(_message.c.case_id).where(whose)
    ours = connection.execute(
        select(_outbox)
        .where(
            _outbox.c.case_id.in_(cases),
            _outbox.c.channel == CHANNEL,
            _outbox.c.recipient == contact,
            _outbox.c.id > since,
        )
        .order_by(_outbox.c.id.desc())
        .limit(SHOWN)
    ).all()
    files = _files_of(connection, [row.id for row in theirs])
    items = [_theirs(row, files.get(row.id, ())) for row in theirs] + [_ours(row) for row in ours]
    return sorted(items, key=lambda item: item.id)[-SHOWN:]


def list_fresh(connection: Connection, since: str) -> list[tuple[str, str]]:
    """Ids and contacts of what the city has written in any chat after the id `since`."""
    query = select(_outbox.c.id, _outbox.c.recipient).where(
        _outbox.c.id > since, _outbox.c.channel == CHANNEL
    )
    return [(row.id, row.recipient) for row in connection.execute(query)]


def mark_read(connection: Connection, contact: str, upto: str, at: datetime) -> int:
    """The browser has shown everything to this id. Returns how many are not settled yet: ask again soon."""
    cases = select(_message.c.case_id).where(_whose(contact))
    rows = connection.execute(
        select(_outbox.c.id, _outbox.c.state, _outbox.c.results)
        .where(
            _outbox.c.case_id.in_(cases),
            _outbox.c.channel == CHANNEL,
            _outbox.c.recipient == contact,
            _outbox.c.id <= upto,
            _outbox.c.state.in_(("queued", "sent", "unread")),
        )
        .order_by(_outbox.c.id)
        .limit(SHOWN)
        .with_for_update()
    ).all()
    settled = [row for row in rows if row.state != "queued"]
    for row in settled:
        _set_state(connection, row, "delivered", at)
    return len(rows) - len(settled)


def list_unread(
    connection: Connection, purposes: Sequence[str], *, since: str, before: str, limit: int
) -> Sequence[Row[Any]]:
    """Entries that nobody has read, made between two ids, oldest first; locked where the database can."""
    return connection.execute(
        select(_outbox)
        .where(
            _outbox.c.id > since,
            _outbox.c.id < before,
            _outbox.c.channel == CHANNEL,
            _outbox.c.purpose.in_(purposes),
            _outbox.c.state == "sent",
        )
        .order_by(_outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def note_unread(connection: Connection, row: Row[Any], at: datetime) -> Owed:
    """Nobody has read this entry in the chat for a while. Returns it."""
    _set_state(connection, row, "unread", at)
    return owed_of(row)


def find_reach(connection: Connection, case_id: str, contact: str) -> Mapping[str, str] | None:
    """Where else the person of a chat wants to be found, as said last in this case."""
    query = (
        select(_message.c.answer_to)
        .where(_message.c.case_id == case_id, _whose(contact))
        .order_by(_message.c.id.desc())
        .limit(SHOWN)
    )
    for addresses in connection.execute(query).scalars():
        for address in addresses:
            if address["channel"] != CHANNEL:
                return dict(address)
    return None


def find_reference(connection: Connection, case_id: str) -> str:
    """The number of a case, without its hyphen."""
    return str(connection.execute(select(_case.c.reference).where(_case.c.id == case_id)).scalar_one())


def _set_state(connection: Connection, row: Any, state: str, at: datetime) -> None:
    result = {"at": at.isoformat(timespec="milliseconds"), "outcome": state, "detail": ""}
    connection.execute(
        update(_outbox).where(_outbox.c.id == row.id).values(state=state, results=[*row.results, result])
    )


def _files_of(connection: Connection, messages: Sequence[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    if not messages:
        return {}
    rows = connection.execute(
        select(_file.c.message_id, _file.c.filename, _file.c.size)
        .where(_file.c.message_id.in_(messages))
        .order_by(_file.c.message_id, _file.c.position)
    )
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for row in rows:
        found[row.message_id] = (*found.get(row.message_id, ()), (row.filename, row.size))
    return found


def _theirs(row: Row[Any], files: tuple[tuple[str, int], ...]) -> Item:
    left = [address["value"] for address in row.answer_to if address["channel"] != CHANNEL]
    only_reach = "contact" in row.labels and bool(left)
    return Item(
        id=row.id,
        ours=False,
        at=row.received_at,
        text="" if only_reach else row.text,
        reach=left[0] if left else "",
        purpose="reach" if only_reach else "",
        files=files,
    )


def _ours(row: Row[Any]) -> Item:
    return Item(
        id=row.id,
        ours=True,
        at=row.created_at,
        text=row.text,
        purpose=row.purpose,
        language=row.language,
        choices=tuple(row.choices or ()),
    )

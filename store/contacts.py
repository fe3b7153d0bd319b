"""People on channels of conversations: what was said last and where, who wants nothing automatic, who is the same person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from normalizer.messages import Address
from store import outbox
from store.conversation_tables import Contact, ContactLink
from store.ids import new_id
from store.rows import contact_change
from store.statements import table
from store.tables import AddressBlock, Case, Message, OutboxEntry, Raw
from store.threads import find_root, list_writers
from store.writer import apply

RECENT = 50
"""Messages of one contact whose cases are looked at."""

LONGEST_TEXT = 8000
"""Characters of what was written before that a later message is read together with."""

_case, _message, _outbox, _raw = table(Case), table(Message), table(OutboxEntry), table(Raw)
_contact, _link, _block = table(Contact), table(ContactLink), table(AddressBlock)

NOTICES = ("notice", "greeting")
"""Entries of the outbox that are no word in anybody's conversation about a case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """What the store knows of one contact, before one more message. Cases are rows; of joined ones the one that goes on."""

    contact: Row[Any] | None = None
    turn: int = 0
    case: Row[Any] | None = None
    # of the last word in either direction
    last_at: datetime | None = None
    replied: Row[Any] | None = None
    edited: Row[Any] | None = None
    named: tuple[Row[Any], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    asked: tuple[Row[Any], Row[Any]] | None = None
    # the newer case and the older one of the button that was pressed, or of the last question
    texts: tuple[str, ...] = ()
    # what the contact wrote in `case`, oldest first, while nobody but a rule has decided about it


def find_conversation(
    connection: Connection,
    *,
    channel: str,
    value: str,
    replies: Sequence[str] = (),
    edits: str = "",
    numbers: Sequence[str] = (),
    about: Sequence[str] = (),
    asked_since: datetime | None = None,
) -> Conversation:
    """Look everything up that decides where this contact's next message belongs.

    `about` are the references on a button; `asked_since` asks for the last question that a digit may answer.
    """
    name = f"{channel}:{value}"
    contact = find_contact(connection, channel, value)
    columns = (_message.c.id, _message.c.case_id, _message.c.turn, _message.c.received_at)
    recent = connection.execute(
        select(*columns).where(_message.c.contact == name).order_by(_message.c.turn.desc()).limit(RECENT)
    ).all()
    if not recent:
        return Conversation(contact=contact, others=_others(connection, numbers, ()))
    own = [row.case_id for row in recent]
    case, last_at = find_root(connection, own[0]), recent[0].received_at
    theirs = {*own, case.id}
    spoken = connection.execute(
        select(_outbox.c.case_id, _outbox.c.created_at)
        .where(
            _outbox.c.case_id.in_(theirs),
            _outbox.c.channel == channel,
            _outbox.c.recipient == value,
            _outbox.c.purpose.not_in(NOTICES),
        )
        .order_by(_outbox.c.created_at.desc())
        .limit(1)
    ).first()
    if spoken is not None and spoken.created_at >= last_at:
        case, last_at = find_root(connection, spoken.case_id), spoken.created_at
    named = _named(connection, name, numbers) if numbers else []
    return Conversation(
        contact=contact,
        turn=recent[0].turn,
        case=case,
        last_at=last_at,
        replied=_replied(connection, channel, value, replies) if replies else None,
        edited=_edited(connection, name, channel, edits) if edits else None,
        named=tuple(find_root(connection, row.id) for row in named),
        others=_others(connection, numbers, [row.id for row in named]),
        asked=_asked(connection, channel, value, theirs, about, asked_since),
        texts=_texts(connection, name, case) if case.version == 1 else (),
    )


def _named(connection: Connection, name: str, numbers: Sequence[str]) -> list[Row[Any]]:
    """The cases of these numbers in which this person has written: from here, or from where else it is proven to be."""
    others = list_linked(connection, name)
    return [
        row
        for row in _by_reference(connection, numbers)
        if has_written(connection, name, row.id) or any(_wrote(connection, each, row.id) for each in others)
    ]


def _wrote(connection: Connection, name: str, case_id: str) -> bool:
    """Has whoever this contact is written in this case? Mail has no contacts: there the sender counts."""
    channel, _, value = name.partition(":")
    if channel != "email":
        return has_written(connection, name, case_id)
    return value in list_writers(connection, case_id)


def find_contact(
    connection: Connection, channel: str, value: str, *, locked: bool = False
) -> Row[Any] | None:
    """The row of a contact; locked until the end of the transaction where the database locks rows."""
    query = select(_contact).where(_contact.c.value == value, _contact.c.channel == channel)
    return connection.execute(query.with_for_update() if locked else query).first()


def has_written(connection: Connection, contact: str, case_id: str) -> bool:
    """Has this contact written in this case?"""
    query = select(_message.c.id).where(_message.c.case_id == case_id, _message.c.contact == contact)
    return connection.execute(query.limit(1)).first() is not None


def _by_reference(connection: Connection, references: Sequence[str]) -> Sequence[Row[Any]]:
    return connection.execute(select(_case).where(_case.c.reference.in_(references))).all()


def _others(
    connection: Connection, numbers: Sequence[str], written: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Anybody may know a number: the cases tell of each other, and nothing is added."""
    if not numbers:
        return ()
    found = _by_reference(connection, numbers)
    return tuple((row.id, row.reference) for row in found if row.id not in written)


def _replied(connection: Connection, channel: str, value: str, replies: Sequence[str]) -> Row[Any] | None:
    """The case of our message to this contact that is answered, the nearest last."""
    row = connection.execute(
        select(_outbox.c.case_id)
        .where(
            _outbox.c.provider_id.in_(replies),
            _outbox.c.provider_id != "",
            _outbox.c.channel == channel,
            _outbox.c.recipient == value,
            _outbox.c.case_id.is_not(None),
        )
        .order_by(_outbox.c.id.desc())
        .limit(1)
    ).first()
    return find_root(connection, row.case_id) if row is not None else None


def _edited(connection: Connection, name: str, channel: str, edits: str) -> Row[Any] | None:
    row = connection.execute(
        select(_message.c.case_id)
        .join(_raw, _raw.c.id == _message.c.id)
        .where(_raw.c.external_id == edits, _raw.c.channel == channel, _message.c.contact == name)
        .limit(1)
    ).first()
    return find_root(connection, row.case_id) if row is not None else None


def _asked(
    connection: Connection,
    channel: str,
    value: str,
    theirs: set[str],
    about: Sequence[str],
    since: datetime | None,
) -> tuple[Row[Any], Row[Any]] | None:
    """The cases of a button, where this contact has written in both; else those of the last question."""
    if since is not None:
        # What staff wrote after the question may ask for a digit of its own.
        entry = connection.execute(
            select(_outbox.c.purpose, _outbox.c.choices)
            .where(
                _outbox.c.case_id.in_(theirs),
                _outbox.c.channel == channel,
                _outbox.c.recipient == value,
                _outbox.c.purpose.in_(("question", "answer")),
                _outbox.c.created_at >= since,
            )
            .order_by(_outbox.c.created_at.desc())
            .limit(1)
        ).first()
        if entry is None or entry.purpose != "question" or not entry.choices:
            return None
        about = entry.choices[0]["key"].split(":")[1:]
    if len(about) != 2:  # the newer and the older
        return None
    found = {row.reference: row for row in _by_reference(connection, about)}
    name = f"{channel}:{value}"
    if len(found) != 2 or not has_written(connection, name, found[about[0]].id):
        return None
    new, old = found[about[0]], found[about[1]]
    if not has_written(connection, name, old.id) and not _wrote_in_joined(connection, name, old.id):
        return None
    return new, old


def _wrote_in_joined(connection: Connection, name: str, case_id: str) -> bool:
    """In a case that was joined to this one, directly."""
    query = (
        select(_message.c.id)
        .join(_case, _case.c.id == _message.c.case_id)
        .where(_case.c.joined_to == case_id, _case.c.joined_to != "", _message.c.contact == name)
    )
    return connection.execute(query.limit(1)).first() is not None


def _texts(connection: Connection, name: str, case: Row[Any]) -> tuple[str, ...]:
    rows = connection.execute(
        select(_message.c.text)
        .where(_message.c.case_id == case.id, _message.c.contact == name, _message.c.kind == "message")
        .order_by(_message.c.turn.desc())
        .limit(RECENT)
    ).scalars()
    found, room = [], LONGEST_TEXT
    for text in rows:
        room -= len(text)
        if room < 0:
            break
        found.append(text)
    return tuple(reversed(found))


def note_command(
    connection: Connection,
    address: Address,
    at: datetime,
    *,
    kind: str,
    external_id: str = "",
    language: str = "",
) -> bool:
    """Somebody opened a conversation, wants nothing automatic any more, or does again. False: it was so noted already.

    `external_id` is that of a command that no case keeps: the same one again is a repetition.
    """
    if find_contact(connection, address.channel, address.value) is None:
        apply(connection, [contact_change(address, language, at)])
    # Locked before it is looked at: the same command may reach two nodes in the same moment.
    contact = find_contact(connection, address.channel, address.value, locked=True)
    assert contact is not None
    if external_id and contact.last_command == external_id:
        return False
    values: dict[str, Any] = {"last_command": external_id or contact.last_command}
    if kind == "stop":
        values["stopped_at"] = contact.stopped_at or at
        outbox.withdraw(connection, address, at)
    elif kind == "resume":
        values["stopped_at"] = None
        connection.execute(
            _block.delete().where(_block.c.channel == address.channel, _block.c.value == address.value)
        )
    connection.execute(update(_contact).where(_contact.c.id == contact.id).values(**values))
    return True


def is_stopped(connection: Connection, channel: str, value: str) -> bool:
    """Does this person want nothing automatic there?"""
    contact = find_contact(connection, channel, value)
    return contact is not None and contact.stopped_at is not None


def link(connection: Connection, one: str, other: str, *, proof: str, at: datetime) -> str:
    """Two contacts are one person, and this proves it. Returns the id of the link; the same one when it is there."""
    one, other = sorted((one, other))
    row = connection.execute(
        select(_link.c.id).where(_link.c.one == one, _link.c.other == other, _link.c.undone_at.is_(None))
    ).first()
    if row is not None:
        return str(row.id)
    link_id = new_id()
    connection.execute(
        _link.insert().values(id=link_id, one=one, other=other, proof=proof, at=at, undone_at=None)
    )
    return link_id


def unlink(connection: Connection, link_id: str, *, at: datetime) -> bool:
    """They are two persons after all. False when that was known already."""
    query = update(_link).where(_link.c.id == link_id, _link.c.undone_at.is_(None)).values(undone_at=at)
    return connection.execute(query).rowcount > 0


def list_left(connection: Connection, name: str, since: datetime) -> list[Mapping[str, str]]:
    """The addresses that this contact has left since then, the newest first, each once."""
    query = (
        select(_message.c.answer_to)
        .where(_message.c.contact == name, _message.c.received_at >= since)
        .order_by(_message.c.turn.desc())
        .limit(RECENT)
    )
    channel = name.partition(":")[0]
    found = [each for addresses in connection.execute(query).scalars() for each in addresses]
    return list({each["value"]: each for each in found if each["channel"] != channel}.values())


def is_owed(connection: Connection, to: Address, purpose: str, since: datetime) -> bool:
    """Has anything of this purpose been written to this address since then?"""
    query = select(_outbox.c.id).where(
        _outbox.c.recipient == to.value,
        _outbox.c.channel == to.channel,
        _outbox.c.purpose == purpose,
        _outbox.c.created_at >= since,
    )
    return connection.execute(query.limit(1)).first() is not None


def is_used(connection: Connection, proof: str) -> bool:
    """Has this proof linked two contacts, even if they were taken apart again?"""
    return connection.execute(select(_link.c.id).where(_link.c.proof == proof).limit(1)).first() is not None


def list_links(connection: Connection, case_id: str) -> Sequence[Row[Any]]:
    """The links of everybody who has written in a case from a channel of conversations, undone ones too."""
    names = select(_message.c.contact).where(_message.c.case_id == case_id, _message.c.contact != "")
    query = select(_link).where(or_(_link.c.one.in_(names), _link.c.other.in_(names)))
    return connection.execute(query.order_by(_link.c.id)).all()


def list_linked(connection: Connection, contact: str) -> list[str]:
    """The other contacts of the same person, as proven."""
    query = select(_link.c.one, _link.c.other).where(
        and_(or_(_link.c.one == contact, _link.c.other == contact), _link.c.undone_at.is_(None))
    )
    found = {name for row in connection.execute(query) for name in row}
    return sorted(found - {contact})


def count_contacts(connection: Connection) -> int:
    """How many there are."""
    return connection.execute(select(func.count()).select_from(_contact)).scalar_one()

"""Everything on the page of one case, for somebody: what they may not read is not fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from store.access import REGISTER, WHOLE, Scope, level_of, may_list, may_read
from store.conversation_tables import Media
from store.handovers import of_case
from store.letter_files import name_files
from store.staff_tables import CaseLink, Member, Note
from store.statements import table
from store.tables import Case, Event, File, Message, OutboxEntry, Raw

MOST = 300
"""Messages, letters and notes of one case that a page shows; of events twice as many, the newest."""

_case, _message, _file, _raw = table(Case), table(Message), table(File), table(Raw)
_event, _outbox, _media = table(Event), table(OutboxEntry), table(Media)
_note, _link, _member = table(Note), table(CaseLink), table(Member)


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePage:
    """A case as somebody sees it. At REGISTER level there is the case's row alone."""

    case: Row[Any]
    level: int
    messages: Sequence[Row[Any]] = ()
    # also of cases that were joined to it, if they may be read
    files: Sequence[Row[Any]] = ()
    # without their bytes
    media: Sequence[Row[Any]] = ()
    raws: Mapping[str, int] = field(default_factory=dict)
    # id of each original, and its bytes
    letters: Sequence[Row[Any]] = ()
    events: Sequence[Row[Any]] = ()
    notes: Sequence[Row[Any]] = ()
    others: Mapping[str, Row[Any]] = field(default_factory=dict)
    # id -> case that this one is linked or joined to, or parted from: those that may be listed
    names: Mapping[str, str] = field(default_factory=dict)
    # id -> name of each member of staff who did something
    letter_files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # the names of the files that went along, by letter
    handovers: Sequence[Row[Any]] = ()
    # to registers, each with the state of its mail
    earlier: Sequence[Row[Any]] = ()
    # other cases of whoever writes here, where the channel tells who that is


def find_page(connection: Connection, scope: Scope, reference: str) -> CasePage | None:
    """The page of the case with this reference; None when it may not even be listed."""
    query = select(_case, level_of(scope).label("level")).where(
        _case.c.reference == reference, may_list(scope)
    )
    case = connection.execute(query).first()
    if case is None:
        return None
    if case.level != WHOLE:
        return CasePage(case=case, level=REGISTER)
    joined = connection.execute(
        select(_case.c.id).where(_case.c.joined_to == case.id, _case.c.joined_to != "", may_read(scope))
    ).scalars()
    ids = [case.id, *joined.all()]
    messages = connection.execute(
        select(_message).where(_message.c.case_id.in_(ids)).order_by(_message.c.id).limit(MOST)
    ).all()
    events = connection.execute(
        select(_event).where(_event.c.case_id == case.id).order_by(_event.c.id.desc()).limit(2 * MOST)
    ).all()[::-1]
    notes = connection.execute(
        select(_note).where(_note.c.case_id.in_(ids)).order_by(_note.c.id).limit(MOST)
    ).all()
    letters = connection.execute(
        select(_outbox)
        .where(_outbox.c.case_id.in_(ids), _outbox.c.purpose.not_in(["notice", "handover"]))
        .order_by(_outbox.c.id)
        .limit(MOST)
    ).all()
    return CasePage(
        case=case,
        level=WHOLE,
        messages=messages,
        files=_list_files(connection, [each.id for each in messages]),
        media=connection.execute(select(_media).where(_media.c.case_id.in_(ids)).limit(MOST)).all(),
        raws={
            row.id: row.size
            for row in connection.execute(
                select(_raw.c.id, _raw.c.size).where(_raw.c.case_id.in_(ids)).limit(MOST)
            )
        },
        letters=letters,
        letter_files=name_files(connection, [each.id for each in letters if each.purpose == "answer"]),
        events=events,
        handovers=of_case(connection, case.id),
        notes=notes,
        others=_list_others(connection, scope, case.id, events),
        names=_list_names(connection, case, events, notes),
        earlier=_list_earlier(connection, scope, case.id, messages),
    )


def _list_files(connection: Connection, ids: Sequence[str]) -> Sequence[Row[Any]]:
    columns = [column for column in _file.c if column.name != "content"]
    query = select(*columns).where(_file.c.message_id.in_(ids))
    return connection.execute(query.order_by(_file.c.message_id, _file.c.position)).all()


def _list_others(
    connection: Connection, scope: Scope, case_id: str, events: Sequence[Row[Any]]
) -> dict[str, Row[Any]]:
    """The history names cases by their ids: which of them may this viewer know of?"""
    links = connection.execute(
        select(_link.c.one, _link.c.other).where(or_(_link.c.one == case_id, _link.c.other == case_id))
    )
    named = {each for row in links.all()[:MOST] for each in row}
    named |= {str(event.data["case"]) for event in events if event.data.get("case")}
    columns = (_case.c.id, _case.c.reference, _case.c.state, level_of(scope).label("level"))
    query = select(*columns).where(_case.c.id.in_(sorted(named - {case_id})), may_list(scope))
    return {row.id: row for row in connection.execute(query)}


def _list_names(
    connection: Connection, case: Row[Any], events: Sequence[Row[Any]], notes: Sequence[Row[Any]]
) -> dict[str, str]:
    wanted = {str(event.data[key]) for event in events for key in ("by", "from") if event.data.get(key)}
    wanted |= {note.by for note in notes} | {case.holder}
    query = select(_member.c.id, _member.c.name).where(_member.c.id.in_(sorted(wanted - {""})))
    return {row.id: row.name for row in connection.execute(query)}


def _list_earlier(
    connection: Connection, scope: Scope, case_id: str, messages: Sequence[Row[Any]]
) -> Sequence[Row[Any]]:
    """By the index of conversations: mail and forms have none, and nobody reads a hundred thousand rows for this."""
    contacts = sorted({message.contact for message in messages if message.contact})
    if not contacts:
        return ()
    written = select(_message.c.case_id).where(_message.c.contact.in_(contacts))
    columns: list[Any] = [_case.c.reference, _case.c.state, _case.c.due]
    query = select(*columns).where(_case.c.id.in_(written), _case.c.id != case_id, may_read(scope))
    return connection.execute(query.order_by(_case.c.id.desc()).limit(10)).all()


def find_original(connection: Connection, scope: Scope, reference: str, raw_id: str) -> Row[Any] | None:
    """A delivery of a case as it came, if everything in the case may be seen. "" is the one that opened it."""
    query = select(_raw, _case.c.matter, _case.c.holder, _case.c.department, _case.c.secrecy).join(
        _case, _case.c.id == _raw.c.case_id
    )
    query = query.where(_of_case(scope, reference), may_read(scope))
    if raw_id:
        query = query.where(_raw.c.id == raw_id)
    return connection.execute(query.order_by(_raw.c.id).limit(1)).first()


def find_file(
    connection: Connection, scope: Scope, reference: str, message_id: str, position: int
) -> Row[Any] | None:
    """An attachment of a case, if everything in the case may be seen."""
    query = (
        select(_file, _case.c.id.label("case_id"), _case.c.secrecy)
        .join(_message, _message.c.id == _file.c.message_id)
        .join(_case, _case.c.id == _message.c.case_id)
        .where(
            _of_case(scope, reference),
            may_read(scope),
            _file.c.message_id == message_id,
            _file.c.position == position,
        )
    )
    return connection.execute(query).first()


def _of_case(scope: Scope, reference: str) -> Any:
    """The case itself, and those that were joined to it."""
    this = select(_case.c.id).where(_case.c.reference == reference, may_read(scope)).scalar_subquery()
    return or_(_case.c.id == this, _case.c.joined_to == this)


def find_alike(
    connection: Connection, scope: Scope, words: Sequence[str], *, limit: int = 5, looked_at: int = 400
) -> list[Row[Any]]:
    """Open cases in whose opening words most of these stand: perhaps the same. Of the newest that may be read."""
    columns: list[Any] = [
        *(_case.c.id, _case.c.reference, _case.c.received_at, _case.c.subject, _case.c.department),
        *(_message.c.text, _message.c.place),
    ]
    opening = (
        select(*columns)
        .select_from(_case)
        .join(_message, _message.c.case_id == _case.c.id)
        .where(_case.c.state == "open", may_read(scope))
        .order_by(_case.c.id.desc(), _message.c.id)
        .limit(looked_at)
    )
    wanted = {word.casefold() for word in words}
    found: dict[str, tuple[int, Row[Any]]] = {}
    for row in connection.execute(opening):
        text = f"{row.subject} {row.place} {row.text[:1000]}".casefold()
        hits = sum(word in text for word in wanted)
        if hits >= 2 and hits > found.get(row.id, (0, row))[0]:
            found[row.id] = (hits, row)
    best = sorted(found.values(), key=lambda each: (-each[0], each[1].reference))
    return [row for _, row in best[:limit]]

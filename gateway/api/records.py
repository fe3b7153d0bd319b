"""Rows as the API's shapes: what may be shown of them, with personal identity numbers masked. Pure.

Who wrote is hidden where a mark protects them, and where they asked for public documents: nobody but those who handle
the request has to know who they are (Tryckfrihetsforordningen 2 kap. 18 §).
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from gateway.api.shapes import Actor, Case, Event, File, Hidden, Message, Note, Person, Routing
from gateway.staff.rights import Viewer, may_know_requester
from normalizer.organisation import Organisation
from normalizer.personal_number import mask
from normalizer.reference import show_reference
from store.access import PROTECTED, WHOLE
from store.api import Seen

CASES = "/api/v1/cases"
_SAFE = frozenset(
    (
        "message", "department", "rule", "step", "status", "permanent", "entry", "channel", "note", "class", "size",
        "documents", "decision",
    )
)  # fmt: skip
# keys of events that hold ids, keys and counts; others may hold an address
_OF_CASES = frozenset(("reason", "basis", "until"))
# of events of cases: what staff wrote
_MOVES = frozenset(
    ("case.moved", "case.returned", "case.marked", "case.sorted", "case.taken", "case.put_back")
)
# whose "from" and "to" are keys of ours


def hides_person(row: Any, viewer: Viewer, city: Organisation) -> Hidden:
    """Why `viewer`, who may read the case, does not see who wrote it; "" when they do. The pages' rule."""
    if row.secrecy == PROTECTED:
        return "protected"
    return "" if may_know_requester(row, viewer, city.fallback) else "requester"


def write_case(
    seen: Seen, city: Organisation, viewer: Viewer, names: Mapping[str, str], *, in_list: bool = False
) -> Case:
    """A case as this viewer may see it. `names` are those of actors, by id.

    In a list a marked case shows register data alone: reading more is put on record, case by case.
    """
    row = seen.row
    key = row.department or city.fallback
    number = show_reference(row.reference)
    # Register data: Offentlighets- och sekretesslagen 5 kap. 2 §, without who wrote and what about.
    common: dict[str, Any] = {
        "reference": number,
        "href": f"{CASES}/{number}",
        "version": row.version,
        "state": row.state,
        "received_at": row.received_at,
        "channel": row.channel,
        "department": key,
        "department_name": name_department(city, key, row),
        "decided": bool(row.department),
        "due": row.due,
    }
    if row.level != WHOLE or (in_list and row.secrecy):
        return Case(access="register", **common)
    hidden = hides_person(row, viewer, city)
    return Case(
        access="whole",
        **common,
        subject=None if hidden == "requester" else mask(row.subject),
        kind=row.kind,
        category=row.category,
        matter=row.matter,
        alarm=row.alarm,
        language=row.language,
        secrecy=row.secrecy,
        holder=make_actor(row.holder, names),
        told_at=row.told_at,
        answered_at=row.answered_at,
        waiting_since=row.waiting_since,
        joined_to=show_reference(seen.joined_to) if seen.joined_to else None,
        routing=_write_routing(row.routing),
        contact=None if hidden or seen.first is None else _write_person(seen.first.sender),
        hidden=hidden,
    )


def name_department(city: Organisation, key: str, row: Any) -> str:
    """What a department was called when the case came."""
    return city.short_name_of(key, "sv", row.received_at.date()) or key


def _write_routing(routing: Mapping[str, Any]) -> Routing:
    return Routing(
        rule=str(routing.get("rule", "")),
        confidence=float(routing.get("confidence") or 0.0),
        sensitive=bool(routing.get("sensitive")),
    )


def _write_person(given: Mapping[str, str] | None) -> Person | None:
    if not given or not (given.get("value") or given.get("name")):
        return None
    return Person(
        channel=given.get("channel", ""), value=given.get("value", ""), name=mask(given.get("name", ""))
    )


def make_actor(by: str, names: Mapping[str, str]) -> Actor | None:
    """Who did it; None when nobody did."""
    if not by:
        return None
    return Actor(id=by, name=names.get(by, "" if len(by) == 32 else by))


def write_message(row: Any, files: Iterable[Any], here: str, hidden: Hidden) -> Message:
    """One message of a resident. `here` is the address of its case."""
    shut = hidden == "requester"
    place = f"{here}/messages/{row.id}"
    return Message(
        id=row.id,
        direction="inbound",
        kind=row.kind,
        at=row.received_at,
        channel=row.channel,
        person=None if hidden else _write_person(row.sender),
        subject=None if shut else mask(row.subject),
        text=None if shut else mask(row.text),
        new_text=None if shut or row.new_text is None else mask(row.new_text),
        language=row.language,
        files=[] if shut else [_write_file(each, place) for each in files],
        original=None if hidden else f"{place}/original",
        hidden=hidden,
    )


def _write_file(row: Any, place: str) -> File:
    return File(
        position=row.position,
        filename=mask(row.filename),
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        href=f"{place}/files/{row.position}",
    )


def write_letter(row: Any, hidden: Hidden) -> Message:
    """One letter of ours."""
    shut = hidden == "requester"
    to = {"channel": row.channel, "value": row.recipient, "name": row.recipient_name}
    return Message(
        id=row.id,
        direction="outbound",
        kind=row.purpose,
        at=row.created_at,
        channel=row.channel,
        person=None if hidden else _write_person(to),
        subject=None if shut else mask(row.subject),
        text=None if shut else mask(row.text),
        language=row.language,
        state=row.state,
        hidden=hidden,
    )


def write_event(row: Any, names: Mapping[str, str]) -> Event:
    """Something that happened, without addresses and without words of a resident."""
    data = {key: value for key, value in row.data.items() if key in _SAFE}
    if row.type.startswith("case."):
        data |= {key: row.data[key] for key in _OF_CASES if key in row.data}
    if row.data.get("case") and "reference" in row.data:
        # The store has left out what tells of cases that may not be seen.
        data["reference"] = row.data["reference"]
    if row.type in _MOVES:
        data |= {key: row.data[key] for key in ("from", "to") if key in row.data}
    return Event(
        id=row.id,
        at=row.at,
        type=row.type,
        by=make_actor(str(row.data.get("by", "")), names),
        data={key: mask(value) if isinstance(value, str) else value for key, value in data.items()},
    )


def write_note(row: Any, names: Mapping[str, str]) -> Note:
    """What somebody of the staff noted."""
    return Note(
        id=row.id, at=row.at, by=make_actor(row.by, names) or Actor(id="", name=""), text=mask(row.text)
    )


def write_disposition(filename: str) -> str:
    """Content-Disposition of a file that is saved, never shown (RFC 6266, RFC 8187)."""
    plain = "".join(
        each if each.isascii() and (each.isalnum() or each in "._- ") else "_" for each in filename
    )
    return (
        f"attachment; filename=\"{plain or 'file'}\"; filename*=UTF-8''{quote(filename or 'file', safe='')}"
    )

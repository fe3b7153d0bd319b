"""What staff do with a case beside what the resident is told of: take it, note, mark, sort, link, part, take back.

Like those of `gateway.desk` each runs in one transaction that holds the case, and leaves an event that names who did
it and never holds a word of a resident.
"""

import secrets
from datetime import date, datetime
from typing import Any, get_args

import msgspec

from gateway.desk import CLOSED, OPEN, Act, Desk, Done
from gateway.joining import join
from gateway.letters.receipts import Receipt, choose_languages
from gateway.promise import due_date
from normalizer.messages import Address
from normalizer.organisation import Organisation
from normalizer.reference import make_reference, show_reference
from normalizer.triage.matters import MatterKind
from store import case_acts, outbox, rows
from store.access import PROTECTED, SECRET
from store.audit import append
from store.changes import INSERT_OUTBOX, Change
from store.contacts import is_stopped
from store.errors import NotPossible
from store.handling import Held, decide, hold, is_blocked
from store.ids import new_id
from store.writer import apply

LONGEST_NOTE = 10_000
LONGEST_BASIS = 200
"""Characters."""
MATTERS = get_args(MatterKind)
MARKS = ("", SECRET, PROTECTED)
_MISTAKES = 20
# numbers drawn before we give up


def take(connection: Any, case_id: str, act: Act, *, accepts: bool = False, over: bool = False) -> Done:
    """It is theirs from now on. `accepts`: their department has it too, which stops its clock. Raises NotPossible.

    What somebody else holds is only taken `over`, and the history tells from whom.
    """
    held = _hold_living(connection, case_id)
    if held.case.holder == act.by:
        raise NotPossible("they have it already", key="yours")
    if held.case.holder and not over:
        raise NotPossible("somebody else has it", key="taken")
    changes = [rows.event_change(case_id, "case.taken", act.at, {"by": act.by, "from": held.case.holder})]
    if accepts and held.case.department and not _is_accepted(held):
        data = {"by": act.by, "department": held.case.department}
        changes.append(rows.event_change(case_id, "case.accepted", act.at, data))
    decide(connection, held, holder=act.by)
    apply(connection, changes)
    return Done(told=None)


def put_back(connection: Any, case_id: str, act: Act) -> Done:
    """Nobody has it, and somebody else may take it. Raises NotPossible."""
    held = _hold_living(connection, case_id)
    if not held.case.holder:
        raise NotPossible("nobody has it", key="untaken")
    decide(connection, held, holder="")
    data = {"by": act.by, "from": held.case.holder}
    apply(connection, [rows.event_change(case_id, "case.put_back", act.at, data)])
    return Done(told=None)


def note(connection: Any, case_id: str, text: str, act: Act) -> Done:
    """Something for whoever works with it. The resident does not see it. Raises NotPossible."""
    held = _hold_living(connection, case_id)
    text = text.strip()
    if not 0 < len(text) <= LONGEST_NOTE:
        raise NotPossible(
            f"a note has from 1 to {LONGEST_NOTE} characters, this has {len(text)}", key="note_length"
        )
    note_id = case_acts.add_note(connection, held.case.id, text, by=act.by, at=act.at)
    apply(connection, [rows.event_change(case_id, "case.noted", act.at, {"by": act.by, "note": note_id})])
    return Done(told=None)


def mark_secrecy(
    connection: Any, case_id: str, mark: str, act: Act, *, basis: str = "", until: str = ""
) -> Done:
    """Who may read it: "", "secret" or "protected". `until` is a day, "2031-11-24". Raises NotPossible.

    `basis` is the section of the law, for the history alone. The day is kept there too: nothing changes by itself.
    """
    held = _hold_living(connection, case_id)
    basis = " ".join(basis.split())
    if mark not in MARKS:
        raise NotPossible(f"a mark is one of {', '.join(filter(None, MARKS))}, or none", key="mark")
    if mark == held.case.secrecy:
        raise NotPossible("it is marked so already", key="same_mark")
    if mark and not basis:
        raise NotPossible("a mark rests on something: name the section of the law", key="no_basis")
    if len(basis) > LONGEST_BASIS:
        raise NotPossible(f"a basis has at most {LONGEST_BASIS} characters", key="basis_length")
    try:
        until = date.fromisoformat(until).isoformat() if until else ""
    except ValueError as error:
        raise NotPossible("a day is written 2026-11-24", key="day") from error
    decide(connection, held, secrecy=mark)
    data = {"by": act.by, "from": held.case.secrecy, "to": mark, "basis": basis, "until": until}
    apply(connection, [rows.event_change(case_id, "case.marked", act.at, data)])
    return Done(told=None)


def mark_kind(connection: Any, case_id: str, matter: str, act: Act) -> Done:
    """Another sort of matter than we found. Raises NotPossible."""
    held = _hold_living(connection, case_id)
    if matter not in MATTERS:
        raise NotPossible(f"a sort is one of {', '.join(MATTERS)}", key="matter")
    if matter == held.case.matter:
        raise NotPossible("it is of that sort already", key="same_matter")
    decide(connection, held, matter=matter)
    data = {"by": act.by, "from": held.case.matter, "to": matter}
    apply(connection, [rows.event_change(case_id, "case.sorted", act.at, data)])
    return Done(told=None)


def merge(connection: Any, city: Organisation, case_id: str, to_id: str, act: Act) -> Done:
    """One matter: the first case rests, the other goes on. Within one authority, and marked alike. Raises NotPossible."""
    one, other = (hold(connection, each).case for each in sorted((case_id, to_id)))
    if one.department and other.department:
        boards = [
            frozenset(city.departments[each.department].boards)
            for each in (one, other)
            if each.department in city.departments
        ]
        if len(boards) != 2 or (one.department != other.department and not boards[0] & boards[1]):
            raise NotPossible("they belong to different boards: link them instead", key="boards")
    if one.secrecy != other.secrecy:
        raise NotPossible("one is marked secret and the other is not: mark both alike first", key="marks")
    join(connection, case_id, to_id, act)
    return Done(told=None)


def link(connection: Any, case_id: str, other_id: str, act: Act) -> Done:
    """They have to do with each other, and stay two. Raises NotPossible."""
    if case_id == other_id:
        raise NotPossible("it is the same case", key="itself")
    held = {each: hold(connection, each) for each in sorted((case_id, other_id))}
    if not case_acts.link_cases(connection, case_id, other_id, "related", by=act.by, at=act.at):
        raise NotPossible("they are linked already", key="linked")
    apply(
        connection,
        [
            rows.event_change(
                one,
                "case.linked",
                act.at,
                {"by": act.by, "case": other, "reference": show_reference(held[other].case.reference)},
            )
            for one, other in ((case_id, other_id), (other_id, case_id))
        ],
    )
    return Done(told=None)


def part(connection: Any, desk: Desk, case_id: str, message_id: str, act: Act) -> str:
    """One message is another matter: it gets a case of its own, whose number the resident is told.

    Returns that case's number. Not the message that opened the case: the rest would stand without a beginning.
    Raises NotPossible.
    """
    held = hold(connection, case_id)
    if held.case.state not in {OPEN, CLOSED}:
        raise NotPossible(f"it is {held.case.state}", key="not_open")
    message = case_acts.find_message(connection, case_id, message_id)
    if message is None or message.kind != "message":
        raise NotPossible("it has no such message", key="no_message")
    if held.message is None or held.message.id == message_id:
        raise NotPossible("the message that opened the case stays in it", key="first_message")
    planner, new_case = desk.planner, new_id()
    reference = next(
        (
            each
            for each in (make_reference(secrets.randbits(64)) for _ in range(_MISTAKES))
            if case_acts.is_free(connection, each)
        ),
        "",
    )
    due = due_date(message.received_at, planner.calendar)
    quiet = bool(held.case.alarm or held.case.routing.get("sensitive") or held.case.secrecy)
    language, also = choose_languages(message.language, planner.organisation)
    receipt = Receipt(
        reference=show_reference(reference),
        received_at=message.received_at,
        channel=held.case.channel,
        language=language,
        also=also,
        variant="neutral" if quiet else "unsure",
        due=due,
        anonymous=not message.answer_to,
    )
    waits = not message.withheld
    case_acts.open_split(
        connection,
        held.case,
        message,
        id=new_case,
        reference=reference,
        due=due,
        waiting_since=message.received_at if waits else None,
        clock_at=act.at if waits else None,
    )
    case_acts.promise(connection, message_id, msgspec.to_builtins(receipt))
    decide(connection, held)
    case_acts.link_cases(connection, case_id, new_case, "split", by=act.by, at=act.at)
    old_number, number = show_reference(held.case.reference), show_reference(reference)
    opened = {"by": act.by, "message": message_id, "department": "", "rule": "split"}
    changes: list[Change] = [
        rows.event_change(new_case, "case.opened", act.at, opened),
        rows.event_change(
            new_case, "case.parted", act.at, {"by": act.by, "case": case_id, "reference": old_number}
        ),
        rows.event_change(
            case_id, "case.parted", act.at, {"by": act.by, "case": new_case, "reference": number}
        ),
    ]
    if waits and message.answer_to:
        to = msgspec.convert(message.answer_to[0], Address)
        if not (is_blocked(connection, to.value, act.at) or is_stopped(connection, to.channel, to.value)):
            letter = planner.owe_letter(
                receipt, to, case_id=new_case, answers=message.message_id,
                references=tuple(message.references), now=act.at,
            )  # fmt: skip
            changes.append((INSERT_OUTBOX, outbox.row_of(letter, due_at=act.at, claimed_by="")))
    apply(connection, changes)
    return reference


def reveal(connection: Any, case_id: str, act: Act) -> Done:
    """Somebody looks at the personal numbers in it: that stands in its history and in the audit trail."""
    apply(connection, [rows.event_change(case_id, "case.revealed", act.at, {"by": act.by})])
    append(connection, at=act.at, by=act.by, action="case.revealed", case_id=case_id)
    return Done(told=None)


def undo_answer(connection: Any, case_id: str, entry: str, act: Act) -> Done:
    """Take back an answer that nobody has begun to send: everything is as before it. Raises NotPossible."""
    held = hold(connection, case_id)
    position, answered = next(
        (
            (place, event)
            for place, event in enumerate(held.events)
            if event.type == "case.answered" and event.data.get("entry") == entry
        ),
        (0, None),
    )
    was = answered.data.get("was") if answered is not None else None
    if was is None or not case_acts.take_back(connection, case_id, entry):
        raise NotPossible("it is on its way already", key="sent")
    later = [event.type for event in held.events[position + 1 :]]
    values: dict[str, Any] = {"answered_at": _read(was.get("answered_at"))}
    if held.case.state == CLOSED and "case.closed" in later:
        values["state"] = OPEN
    if held.case.waiting_since is None:
        # The clocks look at once, and find the next step by themselves.
        values["waiting_since"] = _read(was.get("waiting_since"))
        values["clock_at"] = act.at if was.get("clock_at") else None
    decide(connection, held, **values)
    data = {"by": act.by, "entry": entry}
    apply(connection, [rows.event_change(case_id, "case.answer_undone", act.at, data)])
    return Done(told=None)


def _hold_living(connection: Any, case_id: str) -> Held:
    held = hold(connection, case_id)
    if held.case.state == "disposed":
        raise NotPossible("it is disposed", key="not_open")
    return held


def _is_accepted(held: Held) -> bool:
    """Has this department said that it has it, since it came there?"""
    for event in reversed(held.events):
        if event.type == "case.accepted":
            return True
        if event.type in {"case.moved", "case.returned"}:
            return False
    return False


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None

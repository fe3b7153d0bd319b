"""Where a message belongs, and what it tells of the case that it goes on with. Pure but for new ids."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from normalizer.messages import RawMessage
from normalizer.reference import make_reference, show_reference
from store import rows
from store.changes import Change, Owed
from store.ids import draw_bits, new_id
from store.rows import Understood


class Turn(Struct, frozen=True, kw_only=True, array_like=True):
    """What is particular of a message's place in a conversation."""

    contact: str
    number: int
    quiet: bool = False
    # it goes on with what was said just now: no receipt of its own
    asks: str = ""
    # the reference of an older open case: is this the same matter?
    undecided: bool = False
    # nobody has decided about the case yet, and what was written before is read together with this
    due: date | None = None
    # of the case


class Place(Struct, frozen=True, kw_only=True, array_like=True):
    """Where a message belongs."""

    case_id: str
    reference: str
    message_id: str
    role: Literal["opens", "adds", "completes"]
    # it opens the case, is added to one, or completes one that could not be understood when it came
    written: bool = False
    # the message itself is in the store already: only what follows from it was missing
    promised: bool = False
    # and its receipt has been made
    rests: bool = False
    # nobody waits for an answer in this case: it was answered, or closed
    alarm: str = ""
    # of the case, before this message
    turn: "Turn | None" = None
    # of a message of a conversation


def open_case() -> Place:
    """The place of a message that opens a case. A new number is drawn each time."""
    return Place(case_id=new_id(), reference=make_reference(draw_bits()), message_id=new_id(), role="opens")


def link_changes(case: tuple[str, str], others: Sequence[tuple[str, str]], at: datetime) -> list[Change]:
    """Both cases, each an id and a reference, tell of each other. Staff decide whether they are one."""
    pairs = [(case, other) for other in others] + [(other, case) for other in others]
    return [
        rows.event_change(
            one[0], "case.linked", at, {"case": other[0], "reference": show_reference(other[1])}
        )
        for one, other in pairs
    ]


def is_reconsidered(understood: Understood, place: Place) -> bool:
    """Does a message name the department of a case that nobody knew so far, together with those before it?"""
    decision, turn = understood.decision, place.turn
    return bool(turn and turn.undecided and decision and decision.department and understood.message)


def list_added_changes(
    raw: RawMessage, understood: Understood, place: Place, owed: Owed | None
) -> list[Change]:
    """What a message that goes on with a case tells of it: who it is for, and whether somebody is in danger."""
    at = raw.received_at
    if understood.message is None or understood.message.kind != "message":
        return []
    changes: list[Change] = []
    if is_reconsidered(understood, place):
        told_at = at if owed is not None and owed.purpose == "decided" else None
        alarm = place.alarm or understood.alarm
        changes.append(
            rows.reconsider_change(place.case_id, understood, alarm=alarm, told_at=told_at, look_at=at)
        )
    elif understood.alarm and not place.alarm:
        changes.append(rows.alarm_change(place.case_id, understood.alarm, at))
    return [*changes, *raise_alarm(raw, understood, place)]


def raise_alarm(raw: RawMessage, understood: Understood, place: Place) -> list[Change]:
    """The event from which the alarm's own clock runs, where the case was opened without one."""
    if not understood.alarm or place.alarm:
        return []
    data = {"class": understood.alarm, "message": place.message_id}
    return [rows.event_change(place.case_id, "alarm.raised", raw.received_at, data)]

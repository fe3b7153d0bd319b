"""Two cases are one matter, or after all they are not. Each in one transaction that holds both.

The newer case rests and points to the older one, which goes on for both. Nothing moves: each message stays with the
case that it came to, so that the two can be taken apart again as they were.
"""

from datetime import datetime
from typing import Any

from gateway.desk import OPEN, Act
from normalizer.reference import show_reference
from store import rows
from store.errors import NotPossible
from store.handling import Held, decide, hold
from store.threads import find_root
from store.writer import apply

JOINED = "joined"
"""The state of the case that rests."""


def join(connection: Any, case_id: str, to_id: str, act: Act) -> str:
    """The case goes on in another one. Returns that one's reference. Raises NotPossible."""
    target = find_root(connection, to_id)
    if find_root(connection, case_id).id == target.id:
        if case_id == target.id:
            raise NotPossible("it is the same case")
        return str(target.reference)
    case, other = _hold_both(connection, case_id, target.id)
    if case.case.state != OPEN:
        raise NotPossible(f"it is {case.case.state}")
    if other.case.state not in {OPEN, "closed"}:
        raise NotPossible(f"the other case is {other.case.state}")
    if case.case.alarm and not any(event.type == "alarm.acknowledged" for event in case.events):
        raise NotPossible("somebody may be in danger in it. First: kvitto cases acknowledge NUMBER")
    was = {"waiting_since": _write(case.case.waiting_since), "clock_at": _write(case.case.clock_at)}
    shown, number = show_reference(other.case.reference), show_reference(case.case.reference)
    data = {"by": act.by, "case": other.case.id, "reference": shown, "was": was}
    changes = [
        rows.event_change(case_id, "case.joined", act.at, data),
        rows.event_change(
            other.case.id, "case.extended", act.at, {"by": act.by, "case": case_id, "reference": number}
        ),
    ]
    decide(connection, case, state=JOINED, joined_to=other.case.id, waiting_since=None, clock_at=None)
    if case.case.waiting_since is not None and other.case.waiting_since is None:
        # It was answered or closed, and the person comes back: the clocks run anew.
        since, due = case.case.waiting_since, case.case.due
        decide(connection, other, state=OPEN, waiting_since=since, due=due, clock_at=act.at)
        changes.append(rows.event_change(other.case.id, "case.reopened", act.at, {}))
    apply(connection, changes)
    return str(other.case.reference)


def split(connection: Any, case_id: str, act: Act) -> None:
    """A case that was joined stands alone again, as it was before. Raises NotPossible."""
    held = hold(connection, case_id)
    if held.case.state != JOINED:
        raise NotPossible("it is not joined to another case")
    joined = next(event for event in reversed(held.events) if event.type == "case.joined")
    was = joined.data.get("was", {})
    decide(
        connection,
        held,
        state=OPEN,
        joined_to="",
        waiting_since=_read(was.get("waiting_since")),
        # The clocks look at once, and find the next step by themselves.
        clock_at=act.at if was.get("clock_at") else None,
    )
    other = find_root(connection, held.case.joined_to)
    shown, number = show_reference(other.reference), show_reference(held.case.reference)
    apply(
        connection,
        [
            rows.event_change(
                case_id, "case.split", act.at, {"by": act.by, "case": other.id, "reference": shown}
            ),
            rows.event_change(
                other.id, "case.split", act.at, {"by": act.by, "case": case_id, "reference": number}
            ),
        ],
    )


def _hold_both(connection: Any, one: str, other: str) -> tuple[Held, Held]:
    """In one order, whoever asks: two people who join the same two cases wait for each other only once."""
    held = {case_id: hold(connection, case_id) for case_id in sorted((one, other))}
    return held[one], held[other]


def _write(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None

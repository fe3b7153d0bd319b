"""What people do with a case, and what the resident is told of it. The same functions for every way to ask.

Each runs in one transaction that holds the case: the decision, its event and the letter commit together. A person's
decision is also an example that the routing learns from (`store.decisions`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from gateway.letters.receipts import LaterVariant, Receipt, make_notice
from gateway.plan import Planner
from normalizer.messages import Address, Attachment
from normalizer.organisation import Organisation
from normalizer.text_message import count_segments
from store import outbox, rows
from store.changes import INSERT_OUTBOX, Change, Owed
from store.contacts import is_stopped
from store.errors import NotPossible
from store.handling import Held, decide, hold, is_blocked
from store.letter_files import add_files
from store.writer import apply

OPEN, CLOSED = "open", "closed"
LONGEST_ANSWER = 50_000
"""Characters of one answer."""
MOST_SEGMENTS = 10
"""Of one text message: what providers take."""
UNDO = timedelta(seconds=10)
"""How long an answer written on a page lies before it goes out: see `gateway.handling.undo_answer`."""

_SEEN = frozenset({"case.opened", "case.understood", "message.added", "case.answered", "case.moved", "case.returned"}) | {
    "case.closed", "case.reopened", "case.extended", "case.joined"
}  # fmt: skip
# after one of these an answer may have to be another


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Who does it, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What became of it."""

    told: Address | None
    # where a letter to the resident goes; None when there is none
    entry: str = ""
    # that letter's id in the outbox


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where cases are handled."""

    planner: Planner

    @property
    def _city(self) -> Organisation:
        return self.planner.organisation

    def accept(self, connection: Any, case_id: str, act: Act) -> Done:
        """The department has it. Raises NotPossible."""
        held = self._take_up(connection, case_id)
        if not held.case.department:
            raise NotPossible("no department has it yet. First: kvitto cases move NUMBER DEPARTMENT")
        self._write(connection, held, act, "case.accepted", {"department": held.case.department})
        return Done(told=None)

    def move(self, connection: Any, case_id: str, to: str, act: Act) -> Done:
        """Another department handles it, and the resident is told. Raises NotPossible.

        The first time that a department is known the letter says who it is; later, that it is another now. To the
        contact centre means undecided again.
        """
        held = self._take_up(connection, case_id)
        department = "" if to == self._city.fallback else to
        if department and department not in self._city.departments:
            raise NotPossible(f"there is no department {to!r}", key="no_department")
        if department and self._city.responsible_on(department, act.at.date()) != department:
            raise NotPossible(f"{to!r} is not there any more, or not yet", key="no_department")
        if department == held.case.department:
            raise NotPossible("it is there already", key="there_already")
        return self._place(connection, held, department, act, "case.moved", {})

    def give_back(self, connection: Any, case_id: str, reason: str, act: Act) -> Done:
        """It is not this department's: the contact centre decides anew. Raises NotPossible."""
        held = self._take_up(connection, case_id)
        if not held.case.department:
            raise NotPossible("the contact centre has it already")
        return self._place(connection, held, "", act, "case.returned", {"reason": reason})

    def answer(
        self,
        connection: Any,
        case_id: str,
        text: str,
        act: Act,
        *,
        seen: str | None = None,
        wait: timedelta = timedelta(0),
        files: Sequence[Attachment] = (),
    ) -> Done:
        """A person's answer, on the resident's own channel: from now on nobody waits. Raises NotPossible.

        `seen` is what `stamp` gave when the person began to write: if somebody else has answered since, or the
        resident has written, nothing is sent. The answer goes out after `wait`, and can be taken back until then.
        `files` go along by e-mail; the large ones lie in blobs already.
        """
        held = self._take_up(connection, case_id)
        if seen is not None and seen != stamp(held.events):
            raise NotPossible("something has happened in it meanwhile: read it again", key="changed")
        text = text.strip()
        if not 0 < len(text) <= LONGEST_ANSWER:
            raise NotPossible(
                f"an answer has from 1 to {LONGEST_ANSWER} characters, this has {len(text)}", key="length"
            )
        letter = self._letter(held, "answer", act.at, words=text)
        if letter is not None and letter.message.to.channel == "sms":
            segments = count_segments(letter.message.text)
            if segments > MOST_SEGMENTS:
                raise NotPossible(
                    f"a text message holds {MOST_SEGMENTS} segments, this answer takes {segments}. Write less, or call",
                    key="segments",
                )
        if letter is None:
            raise NotPossible(
                "nobody can be answered: the person left no address. Close it with a reason", key="no_address"
            )
        if files and letter.message.to.channel != "email":
            raise NotPossible("files go along by e-mail alone", key="files_channel")
        add_files(connection, letter.message.id, files)
        values: dict[str, Any] = {"waiting_since": None, "clock_at": None}
        values["answered_at"] = held.case.answered_at or act.at
        data: dict[str, Any] = {"department": held.case.department, "entry": letter.message.id}
        if wait:
            data["was"] = {name: _write_time(getattr(held.case, name)) for name in values}
        self._write(connection, held, act, "case.answered", data, letter, wait=wait, **values)
        return Done(told=letter.message.to, entry=letter.message.id)

    def close(self, connection: Any, case_id: str, reason: str, act: Act, *, outcome: str = "") -> Done:
        """Nothing more is done. Only after an answer, for a reason on record, or when there is no address.

        `outcome` is what came of it, one of the page's few.
        """
        held = self._take_up(connection, case_id)
        answered = held.case.answered_at is not None and held.case.waiting_since is None
        nobody = held.latest is None or not held.latest.answer_to
        if not (answered or nobody or reason.strip()):
            raise NotPossible(
                "the person has no answer yet. Answer, or give the reason: --reason", key="unanswered"
            )
        values: dict[str, Any] = {"state": CLOSED, "waiting_since": None, "clock_at": None}
        data = {"reason": reason.strip() or ("answered" if answered else "no address")}
        if outcome:
            data["outcome"] = outcome
        self._write(connection, held, act, "case.closed", data, **values)
        return Done(told=None)

    def acknowledge(self, connection: Any, case_id: str, act: Act) -> Done:
        """A person has the alarm: it calls no further. Raises NotPossible."""
        held = hold(connection, case_id)
        if not held.case.alarm:
            raise NotPossible("nothing in it has raised an alarm")
        if any(event.type == "alarm.acknowledged" for event in held.events):
            raise NotPossible("somebody has it already: see kvitto cases show")
        self._write(connection, held, act, "alarm.acknowledged", {"class": held.case.alarm})
        return Done(told=None)

    def _take_up(self, connection: Any, case_id: str) -> Held:
        held = hold(connection, case_id)
        if held.case.state != OPEN:
            raise NotPossible(f"it is {held.case.state}", key="not_open")
        return held

    def _place(
        self,
        connection: Any,
        held: Held,
        department: str,
        act: Act,
        event: str,
        data: Mapping[str, Any],
    ) -> Done:
        """Give the case to a department, or to the contact centre (""), and tell the resident."""
        letter = None
        if not self._is_quiet(held, department):
            variant: LaterVariant = "moved" if held.case.told_at is not None else "decided"
            # To the contact centre is news only for somebody who was told of another place.
            if department or held.case.told_at is not None:
                letter = self._letter(
                    held, variant, act.at, department=department or self._city.fallback, automatic=True
                )
            if letter is not None and is_stopped(
                connection, letter.message.to.channel, letter.message.to.value
            ):
                letter = None
        # Whoever had it is not in the next place.
        values: dict[str, Any] = {"department": department, "clock_at": act.at, "holder": ""}
        if held.case.waiting_since is None:
            values["clock_at"] = None
        if letter is not None and department:
            values["told_at"] = held.case.told_at or act.at
        whole = {"from": held.case.department, "to": department, **data}
        self._write(connection, held, act, event, whole, letter, **values)
        return Done(told=letter.message.to if letter else None)

    def _is_quiet(self, held: Held, department: str) -> bool:
        """A sensitive matter: who else may read the letter learns neither the topic nor the place."""
        if held.case.routing.get("sensitive") or held.case.alarm:
            return True
        keys = (department, held.case.department)
        return any(self._city.departments[key].sensitive for key in keys if key in self._city.departments)

    def letter(
        self, connection: Any, held: Held, variant: LaterVariant, at: datetime, *, due: date
    ) -> Owed | None:
        """An automatic letter about this case, if one may go there."""
        found = self._letter(held, variant, at, due=due, automatic=True)
        if found is None:
            return None
        to = found.message.to
        if is_blocked(connection, to.value, at) or is_stopped(connection, to.channel, to.value):
            return None
        return found

    def _letter(
        self,
        held: Held,
        variant: LaterVariant,
        at: datetime,
        *,
        department: str = "",
        due: date | None = None,
        words: str = "",
        automatic: bool = False,
    ) -> Owed | None:
        latest = held.latest
        if latest is None or not latest.answer_to:
            return None
        if automatic and latest.withheld:
            return None  # it got no receipt either, and the case says why
        given = held.message.receipt if held.message is not None else {}
        if not given:
            return None
        promised = msgspec.convert(given, Receipt)
        letter = make_notice(
            variant,
            self._city,
            reference=promised.reference,
            received_at=promised.received_at,
            channel=promised.channel,
            due=due or held.case.due,
            language=latest.language or promised.language,
            department=department or held.case.department,
            sensitive=self._is_quiet(held, department),
            promised=held.case.due if variant == "late" else None,
        )
        if letter is None:
            return None
        return self.planner.owe_letter(
            letter,
            msgspec.convert(latest.answer_to[0], Address),
            case_id=held.case.id,
            answers=latest.message_id,
            references=tuple(latest.references),
            purpose=variant,
            words=words,
            now=at,
        )

    def _write(
        self,
        connection: Any,
        held: Held,
        act: Act,
        event: str,
        data: Mapping[str, Any],
        letter: Owed | None = None,
        *,
        wait: timedelta = timedelta(0),
        **values: Any,
    ) -> None:
        changes: list[Change] = [rows.event_change(held.case.id, event, act.at, {"by": act.by, **data})]
        if letter is not None:
            # Left to whoever polls next: a command line that ends cannot hold a lease.
            changes.append((INSERT_OUTBOX, outbox.row_of(letter, due_at=act.at + wait, claimed_by="")))
        decide(connection, held, **values)
        apply(connection, changes)


def stamp(events: Sequence[Any]) -> str:
    """What somebody has read of a case, by its events: another one when an answer may have to be another."""
    return next((event.id for event in reversed(events) if event.type in _SEEN), "")


def _write_time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None

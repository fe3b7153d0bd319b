"""Handing cases over to the registers of boards, and taking the numbers that they get there. Requirements: a letter for
people and programs to the board's own mailbox, once, and somebody hears of it when no number comes within a working day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.desk import Act
from gateway.letters.notices import PURPOSE as NOTICE
from gateway.promise import STOCKHOLM, Calendar, is_working_day
from gateway.threads import Letterhead
from normalizer.messages import Address, OutboundMessage
from normalizer.organisation import Organisation, Register
from normalizer.reference import show_reference
from store import handovers, outbox, rows
from store.changes import INSERT_OUTBOX, Change, Owed
from store.errors import NotPossible
from store.handling import Held, hold
from store.ids import new_id
from store.writer import apply

CHANNEL = "register"
PURPOSE = "handover"

LONGEST_NUMBER = 60
READ = 4000
"""Characters of an answer in which its number is looked for."""

_NUMBER = re.compile(
    r"(?<![\w/-])((?:[A-ZÅÄÖ]{1,8}[ -]?)?20\d{2}[/:-]\d{1,7}(?:-[A-ZÅÄÖ\d]{1,8})?|20\d{2}/[A-ZÅÄÖ]{1,8} ?\d{1,7})(?![\w/-])"
)
_LABEL = re.compile(
    r"\b(?:dnr|diarienr|diarienummer|diarienumret)\b[ .:]{0,4}(?:är|on|is)?[ :]{0,3}", re.IGNORECASE
)


def find_number(text: str) -> str:
    """The number in a register that an answer names, "KS 2026/123"; "" when it names none. A date is none."""
    for label in _LABEL.finditer(text[:READ]):
        if found := _NUMBER.match(text[:READ], label.end()):
            return found[1]
    return ""


@dataclass(frozen=True, kw_only=True)
class Registrar:
    """Whoever hands over."""

    organisation: Organisation
    calendar: Calendar
    letterhead: Letterhead

    def boards_of(self, department: str) -> list[str]:
        """The boards of a department that have a register."""
        found = self.organisation.departments.get(department)
        return [board for board in found.boards if board in self.organisation.registers] if found else []

    def follow(self, connection: Any, case_id: str, act: Act) -> str:
        """A department has taken a case: hand it over where that is the rule. Why not, or ""."""
        held = hold(connection, case_id)
        boards = self.boards_of(held.case.department)
        if len(boards) != 1:
            return "several boards" if boards else ""
        if self.organisation.registers[boards[0]].when != "accepted":
            return ""
        try:
            self._hand_over(connection, held, boards[0], act)
        except NotPossible as error:
            return str(error)
        return ""

    def send(self, connection: Any, case_id: str, board: str, act: Act) -> str:
        """Somebody wants a case to be handed over. The address. Raises NotPossible."""
        held = hold(connection, case_id)
        boards = self.boards_of(held.case.department)
        if board and board not in boards:
            raise NotPossible(f"the board {board} has no register, or the case is not its own")
        if not board and len(boards) != 1:
            known = f": name one of {', '.join(boards)}" if boards else ""
            raise NotPossible(f"its department has no board with a register, or several{known}")
        return self._hand_over(connection, held, board or boards[0], act)

    def _hand_over(self, connection: Any, held: Held, board: str, act: Act) -> str:
        case, register = held.case, self.organisation.registers[board]
        if case.secrecy and not register.secure:
            raise NotPossible(
                f"it is marked {case.secrecy}, and the mailbox of {board} is not declared secure"
            )
        if any(each.board == board for each in handovers.of_case(connection, case.id)):
            raise NotPossible(f"it has been handed over to {board} already")
        letter = self._write_letter(held, board, register, act.at)
        changes: list[Change] = [
            (INSERT_OUTBOX, outbox.row_of(letter, due_at=act.at, claimed_by="")),
            rows.event_change(
                case.id,
                "case.handed_over",
                act.at,
                {"by": act.by, "board": board, "entry": letter.message.id},
            ),
        ]
        apply(connection, changes)
        handovers.add_handover(
            connection,
            case_id=case.id,
            board=board,
            entry=letter.message.id,
            at=act.at,
            alarm_at=next_working_day(act.at, self.calendar),
        )
        return register.to

    def _write_letter(self, held: Held, board: str, register: Register, at: datetime) -> Owed:
        """The words for people. The rest is put beside them when it is sent (`gateway.downstream.register_mail`)."""
        case = held.case
        reference = show_reference(case.reference)
        department = self.organisation.short_name_of(case.department, "sv", case.received_at.date())
        text = _LETTER.format(
            reference=reference,
            board=board,
            department=department or case.department,
            received=f"{case.received_at.astimezone(STOCKHOLM):%Y-%m-%d kl. %H.%M}",
            channel=case.channel,
            due=case.due.isoformat(),
        )
        return self._owe(
            Address(channel=CHANNEL, value=register.to),
            f"Ärende {reference} för registrering",
            text,
            case.id,
            at,
        )

    def _owe(self, to: Address, subject: str, text: str, case_id: str, at: datetime) -> Owed:
        entry = new_id()
        message = OutboundMessage(
            id=entry,
            to=to,
            subject=subject,
            text=text,
            language="sv",
            created_at=at,
            message_id=self.letterhead.message_id(entry),
        )
        purpose = PURPOSE if to.channel == CHANNEL else NOTICE
        return Owed(message=message, case_id=case_id, purpose=purpose, attempts=0, results=())

    def read_answer(self, connection: Any, case_id: str, answer_id: str, now: datetime) -> bool:
        """Another case began with a mail that names one of this case's letters: is it the register's answer?"""
        waiting = [each for each in handovers.of_case(connection, case_id) if not each.diary_number]
        if not waiting:
            return False
        for each in handovers.find_answers(connection, answer_id):
            # Only what is newly written: our own letter below it is full of numbers.
            written = each.text if each.new_text is None else each.new_text
            number = find_number(each.subject) or find_number(written)
            named = [one for one in waiting if self.letterhead.message_id(one.entry_id) in each.references]
            if number and named:
                by = (each.sender or {}).get("value", "") or "register"
                confirm(connection, case_id, number, named[0].board, Act(by=by, at=now))
                return True
        return False

    def tell_late(self, connection: Any, now: datetime) -> int:
        """Somebody hears of each hand-over whose number has not come. How many."""
        told = 0
        for late in handovers.list_late(connection, now, 50):
            held = hold(connection, late.case_id)
            if not handovers.silence(connection, late.id):
                continue
            changes: list[Change] = [
                rows.event_change(late.case_id, "case.unregistered", now, {"board": late.board})
            ]
            for address in self._list_told(held.case.department):
                text = _LATE.format(
                    reference=show_reference(held.case.reference),
                    board=late.board,
                    at=f"{late.at.astimezone(STOCKHOLM):%Y-%m-%d kl. %H.%M}",
                    what=_LOST if late.state in handovers.LOST else _SILENT,
                )
                subject = f"Ärende {show_reference(held.case.reference)} har inget diarienummer"
                letter = self._owe(Address(channel="email", value=address), subject, text, late.case_id, now)
                changes.append((INSERT_OUTBOX, outbox.row_of(letter, due_at=now, claimed_by="")))
            apply(connection, changes)
            told += 1
        return told

    def _list_told(self, department: str) -> Iterator[str]:
        city = self.organisation
        group = city.escalation.group_of(department or city.fallback, city.fallback)
        yield from dict.fromkeys(each for each in (group.coordinator, group.members) if each)


def confirm(connection: Any, case_id: str, number: str, board: str, act: Act) -> str:
    """The register's number has come. The board. Raises NotPossible."""
    number = " ".join(number.split())
    if not 0 < len(number) <= LONGEST_NUMBER or not number.isprintable():
        raise NotPossible(f"a number has from 1 to {LONGEST_NUMBER} characters", key="diary_number")
    held = hold(connection, case_id)
    found = [each for each in handovers.of_case(connection, case_id) if not board or each.board == board]
    if not found:
        raise NotPossible("it has not been handed over", key="not_handed_over")
    if len(found) > 1:
        raise NotPossible(f"name the board: {', '.join(each.board for each in found)}", key="not_handed_over")
    handovers.confirm(connection, found[0].id, number=number, by=act.by, at=act.at)
    data = {"by": act.by, "board": found[0].board, "number": number}
    apply(connection, [rows.event_change(held.case.id, "case.registered", act.at, data)])
    return str(found[0].board)


def next_working_day(at: datetime, calendar: Calendar) -> datetime:
    """The same hour of the next working day in Sweden."""
    local = at.astimezone(STOCKHOLM)
    while True:
        local += timedelta(days=1)
        if is_working_day(local.date(), calendar):
            return local.astimezone(at.tzinfo)


_LETTER = """\
Ärende {reference} ska registreras hos {board}.

Inkom: {received}
Kanal: {channel}
Förvaltning: {department}
Svar utlovat senast: {due}

Originalet och bilagorna följer med det här brevet. Uppgifterna finns också i filen arende.json.

Svara på det här brevet när ärendet är registrerat. Skriv
Dnr och numret, först i brevet
"""
_SILENT = "Inget diarienummer har kommit tillbaka."
_LOST = "Brevet kom inte fram."
_LATE = """\
Ärende {reference} skickades till diariet hos {board} {at}. {what}

Kontrollera att registratorn har fått ärendet. Skriv in diarienumret på ärendets sida när du har det.
"""

"""Conversations with the store: what is known of a contact, and what its commands and choices change.

Messages of one contact are taken one after another on each node; between nodes the unique index on their turns
decides (`store.tables.Message`), and whoever loses looks again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import structlog
from msgspec.structs import replace

from channels.chat import ChatRefused
from gateway.conversation import Asked, Past, Step, Talk, decide, is_there
from gateway.desk import Act
from gateway.draft import UNKNOWN, Draft, Hints
from gateway.joining import join, split
from gateway.letters.rendering import Said
from gateway.place import Place, Turn, open_case
from gateway.plan import Planner
from gateway.proof import PURPOSE, SLOT, begin_of, find_proven, make_code, name_of
from gateway.seals import Seal
from normalizer.messages import Address, RawMessage
from normalizer.reference import show_reference
from store import cases, contacts, outbox, rows, threads
from store.changes import INSERT_OUTBOX, Change, Owed
from store.database import Database
from store.errors import NotPossible
from store.ids import new_id
from store.writer import Earlier, apply

log = structlog.get_logger()

AFTER = timedelta(seconds=1)
"""So long after the receipt the question goes out: the number comes first."""

RESIDENT = "the resident"
"""Who joins and splits cases by answering the question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Obeyed:
    """What became of a command or a choice."""

    earlier: Earlier | None = None
    # it was here already; both ids are "" when no case keeps it
    told: bool = False
    # the person is told


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One message of a conversation with everything that is known of its place."""

    talk: Talk
    past: Past
    step: Step
    hints: Hints
    proven: str = ""
    # the contact that the code of this message proves to be the same person
    proof: str = ""

    def check(self) -> None:
        """An address that is left before anything was said belongs to no case. Raises ChatRefused."""
        if self.talk.reach and not self.past.turn:
            raise ChatRefused("reach_early")

    def list_changes(self, at: datetime) -> list[Change]:
        """What is noted of the contact itself."""
        talk, past = self.talk, self.past
        if not past.contact_id:
            return [rows.contact_change(talk.address, talk.language, at)]
        if talk.language and talk.language != past.language:
            return [rows.speak_change(past.contact_id, talk.language)]
        return []


@dataclass(kw_only=True)
class Conversations:
    """The rules of a city, and whose messages are being taken just now."""

    database: Database
    planner: Planner
    quiet: timedelta = timedelta(minutes=30)
    answered_within: timedelta = timedelta(days=7)
    # how long a digit answers the question
    seal: Seal | None = None
    # what codes are made with; None: no address is ever proven
    _taken: dict[str, tuple[asyncio.Lock, int]] = field(default_factory=dict)

    @asynccontextmanager
    async def alone(self, contact: str) -> AsyncIterator[None]:
        """Take the messages of one contact one by one."""
        lock, waiting = self._taken.get(contact) or (asyncio.Lock(), 0)
        self._taken[contact] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            _, waiting = self._taken[contact]
            if waiting == 1:
                del self._taken[contact]
            else:
                self._taken[contact] = (lock, waiting - 1)

    async def look(self, talk: Talk, at: datetime) -> Known:
        """Where a message belongs that came at `at`. Raises StoreUnavailable."""
        found = await self.database.read(
            partial(
                contacts.find_conversation,
                channel=talk.address.channel,
                value=talk.address.value,
                replies=talk.replies,
                edits=talk.edits,
                numbers=talk.numbers,
                about=talk.about,
                asked_since=at - self.answered_within if talk.verdict and not talk.about else None,
            )
        )
        proven, proof = await self._read_code(talk, at) if talk.code else ("", "")
        if proven and found.case is not None and is_there(found.case):
            talk = replace(talk, kind="code")
        contact = found.contact
        past = Past(
            turn=found.turn,
            contact_id=contact.id if contact is not None else "",
            language=contact.language if contact is not None else "",
            stopped=contact is not None and contact.stopped_at is not None,
            case=found.case,
            last_at=found.last_at,
            replied=found.replied,
            edited=found.edited,
            named=found.named,
            others=found.others,
            asked=Asked(new=found.asked[0], old=found.asked[1]) if found.asked is not None else None,
            texts=found.texts,
        )
        step = decide(talk, past, at, self.quiet)
        hints = _make_hints(talk, past, step)
        return Known(talk=talk, past=past, step=step, hints=hints, proven=proven, proof=proof)

    async def _read_code(self, talk: Talk, at: datetime) -> tuple[str, str]:
        """What the digits prove; both "" when they are digits like any others. Raises StoreUnavailable."""
        if self.seal is None:
            return "", ""
        left = await self.database.read(
            partial(contacts.list_left, name=talk.contact, since=begin_of(at - SLOT))
        )
        names = [name_of(Address(channel=each["channel"], value=each["value"])) for each in left]
        name, proof = find_proven(self.seal, talk.contact, names, talk.code, at)
        used = bool(proof) and await self.database.read(partial(contacts.is_used, proof=proof))
        return ("", "") if used else (name, proof)

    async def ask_proof(
        self,
        known: Known,
        draft: Draft,
        at: datetime,
        refuse: Callable[[Address, datetime], Awaitable[str]],
        count: Callable[[str, datetime, str], None],
    ) -> list[Change]:
        """The letter with a code for an address that was left just now. Raises StoreUnavailable.

        One code in half an hour goes to one address, whoever names it; none where `refuse` tells why, and each counts.
        """
        talk, to = known.talk, known.talk.left
        if to is None or self.seal is None or known.past.stopped:
            return []
        linked = await self.database.read(partial(contacts.list_linked, contact=talk.contact))
        since = begin_of(at)
        if name_of(to) in linked or await self.database.read(
            partial(contacts.is_owed, to=to, purpose=PURPOSE, since=since)
        ):
            return []
        if await refuse(to, at):
            return []
        count(to.value, at, to.channel)
        code = make_code(self.seal, talk.contact, name_of(to), at)
        language = talk.language or known.past.language or talk.device
        owed = self.planner.tell(PURPOSE, to, language, case_id=draft.case_id, code=code, now=at)
        return [(INSERT_OUTBOX, outbox.row_of(owed, due_at=at, claimed_by=""))]

    def write(
        self,
        connection: Any,
        raw: RawMessage,
        draft: Draft,
        known: Known,
        *,
        letters: Sequence[Change],
        at: datetime,
    ) -> Obeyed:
        """Write a command or a choice, unless it is here already. For `Writer.call`."""
        talk, step = known.talk, known.step
        if known.hints.place is None:
            noted = contacts.note_command(
                connection,
                talk.address,
                at,
                kind=talk.kind,
                external_id=draft.external_id,
                language=talk.language,
            )
            if not noted:
                return Obeyed(earlier=Earlier("", ""))
            apply(connection, letters)
            return Obeyed(told=bool(letters))
        if here := cases.find_delivery(connection, raw, draft.external_id):
            data = {"channel": raw.channel, "account": raw.account}
            apply(connection, [rows.event_change(draft.case_id, "delivery.repeated", at, data)])
            return Obeyed(earlier=Earlier(draft.case_id, here))
        apply(connection, [], draft.rows)
        if step.way == "chooses":
            if not self._choose(connection, step, at):
                return Obeyed()
        else:
            contacts.note_command(connection, talk.address, at, kind=talk.kind, language=talk.language)
            if talk.kind == "code" and not self._link(connection, known, draft.case_id, at):
                return Obeyed()
            if talk.kind in {"stop", "resume"}:
                name = "contact.stopped" if talk.kind == "stop" else "contact.resumed"
                apply(connection, [rows.event_change(draft.case_id, name, at, {})])
        apply(connection, letters)
        return Obeyed(told=bool(letters))

    def _link(self, connection: Any, known: Known, case_id: str, at: datetime) -> bool:
        """Note that two contacts are one person. False when another node was quicker with the same code."""
        if contacts.is_used(connection, known.proof):
            return False
        link = contacts.link(connection, known.talk.contact, known.proven, proof=known.proof, at=at)
        apply(
            connection, [rows.event_change(case_id, "contact.linked", at, {"link": link, "to": known.proven})]
        )
        return True

    def _choose(self, connection: Any, step: Step, at: datetime) -> bool:
        """Do what the person wants, if it can be done."""
        act = Act(by=RESIDENT, at=at)
        try:
            if step.verdict == "same":
                join(connection, step.case.id, step.old.id, act)
            elif step.case.joined_to:
                split(connection, step.case.id, act)
        except NotPossible as error:
            # Staff have closed it meanwhile, for example: they see the answer, and decide.
            data = {"case": step.old.id, "reference": show_reference(step.old.reference), "why": str(error)}
            apply(connection, [rows.event_change(step.case.id, "case.unjoined", at, data)])
            return False
        return True

    def reply(self, known: Known, now: datetime) -> Owed | None:
        """What is said to a command or a choice; None: nothing."""
        talk, past, step = known.talk, known.past, known.step
        said: Said
        case_id, reference = "", ""
        if step.way == "chooses":
            if past.stopped:
                return None
            said = "same" if step.verdict == "same" else "new"
            case_id = step.case.id
            reference = step.old.reference if said == "same" else step.case.reference
        elif talk.kind == "greeting":
            said = "greeting"
        elif talk.kind == "code":
            said = "proven"
        elif talk.kind == "stop" and talk.said and not past.stopped:
            said = "stop"
        elif talk.kind == "resume" and talk.said and past.stopped:
            said = "resume"
        else:
            return None
        if step.way == "commands" and known.hints.place is not None:
            case_id = known.hints.place.case_id
        language = talk.language or past.language or (talk.device if said == "greeting" else "")
        return self.planner.tell(said, talk.address, language, case_id=case_id, reference=reference, now=now)


def _make_hints(talk: Talk, past: Past, step: Step) -> Hints:
    """What the reader of a message must know of its conversation."""
    turn = Turn(contact=talk.contact, number=past.turn + 1)
    withhold = "stopped" if past.stopped else ""
    if step.way == "commands":
        if step.case is None or not is_there(step.case):
            return Hints(kind=talk.kind)
        place = add_to(step.case, replace(turn, quiet=True))
        return Hints(place=place, kind=talk.kind)
    if step.way == "chooses":
        return Hints(place=add_to(step.case, replace(turn, quiet=True)), kind="choice")
    if step.way == "opens":
        place = replace(open_case(), turn=replace(turn, asks=step.old.reference if step.old else ""))
        return Hints(place=place, linked=step.linked, language=past.language, withhold=withhold)
    case = step.case
    before = "\n".join(past.texts) if past.case is not None and past.case.id == case.id else ""
    turn = replace(
        turn,
        quiet=True,
        undecided=bool(before) and not case.department,
        due=case.due,
    )
    return Hints(
        place=add_to(case, turn),
        linked=tuple(each for each in step.linked if each[0] != case.id),
        language=past.language,
        withhold=withhold,
        before=before if turn.undecided else "",
    )


def add_to(case: Any, turn: Turn | None = None) -> Place:
    """The place of a message that is added to this case, a row of the table."""
    rests = case.waiting_since is None and case.state in {"open", "closed"}
    return Place(
        case_id=case.id,
        reference=case.reference,
        message_id=new_id(),
        role="adds",
        rests=rests,
        alarm=case.alarm,
        turn=turn,
    )


def look_inside(connection: Any, case_id: str) -> Hints:
    """Of what is written on a case's own page: where it belongs, and who may be answered."""
    case, latest = threads.find_inside(connection, case_id)
    if case is None or not is_there(case):
        return UNKNOWN
    if latest is None:
        return Hints(place=add_to(case))
    return Hints(
        place=add_to(case),
        language=latest.language,
        sender=msgspec.convert(latest.sender, Address | None),
        answer_to=msgspec.convert(latest.answer_to, tuple[Address, ...]),
    )

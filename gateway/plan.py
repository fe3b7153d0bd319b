"""What one message becomes: the rows of its case and the receipt that is owed. Pure but for new ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from msgspec import Struct
from msgspec.structs import replace

from gateway.clocks import FIRST_LOOK
from gateway.letters.receipts import Receipt, is_followed, make_notice, make_receipt, withhold_reason
from gateway.letters.rendering import Letters, Said
from gateway.place import Place, is_reconsidered, list_added_changes, open_case, raise_alarm
from gateway.promise import Calendar, due_date
from gateway.status_links import StatusLinks
from gateway.threads import TALKING, Letterhead
from normalizer.messages import Address, Choice, NormalizedMessage, OutboundMessage, RawMessage
from normalizer.organisation import Organisation, RoutingDecision
from normalizer.reference import show_reference
from store import rows
from store.changes import Change, Owed
from store.ids import new_id
from store.rows import NOBODY, Understood, Waiting

log = structlog.get_logger()

UNDECIDED = RoutingDecision(department="", rule="undecided")

_AT_ONCE = timedelta(0)
_NO_CLOCK = frozenset({"import", "contact"})
# mail of old that was taken in, or only an address that somebody left: nobody waits for an answer to it
_FIRST_AID = frozenset({"danger", "suicide", "child"})
# the telephone numbers of these are said at once, whatever was said before


class Plan(Struct, frozen=True, kw_only=True):
    """What one message becomes."""

    case_id: str
    message_id: str
    external_id: str
    # what makes the delivery the same when it comes again
    changes: Sequence[Change]
    receipt: Receipt
    owed: Owed | None
    # the receipt to send, if one may go and there is somewhere to send it
    question: Owed | None
    # "is this the same matter?", after it
    failed_step: str


def _list_case_changes(
    raw: RawMessage, understood: Understood, place: Place, due: date, waiting: Waiting, promise: "Promise"
) -> list[Change]:
    """What becomes of the case itself."""
    if place.role == "opens":
        return [
            rows.case_change(
                raw, understood, place.case_id, reference=place.reference, due=due, waiting=waiting
            )
        ]
    if place.role == "completes":
        return [rows.understood_change(understood, place.case_id, waiting)]
    if waiting.since is None:
        return []
    if not place.rests:
        return list_added_changes(raw, understood, place, promise.owed)
    # It was answered or closed, and the person comes back: the clocks run anew.
    return [
        rows.wait_change(
            place.case_id,
            waiting.since,
            due,
            waiting.look_at or raw.received_at,
            alarm=place.alarm or understood.alarm,
        ),
        rows.event_change(place.case_id, "case.reopened", raw.received_at, {}),
        *raise_alarm(raw, understood, place),
    ]


class Promise(Struct, frozen=True, kw_only=True):
    """What a message is promised, and what of it is sent."""

    receipt: Receipt | None = None
    withheld: str = ""
    # why nothing may be sent
    owed: Owed | None = None
    question: Owed | None = None
    # "is this the same matter?"
    error: str = ""
    # the type of our own error, when no receipt could be made


@dataclass(frozen=True, kw_only=True)
class Planner:
    """One city's promises, ready to be made."""

    organisation: Organisation
    letters: Letters
    calendar: Calendar
    letterhead: Letterhead
    status_links: StatusLinks | None = None
    # None: there is no page that shows a case to its writer
    sampled_percent: int = 3
    # of the cases whose department was found by rules or learning, for a second look

    def plan(
        self, raw: RawMessage, understood: Understood, digests: Sequence[str], place: Place, *, now: datetime
    ) -> Plan:
        """All rows of one message. `digests` names its bytes and those of its files, in order."""
        message, case_id = understood.message, place.case_id
        due = due_date(raw.received_at, self.calendar)
        promise = Promise()
        if message is not None and place.turn is not None and place.turn.quiet:
            promise = self._go_on(raw, message, understood, place, due, now)
        elif message is not None and not place.promised:
            promise = self._promise(raw, message, understood, place, due, now)
        if promise.error and place.role == "adds":
            # A case of its own, so that a person sees it and a replay can make its receipt.
            turn = replace(place.turn, quiet=False, asks="") if place.turn is not None else None
            return self.plan(raw, understood, digests, replace(open_case(), turn=turn), now=now)
        if promise.error:
            understood = replace(understood, failed_step="receipt", error=promise.error)
        external_id = f"sha256:{digests[0]}"
        if message is not None:
            external_id = message.external_id or f"id:{place.message_id}"
        waiting = self._begin(raw, understood, promise, case_id)
        changes = _list_case_changes(raw, understood, place, due, waiting, promise)
        if place.role == "completes":
            changes.append(rows.identify_change(place.message_id, external_id))
        else:
            changes.append(rows.raw_change(raw, place.message_id, case_id, external_id, digests[0]))
        receipt: object = promise.receipt or {}  # the store writes it as JSON
        if message is not None and not place.written:
            changes += rows.message_changes(
                raw,
                message,
                place.message_id,
                case_id,
                digests[1:],
                withheld=promise.withheld,
                receipt=receipt,
                contact=place.turn.contact if place.turn else "",
                turn=place.turn.number if place.turn else 0,
            )
        elif message is not None and not place.promised:
            changes.append(rows.promise_change(place.message_id, withheld=promise.withheld, receipt=receipt))
        changes.append(self._event(place, understood, raw.received_at if place.role != "completes" else now))
        return Plan(
            case_id=case_id,
            message_id=place.message_id,
            external_id=external_id,
            changes=changes,
            receipt=promise.receipt or self.bare_receipt(raw, place.reference, due),
            owed=promise.owed,
            question=promise.question,
            failed_step=understood.failed_step,
        )

    def _begin(self, raw: RawMessage, understood: Understood, promise: "Promise", case_id: str) -> Waiting:
        """Who waits from now on, and when the clocks look first."""
        message, decision = understood.message, understood.decision
        if message is not None and (message.kind != "message" or promise.withheld in _NO_CLOCK):
            return NOBODY
        named = promise.receipt is not None and promise.receipt.variant in {"named", "outside"}
        return Waiting(
            since=raw.received_at,
            look_at=raw.received_at + (_AT_ONCE if understood.alarm else FIRST_LOOK),
            told_at=raw.received_at if named and not promise.withheld else None,
            # Chosen by the case's own random bits: the same at every reading, and nobody's choice.
            sampled=bool(decision and decision.department)
            and int(case_id[-4:], 16) % 100 < self.sampled_percent,
        )

    def _event(self, place: Place, understood: Understood, at: datetime) -> Change:
        if place.role == "opens":
            happened = "case.opened" if understood.message else "case.unreadable"
        else:
            happened = "message.added" if place.role == "adds" else "case.understood"
        decision = understood.decision or UNDECIDED
        data = {"message": place.message_id, "department": decision.department, "rule": decision.rule}
        return rows.event_change(place.case_id, happened, at, data)

    def _promise(
        self,
        raw: RawMessage,
        message: NormalizedMessage,
        understood: Understood,
        place: Place,
        due: date,
        now: datetime,
    ) -> "Promise":
        try:
            withheld = withhold_reason(message)
            receipt = make_receipt(
                message,
                understood.decision or UNDECIDED,
                self.organisation,
                reference=show_reference(place.reference),
                received_at=raw.received_at,
                channel=raw.came_by,
                due=due,
                added=place.role == "adds",
                special=understood.special,
            )
            owed = (
                None if withheld or not message.answer_to else self.owe(message, receipt, place.case_id, now)
            )
            question = None
            if (
                owed is not None
                and place.turn is not None
                and place.turn.asks
                and receipt.variant not in _FIRST_AID
            ):
                question = self._ask(message, receipt.language, place, now)
        except Exception as error:
            # A text that cannot be filled in must not cost the city the message.
            log.exception("receipt.unmade", channel=raw.channel)
            return Promise(error=type(error).__name__)
        return Promise(receipt=receipt, withheld=withheld, owed=owed, question=question)

    def _go_on(
        self,
        raw: RawMessage,
        message: NormalizedMessage,
        understood: Understood,
        place: Place,
        due: date,
        now: datetime,
    ) -> "Promise":
        """What a message is told that goes on with what was said just now: nothing, unless there is news in it."""
        turn = place.turn
        assert turn is not None
        if message.kind != "message" or message.withhold_receipt or not message.answer_to:
            return Promise(withheld=withhold_reason(message))
        if understood.special in _FIRST_AID and not place.alarm:
            return self._promise(raw, message, understood, place, due, now)
        if not is_reconsidered(understood, place):
            return Promise()
        assert understood.decision is not None
        try:
            letter = make_notice(
                "decided",
                self.organisation,
                reference=show_reference(place.reference),
                received_at=raw.received_at,
                channel=raw.came_by,
                due=turn.due or due,
                language=message.language,
                department=understood.decision.department,
                sensitive=understood.decision.sensitive
                or understood.special == "neutral"
                or bool(place.alarm),
            )
            if letter is None:
                return Promise()
            owed = self.owe_letter(
                letter,
                message.answer_to[0],
                case_id=place.case_id,
                answers=message.message_id,
                references=message.references,
                purpose="decided",
                now=now,
            )
            return Promise(owed=owed)
        except Exception:
            # A text that cannot be filled in must not cost the city the message: staff see where it went.
            log.exception("receipt.unmade", channel=raw.channel)
            return Promise()

    def _ask(self, message: NormalizedMessage, language: str, place: Place, now: datetime) -> Owed:
        """Is this the same matter as the older case?"""
        assert place.turn is not None
        old = place.turn.asks
        return self.tell(
            "question",
            message.answer_to[0],
            language,
            case_id=place.case_id,
            reference=old,
            answers=message.message_id,
            choices=(f"same:{place.reference}:{old}", f"new:{place.reference}:{old}"),
            now=now,
        )

    def tell(
        self,
        said: Said,
        to: Address,
        language: str,
        *,
        case_id: str = "",
        reference: str = "",
        answers: str = "",
        choices: tuple[str, str] | None = None,
        code: str = "",
        now: datetime,
    ) -> Owed:
        """A few fixed words in a conversation. `choices` are the keys of "same" and "new"."""
        entry_id = new_id()
        shown = show_reference(reference) if reference else ""
        spoken, text, labels = self.letters.render_saying(said, language, to.channel, shown, code)
        buttons = zip(choices, labels, strict=True) if choices else ()
        return Owed(
            message=OutboundMessage(
                id=entry_id,
                to=to,
                subject="" if to.channel in TALKING else self.letters.subject_of(spoken),
                text=text,
                language=spoken,
                created_at=now,
                message_id=self.letterhead.message_id(entry_id),
                in_reply_to=answers,
                choices=tuple(Choice(key=key, label=label) for key, label in buttons),
            ),
            case_id=case_id,
            purpose="confirmation" if said in {"same", "new"} else said,
            attempts=0,
            results=(),
        )

    def bare_receipt(self, raw: RawMessage, reference: str, due: date) -> Receipt:
        """What we can promise somebody whose message we could not read: a person will."""
        return Receipt(
            reference=show_reference(reference),
            received_at=raw.received_at,
            channel=raw.came_by,
            language=self.organisation.languages[0],
            variant="unsure",
            due=due,
            anonymous=True,
        )

    def owe(self, message: NormalizedMessage, receipt: Receipt, case_id: str, now: datetime) -> Owed:
        """The receipt as it will be sent, to the first of the addresses where an answer may go."""
        return self.owe_letter(
            receipt,
            message.answer_to[0],
            case_id=case_id,
            answers=message.message_id,
            references=message.references,
            now=now,
        )

    def _link(self, case_id: str) -> str:
        """Where the person can see the case; "" when there is no such page."""
        try:
            return self.status_links.link(case_id) if self.status_links is not None else ""
        except OSError as error:
            # Without the key there is no link. The letter is worth more than the link.
            log.error("status.unlinked", error=type(error).__name__)  # noqa: TRY400  # the type says enough
            return ""

    def owe_letter(
        self,
        receipt: Receipt,
        to: Address,
        *,
        case_id: str,
        answers: str,
        references: tuple[str, ...],
        now: datetime,
        purpose: str = "receipt",
        words: str = "",
    ) -> Owed:
        """A letter to the resident as it will be sent. `answers` is the Message-ID of what it answers, or "".

        `words` are those of a member of staff, for the letter that is an answer: nobody else's stand in any.
        """
        entry_id = new_id()
        if to.channel in TALKING:
            subject, html = "", ""
            text = self.letters.render_talk(receipt, to.channel, words, self._link(case_id))
        else:
            link = self._link(case_id) if is_followed(receipt) else ""
            subject, text, html = self.letters.render_mail(receipt, words, link)
        return Owed(
            message=OutboundMessage(
                id=entry_id,
                to=to,
                subject=subject,
                text=text,
                html=html,
                language=receipt.language,
                created_at=now,
                message_id=self.letterhead.message_id(entry_id),
                in_reply_to=answers,
                references=(*references[-9:], answers) if answers else (),
                automatic=not words,
            ),
            case_id=case_id,
            purpose=purpose,
            attempts=0,
            results=(),
        )

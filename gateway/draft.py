"""What one delivery becomes, worked out without the store: parse, normalize, route, plan. Pure but for new ids.

A draft is all text, numbers and bytes, so that it can be made in another process (see `gateway.readers`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from msgspec import Struct
from msgspec.structs import replace

from channels.base import Ignored, Parser, Refused
from gateway.conversation import Talk, read_talk
from gateway.letters.receipts import Receipt
from gateway.place import Place, link_changes, open_case
from gateway.plan import Planner
from gateway.promise import swedish_day
from gateway.threads import NOTHING, TALKING, Thread
from normalizer.messages import Address, Bounce, NormalizedMessage, RawMessage
from normalizer.normalize import normalize
from normalizer.organisation import RoutingDecision
from normalizer.routing.router import Router
from normalizer.triage.matters import Triage, special_of
from store.blobs import INLINE_LIMIT, digest
from store.changes import Owed, Row, make_row
from store.rows import Understood

log = structlog.get_logger()


class Hints(Struct, frozen=True, kw_only=True, array_like=True):
    """What the store or the moment knows about a delivery and its bytes do not say."""

    place: Place | None = None
    # where it belongs; None: it opens a case
    withhold: str = ""
    # why no receipt may go out, beside the message's own reasons
    linked: tuple[tuple[str, str], ...] = ()
    # ids and references of other cases that it names, for staff to join
    failed_step: str = ""
    error: str = ""
    # it cannot be understood, and this is known already: only its bytes are kept
    kind: str = ""
    # what it is in its conversation, when that is another thing than a message: "choice", "stop" ...
    language: str = ""
    # what its writer writes in otherwise, where the text itself tells nothing
    before: str = ""
    # what its writer has said in the same case so far: who it is for is read from all of it together
    sender: Address | None = None
    answer_to: tuple[Address, ...] = ()
    # of what was written on a case's own page: whoever wrote in it before


UNKNOWN = Hints()
"""Nothing is known but the delivery itself."""


class Draft(Struct, frozen=True, kw_only=True, array_like=True):
    """One delivery as rows, with what the intake must know to write them."""

    case_id: str
    message_id: str
    external_id: str
    rows: tuple[tuple[int, Row], ...]
    receipt: Receipt
    # what is promised
    owed: Owed | None
    # the receipt to send, if one may go and there is somewhere to send it
    question: Owed | None
    # "is this the same matter?", after the receipt
    thread: Thread
    # what it names of ours
    talk: Talk | None
    # what it says of its place in a conversation
    kind: str
    bounce: Bounce | None
    files: tuple[bytes, ...]
    # attachments too large for a row
    media: int
    # how many files are still to be fetched
    department: str
    failed_step: str
    # "" when it was understood


@dataclass(frozen=True, kw_only=True)
class Drafter:
    """Everything that understanding needs."""

    channels: Mapping[str, Parser]
    router: Router
    planner: Planner
    triage: Triage

    def draft(self, raw: RawMessage, hints: Hints, now: datetime) -> Draft:
        """What this delivery becomes. Raises Refused when the sender must mend it, Ignored when it is nothing for us."""
        if hints.failed_step:
            understood = Understood(
                message=None, decision=None, failed_step=hints.failed_step, error=hints.error
            )
        else:
            understood = self._understand(raw, hints)
        message = understood.message
        thread = self.planner.letterhead.find(raw, message) if message is not None else NOTHING
        withhold = hints.withhold or ("return-path" if thread.returned else "")
        if message is not None and withhold and not message.withhold_receipt:
            message = replace(message, withhold_receipt=withhold)
            understood = replace(understood, message=message)
        talk = read_talk(raw, message) if message is not None and raw.channel in TALKING else None
        files = [file.content for file in message.attachments] if message else []
        digests = [digest(content) for content in (raw.body, *files)]
        place = hints.place or open_case()
        plan = self.planner.plan(raw, understood, digests, place, now=now)
        links = link_changes((plan.case_id, place.reference), hints.linked, raw.received_at)
        return Draft(
            case_id=plan.case_id,
            message_id=plan.message_id,
            external_id=plan.external_id,
            rows=tuple(map(make_row, (*plan.changes, *links))),
            receipt=plan.receipt,
            owed=plan.owed,
            question=plan.question,
            thread=thread,
            talk=talk,
            kind=message.kind if message else "",
            bounce=message.bounce if message else None,
            files=tuple([content for content in files if len(content) > INLINE_LIMIT]),
            media=len(message.enclosures) if message else 0,
            department=understood.decision.department if understood.decision else "",
            failed_step=plan.failed_step,
        )

    def _route(self, raw: RawMessage, message: NormalizedMessage) -> RoutingDecision:
        """By the organisation of the day on which the message came."""
        return self.router.at(swedish_day(raw.received_at)).route(message)

    def _understand(self, raw: RawMessage, hints: Hints) -> Understood:
        """Parse, normalize and route. Raises only Refused; all else that goes wrong is a result."""
        message = None
        step = "parse"
        try:
            inbound = self.channels[raw.channel].parse(raw)
            step = "normalize"
            message = normalize(inbound)
            if hints.place is not None and (hints.place.turn is not None or hints.answer_to):
                message = _place(message, hints)
            step = "route"
            whole = _join(message, hints.before) if hints.before else message
            understood = self._sort(whole, self._route(raw, whole))
            return understood if whole is message else replace(understood, message=message)
        except (Refused, Ignored):
            raise
        except Exception as error:
            # Whatever went wrong in our reading, the message is kept and a person looks at it.
            log.exception("message.unreadable", channel=raw.channel, step=step, size=len(raw.body))
            # A failed router is no reason to leave the resident without a receipt: the contact centre decides.
            decision = RoutingDecision(department="", rule="error") if message else None
            return Understood(
                message=message, decision=decision, failed_step=step, error=type(error).__name__
            )

    def _sort(self, message: NormalizedMessage, decision: RoutingDecision) -> Understood:
        """What sort of matter it is, and whether somebody may be in danger."""
        if message.kind != "message":
            return Understood(message=message, decision=decision)
        alarms, matter = self.triage.find(message)
        signs: dict[str, tuple[str, ...]] = {each.kind: each.words for each in alarms}
        if matter.words:
            signs[matter.kind] = matter.words
        return Understood(
            message=message,
            decision=decision,
            matter=matter.kind,
            alarm=alarms[0].kind if alarms else "",
            signs=signs,
            special=special_of(alarms, matter),
        )


def _place(message: NormalizedMessage, hints: Hints) -> NormalizedMessage:
    """A message with what its conversation tells of it."""
    kind = hints.kind or message.kind
    labels = (*message.labels, kind) if kind != message.kind else message.labels
    language = message.language
    if hints.language and not message.written_in:
        language = hints.language
    return replace(
        message,
        kind=kind,  # one of Kind: see gateway.conversation
        labels=labels,
        language=language,
        sender=message.sender or hints.sender,
        answer_to=message.answer_to or hints.answer_to,
    )


def _join(message: NormalizedMessage, before: str) -> NormalizedMessage:
    """All that was said in a row, as one."""
    text = f"{before}\n{message.text}"
    return replace(message, text=text, new_text=text)

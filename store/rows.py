"""Values as rows: the one place that knows both the shapes of messages and the columns."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct, field

from normalizer.messages import Address, Enclosure, NormalizedMessage, RawMessage
from normalizer.organisation import RoutingDecision
from store.blobs import INLINE_LIMIT
from store.changes import (
    ALARM,
    IDENTIFY,
    INSERT_CASE,
    INSERT_CONTACT,
    INSERT_EVENT,
    INSERT_FILE,
    INSERT_MEDIA,
    INSERT_MESSAGE,
    INSERT_RAW,
    PROMISE,
    RECONSIDER,
    SPEAK,
    UNDERSTAND,
    WAIT,
    Change,
)
from store.ids import new_id


class Understood(Struct, frozen=True, kw_only=True):
    """What a delivery says, as far as we got. `failed_step` "" means all the way."""

    message: NormalizedMessage | None
    decision: RoutingDecision | None
    failed_step: str = ""
    error: str = ""
    matter: str = ""
    # what sort of matter it is
    alarm: str = ""
    # somebody may be in danger: what kind of danger
    signs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # the words that say so of the matter and of each alarm, for staff
    special: str = ""
    # the receipt's wording, when it is not the ordinary one


class Waiting(Struct, frozen=True, kw_only=True):
    """Who waits for what in a case, and when somebody looks at it next."""

    since: datetime | None = None
    # None: nobody waits for an answer
    look_at: datetime | None = None
    told_at: datetime | None = None
    # the receipt says who handles it
    sampled: bool = False
    # drawn for a second look


NOBODY = Waiting()


def raw_change(raw: RawMessage, raw_id: str, case_id: str, external_id: str, sha256: str) -> Change:
    """A delivery as it reached us."""
    return INSERT_RAW, {
        "id": raw_id,
        "case_id": case_id,
        "channel": raw.channel,
        "account": raw.account,
        "external_id": external_id,
        "received_at": raw.received_at,
        "headers": dict(raw.headers),
        "url": raw.url,
        "envelope_from": raw.envelope_from,
        "envelope_to": list(raw.envelope_to),
        "sha256": sha256,
        "size": len(raw.body),
        "body": raw.body if len(raw.body) <= INLINE_LIMIT else None,
    }


def case_change(
    raw: RawMessage,
    understood: Understood,
    case_id: str,
    *,
    reference: str,
    due: date,
    waiting: Waiting = NOBODY,
) -> Change:
    """A new case. One whose message was not understood is for a person to read."""
    return INSERT_CASE, {
        "id": case_id,
        "reference": reference,
        "received_at": raw.received_at,
        "channel": raw.came_by,
        "due": due,
        "version": 1,
        "answered_at": None,
        "joined_to": "",
        **_case_values(understood, waiting),
    }


def understood_change(understood: Understood, case_id: str, waiting: Waiting = NOBODY) -> Change:
    """What a case becomes when its message was understood at last."""
    return UNDERSTAND, {"case": case_id, **_case_values(understood, waiting)}


def wait_change(case_id: str, since: datetime, due: date, look_at: datetime, *, alarm: str) -> Change:
    """Somebody waits for an answer again, in a case where nobody did. `alarm` is the case's from now on."""
    return WAIT, {
        "case": case_id,
        "state": "open",
        "waiting_since": since,
        "due": due,
        "clock_at": look_at,
        "alarm": alarm,
    }


def duplicate_change(case_id: str) -> Change:
    """What a case becomes when its message turns out to be the same as another's."""
    values = _case_values(Understood(message=None, decision=None), NOBODY)
    return UNDERSTAND, {"case": case_id, **values, "state": "duplicate"}


def identify_change(raw_id: str, external_id: str) -> Change:
    """The raw message of such a case gets its real identity."""
    return IDENTIFY, {"raw": raw_id, "external_id": external_id}


def promise_change(message_id: str, *, withheld: str, receipt: object) -> Change:
    """The receipt that could not be made when the message came."""
    return PROMISE, {"message": message_id, "withheld": withheld, "receipt": receipt}


def _case_values(understood: Understood, waiting: Waiting) -> dict[str, Any]:
    message, decision = understood.message, understood.decision
    return {
        "state": "open" if message else "unreadable",
        "department": decision.department if decision else "",
        "routing": _routing(decision, understood.signs) if decision else {},
        "kind": message.kind if message else "",
        "category": message.category if message else "",
        "language": message.language if message else "",
        "subject": message.subject if message else "",
        "failed_step": understood.failed_step,
        "error": understood.error,
        "matter": understood.matter,
        "alarm": understood.alarm,
        "sampled": waiting.sampled,
        "told_at": waiting.told_at,
        "waiting_since": waiting.since,
        "clock_at": waiting.look_at,
    }


def _routing(decision: RoutingDecision, signs: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        **({"signs": signs} if signs else {}),
        "rule": decision.rule,
        "words": decision.words,
        "confidence": decision.confidence,
        "candidates": decision.candidates,
        "sensitive": decision.sensitive,
    }


def message_changes(
    raw: RawMessage,
    message: NormalizedMessage,
    message_id: str,
    case_id: str,
    digests: Sequence[str],
    *,
    withheld: str,
    receipt: object,
    contact: str = "",
    turn: int = 0,
) -> list[Change]:
    """A message of the conversation and its files; `digests` names the files' bytes in order."""
    row = {
        "id": message_id,
        "case_id": case_id,
        "kind": message.kind,
        "received_at": raw.received_at,
        "sent_at": message.sent_at,
        "sender": _address(message.sender) if message.sender else None,
        "answer_to": [_address(address) for address in message.answer_to],
        "recipients": list(message.recipients),
        "subject": message.subject,
        "text": message.text,
        "new_text": message.new_text if message.new_text != message.text else None,
        "language": message.language,
        "category": message.category,
        "place": message.place,
        "occurred": message.occurred,
        "message_id": message.message_id,
        "references": list(message.references),
        "withheld": withheld,
        "labels": list(message.labels),
        "receipt": receipt,
        "forwarded": message.forwarded,
        "contact": contact,
        "turn": turn,
    }
    changes: list[Change] = [(INSERT_MESSAGE, row)]
    for position, (file, sha256) in enumerate(zip(message.attachments, digests, strict=True)):
        values = {
            "message_id": message_id,
            "position": position,
            "filename": file.filename,
            "content_type": file.content_type,
            "size": file.size,
            "sha256": sha256,
            "content": file.content if file.size <= INLINE_LIMIT else None,
        }
        changes.append((INSERT_FILE, values))
    for position, enclosure in enumerate(message.enclosures, start=len(message.attachments)):
        changes.append(media_change(raw, enclosure, message_id, case_id, position))
    return changes


def media_change(
    raw: RawMessage, enclosure: Enclosure, message_id: str, case_id: str, position: int
) -> Change:
    """A file that is owed, due at once."""
    return INSERT_MEDIA, {
        "id": new_id(),
        "case_id": case_id,
        "message_id": message_id,
        "position": position,
        "channel": raw.channel,
        "source": enclosure.source,
        "filename": enclosure.filename,
        "content_type": enclosure.content_type,
        "size": enclosure.size,
        "created_at": raw.received_at,
        "state": "waiting",
        "due_at": raw.received_at,
        "claimed_by": "",
        "attempts": 0,
        "detail": "",
    }


def contact_change(address: Address, language: str, at: datetime) -> Change:
    """Somebody who writes for the first time on a channel of conversations."""
    return INSERT_CONTACT, {
        "id": new_id(),
        "channel": address.channel,
        "value": address.value,
        "language": language,
        "first_at": at,
        "stopped_at": None,
        "last_command": "",
    }


def reconsider_change(
    case_id: str, understood: Understood, *, alarm: str, told_at: datetime | None, look_at: datetime
) -> Change:
    """What several messages say together of a case, where no person has decided yet."""
    assert understood.decision is not None
    return RECONSIDER, {
        "case": case_id,
        "department": understood.decision.department,
        "routing": _routing(understood.decision, understood.signs),
        "matter": understood.matter,
        "alarm": alarm,
        "told_at": told_at,
        "clock_at": look_at,
    }


def alarm_change(case_id: str, alarm: str, look_at: datetime) -> Change:
    """A later message tells of danger."""
    return ALARM, {"case": case_id, "alarm": alarm, "clock_at": look_at}


def speak_change(contact_id: str, language: str) -> Change:
    """The language that a contact writes in now."""
    return SPEAK, {"contact": contact_id, "language": language}


def event_change(case_id: str, kind: str, at: datetime, data: Mapping[str, Any]) -> Change:
    """Something that happened to a case."""
    return INSERT_EVENT, {"id": new_id(), "case_id": case_id, "at": at, "type": kind, "data": data}


def _address(address: Address) -> dict[str, str]:
    return {"channel": address.channel, "value": address.value, "name": address.name}

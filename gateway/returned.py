"""A letter came back: what becomes of it, of the address, and of the person who still waits. Pure but for new ids."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from gateway.threads import Letterhead
from normalizer.messages import Address, Bounce
from store import outbox, rows
from store.changes import INSERT_BLOCK, Change, Owed
from store.ids import new_id


def note_delay(letter: Owed, at: datetime, bounce: Bounce | None) -> list[Change]:
    """Somebody still tries to deliver it: the case tells, and nothing else changes (RFC 3464 section 2.3.3)."""
    data = {"entry": letter.message.id, "status": bounce.status if bounce else ""}
    return [rows.event_change(letter.case_id, "receipt.delayed", at, data)]


def take_back(letter: Owed, at: datetime, bounce: Bounce, *, blocked_for: timedelta) -> list[Change]:
    """The letter has failed, and when it is for good nothing automatic goes to its address for a while."""
    status = bounce.status or ("5.0.0" if bounce.permanent else "4.0.0")
    changes = [
        outbox.settle(
            replace(letter, attempts=letter.attempts - 1),
            at=at,
            outcome="bounced",
            detail=status,
            next_at=None,
        ),
        rows.event_change(
            letter.case_id,
            "receipt.bounced",
            at,
            {"entry": letter.message.id, "status": status, "permanent": bounce.permanent},
        ),
    ]
    if bounce.permanent:
        block = {
            "id": new_id(),
            "channel": letter.message.to.channel,
            "value": letter.message.to.value,
            "status": status,
            "entry_id": letter.message.id,
            "at": at,
            "until": at + blocked_for,
        }
        changes.append((INSERT_BLOCK, block))
    return changes


def find_other_address(letter: Owed, known: Sequence[dict[str, str]]) -> Address | None:
    """Another address of the same person, when this was the first letter to be sent on."""
    if letter.purpose != "receipt":
        return None
    for each in known:
        if (
            each["channel"] == letter.message.to.channel
            and each["value"].lower() != letter.message.to.value.lower()
        ):
            return Address(channel=each["channel"], value=each["value"], name=each["name"])
    return None


def send_on(letter: Owed, to: Address, now: datetime, letterhead: Letterhead) -> Owed:
    """The same letter to another address, once: what comes back from there is not sent on again."""
    entry = new_id()
    message = replace(
        letter.message, id=entry, to=to, created_at=now, message_id=letterhead.message_id(entry)
    )
    return Owed(message=message, case_id=letter.case_id, purpose="receipt-again", attempts=0, results=())

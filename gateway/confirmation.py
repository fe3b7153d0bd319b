"""What becomes of a forwarded message once a person has said whose it is. Pure but for new ids."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from gateway.letters.receipts import make_receipt
from gateway.plan import Planner
from gateway.proposals import CONFIRMED
from normalizer.messages import Address, InboundMessage
from normalizer.normalize import normalize
from normalizer.organisation import RoutingDecision
from normalizer.reference import show_reference
from store import outbox, rows
from store.cases import CaseFile
from store.changes import INSERT_OUTBOX, Change


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """A person's word on whose message it is."""

    sender: Address
    by: str
    # who says so
    at: datetime


def plan_confirmation(
    found: CaseFile, message: Any, confirmation: Confirmation, planner: Planner
) -> list[Change]:
    """The event, and the receipt for the resident, in the resident's own language."""
    case, sender = found.case, confirmation.sender
    forwarded = message.forwarded or {}
    # What the resident wrote, as if it had come straight to us. Nothing of the staff member's mail goes along.
    theirs = normalize(
        InboundMessage(
            external_id=message.id,
            message_id=forwarded.get("message_id", ""),
            sender=sender,
            answer_to=(sender,),
            subject=forwarded.get("subject", message.subject),
            text=forwarded.get("text") or message.text,
        )
    )
    decision = RoutingDecision(
        department=case.department,
        rule=case.routing.get("rule", ""),
        sensitive=bool(case.routing.get("sensitive", False)),
    )
    receipt = make_receipt(
        theirs,
        decision,
        planner.organisation,
        reference=show_reference(case.reference),
        received_at=message.received_at,
        channel=case.channel,
        due=case.due,
        added=message.id != found.messages[0].id,
    )
    files = sum(file.message_id == message.id for file in found.files)
    owed = planner.owe(theirs, replace(receipt, attachments=files), case.id, confirmation.at)
    data = {
        "message": message.id,
        "by": confirmation.by,
        "address": sender.value,
        "was": (message.sender or {}).get("value", ""),
        "proposed": sender.value.lower() == (forwarded.get("sender") or {}).get("value", "").lower(),
    }
    return [
        rows.event_change(case.id, CONFIRMED, confirmation.at, data),
        # Left to whoever polls next: a command line that ends cannot hold a lease.
        (INSERT_OUTBOX, outbox.row_of(owed, due_at=confirmation.at, claimed_by="")),
    ]

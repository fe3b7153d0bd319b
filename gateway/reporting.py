"""What carriers say later of our messages: that they have arrived, or never will. A report never takes anything back.

    queued, sent, unread --arrived--> delivered
    queued, sent --failed--> returned

Carriers call at any time and in any order, at times before we have settled the attempt ourselves.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from gateway.limit import ReceiptLimit
from normalizer.messages import Address, DeliveryReport
from store import contacts, outbox, rows
from store.changes import INSERT_BLOCK, Change
from store.ids import new_id
from store.writer import Writer, apply

log = structlog.get_logger()

PAUSES = (0.0, 0.3, 1.0, 2.0)
"""Seconds to wait for our own attempt to be settled, before each look."""

STOPPED = frozenset({"stopped", "blocked"})
"""First words of what a provider says when the person wants nothing from us."""

DEAD = frozenset({"unreachable", "invalid", "landline"})
"""And when nobody is there, or no such message can ever arrive there."""


def list_blocks(to: Address, entry: str, detail: str, at: datetime, until: datetime) -> list[Change]:
    """What a failure for good means for the address; nothing where it is the message that was refused."""
    word = first_word(detail)
    if word not in DEAD:
        return []
    return [
        (
            INSERT_BLOCK,
            {
                "id": new_id(),
                "channel": to.channel,
                "value": to.value,
                "status": word,
                "entry_id": entry,
                "at": at,
                "until": until,
            },
        )
    ]


def first_word(detail: str) -> str:
    """Our own word at the beginning of what a channel says of a failure; the provider's code follows."""
    return detail.partition(" ")[0].rstrip(":").lower()[:40]


class Reporting:
    """Reports, written."""

    def __init__(self, *, writer: Writer, limit: ReceiptLimit, blocked_for: timedelta) -> None:
        self._writer = writer
        self._limit = limit
        self._blocked_for = blocked_for

    async def note(self, channel: str, report: DeliveryReport) -> None:
        """Write one report. Returns when it is durable, or when it is about nothing of ours. Raises StoreUnavailable."""
        for pause in PAUSES:
            await asyncio.sleep(pause)
            last = pause == PAUSES[-1]
            result = await self._writer.call(partial(self._write, channel=channel, report=report, last=last))
            if result != "early":
                log.info("report.noted", channel=channel, state=report.state, result=result)
                return

    def _write(self, connection: Any, channel: str, report: DeliveryReport, *, last: bool) -> str:
        """What became of it: "noted", "old" when it tells nothing new, "unknown", or "early"."""
        entry = outbox.find_reported(connection, channel, report.entry, report.provider_id)
        if entry is None:
            # An attempt that is not settled has no provider's id yet.
            return "unknown" if last or report.entry else "early"
        if entry.state == "queued" and not last:
            return "early"
        if report.state == "sent" or entry.state not in {"queued", "sent", "unread"}:
            return "old"
        at = datetime.now(UTC)
        state = "delivered" if report.state == "delivered" else "returned"
        outbox.note_report(connection, entry, state=state, detail=report.detail, at=at)
        if state == "delivered":
            return "noted"
        to = Address(channel=entry.channel, value=entry.recipient)
        changes: list[Change] = []
        if entry.case_id:
            data = {"entry": entry.id, "status": report.detail[:80], "permanent": report.permanent}
            changes.append(rows.event_change(entry.case_id, "receipt.bounced", at, data))
        word = first_word(report.detail)
        if word in STOPPED:
            contacts.note_command(connection, to, at, kind="stop")
        elif report.permanent:
            detail = word if word in DEAD else "unreachable"
            changes += list_blocks(to, entry.id, detail, at, at + self._blocked_for)
            self._limit.forget_blocks()
        apply(connection, changes)
        return "noted"

"""The one path that every message takes: verify, keep raw, parse, normalize, route, record, acknowledge.

`accept` returns when the message is durable and not before. Our own failure to understand never makes a
message disappear: it becomes a case that a person sees, and that `replay` completes after a fix.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import msgspec
import structlog

from channels.base import HttpReceiver, NotAccepted, Parser, Refused
from gateway.dispatcher import Dispatcher
from gateway.limit import ReceiptLimit
from gateway.plan import Place, Plan, Planner, open_case
from gateway.receipts import Receipt
from normalizer.messages import Address, NormalizedMessage, RawMessage
from normalizer.normalize import normalize
from normalizer.organisation import RoutingDecision
from normalizer.reference import show_reference
from normalizer.routing import Router
from store import cases, outbox, rows
from store.blobs import INLINE_LIMIT, Blobs, digest
from store.cases import StoredRaw
from store.database import Database
from store.errors import DeliveryTaken, QueueFull, ReferenceTaken, RowRefused, StoreUnavailable
from store.ids import new_id
from store.rows import Understood
from store.statements import IDENTIFY, INSERT_OUTBOX
from store.writer import Earlier, Writer, apply

log = structlog.get_logger()

LARGE = 100_000
"""Bytes from which a message is understood in a thread, so that others do not wait."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """A durable message."""

    case_id: str
    message_id: str
    repeated: bool
    # True: this delivery was here already, and nothing was made
    receipt: Receipt
    # what we promise
    written_to: Address | None
    # where the receipt is being sent; None when it is not


Replayed = Literal[
    "understood",  # the case is complete
    "duplicate",  # the same message had come again and been understood: another case has it
    "failed",  # still not understood
]


class Intake:
    """Everything that the path needs. One for the whole process."""

    def __init__(
        self,
        *,
        channels: Mapping[str, Parser],
        router: Router,
        planner: Planner,
        database: Database,
        writer: Writer,
        blobs: Blobs,
        dispatcher: Dispatcher,
        limit: ReceiptLimit,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._channels = channels
        self._router = router
        self._planner = planner
        self._database = database
        self._writer = writer
        self._blobs = blobs
        self._dispatcher = dispatcher
        self._limit = limit
        self._clock = clock

    async def accept(self, raw: RawMessage) -> Accepted:
        """Make one delivery durable.

        Raises Unverified or Refused when the sender must be told so, NotAccepted when it cannot be kept now:
        in each of these cases nothing was kept and the sender still has the message.
        """
        channel = self._channels[raw.channel]
        if isinstance(channel, HttpReceiver):
            channel.verify(raw)
        if len(raw.body) > LARGE:
            understood = await asyncio.to_thread(self._understand, channel, raw)
        else:
            understood = self._understand(channel, raw)
        try:
            return await self._record(raw, understood)
        except RowRefused as error:
            # What we understood cannot be written. The bytes can: they hold everything.
            log.exception("message.unreadable", channel=raw.channel, step="record", size=len(raw.body))
            failed = Understood(
                message=None, decision=None, failed_step="record", error=type(error.__cause__).__name__
            )
            try:
                return await self._record(raw, failed)
            except RowRefused as again:
                raise NotAccepted("the store refuses the message") from again

    def _understand(self, channel: Parser, raw: RawMessage) -> Understood:
        """Parse, normalize and route. Raises only Refused; all else that goes wrong is a result."""
        message = None
        step = "parse"
        try:
            inbound = channel.parse(raw)
            step = "normalize"
            message = normalize(inbound)
            step = "route"
            return Understood(message=message, decision=self._router.route(message))
        except Refused:
            raise
        except Exception as error:
            # Whatever went wrong in our reading, the message is kept and a person looks at it.
            log.exception("message.unreadable", channel=raw.channel, step=step, size=len(raw.body))
            # A failed router is no reason to leave the resident without a receipt: the contact centre decides.
            decision = RoutingDecision(department="", rule="error") if message else None
            return Understood(
                message=message, decision=decision, failed_step=step, error=type(error).__name__
            )

    async def _record(self, raw: RawMessage, understood: Understood) -> Accepted:
        understood = self._mute(understood)
        message = understood.message
        digests = await self._keep_large(raw, message)
        known = await self._find_place(message)
        for _ in range(8):
            plan = self._planner.plan(raw, understood, digests, known or open_case(), now=self._clock())
            try:
                return await self._write(raw, plan)
            except (ReferenceTaken, DeliveryTaken):
                continue  # one in billions, or a race between nodes: with another number, or as a repetition
            except StoreUnavailable as error:
                raise NotAccepted(str(error)) from error
        raise NotAccepted("no free case number was found")

    def _mute(self, understood: Understood) -> Understood:
        """No receipt to an address that has had many within the hour; the case says why."""
        message = understood.message
        if message is None or not message.answer_to or message.withhold_receipt:
            return understood
        if self._limit.allows(message.answer_to[0].value, self._clock()):
            return understood
        return replace(understood, message=replace(message, withhold_receipt="many-receipts"))

    async def _keep_large(self, raw: RawMessage, message: NormalizedMessage | None) -> list[str]:
        """Make what is too large for a row durable beside the database; the digests of raw and files."""
        contents = [raw.body, *(file.content for file in (message.attachments if message else ()))]
        large = [content for content in contents if len(content) > INLINE_LIMIT]
        if not large:
            return [digest(content) for content in contents]
        try:
            names = iter(await self._blobs.put(large))
        except StoreUnavailable as error:
            raise NotAccepted(str(error)) from error
        return [next(names) if len(content) > INLINE_LIMIT else digest(content) for content in contents]

    async def _find_place(self, message: NormalizedMessage | None) -> Place | None:
        """The case that this answers, known by an id of ours that only its receiver can have."""
        references = message.references if message else ()
        entries = [entry for reference in references if (entry := self._planner.entry_of(reference))]
        if not entries:
            return None
        try:
            case = await self._database.read(lambda connection: cases.find_by_entries(connection, entries))
        except StoreUnavailable as error:
            raise NotAccepted(str(error)) from error
        if case is None:
            return None
        return Place(case_id=case.id, reference=case.reference, message_id=new_id(), role="adds")

    async def _write(self, raw: RawMessage, plan: Plan) -> Accepted:
        write, owed = plan.write, plan.owed
        if owed is not None:
            due_at, claimed_by = self._dispatcher.reserve(self._clock())
            entry = outbox.row_of(owed, due_at=due_at, claimed_by=claimed_by)
            settled = partial(self._dispatcher.settle_reservation, owed) if claimed_by else None
            write = replace(write, changes=(*write.changes, (INSERT_OUTBOX, entry)), settled=settled)
        try:
            earlier = await self._writer.submit(write)
        except QueueFull:
            if write.settled is not None:
                write.settled(False)
            raise
        if earlier is not None:
            return await self._repeat(raw, earlier)
        if owed is not None:
            self._limit.count(owed.message.to.value, self._clock())
        log.info(
            "message.accepted",
            channel=raw.channel,
            case=plan.receipt.reference,
            department=write.changes[0][1].get("department", ""),
            size=len(raw.body),
            receipt=plan.owed is not None,
        )
        return Accepted(
            case_id=write.case_id,
            message_id=write.message_id,
            repeated=False,
            receipt=plan.receipt,
            written_to=plan.owed.message.to if plan.owed else None,
        )

    async def _repeat(self, raw: RawMessage, earlier: Earlier) -> Accepted:
        """The answer to a delivery that was here already: the same as then."""
        try:
            case, message = await self._database.read(lambda connection: cases.find_both(connection, earlier))
        except StoreUnavailable as error:
            raise NotAccepted(str(error)) from error
        log.info("message.repeated", channel=raw.channel, case=show_reference(case.reference))
        receipt = self._planner.bare_receipt(raw, case.reference, case.due)
        written_to = None
        if message is not None and message.receipt:
            receipt = msgspec.convert(message.receipt, Receipt)
            if message.answer_to and not message.withheld:
                written_to = msgspec.convert(message.answer_to[0], Address)
        return Accepted(
            case_id=earlier.case_id,
            message_id=earlier.message_id,
            repeated=True,
            receipt=receipt,
            written_to=written_to,
        )

    async def replay(self, stored: StoredRaw) -> Replayed:
        """Understand a raw message anew; its case becomes what it would have been at once. Raises StoreError."""
        raw = stored.raw
        if not stored.inline:
            raw = replace(raw, body=await self._blobs.fetch(stored.sha256))
        understood = self._understand(self._channels[raw.channel], raw)
        if understood.failed_step or understood.message is None:
            return "failed"
        earlier = Earlier(stored.case_id, stored.id)
        case, old = await self._database.read(lambda connection: cases.find_both(connection, earlier))
        place = Place(
            case_id=stored.case_id,
            reference=case.reference,
            message_id=stored.id,
            role="completes",
            written=old is not None,
            promised=old is not None and bool(old.receipt),
        )
        digests = await self._keep_large(raw, understood.message)
        plan = self._planner.plan(raw, understood, digests, place, now=self._clock())
        if plan.write.changes[0][1]["failed_step"]:
            return "failed"
        try:
            return await self._writer.call(partial(self._complete, stored, plan))
        except DeliveryTaken:
            # The same message came to another node in this very moment: that case has it.
            return await self._writer.call(partial(self._complete, stored, plan))
        except RowRefused:
            # What we understand now cannot be written either: it stays where a person sees it.
            log.exception("message.unreadable", channel=raw.channel, step="record", size=len(raw.body))
            return "failed"

    def _complete(self, stored: StoredRaw, plan: Plan, connection: Any) -> Replayed:
        """Write a replay, unless somebody else was quicker or the message came again and was understood."""
        if not cases.is_failed(connection, stored.case_id):
            return "understood"
        write, at = plan.write, self._clock()
        if plan.owed is not None:
            # Left to whoever polls next: a command line that ends cannot hold a lease.
            entry = outbox.row_of(plan.owed, due_at=at, claimed_by="")
            write = replace(write, changes=(*write.changes, (INSERT_OUTBOX, entry)))
        identity = next(values["external_id"] for statement, values in write.changes if statement is IDENTIFY)
        if cases.find_delivery(connection, stored.raw, identity) not in {"", stored.id}:
            changes = (
                rows.duplicate_change(stored.case_id),
                rows.event_change(stored.case_id, "case.duplicate", at, {"message": stored.id}),
            )
            apply(connection, [replace(write, changes=changes)])
            return "duplicate"
        apply(connection, [write])
        return "understood"

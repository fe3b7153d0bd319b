"""The one path that every message takes: verify, keep raw, parse, normalize, route, record, acknowledge.

`accept` returns when the message is durable and not before. Our own failure to understand never makes a
message disappear: it becomes a case that a person sees, and that `replay` completes after a fix.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

import msgspec
import structlog

from channels.base import HttpReceiver, NotAccepted, Parser
from gateway.dispatcher import Dispatcher
from gateway.draft import UNKNOWN, Draft, Hints
from gateway.limit import ReceiptLimit
from gateway.plan import Place, Planner
from gateway.readers import Readers
from gateway.receipts import Receipt
from gateway.returned import find_other_address, note_delay, send_on, take_back
from gateway.threads import Thread
from normalizer.messages import Address, RawMessage
from normalizer.reference import show_reference
from store import blocks, cases, outbox, rows, threads
from store.blobs import INLINE_LIMIT, Blobs
from store.cases import StoredRaw
from store.changes import INSERT_OUTBOX, Change, Owed
from store.database import Database
from store.errors import DeliveryTaken, QueueFull, ReferenceTaken, RowRefused, StoreUnavailable
from store.ids import new_id
from store.threads import Found
from store.writer import Earlier, Write, Writer, apply

log = structlog.get_logger()

DAY = timedelta(days=1)
NOTHING_FOUND = Found()


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """How often we answer, and for how long we do not."""

    per_case: int
    # letters of one case in a day
    blocked_for: timedelta
    # how long an address that does not exist gets nothing automatic


def _add_to(case: Any) -> Place:
    # `case` is a row of the table
    rests = case.waiting_since is None and case.state in {"open", "closed"}
    return Place(case_id=case.id, reference=case.reference, message_id=new_id(), role="adds", rests=rests)


class Intake:
    """Everything that the path needs. One for the whole process."""

    def __init__(
        self,
        *,
        channels: Mapping[str, Parser],
        readers: Readers,
        planner: Planner,
        database: Database,
        writer: Writer,
        blobs: Blobs,
        dispatcher: Dispatcher,
        limit: ReceiptLimit,
        rules: Rules,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._channels = channels
        self._readers = readers
        self._planner = planner
        self._database = database
        self._writer = writer
        self._blobs = blobs
        self._dispatcher = dispatcher
        self._limit = limit
        self._rules = rules
        self._clock = clock

    async def accept(self, raw: RawMessage) -> Accepted:
        """Make one delivery durable.

        Raises Unverified or Refused when the sender must be told so, NotAccepted when it cannot be kept now:
        in each of these cases nothing was kept and the sender still has the message.
        """
        channel = self._channels[raw.channel]
        if isinstance(channel, HttpReceiver):
            channel.verify(raw)
        hints = UNKNOWN
        for _ in range(8):
            with self._writer.expecting():
                draft = await self._readers.draft(raw, hints)
            known, found = await self._complete_hints(draft, hints)
            if known != hints:
                draft = await self._readers.draft(raw, known)
            try:
                await self._keep_large(raw, draft)
                return await self._write(raw, draft, found)
            except (ReferenceTaken, DeliveryTaken):
                continue  # one in billions, or a race between nodes: with another number, or as a repetition
            except RowRefused as error:
                if hints.failed_step:
                    raise NotAccepted("the store refuses the message") from error
                # What we understood cannot be written. The bytes can: they hold everything.
                log.exception("message.unreadable", channel=raw.channel, step="record", size=len(raw.body))
                hints = Hints(failed_step="record", error=str(error))
            except StoreUnavailable as error:
                raise NotAccepted(str(error)) from error
        raise NotAccepted("no free case number was found")

    async def _complete_hints(self, draft: Draft, hints: Hints) -> tuple[Hints, Found]:
        """What the store and the last hour know about this message."""
        now, found = self._clock(), NOTHING_FOUND
        if draft.thread.known and hints.place is None and not hints.linked:
            found = await self._find(draft.thread, now)
            hints = replace(hints, linked=found.others)
            if found.case is not None:
                hints = replace(hints, place=_add_to(found.case))
                if found.letters_today >= self._rules.per_case and not hints.withhold:
                    hints = replace(hints, withhold="many-receipts")
        if draft.owed and not hints.withhold:
            # The case says why it got no receipt.
            hints = replace(hints, withhold=await self._reason(draft.owed.message.to.value, now))
        return hints, found

    async def _find(self, thread: Thread, now: datetime) -> Found:
        find = partial(
            threads.find_place,
            letters=thread.letters,
            numbers=thread.numbers,
            answers=thread.answers,
            writers=thread.writers,
            since=now - DAY,
        )
        try:
            return await self._database.read(find)
        except StoreUnavailable as error:
            raise NotAccepted(str(error)) from error

    async def _reason(self, address: str, now: datetime) -> str:
        """Why this address gets no receipt now, "" when it may."""
        if self._limit.is_stale(now):
            try:
                found = await self._database.read(partial(blocks.list_blocks, now=now))
            except StoreUnavailable as error:
                raise NotAccepted(str(error)) from error
            self._limit.block(((each.value, each.until) for each in found), now)
        return self._limit.reason(address, now)

    def _take_back(self, draft: Draft, found: Found) -> tuple[list[Change], Owed | None]:
        """What a report on one of our letters changes, and the letter to another address if there is one."""
        letter, now = found.letter, self._clock()
        if letter is None or draft.kind not in {"bounce", "delayed"}:
            return [], None
        if draft.kind == "delayed" or draft.bounce is None:
            return note_delay(letter, now, draft.bounce), None
        if draft.bounce.permanent:
            self._limit.forget_blocks()
        other = find_other_address(letter, found.addresses)
        again = send_on(letter, other, now, self._planner.letterhead) if other else None
        return take_back(letter, now, draft.bounce, blocked_for=self._rules.blocked_for), again

    async def _keep_large(self, raw: RawMessage, draft: Draft) -> None:
        """Make what is too large for a row durable beside the database. Raises StoreUnavailable."""
        large = [content for content in (raw.body, *draft.files) if len(content) > INLINE_LIMIT]
        if large:
            await self._blobs.put(large)

    async def _write(self, raw: RawMessage, draft: Draft, found: Found) -> Accepted:
        settled = None
        more, again = self._take_back(draft, found)
        owed = draft.owed or again
        if owed is not None:
            due_at, claimed_by = self._dispatcher.reserve(self._clock())
            more.append((INSERT_OUTBOX, outbox.row_of(owed, due_at=due_at, claimed_by=claimed_by)))
            settled = partial(self._dispatcher.settle_reservation, owed) if claimed_by else None
        write = Write(
            case_id=draft.case_id,
            message_id=draft.message_id,
            changes=more,
            rows=draft.rows,
            delivery=(raw.channel, raw.account, draft.external_id),
            received_at=raw.received_at,
            settled=settled,
        )
        try:
            earlier = await self._writer.submit(write)
        except QueueFull:
            if settled is not None:
                settled(False)
            raise
        if earlier is not None:
            return await self._repeat(raw, earlier)
        written_to = owed.message.to if owed is not None else None
        if written_to is not None:
            self._limit.count(written_to.value, self._clock())
        log.info(
            "message.accepted",
            channel=raw.channel,
            case=draft.receipt.reference,
            department=draft.department,
            size=len(raw.body),
            receipt=owed is not None,
        )
        return Accepted(
            case_id=draft.case_id,
            message_id=draft.message_id,
            repeated=False,
            receipt=draft.receipt,
            written_to=written_to,
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
        draft = await self._readers.draft(raw, Hints(place=place))
        if draft.failed_step:
            return "failed"
        await self._keep_large(raw, draft)
        try:
            return await self._writer.call(partial(self._complete, stored, draft))
        except DeliveryTaken:
            # The same message came to another node in this very moment: that case has it.
            return await self._writer.call(partial(self._complete, stored, draft))
        except RowRefused:
            # What we understand now cannot be written either: it stays where a person sees it.
            log.exception("message.unreadable", channel=raw.channel, step="record", size=len(raw.body))
            return "failed"

    def _complete(self, stored: StoredRaw, draft: Draft, connection: Any) -> Replayed:
        """Write a replay, unless somebody else was quicker or the message came again and was understood."""
        if not cases.is_failed(connection, stored.case_id):
            return "understood"
        at = self._clock()
        if cases.find_delivery(connection, stored.raw, draft.external_id) not in {"", stored.id}:
            event = rows.event_change(stored.case_id, "case.duplicate", at, {"message": stored.id})
            apply(connection, [rows.duplicate_change(stored.case_id), event])
            return "duplicate"
        changes: list[Change] = []
        if draft.owed is not None:
            # Left to whoever polls next: a command line that ends cannot hold a lease.
            changes.append((INSERT_OUTBOX, outbox.row_of(draft.owed, due_at=at, claimed_by="")))
        apply(connection, changes, draft.rows)
        return "understood"

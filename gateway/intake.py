"""The one path that every message takes: verify, keep raw, parse, normalize, route, record, acknowledge.

`accept` returns when the message is durable and not before. Our own failure to understand never makes a
message disappear: it becomes a case that a person sees, and that `replay` completes after a fix.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

import msgspec
import structlog
from msgspec import Struct
from msgspec.structs import replace

from channels.base import HttpReceiver, NotAccepted, Parser
from gateway.conversation import Talk
from gateway.conversing import AFTER, Conversations, Known, Obeyed, add_to, look_inside
from gateway.dispatcher import Dispatcher
from gateway.draft import UNKNOWN, Draft, Hints
from gateway.letters.receipts import Receipt
from gateway.limit import ReceiptLimit, Rules
from gateway.measures import Measures
from gateway.place import Place, Turn
from gateway.plan import Planner
from gateway.readers import Readers
from gateway.reporting import Reporting
from gateway.returned import find_other_address, note_delay, send_on, take_back
from gateway.threads import Thread
from normalizer.messages import Address, DeliveryReport, RawMessage
from normalizer.reference import show_reference
from store import blocks, cases, outbox, rows, threads
from store.blobs import INLINE_LIMIT, Blobs
from store.cases import StoredRaw
from store.changes import INSERT_OUTBOX, Change, Owed
from store.database import Database
from store.errors import DeliveryTaken, QueueFull, ReferenceTaken, RowRefused, StoreUnavailable, TurnTaken
from store.threads import Found
from store.writer import Earlier, Write, Writer, apply

log = structlog.get_logger()

DAY = timedelta(days=1)
ATTEMPTS = 8
NOTHING_FOUND = Found()


class Accepted(Struct, frozen=True, kw_only=True):
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
        readers: Readers,
        planner: Planner,
        database: Database,
        writer: Writer,
        blobs: Blobs,
        dispatcher: Dispatcher,
        limit: ReceiptLimit,
        rules: Rules,
        conversations: Conversations | None = None,
        note_media: Callable[[], None] = lambda: None,
        measures: Measures | None = None,
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
        self._conversations = conversations or Conversations(database=database, planner=planner)
        self._note_media = note_media
        # called when files were written that are still to be fetched
        self._reporting = Reporting(writer=writer, limit=limit, blocked_for=rules.blocked_for)
        self._measures = measures or Measures()
        self._clock = clock

    async def accept(self, raw: RawMessage) -> Accepted:
        """Make one delivery durable.

        Raises Unverified or Refused when the sender must be told so, NotAccepted when it cannot be kept now:
        in each of these cases nothing was kept and the sender still has the message.
        """
        return await self._measures.follow(raw.channel, self._accept(raw))

    async def _accept(self, raw: RawMessage) -> Accepted:
        channel = self._channels[raw.channel]
        if isinstance(channel, HttpReceiver):
            channel.verify(raw)
            raw = channel.without_secrets(raw)
        with self._writer.expecting():
            draft = await self._readers.draft(raw, UNKNOWN)
        if draft.talk is None:
            return await self._take(raw, draft)
        async with self._conversations.alone(draft.talk.contact):
            return await self._take(raw, draft)

    async def _take(self, raw: RawMessage, draft: Draft) -> Accepted:
        hints = UNKNOWN
        for attempt in range(ATTEMPTS):
            if attempt:
                draft = await self._readers.draft(raw, hints)
            try:
                if draft.talk is not None:
                    return await self._converse(raw, draft.talk)
                known, found = await self._complete_hints(draft, hints)
                if known != hints:
                    draft = await self._readers.draft(raw, known)
                await self._keep_large(raw, draft)
                return await self._write(raw, draft, found)
            except (ReferenceTaken, DeliveryTaken, TurnTaken):
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

    async def _converse(self, raw: RawMessage, talk: Talk) -> Accepted:
        """One message of a conversation, which nobody else of this contact's overtakes here."""
        known = await self._conversations.look(talk, raw.received_at)
        known.check()
        draft = await self._readers.draft(raw, known.hints)
        if known.step.way in {"commands", "chooses"}:
            return await self._obey(raw, draft, known)
        if draft.owed is not None:
            to = draft.owed.message.to
            if reason := await self._reason(to, self._clock()):
                # The case says why it got no receipt.
                draft = await self._readers.draft(raw, replace(known.hints, withhold=reason))
        await self._keep_large(raw, draft)
        noted = known.list_changes(raw.received_at)
        if talk.left is not None:
            ask = self._conversations.ask_proof
            noted += await ask(known, draft, self._clock(), self._reason, self._limit.count)
        accepted = await self._write(raw, draft, NOTHING_FOUND, noted)
        if draft.media:
            self._note_media()
        return accepted

    async def _obey(self, raw: RawMessage, draft: Draft, known: Known) -> Accepted:
        """A command or a choice: it changes what is known, and opens no case."""
        now = self._clock()
        owed = self._conversations.reply(known, now)
        if owed is not None and await self._reason(owed.message.to, now):
            owed = None
        letters: list[Change] = []
        due_at, claimed_by, since = now, "", time.monotonic()
        if owed is not None:
            due_at, claimed_by = self._dispatcher.reserve(now)
            letters.append((INSERT_OUTBOX, outbox.row_of(owed, due_at=due_at, claimed_by=claimed_by)))
        done = Obeyed()
        write = partial(self._conversations.write, raw=raw, draft=draft, known=known, letters=letters, at=now)
        try:
            done = await self._writer.call(write)
        finally:
            if owed is not None and claimed_by:
                self._dispatcher.settle_reservation(owed, done.told, since)
        if done.earlier is not None and done.earlier.case_id:
            return await self._repeat(raw, done.earlier)
        if owed is not None and done.told:
            self._limit.count(owed.message.to.value, now, owed.message.to.channel)
        what = known.step.verdict if known.step.way == "chooses" else known.talk.kind
        log.info("conversation.obeyed", channel=raw.channel, what=what, repeated=done.earlier is not None)
        kept = known.hints.place is not None
        return Accepted(
            case_id=draft.case_id if kept else "",
            message_id=draft.message_id if kept else "",
            repeated=done.earlier is not None,
            receipt=draft.receipt if kept else replace(draft.receipt, reference=""),
            written_to=None,
        )

    async def report(self, channel: str, report: DeliveryReport) -> None:
        """Note what a carrier says of one of our messages. Raises NotAccepted."""
        try:
            await self._reporting.note(channel, report)
        except StoreUnavailable as error:
            raise NotAccepted(str(error)) from error

    async def _complete_hints(self, draft: Draft, hints: Hints) -> tuple[Hints, Found]:
        """What the store and the last hour know about this message."""
        now, found = self._clock(), NOTHING_FOUND
        if draft.thread.case_id and hints.place is None:
            hints = await self._database.read(partial(look_inside, case_id=draft.thread.case_id))
        elif draft.thread.known and hints.place is None and not hints.linked:
            found = await self._find(draft.thread, now)
            hints = replace(hints, linked=found.others)
            if found.case is not None:
                hints = replace(hints, place=add_to(found.case))
                if found.letters_today >= self._rules.per_case and not hints.withhold:
                    hints = replace(hints, withhold="many-receipts")
        if draft.owed and not hints.withhold:
            # The case says why it got no receipt.
            hints = replace(hints, withhold=await self._reason(draft.owed.message.to, now))
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
        return await self._database.read(find)

    async def _reason(self, to: Address, now: datetime) -> str:
        """Why this address gets no receipt now, "" when it may."""
        if self._limit.is_stale(now):
            found = await self._database.read(partial(blocks.list_blocks, now=now))
            self._limit.block(((each.value, each.until) for each in found), now)
        return self._limit.reason(to.value, now, to.channel)

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

    async def _write(
        self, raw: RawMessage, draft: Draft, found: Found, noted: Sequence[Change] = ()
    ) -> Accepted:
        settled = None
        more, again = self._take_back(draft, found)
        more += noted
        owed = draft.owed or again
        if owed is not None:
            due_at, claimed_by = self._dispatcher.reserve(self._clock())
            more.append((INSERT_OUTBOX, outbox.row_of(owed, due_at=due_at, claimed_by=claimed_by)))
            if claimed_by:
                settled = partial(self._dispatcher.settle_reservation, owed, since=time.monotonic())
        if draft.question is not None and draft.owed is not None:
            later = self._clock() + AFTER
            more.append((INSERT_OUTBOX, outbox.row_of(draft.question, due_at=later, claimed_by="")))
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
            self._limit.count(written_to.value, self._clock(), written_to.channel)
            if draft.question is not None:
                self._limit.count(written_to.value, self._clock(), written_to.channel)
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
        noted: list[Change] = []
        if draft.talk is not None and old is None:
            # It takes its turn now: what was said since went on without it.
            known = await self._conversations.look(draft.talk, raw.received_at)
            turn = Turn(contact=draft.talk.contact, number=known.past.turn + 1)
            draft = await self._readers.draft(raw, Hints(place=replace(place, turn=turn)))
            noted = known.list_changes(raw.received_at)
        await self._keep_large(raw, draft)
        complete = partial(self._complete, stored, draft, noted)
        try:
            return await self._writer.call(complete)
        except DeliveryTaken:
            # The same message came to another node in this very moment: that case has it.
            return await self._writer.call(complete)
        except RowRefused:
            # What we understand now cannot be written either: it stays where a person sees it.
            log.exception("message.unreadable", channel=raw.channel, step="record", size=len(raw.body))
            return "failed"

    def _complete(
        self, stored: StoredRaw, draft: Draft, noted: Sequence[Change], connection: Any
    ) -> Replayed:
        """Write a replay, unless somebody else was quicker or the message came again and was understood."""
        if not cases.is_failed(connection, stored.case_id):
            return "understood"
        at = self._clock()
        if cases.find_delivery(connection, stored.raw, draft.external_id) not in {"", stored.id}:
            event = rows.event_change(stored.case_id, "case.duplicate", at, {"message": stored.id})
            apply(connection, [rows.duplicate_change(stored.case_id), event])
            return "duplicate"
        changes: list[Change] = [*noted]
        if draft.owed is not None:
            # Left to whoever polls next: a command line that ends cannot hold a lease.
            changes.append((INSERT_OUTBOX, outbox.row_of(draft.owed, due_at=at, claimed_by="")))
        apply(connection, changes, draft.rows)
        return "understood"

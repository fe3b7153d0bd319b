"""Answers that nobody has read in the chat: they go to the e-mail address or mobile that the person left there.

The rule is one: what staff or the clocks write to a chat and no browser has shown within `chat.unread_minutes` is
marked "unread", and a copy of its words goes to the address that the person left last, once. Receipts and questions
are not sent on: they were answers to somebody who was there.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, get_args

import structlog

from config.chat_texts import ChatTexts
from gateway.letters.receipts import LaterVariant
from gateway.threads import Letterhead
from normalizer.messages import Address, OutboundMessage
from normalizer.reference import show_reference
from store import chats, outbox, rows
from store.changes import INSERT_OUTBOX, Change, Owed
from store.errors import StoreError
from store.ids import new_id
from store.writer import Writer, apply

log = structlog.get_logger()

EVERY_SECONDS = 60.0

REACH_BACK = timedelta(days=2)
"""How far the first look after a start goes back: longer than any stop that nobody noticed."""

AT_ONCE = 50
"""Letters sent on in one transaction."""

SHORT = 450
"""Characters that a text message may carry; a longer answer is told of instead."""

PURPOSES = (*get_args(LaterVariant), "referred")


@dataclass(kw_only=True)
class Unread:
    """What looks for unread answers, on every node: the store decides who takes which."""

    writer: Writer
    letterhead: Letterhead
    texts: Mapping[str, ChatTexts]
    city: Mapping[str, str]
    # the city's name, by language
    patience: timedelta
    channels: frozenset[str]
    # those that can send
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def run(self) -> None:
        """Look until cancelled."""
        looked_at = self.clock() - REACH_BACK
        while True:
            now = self.clock()
            try:
                await self.look(looked_at, now)
                # Entries are named when they are made and committed a little later.
                looked_at = now - self.patience - timedelta(minutes=10)
            except StoreError as error:
                log.warning("chat.unreachable", error=str(error))
            except Exception:
                # A fault of ours ends this look, not the looking: what was not dealt with is found again.
                log.exception("chat.failed")
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self, since: datetime, now: datetime) -> int:
        """Deal with what was made since then and is unread now. Returns how many were sent on. Raises StoreError."""
        sent_on = 0
        after = chats.id_at(since)
        while True:
            found, more, last = await self.writer.call(partial(self._deal, since=after, now=now))
            sent_on += more
            after = last
            if found < AT_ONCE:
                return sent_on

    def _deal(self, connection: Any, *, since: str, now: datetime) -> tuple[int, int, str]:
        before = chats.id_at(now - self.patience)
        found = chats.list_unread(connection, PURPOSES, since=since, before=before, limit=AT_ONCE)
        sent_on = 0
        for row in found:
            letter = chats.note_unread(connection, row, now)
            reach = chats.find_reach(connection, letter.case_id, letter.message.to.value)
            changes: list[Change] = []
            if reach is not None and reach["channel"] in self.channels:
                reference = show_reference(chats.find_reference(connection, letter.case_id))
                try:
                    copy = self._copy(letter, Address(**reach), reference, now)
                except Exception:
                    # One letter whose words cannot be put together must not keep back all that come after it.
                    log.exception("chat.failed", entry=letter.message.id)
                else:
                    changes.append((INSERT_OUTBOX, outbox.row_of(copy, due_at=now, claimed_by="")))
                    sent_on += 1
            data = {"entry": letter.message.id, "sent_on": bool(changes)}
            changes.append(rows.event_change(letter.case_id, "receipt.unread", now, data))
            apply(connection, changes)
            log.info("chat.unread", entry=letter.message.id, sent_on=data["sent_on"])
        return len(found), sent_on, found[-1].id if found else since

    def _copy(self, letter: Owed, to: Address, reference: str, now: datetime) -> Owed:
        """The same words for another channel."""
        entry, said = new_id(), letter.message
        texts = self.texts.get(said.language) or next(iter(self.texts.values()))
        known = {
            "reference": reference,
            "city": self.city.get(texts.language) or next(iter(self.city.values())),
        }
        text = said.text
        if to.channel == "sms":
            if len(text) > SHORT:
                text = texts.values["on.sms_long"].format(**known)
        else:
            text = f"{texts.values['on.before'].format(**known)}\n\n{text}\n"
        message = OutboundMessage(
            id=entry,
            to=to,
            subject=texts.values["on.subject"].format(**known),
            text=text,
            language=said.language,
            created_at=now,
            message_id=self.letterhead.message_id(entry),
            # Whoever leaves a number in the chat has not proven it: by text message only where receipts may go too.
            automatic=said.automatic or to.channel == "sms",
        )
        return Owed(message=message, case_id=letter.case_id, purpose=letter.purpose, attempts=0, results=())

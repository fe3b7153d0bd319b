"""The mailboxes' memory, kept in the store; and fetching channels as listeners."""

import os
import secrets
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import structlog

from channels.base import Accept, Listener, NotAccepted, Surroundings
from channels.ledger import Fetcher, Folder, Ledger, Note, Outcome
from gateway.intake import Accepted
from normalizer.messages import InboundMessage, RawMessage
from store import mailboxes
from store.database import Database
from store.errors import StoreError
from store.mailboxes import Place
from store.writer import Writer

T = TypeVar("T")
log = structlog.get_logger()

GRACE = timedelta(minutes=2)
"""What a look may take beside the waiting between two."""

_PROCESS = secrets.token_hex(4)

LEASE = timedelta(seconds=30)
"""How long a mailbox stays with a node that says nothing. It is renewed three times as often."""


if TYPE_CHECKING:
    # The IMAP client is loaded where there are mailboxes, and nowhere else.
    from channels.mailbox.account import Account
    from channels.mailbox.channel import Mailbox
    from channels.mailbox.survey import Survey


class StoreLedger(Ledger):
    """The ledger in our own store. Reads for itself, writes through the one writer."""

    def __init__(
        self,
        database: Database,
        writer: Writer | None,
        *,
        node: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._writer = writer
        # None: nothing will be written, as for a command that only counts
        # Two processes on one machine are two holders, whatever they are called.
        self._holder = f"{node}|{socket.gethostname()}|{os.getpid()}|{_PROCESS}"
        self._clock = clock

    async def hold(self, source: str) -> bool:
        now = self._clock()
        take = partial(mailboxes.hold, source=source, holder=self._holder, now=now, until=now + LEASE)
        if await self._write(take):
            return True
        holder = await self._read(partial(mailboxes.find_holder, source=source, now=now))
        if not _is_dead(holder):
            return False
        await self._write(partial(mailboxes.release, source=source, holder=holder))
        return await self._write(take)

    async def release(self, source: str) -> None:
        await self._write(partial(mailboxes.release, source=source, holder=self._holder))

    async def open(self, folder: Folder, next_uid: int) -> int:
        mark = await self.mark(folder)
        if next_uid >= mark:
            return mark
        log.warning(
            "mailbox.renumbered",
            source=folder.source,
            uidvalidity=folder.uidvalidity,
            knew=mark,
            next=next_uid,
        )
        await self._write(partial(mailboxes.forget, place=_place(folder)))
        return 1

    async def mark(self, folder: Folder) -> int:
        return await self._read(partial(mailboxes.find_mark, place=_place(folder)))

    async def outcomes(self, folder: Folder, low: int, high: int) -> Mapping[int, Outcome]:
        found = await self._read(partial(mailboxes.outcomes, place=_place(folder), low=low, high=high))
        return cast(Mapping[int, Outcome], found)

    async def note(self, folder: Folder, notes: Sequence[Note]) -> None:
        now = self._clock()
        rows = [_row(note, now) for note in notes]
        await self._write(partial(mailboxes.note, place=_place(folder), rows=rows))

    async def advance(self, folder: Folder, next_uid: int) -> None:
        await self._write(
            partial(mailboxes.advance, place=_place(folder), next_uid=next_uid, now=self._clock())
        )

    async def owed(self, folder: Folder, limit: int) -> Sequence[int]:
        return await self._read(partial(mailboxes.owed, place=_place(folder), limit=limit))

    async def settle(self, folder: Folder, uids: Sequence[int], how: str) -> None:
        await self._write(partial(mailboxes.settle, place=_place(folder), uids=uids, how=how))

    async def _read(self, query: Callable[[Any], T]) -> T:
        with _plain_words():
            return await self._database.read(query)

    async def _write(self, work: Callable[[Any], T]) -> T:
        assert self._writer is not None
        with _plain_words():
            return await self._writer.call(work)


def _is_dead(holder: str) -> bool:
    """Was it a process of this machine that ended without a word? Then nobody need wait for its lease to end."""
    parts = holder.split("|")
    if (
        sys.platform == "win32"
        or len(parts) != 4
        or parts[1] != socket.gethostname()
        or not parts[2].isdigit()
    ):
        return False
    if int(parts[2]) == os.getpid():
        return parts[3] != _PROCESS  # our number, but not us: it was there before
    try:
        os.kill(int(parts[2]), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is somebody else's, but it lives
        return False
    return False


@contextmanager
def _plain_words() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise NotAccepted(str(error)) from error


def _place(folder: Folder) -> Place:
    return Place(source=folder.source, uidvalidity=folder.uidvalidity)


def _row(note: Note, now: datetime) -> dict[str, Any]:
    outcome, message_id = note.outcome, ""
    if note.accepted is not None:
        assert isinstance(note.accepted, Accepted)
        message_id = note.accepted.message_id
        outcome = "repeated" if note.accepted.repeated else "stored"
    return {
        "uid": note.uid,
        "outcome": outcome,
        "message_id": message_id,
        "size": note.size,
        "at": now,
        "after": "owed" if note.after else "",
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """What lies in one mailbox, and who fetches from it."""

    account: "Account"
    survey: "Survey"
    looked_at: datetime | None = None
    # when the folder was last looked through
    holder: str = ""
    # the node that works on it just now
    fetched: int = 0
    # mails ever fetched from there, also those that lie there no more

    def is_late(self, now: datetime) -> bool:
        """Does something wait for longer than a look takes to come round?"""
        late = timedelta(seconds=3 * self.account.poll_seconds) + GRACE
        return bool(self.survey.waiting) and (self.looked_at is None or now - self.looked_at > late)

    def is_explained(self, now: datetime) -> bool:
        """Is every mail at the source stored, explained, or just about to be fetched?"""
        return not (self.survey.trouble or self.survey.missing or self.is_late(now))


async def count_mailboxes(
    mailbox: "Mailbox", names: Sequence[str], database: Database | None, *, now: datetime
) -> list[Count]:
    """Reconcile these mailboxes, or all, with the store; without one, nothing was ever fetched. Reads only."""
    ledger = StoreLedger(database, None, node="check") if database else None
    counts = []
    for account in mailbox.accounts:
        if names and account.name not in names:
            continue
        counted = await mailbox.survey(account, ledger)
        looked_at, holder, fetched = None, "", 0
        if database is not None:
            place = Place(source=account.source, uidvalidity=counted.uidvalidity)
            looked_at = await database.read(partial(mailboxes.find_looked_at, place=place))
            holder = await database.read(partial(mailboxes.find_holder, source=account.source, now=now))
            fetched = await database.read(partial(mailboxes.count_fetched, source=account.source))
        node = holder.partition("|")[0]
        counts.append(
            Count(account=account, survey=counted, looked_at=looked_at, holder=node, fetched=fetched)
        )
    return counts


@dataclass(frozen=True)
class Fetching(Listener):
    """A channel that fetches, with its ledger in hand: a listener like any other."""

    fetcher: Fetcher
    ledger: Ledger

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        raise NotImplementedError("it is put together in the house")

    def parse(self, raw: RawMessage) -> InboundMessage:
        return self.fetcher.parse(raw)

    async def listen(self, accept: Accept, opened: Callable[[], None]) -> None:
        await self.fetcher.collect(accept, self.ledger, opened)

"""Who waits for what is said in a chat, and how they hear of it.

An outbox entry for a chat is readable as soon as it is committed: sending it is only ringing. Within this process
that is immediate; what other nodes and the command line write is found by looking in the store, one look for all who
wait here.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from channels.base import Sender
from normalizer.messages import OutboundMessage
from store import chats
from store.database import Database
from store.errors import StoreError

log = structlog.get_logger()

LOOK_SECONDS = 2.0
"""How often the store is looked at while anybody waits."""

OVERLAP = timedelta(minutes=2)
"""How far a look reaches back: an entry is named when it is made, and readable only when it is committed."""

MOST_OF_ONE = 4
"""Lasting connections of one chat: windows of one browser. The oldest ends when one more comes."""


class TooManyWait(Exception):
    """As many chats are kept open as the settings allow: ask now and then instead."""


class Waiting:
    """One open conversation. `ended` says that it must close."""

    def __init__(self, bell: "Bell") -> None:
        self._bell = bell
        self._rung = asyncio.Event()
        self.ended = False

    def ring(self) -> None:
        """There may be something to read."""
        self._rung.set()

    def end(self) -> None:
        """It must close."""
        self.ended = True
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """True once there may be something to read or it must close; False when the seconds have passed."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (left := until - loop.time()) > 0:
            try:
                await asyncio.wait_for(self._rung.wait(), min(left, LOOK_SECONDS))
            except TimeoutError:
                await self._bell.look()
                continue
            self._rung.clear()
            return True
        return False


class Bell(Sender):
    """The channel "chat" outwards: it tells those who wait."""

    def __init__(
        self,
        database: Database,
        *,
        room: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._room = room
        self._clock = clock
        self._waiting: dict[str, list[Waiting]] = {}
        self._count = 0
        self._looked_at = 0.0
        self._known: set[str] = set()
        self._closed = False

    async def send(self, message: OutboundMessage) -> str:
        """It is in the store, and so in the conversation."""
        self.ring(message.to.value)
        return ""

    def ring(self, contact: str) -> None:
        """Something was said in this contact's chat."""
        for each in self._waiting.get(contact, ()):
            each.ring()

    @contextmanager
    def listen(self, contact: str) -> Iterator[Waiting]:
        """Wait for what is said in one chat. Raises TooManyWait."""
        if self._closed or self._count >= self._room:
            raise TooManyWait
        waiting = Waiting(self)
        windows = self._waiting.setdefault(contact, [])
        windows.append(waiting)
        self._count += 1
        if len(windows) > MOST_OF_ONE:
            windows[0].end()
        try:
            yield waiting
        finally:
            self._count -= 1
            windows.remove(waiting)
            if not windows:
                del self._waiting[contact]

    @property
    def over(self) -> bool:
        """The service stops."""
        return self._closed

    def end_all(self) -> None:
        """The service stops: every conversation closes, and the browsers come again."""
        self._closed = True
        for windows in self._waiting.values():
            for each in windows:
                each.end()

    async def look(self) -> None:
        """Find what others have written. Whoever comes first looks for everybody."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < LOOK_SECONDS / 2:
            return
        self._looked_at = now
        since = chats.id_at(self._clock() - OVERLAP)
        try:
            found = await self._database.read(partial(chats.list_fresh, since=since))
        except StoreError as error:
            log.warning("chat.unreachable", error=str(error))
            return
        for entry, contact in found:
            if entry not in self._known:
                self.ring(contact)
        self._known = {entry for entry, _ in found}

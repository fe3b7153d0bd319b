"""Processes of their own that read messages, so that one hard message keeps nobody else waiting.

Reading is the one thing that a stranger's bytes can make slow, large or crash. A reader that dies or takes
too long is ended and replaced; the message it was reading is kept as it is, for a person. While no reader is
there, this process reads.
"""

import asyncio
import os
import signal
import socket
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import structlog
from msgspec.structs import replace

from config.settings import Settings
from gateway.draft import UNKNOWN, Draft, Drafter, Hints
from gateway.launch import ForkServer, frame, start_from_nothing
from gateway.reader import Answer, Frames, Question
from normalizer.messages import RawMessage

log = structlog.get_logger()

LARGE = 100_000
"""Bytes from which a message goes to the last reader, so that small ones do not wait behind it."""

PATIENCE = 10.0
"""Seconds without an answer after which a reader is ended. Ours need milliseconds; a busy machine may need more."""

RESTART_PAUSE = 1.0
"""Seconds before a reader is replaced; more each time that it does not even start."""

START_ATTEMPTS = 3
"""How often a reader may fail to start before this process reads without it."""


_encode = msgspec.msgpack.Encoder().encode
_read_answer = msgspec.msgpack.Decoder(Answer).decode


class ReaderLost(Exception):
    """The reader is gone, and had not begun with this message."""


@dataclass(slots=True)
class _Asked:
    size: int
    answered: asyncio.Future[Answer | None]
    # None: the reader died over it


class _Line(asyncio.Protocol):
    """The line to one reader. It answers each message before it takes the next."""

    def __init__(self, forget: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        self._forget = forget
        # told first when the reader is gone: whoever then asks again must not find this line
        self.ready: asyncio.Future[bool] = loop.create_future()
        self.lost: asyncio.Future[None] = loop.create_future()
        self._frames = Frames()
        self._asked: deque[_Asked] = deque()
        self._answered = 0
        self._large = 0
        # of those that have been asked and not answered
        self._pid = 0
        self._transport: asyncio.Transport | None = None
        self._unsent: list[bytes] = []
        # the questions of this turn of the loop, which go out in one piece

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's do not descend from it

    @property
    def waiting(self) -> int:
        """How many it has been asked and has not answered; more than anybody's patience while one is large."""
        return sys.maxsize if self._large else len(self._asked)

    def ask(self, raw: RawMessage, hints: Hints, now: datetime) -> asyncio.Future[Answer | None]:
        loop = asyncio.get_running_loop()
        asked = _Asked(len(raw.body), loop.create_future())
        self._asked.append(asked)
        self._large += asked.size > LARGE
        if not self._unsent:
            loop.call_soon(self._send)
        self._unsent.append(frame(_encode(Question(raw, hints, now))))
        return asked.answered

    def _send(self) -> None:
        assert self._transport is not None
        if not self._transport.is_closing():
            self._transport.write(b"".join(self._unsent))
            self._unsent.clear()

    def data_received(self, data: bytes) -> None:
        for body in self._frames.feed(data):
            if not self.ready.done():
                self._pid = int.from_bytes(body)
                self.ready.set_result(True)
                continue
            self._answered += 1
            asked = self._asked.popleft()
            self._large -= asked.size > LARGE
            if not asked.answered.done():
                asked.answered.set_result(_read_answer(body))

    def connection_lost(self, error: Exception | None) -> None:
        del error
        self._forget()
        if not self.ready.done():
            self.ready.set_result(False)
        begun = len(self._asked) > len(self._unsent)
        for place, asked in enumerate(self._asked):
            if asked.answered.done():
                continue
            if place == 0 and begun:
                asked.answered.set_result(None)
            else:
                asked.answered.set_exception(ReaderLost)
        self.lost.set_result(None)

    async def watch(self) -> int:
        """Return the size of a message that has been read for too long."""
        while True:
            before = self._answered
            await asyncio.sleep(PATIENCE)
            if self._asked and self._answered == before:
                return self._asked[0].size

    def kill(self) -> None:
        """End a reader that does not answer. One that is gone already is left alone: its number may be another's."""
        if self._pid and not self.lost.done():
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class _Source:
    """Where readers come from: one fork server after another."""

    def __init__(self, settings: Settings, server: ForkServer | None) -> None:
        self._settings = settings
        self._server = server
        self._ours = server is None
        # to end; one that was given is its giver's

    async def open_line(self, line: "_Line") -> bool:
        """Connect to a new reader. False when there is nobody who could make one."""
        ours = self._ask()
        if ours is None:
            # The fork server is gone. The next one reads and builds everything anew.
            self.end()
            self._server, self._ours = start_from_nothing(self._settings), True
            ours = self._ask()
        if ours is None:
            return False
        try:
            await asyncio.get_running_loop().create_unix_connection(lambda: line, sock=ours)
        except BaseException:  # cancelled just now, for example: nobody else knows of it yet
            ours.close()
            raise
        return True

    def _ask(self) -> socket.socket | None:
        if self._server is None:
            return None
        try:
            return self._server.open_line()
        except OSError:
            return None

    def end(self) -> None:
        if self._server is not None and self._ours:
            self._server.end()
        self._server = None


class _Lane:
    """One reader after another."""

    def __init__(self, name: str, source: _Source) -> None:
        self._name = name
        self._source = source
        self._line: asyncio.Future[_Line | None] = asyncio.get_running_loop().create_future()

    @property
    def waiting(self) -> int:
        """How many wait for its answer: the lane with the fewest is asked next."""
        line = self._line.result() if self._line.done() else None
        return line.waiting if line is not None else sys.maxsize

    async def line(self) -> _Line | None:
        """The line to the reader, once there is one; None when none can be started."""
        return await asyncio.shield(self._line)

    async def run(self) -> None:
        """Keep a reader running until cancelled."""
        failures = 0
        while True:
            line = _Line(self._forget)
            try:
                if await self._source.open_line(line) and await line.ready:
                    failures = 0
                    self._put(line)
                    await self._attend(line)
                else:
                    failures += 1
            finally:
                line.kill()
                line.close()
            log.warning("reader.lost", reader=self._name)
            if failures == START_ATTEMPTS:
                log.error("reader.missing", reader=self._name)
                self._put(None)
            await asyncio.sleep(RESTART_PAUSE * 2 ** min(failures, 6))

    def _put(self, line: _Line | None) -> None:
        if self._line.done():
            self._line = asyncio.get_running_loop().create_future()
        self._line.set_result(line)

    def _forget(self) -> None:
        """From now on whoever asks waits for the next reader, or learns that there is none."""
        if self._line.done() and self._line.result() is not None:
            self._line = asyncio.get_running_loop().create_future()

    async def _attend(self, line: _Line) -> None:
        watching = asyncio.create_task(line.watch())
        try:
            await _first_of(watching, line.lost)
            if watching.done():
                log.error("reader.stuck", reader=self._name, size=watching.result())
                line.kill()
                await line.lost
        finally:
            watching.cancel()


async def _first_of(*waiting: asyncio.Future[Any]) -> None:
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)


class Readers:
    """Whoever reads messages: processes, or without any this one."""

    def __init__(
        self, drafter: Drafter, lanes: Sequence[_Lane] = (), clock: Callable[[], datetime] | None = None
    ) -> None:
        self._drafter = drafter
        self._lanes = lanes
        self._clock = clock or (lambda: datetime.now(UTC))

    async def ready(self) -> None:
        """Return when messages can be read: by a reader, or by this process because none starts."""
        for lane in self._lanes:
            await lane.line()

    async def draft(self, raw: RawMessage, hints: Hints = UNKNOWN) -> Draft:
        """What this delivery becomes. Raises Refused when the sender must mend it; nothing else."""
        large = len(raw.body) > LARGE
        lane = self._choose(large=large) if self._lanes else None
        while not hints.failed_step and lane is not None and (line := await lane.line()) is not None:
            try:
                answer = await line.ask(raw, hints, self._clock())
            except ReaderLost:
                continue
            if answer is None:
                # It ended the reader. Its bytes are kept, and a person looks.
                hints = replace(hints, failed_step="parse", error="ReaderLost")
            elif answer.draft is None:
                break  # reading it again here raises what the channel has to say, whole
            else:
                return answer.draft
        if large:
            return await asyncio.to_thread(self._drafter.draft, raw, hints, self._clock())
        return self._drafter.draft(raw, hints, self._clock())

    def _choose(self, *, large: bool) -> _Lane:
        """The last lane for a large message. For a small one the shortest, and never behind a large one."""
        if large:
            return self._lanes[-1]
        return min(self._lanes, key=lambda lane: lane.waiting)


@asynccontextmanager
async def start_readers(
    drafter: Drafter, settings: Settings, server: ForkServer | None = None
) -> AsyncIterator[Readers]:
    """So many readers as are configured; they end with the context. `server` is a fork server that is there already."""
    source = _Source(settings, server)
    lanes = [_Lane(name, source) for name in ("small", "large")[: settings.intake.readers]]
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(lane.run(), name="reader") for lane in lanes]
            try:
                yield Readers(drafter, lanes)
            finally:
                for each in running:
                    each.cancel()
    finally:
        source.end()

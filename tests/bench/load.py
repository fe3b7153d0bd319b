"""The load, in a process of its own: `python -m tests.bench.load FILE` reads its order there and answers there.

Requests are built before the clock starts and sent over kept connections, one at a time on each.
"""

import asyncio
import gc
import json
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path

import uvloop

from tests.bench.texts import CITY, Texts


@dataclass(kw_only=True)
class Order:
    """What to send. The run ends after `count` or `seconds`, whichever comes first."""

    kind: str  # "http" or "smtp"
    port: int
    run: str
    count: int
    connections: int
    seconds: float = 60.0
    warm_up: int = 0  # of the count, sent first and not counted
    rate: float = 0.0  # sent at this pace, whether answers come or not; 0: as fast as answers come
    attached_every: int = 0
    addressed: bool = False
    repeat: bool = False  # begin again at the first when all are sent: for what keeps nothing


@dataclass(kw_only=True)
class Seen:
    """What came back. Times are those of time.monotonic, one clock for all processes of a machine."""

    began: float = 0.0
    ended: float = 0.0
    answered: int = 0
    refused: int = 0
    waits: list[float] = field(default_factory=list)  # seconds from sending to the answer
    kept: dict[str, float] = field(default_factory=dict)  # id -> when it was acknowledged
    references: dict[str, str] = field(default_factory=dict)  # case number -> id


class Feed:
    """Hands out work to connections: at once, or at a pace."""

    def __init__(self, order: Order, work: list, seen: Seen) -> None:
        self._order = order
        self._work = work
        self._seen = seen
        self._next = 0
        self._idle: deque = deque()
        self._busy = 0
        self._deadline = float("inf")
        self._limit = order.warm_up or len(work)
        self._paced = False
        self.timed = False
        self.done: asyncio.Future = asyncio.get_running_loop().create_future()

    def start(self, connections: list, limit: int, *, seconds: float, rate: float) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._limit, self._paced = limit, bool(rate)
        self._deadline = time.monotonic() + seconds
        self._seen.began = time.monotonic()
        for each in connections:
            self._busy += 1
            if rate:
                self.free(each)
            else:
                each.go()
        if rate:
            self._tick(1 / rate, self._next, time.monotonic())

    def _tick(self, step: float, first: int, began: float) -> None:
        now = time.monotonic()
        due = min(first + int((now - began) / step) + 1, self._limit)
        while self._next < due and self._idle and now < self._deadline:
            self._busy += 1
            self._idle.popleft().go()
        if self._next < self._limit and now < self._deadline:
            asyncio.get_running_loop().call_later(min(step, 0.002), self._tick, step, first, began)
        else:
            self._paced = False
            self._check()

    def take(self):
        """The next piece of work, or None when there is no more."""
        if time.monotonic() >= self._deadline:
            return None
        if self._next >= self._limit:
            if not (self._order.repeat and self.timed):
                return None
            self._next = 0
        self._next += 1
        return self._work[self._next - 1]

    def free(self, connection) -> None:
        """This connection has nothing to do."""
        self._busy -= 1
        self._idle.append(connection)
        self._check()

    def next(self, connection) -> None:
        """This connection got its answer."""
        if self._paced:
            self.free(connection)
        else:
            connection.go()

    def _check(self) -> None:
        if not self._busy and not self._paced and not self.done.done():
            self._seen.ended = time.monotonic()
            self.done.set_result(None)

    def note(self, identity: str, sent: float, *, kept: bool) -> None:
        now = time.monotonic()
        if not kept:
            self._seen.refused += 1
            return
        if not self._order.repeat:
            self._seen.kept[identity] = now
        if self.timed:
            self._seen.answered += 1
            self._seen.waits.append(now - sent)


class Http(asyncio.Protocol):
    """One kept HTTP connection."""

    def __init__(self, feed: Feed, order: Order, seen: Seen) -> None:
        self._feed, self._order, self._seen = feed, order, seen
        self._buffer = b""
        self._identity = ""
        self._sent = 0.0
        self.ready = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        self._transport = transport
        self.ready.set_result(None)

    def go(self) -> None:
        work = self._feed.take()
        if work is None:
            self._feed.free(self)
            return
        self._identity, request = work
        self._sent = time.monotonic()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            self._buffer = buffer
            return
        at = buffer.find(b"content-length: ", 0, end)
        length = int(buffer[at + 16 : buffer.find(b"\r", at)]) if at >= 0 else 0
        if len(buffer) < end + 4 + length:
            self._buffer = buffer
            return
        self._buffer = b""
        kept = buffer.startswith(b"HTTP/1.1 2")
        self._feed.note(self._identity, self._sent, kept=kept)
        if kept and self._order.addressed:
            self._seen.references[json.loads(buffer[end + 4 :])["reference"]] = self._identity
        self._feed.next(self)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._feed.done.done():
            self._feed.done.set_exception(ConnectionError(f"the service hung up: {error}"))


class Smtp(asyncio.Protocol):
    """One kept SMTP connection: MAIL, RCPT, DATA and the mail, each after the answer to the one before."""

    def __init__(self, feed: Feed, order: Order, seen: Seen) -> None:
        self._feed = feed
        self._step = "greeting"
        self._buffer = b""
        self._sent = 0.0
        self._identity = ""
        self._commands: tuple[bytes, ...] = ()
        self.ready = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        self._transport = transport

    def go(self) -> None:
        work = self._feed.take()
        if work is None:
            self._feed.free(self)
            return
        self._identity, mail_from, self._mail = work
        self._step = "mail"
        self._transport.write(mail_from)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data
        last = buffer.rfind(b"\n", 0, -1) + 1
        if not buffer.endswith(b"\n") or buffer[last + 3 : last + 4] == b"-":
            self._buffer = buffer  # a reply of several lines (RFC 5321 section 4.2.1)
            return
        self._buffer = b""
        code, step = buffer[last : last + 3], self._step
        if step == "greeting":
            self._step = "hello"
            self._transport.write(b"EHLO load.example\r\n")
        elif step == "hello":
            self.ready.set_result(None)
        elif step == "mail" and code == b"250":
            self._step = "rcpt"
            self._transport.write(b"RCPT TO:<" + CITY.encode() + b">\r\n")
        elif step == "rcpt" and code == b"250":
            self._step = "data"
            self._transport.write(b"DATA\r\n")
        elif step == "data" and code == b"354":
            self._step = "end"
            self._sent = time.monotonic()
            self._transport.write(self._mail)
        elif step == "end":
            self._feed.note(self._identity, self._sent, kept=code == b"250")
            self._feed.next(self)
        elif step == "reset":
            self._feed.next(self)
        else:
            self._feed.note(self._identity, self._sent, kept=False)
            self._step = "reset"
            self._transport.write(b"RSET\r\n")

    def connection_lost(self, error: Exception | None) -> None:
        if not self._feed.done.done():
            self._feed.done.set_exception(ConnectionError(f"the service hung up: {error}"))


def build(order: Order) -> list:
    """Everything that will be sent."""
    texts = Texts(order.run)
    if order.kind == "http":
        return [texts.request(number, addressed=order.addressed) for number in range(order.count)]
    return [
        (identity, f"MAIL FROM:<{sender}>\r\n".encode(), mail.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        for identity, sender, mail in texts.mails(order.count, attached_every=order.attached_every)
    ]


async def send(order: Order) -> Seen:
    """Send it, and tell what came back."""
    seen = Seen()
    work = build(order)
    feed = Feed(order, work, seen)
    kind = Http if order.kind == "http" else Smtp
    loop = asyncio.get_running_loop()
    connections = [kind(feed, order, seen) for _ in range(order.connections)]
    for each in connections:
        await loop.create_connection(lambda each=each: each, "127.0.0.1", order.port)
        await asyncio.wait_for(each.ready, 10)
    gc.collect()
    gc.freeze()
    gc.disable()
    if order.warm_up:
        feed.start(connections, order.warm_up, seconds=20, rate=0)
        await asyncio.wait_for(feed.done, 30)
    feed.timed = True
    feed.start(connections, len(work), seconds=order.seconds, rate=order.rate)
    await asyncio.wait_for(feed.done, order.seconds + 30)
    return seen


def main() -> None:
    file = Path(sys.argv[1])
    order = Order(**json.loads(file.read_text()))
    file.write_text(json.dumps(asdict(uvloop.run(send(order)))))


if __name__ == "__main__":
    main()

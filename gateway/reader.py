"""A reader: `python -m gateway.reader FD` reads messages from that socket until it closes (see `gateway.readers`)."""

import contextlib
import gc
import resource
import signal
import socket
import sys
from datetime import datetime

import msgspec

from channels.base import Ignored, Refused
from config.errors import ConfigurationError
from config.settings import Settings
from gateway.draft import Draft, Drafter, Hints
from gateway.launch import frame
from gateway.log import configure_log
from gateway.parts import build_drafter
from normalizer.messages import RawMessage

MEMORY = 2 << 30
"""Bytes of address space: a message that wants more is one that we cannot read."""


class Question(msgspec.Struct, frozen=True, array_like=True):
    """One delivery to read."""

    raw: RawMessage
    hints: Hints
    now: datetime


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """Its draft; None when the sender must mend it."""

    draft: Draft | None


class Frames:
    """Takes bytes as they come and gives whole messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Every message that is complete now."""
        buffer = self._buffer
        buffer += data
        found, at = [], 0
        while len(buffer) - at >= 4 and len(buffer) - at - 4 >= (size := int.from_bytes(buffer[at : at + 4])):
            found.append(bytes(buffer[at + 4 : at + 4 + size]))
            at += 4 + size
        del buffer[:at]
        return found


def main() -> None:
    # Whoever stops Kvitto stops the process that feeds us; we end when our line closes, and never before.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    line = socket.socket(fileno=int(sys.argv[1]))
    frames = Frames()
    (first,) = frames.feed(_receive_exactly_one(line))
    settings = Settings.model_validate_json(first)
    configure_log(settings.log.format, settings.log.level)
    try:
        drafter = build_drafter(settings)
    except ConfigurationError:
        raise SystemExit(1) from None  # whoever started us says what is wrong with it
    with contextlib.suppress(ValueError, OSError):  # a smaller limit is set already
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    line.sendall(frame(b"ready"))
    with contextlib.suppress(ConnectionError):
        read(line, drafter)


def _receive_exactly_one(line: socket.socket) -> bytes:
    received = b""
    while len(received) < 4 or len(received) < 4 + int.from_bytes(received[:4]):
        more = line.recv(1 << 16)
        if not more:
            raise SystemExit(0)
        received += more
    return received


def read(line: socket.socket, drafter: Drafter) -> None:
    """Answer one message after another, each before the next is begun: who dies, died over the first unanswered."""
    decode = msgspec.msgpack.Decoder(Question).decode
    encode = msgspec.msgpack.Encoder().encode
    frames = Frames()
    while data := line.recv(1 << 18):
        for body in frames.feed(data):
            question = decode(body)
            try:
                answer = Answer(drafter.draft(question.raw, question.hints, question.now))
            except (Refused, Ignored):
                answer = Answer(None)
            line.sendall(frame(encode(answer)))


if __name__ == "__main__":
    main()

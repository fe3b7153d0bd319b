"""A reader: `python -m gateway.reader FD` reads messages from that socket until it closes (see `gateway.readers`)."""

import contextlib
import gc
import resource
import signal
import socket
import sys

import msgspec

from channels.base import Refused
from config.settings import Settings
from gateway.draft import Drafter
from gateway.house import build_drafter, draw_plans
from gateway.log import configure_log
from gateway.readers import Answer, Frames, Question, frame

MEMORY = 2 << 30
"""Bytes of address space: a message that wants more is one that we cannot read."""


def main() -> None:
    # Whoever stops Kvitto stops the process that feeds us; we end when our line closes, and never before.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    line = socket.socket(fileno=int(sys.argv[1]))
    frames = Frames()
    (first,) = frames.feed(_receive_exactly_one(line))
    settings = Settings.model_validate_json(first)
    configure_log(settings.log.format, settings.log.level)
    drafter = build_drafter(draw_plans(settings))
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
            except Refused:
                answer = Answer(None)
            line.sendall(frame(encode(answer)))


if __name__ == "__main__":
    main()

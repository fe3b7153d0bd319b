"""A reader reads messages from its line until that closes (see `gateway.readers`), and the fork server makes them.

`python -m gateway.reader FD` is a fork server on that socket, with the settings as JSON on its standard input.
"""

import contextlib
import ctypes
import gc
import os
import resource
import signal
import socket
import sys
import traceback
from datetime import datetime
from typing import NoReturn

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
    settings = Settings.model_validate_json(sys.stdin.buffer.read())
    configure_log(settings.log.format, settings.log.level)
    try:
        drafter = build_drafter(settings)
    except ConfigurationError:
        raise SystemExit(1) from None  # whoever started us says what is wrong with it
    serve_forks(drafter, socket.socket(fileno=int(sys.argv[1])))


def serve_forks(drafter: Drafter, control: socket.socket) -> None:
    """Fork a reader for each line that comes by `control`, until that closes."""
    # Whoever stops Kvitto stops the process that feeds us; we end when our line closes, and never before.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # readers that end leave nothing behind
    _name_process("kvitto-forks")
    # What is there already stays for ever, and stays one for all: a collection would copy its pages.
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 20)
    while fds := socket.recv_fds(control, 1, 1)[1]:
        line = socket.socket(fileno=fds[0])
        if os.fork() == 0:
            control.close()
            _be_reader(line, drafter)
        line.close()


def _be_reader(line: socket.socket, drafter: Drafter) -> NoReturn:
    status = 1
    try:
        _name_process("kvitto-reader")
        with contextlib.suppress(ValueError, OSError):  # a smaller limit is set already
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        with contextlib.suppress(ConnectionError):
            line.sendall(frame(os.getpid().to_bytes(8)))
            read(line, drafter)
        status = 0
    except BaseException:  # noqa: BLE001  # it ends here, and nobody else may say why
        traceback.print_exc()
    finally:
        os._exit(status)


def _name_process(name: str) -> None:
    """What `ps` and `top` call it (Linux: prctl(2), PR_SET_NAME)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(15, name.encode())


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

"""Where receipts arrive: an SMTP server that keeps no mail, only when each came and what it answers.

`XCOUNT` tells how many have come, `XTAKE` gives all of them as JSON and begins anew.
"""

import asyncio
import gc
import json
import re
import time

import uvloop

from tests.bench.processes import announce, until_closed

_ANSWERS = re.compile(rb"\r\nIn-Reply-To: <([^>\r\n]+)>")
_NUMBER = re.compile(rb"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")

arrived: list[tuple[str, float]] = []
"""What each receipt answers (Message-ID, else case number), and when its last byte was here."""


class Sink(asyncio.Protocol):
    """One connection of the service's relay pool."""

    def connection_made(self, transport) -> None:
        self._write = transport.write
        self._parts: list[bytes] = []
        self._mail = False
        self._out = [b"220 sink.example ESMTP\r\n"]
        self._tell()

    def data_received(self, data: bytes) -> None:
        if self._parts or not data.endswith(b"\r\n"):
            self._parts.append(data)
            if not data.endswith(b"\r\n"):
                return
            data = b"".join(self._parts)
            self._parts.clear()
        while data:
            if self._mail:
                end = data.find(b"\r\n.\r\n")
                if end < 0:
                    self._parts.append(data)
                    break
                self._mail = False
                self._note(data[:end])
                self._out.append(b"250 2.0.0 taken\r\n")
                data = data[end + 5 :]
            else:
                line, _, data = data.partition(b"\r\n")
                self._answer(line[:6].upper())
        self._tell()

    def _tell(self) -> None:
        # One write for what came in one read (RFC 2920 section 3.2).
        if self._out:
            self._write(b"".join(self._out))
            self._out.clear()

    def _answer(self, command: bytes) -> None:
        if command.startswith(b"DATA"):
            self._mail = True
            self._out.append(b"354 go on\r\n")
        elif command.startswith(b"EHLO"):
            self._out.append(b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
        elif command.startswith(b"QUIT"):
            self._out.append(b"221 bye\r\n")
        elif command == b"XCOUNT":
            self._out.append(b"%d\r\n" % len(arrived))
        elif command == b"XTAKE":
            self._out.append(json.dumps(arrived).encode() + b"\r\n")
            arrived.clear()
        else:
            self._out.append(b"250 OK\r\n")

    def _note(self, mail: bytes) -> None:
        now = time.monotonic()
        if b"\r\nContent-Type: multipart/alternative" not in mail[:4000]:
            return  # a notice to staff, as of an alarm: no receipt, and plain text alone
        found = _ANSWERS.search(mail, 0, 4000)
        number = None if found else _NUMBER.search(mail, max(mail.find(b"\r\n\r\n"), 0))
        arrived.append(((found[1] if found else number[0] if number else b"").decode(), now))


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0, backlog=100)
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    announce(server.sockets[0].getsockname()[1])
    await until_closed()


if __name__ == "__main__":
    uvloop.run(main())

"""SMTP in: aiosmtpd, with DATA read in chunks and an acknowledgement that waits for the commit.

RFC 5321; SIZE (1870), 8BITMIME (6152), SMTPUTF8 (6531), STARTTLS (3207), PIPELINING (2920),
ENHANCEDSTATUSCODES (2034).
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from channels.base import Accept, NotAccepted
from channels.delivery import Delivery
from normalizer.messages import RawMessage

log = structlog.get_logger()

CHUNK = 262_144
"""Bytes read from a connection at a time."""

MAX_RECIPIENTS = 100
"""RFC 5321 section 4.5.3.1.8: at least a hundred."""

IDLE_SECONDS = 300
"""RFC 5321 section 4.5.3.2.7: at least five minutes."""

_PLAIN_PATH = re.compile(
    r"<([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}))>(.*)", re.DOTALL
)
"""A path as RFC 5321 section 4.1.2 has it, without quoting, source route or UTF-8."""

_BARE = re.compile(r"([245])\d\d (?!\d\.\d)")
"""A reply without the code that RFC 2034 wants; those of several lines belong to EHLO, and it wants none there."""

_DETAILS = {
    "500": "5.5.2",
    "501": "5.5.4",
    "502": "5.5.1",
    "503": "5.5.1",
    "552": "5.3.4",
    "553": "5.1.3",
    "555": "5.5.4",
}
"""The enhanced code of replies that aiosmtpd writes (RFC 3463); of others it is CLASS.0.0."""

TOO_LARGE = "552 5.3.4 This message is larger than {limit} megabytes. Please send the files in smaller parts, or call us."
BUSY = "451 4.3.1 We cannot keep your message safely just now. Your mail server will try again by itself."
FAULT = "451 4.3.0 Something is wrong on our side. Your mail server will try again by itself."
NOT_HERE = "550 5.1.1 <{address}> is not an address of ours. Please check how it is spelt."
CLOSED_TO_OTHERS = "550 5.7.1 We only receive mail for our own addresses."
TOO_MANY = b"421 4.3.2 Too many connections just now. Please try again in a minute.\r\n"
GOODBYE = b"421 4.3.2 We are restarting. Please try again in a minute.\r\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """What every connection needs to know."""

    channel: str
    accept: Accept
    receives: Callable[[str], bool]
    # is this an address of ours?
    largest: int
    # bytes of one mail
    hostname: str
    tls: ssl.SSLContext | None
    room: "Room"
    examine: Callable[[Delivery], Awaitable[dict[str, str]]] | None = None
    # is the mail from whom it claims? Its outcome is kept beside the mail; the peer's address is not


@dataclass(slots=True)
class Room:
    """What all connections share: how many there may be, and the memory for mail being received."""

    bytes_left: int
    connections_left: int
    open: "set[SmtpConnection]" = field(default_factory=set)
    # by SMTP and by LMTP
    closing: bool = False
    empty: asyncio.Event = field(default_factory=asyncio.Event)
    # set when, while closing, the last connection has gone


class SmtpConnection(SMTP):
    """One SMTP connection."""

    # aiosmtpd's limit for a command line; DATA has no such limit here.
    line_length_limit = 4096

    def __init__(self, door: Door) -> None:
        super().__init__(
            _Envelopes(door),
            data_size_limit=door.largest,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname=door.hostname,
            ident="Kvitto",
            tls_context=door.tls,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )
        self._door = door
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        room = self._door.room
        # aiosmtpd calls this again after STARTTLS, for the same connection.
        if self not in room.open:
            if room.connections_left <= 0 or room.closing:
                _part(transport, TOO_MANY)
                return
            room.connections_left -= 1
            room.open.add(self)
        super().connection_made(transport)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self in self._door.room.open else None

    def connection_lost(self, error: Exception | None) -> None:
        room = self._door.room
        if self in room.open:
            room.open.remove(self)
            room.connections_left += 1
            if not room.open:
                room.empty.set()
            super().connection_lost(error)

    def finish(self) -> None:
        """Say goodbye now, or after the mail that is being received."""
        if not self._busy and self.transport is not None:
            _part(self.transport, GOODBYE)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        # aiosmtpd reads every address with the e-mail package's full grammar: 100 us each. Nearly all are plain.
        plain = _PLAIN_PATH.match(arg)
        if plain is None:
            return super()._getaddr(arg)
        return plain[1], plain[2]

    async def push(self, status: str) -> None:  # type: ignore[override]  # aiosmtpd sends no bytes either
        """Send one reply."""
        bare = _BARE.match(status)
        if bare and not status.startswith((self.hostname, "HELP"), 4):
            status = f"{status[:4]}{_DETAILS.get(status[:3], f'{bare[1]}.0.0')} {status[4:]}"
        await super().push(status)

    async def tell(self, outcome: str, recipients: int) -> None:
        """Say what became of a mail."""
        del recipients  # SMTP has one reply for all of them
        await self.push(outcome)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # aiosmtpd finds commands by this name
        """Read one mail and pass it on. The reply tells whether it is kept."""
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Say RCPT TO first")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        self._busy = True
        room = self._door.room
        data = _Data(room, self._door.largest)
        try:
            await self.push("354 Send your message, and end it with a line that holds only a dot")
            while not data.complete:
                chunk = await self._reader.read(CHUNK)
                self._reset_timeout()
                if not chunk:
                    raise ConnectionResetError("the client left in the middle of a mail")
                rest = data.feed(chunk)
                if rest:
                    # The client's next commands, sent without waiting (RFC 2920). StreamReader has no public
                    # way to unread; its buffer is a bytearray on every supported Python.
                    self._reader._buffer[:0] = rest  # type: ignore[attr-defined]  # noqa: SLF001
            if not data.problem:
                self.envelope.content = data.content()
                data.problem = await self.event_handler.deliver(self.session, self.envelope)
            recipients = len(self.envelope.rcpt_tos)
            self.envelope = self._create_envelope()
            await self.tell(data.problem, recipients)
        finally:
            self._busy = False
            room.bytes_left += data.taken
            if room.closing:
                self.finish()


class _Data:
    """A mail as it comes in, chunk by chunk.

    Its end is CR LF dot CR LF and nothing else (RFC 5321 section 4.1.1.4): a lone LF is content, or one
    mail could be smuggled inside another. Also a mail that is refused is read to its end.
    """

    def __init__(self, room: Room, largest: int) -> None:
        self._room = room
        self._largest = largest
        self._parts: list[bytes] = []
        self._tail = b"\r\n"  # DATA's own line end: the first line may already be the dot
        self._size = 0
        self.taken = 0
        self.complete = False
        self.problem = ""

    def feed(self, chunk: bytes) -> bytes:
        """Take the next chunk; return what is left of it after the end of the mail."""
        window = self._tail + chunk
        end = window.find(b"\r\n.\r\n")
        rest = b""
        if end >= 0:
            self.complete = True
            rest = window[end + 5 :]
            chunk = chunk[: len(chunk) - len(rest)]
        self._tail = window[-4:]
        self._size += len(chunk)
        if not self.problem and self._size > self._largest + 3:
            self._refuse(TOO_LARGE.format(limit=self._largest // 1_000_000))
        elif not self.problem and len(chunk) > self._room.bytes_left:
            self._refuse(BUSY)
        if not self.problem:
            self._parts.append(chunk)
            self.taken += len(chunk)
            self._room.bytes_left -= len(chunk)
        return rest

    def _refuse(self, problem: str) -> None:
        self.problem = problem
        self._parts.clear()
        self._room.bytes_left += self.taken
        self.taken = 0

    def content(self) -> bytes:
        """The mail, without its end mark and without the dots that transparency added (section 4.5.2)."""
        data = b"".join(self._parts)
        self._parts.clear()
        data = data[:-3].replace(b"\r\n.", b"\r\n")
        return data[1:] if data.startswith(b".") else data


class _Envelopes:
    """aiosmtpd's handler: who may be written to, and what becomes of a mail."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def handle_EHLO(  # noqa: N802  # aiosmtpd finds hooks by this name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str | None, options: list[str]
    ) -> str:
        if self._door.room.bytes_left <= 0:
            return BUSY
        envelope.mail_from = address or "<>"
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients; send the rest separately"
        if not self._door.receives(address):
            return NOT_HERE.format(address=address[:200]) if "@" in address else CLOSED_TO_OTHERS
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def deliver(self, session: Session, envelope: Envelope) -> str:
        """Accept one mail; the SMTP reply."""
        received_at = datetime.now(UTC)
        content = envelope.content or b""
        assert isinstance(content, bytes)
        # aiosmtpd keeps the null sender (RFC 5321 section 4.5.5) as it is written.
        mail_from = _clean(envelope.mail_from or "").replace("<>", "")
        delivery = Delivery(
            peer=_host_of(session.peer),
            helo=_clean(session.host_name or "")[:255],
            mail_from=mail_from,
            content=content,
        )
        try:
            raw = RawMessage(
                channel=self._door.channel,
                received_at=received_at,
                body=content,
                headers=await self._door.examine(delivery) if self._door.examine else {},
                envelope_from=mail_from,
                envelope_to=tuple(_clean(address) for address in envelope.rcpt_tos),
            )
            await self._door.accept(raw)
        except NotAccepted as error:
            log.warning("delivery.put_off", channel=self._door.channel, reason=str(error))
            return BUSY
        except Exception:
            # Whatever it was, the sender still has the mail and must keep it.
            log.exception("delivery.failed", channel=self._door.channel, size=len(content))
            return FAULT
        return "250 2.0.0 We have your message"

    async def handle_exception(self, error: Exception) -> str:
        if isinstance(error, ConnectionError | TimeoutError | asyncio.IncompleteReadError):
            return "421 4.4.2 The connection was lost"
        log.error("smtp.failed", error=type(error).__name__)
        return FAULT


def _part(transport: asyncio.BaseTransport, words: bytes) -> None:
    # uvloop's transports write without being asyncio.WriteTransport.
    cast(asyncio.WriteTransport, transport).write(words)
    transport.close()


def _host_of(peer: object) -> str:
    """The address in what a socket calls its peer; "" for a local socket."""
    return str(peer[0]).partition("%")[0] if isinstance(peer, tuple) and peer else ""


def _clean(address: str) -> str:
    """An address without the lone surrogates that aiosmtpd makes of stray bytes."""
    return address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


async def open_door(door: Door, host: str, port: int) -> asyncio.Server:
    """Listen. Raises OSError when the port is taken."""
    return await asyncio.get_running_loop().create_server(lambda: SmtpConnection(door), host, port)


async def close_doors(servers: Sequence[asyncio.Server], room: Room, *, patience: float = 20.0) -> None:
    """Stop listening, let mail that is being received come in, say goodbye to the rest."""
    for server in servers:
        server.close()
    room.closing = True
    for connection in list(room.open):
        connection.finish()
    if room.open:
        room.empty.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(room.empty.wait(), patience)


def load_tls(certificate: str, key: str) -> ssl.SSLContext:
    """The context for STARTTLS. Raises OSError or ssl.SSLError when the files are not usable."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context

"""E-mail: in by SMTP and LMTP (aiosmtpd), out through a relay (aiosmtplib) or into the built-in postbox."""

import asyncio
import binascii
import os
import re
import ssl
from base64 import b64encode, encodebytes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from channels.authenticity.examiner import Examine, build_examiner, build_signer
from channels.base import Accept, Listener, PermanentSendError, Sender, Surroundings
from channels.handed_on import NOBODY, HandingOn
from channels.inbound_mail import read_delivery
from channels.lmtpd import LmtpPlace, open_lmtp, read_place
from channels.postbox import Postbox
from channels.relay import Relay
from channels.smtpd import Door, Room, close_doors, load_tls, open_door
from normalizer.messages import InboundMessage, OutboundMessage, RawMessage

if TYPE_CHECKING:
    from channels.authenticity.dkim import Signer

LONGEST_ID = 900
"""Characters of a foreign Message-ID that we repeat: a line may have 998 (RFC 5322 section 2.1.1)."""

PIECE = 39
"""Bytes of one encoded word: with "Subject: " before it the line has at most 76 characters."""


_BLANK_END = re.compile(r"[ \t](?:\n|\Z)")


@dataclass(frozen=True, kw_only=True)
class Email(Listener, Sender):
    """The city's mail addresses."""

    host: str
    port: int
    hostname: str
    sender: str
    # the address that receipts come from
    sender_name: str
    return_path: str
    reply_to: str
    # with {id} where the letter's own id stands
    addresses: frozenset[str]
    # every address of ours, lower-case, without plus-parts
    domains: frozenset[str]
    # domains of which every address is ours
    largest: int
    connections: int
    buffer: int
    tls: ssl.SSLContext | None
    outgoing: Relay | Postbox
    examine: Examine | None = None
    # what is found out about a mail before it is accepted
    signer: "Signer | None" = None
    handing_on: HandingOn = NOBODY
    # who sends us residents' messages on
    lmtp: LmtpPlace | None = None
    # where mail also comes in by LMTP

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        organisation = surroundings.organisation
        own = {options["sender"], *options["addresses"], *surroundings.addresses}
        for department in organisation.departments.values():
            own.update(department.addresses)
        tls = None
        if options["certificate"]:
            try:
                tls = load_tls(str(options["certificate"]), str(options["key"]))
            except (OSError, ssl.SSLError) as error:
                raise ValueError(f"email.certificate and email.key cannot be used: {error}") from error
        return cls(
            host=options["host"],
            port=options["port"],
            hostname=options["hostname"],
            sender=options["sender"],
            sender_name=organisation.names[organisation.languages[0]],
            return_path=_return_path(options["return_path"], options["sender"]),
            reply_to=options["reply_to"],
            addresses=frozenset(address.lower() for address in own),
            domains=frozenset(domain.lower() for domain in options["domains"]),
            largest=options["largest"],
            connections=options["connections"],
            buffer=options["buffer"],
            tls=tls,
            outgoing=_outgoing(options, surroundings.folder),
            examine=build_examiner(options),
            signer=build_signer(options),
            handing_on=HandingOn.of(organisation),
            lmtp=read_place(options["lmtp"], options["lmtp_mode"]) if options["lmtp"] else None,
        )

    def receives(self, address: str) -> bool:
        """Is this an address of ours? Postmaster always is (RFC 5321 section 4.5.1)."""
        local, _, domain = address.lower().rpartition("@")
        if not local:
            return address.lower() == "postmaster"
        if domain in self.domains or f"{local.partition('+')[0]}@{domain}" in self.addresses:
            return True
        if any(_fits(address.lower(), each) for each in (self.return_path, self.reply_to) if each):
            return True
        return local == "postmaster" and any(own.endswith(f"@{domain}") for own in self.addresses)

    async def listen(self, accept: Accept, opened: Callable[[], None]) -> None:
        room = Room(bytes_left=self.buffer, connections_left=self.connections)
        door = Door(
            channel="email",
            accept=accept,
            receives=self.receives,
            largest=self.largest,
            hostname=self.hostname,
            tls=self.tls,
            room=room,
            examine=self.examine,
        )
        servers: list[asyncio.Server] = []
        try:
            if self.lmtp is not None:
                with _named(f"LMTP on {self.lmtp}"):
                    servers.append(await open_lmtp(door, self.lmtp))
            with _named(f"port {self.port} on {self.host}"):
                servers.append(await open_door(door, self.host, self.port))
            opened()
            await asyncio.get_running_loop().create_future()  # until cancelled
        finally:
            await close_doors(servers, room)

    def parse(self, raw: RawMessage) -> InboundMessage:
        return read_delivery(raw, self.receives, self.handing_on)

    async def send(self, message: OutboundMessage) -> str:
        return await self.send_whole(message, lambda mail: mail)

    async def send_whole(self, message: OutboundMessage, finish: Callable[[bytes], bytes]) -> str:
        """Send a mail to which something is added once it is written and before it is signed."""
        recipient = message.to.value
        # What parseaddr reads otherwise would be written to somebody else; line ends and blanks of any script
        # are not printable.
        if (
            "@" not in recipient
            or parseaddr(recipient)[1] != recipient
            or not recipient.isprintable()
            or " " in recipient
        ):
            raise PermanentSendError("the address cannot be written in a mail")
        # A receipt's own return path: what comes back there tells which letter was lost, and is never answered.
        # Without one the null path (RFC 3834 section 3.3).
        sender = self.return_path.replace("{id}", message.id) if message.automatic else self.sender
        mail = finish(self.compose(message))
        if self.signer is not None:
            mail = await asyncio.to_thread(self.signer.sign, mail, message.created_at)
        return await self.outgoing.deliver(message.id, sender, recipient, mail)

    def compose(self, message: OutboundMessage) -> bytes:
        """The mail as it goes over the wire: the same bytes at every attempt."""
        headers = [
            f"From: {_word(self.sender_name)}\r\n <{self.sender}>",
            f"To: {message.to.value}",
            f"Subject: {_word(message.subject)}",
            f"Date: {format_datetime(message.created_at)}",
            f"Message-ID: <{message.message_id}>",
            "MIME-Version: 1.0",
            f"Content-Language: {message.language}",
        ]
        if self.reply_to:
            headers.append(f"Reply-To: <{self.reply_to.replace('{id}', message.id)}>")
        if message.automatic:
            headers += [
                "Auto-Submitted: auto-replied",
                "X-Auto-Response-Suppress: All",
            ]  # RFC 3834 section 3.1.7
        for name, ids in (("In-Reply-To", (message.in_reply_to,)), ("References", message.references)):
            known = [f"<{each}>" for each in ids if each and each.isascii() and len(each) <= LONGEST_ID]
            if known:
                headers.append(f"{name}: " + "\r\n ".join(known))
        if not message.html:
            headers += _part("plain", message.text)
            return "\r\n".join(headers).encode()
        boundary = f"=_{message.id}"
        headers.append(f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n')
        for subtype, content in (("plain", message.text), ("html", message.html)):
            headers += [f"--{boundary}", *_part(subtype, content)]
        headers.append(f"--{boundary}--\r\n")
        return "\r\n".join(headers).encode()

    async def close(self) -> None:
        await self.outgoing.close()


def _return_path(given: str, sender: str) -> str:
    local, _, domain = sender.rpartition("@")
    return {"": f"{local}+{{id}}@{domain}", "none": ""}.get(given, given)


def _fits(address: str, template: str) -> bool:
    before, _, after = template.lower().partition("{id}")
    return address.startswith(before) and address.endswith(after) and len(address) == len(before + after) + 32


@contextmanager
def _named(what: str) -> Iterator[None]:
    """Say which of the ways in could not be opened."""
    try:
        yield
    except OSError as error:
        raise OSError(f"{what}: {os.strerror(error.errno or 0)}") from error


def _outgoing(options: Mapping[str, Any], folder: Path) -> Relay | Postbox:
    if options["relay"] == "postbox":
        return Postbox(folder / "postbox")
    return Relay(
        options["relay"],
        password=options["relay_password"],
        tls=options["relay_tls"],
        hostname=options["hostname"],
        connections=options["relay_connections"],
    )


def _part(subtype: str, content: str) -> list[str]:
    encoding = "quoted-printable"
    if _BLANK_END.search(content):
        # binascii writes a blank before a line end as =20 without counting it (RFC 2045 section 6.7: 76 at most).
        encoding, body = "base64", encodebytes(content.replace("\n", "\r\n").encode())
    else:
        # With lone line feeds in and out: given none, b2a_qp would break long lines by lone ones.
        body = binascii.b2a_qp(content.encode(), istext=True)
    return [
        f"Content-Type: text/{subtype}; charset=utf-8",
        f"Content-Transfer-Encoding: {encoding}",
        "",
        body.replace(b"\n", b"\r\n").decode(),
    ]


def _word(text: str) -> str:
    """A header value that may need encoding (RFC 2047), folded so that no line is longer than 76."""
    text = "".join(max(character, " ") for character in text)
    if text.isascii() and len(text) < 60 and text.replace(" ", "").replace("-", "").isalnum():
        return text
    pieces = [b""]
    for character in text:
        # Cut between characters, so that no word holds half of one.
        encoded = character.encode()
        if len(pieces[-1]) + len(encoded) > PIECE:
            pieces.append(b"")
        pieces[-1] += encoded
    return "\r\n ".join(f"=?utf-8?B?{b64encode(piece).decode()}?=" for piece in pieces if piece)

"""The mail that hands a case over: words for people, a file for programs, the original and the attachments as they came.

What goes along is read from the store when the mail is sent, and lies in the outbox no second time. Where the original
is a mail that can travel as it is, it is attached as message/rfc822 (RFC 2046 section 5.2.1), else as a file: base64 keeps
every byte.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from msgspec.structs import replace

from channels.base import PermanentSendError, Sender, TemporarySendError
from channels.email import Email
from gateway.downstream.records import make_record
from normalizer.messages import Address, OutboundMessage
from normalizer.organisation import Organisation
from store.access import WHOLE
from store.blobs import Blobs
from store.database import Database
from store.errors import StoreError
from store.handovers import find_contents, find_handed

LARGEST = 20_000_000
"""Bytes of originals and attachments together; what does not fit is named in arende.json and fetched from Kvitto."""

LONGEST_LINE = 998
# RFC 5322 section 2.1.1

_MAIL = ("email", "mailbox")


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosed:
    """One file that goes along."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class RegisterMail(Sender):
    """The channel "register" outwards."""

    email: Email
    database: Database
    blobs: Blobs
    organisation: Organisation

    async def send(self, message: OutboundMessage) -> str:
        try:
            files = await self._gather(message)
        except (StoreError, KeyError) as error:
            raise TemporarySendError(f"store: {type(error).__name__}") from error
        to = Address(channel="email", value=message.to.value)
        return await self.email.send_whole(
            replace(message, to=to), partial(enclose, files=files, identity=message.id)
        )

    async def _gather(self, message: OutboundMessage) -> list[Enclosed]:
        handover = await self.database.read(partial(find_handed, entry=message.id))
        if handover is None:
            raise PermanentSendError("the case is gone")
        case, raws, files = await self.database.read(partial(find_contents, case_id=handover.case_id))
        register = self.organisation.registers.get(handover.board)
        if register is None or register.to != message.to.value:
            raise PermanentSendError("the organisation has another register now")
        if case.secrecy and not register.secure:
            # It was marked after it was handed over, and before it went.
            raise PermanentSendError("the case is marked, and the mailbox is not declared secure")
        found, left_out, room = [], [], LARGEST
        for name, content_type, size, inline, sha256 in _list_files(raws, files):
            if size > room:
                left_out.append(name)
                continue
            room -= size
            content = inline if inline is not None else await self.blobs.fetch(sha256)
            found.append(Enclosed(name=name, content_type=content_type, content=content))
        row = _Seen(case)
        data = {
            "kvitto": 1,
            "handover": message.id,
            "board": handover.board,
            "record": make_record(row, self.organisation),
            "files": [{"name": each.name, "size": len(each.content)} for each in found],
            "left_out": left_out,
        }
        told = json.dumps(data, ensure_ascii=False, indent=2).encode()
        return [Enclosed(name="arende.json", content_type="application/json", content=told), *found]

    async def close(self) -> None:
        """The channel "email" closes what is shared."""


class _Seen:
    """A case of which everything may be told, as `make_record` reads it."""

    level = WHOLE

    def __init__(self, case: Any) -> None:
        self._case = case

    def __getattr__(self, name: str) -> Any:
        return getattr(self._case, name)


def _list_files(
    raws: Sequence[Any], files: Sequence[Any]
) -> Iterator[tuple[str, str, int, bytes | None, str]]:
    """Name, type, bytes, content (None: in the blob) and digest of each."""
    for number, raw in enumerate(raws, start=1):
        mail = raw.channel in _MAIL
        name = f"original-{number}.eml" if mail else f"original-{number}.txt"
        yield name, "message/rfc822" if mail else "text/plain", raw.size, raw.body, raw.sha256
    for number, file in enumerate(files, start=1):
        name = f"bilaga-{number}-{_plain(file.filename)}"
        yield name, "application/octet-stream", file.size, file.content, file.sha256


def _plain(name: str) -> str:
    """A file's name in ASCII, without what could end the header."""
    kept = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in name)
    return kept[-80:] or "fil"


def enclose(mail: bytes, *, files: Sequence[Enclosed], identity: str) -> bytes:
    """A mail of plain text with these files beside its text."""
    head, _, body = mail.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    own = [
        line for line in lines if line.lower().startswith((b"content-type:", b"content-transfer-encoding:"))
    ]
    boundary = f"=_{identity}_register".encode()
    outer = [line for line in lines if line not in own]
    outer.append(b'Content-Type: multipart/mixed; boundary="' + boundary + b'"')
    parts = [b"\r\n".join(outer), b"", b"--" + boundary, *own, b"", body]
    for each in files:
        parts += [b"--" + boundary, *_write_part(each)]
    return b"\r\n".join([*parts, b"--" + boundary + b"--", b""])


def _write_part(file: Enclosed) -> Iterator[bytes]:
    travels = file.content_type == "message/rfc822" and is_plain_mail(file.content)
    # What is not plain would need an encoding, and RFC 2046 section 5.2.1 allows none around a mail.
    kind = (
        file.content_type if travels or file.content_type != "message/rfc822" else "application/octet-stream"
    )
    yield f'Content-Type: {kind}; name="{file.name}"'.encode()
    yield f'Content-Disposition: attachment; filename="{file.name}"'.encode()
    if travels:
        yield b"Content-Transfer-Encoding: 7bit"
        yield b""
        yield file.content
        return
    yield b"Content-Transfer-Encoding: base64"
    yield b""
    yield base64.encodebytes(file.content).replace(b"\n", b"\r\n")


def is_plain_mail(content: bytes) -> bool:
    """It may stand in another mail as it is: ASCII, short lines, each ending with CR LF."""
    lines = content.split(b"\r\n")
    return (
        content.isascii()
        and b"\0" not in content
        and not any(len(line) > LONGEST_LINE or b"\r" in line or b"\n" in line for line in lines)
    )

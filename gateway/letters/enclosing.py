"""Files beside the words of a mail: those of an answer, and those of a case that is handed over."""

import base64
import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from channels.base import Sender, TemporarySendError
from channels.email import Email
from normalizer.messages import Attachment, OutboundMessage
from store.blobs import Blobs
from store.database import Database
from store.errors import NotPossible, StoreError
from store.letter_files import find_files

MOST_FILES, LARGEST_FILES = 5, 10_000_000
"""Files of one answer, and their bytes together: what nearly every mail server takes."""

LONGEST_LINE = 998
# RFC 5322 section 2.1.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosed:
    """One file that goes along."""

    name: str
    # ASCII
    content_type: str
    content: bytes
    shown: str = ""
    # the name with all its letters, where that is another one


@dataclass(frozen=True, kw_only=True)
class EnclosingMail(Sender):
    """The channel "email" outwards: a person's answer takes its files along. Receipts have none, and nobody looks."""

    email: Email
    database: Database
    blobs: Blobs

    async def send(self, message: OutboundMessage) -> str:
        if message.automatic:
            return await self.email.send(message)
        try:
            rows = await self.database.read(partial(find_files, entry_id=message.id))
            files = [
                Enclosed(
                    name=plain_name(row.filename),
                    content_type=_guess_type(row.filename),
                    shown=row.filename,
                    content=row.content if row.content is not None else await self.blobs.fetch(row.sha256),
                )
                for row in rows
            ]
        except (StoreError, KeyError) as error:
            # Without its files it would be another answer.
            raise TemporarySendError(f"store: {type(error).__name__}") from error
        if not files:
            return await self.email.send(message)
        return await self.email.send_whole(message, partial(enclose, files=files, identity=message.id))

    async def close(self) -> None:
        await self.email.close()


def require_small(files: Sequence[Attachment]) -> None:
    """Raises NotPossible when an answer has more files than go along with it."""
    if len(files) > MOST_FILES or sum(each.size for each in files) > LARGEST_FILES:
        raise NotPossible(f"at most {MOST_FILES} files and {LARGEST_FILES} bytes", key="files_size")


def _guess_type(name: str) -> str:
    """By the name's ending; what a mail program could run is only to be saved."""
    kind = mimetypes.guess_type(name)[0] or ""
    shown = kind.startswith(("image/", "audio/", "video/")) or kind in {"application/pdf", "text/plain"}
    return kind if shown and kind != "image/svg+xml" else "application/octet-stream"


def plain_name(name: str) -> str:
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
    # The whole name after RFC 2231; programs that do not know it find the plain one above.
    whole = (
        f"filename*=UTF-8''{quote(file.shown[:200], safe='')}" if file.shown not in {"", file.name} else ""
    )
    plain = f'filename="{file.name}"'
    yield f"Content-Disposition: attachment; {whole or plain}".encode()
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

"""The mail that hands a case over: words for people, a file for programs, the original and the attachments as they came.

What goes along is read from the store when the mail is sent, and lies in the outbox no second time. Where the original
is a mail that can travel as it is, it is attached as message/rfc822 (RFC 2046 section 5.2.1), else as a file: base64 keeps
every byte.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from msgspec.structs import replace

from channels.base import PermanentSendError, Sender, TemporarySendError
from channels.email import Email
from gateway.downstream.records import make_record
from gateway.letters.enclosing import Enclosed, enclose, plain_name
from normalizer.messages import Address, OutboundMessage
from normalizer.organisation import Organisation
from store.access import WHOLE
from store.blobs import Blobs
from store.database import Database
from store.errors import StoreError
from store.handovers import find_contents, find_handed

LARGEST = 20_000_000
"""Bytes of originals and attachments together; what does not fit is named in arende.json and fetched from Kvitto."""

_MAIL = ("email", "mailbox")


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
        name = f"bilaga-{number}-{plain_name(file.filename)}"
        yield name, "application/octet-stream", file.size, file.content, file.sha256

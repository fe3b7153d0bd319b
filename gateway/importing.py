"""Mail of old brought in: every mail of an archive takes the one path that mail by SMTP takes.

The identity of a mail makes a repetition harmless. So there is nothing to remember where an import stopped: run
again, it asks the store for what is here already, many mails at a time, and passes by it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from channels.base import NotAccepted
from channels.delivery import Delivery
from channels.email import Email
from channels.inbound_mail import NO_RECEIPT
from gateway.house import House
from gateway.intake import Accepted
from gateway.mail_files import Found, find_sources, read_source
from normalizer.email.dates import parse_date
from normalizer.email.headers import Headers, read_headers
from normalizer.email.mail import identify_mail
from normalizer.messages import RawMessage
from store import cases
from store.blobs import digest

GROUP = 100
GROUP_BYTES = 8_000_000
"""Mails, and bytes, that are taken at a time: enough for the store to commit them together."""

MOST_TOLD = 1000
"""Mails not taken that are named in the end. All of them are counted."""

OLDEST = datetime(1982, 8, 13, tzinfo=UTC)
"""Internet mail with such dates began with RFC 822. An earlier date is a clock that was never set."""

_DELIVERED_TO = ("x-original-to", "delivered-to", "envelope-to")
"""Header fields in which a mail server notes the address that it delivered to: Postfix, qmail, Exim."""


class StoreAway(Exception):
    """The store takes nothing now. The text says why."""


@dataclass(slots=True)
class Tally:
    """What became of the mails so far."""

    imported: int = 0
    known: int = 0
    # here already
    problems: Counter[str] = field(default_factory=Counter)
    # not taken: "unreadable", "too-large", "empty", "refused"; and "no-mail", files that hold none
    told: list[tuple[str, str, str]] = field(default_factory=list)
    # where, problem, detail

    @property
    def missing(self) -> int:
        """Mails that should be here and are not."""
        return self.problems.total() - self.problems["no-mail"]

    def note(self, where: str, problem: str, detail: str = "") -> None:
        """Count one that was not taken."""
        self.problems[problem] += 1
        if len(self.told) < MOST_TOLD:
            self.told.append((where, problem, detail))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mail:
    found: Found
    identities: tuple[str, str]
    # as it is known when it was understood, and when it was not


def count_bytes(paths: Sequence[Path]) -> int:
    """How much there is to read, for the progress bar."""
    return sum(source.size for source in find_sources(paths))


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """One archive on its way in. Needs a house whose writer runs."""

    house: House
    tally: Tally
    to: str = ""
    # the address of the mailbox that it lay in; "" leaves it to the mails' own headers
    sends_receipts: bool = False
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def run(self, paths: Sequence[Path], step: Callable[[int], None] = lambda _size: None) -> None:
        """Take in everything below these paths; `step` hears how many bytes are done. Raises StoreAway, StoreError."""
        groups = _read_groups(paths, self._email.largest)
        reading = asyncio.create_task(asyncio.to_thread(next, groups, None))
        while (group := await reading) is not None:
            # The next ones are read while these are written.
            reading = asyncio.create_task(asyncio.to_thread(next, groups, None))
            for found in group.passed:
                self.tally.note(found.where, found.problem, found.detail)
            await self._take(group.mails)
            step(group.size)

    @property
    def _email(self) -> Email:
        email = self.house.plans.channels["email"]
        assert isinstance(email, Email)
        return email

    async def _take(self, mails: Sequence[_Mail]) -> None:
        wanted = [identity for mail in mails for identity in mail.identities]
        here = (
            await self.house.database.read(lambda c: cases.find_known(c, "email", wanted)) if wanted else ()
        )
        new = [mail.found for mail in mails if not any(identity in here for identity in mail.identities)]
        self.tally.known += len(mails) - len(new)
        # No more at a time than may wait to be written.
        room = self.house.plans.settings.store.queue
        for start in range(0, len(new), room):
            await self._accept(new[start : start + room])

    async def _accept(self, new: Sequence[Found]) -> None:
        raws = [await self._raw(found) for found in new]
        answers = await asyncio.gather(
            *(self.house.intake.accept(raw) for raw in raws), return_exceptions=True
        )
        refused = []
        for found, raw, answer in zip(new, raws, answers, strict=True):
            if not isinstance(answer, BaseException):
                self._count(answer)
            elif isinstance(answer, NotAccepted):
                refused.append((found, raw))
            else:
                raise answer
        for found, raw in refused:
            # The service may be writing at the same time: once more, alone.
            try:
                self._count(await self.house.intake.accept(raw))
            except NotAccepted as error:
                if len(refused) == len(new) and len(new) > 1:
                    raise StoreAway(str(error)) from error
                self.tally.note(found.where, "refused", str(error))

    def _count(self, accepted: Accepted) -> None:
        if accepted.repeated:
            self.tally.known += 1
        else:
            self.tally.imported += 1

    async def _raw(self, found: Found) -> RawMessage:
        content = found.content
        headers, _ = read_headers(content, 0, len(content), top=True)
        to = (self.to,) if self.to else _find_recipients(headers, self._email)
        kept: dict[str, str] = {}
        examine = self._email.examine
        if examine is not None and self.house.plans.settings.email.authenticate == "relay":
            # The mail server that wrote this was ours then too. What asks the DNS is too late: keys change.
            kept |= await examine(Delivery(peer="", helo="", mail_from="", content=content))
        if not self.sends_receipts:
            kept[NO_RECEIPT] = "import"
        return RawMessage(
            channel="email",
            received_at=find_arrival(headers, found.arrived, self.clock()),
            body=content,
            headers=kept,
            envelope_to=to,
        )


def find_arrival(headers: Headers, noted: datetime | None, now: datetime) -> datetime:
    """When a mail first reached the city, as far as that can be known.

    The topmost Received line, which the server wrote that kept the mail: whoever sent it could write only the
    lines below. Where there is none, as in mail that was sent, what the archive noted.
    """
    for value in headers.fields.get("received", [])[:5]:
        moment = parse_date(value.rpartition(b";")[2].decode("latin-1"))
        if moment is not None and OLDEST <= moment <= now + timedelta(minutes=5):
            return min(moment, now)
    if noted is not None and OLDEST <= noted <= now:
        return noted
    return now


def _find_recipients(headers: Headers, email: Email) -> tuple[str, ...]:
    """Addresses of ours that a mail server noted; () leaves it to To and Cc."""
    found: dict[str, None] = {}
    for name in _DELIVERED_TO:
        for value in headers.fields.get(name, [])[:20]:
            address = value.decode("utf-8", "replace").strip(" \t<>")
            if email.receives(address):
                found[address] = None
    return tuple(found)


@dataclass(slots=True)
class _Group:
    """Mails that are taken together."""

    mails: list[_Mail] = field(default_factory=list)
    passed: list[Found] = field(default_factory=list)
    size: int = 0
    # bytes of the sources


def _read_groups(paths: Sequence[Path], largest: int) -> Iterator[_Group]:
    group, content = _Group(), 0
    for source in find_sources(paths):
        for found in read_source(source, largest):
            group.size += found.size
            if found.problem:
                group.passed.append(found)
            else:
                content += len(found.content)
                unread = f"sha256:{digest(found.content)}"
                group.mails.append(_Mail(found=found, identities=(identify_mail(found.content), unread)))
            if len(group.mails) + len(group.passed) >= GROUP or content >= GROUP_BYTES:
                yield group
                group, content = _Group(), 0
    yield group

"""What a message names of ours: letters that only their receivers have, case numbers that anybody may know. Pure.

A letter's id is 62 random bits (see `store.ids`). It stands in the letter's Message-ID, and where the settings say
so in its return path and Reply-To. Whoever names it has had the letter. A case number proves nothing by itself.
"""

import re
from dataclasses import dataclass
from typing import Self

from msgspec import Struct

from normalizer.messages import NormalizedMessage, RawMessage
from normalizer.reference import ALPHABET, BadReference, read_reference

TALKING = frozenset({"sms", "whatsapp", "telegram", "chat"})
"""Channels on which people hold conversations: one person is one contact there (see `gateway.conversation`)."""

OURS = ".kvitto"
"""How the local part of our own Message-IDs ends, after the id of the letter."""

INSIDE = "case:"
"""How the account of a form begins that stands on a case's own page. Only the gateway gives such a name."""

PLACE = "{id}"
"""Where the id stands in an address of the settings."""

SEARCHED = 200_000
"""Bytes of a failed delivery's report in which the letter is looked for."""

MOST = 20
"""Letters, numbers and answers of one message that are looked up."""

_NUMBER = re.compile(rf"(?<![\w-])[{ALPHABET}]{{4}}[ -]?[{ALPHABET}]{{4}}(?![\w-])", re.IGNORECASE)


class Thread(Struct, frozen=True, kw_only=True, array_like=True):
    """What one message names."""

    letters: tuple[str, ...] = ()
    # ids of outbox entries
    numbers: tuple[str, ...] = ()
    # case references in its subject
    answers: tuple[str, ...] = ()
    # other Message-IDs that it refers to, nearest last
    writers: tuple[str, ...] = ()
    # addresses that it may be from, in small letters; none when something speaks against them
    returned: bool = False
    # it came to a return path: whoever sent it there was a machine
    case_id: str = ""
    # the case that it was written into, on the page that shows it

    @property
    def known(self) -> bool:
        """Could it belong to a case that there is?"""
        return bool(self.letters or (self.writers and self.answers) or self.numbers or self.case_id)


NOTHING = Thread()


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """How our letters are named."""

    mail_domain: str
    return_path: re.Pattern[bytes] | None
    letters: re.Pattern[bytes]

    @classmethod
    def of(cls, mail_domain: str, return_path: str, reply_to: str) -> Self:
        """From the settings; an address without a place for the id names no letter."""
        names = [rb"([0-9a-f]{32})" + re.escape(f"{OURS}@{mail_domain}".encode())]
        templates = [each for each in (return_path, reply_to) if PLACE in each]
        names += [_pattern(each) for each in templates]
        return cls(
            mail_domain=mail_domain,
            return_path=re.compile(_pattern(return_path), re.IGNORECASE) if PLACE in return_path else None,
            letters=re.compile(b"|".join(names), re.IGNORECASE),
        )

    def message_id(self, letter: str) -> str:
        """The Message-ID of one of our letters, without brackets."""
        return f"{letter}{OURS}@{self.mail_domain}"

    def find(self, raw: RawMessage, message: NormalizedMessage) -> Thread:
        """What this message names. Only mail names anything, and a form on a case's own page."""
        if raw.channel != "email":
            inside = raw.channel == "form" and raw.account.startswith(INSIDE)
            return Thread(case_id=raw.account.removeprefix(INSIDE)) if inside else NOTHING
        head = raw.body.partition(b"\r\n\r\n")[0][:SEARCHED]
        envelope = " ".join(raw.envelope_to).encode()
        letters = self._letters(envelope) + self._letters(head)
        if message.kind in {"bounce", "delayed"}:
            letters += self._letters(raw.body[:SEARCHED])
        returned = bool(self.return_path and self.return_path.search(envelope))
        writers = () if message.withhold_receipt or message.kind != "message" else _writers(message)
        return Thread(
            letters=tuple(dict.fromkeys(letters))[:MOST],
            numbers=find_numbers(message.subject),
            answers=tuple(each for each in message.references if OURS not in each)[-MOST:],
            writers=writers,
            returned=returned,
        )

    def _letters(self, text: bytes) -> list[str]:
        return [next(filter(None, found.groups())).decode().lower() for found in self.letters.finditer(text)]


def _pattern(template: str) -> bytes:
    before, _, after = template.partition(PLACE)
    return re.escape(before.encode()) + rb"([0-9a-f]{32})" + re.escape(after.encode())


def _writers(message: NormalizedMessage) -> tuple[str, ...]:
    """The address of From. The return path is no proof: lists and relays have their own."""
    return (message.sender.value.lower(),) if message.sender and message.sender.value else ()


def find_numbers(subject: str) -> tuple[str, ...]:
    """The case references in one text, whose length is the caller's business."""
    found = []
    for each in _NUMBER.findall(subject):
        try:
            found.append(read_reference(each))
        except BadReference:
            continue
    return tuple(dict.fromkeys(found))[:MOST]

"""The chat on the city's pages: one multipart post (RFC 7578) is one message.

A chat is known by a token that only its browser has. What is kept, and what stands for the person everywhere, is the
token's hash: it comes with the post in the header `chat-contact`, which the gateway writes after it has checked the
token. Nothing else of the request is kept, no address of a device.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

import phonenumbers

from channels.base import Parser, Refused, Surroundings, Unparseable
from channels.fields import UNREADABLE, read_fields
from channels.form import MAIL, FormLimits
from normalizer.messages import Address, Attachment, InboundMessage, RawMessage

CONTACT_HEADER = "chat-contact"
"""Where the gateway writes whose message it is."""

LONGEST_KEY = 64
"""Characters of the key of a button."""

LONGEST_REACH = 254
"""Characters of an address or number; RFC 5321 section 4.5.3.1.3, less the angle brackets."""

_CONTACT = re.compile(r"[0-9a-f]{40}")
_IDENTITY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class ChatRefused(Refused):
    """The post has a mistake that the person can mend. Nothing was kept."""

    def __init__(self, key: str, *, status: int = 422, **params: str) -> None:
        super().__init__(key, status=status)
        self.key = key
        # names the sentence, below [errors] in the chat's texts
        self.params = params
        # what the sentence names: a file's name, or a limit


def contact_of(token: str) -> str:
    """Who a token stands for: 160 bits of its hash, from which nobody finds the token."""
    return sha256(b"kvitto chat\0" + token.encode()).hexdigest()[:40]


def read_reach(typed: str) -> Address:
    """An e-mail address or a mobile number as typed. Raises ChatRefused."""
    value = typed.strip()
    if len(value) <= LONGEST_REACH and MAIL.fullmatch(value):
        return Address(channel="email", value=value)
    if "@" not in value and len(value) <= 30:
        try:
            # A number without a country is one of ours.
            number = phonenumbers.parse(value, "SE")
        except phonenumbers.NumberParseException:
            number = None
        if number is not None and phonenumbers.is_valid_number(number):
            if phonenumbers.number_type(number) in _MOBILE:
                written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
                return Address(channel="sms", value=written)
            raise ChatRefused("reach_no_mobile")
    raise ChatRefused("reach_malformed")


@dataclass(frozen=True, kw_only=True)
class Chat(Parser):
    """The chat, as its messages come in."""

    limits: FormLimits = field(default_factory=FormLimits)
    reach: frozenset[str] = frozenset({"email", "sms"})
    # channels on which a person can be found who has left

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        return cls(
            limits=FormLimits(files=options["files"], megabytes=options["megabytes"]),
            reach=surroundings.reach,
        )

    def parse(self, raw: RawMessage) -> InboundMessage:
        contact = raw.headers.get(CONTACT_HEADER, "")
        if not _CONTACT.fullmatch(contact):
            raise Unparseable("the post names no chat")
        try:
            values, files = read_fields(raw.body, raw.headers)
        except UNREADABLE as error:
            raise ChatRefused("unreadable", status=400) from error
        identity, text, pressed = (values.get(name, "") for name in ("id", "text", "pressed"))
        if not _IDENTITY.fullmatch(identity) or len(pressed) > LONGEST_KEY:
            raise ChatRefused("unreadable", status=400)
        self._check(text, files)
        sender = Address(channel="chat", value=contact)
        reach = [read_reach(values["reach"])] if values.get("reach") else []
        if reach and reach[0].channel not in self.reach:
            raise ChatRefused("reach_no_sms")
        if not (text or files or pressed or reach):
            raise ChatRefused("text_missing")
        only_reach = not (text or files or pressed)
        language = values.get("lang", "")
        return InboundMessage(
            # Made by the browser before it sends: the same however often it tries.
            external_id=f"{contact}:{identity}",
            sender=sender,
            answer_to=(sender, *reach),
            text=text,
            attachments=tuple(files),
            pressed=pressed,
            device_language=language if _LANGUAGE.fullmatch(language) else "",
            # Somebody only says where else to find them: there is nothing to confirm, and the chat says so itself.
            withhold_receipt="contact" if only_reach else "",
            labels=("contact",) if only_reach else (),
        )

    def _check(self, text: str, files: Sequence[Attachment]) -> None:
        limits = self.limits
        if len(text) > limits.text:
            raise ChatRefused("text_long", limit=str(limits.text))
        if len(files) > limits.files:
            raise ChatRefused("files_many", limit=str(limits.files))
        for file in files:
            if file.size > limits.megabytes * 1_000_000:
                raise ChatRefused("file_large", name=file.filename, limit=str(limits.megabytes))

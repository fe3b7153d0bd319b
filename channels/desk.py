"""What staff write down for somebody who calls, visits or sends a letter: one JSON object is one message.

Only the gateway makes these deliveries, for somebody who is signed in. How the person came is the account: "phone",
"visit" ...; `RawMessage.came_by` tells it. They arrived when the person came, which may be before they were written
down: that time counts (22 § förvaltningslagen), and `written_at` keeps the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

import msgspec
import phonenumbers

from channels.base import Parser, Refused, Surroundings, Unparseable
from channels.form import KINDS, MAIL
from normalizer.messages import Address, InboundMessage, RawMessage

WAYS = ("phone", "visit", "letter", "paper", "social")
"""How somebody came."""

ANSWERS = ("sms", "email", "print", "none")
"""How they want to be answered. "print": they take the number along on paper."""

LONGEST_TEXT, LONGEST_LINE, LONGEST_MAIL, LONGEST_BODY = 20_000, 200, 254, 200_000
"""Characters; the last one bytes."""

_MOBILE = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})


class DeskRefused(Refused):
    """What was written has mistakes: pairs of a field and the key of a sentence. Nothing was kept."""

    def __init__(self, mistakes: tuple[tuple[str, str], ...]) -> None:
        super().__init__(", ".join(f"{field}: {key}" for field, key in mistakes))
        self.mistakes = mistakes


class Slip(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message as staff wrote it down."""

    text: str
    written_at: datetime
    by: str
    # id of the member of staff
    kind: str = ""
    place: str = ""
    name: str = ""
    answer: str = "none"
    to: str = ""
    # a mobile number or a mail address, for "sms" and "email"
    language: str = ""
    token: str = ""
    # of the page: a double click makes one case


_decoder = msgspec.json.Decoder(Slip)


@dataclass(frozen=True, kw_only=True)
class Desk(Parser):
    """The desk of the contact centre."""

    reach: frozenset[str] = frozenset({"email", "sms"})

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        del options  # it has no settings of its own
        return cls(reach=surroundings.reach)

    def parse(self, raw: RawMessage) -> InboundMessage:
        if len(raw.body) > LONGEST_BODY:
            raise Unparseable("longer than anybody writes")
        try:
            slip = _decoder.decode(raw.body)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Unparseable("not a slip of ours") from error
        mistakes = tuple(self._list_mistakes(slip))
        if mistakes:
            raise DeskRefused(mistakes)
        to = self._read_address(slip)
        # Without an address there is still a name, for whoever calls back or writes a letter.
        sender = to or (Address(channel=raw.came_by, value="", name=slip.name) if slip.name else None)
        return InboundMessage(
            external_id=_identify(slip, raw),
            sender=sender,
            answer_to=(to,) if to else (),
            text=slip.text.strip(),
            category=slip.kind,
            place=slip.place.strip(),
            language=slip.language,
        )

    def _list_mistakes(self, slip: Slip) -> Iterator[tuple[str, str]]:
        """In the order of the form."""
        if not slip.text.strip():
            yield "text", "text_missing"
        elif len(slip.text) > LONGEST_TEXT:
            yield "text", "text_long"
        if slip.kind not in {"", *KINDS}:
            yield "kind", "kind_unknown"
        for field in ("place", "name"):
            if len(getattr(slip, field)) > LONGEST_LINE:
                yield field, "line_long"
        if slip.answer not in ANSWERS or (slip.answer in {"sms", "email"} and slip.answer not in self.reach):
            yield "answer", "answer_unknown"
        elif slip.answer in {"sms", "email"} and self._read_address(slip) is None:
            yield "to", "mobile_malformed" if slip.answer == "sms" else "mail_malformed"
        if slip.language and not (
            slip.language.isalpha() and slip.language.islower() and len(slip.language) in {2, 3}
        ):
            yield "language", "language_unknown"

    def _read_address(self, slip: Slip) -> Address | None:
        typed = slip.to.strip()
        if slip.answer == "email" and len(typed) <= LONGEST_MAIL and MAIL.fullmatch(typed):
            return Address(channel="email", value=typed, name=slip.name)
        if slip.answer == "sms" and len(typed) <= 30:
            number = read_mobile(typed)
            return Address(channel="sms", value=number, name=slip.name) if number else None
        return None


def read_mobile(typed: str) -> str:
    """A mobile number as a telephone dials it from anywhere (E.164); "" when it is none. Without a country: ours."""
    try:
        number = phonenumbers.parse(typed, "SE")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _identify(slip: Slip, raw: RawMessage) -> str:
    """The page's token and what was written: a double click and a bad line make one case."""
    if not slip.token:
        return f"sha256:{sha256(raw.body).hexdigest()}"
    told = (raw.account, slip.text, slip.kind, slip.place, slip.name, slip.answer, slip.to, slip.language)
    return f"{slip.token[:64]}:{sha256(repr(told).encode()).hexdigest()[:32]}"

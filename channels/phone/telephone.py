"""Telephone numbers: whose message it is, and whether an automatic answer may go there.

Toll fraud lives on machines that answer: a message with a made-up sender, and the receipt goes to a number that earns
by it. So nothing automatic goes to anything but an ordinary mobile number of a country on the city's list.
"""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

from normalizer.messages import Address

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# ITU-T E.164: at most fifteen digits
_SHORT = re.compile(r"\+?[0-9]{1,8}")

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
# in some countries a number does not tell which it is


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A number that exists in some country's plan, or looks as if it did."""

    value: str
    # E.164
    region: str = ""
    # ISO 3166; "" for a number of no country, or of none that we know
    mobile: bool = False


def read_number(value: str) -> Number | None:
    """A number in E.164; None when it is something else, such as a name or a short code."""
    if not E164.fullmatch(value):
        return None
    try:
        parsed = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return Number(value=value)
    return Number(
        value=value,
        region=phonenumbers.region_code_for_number(parsed) or "",
        mobile=phonenumbers.number_type(parsed) in _MOBILE,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """Where a machine may answer."""

    countries: frozenset[str] | None
    # ISO 3166; None where the channel does not go by the telephone network
    own: frozenset[str]
    # our own numbers: who answers those answers itself


@dataclass(frozen=True, kw_only=True, slots=True)
class Writer:
    """Who wrote a text message, and what of it may be answered."""

    sender: Address
    answer_to: tuple[Address, ...]
    withhold: str
    # why nothing automatic may go there, "" when it may


def read_writer(channel: str, value: str, name: str, reach: Reach) -> Writer:
    """From what a provider says who sent it. A name as sender proves nobody, so it is no contact: only shown."""
    number = read_number(value)
    if number is None:
        reason = "short-code" if _SHORT.fullmatch(value) else "alphanumeric"
        return Writer(
            sender=Address(channel=channel, value="", name=(name or value)[:100]),
            answer_to=(),
            withhold=reason,
        )
    sender = Address(channel=channel, value=number.value, name=name[:100])
    withhold = refuse(number, reach)
    # A person on the staff may answer abroad; a machine does not.
    answer_to = (sender,) if withhold in {"", "country"} else ()
    return Writer(sender=sender, answer_to=answer_to, withhold=withhold)


def refuse(number: Number | None, reach: Reach) -> str:
    """Why nothing automatic goes to this number, "" when it may. All but "country" hold for people too."""
    if number is not None and number.value in reach.own:
        return "own-address"
    if reach.countries is None and number is not None:
        return ""
    if number is None or not number.mobile:
        return "not-mobile"
    return "" if reach.countries is not None and number.region in reach.countries else "country"

"""Swedish personal identity numbers in a text: found by form, date and check digit, and masked. Pure.

Personnummer and samordningsnummer (folkbokföringslagen 18 §, SKV 704): year, month, day (of a samordningsnummer plus
60), three digits and one that checks the nine before it (Luhn). Written with or without the century, with a hyphen, a
plus (from the year in which the person becomes a hundred), a space or nothing before the last four.
"""

import re
from collections.abc import Iterator
from datetime import date

_DASH = "-+\u2010\u2011\u2012\u2013\u2014\u2212"
_NUMBER = re.compile(
    rf"(?<!\d)(?:(18|19|20)?(\d\d)(\d\d)(\d\d) ?[{_DASH}]? ?(\d{{4}})"
    rf"|(18|19|20)(\d\d)[{_DASH}](\d\d)[{_DASH}](\d\d)[{_DASH} ](\d{{4}}))(?!\d)"
)
_DIGIT = re.compile(r"\d")

MASK = "*"
"""Stands for each digit. Hyphens stay, so that a reader sees what was there."""


def find(text: str) -> Iterator[tuple[int, int]]:
    """Where each number begins and ends."""
    return (match.span() for match in _NUMBER.finditer(text) if _is_number(match))


def mask(text: str) -> str:
    """The text with every digit of every number replaced. Nothing else changes, not even its length."""
    return _NUMBER.sub(
        lambda match: _DIGIT.sub(MASK, match[0]) if _is_number(match) else match[0],
        text,
    )


def _is_number(match: re.Match[str]) -> bool:
    century, year, month, day, last = match.groups()[:5] if match[5] else match.groups()[5:]
    born = int(day) - 60 if int(day) > 60 else int(day)  # samordningsnummer
    # Without a century either will do: only the 29th of February differs.
    centuries = (int(century),) if century else (19, 20)
    if not any(_is_date(each * 100 + int(year), int(month), born) for each in centuries):
        return False
    digits = [int(digit) for digit in f"{year}{month}{day}{last}"]
    doubled = [digit * 2 for digit in digits[::2]]
    return (sum(digit // 10 + digit % 10 for digit in doubled) + sum(digits[1::2])) % 10 == 0


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True

"""When an older mail was sent, as a mail program writes it above what it quotes: in words of many languages.

"den 22 november 2026 10:29", "Sunday, November 22, 2026 10:29 AM", "22.11.2026 10.29", "2026-11-22 10:29". Only
what is beyond doubt is a date: a day, a month, a year of four digits and a time of day.
"""

import re
from datetime import UTC, datetime, tzinfo

from normalizer.email.dates import parse_date

_LOOK_AT = 120
# characters of a value
_OFFSET = re.compile(r"[+-]\d{4}\b")
_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})([-/.]) ?(\d{1,2})[-/.] ?(\d{4})\b")
_TIME = re.compile(r"\b(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?(?: ?([ap])\.? ?m\b)?", re.IGNORECASE)
_YEAR = re.compile(r"\b((?:19|20)\d{2})\b")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_SMALL = frozenset(("de", "of", "den", "del", "di"))
# words that stand between a day and its month
_MONTHS = (
    ("jan", "ene", "gen", "tammi", "sty"),
    ("feb", "fév", "fev", "helmi", "lut"),
    ("mar", "mär", "mrt", "maalis"),
    ("apr", "avr", "abr", "huhti", "kwi"),
    ("maj", "may", "mai", "mei", "mag", "touko"),
    ("jun", "juin", "giu", "kesä", "cze"),
    ("jul", "juil", "lug", "heinä", "lip"),
    ("aug", "aoû", "aou", "ago", "elo", "sie"),
    ("sep", "set", "syys", "wrz"),
    ("oct", "okt", "out", "ott", "loka", "paź"),
    ("nov", "marras", "lis"),
    ("dec", "dez", "déc", "des", "dic", "joulu", "gru"),
)


def read_quoted_date(value: str, zone: tzinfo = UTC) -> datetime | None:
    """The moment in UTC. Where the value names no zone it is taken for the time of `zone`."""
    value = value[:_LOOK_AT]
    if _OFFSET.search(value) or value.rstrip().endswith(("GMT", "UTC")):
        return parse_date(value)
    day, rest = _find_day(value)
    time = _TIME.search(rest)
    if day is None or time is None:
        return None
    hour = int(time[1])
    if time[3] and hour <= 12:
        hour = hour % 12 + (12 if time[3] in {"p", "P"} else 0)
    try:
        return datetime(*day, hour, int(time[2]), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _find_day(value: str) -> tuple[tuple[int, int, int] | None, str]:
    """Year, month and day, and the value without them."""
    found = _ISO.search(value)
    if found:
        return (int(found[1]), int(found[2]), int(found[3])), _without(value, found)
    found = _NUMBERS.search(value)
    if found:
        first, second = int(found[1]), int(found[3])
        american = second > 12 or (found[2] == "/" and first <= 12 and _is_american(value))
        day, month = (second, first) if american else (first, second)
        return (int(found[4]), month, day), _without(value, found)
    year = _YEAR.search(value)
    if year is None:
        return None, value
    named = _find_named_day(_WORDS.findall(value.lower()))
    return ((int(year[1]), *named) if named else None), _without(value, year)


def _is_american(value: str) -> bool:
    time = _TIME.search(value)
    return time is not None and time[3] is not None


def _find_named_day(words: list[str]) -> tuple[int, int] | None:
    """Month and day. A number before the word counts first: in "mar. 22 nov." the first word is a weekday."""
    words = [word for word in words if word not in _SMALL]
    for step in (-1, 1):
        for place, word in enumerate(words):
            beside = words[place + step] if 0 <= place + step < len(words) else ""
            if beside.isdecimal() and len(beside) <= 2 and 1 <= int(beside) <= 31 and (month := _month(word)):
                return month, int(beside)
    return None


def _month(word: str) -> int:
    """1 to 12, or 0."""
    # The longest stem counts: "marraskuuta" is November, "mars" is March.
    fits = [
        (len(stem), number)
        for number, stems in enumerate(_MONTHS, start=1)
        for stem in stems
        if word.startswith(stem)
    ]
    return max(fits)[1] if fits else 0


def _without(value: str, found: re.Match[str]) -> str:
    return f"{value[: found.start()]} {value[found.end() :]}"

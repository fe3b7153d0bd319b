"""What a single line or a run of lines in a mail is: quoted, an attribution, the header of an older mail, a signature."""

import re

from normalizer.quote_words import (
    BARE_ENDINGS,
    COLONS,
    DEVICES,
    FORWARDED,
    FROM_LABELS,
    MOBILE_SIGNATURES,
    ORDINARY_BEGINNINGS,
    OTHER_LABELS,
    PERSONS,
    SEPARATORS,
    WROTE,
)

_LABEL = re.compile(
    r"[*_ \t]*+([^\s:\uff1a*_<>@][^:\uff1a*<>@\d]{0,24}?)[*_ \t]*[:\uff1a](?=[*_\s]|\Z|[^/])[*_ \t]*+(.*)"
)
_ADDRESS = re.compile(r"[^\s<>@\"]+@[^\s<>@\"]+\.\w")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?!\d)")
# also in the digits of Arabic, Persian, Bengali and Hindi, and in the Buddhist era (2569)
_YEAR = re.compile(r"(?<!\d)(?:19|20|25|[\u0662\u06f2\u09e8\u0968][\u0660\u06f0\u09e6\u0966])\d{2}(?!\d)")
_DATE = re.compile(r"(?<!\d)\d{1,4}(?:[-/.]|\. )\d{1,2}(?:[-/.]|\. )\d{1,4}(?!\d)")
_RULE = re.compile(r"[-_=*\s\u2010-\u2015\u2500]*+")
_DASHED = re.compile(
    r"\s*+[-_=*\u2010-\u2015\u2500]{2,}+\s*+([^-_=*\s](?:.{0,78}[^-_=*\s])?)\s*[-_=*\u2010-\u2015\u2500]{2,}\s*+"
)
_WROTE = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(WROTE, key=len, reverse=True)) + r")(?!\w)"
)
_SPLIT = re.compile(r"\W+")
_MARKS = frozenset("-_=*\u2010\u2011\u2012\u2013\u2014\u2015\u2500")
_QUOTED = re.compile(r"\s{0,3}+>")


def is_quoted(line: str) -> bool:
    return ">" in line and _QUOTED.match(line) is not None


def is_groupwise_header(line: str) -> bool:
    """>>> Maria <maria@example.org> 11/20/2026 8:13 AM >>>: all below is older, without any sign."""
    if not line.startswith(">>> ") or len(line) > 300:
        return False
    ends = line.rstrip().endswith(" >>>") or "in message <" in line
    return ends and (is_dated(line) or _ADDRESS.search(line) is not None)


def is_dated(line: str) -> bool:
    return _YEAR.search(line) is not None or _TIME.search(line) is not None


def starts_history(lines: list[str], index: int) -> bool:
    """Whether everything from this line on is older mail: a separator, or the header of a mail."""
    stripped = lines[index].strip()
    if (
        not stripped
        or len(stripped) > 400
        or not (stripped[0] in _MARKS or stripped[0] == ">" or ":" in stripped or COLONS[1] in stripped)
    ):
        return False
    if is_forward_line(stripped) or is_groupwise_header(stripped):
        return True
    dashed = _DASHED.fullmatch(stripped)
    if dashed and any(word in dashed[1].lower() for word in SEPARATORS):
        return True
    if dashed or (len(stripped) >= 10 and _RULE.fullmatch(stripped)):
        below = next_filled(lines, index + 1)
        return below >= 0 and is_header_block(lines, below)
    return is_header_block(lines, index)


def find_marked_quote(lines: list[str], index: int) -> int:
    """The first ">" line when nothing but separators, labels and an attribution stands above it; else -1."""
    for position in range(index, min(index + 14, len(lines))):
        line = lines[position].strip()
        if not line:
            continue
        if is_quoted(line):
            return position if position > index else -1
        is_rule = line[0] in _MARKS
        if not (is_rule or _LABEL.match(line) or is_attribution(line, marked=True)):
            return -1
    return -1


def next_filled(lines: list[str], index: int) -> int:
    """The first line that is not blank among the next five; -1 when there is none."""
    for position in range(index, min(index + 5, len(lines))):
        if lines[position].strip():
            return position
    return -1


def is_header_block(lines: list[str], index: int) -> bool:
    """From:, Sent:, To:, Subject: in any language, as Outlook puts it above what it quotes."""
    first = _LABEL.match(lines[index])
    if first is None or (not first[2] and not lines[index].strip().endswith("*")):
        return False
    label = first[1].strip().lower()
    is_from = label in FROM_LABELS
    known, labelled, dated = 0, 0, False
    addressed = _ADDRESS.search(first[2]) is not None
    if not (is_from or addressed or label in OTHER_LABELS):
        return False
    misses = 0
    for line in lines[index + 1 : index + 12]:
        if not line.strip():
            if labelled >= 2:
                break
            continue
        found = _LABEL.match(line)
        if found is None:
            misses += 1
            if misses > 2:
                break
            continue
        labelled += 1
        value = found[2]
        known += found[1].strip().lower() in OTHER_LABELS or found[1].strip().lower() in FROM_LABELS
        dated = dated or (
            (_YEAR.search(value) is not None or _DATE.search(value) is not None)
            and _TIME.search(value) is not None
        )
        addressed = addressed or _ADDRESS.search(value) is not None
    if is_from or label in OTHER_LABELS:
        return known >= 2 and (is_from or addressed) and (dated or addressed or known >= 3)
    # An unknown language: the order sender, date with time, receiver is the same everywhere.
    # "E-post: anna@example.org" above a date is a form that somebody filled in: a mail's sender has brackets.
    return (
        labelled >= 3 and misses == 0 and dated and "<" in first[2] and _ADDRESS.search(first[2]) is not None
    )


def is_ordinary(line: str) -> bool:
    """Nearly every line: nothing in it can begin or be a quotation."""
    return (
        ":" not in line
        and ">" not in line
        and line[:1] not in _MARKS
        and COLONS[1] not in line
        and not line.rstrip().endswith(BARE_ENDINGS)
    )


def is_attribution(line: str, *, marked: bool) -> bool:
    if not line.endswith(COLONS) and not (marked or ends_like_attribution(line)):
        return False
    lowered = line.lower()
    address = _ADDRESS.search(line) is not None
    time = _TIME.search(line) is not None
    date = _YEAR.search(line) is not None or _DATE.search(line) is not None
    wrote = _WROTE.search(lowered) is not None or lowered.rstrip(":\uff1a").endswith(BARE_ENDINGS)
    if marked:
        return (wrote + address + (date or time)) >= 2 or (wrote and len(line) < 80 and line.endswith(":"))
    # Nothing marks what follows as quoted, so the line itself must leave no doubt.
    return (
        (wrote and date and (address or (time and PERSONS.isdisjoint(_SPLIT.split(lowered)))))
        or (wrote and address and time)
        or (address and date and time and "<" in line)
    )


def is_moment(line: str) -> bool:
    """A line with a date, a time and a colon at its end: above ">" lines it says who wrote, in whatever language."""
    has_date = _YEAR.search(line) is not None or _DATE.search(line) is not None
    return line.endswith(COLONS) and has_date and _TIME.search(line) is not None


def ends_like_attribution(line: str) -> bool:
    return line.rstrip().endswith(BARE_ENDINGS)


def is_forward_line(line: str) -> bool:
    stripped = line.strip()
    if not 8 <= len(stripped) <= 100:
        return False
    lowered = stripped.strip("-_=* >").lower()
    if not lowered.startswith(FORWARDED):
        return False
    # A sentence may begin with the same words: a separator has dashes or ends with a colon.
    return stripped[0] in "-_=*" or stripped.endswith(COLONS)


def is_mobile_signature(line: str) -> bool:
    lowered = line.strip(" \t\r*_-<>[]").lower()
    if not 6 <= len(lowered) <= 110:
        return False
    bare = lowered.partition("<http")[0].rstrip(" .<[(")
    words = len(bare.split())
    if words > 13 or bare.endswith(("?", "!", ":")):
        return False
    if not lowered.startswith(MOBILE_SIGNATURES):
        return False
    if words > 5 or lowered.startswith(ORDINARY_BEGINNINGS):
        # Ordinary words too ("Skickat från kommunen kom ett brev"): only when a device or program is named.
        return any(word in bare for word in DEVICES)
    return True

"""What a line of a mail is: quoted, ordinary, a separator, the begin of an older mail."""

import re

from normalizer.attributions import ends_in_line, is_attribution
from normalizer.header_blocks import LABEL, TIME, has_address, has_date, is_dated, is_header_block
from normalizer.quote_words import BARE_ENDINGS, COLONS, FORWARDED, REPLY_ABOVE, SEPARATORS

_RULE = re.compile(r"[-_=*\s\u2010-\u2015\u2500]*+")
_DASHED = re.compile(
    r"\s*+[-_=*\u2010-\u2015\u2500]{2,}+\s*+([^-_=*\s](?:.{0,78}[^-_=*\s])?)\s*[-_=*\u2010-\u2015\u2500]{2,}\s*+"
)
_MARKS = frozenset("-_=*\u2010\u2011\u2012\u2013\u2014\u2015\u2500")
_BEGINS = _MARKS | {"|", "#", "~"}
_QUOTED = re.compile(r"\s{0,3}+(?:>|[A-Z\u00c0-\u00de][^\W\d_]{0,2}>(?:[ >]|\Z))")
# The Bat! puts the initials of the first writer before the sign
_SENDER = re.compile(r"\s*+[\"']?[^<>:@\"]{1,60}[\"']? ?<[^<>\s]{1,200}@[^<>\s]{1,200}>\s*+")
_HASHED = re.compile(r"[#=*~_-]{2,}+[^#=*~_-].{4,120}[#=*~_-]{2,}")


def is_quoted(line: str) -> bool:
    return ">" in line and _QUOTED.match(line) is not None


def is_groupwise_header(line: str) -> bool:
    """>>> Maria <maria@example.org> 11/20/2026 8:13 AM >>>: all below is older, without any sign."""
    if not line.startswith(">>> ") or len(line) > 300:
        return False
    ends = line.rstrip().endswith(" >>>") or "in message <" in line
    return ends and (is_dated(line) or has_address(line))


def starts_history(lines: list[str], index: int, subject: str = "", *, reply: bool = False) -> bool:
    """Whether everything from this line on is older mail: a separator, or the header of a mail."""
    line = lines[index]
    if ":  " in line and ends_in_line(line):
        return True
    stripped = line.strip()
    if not stripped or len(stripped) > 400:
        return False
    mark = stripped[0]
    if not (mark in _BEGINS or ">" in stripped or ":" in stripped or COLONS[1] in stripped):
        return False
    if is_forward_line(stripped) and (mark in _MARKS or _is_header_below(lines, index)):
        return True
    if is_groupwise_header(stripped) or is_reply_above(stripped):
        return True
    dashed = _DASHED.fullmatch(stripped) if mark in _MARKS else None
    if dashed and any(word in dashed[1].lower() for word in SEPARATORS):
        return True
    if dashed or (len(stripped) >= 10 and _RULE.fullmatch(stripped)):
        below = next_filled(lines, index + 1)
        # What a person draws is seldom so long, or so even.
        ruled = dashed is not None or len(stripped) >= 30
        if below < 0 or (mark == "*" and below > index + 1):
            return False
        return (
            _is_sender_and_moment(lines, below)
            or is_header_block(lines, below, ruled=ruled, subject=subject, reply=reply)
            or _is_attributed_quote(lines, index)
        )
    if reply and stripped[-1] == ">" and _is_sender_and_moment(lines, index, lone=True):
        return True
    return is_header_block(lines, index, subject=subject, reply=reply)


def _is_header_below(lines: list[str], index: int) -> bool:
    """Apple's "Begin forwarded message:" has no dashes; a person may end a sentence like that too."""
    below = next_filled(lines, index + 1)
    return below >= 0 and (is_quoted(lines[below]) or is_header_block(lines, below, ruled=True))


def _is_sender_and_moment(lines: list[str], index: int, *, lone: bool = False) -> bool:
    """A block without labels: Anna <anna@example.org>, and below it when she wrote."""
    if _SENDER.fullmatch(lines[index][:400]) is None:
        return False
    below = lines[index + 1 : index + (2 if lone else 3)]
    return any(has_date(line) and TIME.search(line) for line in below if len(line) < (40 if lone else 60))


def _is_attributed_quote(lines: list[str], index: int) -> bool:
    """Yandex: dashes, To:, Subject:, and "20.11.2026, 08:13, Anna <anna@example.org>:" above ">" lines."""
    marked = find_marked_quote(lines, index) if _RULE.fullmatch(lines[index]) else -1
    return marked >= 0 and any(
        is_attribution(line.strip(), marked=True) and (has_date(line) or has_address(line))
        for line in lines[index + 1 : marked]
        if len(line) <= 400
    )


def is_reply_above(line: str) -> bool:
    """##- Please type your reply above this line -##"""
    if line.startswith("##-") and line.endswith("-##"):
        return True
    if line[:2] not in {"##", "--", "==", "**", "~~", "__", "-=", "=-"} or _HASHED.fullmatch(line) is None:
        return False
    lowered = line.lower()
    return any(phrase in lowered for phrase in REPLY_ABOVE)


def find_marked_quote(lines: list[str], index: int) -> int:
    """The first ">" line when nothing but separators, labels and an attribution stands above it; else -1."""
    for position in range(index, min(index + 14, len(lines))):
        line = lines[position].strip()
        if not line:
            continue
        if is_quoted(line):
            return position if position > index else -1
        is_rule = line[0] in _MARKS
        if not (is_rule or LABEL.match(line[:400]) or is_attribution(line[:400], marked=True)):
            return -1
    return -1


def next_filled(lines: list[str], index: int) -> int:
    """The first line that is not blank among the next five; -1 when there is none."""
    for position in range(index, min(index + 5, len(lines))):
        if lines[position].strip():
            return position
    return -1


def is_ordinary(line: str) -> bool:
    """Nearly every line: nothing in it can begin or be a quotation."""
    return (
        ":" not in line
        and ">" not in line
        and line.lstrip()[:1] not in _BEGINS
        and COLONS[1] not in line
        and not line.rstrip().endswith(BARE_ENDINGS)
    )


def is_forward_line(line: str) -> bool:
    stripped = line.strip()
    if not 8 <= len(stripped) <= 100:
        return False
    # A sentence may begin with the same words: a separator has dashes or ends with a colon.
    if stripped[0] not in "-_=*" and not stripped.endswith(COLONS):
        return False
    return stripped.strip("-_=* >").lower().startswith(FORWARDED)

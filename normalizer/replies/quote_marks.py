"""What a line of a mail is: quoted, ordinary, a separator, the begin of an older mail."""

import re

from normalizer.replies.attributions import ends_in_line, ends_like_attribution, is_attribution
from normalizer.replies.header_blocks import (
    LABEL,
    TIME,
    has_address,
    has_date,
    is_dated,
    is_header_block,
    is_known_label,
    read_label,
)
from normalizer.replies.quote_words import (
    BARE_ENDINGS,
    COLONS,
    FORWARDED,
    FROM_LABELS,
    OTHER_LABELS,
    REPLY_ABOVE,
    SEPARATORS,
)

_LONGEST = 200
# characters of a line with a name and a moment
_OTHER_SIGNS = frozenset("|:}]\t ")
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


def starts_history(
    lines: list[str], index: int, subject: str = "", *, reply: bool = False, sure: bool = False
) -> bool:
    """Whether everything from this line on is older mail: a separator, or the header of a mail.

    `sure`: a quotation was seen above already, so a person's own labels are likelier than one more header.
    """
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
    if is_groupwise_header(stripped) or is_reply_above(stripped) or (reply and _is_notes(lines, index)):
        return True
    dashed = _DASHED.fullmatch(stripped) if mark in _MARKS else None
    if dashed and any(word in dashed[1].lower() for word in SEPARATORS):
        return True
    if dashed or (len(stripped) >= 10 and _RULE.fullmatch(stripped)):
        # What a person draws is seldom so long, or so even.
        ruled = dashed is not None or len(stripped) >= 30
        below = next_filled(lines, index + 1)
        if below < 0 or (mark == "*" and below > index + 1):
            return False
        return (
            (not sure and _is_sender_and_moment(lines, below))
            or is_header_block(lines, below, ruled=ruled, subject=subject, reply=reply, sure=sure)
            or _is_attributed_quote(lines, index)
        )
    if reply and not sure and stripped[-1] == ">" and _is_sender_and_moment(lines, index, lone=True):
        return True
    return is_header_block(lines, index, subject=subject, reply=reply, sure=sure)


def _is_header_below(lines: list[str], index: int) -> bool:
    """Apple's "Begin forwarded message:" has no dashes; a person may end a sentence like that too."""
    below = next_filled(lines, index + 1)
    return below >= 0 and (is_quoted(lines[below]) or is_header_block(lines, below, ruled=True))


def _is_sender_and_moment(lines: list[str], index: int, *, lone: bool = False) -> bool:
    """A block without labels: Anna <anna@example.org>, and below it when she wrote."""
    if _SENDER.fullmatch(lines[index][:400]) is None:
        return False
    below = lines[index + 1 : index + (2 if lone else 3)]
    return any(
        has_date(line) and TIME.search(line) is not None and read_label(line) is None
        for line in below
        if len(line) < (40 if lone else 60)
    )


def _is_notes(lines: list[str], index: int) -> bool:
    return _is_notes_line(lines, index) or _is_notes_header(lines, index)


def _is_notes_line(lines: list[str], index: int) -> bool:
    """Notes: "Anna Ek ---11/20/2026 08:13:45 AM---Hi," above the labels of the same mail."""
    _, dashes, rest = lines[index][:_LONGEST].partition(" ---")
    below = next_filled(lines, index + 1) if dashes and "---" in rest else -1
    return below >= 0 and _is_date_and_time(rest.partition("---")[0]) and is_header_block(lines, below)


def _is_notes_header(lines: list[str], index: int) -> bool:
    """Notes: a name, below it the moment, and then labels that stand alone above their values, without colons."""
    if not lines[index][:1].isdecimal() or len(lines[index]) > 40 or not _is_date_and_time(lines[index]):
        return False
    alone = [line.strip().lower() for line in lines[index + 1 : index + 14]]
    return sum(line in OTHER_LABELS for line in alone) >= 2


def is_notes_name(lines: list[str], index: int) -> bool:
    """Whether the name of the writer ("Anna Ek/Norrby/SE") stands right above, in Notes' header without colons."""
    above = lines[index - 1].strip() if index else ""
    return "/" in above and len(above) <= 80 and above.count(" ") <= 4 and _is_notes_header(lines, index)


def _is_date_and_time(text: str) -> bool:
    return has_date(text) and TIME.search(text) is not None


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
    is_bare = _RULE.fullmatch(lines[index]) is not None
    # a rule that a person may have drawn: above the person's own labels, and above a quotation farther down
    labelled = ended = False
    for position in range(index, min(index + 14, len(lines))):
        line = lines[position].strip()
        if not line:
            ended = ended or labelled
            continue
        if is_quoted(line):
            return position if position > index else -1
        if line[0] in _MARKS and (_RULE.fullmatch(line) or _DASHED.fullmatch(line[:200]) or line[0] == "*"):
            continue
        row = read_label(line) if LABEL.match(line[:400]) else None
        if row is not None and not (is_bare and (ended or not _is_header_row(row))):
            labelled = True
        elif (ended and is_bare) or not is_attribution(line[:400], marked=True):
            return -1
    return -1


def _is_header_row(row: tuple[str, str]) -> bool:
    return is_known_label(row[0]) or has_address(row[1])


def find_last_sign(lines: list[str]) -> int:
    """The last line that tells of a quotation by a mark or by an address; -1 without any."""
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if is_quoted(line) or ("@" in line and ends_like_attribution(line)):
            return index
        if "@" in line and (row := read_label(line)) is not None and row[0] in FROM_LABELS:
            return index
    return -1


def find_other_quote(lines: list[str], index: int) -> int:
    """The first line below a quotation under another sign than ">" or set in; -1 when there is none or nothing below.

    `index`: the line below the one that says who wrote it.
    """
    position = next_filled(lines, index)
    if position < 0:
        return -1
    sign = lines[position][:1]
    if sign not in _OTHER_SIGNS:
        return -1
    sign = "    " if sign == " " else sign
    seen = 0
    while position < len(lines):
        line = lines[position]
        if line.startswith(sign):
            seen += 1
        elif line.strip():
            return position if seen and not lines[position - 1].strip() else -1
        position += 1
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

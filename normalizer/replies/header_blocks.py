"""From:, Sent:, To:, Subject: as a mail program writes them above what it quotes, in any language.

Known labels decide where there are some. Elsewhere the values do: a sender with an address, a date with a time,
a receiver. A person's own form or letterhead has labels too, so a block without any address must have the order
of a mail program or stand below its line of dashes.
"""

import re
from functools import lru_cache

from normalizer.replies.quote_words import FROM_LABELS, OTHER_LABELS

_ADDRESS = re.compile(r"[^\s<>@\"]@[^\s<>@\"]{1,200}\.\w")
TIME = re.compile(r"(?<!\d)(?<!\d[.])\d{1,2}(?:[:.]| ?[h時시点] ?)\d{2}(?!\d|[.-]\d)")
# also in the digits of Arabic, Persian, Bengali and Hindi, and in the Buddhist era (2569)
YEAR = re.compile(r"(?<!\d)(?:19|20|25|[\u0662\u06f2\u09e8\u0968][\u0660\u06f0\u09e6\u0966])\d{2}(?!\d)")
DATE = re.compile(r"(?<!\d)\d{1,4}(?:[-/.]|\. )\d{1,2}(?:[-/.]|\. )\d{1,4}(?!\d)")
LABEL = re.compile(
    r"[*_ \t]*+([^\s:\uff1a*_<>@][^:\uff1a*<>@\d]{0,24}?)[*_ \t]*[:\uff1a](?=[*_\s]|\Z|[^/])[*_ \t]*+(.*)"
)
_BARE_SENDER = re.compile(
    r"(\w{1,20}(?: \w{1,12})?) \"?[^\"<>:]{0,80}\"? ?<[^<>\s]{1,200}@[^<>\s]{1,200}>\s*+"
)
_LOOK_AT = 400
# characters of a line
_LINES = 16
_SUBJECT_LABELS = frozenset(
    (
        "subject",
        "ämne",
        "aihe",
        "betreff",
        "emne",
        "onderwerp",
        "objet",
        "asunto",
        "oggetto",
        "assunto",
        "temat",
    )
)
_MISSES = 2
# lines without a label that may stand between
_WRAPPED_FROM = 55
# characters of a line that a mail program may have wrapped
_SIGNS = 4
# how much must speak for a block whose labels are not known


def has_address(line: str) -> bool:
    return "@" in line and _ADDRESS.search(line) is not None


def is_dated(line: str) -> bool:
    return YEAR.search(line) is not None or TIME.search(line) is not None


@lru_cache(maxsize=64)
def has_date(line: str) -> bool:
    return YEAR.search(line) is not None or DATE.search(line) is not None


@lru_cache(maxsize=64)  # each line is looked at from several lines above it
def read_label(line: str) -> tuple[str, str] | None:
    """("from", "Anna") of "*From:* Anna", of "From<tab>Anna" and of a row "| From | Anna |" of a table."""
    line = line[:_LOOK_AT]
    stripped = line.strip()
    if stripped[:1] == "|":
        name, _, value = stripped.strip("| ").partition("|")
        return (name.strip(" :*").lower(), value.strip()) if 0 < len(name) <= 30 else None
    name, tab, value = stripped.partition("\t")
    if tab and len(name) <= 25 and ":" not in name:
        return name.strip(" *").lower(), value.strip()
    found = LABEL.match(line)
    if found is None:
        return None
    return found[1].strip().lower(), found[2].strip(" \t*_")


def is_header_block(
    lines: list[str],
    index: int,
    *,
    ruled: bool = False,
    subject: str = "",
    reply: bool = False,
    sure: bool = False,
) -> bool:
    """Whether such a block begins here.

    `ruled`: a mail program's line of dashes stands above it. `subject`: of the mail, without prefixes, in lower
    case. `reply`: the mail is an answer, so something older is likely to stand in it. `sure`: only a block with a
    sender's address, a moment and two more known labels is one.
    """
    first = read_label(lines[index])
    if first is None:
        return _is_bare_block(lines, index)
    label, value = first
    below = lines[index + 1].strip() if index + 1 < len(lines) else ""
    if not value and not lines[index].strip().endswith("*"):
        return False
    addressed = has_address(value) or below[:1] == "<"
    dated = _is_moment_value(value)
    named = reply and bool(subject) and _without_prefix(value) == subject
    if not (
        is_known_label(label) or addressed or dated or ruled or named or (subject and _is_moment_row(below))
    ):
        return False
    if label in FROM_LABELS and not addressed and is_dated(value):
        # "From: 2025-01-14 08:00", "To: ..." of somebody who books something
        return False
    rows, misses = _read_rows(lines, index, is_from=label in FROM_LABELS)
    if sure and not _is_whole(rows):
        return False
    says_subject = bool(subject) and any(_without_prefix(value) == subject for _, value in rows)
    return _is_known_block(rows, ruled=ruled, says_subject=says_subject) or (
        misses <= (says_subject and reply)
        and (is_known_label(label) or _ends_like_header(rows, subject))
        and _has_shape(rows, ruled=ruled, says_subject=says_subject, reply=reply)
    )


def _is_whole(rows: list[tuple[str, str]]) -> bool:
    return (
        sum(is_known_label(name) for name, _ in rows) >= 4
        and _find_moment(rows) >= 0
        and any(name in FROM_LABELS and has_address(value) for name, value in rows)
    )


def _is_known_block(rows: list[tuple[str, str]], *, ruled: bool, says_subject: bool) -> bool:
    """By the labels of languages that are known."""
    label, value = rows[0]
    labels = {name for name, _ in rows}
    known = sum(is_known_label(name) for name, _ in rows[1:])
    if not is_known_label(label):
        return (
            known >= 3 and has_address(value) and value.endswith(">") and not FROM_LABELS.isdisjoint(labels)
        )
    addressed = any(has_address(value) for name, value in rows if is_known_label(name))
    # What begins with another label than the sender's names the sender farther down.
    if known < 2 or not (label in FROM_LABELS or (addressed and not FROM_LABELS.isdisjoint(labels))):
        return False
    sent = any(name in FROM_LABELS and has_address(value) for name, value in rows)
    if not sent and not any(is_dated(value) for _, value in rows):
        # "From: the station", "To: the town hall", "Cc: bo@example.org": no mail program leaves out the time
        return False
    when = _find_moment(rows)
    ordered = when == 1 or (when == 2 and known > 2 and rows[1][0] in _SUBJECT_LABELS)
    return addressed or ruled or says_subject or ordered


def _has_shape(rows: list[tuple[str, str]], *, ruled: bool, says_subject: bool, reply: bool) -> bool:
    """By the values, in any language: a sender, a moment, a receiver, the subject of the mail itself.

    "E-post: anna@example.org" above a date is a form that somebody filled in: a mail's sender has brackets.
    """
    when = _find_moment(rows)
    if len(rows) < 4 or when < 0:
        return False
    bracketed = any(has_address(value) and value.endswith((">", "]", ">;", ">,")) for _, value in rows[:4])
    known = sum(is_known_label(name) for name, _ in rows)
    if not (
        bracketed
        or rows[0][0] in FROM_LABELS
        or (when == 0 and rows[1][0] in FROM_LABELS)
        or (when == 1 and (says_subject or (ruled and known > 0)))
    ):
        return False
    signs = (
        bracketed, rows[0][0] in FROM_LABELS, 2 * says_subject, 2 * (sum(has_address(value) for _, value in rows) > 1),
        known > 2, when == 1, 2 * ruled, reply,
    )  # fmt: skip
    return sum(signs) >= _SIGNS


def _ends_like_header(rows: list[tuple[str, str]], subject: str) -> bool:
    """In a form that somebody filled in one more label of their own stands below: "Message: ..."."""
    name, value = rows[-1]
    if is_known_label(name) or _without_prefix(value) == subject or value.endswith((">", "]")):
        return True
    return not any(is_known_label(name) for name, _ in rows)


def is_known_label(label: str) -> bool:
    return label in OTHER_LABELS or label in FROM_LABELS


def _is_moment_value(value: str) -> bool:
    return has_date(value) and TIME.search(value) is not None


def _find_moment(rows: list[tuple[str, str]]) -> int:
    """The number of the row that says when; -1 when none does."""
    return next((place for place, (_, value) in enumerate(rows) if _is_moment_value(value)), -1)


def _is_moment_row(line: str) -> bool:
    row = read_label(line)
    return row is not None and _is_moment_value(row[1])


def _read_rows(lines: list[str], index: int, *, is_from: bool) -> tuple[list[tuple[str, str]], int]:
    """The labels and values of the block, and how many lines among them have none."""
    rows: list[tuple[str, str]] = []
    misses = pending = blank = 0
    spaced = index + 1 < len(lines) and not lines[index + 1].strip()
    # a gateway doubled every line end
    width = 0
    for line in lines[index : index + _LINES * (1 + spaced)]:
        if not line.strip():
            blank += 1
            if not spaced or blank > 1:
                break
            continue
        if spaced and rows and not blank:
            # not every line end was doubled: the line at the top was only somebody's
            break
        blank = 0
        row = read_label(line)
        if row is not None:
            if rows and row[0] in FROM_LABELS and has_address(row[1]):
                if is_from:
                    # the next older mail
                    break
                is_from = True
            misses, pending = misses + pending, 0
            rows.append(row)
        elif rows and _goes_on(rows[-1][1], line, width):
            rows[-1] = (rows[-1][0], f"{rows[-1][1]} {line[:_LOOK_AT].strip()}"[:_LOOK_AT])
        else:
            pending += 1
            if pending > (0 if spaced else _MISSES):
                break
        width = len(line)
    return rows, misses


def _goes_on(value: str, line: str, width: int) -> bool:
    """The second line of a wrapped value: a row of receivers, an address below its name, a long subject."""
    return (
        value.endswith((";", ",")) or ";" in line or line[:1] in {" ", "\t", "<"} or width >= _WRAPPED_FROM
        or has_address(line[:_LOOK_AT])
    )  # fmt: skip


def _without_prefix(value: str) -> str:
    head, colon, rest = value.partition(":")
    return (rest if colon and len(head) <= 6 else value).strip().lower()


def _is_bare_block(lines: list[str], index: int) -> bool:
    """Some (eM Client) leave the colons out: From "Anna" <anna@example.org>, To ..., Date ..., Subject ..."""
    sender = _BARE_SENDER.fullmatch(lines[index][:_LOOK_AT])
    if sender is None or not _begins_with(sender[1].lower() + " ", FROM_LABELS):
        return False
    below = [line.strip().lower() for line in lines[index + 1 : index + 6]]
    return sum(_begins_with(line, OTHER_LABELS) for line in below if line) >= 2


def _begins_with(line: str, labels: frozenset[str]) -> bool:
    one, _, rest = line.partition(" ")
    return one in labels or f"{one} {rest.partition(' ')[0]}" in labels

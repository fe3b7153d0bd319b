"""From:, Sent:, To:, Subject: as a mail program writes them above what it quotes, in any language.

Known labels decide where there are some. Elsewhere the values do: a sender with an address, a date with a time,
a receiver. A person's own form or letterhead has labels too, so a block without any address must have the order
of a mail program or stand below its line of dashes.
"""

import re

from normalizer.quote_words import FROM_LABELS, OTHER_LABELS

_ADDRESS = re.compile(r"[^\s<>@\"]@[^\s<>@\"]{1,200}\.\w")
TIME = re.compile(r"(?<!\d)(?<!\d[.])\d{1,2}[:.]\d{2}(?!\d|[.-]\d)")
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
# lines without a label that may stand between: a long row of receivers, wrapped


def has_address(line: str) -> bool:
    return "@" in line and _ADDRESS.search(line) is not None


def is_dated(line: str) -> bool:
    return YEAR.search(line) is not None or TIME.search(line) is not None


def has_date(line: str) -> bool:
    return YEAR.search(line) is not None or DATE.search(line) is not None


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


def is_header_block(lines: list[str], index: int, *, ruled: bool = False, subject: str = "") -> bool:
    """Whether such a block begins here. `ruled`: a mail program's line of dashes stands above it."""
    first = read_label(lines[index])
    if first is None:
        return _is_bare_block(lines, index)
    label, value = first
    if not value and not lines[index].strip().endswith("*"):
        return False
    is_from = label in FROM_LABELS
    is_known = _is_known(label)
    addressed = has_address(value)
    if not (is_known or addressed or ruled or (subject and _is_moment_row(lines, index + 1))):
        return False
    if is_from and not addressed and is_dated(value):
        # "From: 2025-01-14 08:00", "To: ..." of somebody who books something
        return False
    below, misses = _read_rows(lines, index + 1, is_from=is_from)
    rows = [first, *below]
    known = sum(_is_known(name) for name, _ in below)
    labels = {name for name, _ in rows}
    addressed = addressed or any(has_address(value) for name, value in below if _is_known(name))
    says_subject = bool(subject) and any(_without_prefix(value) == subject for _, value in rows[1:])
    when = next((place for place, (_, value) in enumerate(rows) if has_date(value) and TIME.search(value)), 0)
    if is_known:
        # What begins with another label than the sender's names the sender farther down.
        if known < 2 or not (is_from or (addressed and not FROM_LABELS.isdisjoint(labels))):
            return False
        ordered = when == 1 or (when == 2 and known > 2 and rows[1][0] in _SUBJECT_LABELS)
        return addressed or ruled or says_subject or ordered
    if (
        known >= 3
        and not misses
        and value.endswith(">")
        and has_address(value)
        and not FROM_LABELS.isdisjoint(labels)
    ):
        return True
    # An unknown language: the order sender, date with time, receiver is the same everywhere.
    # "E-post: anna@example.org" above a date is a form that somebody filled in: a mail's sender has brackets.
    if len(rows) < 4 or not when or misses or known > len(rows) - 2:
        return False
    if "<" in value and has_address(value):
        return value.endswith((">", "]")) and (
            ruled or says_subject or any(has_address(value) for _, value in rows[1:])
        )
    return when == 1 and (says_subject or (ruled and known > 0))


def _is_known(label: str) -> bool:
    return label in OTHER_LABELS or label in FROM_LABELS


def _is_moment_row(lines: list[str], index: int) -> bool:
    row = read_label(lines[index]) if index < len(lines) else None
    return row is not None and has_date(row[1]) and TIME.search(row[1]) is not None


def _read_rows(lines: list[str], index: int, *, is_from: bool) -> tuple[list[tuple[str, str]], int]:
    """The labels and values below the first, and how many lines among them have none."""
    rows: list[tuple[str, str]] = []
    misses = 0
    spaced = index < len(lines) and not lines[index].strip()
    # a gateway doubled every line end
    for line in lines[index : index + _LINES]:
        if not line.strip():
            if not spaced or len(rows) >= 2:
                break
            continue
        row = read_label(line)
        if row is not None:
            if row[0] in FROM_LABELS and has_address(row[1]):
                if is_from:
                    # the next older mail
                    break
                is_from = True
            rows.append(row)
            continue
        # Each line of wrapped receivers holds an address.
        misses += not has_address(line[:_LOOK_AT])
        if misses > (0 if spaced else _MISSES):
            break
    return rows, misses


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

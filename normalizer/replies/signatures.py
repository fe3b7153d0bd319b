"""Signatures: below "-- ", the line a telephone adds, the footer of a mailing list."""

import re

from normalizer.replies.quote_words import (
    DEVICES,
    FROM_MY,
    LIST_WORDS,
    MOBILE_SIGNATURES,
    PERSONS,
    PRODUCTS,
    SENT_STEMS,
)
from normalizer.text import trim

_FOOTER_RULE = re.compile(r"_{40,}+\s*+")
_LINK = re.compile(r"\]?[(<\[ ]{0,4}https?:[^\s)>\]]*+[)>\] ]*")
_ADDRESS_ALONE = re.compile(r"\s*+https?://[^\s]{1,200}\s*+")
_SPLIT = re.compile(r"[\W_]+")
_SENT_FROM = re.compile(r"\s*+Sent from(?: [A-Z0-9][\w-]*+){1,3}\s*+")
_PROSE = re.compile(r"[^\W\d_]{2}[.!?](?:\s|\Z)")
_DELIMITERS = ("-- ", "--\xa0")
_ADVERTISED = ("avast.com", "avg.com", "antivirus", "virus-free", "virusfri")
_MAX_BELOW_DELIMITER = 40
_MAX_BELOW_DASHES = 12
_SHORT = 4
# letters of a device's name that is looked for as a whole word: "app", "mail"
_LOOK_BACK = 4
# filled lines at the end among which the line of a telephone is looked for


def without_signatures(kept: list[str | None]) -> list[str]:
    """Take the signature from each stretch of own lines; None stands where a quote was."""
    out: list[str] = []
    stretch: list[str] = []
    for line in [*kept, None]:
        if line is not None:
            stretch.append(line)
            continue
        own = trim("\n".join(_cut_signature(stretch)))
        if own:
            out += ["", own] if out else [own]
        stretch = []
    return out


def _cut_list_footer(lines: list[str]) -> list[str]:
    """Mailman's rule and the name and address of the list below it, at the end of the mail."""
    for index in range(len(lines) - 1, max(0, len(lines) - 9), -1):
        if lines[index].startswith("____") and _FOOTER_RULE.fullmatch(lines[index]):
            below = " ".join(lines[index + 1 :]).lower()
            return lines[:index] if "://" in below and any(word in below for word in LIST_WORDS) else lines
    return lines


def _cut_signature(lines: list[str]) -> list[str]:
    lines = _cut_list_footer(lines)
    is_ruled = False
    # "--" without the space was a rule above: then it is one again
    for index, line in enumerate(lines):
        if line[:1] not in {"-", "\u2014"} or len(line) > 5:
            continue
        if not (is_ruled and line not in _DELIMITERS) and _is_delimiter(lines, index):
            lines = lines[:index]
            break
        is_ruled = is_ruled or line.rstrip() in {"--", "\u2014"}
    # The line a telephone adds stands at the end; farther up the same words are the person's own.
    end, looked_at = len(lines), 0
    while end and looked_at < _LOOK_BACK:
        end -= 1
        if not lines[end].strip():
            continue
        looked_at += 1
        if is_mobile_signature(
            lines[end],
            alone=not any(map(str.strip, lines[:end])),
            last=not any(map(str.strip, lines[end + 1 :])),
        ):
            below = lines[end + 1 :]
            # Aqua Mail puts its address on a line of its own below.
            return lines[:end] + (below[1:] if below and _ADDRESS_ALONE.fullmatch(below[0]) else below)
    return lines


def _is_delimiter(lines: list[str], index: int) -> bool:
    line = lines[index]
    # RFC 3676 section 4.3: dash dash space. A program that reads HTML may make a hard space of it.
    if line in _DELIMITERS:
        return index > 0 and len(lines) - index <= _MAX_BELOW_DELIMITER
    stripped = line.rstrip()
    if stripped not in {"--", "\u2014"} or not index or len(lines) - index > _MAX_BELOW_DASHES:
        return False
    if stripped == "--" and lines[index - 1].rstrip().endswith(":"):
        return False
    # Without the space only above a few lines that are no sentences: it may be a rule, or the dash of a dialogue.
    below = lines[index + 1 :]
    return not any(len(rest) > 120 or rest.rstrip() == stripped or _PROSE.search(rest) for rest in below)


def is_signature(lines: list[str]) -> bool:
    """Whether what a mail program marked as the signature is one: people write their answer there too."""
    filled = [line for line in lines if line.strip()]
    if len(filled) > _MAX_BELOW_DELIMITER or any(
        line.rstrip().endswith(("?", "\uff1f", "\u061f")) for line in filled
    ):
        return False
    return not any(_PROSE.search(line) for line in filled[:2])


def is_mobile_signature(line: str, *, alone: bool = False, last: bool = True) -> bool:
    """The line a telephone or a mail program adds.

    `alone`: there are no other words, so it may be the answer. `last`: no words stand below it.
    """
    lowered = line.strip(" \t\r*_-<>[]").lower().replace("[", "")
    bare = _LINK.sub(" ", lowered).strip(" .<[()")
    if not 6 <= len(bare) <= 110 or len(lowered) > 400:
        return False
    count = len(bare.split())
    if count > 13 or bare.endswith(("?", "!", ":")):
        return False
    if count <= 8 and any(word in bare for word in _ADVERTISED) and lowered != bare:
        return True
    if not lowered.startswith(MOBILE_SIGNATURES):
        # A full stop ends a sentence of a person, not a line like this.
        return not alone and not line.rstrip().endswith(".") and _names_product_and_sending(bare, count)
    # Ordinary words too ("Skickat från kommunen kom ett brev"): a device or a program is named, or it is "my" something.
    return _names_device(bare) or _SENT_FROM.fullmatch(line) is not None or (last and _is_mine(line, count))


def _is_mine(line: str, count: int) -> bool:
    """By a name: "Sent from my Redmi 8". The person's own is "Sent from my office."."""
    mine = next((begin for begin in FROM_MY if line.strip().lower().startswith(begin)), "")
    name = line.strip()[len(mine) :]
    return mine != "" and count <= 6 and not name.endswith(".") and any(map(str.isupper, name))


def _names_device(bare: str) -> bool:
    words = set(_SPLIT.split(bare))
    return any(
        name in bare if len(name) > _SHORT or not name.isascii() else name in words
        for name in (*DEVICES, *PRODUCTS)
    )


def _names_product_and_sending(bare: str, count: int) -> bool:
    """In whatever order the language has it: "Az iPhone készülékemről küldve", "Android için Outlook'u edinin"."""
    if count > 7 or not any(product in bare for product in PRODUCTS):
        return False
    if "outlook" in bare and ("ios" in bare or "android" in bare):
        return PERSONS.isdisjoint(bare.split())
    words = bare.split()
    return any(stem in word for word in (words[0], words[-1]) for stem in SENT_STEMS)

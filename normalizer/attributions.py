"""The line that says who wrote what is quoted below: "On 20 Nov 2026 at 08:13, Anna <anna@example.org> wrote:".

Its parts are the same in every language: a date, a time, a name, an address, a verb, a colon. Where ">" marks what
follows two of them are enough. Where nothing does, more are needed, and no word that only a person writes.
"""

import re

from normalizer.header_blocks import TIME, has_address, has_date
from normalizer.quote_words import BARE_ENDINGS, COLONS, PERSONS, WROTE

_SPLIT = re.compile(r"\W+")
_DASHED = re.compile(r"[-=]{2,}+\s++(\S.{6,380}\S)\s++[-=]{2,}+")
_SENTENCE = re.compile(r"[^\W\d_]{5}[.!?] [^\W\d_]")
_NAMED = re.compile(
    r"[\"']?([^\"'<>:@]{1,60})[\"']? ?<[^<>\s]{1,200}@[^<>\s]{1,200}> ?([^<>:\d]{1,30})[:\uff1a]"
)
_INLINE = re.compile(r"<[^<>\s]{1,200}@[^<>\s]{1,200}>[^:<>]{0,30}[:\uff1a](?= {2,}\S)")
_MAX = 400
_ENDINGS = (*COLONS, *BARE_ENDINGS)
_VERBS = frozenset(word for word in WROTE if word.isalpha() and word.isascii())
_VERB_WORDS = frozenset(word for phrase in WROTE for word in _SPLIT.split(phrase) if len(word) > 3)
_PHRASES = tuple(word for word in WROTE if word not in _VERBS)
# Lower-case words of names too: French "du", "i" in many. "Mon" is Monday as well.
_INSIDE = PERSONS - {"i", "du", "io", "lei"}
_FIRST = PERSONS - {"mon"}


def undash(line: str) -> str:
    """Zoho's "---- On ... wrote ----" as the line with a colon that others write."""
    if line[:2] in {"--", "=="} and line[-2:] in {"--", "=="}:
        inner = _DASHED.fullmatch(line[:_MAX])
        if inner is not None and not inner[1].endswith(COLONS):
            return f"{inner[1]}:"
    return line


def ends_like_attribution(line: str) -> bool:
    line = line.rstrip()
    return line.endswith(_ENDINGS) or undash(line) is not line


def is_attribution(line: str, *, marked: bool) -> bool:
    """Whether the line says who wrote what follows; `marked`: what follows is in ">" lines."""
    bare = line.strip()
    line = undash(bare)
    if line is not bare and line.count(" ") <= 4 and says_wrote(line) and not _is_personal(line):
        # Sony's "---- Anna wrote ----"
        return True
    if not line.endswith(COLONS) and not (marked or line.endswith(BARE_ENDINGS)):
        return False
    address = has_address(line)
    if not (marked or address or line.endswith(COLONS)):
        # "as my neighbour wrote", at the end of a line
        return False
    wrote = says_wrote(line)
    if not (marked or address or wrote):
        return False
    time = TIME.search(line) is not None
    date = has_date(line)
    if marked:
        if wrote + address + (date or time) >= 2 or (wrote and len(line) < 80 and line.endswith(":")):
            return True
        return address and line.endswith(COLONS) and len(line.split()) <= 6
    # Nothing marks what follows as quoted, so the line itself must leave no doubt.
    sure = (
        (wrote and date and (address or time))
        or (wrote and address and time)
        or (address and date and time and "<" in line)
    )
    if not sure and address:
        named = _NAMED.fullmatch(line) if wrote else None
        # Tutanota and Mail.ru: "5 June 2025, 17:45 by anna@example.org:"
        alone = (
            date
            and time
            and line[0].isdecimal()
            and line.count(" ") <= 7
            and line.rstrip(":\uff1a")[-1:].isalpha()
        )
        sure = alone or (named is not None and len(named[1].split()) <= 5)
    return sure and not _is_personal(line) and (address or _names_somebody(line))


def says_wrote(line: str) -> bool:
    lowered = line.lower()
    return (
        not _VERBS.isdisjoint(_SPLIT.split(lowered))
        or lowered.rstrip(":\uff1a").endswith(BARE_ENDINGS)
        or any(phrase in lowered for phrase in _PHRASES)
    )


def _is_personal(line: str) -> bool:
    """A sentence that a person made of the same parts: "On Monday at 10:00 my neighbour wrote:"."""
    names = " ".join([word for word in line.split() if "@" not in word])
    words = [word for word in _SPLIT.split(names) if word]
    if not words:
        return False
    if "I" in words and (words[0] == "I" or line.isascii()):
        return True
    if words[0].lower() in _FIRST and not _begins_with_name(line):
        return True
    return not _INSIDE.isdisjoint(words) or _SENTENCE.search(line) is not None


def _names_somebody(line: str) -> bool:
    """A name stands beside the verb: a capital, or a script that has none. "my neighbour wrote" has no name."""
    words = [word for word in _SPLIT.split(line) if word]
    verbs = [index for index, word in enumerate(words) if word.lower() in _VERB_WORDS]
    if not verbs:
        return True
    at = verbs[-1]
    near = [*words[max(1, at - 3) : at], *words[at + 1 : at + 4]]
    return any(word[0].isalpha() and word[0] == word[0].upper() for word in near)


def _begins_with_name(line: str) -> bool:
    """Mina Ek <mina@example.org>: the first word is a name although it could be another word too."""
    name, bracket, _ = line.partition(" <")
    return bracket != "" and len(name) < 60 and all(word[:1].isupper() for word in name.split())


def is_moment(line: str) -> bool:
    """A line with a date, a time and a colon at its end: above ">" lines it says who wrote, in whatever language."""
    return line.endswith(COLONS) and has_date(line) and TIME.search(line) is not None


def begins_attribution(previous: str, candidate: str) -> bool:
    """Whether the line above is the first half of an attribution that was wrapped: it has what is lacking."""
    previous = previous.strip()
    if not previous or len(previous) > 120 or previous.endswith((".", "!", "?")):
        return False
    if previous.endswith("<") and ">" in candidate and "<" not in candidate.partition(">")[0]:
        return True
    if previous.endswith("(") and ")" in candidate and "(" not in candidate.partition(")")[0]:
        return True
    if has_date(previous) and TIME.search(previous) is not None and not has_date(candidate):
        return True
    lacks = not has_address(candidate) and (previous.endswith(">") or not has_date(candidate))
    return lacks and has_address(previous)


def ends_in_line(line: str) -> bool:
    """Yahoo for Android writes the quoted text on the same line, after some spaces."""
    if ":  " not in line or "@" not in line:
        return False
    found = _INLINE.search(line[: 2 * _MAX])
    return found is not None and is_attribution(line[: found.end()], marked=False)

"""The line that says who wrote what is quoted below: "On 20 Nov 2026 at 08:13, Anna <anna@example.org> wrote:".

Its parts are the same in every language: a date, a time, a name, an address, a verb, a colon. Where ">" marks what
follows two of them are enough. Where nothing does, more are needed, and no word that only a person writes.
"""

import re

from normalizer.replies.header_blocks import TIME, has_address, has_date
from normalizer.replies.quote_words import BARE_ENDINGS, COLONS, PERSONS, WROTE

_SPLIT = re.compile(r"\W+")
_DASHED = re.compile(r"[-=]{2,}+\s++(\S.{6,380}\S)\s++[-=]{2,}+")
_SENTENCE = re.compile(r"[^\W\d_]{5}[.!?] [^\W\d_]")
_NAMED = re.compile(
    r"[\"']?([^\"'<>:@]{1,60})[\"']? ?<[^<>\s]{1,200}@[^<>\s]{1,200}> ?([^<>:\d\"?!]{1,30})[:\uff1a]"
)
_INLINE = re.compile(r"<[^<>\s]{1,200}@[^<>\s]{1,200}>[^:<>]{0,30}[:\uff1a](?= {2,}\S)")
_MAX = 400
_WRAPS_AFTER = 50
# characters of a line that a mail program may have wrapped
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
    return sure and not _is_personal(line) and (address or ('"' not in line and _names_somebody(line)))


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


def find_attribution(
    lines: list[str], *, marked: bool, first: bool = False, followed: bool = False, again: bool = False
) -> int:
    """How many lines above the last of `lines` belong to the attribution that ends there; -1 when none does.

    `first`: nothing stands above these lines in the mail. `followed`: more text stands on the line right below.
    `again`: another quotation was named above, so "You wrote:" above a further one is the person's.
    """
    candidate = ""
    for own, line in enumerate(reversed(lines)):
        candidate = f"{line.strip()} {candidate}".strip()
        if len(candidate) > _MAX:
            break
        if is_attribution(candidate, marked=marked):
            if again and (_is_personal(candidate) or not (has_date(candidate) or has_address(candidate))):
                return -1
            listed = followed or len(lines) > 1
            if listed and not marked and "<" not in candidate and not says_wrote(candidate):
                # A line of a list: "2026-11-20 08:13 anna@example.org failed:".
                return -1
            return _take_begin(lines, own, candidate)
        above = lines[-2 - own] if own + 2 <= len(lines) else ""
        if not above or _ends_sentence(above) or not (marked or _may_be_wrapped(above, candidate)):
            break
    last = lines[-1].strip()
    return 0 if marked and len(last) <= _MAX and _is_moment(last, first=first and len(lines) == 1) else -1


def _is_moment(line: str, *, first: bool) -> bool:
    """A line with a date, a time and a colon at its end: above ">" lines it says who wrote, in whatever language."""
    if not line.endswith(COLONS) or not has_date(line) or _is_personal(line):
        return False
    return TIME.search(line) is not None or (first and len(line) < 80)


def _may_be_wrapped(above: str, candidate: str) -> bool:
    """Whether the line below it may belong to it: no person's short line above "Anna wrote:"."""
    if len(above) >= _WRAPS_AFTER or "<" in above or "@" in above:
        return True
    return has_address(candidate) and (
        candidate[0] == "<" or has_date(above) or has_date(candidate) or TIME.search(above) is not None
    )


def _ends_sentence(line: str) -> bool:
    """A full stop may also belong to a date: "20. nov."."""
    stripped = line.rstrip()
    if stripped.endswith("."):
        return not any(map(str.isdecimal, stripped[-12:]))
    return stripped.endswith(("!", "?", "\u3002", "\uff1f", "\uff01", "\u061f"))


def _take_begin(lines: list[str], own: int, candidate: str) -> int:
    """With the lines above `own` in which stands what the candidate lacks: the date, the name before the address."""
    while own + 1 < len(lines):
        step = _find_lacking(lines[: len(lines) - 1 - own], candidate)
        if not step:
            break
        own += step
        candidate = " ".join([line.strip() for line in lines[len(lines) - 1 - own :]])
    return own


def _find_lacking(above: list[str], candidate: str) -> int:
    """How many of the lines right above the candidate belong to it."""
    previous = above[-1].strip()
    if len(previous) > 120 or _ends_sentence(previous):
        return 0
    opened = previous.endswith("<") and ">" in candidate and "<" not in candidate.partition(">")[0]
    braced = previous.endswith("(") and ")" in candidate and "(" not in candidate.partition(")")[0]
    if opened or braced:
        return 1
    dated = has_date(candidate)
    if not dated or TIME.search(candidate) is None:
        joined = candidate
        for step, line in enumerate(reversed(above), start=1):
            if _ends_sentence(line) or len(line) > 120:
                break
            joined = f"{line.strip()} {joined}"
            if has_date(joined) and TIME.search(joined) and (has_date(line) or TIME.search(line)):
                return step
    if has_address(previous) and not has_address(candidate) and (previous.endswith(">") or not dated):
        return 1
    # The name above "<anna@example.org> wrote:", and "20 Nov" above "2026 at 08:13".
    named = candidate[:1] == "<" and len(previous) <= 60 and previous[:1].isupper()
    cut = (
        candidate[:1].isdecimal()
        and previous[-1:].isalnum()
        and has_address(candidate)
        and any(map(str.isdecimal, previous))
    )
    return int(named or cut)


def ends_in_line(line: str) -> bool:
    """Yahoo for Android writes the quoted text on the same line, after some spaces."""
    if ":  " not in line or "@" not in line:
        return False
    found = _INLINE.search(line[: 2 * _MAX])
    return found is not None and is_attribution(line[: found.end()], marked=False)

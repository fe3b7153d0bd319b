"""What the writer newly wrote: without quoted history, attribution lines and signatures.

The rule above all others: never lose words that the person wrote. When in doubt they stay.
"""

import re

from normalizer.attributions import begins_attribution, ends_like_attribution, is_attribution, is_moment
from normalizer.quote_marks import (
    find_marked_quote,
    is_forward_line,
    is_groupwise_header,
    is_ordinary,
    is_quoted,
    next_filled,
    starts_history,
)
from normalizer.quote_words import ANSWERS_INSIDE, CLOSINGS, FORWARD_PREFIXES, REPLY_PREFIXES
from normalizer.signatures import without_signatures
from normalizer.text import drop_direction, trim

MAX_LINES = 20_000
_WRAPPED_FROM = 65
_ENDS = frozenset(".!?:;\u3002\uff1f\uff01\u061f\u2026")
_WRAPS_AFTER = 50
# characters of a line that a mail program may have wrapped
_NEARLY_NOTHING = 12
# words beside a forwarded mail that still leave the forwarded mail the matter
_PREFIX = re.compile(
    r"\s*+([^\s:\[\]0-9]{1,20}(?: [^\s:\[\]0-9]{1,12})?)(?:\[\d+\]|\(\d+\))?\s?[:\uff1a]\s*+"
)
_FRA = re.compile(r"^[*\s]{0,3}Fra\b", re.MULTILINE)


def split_subject(subject: str) -> tuple[str, str]:
    """The first prefix in lower case ("re", "vb", "" without any), and the subject without prefixes."""
    first = ""
    position = 0
    for _ in range(10):
        prefix = _PREFIX.match(subject, position)
        if prefix is None:
            break
        word = prefix[1].lower().rstrip(".")
        if word not in REPLY_PREFIXES and word not in FORWARD_PREFIXES:
            break
        first = first or word
        position = prefix.end()
    return first, subject[position:]


def find_new_text(
    text: str, *, subject: str = "", is_reply: bool = False, quoted_from: int = -1, quoted_until: int = -1
) -> str:
    """The lines the person wrote. "" when all is quoted; everything when it is a forward without a word.

    `quoted_from` and `quoted_until`: the lines that a mail program marked as quoted in its HTML, -1 when it did not.
    """
    if text.count("\n") > MAX_LINES:
        return trim(text)
    # Hebrew and Arabic programs put marks of direction into the lines that are looked for here.
    lines = drop_direction(text).split("\n")
    if quoted_from < 0 and len(lines) < 2:
        return trim(text)
    prefix, bare = split_subject(subject)
    # VS is "answer" in Finnish and "forwarded" in Danish and Norwegian: their label "Fra:" tells.
    forwarded = prefix in FORWARD_PREFIXES and (prefix != "vs" or _FRA.search(text) is not None)
    answers = prefix in REPLY_PREFIXES and not forwarded
    reader = _Reader(lines, reply=is_reply or prefix in REPLY_PREFIXES, subject=bare.strip().lower())
    reader.quoted_from, reader.quoted_until = quoted_from, quoted_until
    new = trim("\n".join(without_signatures(reader.read())))
    if not reader.removed_quote:
        return new or trim(text)
    words = _count_own_words(new)
    if not new and not reader.reply and not reader.saw_sign:
        # What looked like history may be the matter itself: a form, a pasted mail.
        return trim(text)
    if (
        forwarded or (reader.saw_forward and not (answers and is_reply and words))
    ) and words <= _NEARLY_NOTHING:
        return trim(text)
    if words <= 2 * _NEARLY_NOTHING and any(phrase in new.lower() for phrase in ANSWERS_INSIDE):
        return trim(text)
    return new


def _may_be_wrapped(line: str) -> bool:
    """Whether the line below it may belong to it: no person's short line above "Anna wrote:"."""
    return line.strip() != "" and (len(line) >= _WRAPS_AFTER or "<" in line or "@" in line)


def _count_own_words(new: str) -> int:
    """How much the person says, no further than matters; name and title below the closing not counted."""
    count = 0
    for line in new.split("\n"):
        if line.lower().startswith(CLOSINGS):
            break
        count += len(line.split())
        if count > 2 * _NEARLY_NOTHING:
            break
    return count


class _Reader:
    """Goes through the lines once and keeps those that are not quoted; None marks where a quote was."""

    def __init__(self, lines: list[str], *, reply: bool, subject: str) -> None:
        self.lines = lines
        self.reply = reply
        self.subject = subject
        # without prefixes, in lower case
        self.quoted_from = -1
        self.quoted_until = -1
        self.removed_quote = False
        self.saw_forward = False
        self.saw_sign = False
        # whether any ">" was taken for a quotation

    def read(self) -> list[str | None]:
        kept: list[str | None] = []
        index, count = 0, len(self.lines)
        while index < count:
            line = self.lines[index]
            if is_ordinary(line) and index != self.quoted_from:
                kept.append(line)
                index += 1
                continue
            if index == self.quoted_from and self._may_cut(kept, index):
                # What stands below the quoted part of the HTML is an answer.
                index = self.quoted_until if self.quoted_until > index else count
            elif is_quoted(line) and not is_groupwise_header(line):
                index = self._pass_quote(index, kept)
            else:
                index = self._pass_line(index, kept)
        return kept

    def _pass_line(self, index: int, kept: list[str | None]) -> int:
        """Past a line that is not quoted itself and may say that what follows is."""
        end = len(self.lines)
        if starts_history(self.lines, index, self.subject):
            marked = self._find_marked(kept, index)
            if marked >= 0:
                return marked
            if self._may_cut(kept, index):
                return end
        elif self._read_attribution(index, kept):
            return end if self._is_history_below(index + 1) else index + 1
        kept.append(self.lines[index])
        return index + 1

    def _find_marked(self, kept: list[str | None], index: int) -> int:
        """Past the header of a quote in ">" lines: what stands below those may be the answer."""
        marked = find_marked_quote(self.lines, index)
        if marked >= 0:
            self.removed_quote = True
            self.saw_forward = self.saw_forward or any(map(is_forward_line, self.lines[index:marked]))
            kept.append(None)
        return marked

    def _may_cut(self, kept: list[str | None], index: int) -> bool:
        """Everything below is history. Interleaved answers in a marked quote are still looked for."""
        self.removed_quote = True
        rest = self.lines[index:]
        self.saw_forward = self.saw_forward or any(is_forward_line(line) for line in rest[:6])
        if any(is_quoted(line) for line in rest) and index == self.quoted_from:
            # A mail program's own mark: the quote itself is ">" lines, and what stands between is an answer.
            self.quoted_from = -1
            return False
        kept.append(None)
        return True

    def _pass_quote(self, index: int, kept: list[str | None]) -> int:
        """Past a run of ">" lines, unless the writer only used the sign."""
        end = index
        last = index
        while end < len(self.lines):
            if is_quoted(self.lines[end]):
                last = end
            elif self.lines[end].strip() and not self._is_wrapped_quote(end):
                break
            end += 1
        end = last + 1
        after_attribution = kept != [] and kept[-1] is None
        if end - index == 1 and not self.reply and not after_attribution and not self.removed_quote:
            kept.append(self.lines[index])
            return end
        self.removed_quote = self.saw_sign = True
        self.saw_forward = self.saw_forward or any(
            is_forward_line(line.lstrip("> ")) for line in self.lines[index : index + 4]
        )
        kept.append(None)
        return end

    def _is_wrapped_quote(self, index: int) -> bool:
        """The rest of a long quoted line that some mailer broke without repeating the sign."""
        before, line = self.lines[index - 1], self.lines[index]
        after = self.lines[index + 1] if index + 1 < len(self.lines) else ""
        if not (is_quoted(before) and is_quoted(after)):
            return False
        # An answer stands below the end of a sentence and begins with a capital.
        goes_on = before.rstrip()[-1:] not in _ENDS and not line.lstrip()[:1].isupper()
        return goes_on and len(before) >= _WRAPPED_FROM and len(line) < len(before) // 2

    def _read_attribution(self, index: int, kept: list[str | None]) -> bool:
        """Take "On ... wrote:" (on up to four lines) back out of what was kept."""
        if not ends_like_attribution(self.lines[index]):
            return False
        below = next_filled(self.lines, index + 1)
        marked = below >= 0 and is_quoted(self.lines[below]) and below - index <= 3
        own = 0
        # lines already kept that may belong to it
        candidate = self.lines[index].strip()
        while True:
            fits = len(candidate) <= 400
            if fits and is_attribution(candidate, marked=marked or index + 1 == self.quoted_from):
                break
            previous = kept[-1 - own] if own < len(kept) else None
            if own >= 3 or not fits or not previous or not (marked or _may_be_wrapped(previous)):
                candidate = self.lines[index].strip()
                if not (marked and len(candidate) <= 400 and is_moment(candidate)):
                    return False
                own = 0
                break
            own += 1
            candidate = f"{previous.strip()} {candidate}".strip()
        while own < 3 and own < len(kept) and begins_attribution(kept[-1 - own] or "", candidate):
            candidate = f"{kept[-1 - own]} {candidate}"
            own += 1
        del kept[len(kept) - own :]
        kept.append(None)
        self.removed_quote = True
        return True

    def _is_history_below(self, index: int) -> bool:
        """After an attribution: ">" lines end somewhere, unmarked history goes on to the end."""
        below = next_filled(self.lines, index)
        return below < 0 or not is_quoted(self.lines[below])

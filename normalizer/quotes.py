"""What the writer newly wrote: without quoted history, attribution lines and signatures.

The rule above all others: never lose words that the person wrote. When in doubt they stay.
"""

import re

from normalizer.quote_marks import (
    ends_like_attribution,
    find_marked_quote,
    is_attribution,
    is_dated,
    is_forward_line,
    is_groupwise_header,
    is_mobile_signature,
    is_moment,
    is_ordinary,
    is_quoted,
    next_filled,
    starts_history,
)
from normalizer.quote_words import (
    ANSWERS_INSIDE,
    CLOSINGS,
    COLONS,
    FORWARD_PREFIXES,
    LIST_WORDS,
    REPLY_PREFIXES,
)
from normalizer.text import drop_direction, trim

MAX_LINES = 20_000
_WRAPPED_FROM = 65
_NEARLY_NOTHING = 12
# words beside a forwarded mail that still leave the forwarded mail the matter
_PREFIX = re.compile(
    r"\s*+([^\s:\[\]0-9]{1,20}(?: [^\s:\[\]0-9]{1,12})?)(?:\[\d+\]|\(\d+\))?\s?[:\uff1a]\s*+"
)
_FOOTER_RULE = re.compile(r"_{40,}+\s*+")
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


def find_new_text(text: str, *, subject: str = "", is_reply: bool = False, quoted_from: int = -1) -> str:
    """The lines the person wrote. "" when all is quoted; everything when it is a forward without a word."""
    if text.count("\n") > MAX_LINES:
        return trim(text)
    # Hebrew and Arabic programs put marks of direction into the lines that are looked for here.
    lines = drop_direction(text).split("\n")
    if quoted_from < 0 and len(lines) < 2:
        return trim(text)
    prefix, _ = split_subject(subject)
    # VS is "answer" in Finnish and "forwarded" in Danish and Norwegian: their label "Fra:" tells.
    forwarded = prefix in FORWARD_PREFIXES and (prefix != "vs" or _FRA.search(text) is not None)
    reader = _Reader(lines, reply=is_reply or prefix in REPLY_PREFIXES, quoted_from=quoted_from)
    kept = reader.read()
    new = trim("\n".join(_without_signatures(kept)))
    if not reader.removed_quote:
        return new or trim(text)
    words = _count_own_words(new)
    if not new and not reader.reply and not reader.saw_sign:
        # What looked like history may be the matter itself: a form, a pasted mail.
        return trim(text)
    if (forwarded or reader.saw_forward) and words <= _NEARLY_NOTHING:
        return trim(text)
    if words <= 2 * _NEARLY_NOTHING and any(phrase in new.lower() for phrase in ANSWERS_INSIDE):
        return trim(text)
    return new


def _count_own_words(new: str) -> int:
    """How much the person says, name and title below the closing not counted."""
    count = 0
    for line in new.split("\n"):
        if line.lower().startswith(CLOSINGS):
            break
        count += len(line.split())
    return count


class _Reader:
    """Goes through the lines once and keeps those that are not quoted; None marks where a quote was."""

    def __init__(self, lines: list[str], *, reply: bool, quoted_from: int) -> None:
        self.lines = lines
        self.reply = reply
        self.quoted_from = quoted_from
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
                return kept
            if is_quoted(line) and not is_groupwise_header(line):
                index = self._pass_quote(index, kept)
                continue
            if starts_history(self.lines, index):
                marked = self._find_marked(kept, index)
                if marked >= 0:
                    index = marked
                    continue
                if self._may_cut(kept, index):
                    return kept
            elif self._read_attribution(index, kept):
                index += 1
                if self._is_history_below(index):
                    return kept
                continue
            kept.append(line)
            index += 1
        return kept

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
        is_between = is_quoted(before) and is_quoted(after)
        return is_between and len(before) >= _WRAPPED_FROM and len(line) < len(before) // 2

    def _read_attribution(self, index: int, kept: list[str | None]) -> bool:
        """Take "On ... wrote:" (on up to four lines) back out of what was kept."""
        if not (self.lines[index].rstrip().endswith(COLONS) or ends_like_attribution(self.lines[index])):
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
            if own >= 3 or not fits or previous is None or not previous.strip():
                candidate = self.lines[index].strip()
                if not (marked and len(candidate) <= 400 and is_moment(candidate)):
                    return False
                own = 0
                break
            own += 1
            candidate = f"{previous.strip()} {candidate}"
        if not is_dated(candidate) and own < len(kept):
            previous = kept[-1 - own]
            if (
                previous
                and len(previous) < 120
                and is_dated(previous)
                and not previous.rstrip().endswith((".", "!", "?"))
            ):
                own += 1
        del kept[len(kept) - own :]
        kept.append(None)
        self.removed_quote = True
        return True

    def _is_history_below(self, index: int) -> bool:
        """After an attribution: ">" lines end somewhere, unmarked history goes on to the end."""
        below = next_filled(self.lines, index)
        return below < 0 or not is_quoted(self.lines[below])


def _without_signatures(kept: list[str | None]) -> list[str]:
    """Take the signature from each stretch of own lines."""
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
    for index, line in enumerate(lines):
        # RFC 3676 section 4.3: dash dash space. Without the space only above a few lines: it may be a rule.
        if line == "-- " and index and len(lines) - index <= 40:
            lines = lines[:index]
            break
        if (
            line.rstrip() in {"--", "—"}
            and index
            and len(lines) - index <= 12
            and not any(len(rest) > 120 for rest in lines[index:])
        ):
            lines = lines[:index]
            break
    # The line a telephone adds stands at the end; farther up the same words are the person's own.
    end, looked_at = len(lines), 0
    while end and looked_at < 4:
        end -= 1
        if not lines[end].strip():
            continue
        looked_at += 1
        if is_mobile_signature(lines[end]):
            return lines[:end] + lines[end + 1 :]
    return lines

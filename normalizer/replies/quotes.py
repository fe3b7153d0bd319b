"""What the writer newly wrote: without quoted history, attribution lines and signatures.

The rule above all others: never lose words that the person wrote. When in doubt they stay.
"""

import re

from normalizer.replies.attributions import ends_like_attribution, find_attribution
from normalizer.replies.header_blocks import has_date, is_header_block
from normalizer.replies.quote_marks import (
    find_last_sign,
    find_marked_quote,
    find_other_quote,
    is_forward_line,
    is_groupwise_header,
    is_notes_name,
    is_ordinary,
    is_quoted,
    next_filled,
    starts_history,
)
from normalizer.replies.quote_words import ANSWERS_INSIDE, CLOSINGS, COLONS, FORWARD_PREFIXES, REPLY_PREFIXES
from normalizer.replies.signatures import is_signature, without_signatures
from normalizer.text import drop_direction, trim

MAX_LINES = 20_000
_WRAPPED_FROM = 55
_ENDS = frozenset(".!?:;\u3002\uff1f\uff01\u061f\u2026")
_OWN_MARKED = 8
# lines with ">" that may be the person's own, and how many such lists
_TRIES = 1500
# lines of one text that are looked at closely
_SENTENCE = 20
# characters of a line that is no greeting
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
        word = prefix[1].lower().rstrip(".").replace("i\u0307", "i")
        # the Turkish capital, in lower case two characters
        if word not in REPLY_PREFIXES and word not in FORWARD_PREFIXES:
            break
        first = first or word
        position = prefix.end()
    return first, subject[position:]


def _begins_with_prefix(subject: str) -> bool:
    prefix = _PREFIX.match(subject)
    return prefix is not None and " " not in prefix[1]


def find_new_text(
    text: str,
    *,
    subject: str = "",
    is_reply: bool = False,
    quoted_from: int = -1,
    quoted_until: int = -1,
    signatures: tuple[tuple[int, int], ...] = (),
) -> str:
    """The lines the person wrote. "" when all is quoted; everything when it is a forward without a word.

    `quoted_from` and `quoted_until`: the lines that a mail program marked as quoted in its HTML, -1 when it did not.
    `signatures`: first line of each that one marked, and the first line below it.
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
    reader.signatures = dict(signatures)
    new = trim("\n".join(without_signatures(reader.restore(reader.read()))))
    if not reader.removed_quote:
        return new or trim(text)
    if not new and reader.cut_loosely:
        # Something in the answer looked a little like the header of a mail.
        new = trim("\n".join(without_signatures(reader.restore(reader.read_again()))))
    words = _count_own_words(new)
    if not new and not reader.saw_sign:
        # What looked like history may be the matter itself, or hold the answers: nothing marks its lines.
        return trim(text)
    if (
        forwarded or (reader.saw_forward and not (answers and is_reply and words))
    ) and words <= _NEARLY_NOTHING:
        return trim(text)
    if not reader.reply and not reader.saw_sign and words <= _NEARLY_NOTHING and _begins_with_prefix(subject):
        # "Videresendt: ...", by a program whose word for it is not known
        return trim(text)
    if words <= 2 * _NEARLY_NOTHING and any(phrase in new.lower() for phrase in ANSWERS_INSIDE):
        return trim(text)
    return new


def _last_lines(kept: list[str | None]) -> list[str]:
    """The last three lines of the last paragraph, among which the begin of an attribution may be."""
    found: list[str] = []
    for line in reversed(kept[-3:]):
        if not line or not line.strip():
            break
        found.insert(0, line)
    return found


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
        self.signatures: dict[int, int] = {}
        self.removed_quote = False
        self.has_own = False
        # whether any word was kept
        self.saw_forward = False
        self.attributed_from = -1
        # the first line that says where something older begins
        self.saw_sign = False
        # whether any ">" was taken for a quotation
        self.tries = 0
        self.cuts = True
        # whether anything but a mark may say that all below is history
        self.cut_loosely = False
        # whether something did that a person may have written
        self.settled = False
        # whether a quotation in ">" lines was seen below the line that says whose it is
        self.last_sign = -1
        # the last line that tells of history without doubt; -1 until it was looked for
        self.loose: list[tuple[int, int, int]] = []
        # ">" lines that nobody is named for: where in what is kept, first line, first line below

    def read(self) -> list[str | None]:
        kept: list[str | None] = []
        index, count = 0, len(self.lines)
        while index < count:
            line = self.lines[index]
            signed_until = self.signatures.get(index, -1)
            if signed_until > index and self.has_own and is_signature(self.lines[index:signed_until]):
                index = signed_until
                continue
            if is_ordinary(line) and index != self.quoted_from:
                self._keep(line, kept)
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

    def read_again(self) -> list[str | None]:
        self.cuts = self.has_own = self.settled = False
        self.attributed_from = -1
        self.loose.clear()
        return self.read()

    def _is_loose(self, index: int) -> bool:
        """Labels without the address of a sender or without a moment, as in "from: a, date: 3 March, to: b"."""
        line = self.lines[index].strip()
        return line[:1].isalpha() and not is_header_block(self.lines, index, sure=True)

    def _keep(self, line: str, kept: list[str | None]) -> None:
        kept.append(line)
        self.has_own = self.has_own or line.strip() != ""

    def restore(self, kept: list[str | None]) -> list[str | None]:
        """With the ">" lines that are the person's own: a list, "> 30 degrees", words from somewhere else."""
        for place, begin, end in reversed(self.loose):
            stands = any(kept[place + 1 :]) or self.lines[begin - 1].rstrip().endswith(COLONS)
            if self.attributed_from > end or (not self.reply and self.attributed_from < 0 and stands):
                own = [line.strip(" >") for line in self.lines[begin:end]]
                below = "\n".join(self.lines[end:])
                if end - begin <= _OWN_MARKED and not any(line in below for line in own if line):
                    kept[place] = "\n".join(self.lines[begin:end])
        return kept

    def _pass_line(self, index: int, kept: list[str | None]) -> int:
        """Past a line that is not quoted itself and may say that what follows is."""
        end = len(self.lines)
        self.tries += 1
        if self.tries > _TRIES:
            pass
        elif starts_history(self.lines, index, self.subject, reply=self.reply, sure=self.settled):
            if kept and kept[-1] and is_notes_name(self.lines, index):
                kept.pop()
            marked = self._find_marked(kept, index)
            if marked >= 0:
                return marked
            if self.cuts and self._may_cut(kept, index):
                self.cut_loosely = self.settled or self._is_loose(index)
                return end
        elif self._read_attribution(index, kept):
            if not self._is_history_below(index + 1):
                return index + 1
            signed = find_other_quote(self.lines, index + 1)
            self.saw_sign = self.saw_sign or signed >= 0
            return signed if signed >= 0 else end
        self._keep(self.lines[index], kept)
        return index + 1

    def _note_history(self, index: int) -> None:
        if self.attributed_from < 0:
            self.attributed_from = index

    def _find_marked(self, kept: list[str | None], index: int) -> int:
        """Past the header of a quote in ">" lines: what stands below those may be the answer."""
        marked = find_marked_quote(self.lines, index)
        if marked >= 0:
            self.removed_quote = True
            self._note_history(index)
            self.saw_forward = self.saw_forward or any(map(is_forward_line, self.lines[index:marked]))
            kept.append(None)
        return marked

    def _may_cut(self, kept: list[str | None], index: int) -> bool:
        """Everything below is history. Interleaved answers in a marked quote are still looked for."""
        self.removed_quote = True
        self._note_history(index)
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
        self.settled = self.settled or (after_attribution and self.attributed_from >= 0)
        if end - index == 1 and not self.reply and not after_attribution and not self.removed_quote:
            self._keep(self.lines[index], kept)
            return end
        if not (after_attribution or self.removed_quote) and self._is_only_line(index, end):
            self._keep(self.lines[index], kept)
            return end
        if not after_attribution and self.has_own and len(self.loose) < _OWN_MARKED:
            self.loose.append((len(kept), index, end))
        self.removed_quote = self.saw_sign = True
        self.saw_forward = self.saw_forward or any(
            is_forward_line(line.lstrip("> ")) for line in self.lines[index : index + 4]
        )
        kept.append(None)
        return end

    def _is_only_line(self, index: int, end: int) -> bool:
        """A sentence that goes on with "> 40 degrees", in a mail that quotes nothing and nobody else."""
        if not index or end - index > 1:
            return False
        before = self.lines[index - 1].strip()
        return (
            len(before) >= _SENTENCE and before[-1] not in ",!" and not any(map(is_quoted, self.lines[end:]))
        )

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
        line = self.lines[index].rstrip()
        if not ends_like_attribution(line) and not (line.endswith(">") and has_date(line)):
            return False
        below = next_filled(self.lines, index + 1)
        marked = below >= 0 and is_quoted(self.lines[below]) and below - index <= 3
        if not marked and not ends_like_attribution(line):
            return False
        marked = marked or index + 1 == self.quoted_from
        above = _last_lines(kept)
        own = find_attribution(
            [*above, self.lines[index]], marked=marked, first=not self.has_own, followed=below == index + 1,
            again=self.settled,
        )  # fmt: skip
        if own < 0:
            return False
        if not marked and not self._is_beyond_doubt("\n".join([*above[len(above) - own :], line]), index):
            return False
        del kept[len(kept) - own :]
        kept.append(None)
        self.removed_quote = True
        self._note_history(index)
        return True

    def _is_beyond_doubt(self, attribution: str, index: int) -> bool:
        """Without an address and without marks below it, a person's own "Bo Ek wrote on 3 March at 14:07:" is the same."""
        if "@" in attribution:
            return True
        if not self.reply or self.attributed_from >= 0 or not self.cuts:
            return False
        if self.last_sign < 0:
            self.last_sign = find_last_sign(self.lines)
        return self.last_sign <= index

    def _is_history_below(self, index: int) -> bool:
        """After an attribution: ">" lines end somewhere, unmarked history goes on to the end."""
        below = next_filled(self.lines, index)
        return below < 0 or not is_quoted(self.lines[below])

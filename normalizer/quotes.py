"""What the writer newly wrote: without quoted history, attribution lines and signatures.

The rule above all others: never lose words that the person wrote. When in doubt they stay.
"""

import re

from normalizer.quote_words import (
    ANSWERS_INSIDE,
    FORWARD_PREFIXES,
    FORWARDED,
    FROM_LABELS,
    MOBILE_ENDINGS,
    MOBILE_SIGNATURES,
    OTHER_LABELS,
    REPLY_PREFIXES,
    SEPARATORS,
    WROTE,
)
from normalizer.text import trim

MAX_LINES = 20_000
_NEARLY_NOTHING = 12
# words beside a forwarded mail that still leave the forwarded mail the matter
_PREFIX = re.compile(r"\s*+([^\s:\[\]0-9]{1,20}(?: [^\s:\[\]0-9]{1,12})?)(?:\[\d+\]|\(\d+\))?\s?[:：]\s*+")
_LABEL = re.compile(r"[*_ \t]*+([^\s:：*_<>@][^:：*<>@\d]{0,24}?)[*_ \t]*[:：](?=[*_\s]|\Z|[^/])[*_ \t]*+(.*)")
_ADDRESS = re.compile(r"[^\s<>@\"]+@[^\s<>@\"]+\.\w")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_DATE = re.compile(r"(?<!\d)\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)")
_RULE = re.compile(r"[-_=*\s]*+")
_DASHED = re.compile(r"\s*+[-_=*]{2,}+\s*+([^-_=*\s](?:.{0,78}[^-_=*\s])?)\s*[-_=*]{2,}\s*+")
_WROTE = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(WROTE, key=len, reverse=True)) + r")(?!\w)")
_BARE_ENDINGS = ("wrote", "skrev", "yazdı", "写道", "寫道", "schrieb")
_MARKS = frozenset("-_=*")
_FRA = re.compile(r"^[*\s]{0,3}Fra\b", re.MULTILINE)
_QUOTED = re.compile(r"\s{0,3}+(?:[>|]\s?)*+>")


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
    lines = text.split("\n")
    if quoted_from < 0 and len(lines) < 2:
        return trim(text)
    prefix, _ = split_subject(subject)
    # VS is "answer" in Finnish and "forwarded" in Danish and Norwegian: their label "Fra:" tells.
    forwarded = prefix in FORWARD_PREFIXES and (prefix != "vs" or _FRA.search(text) is not None)
    reader = _Reader(lines, reply=is_reply or prefix in REPLY_PREFIXES, quoted_from=quoted_from)
    kept = reader.read()
    new = trim("\n".join(_without_signatures(kept)))
    if not reader.removed_quote:
        return new if new else trim(text)
    words = len(new.split())
    if (forwarded or reader.saw_forward) and words <= _NEARLY_NOTHING:
        return trim(text)
    if words <= 2 * _NEARLY_NOTHING and any(phrase in new.lower() for phrase in ANSWERS_INSIDE):
        return trim(text)
    return new


class _Reader:
    """Goes through the lines once and keeps those that are not quoted; None marks where a quote was."""

    def __init__(self, lines: list[str], *, reply: bool, quoted_from: int) -> None:
        self.lines = lines
        self.reply = reply
        self.quoted_from = quoted_from
        self.removed_quote = False
        self.saw_forward = False

    def read(self) -> list[str | None]:
        kept: list[str | None] = []
        index, count = 0, len(self.lines)
        while index < count:
            line = self.lines[index]
            if _is_ordinary(line) and index != self.quoted_from:
                kept.append(line)
                index += 1
                continue
            if index == self.quoted_from and self._may_cut(kept, index):
                return kept
            if _QUOTED.match(line):
                index = self._pass_quote(index, kept)
                continue
            if self._starts_history(index, line):
                if self._may_cut(kept, index):
                    return kept
            elif line.rstrip().endswith((":", "：")) or _ends_like_attribution(line):
                if self._read_attribution(index, kept):
                    index += 1
                    if self._is_history_below(index):
                        return kept
                    continue
            kept.append(line)
            index += 1
        return kept

    def _may_cut(self, kept: list[str | None], index: int) -> bool:
        """Everything below is history. Interleaved answers in a marked quote are still looked for."""
        self.removed_quote = True
        rest = self.lines[index:]
        self.saw_forward = self.saw_forward or any(_is_forward_line(line) for line in rest[:6])
        if any(_QUOTED.match(line) for line in rest) and index == self.quoted_from:
            # A mail program's own mark: the quote itself is ">" lines, and what stands between is an answer.
            self.quoted_from = -1
            return False
        kept.append(None)
        return True

    def _pass_quote(self, index: int, kept: list[str | None]) -> int:
        """Past a run of ">" lines, unless the writer only used the sign."""
        end = index
        last = index
        while end < len(self.lines) and (_QUOTED.match(self.lines[end]) or not self.lines[end].strip()):
            if self.lines[end].strip():
                last = end
            end += 1
        end = last + 1
        after_attribution = kept != [] and kept[-1] is None
        if end - index == 1 and not self.reply and not after_attribution and not self.removed_quote:
            kept.append(self.lines[index])
            return end
        self.removed_quote = True
        self.saw_forward = self.saw_forward or any(_is_forward_line(line.lstrip("> ")) for line in self.lines[index : index + 4])
        kept.append(None)
        return end

    def _read_attribution(self, index: int, kept: list[str | None]) -> bool:
        """Take "On ... wrote:" (on up to four lines) back out of what was kept."""
        below = self._next_filled(index + 1)
        marked = below >= 0 and _QUOTED.match(self.lines[below]) is not None and below - index <= 3
        own = 0
        # lines already kept that may belong to it
        candidate = self.lines[index].strip()
        while True:
            if len(candidate) > 400:
                return False
            if _is_attribution(candidate, marked=marked or index + 1 == self.quoted_from):
                break
            previous = kept[-1 - own] if own < len(kept) else None
            if own >= 3 or previous is None or not previous.strip():
                return False
            own += 1
            candidate = f"{previous.strip()} {candidate}"
        if not (_YEAR.search(candidate) or _TIME.search(candidate)) and own < len(kept):
            previous = kept[-1 - own]
            if previous and len(previous) < 120 and (_YEAR.search(previous) or _TIME.search(previous)) and not previous.rstrip().endswith((".", "!", "?")):
                own += 1
        del kept[len(kept) - own :]
        kept.append(None)
        self.removed_quote = True
        return True

    def _is_history_below(self, index: int) -> bool:
        """After an attribution: ">" lines end somewhere, unmarked history goes on to the end."""
        below = self._next_filled(index)
        return below < 0 or _QUOTED.match(self.lines[below]) is None

    def _next_filled(self, index: int) -> int:
        for position in range(index, min(index + 5, len(self.lines))):
            if self.lines[position].strip():
                return position
        return -1

    def _starts_history(self, index: int, line: str) -> bool:
        stripped = line.strip()
        if not stripped or len(stripped) > 400 or not (stripped[0] in "-_=*" or ":" in stripped or "：" in stripped):
            return False
        if _is_forward_line(stripped):
            self.saw_forward = True
            return True
        dashed = _DASHED.fullmatch(stripped)
        if dashed:
            inner = dashed[1].lower()
            if any(word in inner for word in SEPARATORS):
                return True
            below = self._next_filled(index + 1)
            return below >= 0 and self._is_header_block(below)
        if len(stripped) >= 10 and _RULE.fullmatch(stripped):
            below = self._next_filled(index + 1)
            return below >= 0 and self._is_header_block(below)
        return self._is_header_block(index)

    def _is_header_block(self, index: int) -> bool:
        """From:, Sent:, To:, Subject: in any language, as Outlook puts it above what it quotes."""
        first = _LABEL.match(self.lines[index])
        if first is None or (not first[2] and not self.lines[index].strip().endswith("*")):
            return False
        label = first[1].strip().lower()
        is_from = label in FROM_LABELS
        known, labelled, dated = 0, 0, False
        addressed = _ADDRESS.search(first[2]) is not None
        misses = 0
        for line in self.lines[index + 1 : index + 12]:
            if not line.strip():
                if labelled >= 2:
                    break
                continue
            found = _LABEL.match(line)
            if found is None:
                misses += 1
                if misses > 2:
                    break
                continue
            labelled += 1
            value = found[2]
            known += found[1].strip().lower() in OTHER_LABELS or found[1].strip().lower() in FROM_LABELS
            dated = dated or ((_YEAR.search(value) is not None or _DATE.search(value) is not None) and _TIME.search(value) is not None)
            addressed = addressed or _ADDRESS.search(value) is not None
        if is_from or label in OTHER_LABELS:
            return known >= 2 and (is_from or addressed) and (dated or addressed or known >= 3)
        # An unknown language: the order sender, date with time, receiver is the same everywhere.
        return labelled >= 3 and misses == 0 and dated and addressed and _ADDRESS.search(first[2]) is not None


def _is_ordinary(line: str) -> bool:
    """Nearly every line: nothing in it can begin or be a quotation."""
    return ":" not in line and ">" not in line and line[:1] not in _MARKS and "：" not in line and not line.endswith(_BARE_ENDINGS)


def _is_attribution(line: str, *, marked: bool) -> bool:
    if not line.endswith((":", "：")) and not (marked or _ends_like_attribution(line)):
        return False
    lowered = line.lower()
    address = _ADDRESS.search(line) is not None
    time = _TIME.search(line) is not None
    date = _YEAR.search(line) is not None or _DATE.search(line) is not None
    wrote = _WROTE.search(lowered) is not None or lowered.endswith(("写道:", "寫道:", "写道：", "寫道：", "작성:"))
    if marked:
        return (wrote + address + (date or time)) >= 2 or (wrote and len(line) < 80 and line.endswith(":"))
    # Nothing marks what follows as quoted, so the line itself must leave no doubt.
    return (wrote and date and (time or address)) or (wrote and address and time) or (address and date and time and "<" in line)


def _ends_like_attribution(line: str) -> bool:
    return line.rstrip().endswith(_BARE_ENDINGS)


def _is_forward_line(line: str) -> bool:
    stripped = line.strip()
    if not 8 <= len(stripped) <= 100:
        return False
    lowered = stripped.strip("-_=* >").lower()
    if not lowered.startswith(FORWARDED):
        return False
    # A sentence may begin with the same words: a separator has dashes or ends with a colon.
    return stripped[0] in "-_=*" or stripped.endswith((":", "："))


def _without_signatures(kept: list[str | None]) -> list[str]:
    """Take the signature from each stretch of own lines."""
    out: list[str] = []
    stretch: list[str] = []
    for line in [*kept, None]:
        if line is not None:
            stretch.append(line)
            continue
        own = _cut_signature(stretch)
        if out and own and out[-1].strip():
            out.append("")
        out += own
        stretch = []
    return out


def _cut_signature(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        # RFC 3676 section 4.3: dash dash space. Without the space only above a few lines: it may be a rule.
        if line == "-- " and index and len(lines) - index <= 40:
            lines = lines[:index]
            break
        if line.rstrip() in {"--", "—"} and index and len(lines) - index <= 12 and not any(len(rest) > 120 for rest in lines[index:]):
            lines = lines[:index]
            break
    # The line a telephone adds stands at the end; farther up the same words are the person's own.
    end, looked_at = len(lines), 0
    while end and looked_at < 4:
        end -= 1
        if not lines[end].strip():
            continue
        looked_at += 1
        if _is_mobile_signature(lines[end]):
            return lines[:end] + lines[end + 1 :]
    return lines


def _is_mobile_signature(line: str) -> bool:
    lowered = line.strip(" \t\r*_-<>[]").lower()
    if not 6 <= len(lowered) <= 110:
        return False
    bare = lowered.partition("<http")[0].rstrip(" .<[(")
    if len(bare.split()) > 9 or bare.endswith(("?", "!", ":")):
        return False
    if not lowered.startswith(MOBILE_SIGNATURES):
        return False
    if lowered.startswith(("skickat ", "skickad ", "lähetetty ", "sent via ", "sent using ", "sendt ", "gönderildi", "elküldve ", "enviado ", "inviato ", "sent from a")):
        # Ordinary words too ("Skickat från kommunen kom ett brev"): only when a device or program is named.
        return any(word in bare for word in DEVICES)
    return True


DEVICES = (
    "iphone", "ipad", "android", "outlook", "samsung", "galaxy", "huawei", "xiaomi", "mobil", "telefon", "puhelim", "phone", "tablet",
    "yahoo", "gmail", "proton", "e-post", "mail", "windows", "telia", "sony", "motorola", "oneplus", "nokia", "pixel", "surfplatta",
    "blackberry", "handy", "laitte", "móvil", "celular", "app", "honor", "ipod", "mac", "doro",
) + MOBILE_ENDINGS  # fmt: skip

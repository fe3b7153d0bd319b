"""The header block of a mail or of a part: where it is, and what it says (RFC 5322 section 2.2)."""

import re
from dataclasses import dataclass

from normalizer.email.charset import unfold
from normalizer.email.encoded_words import decode_header
from normalizer.text import clean_line

MAX_VALUE = 128 * 1024
MAX_FIELDS = 3000
# No possessive quantifier gives back what it took: every pattern here reads each byte once.
_FIELD = re.compile(rb"^([!-9;-~]++)[ \t]*+:([^\n]*+(?:\n[ \t][^\n]*+)*+)", re.MULTILINE)
_BLANK_LINE = re.compile(rb"\n[\r]*+\n")
_LEADING = re.compile(rb"[\r\n]*+(?:>?From (?![ \t]*:)[^\n]*+\n)?+")
# the line that a mailbox file puts before a mail; "From :" is the field
_AFTER_FIELD = re.compile(rb"\r*+\n")
# A paragraph with "Note: ..." is no header block: only these show that the header goes on.
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to|references|mime-version|received"
    rb"|return-path|delivered-to|content-[a-z-]+|x-[!-9;-~]+|list-[a-z-]+|dkim-signature|arc-[a-z-]+"
    rb"|auto-submitted|precedence|authentication-results|thread-[a-z]+|resent-[a-z-]+)\Z",
    re.IGNORECASE,
)
_TRACE = frozenset((b"received", b"x-received", b"dkim-signature", b"arc-seal", b"arc-message-signature"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Headers:
    """The fields of one header block, names in lower case, values still bytes and folded."""

    fields: dict[str, list[bytes]]
    charset: str = ""
    # what the mail declares for its text: the best guess for raw 8-bit bytes in its header

    def raw(self, name: str) -> bytes:
        values = self.fields.get(name)
        return values[0] if values else b""

    def text(self, name: str) -> str:
        """The first value, decoded and clean, on one line."""
        values = self.fields.get(name)
        return clean_line(decode_header(values[0], self.charset)) if values else ""

    def unfolded(self, name: str) -> str:
        """All values on one line with commas between, encoded words left as they are."""
        values = self.fields.get(name)
        if not values:
            return ""
        return (
            ", ".join([unfold(value, self.charset) for value in values])
            if len(values) > 1
            else unfold(values[0], self.charset)
        )

    def has(self, name: str) -> bool:
        return name in self.fields

    def has_any(self, names: frozenset[str]) -> bool:
        return not names.isdisjoint(self.fields)


def read_headers(raw: bytes, start: int, end: int, *, top: bool = False) -> tuple[Headers, int]:
    """The header block at `start`, and where the body begins. `top`: a whole mail, not a part of one."""
    if top:
        leading = _LEADING.match(raw, start, end)
        start = leading.end() if leading else start
    first = _AFTER_FIELD.match(raw, start, end)
    if first:  # a part without header begins with the blank line
        return Headers(fields={}), first.end()
    blank = _BLANK_LINE.search(raw, start, end)
    block_end, body = (blank.start() + 1, blank.end()) if blank else (end, end)
    fields, stop = _read_fields(raw, start, block_end)
    return Headers(fields=fields), body if stop < 0 else stop


def _read_fields(raw: bytes, start: int, end: int) -> tuple[dict[str, list[bytes]], int]:
    """The fields, and where the body begins if it begins without a blank line (else -1)."""
    fields: dict[str, list[bytes]] = {}
    expected = start
    # where the next field must begin if nothing malformed stands between
    gap = -1
    # where something malformed began after which no known field has come
    count = 0
    for match in _FIELD.finditer(raw, start, end):
        name = match[1].lower()
        if gap < 0 and match.start() > expected:
            gap = expected
        if gap >= 0:
            if not _KNOWN.match(name):
                continue
            gap = -1
        expected = match.end() + 1
        count += 1
        if count > MAX_FIELDS and (name in _TRACE or len(fields) > MAX_FIELDS):
            continue
        values = fields.setdefault(name.decode("ascii"), [])
        if len(values) < 100:
            values.append(match[2][:MAX_VALUE].strip())
    if gap < 0 and expected < end and raw[expected:end].strip():
        gap = expected
    return fields, gap


def squeeze(value: bytes) -> bytes:
    """A header value without folding: the same whatever way it was folded on its way."""
    return b" ".join(value.split())

"""A mail as signatures see it: its header fields in order, and both canonical forms (RFC 6376 section 3.4).

Linear in the size of the mail. The body is taken in pieces, so that other threads get their turn.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_HEADER = 512_000
"""Bytes of a header block; beyond that nothing is evaluated."""
MAX_FIELDS = 1000

PIECE = 65_536
"""Bytes of a body canonicalised at a time."""

_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([!-9;-~]++)([ \t]*+):([^\n]*+(?:\n[ \t][^\n]*+)*+)\n?+")
_BLANKS = re.compile(rb"[ \t]++")
_LONE_FEED = re.compile(rb"(?<!\r)\n")
_CUT = re.compile(rb"[^ \t\r]|\r(?!\n)")

Field = tuple[bytes, bytes]
"""A name as it is written, and everything after its colon, without the last line end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """One mail, cut at the blank line. `fields` is empty when there are too many or they are too large."""

    fields: tuple[Field, ...]
    body: memoryview

    def values(self, name: bytes) -> list[bytes]:
        """The values of all fields of this name, the topmost first."""
        return [value for each, value in self.fields if each.lower() == name]


def split_mail(raw: bytes) -> Split:
    """Cut a mail into header fields and body. Never raises."""
    if b"\r\n" not in raw:
        raw = raw.replace(b"\n", b"\r\n")  # from a program that has only lone line feeds
    if raw[:2] == b"\r\n":
        return Split(fields=(), body=memoryview(raw)[2:])
    end = _END.search(raw)
    header_end, body = (end.start(), end.end()) if end else (len(raw), len(raw))
    fields: list[Field] = []
    if header_end <= MAX_HEADER:
        header = _LONE_FEED.sub(b"\r\n", raw[:header_end])
        at = 0
        while at < len(header) and len(fields) <= MAX_FIELDS:
            found = _FIELD.match(header, at)
            if found is None:  # a line that is no field, such as "From " of an mbox
                at = header.find(b"\n", at) + 1 or len(header)
                continue
            fields.append((found[1], found[3].removesuffix(b"\r")))
            at = found.end()
    return Split(fields=tuple(fields) if len(fields) <= MAX_FIELDS else (), body=memoryview(raw)[body:])


def canonical_field(field: Field, *, relaxed: bool) -> bytes:
    """One header field without the line end after it."""
    name, value = field
    if not relaxed:
        return name + b":" + value
    return name.lower() + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def hash_body(body: memoryview, *, relaxed: bool) -> tuple[bytes, int]:
    """SHA-256 of a canonical body, and how many bytes it has."""
    digest = hashlib.sha256()
    size = 0
    feeds = 0
    # line ends that count only when something comes after them
    for piece in _pieces(body):
        canonical = _BLANKS.sub(b" ", piece).replace(b" \r\n", b"\r\n") if relaxed else piece
        end = _without_feeds(canonical)
        if not end:
            feeds += len(canonical) // 2
            continue
        for part in (b"\r\n" * feeds, canonical[:end]):
            digest.update(part)
            size += len(part)
        feeds = (len(canonical) - end) // 2
    if size or not relaxed:
        # Section 3.4.3: the simple form of nothing is one line end; section 3.4.4: the relaxed is nothing.
        digest.update(b"\r\n")
        size += 2
    return digest.digest(), size


def _pieces(body: memoryview) -> Iterator[bytes]:
    """The body in pieces. No run of blanks is cut, and no CR LF: each piece has the form it has in the whole."""
    at = 0
    while at < len(body):
        cut = _CUT.search(body, at + PIECE)
        end = cut.end() if cut else len(body)
        piece = bytes(body[at:end])
        # The last line ends, even when its line end is missing.
        yield piece if cut or piece.endswith(b"\r\n") else piece + b"\r\n"
        at = end


def _without_feeds(piece: bytes) -> int:
    """Where the line ends begin with which a piece ends."""
    end = len(piece)
    tail = len(piece.rstrip(b"\r\n"))
    if piece[tail:] == b"\r\n" * ((end - tail) // 2):
        return tail
    while end >= 2 and piece[end - 2 : end] == b"\r\n":
        end -= 2
    return end


def read_tags(value: bytes, *, limit: int = 32_768) -> dict[str, str]:
    """A tag list (section 3.2), blanks removed. Raises ValueError when it is none."""
    if len(value) > limit:
        raise ValueError("too long")
    tags: dict[str, str] = {}
    for spec in value.decode("ascii", "replace").split(";"):
        name, equals, content = spec.partition("=")
        name = name.strip()
        if not name and not equals and not content.strip():
            continue
        if not name or not equals or name in tags:
            raise ValueError("not a list of tags")
        tags[name] = "".join(content.split())
    return tags


def without_signature(value: bytes) -> bytes:
    """The value of a signature's own field with an empty b= (section 3.5)."""
    specs = []
    for spec in value.split(b";"):
        name, equals, _ = spec.partition(b"=")
        specs.append(name + equals if name.strip() == b"b" and equals else spec)
    return b";".join(specs)


def select_fields(fields: Iterable[Field], names: list[str]) -> list[Field]:
    """The fields that h= names, each name once more from the bottom up (section 5.4.2)."""
    left: dict[str, list[Field]] = {}
    for field in fields:
        left.setdefault(field[0].decode("ascii").lower(), []).append(field)
    return [left[name].pop() for name in names if left.get(name)]

"""The structure of a mail: parts within parts, from bytes, never from decoded text (RFC 2045, 2046).

Parts are found without recursion and hold positions, not copies: what is not looked at costs nothing.
Whatever is too deep or too many becomes one leaf that holds the rest: nothing is dropped.
"""

import re
from binascii import a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass, field

from normalizer.email.charset import (
    decode_base64,
    decode_text,
    find_codec,
    looks_like_base64,
    split_footer,
    unfold,
)
from normalizer.email.headers import Headers, read_headers
from normalizer.email.parameters import parse_parameters
from normalizer.email.smime import read_signed
from normalizer.email.tnef import read_tnef
from normalizer.email.uuencode import split_uuencoded
from normalizer.email.yenc import split_yencoded

MAX_DEPTH = 30
MAX_PARTS = 1000
MAX_PACKED = 20
# winmail.dat files that are opened; Outlook sends one
MAX_TEXT = 1_500_000
# bytes of one text that are shown: the raw mail keeps it all
_DATA_URL = re.compile(rb"data:[a-z]{1,20}/[^\"'\s>]{100,}+")
_META_CHARSET = re.compile(
    rb"<meta\b[^>]{0,200}?charset\s*+=\s*+[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_MAX_MISSES = 5000
# lines that begin like a boundary and are none
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
_BOUNDARY_LINE = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*+\r*+\n(?=[Cc]ontent-)", re.MULTILINE)
_PLAIN = "text/plain"
_UUENCODE = frozenset((b"x-uuencode", b"uuencode", b"x-uue", b"uue", b"x-uu"))
_TNEF = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
_TYPE_OF_HTML, _UTF8 = "text/html", "utf-8"
OPAQUE = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
"""S/MIME as one file (RFC 8551 section 3.2): signed, encrypted or compressed."""
_ATTACHED_MAIL = frozenset(("message/rfc822", "message/global"))


@dataclass(slots=True, eq=False)
class Part:
    """One entity. Not frozen only because its children are found after it."""

    raw: bytes
    start: int
    end: int
    # the body is raw[start:end]
    headers: Headers
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    depth: int
    header_start: int = 0
    declared: bool = True
    # False: no usable Content-Type was there
    children: list["Part"] = field(default_factory=list)

    @property
    def charset(self) -> str:
        return self.parameters.get("charset", "")

    def content(self) -> bytes:
        """The decoded bytes (RFC 2045 section 6)."""
        data = self.raw[self.start : self.end]
        encoding = self.headers.raw("content-transfer-encoding")
        if not encoding:
            return data
        name = encoding.partition(b"(")[0].strip(b" \t\r\n;\"'").lower()
        if name == b"base64":
            if not self.is_text():
                return decode_base64(data)
            encoded, footer = split_footer(data)
            return decode_base64(encoded) + footer if footer or looks_like_base64(data) else data
        if name in {b"quoted-printable", b"quoted_printable", b"qp"}:
            return a2b_qp(data)
        if name in _UUENCODE:
            _, files = split_uuencoded(data.decode("latin-1"))
            return files[0][1] if files else data
        return data

    def is_text(self) -> bool:
        return self.content_type.startswith("text/")

    def text(self) -> str:
        """The decoded text, as far as a person could read it."""
        data = self.content()
        if len(data) > MAX_TEXT:
            # A picture inside the HTML is no reading matter, the words after it are.
            data = _DATA_URL.sub(b"", data) if self.content_type == "text/html" else data
            data = data[:MAX_TEXT]
        charset = self.charset
        if not charset and self.content_type == "text/html":
            declared = _META_CHARSET.search(data[:2048])
            charset = declared[1].decode("ascii") if declared else ""
        return decode_text(data, charset)

    def walk(self) -> Iterator["Part"]:
        """The part and all below it, in order."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def read_structure(raw: bytes) -> Part:
    """The whole mail as a tree of parts."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in raw and b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    root = _open(raw, 0, len(raw), depth=0, default=_PLAIN)
    waiting = [root]
    count = 1
    while waiting:
        part = waiting.pop()
        if part.content_type in OPAQUE and part.depth < MAX_DEPTH:
            _open_signed(part)
            waiting.extend(part.children)
            count += len(part.children)
            continue
        if not part.content_type.startswith("multipart/"):
            continue
        if part.depth >= MAX_DEPTH or count >= MAX_PARTS:
            part.content_type = "application/octet-stream"
            continue
        _divide(part, MAX_PARTS - count)
        count += len(part.children)
        waiting.extend(part.children)
    packed = 0
    for part in list(root.walk()):
        if part.content_type in _TNEF or part.filename.lower() == "winmail.dat":
            packed += 1
            if packed <= MAX_PACKED:
                _open_tnef(part, root)
        elif part.content_type == _PLAIN and b"=ybegin " in raw and part.disposition != "attachment":
            _open_yenc(part)
    return root


def _open_tnef(part: Part, root: Part) -> None:
    """The files inside take the place of winmail.dat, and the letter too where the mail has no other words."""
    if part.children:
        return
    packed = read_tnef(part.content())
    if packed is None:
        return
    found = [
        _made(part, file.content, file.content_type, file.name or f"attachment-{number}", "attachment")
        for number, file in enumerate(packed.files, start=1)
    ]
    if (packed.html or packed.text).strip() and not _has_words(root, part):
        letter = packed.html if packed.html.strip() else packed.text
        kind = _TYPE_OF_HTML if packed.html.strip() else _PLAIN
        found.insert(0, _made(part, letter.encode(_UTF8, "replace"), kind, "", ""))
    if found:
        part.content_type, part.disposition, part.filename, part.children = "multipart/mixed", "", "", found


def _has_words(root: Part, other: Part) -> bool:
    return any(
        part.content_type in {_PLAIN, _TYPE_OF_HTML}
        and part.disposition != "attachment"
        and part.content().strip()
        for part in root.walk()
        if part is not other and not part.children
    )


def _open_yenc(part: Part) -> None:
    text, files = split_yencoded(part.content())
    if files:
        letter = _made(part, text, _PLAIN, "", "")
        letter.parameters = dict(part.parameters)
        names = [(decode_text(name), content) for name, content in files]
        part.children = [letter, *(_made(part, content, "", name, "attachment") for name, content in names)]
        part.content_type = "multipart/mixed"


def _made(parent: Part, content: bytes, content_type: str, filename: str, disposition: str) -> Part:
    """A part that no header describes, from inside another."""
    return Part(
        raw=content, start=0, end=len(content), headers=Headers(fields={}), depth=parent.depth + 1,
        content_type=content_type if _TYPE.fullmatch(content_type) else "application/octet-stream",
        parameters={"charset": _UTF8} if content_type in {_PLAIN, _TYPE_OF_HTML} else {},
        disposition=disposition, filename=filename,
    )  # fmt: skip


def _open_signed(part: Part) -> None:
    """Signed and packed as one file by Outlook: what a mail program shows is the mail inside."""
    inner = read_signed(part.content())
    if inner is not None:
        part.content_type = "multipart/signed"
        part.children.append(_open(inner, 0, len(inner), depth=part.depth + 1, default=_PLAIN))


def _open(raw: bytes, start: int, end: int, *, depth: int, default: str) -> Part:
    headers, body = read_headers(raw, start, end, top=depth == 0)
    content_type = default
    parameters: dict[str, str] = {}
    declared = headers.has("content-type")
    if declared:
        content_type, parameters = parse_parameters(unfold(headers.raw("content-type")))
        if not _TYPE.fullmatch(content_type):
            # RFC 2045 section 5.2: what cannot be understood is plain text
            declared = False
            content_type = "text/html" if content_type in {"html", "text/htm"} else _PLAIN
    charset = find_codec(parameters.get("charset", ""))
    if charset not in {"", "utf-8", "cp1252"}:
        headers = Headers(fields=headers.fields, charset=charset)
    disposition = ""
    named: dict[str, str] = {}
    if headers.has("content-disposition"):
        disposition, named = parse_parameters(unfold(headers.raw("content-disposition")))
    return Part(
        raw=raw, start=min(body, end), end=end, headers=headers, content_type=content_type,
        parameters=parameters, disposition=disposition,
        filename=named.get("filename") or parameters.get("name") or named.get("name") or parameters.get("filename") or "",
        depth=depth, header_start=start, declared=declared,
    )  # fmt: skip


def _divide(part: Part, limit: int) -> None:
    """Find the children of a multipart (RFC 2046 section 5.1.1), with or without a true boundary."""
    boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    places = _find_boundaries(part, boundary, limit) if boundary else []
    if not places:
        # A missing or wrong boundary: the first line that looks like one before a part's header.
        guess = _BOUNDARY_LINE.search(part.raw, part.start, part.end)
        places = _find_boundaries(part, guess[1], limit) if guess else []
    if not places:
        encoding = part.headers.raw("content-transfer-encoding").strip().lower()
        if encoding in {b"base64", b"quoted-printable"} and boundary:
            # RFC 2045 section 6.4 forbids it; some senders encode the whole multipart all the same.
            data = part.content()
            part.headers.fields.pop("content-transfer-encoding")
            part.raw, part.start, part.end = data, 0, len(data)
            places = _find_boundaries(part, boundary, limit)
    if not places:
        part.content_type = _PLAIN
        part.declared = False
        return
    default = "message/rfc822" if part.content_type == "multipart/digest" else _PLAIN
    for start, end in places:
        part.children.append(_open(part.raw, start, end, depth=part.depth + 1, default=default))


def _find_boundaries(part: Part, boundary: bytes, limit: int) -> list[tuple[int, int]]:
    """Start and end of every child. The last runs to the end when its closing boundary is missing."""
    raw, position, end = part.raw, part.start, part.end
    line = b"--" + boundary
    places: list[tuple[int, int]] = []
    opened = -1
    misses = 0
    while misses < _MAX_MISSES:
        at = raw.find(line, position, end)
        if at < 0:
            break
        position = at + len(line)
        line_end = raw.find(b"\n", position, end)
        line_end = end if line_end < 0 else line_end
        rest = raw[position : min(line_end, position + 100)].strip()
        at_line_start = at == part.start or raw[at - 1] == 0x0A
        if not at_line_start or rest not in {b"", b"--"}:
            misses += 1
            continue
        if opened >= 0:
            places.append((opened, max(opened, _before_line_end(raw, opened, at))))
        opened = -1 if rest else min(line_end + 1, end)
        position = line_end
        if rest and places:
            break
        if len(places) >= limit - 1:
            break
    if opened >= 0:
        places.append((opened, end))
    return places


def _before_line_end(raw: bytes, start: int, at: int) -> int:
    """RFC 2046 section 5.1.1: the line end before a boundary belongs to the boundary."""
    if at > start and raw[at - 1] == 0x0A:
        at -= 1
        if at > start and raw[at - 1] == 0x0D:
            at -= 1
    return at


def attached_mail(part: Part) -> Part | None:
    """The mail inside a message/rfc822 part, read on its own; None for every other part."""
    if part.content_type not in _ATTACHED_MAIL:
        return None
    return read_structure(part.content())

"""RFC 2047 encoded words, wherever they stand, also the malformed ones that mailers send. Never raises."""

import re
from binascii import a2b_qp

from normalizer.email.charset import decode_base64, decode_text, find_codec, unfold

_GOES_ON = re.compile(r"[0-9A-F]{2}[^\s?]*+\?=")
# "?=" was no end but an unescaped question mark before an "=C3"


def decode_header(raw: bytes, charset: str = "") -> str:
    """A header value as text on one line: unfolded, raw 8-bit bytes and encoded words decoded."""
    return decode_words(unfold(raw, charset))


def decode_words(text: str) -> str:
    """Decode every encoded word; adjacent ones of one charset as one, for a character may be split between two."""
    start = text.find("=?")
    if start < 0:
        return text
    out: list[str] = []
    position = 0
    held: list[tuple[str, bytes]] = []
    held_charset = ""
    while start >= 0:
        word = _read_word(text, start)
        if word is None:
            if text.find("?=", start) < 0:
                break
            start = text.find("=?", start + 2)
            continue
        charset, encoding, content, end = word
        between = text[position:start]
        # RFC 2047 section 6.2: white space between two encoded words is not shown.
        if not (held_charset and not between.strip()):
            out.append(_decode(held, held_charset) + between)
            held = []
        elif held_charset != charset:
            out.append(_decode(held, held_charset))
            held = []
        held.append((encoding, content))
        held_charset = charset
        position = end
        start = text.find("=?", end)
    out.append(_decode(held, held_charset) + text[position:])
    return "".join(out)


def _decode(words: list[tuple[str, bytes]], charset: str) -> str:
    """The text of adjacent words: their bytes are joined first, then decoded."""
    data = b"".join([_decode_one(encoding, content) for encoding, content in words])
    if len(words) > 1 and any(encoding == "b" and len(content) % 4 for encoding, content in words[:-1]):
        joined = b"".join([content for _, content in words])
        if {encoding for encoding, _ in words} == {"b"} and _was_cut(words, data, joined, charset):
            data = decode_base64(joined)
    return decode_text(data, charset)


def _was_cut(words: list[tuple[str, bytes]], apart: bytes, joined: bytes, charset: str) -> bool:
    """Some mailers cut the base64 text itself into words, in the middle of a group of four (not RFC 2047)."""
    if b"=" in joined.rstrip(b"="):
        return False
    if any(len(content) % 4 == 1 for _, content in words):
        return True
    try:
        apart.decode(find_codec(charset) or "utf-8")
    except (UnicodeError, LookupError):
        return True
    # Both can be read: padding that was left off everywhere hardly adds up to whole groups.
    return len(joined) % 4 == 0


def _decode_one(encoding: str, content: bytes) -> bytes:
    if encoding == "b":
        return decode_base64(content)
    # "=" at the end would be taken for a soft line break, which no header has.
    return a2b_qp(content + b"3D" if content.endswith(b"=") else content, header=True)


def _read_word(text: str, start: int) -> tuple[str, str, bytes, int] | None:
    """Charset, encoding, content and end of the encoded word at `start`."""
    first = text.find("?", start + 2, start + 64)
    if first < 0 or text[first + 2 : first + 3] != "?":
        return None
    charset = text[start + 2 : first].partition("*")[0].lower()  # RFC 2231 section 5: charset*language
    encoding = text[first + 1].lower()
    end = text.find("?=", first + 3)
    if encoding == "q":
        while end >= 0 and _GOES_ON.match(text, end + 2):
            end = text.find("?=", end + 2)
    if end < 0 or not charset or " " in charset or encoding not in {"b", "q"}:
        return None
    return charset, encoding, text[first + 3 : end].encode("utf-8", "surrogatepass"), end + 2

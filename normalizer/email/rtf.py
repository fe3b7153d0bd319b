"""Rich text as Outlook packs it into winmail.dat: unpacked ([MS-OXRTFCP]), and to HTML or words ([MS-OXRTFEX])."""

import re

from normalizer.email.charset import decode_text

MAX_RTF = 2_000_000
MAX_GROUPS = 1000
_UNCOMPRESSED, _COMPRESSED = b"MELA", b"LZFu"
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    b"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_RING = 4096
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n]++|([^\\{}\r\n]++)",
    re.DOTALL,
)
_UNSEEN = frozenset(
    (b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer")
)
_WORDS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d", b"bullet": "\u2022",
          b"endash": "\u2013", b"emdash": "\u2014", b"cell": " ", b"row": "\n"}  # fmt: skip

_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}


def decompress(data: bytes) -> bytes:
    """The rich text in a compressed stream, as far as it goes; b"" when it is none."""
    if len(data) < 16:
        return b""
    if data[8:12] == _UNCOMPRESSED:
        return data[16 : 16 + MAX_RTF]
    if data[8:12] != _COMPRESSED:
        return b""
    ring = bytearray(_DICTIONARY.ljust(_RING, b"\0"))
    written = len(_DICTIONARY)
    out = bytearray()
    position = 16
    while position < len(data) and len(out) < MAX_RTF:
        flags = data[position]
        position += 1
        for bit in range(8):
            if not flags >> bit & 1:
                piece = data[position : position + 1]
                position += 1
            else:
                token = int.from_bytes(data[position : position + 2], "big")
                position += 2
                start, length = token >> 4, (token & 15) + 2
                if start == written % _RING or position > len(data):
                    return bytes(out)
                piece = b""
                for offset in range(length):
                    # The reference may reach into what it is itself writing.
                    byte = ring[(start + offset) % _RING]
                    ring[(written + offset) % _RING] = byte
                    piece += bytes((byte,))
            for byte in piece:
                ring[written % _RING] = byte
                written += 1
            out += piece
    return bytes(out)


def read_rtf(data: bytes) -> tuple[bool, str]:
    """Whether HTML was packed in it, and that HTML or the plain words."""
    reader = _Reader(is_html=b"\\fromhtml" in data[:400])
    for token in _TOKEN.finditer(data[:MAX_RTF]):
        reader.take(*token.groups())
    reader.flush()
    return reader.is_html, "".join(reader.out).replace("\0", "")


class _Reader:
    """What is shown so far, and which of the open groups are shown at all."""

    def __init__(self, *, is_html: bool) -> None:
        self.is_html = is_html
        self.out: list[str] = []
        self._held = bytearray()
        # bytes of the code page: a character may be two of them
        self._charset = "cp1252"
        self._hidden = [False]
        self._muted = False
        # \htmlrtf: what only a reader of rich text shall see
        self._starred = False
        self._skip = 0
        # characters that stand for the one that \u gave

    def take(
        self, word: bytes | None, number: bytes | None, code: bytes | None, symbol: bytes | None,
        brace: bytes | None, text: bytes | None,
    ) -> None:  # fmt: skip
        if not code:
            self.flush()
        if brace == b"{":
            if len(self._hidden) < MAX_GROUPS:
                self._hidden.append(self._hidden[-1])
        elif brace:
            self._hidden = self._hidden[:-1] if len(self._hidden) > 1 else self._hidden
        elif symbol == b"*":
            self._starred = True
        elif word is not None:
            self._take_word(word, number)
            self._starred = False
        elif not (self._hidden[-1] or self._muted):
            self._show(code, symbol, text)

    def flush(self) -> None:
        if self._held:
            self.out.append(decode_text(bytes(self._held), self._charset))
            self._held.clear()

    def _take_word(self, word: bytes, number: bytes | None) -> None:
        if word == b"ansicpg" and number:
            self._charset = f"cp{int(number)}"
        elif word == b"htmlrtf":
            self._muted = self.is_html and number != b"0"
        elif word in _UNSEEN or (self._starred and not (self.is_html and word == b"htmltag")):
            self._hidden[-1] = True
        elif not (self._hidden[-1] or self._muted):
            if word == b"u" and number:
                code_point = int(number) % 0x10000
                self.out.append("" if 0xD800 <= code_point < 0xE000 else chr(code_point))
                self._skip = 1
            else:
                self.out.append(_WORDS.get(word, ""))

    def _show(self, code: bytes | None, symbol: bytes | None, text: bytes | None) -> None:
        if code and self._skip:
            self._skip -= 1
        elif code:
            self._held.append(int(code, 16))
        elif symbol:
            self.out.append(_SYMBOLS.get(symbol, ""))
        elif text:
            self.out.append(decode_text(text[self._skip :], self._charset))
            self._skip = 0

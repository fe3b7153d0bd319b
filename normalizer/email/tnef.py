"""winmail.dat: what Outlook wraps a mail in when it takes the other side for Outlook too ([MS-OXTNEF]).

A stream of attributes, read forward once; every length is checked against what is there. Damage ends the reading,
what was read until then counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from normalizer.email.charset import decode_text
from normalizer.email.rtf import decompress, read_rtf

MAX_FILES = 200
MAX_ATTRIBUTES = 5000
_SIGNATURE = 0x223E9F78
_HEADER = 6
# signature and key
# [MS-OXTNEF] section 2.1.3.2: attribute ids
_BODY, _MAPI, _NEW_FILE, _TITLE, _DATA, _FILE_MAPI, _CODEPAGE = (
    0x800C,
    0x9003,
    0x9002,
    0x8010,
    0x800F,
    0x9005,
    0x9007,
)
# [MS-OXPROPS]: property ids
_PLAIN, _RTF, _HTML, _FILE_DATA, _SHORT_NAME, _LONG_NAME, _MIME_TYPE, _CONTENT_ID = (
    0x1000,
    0x1009,
    0x1013,
    0x3701,
    0x3704,
    0x3707,
    0x370E,
    0x3712,
)
# [MS-OXCDATA] section 2.11.1: how many bytes a value of fixed length has in this stream
_FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8, 0x0040: 8, 0x0048: 16}  # fmt: skip
_TEXT8, _TEXT16, _OBJECT, _BINARY = 0x001E, 0x001F, 0x000D, 0x0102
_SEVERAL, _NAMED = 0x1000, 0x8000


@dataclass(slots=True)
class PackedFile:
    name: str = ""
    content_type: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Packed:
    """What was in it. `html` and `text` are the same words in two forms; either may be empty."""

    text: str = ""
    html: str = ""
    files: list[PackedFile] = field(default_factory=list)


def read_tnef(data: bytes) -> Packed | None:
    """The letter and the files inside; None when it is no such stream."""
    if len(data) < _HEADER or int.from_bytes(data[:4], "little") != _SIGNATURE:
        return None
    packed = Packed()
    codepage = ""
    for number, content in _attributes(data):
        if number == _CODEPAGE:
            codepage = f"cp{int.from_bytes(content[:4], 'little')}"
        elif number == _BODY:
            packed.text = packed.text or decode_text(content.rstrip(b"\0"), codepage)
        elif number == _MAPI:
            _read_letter(packed, content, codepage)
        elif number == _NEW_FILE and len(packed.files) < MAX_FILES:
            packed.files.append(PackedFile())
        elif number in {_TITLE, _DATA, _FILE_MAPI} and packed.files:
            _read_file(packed.files[-1], number, content, codepage)
    packed.files = [file for file in packed.files if file.content or file.name]
    return packed


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = _HEADER
    for _ in range(MAX_ATTRIBUTES):
        if position + 9 > len(data):
            return
        number = int.from_bytes(data[position + 1 : position + 3], "little")
        length = int.from_bytes(data[position + 5 : position + 9], "little")
        position += 9
        if position + length > len(data) + 2:
            return
        yield number, data[position : position + length]
        position += length + 2  # a checksum


def _read_letter(packed: Packed, content: bytes, codepage: str) -> None:
    for number, value in _properties(content, codepage):
        if number == _PLAIN and isinstance(value, str):
            packed.text = packed.text or value
        elif number == _HTML:
            packed.html = packed.html or (value if isinstance(value, str) else decode_text(value, codepage))
        elif number == _RTF and isinstance(value, bytes):
            is_html, text = read_rtf(decompress(value))
            packed.html, packed.text = (
                (packed.html or text, packed.text) if is_html else (packed.html, packed.text or text)
            )


def _read_file(file: PackedFile, number: int, content: bytes, codepage: str) -> None:
    if number == _TITLE:
        file.name = file.name or decode_text(content.rstrip(b"\0"), codepage)
    elif number == _DATA:
        file.content = content
    else:
        for key, value in _properties(content, codepage):
            if key == _LONG_NAME and isinstance(value, str) and value:
                file.name = value
            elif key == _SHORT_NAME and isinstance(value, str):
                file.name = file.name or value
            elif key == _MIME_TYPE and isinstance(value, str):
                file.content_type = value.strip().lower()
            elif key == _FILE_DATA and isinstance(value, bytes):
                # an object begins with the id of its interface
                file.content = file.content or value[16:]


def _properties(data: bytes, codepage: str) -> Iterator[tuple[int, str | bytes]]:
    """[MS-OXTNEF] section 2.1.3.4: property id and value, those of text and of bytes only."""
    position = 4
    for _ in range(min(int.from_bytes(data[:4], "little"), MAX_ATTRIBUTES)):
        kind = int.from_bytes(data[position : position + 2], "little")
        number = int.from_bytes(data[position + 2 : position + 4], "little")
        position += 4
        if number >= _NAMED:
            position = _skip_name(data, position)
        values, position = _values(data, position, kind)
        for value in values:
            if kind & ~_SEVERAL == _TEXT8:
                yield number, decode_text(value.rstrip(b"\0"), codepage)
            elif kind & ~_SEVERAL == _TEXT16:
                yield number, value.decode("utf-16-le", "replace").rstrip("\0")
            else:
                yield number, value
        if position > len(data):
            return


def _values(data: bytes, position: int, kind: int) -> tuple[list[bytes], int]:
    """The values of one property that have a length of their own, and where the next one is."""
    plain = kind & ~_SEVERAL
    is_long = plain in {_TEXT8, _TEXT16, _OBJECT, _BINARY}
    count = 1
    if is_long or kind & _SEVERAL:
        count = int.from_bytes(data[position : position + 4], "little")
        position += 4
    values: list[bytes] = []
    for _ in range(min(count, MAX_ATTRIBUTES)):
        length = _FIXED.get(plain, 0)
        if is_long:
            length = int.from_bytes(data[position : position + 4], "little")
            position += 4
        if (length == 0 and not is_long) or position + length > len(data):
            return values, len(data) + 1
        if is_long:
            values.append(data[position : position + length])
        position += length + (-length % 4)
    return values, position


def _skip_name(data: bytes, position: int) -> int:
    """A named property: 16 bytes of a GUID, then a number or a name."""
    has_name = int.from_bytes(data[position + 16 : position + 20], "little") == 1
    position += 20
    length = int.from_bytes(data[position : position + 4], "little")
    return position + 4 + (length + (-length % 4) if has_name else 0)

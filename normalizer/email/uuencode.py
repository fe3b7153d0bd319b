"""Files that stand uuencoded in the text of a mail, as before MIME (POSIX uuencode)."""

import re
from binascii import Error as UuError
from binascii import a2b_uu

_BEGIN = re.compile(r"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,250})\r?\n", re.MULTILINE)
MAX_FILES = 50


def split_uuencoded(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without the files, and the files. What is no whole, sound file stays text."""
    files: list[tuple[str, bytes]] = []
    kept: list[str] = []
    position = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < position or len(files) >= MAX_FILES:
            continue
        decoded = _decode(text, begin.end())
        if decoded is None:
            continue
        content, end = decoded
        kept.append(text[position : begin.start()])
        files.append((begin[1].strip(), content))
        position = end
    if not files:
        return text, []
    return "".join([*kept, text[position:]]), files


def _decode(text: str, start: int) -> tuple[bytes, int] | None:
    """The bytes, and where the text goes on; None at the first line that no uuencoder writes."""
    content: list[bytes] = []
    position = start
    while True:
        end = text.find("\n", position)
        line = text[position : end if end >= 0 else len(text)].rstrip("\r")
        if line == "end" and content:
            return b"".join(content), end + 1 if end >= 0 else len(text)
        length = (ord(line[0]) - 32) & 63 if line and "!" <= line[0] <= "`" else 0
        # trailing blanks are often lost on the way: they count as zero bits
        if end < 0 or not line.isascii() or len(line) > 1 + (length + 2) // 3 * 4 + 2:
            return None
        try:
            content.append(a2b_uu(line) if line.strip(" `") else b"")
        except UuError:
            return None
        position = end + 1

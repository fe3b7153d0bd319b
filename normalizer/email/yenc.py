"""Files that stand yEncoded in the text, as news readers post them (yEnc 1.3)."""

import re

MAX_FILES = 50
_BEGIN = re.compile(
    rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,250})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?", re.MULTILINE
)
_END = re.compile(rb"^=yend[^\r\n]{0,200}\r?\n?", re.MULTILINE)
_ESCAPED = re.compile(rb"=(.)", re.DOTALL)
_SHIFTED = bytes((value - 42) % 256 for value in range(256))


def split_yencoded(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The text without the files, and name and bytes of each. What has no end stays text."""
    kept: list[bytes] = []
    files: list[tuple[bytes, bytes]] = []
    position = 0
    while len(files) < MAX_FILES:
        begin = _BEGIN.search(data, position)
        end = _END.search(data, begin.end()) if begin else None
        if begin is None or end is None:
            break
        kept.append(data[position : begin.start()])
        lines = data[begin.end() : end.start()].translate(None, b"\r\n")
        plain = _ESCAPED.sub(lambda found: bytes(((found[1][0] - 64) % 256,)), lines)
        files.append((begin[1].strip(), plain.translate(_SHIFTED)))
        position = end.end()
    return b"".join([*kept, data[position:]]), files

"""Mail as it lies in archives: mbox in its kinds, Maildir, MH folders, and trees of .eml files. Read lazily.

Nothing here is ever changed. Of a mailbox file only one mail is in memory at a time.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

from normalizer.email.dates import parse_date

LINE = 65_536
"""Bytes read of a line at a time: a line may be as long as the file."""

Problem = Literal["", "unreadable", "too-large", "empty", "no-mail"]

_DAYS = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTHS = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATED = re.compile(
    rb"\b%b,? {1,3}(?:%b {1,3}\d{1,2}|\d{1,2} %b(?: \d{4})?),? {1,3}\d{1,2}:\d\d" % (_DAYS, _MONTHS, _MONTHS)
)
"""The date in a From_ line, as asctime and as others write it."""

_FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]{0,10}:|>?From ")
_LENGTH = re.compile(rb"content-length[ \t]{0,10}:\s{0,10}(\d{1,12})\s{0,10}\Z", re.IGNORECASE)
_QUOTED = re.compile(rb"^>(>*+From )", re.MULTILINE)
_UNQUOTED = re.compile(rb"^From ", re.MULTILINE)
_DELIVERED = re.compile(r"(\d{9,10})\.")
"""A Maildir name begins with the second of its delivery."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One file in which there should be mail, or one that is passed over."""

    path: Path
    kind: Literal["mbox", "mail", "maildir", "other", "unreadable"]
    size: int = 0
    # bytes
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One mail, or why one place gave none."""

    where: str
    # for a person: the file, and in a mailbox file the number of the mail and where it begins
    content: bytes = b""
    arrived: datetime | None = None
    # what the archive itself says about it
    size: int = 0
    # bytes of the source that are done with it
    problem: Problem = ""
    detail: str = ""


def find_sources(paths: Sequence[Path]) -> Iterator[Source]:
    """Every file below these paths, in the order of their names. What is named itself is taken for mail."""
    for path in paths:
        if path.is_dir():
            yield from _walk(path)
        else:
            yield _look_at(path, named=True)


def _walk(folder: Path) -> Iterator[Source]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield Source(path=folder, kind="unreadable", detail=error.strerror or "")
        return
    # Beside new and cur a Maildir has only files of its server, and folders, which are Maildirs too.
    is_maildir = {"cur", "new"} <= {each.name for each in found if each.is_dir(follow_symlinks=False)}
    for each in found:
        path = Path(each.path)
        if each.is_dir(follow_symlinks=False):
            if is_maildir and each.name in {"cur", "new"}:
                yield from (_as_maildir(source) for source in _walk(path))
            elif not (is_maildir and each.name == "tmp"):
                yield from _walk(path)
        elif not is_maildir:
            yield _look_at(path)


def _as_maildir(source: Source) -> Source:
    if source.kind == "unreadable":
        return source
    return Source(path=source.path, kind="maildir", size=source.size)


def _look_at(path: Path, *, named: bool = False) -> Source:
    try:
        if not path.is_file():  # a device or a pipe could be read for ever
            return Source(path=path, kind="unreadable" if named else "other", detail="it is no file")
        size = path.stat().st_size
        if path.suffix.lower() == ".eml":
            return Source(path=path, kind="mail", size=size)
        with path.open("rb") as file:
            begins_as_mbox = file.read(64).lstrip(b"\xef\xbb\xbf\r\n").startswith(b"From ")
    except OSError as error:
        return Source(path=path, kind="unreadable", detail=error.strerror or "")
    if begins_as_mbox or (path.suffix.lower() == ".mbox" and not size):
        return Source(path=path, kind="mbox", size=size)
    # An MH folder names its mails by numbers.
    return Source(path=path, kind="mail" if named or path.name.isdecimal() else "other", size=size)


def read_source(source: Source, largest: int) -> Iterator[Found]:
    """The mails of one source. What is larger than `largest` bytes is told of, not read."""
    where = _show(source.path)
    if source.kind in {"other", "unreadable"}:
        problem: Problem = "no-mail" if source.kind == "other" else "unreadable"
        yield Found(where=where, size=source.size, problem=problem, detail=source.detail)
        return
    try:
        if source.kind == "mbox":
            with source.path.open("rb", buffering=1 << 18) as file:
                yield from _Mbox(file, where, largest).read()
        else:
            yield _read_file(source, where, largest)
    except OSError as error:
        yield Found(where=where, size=source.size, problem="unreadable", detail=error.strerror or "")


def _read_file(source: Source, where: str, largest: int) -> Found:
    with source.path.open("rb") as file:
        content = file.read(largest + 1)
        changed = os.fstat(file.fileno()).st_mtime
    if len(content) > largest:
        return Found(where=where, size=source.size, problem="too-large", detail=f"{source.size} bytes")
    if not content.strip():
        return Found(where=where, size=source.size, problem="empty")
    delivered = _DELIVERED.match(source.path.name) if source.kind == "maildir" else None
    arrived = datetime.fromtimestamp(int(delivered[1]) if delivered else changed, UTC)
    return Found(where=where, content=content, arrived=arrived, size=source.size)


class _Mbox:
    """One mailbox file (RFC 4155), whichever of its kinds: mboxo, mboxrd, mboxcl or mboxcl2.

    A mail begins with a line "From ADDRESS DATE" before which there is a blank line and after which there is a
    header field; where the first such line of the file has no date, none needs one. A Content-Length is believed when
    another mail, or the end of the file, is where it says.
    """

    def __init__(self, file: BinaryIO, where: str, largest: int) -> None:
        self._file = file
        self._where = where
        self._largest = largest
        self._end = os.fstat(file.fileno()).st_size
        self._dated = True
        self._number = 0

    def read(self) -> Iterator[Found]:
        start = 0
        line = self._file.readline(LINE)
        while line and not line.startswith(b"From "):  # blank lines, a byte order mark
            rest = line.lstrip(b"\xef\xbb\xbf")
            line = rest if rest.startswith(b"From ") else self._file.readline(LINE)
        self._dated = bool(_DATED.search(line[:400]))
        while line:
            self._number += 1
            found, line = self._read_one(line, start)
            start = self._file.tell() - len(line)
            yield found

    def _read_one(self, from_line: bytes, start: int) -> tuple[Found, bytes]:
        """The mail after this From_ line, and the From_ line of the next one, if there is one."""
        header, length = self._read_header()
        body, following = self._read_counted(len(header), length) or self._read_body(len(header))
        size = self._file.tell() - len(following) - start
        where = f"{self._where}, mail {self._number} at byte {start}"
        if body is None:
            return Found(where=where, size=size, problem="too-large", detail=f"{size} bytes"), following
        # One kind quotes nothing: there a line "From " stands as it was written.
        content = header + (body if _UNQUOTED.search(body) else _QUOTED.sub(rb"\1", body))
        if not content.strip():
            return Found(where=where, size=size, problem="empty"), following
        dated = _DATED.search(from_line[:400])
        arrived = parse_date(from_line[dated.start() : 400].decode("latin-1")) if dated else None
        return Found(where=where, content=content, arrived=arrived, size=size), following

    def _read_header(self) -> tuple[bytes, int]:
        """Up to the blank line, and the Content-Length in it, or -1."""
        lines: list[bytes] = []
        length, size = -1, 0
        while size <= self._largest and (line := self._file.readline(LINE)):
            lines.append(line)
            size += len(line)
            if counted := _LENGTH.match(line):
                length = int(counted[1])
            if not line.strip(b"\r\n"):
                break
        return b"".join(lines), length

    def _read_counted(self, before: int, length: int) -> tuple[bytes | None, bytes] | None:
        """The body by its Content-Length (None: too large) and the next From_ line; None when it is not true."""
        start = self._file.tell()
        if length < 0 or start + length > self._end:
            return None
        self._file.seek(start + length)
        line = self._file.readline(LINE)
        for _ in range(2):
            if line and not line.strip(b"\r\n"):
                line = self._file.readline(LINE)
        if line and not self._begins(line):
            self._file.seek(start)
            return None
        following = self._file.tell()
        self._file.seek(start)
        body = self._file.read(length) if before + length <= self._largest else None
        self._file.seek(following)
        return body, line

    def _read_body(self, before: int) -> tuple[bytes | None, bytes]:
        """The body up to the next From_ line (None: too large), and that line."""
        parts: list[bytes] = []
        size, blank, whole = before, True, True
        line = self._file.readline(LINE)
        while line and not (blank and whole and self._begins(line)):
            size += len(line)
            if size <= self._largest + 2:
                parts.append(line)
            else:
                parts.clear()
            blank = whole and not line.strip(b"\r\n")
            whole = line.endswith(b"\n")
            line = self._file.readline(LINE)
        if blank and parts:
            parts.pop()  # the blank line before the next mail belongs to the mailbox
        return (b"".join(parts) if size <= self._largest + 2 else None), line

    def _begins(self, line: bytes) -> bool:
        """Whether a mail begins with this line, which has just been read. Leaves the file where it is."""
        if not line.startswith(b"From ") or (self._dated and not _DATED.search(line[:400])):
            return False
        here = self._file.tell()
        following = self._file.readline(LINE)
        self._file.seek(here)
        return bool(_FIELD.match(following))


def _show(path: Path) -> str:
    """A path as text, whatever bytes it is made of."""
    return os.fsencode(path).decode("utf-8", "replace")

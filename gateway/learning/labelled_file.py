"""A city's own decisions in a CSV file, as examples in the order of time."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from normalizer.learning.learner import Example

LARGEST_FILE: Final = 1 << 30
NO_TIME: Final = "none"
"""In place of a column: the file is in the order of time."""
_LONGEST_FIELD = 10_000_000
_SNIFFED = 8_192
_TEXT_NAMES = ("text", "message", "description", "body")
_LABEL_NAMES = ("label", "unit", "department", "responsible", "category")
_TIME_NAMES = ("time", "date", "created", "created_at", "reported_at", "received_at", "timestamp")


class UnusableFile(ValueError):
    """The file cannot be used. Says why, never with a message's text."""


class Read(NamedTuple):
    """What a file held."""

    examples: Sequence[Example]
    skipped: int
    # lines without a text or without a label
    columns: tuple[str, str, str | None]
    # text, label, time; None: the order of the file is taken for that of time


def read_labelled(file: Path, *, text: str | None, label: str | None, time: str | None) -> Read:
    """Read a CSV file. A column that is not named is found by its usual names. Raises UnusableFile."""
    content = _decode(file)
    rows = csv.reader(io.StringIO(content, newline=""), _dialect(content))
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        header = [name.strip() for name in next(rows, [])]
        columns = (
            _column(header, text, _TEXT_NAMES, "--text"),
            _column(header, label, _LABEL_NAMES, "--label"),
            None if time == NO_TIME else _time_column(header, time),
        )
        kept, skipped = _collect(rows, columns)
    except csv.Error as error:
        raise UnusableFile(f"{file}: not a CSV file: {error}") from error
    if columns[2] is not None:
        # Stable: what came at the same moment stays in the order of the file.
        kept.sort(key=lambda each: each[0])
    named = (header[columns[0]], header[columns[1]], None if columns[2] is None else header[columns[2]])
    return Read([example for _, example in kept], skipped, named)


def _collect(
    rows: Iterable[list[str]], columns: tuple[int, int, int | None]
) -> tuple[list[tuple[datetime, Example]], int]:
    kept: list[tuple[datetime, Example]] = []
    skipped = 0
    text, label, time = columns
    for number, row in enumerate(rows, 2):
        if max(text, label, time or 0) >= len(row) or not row[text].strip() or not row[label].strip():
            skipped += bool(row)
            continue
        moment = datetime.min.replace(tzinfo=UTC) if time is None else _moment(row[time], number)
        kept.append((moment, Example(row[text], row[label].strip())))
    return kept, skipped


def _moment(written: str, row: int) -> datetime:
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError as error:
        raise UnusableFile(
            f"row {row}: the time is not like 2026-11-22 or 2026-11-22T17:27:00 (ISO 8601). "
            "Sort the file by time and leave the column out with --time none."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _column(header: Sequence[str], wanted: str | None, usual: Sequence[str], option: str) -> int:
    if wanted is not None:
        if wanted not in header:
            raise UnusableFile(f"{option}: there is no column {wanted!r}. There are: {', '.join(header)}")
        return header.index(wanted)
    found = _find(header, usual)
    if found is None:
        raise UnusableFile(f"which column is it? Name it with {option}. There are: {', '.join(header)}")
    return found


def _time_column(header: Sequence[str], wanted: str | None) -> int | None:
    return _find(header, _TIME_NAMES) if wanted is None else _column(header, wanted, (), "--time")


def _find(header: Sequence[str], usual: Sequence[str]) -> int | None:
    lowered = [name.lower() for name in header]
    return next((lowered.index(name) for name in usual if name in lowered), None)


def _decode(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise UnusableFile(f"{file}: larger than {LARGEST_FILE >> 20} MB")
        content = file.read_bytes()
    except OSError as error:
        raise UnusableFile(f"{file}: {error.strerror}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel on Windows writes it where it is not told otherwise.
        return content.decode("cp1252", "replace")


def _dialect(content: str) -> type[csv.Dialect]:
    """Comma, semicolon or tab: whichever the header has most of. csv.Sniffer looks at text and errs."""
    first = content[:_SNIFFED].partition("\n")[0]

    class Found(csv.excel):
        delimiter = max((",", ";", "\t"), key=first.count)

    return Found

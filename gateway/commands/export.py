"""The command `kvitto export`: the records of cases as a file, for reports and archives."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from config.settings import load_settings
from gateway.commands import show
from gateway.commands.terminal import ConfigFile, has_store, leave, use_store

if TYPE_CHECKING:
    from normalizer.organisation import Organisation
    from store.access import Scope
    from store.database import Database

AT_ONCE = 500
"""Cases in memory at a time, however many there are."""

_ZONE = ZoneInfo("Europe/Stockholm")

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""How a cell begins that a spreadsheet would work out (https://owasp.org/www-community/attacks/CSV_Injection)."""

Write = Callable[[Sequence[dict[str, Any]]], None]


class Format(StrEnum):
    """What a file can be."""

    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"


def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write. - is standard output.")],
    board: Annotated[
        list[str] | None, typer.Option(help="A board whose cases it is. Left out: of all boards.")
    ] = None,
    file_format: Annotated[Format, typer.Option("--format", help="What the file is.")] = Format.csv,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Received on this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Received on this day or earlier.")
    ] = None,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="With what residents wrote, and who they are.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Write the records of cases to a file. Of a case that is marked secret or protected: what the register holds."""
    from gateway.parts import read_city  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    city = read_city(settings)
    scope = _draw_scope(city, board or ())
    if not has_store(settings):
        leave("There is no store yet. Start Kvitto once, or run: kvitto migrate")
    if file_format is Format.parquet and str(output) == "-":
        leave("A Parquet file needs a name: -o cases.parquet")
    names = _list_columns(with_text)
    begins = _midnight(since.date()) if since else None
    ends = _midnight(date.fromordinal(until.date().toordinal() + 1)) if until else None

    async def work(database: "Database") -> int:
        from store import records  # noqa: PLC0415  # see gateway.__main__.serve

        span: dict[str, Any] = {"scope": scope, "since": begins, "until": ends}
        number = await database.read(partial(records.count_records, **span))
        written, after = 0, ""
        with _WRITERS[file_format](output, names) as write, show.progress("Writing", number) as step:
            while True:
                page = partial(_read, city=city, after=after, with_text=with_text, **span)
                found, after = await database.read(page)
                if not found:
                    return written
                write(found)
                written += len(found)
                for _ in found:
                    step()

    written = use_store(settings, work)
    if str(output) != "-":
        typer.echo(f"{written} cases are in {output}.")


def _read(
    connection: Any, *, city: "Organisation", after: str, with_text: bool, **span: Any
) -> tuple[list[dict[str, Any]], str]:
    """The next cases as records, and where the next piece begins."""
    from gateway.downstream.records import make_record, make_texts  # noqa: PLC0415
    from store import records  # noqa: PLC0415

    rows = records.list_records(connection, after=after, limit=AT_ONCE, **span)
    texts = records.list_texts(connection, span["scope"], [row.id for row in rows]) if with_text else {}
    found = []
    for row in rows:
        record = make_record(row, city)
        found.append(record | make_texts(row, texts.get(row.id, ())) if with_text else record)
    return found, rows[-1].id if rows else after


def _draw_scope(city: "Organisation", boards: Sequence[str]) -> "Scope":
    from gateway.downstream.scopes import EVERY, draw_scope  # noqa: PLC0415
    from store.access import Scope  # noqa: PLC0415

    known = {each for one in city.departments.values() for each in one.boards}
    if wrong := [each for each in boards if each not in known]:
        leave(f"The organisation has no board {', '.join(wrong)}. There are: {', '.join(sorted(known))}.")
    whole = draw_scope(city, boards or (EVERY,), ()).whole
    return Scope(whole=whole, listed=whole)


def _list_columns(with_text: bool) -> tuple[str, ...]:
    from gateway.downstream.records import FIELDS, TEXT_FIELDS  # noqa: PLC0415

    return (*FIELDS, *TEXT_FIELDS) if with_text else FIELDS


def _midnight(day: date) -> datetime:
    """When a Swedish day begins."""
    return datetime.combine(day, time.min, _ZONE).astimezone(UTC)


@contextmanager
def _open(output: Path, *, newline: str | None = None) -> Iterator[IO[str]]:
    if str(output) == "-":
        yield sys.stdout
        return
    with output.open("w", encoding="utf-8", newline=newline) as file:
        yield file


@contextmanager
def _write_csv(output: Path, names: Sequence[str]) -> Iterator[Write]:
    with _open(output, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)

        def write(records: Sequence[dict[str, Any]]) -> None:
            writer.writerows([[guard_cell(record[name]) for name in names] for record in records])

        yield write


@contextmanager
def _write_lines(output: Path, _names: Sequence[str]) -> Iterator[Write]:
    with _open(output) as file:

        def write(records: Sequence[dict[str, Any]]) -> None:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)

        yield write


@contextmanager
def _write_parquet(output: Path, names: Sequence[str]) -> Iterator[Write]:
    try:
        import pyarrow as pa  # noqa: PLC0415  # large, and for those who want it
        import pyarrow.parquet as pq  # noqa: PLC0415  # the same
    except ImportError:
        leave(
            "Parquet needs the package pyarrow: pip install 'kvitto[parquet]'. Or take --format csv or jsonl."
        )
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(output, schema) as writer:

        def write(records: Sequence[dict[str, Any]]) -> None:
            columns = {name: [_plain(record[name]) for record in records] for name in names}
            writer.write_table(pa.table(columns, schema=schema))

        yield write


_WRITERS = {Format.csv: _write_csv, Format.jsonl: _write_lines, Format.parquet: _write_parquet}


def guard_cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: those get an apostrophe before them."""
    text = _plain(value) or ""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _plain(value: Any) -> str | None:
    """One text for one cell; lists of words with commas between, all else as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)

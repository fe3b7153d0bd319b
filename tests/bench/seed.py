"""A database with many cases in it, made from a few that the product itself has written.

Every row is a copy of a real one under new ids, so it has the size and the shape that rows have today.
"""

import os
import sqlite3
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

CHUNK = 500
TWO_YEARS = 2 * 365 * 86_400_000
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TABLES = ("cases", "raw_messages", "messages", "outbox", "events")


Row = dict[str, Any]


def multiply(
    file: Path,
    wanted: int,
    progress: Callable[[int], None],
    tables: Sequence[str] = TABLES,
    vary: Callable[[Row, int], None] = lambda *_: None,
) -> None:
    """Fill the database up to so many cases. The service must not be running.

    `vary` may change each copied case, which it is given with its time in milliseconds.
    """
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -200000")
    models = _models(database, tables)
    newest = int(min(model["cases"][0]["id"] for model in models)[:12], 16)
    have = database.execute("SELECT count(*) FROM cases").fetchone()[0]
    step = max(1, TWO_YEARS // max(wanted, 1))
    numbers = iter(range(wanted - have))
    while chunk := list(islice(numbers, CHUNK)):
        rows: dict[str, list[Row]] = {name: [] for name in tables}
        for number in chunk:
            # Older than all real ones, in order of time: as if they had come over two years.
            moment = newest - (wanted - number) * step
            _copy(models[number % len(models)], moment, rows)
            vary(rows["cases"][-1], moment)
        database.execute("BEGIN")
        for name, copies in rows.items():
            if copies:
                _insert(database, name, copies)
        database.execute("COMMIT")
        progress(len(chunk))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _models(database: sqlite3.Connection, tables: Sequence[str]) -> list[dict[str, list[Row]]]:
    """Whole cases that came with everything, table by table."""
    database.row_factory = sqlite3.Row
    ids = [row[0] for row in database.execute("SELECT DISTINCT case_id FROM outbox LIMIT 200")]
    models = []
    for case_id in ids:
        model = {}
        for name in tables:
            key = "id" if name == "cases" else "case_id"
            found = database.execute(f'SELECT * FROM "{name}" WHERE {key} = ?', (case_id,))
            model[name] = [dict(row) for row in found]
        models.append(model)
    database.row_factory = None
    if not models:
        raise RuntimeError("there is no case to copy")
    return models


def _copy(model: dict[str, list[Row]], moment: int, rows: dict[str, list[Row]]) -> None:
    case_id, message_id, reference = (
        _id(moment),
        _id(moment),
        "".join(ALPHABET[b & 31] for b in os.urandom(8)),
    )
    for name, originals in model.items():
        for original in originals:
            row = dict(original)
            if "number" in row:
                del row["number"]
            else:
                row["id"] = message_id if name in {"raw_messages", "messages"} else _id(moment)
            if name == "cases":
                row["id"], row["reference"] = case_id, reference
            else:
                row["case_id"] = case_id
            if name == "raw_messages":
                row["external_id"] = os.urandom(32).hex()
            rows[name].append(row)


def _id(moment: int) -> str:
    return f"{moment:012x}7{os.urandom(10).hex()[:3]}8{os.urandom(8).hex()[:15]}"


def _insert(database: sqlite3.Connection, name: str, rows: list[Row]) -> None:
    columns = list(rows[0])
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    database.executemany(
        f'INSERT INTO "{name}" ({names}) VALUES ({marks})',
        [tuple(row[column] for column in columns) for row in rows],
    )

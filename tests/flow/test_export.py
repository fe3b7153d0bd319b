"""Cases as files: complete, of the right boards, without residents' words unless asked for, and harmless to open."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable

import pyarrow.parquet as pq
import pytest

from gateway.commands.export import guard_cell
from tests.conftest import ROOT, Running
from tests.flow.test_front_door import mail, send
from tests.flow.test_webhooks import _execute, write

Start = Callable[..., Running]
LAMP = "Gatlyktan lyser inte på Vasagatan"


@pytest.fixture
def running(kvitto: Start) -> Running:
    found = kvitto()
    found.references = [write(found, LAMP), write(found, LAMP + " igen"), write(found, LAMP + " än")]
    found.kvitto("cases", "move", found.references[1], "skola", "--by", "Bo")
    return found


def export(running: Running, name: str, *options: str) -> str:
    done = running.kvitto("export", "-o", name, *options)
    assert done.returncode == 0, done.stderr
    return (running.folder / name).read_text("utf-8")


def test_a_file_holds_the_cases_of_a_board_and_no_word_of_a_resident_unless_asked(running: Running) -> None:
    everything = list(csv.DictReader(export(running, "all.csv").splitlines()))
    assert [row["reference"] for row in everything] == running.references
    assert "Vasagatan" not in (running.folder / "all.csv").read_text()
    lines = [
        json.loads(line)
        for line in export(running, "a.jsonl", "--format", "jsonl", "--with-text").splitlines()
    ]
    assert [line["messages"][0]["text"] for line in lines] == [LAMP, LAMP + " igen", LAMP + " än"]
    boards = {line["reference"]: line["boards"] for line in lines}
    board = boards[running.references[1]][0]
    assert board != boards[running.references[0]][0]
    school = list(csv.DictReader(export(running, "skola.csv", "--board", board).splitlines()))
    assert [row["reference"] for row in school] == [running.references[1]]
    assert list(csv.DictReader(export(running, "late.csv", "--since", "2100-01-01").splitlines())) == []
    assert len(export(running, "early.jsonl", "--format", "jsonl", "--until", "2100-01-01").splitlines()) == 3
    wrong = running.kvitto("export", "-o", "x.csv", "--board", "Ingen nämnd")
    assert wrong.returncode == 1
    assert "no board" in wrong.stderr


def test_parquet_holds_the_same(running: Running) -> None:
    done = running.kvitto("export", "-o", "cases.parquet", "--format", "parquet")
    assert done.returncode == 0, done.stderr
    table = pq.read_table(running.folder / "cases.parquet").to_pylist()
    assert table == [
        {name: value or None if name in {"answered_at", "told_at"} else value for name, value in row.items()}
        for row in csv.DictReader(export(running, "all.csv").splitlines())
    ]


def test_of_a_marked_case_the_register_alone_is_told(running: Running) -> None:
    _execute(running, "UPDATE cases SET secrecy = 'protected', matter = 'klagomal'")
    text = export(running, "all.jsonl", "--format", "jsonl", "--with-text")
    assert LAMP not in text
    assert "asa@example.com" not in text
    assert "klagomal" not in text
    assert [json.loads(line)["reference"] for line in text.splitlines()] == running.references


def test_no_cell_is_a_formula(kvitto: Start) -> None:
    running = kvitto()
    send(running, mail(Subject='=HYPERLINK("https://evil.example.com")', text="+cmd|' /C calc'!A0"))
    (row,) = csv.DictReader(export(running, "a.csv", "--with-text").splitlines())
    assert row["subject"].startswith("'=HYPERLINK")
    for cell in ("=1", "+1", "-1", "@A1", "\t=1", "\r=1"):
        assert guard_cell(cell) == f"'{cell}"
    assert guard_cell("Gatlyktan = trasig") == "Gatlyktan = trasig"


def test_without_pyarrow_a_sentence_says_what_is_missing(running: Running) -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None; from gateway.__main__ import main;"
        "sys.argv = ['kvitto', 'export', '-o', 'x.parquet', '--format', 'parquet']; main()"
    )
    environment = running.environment | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        cwd=running.folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "kvitto[parquet]" in done.stderr
    assert "Traceback" not in done.stderr

"""`kvitto model` as another program or an operator meets it."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from gateway.learning.labelled_file import UnusableFile, read_labelled
from gateway.learning.model_files import save
from gateway.learning.model_report import write_report
from normalizer.learning.evaluation import evaluate
from normalizer.learning.learner import Example, Learner
from tests import forks
from tests.conftest import ROOT


class Spoken:
    """A session with the real program, one line at a time."""

    def __init__(self) -> None:
        (given, told), (heard, said) = os.pipe(), os.pipe()
        self.process = forks.start(
            ["model", "lines"], cwd=ROOT, env=os.environ, stdin=given, stdout=said, stderr=2
        )
        for number in (given, said):
            os.close(number)
        self.stdin, self.stdout = os.fdopen(told, "wb"), os.fdopen(heard, "rb")

    def ask(self, line: str | bytes | dict[str, Any]) -> dict[str, Any]:
        sent = json.dumps(line) if isinstance(line, dict) else line
        self.stdin.write((sent.encode() if isinstance(sent, str) else sent) + b"\n")
        self.stdin.flush()
        answer: dict[str, Any] = json.loads(self.stdout.readline())
        return answer


@pytest.fixture
def session() -> Iterator[Spoken]:
    spoken = Spoken()
    try:
        yield spoken
    finally:
        spoken.stdin.close()
        assert spoken.stdout.read() == b""
        spoken.stdout.close()
        assert spoken.process.wait(30) == 0


def test_each_line_is_answered_before_the_next_is_sent(session: Spoken) -> None:
    assert session.ask({"op": "predict", "texts": ["hej"]}) == {"predictions": [[None, 0.0, None]]}
    assert session.ask({"op": "start", "labels": ["streets", "parks"]}) == {"ok": True}
    assert session.ask({"op": "predict", "texts": ["hej"]}) == {"predictions": [[None, 0.5, "streets"]]}
    items = [["Hål i gatan", "streets"], ["Trädet har fallit", "parks"]] * 3
    assert session.ask({"op": "learn", "items": items}) == {"ok": True}
    said = session.ask({"op": "predict", "texts": ["gatan har hål", "ett träd", ""]})["predictions"]
    assert [guess for _, _, guess in said][:2] == ["streets", "parks"]
    assert [label for label, _, _ in said] == [None, None, None]
    assert all(0 <= confidence <= 1 for _, confidence, _ in said)
    assert session.ask({"op": "language", "texts": ["Gatan är full av snö", "The street is dark"]}) == {
        "languages": ["sv", "en"]
    }


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "{}",
        '{"op":"dance"}',
        '{"op":"learn"}',
        '{"op":"learn","items":[["one"]]}',
        '{"op":"learn","items":[[1,"a"]]}',
        '{"op":"predict","texts":"one"}',
        '{"op":"start","labels":[null]}',
        b"\xff\xfe",
        '{"op":"predict","texts":["\\ud800"]}',
        "[" * 5000,
    ],
)
def test_what_cannot_be_understood_is_answered_with_an_error_and_the_session_goes_on(
    session: Spoken, line: str | bytes
) -> None:
    assert list(session.ask(line)) == ["error"]
    assert session.ask({"op": "start", "labels": ["a"]}) == {"ok": True}


def test_labels_that_start_did_not_name_are_added_and_start_forgets_all(session: Spoken) -> None:
    session.ask({"op": "start", "labels": ["a"]})
    session.ask({"op": "learn", "items": [["water leaks", "pipes"]]})
    assert session.ask({"op": "predict", "texts": ["water"]})["predictions"][0][2] == "pipes"
    session.ask({"op": "start", "labels": ["b"]})
    assert session.ask({"op": "predict", "texts": ["water"]})["predictions"][0] == [None, 1.0, "b"]


def test_thousands_of_items_go_through_in_one_line(session: Spoken) -> None:
    session.ask({"op": "start", "labels": ["lamps", "trees"]})
    items = [
        [f"lamp number {n} is dark", "lamps"] if n % 2 else [f"tree {n} fell", "trees"] for n in range(2000)
    ]
    assert session.ask({"op": "learn", "items": items}) == {"ok": True}
    said = session.ask({"op": "predict", "texts": ["the lamp is dark", "a tree fell"] * 1000})["predictions"]
    assert [label for label, _, _ in said] == ["lamps", "trees"] * 1000


def write_csv(file: Path, *, delimiter: str = ",", encoding: str = "utf-8", reverse: bool = False) -> Path:
    rows = [
        (
            f"2026-01-{day:02}T{hour:02}:00:00",
            f"{'lampan är släckt' if hour % 2 else 'trädet föll'} {hour}",
            hour % 2,
        )
        for day in range(1, 20)
        for hour in range(24)
    ]
    with file.open("w", encoding=encoding, newline="") as out:
        lines = csv.writer(out, delimiter=delimiter)
        lines.writerow(["created", "Text", "unit"])
        lines.writerows([(t, x, f"<b>{u}</b>") for t, x, u in (reversed(rows) if reverse else rows)])
        lines.writerow(["2026-02-01", "", "nobody"])
    return file


def test_a_report_is_written_and_summed_up(tmp_path: Path) -> None:
    file, out = write_csv(tmp_path / "a.csv"), tmp_path / "report"
    command = [sys.executable, "-m", "gateway", "model", "report", str(file), "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "unit from Text, by created; 1 lines left out." in done.stdout
    assert "Guess right: 100.0 %" in done.stdout
    page = (out / "report.html").read_text("utf-8")
    assert "<b>1</b>" not in page
    assert "&lt;b&gt;1&lt;/b&gt;" in page
    picture = ET.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    assert picture.findall(".//{http://www.w3.org/2000/svg}circle")
    assert json.loads((out / "report.json").read_text())["learned"] == 320


def test_the_report_of_a_model_that_names_nothing_says_so() -> None:
    learner = Learner()
    learner.learn("hello there", "a")
    page = write_report(evaluate(learner, [Example("hello", "a"), Example("bye", "b")]), source="x<y.csv")
    assert "the contact centre decides all" in page
    assert "x&lt;y.csv" in page


@pytest.mark.parametrize(
    ("delimiter", "encoding", "reverse"),
    [(",", "utf-8", False), (";", "utf-8-sig", True), ("\t", "cp1252", True)],
)
def test_files_are_read_as_office_programs_write_them(
    tmp_path: Path, delimiter: str, encoding: str, reverse: bool
) -> None:
    file = write_csv(tmp_path / "a.csv", delimiter=delimiter, encoding=encoding, reverse=reverse)
    read = read_labelled(file, text=None, label=None, time=None)
    assert read.columns == ("Text", "unit", "created")
    assert (len(read.examples), read.skipped) == (19 * 24, 1)
    assert [each.text for each in read.examples[:3]] == [
        "trädet föll 0",
        "lampan är släckt 1",
        "trädet föll 2",
    ]
    unsorted = read_labelled(file, text="Text", label="unit", time="none")
    assert unsorted.columns[2] is None
    assert unsorted.examples[0].text == ("lampan är släckt 23" if reverse else "trädet föll 0")


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        ("", {}, "--text"),
        ("a,b\n1,2\n", {}, "--text"),
        ("text,b\n1,2\n", {}, "--label"),
        ("text,unit\n1,2\n", {"text": "nope"}, "no column 'nope'"),
        ("text,unit,time\nx,y,last Tuesday\n", {}, "row 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_why(
    tmp_path: Path, content: str, options: dict[str, str], told: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content)
    with pytest.raises(UnusableFile, match=told):
        read_labelled(file, **{"text": None, "label": None, "time": None, **options})


def test_versions_are_listed_and_rolled_back(tmp_path: Path) -> None:
    learner = Learner()
    learner.learn("dark lamp", "lamps")
    for _ in range(2):
        save(
            tmp_path / "models", learner, evaluate(learner, [Example("lamp", "lamps")]), now=datetime.now(UTC)
        )
    settings = tmp_path / "kvitto.toml"
    settings.write_text(f'[store]\nfolder = "{tmp_path}"\n')

    def run(*words: str) -> tuple[int, str]:
        done = forks.run(["model", *words, "--config", str(settings)], cwd=ROOT)
        return done.returncode, (done.stdout + done.stderr).decode()

    listed = run("list")
    assert listed[0] == 0
    assert "000002 *" in listed[1]
    assert run("rollback")[1].startswith("Version 000001 is in use now")
    assert "000001 *" in run("list")[1]
    assert [json.loads(line)["current"] for line in run("list", "--json")[1].splitlines()] == [False, True]
    assert run("rollback", "000009") == (1, f"{tmp_path / 'models'}: there is no version 000009.\n")

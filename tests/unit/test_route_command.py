"""`kvitto route`: for people, for programs, and the proof of the examples."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from config.organisation import EXAMPLE, load_organisation
from gateway.commands.route import LINE_LIMIT, answer_lines
from normalizer.routing.router import Router
from tests import forks

ROUTER = Router(load_organisation())


def answer(*lines):
    out = BytesIO()
    answer_lines(BytesIO(b"\n".join(lines)), out, ROUTER)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def run(tmp_path):
    def call(*words, **given):
        env = {"KVITTO_STORE__FOLDER": str(tmp_path / "store"), "COLUMNS": "160", "PATH": ""} | given
        return forks.run_text(["route", *words], cwd=Path.cwd(), env=env)

    return call


def test_every_line_is_answered_in_order_and_a_bad_one_stops_nothing():
    found = answer(
        '"Gatlyktan är trasig"'.encode(),
        b"not json",
        b"",
        b"[1]",
        b'{"text": 5}',
        b'{"recipients": "x"}',
        b"[" * 50_000,
        b'"' + b"x" * LINE_LIMIT + b'"',
        b'{"text": "kirjasto", "language": "fi"}',
        b'{"subject": "Biblioteket", "text": "Hej!", "place": "Skultuna", "language": "sv"}',
        b'{"text": "hej", "recipients": ["skola@example.org"]}',
    )
    assert [each["department"] for each in found] == [
        "teknik", None, None, None, None, None, None, "kultur", "skultuna", "skola",
    ]  # fmt: skip
    assert ["error" in each for each in found] == [False, *[True] * 6, False, False, False]
    assert found[0]["rule"] == "words:gatubelysning"
    assert found[0]["language"] == "sv"


def test_an_error_never_repeats_the_text():
    (found,) = answer(b'"hemligt')
    assert "hemligt" not in found["error"]


def test_people_see_the_department_the_reason_and_the_words(run):
    said = run("Gatlyktan på Pilgatan är trasig")
    assert said.returncode == 0
    for part in ("Teknik- och fastighetsförvaltningen", "gatubelysning", "Gatlyktan"):
        assert part in said.stdout


def test_the_example_is_proven(run):
    said = run("--examples")
    assert (said.returncode, said.stderr) == (0, "")
    assert "examples are routed where they say" in said.stdout


def test_an_example_that_misses_is_shown_and_fails_also_the_check(run, tmp_path):
    text = EXAMPLE.read_text("utf-8").replace(
        '"Gatlyktan vid Pilgatan 4 lyser inte."', '"Skolmaten är kall."'
    )
    city = tmp_path / "city.toml"
    city.write_text(text.replace('["Skolbussen', '["Gatlyktan är släckt", "Skolbussen'), "utf-8")
    said = run("--examples", KVITTO_CITY__ORGANISATION=str(city))
    assert said.returncode == 1
    assert "Gatlyktan är släckt" in said.stderr
    assert "2 of" in said.stderr
    env = {
        "KVITTO_CITY__ORGANISATION": str(city),
        "KVITTO_STORE__FOLDER": str(tmp_path / "store"),
        "PATH": "",
    }
    checked = forks.run(["check"], cwd=tmp_path, env=env)
    assert checked.returncode == 1


def test_a_changed_file_shows_what_goes_elsewhere(run, tmp_path):
    text = EXAMPLE.read_text("utf-8")
    lamp = '[rules.gatubelysning]\ndepartment = "teknik"'
    city = tmp_path / "city.toml"
    city.write_text(text.replace(lamp, lamp.replace("teknik", "miljo")), "utf-8")
    said = run("--with", str(city), "--last", "10")
    assert said.returncode == 1
    assert "Gatlyktan vid Pilgatan 4 lyser inte." in said.stdout
    same = run("--with", str(EXAMPLE))
    assert (same.returncode, same.stdout.splitlines()[0]) == (0, "Nothing goes elsewhere.")


def test_a_day_may_be_chosen(run):
    assert "Fastighet" not in run("potthål", "--on", "2016-01-01").stdout

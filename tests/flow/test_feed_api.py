"""The feed over HTTP: whoever reads it with a token gets every event of its own cases, and goes on where it was."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.conftest import Running
from tests.flow.test_webhooks import _execute, wait_until, write

Start = Callable[..., Running]

LAMP = "Gatlyktan lyser inte på Vasagatan"


@pytest.fixture
def running(kvitto: Start) -> Running:
    return kvitto()


def token(running: Running, name: str, *options: str) -> dict[str, str]:
    done = running.kvitto("token", "add", name, *options)
    assert done.returncode == 0, done.stderr
    return {"authorization": f"Bearer {done.stdout.strip()}"}


def read(running: Running, key: dict[str, str], query: str = "") -> dict[str, Any]:
    answer = running.get(f"/api/v1/events{query}", **key)
    assert answer.status == 200
    return answer.json


def subjects(page: dict[str, Any]) -> list[str]:
    return [event["subject"] for event in page["events"]]


@contextmanager
def open_stream(running: Running, key: dict[str, str], **headers: str) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", running.web_port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", "/api/v1/events", headers={"accept": "text/event-stream", **key, **named})
    response = connection.getresponse()
    try:
        yield response
    finally:
        response.close()
        connection.close()


def next_event(stream: http.client.HTTPResponse) -> tuple[str, dict[str, Any]]:
    """The next event that holds something: its id and itself."""
    identity = ""
    while True:
        line = stream.readline().decode().rstrip("\n")
        if line.startswith("id: "):
            identity = line[4:]
        if line.startswith("data: "):
            return identity, json.loads(line[6:])


def test_a_token_reads_the_events_of_its_own_cases_from_where_it_was(running: Running) -> None:
    lamp = write(running, LAMP)
    other = write(running, LAMP + " igen")
    running.kvitto("cases", "move", other, "skola", "--by", "Bo")
    teknik, skola = (
        token(running, "t", "--department", "teknik"),
        token(running, "s", "--department", "skola"),
    )
    wait_until(lambda: len(read(running, skola)["events"]) >= 2)
    mine, theirs = read(running, teknik), read(running, skola)
    assert set(subjects(mine)) == {lamp}
    # What was the technical department's when it was opened is the school's now.
    assert set(subjects(theirs)) == {other}
    assert [event["type"] for event in theirs["events"]][-1] == "kvitto.case.moved"
    assert LAMP not in json.dumps([mine, theirs])
    assert read(running, teknik, f"?after={mine['next']}") == {"events": [], "next": mine["next"]}
    one = read(running, skola, "?limit=1")
    assert one["events"] + read(running, skola, f"?after={one['next']}")["events"] == theirs["events"]
    moved = read(running, skola, "?type=case.moved&type=kvitto.case.closed")
    assert [event["type"] for event in moved["events"]] == ["kvitto.case.moved"]
    _execute(running, "UPDATE cases SET secrecy = 'secret'")
    assert read(running, teknik)["events"] == []


@pytest.mark.parametrize(
    "query",
    ["?after=x", "?after=-1", "?limit=0", "?limit=501", "?after=99999999999999999999", "?after=%C2%B2"],
)
def test_a_question_that_makes_no_sense_is_told_so(running: Running, query: str) -> None:
    answer = running.get(f"/api/v1/events{query}", **token(running, "t", "--department", "teknik"))
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")


def test_nobody_reads_it_without_a_token(running: Running) -> None:
    assert running.get("/api/v1/events").status == 401
    assert running.get("/api/v1/events", accept="text/event-stream").status == 401


def test_a_stream_tells_what_happens_and_goes_on_after_the_last_event_and_ends_when_kvitto_stops(
    running: Running,
) -> None:
    key = token(running, "t", "--department", "teknik")
    with open_stream(running, key) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        first = write(running, LAMP)
        identity, event = next_event(stream)
    assert event["subject"] == first
    assert int(event["sequence"]) == int(identity)
    second = write(running, LAMP + " nu")
    with open_stream(running, key, last_event_id=identity) as again:
        seen: list[str] = []
        while second not in seen:
            number, event = next_event(again)
            assert int(number) > int(identity)
            identity = number
            seen.append(event["subject"])
        began = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - began < 15  # nothing waited for the stream to end by itself

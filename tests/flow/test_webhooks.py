"""Endpoints are told of events by a running Kvitto: a real receiver proves each call with the standard's own library."""

import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from store import endpoints, feed
from tests.conftest import Running
from tests.flow.test_front_door import signed

Start = Callable[..., Running]
numbers = itertools.count()
PRIVATE = {"DOWNSTREAM__PRIVATE_HOSTS": "127.0.0.1"}


@dataclass
class Call:
    """One call that came."""

    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)


class Receiver:
    """Another system. `answer` says with which status it takes a call; it may sleep or die, as systems do."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answer: Callable[[dict[str, Any]], int] = lambda _event: 204
        self._came = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status = receiver.answer(json.loads(body))
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("location", f"{receiver.url}/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()
                with receiver._came:
                    receiver.calls.append(Call(headers, body, status))
                    receiver._came.notify_all()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/events"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, enough: Callable[[list[Call]], bool], seconds: float = 30) -> list[Call]:
        """The calls, once there are enough."""
        with self._came:
            assert self._came.wait_for(lambda: enough(self.calls), seconds), [c.event for c in self.calls]
            return list(self.calls)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def add(running: Running, name: str, url: str, *options: str) -> str:
    done = running.kvitto("endpoints", "add", name, url, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split()[-1]


def write(running: Running, text: str = "Gatlyktan lyser inte på Vasagatan") -> str:
    answer = running.request(
        "POST",
        "/inbound/webform",
        *signed({"text": text, "email": "asa@example.com"}, f"msg_{next(numbers)}"),
    )
    assert answer.status == 201
    return answer.json["reference"]


def types_of(calls: list[Call], reference: str) -> list[str]:
    return [call.event["type"] for call in calls if call.event.get("subject") == reference]


def test_a_receiver_can_prove_what_it_is_told_and_while_secrets_change(
    kvitto: Start, receiver: Receiver
) -> None:
    running = kvitto(**PRIVATE)
    old = add(running, "diariet", receiver.url, "--all")
    reference = write(running)
    (call,) = receiver.wait(len)
    event = Webhook(old).verify(call.body, call.headers)
    assert call.headers["content-type"] == "application/cloudevents+json"
    assert call.headers["webhook-id"] == event["id"]
    assert (event["specversion"], event["type"], event["subject"]) == ("1.0", "kvitto.case.opened", reference)
    (case,) = running.cases()
    assert event["data"] == {"case": case["id"], "reference": reference, "department": case["department"]}
    assert "Vasagatan" not in call.body.decode()
    assert "asa@example.com" not in call.body.decode()

    new = running.kvitto("endpoints", "rotate", "diariet").stdout.split()[-1]
    running.kvitto("endpoints", "test", "diariet")
    call = receiver.wait(lambda calls: len(calls) == 2)[-1]
    for secret in (old, new):
        assert Webhook(secret).verify(call.body, call.headers)["type"] == "kvitto.endpoint.test"
    running.kvitto("endpoints", "rotate", "diariet", "--finish")
    running.kvitto("endpoints", "test", "diariet")
    call = receiver.wait(lambda calls: len(calls) == 3)[-1]
    assert Webhook(new).verify(call.body, call.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(call.body, call.headers)
    assert old not in running.log
    assert new not in running.log


def test_the_record_goes_to_who_may_have_it_and_text_only_where_that_was_agreed(
    kvitto: Start, receiver: Receiver
) -> None:
    running = kvitto(**PRIVATE)
    add(running, "full", receiver.url, "--all", "--full", "--event", "case.opened")
    with Receiver() as other, Receiver() as stranger:
        add(running, "text", other.url, "--all", "--full", "--with-text", "--event", "case.opened")
        add(running, "skola", stranger.url, "--department", "skola", "--event", "case.opened")
        reference = write(running)
        record = receiver.wait(len)[0].event["data"]["record"]
        assert (record["reference"], record["state"], record["channel"]) == (reference, "open", "webform")
        assert "messages" not in record
        assert "Vasagatan" not in json.dumps(record)
        (message,) = other.wait(len)[0].event["data"]["record"]["messages"]
        assert message["text"] == "Gatlyktan lyser inte på Vasagatan"
        listed = running.kvitto("endpoints", "list", "--json").stdout.splitlines()
        assert {json.loads(line)["name"]: json.loads(line)["position"] for line in listed}["skola"] > 0
        assert stranger.calls == []


def test_a_case_that_is_marked_is_told_to_no_machine(kvitto: Start, receiver: Receiver) -> None:
    running = kvitto(**PRIVATE)
    receiver.answer = lambda _event: 503
    add(running, "diariet", receiver.url, "--all", "--full")
    reference = write(running)
    receiver.wait(len)
    _execute(running, "UPDATE cases SET secrecy = 'protected'")
    receiver.answer = lambda _event: 204
    wait_until(lambda: states(running) == {"withheld": 1}, lambda: _hurry(running))
    assert {call.status for call in receiver.calls} == {503}
    assert types_of(receiver.calls, reference)


def test_a_later_event_waits_for_an_earlier_one_and_what_is_dead_is_sent_again_when_asked(
    kvitto: Start, receiver: Receiver
) -> None:
    running = kvitto(**PRIVATE)
    add(running, "diariet", receiver.url, "--all")
    broken = write(running, "Trasig")
    receiver.answer = lambda event: 500 if event["subject"] == broken else 204
    running.kvitto("cases", "close", broken, "--reason", "dubblett")
    fine = write(running)
    receiver.wait(lambda calls: types_of(calls, fine) and any(call.status == 500 for call in calls))
    seen = [call.event["type"] for call in receiver.calls if call.status == 500]
    assert len(set(seen)) == 1  # nothing later of that case was tried
    # Days later it is given up, and then the later one has its turn.
    _execute(
        running,
        "UPDATE deliveries SET since = '2026-01-01T00:00:00.000000+00:00', due_at = since WHERE state = 'queued'",
    )
    wait_until(lambda: states(running).get("dead", 0) >= 1, lambda: _hurry(running))
    receiver.answer = lambda _event: 204
    wait_until(lambda: not states(running).get("queued"), lambda: _hurry(running))
    dead = {call.headers["webhook-id"] for call in receiver.calls if call.status == 500}
    assert "events are owed" in running.kvitto("endpoints", "replay", "diariet", broken).stdout
    wait_until(lambda: set(states(running)) == {"delivered"})
    assert dead <= {call.headers["webhook-id"] for call in receiver.calls if call.status == 204}


def test_what_happens_while_an_endpoint_is_disabled_comes_when_it_is_enabled(
    kvitto: Start, receiver: Receiver
) -> None:
    running = kvitto(**PRIVATE)
    add(running, "diariet", receiver.url, "--all", "--event", "case.opened")
    receiver.answer = lambda _event: 410  # it says itself that it wants no more
    write(running)
    wait_until(lambda: "webhook.gone" in running.log)
    receiver.answer = lambda _event: 204
    later = write(running)
    wait_until(lambda: running.read(feed.find_last) >= 2)
    assert not types_of(receiver.calls, later)
    running.kvitto("endpoints", "disable", "diariet", "--undo")
    receiver.wait(lambda calls: bool(types_of(calls, later)))


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("http://system.example.org/", {}),
        ("https://eva:hemligt@system.example.org/", {}),
        ("ftp://127.0.0.1/", PRIVATE),
        ("https:///events", {}),
    ],
)
def test_an_address_that_must_not_be_called_is_refused_at_once(
    kvitto: Start, url: str, settings: dict[str, str]
) -> None:
    running = kvitto(open_now=False, **settings)
    done = running.kvitto("endpoints", "add", "x", url, "--all")
    assert done.returncode == 1
    assert "cannot be called" in done.stderr


def test_a_name_that_leads_inside_is_not_called(kvitto: Start, receiver: Receiver) -> None:
    running = kvitto()
    port = receiver.url.split(":")[2].split("/")[0]
    for number, host in enumerate(
        ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.1.2.3", "0.0.0.0")
    ):
        add(running, f"inside{number}", f"https://{host}:{port}/events", "--all")
        done = running.kvitto("endpoints", "test", f"inside{number}")
        assert done.returncode == 1
        assert "not an address" in done.stderr
    assert receiver.calls == []


def test_a_redirect_is_not_followed(kvitto: Start, receiver: Receiver) -> None:
    running = kvitto(**PRIVATE)
    add(running, "diariet", receiver.url, "--all")
    receiver.answer = lambda _event: 302
    done = running.kvitto("endpoints", "test", "diariet")
    assert "status 302" in done.stderr
    assert len(receiver.calls) == 1


@dataclass
class Forgetful:
    """A system that sometimes dies before it answers: what it has kept, in its order."""

    kept: list[tuple[str, str, str]] = field(default_factory=list)
    number: int = 0

    def __call__(self, event: dict[str, Any]) -> int:
        self.number += 1
        if self.number % 7 == 0:
            return 503
        self.kept.append((event["subject"], event["id"], event["sequence"]))
        time.sleep(0.01)  # long enough to be struck in the middle of it
        return 204


@pytest.mark.timeout(120)
def test_kill_9_loses_no_event_keeps_the_order_and_repeats_by_the_same_id(
    kvitto: Start, receiver: Receiver
) -> None:
    running = kvitto(**PRIVATE)
    add(running, "diariet", receiver.url, "--all")
    system = receiver.answer = Forgetful()
    written: list[str] = []
    for strike in range(5):
        for _ in range(4):
            written.append(write(running))
            running.kvitto("cases", "move", written[-1], "skola", "--by", "Bo")
        receiver.wait(lambda calls, strike=strike: len(calls) > strike * 6)
        running.kill()
        running.start()
    _hurry(running)
    wait_until(
        lambda: set(states(running)) == {"delivered"} and not behind(running), lambda: _hurry(running), 60
    )
    running.stop()
    owed = running.read(lambda c: c.exec_driver_sql("SELECT e.id, e.type FROM events e").fetchall())
    assert {row[0] for row in owed} == {identity for _, identity, _ in system.kept}  # nothing is lost
    assert len(owed) >= 2 * len(written)
    for reference in written:
        told = [sequence for subject, _, sequence in system.kept if subject == reference]
        first = list(dict.fromkeys(told))
        assert first == sorted(first)  # what came again came after itself, never after a later one
        assert [first.index(each) for each in told] == sorted(first.index(each) for each in told)
    counted = Counter(sequence for _, _, sequence in system.kept)
    for sequence in (each for each, number in counted.items() if number > 1):
        assert len({identity for _, identity, each in system.kept if each == sequence}) == 1


def states(running: Running) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in running.read(endpoints.count).values():
        total.update(each)
    return dict(total)


def behind(running: Running) -> bool:
    unpublished = "SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM feed)"
    left = running.read(lambda c: c.exec_driver_sql(unpublished).scalar())
    return bool(left or running.read(endpoints.list_behind))


def _execute(running: Running, statement: str) -> None:
    import sqlite3

    with sqlite3.connect(running.folder / "data" / "kvitto.db", timeout=30) as store:
        store.execute(statement)
    store.close()


def _hurry(running: Running) -> None:
    """What waits for its next attempt is due now, so that no test waits for hours."""
    _execute(running, "UPDATE deliveries SET due_at = since WHERE state = 'queued' AND claimed_by = ''")


def wait_until(
    true: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None, seconds: float = 30
) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        meanwhile()
        time.sleep(0.1)

"""What was acknowledged is kept: through kill -9, a full disk, a database that goes away, and a full queue."""

import itertools
import json
import os
import random
import signal
import smtplib
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from normalizer.reference import show_reference
from tests.conftest import IN_CI, Running, Sink, run_postgres
from tests.flow.test_front_door import form, mail, send, signed

Start = Callable[..., Running]

ROUNDS = 20


class Crowd:
    """People and systems that write all at once, and try again, as mail servers do, until they are heard."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.acknowledged: set[str] = set()
        self.unheard: set[str] = set()
        self._names = itertools.count()
        self._lock = threading.Lock()
        self._over = threading.Event()

    def write_until(self, over: Callable[[], None]) -> None:
        """Everybody writes while `over` runs."""
        self._over.clear()
        with ThreadPoolExecutor(6) as pool:
            writers = [pool.submit(self._mail), pool.submit(self._mail), pool.submit(self._mail)]
            writers += [pool.submit(self._post), pool.submit(self._post), pool.submit(self._post)]
            try:
                over()
            finally:
                self._over.set()
            for writer in writers:
                writer.result(60)

    def _next(self, kind: str) -> str:
        with self._lock:
            again = next((name for name in self.unheard if name.startswith(kind)), None)
            name = again or f"{kind}{next(self._names)}@example.com"
            self.unheard.discard(name)
            return name

    def _note(self, name: str, *, heard: bool) -> None:
        with self._lock:
            (self.acknowledged if heard else self.unheard).add(name)

    def _mail(self) -> None:
        while not self._over.is_set():
            try:
                with smtplib.SMTP("127.0.0.1", self.running.smtp_port, timeout=10) as client:
                    while not self._over.is_set():
                        name = self._next("mail")
                        heard = False
                        try:
                            client.sendmail(
                                name,
                                ["kontakt@example.org"],
                                mail(From=name, Message_ID=f"<{name}>").as_bytes(),
                            )
                            heard = True
                        finally:
                            self._note(name, heard=heard)
            except (OSError, smtplib.SMTPException):
                self._over.wait(0.01)

    def _post(self) -> None:
        while not self._over.is_set():
            name = self._next("post")
            heard = False
            try:
                body, headers = signed({"text": "Gatlyktan lyser inte", "email": name}, name)
                heard = self.running.request("POST", "/inbound/webform", body, headers).status in {200, 201}
            except (OSError, HTTPException):
                self._over.wait(0.01)
            finally:
                self._note(name, heard=heard)


def senders(running: Running) -> Counter[str]:
    """How many cases each sender has."""
    found: Counter[str] = Counter()
    for case in running.cases():
        (message,) = running.case(case["reference"])["messages"] or [{"sender": {"value": "unreadable"}}]
        found[message["sender"]["value"]] += 1
    return found


def wait_until_sent(running: Running, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with sqlite3.connect(running.folder / "data" / "kvitto.db", timeout=30) as store:
            (left,) = store.execute("SELECT count(*) FROM outbox WHERE state <> 'sent'").fetchone()
        store.close()
        if not left:
            return
        time.sleep(0.1)
    pytest.fail(f"{left} receipts were not sent in time")


@pytest.mark.timeout(300)
def test_kill_9_at_any_moment_loses_nothing_and_doubles_no_case(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay, open_now=False)
    crowd = Crowd(running)
    luck = random.Random(20261124)
    for _ in range(ROUNDS):
        running.start()

        def strike() -> None:
            time.sleep(luck.uniform(0.02, 0.5))  # the random point itself, not a wait for something
            running.kill()

        crowd.write_until(strike)
    running.start()
    while crowd.unheard:  # whoever was not heard tries once more
        crowd.write_until(lambda: time.sleep(0.05))
    wait_until_sent(running)
    running.stop()

    assert len(crowd.acknowledged) > ROUNDS  # the load was real
    cases = senders(running)
    assert {name for name in crowd.acknowledged if cases[name] != 1} == set()
    received = Counter(receipt["To"] for receipt in sink.mails)
    assert {name for name in crowd.acknowledged if not received[name]} == set()
    # A receipt that came twice is the same mail: its receiver's program shows it once.
    for name in (name for name, count in received.items() if count > 1):
        assert len({receipt["Message-ID"] for receipt in sink.mails if receipt["To"] == name}) == 1


def test_a_stop_under_load_finishes_what_came_in(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    crowd = Crowd(running)

    def stop() -> None:
        sink.wait(30)
        assert running.stop() == 0

    crowd.write_until(stop)
    cases = senders(running)
    assert {name for name in crowd.acknowledged if cases[name] != 1} == set()
    received = Counter(receipt["To"] for receipt in sink.mails)
    assert max(received.values()) == 1  # nothing was cut off between sending and settling


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "kvitto-test", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = f"no small file system can be mounted here: {done.stderr.strip()}"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_refuses_honestly_and_loses_nothing(
    kvitto: Start, sink: Sink, small_disk: Path, tmp_path: Path
) -> None:
    running = kvitto(
        **sink.relay, STORE__FOLDER=str(small_disk), STORE__URL=f"sqlite:///{small_disk}/kvitto.db"
    )
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(14_000_000))
    acknowledged, refused = set(), set()
    for number in range(40):
        name = f"disk{number}@example.com"
        # Every other one is large, so that both the database and the blobs meet the end of the disk.
        text = os.urandom(600_000).hex() if number % 2 else "Gatlyktan lyser inte"
        try:
            send(running, mail(From=name, Message_ID=f"<{name}>", text=text), sender=name)
            acknowledged.add(name)
        except smtplib.SMTPDataError as error:
            refused.add((name, error.smtp_code))
    assert acknowledged
    assert {code for _, code in refused} == {451}
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(bytes(24_000_000))  # now there is not a byte left
    for number in range(40):
        # A few may still fit where a failed commit has left room in the log.
        body, headers = form(text="Hål i vägen", token=f"a-token-of-one-page-{number}")
        answer = running.request("POST", "/", body, headers)
        if answer.status != 200:
            break
    assert answer.status == 503
    assert "Hål i vägen" in answer.text  # what was typed is not lost either
    assert int(answer.headers["retry-after"]) > 0
    assert running.process is not None
    assert running.process.poll() is None

    filler.unlink()
    ballast.unlink()
    assert running.request("POST", "/", body, headers).status == 200
    for name, _ in sorted(refused):
        send(running, mail(From=name, Message_ID=f"<{name}>"), sender=name)
        acknowledged.add(name)
    found = running.read(
        lambda connection: connection.exec_driver_sql(
            "SELECT json_extract(sender, '$.value'), count(DISTINCT case_id) FROM messages WHERE sender IS NOT NULL GROUP BY 1"
        ).fetchall()
    )
    assert dict(map(tuple, found)) == dict.fromkeys(acknowledged, 1)


def test_a_postgresql_that_goes_away_is_told_honestly_and_nothing_is_lost(
    kvitto: Start, sink: Sink, tmp_path: Path
) -> None:
    with run_postgres() as server:
        url = server.get_uri()
        running = kvitto(**sink.relay, STORE__URL=url, STORE__MIGRATE_AT_START="true")
        send(running, mail(Message_ID="<1@example.com>"))
        sink.wait(1)
        os.kill(server.get_pid(), signal.SIGQUIT)  # PostgreSQL's immediate shutdown: no goodbye
        while (server.pgdata / "postmaster.pid").exists():
            time.sleep(0.02)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(running, mail(Message_ID="<2@example.com>"))
        assert refused.value.smtp_code == 451
        assert running.request("POST", "/inbound/webform", *signed({"text": "Hej"})).status == 503
        assert running.request("POST", "/", *form(text="Hål i vägen")).status == 503
        assert running.get("/health/ready").status == 503
        assert running.get("/health/live").status == 200

        server.ensure_postgres_running()
        send(running, mail(Message_ID="<2@example.com>"))
        assert running.request("POST", "/inbound/webform", *signed({"text": "Hej"})).status == 201
        assert running.get("/health/ready").status == 200
        assert len(running.cases()) == 3
        sink.wait(2)
        running.stop()


def test_a_full_queue_asks_to_come_again(kvitto: Start) -> None:
    running = kvitto(STORE__QUEUE="2")
    lock = sqlite3.connect(running.folder / "data" / "kvitto.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")  # somebody else is writing: the queue fills up behind them
    answers: list[tuple[int, str | None]] = []

    def post(number: int) -> None:
        answer = running.request("POST", "/inbound/webform", *signed({"text": "Hej"}, f"msg_{number}"))
        answers.append((answer.status, answer.headers.get("retry-after")))

    with ThreadPoolExecutor(12) as pool:
        posts = [pool.submit(post, number) for number in range(12)]
        while sum(each.done() for each in posts) < 8:
            time.sleep(0.01)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(running, mail())
        lock.execute("ROLLBACK")
        lock.close()
        for each in posts:
            each.result(30)
    assert refused.value.smtp_code == 451
    kept = len(running.cases())
    assert Counter(status for status, _ in answers) == Counter({503: 12 - kept, 201: kept})
    assert {after for status, after in answers if status == 503} == {"30"}


def test_what_the_command_shows_is_what_the_store_holds(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    send(running, mail())
    sink.wait(1)
    (case,) = running.cases()
    listed = running.kvitto("cases", "list", "--json")
    assert [json.loads(line)["reference"] for line in listed.stdout.splitlines()] == [case["reference"]]
    spoken = case["reference"].replace("-", " ").lower()
    shown = json.loads(running.kvitto("cases", "show", spoken, "--json").stdout)
    assert shown["messages"][0]["text"].startswith("Hej!")
    assert shown["outbox"][0]["recipient"] == "anna@example.com"
    wrong = show_reference(case["reference"].replace("-", "")[::-1])
    answer = running.kvitto("cases", "show", wrong)
    assert answer.returncode == 1
    assert "wrong" in answer.stderr or "no case" in answer.stderr
    table = running.kvitto("cases", "list").stdout
    assert case["reference"] in table
    assert "Gatlyktan" in table

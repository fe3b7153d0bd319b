"""The figures for Prometheus, `kvitto status`, and a channel that falls silent."""

import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families

from gateway.exposition import Figures
from gateway.measures import Measures
from store.database import open_database
from store.writer import Writer
from tests.conftest import ROOT, Answer, Running, Sink
from tests.flow.test_front_door import mail, send
from tests.flow.test_webhooks import wait_until

Start = Callable[..., Running]


def scrape(running: Running, token: str, accept: str = "*/*") -> Answer:
    return running.get("/metrics", authorization=f"Bearer {token}", accept=accept)


def figures(running: Running, token: str) -> dict[tuple[str, ...], float]:
    answer = scrape(running, token)
    assert answer.status == 200, answer.text
    return {
        (each.name, *each.labels.values()): each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


def make_token(running: Running) -> str:
    done = running.kvitto("token", "add", "prometheus", "--role", "statistics")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_figures_tell_what_came_and_what_went_out(
    kvitto: Start, sink: Sink, store: str, request: pytest.FixtureRequest
) -> None:
    settings = {}
    if store == "postgresql":
        create = request.getfixturevalue("postgres")
        settings = {"STORE__URL": create(), "STORE__MIGRATE_AT_START": "true"}
    running = kvitto(**sink.relay, **settings)
    token = make_token(running)
    sink.refuse["eva@example.com"] = "451 4.3.0 Come again later"
    for name in ("anna", "anna", "eva"):
        send(
            running,
            mail(Message_ID=f"<{name}@example.com>", text="Lyktan lyser inte."),
            f"{name}@example.com",
        )
    forged = running.request("POST", "/inbound/webform", b"{}", {"content-type": "application/json"})
    assert forged.status >= 400
    wait_until(lambda: figures(running, token).get(("kvitto_letters_total", "email", "postponed"), 0) > 0)
    found = figures(running, token)
    assert found["kvitto_messages_total", "email", "accepted"] == 2
    assert found["kvitto_messages_total", "email", "repeated"] == 1
    assert found["kvitto_messages_total", "webform", "refused"] == 1
    assert found["kvitto_acknowledgement_seconds_count", "email"] == 3
    assert (
        found["kvitto_receipt_seconds_count", "email"] == found["kvitto_letters_total", "email", "sent"] == 1
    )
    assert found["kvitto_cases_open",] == 2
    assert found["kvitto_outbox_waiting",] == 1
    assert 0 < found["kvitto_outbox_oldest_seconds",] < 120
    assert found["kvitto_commit_deliveries_count",] >= 2
    # The other format that Prometheus asks for, and nothing that belongs to anybody.
    modern = scrape(running, token, "application/openmetrics-text; version=1.0.0")
    assert "kvitto_messages" in [family.name for family in read_openmetrics(modern.text)]
    for secret in ("anna", "eva", "lyser", "example.com", running.cases()[0]["reference"]):
        assert secret not in modern.text


def test_figures_are_for_those_who_may_count(kvitto: Start) -> None:
    running = kvitto()
    assert running.get("/metrics").status == 401
    assert scrape(running, "kvt_nobody").status == 401
    added = running.kvitto("token", "add", "register", "--board", "Tekniska nämnden")
    assert scrape(running, added.stdout.strip()).status == 404


async def test_without_its_store_a_process_tells_what_it_knows() -> None:
    database = open_database("postgresql://nobody@127.0.0.1:1/kvitto")
    try:
        body, _ = await Figures(measures=Measures(), database=database, writer=Writer(database)).write("*/*")
    finally:
        await database.close()
    assert b"kvitto_store_up 0.0" in body
    assert b"kvitto_cases_open" not in body


def test_a_channel_that_falls_silent_is_told_once(kvitto: Start) -> None:
    running = kvitto()
    token = make_token(running)
    send(running, mail(Message_ID="<1@example.com>", text="Lyktan lyser inte."), "anna@example.com")
    running.stop()
    now = datetime.now(UTC)
    with sqlite3.connect(running.folder / "data/kvitto.db") as store:
        store.row_factory = sqlite3.Row
        (first,) = store.execute("SELECT * FROM raw_messages").fetchall()
        columns = first.keys()
        # Four an hour for three weeks, and nothing for the last ten hours.
        for number in range(40, 21 * 24 * 4):
            at = now - timedelta(minutes=15 * number)
            milliseconds = int(at.timestamp() * 1000)
            row = dict(first) | {
                "id": f"{milliseconds:012x}7{number:019x}",
                "external_id": str(number),
                "received_at": at.isoformat(timespec="microseconds"),
            }
            store.execute(
                f"INSERT INTO raw_messages ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                [row[name] for name in columns],
            )
        store.execute("DELETE FROM raw_messages WHERE id = ?", (first["id"],))
    running.start()
    wait_until(lambda: "channel.silent" in running.log)
    told = [json.loads(line) for line in running.log.splitlines() if "channel.silent" in line]
    assert [(each["channel"], each["hours"]) for each in told] == [("email", 10.0)]
    assert figures(running, token)["kvitto_channel_missed_messages", "email"] > 30
    shown = running.kvitto("status")
    assert shown.returncode == 1
    assert "should have come since" in " ".join(shown.stdout.split())


def test_status_says_what_to_do(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    sink.refuse["eva@example.com"] = "550 5.1.1 No such user"
    send(running, mail(Message_ID="<1@example.com>", text="Lyktan lyser inte."), "anna@example.com")
    sink.wait(1)
    well = running.kvitto("status")
    assert well.returncode == 0, well.stdout
    assert "answers, and takes messages" in well.stdout
    send(running, mail(Message_ID="<2@example.com>", text="Lyktan lyser inte."), "eva@example.com")
    wait_until(lambda: running.kvitto("status").returncode == 1)
    shown = running.kvitto("status").stdout
    assert "kvitto outbox retry" in shown
    assert "eva@" not in shown
    running.kill()
    lines = [json.loads(line) for line in running.kvitto("status", "--json").stdout.splitlines()]
    assert {"state": "look", "what": "service"}.items() <= lines[0].items()
    assert all(each["state"] in {"well", "look", ""} for each in lines)


def test_what_watches_names_only_figures_that_exist() -> None:
    source = (ROOT / "gateway/exposition.py").read_text()
    known = set(re.findall(r'"(kvitto_\w+)"', source)) | {
        f"kvitto_cases_{name}" for name in ("open", "undecided", "late", "unreadable")
    }
    written = (ROOT / "docs/watching.md").read_text()
    assert {name for name in known if f"`{name}" not in written} == set()
    for file in ("docs/watching/kvitto-dashboard.json", "docs/watching/kvitto-alerts.yml"):
        text = Path(ROOT / file).read_text()
        named = {
            re.sub(r"_(total|bucket|count|sum)$", "", name) for name in re.findall(r"\bkvitto_\w+", text)
        }
        assert named - known == set(), file
        assert named, file
    json.loads((ROOT / "docs/watching/kvitto-dashboard.json").read_text())

"""Mailboxes by IMAP: a real Dovecot, a real Kvitto, and another client that works in the same folders."""

import json
import os
import smtplib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.organisation import EXAMPLE, load_organisation
from tests.conftest import Running, Sink
from tests.dovecot import PASSWORD, Dovecot, mail, run_dovecot
from tests.token_server import CLIENT_SECRET, run_token_server

Start = Callable[..., Running]
USER = "kontakt@example.org"


@pytest.fixture(scope="module")
def shared(certificate: tuple[Path, Path]) -> Iterator[Dovecot]:
    """One server for all tests that do nothing to the server itself; each uses a mailbox of its own."""
    with run_dovecot(certificate) as server:
        yield server


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    return f"{request.node.name.replace('[', '-').replace(']', '')[:60]}@example.org"


def configure(folder: Path, *boxes: str, largest: int = 35_000_000) -> str:
    file = folder / "mailboxes.toml"
    file.write_text(f"[mailbox]\nlargest = {largest}\n" + "\n".join(boxes))
    return str(file)


def box(
    server: Dovecot, user: str = USER, *, name: str = "kontakt", host: str = "localhost", **keys: object
) -> str:
    values = {
        "name": name,
        "address": user,
        "host": host,
        "port": server.port,
        "trust": str(server.certificate),
        "password": PASSWORD,
        "poll_seconds": 5,
        **keys,
    }
    return (
        "[[mailbox.boxes]]\n"
        + "\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
        + "\n"
    )


def wait_for(what: Callable[[], bool], running: Running | None = None, seconds: float = 45) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, running.log[-4000:] if running else "it did not happen"
        time.sleep(0.1)


def subjects(running: Running) -> list[str]:
    return sorted(case["subject"] for case in running.cases())


def check(running: Running, *names: str) -> list[dict]:
    done = running.kvitto("mailbox", "check", "--json", *names)
    return [json.loads(line) | {"status": done.returncode} for line in done.stdout.splitlines()]


def wait_in_order(running: Running) -> dict:
    """The check once it has nothing left to wait for."""
    found: list[dict] = []

    def is_done() -> bool:
        found[:] = check(running)
        return not found[0]["trouble"] and found[0]["looked_at"] is not None and not found[0]["waiting"]

    wait_for(is_done, running)
    return found[0]


def events(running: Running, name: str) -> list[dict]:
    lines = [json.loads(line) for line in running.log.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == name]


def test_what_lies_in_a_mailbox_becomes_cases_with_receipts_and_everything_is_accounted_for(
    kvitto: Start, sink: Sink, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    arrived = datetime(2026, 11, 20, 22, 50, tzinfo=UTC)
    shared.put(user, [mail(number) for number in range(30)], when=arrived)
    running = kvitto(CONFIG=configure(tmp_path, box(shared, user)), **sink.relay)
    mails = sink.wait(30)
    assert subjects(running) == sorted(f"Fråga nummer {number}" for number in range(30))
    assert {each["To"] for each in mails} == {f"astrid.{number}@example.com" for number in range(30)}
    # The promise counts from the day that the city's mailbox got it.
    assert {case["received_at"] for case in running.cases()} == {arrived}
    assert {case["channel"] for case in running.cases()} == {"email"}
    found = wait_in_order(running)
    assert (found["status"], found["at_source"], found["stored"], found["missing"]) == (0, 30, 30, 0)
    # Nothing was changed there: no mail is seen, none has gone.
    with shared.client(user) as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "UNSEEN")[1][0].split() == [str(n).encode() for n in range(1, 31)]


def test_the_mailbox_of_a_department_routes_to_it(kvitto: Start, shared: Dovecot, tmp_path: Path) -> None:
    city = load_organisation(EXAMPLE)
    department = next(
        each for each in city.departments.values() if each.addresses and each.key != city.fallback
    )
    shared.put(department.addresses[0], [mail(1, to="hemlig.lista@example.com")])
    running = kvitto(CONFIG=configure(tmp_path, box(shared, department.addresses[0])))
    wait_for(lambda: bool(running.cases()), running)
    (case,) = running.cases()
    assert case["department"] == department.key
    assert case["routing"]["rule"] == f"recipient:{department.addresses[0]}"


def test_what_the_mailbox_server_found_out_decides_about_the_receipt(
    kvitto: Start, shared: Dovecot, tmp_path: Path
) -> None:
    user = "forgery@example.org"
    found = (
        "Authentication-Results: imap.example.org; dmarc={} header.from=example.com\r\nX-Spam-Flag: YES\r\n"
    )
    shared.put(user, [found.format("fail").encode() + mail(1), found.format("pass").encode() + mail(2)])
    running = kvitto(CONFIG=configure(tmp_path, box(shared, user, authserv_ids=["imap.example.org"])))
    wait_for(lambda: len(running.cases()) == 2, running)
    told = {}
    for each in running.cases():
        (message,) = running.case(each["reference"])["messages"]
        told[message["message_id"]] = message["withheld"]
        assert message["labels"] != []
    assert sorted(told.values()) == ["", "dmarc-fail"]


def test_a_mailbox_server_that_does_not_name_itself_is_believed_only_on_top_and_when_told_so(
    kvitto: Start, shared: Dovecot, tmp_path: Path
) -> None:
    line = "Authentication-Results: spf={0} (sender IP is 192.0.2.25) smtp.mailfrom=example.com; dmarc={0} action=none header.from=example.com;compauth={0}\r\n"
    hop = "Received: from a.example.net by b.example.net; Sun, 22 Nov 2026 10:00:00 +0000\r\n"
    # What the server found stands on top of what came in, and that may hold a line of the sender's.
    head = f"{hop}{line.format('fail')}{hop}{line.format('pass')}"
    told = {}
    for name, keys in (("told", {"authserv_nameless": True, "received_lines": 9}), ("untold", {})):
        user = f"nameless-{name}@example.org"
        (tmp_path / name).mkdir()
        shared.put(user, [head.encode() + mail(1)])
        running = kvitto(CONFIG=configure(tmp_path / name, box(shared, user, **keys)))
        wait_for(lambda running=running: len(running.cases()) == 1, running)
        (message,) = running.case(running.cases()[0]["reference"])["messages"]
        told[name] = message["withheld"]
    assert told == {"told": "dmarc-fail", "untold": ""}


def test_new_mail_comes_at_once_where_the_server_can_tell(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    running = kvitto(CONFIG=configure(tmp_path, box(shared, user, poll_seconds=3600)))
    wait_for(lambda: bool(events(running, "mailbox.opened")), running)
    for number in range(3):
        shared.put(user, [mail(number)])
        wait_for(lambda count=number: len(running.cases()) > count, running)


def test_new_mail_is_found_by_looking_where_the_server_cannot_tell(
    kvitto: Start, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    with run_dovecot(certificate, more="imap_capability = IMAP4rev1 LITERAL+") as server:
        # Without MOVE and UIDPLUS too: copied, and marked as deleted.
        running = kvitto(CONFIG=configure(tmp_path, box(server, after="move", move_to="Mottaget")))
        wait_for(lambda: bool(events(running, "mailbox.opened")), running)
        server.put(USER, [mail(1)])
        wait_for(lambda: server.count(USER, "Mottaget") == 1, running)
        assert subjects(running) == ["Fråga nummer 1"]
        with server.client(USER) as client:
            client.select("INBOX", readonly=True)
            assert client.search(None, "DELETED")[1] == [b"1"]


def test_the_same_mail_by_smtp_and_from_two_mailboxes_is_one_case(
    kvitto: Start, sink: Sink, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    shared.put(user, [mail(1)])
    shared.put(f"andra.{user}", [b"Received: from mx.example.org\r\n" + mail(1)])
    boxes = box(shared, user), box(shared, f"andra.{user}", name="andra")
    running = kvitto(CONFIG=configure(tmp_path, *boxes), **sink.relay)
    with smtplib.SMTP("127.0.0.1", running.smtp_port) as client:
        client.sendmail("astrid.1@example.com", "kontakt@example.org", mail(1))
    wait_for(lambda: all(each["stored"] == 1 for each in check(running)), running)
    assert len(running.cases()) == 1
    assert len(sink.wait(1)) == 1


def test_what_others_flag_move_delete_and_deliver_meanwhile_is_neither_lost_nor_doubled(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    running = kvitto(CONFIG=configure(tmp_path, box(shared, user)))
    stays = set()
    with shared.client(user) as client:
        client.create("Undan")
        for number in range(150):
            client.append("INBOX", None, None, mail(number))
            client.select("INBOX")
            if number % 5 == 1:
                client.store("*", "+FLAGS", r"(\Seen \Answered)")
            if number % 5 == 2:
                client.store("*", "+FLAGS", r"(\Deleted)")
                client.expunge()
            elif number % 5 == 3:  # moved away, and back under another number
                client.uid("MOVE", "*", "Undan")
                client.select("Undan")
                client.uid("MOVE", "1:*", "INBOX")
            elif number % 5 == 4:  # delivered again
                client.append("INBOX", None, None, mail(number))
            if number % 5 != 2:
                stays.add(f"Fråga nummer {number}")
    found = wait_in_order(running)
    cases = subjects(running)
    assert len(cases) == len(set(cases))
    assert stays <= set(cases)
    assert (found["status"], found["missing"]) == (0, 0)
    assert found["at_source"] == found["stored"] == shared.count(user)


def test_a_folder_made_anew_is_read_again_and_makes_nothing_twice(
    kvitto: Start, sink: Sink, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    with shared.client(user) as client:
        client.create("Inkommet")
    shared.put(user, [mail(number) for number in range(10)], "Inkommet")
    running = kvitto(CONFIG=configure(tmp_path, box(shared, user, folder="Inkommet")), **sink.relay)
    sink.wait(10)
    before = wait_in_order(running)
    with shared.client(user) as client:
        client.delete("Inkommet")
        client.create("Inkommet")
    shared.put(user, [mail(number) for number in range(5, 15)], "Inkommet")
    wait_for(lambda: len(running.cases()) == 15, running)
    after = wait_in_order(running)
    assert after["uidvalidity"] != before["uidvalidity"]
    assert (after["at_source"], after["stored"], after["missing"]) == (10, 10, 0)
    assert len(sink.wait(15)) == 15


def test_a_lost_connection_and_a_server_that_is_away_only_delay(
    kvitto: Start, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    with run_dovecot(certificate) as server:
        running = kvitto(CONFIG=configure(tmp_path, box(server)))
        wait_for(lambda: bool(events(running, "mailbox.opened")), running)
        server.kick(USER)
        server.put(USER, [mail(1)])
        wait_for(lambda: len(running.cases()) == 1, running)
        server.stop()
        wait_for(lambda: len(events(running, "mailbox.unreachable")) > 1, running)
        server.start()
        server.put(USER, [mail(2)])
        wait_for(lambda: len(running.cases()) == 2, running)
        assert wait_in_order(running)["status"] == 0
        assert events(running, "mailbox.back")


def test_a_kvitto_that_is_killed_while_it_fetches_makes_nothing_twice_and_misses_nothing(
    kvitto: Start, sink: Sink, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    shared.put(user, [mail(number) for number in range(400)])
    running = kvitto(
        open_now=False,
        CONFIG=configure(tmp_path, box(shared, user, after="flag", flag="$Diariefort")),
        **sink.relay,
    )
    for _ in range(3):
        running.start()
        time.sleep(0.4)
        running.kill()
    running.start()
    wait_for(lambda: len(running.cases()) == 400, running, 90)
    found = wait_in_order(running)
    assert (found["status"], found["at_source"], found["stored"]) == (0, 400, 400)
    assert len(set(subjects(running))) == 400

    def all_flagged() -> bool:
        with shared.client(user) as client:
            client.select("INBOX", readonly=True)
            return len(client.search(None, "KEYWORD", "$Diariefort")[1][0].split()) == 400

    wait_for(all_flagged, running)


def test_a_mail_that_is_too_large_stays_and_the_operator_is_told(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    shared.put(user, [mail(1), mail(2, extra=60_000), mail(3)])
    configuration = configure(tmp_path, box(shared, user, after="move", move_to="Mottaget"), largest=50_000)
    running = kvitto(CONFIG=configuration)
    wait_for(lambda: shared.count(user, "Mottaget") == 2, running)
    assert subjects(running) == ["Fråga nummer 1", "Fråga nummer 3"]
    found = wait_in_order(running)
    assert (found["status"], found["at_source"], found["explained"]) == (0, 1, {"too-large": 1})
    (told,) = events(running, "mailbox.passed_by")
    assert (told["level"], told["because"], told["mailbox"]) == ("warning", "too-large", "kontakt")
    # A larger limit, and it is taken at the next start.
    running.stop()
    configure(tmp_path, box(shared, user, after="move", move_to="Mottaget"), largest=500_000)
    running.start()
    wait_for(lambda: len(running.cases()) == 3, running)


def test_a_mail_that_the_server_cannot_read_never_stops_the_box(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    shared.put(user, [mail(number) for number in range(5)])
    place = shared.folder / "homes" / user / "Maildir"
    broken = sorted([*place.glob("new/*"), *place.glob("cur/*")])[2]
    broken.chmod(0)
    if os.getuid() == 0:
        os.chown(broken, 0, 0)  # the server reads mail as another user
    running = kvitto(CONFIG=configure(tmp_path, box(shared, user)))
    wait_for(lambda: len(running.cases()) == 4, running)
    shared.put(user, [mail(9)])
    wait_for(lambda: "Fråga nummer 9" in subjects(running), running)
    found = wait_in_order(running)
    assert (found["at_source"], found["stored"], found["status"]) == (6, 5, 0)
    assert found["explained"] == {"unfetchable": 1}
    (told,) = events(running, "mailbox.passed_by")
    assert (told["level"], told["because"]) == ("warning", "unfetchable")
    # Whoever mends the server gets the mail at the next full look.
    broken.chmod(0o644)
    running.stop()
    running.start()
    wait_for(lambda: len(running.cases()) == 6, running)


def test_deletion_needs_a_decision_and_names_it(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    shared.put(user, [mail(1), mail(2)])
    with shared.client(user) as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Deleted)")  # somebody else's mark: not ours to carry out
    refused = kvitto(open_now=False, CONFIG=configure(tmp_path, box(shared, user, after="delete")))
    answer = refused.kvitto("check")
    assert answer.returncode == 2
    assert "disposal_decision" in answer.stderr
    configure(tmp_path, box(shared, user, after="delete", disposal_decision="KS 2026:117"))
    running = refused.start()
    wait_for(lambda: shared.count(user) == 0, running)
    wait_for(lambda: bool(events(running, "mailbox.finished")), running)
    assert len(running.cases()) == 2
    assert {event["how"] for event in events(running, "mailbox.finished")} == {"deleted: KS 2026:117"}


def test_one_mailbox_that_refuses_us_leaves_the_others_alone_and_no_secret_in_the_log(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    shared.put(user, [mail(1)])
    boxes = (
        box(shared, f"fel.{user}", name="fel", password="inte-de-grisarna"),
        box(shared, f"namn.{user}", name="namn", host="127.0.0.1"),  # the certificate is not for that name
        box(shared, f"mapp.{user}", name="mapp", folder="Finns inte"),
        box(shared, user),
    )
    running = kvitto(CONFIG=configure(tmp_path, *boxes))
    wait_for(lambda: len(running.cases()) == 1, running)
    wait_for(lambda: len({each["mailbox"] for each in events(running, "mailbox.unreachable")}) == 3, running)
    reasons = {each["mailbox"]: each["reason"] for each in events(running, "mailbox.unreachable")}
    assert reasons == {"fel": "login", "namn": "certificate", "mapp": "folder"}
    found = {each["name"]: each for each in check(running)}
    assert {name: bool(each["trouble"]) for name, each in found.items()} == {
        "fel": True, "namn": True, "mapp": True, "kontakt": False,
    }  # fmt: skip
    assert found["fel"]["status"] == 1
    assert [each["status"] for each in check(running, "kontakt")] == [0]
    shown = running.kvitto("mailbox", "check")
    for secret in (PASSWORD, "inte-de-grisarna"):
        assert secret not in running.log + shown.stdout + shown.stderr


def test_mail_from_before_the_first_day_is_left_and_explained(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    shared.put(user, [mail(1), mail(2)], when=datetime(2025, 3, 1, 12, tzinfo=UTC))
    shared.put(user, [mail(3)], when=datetime(2026, 11, 21, 12, tzinfo=UTC))
    text = box(shared, user) + "since = 2026-11-01\n"
    running = kvitto(CONFIG=configure(tmp_path, text))
    wait_for(lambda: len(running.cases()) == 1, running)
    found = wait_in_order(running)
    assert (found["at_source"], found["stored"], found["explained"]) == (3, 1, {"before-since": 2})
    assert found["status"] == 0


def test_starttls_and_a_password_from_a_file_and_from_the_environment(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    shared.put(user, [mail(1)])
    shared.put(f"andra.{user}", [mail(2)])
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    first = box(shared, user, port=shared.plain_port, tls="starttls", password="", password_file=str(secret))
    second = box(shared, f"andra.{user}", name="and-ra", password="")
    running = kvitto(CONFIG=configure(tmp_path, first, second), MAILBOX__AND_RA__PASSWORD=PASSWORD)
    wait_for(lambda: len(running.cases()) == 2, running)


def test_a_mailbox_is_opened_with_a_token_and_the_end_of_everything_is_shown(
    kvitto: Start, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    with (
        run_token_server() as tokens,
        run_dovecot(certificate, introspect=f"{tokens.url}/introspect") as server,
    ):
        tokens.users, tokens.rotates = {"kvitto": USER, "person": f"andra.{USER}"}, True
        refresh = tmp_path / "refresh"
        refresh.write_text(tokens.refresh_token)
        by_token = {"password": "", "oauth": "other", "token_url": f"{tokens.url}/token"}
        application = box(server, **by_token, client_id="kvitto", client_secret=CLIENT_SECRET)
        person = box(
            server,
            f"andra.{USER}",
            name="andra",
            **by_token,
            client_id="person",
            refresh_token_file=str(refresh),
        )
        refused = box(
            server, f"tredje.{USER}", name="tredje", **by_token, client_id="kvitto", client_secret="den-gamla"
        )
        server.put(USER, [mail(1)])
        server.put(f"andra.{USER}", [mail(2)])
        running = kvitto(
            CONFIG=configure(tmp_path, application + "client_secret_expires = 2026-11-01\n", person, refused)
        )
        wait_for(lambda: len(running.cases()) == 2, running)
        wait_for(lambda: bool(events(running, "mailbox.expiring")), running)
        (warned,) = events(running, "mailbox.expiring")
        assert (warned["mailbox"], warned["what"]) == ("kontakt", "client secret")
        first, second, third = check(running)
        assert set(first["ends"]) == {"access token", "client secret"}
        assert set(second["ends"]) == {"access token"}
        assert (first["stored"], second["stored"]) == (1, 1)
        assert third["trouble"].startswith("no token: 401 invalid_client: AADSTS7000215")
        assert refresh.read_text().strip() == tokens.refresh_token != "uppdatera-1"
        # A token that the mail server no longer believes is asked for anew.
        tokens.given.clear()
        server.kick(USER)
        asked = len(tokens.asked)
        server.put(USER, [mail(3)])
        wait_for(lambda: len(running.cases()) == 3, running, 120)
        assert len(tokens.asked) > asked
        shown = running.log + running.kvitto("mailbox", "check").stdout
        assert [word for word in (CLIENT_SECRET, "den-gamla", "token-1", "uppdatera-") if word in shown] == []


def test_of_several_nodes_one_holds_a_mailbox_and_another_takes_over_when_it_dies(
    kvitto: Start, postgres: Callable[[], str], shared: Dovecot, user: str, tmp_path: Path
) -> None:
    url = postgres()
    common = {
        "CONFIG": configure(tmp_path, box(shared, user)),
        "STORE__URL": url,
        "STORE__MIGRATE_AT_START": "true",
    }
    first = kvitto(OUTBOX__NODE="ett", **common)
    wait_for(lambda: bool(events(first, "mailbox.opened")), first)
    second = kvitto(OUTBOX__NODE="tva", **common)
    wait_for(lambda: bool(events(second, "lease.held_elsewhere")), second)
    shared.put(user, [mail(number) for number in range(5)])
    wait_for(lambda: len(first.cases()) == 5, first)
    assert wait_in_order(first)["node"] == "ett"
    assert events(second, "mailbox.opened") == []
    first.kill()  # on this machine its end is seen at once; elsewhere the lease runs out
    shared.put(user, [mail(number) for number in range(5, 10)])
    wait_for(lambda: len(second.cases()) == 10, second, 90)
    # The other, when it stops as it should, gives it back at once.
    assert second.stop() == 0
    third = kvitto(OUTBOX__NODE="tre", **common)
    wait_for(lambda: bool(events(third, "mailbox.opened")), third, 8)


def test_it_stops_at_once_while_it_waits_for_mail(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    running = kvitto(CONFIG=configure(tmp_path, box(shared, user, poll_seconds=3600)))
    wait_for(lambda: bool(events(running, "mailbox.opened")), running)
    assert running.stop() == 0


def test_a_check_before_the_first_start_says_what_waits(
    kvitto: Start, shared: Dovecot, user: str, tmp_path: Path
) -> None:
    shared.put(user, [mail(1), mail(2)])
    running = kvitto(open_now=False, CONFIG=configure(tmp_path, box(shared, user)))
    done = running.kvitto("mailbox", "check")
    assert done.returncode == 1
    assert "Waiting    2  (nobody has looked yet)" in done.stdout
    assert running.kvitto("mailbox", "check", "finns-inte").stderr.startswith(
        "There is no mailbox finns-inte."
    )
    assert not (running.folder / "data").exists()

"""`kvitto import`: archives of every kind through the one path, repeated, interrupted, beside the running service."""

import os
import pty
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import forks
from tests.conftest import Running, Sink

Start = Callable[..., Running]
FROM = "From anna@example.com Sun Nov 22 08:00:00 2026\n"


def letter(number: int, *, head: str = "", to: str = "kontakt@example.org") -> str:
    return (
        f"{head}From: Anna Ek <anna.{number}@example.com>\nTo: {to}\nSubject: Brev {number}\n"
        f"Date: Sun, 15 Nov 2026 10:00:{number % 60:02} +0100\nMessage-ID: <brev.{number}@example.com>\n\n"
        f"Gatlyktan vid Storgatan {number} lyser inte.\n"
    )


def write_mbox(file: Path, numbers: range) -> Path:
    file.write_text("".join(f"{FROM}{letter(number)}\n" for number in numbers))
    return file


def subjects(running: Running) -> list[str]:
    return sorted(case["subject"] for case in running.cases())


def test_an_archive_becomes_cases_without_receipts_and_twice_is_once(
    kvitto: Start, tmp_path: Path, database_url: str
) -> None:
    running = kvitto(open_now=False, STORE__URL=database_url, STORE__MIGRATE_AT_START="true")
    write_mbox(tmp_path / "gammalt.mbox", range(10))
    (tmp_path / "brev").mkdir()
    (tmp_path / "brev/10.eml").write_text(letter(10))
    (tmp_path / "brev/igen.eml").write_text(letter(3).replace("\n", "\r\n"))
    paths = [str(tmp_path / "gammalt.mbox"), str(tmp_path / "brev")]
    done = running.kvitto("import", *paths)
    assert (done.returncode, done.stdout, done.stderr) == (0, "11 imported, 1 here already.\n", "")
    assert subjects(running) == sorted(f"Brev {number}" for number in range(11))
    for case in running.cases():
        found = running.case(case["reference"])
        assert [message["withheld"] for message in found["messages"]] == ["import"]
        assert found["outbox"] == []
    again = running.kvitto("import", *paths)
    assert (again.returncode, again.stdout) == (0, "0 imported, 12 here already.\n")
    # What is passed by leaves no trace: an archive may be run again any number of times.
    events = [
        event["type"] for case in running.cases() for event in running.case(case["reference"])["events"]
    ]
    assert sorted(events) == ["case.opened"] * 11 + ["delivery.repeated"]


def test_with_receipts_asked_for_the_running_service_sends_them(
    kvitto: Start, sink: Sink, tmp_path: Path
) -> None:
    running = kvitto(**sink.relay)
    write_mbox(tmp_path / "gammalt.mbox", range(5))
    assert running.kvitto("import", "--send-receipts", str(tmp_path / "gammalt.mbox")).returncode == 0
    assert {mail["To"] for mail in sink.wait(5)} == {f"anna.{number}@example.com" for number in range(5)}


def test_a_mail_that_came_by_smtp_is_here_already(kvitto: Start, tmp_path: Path) -> None:
    running = kvitto()
    with smtplib.SMTP("127.0.0.1", running.smtp_port) as client:
        client.sendmail("anna.1@example.com", "kontakt@example.org", letter(1))
    # As the mailbox of a server beside us has kept it: with more lines above, and quoted.
    head = "Return-Path: <anna.1@example.com>\nReceived: from x by y; Sun, 15 Nov 2026 10:00:02 +0100\n"
    (tmp_path / "arkiv").write_text(FROM + letter(1, head=head) + "\n")
    assert running.kvitto("import", str(tmp_path / "arkiv")).stdout == "0 imported, 1 here already.\n"
    assert len(running.cases()) == 1


def test_arrival_and_mailbox_are_what_the_archive_says(kvitto: Start, tmp_path: Path) -> None:
    running = kvitto(open_now=False, EMAIL__ADDRESSES="bygg@example.org")
    head = (
        "Delivered-To: bygg@example.org\nReceived: from a by mx.example.org; Sat, 21 Nov 2026 10:00:00 +0100\n"
        "Received: from b by a; Mon, 2 Nov 2020 10:00:00 +0100\n"
    )
    (tmp_path / "1.eml").write_text(letter(1, head=head, to="alla@example.net"))
    (tmp_path / "arkiv").write_text(FROM + letter(2) + "\n")
    (tmp_path / "3.eml").write_text(letter(3))
    os.utime(tmp_path / "3.eml", (1_795_000_000, 1_795_000_000))
    running.kvitto("import", str(tmp_path))
    found = {case["subject"]: case for case in running.cases()}
    assert [found[f"Brev {number}"]["received_at"] for number in (1, 2, 3)] == [
        datetime(2026, 11, 21, 9, tzinfo=UTC),
        datetime(2026, 11, 22, 8, tzinfo=UTC),
        datetime.fromtimestamp(1_795_000_000, UTC),
    ]
    (raw,) = running.case(found["Brev 1"]["reference"])["raws"]
    assert raw["envelope_to"] == ["bygg@example.org"]
    running.kvitto("import", "--to", "bygg@example.org", str(write_mbox(tmp_path / "mer", range(4, 5))))
    (raw,) = running.case(running.cases()[0]["reference"])["raws"]
    assert raw["envelope_to"] == ["bygg@example.org"]


def test_what_is_not_taken_is_named_and_the_rest_comes_in(kvitto: Start, tmp_path: Path) -> None:
    running = kvitto(open_now=False, EMAIL__LARGEST="20000")
    archive = tmp_path / "arkiv"
    archive.mkdir()
    (archive / "1.eml").write_text(letter(1))
    (archive / "2.eml").write_text(letter(2) + "x" * 30_000)
    (archive / "3.eml").write_text("")
    (archive / "läs.txt").write_text("no mail")
    (archive / "låda").write_text(
        FROM + letter(4) + "\n" + FROM + letter(5) + "x" * 30_000 + "\n\n" + FROM + letter(6)
    )
    done = running.kvitto("import", str(archive))
    assert done.returncode == 1
    assert done.stdout == "3 imported, 0 here already, 2 too-large, 1 empty, 1 no-mail.\n"
    told = sorted(line.replace(str(archive), "") for line in done.stderr.splitlines())
    begins = len((FROM + letter(4) + "\n").encode())
    assert [line.partition(" (")[0] for line in told] == [
        "Empty: /3.eml",
        "Larger than email.largest: /2.eml",
        f"Larger than email.largest: /låda, mail 2 at byte {begins}",
        "Passed over: no mail: /läs.txt",
    ]
    assert subjects(running) == ["Brev 1", "Brev 4", "Brev 6"]


def test_files_that_hold_no_mail_are_no_failure(kvitto: Start, tmp_path: Path) -> None:
    (tmp_path / "brev").mkdir()
    (tmp_path / "brev/läs.txt").write_text("no mail")
    done = kvitto(open_now=False).kvitto("import", str(tmp_path / "brev"))
    assert (done.returncode, done.stdout) == (0, "0 imported, 0 here already, 1 no-mail.\n")


def test_an_import_that_was_interrupted_goes_on_when_it_is_run_again(kvitto: Start, tmp_path: Path) -> None:
    running = kvitto()  # the service runs beside it
    archive = write_mbox(tmp_path / "arkiv", range(1500))
    with (tmp_path / "said").open("w+b") as said:
        process = forks.start(
            ["import", str(archive)], cwd=running.folder, env=running.environment, stdout=said, stderr=said
        )
    for _ in range(1200):
        if len(running.cases()) > 100:
            break
        time.sleep(0.025)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130, (tmp_path / "said").read_bytes()
    assert b"Interrupted. Run the same command again" in (tmp_path / "said").read_bytes()
    before = len(running.cases())
    assert 100 < before < 1500
    done = running.kvitto("import", str(archive))
    assert done.stdout == f"{1500 - before} imported, {before} here already.\n"
    assert subjects(running) == sorted(f"Brev {number}" for number in range(1500))


def test_why_an_imported_mail_gets_no_receipt_is_kept_for_a_later_replay(
    kvitto: Start, tmp_path: Path
) -> None:
    running = kvitto(open_now=False)
    (tmp_path / "1.eml").write_text(letter(1))
    running.kvitto("import", str(tmp_path / "1.eml"))
    (case,) = running.cases()
    # Whoever reads the bytes anew finds it beside them.
    assert [raw["headers"] for raw in running.case(case["reference"])["raws"]] == [{"no-receipt": "import"}]


def test_results_of_the_citys_own_mail_server_are_read_from_the_archive(
    kvitto: Start, sink: Sink, tmp_path: Path
) -> None:
    running = kvitto(
        EMAIL__AUTHENTICATE="relay",
        EMAIL__AUTHSERV_IDS="mx.example.net",
        EMAIL__RECEIVED_LINES="1",
        **sink.relay,
    )
    for number, result in enumerate(("fail", "pass")):
        head = (
            "Received: from x by mx.example.net; Sun, 15 Nov 2026 10:00:00 +0100\n"
            f"Authentication-Results: mx.example.net; dmarc={result} header.from=example.com\n"
        )
        (tmp_path / f"{number}.eml").write_text(letter(number, head=head))
    running.kvitto("import", "--send-receipts", str(tmp_path / "0.eml"), str(tmp_path / "1.eml"))
    assert [mail["To"] for mail in sink.wait(1)] == ["anna.1@example.com"]
    withheld = [
        message["withheld"]
        for case in running.cases()
        for message in running.case(case["reference"])["messages"]
    ]
    assert sorted(withheld) == ["", "dmarc-fail"]


def test_a_terminal_sees_how_far_it_is(kvitto: Start, tmp_path: Path) -> None:
    running = kvitto(open_now=False)
    archive = write_mbox(tmp_path / "arkiv", range(300))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "gateway", "import", str(archive)],
        cwd=running.folder,
        env=running.environment | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    try:
        while chunk := os.read(ours, 65_536):
            seen += chunk
    except OSError:
        pass  # how a terminal says that nobody writes to it any more
    finally:
        os.close(ours)
    assert process.wait(30) == 0
    size = archive.stat().st_size
    assert b"Importing" in seen
    assert f"{size / 1000:.1f}/{size / 1000:.1f} kB".encode() in seen


@pytest.mark.parametrize(
    ("arguments", "settings", "status", "sentence"),
    [
        (["nowhere.mbox"], {}, 2, "does not exist"),
        (["."], {"EMAIL__ENABLED": "false"}, 1, "email.enabled is false"),
    ],
)
def test_what_cannot_be_imported_is_said(
    kvitto: Start, arguments: list[str], settings: dict[str, str], status: int, sentence: str
) -> None:
    done = kvitto(open_now=False, **settings).kvitto("import", *arguments)
    assert done.returncode == status
    assert sentence in " ".join(done.stderr.split())

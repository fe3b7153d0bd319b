"""`kvitto cases dispose`: only by a decision, only what it covers, and what was destroyed stays known."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Running, Sink
from tests.flow.test_front_door import send

Start = Callable[..., Running]
DECISIONS = """
[[disposal.decisions]]
id = "KS 2026/123"
basis = "10 § arkivlagen, kommunstyrelsens beslut 2026-05-04 § 87"
kinds = ["message"]
after_days = 0

[[disposal.decisions]]
id = "KS 2026/124"
basis = "10 § arkivlagen"
kinds = ["newsletter"]
after_days = 0

[[disposal.decisions]]
id = "KS 2026/125"
basis = "10 § arkivlagen"
kinds = ["all"]
after_days = 730
"""
SECRET_WORD = "Rosenkvarn"


def letter(number: int = 1, *, subject: str = SECRET_WORD, head: str = "", file: bytes = b"") -> bytes:
    text = f"{SECRET_WORD} har slocknat, lampan vid Skolgatan {number} alltså."
    top = (
        f"From: Astrid Ek <astrid.ek@example.com>\r\nTo: kontakt@example.org\r\nSubject: {subject}\r\n{head}"
        f"Message-ID: <brev.{number}@example.com>\r\nMIME-Version: 1.0\r\n"
    )
    if not file:
        return f"{top}\r\n{text}\r\n".encode()
    return (
        f"{top}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n--b\r\nContent-Type: image/png\r\n"
        "Content-Disposition: attachment; filename=karta.png\r\n\r\n"
    ).encode() + file + b"\r\n--b--\r\n"  # fmt: skip


@pytest.fixture
def running(kvitto: Start, sink: Sink, tmp_path: Path) -> Running:
    file = tmp_path / "kvitto.toml"
    file.write_text(DECISIONS)
    return kvitto(CONFIG=str(file), **sink.relay)  # on both databases: tests/contract/test_disposal.py


def come(running: Running, sink: Sink, content: bytes) -> str:
    """Send it; the number of its case, once its receipt has gone out and is settled and the case is closed."""
    before = len(sink.mails)
    send(running, content, sender="astrid.ek@example.com")
    sink.wait(before + 1)
    number = running.cases()[0]["reference"]
    for _ in range(200):
        if all(entry["state"] == "sent" for entry in running.case(number)["outbox"]):
            done = running.kvitto("cases", "close", number, "--reason", "klart")
            assert done.returncode == 0, done.stderr
            return number
        running.get("/health/live")
    raise AssertionError("the receipt was never settled")


def dispose(running: Running, *arguments: str) -> tuple[int, str]:
    done = running.kvitto("cases", "dispose", *arguments)
    return done.returncode, done.stdout + "".join(
        line for line in done.stderr.splitlines(keepends=True) if not line.startswith("{")
    )


def test_what_is_disposed_of_is_gone_and_still_known(running: Running, sink: Sink) -> None:
    file = os.urandom(30_000).hex().encode()
    number = come(running, sink, letter(file=file))
    kept = come(running, sink, letter(2))
    receipt = sink.mails[0]
    before = running.case(number)
    size = before["raws"][0]["size"]
    dry = dispose(running, number, "--decision", "KS 2026/123", "--dry-run")
    assert dry[0] == 0
    assert dry[1].splitlines() == [
        f"{number}  would be disposed of: 1 message, 1 file, 1 letter, {size} bytes as received",
        "1 would be disposed of, 0 kept. Decision KS 2026/123: 10 § arkivlagen, kommunstyrelsens beslut 2026-05-04 § 87.",
    ]
    assert running.case(number) == before
    done = running.kvitto("cases", "dispose", number, "--decision", "KS 2026/123", "--by", "eva")
    assert done.returncode == 0, done.stderr
    (logged,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert (logged["event"], logged["case"], logged["decision"]) == ("case.disposed", number, "KS 2026/123")
    after = running.case(number)
    assert SECRET_WORD not in repr(after)
    assert "astrid" not in repr(after)
    assert (after["files"], after["outbox"]) == ([], [])
    event = after["events"][-1]
    assert (event["type"], event["data"]["by"], event["data"]["files"]) == ("case.disposed", "eva", 1)
    shown = running.kvitto("cases", "show", number).stdout
    assert "by decision KS 2026/123" in shown
    raw = running.kvitto("cases", "raw", number, "--out", "x.eml")
    assert (raw.returncode, "is disposed of" in raw.stderr) == (1, True)
    # The other one is whole.
    assert SECRET_WORD in repr(running.case(kept))
    # The same mail again makes nothing and tells nobody anything.
    send(running, letter(file=file), sender="astrid.ek@example.com")
    assert len(running.cases()) == 2
    assert running.case(number)["events"][-1]["type"] == "delivery.repeated"
    assert len(sink.mails) == 2
    # An answer to its receipt opens a case of its own, which names the old one.
    reply = letter(3, subject=f"SV: {receipt['Subject']}", head=f"In-Reply-To: {receipt['Message-ID']}\r\n")
    answer = come(running, sink, reply)
    assert answer not in {number, kept}
    linked = [each for each in running.case(answer)["events"] if each["type"] == "case.linked"]
    assert [each["data"]["reference"] for each in linked] == [number]
    assert running.case(number)["messages"] == after["messages"]
    # A second time there is nothing to destroy.
    assert dispose(running, number, "--decision", "KS 2026/123")[1].startswith(
        f"{number}  kept: it is disposed of already\n"
    )


def test_files_are_removed_an_hour_later_unless_somebody_names_them(running: Running, sink: Sink) -> None:
    blobs = running.folder / "data" / "blobs"
    file, shared = (os.urandom(30_000).hex().encode() for _ in range(2))
    first = come(running, sink, letter(1, file=file))
    second = come(running, sink, letter(2, file=shared))
    come(running, sink, letter(3, file=shared))

    def lying() -> dict[str, int]:
        found = {path.name: path.parent.name for path in blobs.rglob("*") if path.is_file()}
        return {
            "here": sum(len(each) == 2 for each in found.values()),
            "aside": list(found.values()).count("disposed"),
        }

    # Three originals and two files.
    assert lying() == {"here": 5, "aside": 0}
    assert "Files set aside: 3." in dispose(running, first, second, "--decision", "KS 2026/123")[1]
    assert lying() == {"here": 2, "aside": 3}
    assert "removed: " not in dispose(running)[1]
    for path in (blobs / "disposed").iterdir():
        os.utime(path, (0, 0))
    assert dispose(running) == (0, "Files of earlier runs removed: 3.\n")
    assert lying() == {"here": 2, "aside": 0}


def test_nothing_is_disposed_of_without_a_decision_that_covers_it(running: Running, sink: Sink) -> None:
    number = come(running, sink, letter())
    before = running.case(number)
    for arguments, sentence in (
        ([number], "Name the decision: --decision ID. Configured: KS 2026/123, KS 2026/124, KS 2026/125."),
        ([number, "--decision", "KS 1"], "There is no disposal decision KS 1 in the settings."),
        ([number, "--decision", "KS 2026/124"], f"{number}  kept: the decision does not cover message\n"),
        ([number, "--decision", "KS 2026/125"], f"{number}  kept: not before 20"),
        (["2345-6789", "--decision", "KS 2026/123"], ""),
    ):
        status, said = dispose(running, *arguments)
        assert (status, sentence in said) == (1, True), said
    held = running.kvitto("cases", "hold", number, "--because", "Överklagat")
    assert held.stdout == f"{number} is on hold: Överklagat\n"
    assert "On hold" in running.kvitto("cases", "show", number).stdout
    assert dispose(running, number, "--decision", "KS 2026/123")[1].startswith(
        f"{number}  kept: it is on hold: Överklagat\n"
    )
    after = running.case(number)
    assert [each["type"] for each in after.pop("events")[:-1]] == [
        each["type"] for each in before.pop("events")
    ]
    assert after == before
    assert running.kvitto("cases", "release", number).stdout == f"{number} is released.\n"
    assert dispose(running, number, "--decision", "KS 2026/123")[0] == 0


def test_without_any_decision_the_command_says_so(kvitto: Start) -> None:
    running = kvitto(EMAIL__RELAY="smtp://127.0.0.1:1", EMAIL__RELAY_TLS="never")
    send(running, letter(), sender="astrid.ek@example.com")
    number = running.cases()[0]["reference"]
    status, said = dispose(running, number, "--decision", "KS 2026/123")
    assert (status, said.splitlines()[0]) == (
        1,
        "No disposal decision is configured, so nothing may be disposed of.",
    )
    assert SECRET_WORD in repr(running.case(number))


def test_a_case_in_which_somebody_waits_for_an_answer_is_kept(running: Running, sink: Sink) -> None:
    send(running, letter(), sender="astrid.ek@example.com")
    sink.wait(1)
    number = running.cases()[0]["reference"]
    for _ in range(200):
        status, said = dispose(running, number, "--decision", "KS 2026/123")
        if "owed" not in said:
            break
    assert (status, said.splitlines()[0]) == (
        1,
        f"{number}  kept: somebody waits for an answer: answer or close it first",
    )


def test_a_receipt_that_is_owed_and_a_mail_that_nobody_could_read_keep_their_case(
    kvitto: Start, tmp_path: Path
) -> None:
    file = tmp_path / "kvitto.toml"
    file.write_text(DECISIONS)
    running = kvitto(CONFIG=str(file), EMAIL__RELAY="smtp://127.0.0.1:1", EMAIL__RELAY_TLS="never")
    send(running, letter(), sender="astrid.ek@example.com")
    number = running.cases()[0]["reference"]
    assert dispose(running, number, "--decision", "KS 2026/123")[1].startswith(
        f"{number}  kept: a letter is still owed\n"
    )
    assert SECRET_WORD in repr(running.case(number))

"""Kvitto behind a real Postfix, by SMTP and by LMTP: under load, away for a while, and refusing."""

import smtplib
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import pytest

from tests.conftest import Running, Sink
from tests.postfix import Postfix, run_opendkim, run_postfix

Start = Callable[..., Running]
DOMAINS = "smtp.example.org,lmtp.example.org"


@pytest.fixture
def place() -> Iterator[str]:
    """Where the socket goes: Postfix connects as a user of its own, so the folder lets everybody through."""
    with tempfile.TemporaryDirectory(prefix="kvitto-lmtp-") as folder:
        Path(folder).chmod(0o755)
        yield f"{folder}/lmtp"


@contextmanager
def postfix_before(
    running: Running, place: str, sink: Sink | None = None, *, more: str = ""
) -> Iterator[Postfix]:
    """A Postfix that hands one domain on by SMTP and one by LMTP; what it answers goes to the sink."""
    routes = {
        "smtp.example.org": f"smtp:[127.0.0.1]:{running.smtp_port}",
        "lmtp.example.org": f"lmtp:unix:{place}",
        "example.com": f"smtp:[127.0.0.1]:{sink.port if sink else 9}",
    }
    with run_postfix(routes, more=more) as server:
        yield server


def start(kvitto: Start, place: str, **more: str) -> Running:
    return kvitto(**{"EMAIL__LMTP": place, "EMAIL__LMTP_MODE": "0666", "EMAIL__DOMAINS": DOMAINS} | more)


def wait_for(what: Callable[[], bool], server: Postfix, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, server.log[-4000:]
        time.sleep(0.1)


def send(
    server: Postfix, mail: bytes | str, *to: str, sender: str = "anna@example.com", utf8: bool = False
) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=30) as client:
        content = mail.encode() if isinstance(mail, str) else mail
        client.sendmail(sender, to, content, mail_options=["SMTPUTF8", "BODY=8BITMIME"] if utf8 else [])


def letter(number: int, words: str = "Gatlyktan vid Storgatan 5 lyser inte.") -> str:
    return (
        f"From: Anna Ek <anna@example.com>\r\nTo: kontakt@example.org\r\nSubject: Brev {number}\r\n"
        f"Date: Sun, 22 Nov 2026 10:00:{number % 60:02} +0100\r\nMessage-ID: <brev.{number}@example.com>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
    )


def bounce_text(mail: EmailMessage) -> str:
    assert mail.get_content_type() == "multipart/report", mail
    return next(mail.iter_parts()).get_content()


def test_a_mail_that_comes_by_smtp_and_by_lmtp_is_one_case(kvitto: Start, place: str) -> None:
    running = start(kvitto, place)
    with postfix_before(running, place) as server:
        send(server, letter(1), "en@smtp.example.org", "en@lmtp.example.org")
        send(server, letter(2), "en@lmtp.example.org", "annan@lmtp.example.org")
        wait_for(lambda: server.log.count("status=sent") == 4, server)
        assert server.queued() == []
    assert sorted(case["subject"] for case in running.cases()) == ["Brev 1", "Brev 2"]
    for case in running.cases():
        found = running.case(case["reference"])
        assert (case["channel"], len(found["raws"]), len(found["outbox"])) == ("email", 1, 1)
    repeated = [
        event["type"]
        for case in running.cases()
        if case["subject"] == "Brev 1"
        for event in running.case(case["reference"])["events"]
    ]
    assert repeated == ["case.opened", "delivery.repeated"]


@pytest.mark.parametrize("way", ["smtp", "lmtp"])
def test_nothing_is_lost_and_nothing_comes_twice_when_kvitto_dies_under_load(
    kvitto: Start, place: str, way: str
) -> None:
    mails = 300
    running = start(kvitto, place)
    with postfix_before(running, place) as server:
        load = Thread(target=server.load, args=(mails, f"kontakt@{way}.example.org"))
        load.start()
        wait_for(lambda: server.log.count("status=sent") >= 40, server)
        running.kill()
        load.join(60)
        assert not load.is_alive()
        wait_for(lambda: "status=deferred" in server.log, server)
        before = server.log.count("status=sent")
        assert before < mails
        assert server.queued() != []
        running.start()
        server.flush()
        wait_for(lambda: not server.queued(), server)
        assert server.log.count("status=bounced") == 0
        assert server.log.count("status=sent") == mails
    found = running.cases()
    assert len(found) == mails
    assert len({running.case(case["reference"])["messages"][0]["message_id"] for case in found}) == mails


@pytest.mark.parametrize("way", ["smtp", "lmtp"])
def test_the_sender_of_what_we_refuse_gets_our_sentence_from_postfix(
    kvitto: Start, sink: Sink, place: str, way: str
) -> None:
    running = start(
        kvitto,
        place,
        EMAIL__LARGEST="100000",
        EMAIL__DOMAINS="",
        EMAIL__ADDRESSES=f"kontakt@{way}.example.org",
    )
    with postfix_before(running, place, sink) as server:
        send(server, letter(1), f"kontakt@{way}.example.org", f"kontkat@{way}.example.org")
        (unknown,) = sink.wait(1)
        assert f"<kontkat@{way}.example.org> is not an address of ours" in " ".join(
            bounce_text(unknown).split()
        )
        send(server, letter(2, "Lång rad\r\n" * 20_000), f"kontakt@{way}.example.org")
        large = sink.wait(2)[1]
        assert "5.3.4" in str(large)
        wait_for(lambda: not server.queued(), server)
    # Of two addresses the one that is ours got the mail.
    assert [case["subject"] for case in running.cases()] == ["Brev 1"]
    assert {each["To"] for each in sink.mails} == {"anna@example.com"}


@pytest.mark.parametrize("way", ["smtp", "lmtp"])
def test_what_we_cannot_keep_now_waits_with_postfix(kvitto: Start, place: str, way: str) -> None:
    running = start(kvitto, place, EMAIL__BUFFER="1000000")
    with postfix_before(running, place) as server:
        send(server, letter(1, "Lång rad\r\n" * 200_000), f"kontakt@{way}.example.org")
        wait_for(lambda: "status=deferred" in server.log, server)
        assert "451 4.3.1 We cannot keep your message safely just now" in server.log
        assert "status=bounced" not in server.log
        assert running.cases() == []
        running.stop()
        del running.settings["KVITTO_EMAIL__BUFFER"]
        running.start()
        server.flush()
        wait_for(lambda: not server.queued(), server)
    assert [case["subject"] for case in running.cases()] == ["Brev 1"]


@pytest.mark.parametrize("way", ["smtp", "lmtp"])
def test_addresses_and_text_beyond_ascii_come_through(kvitto: Start, place: str, way: str) -> None:
    running = start(kvitto, place)
    with postfix_before(running, place) as server:
        mail = letter(1, "Räksmörgås på Åvägen 7.").replace(
            "Anna Ek <anna@example.com>", "Åsa Ek <åsa@example.com>"
        )
        send(server, mail, f"vägar@{way}.example.org", sender="åsa@example.com", utf8=True)
        wait_for(lambda: "status=sent" in server.log, server)
    (case,) = running.cases()
    (message,) = running.case(case["reference"])["messages"]
    (raw,) = running.case(case["reference"])["raws"]
    assert message["text"] == "Räksmörgås på Åvägen 7."
    assert message["sender"] == {"channel": "email", "value": "åsa@example.com", "name": "Åsa Ek"}
    assert (raw["envelope_from"], raw["envelope_to"]) == ("åsa@example.com", [f"vägar@{way}.example.org"])


@pytest.mark.parametrize(("received_lines", "expected"), [("0", "dkim=none"), ("1", "dmarc=pass")])
def test_a_milter_writes_above_postfixs_own_line_and_what_stands_below_may_be_forged(
    kvitto: Start, tmp_path: Path, place: str, received_lines: str, expected: str
) -> None:
    running = start(
        kvitto,
        place,
        EMAIL__AUTHENTICATE="relay",
        EMAIL__AUTHSERV_IDS="mx.example.net",
        EMAIL__RECEIVED_LINES=received_lines,
    )
    # OpenDKIM removes lines in its own name only where they speak of DKIM.
    forged = "Authentication-Results: mx.example.net; dmarc=pass header.from=example.com\r\n"
    with (
        run_opendkim(tmp_path, "mx.example.net") as milter,
        postfix_before(running, place, more=f"smtpd_milters = {milter}") as server,
    ):
        send(server, forged + letter(1), "kontakt@lmtp.example.org")
        wait_for(lambda: "status=sent" in server.log, server)
    (case,) = running.cases()
    found = running.case(case["reference"])
    raw = running.kvitto("cases", "raw", case["reference"]).stdout
    names = [line.partition(":")[0] for line in raw.splitlines() if line[:1].strip() and ": " in line]
    assert names[:3] == ["Authentication-Results", "Received", "Authentication-Results"]
    kept = found["raws"][0]["headers"]["authentication-results"]
    assert expected in kept
    assert ("dmarc=pass" in kept) == (received_lines == "1")

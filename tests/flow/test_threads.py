"""What belongs together comes together, nobody writes into a stranger's case, and letters that come back are noticed."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.conftest import Running, Sink
from tests.flow.test_front_door import mail, send

Start = Callable[..., Running]


@pytest.fixture
def running(kvitto: Start, sink: Sink) -> Running:
    return kvitto(EMAIL__RELAY=f"smtp://127.0.0.1:{sink.port}", EMAIL__RELAY_TLS="never")


def write(running: Running, sender: str, to: str = "kontakt@example.org", **changed: str) -> dict:
    """Send a mail from this address; the newest case afterwards."""
    given = {"From": f"Anna <{sender}>", "Message_ID": f"<{uuid4()}@example.com>"} | changed
    send(running, mail(**given), sender=sender, to=to)
    return running.case(running.cases()[0]["reference"])


def report(letter: str, status: str, action: str, more: bytes = b"") -> bytes:
    """What a mail server sends back (RFC 3464), with the headers of the letter when `more` gives them."""
    return (
        b"From: MAILER-DAEMON@mx.example.com\r\nTo: " + letter.encode() + b"\r\nSubject: Undelivered Mail\r\n"
        b"Message-ID: <" + str(uuid4()).encode() + b"@mx.example.com>\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\n\r\nI could not deliver it.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; anna@example.com\r\n"
        b"Action: " + action.encode() + b"\r\nStatus: " + status.encode() + b"\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + more + b"\r\n--b--\r\n"
    )


def kinds(case: dict) -> list[str]:
    return [message["kind"] for message in case["messages"]]


def events(case: dict) -> list[str]:
    return [event["type"] for event in case["events"]]


def wait_for(running: Running, reference: str, event: str) -> dict:
    for _ in range(200):
        case = running.case(reference)
        if event in events(case):
            return case
        time.sleep(0.05)
    raise AssertionError(f"no {event} among {events(case)}")


def test_a_number_in_the_subject_adds_only_what_a_known_writer_sends(running: Running) -> None:
    write(running, "anna@example.com")
    number = running.cases()[0]["reference"]
    write(running, "anna@example.com", Subject=f"Mer om {number.lower()}")
    assert len(running.cases()) == 1
    stranger = write(running, "bo@example.com", Subject=f"Sv: {number}")
    assert len(running.cases()) == 2
    assert kinds(running.case(number)) == ["message", "message"]
    # Staff see that the two may be one matter.
    assert "case.linked" in events(stranger)
    assert "case.linked" in events(running.case(number))


def test_an_answer_to_ones_own_mail_is_added_and_to_anothers_is_not(running: Running) -> None:
    mine = f"{uuid4()}@example.com"
    write(running, "anna@example.com", Message_ID=f"<{mine}>")
    number = running.cases()[0]["reference"]
    write(running, "anna@example.com", In_Reply_To=f"<{mine}>", Subject="En bild till")
    assert kinds(running.case(number)) == ["message", "message"]
    write(running, "bo@example.com", In_Reply_To=f"<{mine}>", Subject="Jag med")
    assert len(running.cases()) == 2


def test_danger_in_a_later_mail_raises_the_alarm_on_its_case_once(running: Running) -> None:
    write(running, "anna@example.com")
    number = running.cases()[0]["reference"]
    assert "alarm.raised" not in events(running.case(number))
    danger = "Nu orkar jag inte leva längre. Jag tänker ta mitt liv i kväll."
    for _ in range(2):
        write(running, "anna@example.com", Subject=f"Mer om {number}", text=danger)
    case = running.case(number)
    assert len(running.cases()) == 1
    assert case["messages"][1]["receipt"]["variant"] == "suicide"
    assert events(case).count("alarm.raised") == 1


def test_a_receipt_that_comes_back_is_seen_on_the_case_and_its_address_gets_no_more(
    running: Running, sink: Sink
) -> None:
    write(running, "anna@example.com")
    number = running.cases()[0]["reference"]
    sink.wait(1)
    return_path = sink.envelopes[0][0]
    assert re.fullmatch(r"kontakt\+[0-9a-f]{32}@example\.org", return_path)
    send(running, report(return_path, "5.1.1", "failed"), sender="", to=return_path)
    case = wait_for(running, number, "receipt.bounced")
    assert len(running.cases()) == 1
    assert [entry["state"] for entry in case["outbox"]] == ["returned"]
    assert case["outbox"][0]["results"][-1]["outcome"] == "bounced"
    assert case["outbox"][0]["results"][-1]["detail"] == "5.1.1"
    assert kinds(case) == ["message", "bounce"]
    # The next message is a case like any other, and says why nobody was told.
    again = write(running, "Anna@Example.com", Subject="Ännu en lampa")
    assert again["messages"][0]["withheld"] == "dead-address"
    assert again["outbox"] == []
    assert len(sink.mails) == 1
    listed = running.kvitto("outbox", "blocked")
    assert "anna@example.com" in listed.stdout
    assert "again" in running.kvitto("outbox", "unblock", "anna@example.com").stdout
    assert "No address" in running.kvitto("outbox", "blocked").stdout


def test_a_delayed_receipt_has_not_failed(running: Running, sink: Sink) -> None:
    write(running, "anna@example.com")
    number = running.cases()[0]["reference"]
    sink.wait(1)
    send(running, report(sink.envelopes[0][0], "4.4.1", "delayed"), sender="", to=sink.envelopes[0][0])
    case = wait_for(running, number, "receipt.delayed")
    assert [entry["state"] for entry in case["outbox"]] == ["sent"]
    assert "No address" in running.kvitto("outbox", "blocked").stdout


def test_a_receipt_that_comes_back_goes_once_to_another_known_address(running: Running, sink: Sink) -> None:
    given = mail(From="Anna <anna@work.example.com>", Message_ID=f"<{uuid4()}@example.com>")
    send(running, given, sender="anna.old@example.com")
    number = running.cases()[0]["reference"]
    sink.wait(1)
    assert sink.envelopes[0][1] == ["anna.old@example.com"]
    send(running, report(sink.envelopes[0][0], "5.1.1", "failed"), sender="", to=sink.envelopes[0][0])
    sink.wait(2)
    assert sink.envelopes[1][1] == ["anna@work.example.com"]
    assert sink.mails[1]["Subject"] == sink.mails[0]["Subject"]
    assert sink.mails[1]["Message-ID"] != sink.mails[0]["Message-ID"]
    # That one comes back too: nobody is left to try.
    send(running, report(sink.envelopes[1][0], "5.1.1", "failed"), sender="", to=sink.envelopes[1][0])
    for _ in range(100):
        case = running.case(number)
        if events(case).count("receipt.bounced") == 2:
            break
        time.sleep(0.05)
    assert [entry["state"] for entry in case["outbox"]] == ["returned", "returned"]
    assert len(sink.mails) == 2


def test_a_report_without_our_return_path_is_known_by_the_letter_inside(running: Running, sink: Sink) -> None:
    write(running, "anna@example.com")
    number = running.cases()[0]["reference"]
    sink.wait(1)
    inside = f"Message-ID: {sink.mails[0]['Message-ID']}\r\nSubject: x\r\n".encode()
    send(
        running, report("kontakt@example.org", "5.2.2", "failed", inside), sender="", to="kontakt@example.org"
    )
    assert [entry["state"] for entry in wait_for(running, number, "receipt.bounced")["outbox"]] == [
        "returned"
    ]


def test_a_report_about_a_letter_that_is_not_ours_changes_nothing(running: Running, sink: Sink) -> None:
    write(running, "anna@example.com")
    number = running.cases()[0]["reference"]
    sink.wait(1)
    made_up = f"kontakt+{'0' * 32}@example.org"
    send(running, report(made_up, "5.1.1", "failed"), sender="", to=made_up)
    assert len(running.cases()) == 2
    assert [entry["state"] for entry in running.case(number)["outbox"]] == ["sent"]
    assert "No address" in running.kvitto("outbox", "blocked").stdout


def test_whoever_answers_the_return_path_gets_no_receipt(running: Running, sink: Sink) -> None:
    write(running, "anna@example.com")
    number = running.cases()[0]["reference"]
    sink.wait(1)
    # A machine that thanks for every mail and says nowhere that it is one.
    write(
        running, "anna@example.com", to=sink.envelopes[0][0], Subject="Tack!", text="Vi har fått ditt brev."
    )
    case = running.case(number)
    assert [message["withheld"] for message in case["messages"]] == ["", "return-path"]
    assert len(sink.mails) == 1


def test_a_case_sends_only_so_many_receipts_in_a_day(kvitto: Start, sink: Sink) -> None:
    running = kvitto(
        EMAIL__RELAY=f"smtp://127.0.0.1:{sink.port}", EMAIL__RELAY_TLS="never", OUTBOX__RECEIPTS_PER_CASE="3"
    )
    write(running, "anna@example.com")
    number = running.cases()[0]["reference"]
    for count in range(4):
        write(running, "anna@example.com", Subject=f"Mer om {number}", text=f"Och en sak till: {count}")
    withheld = [message["withheld"] for message in running.case(number)["messages"]]
    assert withheld == ["", "", "", "many-receipts", "many-receipts"]
    assert len(sink.wait(3)) == 3


def test_two_gateways_that_write_to_each_other_stop_after_one_receipt(kvitto: Start) -> None:
    """Each is the other's relay: what one city sends to the other comes in there."""
    one, other = kvitto(open_now=False), kvitto(open_now=False)
    one.settings |= {
        "KVITTO_EMAIL__RELAY": f"smtp://127.0.0.1:{other.smtp_port}",
        "KVITTO_EMAIL__SENDER": "kontakt@one.example.org",
        "KVITTO_EMAIL__DOMAINS": "one.example.org",
    }
    other.settings |= {
        "KVITTO_EMAIL__RELAY": f"smtp://127.0.0.1:{one.smtp_port}",
        "KVITTO_EMAIL__SENDER": "kontakt@other.example.org",
        "KVITTO_EMAIL__DOMAINS": "other.example.org",
    }
    for each in (one, other):
        each.settings["KVITTO_EMAIL__RELAY_TLS"] = "never"
        each.start()
    hello = mail(From="Kontakt <kontakt@other.example.org>", Message_ID=f"<{uuid4()}@other.example.org>")
    send(one, hello, sender="kontakt@other.example.org", to="kontakt@one.example.org")
    for _ in range(200):
        if other.cases():
            break
        time.sleep(0.05)
    time.sleep(1)  # time enough for a dozen more, if there were any
    (there,) = other.cases()
    assert there["kind"] != "message"
    assert other.case(there["reference"])["outbox"] == []
    (here,) = one.cases()
    assert len(one.case(here["reference"])["outbox"]) == 1

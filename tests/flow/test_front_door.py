"""A resident writes; the city has one case; the resident has a receipt. The whole program, over real sockets."""

import json
import re
import smtplib
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest
from standardwebhooks.webhooks import Webhook

from tests.conftest import SECRET, Running, Sink

Start = Callable[..., Running]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Sink]]:
    """One Kvitto and one sink for tests that only look at their own message."""
    with Sink() as sink:
        settings = {f"KVITTO_{name}": value for name, value in sink.relay.items()}
        running = Running(tmp_path_factory.mktemp("shared"), settings).start()
        yield running, sink
        running.stop()


def mail(**changed: str) -> EmailMessage:
    message = EmailMessage()
    headers = {
        "From": "Anna Öberg <anna@example.com>",
        "To": "kontakt@example.org",
        "Subject": "Gatlyktan är trasig",
        "Message-ID": "<1@example.com>",
        "Date": "Tue, 24 Nov 2026 09:41:07 +0100",
    } | {name.replace("_", "-"): value for name, value in changed.items() if name != "text"}
    for name, value in headers.items():
        if value:
            message[name] = value
    message.set_content(
        changed.get("text", "Hej!\n\nGatlyktan utanför Storgatan 5 lyser inte.\n\nHälsningar\nAnna")
    )
    return message


def send(
    running: Running,
    message: EmailMessage | bytes,
    sender: str = "anna@example.com",
    to: str = "kontakt@example.org",
) -> None:
    content = message if isinstance(message, bytes) else message.as_bytes()
    with smtplib.SMTP("127.0.0.1", running.smtp_port, timeout=30) as client:
        client.sendmail(sender, to.split(), content)


def form(token: str = "", **fields: str) -> tuple[bytes, dict[str, str]]:
    """A post as a browser makes it."""
    boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
    fields = {"token": token, "text": "Hål i cykelbanan vid Björnövägen 4", "how": "anon", **fields}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = "".join(parts) + f"--{boundary}--\r\n"
    return body.encode(), {"content-type": f"multipart/form-data; boundary={boundary}"}


def signed(
    content: dict[str, object] | bytes, identity: str = "msg_1", at: datetime | None = None
) -> tuple[bytes, dict[str, str]]:
    """A delivery signed by the reference library."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    at = at or datetime.now(UTC)
    signature = (
        Webhook(SECRET).sign(identity, at, body.decode("latin-1"))
        if not isinstance(content, bytes)
        else "v1,none"
    )
    return body, {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def test_a_mail_becomes_a_case_and_its_sender_gets_a_receipt_that_says_where(
    kvitto: Start, sink: Sink
) -> None:
    running = kvitto(**sink.relay)
    send(running, mail())
    (receipt,) = sink.wait(1)
    (case,) = running.cases()
    assert case["department"] == "teknik"
    assert case["channel"] == "email"
    assert receipt["To"] == "anna@example.com"
    assert case["reference"] in receipt["Subject"]
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == "<1@example.com>"
    assert receipt["References"] == "<1@example.com>"
    return_path, recipients = sink.envelopes[0]
    assert recipients == ["anna@example.com"]
    # A return path of its own: what comes back there tells which receipt was lost, and is never answered.
    assert re.fullmatch(r"kontakt\+[0-9a-f]{32}@example\.org", return_path)
    text = receipt.get_body(("plain",)).get_content()
    assert "Teknik- och fastighetsförvaltningen" in text
    assert case["reference"] in text
    assert "Storgatan" not in text  # never the resident's own words
    html = receipt.get_body(("html",)).get_content()
    assert 'lang="sv"' in html


def test_the_form_answers_with_the_receipt_and_sends_it_too(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    body, headers = form(how="mail", mail="anna@example.com", name="Anna", lang="fi")
    answer = running.request("POST", "/?lang=fi", body, headers)
    assert answer.status == 200
    (case,) = running.cases()
    assert case["reference"] in answer.text
    assert 'lang="fi"' in answer.text
    assert "a***a@e***.com" in answer.text
    (receipt,) = sink.wait(1)
    assert receipt["Content-Language"] == "fi"
    assert case["reference"] in receipt["Subject"]


def test_an_anonymous_post_keeps_nothing_about_its_writer(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    body, headers = form()
    answer = running.request(
        "POST", "/", body, headers | {"user-agent": "Telltale/1.0", "x-forwarded-for": "192.0.2.7"}
    )
    assert answer.status == 200
    found = running.case(running.cases()[0]["reference"])
    assert found["messages"][0]["sender"] is None
    assert found["messages"][0]["answer_to"] == []
    assert found["outbox"] == []
    running.stop()
    stored = b"".join(path.read_bytes() for path in (running.folder / "data").rglob("*") if path.is_file())
    assert b"Telltale" not in stored
    assert b"192.0.2.7" not in stored
    assert "Telltale" not in running.log


def test_a_signed_delivery_from_another_system_becomes_a_case(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    content = {
        "text": "The street light on Storgatan is broken",
        "email": "anna@example.com",
        "language": "en",
    }
    answer = running.request("POST", "/inbound/webform", *signed(content))
    assert answer.status == 201
    assert answer.json["department"] == "teknik"
    (receipt,) = sink.wait(1)
    assert answer.json["reference"] in receipt["Subject"]
    assert receipt["Content-Language"] == "en"


def test_ten_replays_of_one_delivery_are_one_case_and_one_receipt(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    post, webhook = (
        form(token="a-token-of-one-page", how="mail", mail="b@example.com"),
        signed({"text": "Hej"}),
    )
    answers = []
    for _ in range(10):
        send(running, mail())
        answers.append(running.request("POST", "/", *post))
        answers.append(running.request("POST", "/inbound/webform", *webhook))
    assert {answer.status for answer in answers[0::2]} == {200}
    assert [answer.status for answer in answers[1::2]] == [201] + [200] * 9
    assert len({answer.json["reference"] for answer in answers[1::2]}) == 1
    assert (
        len({answer.text.split('id="no"')[1][:40] for answer in answers[0::2]}) == 1
    )  # the same receipt each time
    assert len(running.cases()) == 3
    running.stop()
    assert len(sink.mails) == 2


def test_duplicates_racing_on_two_connections_are_one_case(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    start = threading.Barrier(2)

    def race(number: int) -> None:
        start.wait(10)
        send(running, mail(Message_ID=f"<race{number}@example.com>"))

    with ThreadPoolExecutor(2) as pool:
        for number in range(10):
            for done in [pool.submit(race, number), pool.submit(race, number)]:
                done.result(30)
    assert len(running.cases()) == 10
    running.stop()
    assert len(sink.mails) == 10


def test_the_same_id_on_different_mails_makes_two_cases(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    send(running, mail(text="Gatlyktan är trasig"))
    send(running, mail(text="Papperskorgen är full"))
    assert len(running.cases()) == 2


def test_an_answer_to_the_receipt_joins_its_case(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    send(running, mail())
    (receipt,) = sink.wait(1)
    send(
        running, mail(Message_ID="<2@example.com>", In_Reply_To=receipt["Message-ID"], text="Den lyser igen.")
    )
    (case,) = running.cases()
    found = running.case(case["reference"])
    assert [message["text"].strip() for message in found["messages"]][1] == "Den lyser igen."
    assert [event["type"] for event in found["events"]] == ["case.opened", "message.added"]
    assert case["reference"] in sink.wait(2)[1]["Subject"]


@pytest.mark.parametrize(
    ("changed", "sender"),
    [
        ({"Auto_Submitted": "auto-replied"}, "anna@example.com"),
        ({"Auto_Submitted": "auto-generated"}, "anna@example.com"),
        (
            {
                "List_Id": "<nyheter.example.com>",
                "List_Unsubscribe": "<mailto:u@example.com>",
                "Precedence": "list",
            },
            "anna@example.com",
        ),
        ({}, ""),
        ({"From": "no-reply@example.com"}, "no-reply@example.com"),
        ({"From": "MAILER-DAEMON@example.com"}, "MAILER-DAEMON@example.com"),
        (
            {"Subject": "Autosvar: Semester", "text": "Jag är på semester till den 7 januari."},
            "anna@example.com",
        ),
        ({"From": "kontakt@example.org"}, "kontakt@example.org"),
    ],
)
def test_nothing_automatic_is_answered_and_nothing_is_lost(
    shared: tuple[Running, Sink], changed: dict[str, str], sender: str
) -> None:
    running, sink = shared
    before = len(sink.mails)
    send(running, mail(Message_ID=f"<{uuid4()}@example.com>", **changed), sender=sender)
    (automatic, *_) = running.cases()
    control = f"{uuid4()}@example.com"
    send(running, mail(Message_ID=f"<{control}>"), sender=control)
    assert [receipt["To"] for receipt in sink.wait(before + 1)[before:]] == [control]
    found = running.case(automatic["reference"])
    assert found["messages"][0]["withheld"] != ""
    assert found["outbox"] == []


def test_a_person_whose_mail_has_a_bulk_mark_by_accident_gets_a_receipt(
    shared: tuple[Running, Sink],
) -> None:
    running, sink = shared
    before = len(sink.mails)
    sender = f"{uuid4()}@example.com"
    marked = mail(Message_ID=f"<{uuid4()}@example.com>", From=f"Anna <{sender}>", Precedence="bulk")
    send(running, marked, sender=sender)
    assert [receipt["To"] for receipt in sink.wait(before + 1)[before:]] == [sender]


def test_auto_submitted_no_is_a_person(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    send(running, mail(Auto_Submitted="no"))
    assert sink.wait(1)[0]["To"] == "anna@example.com"


def test_mail_to_a_department_goes_there_whatever_it_says(kvitto: Start) -> None:
    running = kvitto()
    send(running, mail(To="skola@example.org"), to="skola@example.org")
    assert running.cases()[0]["department"] == "skola"


def test_an_unclear_matter_names_no_department(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    send(running, mail(Subject="Hej", text="Jag undrar en sak som jag vill prata med någon om."))
    (receipt,) = sink.wait(1)
    assert running.cases()[0]["department"] == ""
    assert "förvaltningen läser" not in receipt.get_body(("plain",)).get_content()
    assert "Kontaktcenter" in receipt.get_body(("plain",)).get_content()


def test_smtp_says_what_it_can_do_and_refuses_other_addresses(kvitto: Start) -> None:
    running = kvitto(EMAIL__LARGEST="20000")
    with smtplib.SMTP("127.0.0.1", running.smtp_port, timeout=30) as client:
        client.ehlo()
        assert client.esmtp_features.get("size") == "20000"
        assert {"8bitmime", "smtputf8", "pipelining"} <= set(client.esmtp_features)
        client.mail("anna@example.com")
        assert client.rcpt("someone@elsewhere.example")[0] == 550
        assert client.rcpt("KONTAKT+gatlykta@example.org")[0] == 250
        assert client.rcpt("postmaster@example.org")[0] == 250
        client.rset()
        assert client.mail("anna@example.com", ["size=20001"])[0] == 552
        client.rset()
        client.mail("anna@example.com")
        client.rcpt("kontakt@example.org")
        code, words = client.data(b"Subject: stor\r\n\r\n" + b"x" * 72 * 300)
        assert code == 552
        assert b"larger than" in words
        # The connection lives on, and the next mail is taken.
        client.mail("anna@example.com")
        client.rcpt("kontakt@example.org")
        assert client.data(b"Subject: liten\r\n\r\nHej")[0] == 250
    assert [case["subject"] for case in running.cases()] == ["liten"]


def test_a_lone_line_feed_never_ends_a_mail(kvitto: Start) -> None:
    """SMTP smuggling: only CR LF dot CR LF ends DATA."""
    running = kvitto()
    with socket.create_connection(("127.0.0.1", running.smtp_port), 30) as connection:
        stream = connection.makefile("rwb")

        def say(line: bytes) -> bytes:
            stream.write(line)
            stream.flush()
            while (answer := stream.readline())[3:4] == b"-":
                pass
            return answer

        stream.readline()
        say(b"EHLO test\r\n")
        say(b"MAIL FROM:<anna@example.com>\r\n")
        say(b"RCPT TO:<kontakt@example.org>\r\n")
        say(b"DATA\r\n")
        smuggled = b"MAIL FROM:<evil@example.com>\r\nRCPT TO:<kontakt@example.org>\r\nDATA\r\n"
        assert (
            say(b"Subject: ett\r\n\r\nHej\n.\n" + smuggled + b"Subject: tva\r\n..punkt\r\n.\r\n")[:3]
            == b"250"
        )
        assert say(b"QUIT\r\n")[:3] == b"221"
    (case,) = running.cases()
    text = running.case(case["reference"])["messages"][0]["text"]
    assert "evil@example.com" in text
    assert ".punkt" in text
    assert "..punkt" not in text


def test_commands_sent_behind_the_end_of_a_mail_are_read(kvitto: Start) -> None:
    """RFC 2920: a client may send its next commands without waiting."""
    running = kvitto()
    with socket.create_connection(("127.0.0.1", running.smtp_port), 30) as connection:
        envelope = b"MAIL FROM:<anna@example.com>\r\nRCPT TO:<kontakt@example.org>\r\nDATA\r\n"
        connection.sendall(b"EHLO test\r\n" + envelope)
        connection.sendall(b"Subject: ett\r\n\r\nHej\r\n.\r\n" + envelope)
        connection.sendall(b"Subject: tva\r\n\r\nHej igen\r\n.\r\nQUIT\r\n")
        answers = b"".join(iter(lambda: connection.recv(65536), b"")).splitlines()
    assert [line[:3] for line in answers if line.startswith((b"354", b"250 2.0.0", b"221"))] == [
        b"354",
        b"250",
        b"354",
        b"250",
        b"221",
    ]
    assert sorted(case["subject"] for case in running.cases()) == ["ett", "tva"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b".",
        bytes(range(256)) * 40,
        b"Subject: avhuggen\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/pl",
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"AAA" * 1000,
        b"From: \x00\xff\xfe\r\nSubject: \xed\xa0\x80\x00\r\n\r\n\x00\xed\xa0\x80",
        b"X" * 90_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(3000)),
    ],
    ids=["empty", "dot", "binary", "truncated", "nul", "surrogate", "one-line", "nested"],
)
def test_a_hostile_mail_is_one_case_and_the_server_lives(
    shared: tuple[Running, Sink], content: bytes
) -> None:
    running, _ = shared
    before = len(running.cases())
    send(running, content)
    send(running, mail(Message_ID=f"<{uuid4()}@example.com>"))
    assert len(running.cases()) == before + 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": ""}, "Skriv vad du vill berätta"),
        ({"text": "x" * 10_001}, "för lång"),
        ({"how": "mail"}, "Skriv din e-post"),
        ({"how": "mail", "mail": "inte en adress"}, "namn@example.org"),
        ({"how": "anon", "mail": "anna@example.com"}, "anonym"),
        ({"kind": "reklam"}, "Fel: "),
        ({"lang": "xx"}, "Fel: "),
    ],
)
def test_a_mistake_in_the_form_is_told_and_what_was_typed_is_kept(
    shared: tuple[Running, Sink], changed: dict[str, str], words: str
) -> None:
    running, _ = shared
    before = len(running.cases())
    answer = running.request("POST", "/?lang=sv", *form(place="Björnövägen", **changed))
    assert answer.status == 422
    assert words in answer.text
    assert 'value="Björnövägen"' in answer.text
    assert len(running.cases()) == before


def test_a_broken_post_is_answered_and_nothing_is_made(kvitto: Start) -> None:
    running = kvitto()
    good, headers = form()
    broken = [
        (good[:100], headers),
        (good.replace("Hål".encode(), b"H\xe5l"), headers),
        (good, {"content-type": "application/x-www-form-urlencoded"}),
        (good, {"content-type": "multipart/form-data"}),
        (b"", headers),
    ]
    assert [running.request("POST", "/", *each).status for each in broken] == [422] * 5
    too_long = str(300_000_000)
    with socket.create_connection(("127.0.0.1", running.web_port), 30) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {too_long}\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")
    assert running.cases() == []


def test_what_is_not_genuine_is_refused_and_leaves_nothing(kvitto: Start) -> None:
    running = kvitto()
    body, headers = signed({"text": "Hej"})
    old = signed({"text": "Hej"}, at=datetime.now(UTC) - timedelta(minutes=6))
    answers = [
        running.request("POST", "/inbound/webform", body + b" ", headers),
        running.request("POST", "/inbound/webform", body, headers | {"webhook-id": "msg_2"}),
        running.request("POST", "/inbound/webform", body, {"content-type": "application/json"}),
        running.request("POST", "/inbound/webform", *old),
    ]
    assert [answer.status for answer in answers] == [401] * 4
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert running.cases() == []


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"text": 5}, 422),
        ({"text": ""}, 422),
        ({"text": "Hej", "emial": "anna@example.com"}, 422),
        ({"text": "Hej", "email": "anna"}, 422),
        ({"text": "Hej", "kind": "reklam"}, 422),
        ({"text": "x" * 100_001}, 422),
        ([], 422),
        ("Hej", 422),
    ],
)
def test_a_genuine_delivery_of_the_wrong_shape_is_told_what_is_wrong(
    shared: tuple[Running, Sink], content: object, status: int
) -> None:
    running, _ = shared
    before = len(running.cases())
    answer = running.request("POST", "/inbound/webform", *signed(content))
    assert answer.status == status
    assert answer.json["detail"]
    assert len(running.cases()) == before


def test_a_refused_receipt_is_failed_and_stands_on_the_case(kvitto: Start, sink: Sink) -> None:
    sink.refuse["gone@example.com"] = "550 5.1.1 No such person"
    running = kvitto(**sink.relay)
    send(running, mail(From="gone@example.com"), sender="gone@example.com")
    send(running, mail(Message_ID="<2@example.com>"))
    sink.wait(1)
    running.stop()
    found = running.case(running.cases()[-1]["reference"])
    assert found["outbox"][0]["state"] == "failed"
    assert "550" in found["outbox"][0]["results"][0]["detail"]


def test_a_relay_that_is_away_gets_the_receipt_when_it_is_back(kvitto: Start) -> None:
    with Sink() as sink:
        pass  # its port is free again, and nobody listens there
    running = kvitto(**sink.relay)
    send(running, mail())
    reference = running.cases()[0]["reference"]
    for _ in range(200):
        (entry,) = running.case(reference)["outbox"]
        if entry["attempts"]:
            break
    assert (entry["state"], entry["attempts"]) == ("queued", 1)
    running.stop()
    # Time passes: the next attempt is due.
    with sqlite3.connect(running.folder / "data" / "kvitto.db") as store:
        store.execute("UPDATE outbox SET due_at = created_at")
    store.close()
    with Sink() as back:
        running.settings.update({f"KVITTO_{name}": value for name, value in back.relay.items()})
        running.start()
        (receipt,) = back.wait(1)
        assert receipt["Message-ID"] == f"<{entry['message_id']}>"
        running.stop()


def test_no_word_of_a_resident_and_no_secret_is_in_the_log(kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay, LOG__LEVEL="debug")
    word = "xylofonkonsert"
    send(running, mail(Subject=word, text=word))
    running.request("POST", f"/?lang={word}", *form(text=word, how="mail", mail=f"{word}@example.com"))
    running.request("POST", "/inbound/webform", *signed({"text": word, "extra": word}))
    running.get(f"/{word}?q={word}")
    sink.wait(2)
    running.stop()
    assert word not in running.log
    assert SECRET not in running.log


def test_every_page_carries_the_headers_that_keep_strangers_out(kvitto: Start) -> None:
    running = kvitto()
    for path in ("/", "/postbox", "/static/kvitto.css", "/nowhere", "/health/live"):
        headers = {name.lower(): value for name, value in running.get(path).headers.items()}
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
        assert "server" not in headers
    assert "default-src 'none'" in running.get("/").headers["content-security-policy"]


def test_the_postbox_shows_what_would_have_been_sent_and_is_gone_with_a_real_relay(
    kvitto: Start, sink: Sink
) -> None:
    running = kvitto()
    send(running, mail())
    reference = running.cases()[0]["reference"]
    for _ in range(200):
        if reference in running.get("/postbox").text:
            break
    assert reference in running.get("/postbox").text
    # With a real relay, and where others could look.
    for elsewhere in (kvitto(**sink.relay), kvitto(WEB__HOST="0.0.0.0")):
        assert elsewhere.get("/postbox").status == 404
        assert elsewhere.get("/playground").status == 404
        assert elsewhere.request("POST", "/playground", b"").status == 404
        assert elsewhere.request("POST", "/inbound/sms/46elks/x", b"").status == 404
        assert elsewhere.request("POST", "/inbound/telegram", b"{}").status == 404


def test_the_page_speaks_the_readers_language(kvitto: Start) -> None:
    running = kvitto()
    assert 'lang="fi"' in running.get("/?lang=fi").text
    assert 'lang="en"' in running.get("/", **{"Accept-Language": "de-DE,en-GB;q=0.8,sv;q=0.7"}).text
    assert 'lang="sv"' in running.get("/", **{"Accept-Language": "x;q=,;;q=y,"}).text


def test_arrival_is_when_the_bytes_came(kvitto: Start) -> None:
    running = kvitto()
    before = datetime.now(UTC)
    send(running, mail(Date="Mon, 1 Jan 2001 00:00:00 +0000"))
    after = datetime.now(UTC)
    assert before <= running.cases()[0]["received_at"] <= after


def test_the_original_is_kept_to_the_byte(kvitto: Start) -> None:
    running = kvitto()
    small = b"Subject: liten\r\n\r\nR\xe4ksm\xf6rg\xe5s \x00\x01"
    large = b"Subject: stor\r\n\r\n" + bytes(range(256)) * 200
    wire = [small, large.replace(b"\r", b"").replace(b"\n", b"\r\n")]
    for each in wire:
        send(running, each)
    running.stop()
    store = sqlite3.connect(running.folder / "data" / "kvitto.db")
    rows = store.execute("SELECT body, sha256 FROM raw_messages ORDER BY id").fetchall()
    store.close()
    assert rows[0][0].rstrip(b"\r\n") == small.replace(b"\r\n", b"\r\n")
    blobs = running.folder / "data" / "blobs"
    assert rows[1][0] is None
    assert (blobs / rows[1][1][:2] / rows[1][1]).read_bytes().rstrip(b"\r\n").startswith(b"Subject: stor")


def test_starttls_is_offered_with_a_certificate(kvitto: Start, certificate: tuple[Path, Path]) -> None:
    import ssl

    running = kvitto(EMAIL__CERTIFICATE=str(certificate[0]), EMAIL__KEY=str(certificate[1]))
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with smtplib.SMTP("localhost", running.smtp_port, timeout=30) as client:
        client.starttls(context=context)
        client.sendmail("anna@example.com", ["kontakt@example.org"], mail().as_bytes())
    assert len(running.cases()) == 1


def test_who_goes_back_and_writes_something_else_is_not_taken_for_a_repetition(kvitto: Start) -> None:
    running = kvitto()
    for text in ("Gatlyktan är trasig", "Gatlyktan är trasig", "Parken är fin"):
        assert running.request("POST", "/", *form(token="the-token-of-one-page", text=text)).status == 200
    assert len(running.cases()) == 2


def test_the_language_of_the_answer_does_not_decide_how_the_text_is_read(kvitto: Start) -> None:
    running = kvitto()
    text = "Gatlyktan utanför mitt hus på Storgatan lyser inte längre på kvällarna."
    assert running.request("POST", "/?lang=en", *form(text=text, lang="en")).status == 200
    (case,) = running.cases()
    assert (case["department"], case["language"]) == ("teknik", "en")


def test_other_ways_into_the_signed_door_are_problems_a_program_can_read(
    shared: tuple[Running, Sink],
) -> None:
    running, _ = shared
    answers = [
        running.request("POST", "/inbound/nothing", b"{}"),
        running.request("POST", "/inbound/webform/more", b"{}"),
        running.request("GET", "/inbound/webform"),
        running.request("POST", "/inbound/form", b"{}"),
        running.request("POST", "/inbound/webform", b"x" * 36_000_000),
    ]
    assert [answer.status for answer in answers] == [404, 404, 405, 404, 413]
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}


def test_an_address_that_writes_without_end_gets_cases_and_no_more_receipts(
    kvitto: Start, sink: Sink
) -> None:
    running = kvitto(**sink.relay, OUTBOX__RECEIPTS_PER_HOUR="3")
    for number in range(5):
        send(running, mail(Message_ID=f"<loop{number}@example.com>"))
    control = "control@example.com"
    send(running, mail(Message_ID=f"<{control}>"), sender=control)
    assert [receipt["To"] for receipt in sink.wait(4)].count(control) == 1
    running.stop()
    assert len(sink.mails) == 4
    told = [running.case(case["reference"])["messages"][0]["withheld"] for case in running.cases()]
    assert sorted(told) == ["", "", "", "", "many-receipts", "many-receipts"]

"""Over real SMTP: a forged mail is a case without receipt, a genuine one gets it, and the DNS keeps nothing out."""

import smtplib
from collections.abc import Callable, Iterator
from pathlib import Path

import dkim
import pytest

from tests.conftest import Running, Sink
from tests.nameserver import SILENT, Nameserver
from tests.signing import make_key, sign

Start = Callable[..., Running]


class KeepingSink(Sink):
    """Keeps the bytes as they came over the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.bytes.append(envelope.content)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def relay() -> Iterator[KeepingSink]:
    with KeepingSink() as running:
        yield running


@pytest.fixture
def nameserver() -> Iterator[Nameserver]:
    with Nameserver() as running:
        running.text("_dmarc.example.com", "v=DMARC1; p=none")
        running.text("example.com", "v=spf1 ip4:192.0.2.1 -all")
        make_key().publish(running, "example.com")
        yield running


def mail(number: int, *, author: str = "anna@example.com", above: str = "") -> bytes:
    return (
        f"{above}From: Anna <{author}>\r\nTo: kontakt@example.org\r\nSubject: Gatlykta {number}\r\n"
        f"Message-ID: <{number}@example.com>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0100\r\n\r\nHej!\r\n"
    ).encode()


def send(running: Running, content: bytes, sender: str = "anna@example.com") -> None:
    with smtplib.SMTP("127.0.0.1", running.smtp_port, timeout=30) as client:
        client.sendmail(sender, ["kontakt@example.org"], content)


def newest(running: Running) -> dict:
    return running.case(running.cases()[0]["reference"])


def as_mx(nameserver: Nameserver, relay: Sink, **more: str) -> dict[str, str]:
    return {
        "EMAIL__AUTHENTICATE": "mx",
        "EMAIL__RESOLVER": nameserver.address,
        "EMAIL__AUTHENTICATE_SECONDS": "2",
        **relay.relay,
        **more,
    }


def test_a_forged_mail_is_a_case_without_receipt_and_says_why(
    kvitto: Start, relay: KeepingSink, nameserver: Nameserver
) -> None:
    running = kvitto(**as_mx(nameserver, relay))
    send(running, mail(1))
    forged = newest(running)
    assert forged["messages"][0]["withheld"] == "dmarc-fail"
    assert forged["outbox"] == []
    assert "No receipt: dmarc-fail" in running.kvitto("cases", "show", running.cases()[0]["reference"]).stdout
    send(running, sign(mail(2), make_key(), "example.com"))
    assert newest(running)["messages"][0]["withheld"] == ""
    (receipt,) = relay.wait(1)
    assert receipt["To"] == "anna@example.com"
    assert receipt["In-Reply-To"] == "<2@example.com>"
    outcome = newest(running)["raws"][0]["headers"]
    assert "dmarc=pass" in str(outcome)
    assert "127.0.0.1" not in str(outcome)


def test_a_nameserver_that_never_answers_keeps_no_mail_out(
    kvitto: Start, relay: KeepingSink, nameserver: Nameserver
) -> None:
    for name in ("example.com", "_dmarc.example.com"):
        nameserver.zone[name, "TXT"] = SILENT
    running = kvitto(**as_mx(nameserver, relay, EMAIL__AUTHENTICATE_SECONDS="1"))
    send(running, mail(1))
    assert "dmarc=temperror" in str(newest(running)["raws"][0]["headers"])
    assert len(relay.wait(1)) == 1


def test_behind_a_server_its_word_counts_and_its_spam_filter_withholds_nothing(
    kvitto: Start, relay: KeepingSink
) -> None:
    running = kvitto(
        EMAIL__AUTHENTICATE="relay",
        EMAIL__RECEIVED_LINES="1",
        EMAIL__AUTHSERV_IDS="mx.example.org",
        **relay.relay,
    )
    received = "Received: from x by mx.example.org; Sun, 22 Nov 2026 10:00:00 +0100\r\n"
    results = "Authentication-Results: mx.example.org; dmarc={} header.from=example.com\r\n"
    send(running, mail(1, above=received + results.format("fail")))
    assert newest(running)["messages"][0]["withheld"] == "dmarc-fail"
    send(running, mail(2, above=received + results.format("pass") + "X-Spam-Flag: YES\r\n"))
    assert newest(running)["messages"][0]["withheld"] == ""
    assert len(relay.wait(1)) == 1


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_receipts_are_signed_and_the_check_compares_the_key_with_the_dns(
    kvitto: Start, relay: KeepingSink, nameserver: Nameserver, tmp_path: Path, kind: str
) -> None:
    key = make_key(kind)
    signing = {
        "EMAIL__DKIM_DOMAIN": "example.org",
        "EMAIL__DKIM_SELECTOR": "s1",
        "EMAIL__DKIM_KEY": str(key.write(tmp_path)),
    }
    running = kvitto(**as_mx(nameserver, relay, **signing))
    record = key.record.replace("\n", "")

    def check() -> str:
        # One line, whatever the width of the terminal.
        return "".join(running.kvitto("check").stdout.split())

    assert f"s1._domainkey.example.orgholdsnothing.Publishthere:{record.replace(' ', '')}" in check()
    nameserver.text("s1._domainkey.example.org", make_key("rsa", 1024).record)
    assert "holdsanotherkey" in check()
    key.publish(nameserver, "example.org")
    nameserver.text("example.org", "v=spf1 mx -all")
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=reject")
    said = check()
    assert "holdsourkey" in said
    assert "SPF:example.orghasarecord" in said
    assert "asksforreject" in said
    send(running, sign(mail(1), make_key(), "example.com"))
    relay.wait(1)
    records = {b"s1._domainkey.example.org.": key.record.encode()}
    assert dkim.verify(relay.bytes[0], dnsfunc=lambda name, timeout=5: records[name])


def test_the_check_says_that_mail_from_everywhere_is_not_checked(kvitto: Start) -> None:
    running = kvitto(open_now=False, EMAIL__HOST="0.0.0.0")
    assert "email.authenticate is off" in running.kvitto("check").stdout
    assert "email.authenticate is off" not in kvitto(open_now=False).kvitto("check").stdout

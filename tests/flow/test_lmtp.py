"""LMTP spoken by the standard library's client and byte by byte, to a real Kvitto."""

import smtplib
import socket
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Running, Sink, free_port

Start = Callable[..., Running]
MAIL = (
    b"From: Anna Ek <anna@example.com>\r\nTo: kontakt@example.org\r\nSubject: Gatlykta\r\n"
    b"Message-ID: <1@example.com>\r\n\r\nGatlyktan vid Storgatan 5 lyser inte.\r\n"
)


@pytest.fixture
def place() -> Iterator[str]:
    """Where the socket goes: its path has to be short."""
    with tempfile.TemporaryDirectory(prefix="kvitto-lmtp-") as folder:
        yield f"{folder}/lmtp"


class Line:
    """One connection; each line is one reply."""

    def __init__(self, place: str) -> None:
        if "/" in place:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(30)
            self.socket.connect(place)
        else:
            host, _, port = place.rpartition(":")
            self.socket = socket.create_connection((host, int(port)), 30)
        self.file = self.socket.makefile("rb")
        self.greeting = self.file.readline()

    def say(self, words: bytes, replies: int = 1) -> list[str]:
        self.socket.sendall(words)
        return [self.file.readline().decode().rstrip() for _ in range(replies)]

    def hello(self, command: bytes = b"LHLO") -> list[str]:
        self.socket.sendall(command + b" mx.example.net\r\n")
        lines = [self.file.readline().decode().rstrip()]
        while lines[-1][3:4] == "-":
            lines.append(self.file.readline().decode().rstrip())
        return lines

    def close(self) -> None:
        self.file.close()
        self.socket.close()


@pytest.fixture
def line() -> Iterator[Callable[[str], Line]]:
    opened: list[Line] = []

    def connect(place: str) -> Line:
        opened.append(Line(place))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def codes(replies: list[str]) -> list[str]:
    return [" ".join(reply.split()[:2]) for reply in replies]


def test_the_standard_client_delivers_and_the_sender_gets_a_receipt(
    kvitto: Start, sink: Sink, place: str
) -> None:
    running = kvitto(EMAIL__LMTP=place, **sink.relay)
    with smtplib.LMTP(place) as client:
        refused = client.sendmail("anna@example.com", ["kontakt@example.org", "nobody@example.org"], MAIL)
    assert {address: answer[0] for address, answer in refused.items()} == {"nobody@example.org": 550}
    (receipt,) = sink.wait(1)
    (case,) = running.cases()
    assert (case["channel"], case["subject"]) == ("email", "Gatlykta")
    assert receipt["To"] == "anna@example.com"
    (raw,) = running.case(case["reference"])["raws"]
    assert (raw["envelope_from"], raw["envelope_to"]) == ("anna@example.com", ["kontakt@example.org"])


@pytest.mark.parametrize("by", ["socket", "port"])
def test_after_data_there_is_one_reply_for_each_recipient_that_was_accepted(
    kvitto: Start, line: Callable[[str], Line], place: str, by: str
) -> None:
    place = place if by == "socket" else f"127.0.0.1:{free_port()}"
    running = kvitto(EMAIL__LMTP=place, EMAIL__DOMAINS="lmtp.example.org")
    client = line(place)
    assert client.greeting.startswith(b"220 kvitto.example.org ")
    extensions = {words[4:] for words in client.hello()}
    assert {"PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", "SIZE 35000000"} <= extensions
    # Everything at once, as a client that knows PIPELINING does.
    envelope = (
        b"MAIL FROM:<anna@example.com> BODY=8BITMIME SIZE=200\r\nRCPT TO:<a@lmtp.example.org>\r\n"
        b"RCPT TO:<stranger@example.net>\r\nRCPT TO:<b@lmtp.example.org>\r\nRCPT TO:<b@lmtp.example.org>\r\nDATA\r\n"
    )
    replies = client.say(envelope, 6)
    assert codes(replies) == ["250 2.1.0", "250 2.1.5", "550 5.1.1", "250 2.1.5", "250 2.1.5", "354 Send"]
    after = client.say(MAIL + b".\r\nRSET\r\nQUIT\r\n", 5)
    assert codes(after) == ["250 2.0.0"] * 5 or codes(after) == ["250 2.0.0"] * 4 + ["221 2.0.0"]
    assert [reply[10:29] for reply in after[:3]] == ["We have your messag"] * 3
    assert len(running.cases()) == 1


def test_smtp_is_not_spoken_here_nor_lmtp_there(
    kvitto: Start, line: Callable[[str], Line], place: str
) -> None:
    running = kvitto(EMAIL__LMTP=place)
    client = line(place)
    # RFC 2033 section 4.1
    assert codes(client.hello(b"EHLO")) == ["500 5.5.1"]
    assert codes(client.hello(b"HELO")) == ["500 5.5.1"]
    assert codes(client.say(b"MAIL FROM:<anna@example.com>\r\n")) == ["503 5.5.1"]
    assert client.hello()[0].startswith("250-")
    smtp = line(f"127.0.0.1:{running.smtp_port}")
    assert codes(smtp.hello(b"LHLO")) == ["500 5.5.2"]
    assert {"ENHANCEDSTATUSCODES", "PIPELINING"} <= {words[4:] for words in smtp.hello(b"EHLO")}


def test_a_mail_that_nobody_takes_has_no_data(kvitto: Start, line: Callable[[str], Line], place: str) -> None:
    kvitto(EMAIL__LMTP=place)
    client = line(place)
    client.hello()
    words = b"MAIL FROM:<>\r\nRCPT TO:<stranger@example.net>\r\nDATA\r\nNOOP\r\n"
    # RFC 2033 section 4.2: 503, so that the client sends no mail and waits for no reply.
    assert codes(client.say(words, 4)) == ["250 2.1.0", "550 5.1.1", "503 5.5.1", "250 2.0.0"]


@pytest.mark.parametrize(("largest", "expected"), [("500000", "552 5.3.4"), ("5000000", "451 4.3.1")])
def test_what_is_refused_or_put_off_is_so_for_each_recipient(
    kvitto: Start, line: Callable[[str], Line], place: str, largest: str, expected: str
) -> None:
    running = kvitto(EMAIL__LMTP=place, EMAIL__LARGEST=largest, EMAIL__BUFFER="1000000")
    client = line(place)
    client.hello()
    envelope = (
        b"MAIL FROM:<anna@example.com>\r\nRCPT TO:<kontakt@example.org>\r\nRCPT TO:<postmaster>\r\nDATA\r\n"
    )
    for size, outcome in ((1_100_000, expected), (100, "250 2.0.0")):
        assert codes(client.say(envelope, 4))[-1] == "354 Send"
        assert codes(client.say(MAIL + b"x" * size + b"\r\n.\r\n", 2)) == [outcome] * 2
    assert len(running.cases()) == 1


def test_who_speaks_through_the_socket_is_trusted_with_what_it_found_out(
    kvitto: Start, sink: Sink, place: str
) -> None:
    running = kvitto(
        EMAIL__LMTP=place,
        EMAIL__AUTHENTICATE="relay",
        EMAIL__AUTHSERV_IDS="mx.example.net",
        EMAIL__RECEIVED_LINES="1",
        **sink.relay,
    )
    for number, result in enumerate(("fail", "pass")):
        head = (
            f"Received: from x by mx.example.net; Sun, 22 Nov 2026 10:00:00 +0100\r\n"
            f"Authentication-Results: mx.example.net; dmarc={result} header.from=example.com\r\n"
        ).encode()
        with smtplib.LMTP(place) as client:
            client.sendmail(
                "anna@example.com", "kontakt@example.org", head + MAIL.replace(b"<1@", b"<%d@" % number)
            )
    (receipt,) = sink.wait(1)
    assert receipt["In-Reply-To"] == "<1@example.com>"
    assert sorted(
        message["withheld"]
        for case in running.cases()
        for message in running.case(case["reference"])["messages"]
    ) == ["", "dmarc-fail"]


def test_the_socket_has_the_mode_that_was_set_and_outlives_a_crash(kvitto: Start, place: str) -> None:
    running = kvitto(EMAIL__LMTP=place, EMAIL__LMTP_MODE="0600")
    assert stat.filemode(Path(place).stat().st_mode) == "srw-------"
    running.kill()
    running.start()  # what the dead one left is replaced
    with smtplib.LMTP(place) as client:
        assert client.noop()[0] == 250
    # But never the socket of one that lives.
    second = kvitto(open_now=False, EMAIL__LMTP=place)
    done = second.kvitto("serve")
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    with smtplib.LMTP(place) as client:
        assert client.noop()[0] == 250


def test_a_file_in_the_place_of_the_socket_is_left_alone(kvitto: Start, place: str) -> None:
    Path(place).write_text("minutes of the board")
    done = kvitto(open_now=False, EMAIL__LMTP=place).kvitto("serve")
    assert done.returncode == 1
    assert "File exists" in done.stderr
    assert Path(place).read_text() == "minutes of the board"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"EMAIL__LMTP": "24"}, "email.lmtp must be the path of a Unix socket, or host:port"),
        ({"EMAIL__LMTP": "127.0.0.1:25"}, "email.lmtp: port 25 is for SMTP"),
        ({"EMAIL__LMTP": "127.0.0.1:99999"}, "email.lmtp must be"),
        ({"EMAIL__LMTP": "/" + "x" * 107}, "at most 107 bytes"),
        ({"EMAIL__LMTP": "/run/lmtp", "EMAIL__LMTP_MODE": "rw"}, "email.lmtp_mode must be permission bits"),
    ],
)
def test_a_place_that_cannot_be_is_told_before_the_start(
    kvitto: Start, value: dict[str, str], sentence: str
) -> None:
    done: subprocess.CompletedProcess[str] = kvitto(open_now=False, **value).kvitto("check")
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())


def test_the_check_shows_the_place_and_warns_where_lmtp_hides_the_sender(kvitto: Start, place: str) -> None:
    running = kvitto(
        open_now=False, EMAIL__LMTP=place, EMAIL__AUTHENTICATE="mx", EMAIL__RESOLVER="127.0.0.1:1"
    )
    done = running.kvitto("check")
    assert f"LMTP           Unix socket {place}, mode 0660" in done.stdout
    assert "set it to relay" in done.stdout

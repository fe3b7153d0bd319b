"""Where other systems lose or mangle mail, and what we promise instead: one recorded mail for each, sent for real."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.organisation import EXAMPLE, load_organisation
from gateway.limit import ReceiptLimit
from tests.conftest import Running, Sink
from tests.dovecot import run_dovecot
from tests.flow.test_front_door import send
from tests.flow.test_mailboxes import box, wait_for, wait_in_order

MAILS = Path(__file__).parent / "promises"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Sink]]:
    with Sink() as sink:
        settings = {f"KVITTO_{name}": value for name, value in sink.relay.items()}
        running = Running(tmp_path_factory.mktemp("promises"), settings).start()
        yield running, sink
        running.stop()


def deliver(running: Running, file: str, sender: str, to: str = "kontakt@example.org", **filled: str) -> dict:
    """Send this mail; its case."""
    content = (MAILS / f"{file}.eml").read_bytes()
    for key, value in filled.items():
        content = content.replace(b"{" + key.encode() + b"}", value.encode())
    before = {case["reference"]: case for case in running.cases()}
    send(running, content, sender=sender, to=to)
    new = [case for case in running.cases() if case["reference"] not in before]
    return {**new[0], **running.case(new[0]["reference"])} if new else {}


def test_an_unreadable_mail_is_a_case_and_the_next_one_is_read(shared: tuple[Running, Sink]) -> None:
    running, _ = shared
    assert deliver(running, "01_unreadable", "okand@example.net") != {}
    assert deliver(running, "17_bcc", "sara.nord@example.com")["messages"][0]["subject"] == "Förskoleplats"


def test_a_deleted_case_does_not_come_back_at_the_next_poll(
    kvitto: Callable[..., Running], certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    user, mail = "kontakt@example.org", (MAILS / "08_deleted.eml").read_bytes().replace(b"\n", b"\r\n")
    with run_dovecot(certificate) as server:
        configuration = tmp_path / "kvitto.toml"
        decision = 'id = "KS 2026/9"\nbasis = "10 § arkivlagen"\nkinds = ["all"]\nafter_days = 0\n'
        configuration.write_text(
            f"[[disposal.decisions]]\n{decision}\n{box(server, user, after='move', move_to='Mottaget')}"
        )
        server.put(user, [mail])
        running = kvitto(CONFIG=str(configuration))
        wait_for(lambda: server.count(user, "Mottaget") == 1, running)
        (case,) = running.cases()
        number = case["reference"]
        wait_for(lambda: [each["state"] for each in running.case(number)["outbox"]] == ["sent"], running)
        assert running.kvitto("cases", "close", number, "--reason", "klart").returncode == 0
        done = running.kvitto("cases", "dispose", number, "--decision", "KS 2026/9")
        assert done.returncode == 0, done.stdout + done.stderr

        # Somebody moves it back, somebody else delivers a copy: it is fetched anew, and makes nothing.
        with server.client(user) as client:
            client.select("Mottaget")
            assert client.uid("MOVE", "1:*", "INBOX")[0] == "OK"
        server.put(user, [mail])
        wait_for(lambda: server.count(user, "Mottaget") == 2, running)
        assert [each["reference"] for each in running.cases()] == [number]
        found = running.case(number)
        assert [each["type"] for each in found["events"]].count("delivery.repeated") == 2
        assert "Lillån" not in repr(found)
        assert found["outbox"] == []
        assert wait_in_order(running)["missing"] == 0


def test_empty_message_ids_never_make_two_people_one_case(shared: tuple[Running, Sink]) -> None:
    running, _ = shared
    one = deliver(running, "09_empty_id_one", "astrid.ek@example.com")
    other = deliver(running, "09_empty_id_other", "bertil.lind@example.net")
    assert one["reference"] != other["reference"]
    assert len(one["messages"]) == len(other["messages"]) == 1


@pytest.mark.parametrize("name", ["11_reply_apple", "11_reply_outlook", "11_reply_without_ids"])
def test_an_answer_to_a_receipt_joins_its_case_whatever_program_wrote_it(
    shared: tuple[Running, Sink], name: str
) -> None:
    running, sink = shared
    before = len(sink.mails)
    send(
        running,
        (MAILS / "11_first.eml").read_bytes().replace(b"{name}", name.encode()),
        sender="astrid.ek@example.com",
    )
    receipt = sink.wait(before + 1)[before]
    number = running.cases()[0]["reference"]
    filled = {"receipt": receipt["Message-ID"], "subject": receipt["Subject"], "name": name}
    assert deliver(running, name, "astrid.ek@example.com", **filled) == {}
    assert len(running.case(number)["messages"]) == 2


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("14_person_with_list_header", "karin.holm@example.com"),
        ("14_person_with_own_tool", "karin.holm@example.com"),
        ("14_person_redirected", "nils.holm@example.net"),
    ],
)
def test_a_person_gets_a_receipt_whatever_their_program_wrote_into_the_head(
    shared: tuple[Running, Sink], name: str, sender: str
) -> None:
    running, sink = shared
    before = len(sink.mails)
    case = deliver(running, name, sender)
    assert case["messages"][0]["kind"] == "message"
    assert sink.wait(before + 1)[before]["To"] == sender


def test_a_block_ends_by_itself() -> None:
    limit, now = ReceiptLimit(20), datetime(2026, 11, 22, tzinfo=UTC)
    limit.block([("Anna@Example.com", now + timedelta(days=30))], now)
    assert limit.reason("anna@example.com", now + timedelta(days=29)) == "dead-address"
    assert limit.reason("anna@example.com", now + timedelta(days=30)) == ""


@pytest.mark.parametrize("name", ["16_reply_to_empty", "16_reply_to_robot", "16_reply_to_nonsense"])
def test_a_receipt_goes_to_the_writer_and_never_to_a_robot(shared: tuple[Running, Sink], name: str) -> None:
    running, sink = shared
    before = len(sink.mails)
    deliver(running, name, "olof.berg@example.com")
    assert sink.wait(before + 1)[before]["To"] == "olof.berg@example.com"


def test_a_blind_copy_is_routed_by_the_envelope(shared: tuple[Running, Sink]) -> None:
    running, _ = shared
    departments = load_organisation(EXAMPLE).departments.values()
    department = next(
        address for each in departments for address in each.addresses if "kontakt" not in address
    )
    case = deliver(running, "17_bcc_department", "sara.nord@example.com", to=department)
    assert case["routing"]["rule"] == f"recipient:{department}"


@pytest.mark.parametrize(
    ("name", "words"),
    [("19_latin1_as_ascii", "En älg är påkörd på länsväg"), ("19_unknown_charset", "Älgen är borta nu")],
)
def test_swedish_letters_survive_every_wrong_label(
    shared: tuple[Running, Sink], name: str, words: str
) -> None:
    running, _ = shared
    case = deliver(running, name, "asa.ohrn@example.com")
    (message,) = case["messages"]
    assert words in message["text"]
    assert message["sender"]["name"] == "Åsa Öhrn"
    assert "lg" in message["subject"]
    assert "�" not in message["subject"] + message["text"]

"""A case reaches the register of its board by mail, with the original; its number comes back, or somebody hears of it."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from config.organisation import EXAMPLE, load_organisation
from gateway.downstream.handover import _LETTER, find_number, next_working_day
from gateway.letters.enclosing import Enclosed, enclose, is_plain_mail
from gateway.promise import Calendar
from tests.conftest import Running, Sink
from tests.flow.test_front_door import mail, send
from tests.flow.test_staff_inbox import Desk, sign_in
from tests.flow.test_webhooks import wait_until

Start = Callable[..., Running]
REGISTER = "registrator@example.org"
BOARD = load_organisation().departments["teknik"].boards[0]
LAMP = "Gatlyktan lyser inte på Vasagatan"


@pytest.fixture
def start(kvitto: Start, sink: Sink, tmp_path):
    """A Kvitto whose technical board has a register."""

    def begin(more: str = "") -> Running:
        city = tmp_path / "organisation.toml"
        register = f'[registers."{BOARD}"]\nto = "{REGISTER}"\n{more}\n\n[names]\n'
        city.write_text(EXAMPLE.read_text("utf-8").replace("[names]\n", register, 1), "utf-8")
        return kvitto(**sink.relay, CITY__ORGANISATION=str(city))

    return begin


def open_case(running: Running, **more: str) -> str:
    send(running, mail(Message_ID=f"<{len(running.cases())}@example.com>", text=LAMP, **more))
    return running.cases()[0]["reference"]


def to(sink: Sink, address: str) -> list[EmailMessage]:
    return [each for each in sink.mails if each["To"] == address]


def listed(running: Running) -> list[dict]:
    lines = running.kvitto("handovers", "list", "--json").stdout.splitlines()
    return [json.loads(line) for line in lines]


def accept(running: Running, reference: str) -> None:
    done = running.kvitto("cases", "accept", reference, "--by", "Bo")
    assert done.returncode == 0, done.stderr


def execute(running: Running, statement: str) -> None:
    with sqlite3.connect(running.folder / "data" / "kvitto.db", timeout=30) as store:
        store.execute(statement)
    store.close()


def test_what_a_department_accepts_reaches_the_register_whole_and_its_number_comes_back(
    start: Callable[..., Running], sink: Sink
) -> None:
    running = start()
    reference = open_case(running)
    assert listed(running) == []
    accept(running, reference)
    wait_until(lambda: bool(to(sink, REGISTER)))
    (letter,) = to(sink, REGISTER)
    assert reference in letter["Subject"]
    assert LAMP not in letter["Subject"]
    parts = {part.get_filename(): part for part in letter.walk() if part.get_filename()}
    assert reference in letter.get_body().get_content()
    told = json.loads(parts["arende.json"].get_content())
    assert (told["board"], told["record"]["reference"], told["left_out"]) == (BOARD, reference, [])
    # Whatever kind of part it is, the original's bytes are those that came.
    original = parts["original-1.eml"]
    content = original.get_payload(decode=True) or original.get_content().as_bytes()
    assert LAMP.split(maxsplit=1)[0].encode() in content
    (row,) = running.read(
        lambda c: c.exec_driver_sql("SELECT body FROM raw_messages WHERE channel = 'email'").fetchall()
    )
    assert content.replace(b"\r\n", b"\n").strip() == bytes(row[0]).replace(b"\r\n", b"\n").strip()

    answer = EmailMessage()
    answer["From"], answer["To"] = REGISTER, "kontakt@example.org"
    answer["Subject"], answer["In-Reply-To"] = f"Sv: {letter['Subject']}", letter["Message-ID"]
    answer["Message-ID"] = "<svar@example.org>"
    quoted = "".join(f"> {line}\n" for line in letter.get_body().get_content().splitlines())
    answer.set_content(f"Hej!\n\nRegistrerat. Dnr TN 2026/0417\n\nDen 24 nov 2026 skrev Kvitto:\n{quoted}")
    send(running, answer, sender=REGISTER)
    wait_until(lambda: listed(running)[0]["diary_number"] == "TN 2026/0417")
    names = {event["type"] for event in running.case(reference)["events"]}
    assert {"case.handed_over", "case.registered"} <= names
    # The register's letter is not the resident's: it stands apart, and needs nobody.
    wait_until(lambda: running.cases()[0]["state"] == "closed")
    assert len(running.case(reference)["messages"]) == 1
    accept_again = running.kvitto("handovers", "send", reference)
    assert "already" in accept_again.stderr
    assert len(to(sink, REGISTER)) - 1 <= 1  # beside the letter at most the receipt of the answer


@pytest.mark.parametrize("mark", ["secret", "protected"])
def test_a_marked_case_goes_only_to_a_mailbox_that_is_declared_secure(
    start: Callable[..., Running], sink: Sink, mark: str
) -> None:
    running = start()
    reference = open_case(running)
    execute(running, f"UPDATE cases SET secrecy = '{mark}'")
    accept(running, reference)
    wait_until(lambda: "register.refused" in running.log)
    assert "not declared secure" in running.kvitto("handovers", "send", reference).stderr
    assert (listed(running), to(sink, REGISTER)) == ([], [])


def test_a_secure_mailbox_gets_it_when_it_is_asked_for(start: Callable[..., Running], sink: Sink) -> None:
    running = start('secure = true\nwhen = "asked"')
    reference = open_case(running)
    execute(running, "UPDATE cases SET secrecy = 'secret'")
    accept(running, reference)
    done = running.kvitto("handovers", "send", reference, "--by", "Bo")
    assert REGISTER in done.stdout
    wait_until(lambda: bool(to(sink, REGISTER)))
    wrong = running.kvitto("handovers", "confirm", reference, " ")
    assert wrong.returncode == 1
    assert running.kvitto("handovers", "confirm", reference, "TN 2026/1", "--by", "Eva").returncode == 0
    assert listed(running)[0]["diary_number"] == "TN 2026/1"
    assert running.kvitto("handovers", "list", "--waiting", "--json").stdout == ""


def test_a_case_that_is_marked_after_it_was_handed_over_and_before_it_went_stays_here(
    start: Callable[..., Running], sink: Sink
) -> None:
    running = start('when = "asked"')
    reference = open_case(running)
    sink.wait(1)
    running.stop()
    assert running.kvitto("handovers", "send", reference).returncode == 0
    execute(running, "UPDATE cases SET secrecy = 'protected'")
    running.start()
    wait_until(lambda: listed(running)[0]["mail"] == "failed")
    assert to(sink, REGISTER) == []


def test_somebody_hears_of_a_number_that_does_not_come_once(
    start: Callable[..., Running], sink: Sink
) -> None:
    running = start()
    reference = open_case(running)
    accept(running, reference)
    wait_until(lambda: bool(to(sink, REGISTER)))
    execute(running, "UPDATE handovers SET alarm_at = at")
    wait_until(lambda: bool(to(sink, "teknik-samordnare@example.org")))
    (told,) = to(sink, "teknik-samordnare@example.org")
    assert reference in told["Subject"]
    assert "diarienummer" in told.get_content()
    events = [event["type"] for event in running.case(reference)["events"]]
    assert events.count("case.unregistered") == 1
    assert listed(running)[0]["diary_number"] == ""


def test_somebody_hears_at_once_of_a_letter_that_was_lost_and_types_the_number_on_the_page(
    start: Callable[..., Running], sink: Sink
) -> None:
    running = start()
    reference = open_case(running)
    accept(running, reference)
    wait_until(lambda: bool(to(sink, REGISTER)))
    execute(running, "UPDATE outbox SET state = 'returned' WHERE purpose = 'handover'")
    wait_until(lambda: bool(to(sink, "teknik-samordnare@example.org")))
    assert "kom inte fram" in to(sink, "teknik-samordnare@example.org")[0].get_content()

    desk = Desk(running, sign_in(running, "Tove Malmsten", "contact_centre"), "")
    page = f"/staff/cases/{reference}"
    assert f"Ärendet skickades till diariet hos {BOARD}" in desk.get(page).text
    assert "Inget diarienummer än" in desk.get(page).text
    assert desk.post(f"{page}/registered", number=" ", board=BOARD).status == 409
    assert "Diarienumret är sparat" in desk.post(f"{page}/registered", number="TN  2026/9", board=BOARD).text
    assert "har gett ärendet numret TN 2026/9" in desk.get(page).text
    assert listed(running)[0]["diary_number"] == "TN 2026/9"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (_LETTER, ""),
        ("Dnr KS 2026/123", "KS 2026/123"),
        ("dnr: KS2026/00123", "KS2026/00123"),
        ("Diarienummer TN-2026/17 är ditt", "TN-2026/17"),
        ("Diarienumret är 2026/KS 0123.", "2026/KS 0123"),
        ("Ert ärende har dnr 2026:88-3", "2026:88-3"),
        ("Dnr. KS 2026-00123", "KS 2026-00123"),
        ("Tack, vi återkommer 2026-11-24", ""),
        ("Dnr kommer i morgon. Tel 021-39 20 26/1", ""),
        ("", ""),
        ("Dnr " + "A" * 100_000, ""),
        ("dnr " * 25_000, ""),
        ("Dnr " + "20" * 50_000, ""),
    ],
)
def test_the_number_in_an_answer_is_found_and_nothing_else_is_one(text: str, number: str) -> None:
    assert find_number(text) == number


def test_an_alarm_comes_on_the_next_working_day() -> None:
    friday = datetime(2026, 11, 27, 14, 0, tzinfo=UTC)
    assert next_working_day(friday, Calendar()) == datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


def test_a_mail_that_cannot_stand_in_another_goes_along_as_a_file_byte_by_byte() -> None:
    from email import message_from_bytes, policy

    cover = b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHej\r\n"
    plain, eight_bit = b"Subject: a\r\n\r\nHej\r\n", "Subject: å\n\nHej\r".encode() + b"x" * 2000
    assert (is_plain_mail(plain), is_plain_mail(eight_bit)) == (True, False)
    files = [
        Enclosed(name=name, content_type="message/rfc822", content=content)
        for name, content in (("1.eml", plain), ("2.eml", eight_bit))
    ]
    mail = message_from_bytes(enclose(cover, files=files, identity="x"), policy=policy.default)
    body, one, two = mail.iter_parts()
    assert body.get_content().strip() == "Hej"
    assert (one.get_content_type(), one.get_content()["Subject"]) == ("message/rfc822", "a")
    assert (two.get_content_type(), two.get_content()) == ("application/octet-stream", eight_bit)

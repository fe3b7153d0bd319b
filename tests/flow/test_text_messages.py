"""Text messages and WhatsApp, through the whole program: providers on loopback call it and are called by it."""

import base64
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from twilio.request_validator import RequestValidator

from normalizer.text_message import count_segments
from tests.conftest import ROOT, Answer, Running
from tests.provider import Provider, Request

PUBLIC = "https://kvitto.example.org"
SECRET, LOGIN, TOKEN = "ett-langt-hemligt-ord-i-adressen", "elks:hemligt-losenord", "twilios-hemlighet"
ELKS = f"/inbound/sms/46elks/{SECRET}"
ANSWERS = ROOT / "tests/fixtures/sms/send"
ELKS_OK = (ANSWERS / "accepted_46elks_created.http").read_bytes()
TWILIO_OK = (ANSWERS / "accepted_twilio_queued.http").read_bytes()
AWAY = (ANSWERS / "temporary_46elks_away.http").read_bytes()
ANNA = "+46701740605"

Start = Callable[..., Running]


@dataclass
class City:
    """One Kvitto between its residents' providers."""

    running: Running
    elks: Provider
    twilio: Provider

    def elks_calls(self, fields: dict[str, str], *, path: str = ELKS, login: str = LOGIN) -> Answer:
        body = urlencode(fields).encode()
        encoded = base64.b64encode(login.encode()).decode()
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "authorization": f"Basic {encoded}",
        }
        return self.running.request("POST", path, body, headers)

    def twilio_calls(
        self, fields: dict[str, str], *, path: str = "/inbound/sms/twilio", token: str = TOKEN
    ) -> Answer:
        headers = {
            "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
            "x-twilio-signature": RequestValidator(token).compute_signature(PUBLIC + path, fields),
            # Whoever connects decides what stands here.
            "host": "evil.example.com",
        }
        return self.running.request("POST", path, urlencode(fields).encode(), headers)

    def case_of(self, text: str) -> list[dict]:
        """The cases in which somebody wrote this, of the newest."""
        found = []
        for case in self.running.cases()[:3]:
            whole = self.running.case(case["reference"])
            if any(message["text"] == text for message in whole["messages"]):
                found.append(whole)
        return found


def elks_message(text: str, sender: str = ANNA, **more: str) -> dict[str, str]:
    return {
        "direction": "incoming",
        "id": f"s{uuid4().hex}",
        "from": sender,
        "to": "+46701740691",
        "created": "2026-11-23T08:29:58.741000",
        "message": text,
        **more,
    }


def twilio_message(text: str, sender: str = ANNA, **more: str) -> dict[str, str]:
    sid = f"SM{uuid4().hex}"
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": "AC00000000000000000000000000000000",
        "From": sender,
        "To": "+46701740690",
        "Body": text,
        "NumMedia": "0",
        **more,
    }


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with Provider(ELKS_OK) as elks, Provider(TWILIO_OK) as twilio:
        settings = {
            "WEB__PUBLIC_URL": PUBLIC,
            "SMS__ENABLED": "true",
            "SMS__ELKS_NUMBER": "+46701740691",
            "SMS__ELKS_USERNAME": "u1",
            "SMS__ELKS_PASSWORD": "elks-hemlighet",
            "SMS__ELKS_SECRETS": SECRET,
            "SMS__ELKS_LOGIN": LOGIN,
            "SMS__ELKS_API": elks.url,
            "SMS__TWILIO_NUMBER": "+46701740690",
            "SMS__TWILIO_ACCOUNT": "AC00000000000000000000000000000000",
            "SMS__TWILIO_TOKENS": TOKEN,
            "SMS__TWILIO_API": twilio.url,
            "WHATSAPP__ENABLED": "true",
            "WHATSAPP__NUMBER": "+46701740692",
            "WHATSAPP__ACCOUNT": "AC00000000000000000000000000000000",
            "WHATSAPP__TOKENS": TOKEN,
            "WHATSAPP__API": twilio.url,
        }
        folder = tmp_path_factory.mktemp("city")
        running = Running(folder, {f"KVITTO_{name}": value for name, value in settings.items()}).start()
        yield City(running, elks, twilio)
        running.stop()


def receipt_to(provider: Provider, number: str, field: str) -> Request:
    """The message that went to this number, once it has."""
    count = 1
    while True:
        for request in provider.wait(count):
            if request.fields.get(field) == number:
                return request
        count = len(provider.requests) + 1


def test_a_text_message_by_46elks_is_answered_with_nothing_and_then_with_a_receipt(city: City) -> None:
    answer = city.elks_calls(elks_message("Gatlyktan vid Storgatan 5 lyser inte", "+46701740610"))
    assert (answer.status, answer.body) == (204, b"")
    (case,) = city.case_of("Gatlyktan vid Storgatan 5 lyser inte")
    assert case["raws"][0]["channel"] == "sms"
    assert case["raws"][0]["account"] == "46elks"
    request = receipt_to(city.elks, "+46701740610", "to")
    assert request.fields["from"] == "+46701740691"
    reference = next(each["reference"] for each in city.running.cases())
    assert reference in request.fields["message"]
    assert "Storgatan" not in request.fields["message"]
    assert count_segments(request.fields["message"]) == 1


def test_a_text_message_by_twilio_is_answered_with_empty_twiml_whatever_the_host_header_says(
    city: City,
) -> None:
    answer = city.twilio_calls(twilio_message("Bussen kom inte i morse", "+46701740611"))
    assert (answer.status, answer.body) == (200, b"<Response/>")
    assert answer.headers["content-type"] == "text/xml"
    (case,) = city.case_of("Bussen kom inte i morse")
    assert case["raws"][0]["account"] == "twilio"


def test_a_whatsapp_message_becomes_a_case(city: City) -> None:
    fields = twilio_message("Papperskorgen är full", "whatsapp:+46701740612") | {
        "To": "whatsapp:+46701740692"
    }
    answer = city.twilio_calls(fields, path="/inbound/whatsapp/twilio")
    assert (answer.status, answer.body) == (200, b"<Response/>")
    (case,) = city.case_of("Papperskorgen är full")
    assert case["messages"][0]["sender"]["value"] == "+46701740612"
    request = receipt_to(city.twilio, "whatsapp:+46701740612", "To")
    assert request.fields["From"] == "whatsapp:+46701740692"
    assert request.fields["StatusCallback"].startswith(f"{PUBLIC}/inbound/whatsapp/twilio?entry=")


def test_a_delivery_that_comes_ten_times_is_one_case_and_is_answered_alike(city: City) -> None:
    for call, fields, text in (
        (city.elks_calls, elks_message("Hål i vägen, tio gånger", "+46701740613"), "Hål i vägen, tio gånger"),
        (
            city.twilio_calls,
            twilio_message("Hål i bron, tio gånger", "+46701740614"),
            "Hål i bron, tio gånger",
        ),
    ):
        answers = [call(fields) for _ in range(10)]
        assert len({(answer.status, answer.body) for answer in answers}) == 1
        assert answers[0].status in {200, 204}
        assert len(city.case_of(text)) == 1


def test_what_is_forged_is_refused_without_a_word_and_makes_no_case(city: City) -> None:
    before = len(city.running.cases())
    message = elks_message("Förfalskat")
    wrong = SECRET[:-1] + "x"
    forged = [
        city.elks_calls(message, path=f"/inbound/sms/46elks/{wrong}"),
        city.elks_calls(message, path="/inbound/sms/46elks"),
        city.elks_calls(message, path=f"/inbound/sms/twilio/{SECRET}"),
        city.elks_calls(message, login="elks:fel-losenord"),
        city.twilio_calls(twilio_message("Förfalskat"), token="en-annan"),
        city.twilio_calls(twilio_message("Förfalskat"), path="/inbound/whatsapp/twilio", token="en-annan"),
    ]
    assert {(answer.status, answer.body) for answer in forged} == {(401, b"")}
    assert len(city.running.cases()) == before
    assert "delivery.forged" in city.running.log


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/inbound/sms", 404),
        ("POST", "/inbound/sms/nobody", 404),
        ("POST", "/inbound/telephone/46elks", 404),
        ("POST", "/inbound/webform/another", 404),
        ("POST", "/inbound/webform//secret", 404),
        ("GET", ELKS, 405),
        ("POST", f"{ELKS}?{'x' * 3000}", 404),
    ],
)
def test_a_way_in_that_is_none_is_not_found(city: City, method: str, path: str, status: int) -> None:
    body = b"" if method == "POST" else None
    assert city.running.request(method, path, body).status == status


def test_a_delivery_larger_than_any_text_message_is_refused_before_it_is_read_whole(city: City) -> None:
    answer = city.elks_calls(elks_message("x" * 300_000))
    assert (answer.status, answer.body) == (413, b"")
    assert "delivery.too_large" in city.running.log


def test_what_is_genuine_and_not_understood_is_kept_for_a_person(city: City) -> None:
    before = len(city.running.cases(unreadable=True))
    answer = city.elks_calls({"direction": "incoming", "from": ANNA, "message": "utan id"})
    assert answer.status == 204
    assert len(city.running.cases(unreadable=True)) == before + 1


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("Posten", "alphanumeric"),
        ("71234", "short-code"),
        ("+46313900600", "not-mobile"),
        ("+12025550123", "country"),
        ("+46701740690", "own-address"),
    ],
)
def test_who_may_not_be_answered_gets_a_case_and_no_message(city: City, sender: str, reason: str) -> None:
    city.elks_calls(elks_message(f"Från {sender}", sender))
    (case,) = city.case_of(f"Från {sender}")
    assert case["messages"][0]["withheld"] == reason
    assert case["outbox"] == []
    assert [each for each in city.elks.requests if each.fields.get("to") == sender] == []


def test_a_name_or_a_short_code_holds_no_conversation_and_shares_no_case(city: City) -> None:
    """Anybody may write any name as sender: it proves nobody, so nothing goes on and nothing is answered."""
    before = len(city.running.cases())
    known = elks_message("Det är hål i Kungsgatan", "+46701740661")
    city.elks_calls(known)
    number = city.running.cases()[0]["reference"]
    said = [
        elks_message("Paketet finns att hämta", "Posten"),
        elks_message("Paketet finns kvar", "Posten"),
        elks_message("Er tid är bokad", "Vården"),
        elks_message("Koden är 4711", "71234"),
        elks_message(f"Gäller {number}", "Posten"),
        elks_message("STOP", "71234"),
        elks_message("1", "Posten"),
    ]
    for each in said:
        assert city.elks_calls(each).status == 204
    assert city.elks_calls(said[0]).status == 204  # again: it is the same delivery, by its id
    city.twilio_calls(twilio_message("Också från Posten", "Posten"))
    new = city.running.cases()[: len(city.running.cases()) - before]
    assert len(new) == 1 + len(said) + 1
    found = [city.running.case(each["reference"]) for each in new]
    nobody = [each for each in found if each["messages"][0]["sender"]["value"] == ""]
    assert len(nobody) == len(said) + 1
    assert {len(each["messages"]) for each in nobody} == {1}
    assert {each["messages"][0]["withheld"] for each in nobody} == {"alphanumeric", "short-code"}
    assert [each["outbox"] for each in nobody] == [[]] * len(nobody)
    assert {each["messages"][0]["contact"] for each in nobody} == {""}
    assert len(city.running.case(number)["messages"]) == 1
    with sqlite3.connect(city.running.folder / "data" / "kvitto.db") as store:
        assert store.execute("SELECT count(*) FROM contacts WHERE value = ''").fetchone() == (0,)


def test_no_secret_is_kept_or_logged(city: City) -> None:
    city.elks_calls(elks_message("Utan hemligheter"))
    (case,) = city.case_of("Utan hemligheter")
    assert case["raws"][0]["url"] == f"{PUBLIC}/inbound/sms/46elks"
    assert "authorization" not in case["raws"][0]["headers"]
    stored = sqlite3.connect(city.running.folder / "data/kvitto.db")
    dump = "\n".join(stored.iterdump())
    stored.close()
    encoded = base64.b64encode(LOGIN.encode()).decode()
    secrets = (SECRET, LOGIN, encoded, TOKEN, "elks-hemlighet")
    assert [secret for secret in secrets if secret in dump or secret in city.running.log] == []


def test_when_the_first_provider_is_away_the_receipt_goes_by_the_second(city: City) -> None:
    city.elks.answer = AWAY
    try:
        city.elks_calls(elks_message("Snön är inte röjd", "+46701740620"))
        request = receipt_to(city.twilio, "+46701740620", "To")
    finally:
        city.elks.answer = ELKS_OK
    assert request.fields["From"] == "+46701740690"
    entry = re.search(r"\?entry=([0-9a-f]{32})$", request.fields["StatusCallback"])
    assert entry
    (case,) = city.case_of("Snön är inte röjd")
    assert [each["id"] for each in case["outbox"]] == [entry[1]]


def test_when_both_are_away_the_receipt_is_owed_and_says_why(city: City) -> None:
    city.elks.answer = city.twilio.answer = AWAY
    try:
        city.elks_calls(elks_message("Båda borta", "+46701740624"))
        receipt_to(city.twilio, "+46701740624", "To")
        for _ in range(200):
            (case,) = city.case_of("Båda borta")
            if case["outbox"][0]["results"]:
                break
            time.sleep(0.05)
    finally:
        city.elks.answer, city.twilio.answer = ELKS_OK, TWILIO_OK
    (entry,) = case["outbox"]
    assert entry["state"] == "queued"
    assert [each["detail"] for each in entry["results"]] == ["away: 502"]


def wait_for_state(city: City, text: str, state: str) -> dict:
    for _ in range(200):
        (case,) = city.case_of(text)
        if case["outbox"] and case["outbox"][0]["state"] == state:
            return case["outbox"][0]
        time.sleep(0.05)
    raise AssertionError(f"it is {case['outbox']}")


def test_a_delivery_report_reaches_its_entry_and_no_later_one_takes_it_back(city: City) -> None:
    city.elks_calls(elks_message("Rapporten, tack", "+46701740621"))
    request = receipt_to(city.elks, "+46701740621", "to")
    target = request.fields["whendelivered"].partition("kvitto.example.org")[2]
    assert target.startswith(ELKS)
    wait_for_state(city, "Rapporten, tack", "sent")
    identity = "s70df59406a1b4643b96f3f91e0bfb7b0"
    cases = len(city.running.cases())
    answer = city.elks_calls({"id": identity, "status": "delivered"}, path=target)
    assert (answer.status, answer.body) == (204, b"")
    wait_for_state(city, "Rapporten, tack", "delivered")
    assert city.elks_calls({"id": identity, "status": "sent"}, path=target).status == 204
    wait_for_state(city, "Rapporten, tack", "delivered")
    assert len(city.running.cases()) == cases


def test_a_report_on_nothing_of_ours_is_acknowledged_and_makes_no_case(city: City) -> None:
    cases = len(city.running.cases())
    answer = city.elks_calls({"id": "s" + "0" * 32, "status": "failed"}, path=f"{ELKS}?entry={'0' * 32}")
    assert (answer.status, answer.body) == (204, b"")
    assert len(city.running.cases()) == cases


def test_pictures_are_fetched_from_the_provider_once_the_message_is_durable(city: City) -> None:
    picture = b"\xff\xd8\xff\xe0" + b"x" * 3000
    head = f"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"

    def answer(request: Request) -> bytes:
        return head.encode() + picture if request.method == "GET" else ELKS_OK

    city.elks.answer = answer
    try:
        images = {"image": f"{city.elks.url}/a1/images/1", "image2": "https://evil.example.org/2"}
        city.elks_calls(elks_message("Så här ser det ut", "+46701740623", **images))
        for _ in range(200):
            (case,) = city.case_of("Så här ser det ut")
            if case["files"]:
                break
            time.sleep(0.05)
    finally:
        city.elks.answer = ELKS_OK
    assert [(file["filename"], file["size"]) for file in case["files"]] == [("media.jpg", len(picture))]

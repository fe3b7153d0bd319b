"""Text messages out: which provider, what is said to it, and what must not be sent at all. Providers on loopback."""

import json
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from channels import http_client
from channels.base import PermanentSendError, Surroundings, TemporarySendError
from channels.phone.provider_answers import LONGEST_WAIT, OUTCOMES, read_retry_after
from channels.phone.sms import Sms
from channels.phone.switch import LONGEST, PAUSE, PROVEN, TOLERATED, TRIAL, Switch
from channels.phone.telephone import Reach, read_number, read_writer
from channels.phone.twilio import CODES
from config.organisation import EXAMPLE, load_organisation
from config.sms import Sms as Settings
from config.whatsapp import Whatsapp as WhatsappSettings
from normalizer.messages import Address, OutboundMessage
from normalizer.text_message import count_segments
from tests.conftest import ROOT
from tests.provider import Provider

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
ENTRY = "0192f3c4a5b67c8d9e0f1a2b3c4d5e6f"
SECRET = "ett-langt-hemligt-ord-i-adressen"
PUBLIC = "https://kvitto.example.org"
ANSWERS = ROOT / "tests/fixtures/sms/send"
ELKS_OK, TWILIO_OK = (
    (ANSWERS / name).read_bytes() for name in ("accepted_46elks_created.http", "accepted_twilio_queued.http")
)
AWAY = (ANSWERS / "temporary_46elks_away.http").read_bytes()
BUSY = (ANSWERS / "temporary_twilio_too_many.http").read_bytes()
REFUSED = (ANSWERS / "permanent_46elks_refused.http").read_bytes()
STOPPED = (ANSWERS / "permanent_twilio_stopped.http").read_bytes()


def build(elks: Provider, twilio: Provider, **changed: object) -> Sms:
    options = Settings(
        elks_number="+46701740691",
        elks_username="u1",
        elks_password="p-elks",
        elks_secrets=(SECRET,),
        elks_login="kvitto:ett/losen@ord",
        elks_api=elks.url,
        twilio_number="+46701740690",
        twilio_account="AC5e5a1f0c7d2b4893a6e0f1d2c3b4a596",
        twilio_tokens=("t-new", "t-old"),
        twilio_api=twilio.url,
    ).model_dump()
    surroundings = Surroundings(
        organisation=load_organisation(EXAMPLE), folder=ROOT / "none", public_url=PUBLIC
    )
    return Sms.build(options | changed, surroundings)


def message(to: str = "+46701740605", text: str = "Tack! Ditt ärende: 7K4M-9QXT", **changed: object):
    made = OutboundMessage(
        id=ENTRY,
        to=Address(channel="sms", value=to),
        subject="",
        text=text,
        language="sv",
        created_at=NOW,
        message_id="1@example.org",
    )
    return replace(made, **changed)


async def test_46elks_is_told_who_what_and_where_to_report():
    with Provider(ELKS_OK) as elks, Provider(TWILIO_OK) as twilio:
        identity = await build(elks, twilio).send(message())
    assert identity == "s70df59406a1b4643b96f3f91e0bfb7b0"
    (request,) = elks.requests
    assert (request.method, request.path) == ("POST", "/a1/sms")
    assert request.headers["authorization"] == "Basic dTE6cC1lbGtz"
    assert request.fields == {
        "from": "+46701740691",
        "to": "+46701740605",
        "message": "Tack! Ditt ärende: 7K4M-9QXT",
        "whendelivered": f"https://kvitto:ett%2Flosen%40ord@kvitto.example.org/inbound/sms/46elks/{SECRET}?entry={ENTRY}",
    }
    assert twilio.requests == []


async def test_twilio_is_told_who_what_and_where_to_report():
    with Provider(ELKS_OK) as elks, Provider(TWILIO_OK) as twilio:
        identity = await build(elks, twilio, providers=("twilio",)).send(message())
    assert identity == "SM000000000000000000000000000001f5"
    (request,) = twilio.requests
    assert request.path == "/2010-04-01/Accounts/AC5e5a1f0c7d2b4893a6e0f1d2c3b4a596/Messages.json"
    assert request.fields == {
        "From": "+46701740690",
        "To": "+46701740605",
        "Body": "Tack! Ditt ärende: 7K4M-9QXT",
        "StatusCallback": f"{PUBLIC}/inbound/sms/twilio?entry={ENTRY}",
    }
    assert elks.requests == []


@pytest.mark.parametrize("first_answer", [AWAY, REFUSED, b"", b"HTTP/1.1 200 OK\r\n\r\nnonsense"])
async def test_when_the_first_provider_cannot_the_second_does_at_once(first_answer):
    with Provider(first_answer) as elks, Provider(TWILIO_OK) as twilio:
        assert await build(elks, twilio).send(message()) == "SM000000000000000000000000000001f5"
    assert len(elks.requests) == len(twilio.requests) == 1


async def test_what_no_provider_may_send_is_not_tried_with_the_second():
    with (
        Provider(STOPPED) as twilio,
        Provider(ELKS_OK) as elks,
        pytest.raises(PermanentSendError, match=r"^stopped: 400 21610$"),
    ):
        await build(elks, twilio, providers=("twilio", "46elks")).send(message())
    assert elks.requests == []


async def test_while_one_of_the_two_may_later_it_is_tried_again():
    with (
        Provider(REFUSED) as elks,
        Provider(BUSY) as twilio,
        pytest.raises(TemporarySendError, match=r"^busy: 429 20429$") as refused,
    ):
        await build(elks, twilio).send(message())
    assert refused.value.retry_after == 7
    with (
        Provider(AWAY) as elks,
        Provider(STOPPED) as twilio,
        pytest.raises(PermanentSendError, match=r"^stopped"),
    ):
        await build(elks, twilio).send(message())
    with (
        Provider(REFUSED) as elks,
        Provider(REFUSED) as twilio,
        pytest.raises(PermanentSendError, match=r"^refused"),
    ):
        await build(elks, twilio).send(message())


async def test_a_provider_that_fails_again_and_again_is_no_longer_asked_first():
    with Provider(AWAY) as elks, Provider(TWILIO_OK) as twilio:
        sms = build(elks, twilio)
        for _ in range(TOLERATED + 4):
            await sms.send(message())
    assert len(elks.requests) == TOLERATED
    assert len(twilio.requests) == TOLERATED + 4


async def test_a_provider_that_never_answers_is_left_in_time(monkeypatch):
    monkeypatch.setattr(http_client, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, Provider(TWILIO_OK) as twilio:
        sms = build(twilio, twilio, elks_api=f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert await sms.send(message()) == "SM000000000000000000000000000001f5"


@pytest.mark.parametrize(
    "to",
    [
        "71234",
        "Posten",
        "+46313900600",
        "+46939123456",
        "+12025550123",
        "",
        "+46",
        "+46701740691",
        "+46701740690",
    ],
)
async def test_nothing_automatic_goes_to_what_is_no_mobile_number_on_the_list(to):
    with Provider(ELKS_OK) as elks, Provider(TWILIO_OK) as twilio:
        with pytest.raises(PermanentSendError):
            await build(elks, twilio).send(message(to))
        assert elks.requests == twilio.requests == []


async def test_a_person_on_the_staff_may_answer_abroad_but_no_short_code():
    with Provider(ELKS_OK) as elks, Provider(TWILIO_OK) as twilio:
        sms = build(elks, twilio)
        assert await sms.send(message("+12025550123", automatic=False))
        with pytest.raises(PermanentSendError):
            await sms.send(message("71234", automatic=False))


async def test_a_text_without_end_or_without_words_is_not_sent():
    with Provider(ELKS_OK) as elks, Provider(TWILIO_OK) as twilio:
        sms = build(elks, twilio)
        for text in ("", " \n", "a" * 1531, "å" * 1531, "ж" * 671):
            with pytest.raises(PermanentSendError):
                await sms.send(message(text=text))
        assert elks.requests == []


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("å" * 160, 1),
        ("å" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("á" + "a" * 69, 1),
        ("🚌" * 35, 1),
        ("🚌" * 36, 2),
    ],
)
def test_segments_are_counted_as_they_are_paid(text, segments):
    assert count_segments(text) == segments


# --- which provider first


def test_a_provider_is_left_after_failures_in_a_row_and_not_before():
    switch = Switch()
    for _ in range(TOLERATED - 1):
        assert not switch.note_failure(0.0)
    switch.note_success()
    for number in range(TOLERATED):
        assert switch.asks_first(1.0)
        assert switch.note_failure(1.0) == (number == TOLERATED - 1)
    assert not switch.asks_first(1.0 + PAUSE - 1)


def test_one_message_at_a_time_tries_a_provider_that_was_left():
    switch = Switch(failures=TOLERATED, away_until=100.0)
    assert switch.asks_first(100.0)
    assert not switch.asks_first(100.0 + TRIAL - 1)
    assert switch.asks_first(100.0 + TRIAL)
    assert switch.note_success()
    assert switch.asks_first(101.0)


def test_a_provider_that_comes_and_goes_is_tried_ever_more_rarely_until_it_has_proven_itself():
    switch, now, pauses = Switch(), 0.0, []
    for _ in range(8):
        while not switch.is_away:
            switch.note_failure(now)
        pauses.append(switch.away_until - now)
        now = switch.away_until
        assert switch.asks_first(now)
        switch.note_success()
    assert pauses[:3] == [PAUSE, PAUSE * 2, PAUSE * 4]
    assert max(pauses) == LONGEST
    for _ in range(PROVEN):
        switch.note_success()
    for _ in range(TOLERATED):
        switch.note_failure(now)
    assert switch.away_until - now == PAUSE


# --- numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("+46701740605", ("SE", True)),
        ("+358501234567", ("FI", True)),
        ("+46313900600", ("SE", False)),
        ("+46939123456", ("SE", False)),
        ("+12025550123", ("US", True)),
        ("+999123456789", ("", False)),
    ],
)
def test_a_number_is_of_a_country_and_mobile_or_not(value, expected):
    number = read_number(value)
    assert (number.region, number.mobile) == expected


@pytest.mark.parametrize(
    "value",
    [
        "0701740605",
        "71234",
        "Posten",
        "",
        "+",
        "+46 70 174 06 05",
        "+4670" * 4,
        "+0701740605",
        "+" + "9" * 100_000,
    ],
)
def test_what_is_no_number_in_e164_is_none(value):
    assert read_number(value) is None


def test_a_name_as_sender_is_shown_and_is_nobody():
    writer = read_writer("sms", "Posten", "", Reach(countries=frozenset({"SE"}), own=frozenset()))
    assert writer.sender == Address(channel="sms", value="", name="Posten")
    assert writer.answer_to == ()


# --- answers and settings


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("", None), ("soon", None), ("-5", None), ("999999999999", LONGEST_WAIT), ("٣", None)],
)
def test_a_provider_says_how_long_to_wait(value, seconds):
    assert read_retry_after(value) == seconds


def test_a_provider_may_say_it_as_a_time():
    soon = (datetime.now(UTC) + timedelta(seconds=100)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert 0 < read_retry_after(soon) <= 100
    assert read_retry_after("Thu, 01 Jan 1970 00:00:00 GMT") == 0


def test_no_secret_stands_in_what_the_operator_is_shown():
    with Provider(ELKS_OK) as elks, Provider(TWILIO_OK) as twilio:
        sms = build(elks, twilio)
    shown = repr(sms) + json.dumps(sms.describe())
    assert [part for part in (SECRET, "p-elks", "t-new", "losen") if part in shown] == []


@pytest.mark.parametrize("section", [Settings, WhatsappSettings])
def test_what_is_missing_is_said_only_when_it_is_enabled(section):
    assert list(section().faults("")) == []
    told = list(section(enabled=True).faults(""))
    assert any("web.public_url" in each for each in told)
    wanted = [key for key, field in section.model_fields.items() if not field.repr and key != "elks_login"]
    assert [key for key in wanted if not any(key in each for each in told)] == []


def test_the_guide_names_every_code_of_text_messages_with_the_word_that_is_shown():
    guide = (ROOT / "docs/connect-twilio.md").read_text("utf-8")
    rows = re.findall(
        r"^\| (`[a-z`, ]+`) \| ([^|]+) \|", guide.partition("## When a message fails")[2], re.MULTILINE
    )
    told = {}
    for words, codes in rows:
        listed = re.sub(
            r"(\d+) to (\d+)", lambda m: " ".join(map(str, range(int(m[1]), int(m[2]) + 1))), codes
        )
        told |= {code: re.findall("[a-z]+", words) for code in re.findall(r"\b\d{5}\b", listed)}
    expected = {code: word for code, word in CODES.items() if not code.startswith("63")}
    assert set(told) == set(expected)
    assert [code for code, word in expected.items() if word not in told[code]] == []
    assert set(CODES.values()) <= set(OUTCOMES)


def test_a_country_that_does_not_exist_is_refused():
    with Provider(ELKS_OK) as elks, Provider(TWILIO_OK) as twilio, pytest.raises(ValueError, match="XX"):
        build(elks, twilio, countries=("SE", "XX"))


def test_twilios_library_is_loaded_by_its_channels_alone_and_what_sends_not_before_it_sends() -> None:
    code = (
        "import sys; from channels import REGISTRY, load_channel\n"
        "for name in REGISTRY: name in {'sms', 'whatsapp'} or load_channel(name)\n"
        "print('twilio' in sys.modules)\n"
        "load_channel('sms'), load_channel('whatsapp')\n"
        "print('twilio' in sys.modules, 'twilio.rest' in sys.modules, 'httpx' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["False", "True False False"]
    assert not Settings().enabled
    assert not WhatsappSettings().enabled

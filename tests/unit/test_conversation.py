"""Where a message of a conversation belongs, as a table."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.conversation import Asked, Past, Step, Talk, decide, read_talk
from normalizer.messages import Address, Enclosure, InboundMessage, RawMessage
from normalizer.normalize import normalize

NOW = datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC)
QUIET = timedelta(minutes=30)
ANNA = Address(channel="sms", value="+46701740605")


@dataclass(frozen=True)
class Case:
    id: str
    state: str = "open"

    @property
    def reference(self) -> str:
        return f"REF{self.id}"


A, B = Case("a"), Case("b")
LONG, SOON = NOW - timedelta(hours=3), NOW - timedelta(minutes=30)


def talk(**given: Any) -> Talk:
    return Talk(**{"address": ANNA, "kind": "message", **given})


@pytest.mark.parametrize(
    ("said", "past", "step"),
    [
        # Nobody has written from there before.
        (talk(), Past(), Step(way="opens")),
        # Within the quiet time, to its last second.
        (talk(), Past(case=A, last_at=SOON), Step(way="joins", case=A)),
        (
            talk(),
            Past(case=A, last_at=SOON - timedelta(seconds=1)),
            Step(way="opens", old=A, linked=(("a", "REFa"),)),
        ),
        # Clocks of two nodes differ.
        (talk(), Past(case=A, last_at=NOW + timedelta(seconds=5)), Step(way="joins", case=A)),
        # Where nothing is open nobody is asked; what is destroyed takes nothing in.
        (talk(), Past(case=Case("a", "closed"), last_at=LONG), Step(way="opens")),
        (talk(), Past(case=Case("a", "closed"), last_at=SOON), Step(way="joins", case=Case("a", "closed"))),
        (talk(), Past(case=Case("a", "disposed"), last_at=SOON), Step(way="opens")),
        (talk(), Past(case=Case("a", "duplicate"), last_at=SOON), Step(way="opens")),
        # What answers our message, names a case of theirs or replaces a message of theirs joins that case, however late.
        (talk(), Past(case=A, last_at=LONG, replied=B), Step(way="joins", case=B)),
        (talk(), Past(case=A, last_at=LONG, named=(B,)), Step(way="joins", case=B)),
        (talk(), Past(case=A, last_at=LONG, edited=B), Step(way="joins", case=B)),
        (talk(), Past(case=A, last_at=SOON, replied=Case("b", "disposed")), Step(way="joins", case=A)),
        # A stranger's number opens a case, and the two tell of each other.
        (talk(), Past(others=(("z", "REFz"),)), Step(way="opens", linked=(("z", "REFz"),))),
        # Answers to the question, also within the quiet time.
        (
            talk(verdict="same"),
            Past(case=B, last_at=SOON, asked=Asked(new=B, old=A)),
            Step(way="chooses", verdict="same", case=B, old=A),
        ),
        (talk(verdict="same"), Past(case=B, last_at=SOON), Step(way="joins", case=B)),
        (talk(verdict="new"), Past(case=B, last_at=LONG), Step(way="opens", old=B, linked=(("b", "REFb"),))),
        # Commands go before everything.
        (talk(kind="stop"), Past(case=A, last_at=SOON, replied=B), Step(way="commands", case=A)),
        (talk(kind="greeting"), Past(), Step(way="commands")),
        # An address that was left belongs to the last case, whenever.
        (talk(reach=True), Past(case=A, last_at=LONG), Step(way="joins", case=A)),
    ],
)
def test_a_message_belongs(said: Talk, past: Past, step: Step) -> None:
    assert decide(said, past, NOW, QUIET) == step


def read(text: str, channel: str = "sms", **given: Any) -> Talk | None:
    sender = Address(channel=channel, value="1")
    inbound = InboundMessage(external_id="x", sender=sender, answer_to=(sender,), text=text, **given)
    return read_talk(RawMessage(channel=channel, received_at=NOW, body=b""), normalize(inbound))


@pytest.mark.parametrize("text", ["STOP", "stopp", " Stop. ", "SLUTA!", "“stop”".strip("“”"), "Unsubscribe"])
def test_stop_is_a_word_alone(text: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.kind, found.said) == ("stop", True)


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Stopp i avloppet", "sms"),
        ("stop stop", "sms"),
        ("stop", "telegram"),
        ("börja", "chat"),
        ("11", "sms"),
    ],
)
def test_more_than_the_word_and_words_where_there_are_buttons_are_messages(text: str, channel: str) -> None:
    found = read(text, channel)
    assert found is not None
    assert (found.kind, found.verdict) == ("message", "")


@pytest.mark.parametrize(("text", "verdict"), [("1", "same"), (" 2. ", "new"), ("3", ""), ("1 och 2", "")])
def test_a_lone_digit_may_be_an_answer(text: str, verdict: str) -> None:
    found = read(text)
    assert found is not None
    assert found.verdict == verdict


def test_a_button_names_both_cases_and_nothing_else_is_one() -> None:
    found = read("Ja", "chat", pressed="same:7K4M9QXT:2222BBBB")
    assert found is not None
    assert (found.verdict, found.about) == ("same", ("7K4M9QXT", "2222BBBB"))
    for pressed in ("same:7K4M9QXT", "else:7K4M9QXT:2222BBBB", "same:7K4M9QXT:2222BBBB:x", "x" * 100_000):
        found = read("Ja", "chat", pressed=pressed)
        assert found is not None
        assert (found.verdict, found.about) == ("", ())


def test_a_picture_with_a_word_is_no_command_and_mail_is_no_conversation() -> None:
    found = read("stop", enclosures=(Enclosure(source="s"),))
    assert found is not None
    assert found.kind == "message"
    assert read("stop", "email") is None
    assert read("stop", "form") is None

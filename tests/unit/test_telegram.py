"""Telegram's updates: what each says to the city, and that the library, which knows the published shapes, agrees."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import telegram

from channels.base import Ignored, Unparseable, Unverified
from channels.telegram.channel import FETCHED, PROOF, Telegram
from channels.telegram.contents import TOO_LARGE
from channels.telegram.reading import Reading
from channels.telegram.text import LONGEST, split_text
from channels.telegram.updates import ASKED_FOR, NOT_FOR_US, find_gestures, read_update
from config.settings import Settings
from config.telegram import Telegram as Section
from normalizer.messages import Enclosure, InboundMessage, RawMessage
from normalizer.normalize import normalize
from tests.bot_api import ANNA, BOT, GROUP, TOKEN

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures" / "telegram").glob("*.http"))
GENUINE = [path for path in FIXTURES if not path.stem.startswith(("forged_", "unreadable_"))]
CHAT = {"id": ANNA["id"], "type": "private", "first_name": "Anna"}
READING = Reading(bot="4400001740600", largest_file=20_000_000)
CHANNEL = {"id": -1004400001799, "type": "channel", "title": "Trafik"}
MEMBER = {"user": BOT, "status": "member"}
LEFT = {"user": BOT, "status": "left"}
KICKED = {"user": BOT, "status": "kicked", "until_date": 0}
DECLINED = "Skriv till mig direkt."


def wrap(**update: Any) -> bytes:
    return json.dumps({"update_id": 810254001, **update}).encode()


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 41, "from": ANNA, "chat": CHAT, "date": 1795339841, **content}


def read(**content: Any) -> InboundMessage:
    return READING.read(wrap(message=message(**content)))


def body_of(path: Path) -> bytes:
    return path.read_bytes().partition(b"\r\n\r\n")[2]


# --- the published shapes


@pytest.mark.parametrize("path", GENUINE, ids=lambda path: path.stem)
def test_the_library_understands_every_recorded_update_and_agrees_with_us(path: Path) -> None:
    ours = read_update(body_of(path))
    update = telegram.Update.de_json(json.loads(body_of(path)), None)
    assert update.update_id == ours.update_id
    assert [kind for kind in ASKED_FOR if getattr(update, kind)] == [
        kind for kind in ASKED_FOR if getattr(ours, kind)
    ]
    said, found = update.message or update.edited_message, ours.message or ours.edited_message
    if said is None or found is None:
        return
    chat = (said.chat.id, said.chat.type, said.chat.first_name, said.chat.last_name or "")
    assert chat == (found.chat.id, found.chat.type, found.chat.first_name, found.chat.last_name)
    assert said.date == datetime.fromtimestamp(found.date, UTC)
    assert (said.text or "", said.caption or "") == (found.text, found.caption)
    assert [each.file_id for each in said.photo] == [each.file_id for each in found.photo]
    for field in ("document", "voice", "audio", "video", "video_note", "animation"):
        theirs, mine = getattr(said, field), getattr(found, field)
        assert (theirs and (theirs.file_id, theirs.file_size or 0)) == (
            mine and (mine.file_id, mine.file_size)
        )


def test_we_know_every_kind_of_update_that_the_library_knows() -> None:
    # Kinds in which a person may write are kept for a person, should they ever come.
    writing = {"business_message", "edited_business_message", "guest_message"}
    assert {*ASKED_FOR, *NOT_FOR_US, *writing} == set(telegram.Update.ALL_TYPES)


# --- what is nothing for us, and what is kept though we cannot read it


@pytest.mark.parametrize("kind", sorted(NOT_FOR_US))
def test_what_nobody_writes_to_us_is_acknowledged_and_not_kept(kind: str) -> None:
    with pytest.raises(Ignored, match=kind):
        READING.read(wrap(**{kind: {"id": "1"}}))


@pytest.mark.parametrize(
    "update",
    [
        {"message": message(chat=GROUP, text="Hej alla")},
        {"message": message(chat={**GROUP, "type": "group"}, text="/start")},
        {"edited_message": message(chat=GROUP, edit_date=1795339900, text="Hej alla!")},
        {"callback_query": {"id": "1", "from": ANNA, "chat_instance": "1", "data": "x"}},
        {"callback_query": {"id": "1", "from": ANNA, "chat_instance": "1", "message": message(chat=GROUP)}},
        {"callback_query": {"id": "1", "from": ANNA, "chat_instance": "1", "message": message()}},
        {"my_chat_member": {"chat": GROUP, "from": ANNA, "old_chat_member": LEFT, "new_chat_member": MEMBER}},
        {"my_chat_member": {"chat": CHAT, "from": ANNA, "old_chat_member": LEFT, "new_chat_member": MEMBER}},
        {"message": message(pinned_message=message())},
        {"message": message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})},
        {
            "edited_message": message(
                edit_date=1795339900, location={"latitude": 59.2, "longitude": 15.2, "live_period": 900}
            )
        },
    ],
)
def test_groups_empty_buttons_and_what_happens_in_a_chat_are_no_messages_to_the_city(
    update: dict[str, Any],
) -> None:
    with pytest.raises(Ignored):
        READING.read(wrap(**update))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"update_id": "a"}',
        wrap(),
        wrap(hologram={}),
        wrap(message={}),
        wrap(message=message(photo=[{}])),
        b'{"update_id":1,"message":' + b"[" * 100_000,
        b'{"update_id":1,"message":{"text":"\xff"}}',
        b'{"update_id":1,"message":{"text":"\\ud83d"}}',
        wrap(message=message()).replace(b'"private"', b"1e999"),
    ],
)
def test_what_cannot_be_read_is_kept_for_a_person_whatever_it_is(body: bytes) -> None:
    with pytest.raises(Unparseable):
        READING.read(body)
    assert find_gestures(body, DECLINED) == []


@pytest.mark.parametrize("date", [0, -1, 2**40, 2**62])
def test_a_date_that_cannot_be_is_none(date: int) -> None:
    assert read(text="Hej", date=date).sent_at is None


# --- what is said


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("/start", "greeting"),
        ("/start ", "greeting"),
        ("/start@example_kvitto_bot", "greeting"),
        ("/start skylt-12_b", "greeting"),
        ("/help", "greeting"),
        ("/stop", "stop"),
        ("/stop bygget på Exempelgatan", "message"),
        ("/start min gatlykta lyser inte", "message"),
        ("/starta om", "message"),
        ("start", "message"),
        ("Hej /start", "message"),
        ("/start " + "x" * 4000, "message"),
    ],
)
def test_a_command_is_a_command_only_when_nothing_else_is_said(text: str, kind: str) -> None:
    found = read(text=text)
    assert (kind, text if kind == "message" else "") == (found.kind, found.text)


def test_what_another_bot_writes_is_automatic() -> None:
    assert read(text="Hej", **{"from": {**ANNA, "is_bot": True}}).kind == "automatic"


@pytest.mark.parametrize(
    ("code", "language"), [("sv", "sv"), ("pt-br", "pt"), ("", ""), ("zz9", ""), ("å", ""), ("toolong", "")]
)
def test_the_language_of_the_device_is_a_plain_code_or_nothing(code: str, language: str) -> None:
    assert language == read(text="Hej", **{"from": {**ANNA, "language_code": code}}).device_language


def test_the_largest_of_the_sizes_of_a_picture_is_taken_whatever_their_order() -> None:
    sizes = [
        {"file_id": "b", "width": 1280, "height": 960, "file_size": 90_000},
        {"file_id": "a", "width": 90, "height": 67, "file_size": 900_000},
        {"file_id": "c", "width": 320, "height": 240},
    ]
    expected = Enclosure(source="b", filename="bild_41.jpg", content_type="image/jpeg", size=90_000)
    assert read(photo=sizes).enclosures == (expected,)


def test_a_file_that_telegram_hands_to_nobody_is_told_of_and_not_fetched() -> None:
    found = read(document={"file_id": "a", "file_name": "film.mov", "file_size": 20_000_001})
    assert (found.enclosures, found.labels) == ((), (TOO_LARGE,))
    assert found.text == "[Fil: film.mov, 20 MB, för stor för att hämtas]"
    assert read(document={"file_id": "a", "file_size": 20_000_000}).enclosures[0].size == 20_000_000


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\temp\\a.pdf", "\u202efdp.exe", "", "/", "a" * 5000]
)
def test_the_name_of_a_file_is_safe_whatever_the_person_called_it(name: str) -> None:
    (file,) = read(document={"file_id": "a", "file_name": name}).enclosures
    assert file.filename
    assert not set(file.filename) & set("/\\\u202e")
    assert len(file.filename) <= 150


def test_an_edit_is_a_message_of_its_own_that_names_the_one_it_replaces() -> None:
    first = read(text="Nummer 5")
    edited = message(text="Nummer 7", edit_date=1795339900)
    again = [
        READING.read(json.dumps({"update_id": number, "edited_message": edited}).encode())
        for number in (1, 2)
    ]
    assert {each.edits for each in again} == {first.external_id}
    assert len({first.external_id, *(each.external_id for each in again)}) == 3
    assert again[0].labels == ("edited",)


def test_another_bot_numbers_its_messages_anew() -> None:
    other = Reading(bot="4400001740601", largest_file=1)
    assert other.read(wrap(message=message(text="Hej"))).external_id != read(text="Hej").external_id


def test_a_name_is_found_again_only_in_its_own_chat() -> None:
    name = READING.name(ANNA["id"], 12)
    assert READING.find(name, ANNA["id"]) == 12
    for other in ("", "12", f"{name}x", f"1:{ANNA['id']}:12", f"4400001740600:{ANNA['id']}:{'9' * 30}"):
        assert READING.find(other, ANNA["id"]) is None
    assert READING.find(name, 17) is None


def test_a_message_of_the_greatest_size_with_much_in_it_is_bounded() -> None:
    entities = [
        {"offset": 0, "length": 1, "type": "text_link", "url": f"https://{n}.example.org"}
        for n in range(5000)
    ]
    options = [{"text": "x" * 100}] * 5000
    found = read(text="å" * 100_000, entities=entities, poll={"question": "?", "options": options})
    assert found.text.count("[Länk: ") == 30
    assert found.text.count("\n- ") == 30


@pytest.mark.parametrize(
    "content",
    [{"sticker": {"emoji": "👍"}}, {"dice": {"emoji": "🎲", "value": 4}}, {"photo": [{"file_id": "a"}]}],
)
def test_our_own_words_do_not_say_which_language_the_person_speaks(content: dict[str, Any]) -> None:
    found = normalize(read(**content, **{"from": {**ANNA, "language_code": "fi"}}))
    assert (found.written_in, found.language) == ("", "fi")


# --- gestures


def member(chat: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> bytes:
    change = {"chat": chat, "from": ANNA, "date": 1795339841, "old_chat_member": old, "new_chat_member": new}
    return wrap(my_chat_member=change)


LEAVE = {"method": "leaveChat", "chat_id": GROUP["id"]}


@pytest.mark.parametrize(
    ("body", "gestures"),
    [
        (
            member(GROUP, LEFT, MEMBER),
            [{"method": "sendMessage", "chat_id": GROUP["id"], "text": DECLINED}, LEAVE],
        ),
        (member(GROUP, MEMBER, LEFT), []),
        (member(GROUP, MEMBER, KICKED), []),
        (member(GROUP, MEMBER, {"user": BOT, "status": "administrator"}), []),
        (member(CHANNEL, LEFT, MEMBER), [{"method": "leaveChat", "chat_id": CHANNEL["id"]}]),
        (member(CHAT, KICKED, MEMBER), []),
        (wrap(message=message(chat=GROUP, text="Hej")), [LEAVE]),
        (wrap(message=message(chat=GROUP, new_chat_members=[BOT])), []),
        (wrap(channel_post=message(chat=CHANNEL, text="Hej")), []),
        (wrap(message=message(text="Hej")), []),
    ],
)
def test_a_group_is_told_once_and_left(body: bytes, gestures: list[dict[str, Any]]) -> None:
    assert gestures == find_gestures(body, DECLINED)


# --- the door


def build(**options: Any) -> Telegram:
    from tests.contract.test_telegram_answers import SURROUNDINGS

    return Telegram.build({**Section().model_dump(), "token": TOKEN, **options}, SURROUNDINGS)


def test_what_we_have_fetched_ourselves_needs_no_secret_and_nobody_else_can_say_so() -> None:
    bot, other = build(), build()
    raw = RawMessage(channel="telegram", received_at=datetime(2026, 11, 22, tzinfo=UTC), body=b"{}")
    with pytest.raises(Unverified, match="no webhook_secret"):
        bot.verify(raw)
    with pytest.raises(Unverified):
        bot.verify(
            RawMessage(
                channel="telegram", received_at=raw.received_at, body=b"{}", headers={FETCHED: other._proof}
            )
        )
    bot.verify(
        RawMessage(channel="telegram", received_at=raw.received_at, body=b"{}", headers={FETCHED: bot._proof})
    )
    assert list(bot.kept_headers.values()) == [PROOF]


def test_the_secret_of_a_delivery_is_not_kept() -> None:
    raw = RawMessage(
        channel="telegram",
        received_at=datetime(2026, 11, 22, tzinfo=UTC),
        body=b"{}",
        headers={PROOF: "hemligt"},
    )
    bot = build(webhook_secret="hemligt")
    bot.verify(raw)
    assert bot.without_secrets(raw).headers == {}


# --- long texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hej",
        "ord " * 5000,
        "x" * 20_000,
        "😀" * 5000,
        "rad\n" * 3000,
        "Stycke.\n\n" * 2000,
        "a" + "😀" * 4096 + "b",
    ],
)
def test_a_long_text_is_cut_where_it_can_be_and_nothing_is_lost(text: str) -> None:
    parts = split_text(text)
    assert all(len(part.encode("utf-16-le")) // 2 <= LONGEST for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert len(parts) <= 2 + len(text.encode("utf-16-le")) // LONGEST


def test_a_text_is_cut_between_paragraphs_before_it_is_cut_between_words() -> None:
    text = "a " * 1500 + "\n\n" + "b " * 1500
    assert [part.strip("ab ") for part in split_text(text)] == ["", ""]


# --- the settings


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"enabled": True}, ["telegram.token"]),
        ({"enabled": True, "token": TOKEN}, []),
        ({"enabled": True, "token": TOKEN, "mode": "webhook"}, ["telegram.webhook_secret", "web.public_url"]),
        ({"enabled": True, "token": TOKEN, "api_url": "http://example.org"}, ["telegram.api_url"]),
        ({}, []),
    ],
)
def test_what_is_missing_is_said_by_its_name(given: dict[str, Any], wrong: list[str]) -> None:
    found = list(Section.model_validate(given).faults(Settings().web.public_url))
    assert wrong == [fault.partition(" ")[0] for fault in found]

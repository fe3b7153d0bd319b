"""A message of the chat, as the channel understands it, and what it refuses."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest
from msgspec.structs import replace

from channels.base import Unparseable
from channels.chat import CONTACT_HEADER, Chat, ChatRefused, contact_of, read_reach
from channels.form import FormLimits
from config.chat_texts import load_chat_texts
from gateway.web.chat import obscure_reach
from gateway.web.chat_page import find_texts, tell_widget
from normalizer.messages import Address, RawMessage
from tests.unit.test_pages import PAGES

CHAT = Chat(limits=FormLimits(text=100, files=2, megabytes=1))
CONTACT = contact_of("a token")
IDENTITY = "0123456789abcdef"
BOUNDARY = "----a-boundary"


def post(*files: tuple[str, bytes], **fields: str) -> RawMessage:
    parts = []
    for name, value in ({"id": IDENTITY} | fields).items():
        parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode())
    for name, content in files:
        head = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content)
    body = b"".join(b"--" + BOUNDARY.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return RawMessage(
        channel="chat",
        received_at=datetime(2026, 11, 24, 8, 41, tzinfo=UTC),
        body=body + b"--" + BOUNDARY.encode() + b"--\r\n",
        headers={"content-type": f"multipart/form-data; boundary={BOUNDARY}", CONTACT_HEADER: CONTACT},
    )


def test_a_contact_is_the_tokens_hash_and_nothing_of_the_token():
    assert len(CONTACT) == 40
    assert contact_of("a token") == CONTACT != contact_of("A token")


def test_a_message_is_its_writers_and_known_by_the_browsers_own_name_for_it():
    message = CHAT.parse(post(("hål.png", b"x"), text="Hej!\r\nDet är mörkt.", lang="fi"))
    chat = Address(channel="chat", value=CONTACT)
    assert (message.sender, message.answer_to) == (chat, (chat,))
    assert message.external_id == f"{CONTACT}:{IDENTITY}"
    assert message.text == "Hej!\nDet är mörkt."
    assert [file.filename for file in message.attachments] == ["hål.png"]
    assert (message.device_language, message.language, message.withhold_receipt) == ("fi", "", "")


def test_the_same_name_in_two_chats_is_two_messages():
    other = post(text="Hej")
    other = replace(other, headers={**other.headers, CONTACT_HEADER: contact_of("another")})
    assert CHAT.parse(other).external_id != CHAT.parse(post(text="Hej")).external_id


def test_an_address_that_is_left_is_a_second_way_to_answer():
    message = CHAT.parse(post(text="Jag måste gå", reach="amina@example.org"))
    assert message.answer_to[1:] == (Address(channel="email", value="amina@example.org"),)
    assert (message.labels, message.withhold_receipt) == ((), "")


def test_an_address_alone_is_kept_and_gets_no_receipt():
    message = CHAT.parse(post(reach="070-174 06 05"))
    assert message.answer_to[1:] == (Address(channel="sms", value="+46701740605"),)
    assert (message.text, message.labels, message.withhold_receipt) == ("", ("contact",), "contact")


@pytest.mark.parametrize("name", [b'name="reach"', b"name=reach", b'name= "reach"', b'NAME="reach"'])
def test_an_address_that_the_city_cannot_use_is_refused_however_its_field_is_written(name: bytes):
    """RFC 7578 leaves a client some ways to write a field's name: what counts is what is read."""
    chat = Chat(limits=CHAT.limits, reach=frozenset({"email"}))
    raw = post(text="Hej", reach="070-174 06 05")
    raw = replace(raw, body=raw.body.replace(b'name="reach"', name))
    with pytest.raises(ChatRefused) as refused:
        chat.parse(raw)
    assert refused.value.key in {"reach_no_sms", "unreadable"}


def test_a_pressed_button_comes_with_its_key():
    message = CHAT.parse(post(text="Samma sak", pressed="same:a:b"))
    assert (message.pressed, message.text) == ("same:a:b", "Samma sak")


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (post(text=""), "text_missing"),
        (post(text="x" * 101), "text_long"),
        (post(("a", b"1"), ("b", b"2"), ("c", b"3")), "files_many"),
        (post(("a", b"1" * 1_000_001)), "file_large"),
        (post(text="Hej", reach="inte en adress"), "reach_malformed"),
        (post(text="Hej", reach="a@" + "b" * 300 + ".org"), "reach_malformed"),
        (post(text="Hej", reach="08-465 004 10"), "reach_no_mobile"),
        (post(text="Hej", id="short"), "unreadable"),
        (post(text="Hej", id="x" * 65), "unreadable"),
        (post(text="Hej", id="../../../etc/passwd"), "unreadable"),
        (post(text="Hej", pressed="x" * 65), "unreadable"),
        (replace(post(), body=b"{}"), "unreadable"),
        (replace(post(text="x"), body=post(text="x").body[:-30]), "unreadable"),
    ],
)
def test_a_mistake_is_named_so_that_the_person_can_mend_it(raw: RawMessage, key: str):
    with pytest.raises(ChatRefused) as refused:
        CHAT.parse(raw)
    assert refused.value.key == key
    texts = load_chat_texts()
    for language in texts.values():
        said = language.values[f"errors.{key}"].format(**refused.value.params)
        assert "{" not in said


def test_a_post_without_a_chat_is_kept_for_a_person():
    raw = post(text="Hej")
    for contact in ("", "x" * 40, CONTACT + "0"):
        with pytest.raises(Unparseable):
            CHAT.parse(replace(raw, headers={**raw.headers, CONTACT_HEADER: contact}))


@pytest.mark.parametrize("letter", ["@", "1", "+", "a", ".", "(", " ", "é", "\0"])
def test_a_hostile_address_is_refused_at_once(letter: str):
    with pytest.raises(ChatRefused):
        read_reach(letter * 100_000)


def test_an_address_is_shown_to_its_owner_only_in_part():
    assert obscure_reach("amina@example.org") == "a***a@e***.org"
    assert obscure_reach("+46701740605") == "+46***05"


def test_the_chat_speaks_arabic_from_right_to_left_and_any_other_language_in_english():
    texts = load_chat_texts()
    assert {"sv", "fi", "en", "ar"} <= set(texts)
    arabic = tell_widget(PAGES, "ar", texts)
    assert (arabic["lang"], arabic["dir"]) == ("ar", "rtl")
    assert find_texts(texts, "xx").language == "en"


def test_the_widget_says_no_word_that_it_is_not_given():
    script = files("gateway.web").joinpath("static", "kvitto-chat.js").read_text("utf-8")
    for key in load_chat_texts()["sv"].widget():
        assert f"t.{key}" in script or f"'{key}'" in script or f"words.words.{key}" in script, key

"""Telegram from end to end: Kvitto as a process, the Bot API on loopback, and people who write to the bot."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.bot_api import ANNA, BOT, GROUP, TOKEN, BotApi, run_bot_api
from tests.conftest import Running, free_port

SECRET = "f7Kx-hemligt-nog-att-skicka-med_1"
MATTER = "Gatlyktan utanför Exempelgatan 5 har varit släckt i två veckor."
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(5000) + b"\xff\xd9"
AINO = {**ANNA, "id": ANNA["id"] + 1, "first_name": "Aino", "language_code": "fi"}
BO = {**ANNA, "id": ANNA["id"] + 2, "first_name": "Bo"}
CEM = {**ANNA, "id": ANNA["id"] + 3, "first_name": "Cem"}


@pytest.fixture
def api() -> Iterator[BotApi]:
    with run_bot_api() as server:
        yield server


def settings(api: BotApi, **more: str) -> dict[str, str]:
    values = {"ENABLED": "true", "TOKEN": TOKEN, "API_URL": api.url, **more}
    return {f"TELEGRAM__{name}": value for name, value in values.items()}


def told(api: BotApi, person: dict[str, Any] = ANNA) -> list[dict[str, Any]]:
    return [each for each in api.sent if each["chat"]["id"] == person["id"]]


def called(api: BotApi, method: str) -> list[dict[str, Any]]:
    return [given for each, given in api.calls if each == method]


def cases_of(running: Running, person: dict[str, Any]) -> list[dict[str, Any]]:
    """The person's cases, oldest first, with their parts."""
    found = [running.case(case["reference"]) | {"reference": case["reference"]} for case in running.cases()]
    return [case for case in found[::-1] if case["messages"][0]["sender"]["value"] == str(person["id"])]


def until(running: Running, condition: Callable[[], bool]) -> None:
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(running.log)


def test_what_is_delivered_is_the_same_when_it_is_fetched_after_a_crash(
    kvitto: Callable[..., Running], api: BotApi
) -> None:
    port = free_port()
    running = kvitto(
        open_now=False,
        **settings(api, MODE="webhook", WEBHOOK_SECRET=SECRET),
        WEB__PUBLIC_URL=f"http://127.0.0.1:{port}",
        CONVERSATIONS__QUIET_MINUTES="0",
    )
    running.web_port = port
    running.start()
    api.wait(lambda: bool(api.webhook))
    said = api.say(MATTER)
    api.wait(lambda: len(told(api)) == 1)
    assert running.cases()[0]["reference"] in told(api)[0]["text"]

    # Another matter, much later: it is asked whether it is one. The button is seen in the answer to its delivery.
    api.say("Det ligger glas på gångvägen vid skolan.")
    api.wait(lambda: any("reply_markup" in each for each in told(api)))
    question = next(each for each in told(api) if "reply_markup" in each)
    ((same,), (_,)) = question["reply_markup"]["inline_keyboard"]
    shown = {key: value for key, value in question.items() if key != "asked"}
    before = len(told(api))
    api.press(shown, same["callback_data"])
    api.wait(lambda: len(told(api)) == before + 1 and bool(called(api, "answerCallbackQuery")))

    # A group is declined; what is not from Telegram is not taken.
    api.add_to_group()
    api.wait(lambda: any(given["chat_id"] == GROUP["id"] for given in called(api, "sendMessage")))
    assert set(api.deliveries) == {200}
    url = f"{running.url}/inbound/telegram"
    assert api.post({"update_id": 1, "message": said}, url, "gissat") == (401, b"")
    assert api.post({"update_id": 1, "message": said}, url, SECRET) == (200, b"")

    # A crash between sending and noting it sends again; here all is noted.
    until(
        running,
        lambda: all(each["state"] == "sent" for case in cases_of(running, ANNA) for each in case["outbox"]),
    )
    running.kill()
    running.settings["KVITTO_TELEGRAM__MODE"] = "polling"
    count, sent = len(running.cases()), len(told(api))
    # Telegram did not hear that it had been taken: the same message waits again.
    api.happen(message=said)
    api.say("Hej! När öppnar simhallen?", BO)
    running.start()
    api.wait(lambda: bool(told(api, BO)))
    assert len(running.cases()) == count + 1
    assert len(told(api)) == sent
    raws = [raw for case in running.cases() for raw in running.case(case["reference"])["raws"]]
    assert [raw["headers"] for raw in raws if raw["headers"]] == []
    assert [secret for secret in (SECRET, TOKEN, MATTER) if secret in running.log] == []


def test_a_conversation_is_greeted_answered_once_and_ended_by_whoever_blocks_the_bot(
    kvitto: Callable[..., Running], api: BotApi
) -> None:
    running = kvitto(**settings(api))
    # Who only opens the chat is greeted, in the language of their Telegram.
    api.say("/start", AINO)
    api.wait(lambda: len(told(api, AINO)) == 1)
    assert "112" in told(api, AINO)[0]["text"]
    assert running.cases() == []

    # A picture becomes a case and a receipt at once; the file follows.
    api.files["AgAC1"] = ("photos/file_1.jpg", PICTURE)
    picture = api.message(caption=MATTER, photo=[{"file_id": "AgAC1"}])
    api.happen(message=picture)
    api.wait(lambda: len(told(api)) == 1)
    until(running, lambda: bool(cases_of(running, ANNA)[0]["files"]))
    (case,) = cases_of(running, ANNA)
    assert case["reference"] in told(api)[0]["text"]
    assert told(api)[0]["asked"]["reply_parameters"]["message_id"] == picture["message_id"]
    ((name, kind, size),) = [(each["filename"], each["content_type"], each["size"]) for each in case["files"]]
    assert (name, kind, size) == (f"bild_{picture['message_id']}.jpg", "image/jpeg", len(PICTURE))

    # What follows at once, an edit and a reply to the receipt belong to the same case, without a receipt.
    api.say("Den står vid busshållplatsen.")
    api.happen(
        edited_message={**picture, "edit_date": picture["date"] + 1, "caption": "Exempelgatan 7 menar jag"}
    )
    api.say("Tack!", reply_to_message={key: value for key, value in told(api)[0].items() if key != "asked"})
    api.say("Bollplanen är full av vatten.", BO)
    api.wait(lambda: len(told(api, BO)) == 1)
    (case,) = cases_of(running, ANNA)
    assert ["edited" in each["labels"] for each in case["messages"]] == [False, False, True, False]
    assert len(told(api)) == 1

    # Who has blocked the bot gets nothing, is not tried again, and their message is a case all the same.
    statuses = [{"user": BOT, "status": status} for status in ("member", "kicked")]
    chat = {"id": AINO["id"], "type": "private", "first_name": "Aino"}
    change = {"chat": chat, "from": AINO, "date": picture["date"]}
    api.happen(my_chat_member={**change, "old_chat_member": statuses[0], "new_chat_member": statuses[1]})
    api.say("Keinu on rikki leikkipuistossa.", AINO)
    api.blocked.add(CEM["id"])
    api.say("Soporna har inte hämtats.", CEM)
    until(
        running,
        lambda: any(each["state"] == "failed" for case in cases_of(running, CEM) for each in case["outbox"]),
    )
    (case,) = cases_of(running, CEM)
    (entry,) = case["outbox"]
    assert (entry["attempts"], entry["results"][0]["detail"].partition(" ")[0]) == (1, "blocked")
    assert len(cases_of(running, AINO)) == 1
    assert len(told(api, AINO)) == 1
    assert TOKEN not in running.log

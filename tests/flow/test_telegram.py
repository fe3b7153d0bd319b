"""Telegram from end to end: Kvitto as a process, the Bot API on loopback, and people who write to the bot."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.bot_api import ANNA, TOKEN, BotApi, run_bot_api
from tests.conftest import Running, free_port

SECRET = "f7Kx-hemligt-nog-att-skicka-med_1"
MATTER = "Gatlyktan utanför Exempelgatan 5 har varit släckt i två veckor."


@pytest.fixture
def api() -> Iterator[BotApi]:
    with run_bot_api() as server:
        yield server


def settings(api: BotApi, **more: str) -> dict[str, str]:
    values = {"ENABLED": "true", "TOKEN": TOKEN, "API_URL": api.url, **more}
    return {f"TELEGRAM__{name}": value for name, value in values.items()}


def receipts(api: BotApi) -> list[dict[str, Any]]:
    return [each for each in api.sent if each["chat"]["id"] == ANNA["id"]]


def test_a_message_that_is_fetched_gets_one_case_and_one_receipt_even_after_a_crash(
    kvitto: Callable[..., Running], api: BotApi
) -> None:
    running = kvitto(**settings(api))
    said = api.say(MATTER)
    api.wait(lambda: len(receipts(api)) == 1)
    (case,) = running.cases()
    assert case["reference"] in receipts(api)[0]["text"]
    assert (case["channel"], case["failed_step"]) == ("telegram", "")
    running.kill()
    # Telegram did not hear that it had been taken: the same update waits again.
    api.happen(message=said)
    other = api.say("Och den vid Exempelgatan 9.", person={**ANNA, "id": ANNA["id"] + 1})
    running.start()
    api.wait(lambda: any(each["chat"]["id"] == other["chat"]["id"] for each in api.sent))
    assert len(running.cases()) == 2
    assert len(receipts(api)) == 1
    raws = [raw for case in running.cases() for raw in running.case(case["reference"])["raws"]]
    assert [raw["headers"] for raw in raws] == [{}, {}]
    assert TOKEN not in running.log
    assert MATTER not in running.log


def test_a_message_that_is_delivered_is_the_same_message_when_it_is_fetched(
    kvitto: Callable[..., Running], api: BotApi
) -> None:
    port = free_port()
    running = kvitto(
        open_now=False,
        **settings(api, MODE="webhook", WEBHOOK_SECRET=SECRET),
        WEB__PUBLIC_URL=f"http://127.0.0.1:{port}",
    )
    running.web_port = port
    running.start()
    api.wait(lambda: bool(api.webhook))
    said = api.say(MATTER)
    api.wait(lambda: len(receipts(api)) == 1 and not api.waiting)
    api.add_to_group()
    api.wait(
        lambda: any(
            method == "sendMessage" and given["chat_id"] < "0" for method, given in map(as_text, api.calls)
        )
    )
    assert set(api.deliveries) == {200}
    url = f"{running.url}/inbound/telegram"
    assert api.post({"update_id": 1, "message": said}, url, "gissat") == (401, b"")
    assert api.post({"update_id": 1, "message": said}, url, SECRET) == (200, b"")
    assert len(running.cases()) == 1
    raws = running.case(running.cases()[0]["reference"])["raws"]
    assert [raw["headers"] for raw in raws] == [{}]
    running.stop()
    running.settings["KVITTO_TELEGRAM__MODE"] = "polling"
    api.happen(message=said)
    running.start()
    other = api.say("Hej!", person={**ANNA, "id": ANNA["id"] + 1})
    api.wait(lambda: any(each["chat"]["id"] == other["chat"]["id"] for each in api.sent))
    assert len(running.cases()) == 2
    assert len(receipts(api)) == 1
    assert SECRET not in running.log


def as_text(call: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, str]]:
    return call[0], {key: str(value) for key, value in call[1].items()}


def test_a_person_who_has_blocked_the_bot_costs_no_second_attempt(
    kvitto: Callable[..., Running], api: BotApi
) -> None:
    running = kvitto(**settings(api))
    api.blocked.add(ANNA["id"])
    api.say(MATTER)
    api.wait(lambda: any(method == "sendMessage" for method, _ in api.calls))
    running.stop()
    (case,) = running.cases()
    (entry,) = running.case(case["reference"])["outbox"]
    assert (entry["state"], entry["attempts"]) == ("failed", 1)
    assert entry["results"][0]["detail"].startswith("blocked")

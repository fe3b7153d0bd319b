"""Following a Telegram bot on loopback: nothing is acknowledged before it is accepted, and nothing keeps back the rest."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from channels import lease
from channels.base import (
    Ignored,
    NotAccepted,
    PermanentFetchError,
    PermanentSendError,
    Surroundings,
    TemporaryFetchError,
)
from channels.lease import Leases
from channels.telegram import following as telegram_following
from channels.telegram.channel import Telegram
from config.organisation import EXAMPLE, load_organisation
from config.telegram import Telegram as Section
from normalizer.messages import Address, Choice, Enclosure, OutboundMessage, RawMessage
from tests.bot_api import ANNA, GROUP, TOKEN, BotApi, Refusal, run_bot_api
from tests.conftest import ROOT

ORGANISATION = load_organisation(EXAMPLE)
BOT = TOKEN.partition(":")[0]


@pytest.fixture
def api() -> Iterator[BotApi]:
    with run_bot_api() as server:
        yield server


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting is not what is examined here."""
    monkeypatch.setattr(telegram_following, "_pause", lambda _failures: 0.01)
    monkeypatch.setattr(telegram_following, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.02)


@dataclass
class Store(Leases):
    """What accepts, and who holds what: for all nodes of a test."""

    holder: str = ""
    taken: list[RawMessage] = field(default_factory=list)
    refuse: Callable[[dict[str, Any]], Exception | None] = lambda _update: None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def hold(self, source: str) -> bool:
        assert source == f"telegram:{BOT}"
        return not self.holder

    async def release(self, source: str) -> None:
        pass

    async def accept(self, raw: RawMessage) -> None:
        error = self.refuse(json.loads(raw.body))
        async with self.changed:
            if error is None:
                self.taken.append(raw)
            self.changed.notify_all()
        if error is not None:
            raise error

    @property
    def texts(self) -> list[str]:
        return [json.loads(raw.body)["message"]["text"] for raw in self.taken]

    async def wait(self, condition: Callable[[], bool]) -> None:
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(condition), 20)


def build(api: BotApi, folder: Path = Path("none"), **options: Any) -> Telegram:
    around = Surroundings(organisation=ORGANISATION, folder=folder, public_url="https://kvitto.example.org")
    return Telegram.build({**Section().model_dump(), "token": TOKEN, "api_url": api.url, **options}, around)


@asynccontextmanager
async def following(bot: Telegram, store: Store) -> AsyncIterator[None]:
    task = asyncio.create_task(bot.collect(store.accept, store, lambda: None))  # type: ignore[arg-type]  # of a ledger it needs the leases
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await bot.close()


async def reach(api: BotApi, condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(api.wait, condition)


async def test_an_update_is_confirmed_only_after_it_is_accepted_and_comes_as_it_was(api: BotApi) -> None:
    store, bot = Store(), build(api)
    waiting: list[int] = []

    def look(_update: dict[str, Any]) -> None:
        waiting.append(len(api.waiting))

    store.refuse = look
    said = [api.say("ett", emoji_of_the_future="😀"), api.say("två")]
    async with following(bot, store):
        await store.wait(lambda: len(store.taken) == 2)
        await reach(api, lambda: not api.waiting)
    assert waiting == [2, 2]
    assert said == [json.loads(raw.body)["message"] for raw in store.taken]
    for raw in store.taken:
        bot.verify(raw)


async def test_what_is_not_accepted_stays_with_telegram_and_keeps_its_order(api: BotApi) -> None:
    store, left = Store(), 2

    def refuse(update: dict[str, Any]) -> Exception | None:
        nonlocal left
        left -= update["message"]["text"] == "ett"
        return NotAccepted("the disk is full", retry_after=0) if left >= 0 else None

    store.refuse = refuse
    for text in ("ett", "två", "tre"):
        api.say(text)
    with capture_logs() as logged:
        async with following(build(api), store):
            await store.wait(lambda: len(store.taken) >= 3)
    assert store.texts == ["ett", "två", "tre"]
    assert [each["reason"] for each in logged if each["event"] == "telegram.put_off"] == [
        "the disk is full"
    ] * 2


@pytest.mark.parametrize("fault", [NotAccepted("the store refuses the message", retry_after=0), None])
async def test_one_update_that_never_is_accepted_is_set_aside_and_the_rest_comes(
    api: BotApi, tmp_path: Path, fault: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, synced, fsync = Store(), set[Path](), os.fsync

    def note(handle: int) -> None:
        synced.add(Path(os.readlink(f"/proc/self/fd/{handle}")))
        fsync(handle)

    monkeypatch.setattr(telegram_following.os, "fsync", note)
    if fault is None:
        # A fault of ours waits a little before it is tried again.
        real = asyncio.sleep
        monkeypatch.setattr(telegram_following.asyncio, "sleep", lambda _seconds: real(0))
    store.refuse = lambda update: (
        fault or KeyError("ours") if update["message"]["text"] == "giftigt" else None
    )
    api.say("giftigt")
    api.say("nästa")
    with capture_logs() as logged:
        async with following(build(api, tmp_path), store):
            await store.wait(lambda: "nästa" in store.texts)
            await reach(api, lambda: not api.waiting)
    (kept,) = (tmp_path / "telegram").iterdir()
    assert {tmp_path, kept.parent, kept} <= synced
    assert json.loads(kept.read_bytes())["message"]["text"] == "giftigt"
    assert [each["file"] for each in logged if each["event"] == "telegram.set_aside"] == [str(kept)]


async def test_while_the_store_takes_nothing_nothing_is_set_aside(api: BotApi, tmp_path: Path) -> None:
    store, asked = Store(), 0

    def refuse(_update: dict[str, Any]) -> Exception | None:
        nonlocal asked
        asked += 1
        return NotAccepted("the store is away", retry_after=0) if asked < 40 else None

    store.refuse = refuse
    for number in range(3):
        api.say(str(number))
    async with following(build(api, tmp_path), store):
        await store.wait(lambda: len(store.taken) >= 3)
        await reach(api, lambda: not api.waiting)
    assert set(store.texts) == {"0", "1", "2"}
    assert not (tmp_path / "telegram").exists()


async def test_an_update_that_the_library_cannot_read_keeps_nothing_back(api: BotApi) -> None:
    store = Store()
    api.happen(message={"message_id": "no number", "photo": {"oops": True}})
    api.say("efter")
    async with following(build(api), store):
        await store.wait(lambda: len(store.taken) == 2)
        await reach(api, lambda: not api.waiting)
    assert json.loads(store.taken[0].body)["message"]["message_id"] == "no number"


async def test_trouble_is_told_once_each_time_and_ends(api: BotApi) -> None:
    store, left = Store(), 3

    def refuse(method: str) -> Refusal | None:
        nonlocal left
        left -= method == "getUpdates"
        return Refusal(500, "Internal Server Error") if method == "getUpdates" and left >= 0 else None

    api.refuse = refuse
    api.say("till slut")
    with capture_logs() as logged:
        async with following(build(api), store):
            await store.wait(lambda: bool(store.taken))
    told = [each for each in logged if each["event"].startswith("telegram.")]
    assert [each["event"] for each in told] == ["telegram.unreachable"] * 3 + ["telegram.back"]
    assert {each["reason"] for each in told[:3]} == {"unreachable"}
    assert TOKEN not in repr(logged)


async def test_a_revoked_token_and_another_program_that_polls_are_said(api: BotApi) -> None:
    store = Store()
    for refusal, reason in (
        (Refusal(401, "Unauthorized"), "token"),
        (Refusal(409, "Conflict: terminated by other getUpdates request"), "conflict"),
        (Refusal(429, "Too Many Requests: retry after 1", retry_after=1), "flood"),
    ):
        api.refuse = lambda method, refusal=refusal: refusal if method == "getUpdates" else None
        with capture_logs() as logged:
            async with following(build(api), store):
                await reach(api, lambda: sum(method == "getUpdates" for method, _ in api.calls) >= 1)
                while not any(each["event"] == "telegram.unreachable" for each in logged):
                    await asyncio.sleep(0.01)
        assert logged[-1]["reason"] == reason
        api.calls.clear()


async def test_the_node_without_the_lease_asks_telegram_nothing(api: BotApi) -> None:
    store = Store(holder="another node")
    api.say("hej")
    with capture_logs() as logged:
        async with following(build(api), store):
            while not logged:
                await asyncio.sleep(0.01)
            assert api.calls == []
            store.holder = ""
            await store.wait(lambda: bool(store.taken))
    assert [each["event"] for each in logged][:2] == ["lease.held_elsewhere", "telegram.opened"]


async def test_a_node_that_loses_the_lease_stops_asking(api: BotApi) -> None:
    store = Store()
    with capture_logs() as logged:
        async with following(build(api), store):
            await reach(api, lambda: any(method == "getUpdates" for method, _ in api.calls))
            store.holder = "another node"
            while not any(each["event"] == "lease.lost" for each in logged):
                await asyncio.sleep(0.01)
            api.say("för den andra")
            await asyncio.sleep(0)
    assert store.taken == []


async def test_a_pressed_button_is_said_to_be_seen_and_a_group_is_declined_and_left(api: BotApi) -> None:
    store = Store()
    store.refuse = lambda update: Ignored("in a group") if "my_chat_member" in update else None
    async with following(build(api, declined="Skriv till mig direkt."), store):
        api.press(api.message(text="Gäller det 7K4M-9QXT?"), "same:1")
        api.add_to_group()
        await reach(api, lambda: any(method == "leaveChat" for method, _ in api.calls))
    done = [(method, given) for method, given in api.calls if method not in {"getUpdates", "deleteWebhook"}]
    assert [method for method, _ in done] == ["answerCallbackQuery", "sendMessage", "leaveChat"]
    assert (done[1][1]["chat_id"], done[1][1]["text"]) == (str(GROUP["id"]), "Skriv till mig direkt.")
    assert len(store.taken) == 1


async def test_a_webhook_is_told_to_telegram_with_its_secret_and_told_again_when_somebody_changed_it(
    api: BotApi,
) -> None:
    store, bot = Store(), build(api, mode="webhook", webhook_secret="s" * 30)
    wanted = "https://kvitto.example.org/inbound/telegram"
    async with following(bot, store):
        await reach(api, lambda: bool(api.webhook))
        told = api.webhook
        api.webhook = {"url": "https://elsewhere.example.net/"}
        await reach(api, lambda: api.webhook["url"] == wanted)
        api.stopped = True  # nobody is there to be delivered to
    assert (told["url"], told["secret_token"]) == (wanted, "s" * 30)
    assert told["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_what_telegram_cannot_deliver_is_told_once_each_time(api: BotApi) -> None:
    trouble = {
        "last_error_date": 1795339841,
        "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
    }
    api.trouble = trouble
    bot = build(api, mode="webhook", webhook_secret="s" * 30)

    def told() -> list[str]:
        return [each["problem"] for each in logged if each["event"] == "telegram.undelivered"]

    with capture_logs() as logged:
        async with following(bot, Store()):
            asked = len(api.calls)
            await reach(api, lambda: len(api.calls) > asked + 6)
            api.trouble = {
                **trouble,
                "last_error_date": 1795339900,
                "last_error_message": "Connection refused",
            }
            await reach(api, lambda: len(told()) == 2)
    assert told() == ["Wrong response from the webhook: 502 Bad Gateway", "Connection refused"]


async def test_the_library_is_loaded_only_by_whoever_talks_to_telegram() -> None:
    code = (
        "import sys, channels.telegram.channel; sys.exit('telegram' in sys.modules or 'httpx' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT)
    assert await process.wait() == 0


# --- out


LETTER = OutboundMessage(
    id="0192f30a",
    to=Address(channel="telegram", value=str(ANNA["id"])),
    subject="Kvitto",
    text="Tack! Se https://www.example.org/s/abc *inte fet* <b>",
    language="sv",
    created_at=datetime(2026, 11, 23, tzinfo=UTC),
    message_id="0192f30a.kvitto@example.org",
)


async def test_a_letter_goes_as_plain_text_with_buttons_as_a_reply_and_without_a_preview(api: BotApi) -> None:
    bot = build(api)
    choices = (Choice(key="same:1", label="7K4M-9QXT"), Choice(key="new:1", label="Något nytt"))
    letter = replace(LETTER, choices=choices, in_reply_to=f"{BOT}:{ANNA['id']}:17")
    sent = await bot.send(letter)
    await bot.close()
    (message,) = api.sent
    assert sent == f"{BOT}:{ANNA['id']}:{message['message_id']}"
    assert message["text"] == letter.text
    asked = message["asked"]
    assert "parse_mode" not in asked
    assert asked["link_preview_options"] == {"is_disabled": True}
    assert asked["reply_parameters"] == {"message_id": 17, "allow_sending_without_reply": True}
    rows = asked["reply_markup"]["inline_keyboard"]
    assert [[(each["text"], each["callback_data"]) for each in row] for row in rows] == [
        [("7K4M-9QXT", "same:1")],
        [("Något nytt", "new:1")],
    ]


async def test_a_long_letter_is_several_messages_whose_last_has_the_buttons_and_the_name(api: BotApi) -> None:
    bot = build(api)
    letter = replace(
        LETTER,
        text="Ord. " * 2000,
        choices=(Choice(key="a", label="A"),),
        in_reply_to=f"{BOT}:{ANNA['id']}:17",
    )
    sent = await bot.send(letter)
    await bot.close()
    assert len(api.sent) == 3
    assert ["reply_parameters" in each["asked"] for each in api.sent] == [True, False, False]
    assert ["reply_markup" in each for each in api.sent] == [False, False, True]
    assert sent.endswith(f":{api.sent[-1]['message_id']}")


@pytest.mark.parametrize("value", ["", "anna", "12a", "4400001740699", "-", "9" * 40, "٣٤"])
async def test_a_chat_that_is_none_is_refused_for_good(api: BotApi, value: str) -> None:
    bot = build(api)
    with pytest.raises(PermanentSendError):
        await bot.send(replace(LETTER, to=Address(channel="telegram", value=value)))
    await bot.close()


# --- files


PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(5000) + b"\xff\xd9"


async def test_a_file_is_fetched_by_its_id_and_gets_its_true_type(api: BotApi) -> None:
    api.files["AgAC1"] = ("photos/file_1.jpg", PICTURE)
    bot = build(api)
    found = await bot.fetch(Enclosure(source="AgAC1", filename="bild_41.jpg", content_type="text/plain"))
    await bot.close()
    assert (found.filename, found.content_type, found.content) == ("bild_41.jpg", "image/jpeg", PICTURE)


@pytest.mark.parametrize(
    ("path", "size", "error"),
    [
        ("photos/../../etc/passwd", 10, PermanentFetchError),
        ("/etc/hostname", 10, PermanentFetchError),
        ("pyproject.toml", 10, PermanentFetchError),
        ("videos/large.mp4", 150_001, PermanentFetchError),
        ("", 10, PermanentFetchError),
    ],
)
async def test_a_file_of_this_machine_or_above_the_limit_is_never_read(
    api: BotApi, path: str, size: int, error: type[Exception]
) -> None:
    api.files["AgAC1"] = (path, bytes(size))
    bot = build(api, largest_file=150_000)
    with pytest.raises(error):
        await bot.fetch(Enclosure(source="AgAC1"))
    await bot.close()


async def test_a_file_that_is_away_is_asked_for_again_and_one_that_is_too_large_is_not(api: BotApi) -> None:
    bot = build(api)
    with pytest.raises(TemporaryFetchError, match="temporarily unavailable"):
        await bot.fetch(Enclosure(source="nowhere"))
    with pytest.raises(PermanentFetchError, match="too-large"):
        await bot.fetch(Enclosure(source="nowhere", size=20_000_001))
    api.refuse = lambda _method: Refusal(400, "Bad Request: file is too big")
    with pytest.raises(PermanentFetchError, match="too-large"):
        await bot.fetch(Enclosure(source="nowhere"))
    api.refuse = lambda _method: Refusal(429, "Too Many Requests: retry after 3", retry_after=3)
    with pytest.raises(TemporaryFetchError) as put_off:
        await bot.fetch(Enclosure(source="nowhere"))
    assert put_off.value.retry_after == 3
    await bot.close()


# --- what the operator is told


def test_check_names_the_bot_and_says_what_is_wrong_with_it(api: BotApi) -> None:
    ((title, line),) = build(api).describe()
    assert (title, line.partition(";")[0]) == ("Telegram", "@example_kvitto_bot, Exempelstad")
    assert "/setjoingroups" in line
    api.refuse = lambda _method: Refusal(401, "Unauthorized")
    ((_, line),) = build(api).describe()
    assert line == "cannot be reached: the bot's token is refused"

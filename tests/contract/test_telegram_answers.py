"""What every answer of the Bot API to sendMessage means. They lie in tests/fixtures/telegram/send/.

Each is a whole HTTP response; its name begins with the outcome. They are played by a server on loopback.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.base import PermanentSendError, SendError, Surroundings, TemporarySendError
from channels.telegram.channel import Telegram
from config.organisation import EXAMPLE, load_organisation
from config.telegram import Telegram as Section
from normalizer.messages import Address, OutboundMessage
from tests.bot_api import TOKEN

FOLDER = Path(__file__).parents[1] / "fixtures" / "telegram" / "send"
ANSWERS = sorted(path.stem for path in FOLDER.glob("*.http"))
OUTCOMES = {"accepted": str, "temporary": TemporarySendError, "permanent": PermanentSendError}
DETAILS = {
    "permanent_blocked_403": "blocked ",
    "permanent_deactivated_403": "unreachable ",
    "permanent_never_started_403": "unreachable ",
    "permanent_removed_from_group_403": "unreachable ",
    "permanent_chat_not_found_400": "unreachable ",
    "permanent_group_moved_400": "unreachable ",
    "permanent_empty_400": "refused ",
    "permanent_too_long_400": "refused ",
    "permanent_to_a_bot_403": "unreachable ",
    "temporary_token_revoked_401": "the bot's token is refused",
    "temporary_token_unknown_404": "the bot's token is refused",
    "temporary_closed_at_once": "RemoteProtocolError",
    "temporary_cut_off_200": "RemoteProtocolError",
    "temporary_no_json_200": "an answer that is no JSON",
}
SURROUNDINGS = Surroundings(organisation=load_organisation(EXAMPLE), folder=FOLDER / "none")


@asynccontextmanager
async def play(stem: str) -> AsyncIterator[tuple[Telegram, list[bytes]]]:
    """A bot whose API gives this answer to everything, and what it was asked."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        asked.append(head + await reader.readexactly(int(length.partition(b":")[2])))
        writer.write((FOLDER / f"{stem}.http").read_bytes())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        options = {"token": TOKEN, "api_url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"}
        bot = Telegram.build({**Section().model_dump(), **options}, SURROUNDINGS)
        try:
            yield bot, asked
        finally:
            await bot.close()


def letter() -> OutboundMessage:
    return OutboundMessage(
        id="0192f30a",
        to=Address(channel="telegram", value="4400001740605"),
        subject="",
        text="Tack!",
        language="sv",
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        message_id="",
    )


async def outcome_of(stem: str) -> str | SendError:
    async with play(stem) as (bot, asked):
        try:
            found: str | SendError = await bot.send(letter())
        except SendError as error:
            found = error
    assert len(asked) == 1
    return found


@pytest.mark.parametrize("stem", ANSWERS)
async def test_every_answer_has_the_outcome_that_it_is_called_by(stem: str) -> None:
    found = await outcome_of(stem)
    assert isinstance(found, OUTCOMES[stem.partition("_")[0]])
    if isinstance(found, SendError):
        assert found.detail.startswith(DETAILS.get(stem, ""))
        assert [secret for secret in (TOKEN, TOKEN[-20:], "HEMLIGT", "Tack!") if secret in found.detail] == []
    else:
        assert found == "4400001740600:4400001740605:61"


@pytest.mark.parametrize(
    ("stem", "seconds"),
    [
        ("temporary_flood_429", 17),
        ("temporary_flood_for_days_429", 3600),
        ("temporary_flood_without_time_429", None),
        ("temporary_internal_500", None),
    ],
)
async def test_telegram_is_left_alone_for_as_long_as_it_asks_but_not_for_days(
    stem: str, seconds: float | None
) -> None:
    found = await outcome_of(stem)
    assert isinstance(found, TemporarySendError)
    assert found.retry_after == seconds


async def test_a_bot_api_that_is_away_is_asked_again_later() -> None:
    options = {"token": TOKEN, "api_url": "http://127.0.0.1:1"}
    bot = Telegram.build({**Section().model_dump(), **options}, SURROUNDINGS)
    with pytest.raises(TemporarySendError, match="ConnectError"):
        await bot.send(letter())
    await bot.close()

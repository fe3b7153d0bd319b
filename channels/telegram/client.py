"""The Bot API through python-telegram-bot. Whoever only reads updates does without this module, and without it."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
    User,
    WebhookInfo,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from channels.base import (
    FetchError,
    PermanentFetchError,
    PermanentSendError,
    SendError,
    TemporaryFetchError,
    TemporarySendError,
)
from channels.telegram.requests import NO_UPDATES, Flood, Requests, TooLarge, UpdateRequests, open_http
from channels.telegram.updates import ASKED_FOR, read_answer, read_number
from normalizer.messages import Choice

T = TypeVar("T")

LARGEST_ANSWER = 20_000_000
"""Bytes of one answer to a call; a hundred updates are far below."""

CONNECTIONS = 10
"""How many deliveries Telegram may make at a time. Few, so that one person's messages keep their order."""

_REFUSALS = (
    # words of Telegram's description, in small letters, and ours: see `PermanentSendError`
    ("blocked by the user", "blocked"),
    ("user is deactivated", "unreachable"),
    ("initiate conversation", "unreachable"),
    ("chat not found", "unreachable"),
    ("user not found", "unreachable"),
    ("peer_id_invalid", "unreachable"),
    ("messages to bots", "unreachable"),
    ("was kicked", "unreachable"),
    ("not a member", "unreachable"),
    ("migrated to supergroup", "unreachable"),
)
"""What Telegram says of chats where nothing will ever arrive. Any other 400 or 403 is a message it does not take."""


class BotTrouble(Exception):
    """The Bot API cannot be worked with now. `reason` is a word for the log, the text is for the operator."""

    def __init__(self, reason: str, text: str, *, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.reason = reason
        self.retry_after = retry_after
        # seconds, when Telegram named them


class Client:
    """One bot. Belongs to one event loop."""

    def __init__(self, *, token: str, api_url: str, largest_file: int) -> None:
        self._http = open_http()
        self._updates = UpdateRequests(self._http, LARGEST_ANSWER)
        self._files = Requests(self._http, largest_file)
        self._file_url = f"{api_url}/file/bot"
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=self._file_url,
            request=Requests(self._http, LARGEST_ANSWER),
            get_updates_request=self._updates,
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def introduce(self) -> User:
        """Who the bot is. Raises BotTrouble."""
        return await _call(self._bot.get_me())

    async def poll(self, offset: int | None, seconds: int) -> Sequence[tuple[int, bytes]]:
        """Updates from this number on, each as it came; waits so long for the first. Raises BotTrouble.

        Telegram forgets all updates below `offset`.
        """
        await _call(
            self._bot.get_updates(offset=offset, limit=100, timeout=seconds, allowed_updates=ASKED_FOR)
        )
        received, self._updates.received = self._updates.received, NO_UPDATES
        try:
            updates = [bytes(each) for each in read_answer(received).result]
            return [(read_number(each).update_id, each) for each in updates]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BotTrouble("protocol", "an answer that is no list of updates") from None

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates delivered there. Raises BotTrouble."""
        await _call(
            self._bot.set_webhook(
                url, secret_token=secret, allowed_updates=ASKED_FOR, max_connections=CONNECTIONS
            )
        )

    async def delete_webhook(self) -> None:
        """Have updates wait until they are fetched; those that wait already stay. Raises BotTrouble."""
        await _call(self._bot.delete_webhook())

    async def describe_webhook(self) -> WebhookInfo:
        """Where updates are delivered, and what went wrong there last. Raises BotTrouble."""
        return await _call(self._bot.get_webhook_info())

    async def perform(self, gesture: Mapping[str, Any]) -> None:
        """One of `find_gestures`. Raises BotTrouble."""
        match gesture:
            case {"method": "answerCallbackQuery", "callback_query_id": str(query)}:
                await _call(self._bot.answer_callback_query(query))
            case {"method": "leaveChat", "chat_id": int(chat)}:
                await _call(self._bot.leave_chat(chat))
            case {"method": "sendMessage", "chat_id": int(chat), "text": str(text)}:
                await _call(self._bot.send_message(chat, text))

    async def send(
        self, chat: int, text: str, *, choices: Sequence[Choice] = (), answers: int | None = None
    ) -> int:
        """One message of plain text, without a preview of links; its number in the chat. Raises a SendError."""
        keyboard = [[InlineKeyboardButton(each.label, callback_data=each.key)] for each in choices]
        try:
            sent = await self._bot.send_message(
                chat,
                text,
                reply_markup=InlineKeyboardMarkup(keyboard) if keyboard else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                # When the person has deleted their message, the answer goes without.
                reply_parameters=ReplyParameters(answers, allow_sending_without_reply=True)
                if answers
                else None,
            )
        except Exception as error:  # also what the library makes of a nonsense answer
            raise _refusal(error) from error
        return sent.message_id

    async def fetch(self, source: str) -> bytes:
        """A file by its id. Raises a FetchError."""
        try:
            address = (await self._bot.get_file(source)).file_path or ""
        except Exception as error:  # the same
            raise _loss(error) from error
        # The library would open a file of this machine if Telegram named one.
        if not address.startswith(self._file_url) or ".." in address:
            raise PermanentFetchError("nonsense: no path of a file")
        try:
            return await self._files.retrieve(address)
        except Exception as error:  # the same
            raise _loss(error) from error


async def _call(call: Awaitable[T]) -> T:
    """A call whose failure is trouble with the bot as a whole."""
    try:
        return await call
    except Exception as error:  # the same
        reason = next((word for kind, word in _REASONS if isinstance(error, kind)), "protocol")
        raise BotTrouble(reason, _describe(error), retry_after=_wait_of(error)) from error


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (Flood, "flood"),
    (InvalidToken, "token"),
    (Conflict, "conflict"),
    (Forbidden, "refused"),
    (BadRequest, "refused"),
    (TimedOut, "timeout"),
    (NetworkError, "unreachable"),
)


def _refusal(error: Exception) -> SendError:
    """What a failure to send means for the message."""
    if isinstance(error, Forbidden | BadRequest | ChatMigrated):
        told = _describe(error)
        word = next((ours for theirs, ours in _REFUSALS if theirs in told.lower()), "refused")
        return PermanentSendError(f"{word} {told}")
    return TemporarySendError(_describe(error), retry_after=_wait_of(error))


def _loss(error: Exception) -> FetchError:
    """What a failure to fetch means for the file."""
    if isinstance(error, TooLarge):
        return PermanentFetchError("too-large: larger than we take")
    if isinstance(error, Forbidden | BadRequest):
        # "file is too big", "wrong file_id or the file is temporarily unavailable"
        told = _describe(error)
        if "temporarily" in told.lower():
            return TemporaryFetchError(told)
        return PermanentFetchError(f"{'too-large' if 'too big' in told.lower() else 'gone'}: {told}")
    return TemporaryFetchError(_describe(error), retry_after=_wait_of(error))


def _wait_of(error: Exception) -> float | None:
    return error.retry_after if isinstance(error, Flood) else None


def _describe(error: Exception) -> str:
    """A failure in Telegram's words, or in ours where it said nothing that we know. Never a part of a message."""
    match error:
        case InvalidToken():
            return "the bot's token is refused"
        case TimedOut():
            return "no answer in time"
        case TelegramError():
            # What follows repeats the answer that could not be read.
            told = error.message.partition(". Parsing")[0].partition(". The server")[0]
            return "".join(each for each in told[:150] if each.isprintable())
        case _:
            return f"a nonsense answer ({type(error).__name__})"

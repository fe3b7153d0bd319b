"""Telegram: one bot, whose updates are delivered to us (webhook) or fetched by one node at a time (polling).

An update is acknowledged only after it is durable, in both ways: by the status of our answer, or by asking for the
one after it. A crash in between brings it again, and its identity makes that a repetition; so does a change from one
way to the other. https://core.telegram.org/bots/api
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec
from msgspec.structs import replace

from channels.base import (
    Accept,
    Fetches,
    HttpAnswer,
    HttpReceiver,
    PermanentFetchError,
    PermanentSendError,
    Sender,
    Surroundings,
    Unverified,
    keep,
)
from channels.lease import work_when_held
from channels.ledger import Fetcher, Ledger
from channels.telegram.reading import Reading
from channels.telegram.text import split_text
from channels.telegram.updates import find_gestures
from normalizer.email.attachments import safe_filename
from normalizer.email.filetypes import true_type
from normalizer.messages import Attachment, Enclosure, InboundMessage, OutboundMessage, RawMessage

if TYPE_CHECKING:
    # The SDK is loaded by whoever talks to Telegram: not by the processes that only read.
    from channels.telegram.client import Client

NAME = "telegram"
PROOF = "x-telegram-bot-api-secret-token"
"""The header in which Telegram sends the secret that setWebhook has told it."""

FETCHED = "fetched-by"
"""In its place on what this process has fetched by itself. No request from outside can bring it: see `keep`."""


@dataclass(frozen=True, kw_only=True)
class Telegram(HttpReceiver, Fetcher, Sender, Fetches):
    """The city's bot."""

    token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    mode: str
    # "webhook" or "polling"
    api_url: str
    # https://api.telegram.org, or a Bot API server of the city's own
    largest_file: int
    # bytes
    declined: str
    # what a group is told, where the bot answers nobody
    webhook_url: str
    # where Telegram delivers to us; "" when the public address of the web port is not known
    folder: Path
    # for updates that the store does not take
    _proof: str = field(default_factory=partial(secrets.token_hex, 16), repr=False, compare=False)
    _clients: list["Client"] = field(default_factory=list, repr=False, compare=False)
    # the one client, once it is needed

    kept_headers = keep(PROOF)
    unsigned_accounts = ("",)
    answers_json = False

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        same = ("token", "webhook_secret", "mode", "largest_file", "declined")
        public = surroundings.public_url
        return cls(
            api_url=options["api_url"].rstrip("/"),
            webhook_url=f"{public}/inbound/{NAME}" if public else "",
            folder=surroundings.folder / NAME,
            **{key: options[key] for key in same},
        )

    @property
    def bot(self) -> str:
        """The bot's id, which is no secret: the token begins with it."""
        number, colon, _ = self.token.partition(":")
        return number if colon and number.isdecimal() else "0"

    @property
    def reading(self) -> Reading:
        return Reading(bot=self.bot, largest_file=self.largest_file)

    # --- in

    def verify(self, raw: RawMessage) -> None:
        given, fetched = raw.headers.get(PROOF, ""), raw.headers.get(FETCHED, "")
        if fetched and hmac.compare_digest(fetched.encode(), self._proof.encode()):
            return
        if not self.webhook_secret:
            raise Unverified("no webhook_secret is configured here")
        # The header as bytes: compare_digest takes no text beyond ASCII.
        if not hmac.compare_digest(given.encode(), self.webhook_secret.encode()):
            raise Unverified(f"{PROOF} is missing or another")

    def without_secrets(self, raw: RawMessage) -> RawMessage:
        return replace(raw, headers={})

    def parse(self, raw: RawMessage) -> InboundMessage:
        return self.reading.read(raw.body)

    def acknowledge(self, raw: RawMessage) -> HttpAnswer:
        """200, with the call of a method where one is due (Bot API, "Making requests when getting updates")."""
        gesture = next(iter(find_gestures(raw.body, self.declined)), None)
        if gesture is None:
            return HttpAnswer(status=200)
        return HttpAnswer(status=200, content_type="application/json", body=msgspec.json.encode(gesture))

    async def collect(self, accept: Accept, ledger: Ledger, opened: Callable[[], None]) -> None:
        from channels.telegram.following import Following  # noqa: PLC0415  # see above

        opened()  # a Telegram that is away is no reason not to start
        following = Following(
            client=self._client(),
            accept=accept,
            headers={FETCHED: self._proof},
            declined=self.declined,
            folder=self.folder,
            way=self.mode,
            webhook_url=self.webhook_url,
            webhook_secret=self.webhook_secret,
        )
        await work_when_held(ledger, f"{NAME}:{self.bot}", NAME, following.run)

    # --- out

    async def send(self, message: OutboundMessage) -> str:
        """The message's name, the last one's where a long text became several."""
        chat = _read_number(message.to.value)
        if chat is None:
            raise PermanentSendError("invalid no chat id")
        answers = self.reading.find(message.in_reply_to, chat)
        *first, last = split_text(message.text)
        for part in first:
            await self._client().send(chat, part, answers=answers)
            answers = None
        number = await self._client().send(chat, last, choices=message.choices, answers=answers)
        return self.reading.name(chat, number)

    async def fetch(self, enclosure: Enclosure) -> Attachment:
        if enclosure.size > self.largest_file:
            raise PermanentFetchError("too-large: larger than we take")
        content = await self._client().fetch(enclosure.source)
        return Attachment(
            filename=safe_filename(enclosure.filename) or "fil",
            content_type=true_type(enclosure.content_type or "application/octet-stream", content),
            content=content,
        )

    async def close(self) -> None:
        while self._clients:
            await self._clients.pop().close()

    def describe(self) -> tuple[tuple[str, str], ...]:
        return (("Telegram", asyncio.run(self._introduce())),)

    async def _introduce(self) -> str:
        from channels.telegram.client import BotTrouble  # noqa: PLC0415  # see above

        try:
            bot = await self._client().introduce()
        except BotTrouble as error:
            return f"cannot be reached: {error}"
        finally:
            await self.close()
        way = f"delivered to {self.webhook_url}" if self.mode == "webhook" else "fetched by polling"
        groups = "; it can be added to groups, which /setjoingroups turns off" if bot.can_join_groups else ""
        return f"@{bot.username}, {bot.full_name}; {way}{groups}"

    def _client(self) -> "Client":
        if not self._clients:
            from channels.telegram.client import Client  # noqa: PLC0415  # see above

            self._clients.append(
                Client(token=self.token, api_url=self.api_url, largest_file=self.largest_file)
            )
        return self._clients[0]


def _read_number(value: str) -> int | None:
    """A chat id. Those of groups are negative."""
    digits = value.removeprefix("-")
    return int(value) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None

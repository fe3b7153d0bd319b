"""Text messages, WhatsApp and Telegram without an account, for the demo: the same wire formats in, and a postbox out.

Deliveries are proven as the provider's are, by a secret that is made anew with each start and that only this process
knows: nobody outside can deliver anything here. Nothing calls a provider. See `gateway.parts.is_demo` for when these
stand in the places of the real channels.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlencode

import msgspec
from twilio.request_validator import RequestValidator

from channels.base import Accept, Surroundings
from channels.ledger import Ledger
from channels.phone.elks import NAME as ELKS
from channels.phone.elks import Elks
from channels.phone.sms import Sms
from channels.phone.twilio import NAME as TWILIO
from channels.phone.twilio import SIGNATURE, Twilio
from channels.phone.whatsapp import Whatsapp
from channels.postbox import Postbox
from channels.telegram.channel import PROOF, Telegram
from normalizer.messages import OutboundMessage, RawMessage

NUMBER = "+46701740699"
"""The city's number in the demo. It belongs to nobody: Post- och telestyrelsen keeps it for books and films."""

WHATSAPP = "+46701740698"
"""And for WhatsApp."""

BOT = "4400001740699"

_NOWHERE = "https://playground.invalid"
"""What Twilio's signature covers, beside the fields (RFC 2606: no such place exists)."""


@dataclass(frozen=True, kw_only=True)
class PretendSms(Sms):
    """Text messages as 46elks delivers them, and answers that stay on this machine."""

    postbox: Postbox

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        provider = Elks(
            number=NUMBER,
            username="",
            password="",
            secrets=(secrets.token_urlsafe(24),),
            login="",
            api="",
            public_url="",
        )
        return cls(
            providers=(provider,),
            countries=frozenset(options["countries"]),
            sources=(),
            postbox=Postbox(surroundings.folder / "postbox"),
        )

    def describe(self) -> tuple[tuple[str, str], ...]:
        return (("Text messages", "pretended in the playground, on this machine"),)

    async def send(self, message: OutboundMessage) -> str:
        self._check(message)
        await self.postbox.deliver_text(message)
        return message.id

    def write(self, number: str, text: str, at: datetime) -> RawMessage:
        """What 46elks would deliver of this text message."""
        fields = {
            "direction": "incoming",
            "id": f"s{secrets.token_hex(16)}",
            "from": number,
            "to": NUMBER,
            "created": at.astimezone(UTC).replace(tzinfo=None).isoformat(),
            "message": text,
        }
        (provider,) = self.providers
        assert isinstance(provider, Elks)
        return RawMessage(
            channel="sms",
            account=ELKS,
            received_at=at,
            body=urlencode(fields).encode(),
            url=f"/inbound/sms/{ELKS}/{provider.secrets[0]}",
        )


@dataclass(frozen=True, kw_only=True)
class PretendWhatsapp(Whatsapp):
    """WhatsApp as Twilio delivers it, signed, and answers that stay on this machine."""

    postbox: Postbox

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        del options
        provider = Twilio(
            channel="whatsapp",
            account="",
            tokens=(secrets.token_urlsafe(24),),
            number=WHATSAPP,
            api="",
            public_url=_NOWHERE,
            path=f"/inbound/whatsapp/{TWILIO}",
        )
        return cls(provider=provider, sources=(), postbox=Postbox(surroundings.folder / "postbox"))

    def describe(self) -> tuple[tuple[str, str], ...]:
        return (("WhatsApp", "pretended in the playground, on this machine"),)

    async def send(self, message: OutboundMessage) -> str:
        await self.postbox.deliver_text(message)
        return message.id

    def write(self, number: str, name: str, text: str, at: datetime) -> RawMessage:
        """What Twilio would deliver of this message."""
        sid = f"SM{secrets.token_hex(16)}"
        fields = {
            "MessageSid": sid,
            "SmsSid": sid,
            "From": f"whatsapp:{number}",
            "To": f"whatsapp:{WHATSAPP}",
            "WaId": number.removeprefix("+"),
            "ProfileName": name,
            "Body": text,
            "NumMedia": "0",
        }
        url = self.provider.public_url + self.provider.path
        signature = RequestValidator(self.provider.tokens[0]).compute_signature(url, fields)
        return RawMessage(
            channel="whatsapp",
            account=TWILIO,
            received_at=at,
            body=urlencode(fields).encode(),
            headers={SIGNATURE: signature},
            url=url,
        )


@dataclass(frozen=True, kw_only=True)
class PretendTelegram(Telegram):
    """A bot that nobody finds on Telegram: updates in the Bot API's form, and answers that stay on this machine."""

    postbox: Postbox

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        return cls(
            token=f"{BOT}:",
            webhook_secret=secrets.token_urlsafe(24),
            mode="webhook",
            api_url="",
            largest_file=options["largest_file"],
            declined=options["declined"],
            webhook_url="",
            folder=surroundings.folder / "telegram",
            postbox=Postbox(surroundings.folder / "postbox"),
        )

    def describe(self) -> tuple[tuple[str, str], ...]:
        return (("Telegram", "pretended in the playground, on this machine"),)

    async def collect(self, accept: Accept, ledger: Ledger, opened: Callable[[], None]) -> None:
        del accept, ledger  # there is nobody to fetch from
        opened()
        await asyncio.get_running_loop().create_future()  # until cancelled

    async def send(self, message: OutboundMessage) -> str:
        await self.postbox.deliver_text(message)
        # A number as Telegram gives them in a chat, the same at every attempt.
        return self.reading.name(int(message.to.value), int(message.id[-7:], 16))

    def write(self, chat: int, name: str, language: str, text: str, at: datetime) -> RawMessage:
        """What Telegram would deliver of this message."""
        update = {
            "update_id": secrets.randbits(31),
            "message": {
                "message_id": secrets.randbits(28),
                "from": {"id": chat, "is_bot": False, "first_name": name, "language_code": language},
                "chat": {"id": chat, "first_name": name, "type": "private"},
                "date": int(at.timestamp()),
                "text": text,
            },
        }
        return RawMessage(
            channel="telegram",
            received_at=at,
            body=msgspec.json.encode(update),
            headers={PROOF: self.webhook_secret},
        )

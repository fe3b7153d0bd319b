"""WhatsApp, by Twilio.

WhatsApp takes free text only within 24 hours of the person's last message; later a template that Meta has approved is
needed. A receipt always comes in time; what staff answer later may not, and then it fails with "window".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from channels.base import (
    Fetches,
    HttpAnswer,
    HttpReceiver,
    PermanentSendError,
    Reports,
    Sender,
    Surroundings,
    TemporarySendError,
    keep,
)
from channels.phone import twilio
from channels.phone.sources import Source
from channels.phone.telephone import Reach, read_number, refuse
from channels.phone.twilio import SIGNATURE, Twilio
from normalizer.messages import (
    Attachment,
    DeliveryReport,
    Enclosure,
    InboundMessage,
    OutboundMessage,
    RawMessage,
)

LONGEST = 1600
"""Letters of one message."""


@dataclass(frozen=True, kw_only=True)
class Whatsapp(HttpReceiver, Reports, Fetches, Sender):
    """One WhatsApp number."""

    kept_headers: ClassVar[Mapping[bytes, str]] = keep(SIGNATURE)
    largest: ClassVar[int] = 100_000
    signs_url: ClassVar[bool] = True
    answers_json: ClassVar[bool] = False

    provider: Twilio
    sources: tuple[Source, ...]

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        tokens = tuple(options["tokens"])
        return cls(
            provider=Twilio(
                channel="whatsapp",
                account=options["account"],
                tokens=tokens,
                number=options["number"],
                api=options["api"].rstrip("/"),
                public_url=surroundings.public_url,
                path=f"/inbound/whatsapp/{twilio.NAME}",
            ),
            sources=twilio.list_sources(options["api"], options["account"], tokens),
        )

    @property
    def reach(self) -> Reach:
        """Where a machine may answer: anywhere that is not ourselves."""
        return Reach(countries=None, own=frozenset({self.provider.number}))

    @property
    def accounts(self) -> Collection[str]:
        return (twilio.NAME,)

    def describe(self) -> tuple[tuple[str, str], ...]:
        return (("WhatsApp", f"{self.provider.number}, by {twilio.NAME}"),)

    def verify(self, raw: RawMessage) -> None:
        self.provider.verify(raw)

    def acknowledge(self, raw: RawMessage) -> HttpAnswer:
        del raw
        return twilio.ANSWER

    def parse(self, raw: RawMessage) -> InboundMessage:
        return self.provider.parse(raw, self.reach)

    def report(self, raw: RawMessage) -> DeliveryReport | None:
        return self.provider.report(raw)

    async def fetch(self, enclosure: Enclosure) -> Attachment:
        from channels.download import fetch  # noqa: PLC0415  # its library is for who fetches, not for who reads

        return await fetch(enclosure, self.sources)

    async def send(self, message: OutboundMessage) -> str:
        if not message.text.strip() or len(message.text) > LONGEST:
            raise PermanentSendError(f"text: not 1 to {LONGEST} letters")
        if reason := refuse(read_number(message.to.value), self.reach):
            raise PermanentSendError(f"{reason}: not sent")
        if not self.provider.tokens:
            raise TemporarySendError("account: no auth token is configured")
        return await self.provider.send(message.to.value, message.text, message.id)

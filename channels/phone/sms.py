"""Text messages, by 46elks and Twilio: in by both, out by one while it works and else by the other."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import structlog
from phonenumbers import SUPPORTED_REGIONS

from channels.base import (
    Fetches,
    HttpAnswer,
    HttpReceiver,
    PermanentSendError,
    Reports,
    Sender,
    SendError,
    Surroundings,
    TemporarySendError,
    Unparseable,
    Unverified,
    keep,
)
from channels.phone import elks, twilio
from channels.phone.elks import Elks
from channels.phone.provider_answers import OtherProviderMay
from channels.phone.sources import Source
from channels.phone.switch import Switch
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
from normalizer.text_message import count_segments

log = structlog.get_logger()

Provider = Elks | Twilio

LARGEST = 100_000
"""Bytes of one delivery: a text message of the greatest length, every letter escaped, is a fifth of that."""

MOST_SEGMENTS = 10
"""What providers take as one message: 1600 letters."""


@dataclass(frozen=True, kw_only=True)
class Sms(HttpReceiver, Reports, Fetches, Sender):
    """Text messages."""

    kept_headers: ClassVar[Mapping[bytes, str]] = keep(SIGNATURE, "authorization")
    largest: ClassVar[int] = LARGEST
    signs_url: ClassVar[bool] = True
    answers_json: ClassVar[bool] = False
    unsigned_accounts: ClassVar[Collection[str]] = (elks.NAME,)

    providers: tuple[Provider, ...]
    # in the order in which they are asked to send
    countries: frozenset[str]
    # ISO 3166: where automatic answers may go
    sources: tuple[Source, ...]
    switch: Switch = field(default_factory=Switch, compare=False, repr=False)

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        made: dict[str, Provider] = {
            elks.NAME: Elks(
                number=options["elks_number"],
                username=options["elks_username"],
                password=options["elks_password"],
                secrets=tuple(options["elks_secrets"]),
                login=options["elks_login"],
                api=options["elks_api"].rstrip("/"),
                public_url=surroundings.public_url,
            ),
            twilio.NAME: Twilio(
                channel="sms",
                account=options["twilio_account"],
                tokens=tuple(options["twilio_tokens"]),
                number=options["twilio_number"],
                api=options["twilio_api"].rstrip("/"),
                public_url=surroundings.public_url,
                path=f"/inbound/sms/{twilio.NAME}",
            ),
        }
        if unknown := set(options["countries"]) - SUPPORTED_REGIONS:
            raise ValueError(f"sms.countries: there is no country {', '.join(sorted(unknown))}")
        return cls(
            providers=tuple(made[name] for name in options["providers"]),
            countries=frozenset(options["countries"]),
            sources=(
                Source.of(options["elks_api"], (options["elks_username"], options["elks_password"])),
                *twilio.list_sources(
                    options["twilio_api"], options["twilio_account"], options["twilio_tokens"]
                ),
            ),
        )

    @property
    def reach(self) -> Reach:
        """Where a machine may answer."""
        return Reach(countries=self.countries, own=frozenset(each.number for each in self.providers))

    @property
    def accounts(self) -> Collection[str]:
        return tuple(each.name for each in self.providers)

    def describe(self) -> tuple[tuple[str, str], ...]:
        lines = [
            f"{each.name}: {each.number}, {'first' if number == 0 else 'when the first one fails'}"
            for number, each in enumerate(self.providers)
        ]
        lines.append(f"automatic answers to mobile numbers of {', '.join(sorted(self.countries))}")
        return tuple(("" if number else "Text messages", line) for number, line in enumerate(lines))

    def _provider(self, account: str) -> Provider | None:
        return next((each for each in self.providers if each.name == account), None)

    def verify(self, raw: RawMessage) -> None:
        provider = self._provider(raw.account)
        if provider is None:
            raise Unverified("there is no such account")
        provider.verify(raw)

    def without_secrets(self, raw: RawMessage) -> RawMessage:
        provider = self._provider(raw.account)
        return provider.without_secrets(raw) if isinstance(provider, Elks) else raw

    def acknowledge(self, raw: RawMessage) -> HttpAnswer:
        return elks.ANSWER if raw.account == elks.NAME else twilio.ANSWER

    def parse(self, raw: RawMessage) -> InboundMessage:
        provider = self._provider(raw.account)
        if provider is None:
            raise Unparseable("there is no such account")
        return provider.parse(raw, self.reach)

    def report(self, raw: RawMessage) -> DeliveryReport | None:
        provider = self._provider(raw.account)
        return provider.report(raw) if provider is not None else None

    async def fetch(self, enclosure: Enclosure) -> Attachment:
        from channels.download import fetch  # noqa: PLC0415  # its library is for who fetches, not for who reads

        return await fetch(enclosure, self.sources)

    async def send(self, message: OutboundMessage) -> str:
        """By the first provider that takes it. The id is the provider's name and its own id."""
        self._check(message)
        if not self.providers:
            raise TemporarySendError("account: no provider is configured")
        order = list(self.providers)
        first = order[0]
        if len(order) > 1 and not self.switch.asks_first(time.monotonic()):
            order = [*order[1:], first]
        problem: SendError | None = None
        for provider in order:
            try:
                identity = await provider.send(message.to.value, message.text, message.id)
            except (TemporarySendError, OtherProviderMay) as error:
                self._note(provider, error)
                problem = _worse(problem, error)
                log.warning("sms.refused", provider=provider.name, detail=error.detail, entry=message.id)
                continue
            self._note(provider, None)
            log.info(
                "sms.sent",
                provider=provider.name,
                entry=message.id,
                segments=count_segments(message.text),
            )
            return identity
        assert problem is not None
        raise problem

    def _check(self, message: OutboundMessage) -> None:
        """What must not be tried at all. Raises PermanentSendError."""
        if not message.text.strip():
            raise PermanentSendError("text: there is none")
        if count_segments(message.text) > MOST_SEGMENTS:
            raise PermanentSendError(f"text: more than {MOST_SEGMENTS} segments")
        reason = refuse(read_number(message.to.value), self.reach)
        # What a person on the staff writes may go abroad.
        if reason and (message.automatic or reason != "country"):
            raise PermanentSendError(f"{reason}: not sent")

    def _note(self, provider: Provider, error: SendError | None) -> None:
        """The first provider's record. That it refuses one message says nothing about the next."""
        if provider is not self.providers[0] or len(self.providers) == 1:
            return
        if isinstance(error, TemporarySendError):
            if self.switch.note_failure(time.monotonic()):
                log.error("sms.switched", provider=self.providers[1].name)
        elif self.switch.note_success():
            log.info("sms.returned", provider=provider.name)


def _worse(one: SendError | None, other: SendError) -> SendError:
    """Of two refusals the one to go by: while one may pass, the message is tried again."""
    if one is None or isinstance(other, TemporarySendError):
        return other
    return one

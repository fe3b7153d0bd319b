"""Twilio: its deliveries, its delivery reports, and sending, for text messages and WhatsApp.

Deliveries are signed over the public URL and every field (twilio.com/docs/usage/webhooks/webhooks-security). Twilio
adds fields without notice, so the check is that of its own library, over all of them.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from urllib.parse import quote

from twilio.request_validator import RequestValidator

from channels.base import HttpAnswer, Unparseable, Unverified
from channels.phone.sources import Source
from channels.phone.telephone import Reach, read_writer
from channels.phone.urlencoded import Fields, read_fields, read_query
from normalizer.messages import DeliveryReport, Enclosure, InboundMessage, RawMessage

NAME = "twilio"

SIGNATURE = "x-twilio-signature"

ANSWER = HttpAnswer(status=200, content_type="text/xml", body=b"<Response/>")
"""TwiML that does nothing: our answer goes its own way, when it is due."""

MOST_MEDIA = 20

HOME = "https://api.twilio.com"

MEDIA_HOSTS = frozenset({"mms.twiliocdn.com", "media.twiliocdn.com", "s3-external-1.amazonaws.com"})
"""Where Twilio sends on who asks for a file."""

_STATES = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "partially_delivered": "sent",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
"""twilio.com/docs/messaging/api/message-resource, "Message status values"."""

CODES = {
    # twilio.com/docs/api/errors: what the API refuses.
    "20003": "login",
    "20404": "login",
    "20429": "busy",
    "21211": "invalid",
    "21212": "account",
    "21214": "invalid",
    "21217": "invalid",
    "21219": "account",
    "21408": "refused",
    "21602": "text",
    "21603": "account",
    "21604": "invalid",
    "21606": "account",
    "21608": "account",
    "21610": "stopped",
    "21611": "busy",
    "21612": "refused",
    "21614": "landline",
    "21617": "text",
    "21635": "landline",
    "21659": "account",
    "21660": "account",
    "21661": "account",
    # What the carriers tell later.
    "30001": "busy",
    "30002": "account",
    "30003": "unreachable",
    "30004": "blocked",
    "30005": "unknown",
    "30006": "landline",
    "30007": "filtered",
    "30008": "unreachable",
    "30410": "unreachable",
    # WhatsApp.
    "63003": "unknown",
    "63007": "account",
    "63012": "away",
    "63016": "window",
    "63018": "busy",
    "63024": "unknown",
}
"""Twilio's codes, each with our word for it. A code that is not here counts by the HTTP status."""

DEAD = frozenset({"blocked", "unknown", "landline", "stopped", "invalid"})
"""In a delivery report: this address will never take a message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Twilio:
    """One account and one number of it."""

    channel: str
    # "sms" or "whatsapp"
    account: str
    # the account SID
    tokens: tuple[str, ...] = field(repr=False)
    # the auth token; two while it is changed: the first one sends
    number: str
    # E.164, what people write to and what answers come from
    api: str
    # https://api.twilio.com, or that of a region
    public_url: str
    path: str
    # of deliveries and of delivery reports, below the public URL

    name = NAME

    @property
    def prefix(self) -> str:
        """What Twilio writes before a number of this channel."""
        return "whatsapp:" if self.channel == "whatsapp" else ""

    def verify(self, raw: RawMessage) -> None:
        """Raise Unverified unless one of our tokens signed the URL and every field."""
        if not self.tokens or not self.public_url:
            raise Unverified("no auth token or no public URL is configured here")
        signature = raw.headers.get(SIGNATURE, "")
        if not signature:
            raise Unverified("the header X-Twilio-Signature is missing")
        try:
            fields = read_fields(raw.body)
        except Unparseable as error:
            raise Unverified("the body is no form, so nothing of it is signed") from error
        if not any(RequestValidator(token).validate(raw.url, fields, signature) for token in self.tokens):
            raise Unverified("X-Twilio-Signature does not match the URL and the fields")

    def parse(self, raw: RawMessage, reach: Reach) -> InboundMessage:
        """A message. Raises Unparseable."""
        fields = read_fields(raw.body)
        identity = fields.first("MessageSid", 100)
        if not identity or not fields.first("From"):
            raise Unparseable("a delivery of Twilio has the fields MessageSid and From")
        value = fields.first("From").removeprefix(self.prefix)
        writer = read_writer(self.channel, value, fields.first("ProfileName", 100), reach)
        replied = fields.first("OriginalRepliedMessageSid", 100)
        return InboundMessage(
            external_id=identity,
            sender=writer.sender,
            answer_to=writer.answer_to,
            recipients=(fields.first("To", 100).removeprefix(self.prefix),),
            text=_read_text(fields),
            references=(replied,) if replied else (),
            pressed=fields.first("ButtonPayload", 64),
            place=_read_place(fields),
            withhold_receipt=writer.withhold,
            enclosures=tuple(_list_media(fields)),
        )

    def report(self, raw: RawMessage) -> DeliveryReport | None:
        """A delivery report; None when it is a message."""
        fields = read_fields(raw.body)
        status = fields.first("MessageStatus", 40)
        if not status:
            return None
        state = _STATES.get(status, "sent")
        code = fields.first("ErrorCode", 20)
        word = CODES.get(code, "unreachable")
        return DeliveryReport(
            entry=read_query(raw.url).first("entry", 64),
            provider_id=fields.first("MessageSid", 100),
            state=state,  # type: ignore[arg-type]  # the table holds nothing else
            detail=f"{word}: {code or status}" if state == "failed" else status,
            permanent=state == "failed" and word in DEAD,
        )

    async def send(self, to: str, text: str, entry: str) -> str:
        """Hand over one message; its SID. Raises a SendError."""
        # The library takes 0.2 s to load and 20 MB: in the thread of whoever sends first, never where only is read.
        module = await asyncio.to_thread(import_module, "channels.phone.twilio_client")
        back = f"{self.public_url}{self.path}?entry={quote(entry, safe='')}" if self.public_url else ""
        sid: str = await module.send(
            module.OurHttp(self.api, CODES),
            (self.account, self.tokens[0]),
            sender=self.prefix + self.number,
            to=self.prefix + to,
            text=text,
            back=back,
        )
        return sid


def list_sources(api: str, account: str, tokens: Sequence[str]) -> tuple[Source, ...]:
    """Where the files of one account lie."""
    login = (account, *tokens[:1])
    own = Source.of(api, login, also=MEDIA_HOSTS)
    # The files of an account in another region are named at home too. A stand-in's password goes nowhere else.
    return (own,) if own.local else (own, Source.of(HOME, login, also=MEDIA_HOSTS))


def _read_text(fields: Fields) -> str:
    """What was written; a button says what stood on it; a contact or a place say that they are one."""
    text = fields.first("Body", 100_000)
    return text or fields.first("ButtonText", 1000) or fields.first("Label", 1000)


def _read_place(fields: Fields) -> str:
    """A place that was sent: its address, its coordinates."""
    address = fields.first("Address", 300)
    where = [fields.first(name, 20) for name in ("Latitude", "Longitude")]
    return ", ".join(part for part in (address, " ".join(where) if all(where) else "") if part)


def _list_media(fields: Fields) -> Iterator[Enclosure]:
    count = fields.first("NumMedia", 3)
    many = min(int(count), MOST_MEDIA) if count.isdecimal() and count.isascii() else 0
    for number in range(many):
        url = fields.first(f"MediaUrl{number}", 2000)
        if url:
            yield Enclosure(source=url, content_type=fields.first(f"MediaContentType{number}", 100).lower())

"""46elks: its deliveries, its delivery reports, and sending (46elks.se/docs).

It signs nothing. A delivery is proven by a secret in the path and by a name and a password (RFC 7617), both of which
stand in the URL that 46elks is given. What the webhook answers is sent to the person as a text message, so the answer
is always empty.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote, urlsplit

from msgspec.structs import replace

from channels.base import HttpAnswer, TemporarySendError, Unparseable, Unverified
from channels.phone.provider_answers import refuse
from channels.phone.telephone import Reach, read_writer
from channels.phone.urlencoded import Fields, read_fields, read_query
from normalizer.messages import DeliveryReport, Enclosure, InboundMessage, RawMessage

NAME = "46elks"

ANSWER = HttpAnswer(status=204)
"""46elks takes 200 to 204. 204 has no body, and so nothing can go to the person by mistake."""

MOST_IMAGES = 20

_STATES = {"created": "sent", "sent": "sent", "delivered": "delivered", "failed": "failed"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Elks:
    """One account and one number of it."""

    number: str
    # E.164, what people write to and what answers come from
    username: str
    password: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    # in the path; the first is the one we give in delivery reports' URLs
    login: str = field(repr=False)
    # name:password that deliveries come with, "" when only the path proves them
    api: str
    # https://api.46elks.com
    public_url: str

    name = NAME

    def verify(self, raw: RawMessage) -> None:
        """Raise Unverified unless path and password are ours. Compared in constant time."""
        parts = urlsplit(raw.url).path.rsplit("/", 2)
        given = unquote(parts[2]).encode() if parts[1:2] == [NAME] else b""
        known = [hmac.compare_digest(given, secret.encode()) for secret in self.secrets]
        if not given or not any(known):
            raise Unverified("the secret in the path is not ours")
        if self.login and not hmac.compare_digest(_read_basic(raw), self.login.encode()):
            raise Unverified("the name and password are not ours")

    def without_secrets(self, raw: RawMessage) -> RawMessage:
        """The delivery without its password, and its URL without the secret."""
        url = raw.url.partition("?")
        before = url[0].rpartition("/")[0]
        headers = {name: value for name, value in raw.headers.items() if name != "authorization"}
        return replace(raw, url=before + url[1] + url[2], headers=headers)

    def parse(self, raw: RawMessage, reach: Reach) -> InboundMessage:
        """A text message or a picture message. Raises Unparseable."""
        fields = read_fields(raw.body)
        identity = fields.first("id", 100)
        if not identity or not fields.first("from"):
            raise Unparseable("a delivery of 46elks has the fields id and from")
        writer = read_writer("sms", fields.first("from"), "", reach)
        return InboundMessage(
            external_id=identity,
            sender=writer.sender,
            answer_to=writer.answer_to,
            recipients=(fields.first("to", 50),),
            text=fields.first("message", 100_000),
            sent_at=_read_time(fields.first("created", 40)),
            withhold_receipt=writer.withhold,
            enclosures=tuple(_list_images(fields)),
        )

    def report(self, raw: RawMessage) -> DeliveryReport | None:
        """A delivery report; None when it is a message."""
        fields = read_fields(raw.body)
        status = fields.first("status", 40)
        if not status or "message" in fields or fields.first("direction") == "incoming":
            return None
        state = _STATES.get(status, "sent")
        return DeliveryReport(
            entry=read_query(raw.url).first("entry", 64),
            provider_id=fields.first("id", 100),
            state=state,  # type: ignore[arg-type]  # the table holds nothing else
            # It tells no code: the number may be good, and only the telephone off.
            detail="unreachable: failed" if state == "failed" else status,
        )

    async def send(self, to: str, text: str, entry: str) -> str:
        """Hand over one message; its id. Raises a SendError."""
        from channels.http_client import post  # noqa: PLC0415  # its library is for who sends, not for who reads

        fields = {"from": self.number, "to": to, "message": text}
        if self.public_url and self.secrets:
            fields["whendelivered"] = self._report_url(entry)
        reply = await post(f"{self.api}/a1/sms", fields, {}, (self.username, self.password))
        if not 200 <= reply.status < 300:
            refuse(reply, "", {})
        try:
            identity = json.loads(reply.text)["id"]
        except (ValueError, TypeError, KeyError) as error:
            raise TemporarySendError(f"nonsense: {reply.status}") from error
        if not isinstance(identity, str) or not identity:
            raise TemporarySendError(f"nonsense: {reply.status}")
        return identity[:100]

    def _report_url(self, entry: str) -> str:
        scheme, _, rest = self.public_url.partition("://")
        name, _, password = self.login.partition(":")
        login = f"{quote(name, safe='')}:{quote(password, safe='')}@" if self.login else ""
        secret = quote(self.secrets[0], safe="")
        return f"{scheme}://{login}{rest}/inbound/sms/{NAME}/{secret}?entry={quote(entry, safe='')}"


def _read_basic(raw: RawMessage) -> bytes:
    scheme, _, value = raw.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(value.strip().encode("latin-1"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _read_time(value: str) -> datetime | None:
    """46elks tells UTC and does not say so."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _list_images(fields: Fields) -> list[Enclosure]:
    """The pictures of an MMS: image, image2, image3 ..."""
    names = ["image", *(f"image{number}" for number in range(2, MOST_IMAGES + 1))]
    found = [fields.first(name, 2000) for name in names]
    return [Enclosure(source=url, content_type="") for url in found if url]

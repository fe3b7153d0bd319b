"""Messages from other systems: JSON signed after Standard Webhooks (standardwebhooks.com, version 1)."""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Self

import msgspec

from channels.base import HttpReceiver, Refused, Surroundings, Unverified, keep
from channels.form import KINDS, MAIL
from normalizer.email.attachments import safe_filename
from normalizer.messages import Address, Attachment, InboundMessage, RawMessage

TOLERANCE = timedelta(minutes=5)
"""How old or how far ahead a signature may be."""

LARGEST = 35_000_000
"""Bytes of one post."""

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
"""What of the request's headers is kept."""

Line = Annotated[str, msgspec.Meta(max_length=500)]


class File(msgspec.Struct, forbid_unknown_fields=True):
    """An attachment; `content` is base64 (RFC 4648 section 4)."""

    filename: Line
    content: bytes
    content_type: Line = "application/octet-stream"


class Post(msgspec.Struct, forbid_unknown_fields=True):
    """What another system sends. A misspelt field is refused rather than lost."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=100_000)]
    subject: Line = ""
    kind: Line = ""
    # one of fraga, fel, forslag, klagomal, berom, annat, or nothing
    name: Line = ""
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""
    # where the receipt and the answer go; nothing: the resident is anonymous
    language: Annotated[str, msgspec.Meta(pattern="^([a-z]{2,3})?$")] = ""
    place: Line = ""
    occurred: Line = ""
    # when it happened, in the resident's words
    attachments: Annotated[list[File], msgspec.Meta(max_length=20)] = []


_decoder = msgspec.json.Decoder(Post)


@dataclass(frozen=True, kw_only=True)
class Webform(HttpReceiver):
    """The signed door for other systems."""

    kept_headers: ClassVar[Mapping[bytes, str]] = keep(*HEADERS)
    largest: ClassVar[int] = LARGEST

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        del surroundings
        try:
            keys = tuple(
                base64.b64decode(secret.removeprefix("whsec_"), validate=True)
                for secret in options["secrets"]
            )
        except ValueError as error:
            raise ValueError("webform.secrets: what follows whsec_ must be base64") from error
        return cls(keys=keys)

    def verify(self, raw: RawMessage) -> None:
        identity, timestamp, signatures = (raw.headers.get(name, "") for name in HEADERS)
        if not self.keys:
            raise Unverified("no signing secret is configured here")
        if not identity or len(identity) > 200 or not timestamp.isdecimal() or len(timestamp) > 12:
            raise Unverified("the headers webhook-id, webhook-timestamp and webhook-signature are required")
        if abs(raw.received_at.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
            raise Unverified("webhook-timestamp is more than five minutes from our time")
        signed = f"{identity}.{timestamp}.".encode() + raw.body
        given = [part[3:].encode() for part in signatures.split(" ") if part.startswith("v1,")]
        for key in self.keys:
            expected = base64.b64encode(hmac.digest(key, signed, sha256))
            if any(hmac.compare_digest(expected, each) for each in given):
                return
        raise Unverified("webhook-signature does not match the body")

    def parse(self, raw: RawMessage) -> InboundMessage:
        try:
            post = _decoder.decode(raw.body)
        except msgspec.ValidationError as error:
            raise Refused(str(error), status=422) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Refused("The body is not JSON in UTF-8.", status=400) from error
        if post.kind not in {"", *KINDS}:
            raise Refused(f"kind is one of {', '.join(KINDS)}, or left out - at `$.kind`")
        if post.email and not MAIL.fullmatch(post.email):
            raise Refused("not an e-mail address - at `$.email`")
        sender = (
            Address(channel="email", value=post.email, name=post.name) if post.email or post.name else None
        )
        return InboundMessage(
            external_id=raw.headers["webhook-id"],
            sender=sender,
            answer_to=(sender,) if sender and post.email else (),
            subject=post.subject,
            text=post.text,
            attachments=tuple(
                Attachment(
                    filename=safe_filename(file.filename) or "file",
                    content_type=file.content_type,
                    content=file.content,
                )
                for file in post.attachments
            ),
            category=post.kind,
            place=post.place,
            occurred=post.occurred,
            language=post.language,
        )

"""The shapes that travel through the house. Values are frozen; times are aware UTC.

RawMessage -> InboundMessage -> NormalizedMessage            (towards the case)
OutboundMessage                                              (towards a person)
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct, field

Kind = Literal[
    "message",  # a person wrote
    "auto_reply",  # out-of-office and other automatic answers to us
    "automatic",  # a machine wrote, but not in answer to us: a cron job, a scanner
    "list",  # came through a mailing list
    "newsletter",  # bulk mail
    "bounce",  # a delivery failed for good or for now (see Bounce.permanent)
    "delayed",  # a delivery is late, not failed
    "feedback_report",  # abuse report, RFC 5965
    "read_receipt",  # RFC 8098
    "challenge",  # "prove that you are human before I deliver your mail"
    "calendar_reply",  # somebody accepted or declined a meeting
    "greeting",  # somebody opened a conversation without a word: /start
    "stop",  # the person wants nothing automatic there any more, or has blocked us
    "resume",  # and takes that back
    "choice",  # one of the answers that we offered: a button, a digit
    "code",  # the number that we sent to an address, which proves that it is the person's own
]
"""What sort of message this is. Only "message" is certainly from a person."""

DESK = "desk"
"""The channel of what staff write down for somebody."""


class Address(Struct, frozen=True, kw_only=True):
    """A channel and a value on it. Where to answer is data, not "the channel it came by"."""

    channel: str
    # "email", later "sms", "telegram" ...
    value: str
    # an addr-spec (RFC 5322), an E.164 number, a chat id
    name: str = ""
    # the display name as the person wrote it


class RawMessage(Struct, frozen=True, kw_only=True, array_like=True):
    """One delivery exactly as it reached us. Kept before anything is understood."""

    channel: str
    # the registered name of the channel
    account: str = ""
    # which of the channel's ways in: a mailbox, a form; "" when there is one
    received_at: datetime
    # when the bytes first reached us; never overwritten (22 § forvaltningslagen)
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    # lower-case names; only those the channel needs, never an address of a device
    url: str = ""
    # the public URL it was delivered to, where a signature covers it
    envelope_from: str | None = None
    # SMTP MAIL FROM: "" is the null sender (RFC 5321 4.5.5), None is "not mail"
    envelope_to: tuple[str, ...] = ()
    # SMTP RCPT TO, in order

    @property
    def came_by(self) -> str:
        """How the person came to the city: the channel, or what staff wrote down of it ("phone", "visit" ...)."""
        return self.account if self.channel == DESK else self.channel


class Attachment(Struct, frozen=True, kw_only=True):
    """One file. `filename` is safe to show and to save: no path, no control characters."""

    filename: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)


class Enclosure(Struct, frozen=True, kw_only=True):
    """A file that the provider keeps for us. It is fetched once the message is durable."""

    source: str
    # what the channel fetches it by: a URL, a provider's id of the file
    filename: str = ""
    content_type: str = ""
    size: int = 0
    # bytes as the provider says; 0 when it does not


class Choice(Struct, frozen=True, kw_only=True):
    """One of the answers that we offer: a button where the channel has any."""

    key: str
    # comes back as it is when it is pressed; at most 64 bytes
    label: str
    # what the person sees


class DeliveryReport(Struct, frozen=True, kw_only=True):
    """What a carrier says later about one of our messages."""

    entry: str = ""
    # the outbox entry's id, where the report carries it
    provider_id: str = ""
    state: Literal["sent", "delivered", "failed"]
    detail: str = ""
    # the provider's code, for the operator
    permanent: bool = False
    # of "failed": this address will never take a message


class Bounce(Struct, frozen=True, kw_only=True):
    """What a delivery status tells (RFC 3464, and the many that are not)."""

    recipient: str
    # the address that was not reached, "" when unknown
    status: str
    # enhanced status code, RFC 3463, for example "5.1.1"; "" when unknown
    permanent: bool
    # True: never try again; False: later may help


class Forwarded(Struct, frozen=True, kw_only=True):
    """Whose message the city's own staff seem to have forwarded. A proposal: a person confirms it."""

    sender: Address
    # the value is "" when the mail program left the address out
    subject: str = ""
    sent_at: datetime | None = None
    # as the forwarding mail program wrote it, taken for local time where it names no zone
    text: str = ""
    message_id: str = ""
    # known where the mail was attached or sent on whole


class InboundMessage(Struct, frozen=True, kw_only=True):
    """What somebody said, as the channel understood it."""

    external_id: str
    # the same delivery always has the same one; "" never matches anything
    message_id: str = ""
    # the id that the writer's own program gave, for answering in the same thread
    sender: Address | None
    # who wrote; None when anonymous
    answer_to: tuple[Address, ...] = ()
    # where an answer may go, best first; empty when there is no way
    recipients: tuple[str, ...] = ()
    # addresses it was sent to, those of the envelope first
    subject: str = ""
    text: str = ""
    # the whole plain text
    new_text: str | None = None
    # only what the writer newly wrote; None when the channel has no quoting
    attachments: tuple[Attachment, ...] = ()
    references: tuple[str, ...] = ()
    # ids of earlier messages, nearest last, without angle brackets
    sent_at: datetime | None = None
    # what the writer's clock said: may lie
    category: str = ""
    # what the resident chose in a form: fraga, fel, forslag, klagomal, berom, annat
    place: str = ""
    occurred: str = ""
    # when it happened, in the writer's words
    language: str = ""
    # what the resident chose; "" when not chosen
    kind: Kind = "message"
    withhold_receipt: str = ""
    # why no receipt may go out ("auto-submitted", "null-sender" ...); "" when it may
    bounce: Bounce | None = None
    labels: tuple[str, ...] = ()
    # what others think of it, each with its reason ("spam: X-Spam-Flag YES"): for people, decides nothing
    forwarded: Forwarded | None = None
    # what a member of staff forwarded; it never decides by itself who is answered
    enclosures: tuple[Enclosure, ...] = ()
    # files that the provider still keeps
    pressed: str = ""
    # the key of the Choice of ours that was pressed
    edits: str = ""
    # the external_id of the writer's own earlier message that this one replaces
    device_language: str = ""
    # what the writer's program is set to: counts where the text tells nothing


class NormalizedMessage(Struct, frozen=True, kw_only=True):
    """What everything after sees, whatever the channel. Texts hold no NUL and no lone surrogate."""

    external_id: str
    message_id: str
    sender: Address | None
    answer_to: tuple[Address, ...]
    recipients: tuple[str, ...]
    subject: str
    text: str
    new_text: str
    # what routing reads; equals text where nothing is quoted
    language: str
    # the language to answer in, ISO 639-1: chosen, else detected; "" when neither is sure
    written_in: str = ""
    # the language of the text itself, detected; "" when not sure. Who chooses English may write in Swedish
    attachments: tuple[Attachment, ...]
    references: tuple[str, ...]
    sent_at: datetime | None
    category: str
    place: str
    occurred: str
    kind: Kind
    withhold_receipt: str
    bounce: Bounce | None
    labels: tuple[str, ...] = ()
    forwarded: Forwarded | None = None
    enclosures: tuple[Enclosure, ...] = ()
    pressed: str = ""
    edits: str = ""


class OutboundMessage(Struct, frozen=True, kw_only=True, array_like=True):
    """Something to tell one person, complete: rendered when it was decided, sent as it stands."""

    id: str
    # the outbox entry's id; a provider that can deduplicate gets it as the key
    to: Address
    subject: str
    text: str
    html: str = ""
    language: str
    created_at: datetime
    message_id: str
    # our own Message-ID without brackets, the same at every attempt
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = True
    # a receipt, not a person's answer: RFC 3834 headers, a return path of its own
    choices: tuple[Choice, ...] = ()
    # the answers that we offer; a channel without buttons leaves them out, and the text names them

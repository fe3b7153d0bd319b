"""The roles of a channel, and its errors.

ChannelError
+-- Unverified            the delivery is not from whom it claims: refused, nothing is kept
+-- Refused               the sender made a mistake that the sender can mend: refused with a sentence
+-- Ignored               it is nothing for us: acknowledged, and nothing is kept
+-- Unparseable           we do not understand it: kept as it is, for a person
+-- NotAccepted           we cannot keep it now: the sender must try again
+-- SendError
    +-- TemporarySendError    try again, not before `retry_after`
    +-- PermanentSendError    never try again
+-- FetchError
    +-- TemporaryFetchError   try again, not before `retry_after`
    +-- PermanentFetchError   never try again
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from normalizer.messages import (
    Attachment,
    DeliveryReport,
    Enclosure,
    InboundMessage,
    OutboundMessage,
    RawMessage,
)
from normalizer.organisation import Organisation


class ChannelError(Exception):
    """Something is wrong with one delivery, in or out."""


class Unverified(ChannelError):
    """The delivery is not proven to come from whom it claims. The text says which proof failed."""


class Refused(ChannelError):
    """The sender made a mistake that the sender can mend. Nothing is kept."""

    def __init__(self, problem: str, *, status: int = 422) -> None:
        super().__init__(problem)
        self.problem = problem
        # one sentence for the sender: never a part of the message
        self.status = status
        # the HTTP status that says the same


class Ignored(ChannelError):
    """The delivery is genuine and understood, and nobody says anything to the city in it. The text says what it is."""


class Unparseable(ChannelError):
    """We cannot understand the delivery. It is kept as it is, and a person looks."""


class NotAccepted(ChannelError):
    """We cannot make the message durable now. Whoever sent it still has it and tries again."""

    def __init__(self, reason: str, *, retry_after: int = 30) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        # seconds


class SendError(ChannelError):
    """An outbound message was not taken. `detail` is for the operator: a code and the peer's words."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class TemporarySendError(SendError):
    """The other side cannot take it now."""

    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        # seconds, when the other side named them


class PermanentSendError(SendError):
    """The other side will never take it."""


class FetchError(ChannelError):
    """A file that the provider keeps was not got. The text is for staff: a code, never a secret or a URL."""


class TemporaryFetchError(FetchError):
    """The provider cannot hand it over now."""

    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        # seconds, when the other side named them


class PermanentFetchError(FetchError):
    """It is gone, too large, or not what we take."""


Accept = Callable[[RawMessage], Awaitable[object]]
"""Returns once the message is durable; raises NotAccepted. Only then may a channel acknowledge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What a channel may know of the house it stands in."""

    organisation: Organisation
    folder: Path
    # where it may keep files of its own, in a folder named after it
    addresses: frozenset[str] = frozenset()
    # mail addresses of ours that stand in another channel's settings
    reach: frozenset[str] = frozenset({"email", "sms"})
    # of "email" and "sms", those by which whoever has left a chat can be found
    public_url: str = ""
    # how the world reaches the web port, without a slash at its end; "" when nobody said


class Parser(ABC):
    """What every way in can do: understand its own deliveries."""

    @classmethod
    @abstractmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        """The channel with the settings of its own section. Raises ValueError with a sentence."""

    @abstractmethod
    def parse(self, raw: RawMessage) -> InboundMessage:
        """The message in one delivery. Pure. Raises Unparseable or Refused."""

    def describe(self) -> tuple[tuple[str, str], ...]:
        """What `kvitto check` tells of it: a title and a line each. Never a secret."""
        return ()


def keep(*names: str) -> Mapping[bytes, str]:
    """Header names as they come over the wire, and as they are kept."""
    return {name.encode(): name for name in names}


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpAnswer:
    """What a provider is answered, byte for byte."""

    status: int
    content_type: str = ""
    # "" when there is no body
    body: bytes = b""


class HttpReceiver(Parser):
    """A channel whose deliveries come by HTTP; the gateway owns the route.

    POST /inbound/CHANNEL, or /inbound/CHANNEL/ACCOUNT, or /inbound/CHANNEL/ACCOUNT/SECRET.
    """

    kept_headers: ClassVar[Mapping[bytes, str]] = {}
    """What of the request's headers is kept: see `keep`."""
    largest: ClassVar[int] = 1_000_000
    """Bytes of one delivery."""
    unsigned_accounts: ClassVar[Collection[str]] = ()
    """Accounts whose proof does not cover the body: a shared secret that is sent along."""
    signs_url: ClassVar[bool] = False
    """The proof covers the URL, or stands in it: a delivery comes with its public URL."""
    answers_json: ClassVar[bool] = True
    """Who delivers hears of the case, and of problems, as JSON. False: see `acknowledge`."""

    @property
    def accounts(self) -> Collection[str]:
        """The channel's ways in; any other is not found."""
        return ("",)

    @abstractmethod
    def verify(self, raw: RawMessage) -> None:
        """Raise Unverified unless the delivery is genuine. Pure but for the time in `raw`."""

    def without_secrets(self, raw: RawMessage) -> RawMessage:
        """A verified delivery as it is kept: without what only proved it, such as a password in a header."""
        return raw

    def acknowledge(self, raw: RawMessage) -> HttpAnswer:
        """What a provider hears once its delivery is durable, where that is not the case as JSON.

        It hears of problems by the status alone: some providers send the person whatever they are answered.
        """
        del raw
        return HttpAnswer(status=200)


class Listener(Parser):
    """A channel that fetches or listens on its own."""

    @abstractmethod
    async def listen(self, accept: Accept, opened: Callable[[], None]) -> None:
        """Run until cancelled: acknowledge each delivery only after `accept` has returned.

        Calls `opened` once deliveries can come. Raises OSError when that is not possible.
        """


class Reports(ABC):
    """A channel whose carrier tells later what became of our messages."""

    @abstractmethod
    def report(self, raw: RawMessage) -> DeliveryReport | None:
        """The report in a delivery that has been verified; None when it is a message. Pure."""


class Fetches(ABC):
    """A channel whose provider keeps the files of a message until we fetch them."""

    @abstractmethod
    async def fetch(self, enclosure: Enclosure) -> Attachment:
        """One file, bounded in size and time. Raises a FetchError."""


class Sender(ABC):
    """A channel that can tell a person something."""

    @abstractmethod
    async def send(self, message: OutboundMessage) -> str:
        """Hand over one message. Returns the other side's id for it; raises a SendError."""

    async def close(self) -> None:  # noqa: B027  # most senders keep nothing
        """Let go of kept connections."""

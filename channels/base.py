"""The roles of a channel, and its errors.

ChannelError
+-- Unverified            the delivery is not from whom it claims: refused, nothing is kept
+-- Refused               the sender made a mistake that the sender can mend: refused with a sentence
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
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

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


class Parser(ABC):
    """What every way in can do: understand its own deliveries."""

    @classmethod
    @abstractmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        """The channel with the settings of its own section. Raises ValueError with a sentence."""

    @abstractmethod
    def parse(self, raw: RawMessage) -> InboundMessage:
        """The message in one delivery. Pure. Raises Unparseable or Refused."""


class HttpReceiver(Parser):
    """A channel whose deliveries come by HTTP; the gateway owns the route."""

    @abstractmethod
    def verify(self, raw: RawMessage) -> None:
        """Raise Unverified unless the delivery is genuine. Pure but for the time in `raw`."""


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

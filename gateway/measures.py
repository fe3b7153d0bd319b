"""What this process counts while it works, for `GET /metrics` and nobody else. No text, address or number of anybody.

Counting is an addition to a number in memory: it is done for each message. How the figures are written down is in
`gateway.exposition`.
"""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Awaitable, Sequence
from typing import Literal, Protocol, TypeVar

from channels.base import Ignored, Refused, Unverified


class _Answer(Protocol):
    @property
    def repeated(self) -> bool: ...


T = TypeVar("T", bound=_Answer)

Outcome = Literal["accepted", "repeated", "refused", "postponed"]
"""Of a delivery: kept; here already; for its sender to mend, or forged; or not kept now, and its sender tries again."""

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0)
"""Upper limits of the classes of a time."""

ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""Upper limits of the classes of a batch."""


class Histogram:
    """How many values fell into which class."""

    __slots__ = ("counts", "limits", "total")

    def __init__(self, limits: Sequence[float]) -> None:
        self.limits = limits
        self.counts = [0] * (len(limits) + 1)
        # of each class, and of what is above all of them
        self.total = 0.0

    def note(self, value: float) -> None:
        self.counts[bisect_left(self.limits, value)] += 1
        self.total += value


class Measures:
    """The figures of one process, from its start."""

    def __init__(self) -> None:
        self.messages: Counter[tuple[str, Outcome]] = Counter()
        # channel and outcome
        self.acknowledged: dict[str, Histogram] = {}
        # channel -> seconds from the whole delivery to what its sender was answered
        self.letters: Counter[tuple[str, str]] = Counter()
        # channel and "sent", "postponed" or "failed"
        self.receipts: dict[str, Histogram] = {}
        # channel -> seconds from making a receipt to the relay's or the provider's word that they have it
        self.batches = Histogram(ROWS)
        # deliveries that were made durable by one commit
        self.missed: dict[str, float] = {}
        # channel -> messages that one would have expected since the last one came

    async def follow(self, channel: str, accepting: Awaitable[T]) -> T:
        """One delivery, until its sender can be answered."""
        began = time.perf_counter()
        outcome: Outcome = "postponed"
        try:
            accepted = await accepting
        except (Unverified, Refused, Ignored):
            outcome = "refused"
            raise
        else:
            outcome = "repeated" if accepted.repeated else "accepted"
            return accepted
        finally:
            self._note_message(channel, outcome, time.perf_counter() - began)

    def _note_message(self, channel: str, outcome: Outcome, seconds: float) -> None:
        self.messages[channel, outcome] += 1
        known = self.acknowledged.get(channel)
        if known is None:
            known = self.acknowledged[channel] = Histogram(SECONDS)
        known.note(seconds)

    def note_letter(self, channel: str, outcome: str, seconds: float | None) -> None:
        """One attempt to send has ended; `seconds` when a receipt was sent by it."""
        self.letters[channel, outcome] += 1
        if seconds is not None:
            known = self.receipts.get(channel)
            if known is None:
                known = self.receipts[channel] = Histogram(SECONDS)
            known.note(seconds)

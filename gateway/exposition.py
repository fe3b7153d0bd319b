"""The figures of a process as Prometheus reads them (https://prometheus.io/docs/instrumenting/exposition_formats/).

What happened is told by counters from the start of the process on; how things stand is asked of the store at that
moment. The library is imported at the first question: a start should not wait for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from gateway import __version__
from gateway.measures import Histogram, Measures
from gateway.promise import swedish_day
from store.database import Database
from store.errors import StoreUnavailable
from store.overview import Overview, look_over
from store.writer import Writer

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is told, and where it comes from."""

    measures: Measures
    database: Database
    writer: Writer
    started_at: float = field(default_factory=lambda: datetime.now(UTC).timestamp())
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    async def write(self, accept: str) -> tuple[bytes, str]:
        """The figures, in the format that the Accept header prefers, and that format's name."""
        from prometheus_client import CollectorRegistry  # noqa: PLC0415  # see the module's docstring
        from prometheus_client.exposition import choose_encoder  # noqa: PLC0415

        now = self.clock()
        overview: Overview | None
        try:
            overview = await self.database.read(partial(look_over, today=swedish_day(now)))
        except StoreUnavailable:
            # What this process knows by itself is told all the more.
            overview = None
        families = [*self._list_own(), *_list_store(overview, now)]
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Collected(families))
        encode, kind = choose_encoder(accept)
        return encode(registry), kind

    def _list_own(self) -> Iterator["Metric"]:
        from prometheus_client.core import (  # noqa: PLC0415
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        measures = self.measures
        about = GaugeMetricFamily("kvitto_info", "The version that runs; always 1.", labels=["version"])
        about.add_metric([__version__], 1)
        yield about
        yield GaugeMetricFamily(
            "kvitto_start_time_seconds",
            "When this process began, in seconds since 1970.",
            value=self.started_at,
        )
        messages = CounterMetricFamily(
            "kvitto_messages",
            "Deliveries: accepted, repeated, refused (for the sender to mend) or postponed (to come again).",
            labels=["channel", "outcome"],
        )
        for (channel, outcome), count in sorted(measures.messages.items()):
            messages.add_metric([channel, outcome], count)
        yield messages
        letters = CounterMetricFamily(
            "kvitto_letters",
            "Attempts to send: sent, postponed (tried again later) or failed (given up).",
            labels=["channel", "outcome"],
        )
        for key, count in sorted(measures.letters.items()):
            letters.add_metric(list(key), count)
        yield letters
        for name, told, found in (
            (
                "kvitto_acknowledgement_seconds",
                "From the whole delivery to the answer to its sender, after the commit.",
                measures.acknowledged,
            ),
            (
                "kvitto_receipt_seconds",
                "From making a receipt to the word of the relay or the provider that they have it.",
                measures.receipts,
            ),
        ):
            family = HistogramMetricFamily(name, told, labels=["channel"])
            for channel, histogram in sorted(found.items()):
                family.add_metric([channel], *_classes(histogram))
            yield family
        batches = HistogramMetricFamily("kvitto_commit_deliveries", "Deliveries that share a commit.")
        batches.add_metric([], *_classes(measures.batches))
        yield batches
        yield GaugeMetricFamily(
            "kvitto_writer_waiting", "Deliveries that wait to be written.", value=self.writer.waiting
        )
        missed = GaugeMetricFamily(
            "kvitto_channel_missed_messages",
            "Messages to be expected since the last one came, by the channel's own rhythm. From 10 on it is silent.",
            labels=["channel"],
        )
        for channel, expected in sorted(measures.missed.items()):
            missed.add_metric([channel], expected)
        yield missed


def _classes(histogram: Histogram) -> tuple[list[tuple[str, float]], float]:
    """Upper limits with the counts up to each, and the sum: as the library takes them."""
    total = 0.0
    classes: list[tuple[str, float]] = []
    for limit, several in zip([*map(str, histogram.limits), "+Inf"], histogram.counts, strict=True):
        total += several
        classes.append((limit, total))
    return classes, histogram.total


_STANDING: Mapping[str, str] = {
    "open": "Cases that are open.",
    "undecided": "Open cases that the contact centre has still to send on.",
    "late": "Open cases whose promised day is over while somebody waits.",
    "unreadable": "Cases that could not be understood: a person has to look.",
}
_OWED: Mapping[str, str] = {
    "queued": "kvitto_outbox_waiting",
    "failed": "kvitto_outbox_failed",
    "returned": "kvitto_outbox_returned",
    "calls": "kvitto_calls_waiting",
    "dead_calls": "kvitto_calls_dead",
    "media": "kvitto_media_waiting",
    "unconfirmed": "kvitto_handovers_unconfirmed",
}
_OWED_TOLD: Mapping[str, str] = {
    "queued": "Letters that are still to be sent.",
    "failed": "Letters that were given up.",
    "returned": "Letters that came back.",
    "calls": "Calls to other systems that are still to be made.",
    "dead_calls": "Calls to other systems that were given up.",
    "media": "Files that a provider still keeps for us.",
    "unconfirmed": "Cases that the register of a board has not confirmed.",
}


def _list_store(overview: Overview | None, now: datetime) -> Iterator["Metric"]:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415  # see the module's docstring

    yield GaugeMetricFamily(
        "kvitto_store_up", "1 when the store answers, else 0.", value=float(overview is not None)
    )
    if overview is None:
        return
    for name, told in _STANDING.items():
        yield GaugeMetricFamily(f"kvitto_cases_{name}", told, value=getattr(overview, name))
    for name, metric in _OWED.items():
        yield GaugeMetricFamily(metric, _OWED_TOLD[name], value=getattr(overview, name))
    oldest = overview.oldest_queued
    yield GaugeMetricFamily(
        "kvitto_outbox_oldest_seconds",
        "Age of the oldest letter that is still to be sent; 0 when there is none.",
        value=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
    )
    looked = GaugeMetricFamily(
        "kvitto_mailbox_looked_seconds", "Time since a mailbox folder was looked at.", labels=["mailbox"]
    )
    for source, at in sorted(overview.mailboxes.items()):
        looked.add_metric([source], max((now - at).total_seconds(), 0.0))
    yield looked


class _Collected:
    """A collector of what is there already."""

    def __init__(self, families: Iterable[Any]) -> None:
        self._families = list(families)

    def collect(self) -> Iterator[Any]:
        return iter(self._families)

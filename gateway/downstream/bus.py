"""Publishing every event to a NATS JetStream, for cities that run a bus: one node at a time, in the feed's order.

The position moves when the server has acknowledged. What is published again after a crash has the same Nats-Msg-Id, and
the stream keeps it once (within its duplicate window). https://docs.nats.io/nats-concepts/jetstream/streams
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from channels.lease import Leases, work_when_held
from gateway.downstream.cloud import MEDIA_TYPE, make_event
from gateway.downstream.scopes import EVERY, draw_scope
from normalizer.organisation import Organisation
from store import endpoints, feed
from store.database import Database
from store.errors import StoreError
from store.writer import Writer

if TYPE_CHECKING:
    from nats.js import JetStreamContext

log = structlog.get_logger()

SOURCE = "downstream:bus"
"""What the lease is held on."""

POLL_SECONDS = 1.0
REST_SECONDS = 5.0
"""After the server was away."""

ANSWER_SECONDS = 10.0
AT_ONCE = 100
DUPLICATE_WINDOW = 3600.0
"""Seconds for which a stream that we make knows what it has."""


class BusAway(Exception):
    """The server does not take it now. The text holds the kind of fault."""


@dataclass(frozen=True, kw_only=True)
class Bus:
    """What publishes, on every node; the lease decides which one works."""

    database: Database
    writer: Writer
    leases: Leases
    organisation: Organisation
    source: str
    url: str
    credentials: Path | None
    stream: str
    subject: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def run(self) -> None:
        """Publish until cancelled, whenever this node holds the lease."""
        await work_when_held(self.leases, SOURCE, "bus", self._work)

    async def _work(self) -> None:
        away = False
        while True:
            try:
                position = await self.writer.call(
                    partial(endpoints.follow, kind=endpoints.BUS, at=self.clock())
                )
                await self._publish(position)
            except BusAway as error:
                if not away:
                    log.warning("bus.unreachable", error=str(error))
                away = True
            except StoreError as error:
                log.warning("bus.postponed", error=str(error))
            await asyncio.sleep(REST_SECONDS)

    async def _publish(self, position: int) -> None:
        """Publish what comes after this position, until the server or the store is away. Raises BusAway, StoreError."""
        # Loaded by those who have a bus.
        import nats  # noqa: PLC0415  # the same
        from nats.errors import Error  # noqa: PLC0415  # the same

        options: dict[str, Any] = {}
        if self.credentials is not None:
            options["user_credentials"] = str(self.credentials)
        try:
            # Whoever comes back has another connection: we do not wait for the library to try by itself.
            client = await asyncio.wait_for(
                nats.connect(
                    self.url,
                    allow_reconnect=False,
                    connect_timeout=5,
                    error_cb=_ignore,
                    name="kvitto",
                    **options,
                ),
                ANSWER_SECONDS,
            )
        except (Error, OSError, TimeoutError) as error:
            raise BusAway(type(error).__name__) from error
        try:
            stream = client.jetstream(timeout=ANSWER_SECONDS)
            await self._make_stream(stream)
            log.info("bus.connected", stream=self.stream)
            scope = draw_scope(self.organisation, [EVERY], [])
            while True:
                read = partial(feed.read_feed, scope=scope, after=position, limit=AT_ONCE)
                page = await self.database.read(read)
                for row in page.events:
                    await stream.publish(
                        f"{self.subject}.{row.type}",
                        msgspec.json.encode(make_event(row, self.source)),
                        headers={"Nats-Msg-Id": row.id, "content-type": MEDIA_TYPE},
                    )
                if page.reached > position:
                    position = page.reached
                    await self.writer.call(
                        partial(endpoints.change_endpoint, endpoint_id=endpoints.BUS, position=position)
                    )
                    if page.events:
                        log.info("bus.published", events=len(page.events), position=position)
                else:
                    if not client.is_connected:
                        raise BusAway("closed")
                    await asyncio.sleep(POLL_SECONDS)
        except (Error, OSError, TimeoutError) as error:
            raise BusAway(type(error).__name__) from error
        finally:
            await client.close()

    async def _make_stream(self, stream: "JetStreamContext") -> None:
        from nats.js.errors import NotFoundError  # noqa: PLC0415  # the same

        try:
            await stream.stream_info(self.stream)
        except NotFoundError:
            await stream.add_stream(
                name=self.stream, subjects=[f"{self.subject}.>"], duplicate_window=DUPLICATE_WINDOW
            )


async def _ignore(_error: Exception) -> None:
    """The library would print it; whatever fails is raised where it is asked."""

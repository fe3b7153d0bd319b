"""Files that a provider keeps for us: fetched once their message is durable, however often that takes.

Claim with a lease, fetch outside any transaction, settle. A node that dies in between leaves a lease that ends, and
another fetches the file: twice perhaps, kept once.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from channels.base import FetchError, Fetches, PermanentFetchError, TemporaryFetchError
from gateway.retry import next_attempt
from normalizer.messages import Attachment, Enclosure
from store import media, outbox
from store.blobs import INLINE_LIMIT, Blobs, digest
from store.errors import StoreError
from store.media import LEASE, Awaited
from store.writer import Writer

log = structlog.get_logger()

POLL_SECONDS = 5.0
"""How often to look for files that other nodes left, or that came due. What comes in here is fetched at once."""

AT_ONCE = 3
"""Files fetched at the same time: each may hold its whole content in memory."""

ATTEMPT_SECONDS = LEASE.total_seconds() - 15
"""An attempt ends before its lease does."""

BARE_KEPT = timedelta(days=7)
"""How long greetings and other words to people without a case are kept, for delivery reports."""

TIDY_EVERY = timedelta(hours=1)


@dataclass(kw_only=True)
class MediaWorker:
    """What fetches files, on every node."""

    writer: Writer
    blobs: Blobs
    channels: Mapping[str, Fetches]
    # by the name of the channel
    node: str
    give_up_after: timedelta
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _tidied_at: datetime | None = None

    def note(self) -> None:
        """A message with files has been written just now."""
        self._wake.set()

    async def run(self) -> None:
        """Fetch until cancelled."""
        while True:
            self._wake.clear()
            try:
                found = await self.look()
            except StoreError as error:
                log.warning("media.unreachable", error=str(error))
                found = 0
            except Exception:
                # A fault of ours ends this look, not the looking: leases run out, and the files are found again.
                log.exception("media.fault")
                found = 0
            if found < AT_ONCE:
                try:
                    await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
                except TimeoutError:
                    continue

    async def look(self) -> int:
        """Fetch what is due now, at most a few. Returns how many were tried. Raises StoreError."""
        now = self.clock()
        if self._tidied_at is None or now - self._tidied_at >= TIDY_EVERY:
            self._tidied_at = now
            await self.writer.call(partial(outbox.forget_bare, before=now - BARE_KEPT))
        names = sorted(self.channels)
        claimed = await self.writer.call(
            partial(media.claim, node=self.node, now=now, limit=AT_ONCE, channels=names)
        )
        async with asyncio.TaskGroup() as tasks:
            for each in claimed:
                tasks.create_task(self._fetch(each))
        return len(claimed)

    async def _fetch(self, awaited: Awaited) -> None:
        error: Exception | None = None
        detail, file = "", None
        enclosure = Enclosure(
            source=awaited.source,
            filename=awaited.filename,
            content_type=awaited.content_type,
            size=awaited.size,
        )
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                file = await self.channels[awaited.channel].fetch(enclosure)
        except FetchError as caught:
            error, detail = caught, str(caught)
        except TimeoutError as caught:
            error, detail = caught, "no answer in time"
        except Exception as caught:
            # A fault of ours must not lose the file: it is tried again, and the operator sees why.
            log.exception("media.fault", media=awaited.id)
            error, detail = caught, f"fault: {type(caught).__name__}"
        try:
            if file is not None:
                await self._keep(awaited, file)
            else:
                assert error is not None
                await self._put_off(awaited, error, detail)
        except StoreError as trouble:
            # The lease runs out, and it is fetched again.
            log.warning("media.unsettled", error=str(trouble))

    async def _keep(self, awaited: Awaited, file: Attachment) -> None:
        if file.size > INLINE_LIMIT:
            await self.blobs.put([file.content])
        kept = await self.writer.call(
            partial(
                media.keep,
                awaited=awaited,
                node=self.node,
                file=file,
                sha256=digest(file.content),
                inline=file.size <= INLINE_LIMIT,
                at=self.clock(),
            )
        )
        log.info("media.fetched", media=awaited.id, channel=awaited.channel, size=file.size, kept=kept)

    async def _put_off(self, awaited: Awaited, error: Exception, detail: str) -> None:
        now, next_at = self.clock(), None
        if not isinstance(error, PermanentFetchError):
            next_at = next_attempt(
                awaited.attempts + 1,
                now=now,
                first_at=awaited.created_at,
                give_up_after=self.give_up_after,
                jitter=random.random(),  # noqa: S311  # spreads load, keeps no secret
                retry_after=error.retry_after if isinstance(error, TemporaryFetchError) else None,
            )
        await self.writer.call(
            partial(
                media.put_off, awaited=awaited, node=self.node, detail=detail[:200], next_at=next_at, at=now
            )
        )
        about = {"media": awaited.id, "channel": awaited.channel, "attempts": awaited.attempts + 1}
        if next_at:
            log.info("media.postponed", **about)
        else:
            log.warning("media.failed", **about)


def list_fetching(channels: Mapping[str, Any]) -> dict[str, Fetches]:
    """The channels whose providers keep files."""
    return {name: each for name, each in channels.items() if isinstance(each, Fetches)}

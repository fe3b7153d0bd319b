"""Work with one Telegram bot that goes on for ever: fetching its updates, or seeing to it that they are delivered."""

import asyncio
import os
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from channels.base import Accept, Ignored, NotAccepted
from channels.telegram.client import BotTrouble, Client
from channels.telegram.updates import find_gestures
from normalizer.messages import RawMessage

log = structlog.get_logger()

POLL_SECONDS = 25
"""How long Telegram may keep a question open when there is nothing new."""

CHECK_SECONDS = 600.0
"""How often to ask Telegram whether its deliveries arrive."""

GESTURE_SECONDS = 5.0
"""How long a courtesy may keep the next update waiting."""

LONGEST_PAUSE = 300.0

PATIENCE = 5
"""How often an update may fail to be accepted before we see whether it is the only one."""


@dataclass(kw_only=True)
class Following:
    """One bot, followed by the node that holds its lease."""

    client: Client
    accept: Accept
    headers: dict[str, str] = field(repr=False)
    # what proves to ourselves that we have fetched an update
    declined: str
    folder: Path
    # for updates that the store does not take
    way: str
    # "polling" or "webhook"
    webhook_url: str
    webhook_secret: str = field(repr=False)
    failures: int = 0
    known: bool = False
    # it has worked before

    async def run(self) -> None:
        """For ever; after trouble again, later each time."""
        work = self._poll if self.way == "polling" else self._keep_webhook
        while True:
            try:
                await work()
            except BotTrouble as error:
                self.failures += 1
                pause = error.retry_after or _pause(self.failures)
                log.warning(
                    "telegram.unreachable",
                    reason=error.reason,
                    problem=str(error),
                    attempt=self.failures,
                    retry_in=round(pause),
                )
                await asyncio.sleep(pause)

    def _succeed(self) -> None:
        if self.failures:
            log.info("telegram.back", after=self.failures)
        elif not self.known:
            log.info("telegram.opened", way=self.way)
        self.known, self.failures = True, 0

    async def _poll(self) -> None:
        """Fetch updates, one question after another. Raises BotTrouble."""
        await self.client.delete_webhook()  # Telegram answers no question while it delivers
        offset: int | None = None
        tries = 0
        while True:
            # Whatever is below the offset Telegram forgets now: all of it is durable.
            updates = await self.client.poll(offset, POLL_SECONDS)
            self._succeed()
            for position, (number, body) in enumerate(updates):
                try:
                    await self._take(body)
                except NotAccepted as error:
                    tries += 1
                    if tries < PATIENCE or not await self._is_alone(body, updates[position + 1 :]):
                        log.warning("telegram.put_off", reason=str(error), retry_in=error.retry_after)
                        await asyncio.sleep(error.retry_after)
                        break
                    await asyncio.to_thread(self._set_aside, number, body)
                tries = 0
                offset = number + 1

    async def _take(self, body: bytes) -> None:
        """Make one update durable, and do what Telegram expects then. Raises NotAccepted."""
        raw = RawMessage(channel="telegram", received_at=datetime.now(UTC), body=body, headers=self.headers)
        try:
            await self.accept(raw)
        except Ignored:
            pass
        except NotAccepted:
            raise
        except Exception as error:
            # A fault of ours must not cost the message: Telegram still has it.
            log.exception("telegram.failed")
            raise NotAccepted(f"a fault of ours ({type(error).__name__})", retry_after=5) from error
        for gesture in find_gestures(body, self.declined):
            with suppress(BotTrouble, TimeoutError):  # a courtesy: the message itself is ours
                async with asyncio.timeout(GESTURE_SECONDS):
                    await self.client.perform(gesture)

    async def _is_alone(self, stuck: bytes, later: Sequence[tuple[int, bytes]]) -> bool:
        """Does the store take an update after this one, and then still not this one? Else it may only be away."""
        for _, body in later:
            with suppress(NotAccepted):
                await self._take(body)
                break
        else:
            return False
        try:
            await self._take(stuck)
        except NotAccepted:
            return True
        return False

    def _set_aside(self, number: int, body: bytes) -> None:
        """Keep an update beside the store, so that it does not keep back all others until Telegram drops them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"update-{number}.json"
        with path.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        # A name is durable when its folder is, and a new folder when the one above it is (fsync(2)).
        for folder in (self.folder, self.folder.parent):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        log.error("telegram.set_aside", file=str(path))

    async def _keep_webhook(self) -> None:
        """Tell Telegram where to deliver, and look now and then whether it can. Raises BotTrouble."""
        seen = None
        while True:
            await self.client.set_webhook(self.webhook_url, self.webhook_secret)
            self._succeed()
            while True:
                await asyncio.sleep(CHECK_SECONDS)
                found = await self.client.describe_webhook()
                if found.url != self.webhook_url:
                    break  # somebody else has told it another place, or that we fetch
                if found.last_error_date is not None and found.last_error_date != seen:
                    seen = found.last_error_date
                    problem, waiting = (found.last_error_message or "")[:150], found.pending_update_count
                    log.warning("telegram.undelivered", problem=problem, waiting=waiting)


def _pause(failures: int) -> float:
    """Seconds until the next attempt: 2, 4, 8 ... at most five minutes, spread so that many do not come at once."""
    return min(LONGEST_PAUSE, 2.0 ** min(failures, 9)) * random.uniform(0.75, 1.0)  # noqa: S311  # no secret

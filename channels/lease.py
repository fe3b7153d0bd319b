"""Work that only one node may do at a time: it is held by a lease in the store, which ends by itself."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable

import structlog

from channels.base import NotAccepted

log = structlog.get_logger()

RENEW_SECONDS = 10.0
"""How often a lease is renewed, or asked for; three times before it runs out."""

GIVE_BACK_SECONDS = 5.0


class LeaseLost(Exception):
    """Another node has the work now."""


class Leases(ABC):
    """Who works on what. Every method raises NotAccepted when the store cannot be asked now."""

    @abstractmethod
    async def hold(self, source: str) -> bool:
        """Take or renew the lease on a source. False: another node has it."""

    @abstractmethod
    async def release(self, source: str) -> None:
        """Give the lease back."""


async def work_when_held(leases: Leases, source: str, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work whenever this node holds the lease on `source`, for ever. `name` is for the log."""
    waiting = False
    while True:
        if not await _holds(leases, source, name):
            if not waiting:
                log.info("lease.held_elsewhere", work=name)
            waiting = True
            await asyncio.sleep(RENEW_SECONDS)
            continue
        waiting = False
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_keep_holding(leases, source, name))
                group.create_task(_run(work))
        except* LeaseLost:
            log.warning("lease.lost", work=name)
        except* Exception:
            # A fault of ours with one piece of work must not end the others.
            log.exception("lease.work_failed", work=name)
            await asyncio.sleep(RENEW_SECONDS)
        finally:
            await _give_back(leases, source, name)


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()


async def _holds(leases: Leases, source: str, name: str) -> bool:
    try:
        return await leases.hold(source)
    except NotAccepted:
        return False
    except Exception:
        # A fault of ours in asking is one question lost, not the end of the work.
        log.exception("lease.unknown", work=name)
        return False


async def _keep_holding(leases: Leases, source: str, name: str) -> None:
    held_at = time.monotonic()
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        held: bool | None = None
        try:
            held = await leases.hold(source)
        except NotAccepted:
            pass
        except Exception:
            # A fault of ours counts as nobody being able to tell.
            log.exception("lease.unknown", work=name)
        if held:
            held_at = time.monotonic()
        elif held is False or time.monotonic() - held_at > 2 * RENEW_SECONDS:
            # What nobody can tell is true a little longer; then it may be another's.
            raise LeaseLost


async def _give_back(leases: Leases, source: str, name: str) -> None:
    try:
        await asyncio.wait_for(leases.release(source), GIVE_BACK_SECONDS)
    except (NotAccepted, TimeoutError):
        return  # it ends by itself
    except Exception:
        # It ends by itself all the same.
        log.exception("lease.unknown", work=name)

"""Running: everything that lives as long as the process, and how it ends without losing anything."""

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog
import uvicorn

from channels.base import Accept, Listener
from gateway.doorways import open_doors
from gateway.downstream.start import start_followers
from gateway.house import House, Plans, open_house
from gateway.launch import ForkServer
from gateway.learning.training import keep_learning
from gateway.readers import start_readers
from gateway.silence import Listening
from gateway.web.app import build_app

log = structlog.get_logger()

LISTENER_PAUSE = 5.0
"""Seconds before a listener that failed is started again."""


class CannotListen(Exception):
    """A port cannot be opened. The text says which and why."""


def give_back_large_memory() -> None:
    """Let the C library return the memory of a large mail to the system instead of keeping it in pieces.

    glibc raises its own limit with each large block; setting it fixes it (mallopt(3), M_MMAP_THRESHOLD is -3).
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library: it has ways of its own
        ctypes.CDLL(None).mallopt(-3, 131_072)


def run(plans: Plans, announce: Callable[[], None], server: ForkServer | None = None) -> None:
    """`serve` on the fastest loop there is."""
    if sys.platform == "win32":
        asyncio.run(serve(plans, announce, server))
    else:
        import uvloop  # noqa: PLC0415  # does not exist on Windows

        uvloop.run(serve(plans, announce, server))


async def serve(plans: Plans, announce: Callable[[], None], server: ForkServer | None = None) -> None:
    """Run until SIGTERM or SIGINT. `announce` is called when messages can come; `server` forks the readers.

    Raises StoreError or CannotListen when it cannot start, and whatever ended a part that must not end.
    """
    give_back_large_memory()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Few threads: each keeps memory of its own, and they only wait for the disk or read large mail.
    loop.set_default_executor(ThreadPoolExecutor(4, thread_name_prefix="kvitto"))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with (
        start_readers(plans.drafter(), plans.settings, server) as readers,
        open_house(plans, sending=True, readers=readers) as house,
    ):
        # They begin while the store opens. Nobody is let in before somebody can read.
        await readers.ready()
        writer = asyncio.create_task(house.writer.run(), name="writer")
        dispatcher = asyncio.create_task(house.dispatcher.run(), name="dispatcher")
        inner = [writer, dispatcher]
        inner += _start_quiet_workers(house)
        ways_in = _open_ways_in(house, stop, announce)
        stopping = asyncio.create_task(stop.wait(), name="stop")
        ended, _ = await asyncio.wait([*ways_in, *inner, stopping], return_when=asyncio.FIRST_COMPLETED)
        log.info("kvitto.stopping", because=", ".join(sorted(task.get_name() for task in ended)))
        # From the outside in: what came in is written, what is being sent is settled, then the store closes.
        stop.set()
        for task in ways_in:
            if task.get_name() != "web":  # it ends by itself: cancelling would cut requests short
                task.cancel()
        await asyncio.wait([*ways_in, stopping])
        for task in inner[2:]:
            await _cancel(task)
        await house.dispatcher.finish()
        await _cancel(dispatcher)
        if not writer.done():
            await house.writer.flush()
        await _cancel(writer)
        log.info("kvitto.stopped")
        for task in (*ways_in, *inner):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error


def _start_quiet_workers(house: House) -> list[asyncio.Task[None]]:
    """What works by itself, whether or not a message comes."""
    settings, started = house.plans.settings, []
    if settings.clocks.enabled:
        started.append(asyncio.create_task(house.clockwork.run(), name="clocks"))
    started.append(asyncio.create_task(house.indexer.run(), name="search"))
    if house.media.channels:
        started.append(asyncio.create_task(house.media.run(), name="media"))
    if (unread := house.unread()) is not None:
        started.append(asyncio.create_task(unread.run(), name="unread"))
    listening = Listening(
        database=house.database,
        calendar=house.plans.planner.calendar,
        channels=frozenset(house.plans.channels) - {"desk"},  # staff register when somebody calls
        measures=house.measures,
    )
    started.append(asyncio.create_task(listening.run(), name="silence"))
    if settings.learning.enabled:
        learning = keep_learning(settings, house.database)
        started.append(asyncio.create_task(learning, name="learning"))
    return started + start_followers(house)


def _open_ways_in(
    house: House, stop: asyncio.Event, announce: Callable[[], None]
) -> list[asyncio.Task[None]]:
    """Start every channel that listens, and the web port; `announce` once all of them are open."""
    web = house.plans.settings.web
    waiting = set(house.listeners) | ({"web"} if web.enabled else set())

    def note_open(name: str) -> None:
        log.info("channel.opened", channel=name)
        waiting.discard(name)
        if not waiting:
            # What start-up built stays for ever: keep the collector from walking through it, now or ever.
            gc.freeze()
            gc.enable()
            gc.set_threshold(50_000, 20, 20)
            # A commit that comes back from the disk waits for at most half a millisecond, not five.
            sys.setswitchinterval(0.0005)
            announce()

    tasks = [
        asyncio.create_task(
            keep_listening(name, listener, house.intake.accept, partial(note_open, name)), name=name
        )
        for name, listener in house.listeners.items()
    ]
    if web.enabled:
        tasks.append(asyncio.create_task(_serve_web(house, stop, partial(note_open, "web")), name="web"))
    return tasks


async def keep_listening(name: str, listener: Listener, accept: Accept, opened: Callable[[], None]) -> None:
    """Run one listener; start it again when it fails later. Raises CannotListen when it cannot start at all."""
    was_open = False

    def note() -> None:
        nonlocal was_open
        if not was_open:
            was_open = True
            opened()

    while True:
        try:
            await listener.listen(accept, note)
        except Exception as error:
            # Whatever ends one channel must not end the others.
            if not was_open:
                raise CannotListen(f"{name}: {error}") from error
            log.exception("channel.failed", channel=name)
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                return  # it failed while closing: the process is stopping
            await asyncio.sleep(LISTENER_PAUSE)


async def _serve_web(house: House, stop: asyncio.Event, opened: Callable[[], None]) -> None:
    web = house.plans.settings.web
    try:
        listening = socket.create_server((web.host, web.port), backlog=512)
    except OSError as error:
        raise CannotListen(f"web: port {web.port} on {web.host}: {os.strerror(error.errno or 0)}") from error
    server = _Web(
        uvicorn.Config(
            build_app(open_doors(house)),
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(web.proxies),
            forwarded_allow_ips=list(web.proxies),
            timeout_graceful_shutdown=20,
            timeout_keep_alive=30,
            limit_concurrency=web.connections,
        )
    )

    async def watch() -> None:
        await stop.wait()
        # Open chats end now, or the server would wait for them; the browsers come again.
        house.bell.end_all()
        server.should_exit = True

    watching = asyncio.create_task(watch())
    try:
        opened()
        await server.serve(sockets=[listening])
    finally:
        watching.cancel()
        listening.close()


class _Web(uvicorn.Server):
    """Uvicorn without its own signal handling: the process has one owner."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])

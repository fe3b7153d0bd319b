"""Running: everything that lives as long as the process, and how it ends without losing anything."""

import asyncio
import contextlib
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator

import structlog
import uvicorn

from channels.base import Accept, Listener
from gateway.house import House, Plans, open_house
from gateway.web.app import build_app

log = structlog.get_logger()

LISTENER_PAUSE = 5.0
"""Seconds before a listener that failed is started again."""


class CannotListen(Exception):
    """A port cannot be opened. The text says which and why."""


def run(plans: Plans, announce: Callable[[], None]) -> None:
    """`serve` on the fastest loop there is."""
    if sys.platform == "win32":
        asyncio.run(serve(plans, announce))
    else:
        import uvloop  # noqa: PLC0415  # does not exist on Windows

        uvloop.run(serve(plans, announce))


async def serve(plans: Plans, announce: Callable[[], None]) -> None:
    """Run until SIGTERM or SIGINT. `announce` is called when messages can come.

    Raises StoreError or CannotListen when it cannot start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_house(plans, sending=True) as house:
        writer = asyncio.create_task(house.writer.run())
        dispatcher = asyncio.create_task(house.dispatcher.run())
        try:
            await _receive(house, stop, announce)
        finally:
            # From the outside in: what came in is written, what is being sent is settled, then the store closes.
            await house.dispatcher.finish()
            await _end(dispatcher)
            with contextlib.suppress(Exception):
                await house.writer.flush()
            await _end(writer)
            log.info("kvitto.stopped")


async def _receive(house: House, stop: asyncio.Event, announce: Callable[[], None]) -> None:
    """Keep every way in open until `stop`."""
    web = house.plans.settings.web
    waiting = set(house.listeners) | ({"web"} if web.enabled else set())

    def open_one(name: str) -> None:
        log.info("channel.opened", channel=name)
        waiting.discard(name)
        if not waiting:
            # What start-up built stays for ever: keep the collector from walking through it again and again.
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 20, 20)
            announce()

    tasks = [
        asyncio.create_task(keep_listening(name, each, house.intake.accept, lambda name=name: open_one(name)))  # type: ignore[misc]
        for name, each in house.listeners.items()
    ]
    stopping = asyncio.create_task(stop.wait())
    if web.enabled:
        tasks.append(asyncio.create_task(_serve_web(house, stop, lambda: open_one("web"))))
    try:
        ended, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        log.info("kvitto.stopping")
    finally:
        stop.set()
        await asyncio.gather(*(_end(task, web=task is tasks[-1] and web.enabled) for task in tasks))
        stopping.cancel()
    for task in ended - {stopping}:
        task.result()


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
        raise CannotListen(f"web: port {web.port} on {web.host}: {error.strerror}") from error
    server = _Web(
        uvicorn.Config(
            build_app(house.doors()),
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


async def _end(task: asyncio.Task[None], *, web: bool = False) -> None:
    # The web server ends by itself once it is told to: cancelling would cut requests short.
    if not web:
        task.cancel()
    with contextlib.suppress(BaseException):
        await task

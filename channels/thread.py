"""One thread for a library that blocks, with a watchdog over every call."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    """A daemon thread that runs one call after another: a library that hangs cannot keep the process from ending."""

    def __init__(self, name: str, *, patience: float) -> None:
        self._patience = patience
        # seconds that one call may take altogether
        self._calls: SimpleQueue[tuple[Callable[[], Any], asyncio.Future[Any] | None] | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the call returns. Raises TimeoutError when it takes too long; then the thread may still hang."""
        done: asyncio.Future[T] = self._loop.create_future()
        self._calls.put((partial(call, *args, **kwargs), done))
        return await asyncio.wait_for(done, self._patience)

    def end(self, last: Callable[[], None]) -> None:
        """Let the thread end after what it is doing and a last call, whose errors nobody wants."""
        self._calls.put((last, None))
        self._calls.put(None)

    def _run(self) -> None:
        while (item := self._calls.get()) is not None:
            call, done = item
            result, error = None, None
            try:
                result = call()
            except Exception as caught:  # noqa: BLE001  # whoever waits gets it
                error = caught
            if done is not None:
                with suppress(RuntimeError):  # the loop has ended: nobody waits
                    self._loop.call_soon_threadsafe(_settle, done, result, error)


def _settle(done: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(result)

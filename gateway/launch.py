"""Readers are forked from a process that has everything ready: the next one is there in a millisecond.

That process is their fork server. `kvitto serve` forks it from itself, while it has no thread, no connection and
no event loop yet: what was read and built once serves all. Whoever has these already starts one from nothing, and
so does a service whose fork server died.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from config.settings import Settings

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""For numpy: its threads would each take memory, others need the processors, and a process with threads cannot fork."""


@dataclass(frozen=True, slots=True)
class ForkServer:
    """Our end of the line to it. It ends when the line is closed."""

    control: socket.socket
    wait: Callable[[], object]
    pid: int

    def open_line(self) -> socket.socket:
        """The line to a new reader, which tells its process id first. Raises OSError when nobody is there to fork."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self.control, [b"r"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def end(self) -> None:
        """No more readers. Those that are there go on until their lines are closed."""
        self.control.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            self.wait()


def fork_from_here(serve: Callable[[socket.socket], None]) -> ForkServer:
    """Fork a process that runs `serve` with its end of the line. This one must not have any thread yet."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        try:
            serve(theirs)
        finally:
            os._exit(0)
    theirs.close()
    return ForkServer(ours, lambda: os.waitpid(pid, 0), pid)


def start_from_nothing(settings: Settings) -> ForkServer:
    """A fork server that reads and builds everything by itself."""
    ours, theirs = socket.socketpair()
    with theirs:
        # -P: a folder here that is called gateway is not ours.
        process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-P", "-m", "gateway.reader", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD},
        )
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin as given:  # it is gone already: its line says so
        given.write(settings.model_dump_json().encode())
    return ForkServer(ours, process.wait, process.pid)


def frame(body: bytes) -> bytes:
    """A message on the line between two processes: four bytes of length, then itself."""
    return len(body).to_bytes(4) + body

"""Starting a reader: light, so that the first one begins while this process still gathers its own parts."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass

from config.settings import Settings

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""For numpy: its threads would each take memory, and others need the processors."""


@dataclass(frozen=True, slots=True)
class Launched:
    """A reader that is starting, and our end of its line. It ends when the line is closed."""

    process: subprocess.Popen[bytes]
    line: socket.socket

    def end(self) -> None:
        """It is not wanted, or not any more."""
        self.line.close()
        self.process.kill()
        self.process.wait()


def launch_reader(settings: Settings) -> Launched:
    """A process of its own that will read messages as these settings say."""
    ours, theirs = socket.socketpair()
    with theirs:
        # -P: a folder here that is called gateway is not ours.
        process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-P", "-m", "gateway.reader", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, **ONE_THREAD},
        )
    with suppress(ConnectionError):  # it is gone already: the end of the line says so
        ours.sendall(frame(settings.model_dump_json().encode()))
    return Launched(process, ours)


def frame(body: bytes) -> bytes:
    """A message on the line between two processes: four bytes of length, then itself."""
    return len(body).to_bytes(4) + body

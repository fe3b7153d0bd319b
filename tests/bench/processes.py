"""Processes that the bench starts, and that are gone when it ends, however it ends."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Self

import psutil

ROOT = Path(__file__).resolve().parents[2]
"""The checkout that this file lies in is what is measured, also when another is installed."""

_running: set[subprocess.Popen] = set()
_spent = 0.0
# processor seconds of grandchildren that are gone: nobody waits for them, so the system forgets what they took
adopted: list[int] = []
"""Processes of ours that are not our children, as PostgreSQL is."""


def announce(port: int) -> None:
    """Tell the parent where we listen."""
    print(port, flush=True)


async def until_closed() -> None:
    """Return when the parent lets go of our standard input, which it does by dying too."""
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def start(
    arguments: list[str], *, env: dict[str, str] | None = None, folder: Path = ROOT, **pipes
) -> subprocess.Popen:
    """A process in a group of its own, so that one signal ends all of it."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KVITTO_")}
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    process = subprocess.Popen(
        [sys.executable, *arguments], env=kept | (env or {}), cwd=folder, start_new_session=True, **pipes
    )
    _running.add(process)
    return process


def stop(process: subprocess.Popen, patience: float = 15.0) -> None:
    """End it politely, then surely."""
    global _spent  # noqa: PLW0603  # one sum for the one run of this program
    with contextlib.suppress(psutil.Error):
        _spent += sum(map(_taken, psutil.Process(process.pid).children(recursive=True)))
    if process.stdin:
        process.stdin.close()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    _running.discard(process)


def stop_all() -> None:
    """End everything that was started."""
    for process in list(_running):
        with contextlib.suppress(Exception):
            stop(process, 3.0)


def start_helper(*arguments: str) -> tuple[subprocess.Popen, int]:
    """One of our own servers, and its port."""
    process = start(["-m", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{' '.join(arguments)} did not start")
    return process, int(line)


def send(order) -> dict:
    """Run the load of one order; what it saw."""
    with tempfile.TemporaryDirectory(prefix="kvitto-bench-") as folder:
        file = Path(folder) / "order.json"
        file.write_text(json.dumps(asdict(order)))
        process = start(["-m", "tests.bench.load", str(file)])
        try:
            process.wait(order.seconds + 120)
        finally:
            stop(process)
        if process.returncode:
            raise RuntimeError(f"the load ended with {process.returncode}")
        return json.loads(file.read_text())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def ask_sink(port: int, command: bytes) -> object:
    """A question to the sink."""
    with socket.create_connection(("127.0.0.1", port), 10) as line, line.makefile("rb") as answers:
        answers.readline()
        line.sendall(command + b"\r\n")
        return json.loads(answers.readline())


def _taken(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


class Peak(threading.Thread):
    """Watches how much memory the largest process below one has, twenty times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self.bytes = 0

    def run(self) -> None:
        while not self._over.wait(0.05):
            with contextlib.suppress(psutil.Error):
                family = [self._process, *self._process.children(recursive=True)]
                self.bytes = max(self.bytes, *(each.memory_info().rss for each in family))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


class Others:
    """How much of the machine's processors other people's work takes, in per cent of all of them."""

    def __init__(self) -> None:
        self._began = (time.monotonic(), self._machine(), self._ours())

    def percent(self) -> float:
        began, machine, ours = self._began
        spent = (self._machine() - machine) - (self._ours() - ours)
        return max(0.0, 100 * spent / ((time.monotonic() - began) * (psutil.cpu_count() or 1)))

    def _machine(self) -> float:
        times = psutil.cpu_times()
        return sum(times) - times.idle - getattr(times, "iowait", 0.0)

    def _ours(self) -> float:
        mine = psutil.Process()
        times = mine.cpu_times()
        spent = _spent + times.user + times.system + times.children_user + times.children_system
        family = mine.children(recursive=True)
        for number in adopted:
            with contextlib.suppress(psutil.Error):
                family += [psutil.Process(number), *psutil.Process(number).children(recursive=True)]
        for child in family:
            with contextlib.suppress(psutil.Error):
                each = child.cpu_times()
                spent += each.user + each.system + each.children_user + each.children_system
        return spent

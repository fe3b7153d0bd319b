"""`kvitto` as a process of its own, forked from one that has imported it already.

Most of the work of a short `python -m gateway` is importing. Each test process keeps one fork server, which imports
once; what it forks gets its own environment, folder, input and output, runs `gateway.__main__.main` and ends as any
process does. What Kvitto does when it starts from nothing is shown where `Running.from_nothing` or `sys.executable`
stands in a test. Environment variables that Python itself reads at its start (PYTHON...) have no effect here.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


class Forked:
    """A process as `subprocess.Popen` shows it. `line` tells its id, and its return code once it has ended."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._said = line.makefile("r")
        first = self._said.readline()
        assert first, "the fork server ended: see its traceback above"
        self.pid = int(first)
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._line], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = int(self._said.readline())
            self._said.close()
            self._line.close()
        return self.returncode

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(
    arguments: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stdout: int | BinaryIO,
    stderr: int | BinaryIO,
    stdin: int | BinaryIO | None = None,
) -> Forked:
    """`kvitto` with arguments. The files are ours to close."""
    ours, theirs = socket.socketpair()
    with theirs, Path(os.devnull).open("rb") as nothing:
        request = {"arguments": list(arguments), "cwd": str(cwd), "env": dict(env)}
        ours.sendall(json.dumps(request).encode() + b"\n")
        files = [
            each if isinstance(each, int) else each.fileno() for each in (stdin or nothing, stdout, stderr)
        ]
        socket.send_fds(_server(), [b"f"], [theirs.fileno(), *files])
    return Forked(ours)


def run(
    arguments: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    given: bytes = b"",
    timeout: float = 60,
) -> subprocess.CompletedProcess[bytes]:
    """`kvitto` with arguments to its end, as `subprocess.run` with `capture_output`."""
    with (
        tempfile.TemporaryFile() as stdin,
        tempfile.TemporaryFile() as stdout,
        tempfile.TemporaryFile() as stderr,
    ):
        stdin.write(given)
        stdin.seek(0)
        process = start(
            arguments,
            cwd=cwd,
            env=os.environ if env is None else env,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )
        try:
            process.wait(timeout)
        except BaseException:
            process.kill()
            raise
        stdout.seek(0)
        stderr.seek(0)
        assert process.returncode is not None
        return subprocess.CompletedProcess(arguments, process.returncode, stdout.read(), stderr.read())


def run_text(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`run`, with what was said as text."""
    done = run(arguments, cwd=cwd, env=env)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@functools.cache
def _server() -> socket.socket:
    """Our end of the line to this process's fork server. It ends when we do."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # A process with threads cannot fork, and numpy would start some.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )

    def end() -> None:
        ours.close()
        process.wait(60)

    atexit.register(end)
    return ours


def _fork_on_demand(control: socket.socket) -> list[str] | None:
    """In the fork server: fork until the line is closed, then None. In what it forked: its arguments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for pytest, which ends its processes
    while True:
        byte, files, _, _ = socket.recv_fds(control, 1, 4)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not byte:
            return None
        if os.fork() == 0:
            control.close()
            return _watch_over_one(files)
        for each in files:
            os.close(each)


def _watch_over_one(files: list[int]) -> list[str]:
    """Fork once more, tell the id and the end. Returns in the fork alone, with its arguments."""
    line = socket.socket(fileno=files[0])
    with line.makefile("r") as said:
        request = json.loads(said.readline())
    pid = os.fork()
    if pid:
        for each in files[1:]:
            os.close(each)
        with suppress(OSError):  # nobody waits for it any more
            line.sendall(b"%d\n" % pid)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        with suppress(OSError):
            line.sendall(b"%d\n" % code)
        os._exit(0)
    line.close()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    for number, each in enumerate(files[1:]):
        os.dup2(each, number)
        os.close(each)
    arguments: list[str] = request["arguments"]
    return arguments


# The command, and what it imports only when it is needed.
LOADED = (
    "gateway.__main__",
    "channels.mailbox.channel",
    "gateway.commands.opening",
    "gateway.desk",
    "gateway.joining",
    "gateway.learning.model_lines",
    "gateway.mailboxes",
    "gateway.reader",
    "gateway.serve",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
)

if __name__ == "__main__":
    command, *_ = [importlib.import_module(name) for name in LOADED]
    gc.collect()
    gc.freeze()  # or each fork would copy what the collector touches
    asked = _fork_on_demand(socket.socket(fileno=int(sys.argv[1])))
    if asked is not None:
        sys.argv = ["kvitto", *asked]
        command.main()

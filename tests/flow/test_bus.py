"""Events on a real NATS server: each once, in order, also when the server is away for a while and comes back."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nats
import pytest

from store import endpoints
from tests.conftest import Running, free_port, need
from tests.flow.test_webhooks import wait_until, write

Start = Callable[..., Running]


@dataclass
class Server:
    """One NATS server with JetStream."""

    program: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [self.program, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(20)

    def read(self, stream: str = "KVITTO") -> list[Any]:
        """Everything in the stream."""

        async def work() -> list[Any]:
            client = await nats.connect(self.url)
            try:
                js = client.jetstream()
                info = await js.stream_info(stream)
                return [await js.get_msg(stream, seq=number + 1) for number in range(info.state.messages)]
            finally:
                await client.close()

        return asyncio.run(work())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(need(str(Path(sys.executable).with_name("nats-server"))), tmp_path / "nats", free_port())
    found.start()
    yield found
    found.stop()


def position(running: Running) -> int:
    rows = running.read(endpoints.list_endpoints)
    return rows[0].position if rows else -1


def last(running: Running) -> int:
    return running.read(lambda c: c.exec_driver_sql("SELECT count(*) FROM events").scalar())


def is_told(running: Running) -> bool:
    return position(running) == last(running) > 0


def test_every_event_is_in_the_stream_once_and_in_order_also_when_the_server_was_away(
    kvitto: Start, server: Server
) -> None:
    running = kvitto(DOWNSTREAM__NATS_URL=server.url)
    wait_until(lambda: "bus.connected" in running.log)
    first = write(running)
    wait_until(lambda: is_told(running))
    server.stop()
    during = [write(running) for _ in range(3)]
    wait_until(lambda: "bus.unreachable" in running.log)
    assert not is_told(running)
    server.start()
    wait_until(lambda: is_told(running))
    # As after a crash between the acknowledgement and the note of it: what is there is not there twice.
    running.kill()
    _set_position(running, 0)
    running.start()
    wait_until(lambda: is_told(running))
    found = server.read()
    events = [json.loads(message.data) for message in found]
    opened = [each["subject"] for each in events if each["type"] == "kvitto.case.opened"]
    assert opened == [first, *during]
    assert [each["sequence"] for each in events] == sorted(each["sequence"] for each in events)
    assert len({each["id"] for each in events}) == len(events) == last(running)
    assert {message.subject for message in found} == {each["type"] for each in events}
    assert all(
        message.headers["Nats-Msg-Id"] == each["id"] for message, each in zip(found, events, strict=True)
    )
    assert running.stop() == 0


def test_without_a_server_everything_else_goes_on_and_it_stops_at_once(kvitto: Start) -> None:
    running = kvitto(DOWNSTREAM__NATS_URL=f"nats://eva:hemligt@127.0.0.1:{free_port()}")
    wait_until(lambda: "bus.unreachable" in running.log)
    write(running)
    began = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - began < 20
    assert "hemligt" not in running.log


def _set_position(running: Running, to: int) -> None:
    import sqlite3

    with sqlite3.connect(running.folder / "data" / "kvitto.db", timeout=30) as store:
        store.execute("UPDATE endpoints SET position = ?", (to,))
    store.close()

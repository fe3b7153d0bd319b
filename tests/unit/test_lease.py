"""Work under a lease goes on for ever, whatever goes wrong in asking, in working and in giving it back."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from channels import lease
from channels.base import NotAccepted
from channels.lease import Leases, work_when_held

FAULTS = [NotAccepted("the store is away"), KeyError("ours"), OSError("the line"), None]


@dataclass
class Faulty(Leases):
    """Fails as it is told, a few times each."""

    holding: list[Exception | bool | None] = field(default_factory=list)
    releasing: list[Exception | None] = field(default_factory=list)
    released: int = 0

    async def hold(self, source: str) -> bool:
        answer = self.holding.pop(0) if self.holding else True
        if isinstance(answer, Exception):
            raise answer
        return answer is not False

    async def release(self, source: str) -> None:
        self.released += 1
        if self.releasing and (error := self.releasing.pop(0)) is not None:
            raise error


async def follow(leases: Leases, work: Callable[[int], asyncio.Future[None] | None], times: int) -> list[str]:
    """Run until the work has begun so often. Returns the events of the log."""
    begun, enough = 0, asyncio.Event()

    async def piece() -> None:
        nonlocal begun
        begun += 1
        if begun == times:
            enough.set()
        if (waiting := work(begun)) is not None:
            await waiting

    with capture_logs() as logged:
        task = asyncio.create_task(work_when_held(leases, "box", "work", piece))
        reached = asyncio.create_task(enough.wait())
        await asyncio.wait([task, reached], timeout=30, return_when=asyncio.FIRST_COMPLETED)
        assert not task.done(), task
        task.cancel()
        reached.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert begun == times
    return [each["event"] for each in logged]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.005)


def forever(_begun: int) -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_in_asking_for_the_lease_is_one_question_lost(fault: Exception | None) -> None:
    leases = Faulty(holding=[fault or False, fault or False])
    told = await follow(leases, forever, 1)
    assert told.count("lease.unknown") == (2 if isinstance(fault, KeyError | OSError) else 0)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_in_renewing_it_ends_the_work_and_it_begins_again(fault: Exception | None) -> None:
    """Nobody could say for so long that the lease may be another's: the work stops, then is asked for anew."""
    leases = Faulty(holding=[True, *[fault or False] * 8])
    told = await follow(leases, forever, 2)
    assert "lease.lost" in told
    assert leases.released >= 1


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_in_giving_it_back_does_not_end_the_loop(fault: Exception | None) -> None:
    def fail(begun: int) -> asyncio.Future[None] | None:
        if begun < 3:
            raise ValueError("the work")
        return forever(begun)

    leases = Faulty(releasing=[fault, fault])
    told = await follow(leases, fail, 3)
    assert told.count("lease.work_failed") == 2


async def test_work_and_renewing_that_fail_at_once_are_both_told_and_it_begins_again() -> None:
    def fail(begun: int) -> asyncio.Future[None] | None:
        if begun == 1:
            raise ExceptionGroup("both", [ValueError("the work"), lease.LeaseLost()])
        return forever(begun)

    told = await follow(Faulty(), fail, 2)
    assert {"lease.lost", "lease.work_failed"} <= set(told)

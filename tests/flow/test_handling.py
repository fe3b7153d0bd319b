"""People handle cases and the clocks run out: what the resident is told, once, on SQLite and on PostgreSQL."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.settings import load_settings
from gateway.clockwork import Clockwork
from gateway.desk import Act, Desk, Done
from gateway.house import House, draw_plans, open_house
from normalizer.messages import RawMessage
from normalizer.reference import show_reference
from store import cases
from store.cases import CaseFile
from store.errors import NotPossible

HERE = ZoneInfo("Europe/Stockholm")
TUESDAY = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
numbers = itertools.count()

POTHOLE = "Det är ett stort potthål på Vasagatan utanför nummer 12."
UNCLEAR = "Jag undrar en sak som jag inte vet vem jag ska fråga om."
FIRE = "Det brinner i ett hus på Vasagatan, skynda er!"


@dataclass
class Scene:
    """A house whose clocks we turn."""

    house: House
    now: datetime = TUESDAY

    async def write(self, text: str, sender: str = "asa@example.com", **headers: str) -> str:
        """A resident's mail. The id of its case."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "kontakt@example.org", "Hej"
        mail["Message-ID"] = f"<{next(numbers)}.{self.now.timestamp()}@example.com>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        raw = RawMessage(
            channel="email",
            received_at=self.now,
            body=mail.as_bytes().replace(b"\n", b"\r\n"),
            envelope_from=sender,
            envelope_to=("kontakt@example.org",),
        )
        return (await self.house.intake.accept(raw)).case_id

    async def do(self, work: Callable[[Desk, Any], Done]) -> Done:
        """One act of a person, in a transaction."""
        desk = self.house.plans.desk()
        return await self.house.writer.call(lambda connection: work(desk, connection))

    @property
    def act(self) -> Act:
        return Act(by="Bo", at=self.now)

    async def move(self, case: str, to: str) -> Done:
        return await self.do(lambda desk, c: desk.move(c, case, to, self.act))

    async def answer(self, case: str, text: str = "Vi lagar hålet på torsdag.") -> Done:
        return await self.do(lambda desk, c: desk.answer(c, case, text, self.act))

    async def pass_until(self, text: str) -> None:
        """Let the clocks run to a Swedish time, an hour at a time."""
        end = datetime.fromisoformat(text).replace(tzinfo=HERE)
        while self.now < end:
            self.now = min(self.now + timedelta(hours=1), end.astimezone(UTC))
            await self.look()

    async def look(self) -> None:
        clockwork: Clockwork = replace(self.house.clockwork, clock=lambda: self.now)
        await clockwork.look()

    async def read(self, case: str) -> CaseFile:
        row = await self.house.database.read(lambda c: cases.find_both(c, cases.Earlier(case, "")))
        found = await self.house.database.read(partial(cases.find_case, reference=row[0].reference))
        assert found is not None
        return found

    async def letters(self, case: str, *, to: str = "asa@example.com") -> list[Any]:
        return [entry for entry in (await self.read(case)).outbox if entry.recipient == to]

    async def purposes(self, case: str) -> list[str]:
        return [entry.purpose for entry in await self.letters(case)]


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    settings = {
        "KVITTO_STORE__FOLDER": str(tmp_path / "data"),
        "KVITTO_STORE__URL": database_url,
        "KVITTO_STORE__MIGRATE_AT_START": "true",
    }
    plans = draw_plans(load_settings(None, settings))
    async with open_house(plans, sending=False) as house:
        writing = asyncio.create_task(house.writer.run())
        try:
            yield Scene(house)
        finally:
            writing.cancel()


async def test_an_undecided_case_that_is_decided_is_told_once(scene: Scene) -> None:
    case = await scene.write(UNCLEAR)
    assert (await scene.read(case)).case.told_at is None
    done = await scene.move(case, "teknik")
    assert done.told is not None
    found = await scene.read(case)
    assert found.case.department == "teknik"
    assert found.case.told_at == TUESDAY
    assert await scene.purposes(case) == ["receipt", "decided"]
    letter = (await scene.letters(case))[-1]
    assert "Teknik- och fastighetsförvaltningen" in letter.text
    assert "torsdag" in letter.text
    assert UNCLEAR not in letter.text
    with pytest.raises(NotPossible, match="already"):
        await scene.move(case, "teknik")
    assert await scene.purposes(case) == ["receipt", "decided"]


async def test_a_case_that_was_named_and_moves_is_told_where_it_is_now(scene: Scene) -> None:
    case = await scene.write(POTHOLE)
    assert (await scene.read(case)).case.told_at is not None
    await scene.move(case, "miljo")
    await scene.do(lambda desk, c: desk.give_back(c, case, "inte vårt", scene.act))
    assert await scene.purposes(case) == ["receipt", "moved", "moved"]
    events = [event.type for event in (await scene.read(case)).events]
    assert events == ["case.opened", "case.moved", "case.returned"]
    assert "Kontaktcenter" in (await scene.letters(case))[-1].text


async def test_a_sensitive_case_moves_without_a_word(scene: Scene) -> None:
    case = await scene.write(UNCLEAR)
    assert (await scene.move(case, "ifo")).told is None
    assert (await scene.move(case, "skola")).told is None
    assert await scene.purposes(case) == ["receipt"]


async def test_an_answer_ends_the_waiting_and_a_new_message_begins_it_again(scene: Scene) -> None:
    case = await scene.write(POTHOLE)
    done = await scene.answer(case)
    assert done.told is not None
    answer = (await scene.letters(case))[-1]
    assert "Vi lagar hålet på torsdag." in answer.text
    assert answer.in_reply_to.endswith("@example.com")
    found = await scene.read(case)
    assert (found.case.answered_at, found.case.waiting_since, found.case.clock_at) == (TUESDAY, None, None)
    await scene.do(lambda desk, c: desk.close(c, case, "", scene.act))
    assert (await scene.read(case)).case.state == "closed"

    scene.now += timedelta(days=6)
    assert await scene.write("Hålet är kvar.", In_Reply_To=f"<{answer.message_id}>") == case
    found = await scene.read(case)
    assert (found.case.state, found.case.waiting_since) == ("open", scene.now)
    assert found.case.due.isoformat() == "2026-11-25"
    assert "case.reopened" in [event.type for event in found.events]


async def test_a_case_is_closed_only_with_an_answer_a_reason_or_nobody_to_answer(scene: Scene) -> None:
    case = await scene.write(POTHOLE)
    with pytest.raises(NotPossible, match="no answer yet"):
        await scene.do(lambda desk, c: desk.close(c, case, " ", scene.act))
    await scene.do(lambda desk, c: desk.close(c, case, "dubblett av ett annat ärende", scene.act))
    assert (await scene.read(case)).case.state == "closed"
    with pytest.raises(NotPossible, match="it is closed"):
        await scene.answer(case)


async def test_a_promise_that_is_not_kept_is_told_once_for_each_new_day(scene: Scene) -> None:
    case = await scene.write(POTHOLE)
    await scene.pass_until("2026-11-20T12:00")
    assert await scene.purposes(case) == ["receipt", "late"]
    late = (await scene.letters(case))[-1]
    assert "torsdag 19 november" in late.text
    assert "måndag 23 november" in late.text
    found = await scene.read(case)
    assert found.case.due.isoformat() == "2026-11-23"
    steps = [event.data["step"] for event in found.events if event.type == "case.escalated"]
    assert [step.partition(":")[0] for step in steps] == ["unaccepted", "remind", "last-day", "late"]
    await scene.pass_until("2026-12-01T12:00")
    purposes = await scene.purposes(case)
    assert purposes.count("late") == 4
    assert purposes.count("status") == 1


async def test_the_groups_hear_of_it_without_a_word_of_the_resident(scene: Scene) -> None:
    case = await scene.write(POTHOLE)
    await scene.pass_until("2026-11-24T12:00")
    found = await scene.read(case)
    notices = [entry for entry in found.outbox if entry.purpose == "notice"]
    told = {entry.recipient for entry in notices}
    assert told == {
        "teknik-grupp@example.org",
        "teknik-samordnare@example.org",
        "teknik-chef@example.org",
        "kontaktcenter-ledning@example.org",
        "direktorer@example.org",
    }
    for entry in notices:
        assert "Vasagatan" not in entry.text + entry.subject
        assert "asa@" not in entry.text


async def test_an_answer_in_time_leaves_the_ladder(scene: Scene) -> None:
    case = await scene.write(POTHOLE)
    await scene.do(lambda desk, c: desk.accept(c, case, scene.act))
    await scene.answer(case)
    await scene.pass_until("2026-12-02T12:00")
    assert await scene.purposes(case) == ["receipt", "answer"]
    assert "case.escalated" not in [event.type for event in (await scene.read(case)).events]


async def test_two_nodes_take_each_step_once(scene: Scene) -> None:
    case = await scene.write(POTHOLE)
    scene.now = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    await asyncio.gather(*[scene.look() for _ in range(5)])
    assert (await scene.purposes(case)).count("late") == 1


async def test_an_alarm_calls_until_somebody_has_it_and_never_holds_the_receipt(scene: Scene) -> None:
    case = await scene.write(FIRE)
    assert await scene.purposes(case) == ["receipt"]
    receipt = (await scene.letters(case))[0]
    assert "112" in receipt.text
    assert "Räddning" not in receipt.text
    await scene.look()
    scene.now += timedelta(minutes=5)
    await scene.look()
    called = [entry.recipient for entry in (await scene.read(case)).outbox if entry.purpose == "notice"]
    assert called == [
        "kontaktcenter-larm@example.org",
        "kontaktcenter-larm@example.org",
        "jour@example.org",
    ]
    await scene.do(lambda desk, c: desk.acknowledge(c, case, scene.act))
    scene.now += timedelta(minutes=30)
    await scene.look()
    found = await scene.read(case)
    assert len([entry for entry in found.outbox if entry.purpose == "notice"]) == len(called)
    with pytest.raises(NotPossible, match="somebody has it"):
        await scene.do(lambda desk, c: desk.acknowledge(c, case, scene.act))


async def test_an_alarm_goes_to_another_system_too_where_one_is_named(scene: Scene) -> None:
    case = await scene.write(FIRE)
    clockwork = replace(scene.house.clockwork, clock=lambda: scene.now, calls_out=True)
    await clockwork.look()
    (call,) = [entry for entry in (await scene.read(case)).outbox if entry.channel == "callout"]
    number = show_reference((await scene.read(case)).case.reference)
    assert json.loads(call.text)["data"] == {"case": number, "count": 1}


async def test_mail_of_machines_has_no_clock(scene: Scene) -> None:
    case = await scene.write(POTHOLE, Auto_Submitted="auto-generated")
    assert (await scene.read(case)).case.clock_at is None


async def test_what_staff_write_back_to_a_notice_is_not_the_residents(scene: Scene) -> None:
    case = await scene.write(POTHOLE)
    await scene.pass_until("2026-11-17T16:00")
    notice = next(entry for entry in (await scene.read(case)).outbox if entry.purpose == "notice")
    other = await scene.write(
        "Vi tar det i morgon.", sender="teknik-grupp@example.org", In_Reply_To=f"<{notice.message_id}>"
    )
    assert other != case
    assert "case.linked" in [event.type for event in (await scene.read(case)).events]

"""What staff decide is learned, and named where the model is sure: with the real service and its processes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from config.settings import Settings, load_settings
from gateway.desk import Act
from gateway.house import House, draw_plans, open_house
from gateway.learning.learned import MODELS
from gateway.learning.model_files import load
from gateway.learning.training import SEEN, is_new, train
from normalizer.messages import RawMessage
from store import cases, decisions
from tests.conftest import Running
from tests.flow.test_front_door import send

NOW = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)

# Words that no rule knows, so that only what was learned can tell.
MATTERS = {
    "miljo": "Zorplinen vid kvarteret pirrar igen, nummer {0}. Kan ni se på zorplinen?",
    "skola": "Flumbrixet för klass {0} kom inte i dag heller. Vi behöver flumbrix.",
}


@dataclass
class City:
    """A city whose staff decide."""

    house: House
    settings: Settings

    async def write(self, number: int, text: str) -> str:
        body = (
            f"From: asa{number}@example.com\r\nTo: kontakt@example.org\r\nSubject: Hej\r\n"
            f"Message-ID: <{number}@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        )
        raw = RawMessage(
            channel="email",
            received_at=NOW,
            body=body.encode(),
            envelope_from=f"asa{number}@example.com",
            envelope_to=("kontakt@example.org",),
        )
        return (await self.house.intake.accept(raw)).case_id

    async def move(self, case: str, to: str) -> None:
        desk, act = self.house.plans.desk(), Act(by="Bo", at=NOW)
        await self.house.writer.call(lambda connection: desk.move(connection, case, to, act))

    async def teach(self, count: int) -> None:
        """So many cases, each moved to where it belongs."""
        for number in range(count):
            department = sorted(MATTERS)[number % 2]
            case = await self.write(number, MATTERS[department].format(number))
            await self.move(case, department)

    async def where(self, case: str) -> tuple[str, str]:
        row, _ = await self.house.database.read(lambda c: cases.find_both(c, cases.Earlier(case, "")))
        return row.department, row.routing["rule"]


@pytest.fixture
async def city(database_url: str, tmp_path: Path) -> AsyncIterator[City]:
    environment = {
        "KVITTO_STORE__FOLDER": str(tmp_path / "data"),
        "KVITTO_STORE__URL": database_url,
        "KVITTO_STORE__MIGRATE_AT_START": "true",
        "KVITTO_LOG__LEVEL": "error",
    }
    settings = load_settings(None, environment)
    async with open_house(draw_plans(settings), sending=False) as house:
        writing = asyncio.create_task(house.writer.run())
        try:
            yield City(house, settings)
        finally:
            writing.cancel()


async def test_what_was_decided_is_read_once_a_case_and_the_last_word_counts(city: City) -> None:
    await city.teach(3)
    case = await city.write(9, "Zorplinen igen")
    await city.move(case, "skola")
    await city.move(case, "miljo")
    found = await city.house.database.read(partial(decisions.list_decisions, limit=100))
    assert [each.department for each in found] == ["miljo", "skola", "miljo", "miljo"]
    assert found[-1].text == "Zorplinen igen"
    assert await city.house.database.read(decisions.find_latest) != ""


async def test_a_model_is_made_from_decisions_and_routes_what_no_rule_knows(city: City) -> None:
    folder = city.settings.store.folder / MODELS
    new = "Nu pirrar zorplinen på gården igen. Kan ni se på zorplinen?"
    before = await city.write(5000, new)
    assert await city.where(before) == ("", "undecided")
    await city.teach(320)
    latest = await city.house.database.read(decisions.find_latest)
    assert is_new(folder, latest)
    trained = await train(city.settings, city.house.database)
    assert (trained.decisions, trained.version) == (320, load(folder).name)  # type: ignore[union-attr]  # there is one now
    assert (folder / SEEN).read_text() == latest
    assert not is_new(folder, latest)

    # A house that starts now has it; one that runs takes it up within seconds.
    async with open_house(draw_plans(city.settings), sending=False) as house:
        writing = asyncio.create_task(house.writer.run())
        after = await City(house, city.settings).write(5001, new)
        writing.cancel()
    department, rule = await city.where(after)
    assert (department, rule) == ("miljo", f"model:{trained.version}")


async def test_a_model_of_another_version_of_kvitto_is_made_anew(city: City) -> None:
    await city.teach(2)
    first = await train(city.settings, city.house.database)
    described = city.settings.store.folder / MODELS / first.version / "model.json"
    described.write_text(described.read_text().replace('"format": 3', '"format": 2'))
    again = await train(city.settings, city.house.database)
    assert (first.version, again.version) == ("000001", "000002")


def test_the_service_learns_by_itself_from_what_the_command_line_decides(
    kvitto: Callable[..., Running],
) -> None:
    running = kvitto(LEARNING__EVERY_SECONDS="1")
    send(running, b"Subject: Hej\r\n\r\nZorplinen pirrar.\r\n", sender="asa@example.com")
    (case,) = running.cases()
    moved = running.kvitto("cases", "move", case["reference"], "miljo")
    assert moved.returncode == 0, moved.stderr
    deadline = time.monotonic() + 60
    while "model.trained" not in running.log and time.monotonic() < deadline:
        running.get("/health/live")
    assert '"decisions":1' in running.log
    listed = running.kvitto("model", "list")
    assert "000001" in listed.stdout

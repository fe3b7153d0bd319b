"""A fault in our own reading loses nothing: the message is kept, seen, and completed after the fix.

In this process and on both databases; the fault is a real class of the kind that fails.
"""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from structlog.testing import capture_logs

from channels.base import Parser, Unparseable
from channels.email import Email
from config.settings import Settings
from gateway.house import House, Plans, draw_plans, open_house
from gateway.importing import Import, Tally
from gateway.intake import Accepted
from gateway.letters.rendering import Letters
from normalizer.messages import InboundMessage, NormalizedMessage, RawMessage
from normalizer.organisation import RoutingDecision
from normalizer.routing.router import Router
from store import cases, outbox
from store.cases import CaseFile, StoredRaw

ARRIVAL = datetime(2026, 11, 22, 9, 30, 1, 234567, tzinfo=UTC)
LARGE = b"JVBERi0xLjQK" * 6000  # more than a row holds
TEXT = "Hej!\n\nDet är ett stort hål i vägen vid Gula gatan 7, asfalten är trasig.\n\nMvh\nÅsa"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with capture_logs():  # hundreds of tracebacks that are meant to be
        yield


class Trouble(Exception):
    """A bug of ours."""


class BuggyParse(Email):
    """E-mail with a bug in its reading."""

    def parse(self, raw: RawMessage) -> InboundMessage:
        raise Trouble("Gula gatan 7")


class Honest(Email):
    """E-mail that says itself that it does not understand."""

    def parse(self, raw: RawMessage) -> InboundMessage:
        raise Unparseable("a form of mail that we do not know")


class BuggyShape(Email):
    """E-mail whose reading gives something that cannot be normalized."""

    def parse(self, raw: RawMessage) -> InboundMessage:
        return structs.replace(super().parse(raw), text=None)  # type: ignore[arg-type]  # the fault itself


class BuggyRow(Email):
    """E-mail whose reading gives something that no database takes."""

    def parse(self, raw: RawMessage) -> InboundMessage:
        return structs.replace(super().parse(raw), kind=None)  # type: ignore[arg-type]  # the fault itself


class BuggyRouter(Router):
    """A router with a bug."""

    def route(self, message: NormalizedMessage) -> RoutingDecision:
        raise Trouble("Gula gatan 7")


class BuggyLetters(Letters):
    """Receipt texts that cannot be filled in."""

    def render_mail(self, receipt: Any, answer: str = "", link: str = "") -> tuple[str, str, str]:
        raise Trouble("Gula gatan 7")


def mail(number: int = 1, *, references: str = "") -> bytes:
    head = [
        "From: =?utf-8?Q?=C3=85sa_=C3=85kesson?= <asa.akesson@example.com>",
        "To: kontakt@example.org",
        "Subject: =?utf-8?Q?H=C3=A5l_i_v=C3=A4gen?=",
        "Date: Sun, 22 Nov 2026 10:29:58 +0100",
        f"Message-ID: <{number}@example.com>",
        *([f"In-Reply-To: <{references}>"] if references else []),
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="x"',
    ]
    small = (
        "--x\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename=bild.jpg\r\n\r\nabc\r\n"
    )
    large = (
        "--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=karta.pdf\r\n\r\n"
    )
    text = "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT.replace("\n", "\r\n") + "\r\n"
    return ("\r\n".join(head) + "\r\n\r\n" + text + small + large).encode() + LARGE + b"\r\n--x--\r\n"


def delivery(number: int = 1, *, at: datetime = ARRIVAL, references: str = "") -> RawMessage:
    return RawMessage(
        channel="email",
        received_at=at,
        body=mail(number, references=references),
        envelope_from="asa.akesson@example.com",
        envelope_to=("kontakt@example.org",),
    )


def with_bug(plans: Plans, step: str) -> Plans:
    """The same plans with a fault in one step."""
    email = plans.channels["email"]
    values = {field.name: getattr(email, field.name) for field in dataclasses.fields(email)}
    broken: dict[str, type[Parser]] = {
        "parse": BuggyParse,
        "unparseable": Honest,
        "normalize": BuggyShape,
        "record": BuggyRow,
    }
    if step in broken:
        return replace(plans, channels={**plans.channels, "email": broken[step](**values)})
    if step == "route":
        return replace(plans, router=BuggyRouter(plans.organisation))
    assert step == "receipt"
    letters = object.__new__(BuggyLetters)
    letters.__dict__.update(plans.planner.letters.__dict__)
    return replace(plans, planner=replace(plans.planner, letters=letters))


@dataclass
class City:
    """One city's store, opened with or without a fault. Nothing is sent: what is owed stays to be seen."""

    plans: Plans

    @asynccontextmanager
    async def house(self, bug: str = "") -> AsyncIterator[House]:
        plans = with_bug(self.plans, bug) if bug else self.plans
        async with open_house(plans, sending=False) as house:
            writer = asyncio.create_task(house.writer.run())
            try:
                yield house
            finally:
                writer.cancel()
                await asyncio.gather(writer, return_exceptions=True)


@pytest.fixture(scope="module")
def plans() -> Plans:
    return draw_plans(Settings())


def settle(plans: Plans, folder: Path, url: str = "") -> City:
    """A city in an empty store of its own."""
    settings = Settings.model_validate({"store": {"folder": folder, "url": url, "migrate_at_start": True}})
    return City(replace(plans, settings=settings))


@pytest.fixture
def city(database_url: str, tmp_path: Path, plans: Plans) -> City:
    return settle(plans, tmp_path / "data", database_url)


async def look(house: House, accepted: Accepted) -> CaseFile:
    from normalizer.reference import read_reference

    reference = read_reference(accepted.receipt.reference)
    found = await house.database.read(lambda connection: cases.find_case(connection, reference))
    assert found is not None
    return found


async def failed(house: House) -> list[StoredRaw]:
    return await house.database.read(cases.find_failed)


async def count(house: House) -> int:
    return await house.database.read(cases.count_cases)


def events(found: CaseFile) -> list[str]:
    return [event.type for event in found.events]


@contextmanager
def no_words_in_the_log() -> Iterator[list[Any]]:
    with capture_logs() as logs:
        yield logs
    told = [{key: value for key, value in log.items() if key != "exc_info"} for log in logs]
    assert [word for word in ("Gula", "hål", "Åsa", "asa.akesson") if word in str(told)] == []


EARLY = ["parse", "normalize", "record"]
"""Steps whose failure leaves only the bytes."""
STEP = {"unparseable": "parse"}
ERROR = {"parse": "Trouble", "unparseable": "Unparseable", "normalize": "AttributeError", "record": "IntegrityError", "route": "Trouble", "receipt": "Trouble"}  # fmt: skip
ALL = [*EARLY, "route", "receipt"]


@pytest.mark.parametrize("bug", [*EARLY, "unparseable"])
async def test_what_we_cannot_read_is_kept_whole_and_a_person_sees_it(city: City, bug: str) -> None:
    async with city.house(bug) as house:
        with no_words_in_the_log() as logs:
            accepted = await house.intake.accept(delivery())
        found = await look(house, accepted)
        assert not accepted.repeated
        assert accepted.written_to is None
        assert (found.case.state, found.case.failed_step) == ("unreadable", STEP.get(bug, bug))
        assert found.case.error in {ERROR[bug], "NotNullViolationError", "TypeError"}
        assert (found.case.received_at, found.case.department, found.case.subject) == (ARRIVAL, "", "")
        assert (list(found.messages), list(found.files), list(found.outbox)) == ([], [], [])
        assert events(found) == ["case.unreadable"]
        assert [log["event"] for log in logs][-1] == "message.accepted"
        assert "message.unreadable" in [log["event"] for log in logs]
        listed = await house.database.read(lambda connection: cases.list_cases(connection, unreadable=True))
        assert [case.id for case in listed] == [accepted.case_id]
        (stored,) = await failed(house)
        body = stored.raw.body if stored.inline else await house.blobs.fetch(stored.sha256)
        assert structs.replace(stored.raw, body=body) == delivery()


async def test_the_answer_to_what_we_cannot_read_promises_only_that_a_person_reads_it(city: City) -> None:
    async with city.house("parse") as house:
        receipt = (await house.intake.accept(delivery())).receipt
    assert (receipt.variant, receipt.department, receipt.anonymous, receipt.language) == (
        "unsure",
        "",
        True,
        "sv",
    )
    assert receipt.received_at == ARRIVAL


@pytest.mark.parametrize("bug", ALL)
async def test_ten_copies_stay_one_case_while_the_fault_lasts(city: City, bug: str) -> None:
    async with city.house(bug) as house:
        first = await house.intake.accept(delivery())
        again = await asyncio.gather(
            *(house.intake.accept(delivery(at=ARRIVAL + timedelta(minutes=n))) for n in range(1, 11))
        )
        assert {(each.case_id, each.repeated, each.receipt.reference) for each in again} == {
            (first.case_id, True, first.receipt.reference)
        }
        found = await look(house, first)
        assert (await count(house), len(found.raws), found.case.received_at) == (1, 1, ARRIVAL)
        assert sorted(set(events(found)[1:])) == ["delivery.repeated"]
        assert len(await failed(house)) == 1


def as_data(found: CaseFile) -> dict[str, Any]:
    """All of a case but what no two cases share: ids, numbers, our own clock, and what happened."""
    ids = {found.case.id: "case", found.case.reference: "reference"}
    shown = f"{found.case.reference[:4]}-{found.case.reference[4:]}"
    ids |= {row.id: "message" for row in found.raws} | {shown: "shown"}
    ids |= {row.id: "entry" for row in found.outbox}

    def neutral(value: Any) -> Any:
        if isinstance(value, str):
            for each, name in ids.items():
                value = value.replace(each, name)
            return value
        if isinstance(value, dict):
            return {key: neutral(each) for key, each in value.items()}
        return [neutral(each) for each in value] if isinstance(value, list) else value

    def rows(found_rows: Any, *left_out: str) -> list[dict[str, Any]]:
        return [
            {key: neutral(value) for key, value in row._mapping.items() if key not in left_out}
            for row in found_rows
        ]

    return {
        "case": rows([found.case], "sampled"),  # drawn by the case's own random bits
        "raws": rows(found.raws),
        "messages": rows(found.messages),
        "files": rows(found.files),
        "outbox": rows(found.outbox, "created_at", "due_at"),
    }


@pytest.fixture(scope="module")
def twin(plans: Plans, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the same delivery becomes when nothing is wrong."""

    async def work() -> dict[str, Any]:
        async with settle(plans, tmp_path_factory.mktemp("twin")).house() as house:
            return as_data(await look(house, await house.intake.accept(delivery())))

    return asyncio.run(work())


@pytest.mark.parametrize("bug", ALL)
async def test_after_the_fix_a_replay_makes_the_case_what_it_would_have_been(
    city: City, bug: str, twin: dict[str, Any]
) -> None:
    async with city.house(bug) as house:
        accepted = await house.intake.accept(delivery())
        before = await look(house, accepted)
    async with city.house() as house:
        (stored,) = await failed(house)
        with no_words_in_the_log():
            assert await house.intake.replay(stored) == "understood"
        after = await look(house, accepted)
        assert (after.case.id, after.case.reference, after.case.received_at, after.case.due) == (
            before.case.id,
            before.case.reference,
            ARRIVAL,
            before.case.due,
        )
        expected = deepcopy(twin)
        made = as_data(after)
        if bug == "route":
            # The receipt went out at once and named nobody: it stays what was said, and nobody was told where.
            assert made["case"][0].pop("told_at") is None
            expected["case"][0].pop("told_at")
            for part, columns in {"messages": ("receipt",), "outbox": ("subject", "text", "html")}.items():
                for column in columns:
                    assert made[part][0].pop(column) == as_data(before)[part][0][column]
                    expected[part][0].pop(column)
        assert made == expected
        assert len(after.outbox) == 1
        assert after.messages[0].text == TEXT
        assert [(file.filename, file.size) for file in after.files] == [
            ("bild.jpg", 3),
            ("karta.pdf", len(LARGE)),
        ]
        assert await house.blobs.fetch(after.files[1].sha256) == LARGE
        assert events(after) == [*events(before), "case.understood"]
        assert await failed(house) == []
        assert await count(house) == 1


async def test_the_receipt_of_a_failed_router_names_nobody_and_no_second_one_is_sent(city: City) -> None:
    async with city.house("route") as house:
        accepted = await house.intake.accept(delivery())
        before = await look(house, accepted)
        assert (accepted.receipt.variant, accepted.receipt.department) == ("unsure", "")
        assert accepted.written_to is not None
        assert (before.case.state, before.case.failed_step, before.case.department) == ("open", "route", "")
        assert [entry.recipient for entry in before.outbox] == ["asa.akesson@example.com"]
        names = [department.names["sv"] for department in city.plans.organisation.departments.values()]
        centre = city.plans.organisation.departments[city.plans.organisation.fallback].names["sv"]
        assert [name for name in names if name in before.outbox[0].text] == [centre]
    async with city.house() as house:
        (stored,) = await failed(house)
        assert await house.intake.replay(stored) == "understood"
        after = await look(house, accepted)
        assert after.case.department
        assert [dict(entry._mapping) for entry in after.outbox] == [
            dict(entry._mapping) for entry in before.outbox
        ]


async def test_a_receipt_that_could_not_be_made_leaves_everything_else_understood(city: City) -> None:
    async with city.house("receipt") as house:
        accepted = await house.intake.accept(delivery())
        found = await look(house, accepted)
        assert (found.case.state, found.case.failed_step) == ("open", "receipt")
        assert found.case.department
        assert found.messages[0].text == TEXT
        assert (found.messages[0].receipt, list(found.outbox), accepted.written_to) == ({}, [], None)


@pytest.mark.parametrize("bug", ALL)
async def test_a_delivery_that_comes_again_after_the_replay_is_a_repetition(city: City, bug: str) -> None:
    async with city.house(bug) as house:
        first = await house.intake.accept(delivery())
    async with city.house() as house:
        (stored,) = await failed(house)
        await house.intake.replay(stored)
        again = await house.intake.accept(delivery(at=ARRIVAL + timedelta(hours=1)))
        assert (again.repeated, again.case_id, again.receipt.reference) == (
            True,
            first.case_id,
            first.receipt.reference,
        )
        assert again.written_to is not None
        found = await look(house, again)
        assert (await count(house), len(found.outbox), found.case.received_at) == (1, 1, ARRIVAL)


@pytest.mark.parametrize("bug", EARLY)
async def test_a_copy_that_was_understood_meanwhile_keeps_the_case(city: City, bug: str) -> None:
    async with city.house(bug) as house:
        first = await house.intake.accept(delivery())
    async with city.house() as house:
        second = await house.intake.accept(delivery(at=ARRIVAL + timedelta(hours=1)))
        assert (second.repeated, second.case_id == first.case_id) == (False, False)
        (stored,) = await failed(house)
        assert await house.intake.replay(stored) == "duplicate"
        old, new = await look(house, first), await look(house, second)
        assert (old.case.state, old.case.failed_step, old.case.received_at) == ("duplicate", "", ARRIVAL)
        assert (list(old.messages), list(old.outbox)) == ([], [])
        assert events(old) == ["case.unreadable", "case.duplicate"]
        assert (new.case.state, len(new.outbox), len(new.messages)) == ("open", 1, 1)
        assert await failed(house) == []
        again = await house.intake.accept(delivery())
        assert again.case_id == second.case_id


@pytest.mark.parametrize("bug", ALL)
async def test_a_replay_while_the_fault_lasts_changes_nothing(city: City, bug: str) -> None:
    async with city.house(bug) as house:
        accepted = await house.intake.accept(delivery())
        before = await look(house, accepted)
        (stored,) = await failed(house)
        assert await house.intake.replay(stored) == "failed"
        after = await look(house, accepted)
        assert as_data(after) == as_data(before)
        assert events(after) == events(before)
        assert await failed(house) == [stored]


@pytest.mark.parametrize("bug", ALL)
async def test_a_second_replay_does_nothing(city: City, bug: str) -> None:
    async with city.house(bug) as house:
        accepted = await house.intake.accept(delivery())
    async with city.house() as house:
        (stored,) = await failed(house)
        await house.intake.replay(stored)
        before = await look(house, accepted)
        await house.intake.replay(stored)
        after = await look(house, accepted)
        assert as_data(after) == as_data(before)
        assert events(after) == events(before)


@pytest.mark.parametrize("bug", ALL)
async def test_two_replays_at_once_complete_the_case_and_owe_one_receipt(city: City, bug: str) -> None:
    async with city.house(bug) as house:
        accepted = await house.intake.accept(delivery())
    async with city.house() as house:
        (stored,) = await failed(house)
        await asyncio.gather(house.intake.replay(stored), house.intake.replay(stored))
        found = await look(house, accepted)
        assert (found.case.state, found.case.failed_step) == ("open", "")
        assert found.case.department
        assert (len(found.messages), len(found.outbox)) == (1, 1)


async def test_a_receipt_that_fails_for_an_added_message_is_seen_too(city: City) -> None:
    async with city.house() as house:
        first = await house.intake.accept(delivery())
        (entry,) = (await look(house, first)).outbox
    async with city.house("receipt") as house:
        added = await house.intake.accept(delivery(2, references=entry.message_id))
        # A case of its own, which a person sees and a replay completes; its references name the first.
        assert added.case_id != first.case_id
        assert [stored.id for stored in await failed(house)] == [added.message_id]


async def test_of_many_only_those_that_failed_are_replayed_oldest_first(city: City) -> None:
    async with city.house() as house:
        await house.intake.accept(delivery(1))
    async with city.house("parse") as house:
        for number in (2, 3, 4):
            await house.intake.accept(delivery(number))
    async with city.house() as house:
        await house.intake.accept(delivery(5))
        waiting = await failed(house)
        assert [
            b"<%d@example.com>" % number in await body_of(house, stored)
            for number, stored in zip((2, 3, 4), waiting, strict=True)
        ] == [True] * 3
        assert [await house.intake.replay(stored) for stored in waiting] == ["understood"] * 3
        assert await house.database.read(outbox.count) == {"queued": 5}
        assert (await count(house), await failed(house)) == (5, [])


async def body_of(house: House, stored: StoredRaw) -> bytes:
    return stored.raw.body if stored.inline else await house.blobs.fetch(stored.sha256)


async def bring_in(house: House, archive: Path, *, sends_receipts: bool = False) -> Tally:
    tally = Tally()
    await Import(house=house, tally=tally, sends_receipts=sends_receipts).run([archive])
    return tally


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "gammalt.eml"
    file.write_bytes(mail())
    return file


@pytest.mark.parametrize("bug", [*EARLY, "route"])
async def test_a_replay_of_imported_mail_completes_the_case_and_sends_nothing_that_nobody_asked_for(
    city: City, archive: Path, bug: str
) -> None:
    async with city.house(bug) as house:
        assert (await bring_in(house, archive)).imported == 1
        (stored,) = await failed(house)
        assert await house.database.read(outbox.count) == {}
    async with city.house() as house:
        # It is here already, though nobody could read it.
        assert (await bring_in(house, archive)).known == 1
        assert await house.intake.replay(stored) == "understood"
        (case,) = await house.database.read(cases.list_cases)
        found = await house.database.read(lambda c: cases.find_case(c, case.reference))
        assert found is not None
        assert (case.state, case.failed_step, case.subject) == ("open", "", "Hål i vägen")
        assert [(message.text, message.withheld) for message in found.messages] == [(TEXT, "import")]
        assert [file.filename for file in found.files] == ["bild.jpg", "karta.pdf"]
        assert (list(found.outbox), await failed(house)) == ([], [])
        assert await house.intake.replay(stored) == "understood"
        assert (await bring_in(house, archive)).known == 1
        assert (await house.database.read(outbox.count), await count(house)) == ({}, 1)


@pytest.mark.parametrize("bug", ALL)
async def test_a_replay_of_mail_that_was_imported_with_receipts_owes_one(
    city: City, archive: Path, bug: str
) -> None:
    async with city.house(bug) as house:
        await bring_in(house, archive, sends_receipts=True)
        (stored,) = await failed(house)
    async with city.house() as house:
        assert await house.intake.replay(stored) == "understood"
        assert await house.database.read(outbox.count) == {"queued": 1}
        assert await count(house) == 1

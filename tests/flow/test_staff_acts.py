"""What staff do with a case beside the letters: take, note, mark, link, merge, part, take back. On both databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.settings import load_settings
from gateway import handling
from gateway.desk import UNDO, Act, Desk, Done, stamp
from gateway.house import House, draw_plans, open_house
from normalizer.messages import RawMessage
from store import case_acts, cases, disposal, outbox, rows
from store.access import Scope
from store.case_page import CasePage, find_alike, find_page
from store.cases import CaseFile
from store.errors import NotPossible
from store.staff_tables import CaseLink, Note
from store.statements import table
from store.tables import Case

NOW = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
MEMBER, OTHER = "0" * 31 + "1", "0" * 31 + "2"
POTHOLE = "Det är ett stort potthål på Vasagatan utanför nummer 12."
_case, _note, _link = table(Case), table(Note), table(CaseLink)


class Room:
    """A house, and somebody at the desk."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.now = NOW
        self.count = 0

    async def write(self, text: str = POTHOLE, *, answers: str = "") -> str:
        self.count += 1
        head = f"From: asa@example.com\r\nTo: kontakt@example.org\r\nSubject: Hej\r\nMessage-ID: <{self.count}@example.com>\r\n"
        head += f"In-Reply-To: <{answers}>\r\n" if answers else ""
        body = f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
        raw = RawMessage(
            channel="email", received_at=self.now, body=body, envelope_from="asa@example.com",
            envelope_to=("kontakt@example.org",),
        )  # fmt: skip
        return (await self.house.intake.accept(raw)).case_id

    async def call(self, work: Callable[[Any], Any]) -> Any:
        return await self.house.writer.call(work)

    def act(self, by: str = MEMBER) -> Act:
        return Act(by=by, at=self.now)

    @property
    def desk(self) -> Desk:
        return self.house.plans.desk()

    async def read(self, case: str) -> CaseFile:
        row = await self.house.database.read(
            lambda c: c.execute(select(_case).where(_case.c.id == case)).one()
        )
        found = await self.house.database.read(lambda c: cases.find_case(c, row.reference))
        assert found is not None
        return found

    async def answer(self, case: str, text: str = "Vi lagar det på torsdag.", **more: Any) -> Done:
        return await self.call(lambda c: self.desk.answer(c, case, text, self.act(), **more))


@pytest.fixture
async def room(database_url: str, tmp_path: Path) -> AsyncIterator[Room]:
    settings = {
        "KVITTO_STORE__FOLDER": str(tmp_path / "data"),
        "KVITTO_STORE__URL": database_url,
        "KVITTO_STORE__MIGRATE_AT_START": "true",
    }
    async with open_house(draw_plans(load_settings(None, settings)), sending=False) as house:
        writing = asyncio.create_task(house.writer.run())
        try:
            yield Room(house)
        finally:
            writing.cancel()


def types(found: CaseFile) -> list[str]:
    return [event.type for event in found.events]


async def test_one_has_a_case_until_it_is_put_back_taken_over_or_moved(room: Room) -> None:
    case = await room.write()
    await room.call(lambda c: handling.take(c, case, room.act(), accepts=True))
    found = await room.read(case)
    assert found.case.holder == MEMBER
    assert types(found)[-2:] == ["case.taken", "case.accepted"]
    with pytest.raises(NotPossible, match="somebody else"):
        await room.call(lambda c: handling.take(c, case, room.act(OTHER)))
    await room.call(lambda c: handling.take(c, case, room.act(OTHER), accepts=True, over=True))
    found = await room.read(case)
    assert (found.case.holder, found.events[-1].data) == (OTHER, {"by": OTHER, "from": MEMBER})
    await room.call(lambda c: room.desk.move(c, case, "miljo", room.act()))
    assert (await room.read(case)).case.holder == ""
    with pytest.raises(NotPossible, match="nobody has it"):
        await room.call(lambda c: handling.put_back(c, case, room.act()))


async def test_notes_marks_and_sorts_are_on_the_record_without_their_words(room: Room) -> None:
    case = await room.write()
    await room.call(lambda c: handling.note(c, case, " Ring Åsa före lunch. ", room.act()))
    await room.call(
        lambda c: handling.mark_secrecy(c, case, "secret", room.act(), basis="OSL 26:1", until="2031-11-24")
    )
    await room.call(lambda c: handling.mark_kind(c, case, "handling", room.act()))
    found = await room.read(case)
    assert (found.case.secrecy, found.case.matter, found.case.version) == ("secret", "handling", 3)
    noted, marked, sorted_ = found.events[-3:]
    assert noted.data.keys() == {"by", "note"}
    assert marked.data == {
        "by": MEMBER,
        "from": "",
        "to": "secret",
        "basis": "OSL 26:1",
        "until": "2031-11-24",
    }
    assert sorted_.data == {"by": MEMBER, "from": "felanmalan", "to": "handling"}
    for wrong in (("hemlig", "x", ""), ("protected", " ", ""), ("", "", "i morgon")):
        with pytest.raises(NotPossible):
            await room.call(
                lambda c, w=wrong: handling.mark_secrecy(c, case, w[0], room.act(), basis=w[1], until=w[2])
            )


async def test_an_answer_lies_ten_seconds_and_can_be_taken_back_until_it_is_claimed(room: Room) -> None:
    case = await room.write()
    before = (await room.read(case)).case
    done = await room.answer(case, wait=UNDO)
    await room.call(lambda c: room.desk.close(c, case, "", room.act()))
    early = room.now + UNDO - timedelta(seconds=1)
    assert await room.call(lambda c: outbox.claim(c, node="n", now=early, limit=9)) == []
    found = await room.read(case)
    entry = next(each for each in found.outbox if each.id == done.entry)
    assert (found.case.state, entry.state, entry.claimed_by) == ("closed", "queued", "")
    await room.call(lambda c: handling.undo_answer(c, case, done.entry, room.act()))
    found = await room.read(case)
    assert [each.purpose for each in found.outbox] == ["receipt"]
    assert (found.case.state, found.case.answered_at) == ("open", None)
    assert found.case.waiting_since == before.waiting_since
    assert found.case.clock_at is not None

    done = await room.answer(case, wait=UNDO)
    assert [each.message.id for each in await room.call(lambda c: outbox.claim(c, node="n", now=room.now + UNDO, limit=9))] == [done.entry]  # fmt: skip
    with pytest.raises(NotPossible, match="on its way"):
        await room.call(lambda c: handling.undo_answer(c, case, done.entry, room.act()))
    assert (await room.read(case)).case.answered_at == NOW


async def test_who_wrote_before_something_happened_is_told_and_nothing_is_sent(room: Room) -> None:
    case = await room.write()
    seen = stamp((await room.read(case)).events)
    await room.call(lambda c: handling.note(c, case, "Jag svarar strax.", room.act(OTHER)))
    await room.answer(case, seen=seen)
    with pytest.raises(NotPossible, match="meanwhile"):
        await room.answer(case, "Ett svar till.", seen=seen)
    assert [each.purpose for each in (await room.read(case)).outbox] == ["receipt", "answer"]


async def test_a_message_gets_a_case_of_its_own_and_its_writer_the_number(room: Room) -> None:
    case = await room.write()
    receipt = (await room.read(case)).outbox[0]
    assert await room.write("Dessutom är gungan trasig i parken.", answers=receipt.message_id) == case
    first, second = [message.id for message in (await room.read(case)).messages]
    with pytest.raises(NotPossible, match="stays"):
        await room.call(lambda c: handling.part(c, room.desk, case, first, room.act()))
    number = await room.call(lambda c: handling.part(c, room.desk, case, second, room.act()))
    found = await room.house.database.read(lambda c: cases.find_case(c, number))
    assert found is not None
    assert ([each.id for each in found.messages], [each.id for each in found.raws]) == ([second], [second])
    assert (found.case.state, found.case.department, found.case.waiting_since) == ("open", "", NOW)
    assert [each.purpose for each in found.outbox] == ["receipt"]
    assert f"{number[:4]}-{number[4:]}" in found.outbox[0].text
    assert types(found) == ["case.opened", "case.parted"]
    (linked,) = await room.house.database.read(lambda c: case_acts.list_linked(c, case))
    assert (linked.one, linked.other, linked.kind) == (case, found.case.id, "split")
    # It is a case like any other: it can be answered.
    done = await room.answer(found.case.id)
    assert done.told is not None


async def test_cases_are_linked_once_and_merged_only_within_a_board_and_a_mark(room: Room) -> None:
    one, other, third = [await room.write() for _ in range(3)]
    await room.call(lambda c: handling.link(c, one, other, room.act()))
    for pair in ((one, other), (other, one), (one, one)):
        with pytest.raises(NotPossible):
            await room.call(lambda c, p=pair: handling.link(c, *p, room.act()))
    city = room.house.plans.organisation
    await room.call(lambda c: handling.mark_secrecy(c, one, "secret", room.act(), basis="OSL 26:1"))
    with pytest.raises(NotPossible, match="marked"):
        await room.call(lambda c: handling.merge(c, city, other, one, room.act()))
    await room.call(lambda c: room.desk.move(c, third, "ifo", room.act()))
    with pytest.raises(NotPossible, match="boards"):
        await room.call(lambda c: handling.merge(c, city, other, third, room.act()))
    await room.call(lambda c: handling.mark_secrecy(c, one, "", room.act()))
    await room.call(lambda c: handling.merge(c, city, other, one, room.act()))
    assert (await room.read(other)).case.joined_to == one


async def test_what_staff_wrote_goes_with_a_case_that_is_destroyed(room: Room) -> None:
    case, other = await room.write(), await room.write()
    await room.call(lambda c: handling.take(c, case, room.act()))
    await room.call(lambda c: handling.note(c, case, "Åsa är arg.", room.act()))
    await room.call(lambda c: handling.link(c, case, other, room.act()))
    event = rows.event_change(case, "case.disposed", NOW, {})
    await room.call(lambda c: disposal.dispose(c, case, refuse=lambda _: "", event=lambda _: event))
    found = await room.read(case)
    assert (found.case.state, found.case.holder) == ("disposed", "")
    left = await room.house.database.read(
        lambda c: (c.execute(select(_note)).all(), c.execute(select(_link)).all())
    )
    assert left == ([], [])


async def test_a_page_holds_what_its_viewer_may_read_and_nothing_else(room: Room) -> None:
    case, other = await room.write(), await room.write()
    await room.call(lambda c: handling.take(c, case, room.act()))
    await room.call(lambda c: handling.note(c, case, "Ring först.", room.act()))
    await room.call(lambda c: handling.link(c, case, other, room.act()))
    await room.call(lambda c: room.desk.move(c, other, "ifo", room.act()))
    reference = (await room.read(case)).case.reference
    teknik = Scope(whole=frozenset({"teknik"}), secret=frozenset({"teknik"}))

    async def look(scope: Scope) -> CasePage | None:
        return await room.house.database.read(lambda c: find_page(c, scope, reference))

    page = await look(teknik)
    assert page is not None
    assert ([each.text for each in page.notes], len(page.messages), len(page.letters)) == (
        ["Ring först."],
        1,
        1,
    )
    assert page.raws.keys() == {page.messages[0].id}
    assert page.others == {}
    both = await look(Scope(whole=frozenset({"teknik", "ifo"})))
    assert both is not None
    assert set(both.others) == {other}
    assert await look(Scope(whole=frozenset({"skola"}))) is None
    listed = await look(Scope(listed=frozenset({"teknik"})))
    assert listed is not None
    assert (listed.level, listed.messages, listed.letters, listed.events, listed.notes) == (1, (), (), (), ())
    alike = partial(find_alike, words=["potthål", "vasagatan"])
    assert [row.id for row in await room.house.database.read(lambda c: alike(c, teknik))] == [case]
    assert await room.house.database.read(lambda c: alike(c, Scope(whole=frozenset({"skola"})))) == []


async def test_a_case_that_is_joined_is_read_in_the_other_only_by_who_may_read_it(room: Room) -> None:
    old, new = await room.write(), await room.write("Hålet på Vasagatan är större nu.")
    city = room.house.plans.organisation
    await room.call(lambda c: handling.merge(c, city, new, old, room.act()))
    reference = (await room.read(old)).case.reference
    teknik = Scope(whole=frozenset({"teknik"}))
    page = await room.house.database.read(lambda c: find_page(c, teknik, reference))
    assert page is not None
    assert [message.case_id for message in page.messages] == [old, new]
    await room.call(lambda c: handling.mark_secrecy(c, new, "secret", room.act(), basis="OSL 26:1"))
    page = await room.house.database.read(lambda c: find_page(c, teknik, reference))
    assert page is not None
    assert [message.case_id for message in page.messages] == [old]

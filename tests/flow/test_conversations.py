"""Conversations through the one path: several messages in a row are one case, nothing is swallowed by an old one.

The channel is one of the test's own, so that what is tried is what all channels of conversations share. Its deliveries
are messages as a channel understands them, in JSON.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import select, update

from channels.base import (
    Fetches,
    Parser,
    PermanentFetchError,
    PermanentSendError,
    Sender,
    TemporaryFetchError,
)
from config.settings import Settings
from gateway.commands import show, show_cases
from gateway.desk import Act
from gateway.house import House, Plans, draw_plans, open_house
from gateway.intake import Accepted
from gateway.joining import join, split
from normalizer.messages import (
    Address,
    Attachment,
    DeliveryReport,
    Enclosure,
    InboundMessage,
    OutboundMessage,
    RawMessage,
)
from normalizer.reference import read_reference
from store import cases, contacts, rows
from store.cases import CaseFile
from store.conversation_tables import Contact, ContactLink, Media
from store.disposal import dispose
from store.errors import NotPossible
from store.statements import table
from store.tables import Case, OutboxEntry, Raw
from tests.flow.test_chat import multipart

START = datetime(2026, 11, 10, 8, 41, 7, tzinfo=UTC)
ANNA, BO = "+46701740605", "+46701740611"
HOLE = "Det är ett stort hål i vägen på Storgatan"
LAMP = "Gatlampan utanför Lillgatan 4 är trasig"


@dataclass(frozen=True, kw_only=True)
class Spoken(Parser, Sender, Fetches):
    """A channel whose deliveries are InboundMessages in JSON."""

    sent: list[OutboundMessage] = field(default_factory=list)
    files: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def build(cls, options: Any, surroundings: Any) -> Self:
        raise NotImplementedError

    def parse(self, raw: RawMessage) -> InboundMessage:
        return msgspec.json.decode(raw.body, type=InboundMessage)

    async def send(self, message: OutboundMessage) -> str:
        if message.to.value.endswith("99"):
            raise PermanentSendError("stopped: 21610")
        self.sent.append(message)
        return f"p:{message.id}"

    async def fetch(self, enclosure: Enclosure) -> Attachment:
        found = self.files[enclosure.source]
        if isinstance(found, Exception):
            raise found
        return Attachment(filename="bild.jpg", content_type="image/jpeg", content=found)


@dataclass
class Town:
    """Some nodes of one city, and what its residents say."""

    house: House
    channels: dict[str, Spoken]
    nodes: list[House]
    now: datetime = START
    number: int = 0

    async def say(
        self, text: str = "", who: str = ANNA, *, channel: str = "sms", node: int = 0, **more: Any
    ) -> Accepted:
        return await self.nodes[node].intake.accept(self.deliver(text, who, channel=channel, **more))

    def deliver(self, text: str = "", who: str = ANNA, *, channel: str = "sms", **more: Any) -> RawMessage:
        self.number += 1
        address = Address(channel=channel, value=who)
        given = {"external_id": f"x{self.number}", "sender": address, "answer_to": (address,)} | more
        message = InboundMessage(text=text, message_id=given["external_id"], **given)
        return RawMessage(channel=channel, received_at=self.now, body=msgspec.json.encode(message))

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    async def case(self, accepted: Accepted) -> CaseFile:
        reference = read_reference(accepted.receipt.reference)
        found = await self.house.database.read(lambda connection: cases.find_case(connection, reference))
        assert found is not None
        return found

    async def rows(self, model: Any) -> list[Any]:
        query = select(table(model)).order_by(table(model).c.id)
        return list(await self.house.database.read(lambda connection: connection.execute(query).all()))

    async def owed(self, purpose: str) -> list[Any]:
        return [row for row in await self.rows(OutboxEntry) if row.purpose == purpose]

    async def until(self, is_done: Callable[[], bool]) -> None:
        for _ in range(6000):
            if is_done():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it never came")


@pytest.fixture(scope="module")
def plans() -> Plans:
    return draw_plans(Settings())


@asynccontextmanager
async def settle(plans: Plans, folder: Path, url: str, nodes: int = 1) -> AsyncIterator[Town]:
    """A city whose nodes run, in an empty store."""
    channels = {name: Spoken() for name in ("sms", "telegram", "whatsapp")}
    houses: list[House] = []
    async with AsyncExitStack() as stack:
        writers: list[asyncio.Task[None]] = []
        others: list[asyncio.Task[None]] = []
        for number in range(nodes):
            settings = Settings.model_validate(
                {
                    "store": {"folder": folder, "url": url, "migrate_at_start": True},
                    "outbox": {"node": f"node{number}"},
                }
            )
            here = replace(plans, settings=settings, channels={**plans.channels, **channels})
            house = await stack.enter_async_context(open_house(here, sending=True))
            houses.append(house)
            writers.append(asyncio.create_task(house.writer.run()))
            others += [asyncio.create_task(each.run()) for each in (house.dispatcher, house.media)]
        town = Town(houses[0], channels, houses)
        for house in houses:
            # What people say comes by the test's clock; leases keep real time.
            house.intake._clock = house.intake._readers._clock = lambda: town.now
        try:
            yield town
        finally:
            # As the service ends: who writes last.
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            for house in houses:
                await house.writer.flush()
            for task in writers:
                task.cancel()
            await asyncio.gather(*writers, return_exceptions=True)


@pytest.fixture
async def town(plans: Plans, tmp_path: Path) -> AsyncIterator[Town]:
    async with settle(plans, tmp_path / "data", "") as found:
        yield found


def kinds(found: CaseFile) -> list[str]:
    return [message.kind for message in found.messages]


def events(found: CaseFile) -> list[str]:
    return [event.type for event in found.events]


async def test_several_messages_in_a_row_are_one_case_and_one_receipt(town: Town) -> None:
    first = await town.say("Hej")
    for text in ("Jag undrar en sak", "Hallå?"):
        town.later(5)
        again = await town.say(text)
        assert (again.case_id, again.written_to) == (first.case_id, None)
    found = await town.case(first)
    assert [message.text for message in found.messages] == ["Hej", "Jag undrar en sak", "Hallå?"]
    assert [message.turn for message in found.messages] == [1, 2, 3]
    assert {message.withheld for message in found.messages} == {""}
    assert [entry.purpose for entry in found.outbox] == ["receipt"]
    assert len(found.outbox[0].text) <= 160


async def test_what_is_said_in_a_row_is_routed_together_and_the_person_hears_where(town: Town) -> None:
    first = await town.say("Hej!")
    before = (await town.case(first)).case
    town.later(1)
    await town.say(HOLE)
    found = await town.case(first)
    assert before.department == ""
    assert found.case.department != ""
    assert [entry.purpose for entry in found.outbox] == ["receipt", "decided"]
    assert found.case.told_at == town.now


async def test_danger_in_a_later_message_is_answered_at_once_and_raises_the_alarm(town: Town) -> None:
    first = await town.say("Hej")
    town.later(2)
    await town.say("Jag orkar inte leva längre, jag vill dö")
    found = await town.case(first)
    assert found.case.alarm != ""
    assert "alarm.raised" in events(found)
    assert "112" in found.outbox[-1].text
    town.later(1)
    await town.say("Jag vill dö")
    assert len((await town.case(first)).outbox) == len(found.outbox)


async def test_another_matter_is_a_case_of_its_own_and_the_person_is_asked(town: Town) -> None:
    old = await town.say(HOLE)
    town.later(60)
    new = await town.say(LAMP)
    assert new.case_id != old.case_id
    found = await town.case(new)
    assert [entry.purpose for entry in found.outbox] == ["receipt", "question"]
    question = found.outbox[1]
    assert old.receipt.reference in question.text
    assert len(question.text) <= 160
    assert "case.linked" in events(found)
    assert "case.linked" in events(await town.case(old))
    await town.until(lambda: len(town.channels["sms"].sent) == 3)
    # Several workers send at once: of two short messages either may be first.
    assert {each.id for each in found.outbox} <= {each.id for each in town.channels["sms"].sent}


async def test_the_answer_same_joins_and_the_answer_new_takes_apart_again(town: Town) -> None:
    old = await town.say(HOLE)
    town.later(60)
    new = await town.say(LAMP)
    before = (await town.case(new)).case
    answered = await town.say("1.")
    joined = await town.case(new)
    assert answered.case_id == new.case_id
    assert (joined.case.state, joined.case.joined_to) == ("joined", old.case_id)
    assert (joined.case.waiting_since, joined.case.clock_at) == (None, None)
    assert kinds(joined) == ["message", "choice"]
    assert joined.messages[1].labels == ["choice"]
    assert "case.joined" in events(joined)
    assert "case.extended" in events(await town.case(old))
    assert joined.outbox[-1].purpose == "confirmation"
    assert old.receipt.reference in joined.outbox[-1].text
    # What follows goes to the case that goes on.
    town.later(1)
    assert (await town.say("En sak till")).case_id == old.case_id
    await town.say("2")
    apart = await town.case(new)
    assert (apart.case.state, apart.case.joined_to) == ("open", "")
    assert apart.case.waiting_since == before.waiting_since
    assert "case.split" in events(apart)
    assert new.receipt.reference in apart.outbox[-1].text


async def test_a_button_is_obeyed_long_after_but_only_from_whoever_wrote_in_both_cases(town: Town) -> None:
    old = await town.say(HOLE, channel="telegram", who="4711")
    town.later(60)
    new = await town.say(LAMP, channel="telegram", who="4711")
    (question,) = await town.owed("question")
    assert [choice["key"].partition(":")[0] for choice in question.choices] == ["same", "new"]
    same = question.choices[0]["key"]
    town.later(60 * 24 * 20)
    other = await town.say("Det gäller det", channel="telegram", who="4712", pressed=same)
    assert other.case_id not in {old.case_id, new.case_id}
    assert (await town.case(new)).case.state == "open"
    pressed = town.deliver("Det gäller det", channel="telegram", who="4711", pressed=same)
    await town.house.intake.accept(pressed)
    again = await town.house.intake.accept(pressed)
    assert again.repeated
    found = await town.case(new)
    assert found.case.joined_to == old.case_id
    assert kinds(found) == ["message", "choice"]
    assert [entry.purpose for entry in found.outbox].count("confirmation") == 1


async def test_a_digit_without_a_question_is_a_message(town: Town) -> None:
    first = await town.say("1")
    assert kinds(await town.case(first)) == ["message"]
    assert first.written_to is not None


async def test_a_reply_and_a_known_number_join_and_a_strangers_number_does_not(town: Town) -> None:
    old = await town.say(HOLE, channel="telegram", who="4711")
    await town.until(lambda: bool(town.channels["telegram"].sent))
    await town.house.writer.flush()
    entry = (await town.case(old)).outbox[0]
    assert entry.provider_id == f"p:{entry.id}"
    town.later(60 * 24)
    replied = await town.say(
        "Nu är det större", channel="telegram", who="4711", references=(entry.provider_id,)
    )
    assert replied.case_id == old.case_id
    town.later(60 * 24)
    named = await town.say(f"Mer om {old.receipt.reference.lower()}", channel="telegram", who="4711")
    assert named.case_id == old.case_id
    stranger = await town.say(f"Om {old.receipt.reference}", channel="telegram", who="4712")
    assert stranger.case_id != old.case_id
    assert "case.linked" in events(await town.case(stranger))
    forged = await town.say("Svar", channel="telegram", who="4713", references=(entry.provider_id,))
    assert forged.case_id != old.case_id


async def test_an_edit_is_added_to_the_same_case_and_overwrites_nothing(town: Town) -> None:
    old = await town.say(HOLE, channel="telegram", who="4711", external_id="b:4711:7")
    town.later(60 * 24)
    edited = await town.say(
        "Det är två hål", channel="telegram", who="4711", edits="b:4711:7", labels=("edited",)
    )
    assert edited.case_id == old.case_id
    found = await town.case(old)
    assert [message.text for message in found.messages] == [HOLE, "Det är två hål"]
    assert found.messages[1].labels == ["edited"]


async def test_what_comes_after_a_case_was_closed_opens_it_again_only_within_the_quiet_time(
    town: Town,
) -> None:
    old = await town.say(HOLE)
    closing = update(table(Case)).values(state="closed", waiting_since=None, clock_at=None)
    await town.house.writer.call(lambda connection: connection.execute(closing))
    town.later(5)
    assert (await town.say("Tack, men det är kvar")).case_id == old.case_id
    assert "case.reopened" in events(await town.case(old))
    await town.house.writer.call(lambda connection: connection.execute(closing))
    town.later(45)
    new = await town.say(LAMP)
    assert new.case_id != old.case_id
    assert await town.owed("question") == []


async def test_after_stop_nothing_automatic_goes_there_and_start_takes_it_back(town: Town) -> None:
    first = await town.say(HOLE)
    stop = town.deliver("Stopp!")
    await town.house.intake.accept(stop)
    assert (await town.house.intake.accept(stop)).repeated
    await town.say("STOP")
    town.later(90)
    silent = await town.say(LAMP)
    assert (await town.case(silent)).messages[0].withheld == "stopped"
    assert len(await town.owed("stop")) == 1
    assert len(await town.owed("receipt")) == 1
    assert await town.owed("question") == []
    assert kinds(await town.case(first)) == ["message", "stop", "stop"]
    assert events(await town.case(first)).count("contact.stopped") == 2
    await town.say("börja")
    town.later(90)
    heard = await town.say("Och en sak till: sophämtningen kom inte")
    assert heard.written_to is not None
    assert len(await town.owed("resume")) == 1
    # More than the word is a message.
    town.later(90)
    assert kinds(await town.case(await town.say("Stopp i avloppet"))) == ["message"]


async def test_a_greeting_opens_no_case_and_is_said_once_to_each_command(town: Town) -> None:
    start = town.deliver(channel="telegram", who="4711", kind="greeting", device_language="fi-FI")
    accepted = await town.house.intake.accept(start)
    again = await town.house.intake.accept(start)
    assert (accepted.case_id, accepted.repeated, again.repeated) == ("", False, True)
    (greeting,) = await town.owed("greeting")
    assert (greeting.case_id, greeting.language) == (None, "fi")
    assert "112" in greeting.text
    await town.until(lambda: [each.id for each in town.channels["telegram"].sent] == [greeting.id])
    assert await town.rows(Case) == []
    await town.say(channel="telegram", who="4711", kind="stop")
    (contact,) = await town.rows(Contact)
    assert contact.stopped_at is not None
    assert await town.owed("stop") == []


async def test_two_deliveries_at_the_same_moment_are_one_case(
    plans: Plans, tmp_path: Path, database_url: str
) -> None:
    async with settle(plans, tmp_path / "data", database_url, nodes=2) as town:
        for number in range(4):
            who = f"+4670174060{number}"
            made = await asyncio.gather(
                *(town.say(f"Hej {each}", who=who, node=each % 2) for each in range(6))
            )
            assert len({each.case_id for each in made}) == 1
            assert [each.written_to is not None for each in made].count(True) == 1
            found = await town.case(made[0])
            assert sorted(message.turn for message in found.messages) == [1, 2, 3, 4, 5, 6]
            assert len(found.outbox) == 1
        assert len(await town.rows(Contact)) == 4


async def test_both_nodes_that_hear_the_same_answer_join_once(
    plans: Plans, tmp_path: Path, database_url: str
) -> None:
    async with settle(plans, tmp_path / "data", database_url, nodes=2) as town:
        await town.say(HOLE)
        town.later(60)
        new = await town.say(LAMP)
        yes = town.deliver("1")
        answers = await asyncio.gather(*(node.intake.accept(yes) for node in (*town.nodes, *town.nodes)))
        assert [each.repeated for each in answers].count(False) == 1
        found = await town.case(new)
        assert events(found).count("case.joined") == 1
        assert kinds(found) == ["message", "choice"]


async def test_files_are_owed_with_the_message_and_fetched_after_it(
    plans: Plans, tmp_path: Path, database_url: str
) -> None:
    async with settle(plans, tmp_path / "data", database_url) as town:
        channel = town.channels["telegram"]
        large = b"\xff\xd8" + b"x" * 300_000
        channel.files.update(
            {
                "one": b"\xff\xd8small",
                "two": large,
                "gone": PermanentFetchError("404"),
                "later": TemporaryFetchError("503", retry_after=3600),
            }
        )
        enclosures = tuple(Enclosure(source=each, filename=f"{each}.jpg", size=9) for each in channel.files)
        made = await town.say(HOLE, channel="telegram", who="4711", enclosures=enclosures)
        assert len(await town.rows(Media)) == 4
        for _ in range(1000):
            states = {row.source or row.filename: row.state for row in await town.rows(Media)}
            if list(states.values()).count("waiting") == 1 and (await town.rows(Media))[-1].attempts:
                break
            await asyncio.sleep(0.01)
        assert states == {"one.jpg": "fetched", "two.jpg": "fetched", "gone": "failed", "later": "waiting"}
        found = await town.case(made)
        assert [file.size for file in found.files] == [7, 300_002]
        assert await town.house.blobs.fetch(found.files[1].sha256) == large
        failed = [event for event in found.events if event.type == "media.failed"]
        assert [event.data["why"] for event in failed] == ["404"]


async def test_a_carriers_report_never_takes_anything_back(town: Town) -> None:
    made = await town.say(HOLE)
    await town.until(lambda: bool(town.channels["sms"].sent))
    entry = (await town.case(made)).outbox[0].id
    report = town.house.intake.report

    async def state() -> tuple[str, int]:
        row = (await town.case(made)).outbox[0]
        return row.state, len(row.results)

    await report("sms", DeliveryReport(provider_id=f"p:{entry}", state="sent"))
    assert await state() == ("sent", 1)
    await report("sms", DeliveryReport(entry=entry, state="delivered", detail="delivered"))
    assert await state() == ("delivered", 2)
    for late in ("sent", "failed", "delivered"):
        await report("sms", DeliveryReport(entry=entry, state=late, permanent=True))
        assert await state() == ("delivered", 2)
    await report("telegram", DeliveryReport(entry=entry, state="failed"))
    await report("sms", DeliveryReport(entry="0" * 32, state="failed"))
    assert await state() == ("delivered", 2)


async def test_a_number_that_nobody_has_is_blocked_and_one_that_stopped_us_is_left_alone(town: Town) -> None:
    made = await town.say(HOLE)
    await town.until(lambda: bool(town.channels["sms"].sent))
    entry = (await town.case(made)).outbox[0].id
    failed = DeliveryReport(entry=entry, state="failed", detail="unreachable: 30003", permanent=True)
    await town.house.intake.report("sms", failed)
    found = await town.case(made)
    assert found.outbox[0].state == "returned"
    assert "receipt.bounced" in events(found)
    town.later(60)
    assert (await town.case(await town.say(LAMP))).messages[0].withheld == "dead-address"
    await town.say(HOLE, who="+46701740699")
    for _ in range(1000):
        if await town.house.database.read(lambda c: contacts.is_stopped(c, "sms", "+46701740699")):
            break
        await asyncio.sleep(0.01)
    town.later(60)
    assert (await town.case(await town.say(LAMP, who="+46701740699"))).messages[0].withheld == "stopped"


async def test_staff_join_and_split_cases_but_not_one_in_which_somebody_may_be_in_danger(town: Town) -> None:
    act = Act(by="eva", at=START)
    old, new = await town.say(HOLE), await town.say(LAMP, who=BO)
    call = town.house.writer.call
    await call(lambda connection: join(connection, new.case_id, old.case_id, act))
    with pytest.raises(NotPossible):
        await call(lambda connection: join(connection, old.case_id, new.case_id, act))
    await call(lambda connection: split(connection, new.case_id, act))
    with pytest.raises(NotPossible):
        await call(lambda connection: split(connection, new.case_id, act))
    danger = await town.say("Det brinner i ett hus och någon är kvar inne", who="+46701740620")
    with pytest.raises(NotPossible, match="danger"):
        await call(lambda connection: join(connection, danger.case_id, old.case_id, act))


async def test_contacts_are_one_person_only_while_a_link_says_so(town: Town) -> None:
    one, other = f"sms:{ANNA}", "chat:0011"
    call = town.house.writer.call
    link = await call(lambda c: contacts.link(c, one, other, proof="code:x", at=START))
    assert await call(lambda c: contacts.link(c, other, one, proof="code:y", at=START)) == link
    assert await call(lambda c: contacts.list_linked(c, one)) == [other]
    assert await call(lambda c: contacts.unlink(c, link, at=START))
    assert not await call(lambda c: contacts.unlink(c, link, at=START))
    assert await call(lambda c: contacts.list_linked(c, one)) == []


async def test_a_language_once_plain_is_kept_where_a_text_tells_nothing(town: Town) -> None:
    await town.say("Kadulla on iso kuoppa, voitteko korjata sen pian", device_language="sv")
    town.later(120)
    short = await town.say("ok", device_language="sv")
    assert (await town.case(short)).case.language == "fi"


async def test_what_could_not_be_read_takes_its_turn_when_it_is(town: Town) -> None:
    broken = RawMessage(channel="sms", received_at=town.now, body=b"{")
    unreadable = await town.house.intake.accept(broken)
    town.later(1)
    readable = await town.say("Hej")
    mended = town.deliver(HOLE, external_id="late")
    body = update(table(Raw)).where(table(Raw).c.id == unreadable.message_id).values(body=mended.body)
    await town.house.writer.call(lambda connection: connection.execute(body))
    (stored,) = await town.house.database.read(cases.find_failed)
    assert await town.house.intake.replay(stored) == "understood"
    found = await town.case(unreadable)
    assert [(each.contact, each.turn) for each in found.messages] == [(f"sms:{ANNA}", 2)]
    assert (await town.case(readable)).messages[0].turn == 1


async def test_what_is_added_on_the_page_of_a_case_is_answered_where_the_case_is(town: Town) -> None:
    old = await town.say(HOLE)
    body, kind = multipart({"text": "Nu är det större", "token": uuid4().hex})
    added = RawMessage(
        channel="form",
        account=f"case:{old.case_id}",
        received_at=town.now,
        headers={"content-type": kind},
        body=body,
    )
    assert (await town.house.intake.accept(added)).case_id == old.case_id
    found = await town.case(old)
    assert [message.text for message in found.messages] == [HOLE, "Nu är det större"]
    assert found.messages[1].answer_to == found.messages[0].answer_to
    assert found.outbox[-1].channel == "sms"


async def test_a_disposal_takes_the_contact_and_the_files_that_are_owed(town: Town) -> None:
    later = TemporaryFetchError("503", retry_after=3600)
    town.channels["telegram"].files["later"] = later
    files = (Enclosure(source="later"),)
    old = await town.say(HOLE, channel="telegram", who="4711", enclosures=files)
    await town.say(LAMP, channel="telegram", who="4712")
    await town.house.writer.call(
        lambda c: contacts.link(c, "telegram:4711", f"sms:{ANNA}", proof="code:x", at=START)
    )
    event = rows.event_change(old.case_id, "case.disposed", START, {})
    await town.house.writer.call(
        lambda c: dispose(c, old.case_id, refuse=lambda _: "", event=lambda _: event)
    )
    found = await town.case(old)
    assert [(each.contact, each.turn) for each in found.messages] == [("", 0)]
    assert await town.rows(Media) == []
    assert [each.value for each in await town.rows(Contact)] == ["4712"]
    assert await town.rows(ContactLink) == []
    # Whoever writes again is new here.
    again = await town.say("Hej igen", channel="telegram", who="4711")
    assert again.case_id != old.case_id


async def test_an_answer_of_staff_goes_as_a_text_message_or_is_refused_when_it_is_too_long(
    town: Town,
) -> None:
    made, act = await town.say(HOLE), Act(by="eva", at=START)
    desk, call = town.house.plans.desk(), town.house.writer.call
    with pytest.raises(NotPossible, match="segments"):
        await call(lambda connection: desk.answer(connection, made.case_id, "Vi lagar det. " * 200, act))
    await call(lambda connection: desk.answer(connection, made.case_id, "Vi lagar det i morgon.", act))
    entry = (await town.case(made)).outbox[-1]
    assert (entry.purpose, entry.channel, entry.recipient) == ("answer", "sms", ANNA)
    assert entry.text.startswith("Vi lagar det i morgon.\n")
    assert made.receipt.reference in entry.text
    # What the person writes soon after it goes on with the case.
    assert (await town.say("Tack!")).case_id == made.case_id


async def test_after_the_answer_to_an_older_case_a_word_goes_to_that_case(town: Town) -> None:
    old = await town.say(HOLE)
    town.later(60)
    new = await town.say(LAMP)
    town.later(60)
    desk = town.house.plans.desk()
    act = Act(by="eva", at=town.now)
    await town.house.writer.call(lambda c: desk.answer(c, old.case_id, "Vilken sida av gatan?", act))
    town.later(10)
    said = await town.say("Norra sidan")
    assert (said.case_id, new.case_id != said.case_id) == (old.case_id, True)
    # The question was asked before; the digit is for staff now.
    assert kinds(await town.case(await town.say("1")))[-1] == "message"


async def test_a_wish_that_cannot_be_met_is_not_confirmed_and_staff_see_it(town: Town) -> None:
    await town.say(HOLE)
    town.later(60)
    new = await town.say(LAMP)
    closing = update(table(Case)).where(table(Case).c.id == new.case_id).values(state="closed")
    await town.house.writer.call(lambda connection: connection.execute(closing))
    await town.say("1")
    found = await town.case(new)
    assert "case.unjoined" in events(found)
    assert [entry.purpose for entry in found.outbox] == ["receipt", "question"]


async def test_personal_numbers_are_masked_where_cases_are_shown(town: Town) -> None:
    found = await town.case(await town.say("Jag är 811218-9876 och ringer om mitt hål"))
    for original, shown in ((False, "******-****"), (True, "811218-9876")):
        with show.console.capture() as seen:
            show_cases.case(found, lambda key, _day: key, as_json=False, now=START, original=original)
        assert shown in seen.get()
        assert ("811218" in seen.get()) is original

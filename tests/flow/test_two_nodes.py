"""Two nodes on one database, at the same moment: nobody is greeted, joined, told or sent anything twice.

Whoever must be in the middle of something is held there: nothing depends on who happens to be quicker.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from channels import lease
from channels.base import Surroundings
from channels.telegram import following
from channels.telegram.channel import Telegram
from config.chat_texts import load_chat_texts
from config.telegram import Telegram as Section
from gateway.desk import Act
from gateway.house import Plans
from gateway.joining import join, split
from gateway.mailboxes import StoreLedger
from gateway.unread import Unread
from normalizer.messages import Address, DeliveryReport
from store import chats, mailboxes
from store.conversation_tables import Contact
from store.errors import NotPossible
from store.statements import table
from store.tables import Case, Message, OutboxEntry
from tests.bot_api import TOKEN, run_bot_api
from tests.flow.test_conversations import HOLE, LAMP, Town, events, plans, settle

__all__ = ["plans"]

START = datetime.now(UTC)
CHAT = "0" * 40


@pytest.fixture
async def town(plans: Plans, tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    async with settle(plans, tmp_path / "data", database_url, nodes=2) as found:
        # Leases are taken by the town's clock and looked at by the real one.
        found.now = datetime.now(UTC)
        yield found


async def both(town: Town, work: Any) -> list[Any]:
    """The same on both nodes at once, a few times each; what went wrong is returned."""
    nodes = (*town.nodes, *town.nodes)
    return await asyncio.gather(*(work(node) for node in nodes), return_exceptions=True)


async def test_one_greeting_whichever_node_hears_the_command_and_however_new_the_person_is(
    town: Town,
) -> None:
    for number in range(3):
        start = town.deliver(channel="telegram", who=f"471{number}", kind="greeting")
        answers = await both(town, lambda node, start=start: node.intake.accept(start))
        assert [each.repeated for each in answers].count(False) == 1
    assert len(await town.owed("greeting")) == 3
    assert len(await town.rows(Contact)) == 3
    # The next command of somebody known.
    start = town.deliver(channel="telegram", who="4710", kind="greeting")
    answers = await both(town, lambda node: node.intake.accept(start))
    assert [each.repeated for each in answers].count(False) == 1
    assert len(await town.owed("greeting")) == 4
    await town.until(lambda: len(town.channels["telegram"].sent) == 4)


async def test_one_confirmation_of_stop_and_one_of_start(town: Town) -> None:
    await town.say(HOLE)
    for word, kind in (("STOP", "stop"), ("START", "resume")):
        town.later(1)
        said = town.deliver(word)
        answers = await both(town, lambda node, said=said: node.intake.accept(said))
        assert [each.repeated for each in answers].count(False) == 1
        assert len(await town.owed(kind)) == 1


async def test_two_cases_are_joined_once_and_never_in_a_ring(town: Town) -> None:
    act = Act(by="kim", at=START)
    one, other = await town.say(HOLE), await town.say(LAMP, who="+46701740611")
    third = await town.say(HOLE, who="+46701740612")
    pairs = [(one, other), (other, one), (other, third), (third, one)]

    async def try_it(node: Any, pair: tuple[Any, Any]) -> str:
        try:
            await node.writer.call(lambda connection: join(connection, pair[0].case_id, pair[1].case_id, act))
        except NotPossible as error:
            return str(error)
        return ""

    done = await asyncio.gather(*(try_it(town.nodes[n % 2], pair) for n, pair in enumerate(pairs * 2)))
    found = {row.id: row for row in await town.rows(Case)}
    open_ones = [row for row in found.values() if row.state == "open"]
    assert len(open_ones) == 1
    assert open_ones[0].joined_to == ""
    for row in found.values():
        assert (row.state == "joined") == bool(row.joined_to)
    told = [events(await town.case(each)).count("case.joined") for each in (one, other, third)]
    assert sorted(told) == [0, 1, 1]
    assert "" in done


async def test_of_two_who_take_a_case_apart_one_does_and_the_other_is_told(town: Town) -> None:
    act = Act(by="kim", at=START)
    old, new = await town.say(HOLE), await town.say(LAMP, who="+46701740611")
    await town.house.writer.call(lambda connection: join(connection, new.case_id, old.case_id, act))
    done = await both(
        town, lambda node: node.writer.call(lambda connection: split(connection, new.case_id, act))
    )
    assert [type(each) for each in done].count(NotPossible) == 3
    assert events(await town.case(new)).count("case.split") == 1
    assert (await town.case(new)).case.state == "open"


async def test_what_is_written_while_the_case_is_joined_is_lost_to_nobody(town: Town) -> None:
    """Danger in a message that was read before staff joined its case, and is written after."""
    old, new = await town.say(HOLE), await town.say(LAMP, who="+46701740611")
    readers, act = town.nodes[1].intake._readers, Act(by="kim", at=START)
    read, held, go_on = readers.draft, asyncio.Event(), asyncio.Event()
    asked = 0

    async def hold(*given: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 2:  # what the store knows has been looked up
            held.set()
            await go_on.wait()
        return await read(*given)

    readers.draft = hold  # type: ignore[method-assign]  # the same reader, a little later
    saying = asyncio.create_task(town.say("Jag vill dö", who="+46701740611", node=1))
    await held.wait()
    await town.house.writer.call(lambda connection: join(connection, new.case_id, old.case_id, act))
    go_on.set()
    await saying
    found = await town.case(new)
    assert "alarm.raised" in events(found)
    # The alarm has a clock of its own, wherever the case rests.
    assert found.case.alarm != ""
    assert found.case.clock_at is not None


async def test_an_address_left_at_both_nodes_is_one_message_and_its_copy_is_sent_once(town: Town) -> None:
    first = await town.say(HOLE, channel="telegram", who=CHAT)
    chat, mail = Address(channel="telegram", value=CHAT), Address(channel="sms", value="+46701740605")
    left = town.deliver(
        channel="telegram",
        who=CHAT,
        answer_to=(chat, mail),
        labels=("contact",),
        withhold_receipt="contact",
    )
    answers = await both(town, lambda node: node.intake.accept(left))
    assert [each.repeated for each in answers].count(False) == 1
    assert len((await town.case(first)).messages) == 2


async def test_an_unread_answer_is_sent_on_by_one_node_and_reading_it_loses_no_history(town: Town) -> None:
    plans = town.house.plans
    first = await town.say(HOLE, channel="telegram", who=CHAT)
    entry = (await town.case(first)).outbox[0].id
    await town.until(lambda: bool(town.channels["telegram"].sent))
    await town.house.writer.flush()
    change = {"channel": "chat", "purpose": "answer", "state": "sent"}
    outbox, message = table(OutboxEntry), table(Message)
    to = [
        {"channel": "chat", "value": CHAT, "name": ""},
        {"channel": "email", "value": "a@example.org", "name": ""},
    ]

    def make(connection: Any) -> None:
        connection.execute(update(outbox).where(outbox.c.id == entry).values(**change))
        connection.execute(update(message).values(contact=f"chat:{CHAT}", answer_to=to))

    await town.house.writer.call(make)
    now = datetime.now(UTC) + timedelta(hours=1)

    async def look(node: Any) -> int:
        each = Unread(
            writer=node.writer,
            letterhead=plans.planner.letterhead,
            texts=load_chat_texts(None),
            city=plans.organisation.names,
            patience=timedelta(minutes=10),
            channels=frozenset({"email"}),
        )
        return await each.look(datetime.now(UTC) - timedelta(days=2), now)

    async def read(node: Any) -> int:
        return await node.writer.call(partial(chats.mark_read, contact=CHAT, upto="7" * 32, at=now))

    await asyncio.gather(*(work(node) for work in (look, read) for node in town.nodes))
    rows = {row.channel: row for row in await town.rows(OutboxEntry)}
    outcomes = [each["outcome"] for each in rows["chat"].results]
    assert outcomes[-1] == "delivered"
    assert outcomes.count("unread") == len([1 for channel in rows if channel == "email"])
    assert outcomes.count("delivered") == 1


async def test_reports_on_both_nodes_are_noted_once_and_settling_later_takes_nothing_back(
    town: Town,
) -> None:
    channel, go_on = town.channels["sms"], asyncio.Event()
    send, sending = type(channel).send, asyncio.Event()

    async def slow(self: Any, message: Any) -> str:
        sending.set()
        await go_on.wait()
        return await send(self, message)

    # The carrier has it, and tells so, while its answer to us is still on its way.
    type(channel).send = slow  # type: ignore[method-assign]  # the same sender, a little later
    try:
        made = await town.say(HOLE)
        await sending.wait()
        entry = (await town.case(made)).outbox[0].id
        report = DeliveryReport(entry=entry, state="delivered", detail="delivered")
        await both(town, lambda node: node.intake.report("sms", report))
        assert (await town.case(made)).outbox[0].state == "delivered"
    finally:
        type(channel).send = send  # type: ignore[method-assign]
        go_on.set()
    await town.until(lambda: bool(channel.sent))
    for node in town.nodes:
        await node.writer.flush()
    row = (await town.case(made)).outbox[0]
    assert row.state == "delivered"
    assert [each["outcome"] for each in row.results].count("delivered") == 1
    assert len(channel.sent) == 1


async def test_nothing_is_sent_twice_while_many_write_to_both_nodes(town: Town) -> None:
    said = [town.deliver(f"Hej, sak {n}", who=f"+467017406{n:02d}") for n in range(30)]
    await asyncio.gather(*(town.nodes[n % 2].intake.accept(raw) for n, raw in enumerate(said)))
    await asyncio.gather(*(town.nodes[1 - n % 2].intake.accept(raw) for n, raw in enumerate(said)))
    sent = town.channels["sms"].sent
    await town.until(lambda: len(sent) >= 30)
    for node in town.nodes:
        await node.dispatcher.finish()
        await node.writer.flush()
    assert len({message.id for message in sent}) == len(sent) == 30
    assert {row.state for row in await town.rows(OutboxEntry)} == {"sent"}


@asynccontextmanager
async def collecting(town: Town, bot: Telegram, number: int) -> AsyncIterator[StoreLedger]:
    house = town.nodes[number]
    ledger = StoreLedger(house.database, house.writer, node=f"node{number}")
    task = asyncio.create_task(bot.collect(house.intake.accept, ledger, lambda: None))
    try:
        yield ledger
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_telegram_lease_lost_in_mid_poll_loses_and_doubles_nothing(
    plans: Plans, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.05)
    monkeypatch.setattr(following, "_pause", lambda _failures: 0.02)
    with run_bot_api() as api:
        around = Surroundings(organisation=plans.organisation, folder=tmp_path)
        bots = [
            Telegram.build({**Section().model_dump(), "token": TOKEN, "api_url": api.url}, around)
            for _ in range(2)
        ]
        async with settle(plans, tmp_path / "data", database_url, nodes=2) as town:
            town.now = datetime.now(UTC)
            for house, bot in zip(town.nodes, bots, strict=True):
                house.intake._channels = {**house.intake._channels, "telegram": bot}
                drafter = house.intake._readers._drafter
                house.intake._readers._drafter = type(drafter)(
                    channels={**drafter.channels, "telegram": bot},
                    router=drafter.router,
                    planner=drafter.planner,
                    triage=drafter.triage,
                )
            for number in range(12):
                api.say(f"Sak {number}")
            source = f"telegram:{TOKEN.partition(':')[0]}"
            async with collecting(town, bots[0], 0), collecting(town, bots[1], 1):
                taken = 0
                while api.waiting or taken < 12:
                    # Whoever holds it, in the middle of whatever: the lease is another's now.
                    holder = await town.house.database.read(
                        partial(mailboxes.find_holder, source=source, now=datetime.now(UTC))
                    )
                    if holder:
                        await town.house.writer.call(partial(mailboxes.release, source=source, holder=holder))
                    await asyncio.sleep(0.03)
                    taken = len(await town.rows(Message))
            texts = [row.text for row in await town.rows(Message)]
        assert sorted(texts) == sorted(f"Sak {number}" for number in range(12))
        for bot in bots:
            await bot.close()

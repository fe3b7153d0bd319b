"""The playground: what its deliveries are understood as, that they stay here, and that it exists only in the demo."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from channels.base import Unverified
from channels.phone.sms import Sms
from channels.phone.whatsapp import Whatsapp
from channels.pretend import PretendSms, PretendTelegram, PretendWhatsapp
from channels.telegram.channel import Telegram
from config.playground_texts import load_playground_texts
from config.settings import Settings
from gateway.doorways import open_doors
from gateway.house import House, draw_plans, open_house
from gateway.parts import list_channels
from gateway.playground import SCENES, WAYS, Playground, Way
from gateway.web.demo import read_mail
from normalizer.messages import RawMessage
from store.playground import find_quiet

LAMP = "Hej! Gatlyktan utanför Storgatan 5 har varit släckt i en vecka."
PUBLIC = "https://kvitto.example.org"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("kvitto")
    plans = draw_plans(Settings.model_validate({"store": {"folder": folder}}))
    async with open_house(plans, sending=True) as found:
        writer = asyncio.create_task(found.writer.run())
        dispatcher = asyncio.create_task(found.dispatcher.run())
        yield found
        dispatcher.cancel()
        await found.writer.flush()
        writer.cancel()
        await asyncio.gather(writer, dispatcher, return_exceptions=True)


@pytest.fixture
def ground(house: House) -> Playground:
    door = open_doors(house).playground
    assert door is not None
    return door.playground


async def test_every_way_and_every_button_is_there_and_has_its_words(ground: Playground) -> None:
    texts = load_playground_texts()
    assert ground.ways == WAYS
    assert ground.scenes == tuple(SCENES)
    wanted = {f"way_{way}" for way in WAYS} | {f"scene_{name}" for name in SCENES}
    wanted |= {f"scene_{name}_text" for name in SCENES}
    assert [wanted - set(words) for words in texts.values()] == [set()] * 3


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_written_goes_the_real_path_and_its_receipt_stays_here(
    ground: Playground, way: Way
) -> None:
    done = await ground.say(way, LAMP, subject="Gatlykta", language="sv")
    seen = await ground.wait(done.case_id)
    assert seen is not None
    assert (seen.raw.channel, seen.case.department, seen.case.matter) == (way, "teknik", "felanmalan")
    assert [(each.kind, each.text.strip()) for each in seen.messages] == [("message", LAMP)]
    (letter,) = seen.letters
    assert (letter.purpose, letter.state) == ("receipt", "sent")
    mail, text = read_mail(ground.postbox, letter.id), ground.postbox.read_text(letter.id)
    assert (mail is not None, text is not None) == {
        "email": (True, False),
        "form": (True, False),
        "chat": (False, False),  # its receipt is read in the browser, from the outbox
    }.get(way, (False, True))
    assert text is None or (text.to, text.text) == (letter.recipient, letter.text)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Hei! Katuvalo on rikki koulun vieressä. Milloin se korjataan?", "fi", "Kiitos"),
        ("مرحبا، مصباح الشارع أمام المدرسة لا يعمل منذ أسبوع. متى سيتم إصلاحه؟", "ar", "رقمك"),
    ],
)
async def test_the_receipt_is_in_the_language_of_the_message(
    ground: Playground, text: str, language: str, words: str
) -> None:
    seen = await ground.wait((await ground.say("sms", text, subject="", language="sv")).case_id)
    assert seen is not None
    assert (seen.case.language, seen.letters[0].language) == (language, language)
    assert words in seen.letters[0].text


@pytest.mark.parametrize(
    ("name", "way", "kinds", "letters", "department"),
    [
        ("unsure", "form", ["message"], [("receipt", "sent")], ""),
        ("sensitive", "telegram", ["message"], [("receipt", "sent")], "ifo"),
        ("ten", "email", ["message"], [("receipt", "sent")], "teknik"),
        ("second", "email", ["message", "message"], [("receipt", "sent")], "teknik"),
        ("stop", "chat", ["message", "stop"], [("receipt", "sent"), ("stop", "sent")], "teknik"),
        ("absence", "sms", ["auto_reply"], [], "teknik"),
        ("bounce", "sms", ["message", "bounce"], [("receipt", "returned")], "teknik"),
        ("charset", "form", ["message"], [("receipt", "sent")], "teknik"),
    ],
)
async def test_each_button_does_what_it_claims(
    ground: Playground, name: str, way: Way, kinds: list[str], letters: list[tuple[str, str]], department: str
) -> None:
    done = await ground.act(name, way, "sv")
    seen = await ground.wait(done.case_id)
    assert seen is not None
    assert done.way == (SCENES[name].way or way)
    assert done.repeated == (9 if name == "ten" else 0)
    assert [each.kind for each in seen.messages] == kinds
    assert [(each.purpose, each.state) for each in seen.letters] == letters
    assert seen.case.department == department
    if name == "charset":
        assert seen.messages[0].text.strip() == SCENES[name].text
        assert b"\xe4" in seen.raw.body
    if name == "sensitive":
        assert seen.case.routing["sensitive"]
        assert "familj" not in seen.letters[0].text.lower()


async def test_who_writes_again_is_the_same_person_in_the_same_case(ground: Playground) -> None:
    for way in WAYS[:5]:
        done = await ground.say(way, LAMP, subject="Gatlykta", language="sv")
        await ground.wait(done.case_id)
        again = await ground.say(way, "Den blinkar också.", subject="", language="sv", case_id=done.case_id)
        seen = await ground.wait(again.case_id)
        assert seen is not None
        assert again.case_id == done.case_id, way
        assert len({each.sender["value"] for each in seen.messages}) == 1


async def test_a_command_alone_opens_no_case(ground: Playground) -> None:
    assert (await ground.say("sms", "STOP", subject="", language="sv")).case_id == ""


async def test_a_new_person_has_a_number_that_has_not_written(house: House, ground: Playground) -> None:
    done = await ground.say("sms", LAMP, subject="", language="sv")
    seen = await ground.look(done.case_id)
    assert seen is not None
    used = f"sms:{seen.messages[0].sender['value']}"
    free = await house.database.read(lambda connection: find_quiet(connection, [used, "sms:+46701740600"]))
    assert free == "sms:+46701740600"


async def test_nobody_else_can_deliver_to_the_pretended_channels(ground: Playground) -> None:
    assert ground.sms is not None
    assert ground.telegram is not None
    at = datetime.now(UTC)
    ours = ground.sms.write("+46701740605", LAMP, at)
    ground.sms.verify(ours)
    guessed = RawMessage(
        channel="sms", account="46elks", received_at=at, body=ours.body, url="/inbound/sms/46elks/"
    )
    with pytest.raises(Unverified):
        ground.sms.verify(guessed)
    with pytest.raises(Unverified):
        ground.telegram.verify(RawMessage(channel="telegram", received_at=at, body=b"{}"))
    assert ground.whatsapp is not None
    theirs = ground.whatsapp.write("+46701740605", "Anna Berg", LAMP, at)
    ground.whatsapp.verify(theirs)
    with pytest.raises(Unverified):
        ground.whatsapp.verify(replace(theirs, body=theirs.body + b"&Extra=1"))
    with pytest.raises(Unverified):
        ground.whatsapp.verify(replace(theirs, headers={}))
    assert ground.sms.providers[0].secrets[0] not in ground.sms.without_secrets(ours).url


async def test_pretended_channels_stand_only_where_nothing_leaves_and_none_is_real(
    house: House, tmp_path: Path
) -> None:
    def build(**sections: dict[str, object]) -> dict[str, type]:
        settings = Settings.model_validate({"store": {"folder": tmp_path}, **sections})
        channels = list_channels(settings, house.plans.organisation)
        return {name: type(build()) for name, build in channels if name in {"sms", "telegram", "whatsapp"}}

    real = {
        "enabled": True,
        "providers": ["46elks"],
        "elks_number": "+46701740691",
        "elks_username": "u",
        "elks_password": "geheim",
        "elks_secrets": ["geheim-geheim-geheim-geheim"],
    }
    bot = {"enabled": True, "token": "4400001740600:geheim-geheim-geheim"}
    assert build() == {"sms": PretendSms, "telegram": PretendTelegram, "whatsapp": PretendWhatsapp}
    assert build(email={"relay": "smtp://127.0.0.1:25"}) == {}
    assert build(web={"host": "0.0.0.0"}) == {}
    assert build(web={"enabled": False}) == {}
    whatsapp = {"enabled": True, "number": "+46701740692", "account": "AC0", "tokens": ["geheim"]}
    found = build(sms=real, telegram=bot, whatsapp=whatsapp, web={"public_url": PUBLIC})
    assert found == {"sms": Sms, "telegram": Telegram, "whatsapp": Whatsapp}

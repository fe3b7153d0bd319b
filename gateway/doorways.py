"""The doors of a running house: what the web port needs of it."""

from contextlib import suppress

from channels.base import HttpReceiver
from channels.chat import Chat
from channels.email import Email
from channels.form import Form
from channels.postbox import Postbox
from config.playground_texts import load_playground_texts
from gateway.api.door import ApiDoor
from gateway.exposition import Figures
from gateway.house import House
from gateway.parts import is_demo
from gateway.playground import Playground
from gateway.staff.opening import open_staff_door
from gateway.web.bodies import Memory
from gateway.web.chat_door import ChatDoor
from gateway.web.doors import Doors, StatusDoor
from gateway.web.pace import Pace
from gateway.web.playground import PlaygroundDoor


def open_doors(house: House) -> Doors:
    """What the web port needs."""
    plans = house.plans
    form = plans.channels["form"]
    assert isinstance(form, Form)
    with suppress(OSError):  # told where it is needed
        plans.links.seal.prepare()
    return Doors(
        intake=house.intake,
        pages=plans.pages,
        calendar=plans.planner.calendar,
        languages=plans.organisation.languages,
        receivers={n: each for n, each in plans.channels.items() if isinstance(each, HttpReceiver)},
        limits=form.limits,
        memory=Memory(left=plans.settings.web.buffer),
        public_url=plans.settings.web.public_url,
        status=StatusDoor(
            database=house.database,
            links=plans.links,
            posting=Pace(plans.settings.status.posts_per_hour, 3600),
        ),
        chat=_open_chat(house),
        postbox=_find_postbox(house),
        playground=_open_playground(house),
        staff=open_staff_door(plans, house.database, house.writer, house.blobs),
        api=ApiDoor(
            pace=Pace(plans.settings.api.requests_per_minute, 60),
            per_minute=plans.settings.api.requests_per_minute,
        ),
        smtp_port=plans.settings.email.port,
        check=house.check,
        figures=Figures(measures=house.measures, database=house.database, writer=house.writer),
        ends=lambda: house.bell.over,
    )


def _find_postbox(house: House) -> Postbox | None:
    """The postbox that a page may show: never where others than this machine could look."""
    email = house.plans.channels.get("email")
    if not isinstance(email, Email) or not is_demo(house.plans.settings):
        return None
    return email.outgoing if isinstance(email.outgoing, Postbox) else None


def _open_playground(house: House) -> PlaygroundDoor | None:
    """The demo's page, where there is a postbox to show."""
    postbox = _find_postbox(house)
    if postbox is None:
        return None
    from channels.pretend import PretendSms, PretendTelegram, PretendWhatsapp  # noqa: PLC0415  # real channels need none of it

    channels = house.plans.channels
    sms, telegram, whatsapp = (channels.get(name) for name in ("sms", "telegram", "whatsapp"))
    return PlaygroundDoor(
        playground=Playground(
            intake=house.intake,
            database=house.database,
            postbox=postbox,
            city=house.plans.settings.email.sender,
            sms=sms if isinstance(sms, PretendSms) else None,
            telegram=telegram if isinstance(telegram, PretendTelegram) else None,
            whatsapp=whatsapp if isinstance(whatsapp, PretendWhatsapp) else None,
            chat="chat" in channels,
        ),
        texts=load_playground_texts(),
        pace=Pace(60, 60),
    )


def _open_chat(house: House) -> ChatDoor | None:
    """What the chat's routes need; None when it is not enabled."""
    chat, settings = house.plans.channels.get("chat"), house.plans.settings.chat
    if not isinstance(chat, Chat):
        return None
    return ChatDoor(
        database=house.database,
        writer=house.writer,
        bell=house.bell,
        seal=house.plans.links.seal,
        texts=house.plans.chat_texts,
        limits=chat.limits,
        origins=frozenset(settings.origins),
        unread_minutes=settings.unread_minutes,
        reach=chat.reach,
        opening=Pace(settings.chats_per_hour, 3600),
        sending=Pace(settings.messages_per_minute, 60),
        crowd=Pace(settings.messages_per_minute * 10, 60),
        looking=Pace(120, 60),
    )

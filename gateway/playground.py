"""The demo: messages that a resident could have sent, made as they come over the wire, and put on the real path.

Nothing here answers for Kvitto. A delivery is handed to `Intake.accept` as the channel would hand it over; the receipt
comes from the outbox, by the dispatcher, into the postbox on this machine.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from channels.chat import CONTACT_HEADER
from channels.postbox import Postbox
from gateway.intake import Accepted, Intake
from gateway.residents import (
    NAMES,
    NUMBERS,
    Answered,
    Resident,
    break_charset,
    write_bounce,
    write_mail,
    write_post,
)
from normalizer.messages import RawMessage
from store.database import Database
from store.playground import Seen, find_quiet, look

if TYPE_CHECKING:
    # Where text messages, WhatsApp and Telegram are real these are never loaded.
    from channels.pretend import PretendSms, PretendTelegram, PretendWhatsapp

Way = Literal["email", "sms", "whatsapp", "telegram", "chat", "form"]
WAYS: tuple[Way, ...] = ("email", "sms", "whatsapp", "telegram", "chat", "form")

LONGEST = 2000
"""Characters of a text; a subject has at most a tenth."""

PATIENCE = 2.0
"""Seconds that we wait for a receipt: it takes a few hundredths."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What became of what was sent."""

    way: Way
    case_id: str
    # "" when it opened none and belongs to none: a command
    repeated: int = 0
    # deliveries that were here already


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Something awkward that comes by a button."""

    way: Way | Literal[""]
    # "": by whichever way is shown
    text: str = "Hej! Gatlyktan utanför Storgatan 5 har varit släckt i en vecka."
    subject: str = "Trasig gatlykta"


SCENES: Mapping[str, Scene] = {
    "unsure": Scene(way="", text="Det är inte bra som det är nu. Gör något!", subject="Hej"),
    "sensitive": Scene(
        way="", text="Jag behöver prata med min socialsekreterare om mina barn.", subject="Socialtjänsten"
    ),
    "ten": Scene(way=""),
    "second": Scene(way="sms"),
    "stop": Scene(way="sms"),
    "absence": Scene(way="email", subject="Autosvar: Re: Trasig gatlykta"),
    "bounce": Scene(way="email"),
    "charset": Scene(
        way="email",
        text="Hej! Gatlyktan på Björkgatan är sönder, och det är väldigt mörkt där på kvällarna.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Playground:
    """The demo of one house."""

    intake: Intake
    database: Database
    postbox: Postbox
    city: str
    # its mail address
    sms: "PretendSms | None"
    # None: text messages are real, or there are none
    telegram: "PretendTelegram | None"
    whatsapp: "PretendWhatsapp | None"
    chat: bool
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    @property
    def ways(self) -> tuple[Way, ...]:
        """Those by which one can write here."""
        there: Mapping[Way, object] = {
            "sms": self.sms,
            "whatsapp": self.whatsapp,
            "telegram": self.telegram,
            "chat": self.chat,
        }
        return tuple(way for way in WAYS if there.get(way, True))

    @property
    def numbers(self) -> Mapping[Way, str]:
        """The city's, by the ways that have one."""
        found: dict[Way, str] = {}
        if self.sms is not None:
            found["sms"] = self.sms.providers[0].number
        if self.whatsapp is not None:
            found["whatsapp"] = self.whatsapp.provider.number
        return found

    @property
    def scenes(self) -> tuple[str, ...]:
        """The buttons that there are ways for."""
        return tuple(name for name, scene in SCENES.items() if not scene.way or scene.way in self.ways)

    async def look(self, case_id: str) -> Seen | None:
        """What there is to show of a case."""
        return await self.database.read(partial(look, case_id=case_id))

    async def wait(self, case_id: str) -> Seen | None:
        """The same, once nothing more is on its way, or after PATIENCE."""
        return await self._wait(case_id, lambda seen: not is_pending(seen))

    async def _wait(self, case_id: str, enough: Callable[[Seen], bool]) -> Seen | None:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while True:
            seen = await self.look(case_id)
            if seen is None or enough(seen) or loop.time() > until:
                return seen
            await asyncio.sleep(0.05)

    async def say(self, way: Way, text: str, *, subject: str, language: str, case_id: str = "") -> Done:
        """Send one message: of somebody new, or of whoever wrote in that case. Raises a ChannelError."""
        seen = await self.look(case_id) if case_id else None
        resident = await self._recall(way, seen) if seen else None
        answered = find_answered(seen) if seen and resident and way == "email" else None
        resident = resident or await self._meet(way)
        raw = self.write(way, resident, text, subject=subject, language=language, answered=answered)
        return await self._send(way, [raw])

    async def act(self, name: str, way: Way, language: str) -> Done:
        """Do what a button says. Raises KeyError or a ChannelError."""
        scene = SCENES[name]
        way = scene.way or way
        resident = await self._meet(way)
        write = partial(self.write, way, resident, subject=scene.subject, language=language)
        first = write(scene.text)
        if name == "ten":
            return await self._send(way, [first] * 10)
        if name == "second":
            return await self._send(way, [first, write("Det är så mörkt att någon kan snubbla.")])
        if name == "stop":
            return await self._send(way, [first, write("STOP")])
        if name == "absence":
            text = "Hej! Jag är på semester till den 8 augusti och läser inte min e-post."
            headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
            return await self._send(
                way, [write_mail(resident, self.city, text, scene.subject, self.clock(), headers=headers)]
            )
        if name == "charset":
            return await self._send(way, [break_charset(first)])
        if name == "bounce":
            done = await self._send(way, [first])
            seen = await self._wait(done.case_id, lambda seen: bool(seen.letters) and not is_pending(seen))
            if seen is None or not seen.letters:
                return done
            return await self._send(way, [write_bounce(seen.letters[-1], self.city, self.clock())])
        return await self._send(way, [first])

    async def _send(self, way: Way, raws: Sequence[RawMessage]) -> Done:
        accepted: list[Accepted] = [await self.intake.accept(raw) for raw in raws]
        cases = [each.case_id for each in accepted if each.case_id]
        repeated = sum(each.repeated for each in accepted)
        return Done(way=way, case_id=cases[-1] if cases else "", repeated=repeated)

    async def _meet(self, way: Way) -> Resident:
        name, number = secrets.choice(NAMES), ""
        if way in {"sms", "whatsapp"}:
            start = secrets.randbelow(len(NUMBERS))
            contacts = [f"{way}:{each}" for each in (*NUMBERS[start:], *NUMBERS[:start])]
            found = await self.database.read(partial(find_quiet, contacts=contacts))
            number = found.removeprefix(f"{way}:")
        local = name.lower().replace(" ", ".")
        return Resident(
            name=name,
            mail=f"{local}.{secrets.randbelow(9000) + 1000}@example.com",
            number=number,
            chat=4_400_000_000_000 + secrets.randbits(32),
            contact=secrets.token_hex(20),
        )

    async def _recall(self, way: Way, seen: Seen) -> Resident | None:
        """Whoever wrote there, by the same way; None when that was another way or nobody."""
        sender = next((each.sender for each in reversed(seen.messages) if each.kind == "message"), None) or {}
        value = sender.get("value", "")
        if not value or seen.raw.channel != way:
            return None
        name = sender.get("name") or "Anna Berg"
        known: dict[str, Any] = {"mail": value, "name": name}
        if way == "sms":
            known = {"number": value}
        elif way == "whatsapp":
            known = {"number": value, "name": name}
        elif way == "telegram":
            known = {"chat": int(value), "name": name}
        elif way == "chat":
            known = {"contact": value}
        return Resident(**{"name": "Anna Berg", "mail": "anna@example.com", **known})

    # --- what comes over the wire

    def write(
        self,
        way: Way,
        resident: Resident,
        text: str,
        *,
        subject: str = "",
        language: str = "sv",
        answered: Answered | None = None,
    ) -> RawMessage:
        """One delivery, as its channel would hand it over."""
        at = self.clock()
        if way == "sms":
            assert self.sms is not None
            return self.sms.write(resident.number, text, at)
        if way == "whatsapp":
            assert self.whatsapp is not None
            return self.whatsapp.write(resident.number, resident.name, text, at)
        if way == "telegram":
            assert self.telegram is not None
            return self.telegram.write(resident.chat, resident.name, language, text, at)
        if way == "chat":
            fields = {"id": secrets.token_urlsafe(18), "text": text, "lang": language}
            return write_post("chat", fields, {CONTACT_HEADER: resident.contact}, at)
        if way == "form":
            fields = {"token": secrets.token_urlsafe(18), "text": text, "how": "mail", "mail": resident.mail}
            return write_post("form", fields, {}, at)
        return write_mail(resident, self.city, text, subject, at, answered=answered)


def is_pending(seen: Seen) -> bool:
    """Is a letter still on its way? The question after a receipt is due a second later."""
    return any(each.state == "queued" for each in seen.letters)


def find_answered(seen: Seen) -> Answered | None:
    """The newest letter to the resident, as a mail program answers it."""
    letter = next((each for each in reversed(seen.letters) if each.channel == "email"), None)
    return Answered(message_id=letter.message_id, subject=f"Re: {letter.subject}") if letter else None

"""Register for somebody who calls, visits or sends a letter: the same record and receipt as for everybody else."""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from babel import Locale
from litestar import Response, get, post

from channels.base import NotAccepted
from channels.desk import ANSWERS, WAYS, Desk, DeskRefused, Slip
from channels.form import KINDS
from gateway.letters.receipts import Receipt
from gateway.staff.actions import read_values
from gateway.staff.case_clocks import write_long_day
from gateway.staff.door import StaffDoor, viewer_of
from gateway.staff.rights import Viewer
from gateway.web.doors import Asked, doors_of, html
from normalizer.messages import DESK, InboundMessage, RawMessage
from normalizer.normalize import normalize
from normalizer.personal_number import mask
from normalizer.reference import show_reference
from store.case_page import find_alike

OLDEST = timedelta(days=60)
"""How long ago a letter may have come that is registered today."""

LONGEST_LOOK = 5_000
"""Characters of a text that are looked at while somebody types."""

_TELLING = re.compile(r"\w{5,30}")
MOST_WORDS = 14


FIELDS = ("way", "at", "text", "kind", "place", "answer", "name", "to", "language")
"""What the form holds, beside its token."""


@get("/staff/register", access="staff", right="register")
async def show_register(request: Asked) -> Response[str]:
    """The form, empty: it came just now, by telephone."""
    door = doors_of(request).staff
    values = {"way": "phone", "answer": "sms" if "sms" in door.reach else "none", "language": "sv"}
    return _write_form(request, values)


@post("/staff/register", access="staff", right="register", status_code=200)
async def register(request: Asked) -> Response[str]:
    """Keep it, by the one path that every message takes. Ends on the receipt; the same form again makes nothing new."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    values = await read_values(request)
    now = door.clock()
    at = _read_time(values.get("at", ""), door, now)
    mistakes = []
    if values.get("way") not in WAYS:
        mistakes.append(("way", "way"))
    if at is None:
        mistakes.append(("at", "at"))
    raw = _write_slip(values, viewer, at or now, now)
    try:
        Desk(reach=door.reach).parse(raw)
    except DeskRefused as refused:
        mistakes += refused.mistakes
    if mistakes:
        return _write_form(request, values, mistakes, status=422)
    try:
        accepted = await doors_of(request).intake.accept(raw)
    except NotAccepted:
        return _write_form(request, values, [("text", "busy")], status=503)
    return _write_receipt(request, accepted.receipt, values, told=accepted.written_to is not None)


@post("/staff/register/look", access="staff", right="register", status_code=200)
async def look_ahead(request: Asked) -> Response[str]:
    """A piece of the page: where what is typed would go, and the open cases of this viewer that are like it."""
    door, viewer = doors_of(request).staff, viewer_of(request)
    values = await read_values(request)
    text = values.get("text", "")[:LONGEST_LOOK]
    place = values.get("place", "")[:200]
    message = normalize(
        InboundMessage(
            external_id="",
            sender=None,
            text=text,
            place=place,
            category=values.get("kind", "") if values.get("kind") in KINDS else "",
            language="",
        )
    )
    today = door.clock().astimezone(door.pages.zone).date()
    # A learned model may take a while: others must not wait for it.
    decision = await asyncio.to_thread(door.router.at(today).route, message)
    words = list(dict.fromkeys(_TELLING.findall(f"{place} {text}".casefold())))[:MOST_WORDS]
    alike: Sequence[Any] = ()
    if len(words) > 1:
        alike = await door.database.read(partial(find_alike, scope=viewer.scope, words=words))
    city = door.desk.planner.organisation
    shown = [
        {
            "reference": show_reference(row.reference),
            "text": mask(" ".join((row.subject or row.text).split()))[:90],
            "department": city.short_name_of(row.department or city.fallback, "sv", today),
            "day": door.pages.write_time(row.received_at, door.clock()),
        }
        for row in alike
    ]
    page = door.pages.render(
        "register_look",
        viewer,
        asked=bool(text.strip()),
        department=city.short_name_of(decision.department, "sv", today) if decision.department else "",
        sensitive=decision.sensitive,
        words=decision.words,
        candidates=[
            {"name": city.short_name_of(key, "sv", today) or key, "percent": round(100 * share)}
            for key, share in decision.candidates
        ],
        alike=shown,
    )
    return html(page)


def _write_slip(values: Mapping[str, str], viewer: Viewer, at: datetime, now: datetime) -> RawMessage:
    answer = values.get("answer", "none")
    slip = Slip(
        text=values.get("text", ""),
        written_at=now,
        by=viewer.id,
        kind=values.get("kind", ""),
        place=values.get("place", ""),
        name=values.get("name", ""),
        answer=answer,
        # What is not used is not kept.
        to=values.get("to", "") if answer in {"sms", "email"} else "",
        language=values.get("language", ""),
        token=values.get("token", "")[:64],
    )
    way = values.get("way", "")
    return RawMessage(
        channel=DESK, account=way if way in WAYS else "phone", received_at=at, body=msgspec.json.encode(slip)
    )


def _read_time(typed: str, door: StaffDoor, now: datetime) -> datetime | None:
    """A time of a browser's field, "2026-11-24T09:41", in Swedish time; "" is now. None when it cannot be."""
    if not typed:
        return now
    try:
        at = datetime.fromisoformat(typed[:25])
    except ValueError:
        return None
    at = at.replace(tzinfo=door.pages.zone) if at.tzinfo is None else at
    local = at.astimezone(now.tzinfo)
    if local > now + timedelta(minutes=2) or local < now - OLDEST:
        return None
    # The field knows no seconds: what came in this minute came now.
    return now if abs(now - local) < timedelta(minutes=1) else local


def _write_form(
    request: Asked,
    values: Mapping[str, str],
    mistakes: Sequence[tuple[str, str]] = (),
    *,
    status: int = 200,
) -> Response[str]:
    door, viewer = doors_of(request).staff, viewer_of(request)
    texts = door.pages.texts
    now = door.clock().astimezone(door.pages.zone)
    languages = list(
        dict.fromkeys((*door.desk.planner.organisation.languages, *door.desk.planner.letters.fixed))
    )
    page = door.pages.render(
        "register",
        viewer,
        values={**dict.fromkeys(FIELDS, ""), **values},
        token=values.get("token") or secrets.token_urlsafe(18),
        latest=now.strftime("%Y-%m-%dT%H:%M"),
        ways=WAYS,
        kinds=KINDS,
        answers=[each for each in ANSWERS if each in {*door.reach, "print", "none"}],
        languages=[(code, Locale.parse(code).get_display_name("sv") or code) for code in languages],
        errors={field: texts[f"mistake.{key}"] for field, key in reversed(mistakes)},
    )
    return html(page, status=status)


def _write_receipt(
    request: Asked, receipt: Receipt, values: Mapping[str, str], *, told: bool
) -> Response[str]:
    door, viewer = doors_of(request).staff, viewer_of(request)
    city, pages = door.desk.planner.organisation, door.pages
    key = {"unsure": "say_unsure", "named": "say", "outside": "say"}.get(receipt.variant, "say_quiet")
    day = receipt.received_at.date()
    who = city.name_of(receipt.department, "sv", day) if receipt.department else ""
    said = pages.say(
        f"register.{key if who or key != 'say' else 'say_quiet'}",
        reference=receipt.reference,
        who=who,
        due=write_long_day(receipt.due),
    )
    return html(
        pages.render(
            "registered",
            viewer,
            reference=receipt.reference,
            said=said,
            city=city.names.get("sv", ""),
            phone=city.phone,
            received=pages.write_moment(receipt.received_at),
            due=write_long_day(receipt.due),
            sent=told,
            how=pages.texts.get(f"by.{values.get('answer', '')}", ""),
            to=values.get("to", ""),
        )
    )

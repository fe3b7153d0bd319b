"""The demo: write as a resident, and see what the city sees. Where anything may leave this machine it does not exist."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Redirect

from channels.base import NotAccepted, Refused
from channels.fields import UNREADABLE, read_fields
from gateway.playground import LONGEST, Done, Playground, Way
from gateway.web.bodies import Body
from gateway.web.demo import read_mail
from gateway.web.doors import Asked, choose_language, doors_of, html
from gateway.web.pace import Pace
from gateway.web.pages import POSTBOX_MAIL_POLICY
from gateway.web.playground_page import EXAMPLES, Asking, Sent, write_playground
from store.errors import StoreUnavailable
from store.playground import Seen

LARGEST = 50_000
"""Bytes of a post to this page."""

LIVE = "x-playground"
"""A request with this header comes again by itself, and does not wait for what is on its way."""

_CASE = re.compile(r"[0-9a-f]{32}")


class Unready(HTTPException):
    """The store cannot be asked just now."""

    status_code = 503


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaygroundDoor:
    """The demo, as its routes need it."""

    playground: Playground
    texts: Mapping[str, Mapping[str, str]]
    pace: Pace


def door_of(request: Asked) -> PlaygroundDoor:
    """The demo of this house. Raises NotFoundException where there is none."""
    door = doors_of(request).playground
    if door is None:
        raise NotFoundException
    return door


@get("/playground", access="demo")
async def show_playground(request: Asked) -> Response[str]:
    """The page: empty, with an example, or with what became of the last message."""
    door, asked = door_of(request), request.query_params
    ground, case_id = door.playground, asked.get("case", "")
    language = choose_language(request)
    own = language if language in EXAMPLES else "lamp"
    chosen = "" if case_id else asked.get("example", own)
    _, subject, text = EXAMPLES.get(chosen, ("", "", ""))
    seen = None
    if _CASE.fullmatch(case_id):
        try:
            # Without a script the page comes once, and so it comes with the receipt.
            seen = await (ground.look if LIVE in request.headers else ground.wait)(case_id)
        except StoreUnavailable as error:
            raise Unready from error
        if seen is None:
            raise NotFoundException
    return await _show(
        request,
        seen,
        way=_read_way(ground, asked.get("via", "")),
        text=text,
        subject=subject,
        example=chosen,
        case_id=case_id if seen else "",
        repeated=9 if asked.get("repeated") == "9" else 0,
        command="command" in asked,
    )


@post("/playground", access="demo")
async def write_message(request: Asked) -> Response[Any]:
    """One message, or what a button says; then the page anew, at an address that can be loaded again."""
    door, doors = door_of(request), doors_of(request)
    ground, language = door.playground, choose_language(request)
    announced = request.headers.get("content-length", "").encode()
    async with Body(request.receive, announced, LARGEST, doors.memory) as body:
        try:
            fields, _ = read_fields(body, {"content-type": request.headers.get("content-type", "")})
        except UNREADABLE:
            fields = {}
    way, text, subject = (
        _read_way(ground, fields.get("via", "")),
        fields.get("text", ""),
        fields.get("subject", ""),
    )
    scene = fields.get("scene", "")
    case_id = fields.get("case", "") if _CASE.fullmatch(fields.get("case", "")) else ""
    error, status = "", 422
    if scene not in ground.scenes:
        scene, error = "", "text_missing" if not text else "too_long" if len(text) > LONGEST else ""
    if not error and door.pace.wait("", time.monotonic()):
        error, status = "busy", 429
    done: Done | None = None
    if not error:
        try:
            if scene:
                done = await ground.act(scene, way, language)
            else:
                done = await ground.say(
                    way, text, subject=subject[: LONGEST // 10], language=language, case_id=case_id
                )
        except (NotAccepted, Refused, StoreUnavailable):
            error, status = "busy", 503
    if done is None:
        return await _show(request, None, status=status, way=way, text=text, subject=subject, error=error)
    query: dict[str, str | int] = {"via": done.way, "lang": language}
    query |= {"case": done.case_id} if done.case_id else {"command": ""}
    if done.repeated:
        query["repeated"] = done.repeated
    place = "talk" if done.case_id else "city"
    return Redirect(f"/playground?{urlencode(query)}#{place}", status_code=303)


def _read_way(ground: Playground, asked: str) -> Way:
    return next((way for way in ground.ways if way == asked), ground.ways[0])


async def _show(
    request: Asked, seen: Seen | None, *, way: Way, status: int = 200, **values: Any
) -> Response[str]:
    door, doors = door_of(request), doors_of(request)
    ground = door.playground
    asking = Asking(
        way=way,
        ways=ground.ways,
        scenes=ground.scenes,
        city=ground.city,
        number=ground.numbers.get(way, ""),
        **values,
    )
    sent = await asyncio.to_thread(partial(_read_sent, ground, seen)) if seen else Sent(mails={}, texts={})
    page = write_playground(doors.pages, door.texts, choose_language(request), asking, seen, sent)
    return html(page, status=status, policy=POSTBOX_MAIL_POLICY)


def _read_sent(ground: Playground, seen: Seen) -> Sent:
    """What the postbox has of these letters."""
    mails = {each.id: read_mail(ground.postbox, each.id) for each in seen.letters if each.channel == "email"}
    texts = {each.id: ground.postbox.read_text(each.id) for each in seen.letters if each.channel != "email"}
    return Sent(
        mails={key: mail for key, mail in mails.items() if mail is not None},
        texts={key: text for key, text in texts.items() if text is not None},
    )

"""The chat on the city's pages: opening one, saying something, and hearing what is said.

A chat is its token, 144 random bits under the house's seal. The browser keeps it and sends it in the Authorization
header, never in an address. Whatever is said goes by `Intake.accept` and is answered after the commit; what there is
to hear comes from the store, as Server-Sent Events.
"""

import asyncio
import gzip
import secrets
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Stream

from channels.base import NotAccepted, Refused
from channels.chat import CONTACT_HEADER, ChatRefused, contact_of
from gateway.bell import OVERLAP, TooManyWait
from gateway.web.bodies import Body
from gateway.web.chat_door import ChatDoor
from gateway.web.chat_page import find_texts, tell_widget, write_chat_page
from gateway.web.doors import Asked, choose_language, doors_of, html
from gateway.web.pace import network_of
from gateway.web.pages import PAGE_POLICY, obscure
from normalizer.messages import RawMessage
from normalizer.personal_number import mask
from store import chats
from store.chats import Item
from store.errors import StoreUnavailable

BEAT_SECONDS = 20.0
"""After so long without news a comment is sent, so that every proxy and telephone sees that the line is alive."""

STREAM_SECONDS = 1800.0
"""A lasting connection ends after so long, and the browser comes again."""

ONCE_SECONDS = 20.0
"""How long a browser waits that cannot take a stream."""

_TOKEN_BYTES = 18
_PURPOSE = "chat"
_encode = msgspec.json.Encoder().encode

SERVED = {
    "kvitto-chat.js": "text/javascript; charset=utf-8",
    "kvitto-chat.css": "text/css; charset=utf-8",
}
_FILES = {name: files("gateway.web").joinpath("static", name).read_bytes() for name in SERVED}
_PACKED = {name: gzip.compress(content, mtime=0) for name, content in _FILES.items()}


class Unknown(HTTPException):
    """No chat of ours has this token."""

    status_code = 401


def door_of(request: Asked) -> ChatDoor:
    """The chat of this house. Raises NotFoundException when there is none."""
    door = doors_of(request).chat
    if door is None:
        raise NotFoundException
    return door


@get("/chat", access="public")
async def show_chat(request: Asked) -> Response[str]:
    """A page with the chat in it: a link leads here, or a frame on one of the city's pages."""
    door, doors = door_of(request), doors_of(request)
    language = choose_language(request)
    page = write_chat_page(
        doors.pages, language, door.texts, pretend=doors.postbox is not None, host=_here(request)
    )
    ancestors = " ".join(["'self'", *sorted(door.origins)])
    return html(page, policy=PAGE_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {ancestors}"))


@get(["/chat/kvitto-chat.js", "/chat/kvitto-chat.css"], access="public")
async def fetch_widget(request: Asked) -> Response[bytes]:
    """The script and its style sheet, for the pages of any site: what they may do is decided where they call."""
    door_of(request)
    name = request.url.path.rpartition("/")[2]
    packed = "gzip" in request.headers.get("accept-encoding", "")
    return Response(
        _PACKED[name] if packed else _FILES[name],
        media_type=SERVED[name],
        headers={
            "cache-control": "public, max-age=600",
            "cross-origin-resource-policy": "cross-origin",
            "vary": "accept-encoding",
            **({"content-encoding": "gzip"} if packed else {}),
        },
    )


@get("/chat/words", access="public")
async def tell_words(request: Asked) -> Response[Any]:
    """What the chat says, in one language, and its limits."""
    door, doors = door_of(request), doors_of(request)
    told = tell_widget(doors.pages, _language(request, door), door.texts)
    limits = door.limits
    more = {
        "limits": {"text": limits.text, "files": limits.files, "megabytes": limits.megabytes},
        "minutes": door.unread_minutes,
        "sms": "sms" in door.reach,
    }
    return Response({**told, **more}, headers={"cache-control": "public, max-age=300"})


@post("/chat/open", access="public")
async def open_chat(request: Asked) -> Response[Any]:
    """A new chat: its token, once. Nothing is kept of it before something is said."""
    door = door_of(request)
    if wait := door.opening.wait(_network(request), time.monotonic()):
        return _refuse(request, door, "often", 429, {"retry-after": str(wait)})
    token = door.seal.make(_PURPOSE, secrets.token_bytes(_TOKEN_BYTES))
    return Response({"token": token}, status_code=201, headers={"cache-control": "no-store"})


@post("/chat/messages", access="public")
async def receive_message(request: Asked) -> Response[Any]:
    """Something said: 201 once it is durable, 200 when it was here already."""
    door, doors = door_of(request), doors_of(request)
    contact = _contact(request, door)
    now = time.monotonic()
    if wait := door.sending.wait(contact, now) or door.crowd.wait(_network(request), now):
        return _refuse(request, door, "often", 429, {"retry-after": str(wait)})
    announced = request.headers.get("content-length", "").encode()
    async with Body(request.receive, announced, door.limits.body, doors.memory) as body:
        raw = RawMessage(
            channel="chat",
            received_at=datetime.now(UTC),
            body=body,
            headers={
                "content-type": request.headers.get("content-type", "")[:200],
                CONTACT_HEADER: contact,
            },
        )
        return await _take(request, door, contact, raw)


async def _take(request: Asked, door: ChatDoor, contact: str, raw: RawMessage) -> Response[Any]:
    try:
        accepted = await doors_of(request).intake.accept(raw)
    except ChatRefused as refused:
        return _refuse(request, door, refused.key, refused.status, params=refused.params)
    except Refused as refused:
        return _refuse(request, door, "unreadable", refused.status)
    except (NotAccepted, StoreUnavailable) as error:
        later = str(getattr(error, "retry_after", 30))
        return _refuse(request, door, "busy", 503, {"retry-after": later})
    # Other windows of the same browser hear it at once.
    door.bell.ring(contact)
    return Response(
        {"id": accepted.message_id, "repeated": accepted.repeated},
        status_code=200 if accepted.repeated else 201,
        headers={"cache-control": "no-store"},
    )


@get("/chat/events", access="public")
async def tell_events(request: Asked) -> Stream:
    """The conversation after what the browser has heard, and what is said from now on.

    Last-Event-ID is the last event's id, or the last thirty's with commas between.
    With `once` the answer ends with the first news, or after a while: for networks that hold streams back.
    """
    door = door_of(request)
    contact = _contact(request, door)
    if door.looking.wait(contact, time.monotonic()):
        raise HTTPException(status_code=503)
    heard = [each for each in request.headers.get("last-event-id", "")[:2000].split(",") if _is_id(each)]
    once = "once" in request.query_params
    return Stream(
        _tell(door, contact, heard, once=once),
        media_type="text/event-stream",
        headers={
            "cache-control": "no-store",
            # nginx would gather the stream into large pieces
            "x-accel-buffering": "no",
        },
    )


@post("/chat/read", access="public", status_code=200)
async def receive_read(request: Asked) -> Response[Any]:
    """The browser has shown everything to the event with this id."""
    door, doors = door_of(request), doors_of(request)
    contact = _contact(request, door)
    if wait := door.looking.wait(contact, time.monotonic()):
        return _refuse(request, door, "often", 429, {"retry-after": str(wait)})
    async with Body(request.receive, b"", 100, doors.memory) as body:
        upto = body.decode("latin-1").strip()
    if not _is_id(upto):
        return _refuse(request, door, "unreadable", 400)
    try:
        left = await door.writer.call(
            partial(chats.mark_read, contact=contact, upto=upto, at=datetime.now(UTC))
        )
    except StoreUnavailable:
        return _refuse(request, door, "busy", 503, {"retry-after": "30"})
    return Response({"left": left}, headers={"cache-control": "no-store"})


async def _tell(door: ChatDoor, contact: str, heard: list[str], *, once: bool) -> AsyncIterator[bytes]:
    """The events of one connection, without those that the browser has heard.

    An id that was made earlier may be committed later: we reach back a little from the last.
    """
    yield b": hello\n\n"
    since, told = _reach_back(max(heard, default="")), set(heard)
    loop = asyncio.get_running_loop()
    ends = loop.time() + (ONCE_SECONDS if once else STREAM_SECONDS)
    try:
        with door.bell.listen(contact) as waiting:
            while not waiting.ended:
                try:
                    items = await door.database.read(partial(chats.list_items, contact=contact, since=since))
                except StoreUnavailable:
                    return
                fresh = [item for item in items if item.id not in told]
                if fresh:
                    yield b"".join([_write(item) for item in fresh])
                    told |= {item.id for item in fresh}
                    since = max(since, _reach_back(fresh[-1].id))
                if (once and fresh) or (left := ends - loop.time()) <= 0:
                    return
                if not await waiting.wait(min(BEAT_SECONDS, left)):
                    yield b": beat\n\n"
    except TooManyWait:
        # What there is, and nothing more: the browser asks again after a while.
        items = await door.database.read(partial(chats.list_items, contact=contact, since=since))
        yield b"".join([b"retry: 15000\n\n", *(_write(item) for item in items if item.id not in told)])


def _reach_back(last: str) -> str:
    if not _is_id(last):
        return ""
    made_at = datetime.fromtimestamp(int(last[:12], 16) / 1000, UTC)
    return chats.id_at(max(made_at - OVERLAP, datetime(1970, 1, 2, tzinfo=UTC)))


def _is_id(text: str) -> bool:
    # An id is 32 hex digits and begins with the time (RFC 9562 section 5.7); 0x7f... lies beyond the year 6000.
    return len(text) == 32 and set(text) <= set("0123456789abcdef") and text < "7f"


def _write(item: Item) -> bytes:
    """One message as an event (the HTML standard, section 9.2.5)."""
    told: dict[str, Any] = {"id": item.id, "ours": item.ours, "at": item.at, "text": mask(item.text)}
    if item.ours:
        told |= {"kind": item.purpose, "lang": item.language, "choices": item.choices}
    if item.reach:
        told["reach"] = obscure_reach(item.reach)
        told["kind"] = item.purpose
    if item.files:
        told["files"] = item.files
    return b"id: %s\ndata: %s\n\n" % (item.id.encode(), _encode(told))


def obscure_reach(value: str) -> str:
    """Enough of an address or a number for its owner to know it again."""
    return obscure(value) if "@" in value else f"{value[:3]}***{value[-2:]}"


def _contact(request: Asked, door: ChatDoor) -> str:
    """Whose request it is. Raises Unknown."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or door.seal.read(_PURPOSE, token.strip()) is None:
        raise Unknown
    return contact_of(token.strip())


def _network(request: Asked) -> str:
    return network_of(request.client.host) if request.client else ""


def _language(request: Asked, door: ChatDoor) -> str:
    asked = request.query_params.get("lang", "")[:20].partition("-")[0].lower()
    return asked if asked in door.texts else choose_language(request)


def _refuse(
    request: Asked,
    door: ChatDoor,
    key: str,
    status: int,
    headers: dict[str, str] | None = None,
    params: Any = None,
) -> Response[Any]:
    """An error with a sentence for the person."""
    said = find_texts(door.texts, _language(request, door)).values[f"errors.{key}"].format(**(params or {}))
    return Response(
        {"error": key, "say": said},
        status_code=status,
        headers={"cache-control": "no-store", **(headers or {})},
    )


def _here(request: Asked) -> str:
    """Our own address as the visitor's browser knows it, for the line to copy."""
    return doors_of(request).public_url or f"{request.url.scheme}://{request.url.netloc}"

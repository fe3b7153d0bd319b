"""The feed for whoever reads it: a piece at a time, or as Server-Sent Events that go on from where a reader was."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import HTTPException
from litestar.response import Stream

from gateway.api import examples
from gateway.api.given import FeedQuery
from gateway.api.operation import Operation
from gateway.api.problems import Refused
from gateway.api.shapes import Feed
from gateway.downstream.cloud import PREFIX, make_event, name_source
from gateway.staff.rights import Viewer
from gateway.web.doors import Asked, doors_of
from store.access import Scope
from store.errors import StoreUnavailable
from store.feed import Page, read_feed

MOST = 500
"""Events in one answer."""

USUAL = 100
MOST_TYPES = 50
LARGEST = 2**63 - 1

LOOK_SECONDS = 1.0
BEAT_SECONDS = 15.0
STREAM_SECONDS = 300.0
"""A stream ends after a while, and the reader comes again from where it was: rights are asked anew, nodes can stop."""

STREAMS = 50
"""Open at the same time on one node."""


class BadQuestion(ValueError):
    """A parameter is none. The text says which."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a reader asks for."""

    after: int
    limit: int
    types: tuple[str, ...]


def read_question(request: Asked) -> Question:
    """The parameters of a request. Raises BadQuestion."""
    asked = request.query_params
    last = request.headers.get("last-event-id", "")
    return Question(
        after=_number("after", last or asked.get("after", "0"), 0, LARGEST),
        limit=_number("limit", asked.get("limit", str(USUAL)), 1, MOST),
        types=tuple(each.removeprefix(PREFIX)[:100] for each in asked.getall("type", [])[:MOST_TYPES]),
    )


def _number(name: str, text: str, least: int, most: int) -> int:
    if len(text) <= 20 and text.isascii() and text.isdecimal() and least <= int(text) <= most:
        return int(text)
    raise BadQuestion(f"{name} must be a whole number from {least} to {most}")


def write_page(page: Page, source: str) -> dict[str, Any]:
    """One piece of the feed as an answer holds it."""
    return {"events": [make_event(row, source) for row in page.events], "next": page.reached}


@get(
    "/api/v1/events",
    access="token",
    right="read",
    operation=Operation(
        id="list_feed",
        summary="What happened to the cases that the token may list, in order; as text/event-stream while it happens",
        swedish="Vad som hänt i de ärenden som nyckeln får se, i ordning; som text/event-stream medan det händer",
        tag="feed",
        gives=Feed,
        query=FeedQuery,
        example=examples.FEED,
        problems=(400,),
    ),
)
async def list_events(request: Asked) -> Response[Any]:
    """Events after a position, of the cases that the token may list."""
    try:
        question = read_question(request)
    except BadQuestion as error:
        raise Refused("malformed", str(error)) from error
    doors, viewer = doors_of(request), request.scope["user"]
    source = name_source(doors.public_url)
    if "text/event-stream" in request.headers.get("accept", ""):
        return _stream(request, viewer, question, source)
    read = partial(
        read_feed, scope=viewer.scope, after=question.after, limit=question.limit, types=question.types
    )
    try:
        page = await doors.staff.database.read(read)
    except StoreUnavailable as error:
        raise HTTPException(status_code=503) from error
    return Response(
        msgspec.json.encode(write_page(page, source)),
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


_open = 0


def _stream(request: Asked, viewer: Viewer, question: Question, source: str) -> Stream:
    if _open >= STREAMS:
        raise HTTPException(status_code=503)
    # nginx would gather the stream into large pieces
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return Stream(
        _tell(request, viewer.scope, question, source), media_type="text/event-stream", headers=headers
    )


async def _tell(request: Asked, scope: Scope, question: Question, source: str) -> AsyncIterator[bytes]:
    """Every event as it gets its position; its id is that position, where a reader goes on that comes again."""
    global _open  # noqa: PLW0603  # one count for the node
    database, bell = doors_of(request).staff.database, doors_of(request).ends
    loop = asyncio.get_running_loop()
    ends, beat_at, after = loop.time() + STREAM_SECONDS, loop.time(), question.after
    _open += 1
    try:
        yield b"retry: 3000\n\n"
        while loop.time() < ends and not bell():
            read = partial(read_feed, scope=scope, after=after, limit=question.limit, types=question.types)
            try:
                page = await database.read(read)
            except StoreUnavailable:
                return
            if page.events:
                yield b"".join(
                    b"id: %d\ndata: %s\n\n" % (row.position, msgspec.json.encode(make_event(row, source)))
                    for row in page.events
                )
            elif loop.time() >= beat_at or page.reached - after >= MOST:
                # Where nothing is the reader's own, it still need not go through the same again.
                yield b"id: %d\n: beat\n\n" % page.reached
                beat_at = loop.time() + BEAT_SECONDS
            if page.reached == after:
                await asyncio.sleep(LOOK_SECONDS)
            after = page.reached
    finally:
        _open -= 1

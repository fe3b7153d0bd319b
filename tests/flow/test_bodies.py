"""The memory that bodies may take: counted from the first byte to the commit, and given back however it ends."""

import asyncio
import secrets
import threading
from pathlib import Path
from typing import Any

import pytest
from litestar.exceptions import HTTPException

from gateway.doorways import open_doors
from gateway.house import Plans
from gateway.web.app import build_app
from gateway.web.bodies import Body, ClientLeft, Memory, TooLarge, TooMuchAtOnce
from store.database import SqliteDatabase
from tests.flow.test_chat import multipart
from tests.flow.test_conversations import plans, settle

__all__ = ["plans"]


def pieces(*chunks: bytes, leaves: bool = False) -> Any:
    events = [{"type": "http.request", "body": each, "more_body": True} for each in chunks]
    events.append({"type": "http.disconnect"} if leaves else {"type": "http.request", "body": b""})
    waiting = iter(events)

    async def receive() -> Any:
        return next(waiting)

    return receive


async def test_memory_is_taken_until_the_body_is_dealt_with_and_two_share_it() -> None:
    memory = Memory(left=10)
    async with Body(pieces(b"12345", b"678"), b"8", 8, memory) as body:
        assert (body, memory.left) == (b"12345678", 2)
        with pytest.raises(TooMuchAtOnce):
            async with Body(pieces(b"123"), b"", 8, memory):
                raise AssertionError("there was no room")
        assert memory.left == 2
        async with Body(pieces(b"12"), b"", 8, memory):
            assert memory.left == 0
        assert memory.left == 2
    assert memory.left == 10


@pytest.mark.parametrize(
    ("receive", "announced", "problem"),
    [
        (pieces(b"12345", leaves=True), b"", ClientLeft),
        (pieces(b"12345", b"67890"), b"", TooLarge),
        (pieces(), b"900", TooLarge),
        (pieces(*[b"123456"] * 100), b"", TooLarge),
    ],
)
async def test_what_goes_wrong_gives_all_of_it_back(
    receive: Any, announced: bytes, problem: type[HTTPException]
) -> None:
    memory = Memory(left=50)
    with pytest.raises(problem):
        async with Body(receive, announced, 8, memory):
            raise AssertionError("it was no body")
    assert memory.left == 50
    with pytest.raises(ZeroDivisionError):
        async with Body(pieces(b"1"), b"1", 8, memory):
            raise ZeroDivisionError
    assert memory.left == 50


async def post(app: Any, path: str, body: bytes, kind: str, bearer: str = "") -> int:
    """One request, straight to the application. Returns the status."""
    headers = [(b"content-type", kind.encode()), (b"content-length", b"%d" % len(body)), (b"host", b"here")]
    if bearer:
        headers.append((b"authorization", f"Bearer {bearer}".encode()))
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST"}
    scope |= {"scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": headers, "client": ("127.0.0.1", 9), "server": ("here", 80), "root_path": ""}
    told: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    await app(scope, pieces(body), send)
    return told[0]


@pytest.mark.parametrize("way", ["form", "chat", "page"])
async def test_a_message_that_waits_for_the_disk_still_counts(plans: Plans, tmp_path: Path, way: str) -> None:
    async with settle(plans, tmp_path / "data", "") as town:
        doors = open_doors(town.house)
        app, free = build_app(doors), doors.memory.left
        fields = {"text": "Det är ett stort hål i vägen på Storgatan. " * 50, "lang": "sv"}
        path, bearer, done = "/", "", 303
        if way == "form":
            fields |= {"how": "anon", "token": secrets.token_hex(16)}
        elif way == "chat":
            path, done, fields["id"] = "/chat/messages", 201, secrets.token_hex(16)
            assert doors.chat is not None
            bearer = doors.chat.seal.make("chat", secrets.token_bytes(18))
        else:
            case = await town.say("Hej")
            while (await town.case(case)).outbox[0].state != "sent":
                await asyncio.sleep(0.01)
            path, fields["token"] = f"/s/{doors.status.links.token(case.case_id)}", secrets.token_hex(16)
        body, kind = multipart(fields)
        go_on = threading.Event()
        database = town.house.database
        assert isinstance(database, SqliteDatabase)
        # Where its commits go, in order: they wait behind this.
        database._disk.submit(go_on.wait, 20)
        request = asyncio.create_task(post(app, path, body, kind, bearer))
        try:
            # Nothing in its way gives the loop a moment between reading the body and asking for the disk.
            await town.until(lambda: doors.memory.left != free)
            assert (doors.memory.left, request.done()) == (free - len(body), False)
        finally:
            go_on.set()
        assert (await request, doors.memory.left) == (done, free)

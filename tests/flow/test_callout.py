"""An alarm goes out beside the mail: a real receiver checks the signature with the standard's own library."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from channels.base import PermanentSendError, TemporarySendError
from channels.callout import Callout
from gateway.letters.notices import CALLOUT
from normalizer.messages import Address, OutboundMessage

SECRET = "whsec_" + "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0"


@dataclass
class Receiver:
    """One that answers as told, and keeps what came."""

    status: str = "204 No Content"
    port: int = 0
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head)}
        self.came.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(f"HTTP/1.1 {self.status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found


def call() -> OutboundMessage:
    return OutboundMessage(
        id="0192f30a",
        to=Address(channel=CALLOUT, value="alarm"),
        subject="",
        text='{"type":"kvitto.alarm","data":{"case":"7K4M-9QXT"}}',
        language="sv",
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        message_id="",
    )


async def test_the_receiver_can_prove_that_it_is_from_us(receiver: Receiver) -> None:
    callout = Callout(url=f"http://127.0.0.1:{receiver.port}/alarm?token=x", secret=SECRET)
    assert await callout.send(call()) == "204"
    headers, body = receiver.came[0]
    assert Webhook(SECRET).verify(body, headers)["data"] == {"case": "7K4M-9QXT"}
    assert "token" not in repr(callout)
    assert SECRET not in repr(callout)


@pytest.mark.parametrize("status", ["500 Oops", "404 Not Found", "302 Found", "429 Too Many Requests"])
async def test_a_receiver_that_refuses_is_called_again(receiver: Receiver, status: str) -> None:
    receiver.status = status
    with pytest.raises(TemporarySendError, match=status[:3]):
        await Callout(url=f"http://127.0.0.1:{receiver.port}/", secret=SECRET).send(call())


async def test_a_receiver_that_is_away_is_called_again_and_one_that_is_gone_is_not(
    receiver: Receiver,
) -> None:
    receiver.status = "410 Gone"
    with pytest.raises(PermanentSendError):
        await Callout(url=f"http://127.0.0.1:{receiver.port}/", secret=SECRET).send(call())
    with pytest.raises(TemporarySendError):
        await Callout(url="http://127.0.0.1:1/", secret=SECRET).send(call())

"""Reading the body of a request: bounded for each, and for all together."""

from dataclasses import dataclass

from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import HTTPException


class TooLarge(HTTPException):
    """The body is larger than this address takes."""

    status_code = 413


class TooMuchAtOnce(HTTPException):
    """Others are sending so much just now that there is no memory left for this body."""

    status_code = 503


class ClientLeft(HTTPException):
    """The client went away in the middle of its body."""

    status_code = 400


@dataclass(slots=True)
class Memory:
    """Bytes that all bodies being received may take together."""

    left: int


async def read_body(request: Request[None, None, State], largest: int, memory: Memory) -> bytes:
    """The whole body. Raises TooLarge or TooMuchAtOnce, as early as its length is known."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > largest:
        raise TooLarge
    if announced.isdecimal() and int(announced) > memory.left:
        raise TooMuchAtOnce
    parts: list[bytes] = []
    taken = 0
    try:
        while True:
            event = await request.receive()
            if event["type"] != "http.request":
                raise ClientLeft
            chunk = event.get("body", b"")
            taken += len(chunk)
            memory.left -= len(chunk)
            if taken > largest:
                raise TooLarge
            if memory.left < 0:
                raise TooMuchAtOnce
            parts.append(chunk)
            if not event.get("more_body", False):
                return b"".join(parts)
    finally:
        memory.left += taken

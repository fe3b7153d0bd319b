"""Reading the body of a request: bounded for each, and for all together."""

from dataclasses import dataclass

from litestar.exceptions import HTTPException
from litestar.types import Receive


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


DRAINED = 4
"""How many times the limit is read and thrown away, so that a client hears why instead of losing the line."""


async def read_body(receive: Receive, announced: bytes, largest: int, memory: Memory) -> bytes:
    """The whole body; `announced` is its Content-Length. Raises TooLarge or TooMuchAtOnce, and ClientLeft."""
    if announced.isdigit() and int(announced) > largest * DRAINED:
        raise TooLarge
    parts: list[bytes] = []
    size = taken = 0
    problem: HTTPException | None = None
    try:
        while True:
            event = await receive()
            if event["type"] != "http.request":
                raise ClientLeft
            chunk = event.get("body", b"")
            size += len(chunk)
            if problem is None and (size > largest or memory.left < len(chunk)):
                problem = TooLarge() if size > largest else TooMuchAtOnce()
                parts.clear()
            if problem is None:
                memory.left -= len(chunk)
                taken += len(chunk)
                parts.append(chunk)
            if not event.get("more_body", False) or size > largest * DRAINED:
                break
    finally:
        memory.left += taken
    if problem is not None:
        raise problem
    return b"".join(parts)

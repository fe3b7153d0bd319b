"""Reading the body of a request: bounded for each, and for all together."""

from dataclasses import dataclass
from types import TracebackType

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
    """Bytes that all bodies may take together, from their first piece until they are durable."""

    left: int


DRAINED = 4
"""How many times the limit is read and thrown away, so that a client hears why instead of losing the line."""


class Body:
    """The whole body of a request, for the length of an `async with`: until then its memory counts as taken.

    What is done with the body belongs inside, to its commit: a body that waits for the disk takes as much memory as
    one that is still coming.
    """

    __slots__ = ("_announced", "_largest", "_memory", "_receive", "_taken")

    def __init__(self, receive: Receive, announced: bytes, largest: int, memory: Memory) -> None:
        self._receive, self._announced = receive, announced
        # `announced` is its Content-Length, b"" when there is none
        self._largest, self._memory = largest, memory
        self._taken = 0

    async def __aenter__(self) -> bytes:
        """Raises TooLarge or TooMuchAtOnce, and ClientLeft."""
        try:
            return await self._read()
        except BaseException:
            self._give_back()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()

    def _give_back(self) -> None:
        self._memory.left += self._taken
        self._taken = 0

    async def _read(self) -> bytes:
        largest, memory = self._largest, self._memory
        if self._announced.isdigit() and int(self._announced) > largest * DRAINED:
            raise TooLarge
        parts: list[bytes] = []
        size = 0
        problem: HTTPException | None = None
        while True:
            event = await self._receive()
            if event["type"] != "http.request":
                raise ClientLeft
            chunk = event.get("body", b"")
            size += len(chunk)
            if problem is None and (size > largest or memory.left < len(chunk)):
                problem = TooLarge() if size > largest else TooMuchAtOnce()
                parts.clear()
                self._give_back()
            if problem is None:
                memory.left -= len(chunk)
                self._taken += len(chunk)
                parts.append(chunk)
            if not event.get("more_body", False) or size > largest * DRAINED:
                break
        if problem is not None:
            raise problem
        return b"".join(parts)

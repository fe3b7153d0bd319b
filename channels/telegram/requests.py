"""HTTP below python-telegram-bot: bounded in size and time, and silent about what it carries."""

import asyncio
from typing import Any

import httpx
import msgspec
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

TIMEOUT = 15.0
"""Seconds in which Telegram must connect, or say something."""

WHOLE_TIMEOUT = 90.0
"""Seconds that one call or file may take altogether, beside what a long poll waits on purpose."""

LONGEST_WAIT = 3600.0
"""Seconds that we let Telegram put us off at a time."""

NO_UPDATES = b'{"ok":true,"result":[]}'


class TooLarge(TelegramError):
    """An answer or a file is larger than we take."""


class Flood(TelegramError):
    """Too many messages at a time. The library's own error warns of itself whenever it is made."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("429 too many messages")
        try:
            wait = float(_read_flood(payload).parameters.retry_after)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            wait = 0.0
        self.retry_after = min(max(wait, 1.0), LONGEST_WAIT) if wait else None
        # seconds


class _Parameters(msgspec.Struct):
    retry_after: int = 0


class _FloodAnswer(msgspec.Struct):
    """https://core.telegram.org/bots/api#responseparameters"""

    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


_read_flood = msgspec.json.Decoder(_FloodAnswer).decode


def open_http() -> httpx.AsyncClient:
    """Connections to one Bot API."""
    return httpx.AsyncClient(
        timeout=TIMEOUT,
        follow_redirects=False,
        headers={"accept-encoding": "identity"},
        limits=httpx.Limits(max_connections=20),
    )


class Requests(BaseRequest):
    """HTTP for the library, bounded in size and time. It tells nobody what stood in a request: the token does."""

    def __init__(self, http: httpx.AsyncClient, largest: int) -> None:
        self._client = http
        self._largest = largest

    @property
    def read_timeout(self) -> float:
        return TIMEOUT

    async def initialize(self) -> None:
        """Nothing: it is ready from the start."""

    async def shutdown(self) -> None:
        """Nothing: the connections belong to whoever has made them."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """An answer. The library's own would write one that it cannot read into the log.

        Of a message that was sent only the name is left: whatever else Telegram may write there some day must not make
        it look unsent, or it would be sent again and again.
        """
        try:
            answer = msgspec.json.decode(payload, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise TelegramError("an answer that is no JSON") from None
        result = answer.get("result")
        if isinstance(result, dict) and "message_id" in result:
            answer["result"] = {key: result[key] for key in ("message_id", "date", "chat") if key in result}
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        """One request. `read_timeout` is a number where the library waits longer than usual."""
        del write_timeout, connect_timeout, pool_timeout
        wait = float(read_timeout) if isinstance(read_timeout, int | float) else TIMEOUT
        data = request_data.json_parameters if request_data else None
        body = bytearray()
        try:
            async with (
                asyncio.timeout(WHOLE_TIMEOUT + wait),
                self._client.stream(
                    method, url, data=data, timeout=httpx.Timeout(TIMEOUT, read=wait)
                ) as answer,
            ):
                async for part in answer.aiter_raw():
                    body += part
                    if len(body) > self._largest:
                        raise TooLarge("larger than we take")
                if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                    raise Flood(bytes(body))
                return answer.status_code, bytes(body)
        except (httpx.TimeoutException, TimeoutError):
            raise TimedOut from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NetworkError(type(error).__name__) from None


class UpdateRequests(Requests):
    """The same for getUpdates: it keeps the answer as it came.

    The library makes objects of all updates at once, and one that it does not understand would keep back the rest.
    """

    received: bytes = NO_UPDATES

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, payload = await super().do_request(*args, **kwargs)
        if status != httpx.codes.OK:
            return status, payload
        self.received = payload
        return status, NO_UPDATES

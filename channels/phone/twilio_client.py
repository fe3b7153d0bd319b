"""Sending by Twilio's own library, over our HTTP.

The library knows the addresses and the names of the fields; our client below it bounds time and size, follows no
redirect, and reads refusals itself, since the library's errors drop Retry-After.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from twilio.base.exceptions import TwilioException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.base import TemporarySendError
from channels.http_client import post
from channels.phone.provider_answers import Reply, refuse

HOME = "https://api.twilio.com"
"""What the library takes for granted."""

_NOWHERE = {"KVITTO": ""}
# The library would look into the process's environment for what is not given.


class OurHttp(AsyncHttpClient):  # type: ignore[misc]  # the library has no types
    """How the library's requests go out."""

    def __init__(self, api: str, codes: Mapping[str, str]) -> None:
        super().__init__(logging.getLogger("kvitto.none"), is_async=True)
        self._api = api
        self._codes = codes

    async def request(self, method: str, uri: str, **given: Any) -> Response:
        """One POST. Raises a SendError for every answer but success."""
        assert method == "POST"
        fields = {name: str(value) for name, value in (given.get("data") or {}).items()}
        url = self._api + uri.removeprefix(HOME)
        reply = await post(url, fields, given.get("headers") or {}, given["auth"])
        if not 200 <= reply.status < 300:
            refuse(reply, _read_code(reply), self._codes)
        return Response(reply.status, reply.text)


async def send(http: OurHttp, login: tuple[str, str], *, sender: str, to: str, text: str, back: str) -> str:
    """Create one message; its SID. Raises a SendError."""
    client = Client(*login, http_client=http, environment=dict(_NOWHERE))
    optional = {"status_callback": back} if back else {}
    try:
        made = await client.messages.create_async(to=to, from_=sender, body=text, **optional)
        sid = made.sid
    except TwilioException as error:
        raise TemporarySendError(f"nonsense: {type(error).__name__}") from error
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        # A success whose body is not what the library reads: perhaps it was sent, so it is asked again later.
        raise TemporarySendError("nonsense: 200") from error
    if not isinstance(sid, str) or not sid:
        raise TemporarySendError("nonsense: no sid")
    return sid[:100]


def _read_code(reply: Reply) -> str:
    """Twilio's code in a refusal: JSON with a number in `code`."""
    try:
        found = json.loads(reply.text)
    except ValueError:
        return ""
    code = found.get("code") if isinstance(found, dict) else None
    return str(code) if isinstance(code, int) else ""

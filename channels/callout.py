"""Calling another system: a signed POST after Standard Webhooks, so that an alarm does not hang on mail alone.

https://www.standardwebhooks.com. The body names the case and nothing that anybody wrote.
"""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import httpx

from channels.base import PermanentSendError, Sender, TemporarySendError
from normalizer.messages import OutboundMessage

TIMEOUT = 10.0
"""Seconds for the whole call."""

_GONE = 410
# Standard Webhooks: the receiver wants no more of them


@dataclass(frozen=True, kw_only=True)
class Callout(Sender):
    """One receiver, reached at its own address."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    # whsec_ and base64

    async def send(self, message: OutboundMessage) -> str:
        """Its status. A receiver that is away or refuses is called again; only 410 is for good."""
        now = str(int(datetime.now(UTC).timestamp()))
        signed = f"{message.id}.{now}.{message.text}".encode()
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signature = base64.b64encode(hmac.digest(key, signed, sha256)).decode()
        headers = {
            "content-type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": now,
            "webhook-signature": f"v1,{signature}",
        }
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
                answer = await client.post(self.url, content=message.text.encode(), headers=headers)
        except httpx.HTTPError as error:
            raise TemporarySendError(type(error).__name__) from error
        if answer.status_code == _GONE:
            raise PermanentSendError("410")
        if not answer.is_success:
            raise TemporarySendError(str(answer.status_code))
        return str(answer.status_code)

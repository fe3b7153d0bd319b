"""The address of a case's status page: unguessable, and not the case's number.

The token names the case by its id and ends with an HMAC of the house (`gateway.seals`). An id tells when it was made,
so that a link ends by itself without anybody remembering it.
"""

from dataclasses import dataclass
from datetime import datetime

from gateway.seals import Seal

_PURPOSE = "status"
_ID_BYTES = 16
DAY = 86_400
"""Seconds."""


@dataclass(frozen=True, kw_only=True)
class StatusLinks:
    """Links to status pages, made and read."""

    seal: Seal
    public_url: str = ""
    # "https://kvitto.example.org"; "" when nobody has said where residents reach us: then letters carry no link
    days: int = 365
    # how long after a case was made its page can be opened

    def token(self, case_id: str) -> str:
        """What stands in the address, after /s/. Raises OSError when the key cannot be read."""
        return self.seal.make(_PURPOSE, bytes.fromhex(case_id))

    def link(self, case_id: str) -> str:
        """The whole address for a letter; "" when it is not known where residents reach us."""
        return f"{self.public_url.rstrip('/')}/s/{self.token(case_id)}" if self.public_url else ""

    def read(self, token: str, now: datetime) -> str:
        """The id of the case; "" for what is not ours, or has ended."""
        content = self.seal.read(_PURPOSE, token)
        if content is None or len(content) != _ID_BYTES:
            return ""
        # RFC 9562 section 5.7: an id begins with the milliseconds of its making.
        age = now.timestamp() - int.from_bytes(content[:6]) / 1000
        return content.hex() if age <= self.days * DAY else ""

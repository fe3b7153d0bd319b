"""What the chat's routes need of the house, and which other web sites may call them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from channels.form import FormLimits
from config.chat_texts import ChatTexts
from gateway.bell import Bell
from gateway.seals import Seal
from gateway.web.pace import Pace
from store.database import Database
from store.writer import Writer

PREFIX = "/chat/"
PAGE = "/chat"

_ALLOWED = "authorization, content-type, last-event-id"
_CACHED = "7200"
"""Seconds that a browser remembers that it may call us: more than the longest that any of them allows is no use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatDoor:
    """The chat, as its routes need it."""

    database: Database
    writer: Writer
    bell: Bell
    seal: Seal
    texts: Mapping[str, ChatTexts]
    limits: FormLimits
    origins: frozenset[str]
    # web sites beside our own whose pages may hold the chat
    unread_minutes: int
    reach: frozenset[str]
    # channels on which a person can be found who has left: "email", "sms"
    opening: Pace
    # chats opened, by network
    sending: Pace
    # messages, by chat
    crowd: Pace
    # messages, by network
    looking: Pace
    # connections and questions, by chat

    def may_call(self, origin: str, host: str) -> bool:
        """May a page of this origin call us? Our own may, by whatever name and scheme a proxy gives us."""
        if not origin or origin in self.origins:
            return True
        try:
            return urlsplit(origin).netloc == host
        except ValueError:
            return False


def read_headers(scope: Any) -> tuple[str, str]:
    """The origin and the host of a request."""
    found = {name: value for name, value in scope["headers"] if name in {b"origin", b"host"}}
    return found.get(b"origin", b"").decode("latin-1"), found.get(b"host", b"").decode("latin-1")


def cors_headers(origin: str, *, preflight: bool = False) -> list[tuple[bytes, bytes]]:
    """What lets a page of this origin read our answer. There are no cookies, so no credentials either."""
    headers = [("access-control-allow-origin", origin), ("vary", "Origin")]
    if preflight:
        headers += [
            ("access-control-allow-methods", "GET, POST"),
            ("access-control-allow-headers", _ALLOWED),
            ("access-control-max-age", _CACHED),
        ]
    return [(name.encode(), value.encode("latin-1")) for name, value in headers]

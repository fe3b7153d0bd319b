"""The sections [chat] and [status] of the settings: the chat on the city's pages, and the pages of cases."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

ORIGIN = r"^https?://[a-z0-9.-]+(:\d{1,5})?$"
"""A web site as a browser names it: scheme, host and port, no path (RFC 6454 section 6.2)."""


class Chat(BaseModel):
    """The chat on the city's own pages."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = True
    """Serve the chat, its script and its page /chat."""
    origins: tuple[Annotated[str, Field(pattern=ORIGIN)], ...] = ()
    """Web sites whose pages may hold the chat, such as "https://www.example.org". Our own pages always may."""
    files: Annotated[int, Field(ge=0, le=20)] = 5
    """Files in one message; 0 takes none."""
    megabytes: Annotated[int, Field(ge=1, le=30)] = 10
    """The largest file."""
    unread_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    """An answer that nobody has read in the chat after so long goes to the e-mail or mobile that the person left."""
    messages_per_minute: Annotated[int, Field(ge=1, le=1000)] = 20
    """Messages of one chat in a minute. One more is asked to wait; nothing is lost."""
    chats_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 60
    """Chats that one network address may open in an hour: a library or a school has many people behind one."""
    streams: Annotated[int, Field(ge=0, le=100_000)] = 500
    """Chats that may be kept open at once by a lasting connection, at most half of web.connections. One more asks now and
    then instead."""


class Status(BaseModel):
    """The page of one case, /s/ and its token, for whoever has the link."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    days: Annotated[int, Field(ge=1, le=3650)] = 365
    """How long after a message came its page can be opened."""
    posts_per_hour: Annotated[int, Field(ge=1, le=1000)] = 30
    """How many texts can be added to one case by its page in an hour."""

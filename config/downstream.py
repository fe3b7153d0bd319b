"""The section [downstream] of the settings: what flows on to other systems."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

STREAM = r"^[A-Za-z0-9_-]{1,64}$"
SUBJECT = r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$"
PATTERNS = {
    STREAM: "must be letters, digits, _ and -",
    SUBJECT: "must be words of letters and digits with dots between, such as kvitto.intake",
}
"""What each pattern asks for, in words."""


class Downstream(BaseModel):
    """The feed of events, and the systems that are told of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = True
    """Number every event for those who read the feed, and tell the endpoints (`kvitto endpoints add`)."""
    keep_trying_days: Annotated[int, Field(ge=1, le=30)] = 5
    """Days for which an endpoint that is away is tried again. After that what it is owed is dead, until a replay."""
    connections: Annotated[int, Field(ge=1, le=100)] = 4
    """Calls to one endpoint at the same time."""
    private_hosts: tuple[str, ...] = ()
    """Hosts inside the city's own network that may be called, also by http://. All others must be on the internet."""
    nats_url: str = Field(default="", repr=False)
    """A NATS server to publish every event to: nats://bus.example.org:4222 or tls://. Left out: none."""
    nats_credentials: Path | None = None
    """The file of NATS credentials (.creds), where the server wants one."""
    nats_stream: Annotated[str, Field(pattern=STREAM)] = "KVITTO"
    """The JetStream stream; it is made where it is missing."""
    nats_subject: Annotated[str, Field(pattern=SUBJECT)] = "kvitto"
    """What the subjects begin with: kvitto.case.opened, and so on."""

    def faults(self) -> Iterator[str]:
        """What contradicts itself."""
        if self.nats_url and urlsplit(self.nats_url).scheme not in {"nats", "tls"}:
            yield "downstream.nats_url (KVITTO_DOWNSTREAM__NATS_URL): must begin with nats:// or tls://"

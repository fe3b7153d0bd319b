"""The section [clocks] of the settings: who hears when of a case that waits. The addresses stand with the city."""

from collections.abc import Iterator
from datetime import time
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from config.places import LOOPBACK, SIGNING


class Clocks(BaseModel):
    """The clocks of a case: told where, and answered."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = True
    """Remind the departments, and tell residents when an answer is late."""
    opens: str = "08:00"
    """When the city's working day begins, in Swedish time: reminders come from then on."""
    closes: str = "17:00"
    """When it ends. A resident who has no answer by then on the last day is told a new day."""
    accept_hours: Annotated[int, Field(ge=1, le=100)] = 4
    """Working hours that a department has to take a case or give it back."""
    directors_after: Annotated[int, Field(ge=1, le=100)] = 3
    """Working days after a broken promise at which the directors hear of it."""
    status_after: Annotated[int, Field(ge=2, le=200)] = 10
    """Working days without an answer after which the resident is told that the case is still worked on."""
    alarm_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    """Minutes between two calls of an alarm that nobody has taken."""
    alarm_url: str = ""
    """Where alarms are also sent, beside the letters: a signed POST to a system that wakes somebody. https only."""
    alarm_secret: Annotated[str, Field(pattern=SIGNING)] | None = Field(default=None, repr=False)
    """The secret that signs it, after Standard Webhooks: whsec_ and base64."""
    sampled_percent: Annotated[int, Field(ge=0, le=100)] = 3
    """Of a hundred cases that were sent on without a person, how many a person looks at again."""

    def faults(self) -> Iterator[str]:
        """What contradicts itself."""
        wrong = [name for name in ("opens", "closes") if _read(getattr(self, name)) is None]
        for name in wrong:
            yield f"clocks.{name} (KVITTO_CLOCKS__{name.upper()}): must be a time such as 08:00"
        if self.alarm_url and not is_callable(self.alarm_url):
            yield "clocks.alarm_url (KVITTO_CLOCKS__ALARM_URL): must begin with https://, or http:// on this machine"
        if bool(self.alarm_url) != bool(self.alarm_secret):
            yield "clocks.alarm_url and clocks.alarm_secret: give both or neither"
        if not wrong and self.hours[0] >= self.hours[1]:
            yield "clocks.opens and clocks.closes: the day must open before it closes"

    @property
    def hours(self) -> tuple[time, time]:
        """From when to when the city works."""
        opens, closes = _read(self.opens), _read(self.closes)
        assert opens is not None
        assert closes is not None
        return opens, closes


def is_callable(url: str) -> bool:
    """May a signed call go there: encrypted, or without leaving this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def _read(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        return None

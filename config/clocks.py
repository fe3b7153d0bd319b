"""The section [clocks] of the settings: who hears when of a case that waits. The addresses stand with the city."""

from collections.abc import Iterator
from datetime import time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


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
    sampled_percent: Annotated[int, Field(ge=0, le=100)] = 3
    """Of a hundred cases that were sent on without a person, how many a person looks at again."""

    def faults(self) -> Iterator[str]:
        """What contradicts itself."""
        wrong = [name for name in ("opens", "closes") if _read(getattr(self, name)) is None]
        for name in wrong:
            yield f"clocks.{name} (KVITTO_CLOCKS__{name.upper()}): must be a time such as 08:00"
        if not wrong and self.hours[0] >= self.hours[1]:
            yield "clocks.opens and clocks.closes: the day must open before it closes"

    @property
    def hours(self) -> tuple[time, time]:
        """From when to when the city works."""
        opens, closes = _read(self.opens), _read(self.closes)
        assert opens is not None
        assert closes is not None
        return opens, closes


def _read(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        return None

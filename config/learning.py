"""The section [learning] of the settings: the routing learns from what staff decide."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Learning(BaseModel):
    """What the routing learns from staff's decisions, beside the city's rules."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = True
    """Learn from what staff accept, move and answer, and let the model name a department where it is sure."""
    every_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    """How often to look whether anybody has decided anything new, and to learn it."""
    wrong_percent: Annotated[int, Field(ge=1, le=20)] = 5
    """Of a hundred messages that the model sends on by itself, how many may be wrong. Sensible: 2 to 5."""

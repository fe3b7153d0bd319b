"""The section [api] of the settings: the REST API for other systems."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Api(BaseModel):
    """The REST API for other systems."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    requests_per_minute: Annotated[int, Field(ge=10, le=100_000)] = 600
    """How many requests one token may make in a minute on one node. One more is asked to wait."""

"""The section [outbox] of the settings: sending what is owed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Outbox(BaseModel):
    """Sending what is owed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    keep_trying_hours: Annotated[int, Field(ge=1, le=240)] = 120
    """How long to try before an entry counts as failed."""
    receipts_per_hour: Annotated[int, Field(ge=1, le=10_000)] = 20
    """How many receipts one address gets in an hour. The cases are made all the same, and say so."""
    receipts_per_case: Annotated[int, Field(ge=1, le=1000)] = 10
    """How many letters one case sends in a day. Further messages are added to it without a receipt."""
    blocked_days: Annotated[int, Field(ge=1, le=3650)] = 30
    """How long nothing automatic goes to an address that does not exist."""
    node: str = ""
    """The name of this node, the same after a restart. Left out: the host's name."""

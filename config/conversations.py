"""The section [conversations] of the settings: text messages, WhatsApp, Telegram and the chat."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Conversations(BaseModel):
    """Which messages of one person belong together, where people write as they speak."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    quiet_minutes: Annotated[int, Field(ge=0, le=1440)] = 30
    """So long after the last word in either direction a message goes on with the same case, without a new receipt."""
    question_days: Annotated[int, Field(ge=1, le=90)] = 7
    """So long may "is this the same matter?" be answered by a digit."""
    fetch_hours: Annotated[int, Field(ge=1, le=168)] = 24
    """How long to try to fetch a picture or another file from the provider before a person must ask for it."""

"""The section [whatsapp] of the settings: WhatsApp by Twilio."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from config.places import api_fault
from config.sms import Number


class Whatsapp(BaseModel):
    """WhatsApp, by Twilio."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = False
    """Take and send WhatsApp messages."""
    number: Number = ""
    """Your WhatsApp number at Twilio."""
    account: str = ""
    """The Account SID, which begins with AC."""
    tokens: tuple[str, ...] = Field(default=(), repr=False)
    """The Auth Token. Two while it is changed: deliveries may be signed with either, the first one sends."""
    per_number: Annotated[int, Field(ge=1, le=1000)] = 10
    """How many receipts one number gets in an hour."""
    per_hour: Annotated[int, Field(ge=1, le=100_000)] = 300
    """How many receipts all numbers together get in an hour. Further messages make a case without one."""
    api: str = "https://api.twilio.com"
    """Where Twilio is reached; an account in Ireland has https://api.dublin.ie1.twilio.com."""

    def faults(self, public_url: str) -> Iterator[str]:
        """What is missing."""
        if not self.enabled:
            return
        if not public_url:
            yield "web.public_url (KVITTO_WEB__PUBLIC_URL): must be given with WhatsApp, for Twilio calls it"
        for key in ("number", "account", "tokens"):
            if not getattr(self, key):
                yield f"whatsapp.{key} (KVITTO_WHATSAPP__{key.upper()}): must be given with WhatsApp"
        if fault := api_fault(self.api):
            yield f"whatsapp.api (KVITTO_WHATSAPP__API): {fault}"

"""The section [sms] of the settings: text messages by 46elks and Twilio."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.places import api_fault

NUMBER = r"^(\+[1-9][0-9]{6,14})?$"
REGION = r"^[A-Z]{2}$"
PATH_SECRET = r"^[A-Za-z0-9_~.\-]{20,200}$"  # noqa: S105  # what a secret looks like, not one
LOGIN = r"^([^:\s]{1,100}:[^\s]{8,200})?$"

PATTERNS = {
    NUMBER: "must be a telephone number such as +46701740605",
    REGION: "must be a country's two letters, such as SE",
    PATH_SECRET: "must be at least 20 letters and digits",
    LOGIN: "must be a name and a password of at least 8 letters, written name:password",
}

Number = Annotated[str, Field(pattern=NUMBER)]


class Sms(BaseModel):
    """Text messages, by 46elks and Twilio."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = False
    """Take and send text messages."""
    providers: tuple[Literal["46elks", "twilio"], ...] = ("46elks", "twilio")
    """Those that you use. The first one sends; the other takes over while it fails."""
    countries: tuple[Annotated[str, Field(pattern=REGION)], ...] = ("SE", "FI", "NO", "DK", "AX")
    """Countries whose mobile numbers get receipts. Other numbers make a case all the same. Against toll fraud."""
    per_number: Annotated[int, Field(ge=1, le=1000)] = 5
    """How many receipts one number gets in an hour."""
    per_hour: Annotated[int, Field(ge=1, le=100_000)] = 300
    """How many receipts all numbers together get in an hour. Further messages make a case without one."""
    elks_number: Number = ""
    """Your number at 46elks. People write to it, and answers come from it."""
    elks_username: str = ""
    """The API username of the account."""
    elks_password: str = Field(default="", repr=False)
    """The API password of the account."""
    elks_secrets: tuple[Annotated[str, Field(pattern=PATH_SECRET)], ...] = Field(default=(), repr=False)
    """What stands last in the path of sms_url. Two while it is changed: the first is the new one."""
    elks_login: Annotated[str, Field(pattern=LOGIN)] = Field(default="", repr=False)
    """The name and password in sms_url, written name:password. Left out: only the path proves a delivery."""
    elks_api: str = "https://api.46elks.com"
    """Where 46elks is reached."""
    twilio_number: Number = ""
    """Your number at Twilio. People write to it, and answers come from it."""
    twilio_account: str = ""
    """The Account SID, which begins with AC."""
    twilio_tokens: tuple[str, ...] = Field(default=(), repr=False)
    """The Auth Token. Two while it is changed: deliveries may be signed with either, the first one sends."""
    twilio_api: str = "https://api.twilio.com"
    """Where Twilio is reached; an account in Ireland has https://api.dublin.ie1.twilio.com."""

    def faults(self, public_url: str) -> Iterator[str]:
        """What is missing or contradicts itself."""
        if not self.enabled:
            return
        if not public_url:
            yield "web.public_url (KVITTO_WEB__PUBLIC_URL): must be given with text messages, for providers call it"
        if not self.providers or len(set(self.providers)) != len(self.providers):
            yield "sms.providers (KVITTO_SMS__PROVIDERS): must name 46elks, twilio or both, each once"
        wanted = {
            "46elks": ("elks_number", "elks_username", "elks_password", "elks_secrets"),
            "twilio": ("twilio_number", "twilio_account", "twilio_tokens"),
        }
        for provider in self.providers:
            for key in wanted[provider]:
                if not getattr(self, key):
                    name = f"sms.{key} (KVITTO_SMS__{key.upper()})"
                    yield f"{name}: must be given, or leave {provider} out of sms.providers"
        for key in ("elks_api", "twilio_api"):
            if fault := api_fault(getattr(self, key)):
                yield f"sms.{key} (KVITTO_SMS__{key.upper()}): {fault}"

"""The section [telegram] of the settings: a bot of the city's own."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from config.places import api_fault

BOT = r"^(\d{1,20}:[A-Za-z0-9_-]{20,100})?$"
"""What BotFather hands out."""

SENT_ALONG = r"^([A-Za-z0-9_-]{20,256})?$"
"""What setWebhook takes as secret_token, and long enough that nobody guesses it."""

TELEGRAM = "https://api.telegram.org"

PATTERNS = {
    BOT: "must be the token from BotFather: digits, a colon, letters",
    SENT_ALONG: "must be 20 to 256 letters, digits, hyphens and underscores",
}


class Telegram(BaseModel):
    """Telegram, by a bot of the city's own."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    enabled: bool = False
    """Take and send messages of a Telegram bot."""
    token: Annotated[str, Field(pattern=BOT)] = Field(default="", repr=False)
    """The bot's token, from BotFather."""
    mode: Literal["polling", "webhook"] = "polling"
    """polling: one node fetches, and nothing need be reachable from outside. webhook: Telegram calls web.public_url."""
    webhook_secret: Annotated[str, Field(pattern=SENT_ALONG)] = Field(default="", repr=False)
    """A secret of your own that Telegram sends along with each delivery: openssl rand -hex 32. For webhook."""
    api_url: str = TELEGRAM
    """Where the Bot API is reached: Telegram's, or a Bot API server of your own."""
    largest_file: Annotated[int, Field(ge=100_000, le=50_000_000)] = 20_000_000
    """The largest file in bytes that is fetched. Telegram hands out up to 20 MB; the message tells of larger ones."""
    declined: Annotated[str, Field(min_length=1, max_length=1000)] = (
        "Jag svarar bara i privata samtal. Skriv till mig direkt. / Vastaan vain yksityisviesteihin. "
        "Kirjoita minulle suoraan. / I only answer in private chats. Please write to me directly."
    )
    """What the bot says when it is added to a group, before it leaves."""

    def faults(self, public_url: str) -> Iterator[str]:
        """What is missing or contradicts itself."""
        if not self.enabled:
            return
        if not self.token:
            yield "telegram.token (KVITTO_TELEGRAM__TOKEN): must be given with Telegram"
        if fault := api_fault(self.api_url):
            yield f"telegram.api_url (KVITTO_TELEGRAM__API_URL): {fault}"
        if self.mode != "webhook":
            return
        if not self.webhook_secret:
            yield "telegram.webhook_secret (KVITTO_TELEGRAM__WEBHOOK_SECRET): must be given with telegram.mode webhook"
        if not public_url.startswith("https://" if self.api_url.rstrip("/") == TELEGRAM else "http"):
            # Only a Bot API server of one's own delivers without TLS (telegram-bot-api --local).
            yield "web.public_url (KVITTO_WEB__PUBLIC_URL): must be an https:// address with telegram.mode webhook"

"""Ways in and out. One module a channel; each knows the normalizer and its own SDK, nothing else of ours.

Adding one: write the module, record its deliveries in tests/fixtures/NAME, add its line to REGISTRY.
"""

from collections.abc import Mapping
from importlib import import_module

from channels.base import Parser

REGISTRY: Mapping[str, str] = {
    "chat": "channels.chat:Chat",
    "desk": "channels.desk:Desk",
    "email": "channels.email:Email",
    "form": "channels.form:Form",
    "mailbox": "channels.mailbox.channel:Mailbox",
    "sms": "channels.phone.sms:Sms",
    "telegram": "channels.telegram.channel:Telegram",
    "webform": "channels.webform:Webform",
    "whatsapp": "channels.phone.whatsapp:Whatsapp",
}
"""Every channel: its one name, and where it is. A channel that is not enabled is never imported."""


def load_channel(name: str) -> type[Parser]:
    """The channel's class."""
    module, _, attribute = REGISTRY[name].partition(":")
    found = getattr(import_module(module), attribute)
    assert issubclass(found, Parser)
    return found  # type: ignore[no-any-return]  # getattr knows no type

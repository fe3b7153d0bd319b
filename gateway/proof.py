"""That an address left in the chat is the person's own: a code goes there, and comes back by the chat. Pure.

A code is worked out from the house's key, the chat, the address and the half hour: eight digits of an HMAC, as in HOTP
(RFC 4226 section 5.3). So none is stored. It works for half an hour to an hour, in that chat alone, and once.
"""

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from gateway.seals import Seal
from normalizer.messages import Address

PURPOSE: Final = "proof"
"""Of the entry in the outbox that carries a code."""

SLOT = timedelta(minutes=30)
"""A code is of one half hour, and still works in the next."""

DIGITS = 8
"""The chat takes twenty messages a minute: an hour of guessing finds one code in eighty thousand."""


def name_of(address: Address) -> str:
    """The contact that an address stands for."""
    return f"{address.channel}:{address.value.lower()}"


def begin_of(at: datetime) -> datetime:
    """When the half hour of this moment began."""
    return at - timedelta(seconds=at.timestamp() % SLOT.total_seconds())


def make_code(seal: Seal, chat: str, name: str, at: datetime) -> str:
    """The code of this moment for one chat and one address. Raises OSError when the key cannot be read."""
    content = f"{int(begin_of(at).timestamp())}\0{chat}\0{name}".encode()
    return f"{seal.number(PURPOSE, content) % 10**DIGITS:0{DIGITS}}"


def find_proven(seal: Seal, chat: str, names: Iterable[str], code: str, at: datetime) -> tuple[str, str]:
    """The address that this code proves, and what is noted of it so that it works once; both "" for any other code."""
    for name in names:
        for moment in (at, at - SLOT):
            if hmac.compare_digest(make_code(seal, chat, name, moment), code):
                content = f"{code}\0{chat}\0{name}\0{begin_of(moment).isoformat()}".encode()
                return name, f"code:{sha256(content).hexdigest()[:32]}"
    return "", ""

"""Passwords of local accounts: Argon2id (RFC 9106) with the least that OWASP's Password Storage Cheat Sheet asks for.

Each hash takes 19 MiB and some 30 ms, always in a thread, and never more than two at a time.
"""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST, LONGEST = 12, 200
"""Characters of a password. NIST SP 800-63B: length counts, rules about characters do not."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""What is compared where there is no account: it takes as long, and is never right."""

_turns = asyncio.Semaphore(2)


async def hash_password(password: str) -> str:
    """The hash to keep, in the PHC string format."""
    async with _turns:
        return await asyncio.to_thread(_hasher.hash, password)


async def is_password(kept: str, password: str) -> bool:
    """Whether the password is the one whose hash is `kept`; "" takes as long and is never right."""
    async with _turns:
        return await asyncio.to_thread(_verify, kept or _NOBODY, password) and bool(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (Argon2Error, InvalidHashError):
        return False

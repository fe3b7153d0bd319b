"""UUIDv7 (RFC 9562 section 5.7) as 32 hex characters."""

import os
import time


def new_id() -> str:
    """A new id: 48 bits of milliseconds, then 74 random bits, so that ids sort by time and cannot be guessed."""
    value = int.from_bytes(os.urandom(10))
    milliseconds = time.time_ns() // 1_000_000
    version_and_a = 0x7000 | value & 0x0FFF
    variant_and_b = 0x8000000000000000 | (value >> 12) & 0x3FFFFFFFFFFFFFFF
    return f"{milliseconds << 80 | version_and_a << 64 | variant_and_b:032x}"

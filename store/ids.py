"""UUIDv7 (RFC 9562 section 5.7) as 32 hex characters."""

import os
import time


def new_id() -> str:
    """A new id that sorts by time, to a quarter of a microsecond, and has 62 random bits: nobody guesses it."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000  # RFC 9562 section 6.2, method 3
    random = int.from_bytes(os.urandom(8)) >> 2
    return f"{milliseconds << 80 | (0x7000 | fraction) << 64 | 0x8000000000000000 | random:032x}"

"""UUIDv7 (RFC 9562 section 5.7) as 32 hex characters."""

import os
import time

_drawn: list[int] = []
os.register_at_fork(after_in_child=_drawn.clear)
# Two processes must not use the same ones.


def new_id() -> str:
    """A new id that sorts by time, to a quarter of a microsecond, and has 62 random bits: nobody guesses it."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000  # RFC 9562 section 6.2, method 3
    random = draw_bits() >> 2
    return f"{milliseconds << 80 | (0x7000 | fraction) << 64 | 0x8000000000000000 | random:032x}"


def draw_bits() -> int:
    """64 bits of the system's randomness, which is cheaper to ask for much at a time."""
    try:
        return _drawn.pop()
    except IndexError:
        first, *others = memoryview(os.urandom(1024)).cast("Q")
        _drawn.extend(others)
        return first

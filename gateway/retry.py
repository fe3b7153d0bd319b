"""When to try again. Pure."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=15)
LONGEST = timedelta(hours=2)
"""RFC 5321 section 4.5.4.1 asks for a half-hour at least, sooner at first, and for four to five days in all."""


def next_attempt(
    attempts: int,
    *,
    now: datetime,
    first_at: datetime,
    give_up_after: timedelta,
    jitter: float,
    retry_after: float | None = None,
) -> datetime | None:
    """When to try again after so many attempts, or None when it has been tried long enough.

    `jitter` is a random number from 0 to 1: it spreads what failed together over half of the wait.
    `retry_after` is what the other side asked for, in seconds; it can only make the wait longer.
    """
    wait: timedelta = min(FIRST * 2 ** min(attempts - 1, 20), LONGEST) * (0.75 + jitter / 2)
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=min(retry_after, give_up_after.total_seconds())))
    if now + wait > first_at + give_up_after:
        return None
    return now + wait

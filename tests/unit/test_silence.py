"""A channel is called silent by its own rhythm: soon when it is broken, hardly ever when it is not."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from gateway.promise import STOCKHOLM, Calendar, is_working_day, swedish_day
from gateway.silence import TOO_MANY, count_missed

CALENDAR = Calendar()
HOUR = timedelta(hours=1)
BEGAN = datetime(2026, 9, 1, tzinfo=UTC)


def rhythm(per_day: float, seed: int, days: int) -> list[datetime]:
    """Arrivals of a channel: most in the working day, few at night and on Sundays. Oldest first."""
    draw, times = random.Random(seed), []
    for hour in range(days * 24):
        at = BEGAN + hour * HOUR
        awake = 8 <= at.astimezone(STOCKHOLM).hour <= 17  # people live by their own clock
        rate = (
            per_day * (0.085 if awake else 0.011) * (1 if is_working_day(swedish_day(at), CALENDAR) else 0.2)
        )
        gap = draw.expovariate(rate)
        while gap < 1:
            times.append(at + gap * HOUR)
            gap += draw.expovariate(rate)
    return times


@pytest.mark.parametrize("per_day", [5, 30, 400])
def test_a_channel_that_works_is_not_called_silent(per_day: float) -> None:
    told = looks = 0
    for seed in range(3):
        times = rhythm(per_day, seed, 70)
        for hour in range(35 * 24, 70 * 24, 3):
            now = BEGAN + hour * HOUR
            known = [at for at in times if now - timedelta(weeks=4) <= at <= now][::-1]
            told += count_missed(known, now, CALENDAR) >= TOO_MANY
            looks += 1
    assert told <= looks // 500, f"{told} of {looks}"


@pytest.mark.parametrize(("per_day", "hours"), [(30, 9), (400, 1)])
def test_a_channel_that_breaks_in_the_morning_is_noticed_within_working_hours(
    per_day: float, hours: int
) -> None:
    broke = BEGAN + timedelta(days=43, hours=7)  # a Wednesday
    known = [at for at in rhythm(per_day, 7, 60) if at <= broke][::-1]
    assert count_missed(known, broke + hours * HOUR, CALENDAR) >= TOO_MANY
    # At night nobody writes anyway.
    evening = broke + timedelta(hours=12)
    quiet = [at for at in rhythm(per_day, 7, 60) if at <= evening][::-1]
    assert count_missed(quiet, evening + hours * HOUR, CALENDAR) < TOO_MANY


def test_of_a_new_channel_nothing_is_known() -> None:
    times = rhythm(30, 1, 5)[::-1]
    assert count_missed(times, times[0] + timedelta(days=2), CALENDAR) == 0
    assert count_missed([], BEGAN, CALENDAR) == 0

"""When to try again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.retry import LONGEST, next_attempt

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FIVE_DAYS = timedelta(days=5)


def wait(attempts: int = 1, **given: object) -> float | None:
    """Seconds until the next attempt."""
    settings = {"now": NOW, "first_at": NOW, "give_up_after": FIVE_DAYS, "jitter": 0.5, **given}
    found = next_attempt(attempts, **settings)
    return (found - NOW).total_seconds() if found else None


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [(1, 15), (2, 30), (3, 60), (4, 120), (5, 240), (6, 480), (7, 960), (8, 1920), (9, 3840), (10, 7200), (11, 7200), (1000, 7200)],
)  # fmt: skip
def test_each_wait_is_twice_the_one_before_up_to_two_hours(attempts, expected):
    assert expected == wait(attempts)


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, 11.25), (0.5, 15), (1.0, 18.75)])
def test_chance_spreads_the_wait_by_a_quarter_either_way(jitter, expected):
    assert expected == wait(jitter=jitter)


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [(None, 15), (0, 15), (-5, 15), (5, 15), (15.5, 15.5), (600, 600), (86_400, 86_400), (5 * 86_400, 5 * 86_400), (30 * 86_400, 5 * 86_400)],
)  # fmt: skip
def test_what_the_other_side_asks_for_can_only_make_the_wait_longer(retry_after, expected):
    assert expected == wait(retry_after=retry_after)


@pytest.mark.parametrize("retry_after", [1e15, float("inf")])
def test_an_absurd_retry_after_is_no_fault_of_ours(retry_after):
    assert wait(retry_after=retry_after) == FIVE_DAYS.total_seconds()


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(0), 7200), (FIVE_DAYS - LONGEST, 7200), (FIVE_DAYS - LONGEST + timedelta(seconds=1), None), (FIVE_DAYS, None), (FIVE_DAYS * 2, None)],
)  # fmt: skip
def test_it_is_given_up_when_the_next_attempt_would_come_too_late(age, expected):
    assert expected == wait(20, first_at=NOW - age)


def test_a_retry_after_beyond_the_end_gives_up_now():
    assert wait(retry_after=3600, first_at=NOW - FIVE_DAYS + timedelta(minutes=59)) is None


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, 88), (0.5, 68), (1.0, 56)])
def test_five_days_are_tried_through_as_the_standard_asks(jitter, expected):
    # RFC 5321 section 4.5.4.1: for four to five days, and several times in the first hours.
    now, tries = NOW, [NOW]
    while (
        at := next_attempt(len(tries), now=now, first_at=NOW, give_up_after=FIVE_DAYS, jitter=jitter)
    ) is not None:
        now = at
        tries.append(at)
    assert expected == len(tries)
    assert FIVE_DAYS - 2 * LONGEST < tries[-1] - NOW <= FIVE_DAYS
    assert sum(at - NOW <= timedelta(hours=1) for at in tries) >= 8


@given(
    attempts=st.integers(1, 10**9),
    jitter=st.floats(0, 1),
    retry_after=st.none() | st.floats(0, 10**9),
    age=st.timedeltas(timedelta(0), FIVE_DAYS),
)
def test_the_next_attempt_is_never_in_the_past_and_never_after_the_end(attempts, jitter, retry_after, age):
    found = next_attempt(
        attempts, now=NOW, first_at=NOW - age, give_up_after=FIVE_DAYS, jitter=jitter, retry_after=retry_after
    )
    assert found is None or NOW < found <= NOW - age + FIVE_DAYS

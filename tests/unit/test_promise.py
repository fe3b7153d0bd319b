"""The promise of section 9: two working days after the calendar day of arrival."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.promise import Calendar, due_date, is_working_day, read_calendar

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CITY = Calendar()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("arrival", "expected"),
    [
        ("2026-11-17 10:00", "2026-11-19"),
        ("2026-11-20 23:57", "2026-11-24"),
        ("2026-11-21 09:00", "2026-11-24"),
        ("2026-04-30 15:00", "2026-05-05"),
        ("2026-05-13 11:00", "2026-05-18"),
        ("2026-06-18 14:00", "2026-06-23"),
        ("2026-10-24 23:30", "2026-10-27"),
        ("2026-12-23 12:00", "2026-12-29"),
        ("2026-12-30 18:30", "2027-01-05"),
        ("2027-01-04 10:00", "2027-01-07"),
        ("2027-03-27 23:30", "2027-03-31"),
    ],
)
def test_the_table_of_section_9_holds_word_for_word(arrival, expected):
    assert date.fromisoformat(expected) == due_date(local(arrival), CITY)


@pytest.mark.parametrize(
    ("arrival", "expected"),
    [
        # Stockholm is one hour ahead in winter and two in summer: the day turns at 23.00 or 22.00 UTC.
        ("2026-11-17T22:59:59+00:00", "2026-11-19"),
        ("2026-11-17T23:00:00+00:00", "2026-11-20"),
        ("2026-07-14T21:59:59+00:00", "2026-07-16"),
        ("2026-07-14T22:00:00+00:00", "2026-07-17"),
        # The hour that happens twice, 25 October 2026, belongs to the same Sunday both times.
        ("2026-10-25T00:30:00+00:00", "2026-10-27"),
        ("2026-10-25T01:30:00+00:00", "2026-10-27"),
        # The first moment of summer time, 28 March 2027, Easter Sunday.
        ("2027-03-28T01:00:00+00:00", "2027-03-31"),
        ("2026-11-17T20:00:00-05:00", "2026-11-20"),
    ],
)
def test_the_day_of_arrival_is_the_day_in_sweden(arrival, expected):
    assert date.fromisoformat(expected) == due_date(datetime.fromisoformat(arrival), CITY)


def test_a_squeezed_friday_is_a_working_day():
    assert is_working_day(date(2026, 5, 15), CITY)


@pytest.mark.parametrize("eve", ["2026-06-19", "2026-12-24", "2026-12-31", "2030-12-24"])
def test_the_three_eves_are_not_working_days(eve):
    assert not is_working_day(date.fromisoformat(eve), CITY)


def test_a_closed_day_of_the_citys_own_does_not_count():
    closed = read_calendar(["2026-11-18"])
    assert date(2026, 11, 20) == due_date(local("2026-11-17 10:00"), closed)


def test_calendar_days_count_every_day():
    every_day = Calendar(working_days=False)
    assert date(2026, 12, 25) == due_date(local("2026-12-23 12:00"), every_day)


def test_the_number_of_days_is_a_setting():
    assert date(2026, 12, 1) == due_date(local("2026-11-17 10:00"), Calendar(days=10))


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="must be aware, not 2026-11-17T10:00:00"):
        due_date(datetime(2026, 11, 17, 10), CITY)  # noqa: DTZ001 - the fault under test


@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - made aware below
def test_the_promise_is_a_working_day_after_arrival_and_within_nine_days(moment):
    arrival = moment.replace(tzinfo=UTC)
    due, day = due_date(arrival, CITY), arrival.astimezone(STOCKHOLM).date()
    assert is_working_day(due, CITY)
    assert 2 <= (due - day).days <= 9
    between = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(is_working_day(each, CITY) for each in between) == 2


def test_a_later_arrival_is_never_due_earlier():
    start = local("2026-01-01 00:00")
    dues = [due_date(start + timedelta(hours=6 * n), CITY) for n in range(4 * 366)]
    assert sorted(dues) == dues

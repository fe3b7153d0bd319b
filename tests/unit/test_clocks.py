"""When the steps of the ladder are, and that each is taken once."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from gateway.clocks import ALARMS, Facts, Rules, Step, add_office_hours, add_working_days, next_step
from gateway.promise import Calendar, due_date

HERE = ZoneInfo("Europe/Stockholm")
RULES = Rules(calendar=Calendar())


def at(text: str) -> datetime:
    """A Swedish time."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


def waiting(since: str, department: str = "") -> Facts:
    arrival = at(since).astimezone(UTC)
    due = due_date(arrival, RULES.calendar)
    return Facts(waiting_since=arrival, due=due, first_due=due, department=department, placed_at=arrival)


def climb(facts: Facts, until: str) -> list[Step]:
    """Every step up to then, each taken when its time comes; a broken promise is made anew."""
    taken: list[Step] = []
    while (step := next_step(facts, RULES)) is not None and step.at <= at(until):
        taken.append(step)
        facts = replace(facts, done=facts.done | {step.key})
        if step.name == "late":
            facts = replace(facts, due=due_date(step.at, RULES.calendar))
    return taken


def test_a_case_that_nobody_answers_climbs_the_whole_ladder() -> None:
    # Tuesday; the promise is Thursday.
    steps = climb(waiting("2026-11-17T10:00"), until="2026-12-02T00:00")
    assert [(step.name, f"{step.at.astimezone(HERE):%a %d %H:%M}") for step in steps] == [
        ("remind", "Wed 18 13:30"),
        ("last-day", "Thu 19 08:00"),
        ("late", "Thu 19 17:00"),
        ("late", "Mon 23 17:00"),
        ("directors", "Tue 24 08:00"),
        ("late", "Wed 25 17:00"),
        ("late", "Fri 27 17:00"),
        ("status", "Tue 01 08:00"),
        ("late", "Tue 01 17:00"),
    ]


def test_a_department_has_four_working_hours_to_take_a_case() -> None:
    facts = waiting("2026-11-18T15:30", "teknik")
    asked = [step.at for step in climb(facts, until="2026-11-19T12:00") if step.name == "unaccepted"]
    assert asked == [at("2026-11-19T10:30")]
    names = {step.name for step in climb(replace(facts, taken=True), until="2026-11-19T16:30")}
    assert names == {"remind"}


def test_the_resident_is_told_before_the_promised_day_is_over() -> None:
    for arrival in ("2026-11-17T10:00", "2026-12-23T12:00", "2027-03-27T23:30", "2026-06-18T14:00"):
        facts = waiting(arrival)
        late = next(step for step in climb(facts, until="2027-06-01T00:00") if step.name == "late")
        assert late.at.astimezone(HERE).date() == facts.first_due


def test_when_nobody_waits_there_is_no_step() -> None:
    assert next_step(replace(waiting("2026-11-17T10:00"), waiting_since=None), RULES) is None


def test_an_alarm_calls_every_five_minutes_until_somebody_has_it() -> None:
    facts = replace(waiting("2026-11-21T23:00"), alarm_since=at("2026-11-21T23:00"))
    steps = climb(facts, until="2026-11-22T02:00")
    assert [step.name for step in steps] == ["alarm"] * ALARMS
    assert [f"{step.at.astimezone(HERE):%H:%M}" for step in steps[:3]] == ["23:00", "23:05", "23:10"]
    acknowledged = replace(facts, alarm_since=None, done=frozenset({"alarm:0"}))
    assert climb(acknowledged, until="2026-11-22T02:00") == []


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-18T09:00", 4, "2026-11-18T13:00"),
        ("2026-11-18T03:00", 4, "2026-11-18T12:00"),
        ("2026-11-18T15:00", 4, "2026-11-19T10:00"),
        ("2026-11-20T16:00", 4, "2026-11-23T11:00"),  # over a weekend
        ("2026-12-23T15:00", 4, "2026-12-28T10:00"),  # over Christmas
        (
            "2027-03-26T12:00",
            4,
            "2027-03-30T12:00",
        ),  # Good Friday to after Easter, over the change of the clocks
        ("2026-11-18T09:00", 20, "2026-11-20T11:00"),
    ],
)
def test_office_hours_are_counted_while_the_city_is_open(start: str, hours: int, end: str) -> None:
    assert add_office_hours(at(start), hours, RULES) == at(end)


def test_reminders_come_in_office_hours_only() -> None:
    early = Rules(calendar=Calendar(), opens=time(9), closes=time(16))
    for day in range(1, 29):
        for hour in range(24):
            arrival = datetime(2026, 12, day, hour, 20, tzinfo=UTC)
            due = due_date(arrival, early.calendar)
            facts = Facts(waiting_since=arrival, due=due, first_due=due)
            step = next_step(facts, early)
            assert step is not None
            assert time(9) <= step.at.astimezone(HERE).time() <= time(16)


def test_working_days_count_where_the_promise_counts_every_day() -> None:
    assert add_working_days(date(2026, 11, 20), 1, Calendar(working_days=False)) == date(2026, 11, 23)

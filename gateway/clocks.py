"""The two clocks of a case, told where and answered, and who hears of it when they run out. Pure.

A case that waits for an answer climbs a ladder. Each step is taken once for each waiting: the department has not
taken it, half of the time is gone, the last day has come, the day is over and the resident is told a new one, the
directors, and after ten working days a letter that says it is still being worked on. Office hours and working days
are the city's own (`gateway.promise`). Alarms have a ladder of their own, in minutes, until a person has them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from gateway.promise import STOCKHOLM, Calendar, is_working_day

StepName = Literal["alarm", "unaccepted", "remind", "last-day", "late", "directors", "status"]

FIRST_LOOK = timedelta(hours=1)
"""After its arrival a case is first looked at: no step of the promise's ladder comes sooner."""

ALARMS = 12
"""How often an alarm calls before it stops: an hour with five minutes between. It stays on the case."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """When the steps are."""

    calendar: Calendar
    opens: time = time(8)
    closes: time = time(17)
    accept_hours: int = 4
    # working hours that a department has to take a case or give it back
    directors_after: int = 3
    # working days after the promise was broken
    status_after: int = 10
    # working days without an answer
    alarm_minutes: int = 5
    # between two calls for a person


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the clocks know of a case."""

    waiting_since: datetime | None
    due: date
    # the day promised now
    first_due: date
    # the day promised at first
    department: str = ""
    placed_at: datetime | None = None
    # when it came to this department
    taken: bool = False
    # the department has said that it has it
    alarm_since: datetime | None = None
    # an alarm that nobody has taken
    done: frozenset[str] = frozenset()
    # keys of the steps taken in this waiting


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One rung."""

    name: StepName
    key: str
    # the same step of the same waiting has the same key, so that it is taken once
    at: datetime


def next_step(facts: Facts, rules: Rules) -> Step | None:
    """The earliest step that has not been taken, due or not; None when the case needs no clock."""
    left = [step for step in _list_steps(facts, rules) if step.key not in facts.done]
    return min(left, key=lambda step: step.at, default=None)


def _list_steps(facts: Facts, rules: Rules) -> Iterator[Step]:
    if facts.alarm_since is not None:
        for count in range(ALARMS):
            at = facts.alarm_since + count * timedelta(minutes=rules.alarm_minutes)
            yield Step(name="alarm", key=f"alarm:{count}", at=at)
    since = facts.waiting_since
    if since is None:
        return
    if facts.department and facts.placed_at is not None and not facts.taken:
        at = add_office_hours(facts.placed_at, rules.accept_hours, rules)
        yield Step(name="unaccepted", key=f"unaccepted:{facts.placed_at.isoformat()}", at=at)
    yield Step(name="remind", key="remind", at=_halfway(since, facts.first_due, rules))
    yield Step(name="last-day", key="last-day", at=_local(facts.first_due, rules.opens))
    # Before the day is over, for the promise says: if we are late, we tell you before that.
    yield Step(name="late", key=f"late:{facts.due.isoformat()}", at=_local(facts.due, rules.closes))
    after = add_working_days(facts.first_due, rules.directors_after, rules.calendar)
    yield Step(name="directors", key="directors", at=_local(after, rules.opens))
    still = add_working_days(since.astimezone(STOCKHOLM).date(), rules.status_after, rules.calendar)
    yield Step(name="status", key="status", at=_local(still, rules.opens))


def _local(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, STOCKHOLM)


def _halfway(since: datetime, due: date, rules: Rules) -> datetime:
    """The middle of the promised time, or the next office hour: nobody is reminded at night."""
    end = _local(due, rules.closes)
    middle = (since + (end - since) / 2).astimezone(STOCKHOLM)
    return _next_office_moment(middle, rules)


def _next_office_moment(moment: datetime, rules: Rules) -> datetime:
    day = moment.date()
    if is_working_day(day, rules.calendar):
        if moment < _local(day, rules.opens):
            return _local(day, rules.opens)
        if moment < _local(day, rules.closes):
            return moment
    return _local(add_working_days(day, 1, rules.calendar), rules.opens)


def add_office_hours(start: datetime, hours: float, rules: Rules) -> datetime:
    """So many hours later, counting only those in which the city is open."""
    left = timedelta(hours=hours)
    moment = _next_office_moment(start.astimezone(STOCKHOLM), rules)
    # In UTC, for a night in which the clocks change is shorter or longer.
    while (room := _local(moment.date(), rules.closes) - moment) < left:
        left -= room
        moment = _local(add_working_days(moment.date(), 1, rules.calendar), rules.opens)
    return moment + left


def add_working_days(day: date, days: int, calendar: Calendar) -> date:
    """So many working days after a day. Working days count here also where the promise counts every day."""
    while days:
        day += _DAY
        days -= is_working_day(day, calendar)
    return day

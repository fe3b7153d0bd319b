"""The promise: the latest day for an answer, counted as the city counts. Pure."""

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from holidays.constants import DE_FACTO, PUBLIC

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


def _load_sweden() -> Any:
    """The class for Sweden alone: `holidays.countries` would import all other countries, 7 MB and 0.1 s."""
    file = Path(holidays.__file__).parent / "countries" / "sweden.py"
    spec = importlib.util.spec_from_file_location("kvitto_holidays_sweden", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Sweden


_sweden = _load_sweden()


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """How the city counts: how many days, and which of them."""

    days: int = 2
    working_days: bool = True
    # False: calendar days, every day counts
    closed_days: frozenset[date] = frozenset()
    # the city's own, beside the public holidays


def read_calendar(closed_days: Iterable[str], *, days: int = 2, working_days: bool = True) -> Calendar:
    """A calendar from the organisation's ISO dates and the settings."""
    closed = frozenset(date.fromisoformat(day) for day in closed_days)
    return Calendar(days=days, working_days=working_days, closed_days=closed)


def due_date(received_at: datetime, calendar: Calendar) -> date:
    """The last day of the promise: so many days after the calendar day of arrival in Sweden.

    The day of arrival is the day it reached us, at any hour (22 § förvaltningslagen): nothing is "after closing".
    """
    if received_at.tzinfo is None:
        raise ValueError(f"the time of arrival must be aware, not {received_at.isoformat()}")
    return _count_from(swedish_day(received_at), calendar)


@lru_cache(maxsize=64)  # asked several times for each message
def swedish_day(at: datetime) -> date:
    """The calendar day in Sweden. `at` is aware."""
    return at.astimezone(STOCKHOLM).date()


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Monday to Friday, but no public holiday, none of the three eves and no closed day of the city's own."""
    return (
        day.weekday() < _SATURDAY and day not in calendar.closed_days and day not in _list_holidays(day.year)
    )


@lru_cache(maxsize=1024)
def _count_from(arrival: date, calendar: Calendar) -> date:
    if not calendar.working_days:
        return arrival + calendar.days * _ONE_DAY
    day, left = arrival, calendar.days
    while left:
        day += _ONE_DAY
        left -= is_working_day(day, calendar)
    return day


@lru_cache(maxsize=16)
def _list_holidays(year: int) -> frozenset[date]:
    # DE_FACTO: Midsummer Eve, Christmas Eve and New Year's Eve, which the package's default leaves out and
    # 3 a § semesterlagen puts on a par with Sundays.
    return frozenset(_sweden(years=[year], categories=(PUBLIC, DE_FACTO)))

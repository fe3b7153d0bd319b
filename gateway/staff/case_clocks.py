"""The two clocks of a case on its page: words first, then a bar cut in working days. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date

from gateway.desk import OPEN
from gateway.promise import Calendar, is_working_day
from gateway.staff.pages import LOCALE, StaffPages

MOST_DAYS = 12
"""Pieces of a clock's bar."""


def write_clocks(case: Any, pages: StaffPages, calendar: Calendar, now: datetime) -> list[dict[str, Any]]:
    """Told where, and answered: name, state, words and the pieces of the bar of each."""
    clocks = _Clocks(case=case, pages=pages, calendar=calendar, now=now)
    return [clocks.write_told(), clocks.write_answered()]


def write_long_day(day: date) -> str:
    """Weekday, day and month in full: "torsdag 26 november"."""
    return format_date(day, "EEEE d MMMM", locale=LOCALE)


def _write_day(day: date) -> str:
    # Babel shortens with a full stop, which would meet the sentence's own.
    return format_date(day, "EEE d MMM", locale=LOCALE).replace(".", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clocks:
    case: Any
    pages: StaffPages
    calendar: Calendar
    now: datetime

    def write_told(self) -> dict[str, Any]:
        case = self.case
        if case.told_at is not None:
            return self._clock(
                "told", "done", "told_done", 1, 1, after=self._say_length(case.told_at - case.received_at)
            )
        if case.state != OPEN or case.waiting_since is None:
            return self._clock("told", "still", "told_still", 0, 1)
        return self._clock("told", "run", "told_run", *self._count_days(), day=_write_day(case.due))

    def write_answered(self) -> dict[str, Any]:
        case, today = self.case, self.now.astimezone(self.pages.zone).date()
        done, whole = self._count_days()
        if case.waiting_since is None:
            if case.answered_at is not None:
                return self._clock(
                    "answer",
                    "done",
                    "answer_done",
                    whole,
                    whole,
                    day=self.pages.write_moment(case.answered_at),
                )
            return self._clock("answer", "still", "answer_still", 0, whole)
        day = _write_day(case.due)
        if case.due < today:
            return self._clock("answer", "late", "answer_late", whole, whole, day=day)
        if case.due == today:
            return self._clock("answer", "today", "answer_today", done, whole, day=day)
        return self._clock("answer", "run", "answer_run", done, whole, day=day)

    def _clock(self, name: str, state: str, key: str, done: int, whole: int, **values: str) -> dict[str, Any]:
        pieces = ["full"] * done + ["part"] * (state in {"run", "today"} and done < whole)
        return {
            "name": self.pages.texts[f"clock.{name}"],
            "state": state,
            "words": self.pages.say(f"clock.{key}", **values),
            "pieces": (pieces + [""] * whole)[:whole],
        }

    def _count_days(self) -> tuple[int, int]:
        """Working days that have passed since the resident began to wait, and all that were promised."""
        case, zone = self.case, self.pages.zone
        day = (case.waiting_since or case.received_at).astimezone(zone).date()
        today, passed, whole = self.now.astimezone(zone).date(), 0, 0
        while day < case.due and whole < MOST_DAYS:
            day += timedelta(days=1)
            if is_working_day(day, self.calendar):
                whole += 1
                passed += day < today
        return passed, max(1, whole)

    def _say_length(self, length: timedelta) -> str:
        seconds = max(1, round(length.total_seconds()))
        for size, key in ((86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds")):
            if seconds >= size:
                count = seconds // size
                return str(self.pages.say(f"length.{key}" if count > 1 else f"length.{key}_one", count=count))
        return ""

"""The staff's pages as text: pure, made once from the words and the templates."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from babel.dates import format_date, format_datetime
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from gateway.promise import STOCKHOLM
from gateway.staff.rights import Viewer

LOCALE = "sv_SE"
WEEK = 7


class StaffPages:
    """Renders templates. `static` gives the address of a static file."""

    def __init__(
        self, texts: Mapping[str, str], static: Callable[[str], str], *, zone: tzinfo = STOCKHOLM
    ) -> None:
        self.texts = texts
        self.zone = zone
        environment = Environment(
            loader=PackageLoader("gateway.staff"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals |= {"t": self.say, "words_of": texts, "static": static}
        self._environment = environment

    def render(self, template: str, viewer: Viewer | None, **values: Any) -> str:
        """One whole document."""
        return self._environment.get_template(f"{template}.html").render(viewer=viewer, **values)

    def say(self, key: str, **values: object) -> Markup:
        """One text, filled in and safe in a page. Raises KeyError."""
        return escape(self.texts[key]).format(**values)

    def write_time(self, moment: datetime, now: datetime) -> str:
        """As in a list: the time today, "i går", the weekday this week, else the date."""
        local, today = moment.astimezone(self.zone), now.astimezone(self.zone).date()
        if local.date() == today:
            return format_datetime(local, "HH.mm", locale=LOCALE)
        ago = (today - local.date()).days
        if ago == 1:
            return self.texts["inbox.yesterday"]
        return _write(format_date(local, "EEE" if 1 < ago < WEEK else "d MMM yyyy", locale=LOCALE))

    def write_moment(self, moment: datetime) -> str:
        """Weekday, date and time: "tis 24 nov 09.41"."""
        return _write(format_datetime(moment.astimezone(self.zone), "EEE d MMM HH.mm", locale=LOCALE))

    def write_day(self, day: date) -> str:
        """Weekday and date, short: "tors 26 nov"."""
        return _write(format_date(day, "EEE d MMM", locale=LOCALE))


def _write(date: str) -> str:
    """Without the full stop after a shortened month or weekday: "ons 25 nov"."""
    return re.sub(r"(?<=[^\W\d])\.(?= |$)", "", date)

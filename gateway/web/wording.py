"""Names, dates and telephone numbers as a page writes them. Pure; `texts` is one language of the page texts."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime
from markupsafe import Markup, escape

# "Teknik- och fastighetsförvaltningen" does not fit a phone: say where it may break.
_LONG_WORD = re.compile(r"(?<=\w{5})(?=(?:förvaltning|nämnd|kontor)\w*\b)")


def write_date(texts: Mapping[str, str], day: date, *, beside: int | None = None) -> str:
    """Weekday, day and month; the year too when it is another than `beside`, the year of the reader."""
    pattern = texts["meta.date" if beside in (None, day.year) else "meta.date_year"]
    return format_date(day, pattern, locale=texts["meta.locale"])


def write_leaf(texts: Mapping[str, str], day: date, *, beside: int | None = None) -> Mapping[str, str]:
    """A day in the pieces of a calendar leaf, and as one text for those who hear it."""
    locale = texts["meta.locale"]
    return {
        "iso": day.isoformat(),
        "text": write_date(texts, day, beside=beside),
        # cccc and LLLL are the forms that stand alone: torstai, marraskuu
        "weekday": format_date(day, "cccc", locale=locale),
        "day": str(day.day),
        "month": format_date(day, "LLLL", locale=locale),
    }


def write_moment(texts: Mapping[str, str], moment: datetime) -> str:
    """Day and time. `moment` is already in the zone of the reader."""
    time = format_datetime(moment, texts["meta.time"], locale=texts["meta.locale"], tzinfo=moment.tzinfo)
    return texts["meta.moment"].format(date=write_date(texts, moment.date()), time=time)


def write_stamp(texts: Mapping[str, str], moment: datetime) -> str:
    """Day and time as a stamp of arrival: "24 nov 2026 09.41"."""
    stamp = format_datetime(moment, texts["meta.stamp"], locale=texts["meta.locale"], tzinfo=moment.tzinfo)
    # A stamp has no full stop after a shortened month.
    return re.sub(r"(?<=[^\W\d])\.(?= )", "", stamp)


def pick(texts: Mapping[str, str], language: str) -> Markup:
    """The text in the language, else the Swedish one marked as Swedish; "" when there is none."""
    if language in texts:
        return escape(texts[language])
    return speak(texts["sv"], "sv", language) if "sv" in texts else Markup("")


def speak(text: str, spoken: str, language: str) -> Markup:
    """The text, marked when it is in another language than the page (WCAG 3.1.2)."""
    if spoken == language:
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(spoken, text)


def soften(name: Markup) -> Markup:
    """The same name with soft hyphens where a long Swedish word may break."""
    return Markup(_LONG_WORD.sub("\u00ad", name))  # noqa: S704  # markup in, markup out


def introduce(code: str) -> tuple[str, str]:
    """A language by its own name, and its direction: ("Suomi", "ltr")."""
    locale = Locale.parse(code)
    own_name = locale.get_display_name(code) or code
    return own_name[:1].upper() + own_name[1:], locale.text_direction


def dial(phone: str) -> str:
    """A number as people write it, as a telephone dials it from anywhere: "+46846500410"."""
    digits = re.sub(r"[^\d+]", "", phone)
    return f"+46{digits[1:]}" if digits.startswith("0") and not digits.startswith("00") else digits

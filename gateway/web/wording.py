"""Names, dates and telephone numbers as a page writes them. Pure; `texts` is one language of the page texts."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime
from markupsafe import Markup, escape

from config.catalogues import PLACEHOLDER
from config.receipt_texts import ReceiptTexts
from gateway.letters.rendering import list_helplines
from normalizer.organisation import Organisation

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


def write_stamp(texts: Mapping[str, str], moment: datetime, *, seconds: bool = False) -> str:
    """Day and time as a stamp of arrival: "24 nov 2026 09.41", to the second where that may matter."""
    pattern = texts["meta.stamp"]
    if seconds and "mm" in pattern:
        between = "." if "HH.mm" in pattern else ":"
        pattern = pattern.replace("mm", f"mm{between}ss")
    stamp = format_datetime(moment, pattern, locale=texts["meta.locale"], tzinfo=moment.tzinfo)
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


def tell_letter(
    texts: ReceiptTexts, variant: str, organisation: Organisation, values: Mapping[str, str]
) -> dict[str, Markup]:
    """What a letter of this kind says of itself: title, next, and where it is urgent the heading and all."""
    code = texts.language
    centre = organisation.departments.get(organisation.fallback)
    known: dict[str, Markup] = {
        "city": pick(organisation.names, code),
        "contact_centre": pick(centre.names, code) if centre else Markup(""),
        "phone": call(organisation.phone),
        "hours": pick(organisation.hours, code),
        "visit": pick(organisation.visit, code),
        **{name: escape(value) for name, value in values.items()},
    }
    keys = {"title": f"variants.{variant}.title", "next": f"variants.{variant}.next"}
    keys |= {"registrar": "labels.registrar"}
    for name, key in (("urgent_title", "_title"), ("urgent", ""), ("lines_title", "_lines")):
        keys[name] = f"urgent.{variant}{key}"
    told = {name: _fill(texts.values.get(key, ""), known) for name, key in keys.items()}
    return told | {"urgent_title": told["urgent_title"].replace("112", call("112"))}


def tell_helplines(organisation: Organisation, texts: ReceiptTexts, variant: str) -> list[Markup]:
    """The telephone numbers of an urgent letter, those that the city has."""
    return [
        _fill(
            text,
            {
                "number": call(values["number"].text),
                "hours": speak(
                    values["hours"].text, values["hours"].language or texts.language, texts.language
                ),
            },
        )
        for text, values in list_helplines(organisation, texts, variant)
    ]


def call(phone: str) -> Markup:
    """A telephone number to press; it stands from left to right in every language."""
    if not phone:
        return Markup("")
    return Markup('<a href="tel:{}" class="nowrap" dir="ltr">{}</a>').format(dial(phone), phone)


def _fill(text: str, values: Mapping[str, Markup]) -> Markup:
    filled = PLACEHOLDER.sub(lambda match: str(values.get(match[1], "")), str(escape(text)))
    return Markup(filled)  # noqa: S704  # the text and every value are escaped


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

"""What stands ready where an answer is written: templates in the resident's language, and that language's name. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel import Locale, UnknownLocaleError

from gateway.letters.letter_words import fill, write_day
from normalizer.organisation import Organisation
from normalizer.reference import show_reference

Texts = Mapping[str, str]


def list_templates(
    case: Any,
    language: str,
    answers: Mapping[str, Texts],
    letters: Mapping[str, Texts],
    names: Texts,
    city: Organisation,
    day: date,
) -> list[dict[str, str]]:
    """Key, name and filled in text of each: in the resident's language where there are some, else in Swedish.

    `answers` and `letters` are templates and words of the receipts, by language; `names` are the staff's own words.
    """
    code = language if language in answers and language in letters else "sv"
    texts = letters[code]
    # The promised day stands as in the receipt.
    parts = {each: write_day(case.due, texts[f"dates.{each}"], code) for each in ("weekday", "day", "month")}
    values = {
        "due": fill(texts["due"], parts),
        "reference": show_reference(case.reference),
        "department": city.short_name_of(case.department or city.fallback, code, day),
    }
    return [
        {"key": key, "name": names[f"template.{key}_name"], "text": fill(text, values)}
        for key, text in answers[code].items()
    ]


def name_language(code: str) -> str:
    """What a language is called in Swedish; its code when nobody knows it."""
    try:
        return Locale.parse(code).get_display_name("sv") or code if code else ""
    except (UnknownLocaleError, ValueError):
        return code

"""The receipt's words, one file a language. The files hold the same keys and only placeholders we can fill."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.errors import ConfigurationError
from config.reading import Key, check_dates, load_texts

CHANNELS = ("email", "form", "webform", "sms", "chat", "phone", "visit", "letter", "other")
VARIANTS = ("named", "unsure", "neutral", "outside", "added")

_CITY = frozenset({"city", "contact_centre", "phone", "hours", "visit", "privacy_url", "reference", "due"})
_BODY = _CITY | {"department", "contact"}
_PLAIN: frozenset[str] = frozenset()
_DATES = tuple(f"dates.{key}" for key in ("weekday", "day", "month", "month_and_year", "arrival", "short"))


def _list_keys() -> Iterator[Key]:
    """Every key, the placeholders it may hold and those it must hold."""
    yield "language_name", _PLAIN, _PLAIN
    # The subject shows on a locked screen: the number, and nothing else about the matter.
    yield "subject", frozenset({"reference"}), frozenset({"reference"})
    yield "automatic", frozenset({"city"}), frozenset({"city"})
    received = frozenset({"day", "hour", "minute", "channel"})
    yield "received", received, received
    for key in ("reference", "received", "attachments"):
        yield f"labels.{key}", _PLAIN, _PLAIN
    for key in _DATES:
        yield key, _PLAIN, _PLAIN
    for key in CHANNELS:
        yield f"channels.{key}", _PLAIN, _PLAIN
    for variant in VARIANTS:
        # What must not name the department cannot: the placeholder is refused.
        known = _BODY if variant in {"named", "outside", "added"} else _CITY
        who = {"unsure": "contact_centre", "neutral": "city"}.get(variant, "department")
        yield f"variants.{variant}.title", _PLAIN, _PLAIN
        yield f"variants.{variant}.handled_label", _PLAIN, _PLAIN
        yield f"variants.{variant}.handled", known, frozenset({who})
        yield f"variants.{variant}.due_label", _PLAIN, _PLAIN
        yield f"variants.{variant}.next_title", _PLAIN, _PLAIN
        yield f"variants.{variant}.next", known, frozenset({"contact"} if variant == "outside" else {"due"})
        short = known - {"contact"}
        sms = {"reference", "phone", "city", "department" if variant == "outside" else "due"}
        yield f"sms.{variant}", short, frozenset(sms)
    for section, needed in (
        ("add", _PLAIN),
        ("anonymous", _PLAIN),
        ("questions", frozenset({"phone"})),
        ("public", frozenset({"privacy_url"})),
        ("danger", _PLAIN),
    ):
        yield f"sections.{section}_title", _PLAIN, _PLAIN
        yield f"sections.{section}", _CITY, needed


KEYS = tuple(_list_keys())


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptTexts:
    """One language's words: "variants.named.title" and so on, every key of KEYS present."""

    language: str
    values: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.values[key]


def load_receipt_texts(languages: tuple[str, ...], folder: Path | None = None) -> dict[str, ReceiptTexts]:
    """The texts of every language, the city's own over ours. Raises ConfigurationError with every problem."""
    texts = load_texts("receipts", KEYS, languages, folder)
    problems = [
        f"receipts.{language}.toml: {fault}."
        for language, values in texts.items()
        for fault in check_dates(language, {key: values[key] for key in _DATES}, date(2026, 11, 26))
    ]
    if problems:
        raise ConfigurationError(tuple(problems))
    return {language: ReceiptTexts(language=language, values=values) for language, values in texts.items()}

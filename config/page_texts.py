"""The words of the web pages, one folder a language. What comes along in Swedish says which texts there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from config.catalogues import PLACEHOLDER, Key, check_dates, list_languages, load_texts, read_ours
from config.errors import ConfigurationError
from config.receipt_texts import ReceiptTexts, load_receipt_texts

LANGUAGES = list_languages("pages")
"""The languages that come along."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTexts:
    """Language code -> key such as "form.title" -> text. Every language has the same texts."""

    by_language: Mapping[str, Mapping[str, str]]
    # a text with plurals has one key a form: "postbox.count[0]"
    receipts: Mapping[str, ReceiptTexts] = field(default_factory=dict)
    # the page after sending is a receipt: what the letter says it says too


def load_page_texts(languages: tuple[str, ...] = LANGUAGES, folder: Path | None = None) -> PageTexts:
    """The texts of every language, the city's own over ours. Raises ConfigurationError with every problem.

    The pages name each key and fill each placeholder, so a text holds exactly those of ours.
    """
    keys, plurals = list_keys()
    loaded = load_texts("pages", keys, languages, folder, plurals=plurals)
    texts = {language: each.values for language, each in loaded.items()}
    moment = datetime(2026, 11, 26, 9, 41, tzinfo=UTC)
    problems = [
        f"{language}/pages.po: {fault}."
        for language, values in texts.items()
        for names, sample in (
            (("meta.date", "meta.date_year"), moment.date()),
            (("meta.time", "meta.stamp"), moment),
        )
        for fault in check_dates(values["meta.locale"], {key: values[key] for key in names}, sample)
    ]
    if problems:
        raise ConfigurationError(tuple(dict.fromkeys(problems)))
    return PageTexts(by_language=texts, receipts=load_receipt_texts(languages, folder))


@lru_cache(maxsize=1)
def list_keys() -> tuple[tuple[Key, ...], frozenset[str]]:
    """Every key of the pages with its placeholders, and which of them have plurals."""
    swedish = read_ours("pages", "sv")
    found = {key: frozenset(PLACEHOLDER.findall("".join(text.forms))) for key, text in swedish.items()}
    plurals = frozenset(key for key, text in swedish.items() if text.is_plural)
    return tuple((key, names, names) for key, names in found.items()), plurals

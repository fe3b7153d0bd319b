"""The words of the web pages, one file a language. What comes along in Swedish says which keys there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.errors import ConfigurationError
from config.reading import PLACEHOLDER, TEXTS, Key, check_dates, list_texts, load_texts, read_table

LANGUAGES = tuple(sorted(path.name.split(".")[1] for path in TEXTS.glob("pages.*.toml")))
"""The languages that come along."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTexts:
    """Language code -> key such as "form.title" -> text. Every language has the same keys."""

    by_language: Mapping[str, Mapping[str, str]]


def load_page_texts(languages: tuple[str, ...] = LANGUAGES, folder: Path | None = None) -> PageTexts:
    """The texts of every language, the city's own over ours. Raises ConfigurationError with every problem.

    The pages name each key and fill each placeholder, so a text holds exactly those of ours.
    """
    texts = load_texts("pages", list_keys(), languages, folder)
    moment = datetime(2026, 11, 26, 9, 41, tzinfo=UTC)
    problems = [
        f"pages.{language}.toml: {fault}."
        for language, values in texts.items()
        for keys, sample in (
            (("meta.date", "meta.date_year"), moment.date()),
            (("meta.time", "meta.stamp"), moment),
        )
        for fault in check_dates(values["meta.locale"], {key: values[key] for key in keys}, sample)
    ]
    if problems:
        raise ConfigurationError(tuple(dict.fromkeys(problems)))
    return PageTexts(by_language=texts)


def list_keys() -> tuple[Key, ...]:
    """Every key of the pages with its placeholders."""
    swedish = dict(list_texts(read_table(TEXTS / "pages.sv.toml")))
    placeholders = {key: frozenset(PLACEHOLDER.findall(text)) for key, text in swedish.items()}
    return tuple((key, found, found) for key, found in placeholders.items())

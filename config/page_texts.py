"""The words of the web pages: one TOML file a language, checked against each other before use."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

FOLDER = Path(__file__).parent / "texts"


class PageTextsError(ValueError):
    """The text files do not fit together. The message lists every difference."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTexts:
    """Language code -> key such as "form.title" -> text. Every language has the same keys."""

    by_language: Mapping[str, Mapping[str, str]]


def load_page_texts(folder: Path = FOLDER) -> PageTexts:
    """Read every pages.*.toml of the folder. Raises PageTextsError unless all say the same things."""
    texts = {path.name.split(".")[1]: _read(path) for path in sorted(folder.glob("pages.*.toml"))}
    if "sv" not in texts:
        raise PageTextsError(f"no pages.sv.toml in {folder}")
    differences = [
        difference
        for language in texts
        if language != "sv"
        for difference in _compare(language, texts[language], texts["sv"])
    ]
    if differences:
        raise PageTextsError("the page texts differ: " + "; ".join(differences))
    return PageTexts(by_language=texts)


def _read(path: Path) -> dict[str, str]:
    try:
        return dict(_flatten(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, PageTextsError) as error:
        raise PageTextsError(f"{path.name}: {error}") from error


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flatten(value, f"{key}.")
        elif isinstance(value, str) and value.strip():
            _find_placeholders(key, value)
            yield key, value
        else:
            raise PageTextsError(f"{key} must be a text that is not empty")


def _find_placeholders(key: str, text: str) -> frozenset[str]:
    try:
        names = frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError as error:
        raise PageTextsError(f"{key}: {error}") from error
    # "{}" and "{a.b}" would let a text reach into a value: a text may only name a value
    if unfit := sorted(name for name in names if not name.isidentifier()):
        raise PageTextsError(f"{key}: unfit placeholder {{{unfit[0]}}}")
    return names


def _compare(language: str, texts: Mapping[str, str], swedish: Mapping[str, str]) -> Iterator[str]:
    for key in sorted(swedish.keys() - texts.keys()):
        yield f"{language} lacks {key}"
    for key in sorted(texts.keys() - swedish.keys()):
        yield f"{language} has {key}, which sv lacks"
    for key in sorted(texts.keys() & swedish.keys()):
        ours, theirs = _find_placeholders(key, texts[key]), _find_placeholders(key, swedish[key])
        if ours != theirs:
            yield f"{language} {key} has placeholders {sorted(ours)}, sv has {sorted(theirs)}"

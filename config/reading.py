"""Reading TOML files strictly: every fault becomes one sentence, and all are collected.

A file of texts comes along with Kvitto, and a city's own file of the same name lies over it: what the city does
not say in other words stays as it was. See `load_texts`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import parse_pattern

from config.errors import ConfigurationError

TEXTS = Path(__file__).parent / "texts"
"""The texts that come along."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")

Key = tuple[str, frozenset[str], frozenset[str]]
"""A text by its name, the placeholders it may hold, and those that it must hold."""


def read_toml(path: Path) -> "Section":
    """The file's top section. A file that cannot be read at all is refused here."""
    return Section(path.name, "", read_table(path), [])


def read_table(path: Path) -> dict[str, Any]:
    """The file as it is. Raises ConfigurationError when it cannot be read at all."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError((f"{path.name}: cannot be read: {error.strerror}.",)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError((f"{path.name}: is not valid TOML in UTF-8: {error}.",)) from error


def load_texts(
    kind: str, keys: Sequence[Key], languages: Sequence[str], folder: Path | None
) -> dict[str, dict[str, str]]:
    """The texts of one kind ("pages", "receipts") in every language, each with exactly these keys.

    Raises ConfigurationError with every problem in every file.
    """
    problems: list[str] = []
    texts: dict[str, dict[str, str]] = {}
    for language in languages:
        try:
            top = _lay_over(f"{kind}.{language}.toml", folder)
        except ConfigurationError as error:
            problems.extend(error.problems)
            continue
        texts[language] = _read_values(top, keys)
        problems.extend(top.problems)
    if problems:
        raise ConfigurationError(tuple(problems))
    return texts


def check_texts_folder(folder: Path, kinds: Sequence[str], languages: Sequence[str]) -> None:
    """Refuse a city's folder that is not there, and files in it that nothing reads. Raises ConfigurationError."""
    if not folder.is_dir():
        raise ConfigurationError((f"city.texts: there is no folder {folder}.",))
    known = {f"{kind}.{language}.toml" for kind in kinds for language in languages}
    # A city may copy all that come along, and speak fewer languages.
    known |= {path.name for path in TEXTS.glob("*.toml")}
    strange = sorted(path.name for path in folder.glob("*.toml") if path.name not in known)
    if strange:
        raise ConfigurationError(
            tuple(
                f"{name}: is not a file of texts{_suggest(name, tuple(sorted(known)))}." for name in strange
            )
        )


def list_texts(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a file that is known to be right, with its whole name: "form.title"."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from list_texts(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def check_dates(locale: str, patterns: Mapping[str, str], sample: date) -> Iterator[str]:
    """What is wrong with patterns that write a date, or a date and time, in the words of a locale."""
    try:
        Locale.parse(locale)
    except (ValueError, TypeError, UnknownLocaleError):
        yield f"dates cannot be written: nobody knows the locale {locale!r}"
        return
    for key, pattern in patterns.items():
        try:
            parse_pattern(pattern).apply(sample, locale)
        except (ValueError, TypeError, AttributeError, KeyError):
            yield f"{key} must be a pattern of a date such as 'EEEE d MMMM', not {pattern!r}"


def _lay_over(name: str, folder: Path | None) -> "Section":
    """The city's own file over the one that comes along; at least one of them must be there."""
    ours = TEXTS / name
    own = folder / name if folder else None
    if own is None or not own.exists():
        if not ours.exists():
            raise ConfigurationError(
                (f"{name}: is missing. No texts in this language come along; give them in city.texts.",)
            )
        return read_toml(ours)
    table = read_table(own)
    return Section(name, "", _merge(read_table(ours), table) if ours.exists() else table, [])


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = under | over
    for key, value in over.items():
        below = under.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _merge(below, value)
    return merged


def _read_values(top: "Section", keys: Sequence[Key]) -> dict[str, str]:
    sections: dict[str, Section] = {"": top}
    values: dict[str, str] = {}
    for key, known, needed in keys:
        path, _, leaf = key.rpartition(".")
        section = _open(path, sections)
        values[key] = value = section.text(leaf)
        found = set(PLACEHOLDER.findall(value))
        for name in sorted(found - known):
            section.complain(leaf, f"cannot hold {{{name}}}, {_list(known)}")
        for name in sorted(needed - found) if value else ():
            section.complain(leaf, f"must hold {{{name}}}, and {value!r} does not")
        if set("{}") & set(PLACEHOLDER.sub("", value)):
            section.complain(leaf, f"has a brace that opens or closes nothing: {value!r}")
    for section in sections.values():
        section.finish()
    return values


def _open(path: str, sections: dict[str, "Section"]) -> "Section":
    if path not in sections:
        parent, _, leaf = path.rpartition(".")
        sections[path] = _open(parent, sections).section(leaf, required=True)
    return sections[path]


def _list(names: frozenset[str]) -> str:
    listed = ", ".join(f"{{{name}}}" for name in sorted(names))
    return f"only {listed}" if listed else "nor any other placeholder"


class Section:
    """One table of a file. What is asked for is checked; what is never asked for is unknown."""

    def __init__(self, file: str, path: str, table: dict[str, Any], problems: list[str]) -> None:
        self.file, self.path, self.problems = file, path, problems
        self._table = table
        self._asked: set[str] = set()

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._table)

    def complain(self, key: str, fault: str) -> None:
        self.problems.append(f"{self.file}: {self._name(key)} {fault}.")

    def text(self, key: str, default: str | None = None, choices: tuple[str, ...] = ()) -> str:
        """A text. Without a default it must be there and must not be empty."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.complain(key, "is missing" if value is None else f"must be a text, not {value!r}")
            return ""
        if choices and value not in choices:
            self.complain(
                key, f"must be one of {', '.join(choices)}, not {value!r}{_suggest(value, choices)}"
            )
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.complain(key, f"must be true or false, not {value!r}")
            return default
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them empty and none twice; empty when it is not there."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.complain(key, f"must be a list of texts, not {value!r}")
            return ()
        kept: list[str] = []
        for item in value:
            if not isinstance(item, str) or not item.strip("= "):
                self.complain(key, f"must hold only texts, not {item!r}")
            elif item in kept:
                self.complain(key, f"holds {item!r} twice")
            else:
                kept.append(item)
        return tuple(kept)

    def section(self, key: str, required: bool = False) -> "Section":
        """A table within; an empty one when it is not there."""
        value = self._take(key)
        if value is None and required:
            self.complain(key, "is missing")
        elif value is not None and not isinstance(value, dict):
            self.complain(key, f"must be a table, not {value!r}")
        table = value if isinstance(value, dict) else {}
        # What is no table is told once: of all that should stand in it nothing more is said.
        told = [] if value is not None and not isinstance(value, dict) else self.problems
        return Section(self.file, self._name(key), table, told)

    def sections(self, key: str) -> "list[Section]":
        """The tables of a list ([[key]]), in order; empty when it is not there."""
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.complain(key, f"must be tables, each under [[{self._name(key)}]]")
            return []
        return [
            Section(self.file, f"{self._name(key)}[{number}]", each, self.problems)
            for number, each in enumerate(value, start=1)
        ]

    def texts(self, key: str, languages: tuple[str, ...], required: bool = True) -> dict[str, str]:
        """A text in every language. When it is not required it may be left out, but not in one language."""
        inner = self.section(key, required=required)
        if not inner.keys:
            if required and isinstance(self._table.get(key), dict):
                self.complain(key, f"is missing in {', '.join(languages)}")
            return {}
        found = {code: inner.text(code) for code in languages}
        inner.finish()
        return found

    def word_map(self, key: str, languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """Lists of words per language; any of them may be left out."""
        inner = self.section(key)
        found = {code: inner.words(code) for code in languages}
        inner.finish()
        return {code: words for code, words in found.items() if words}

    def finish(self) -> None:
        """Refuse what nobody asked for: a misspelt key must not be silently without effect."""
        for key in self._table:
            if key not in self._asked:
                self.complain(key, f"is not known{_suggest(key, tuple(self._asked))}")

    def _take(self, key: str) -> Any:
        self._asked.add(key)
        return self._table.get(key)

    def _name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _suggest(word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""

"""Reading TOML files strictly: every fault becomes one sentence, and all are collected."""

import tomllib
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from config.errors import ConfigurationError


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

    def day(self, key: str) -> date | None:
        """A day: 2027-01-01, with or without quotes. None when it is not there."""
        value = self._take(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        # A date with a time of day is a date too, in Python.
        if value is None or type(value) is date:
            return value
        self.complain(key, f"must be a day such as 2027-01-01, not {value!r}")
        return None

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within its limits."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.complain(key, f"must be a whole number from {least} to {most}, not {value!r}")
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

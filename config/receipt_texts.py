"""The receipt's words, one file a language. The files hold the same keys and only placeholders we can fill."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import ConfigurationError
from config.reading import Section, read_toml

TEXTS = Path(__file__).parent / "texts"
"""The texts that come along. A city's own folder may hold some of the files; the rest are taken from here."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")

CHANNELS = ("email", "form", "webform", "sms", "chat", "phone", "visit", "letter", "other")
VARIANTS = ("named", "unsure", "neutral", "outside", "added")

_CITY = frozenset({"city", "contact_centre", "phone", "hours", "visit", "privacy_url", "reference", "due"})
_BODY = _CITY | {"department", "contact"}
_PLAIN: frozenset[str] = frozenset()


def _list_keys() -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Every key, the placeholders it may hold and those it must hold."""
    yield "language_name", _PLAIN, _PLAIN
    # The subject shows on a locked screen: the number, and nothing else about the matter.
    yield "subject", frozenset({"reference"}), frozenset({"reference"})
    yield "automatic", frozenset({"city"}), frozenset({"city"})
    received = frozenset({"day", "hour", "minute", "channel"})
    yield "received", received, received
    for key in ("reference", "received", "attachments"):
        yield f"labels.{key}", _PLAIN, _PLAIN
    for key in ("weekday", "day", "month", "month_and_year", "arrival", "short"):
        yield f"dates.{key}", _PLAIN, _PLAIN
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
    """The texts of every language. Raises ConfigurationError with every problem in every file."""
    problems: list[str] = []
    texts: dict[str, ReceiptTexts] = {}
    for language in languages:
        name = f"receipts.{language}.toml"
        own = folder / name if folder else None
        try:
            section = read_toml(own if own and own.exists() else TEXTS / name)
        except ConfigurationError as error:
            problems.extend(error.problems)
            continue
        texts[language] = ReceiptTexts(language=language, values=_read_values(section))
        problems.extend(section.problems)
    if problems:
        raise ConfigurationError(tuple(problems))
    return texts


def _read_values(top: Section) -> dict[str, str]:
    sections: dict[str, Section] = {"": top}
    values: dict[str, str] = {}
    for key, known, needed in KEYS:
        path, _, leaf = key.rpartition(".")
        section = _open(top, path, sections)
        values[key] = value = section.text(leaf)
        found = set(PLACEHOLDER.findall(value))
        for name in sorted(found - known):
            section.complain(leaf, f"cannot hold {{{name}}}, only {_list(known)}")
        for name in sorted(needed - found) if value else ():
            section.complain(leaf, f"must hold {{{name}}}, and {value!r} does not")
        if set("{}") & set(PLACEHOLDER.sub("", value)):
            section.complain(leaf, f"has a brace that opens or closes nothing: {value!r}")
    for section in sections.values():
        section.finish()
    return values


def _open(top: Section, path: str, sections: dict[str, Section]) -> Section:
    if path not in sections:
        parent, _, leaf = path.rpartition(".")
        sections[path] = _open(top, parent, sections).section(leaf, required=True)
    return sections[path]


def _list(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "no placeholder at all"

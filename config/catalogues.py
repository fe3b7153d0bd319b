"""Texts for residents, read strictly from gettext PO files: every fault is one sentence with its file and line.

`config/texts/sv/receipts.po` comes along with Kvitto, and a city's own `sv/receipts.po` lies over it: what the
city does not say in other words stays as it was. `msgid` is the name of a text, `msgstr` the text itself. A file
or a text marked `#, fuzzy` waits for a native reader. See https://www.gnu.org/software/gettext/manual/ for the
format; Babel reads it.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import parse_pattern
from babel.messages.plurals import DEFAULT_PLURAL, get_plural
from babel.messages.pofile import PoFileError, read_po

from config.errors import ConfigurationError

TEXTS = Path(__file__).parent / "texts"
"""The texts that come along, one folder a language."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")

Key = tuple[str, frozenset[str], frozenset[str]]
"""A text by its name, the placeholders it may hold, and those that it must hold."""

# Babel drops the first and the last character of what should be quoted, whatever they are: look before it does.
_LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr|msgstr\[\d\])\s+)?"((?:[^"\\]|\\["\\nt])*)"')
_BEFORE = {"msgid": ("", "msgstr"), "msgid_plural": ("msgid",), "msgstr": ("msgid",)}
"""What may stand before a keyword; for a form of a plural see `_check_lines`."""


class Text(NamedTuple):
    """One text and where it stands. `forms` has one member, or as many as the language has plurals."""

    forms: tuple[str, ...]
    is_plural: bool
    place: str
    # file and line, as in sv/receipts.po:41
    unread: bool
    # no native reader has read it yet


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """All texts of one kind in one language. A text with plurals has one key a form: "attachments[0]"."""

    values: Mapping[str, str]
    unread: int = 0
    # how many wait for a native reader


def load_texts(
    kind: str,
    keys: Sequence[Key],
    languages: Sequence[str],
    folder: Path | None,
    *,
    plurals: Collection[str] = (),
    fallback: Mapping[str, str] | None = None,
) -> dict[str, Loaded]:
    """The texts of one kind ("pages", "receipts") in every language, each with exactly these keys.

    A key in `fallback` may be left out: the text of the other key stands for it. Raises ConfigurationError with
    every problem in every file.
    """
    problems: list[str] = []
    loaded: dict[str, Loaded] = {}
    for language in languages:
        try:
            texts = _lay_over(kind, language, folder)
        except ConfigurationError as error:
            problems.extend(error.problems)
            continue
        faults = list(_find_faults(f"{language}/{kind}.po", texts, keys, plurals, fallback or {}, language))
        problems.extend(faults)
        if not faults:
            unread = sum(text.unread for text in texts.values())
            loaded[language] = Loaded(values=_spread(texts, keys, fallback or {}), unread=unread)
    if problems:
        raise ConfigurationError(tuple(problems))
    return loaded


@lru_cache(maxsize=64)
def read_ours(kind: str, language: str) -> Mapping[str, Text]:
    """The texts of one kind that come along in a language, by their names. They do not change while we run."""
    name = f"{language}/{kind}.po"
    return _read(TEXTS / name, name, language)


def list_languages(kind: str, folder: Path | None = None) -> tuple[str, ...]:
    """The languages that have a file of this kind, those of the city's own folder with them."""
    folders = [TEXTS, folder] if folder else [TEXTS]
    return tuple(sorted({path.parent.name for each in folders for path in each.glob(f"*/{kind}.po")}))


def check_texts_folder(folder: Path, kinds: Sequence[str], languages: Collection[str]) -> None:
    """Refuse a city's folder that is not there, and files in it that nothing reads. Raises ConfigurationError."""
    if not folder.is_dir():
        raise ConfigurationError((f"city.texts: there is no folder {folder}.",))
    files = tuple(f"{kind}.po" for kind in kinds)
    problems = []
    for path in sorted([*folder.glob("*.po"), *folder.glob("*/*.po"), *folder.glob("*.toml")]):
        name, language = path.relative_to(folder).as_posix(), path.parent.name
        if path.parent == folder:
            problems.append(f"{name}: texts stand in a folder of their language, as in sv/{files[0]}.")
        elif path.name not in files:
            problems.append(f"{name}: is not a file of texts{suggest(path.name, files)}.")
        elif path.name != "receipts.po" and not (
            language in languages or (TEXTS / language / path.name).exists()
        ):
            # Receipts may come in more languages than the city speaks.
            problems.append(f"{name}: {language!r} is not one of the organisation's languages.")
    if problems:
        raise ConfigurationError(tuple(problems))


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


@lru_cache(maxsize=64)
def plural_of(language: str) -> tuple[int, Callable[[int], int]]:
    """How many forms a language's plural has, and which of them a number takes."""
    try:
        forms, rule = get_plural(language)
    except (ValueError, UnknownLocaleError):
        forms, rule = DEFAULT_PLURAL
    return forms, c2py(rule)


def pick_form(values: Mapping[str, str], key: str, language: str, count: int) -> str:
    """The text of `key` for so many."""
    return values[f"{key}[{plural_of(language)[1](count)}]"]


def suggest(word: str, known: Sequence[str]) -> str:
    """A hint when a word is nearly one of those that are known."""
    near = get_close_matches(word, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _lay_over(kind: str, language: str, folder: Path | None) -> Mapping[str, Text]:
    """The city's own file over the one that comes along; at least one of them must be there."""
    name = f"{language}/{kind}.po"
    own = folder / name if folder else None
    comes_along = (TEXTS / name).exists()
    if own is not None and own.exists():
        texts = _read(own, name, language)
        return {**read_ours(kind, language), **texts} if comes_along else texts
    if comes_along:
        return read_ours(kind, language)
    raise ConfigurationError(
        (f"{name}: is missing. No texts in this language come along; give them in city.texts.",)
    )


def _read(path: Path, name: str, language: str) -> dict[str, Text]:
    """Every text of one file. Raises ConfigurationError when it is no PO file in UTF-8, or says a thing twice."""
    try:
        lines = path.read_bytes().decode().splitlines()
    except OSError as error:
        raise ConfigurationError((f"{name}: cannot be read: {error.strerror}.",)) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError((f"{name}: is not UTF-8: {error}.",)) from error
    if problems := tuple(f"{name}:{fault}." for fault in _check_lines(lines)):
        raise ConfigurationError(problems)
    # What somebody has put out of use with "#~" is no text.
    used = ["" if line.lstrip().startswith("#~") else line for line in lines]
    try:
        catalog = read_po(used, locale=language if _is_known(language) else None, abort_invalid=True)
    except PoFileError as error:
        fault = str(error).rpartition(" on ")[0]
        raise ConfigurationError((f"{name}:{error.lineno + 1}: is no PO file: {fault}.",)) from error
    except (ValueError, KeyError) as error:
        raise ConfigurationError((f"{name}: its header cannot be read: {error}.",)) from error
    forms, _ = plural_of(language)
    if catalog.num_plurals != forms:
        raise ConfigurationError(
            (f"{name}: Plural-Forms must have nplurals={forms}, not {catalog.num_plurals}.",)
        )
    # Without a header Babel calls every file fuzzy.
    unread = catalog.fuzzy and 'msgid ""' in used
    texts = {}
    for each in catalog:
        # A plural has a pair of names and a list of texts.
        name_or_pair, said = each.id, each.string or ""
        if name_or_pair:
            key, is_plural = (
                (name_or_pair, False) if isinstance(name_or_pair, str) else (name_or_pair[0], True)
            )
            forms_said = (said,) if isinstance(said, str) else tuple(said)
            texts[key] = Text(forms_said, is_plural, f"{name}:{each.lineno}", unread or each.fuzzy)
    return texts


def _check_lines(lines: Sequence[str]) -> Iterator[str]:
    """What is wrong with single lines, each fault with the number of its line. Babel is not this strict."""
    before, seen = "", set()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            yield f"{number}: is no line of a PO file: {line.strip()[:80]!r}"
            return
        keyword, said = found.groups()
        if keyword is None:
            continue
        allowed = _BEFORE.get(keyword)
        if allowed is None:
            place = int(keyword[7])
            allowed = (f"msgstr[{place - 1}]",) if place else ("msgid_plural",)
        if before not in allowed and not (keyword == "msgid" and before.startswith("msgstr")):
            yield f"{number}: {keyword} cannot stand after {before or 'the beginning'}"
            return
        if keyword == "msgid":
            if said in seen:
                yield f"{number}: {said or 'the header'} stands in the file twice"
            seen.add(said)
        before = keyword


def _find_faults(
    name: str,
    texts: Mapping[str, Text],
    keys: Sequence[Key],
    plurals: Collection[str],
    fallback: Mapping[str, str],
    language: str,
) -> Iterator[str]:
    names = [key for key, _, _ in keys]
    for key, known, needed in keys:
        if key in texts:
            yield from _check_text(key, texts[key], known, needed, key in plurals, language)
        elif fallback.get(key, "") not in texts:
            yield f"{name}: {key} is missing."
    for key in sorted(texts.keys() - set(names)):
        yield f"{texts[key].place}: {key} is not known{suggest(key, names)}."


def _check_text(
    key: str, text: Text, known: frozenset[str], needed: frozenset[str], is_plural: bool, language: str
) -> Iterator[str]:
    if text.is_plural != is_plural:
        kind = "needs msgid_plural and a text for each form" if is_plural else "has no plural"
        yield f"{text.place}: {key} {kind}."
        return
    for form, value in enumerate(text.forms):
        where = f"{text.place}: {key}[{form}]" if is_plural else f"{text.place}: {key}"
        if not value.strip():
            yield f"{where} is empty."
            continue
        found = set(PLACEHOLDER.findall(value))
        for name in sorted(found - known):
            yield f"{where} cannot hold {{{name}}}, {_list(known)}."
        # A form for one number only may say it as a word.
        for name in sorted(needed - found) if not is_plural or _stands_for_many(language, form) else ():
            yield f"{where} must hold {{{name}}}, and {value!r} does not."
        if set("{}") & set(PLACEHOLDER.sub("", value)):
            yield f"{where} has a brace that opens or closes nothing: {value!r}."


@lru_cache(maxsize=256)
def _stands_for_many(language: str, form: int) -> bool:
    _, choose = plural_of(language)
    return sum(choose(count) == form for count in range(1, 201)) > 1


def _spread(texts: Mapping[str, Text], keys: Sequence[Key], fallback: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, _, _ in keys:
        text = texts[key if key in texts else fallback[key]]
        if text.is_plural:
            values |= {f"{key}[{form}]": value for form, value in enumerate(text.forms)}
        else:
            values[key] = text.forms[0]
    return values


def _list(names: frozenset[str]) -> str:
    listed = ", ".join(f"{{{name}}}" for name in sorted(names))
    return f"only {listed}" if listed else "nor any other placeholder"


@lru_cache(maxsize=64)
def _is_known(language: str) -> bool:
    try:
        Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return False
    return True

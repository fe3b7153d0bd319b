"""The file of alarm words becomes values. Every fault is told at once: see `config/example/alarms.toml`."""

from pathlib import Path

from config.errors import ConfigurationError
from config.reading import Section, read_toml
from normalizer.triage.alarms import ALARM_CLASSES
from normalizer.triage.matters import FAST_LANES, ORDINARY
from normalizer.triage.signs import ORDINARY as SPEAK_AGAINST
from normalizer.triage.signs import parse_signs
from normalizer.triage.spellings import check_word
from normalizer.triage.wordings import ClassWords, LanguageWords, WordingError, list_words, parse_wording

EXAMPLE = Path(__file__).parent / "example" / "alarms.toml"
"""The packaged words, in use until a city names its own file."""

CLASSES: tuple[str, ...] = (*ALARM_CLASSES, *FAST_LANES, *ORDINARY)
"""Every class that a file can hold."""

LANGUAGES = ("sv", "fi", "en")
"""Languages that every file has alarm words in."""


def load_alarms(path: Path = EXAMPLE) -> dict[str, LanguageWords]:
    """Read and check the words, by language. Raises ConfigurationError with every problem found."""
    top = read_toml(path)
    languages = {code: _read_language(top.section(code, required=True)) for code in LANGUAGES}
    for code in top.keys:
        if code not in LANGUAGES and len(code) in {2, 3} and code.isalpha():
            languages[code] = _read_language(top.section(code))
    top.finish()
    if top.problems:
        raise ConfigurationError(tuple(top.problems))
    return languages


def _read_language(section: Section) -> LanguageWords:
    inner = section.section("lists")
    lists = {name: inner.words(name) for name in inner.keys}
    for name, words in lists.items():
        _check_words(inner, name, words)
        if not words:
            inner.complain(name, "must hold at least one word")
    inner.finish()
    single = {
        key: section.words(key)
        for key in ("common", "fillers", "negations", "negations_after", "joints", "others", "speaker")
    }
    for key, words in single.items():
        _check_words(section, key, words)
    alike = section.words("alike")
    for line in alike:
        _check_words(section, "alike", tuple(line.split()))
        if len(line.split()) < 2:
            section.complain("alike", f"holds {line!r}: it takes two words for one to count as the other")
    known = set[str]()
    for_all = {key: _read_wordings(section, key, lists, known) for key in ("figures", "themes")}
    classes: dict[str, ClassWords] = {
        name: _read_class(section.section(name), lists, known) for name in CLASSES if name in section.keys
    }
    signs = section.section("signs")
    limit = signs.number("limit", 0, 0, 1_000)
    lines = {name: _read_signs(signs, name) for name in (*ALARM_CLASSES, SPEAK_AGAINST)}
    signs.finish()
    for name in ALARM_CLASSES:
        if section.keys and name not in section.keys:
            section.complain(name, "is missing: every language has words for every alarm")
    for name in CLASSES:
        section.section(name)
    section.finish()
    return LanguageWords(
        lists=lists, classes=classes, alike=alike, signs=lines, signs_limit=limit, **single, **for_all
    )


def _read_signs(section: Section, name: str) -> tuple[str, ...]:
    lines = section.words(name)
    for line in lines:
        try:
            parse_signs(line)
        except WordingError as error:
            section.complain(name, f"holds {line!r}, which {error}")
    return lines


def _read_class(section: Section, lists: dict[str, tuple[str, ...]], known: set[str]) -> ClassWords:
    found = {
        key: _read_wordings(section, key, lists, known) for key in ("always", "words", "hints", "unless")
    }
    if not found["always"] and not found["words"]:
        section.complain("words", "must hold at least one wording, or nothing is ever found")
    section.finish()
    return ClassWords(**found)


def _read_wordings(
    section: Section, key: str, lists: dict[str, tuple[str, ...]], known: set[str]
) -> tuple[str, ...]:
    lines = section.words(key)
    for line in lines:
        try:
            for side in parse_wording(line).sides:
                for alternatives, _ in side:
                    _check_alternatives(alternatives, lists, known)
        except WordingError as error:
            section.complain(key, f"holds {line!r}, which {error}")
    return lines


def _check_alternatives(alternatives: str, lists: dict[str, tuple[str, ...]], known: set[str]) -> None:
    """Raises WordingError. `known`: what was found to be right before."""
    for word in alternatives.split("/"):
        if word not in known:
            # The words of a list were checked with it.
            if word.startswith("<"):
                list_words(word, lists)
            else:
                check_word(word.lower())
            known.add(word)


def _check_words(section: Section, key: str, words: tuple[str, ...]) -> None:
    for word in words:
        try:
            check_word(word.lower())
        except WordingError as error:
            section.complain(key, f"holds {word!r}, which {error}")

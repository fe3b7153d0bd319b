"""The organisation file becomes values. Every fault is told at once: see `config/example/organisation.toml`."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from config.departments import LANGUAGE, read_departments
from config.errors import ConfigurationError
from config.escalation import read_escalation
from config.helplines import read_helplines
from config.reading import Section, read_toml
from config.registers import read_registers
from config.relays import read_relays, read_staff_domains
from normalizer.organisation import ANY_LANGUAGE, Organisation, Rule
from normalizer.routing.words import split_words

EXAMPLE = Path(__file__).parent / "example" / "organisation.toml"
"""The packaged example: complete, commented, and in use until a city names its own file."""

CATEGORIES = ("fraga", "fel", "forslag", "klagomal", "berom", "annat")
"""What a resident can choose in the form."""

_MOST_AT_LEAST = 9
_NUMBERED = re.compile(r"[^\W\d_]+")


def load_organisation(path: Path = EXAMPLE) -> Organisation:
    """Read and check one city. Raises ConfigurationError with every problem found."""
    top = read_toml(path)
    languages = _read_languages(top)
    departments = read_departments(top.section("departments", required=True), languages)
    known = tuple(departments)
    rules = _read_rules(top.section("rules"), (*languages, ANY_LANGUAGE), known)
    fallback = top.text("fallback", choices=known)
    if fallback in departments and departments[fallback].body != "department":
        top.complain(
            "fallback", f"must be a department of the city, not the {departments[fallback].body} {fallback!r}"
        )
    if fallback in departments and departments[fallback].until is not None:
        top.complain("fallback", f"must be a department without a last day, and {fallback!r} has one")
    organisation = Organisation(
        names=top.texts("names", languages),
        languages=languages,
        fallback=fallback,
        departments=departments,
        rules=rules,
        scenes=_read_common(top, "scenes", (*languages, ANY_LANGUAGE)),
        matters=_read_common(top, "matters", (*languages, ANY_LANGUAGE)),
        categories=_read_categories(top.section("categories"), known),
        phone=top.text("phone"),
        hours=top.texts("hours", languages),
        visit=top.texts("visit", languages),
        privacy_url=_read_web_address(top, "privacy_url"),
        helplines=read_helplines(top, languages),
        closed_days=_read_days(top, "closed_days"),
        staff_domains=read_staff_domains(top, departments),
        relays=read_relays(top, CATEGORIES),
        escalation=read_escalation(top, departments),
        registers=read_registers(top, departments),
    )
    top.finish()
    if top.problems:
        raise ConfigurationError(tuple(top.problems))
    return organisation


def _read_languages(top: Section) -> tuple[str, ...]:
    languages = top.words("languages")
    for code in languages:
        if not LANGUAGE.fullmatch(code):
            top.complain("languages", f"must hold ISO 639 codes such as 'sv', not {code!r}")
    if "sv" not in languages:
        top.complain(
            "languages", "must hold 'sv': Swedish is the language of the authority (språklagen 10 §)"
        )
    return languages


def _read_rules(
    section: Section, languages: tuple[str, ...], departments: tuple[str, ...]
) -> tuple[Rule, ...]:
    rules = tuple(_read_rule(section, key, languages, departments) for key in section.keys)
    plain = {rule.id for rule in rules if not rule.subjects}
    for rule in rules:
        for subject in rule.subjects:
            if subject not in plain:
                fault = f"must hold names of rules that have no subjects of their own, not {subject!r}"
                section.complain(f"{rule.id}.subjects", fault)
    return rules


def _read_rule(rules: Section, key: str, languages: tuple[str, ...], departments: tuple[str, ...]) -> Rule:
    section = rules.section(key)
    rule = Rule(
        id=key,
        department=section.text("department", choices=departments),
        words=section.word_map("words", languages),
        also=section.word_map("also", languages),
        unless=section.word_map("unless", languages),
        places=section.words("places"),
        numbered=section.words("numbered"),
        sure=section.flag("sure", default=True),
        sensitive=section.flag("sensitive", default=False),
        at_least=section.number("at_least", 1, 1, _MOST_AT_LEAST),
        subjects=section.words("subjects"),
        since=section.day("since"),
        until=section.day("until"),
    )
    if rule.since and rule.until and rule.until < rule.since:
        section.complain("until", f"must not be before its first day {rule.since}, as {rule.until} is")
    if not rule.words and not rule.subjects:
        section.complain("words", "must hold at least one word, or the rule can never apply")
    for words in (*rule.words.values(), *rule.also.values(), *rule.unless.values(), rule.places):
        for word in words:
            if not split_words(word):
                section.complain("words", f"must hold words of letters or digits, not {word!r}")
    for word in rule.numbered:
        if not _NUMBERED.fullmatch(word):
            section.complain("numbered", f"must hold single words without the number, not {word!r}")
    section.finish()
    return rule


def _read_common(top: Section, key: str, languages: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    found = top.word_map(key, languages)
    for word in (each for words in found.values() for each in words):
        if len(split_words(word)) != 1:
            top.complain(key, f"must hold single words, not {word!r}")
    return found


def _read_categories(section: Section, departments: tuple[str, ...]) -> Mapping[str, str]:
    chosen = {
        category: section.text(category, choices=departments)
        for category in CATEGORIES
        if category in section.keys
    }
    for category in CATEGORIES:
        section.text(category, "")
    section.finish()
    return chosen


def _read_web_address(top: Section, key: str) -> str:
    value = top.text(key)
    if value and not re.fullmatch(r"https://[^\s<>\"']+", value):
        top.complain(key, f"must be an address that starts with https://, not {value!r}")
    return value


def _read_days(top: Section, key: str) -> tuple[str, ...]:
    days = top.words(key)
    for day in days:
        try:
            date.fromisoformat(day)
        except ValueError:
            top.complain(key, f"must hold dates such as '2026-12-28', not {day!r}")
    return days

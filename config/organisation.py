"""The organisation file becomes values. Every fault is told at once: see `config/example/organisation.toml`."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import cast, get_args

from config.errors import ConfigurationError
from config.reading import Section, read_toml
from config.relays import read_relays, read_staff_domains
from normalizer.organisation import (
    ANY_LANGUAGE,
    SHORT_NAME_LIMIT,
    Body,
    Department,
    Organisation,
    Rule,
)
from normalizer.words import split_words

EXAMPLE = Path(__file__).parent / "example" / "organisation.toml"
"""The packaged example: complete, commented, and in use until a city names its own file."""

CATEGORIES = ("fraga", "fel", "forslag", "klagomal", "berom", "annat")
"""What a resident can choose in the form."""

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ADDRESS = re.compile(r"[^@\s+]+@[^@\s]+\.[^@\s]+")
_NUMBERED = re.compile(r"[^\W\d_]+")


def load_organisation(path: Path = EXAMPLE) -> Organisation:
    """Read and check one city. Raises ConfigurationError with every problem found."""
    top = read_toml(path)
    languages = _read_languages(top)
    departments = _read_departments(top.section("departments", required=True), languages)
    known = tuple(departments)
    rules = _read_rules(top.section("rules"), (*languages, ANY_LANGUAGE), known)
    fallback = top.text("fallback", choices=known)
    if fallback in departments and departments[fallback].body != "department":
        top.complain(
            "fallback", f"must be a department of the city, not the {departments[fallback].body} {fallback!r}"
        )
    organisation = Organisation(
        names=top.texts("names", languages),
        languages=languages,
        fallback=fallback,
        departments=departments,
        rules=rules,
        categories=_read_categories(top.section("categories"), known),
        phone=top.text("phone"),
        hours=top.texts("hours", languages),
        visit=top.texts("visit", languages),
        privacy_url=_read_web_address(top, "privacy_url"),
        closed_days=_read_days(top, "closed_days"),
        staff_domains=read_staff_domains(top, departments),
        relays=read_relays(top, CATEGORIES),
    )
    top.finish()
    if top.problems:
        raise ConfigurationError(tuple(top.problems))
    return organisation


def _read_languages(top: Section) -> tuple[str, ...]:
    languages = top.words("languages")
    for code in languages:
        if not _LANGUAGE.fullmatch(code):
            top.complain("languages", f"must hold ISO 639 codes such as 'sv', not {code!r}")
    if "sv" not in languages:
        top.complain(
            "languages", "must hold 'sv': Swedish is the language of the authority (språklagen 10 §)"
        )
    return languages


def _read_departments(section: Section, languages: tuple[str, ...]) -> dict[str, Department]:
    departments = {key: _read_department(section, key, languages) for key in section.keys}
    owner: dict[str, str] = {}
    for department in departments.values():
        for address in department.addresses:
            if address in owner:
                fault = f"holds {address!r}, which is an address of {owner[address]!r} already"
                section.complain(f"{department.key}.addresses", fault)
            owner.setdefault(address, department.key)
    return departments


def _read_department(departments: Section, key: str, languages: tuple[str, ...]) -> Department:
    section = departments.section(key)
    if not _KEY.fullmatch(key):
        departments.complain(key, "must be named with small letters a to z, digits, - and _")
    body = section.text("body", "department", choices=get_args(Body))
    short_names = section.texts("short_names", languages)
    for code, name in short_names.items():
        if len(name) > SHORT_NAME_LIMIT:
            fault = f"must have at most {SHORT_NAME_LIMIT} characters, and {name!r} has {len(name)}"
            section.complain(f"short_names.{code}", fault)
    addresses = section.words("addresses")
    for address in addresses:
        if not _ADDRESS.fullmatch(address) or address != address.lower():
            fault = f"must hold e-mail addresses in small letters and without a +tag, not {address!r}"
            section.complain("addresses", fault)
    department = Department(
        key=key,
        body=cast("Body", body),
        names=section.texts("names", languages),
        short_names=short_names,
        boards=section.words("boards"),
        addresses=addresses,
        sensitive=section.flag("sensitive", default=False),
        contact=section.texts("contact", languages, required=body != "department"),
    )
    section.finish()
    return department


def _read_rules(
    section: Section, languages: tuple[str, ...], departments: tuple[str, ...]
) -> tuple[Rule, ...]:
    return tuple(_read_rule(section, key, languages, departments) for key in section.keys)


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
    )
    if not rule.words:
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

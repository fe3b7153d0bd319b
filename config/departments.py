"""The departments of the organisation file: names, reception, and the dates on which something changes."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import cast, get_args

from config.reading import Section
from normalizer.organisation import SHORT_NAME_LIMIT, Body, Department, FormerName, Reception, Way

LANGUAGE = re.compile(r"[a-z]{2,3}")
"""An ISO 639 code."""

EXAMPLE_LIMIT = 500
"""Longest example wording, in characters."""

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_ADDRESS = re.compile(r"[^@\s+]+@[^@\s]+\.[^@\s]+")
_WEBHOOK = re.compile(r"https://[^\s<>\"']+")


def read_departments(section: Section, languages: tuple[str, ...]) -> dict[str, Department]:
    """Every department, company and outside body, by key. Faults are collected in the section."""
    departments = {key: _read_department(section, key, languages) for key in section.keys}
    owner: dict[str, str] = {}
    for department in departments.values():
        for address in department.addresses:
            if address in owner:
                fault = f"holds {address!r}, which is an address of {owner[address]!r} already"
                section.complain(f"{department.key}.addresses", fault)
            owner.setdefault(address, department.key)
    for department in departments.values():
        fault = _find_break(department, departments)
        if fault:
            section.complain(f"{department.key}.successor", fault)
    return departments


def _read_department(departments: Section, key: str, languages: tuple[str, ...]) -> Department:
    section = departments.section(key)
    if not _KEY.fullmatch(key):
        departments.complain(key, "must be named with small letters a to z, digits, - and _")
    body = section.text("body", "department", choices=get_args(Body))
    addresses = section.words("addresses")
    for address in addresses:
        if not _ADDRESS.fullmatch(address) or address != address.lower():
            fault = f"must hold e-mail addresses in small letters and without a +tag, not {address!r}"
            section.complain("addresses", fault)
    spoken = section.words("languages")
    for code in spoken:
        if not LANGUAGE.fullmatch(code):
            section.complain("languages", f"must hold ISO 639 codes such as 'fi', not {code!r}")
    department = Department(
        key=key,
        body=cast("Body", body),
        names=section.texts("names", languages),
        short_names=_read_short_names(section, languages),
        boards=section.words("boards"),
        addresses=addresses,
        sensitive=section.flag("sensitive", default=False),
        contact=section.texts("contact", languages, required=body != "department"),
        since=section.day("since"),
        until=section.day("until"),
        successor=section.text("successor", ""),
        former=_read_former(section, languages),
        reception=_read_reception(section, body),
        hours=section.texts("hours", languages, required=False),
        languages=spoken,
        examples=_read_examples(section, languages),
    )
    if department.since and department.until and department.until < department.since:
        section.complain(
            "until", f"must not be before its first day {department.since}, as {department.until} is"
        )
    section.finish()
    return department


def _read_short_names(section: Section, languages: tuple[str, ...]) -> Mapping[str, str]:
    short_names = section.texts("short_names", languages)
    for code, name in short_names.items():
        if len(name) > SHORT_NAME_LIMIT:
            fault = f"must have at most {SHORT_NAME_LIMIT} characters, and {name!r} has {len(name)}"
            section.complain(f"short_names.{code}", fault)
    return short_names


def _read_former(section: Section, languages: tuple[str, ...]) -> tuple[FormerName, ...]:
    """The earlier names, oldest first whatever the order in the file."""
    former: list[FormerName] = []
    for each in section.sections("former"):
        until = each.day("until")
        names, short_names = each.texts("names", languages), _read_short_names(each, languages)
        boards = each.words("boards")
        each.finish()
        if until is None:
            each.complain("until", "must be the last day of that name")
        elif any(until == other.until for other in former):
            each.complain("until", f"is {until}, and so is that of another former name")
        else:
            former.append(FormerName(until=until, names=names, short_names=short_names, boards=boards))
    return tuple(sorted(former, key=lambda each: each.until))


def _read_reception(department: Section, body: str) -> Reception | None:
    if "reception" not in department.keys:
        department.section("reception")
        return None
    section = department.section("reception")
    if body != "department":
        department.complain(
            "reception", f"is only for departments: nothing is handed over to this {body}, people are told"
        )
    way = section.text("way", choices=get_args(Way))
    to = section.text("to", "")
    if way == "mailbox" and not _ADDRESS.fullmatch(to):
        section.complain("to", f"must be the address of the department's mailbox, not {to!r}")
    if way == "webhook" and not _WEBHOOK.fullmatch(to):
        section.complain("to", f"must be an address that starts with https://, not {to!r}")
    if way == "inbox" and to:
        section.complain("to", f"must be left out: an inbox is on Kvitto's own pages, not at {to!r}")
    reception = Reception(way=cast("Way", way), to=to, proven=section.day("proven"))
    section.finish()
    return reception


def _read_examples(section: Section, languages: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    examples = section.word_map("examples", languages)
    for code, texts in examples.items():
        for text in texts:
            if len(text) > EXAMPLE_LIMIT:
                fault = f"must hold wordings of at most {EXAMPLE_LIMIT} characters, not {len(text)}"
                section.complain(f"examples.{code}", fault)
    return examples


def _find_break(department: Department, departments: Mapping[str, Department]) -> str:
    """What is wrong with who takes over; "" when nothing is."""
    until, key = department.until, department.successor
    if until is None:
        return f"is {key!r}, and the department has no last day (until)" if key else ""
    if not key:
        # A company that is gone has nobody to hand over to; the city's own duties never end.
        return (
            f"is missing: somebody must have its matters after {until}"
            if department.body == "department"
            else ""
        )
    if key not in departments:
        return f"must be one of {', '.join(departments)}, not {key!r}"
    seen = [department.key]
    while key and key in departments:
        if key in seen:
            return f"leads back to itself: {', '.join((*seen, key))}"
        seen.append(key)
        key = departments[key].successor
    heir = departments[department.successor]
    if heir.since is not None and heir.since > until + timedelta(days=1):
        return f"{heir.key!r} begins on {heir.since}, and somebody must be there the day after {until}"
    if heir.until is not None and heir.until <= until:
        return f"{heir.key!r} has ended on {heir.until}, which is not after {until}"
    return ""

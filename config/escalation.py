"""The section [escalation] of the organisation file: who hears of a case that waits too long."""

import re
from collections.abc import Mapping

from config.reading import Section
from normalizer.escalation import Escalation, Group
from normalizer.organisation import Department

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read_escalation(top: Section, departments: Mapping[str, Department]) -> Escalation:
    """The ladder's addresses. Faults are told on `top`."""
    section = top.section("escalation")
    groups = {}
    listed = section.section("departments")
    for key in listed.keys:
        if key not in departments:
            listed.complain(key, f"must be the key of a department, and {key!r} is none")
        each = listed.section(key)
        groups[key] = Group(**{name: _address(each, name) for name in ("members", "coordinator", "head")})
        each.finish()
    listed.finish()
    found = Escalation(
        groups=groups, directors=_addresses(section, "directors"), on_call=_addresses(section, "on_call")
    )
    section.finish()
    return found


def _address(section: Section, key: str) -> str:
    value = section.text(key, "")
    if value and not _ADDRESS.fullmatch(value):
        section.complain(key, f"must be an e-mail address, not {value!r}")
    return value


def _addresses(section: Section, key: str) -> tuple[str, ...]:
    values = section.words(key)
    for value in values:
        if not _ADDRESS.fullmatch(value):
            section.complain(key, f"must hold e-mail addresses, not {value!r}")
    return values

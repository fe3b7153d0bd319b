"""Who hands on residents' messages: the city's own people, and services that relay reports."""

import re
from collections.abc import Mapping, Sequence

from config.reading import Section
from normalizer.email.reports import MAX_LABEL
from normalizer.organisation import Department, ReportRelay

FIELDS = ("name", "address", "place", "coordinates", "category", "link", "subject", "text", "other")
"""What can be read from a relay's mail. `link` and `other` are not kept: they end the field before them."""

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}")
_ADDRESS = re.compile(r"[^@\s]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}(?:: ?[^\r\n]{1,200})?")


def read_staff_domains(top: Section, departments: Mapping[str, Department]) -> tuple[str, ...]:
    """Domains and addresses of the city's own people. Left out: the domains of the departments' addresses."""
    given = top.words("staff_domains")
    if not given:
        own = [
            address.rpartition("@")[2]
            for department in departments.values()
            if department.body == "department"
            for address in department.addresses
        ]
        return tuple(dict.fromkeys(own))
    _check_places(top, "staff_domains", given)
    return given


def read_relays(top: Section, categories: Sequence[str]) -> tuple[ReportRelay, ...]:
    """The table of relays. Of two that have the same sender the first would always win: refused."""
    relays = tuple(_read_relay(section, tuple(categories)) for section in top.sections("relays"))
    taken: dict[str, str] = {}
    for relay in relays:
        for sender in relay.senders:
            if sender in taken:
                top.complain("relays", f"hold {sender!r} twice, in {taken[sender]!r} and in {relay.name!r}")
            taken.setdefault(sender, relay.name)
    return relays


def _read_relay(section: Section, categories: tuple[str, ...]) -> ReportRelay:
    senders = section.words("from")
    if not senders:
        section.complain("from", "must hold at least one address or domain, or the relay is never recognised")
    _check_places(section, "from", senders)
    header = section.text("header", "")
    if header and not _HEADER.fullmatch(header):
        section.complain("header", f"must be a header's name or 'Name: value', not {header!r}")
    signed_by = section.text("signed_by", "")
    if signed_by and not _DOMAIN.fullmatch(signed_by):
        section.complain("signed_by", f"must be a domain in small letters, not {signed_by!r}")
    category = section.text("category", "", choices=("", *categories))
    relay = ReportRelay(
        name=section.text("name"),
        senders=senders,
        labels=_read_labels(section.section("labels", required=True)),
        header=header,
        signed_by=signed_by,
        category=category,
        categories=_read_words(section.section("categories"), categories),
        ends=section.words("ends"),
    )
    section.finish()
    return relay


def _read_labels(section: Section) -> dict[str, tuple[str, ...]]:
    labels = {name: section.words(name) for name in FIELDS}
    section.finish()
    if section.keys and not labels["text"]:
        section.complain("text", "is missing: it says where the resident's own words begin")
    if section.keys and not any(labels[name] for name in FIELDS if name not in {"text", "other", "link"}):
        section.complain("text", "cannot be all: name the label of the address or of the place too")
    owner: dict[str, str] = {}
    for name, each in labels.items():
        for label in each:
            bare = label.rstrip(":").strip().casefold()
            if not bare or ":" in bare or "\n" in label or len(label) > MAX_LABEL:
                fault = f"must hold labels as they begin a line, such as 'Plats:', not {label!r}"
                section.complain(name, fault)
            elif bare in owner:
                section.complain(name, f"holds {label!r}, which is a label of {owner[bare]!r} already")
            owner.setdefault(bare, name)
    return {name: each for name, each in labels.items() if each}


def _read_words(section: Section, categories: tuple[str, ...]) -> dict[str, str]:
    found = {word.casefold(): section.text(word, choices=categories) for word in section.keys}
    section.finish()
    return found


def _check_places(section: Section, key: str, places: Sequence[str]) -> None:
    for place in places:
        if not (_ADDRESS if "@" in place else _DOMAIN).fullmatch(place) or place != place.lower():
            section.complain(key, f"must hold domains or addresses in small letters, not {place!r}")

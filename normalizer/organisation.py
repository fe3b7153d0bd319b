"""The city as data: who there is, how they are reached, which words are theirs. Pure values.

The files behind them are read by `config`; routing and receipts read the values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SHORT_NAME_LIMIT = 26
"""Longest short name: with it every SMS receipt fits one GSM-7 segment."""

ANY_LANGUAGE = "any"
"""Key for words that are the same in every language: names such as Mimer, SFI, E18."""

Body = Literal["department", "company", "association", "outside"]
"""A department is the city itself. The others are told of ("turn to"), never silently handed to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Department:
    """One body that can be responsible. Text maps go from language code to text, always with "sv"."""

    key: str
    # short, lower-case, stable: "teknik"
    body: Body = "department"
    names: Mapping[str, str]
    short_names: Mapping[str, str]
    # at most SHORT_NAME_LIMIT characters
    boards: tuple[str, ...] = ()
    # the political boards (namnder) that answer for its records
    addresses: tuple[str, ...] = ()
    # its own e-mail addresses, lower-case: mail to them is routed here
    sensitive: bool = False
    # receipts leave its name out (health, social services)
    contact: Mapping[str, str] = field(default_factory=dict)
    # for bodies outside the city: how to reach them, per language


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Words, perhaps in a place, that point to a department.

    A word map goes from language code (or ANY_LANGUAGE) to words and phrases in base form, with å ä ö.
    A word also meets its inflections and its compounds; "=halt" meets that very word only.
    """

    id: str
    department: str
    words: Mapping[str, tuple[str, ...]]
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # when given, one of these must stand in the message as well
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # with one of these in the message the rule says nothing
    places: tuple[str, ...] = ()
    # when given, one of these place names must stand in the message too; place beats subject
    numbered: tuple[str, ...] = ()
    # words that make a place together with a number: "väg" for "väg 66", "E" for "E18"
    sure: bool = True
    # False: a hint for the contact centre, never enough to name the department
    sensitive: bool = False
    # the matter is sensitive though the department is not: the receipt leaves its name out


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRelay:
    """A service that sends residents' reports by mail, and how its mail is read."""

    name: str
    senders: tuple[str, ...]
    # its addresses, or whole domains, lower-case
    labels: Mapping[str, tuple[str, ...]]
    # field ("name", "address", "place", "coordinates", "category", "link", "subject", "text", "other") -> labels
    header: str = ""
    # "X-Service: report" or "X-Service": a header that its mail has
    signed_by: str = ""
    # the domain of its DKIM signature; "" where that of its address counts
    category: str = ""
    # of the form, for every report
    categories: Mapping[str, str] = field(default_factory=dict)
    # its own word for a category, casefolded -> that of the form
    ends: tuple[str, ...] = ()
    # beginnings of the line at which the resident's matter ends


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """Everything that routing and receipts need to know of one city."""

    names: Mapping[str, str]
    # the city's name in each language: "Västerås stad"
    languages: tuple[str, ...]
    # languages of pages and receipts, the first is the default
    fallback: str
    # key of the contact centre
    departments: Mapping[str, Department]
    rules: tuple[Rule, ...]
    categories: Mapping[str, str] = field(default_factory=dict)
    # form category -> department key, for those categories that decide alone
    phone: str = ""
    # the contact centre, as people write it: 08-465 004 10
    hours: Mapping[str, str] = field(default_factory=dict)
    visit: Mapping[str, str] = field(default_factory=dict)
    # where to come in person: "Stora gatan 40"
    privacy_url: str = ""
    closed_days: tuple[str, ...] = ()
    # the city's own closed days beside the public holidays, ISO dates
    staff_domains: tuple[str, ...] = ()
    # where the city's own people write from: domains or single addresses, lower-case
    relays: tuple[ReportRelay, ...] = ()
    # services that send residents' reports


@dataclass(frozen=True, kw_only=True, slots=True)
class RoutingDecision:
    """Where it will be handled, and why. `department` "" means undecided: the contact centre decides."""

    department: str
    rule: str
    # what decided: "recipient:teknik@example.org", "place:skultuna", "category:fel", "words:pothole",
    # "undecided", "error"
    words: tuple[str, ...] = ()
    # the words of the message that matched, for staff only: a receipt never shows them
    confidence: float = 0.0
    # 0 to 1; 1 for an explicit choice such as a recipient address
    candidates: tuple[tuple[str, float], ...] = ()
    # up to three departments with their share of the evidence, best first
    sensitive: bool = False
    # something in the message belongs to a sensitive matter, whoever handles it: keep the receipt neutral

"""The city as data: who there is, how they are reached, which words are theirs. Pure values.

The files behind them are read by `config`; routing and receipts read the values. What changes carries its date:
a department begins and ends, hands over to a successor, and is renamed, and a case keeps the name of its day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from normalizer.escalation import NOBODY, Escalation

SHORT_NAME_LIMIT = 26
"""Longest short name: with it every SMS receipt fits one GSM-7 segment."""

ANY_LANGUAGE = "any"
"""Key for words that are the same in every language: names such as Mimer, SFI, E18."""

Body = Literal["department", "company", "association", "outside"]
"""A department is the city itself. The others are told of ("turn to"), never silently handed to."""


Way = Literal["mailbox", "inbox", "webhook"]
"""How cases reach a department: by mail, on Kvitto's own pages, or as calls to a system of theirs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reception:
    """How a department gets its cases."""

    way: Way
    to: str = ""
    # the mailbox's address or the webhook's https address; an inbox needs none
    proven: date | None = None
    # when a person of the department last acknowledged a test case; None: nobody has yet


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    """Where the register of a board (*diarium*) takes cases: its registrars' mailbox."""

    to: str
    secure: bool = False
    # the mailbox and the way to it may hold secrets: cases that are marked go there too
    when: str = "accepted"
    # "accepted": once the department has taken a case; "asked": when somebody says so


@dataclass(frozen=True, kw_only=True, slots=True)
class FormerName:
    """What a department was called, up to and including a day."""

    until: date
    names: Mapping[str, str]
    short_names: Mapping[str, str]
    boards: tuple[str, ...] = ()
    # the boards that answered for it then; empty: those of today


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
    since: date | None = None
    # its first day; None: it has always been there
    until: date | None = None
    # its last day; None: no end is known
    successor: str = ""
    # key of the department that takes its cases from the day after
    former: tuple[FormerName, ...] = ()
    # its earlier names, the oldest first
    reception: Reception | None = None
    # without a proven one the department cannot be named to a resident
    hours: Mapping[str, str] = field(default_factory=dict)
    # its own opening hours; empty: those of the city
    languages: tuple[str, ...] = ()
    # what its staff can answer in, beside Swedish
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # language -> wordings of residents that must be routed here: the proof of the rules

    @property
    def nameable(self) -> bool:
        """A receipt may name it: cases reach it for certain, or it is only told where to turn to."""
        return self.body != "department" or (self.reception is not None and self.reception.proven is not None)

    def exists_on(self, day: date) -> bool:
        """The department is there on this day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def called_on(self, day: date) -> "FormerName | Department":
        """Its names and boards on a day: the first former name that reached that far, or today's."""
        return next((former for former in self.former if day <= former.until), self)


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
    at_least: int = 1
    # so many different words of the rule must stand in the message for it to be sure; fewer are a hint
    subjects: tuple[str, ...] = ()
    # ids of rules whose words it has as well: what a place takes over from the department of the whole city
    since: date | None = None
    # its first day
    until: date | None = None
    # its last day

    def holds_on(self, day: date) -> bool:
        """The rule is in force on this day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


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
class Helpline:
    """A telephone number for those in need, told where it is urgent."""

    number: str
    # as people write it: "90101", "116 111"
    hours: Mapping[str, str]
    # when somebody answers, per language
    checked: date | None = None
    # when the city last made sure of both


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
    scenes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # per language: places where people are. "Jag satt på bussen" alone tells no matter
    matters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # per language: what people want of such a place: "öppet", "boka", "kallt"
    categories: Mapping[str, str] = field(default_factory=dict)
    # form category -> department key, for those categories that decide alone
    phone: str = ""
    # the contact centre, as people write it: 08-465 004 10
    hours: Mapping[str, str] = field(default_factory=dict)
    visit: Mapping[str, str] = field(default_factory=dict)
    # where to come in person: "Stora gatan 40"
    privacy_url: str = ""
    helplines: Mapping[str, Helpline] = field(default_factory=dict)
    # "oncall" (the city's own), "suicide", "health", "children", "social", "social_oncall"
    closed_days: tuple[str, ...] = ()
    # the city's own closed days beside the public holidays, ISO dates
    staff_domains: tuple[str, ...] = ()
    # where the city's own people write from: domains or single addresses, lower-case
    relays: tuple[ReportRelay, ...] = ()
    # services that send residents' reports
    escalation: Escalation = NOBODY
    # who hears of cases that wait too long
    registers: Mapping[str, Register] = field(default_factory=dict)
    # by the board's name; a board without one gets no hand-over

    def name_of(self, key: str, language: str, day: date) -> str:
        """What a department is called on a day, in a language or else in the first; "" when nobody knows it."""
        department = self.departments.get(key)
        return self._pick(department.called_on(day).names, language) if department else ""

    def short_name_of(self, key: str, language: str, day: date) -> str:
        """The same for text messages: at most SHORT_NAME_LIMIT characters."""
        department = self.departments.get(key)
        return self._pick(department.called_on(day).short_names, language) if department else ""

    def boards_of(self, key: str, day: date) -> tuple[str, ...]:
        """The political boards that answer for a department's records on a day."""
        department = self.departments.get(key)
        return (department.called_on(day).boards or department.boards) if department else ()

    def responsible_on(self, key: str, day: date) -> str:
        """Who has a department's matters on a day: itself, or whoever took over. "" when nobody is there.

        The loader has refused circles; the count of steps bounds the walk for values made by hand.
        """
        for _ in range(len(self.departments)):
            department = self.departments.get(key)
            if department is None or (department.since is not None and day < department.since):
                return ""
            if department.exists_on(day):
                return key
            key = department.successor
        return ""

    def list_changes(self) -> tuple[date, ...]:
        """The days on which responsibility changes, in order: a rule or a department begins or has ended."""
        days: set[date] = set()
        dated: tuple[Department | Rule, ...] = (*self.departments.values(), *self.rules)
        for each in dated:
            if each.since is not None:
                days.add(each.since)
            if each.until is not None and each.until < date.max:
                days.add(each.until + timedelta(days=1))
        return tuple(sorted(days))

    def _pick(self, texts: Mapping[str, str], language: str) -> str:
        return texts.get(language) or texts.get(self.languages[0], "")


class RoutingDecision(Struct, frozen=True, kw_only=True):
    """Where it will be handled, and why. `department` "" means undecided: the contact centre decides."""

    department: str
    rule: str
    # what decided: "recipient:teknik@example.org", "place:skultuna", "category:fel", "words:pothole",
    # "model:VERSION", "unproven:teknik" (it would be the department, and its reception is not proven),
    # "undecided", "error"
    words: tuple[str, ...] = ()
    # the words of the message that matched, for staff only: a receipt never shows them
    confidence: float = 0.0
    # 0 to 1; 1 for an explicit choice such as a recipient address
    candidates: tuple[tuple[str, float], ...] = ()
    # up to three departments with their share of the evidence, best first
    sensitive: bool = False
    # something in the message belongs to a sensitive matter, whoever handles it: keep the receipt neutral

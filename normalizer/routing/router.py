"""Where a message will be handled, and why. Pure, explained, and undecided rather than wrong.

The order: the department's own mailbox, a place with a subject ("the library in Skultuna"), the form's
category where the city lets it decide, keyword rules that a person marked sure, and last what a model has
learned from staff. Else the contact centre decides: a receipt never names a department on a guess, nor one
that no case is proven to reach.
"""

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from msgspec import structs

from normalizer.messages import NormalizedMessage
from normalizer.organisation import ANY_LANGUAGE, Organisation, RoutingDecision
from normalizer.routing.doubt import is_left_open, is_only_there, is_torn, list_signs
from normalizer.routing.evidence import FIRM, Evidence, weigh
from normalizer.routing.keywords import Keywords
from normalizer.routing.words import split_matter, split_words

_NEAR_TIE = 0.5
# More than this share of the leader's evidence on another side, and nobody is named.
_HEADLINE = 3
# So few words name their matter: "på biblioteket".
_SHOWN_WORDS = 8
_TAG = re.compile(r"\+[^@]*(?=@)")
# RFC 5233: teknik+park@example.org is the mailbox teknik@example.org.
_ALL = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """What a model makes of a message."""

    department: str
    # "" while it is below the cut of its department
    candidates: tuple[tuple[str, float], ...]
    # up to three departments with their probabilities, best first
    words: tuple[str, ...] = ()
    # the words of the message that spoke for the first, for staff
    version: str


class Learned(ABC):
    """A model that was taught by what staff decided. It is asked only when the rules leave a message undecided."""

    @abstractmethod
    def suggest(self, message: NormalizedMessage) -> Suggestion | None:
        """The likely departments; None when it has nothing to say. Pure: the same message, the same answer."""


@dataclass(frozen=True, slots=True)
class Router:
    """A city's rules, prepared once. `route` may be called from any thread.

    It stands for the last state that the organisation's dates lead to; `at` gives that of another day.
    """

    organisation: Organisation
    learned: Learned | None = None
    day: date = date.max
    # a day of the period that it stands for
    _mailboxes: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _keywords: Mapping[str, Keywords] = field(init=False, repr=False, compare=False)
    _heirs: Mapping[str, str] = field(init=False, repr=False, compare=False)
    # department -> who has its matters on the day; those for whom nobody is there are missing
    _changes: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _periods: dict[int, Self] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        city, day = self.organisation, self.day
        found = {key: city.responsible_on(key, day) for key in city.departments}
        heirs = {key: heir for key, heir in found.items() if heir}
        mailboxes = {
            address: heirs[department.key]
            for department in city.departments.values()
            # The contact centre's own address decides nothing.
            if department.key != city.fallback and department.key in heirs
            for address in department.addresses
        }
        rules = tuple(
            replace(rule, department=heirs[rule.department])
            for rule in city.rules
            if rule.holds_on(day) and rule.department in heirs
        )
        of_the_day = replace(city, rules=rules)
        languages = tuple(sorted({code for rule in rules for code in rule.words} - {ANY_LANGUAGE}))
        keywords = {code: Keywords(of_the_day, (code,)) for code in languages}
        keywords[ANY_LANGUAGE] = Keywords(of_the_day, ())
        keywords[_ALL] = Keywords(of_the_day, languages)
        object.__setattr__(self, "_mailboxes", mailboxes)
        object.__setattr__(self, "_keywords", keywords)
        object.__setattr__(self, "_heirs", heirs)
        object.__setattr__(self, "_changes", city.list_changes())
        object.__setattr__(self, "_periods", {})

    def at(self, day: date) -> Self:
        """The router of a day. Between two changes of the organisation it is the same one, prepared once."""
        period = bisect_right(self._changes, day)
        if period == bisect_right(self._changes, self.day):
            return self
        known = self._periods.get(period)
        if known is None:
            # Two threads may prepare the same: both are right, and one stays.
            known = self._periods[period] = replace(self, day=day)
        return known

    def route(self, message: NormalizedMessage) -> RoutingDecision:
        """Who will handle this message. The same message always gets the same answer."""
        # Swedish keywords are off for other languages, and all are on when the language is not known.
        keywords = self._keywords.get(message.written_in or message.language) or self._keywords[ANY_LANGUAGE]
        words = split_matter(message.subject, message.new_text)
        place_from = len(words)
        if message.place:
            words += split_words(message.place)
        found = keywords.find(words, place_from)
        evidence, sensitive = weigh(found, keywords) if found else ({}, False)
        return self._decide(message, words, keywords, evidence, sensitive)

    def _decide(
        self,
        message: NormalizedMessage,
        words: list[str],
        keywords: Keywords,
        evidence: Mapping[str, Evidence],
        sensitive: bool,
    ) -> RoutingDecision:
        leader = self._find_leader(evidence, words, keywords) if evidence else ""
        shown = _show(words, [evidence[leader]] if leader else list(evidence.values()))

        mailbox = self._find_mailbox(message.recipients) if message.recipients else ""
        if mailbox:
            chosen = _choose(self._mailboxes[mailbox], f"recipient:{mailbox}", shown, sensitive)
            return self._allow(chosen)
        ready = evidence[leader].name_rule() if leader else None
        category = self.organisation.categories.get(message.category, "")
        if category in self._heirs and not (ready and ready.places):
            chosen = _choose(self._heirs[category], f"category:{message.category}", shown, sensitive)
            return self._allow(chosen)
        rule = f"{'place' if ready.places else 'words'}:{ready.id}" if ready else "undecided"
        total, candidates = _share(evidence)
        decision = RoutingDecision(
            department=leader,
            rule=rule,
            words=shown,
            confidence=round(evidence[leader].sure / total, 3) if leader else 0.0,
            candidates=candidates,
            sensitive=sensitive,
        )
        if leader:
            return self._allow(decision)
        return self._ask(message, decision, evidence) if self.learned else decision

    def _allow(self, decision: RoutingDecision) -> RoutingDecision:
        """A department whose cases are not proven to reach it is nobody to promise: the contact centre decides."""
        department = self.organisation.departments[decision.department]
        if department.nameable:
            return decision
        return structs.replace(decision, department="", rule=f"unproven:{department.key}", confidence=0.0)

    def _ask(
        self, message: NormalizedMessage, decision: RoutingDecision, evidence: Mapping[str, Evidence]
    ) -> RoutingDecision:
        """What the model makes of it, where the rules do not know."""
        suggestion = self.learned.suggest(message) if self.learned else None
        if suggestion is None:
            return decision
        departments = self.organisation.departments
        candidates = tuple(
            (self._heirs[key], share) for key, share in suggestion.candidates if key in self._heirs
        )
        words = suggestion.words[:_SHOWN_WORDS]
        key = self._heirs.get(suggestion.department, "")
        sensitive = decision.sensitive or (bool(key) and departments[key].sensitive)
        # Rules that are sure of two departments have seen two matters. A model knows only one answer.
        torn = sum(each.sure > 0 for each in evidence.values()) > 1
        if not key or sensitive or torn or not departments[key].nameable:
            # The words of the rules stay: they are what a person can check.
            return structs.replace(
                decision,
                candidates=candidates or decision.candidates,
                words=decision.words or words,
                sensitive=sensitive,
            )
        return RoutingDecision(
            department=key,
            rule=f"model:{suggestion.version}",
            words=words,
            confidence=dict(candidates).get(key, 0.0),
            candidates=candidates,
        )

    def _find_mailbox(self, recipients: tuple[str, ...]) -> str:
        """The one department's mailbox among the recipients; "" when there is none, or more than one."""
        found = ""
        for recipient in recipients:
            address = recipient.lower()
            if "+" in address:
                address = _TAG.sub("", address)
            department = self._mailboxes.get(address, "")
            if department and found and department != self._mailboxes[found]:
                return ""
            if department and not found:
                found = address
        return found

    def _find_leader(self, evidence: Mapping[str, Evidence], words: list[str], keywords: Keywords) -> str:
        """The department whose sure evidence outweighs every other clearly; "" when there is none."""
        fallback = self.organisation.fallback
        # The contact centre's own words ("who answers?") stand in nobody's way: it is the answer to doubt.
        rivals = [(each.rank > 0, each.sure, key) for key, each in evidence.items() if key != fallback]
        if not rivals:
            return fallback if evidence[fallback].sure else ""
        named, sure, leader = max(rivals)
        if not sure:
            return ""
        chosen = evidence[leader]
        if not named and len(words) > _HEADLINE and is_only_there(chosen, words, keywords):
            return ""
        signs = list_signs(words)
        if len(rivals) > 1:
            told = [evidence[key] for _, _, key in rivals if key != leader]
            # Where somebody is, as on a bus, speaks against nothing that is firm.
            against = [each for each in told if each.rank or not each.sure] if chosen.rank == FIRM else told
            for each in against:
                if each.score > sure * _NEAR_TIE:
                    return ""
            if is_torn(chosen, told, against, words, signs, keywords):
                return ""
        return "" if signs and is_left_open(chosen, words, signs) else leader


def _choose(department: str, rule: str, words: tuple[str, ...], sensitive: bool) -> RoutingDecision:
    """What a person chose by an address or in the form: no weighing."""
    return RoutingDecision(
        department=department,
        rule=rule,
        words=words,
        confidence=1.0,
        candidates=((department, 1.0),),
        sensitive=sensitive,
    )


def _share(evidence: Mapping[str, Evidence]) -> tuple[float, tuple[tuple[str, float], ...]]:
    """All evidence together, and the best three departments with their share of it."""
    if not evidence:
        return 0.0, ()
    ranked = sorted([(-each.score, key) for key, each in evidence.items()])
    total = -sum([score for score, _ in ranked])
    return total, tuple([(key, round(-score / total, 3)) for score, key in ranked[:3]])


def _show(words: list[str], evidence: list[Evidence]) -> tuple[str, ...]:
    """The matched words as they stand in the message, in its order."""
    if not evidence:
        return ()
    spans = evidence[0].tokens
    for each in evidence[1:]:
        spans = spans | each.tokens
    shown = dict.fromkeys(
        [
            words[token] if spans[token] == 1 else " ".join(words[token : token + spans[token]])
            for token in sorted(spans)
        ]
    )
    return tuple(shown)[:_SHOWN_WORDS]

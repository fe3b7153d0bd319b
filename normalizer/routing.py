"""Where a message will be handled, and why. Pure, explained, and undecided rather than wrong.

The order: the department's own mailbox, a place with a subject ("the library in Skultuna"), the form's
category where the city lets it decide, keyword rules that a person marked sure. Else the contact centre
decides: a receipt never names a department on a guess.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from normalizer.keywords import Found, Keywords, ReadyRule
from normalizer.messages import NormalizedMessage
from normalizer.organisation import ANY_LANGUAGE, Organisation, RoutingDecision
from normalizer.words import split_words

_PLACE = 2.0
# Place beats subject.
_HINT = 0.5
# Words that no person marked sure.
_WHERE = 0.25
# Words that only say where: "halt utanför biblioteket".
_NEAR_TIE = 0.5
# More than this share of the leader's evidence on the other side, and nobody is named.
_SHOWN_WORDS = 8
_TAG = re.compile(r"\+[^@]*(?=@)")
_ALL = ""


@dataclass(slots=True)
class _Case:
    """What speaks for one department."""

    sure: float = 0.0
    hints: float = 0.0
    by_rule: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    placed: set[str] = field(default_factory=set)
    # ids of its rules that need a place and found it
    tokens: dict[int, int] = field(default_factory=dict)
    # first word -> how many words, of what matched

    @property
    def score(self) -> float:
        return self.sure + self.hints * _HINT


@dataclass(frozen=True, slots=True)
class Router:
    """A city's rules, prepared once. `route` may be called from any thread."""

    organisation: Organisation
    _mailboxes: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _keywords: Mapping[str, Keywords] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        mailboxes = {
            address: department.key
            for department in self.organisation.departments.values()
            if department.key != self.organisation.fallback  # the contact centre's own address decides nothing
            for address in department.addresses
        }
        rules = self.organisation.rules
        languages = tuple(sorted({code for rule in rules for code in rule.words} - {ANY_LANGUAGE}))
        keywords = {code: Keywords(self.organisation, (code,)) for code in languages}
        keywords[ANY_LANGUAGE] = Keywords(self.organisation, ())
        keywords[_ALL] = Keywords(self.organisation, languages)
        object.__setattr__(self, "_mailboxes", mailboxes)
        object.__setattr__(self, "_keywords", keywords)

    def route(self, message: NormalizedMessage) -> RoutingDecision:
        """Who will handle this message. The same message always gets the same answer."""
        # Swedish keywords are off for other languages, and all are on when the language is not known.
        keywords = self._keywords.get(message.language) or self._keywords[ANY_LANGUAGE]
        words = split_words(message.subject) + split_words(message.new_text)
        place_from = len(words)
        if message.place:
            words += split_words(message.place)
        found = keywords.find(words, place_from)
        cases, sensitive = _weigh(found, keywords) if found else ({}, False)
        return self._decide(message, words, cases, sensitive)

    def _decide(
        self, message: NormalizedMessage, words: list[str], cases: Mapping[str, _Case], sensitive: bool
    ) -> RoutingDecision:
        ranked = sorted(cases, key=lambda key: (-cases[key].score, key))
        total = sum(case.score for case in cases.values())
        candidates = tuple((key, round(cases[key].score / total, 3)) for key in ranked[:3])
        leader = self._find_leader(cases)
        shown = _show(words, [cases[leader]] if leader else [cases[key] for key in ranked])

        mailbox = self._find_mailbox(message.recipients)
        if mailbox:
            key = self._mailboxes[mailbox]
            return RoutingDecision(
                department=key,
                rule=f"recipient:{mailbox}",
                words=shown,
                confidence=1.0,
                candidates=((key, 1.0),),
                sensitive=sensitive,
            )
        rule = max(cases[leader].by_rule, key=cases[leader].by_rule.__getitem__) if leader else ""
        placed = leader and rule in cases[leader].placed
        category = self.organisation.categories.get(message.category, "")
        if category and not placed:
            return RoutingDecision(
                department=category,
                rule=f"category:{message.category}",
                words=shown,
                confidence=1.0,
                candidates=((category, 1.0),),
                sensitive=sensitive,
            )
        if leader:
            return RoutingDecision(
                department=leader,
                rule=f"{'place' if placed else 'words'}:{rule}",
                words=shown,
                confidence=round(cases[leader].sure / total, 3),
                candidates=candidates,
                sensitive=sensitive,
            )
        return RoutingDecision(
            department="", rule="undecided", words=shown, candidates=candidates, sensitive=sensitive
        )

    def _find_mailbox(self, recipients: tuple[str, ...]) -> str:
        """The one department's mailbox among the recipients; "" when there is none, or more than one."""
        known = {
            address: self._mailboxes[address]
            for address in (_TAG.sub("", recipient.lower()) for recipient in recipients)
            if address in self._mailboxes
        }
        return next(iter(known)) if len(set(known.values())) == 1 else ""

    def _find_leader(self, cases: Mapping[str, _Case]) -> str:
        """The department whose sure evidence outweighs all others clearly; "" when there is none."""
        fallback = self.organisation.fallback
        # The contact centre's own words ("who answers?") stand in nobody's way: it is the answer to doubt.
        rivals = {key: case for key, case in cases.items() if key != fallback} or cases
        leader = max(rivals, key=lambda key: (rivals[key].sure, key), default="")
        if not leader or not rivals[leader].sure:
            return ""
        against = max((case.score for key, case in rivals.items() if key != leader), default=0.0)
        return leader if against <= rivals[leader].sure * _NEAR_TIE else ""


def _weigh(found: list[Found], keywords: Keywords) -> tuple[dict[str, _Case], bool]:
    """Add up what speaks for each department, every distinct word once."""
    by_keyword: dict[int, list[Found]] = defaultdict(list)
    for match in found:
        by_keyword[match.keyword].append(match)
    present = frozenset(by_keyword)
    rules = {id(ready): ready for keyword in present for ready in keywords.uses.get(keyword, ())}
    active = [ready for ready in rules.values() if ready.applies(present)]
    own = {
        ready.rule.id: [
            match for keyword in (ready.words | ready.also) & present for match in by_keyword[keyword]
        ]
        for ready in active
    }
    reading = _Reading([match for matches in own.values() for match in matches])
    for ready in active:
        if ready.places and _is_place_sure(ready, by_keyword):
            reading.claim(own[ready.rule.id], ready.rule.department)

    # department -> keyword -> best evidence: value, sure, rule
    best: dict[str, dict[int, tuple[float, bool, ReadyRule]]] = defaultdict(dict)
    cases: dict[str, _Case] = {}
    for ready in active:
        place_sure = not ready.places or _is_place_sure(ready, by_keyword)
        for match in own[ready.rule.id]:
            if not reading.stands(match, ready.rule.department):
                continue
            value = keywords.weights[match.keyword] * match.quality * (_PLACE if ready.places else 1.0)
            value *= _WHERE if match.where else 1.0
            sure = ready.rule.sure and place_sure and not match.where
            evidence = best[ready.rule.department]
            if match.keyword not in evidence or (sure, value) > evidence[match.keyword][1::-1]:
                evidence[match.keyword] = (value, sure, ready)
            case = cases.setdefault(ready.rule.department, _Case())
            case.tokens[match.token] = max(match.length, case.tokens.get(match.token, 0))
    for department, evidence in best.items():
        case = cases[department]
        for value, sure, ready in evidence.values():
            if sure:
                case.sure += value
                case.by_rule[ready.rule.id] += value
            else:
                case.hints += value
            if ready.places:
                case.placed.add(ready.rule.id)
    return cases, any(ready.sensitive for ready in active)


def _is_place_sure(ready: ReadyRule, by_keyword: Mapping[int, list[Found]]) -> bool:
    return any(match.sure for keyword in ready.places for match in by_keyword.get(keyword, ()))


class _Reading:
    """Which keyword a stretch of the message really is: the longest, and the one a place has claimed."""

    __slots__ = ("_claims", "_longest", "_phrases")

    def __init__(self, matches: list[Found]) -> None:
        self._claims: dict[int, str] = {}
        self._longest: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._phrases: dict[int, int] = {}
        for match in matches:
            if match.length > 1:
                for token in match.tokens:
                    self._phrases[token] = max(match.length, self._phrases.get(token, 0))
            else:
                self._longest[match.token].append((match.start, match.end))

    def claim(self, matches: list[Found], department: str) -> None:
        for match in matches:
            if not match.where:
                for token in match.tokens:
                    self._claims[token] = department

    def stands(self, match: Found, department: str) -> bool:
        """"fritids" does not stand in "fritidsgård" when both are keywords, nor "buss" in "city bus"."""
        if any(self._claims.get(token, department) != department for token in match.tokens):
            return False
        if any(self._phrases.get(token, 0) > match.length for token in match.tokens):
            return False
        if match.length > 1:
            return True
        size = match.end - match.start
        return not any(
            start <= match.start and match.end <= end and end - start > size
            for start, end in self._longest[match.token]
        )


def _show(words: list[str], cases: list[_Case]) -> tuple[str, ...]:
    """The matched words as they stand in the message, in its order."""
    spans = {token: length for case in cases for token, length in case.tokens.items()}
    shown = dict.fromkeys(" ".join(words[token : token + spans[token]]) for token in sorted(spans))
    return tuple(shown)[:_SHOWN_WORDS]

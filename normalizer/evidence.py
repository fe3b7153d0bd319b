"""Weighing: the keywords found in a message become evidence for departments. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from normalizer.keywords import Found, Keywords, ReadyRule

_PLACE = 2.0
# Place beats subject.
_HINT = 0.5
# Words that no person marked sure.
_WHERE = 0.25
# Words that only say where: "halt utanför biblioteket".


@dataclass(slots=True)
class Evidence:
    """What speaks for one department. Every distinct keyword counts once, at its best."""

    keywords: dict[int, tuple[bool, float, ReadyRule]] = field(default_factory=dict)
    # keyword -> sure, value, rule
    tokens: dict[int, int] = field(default_factory=dict)
    # where in the message it stands: first word -> how many words
    sure: float = 0.0
    score: float = 0.0
    # sure evidence and hints together

    def add(self, match: Found, value: float, sure: bool, ready: ReadyRule) -> None:
        """Take in one match."""
        self.tokens[match.token] = max(match.length, self.tokens.get(match.token, 0))
        known = self.keywords.get(match.keyword)
        if known is None or (sure, value) > known[:2]:
            self.keywords[match.keyword] = (sure, value, ready)

    def total(self) -> None:
        """Sum up, once everything is taken in."""
        self.sure = sum(value for sure, value, _ in self.keywords.values() if sure)
        hints = sum(value for sure, value, _ in self.keywords.values() if not sure)
        self.score = self.sure + hints * _HINT

    def name_rule(self) -> ReadyRule:
        """The rule that decided: the one with the most sure evidence."""
        weight: dict[str, float] = defaultdict(float)
        rules: dict[str, ReadyRule] = {}
        for sure, value, ready in self.keywords.values():
            weight[ready.rule.id] += value * sure
            rules[ready.rule.id] = ready
        return rules[max(weight, key=lambda key: (weight[key], key))]


class _Claim(NamedTuple):
    """A rule that applies, with its words in the message."""

    ready: ReadyRule
    matches: list[Found]
    place_sure: bool
    # it needs no place, or its place is beyond doubt


def weigh(found: list[Found], keywords: Keywords) -> tuple[dict[str, Evidence], bool]:
    """The evidence for each department, and whether anything in the message is a sensitive matter."""
    claims = _list_claims(found, keywords)
    reading = _Reading(claims)
    evidence: dict[str, Evidence] = {}
    for ready, matches, place_sure in claims:
        department = ready.rule.department
        factor = _PLACE if ready.places else 1.0
        for match in matches:
            if reading.stands(match, department):
                value = keywords.weights[match.keyword] * match.quality * factor
                evidence.setdefault(department, Evidence()).add(
                    match,
                    value * _WHERE if match.where else value,
                    ready.rule.sure and place_sure and not match.where,
                    ready,
                )
    for each in evidence.values():
        each.total()
    return evidence, any(claim.ready.sensitive for claim in claims)


def _list_claims(found: list[Found], keywords: Keywords) -> list[_Claim]:
    by_keyword: dict[int, list[Found]] = {}
    for match in found:
        by_keyword.setdefault(match.keyword, []).append(match)
    rules = {ready.rule.id: ready for keyword in by_keyword for ready in keywords.uses.get(keyword, ())}
    claims = []
    for ready in rules.values():
        if ready.applies(by_keyword):
            own = by_keyword.keys() & (ready.words | ready.also)
            matches = [match for keyword in own for match in by_keyword[keyword]]
            claims.append(_Claim(ready, matches, _is_place_sure(ready, by_keyword)))
    return claims


def _is_place_sure(ready: ReadyRule, by_keyword: Mapping[int, list[Found]]) -> bool:
    return not ready.places or any(
        match.sure for keyword in ready.places for match in by_keyword.get(keyword, ())
    )


class _Reading:
    """What a stretch of the message really is: the longest keyword, and the one that a place has claimed."""

    __slots__ = ("_claims", "_phrases", "_spans")

    def __init__(self, claims: list[_Claim]) -> None:
        self._claims: dict[int, str] = {}
        self._phrases: dict[int, int] = {}
        self._spans: dict[int, list[tuple[int, int]]] = {}
        for ready, matches, place_sure in claims:
            takes = bool(ready.places) and place_sure and ready.rule.sure
            for match in matches:
                if match.length == 1:
                    self._spans.setdefault(match.token, []).append((match.start, match.end))
                for token in range(match.token, match.token + match.length):
                    if match.length > 1:
                        self._phrases[token] = max(match.length, self._phrases.get(token, 0))
                    if takes and not match.where:
                        self._claims[token] = ready.rule.department

    def stands(self, match: Found, department: str) -> bool:
        """Whether "fritids" may count: not in "fritidsgård", as "buss" does not in "city bus"."""
        token, length = match.token, match.length
        if length > 1:
            return all(self._is_free(each, length, department) for each in range(token, token + length))
        if not self._is_free(token, 1, department):
            return False
        spans = self._spans[token]
        if len(spans) == 1:
            return True
        first, last = match.start, match.end
        return not any(start <= first and last <= end and end - start > last - first for start, end in spans)

    def _is_free(self, token: int, length: int, department: str) -> bool:
        """No place of another department has claimed the word, and no longer phrase holds it."""
        return self._claims.get(token, department) == department and self._phrases.get(token, 0) <= length

"""Weighing: the keywords found in a message become evidence for departments. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field

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

    def add(self, ready: ReadyRule, matches: "_Matches", place_sure: bool) -> None:
        """Take in the words of one rule."""
        tokens, keywords = self.tokens, self.keywords
        factor = _PLACE if ready.places else 1.0
        rule_sure = ready.sure and place_sure
        for keyword, (token, length, _, worth, where, _) in matches:
            if length > tokens.get(token, 0):
                tokens[token] = length
            sure = rule_sure and not where
            value = worth * factor * (_WHERE if where else 1.0)
            known = keywords.get(keyword)
            if known is None or (sure, value) > known[:2]:
                keywords[keyword] = (sure, value, ready)

    def total(self) -> None:
        """Sum up, once everything is taken in."""
        for sure, value, _ in self.keywords.values():
            if sure:
                self.sure += value
                self.score += value
            else:
                self.score += value * _HINT

    def name_rule(self) -> ReadyRule:
        """The rule that decided: the one with the most sure evidence."""
        if len(self.keywords) == 1:
            return next(iter(self.keywords.values()))[2]
        weight: dict[str, float] = defaultdict(float)
        rules: dict[str, ReadyRule] = {}
        for sure, value, ready in self.keywords.values():
            weight[ready.id] += value * sure
            rules[ready.id] = ready
        return rules[max(weight, key=lambda key: (weight[key], key))]


_Matches = list[tuple[int, Found]]
# keyword, where it stands
_Claim = tuple[ReadyRule, _Matches, bool]
# A rule that applies, its words in the message, and whether its place is beyond doubt or not asked for.


def weigh(found: dict[int, list[Found]], keywords: Keywords) -> tuple[dict[str, Evidence], bool]:
    """The evidence for each department, and whether anything in the message is a sensitive matter."""
    claims = _list_claims(found, keywords)
    reading = _Reading(claims)
    evidence: dict[str, Evidence] = {}
    sensitive = False
    for ready, matches, place_sure in claims:
        department = ready.department
        sensitive = sensitive or ready.sensitive
        standing = reading.keep(matches, department)
        if standing:
            own = evidence.get(department)
            if own is None:
                own = evidence[department] = Evidence({}, {})
            own.add(ready, standing, place_sure)
    for each in evidence.values():
        each.total()
    return evidence, sensitive


def _list_claims(found: dict[int, list[Found]], keywords: Keywords) -> list[_Claim]:
    uses = keywords.uses
    rules = {ready.id: ready for keyword in found if keyword in uses for ready in uses[keyword]}
    claims = []
    for ready in rules.values():
        if ready.bare or ready.applies(found):
            own = ready.own
            matches = [(keyword, match) for keyword in found if keyword in own for match in found[keyword]]
            claims.append((ready, matches, not ready.places or _is_place_sure(ready, found)))
    return claims


def _is_place_sure(ready: ReadyRule, found: dict[int, list[Found]]) -> bool:
    return any(match[5] for keyword in ready.places for match in found.get(keyword, ()))


class _Reading:
    """What a stretch of the message really is: the longest keyword, and the one that a place has claimed."""

    __slots__ = ("_claimed", "_phrases", "_places")

    def __init__(self, claims: list[_Claim]) -> None:
        self._claimed = {keyword for _, matches, _ in claims for keyword, _ in matches}
        self._places: dict[int, str] = {}
        self._phrases: dict[int, int] = {}
        for ready, matches, place_sure in claims:
            takes = bool(ready.places) and place_sure and ready.sure
            for _, (first, length, _, _, where, _) in matches:
                if length > 1 or takes:
                    for token in range(first, first + length):
                        if length > 1:
                            self._phrases[token] = max(length, self._phrases.get(token, 0))
                        if takes and not where:
                            self._places[token] = ready.department

    def keep(self, matches: _Matches, department: str) -> _Matches:
        """Those that count. "fritids" does not in "fritidsgård", nor does "buss" in "city bus"."""
        claimed = self._claimed
        kept = [each for each in matches if not each[1][2] or claimed.isdisjoint(each[1][2])]
        if self._places or self._phrases:  # rare
            return [each for each in kept if self._stands(each[1], department)]
        return kept

    def _stands(self, match: Found, department: str) -> bool:
        token, length = match[:2]
        return all(self._is_free(each, length, department) for each in range(token, token + length))

    def _is_free(self, token: int, length: int, department: str) -> bool:
        """No place of another department has claimed the word, and no longer phrase holds it."""
        return self._places.get(token, department) == department and self._phrases.get(token, 0) <= length

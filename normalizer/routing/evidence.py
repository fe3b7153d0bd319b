"""Weighing: the keywords found in a message become evidence for departments. Pure."""

from dataclasses import dataclass, field

from normalizer.routing.keywords import Keywords, ReadyRule
from normalizer.routing.passing import IN_PASSING, SCENE
from normalizer.routing.vocabulary import Found

_PLACE = 2.0
# Place beats subject.
_HINT = 0.5
# Words that no person marked sure.
_WHERE = 0.25
# Words that only say where: "halt utanför biblioteket".

FIRM, PLACE_NAMED = 2, 1


@dataclass(slots=True)
class Evidence:
    """What speaks for one department. Every distinct keyword counts once, at its best."""

    keywords: dict[int, tuple[bool, float, ReadyRule, int]] = field(default_factory=dict)
    # keyword -> sure, value, rule, word of the message
    tokens: dict[int, int] = field(default_factory=dict)
    # where in the message it stands: first word -> how many words
    sure: float = 0.0
    score: float = 0.0
    # sure evidence and hints together
    told: bool = False
    # some of it is said of the matter, not only of where something is
    rank: int = 0
    # of what is sure: FIRM when some of it is no place where people are, PLACE_NAMED when it is such a place and no
    # more, 0 when somebody may only be there

    def add(self, ready: ReadyRule, matches: list[Found], place_sure: bool) -> None:
        """Take in the words of one rule."""
        tokens, keywords = self.tokens, self.keywords
        placed = bool(ready.places)
        rule_sure = ready.sure and place_sure and (ready.at_least == 1 or _are_enough(ready, matches))
        if rule_sure and ready.company:
            # "mamma" speaks for no care home that is only where the bus goes.
            rule_sure = any(match[5] != IN_PASSING for match in matches if match[0] in ready.words)
        for keyword, token, length, _, worth, where, _ in matches:
            if length > tokens.get(token, 0):
                tokens[token] = length
            value = worth * _PLACE if placed else worth
            sure = rule_sure
            if where == IN_PASSING:
                sure, value = False, value * _WHERE
            else:
                self.told = True
                if sure:
                    rank = FIRM if not where or placed else PLACE_NAMED if where == SCENE else 0
                    self.rank = max(self.rank, rank)
            known = keywords.get(keyword)
            if known is None or (sure, value) > known[:2]:
                keywords[keyword] = (sure, value, ready, token)

    def total(self) -> None:
        """Sum up, once everything is taken in. A word that is two keywords ("=skolan", "skolan") counts once."""
        if len(self.keywords) == 1:
            ((sure, value, _, _),) = self.keywords.values()
            self.sure, self.score = (value, value) if sure else (0.0, value * _HINT)
            return
        best: dict[int, tuple[bool, float]] = {}
        for sure, value, _, token in self.keywords.values():
            known = best.get(token)
            if known is None or (sure, value) > known:
                best[token] = (sure, value)
        for sure, value in best.values():
            if sure:
                self.sure += value
                self.score += value
            else:
                self.score += value * _HINT

    def name_rule(self) -> ReadyRule:
        """The rule that decided: that of the strongest sure word."""
        values = iter(self.keywords.values())
        sure, value, ready, _ = next(values)
        for other in values:
            if (other[0], other[1], other[2].id) > (sure, value, ready.id):
                sure, value, ready, _ = other
        return ready


def _are_enough(ready: ReadyRule, matches: list[Found]) -> bool:
    """So many different words of the rule stand in so many places, and not all of them say where something is."""
    own = [match for match in matches if match[0] in ready.words]
    keywords = {match[0] for match in own}
    tokens = {match[1] for match in own}
    return min(len(keywords), len(tokens)) >= ready.at_least and not all(
        match[5] == IN_PASSING for match in own
    )


_Claim = tuple[ReadyRule, list[Found], bool]
# A rule that applies, its words in the message, and whether its place is beyond doubt or not asked for.


def weigh(found: dict[int, list[Found]], keywords: Keywords) -> tuple[dict[str, Evidence], bool]:
    """The evidence for each department, and whether anything in the message is a sensitive matter."""
    claims = _list_claims(found, keywords)
    reading = _Reading(claims) if _overlap(found, claims) else None
    evidence: dict[str, Evidence] = {}
    sensitive = False
    for ready, matches, place_sure in claims:
        department = ready.department
        if ready.sensitive:
            sensitive = True
        standing = reading.keep(matches, department) if reading is not None else matches
        if standing:
            own = evidence.get(department)
            if own is None:
                own = evidence[department] = Evidence({}, {})
            own.add(ready, standing, place_sure)
    for each in evidence.values():
        each.total()
    return evidence, sensitive


def _overlap(found: dict[int, list[Found]], claims: list[_Claim]) -> bool:
    """One keyword may hold another's letters or words, or a place may take them."""
    for matches in found.values():
        for match in matches:
            if match[3] or match[2] > 1:
                return True
    return any(ready.places for ready, _, _ in claims)


def _list_claims(found: dict[int, list[Found]], keywords: Keywords) -> list[_Claim]:
    """The rules that apply, each with its words in the message."""
    owners, rules = keywords.owners, keywords.rules
    claimed: dict[int, list[Found] | None] = {}
    # None: the rule does not apply
    for keyword, places in found.items():
        for number in owners[keyword]:
            if number in claimed:
                known = claimed[number]
                if known is not None:
                    claimed[number] = known + places
            else:
                ready = rules[number]
                claimed[number] = places if ready.bare or ready.applies(found) else None
    claims = []
    for number, matches in claimed.items():
        if matches is not None:
            ready = rules[number]
            claims.append((ready, matches, not ready.places or _is_place_sure(ready, found)))
    return claims


def _is_place_sure(ready: ReadyRule, found: dict[int, list[Found]]) -> bool:
    return any(match[6] for keyword in ready.places for match in found.get(keyword, ()))


class _Reading:
    """What a stretch of the message really is: the longest keyword, and the one that a place has claimed."""

    __slots__ = ("_claimed", "_phrases", "_places")

    def __init__(self, claims: list[_Claim]) -> None:
        self._claimed = {match[0] for _, matches, _ in claims for match in matches}
        self._places: dict[int, str] = {}
        self._phrases: dict[int, int] = {}
        for ready, matches, place_sure in claims:
            takes = place_sure and ready.sure and bool(ready.places)
            for match in matches:
                if takes or match[2] > 1:
                    self._take(match, ready.department if takes and match[5] != IN_PASSING else "")

    def _take(self, match: Found, department: str) -> None:
        first, length = match[1:3]
        for token in range(first, first + length):
            if length > 1:
                self._phrases[token] = max(length, self._phrases.get(token, 0))
            if department:
                self._places[token] = department

    def keep(self, matches: list[Found], department: str) -> list[Found]:
        """Those that count. "fritids" does not in "fritidsgård", nor does "buss" in "city bus"."""
        claimed = self._claimed
        kept = [match for match in matches if not match[3] or claimed.isdisjoint(match[3])]
        if self._places or self._phrases:  # rare
            return [match for match in kept if self._stands(match, department)]
        return kept

    def _stands(self, match: Found, department: str) -> bool:
        _, token, length = match[:3]
        return all(self._is_free(each, length, department) for each in range(token, token + length))

    def _is_free(self, token: int, length: int, department: str) -> bool:
        """No place of another department has claimed the word, and no longer phrase holds it."""
        return self._places.get(token, department) == department and self._phrases.get(token, 0) <= length

"""Weighing: the keywords found in a message become evidence for departments. Pure."""

from dataclasses import dataclass, field

from normalizer.routing.keywords import Found, Keywords, ReadyRule

_PLACE = 2.0
# Place beats subject.
_HINT = 0.5
# Words that no person marked sure.
_WHERE = 0.25
# Words that only say where: "halt utanför biblioteket".


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

    def add(self, ready: ReadyRule, matches: "_Matches", place_sure: bool) -> None:
        """Take in the words of one rule."""
        tokens, keywords = self.tokens, self.keywords
        factor = _PLACE if ready.places else 1.0
        rule_sure = ready.sure and place_sure and (ready.at_least == 1 or _are_enough(ready, matches))
        for keyword, (token, length, _, worth, where, _) in matches:
            if length > tokens.get(token, 0):
                tokens[token] = length
            if where:
                sure, value = False, worth * factor * _WHERE
            else:
                sure, value, self.told = rule_sure, worth * factor, True
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


def _are_enough(ready: ReadyRule, matches: "_Matches") -> bool:
    """So many different words of the rule stand in so many places, and not all of them say where something is."""
    own = [match for keyword, match in matches if keyword in ready.words]
    keywords = {keyword for keyword, _ in matches if keyword in ready.words}
    tokens = {match[0] for match in own}
    return min(len(keywords), len(tokens)) >= ready.at_least and not all(match[4] for match in own)


_Matches = list[tuple[int, Found]]
# keyword, where it stands
_Claim = tuple[ReadyRule, _Matches, bool]
# A rule that applies, its words in the message, and whether its place is beyond doubt or not asked for.


def weigh(found: dict[int, list[Found]], keywords: Keywords) -> tuple[dict[str, Evidence], bool]:
    """The evidence for each department, and whether anything in the message is a sensitive matter."""
    claims = _list_claims(found, keywords)
    reading = _Reading(claims) if _overlap(found, claims) else None
    evidence: dict[str, Evidence] = {}
    sensitive = False
    for ready, matches, place_sure in claims:
        department = ready.department
        sensitive = sensitive or ready.sensitive
        standing = reading.keep(matches, department) if reading else matches
        if standing:
            own = evidence.get(department)
            if own is None:
                own = evidence[department] = Evidence({}, {})
            own.add(ready, standing, place_sure)
    for each in evidence.values():
        each.total()
    return evidence, sensitive


def _overlap(found: dict[int, list[Found]], claims: list[_Claim]) -> bool:
    """One keyword may hold another's letters or words, or a place may take them: most messages have neither."""
    for matches in found.values():
        for match in matches:
            if match[2] or match[1] > 1:
                return True
    return any(ready.places for ready, _, _ in claims)


def _list_claims(found: dict[int, list[Found]], keywords: Keywords) -> list[_Claim]:
    """The rules that apply, each with its words in the message."""
    owners = keywords.owners
    claimed: dict[int, _Matches] = {}
    for keyword, places in found.items():
        for number in owners.get(keyword, ()):
            matches = claimed.get(number)
            if matches is None:
                matches = claimed[number] = []
            for match in places:
                matches.append((keyword, match))
    claims = []
    for number, matches in claimed.items():
        ready = keywords.rules[number]
        if ready.words.isdisjoint(found) or not (ready.bare or ready.applies(found)):
            continue
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

"""The keywords of a city's rules, made ready to be found in a message. Built once, then only read."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from normalizer.organisation import ANY_LANGUAGE, Organisation, Rule
from normalizer.words import WHERE_AFTER, WHERE_BEFORE, Hit, Lexicon, split_words

# Evidence is counted in letters: longer words, and more of them, are more specific.
_FLOOR, _CEILING, _PHRASE_CEILING = 5.0, 12.0, 24.0
_ROAD_NUMBER = 4
# Swedish road numbers have one to four digits.
_BEFORE_ROAD = frozenset(
    [
        "på",
        "pa",
        "i",
        "vid",
        "längs",
        "langs",
        "utmed",
        "efter",
        "till",
        "från",
        "fran",
        "av",
        "över",
        "over",
        "under",
        "mot",
        "om",
        "och",
        "för",
        "for",
        "den",
        "en",
        "statliga",
        "on",
        "at",
        "along",
        "of",
        "to",
        "from",
        "by",
        "the",
        "and",
    ]
)
# After these "väg 66" is a road. After another word it may end a street's name: "Hammarby väg 66".


class Found(NamedTuple):
    """A keyword in a message."""

    keyword: int
    token: int
    length: int
    # how many words it spans
    start: int
    end: int
    # its letters within the word, when it is one word
    quality: float
    # 1.0 for the word itself, less for a part of a compound
    where: bool
    # it only says where something is
    sure: bool
    # False for a numbered road that may be a street with a house number


class ReadyRule(NamedTuple):
    """A rule with its keywords as numbers."""

    rule: Rule
    words: frozenset[int]
    also: frozenset[int]
    unless: frozenset[int]
    places: frozenset[int]
    sensitive: bool

    def applies(self, present: Mapping[int, object]) -> bool:
        """The conditions beside the words hold. A rule that asks for company never applies without it."""
        return (
            self.unless.isdisjoint(present)
            and not (self.rule.also and self.also.isdisjoint(present))
            and not (self.places and self.places.isdisjoint(present))
        )


class Keywords:
    """Every keyword of one choice of languages, and the rules that use it."""

    def __init__(self, organisation: Organisation, languages: tuple[str, ...]) -> None:
        self._lexicon = Lexicon()
        self._languages = (*languages, ANY_LANGUAGE)
        self._numbers: dict[tuple[int, ...], int] = {}
        self._singles: dict[int, int] = {}
        self._phrases: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        # first atom -> the atoms that follow, keyword
        self._roads: dict[int, int] = {}
        self.weights: list[float] = []
        self.rules = tuple(self._prepare(rule, organisation) for rule in organisation.rules)
        uses: dict[int, list[ReadyRule]] = {}
        for ready in self.rules:
            for keyword in ready.words:
                uses.setdefault(keyword, []).append(ready)
        self.uses = {keyword: tuple(rules) for keyword, rules in uses.items()}

    def _prepare(self, rule: Rule, organisation: Organisation) -> ReadyRule:
        places = {self._take(place, ANY_LANGUAGE) for place in rule.places}
        places.update(self._take_road(word) for word in rule.numbered)
        return ReadyRule(
            rule,
            self._take_all(rule.words),
            self._take_all(rule.also),
            self._take_all(rule.unless),
            frozenset(places),
            rule.sensitive or organisation.departments[rule.department].sensitive,
        )

    def _take_all(self, words: Mapping[str, Iterable[str]]) -> frozenset[int]:
        return frozenset(
            self._take(phrase, language) for language in self._languages for phrase in words.get(language, ())
        )

    def _take(self, phrase: str, language: str) -> int:
        mark = "=" if phrase.startswith("=") else ""
        parts = split_words(phrase)
        atoms = tuple(self._lexicon.add(mark + part, language) for part in parts)
        if atoms not in self._numbers:
            keyword = self._numbers[atoms] = len(self.weights)
            ceiling = _CEILING if len(parts) == 1 else _PHRASE_CEILING
            self.weights.append(min(max(sum(map(len, parts)), _FLOOR), ceiling))
            if len(atoms) == 1:
                self._singles[atoms[0]] = keyword
            else:
                self._phrases.setdefault(atoms[0], []).append((atoms[1:], keyword))
        return self._numbers[atoms]

    def _take_road(self, word: str) -> int:
        atom = self._lexicon.add_numbered(word)
        if atom not in self._roads:
            self._roads[atom] = len(self.weights)
            self.weights.append(_FLOOR)
        return self._roads[atom]

    def find(self, words: list[str], place_from: int) -> list[Found]:
        """Every keyword in the words; from `place_from` on they are a place, not a matter."""
        hits = list(map(self._lexicon.look, words))
        singles, phrases, roads = self._singles, self._phrases, self._roads
        nouns: set[int] = set()
        # where a keyword stands so far
        found: list[Found] = []
        for token, met in enumerate(hits):
            if not met:
                continue
            where = token >= place_from or _says_where(words, nouns, token)
            for atom, start, end, quality in met:
                keyword = singles.get(atom)
                if keyword is not None:
                    nouns.add(token)
                    found.append(Found(keyword, token, 1, start, end, quality, where, True))
                if quality == 1.0 and atom in phrases:
                    found.extend(self._find_phrases(hits, token, atom, where))
                if atom in roads:
                    found.extend(_find_road(words, hits, token, roads[atom]))
        return found

    def _find_phrases(
        self, hits: list[tuple[Hit, ...]], token: int, atom: int, where: bool
    ) -> Iterable[Found]:
        for rest, keyword in self._phrases[atom]:
            following = hits[token + 1 : token + 1 + len(rest)]
            if len(following) == len(rest) and all(
                any(hit.atom == wanted and hit.quality == 1.0 for hit in met)
                for wanted, met in zip(rest, following, strict=True)
            ):
                yield Found(keyword, token, len(rest) + 1, 0, 0, 1.0, where, True)


def _says_where(words: list[str], nouns: set[int], token: int) -> bool:
    """Only the first noun after "utanför" is the place, and it comes within three words."""
    if token + 1 < len(words) and words[token + 1] in WHERE_AFTER:
        return True
    for back in range(token - 1, max(token - 4, -1), -1):
        if words[back] in WHERE_BEFORE:
            return True
        if back in nouns:
            return False
    return False


def _find_road(words: list[str], hits: list[tuple[Hit, ...]], token: int, keyword: int) -> Iterable[Found]:
    word = words[token]
    if word[-1].isdigit():  # E18
        if sum(map(str.isdigit, word)) <= _ROAD_NUMBER:
            yield Found(keyword, token, 1, 0, 0, 1.0, False, True)
        return
    number = words[token + 1] if token + 1 < len(words) else ""
    if not number.isdecimal() or len(number) > _ROAD_NUMBER:
        return
    before = words[token - 1] if token else ""
    if before[:1].isupper() and token > 1 and before.lower() not in _BEFORE_ROAD:
        return  # a name: Hammarby väg 66
    known = not before or before.lower() in _BEFORE_ROAD or bool(hits[token - 1])
    yield Found(keyword, token, 2, 0, 0, 1.0, False, known)

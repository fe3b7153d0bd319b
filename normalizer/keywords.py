"""The keywords of a city's rules, made ready to be found in a message. Built once, then only read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from normalizer.organisation import ANY_LANGUAGE, Organisation, Rule
from normalizer.roads import measure_road
from normalizer.words import (
    AND,
    BETWEEN,
    LONGEST_WORD,
    SHORTEST_PART,
    TOWARDS,
    WAYS,
    WHERE_AFTER,
    WHERE_BEFORE,
    Hit,
    Lexicon,
    fold,
    split_words,
)

# Evidence is counted in letters: longer words, and more of them, are more specific.
_FLOOR, _CEILING, _PHRASE_CEILING = 5.0, 12.0, 24.0
_REMEMBERED = 5_000


Found = tuple[int, int, tuple[int, ...], float, bool, bool]
"""A keyword in a message; a bare tuple, for it is made and read for every match of every message.

token, length: its first word, and how many words it spans
inside: the longer keywords that hold it within its word: "fritids" is in "fritidsgård"
worth: its letters, less for a part of a compound
where: it only says where something is
sure: False for a numbered road that may be a street with a house number
"""


class _Met(NamedTuple):
    """What a word says. Most words of a message say nothing and have none."""

    before: bool
    # the next noun is a place: "utanför"
    towards: bool
    # it is where somebody goes, after "på väg": "till"
    opens: frozenset[str]
    # when it may be the first part of a keyword that somebody wrote as two words: how the second may begin
    hits: tuple[Hit, ...]
    singles: tuple[tuple[int, tuple[int, ...], float], ...]
    # keyword, inside, worth
    whole: frozenset[int]
    # the atoms that are this very word
    phrases: tuple[tuple[tuple[int, ...], int], ...]
    # the phrases that begin with it: the atoms that follow, keyword
    roads: tuple[int, ...]
    # the numbered roads that may begin with it


class _Memory(dict[str, _Met | None]):
    """What the words so far say.

    People's vocabulary is small (Zipf): most words of a message are answered from memory. What is kept is
    single words, never a message, and a bounded number of them. A plain dict that starts anew when it is
    full takes half the time of `lru_cache`.
    """

    def __init__(self, read: Callable[[str], _Met | None]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, word: str) -> _Met | None:
        met = self._read(word)
        if len(word) <= LONGEST_WORD:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = met
        return met


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with its keywords as numbers."""

    id: str
    department: str
    words: frozenset[int]
    also: frozenset[int]
    own: frozenset[int]
    # words and also
    unless: frozenset[int]
    places: frozenset[int]
    company: bool
    # it asks for one of `also`, even when there is none in these languages
    bare: bool
    # no condition beside the words
    sure: bool
    at_least: int
    sensitive: bool

    def applies(self, present: Mapping[int, object]) -> bool:
        """The conditions beside the words hold. A rule that asks for company never applies without it."""
        return self.bare or (
            self.unless.isdisjoint(present)
            and not (self.company and self.also.isdisjoint(present))
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
        by_id = {rule.id: rule for rule in organisation.rules}
        self.rules = tuple(self._prepare(rule, by_id, organisation) for rule in organisation.rules)
        uses: dict[int, list[ReadyRule]] = {}
        for ready in self.rules:
            for keyword in ready.words:
                uses.setdefault(keyword, []).append(ready)
        self.uses = {keyword: tuple(rules) for keyword, rules in uses.items()}
        self._met = _Memory(self._read_word)

    def _prepare(self, rule: Rule, by_id: Mapping[str, Rule], organisation: Organisation) -> ReadyRule:
        places = {self._take(place, ANY_LANGUAGE) for place in rule.places}
        places.update(self._take_road(word) for word in rule.numbered)
        words, also, unless = map(self._take_all, (rule.words, rule.also, rule.unless))
        for subject in rule.subjects:
            if subject in by_id:
                words |= self._take_all(by_id[subject].words)
        return ReadyRule(
            id=rule.id,
            department=rule.department,
            words=words,
            also=also,
            own=words | also,
            unless=unless,
            places=frozenset(places),
            company=bool(rule.also),
            bare=not (rule.also or unless or places),
            sure=rule.sure,
            at_least=rule.at_least,
            sensitive=rule.sensitive or organisation.departments[rule.department].sensitive,
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

    def _read_word(self, word: str) -> _Met | None:
        hits, before, towards = self._lexicon.look(word), word in WHERE_BEFORE, word in TOWARDS
        opens = frozenset(self._lexicon.openers.get(fold(word), ()))
        if not (hits or before or towards or opens):
            return None
        singles, weights = self._singles, self.weights
        return _Met(
            before,
            towards,
            opens,
            hits,
            tuple(
                (
                    singles[hit.atom],
                    self._surround(hits, hit.start, hit.end),
                    weights[singles[hit.atom]] * hit.quality,
                )
                for hit in hits
                if hit.atom in singles
            ),
            frozenset(hit.atom for hit in hits if hit.quality == 1.0),
            tuple(each for hit in hits if hit.quality == 1.0 for each in self._phrases.get(hit.atom, ())),
            tuple(self._roads[hit.atom] for hit in hits if hit.atom in self._roads),
        )

    def _surround(self, hits: tuple[Hit, ...], first: int, last: int) -> tuple[int, ...]:
        """The keywords of a word that hold these letters and more."""
        return tuple(
            self._singles[atom]
            for atom, start, end, _ in hits
            if atom in self._singles and start <= first and last <= end and end - start > last - first
        )

    def find(self, words: list[str], place_from: int) -> dict[int, list[Found]]:
        """Every keyword in the words, in their order; from `place_from` on they are a place, not a matter."""
        line = list(map(self._met.__getitem__, words))
        found: dict[int, list[Found]] = {}
        last = len(words) - 1
        # Only the first noun after "utanför" is the place, and it comes within three words.
        place_word, noun, between = -4, -1, False
        for token, met in enumerate(line):
            if met is None:
                continue
            before, towards, opens, hits, singles, _, phrases, roads = met
            if opens and token < last:
                self._find_split(words, token, opens, place_from, found)
            if hits:
                where = (
                    (noun <= place_word and token - place_word < 4)
                    or token >= place_from
                    or (token < last and words[token + 1] in WHERE_AFTER)
                    or (between and noun > place_word and words[token - 1] in AND)
                )
                for keyword, inside, worth in singles:
                    found.setdefault(keyword, []).append((token, 1, inside, worth, where, True))
                if phrases or roads:
                    self._find_longer(words, line, token, where, found)
                if singles:
                    noun = token
            if before or (towards and token and words[token - 1] in WAYS):
                place_word, between = token, words[token] in BETWEEN
        return found

    def _find_longer(
        self,
        words: list[str],
        line: list[_Met | None],
        token: int,
        where: bool,
        found: dict[int, list[Found]],
    ) -> None:
        """Take in the phrases and the numbered roads that begin with a word."""
        met = line[token]
        if met is None:
            return
        if met.phrases and token + 1 < len(line) and line[token + 1] is not None:
            for rest, phrase in met.phrases:
                if _follow(rest, line[token + 1 : token + 1 + len(rest)]):
                    match = (token, len(rest) + 1, (), self.weights[phrase], where, True)
                    found.setdefault(phrase, []).append(match)
        for road in met.roads:
            before = line[token - 1] if token else None
            length, sure = measure_road(words, token, said=before is not None and bool(before.hits))
            if length:
                # "E18" may begin with a keyword as well, which then holds it.
                inside = self._surround(met.hits, 0, 0) if length == 1 else ()
                found.setdefault(road, []).append((token, length, inside, self.weights[road], False, sure))

    def _find_split(
        self,
        words: list[str],
        token: int,
        opens: frozenset[str],
        place_from: int,
        found: dict[int, list[Found]],
    ) -> None:
        """Take in the keyword that a word and the next are together: "lek plats". Only whole words count."""
        first, second = words[token], words[token + 1]
        if fold(second[:SHORTEST_PART]) not in opens:
            return
        met = self._met[first + second]
        for hit in met.hits if met is not None else ():
            if hit.quality == 1.0 and hit.end > len(first) and hit.atom in self._singles:
                keyword = self._singles[hit.atom]
                match = (token, 2, (), self.weights[keyword], token >= place_from, True)
                found.setdefault(keyword, []).append(match)


def _follow(rest: tuple[int, ...], line: list[_Met | None]) -> bool:
    """The other words of a phrase stand there, whole."""
    return len(line) == len(rest) and all(
        met is not None and wanted in met.whole for wanted, met in zip(rest, line, strict=True)
    )

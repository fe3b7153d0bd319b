"""The keywords of a city's rules, made ready to be found in a message. Built once, then only read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from normalizer.organisation import ANY_LANGUAGE, Organisation, Rule
from normalizer.routing.passing import (
    CALLINGS,
    IN_PASSING,
    LOCATIVE,
    SCENE,
    THERE,
    WHERE_AFTER,
    Scenery,
    read_turn,
)
from normalizer.routing.roads import measure_road
from normalizer.routing.vocabulary import Found, Memory, Met, Noun, Phrases
from normalizer.routing.words import SHORTEST_PART, Hit, Lexicon, fold, split_words

# Evidence is counted in letters: longer words, and more of them, are more specific.
_FLOOR, _CEILING, _PHRASE_CEILING = 5.0, 12.0, 24.0
_LONGEST_ENDING = 5
_SMALL_WORDS = frozenset(
    ("det", "kan", "med", "min", "hur", "att", "vill", "som", "the", "who", "all", "like")
)
# They begin many a keyword ("detaljplan"), and stand in every message: nobody splits those.


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
    # it asks for one of `also`, and never applies when there is none in these languages
    bare: bool
    # no condition beside the words
    sure: bool
    at_least: int
    sensitive: bool

    def applies(self, present: Mapping[int, object]) -> bool:
        """One of its words is there, and the conditions beside them hold."""
        return self.bare or not (
            self.words.isdisjoint(present)
            or (self.company and self.also.isdisjoint(present))
            or (self.unless and not self.unless.isdisjoint(present))
            or (self.places and self.places.isdisjoint(present))
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
        self._common = Lexicon()
        self._scenes = self._take_common(organisation.scenes)
        self._matters = self._take_common(organisation.matters)
        self._roads: dict[int, int] = {}
        self.weights: list[float] = []
        by_id = {rule.id: rule for rule in organisation.rules}
        self.rules = tuple(self._prepare(rule, by_id, organisation) for rule in organisation.rules)
        owners: dict[int, list[int]] = {}
        for number, ready in enumerate(self.rules):
            for keyword in ready.own:
                owners.setdefault(keyword, []).append(number)
        # keyword -> the rules that count it, by their place in `rules`
        self.owners = [tuple(owners.get(keyword, ())) for keyword in range(len(self.weights))]
        self._met = Memory(self._read_word)

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

    def _take_common(self, words: Mapping[str, Iterable[str]]) -> frozenset[int]:
        return frozenset(
            self._common.add(word, language)
            for language in self._languages
            for word in words.get(language, ())
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

    def _read_word(self, word: str) -> Met | None:
        hits, turns = self._lexicon.look(word), read_turn(word)
        plain = fold(word)
        opens = frozenset(() if plain in _SMALL_WORDS else self._lexicon.openers.get(plain, ()))
        common = [hit for hit in self._common.look(word) if len(word) - hit.end <= _LONGEST_ENDING]
        matter = any(hit.atom in self._matters for hit in common)
        if not (hits or turns or opens or matter):
            return None
        whole = frozenset(hit.atom for hit in hits if hit.quality == 1.0)
        scene = SCENE if any(hit.atom in self._scenes for hit in common) else 0
        if scene and "fi" in self._languages and plain.endswith(LOCATIVE):
            scene = THERE
        noun = self._read_noun(hits, whole, word in CALLINGS, scene)
        acts = bool(turns or opens or noun)
        return Met(acts, opens, noun, turns, whole, hits, matter)

    def _read_noun(
        self, hits: tuple[Hit, ...], whole: frozenset[int], calling: bool, scene: int
    ) -> Noun | None:
        singles = tuple(
            (
                self._singles[hit.atom],
                self._surround(hits, hit.start, hit.end),
                self.weights[self._singles[hit.atom]] * hit.quality,
            )
            for hit in hits
            if hit.atom in self._singles
        )
        phrases: dict[int, tuple[tuple[tuple[int, ...], int], ...]] = {}
        for atom in sorted(whole):
            for (second, *others), keyword in self._phrases.get(atom, ()):
                phrases[second] = (*phrases.get(second, ()), (tuple(others), keyword))
        roads = tuple(self._roads[hit.atom] for hit in hits if hit.atom in self._roads)
        if not (singles or phrases or roads):
            return None
        return Noun(singles, frozenset(phrases), phrases, roads, calling, scene)

    def is_scene(self, word: str) -> bool:
        """It is a place where people are, or somebody of it."""
        met = self._met[word]
        return met is not None and met.noun is not None and met.noun.scene > 0

    def tell_matter(self, words: list[str]) -> bool:
        """One of the words says what somebody wants of a place where people are."""
        return any(met is not None and met.matter for met in map(self._met.__getitem__, words))

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
        scenery = Scenery(words, place_from)
        for token, met in enumerate(line):
            if met is None or not met[0]:
                continue
            _, opens, noun, turns, _, _, _ = met
            if opens and token < last and fold(words[token + 1][:SHORTEST_PART]) in opens:
                self._find_split(words, token, place_from, found)
            if noun is not None:
                singles, seconds, phrases, roads, calling, scene = noun
                plain = not singles or (
                    token >= scenery.until
                    and token < place_from
                    and not (calling or scene)
                    and (token == last or words[token + 1] not in WHERE_AFTER)
                )
                where = 0 if plain else scenery.place(token, calling, scene)
                for keyword, inside, worth in singles:
                    match = (keyword, token, 1, inside, worth, where, True)
                    if keyword in found:
                        found[keyword].append(match)
                    else:
                        found[keyword] = [match]
                second = line[token + 1] if seconds and token < last else None
                if second is not None and not seconds.isdisjoint(second[4]):
                    where = where if singles else scenery.place(token, calling, scene)
                    self._find_phrases(line, token, phrases, where, found)
                if roads:
                    self._find_roads(words, line, token, found)
                scenery.noun = token if singles else scenery.noun
            if turns is not None:
                scenery.turn(token, turns)
        return found

    def _find_phrases(
        self,
        line: list[Met | None],
        token: int,
        phrases: Phrases,
        where: int,
        found: dict[int, list[Found]],
    ) -> None:
        """Take in the phrases that begin with a word. Every word of a phrase stands there whole."""
        second = line[token + 1]
        for atom in second.whole if second is not None else ():
            for others, phrase in phrases.get(atom, ()):
                if not others or _follow(others, line[token + 2 : token + 2 + len(others)]):
                    match = (phrase, token, len(others) + 2, (), self.weights[phrase], where, True)
                    found.setdefault(phrase, []).append(match)

    def _find_roads(
        self, words: list[str], line: list[Met | None], token: int, found: dict[int, list[Found]]
    ) -> None:
        """Take in the numbered roads that begin with a word."""
        met = line[token]
        assert met is not None
        assert met.noun is not None
        for road in met.noun.roads:
            before = line[token - 1] if token else None
            length, sure = measure_road(words, token, said=before is not None and bool(before.hits))
            if length:
                # "E18" may begin with a keyword as well, which then holds it.
                inside = self._surround(met.hits, 0, 0) if length == 1 else ()
                found.setdefault(road, []).append((road, token, length, inside, self.weights[road], 0, sure))

    def _find_split(
        self, words: list[str], token: int, place_from: int, found: dict[int, list[Found]]
    ) -> None:
        """Take in the keyword that a word and the next are together: "lek plats". Only whole words count."""
        first = words[token]
        met = self._met[first + words[token + 1]]
        for hit in met.hits if met is not None else ():
            if hit.quality == 1.0 and hit.end > len(first) and hit.atom in self._singles:
                keyword = self._singles[hit.atom]
                where = IN_PASSING if token >= place_from else 0
                found.setdefault(keyword, []).append(
                    (keyword, token, 2, (), self.weights[keyword], where, True)
                )


def _follow(rest: tuple[int, ...], line: list[Met | None]) -> bool:
    """The further words of a phrase stand there, whole."""
    return len(line) == len(rest) and all(
        met is not None and wanted in met.whole for wanted, met in zip(rest, line, strict=True)
    )

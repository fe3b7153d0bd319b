"""A message is searched for all wordings in one pass: what most words say, nothing, is remembered. Pure."""

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from normalizer.spellings import JOINED, Spellings
from normalizer.wordings import PAUSE, STOP, ClassWords, LanguageWords, parse_wording
from normalizer.words import LONGEST_WORD, fold

_GAP = 4
_APART = 10
_FILLERS = 2
_NEGATED_BEFORE, _NEGATED_AFTER = 2, 2
_SHOWN = 8
# Matches kept of one class.
_REMEMBERED = 5_000
_SHORT = 3
_MANY, _REPEATED = 2_000, 300
# In a text with so many words to try, each is tried so often.
_FIGURES, _THEMES, _UNLESS, _ALWAYS, _PLAIN = range(5)


@dataclass(frozen=True, slots=True)
class _Step:
    """One word of a wording: any of these atoms, and whether others may stand before it."""

    atoms: frozenset[int]
    gap: bool
    weight: float
    # how much is known once it stands there


_Steps = tuple[_Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Wording:
    kind: int
    name: str
    # the class
    sides: tuple[_Steps, ...]
    # one, or several that stand together; the first holds the anchor
    anchor: int
    # the step of the first side by which the wording is found
    others: tuple[frozenset[int], ...]
    # the other steps: each must stand somewhere in the message


@dataclass(slots=True, eq=False)
class _Met:
    """What a word says. Most words say nothing and have none."""

    atoms: frozenset[int]
    wordings: tuple[_Wording, ...]
    filler: bool = False
    denies: bool = False
    denies_before: bool = False
    ends: bool = False
    pauses: bool = False
    opens: bool = False
    # it begins a word that may stand written apart
    awake: bool = False
    # there is something to try


_Line = list[_Met | None]


@dataclass(frozen=True, slots=True)
class _Match:
    wording: _Wording
    places: tuple[int, ...]
    # of its words, rising


class _Memory(dict[str, _Met | None]):
    """What the words so far say: single words, never a message, and a bounded number of them."""

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


class Wordings:
    """The wordings of some classes in one language, ready to be found. Built once, then only read."""

    def __init__(self, words: LanguageWords, classes: Iterable[str]) -> None:
        self._spellings = Spellings()
        self._tried: dict[int, list[_Wording]] = {}
        self._flags: dict[str, set[int]] = {"fillers": set(), "negations": set(), "negations_after": set()}
        self._take_all(words, tuple(classes))
        self._memory = _Memory(self._read_word)
        self._joined = _Memory(self._read_word)

    def _take_all(self, words: LanguageWords, classes: tuple[str, ...]) -> None:
        for flag, numbers in self._flags.items():
            numbers.update(self._spellings.add(word) for word in getattr(words, flag))
        self._frequent = set(words.common)
        common = {*words.common, *words.fillers, *words.negations, *words.negations_after}
        groups: list[tuple[int, str, tuple[str, ...]]] = [
            (_FIGURES, "", words.figures),
            (_THEMES, "", words.themes),
        ]
        for name in classes:
            own = words.classes.get(name, ClassWords())
            groups += [(_UNLESS, name, own.unless), (_ALWAYS, name, own.always), (_PLAIN, name, own.words)]
        for kind, name, lines in groups:
            for line in lines:
                self._take(line, kind, name, words.lists, common)

    def _take(
        self, line: str, kind: int, name: str, lists: Mapping[str, tuple[str, ...]], common: set[str]
    ) -> None:
        sides = [
            tuple(
                _Step(
                    frozenset(self._spellings.add(each) for each in words),
                    gap,
                    _weigh(words, common),
                )
                for words, gap in side
            )
            for side in parse_wording(line, lists)
        ]
        # It is found by the word that is least common, and that is a long one.
        sides.sort(key=lambda steps: max(step.weight for step in steps), reverse=True)
        anchor = max(range(len(sides[0])), key=lambda at: sides[0][at].weight)
        others = [step for steps in sides for step in steps if step is not sides[0][anchor]]
        others.sort(key=lambda step: step.weight, reverse=True)
        wording = _Wording(kind, name, tuple(sides), anchor, tuple(step.atoms for step in others))
        for number in sides[0][anchor].atoms:
            self._tried.setdefault(number, []).append(wording)

    def _read_word(self, word: str) -> _Met | None:
        if word in {STOP, PAUSE}:
            return _Met(frozenset(), (), ends=word == STOP, pauses=True)
        numbers = self._spellings.look(word)
        flags = self._flags
        # Short words begin too much, unless they are a word of ours: "gas lukt".
        opens = (
            (len(word) > _SHORT or (len(word) == _SHORT and not numbers <= flags["fillers"]))
            and len(word) <= LONGEST_WORD
            and word.lower() not in self._frequent
            and fold(word) in self._spellings.beginnings
        )
        if not numbers and not opens:
            return None
        tried = {id(each): each for number in sorted(numbers) for each in self._tried.get(number, ())}
        return _Met(
            numbers,
            tuple(tried.values()),
            filler=not numbers.isdisjoint(flags["fillers"]),
            denies=not numbers.isdisjoint(flags["negations"]),
            denies_before=not numbers.isdisjoint(flags["negations_after"]),
            opens=opens,
            awake=opens or bool(tried),
        )

    def find(self, words: list[str]) -> dict[str, tuple[str, ...]]:
        """The classes that the words speak of, each with the words that say so."""
        memory = self._memory
        line = [memory[word] for word in words]
        awake = [at for at, met in enumerate(line) if met is not None and met.awake]
        if not awake:
            return {}
        if len(awake) > _MANY:
            awake = _thin(words, awake)
        for at in awake:
            met = line[at]
            if met is not None and met.opens and at + 1 < len(words):
                self._join(words, line, at)
        matches = list(_match_all(line, awake))
        if not any(match.wording.kind >= _ALWAYS for match in matches):
            return {}
        return _settle(words, line, matches)

    def _join(self, words: list[str], line: _Line, at: int) -> None:
        """A word written apart counts as one: "själv mord"."""
        nearby = words[at + 1]
        if nearby in {STOP, PAUSE} or len(words[at]) + len(nearby) < JOINED:
            return
        whole, first, second = self._joined[words[at] + nearby], line[at], line[at + 1]
        if whole is None or not whole.atoms or first is None:
            return
        line[at] = _Met(
            first.atoms | whole.atoms,
            (*first.wordings, *whole.wordings),
            first.filler,
            first.denies,
            first.denies_before,
            awake=True,
        )
        if second is None:
            line[at + 1] = _Met(frozenset(), (), filler=True)


def _weigh(words: tuple[str, ...], common: set[str]) -> float:
    # Frequent words are short (Zipf), and several are met more often than one.
    often = sum(1.0 if word in common else 2.0 ** -len(word.strip("*")) for word in words)
    return -often


def _thin(words: list[str], awake: list[int]) -> list[int]:
    """No word is tried without end: a text that repeats itself costs no more than its length."""
    counts: dict[str, int] = {}
    kept = []
    for at in awake:
        counts[words[at]] = count = counts.get(words[at], 0) + 1
        if count <= _REPEATED:
            kept.append(at)
    return kept


def _match_all(line: _Line, awake: list[int]) -> Iterator[_Match]:
    present = frozenset[int]().union(*[met.atoms for met in line if met is not None])
    for at in awake:
        met = line[at]
        for wording in met.wordings if met is not None else ():
            for atoms in wording.others:
                if atoms.isdisjoint(present):
                    break
            else:
                places = _match(wording, line, at)
                if places:
                    yield _Match(wording, places)


def _match(wording: _Wording, line: _Line, at: int) -> tuple[int, ...]:
    """Where the words of a wording stand around its anchor; () when they do not."""
    first, *others = wording.sides
    places = _follow(first, line, at, wording.anchor)
    if not places or not others:
        return tuple(places)
    found = list(places)
    for side in others:
        beside = _search(side, line, places[0], places[-1])
        if not beside:
            return ()
        found += beside
    return tuple(sorted(found))


def _follow(steps: _Steps, line: _Line, at: int, anchor: int) -> list[int]:
    places = [at]
    for step in range(anchor, 0, -1):
        found = _seek(line, places[0], -1, steps[step - 1].atoms, steps[step].gap)
        if found < 0:
            return []
        places.insert(0, found)
    for step in range(anchor + 1, len(steps)):
        found = _seek(line, places[-1], 1, steps[step].atoms, steps[step].gap)
        if found < 0:
            return []
        places.append(found)
    return places


def _seek(line: _Line, start: int, way: int, atoms: frozenset[int], gap: bool) -> int:
    """The next place of a word, over fillers and commas, or over any few words where there is a gap; -1: none."""
    reach = _GAP if gap else _FILLERS
    at = start + way
    while 0 <= at < len(line):
        met = line[at]
        if met is None:
            if not gap:
                return -1
        elif met.ends:
            return -1
        elif not atoms.isdisjoint(met.atoms):
            return at
        elif not gap and not met.filler:
            return -1
        reach -= 1
        if reach < 0:
            return -1
        at += way
    return -1


def _search(side: _Steps, line: _Line, low: int, high: int) -> list[int]:
    """A side near places that are known, in the same sentence."""
    for start, way in ((high, 1), (low, -1)):
        at = start + way
        for _ in range(_APART):
            if not 0 <= at < len(line):
                break
            met = line[at]
            if met is not None:
                if met.ends:
                    break
                if not side[0].atoms.isdisjoint(met.atoms):
                    places = _follow(side, line, at, 0)
                    if places:
                        return places
            at += way
    return []


def _settle(words: list[str], line: _Line, matches: list[_Match]) -> dict[str, tuple[str, ...]]:
    """What is left when figures of speech, denials and contexts are taken away."""
    ends = [at for at, word in enumerate(words) if word == STOP]
    covered: set[int] = set()
    about: set[tuple[str, int]] = set()
    # class ("" for all) and sentence where its words say nothing
    for match in matches:
        kind, name, sentence = match.wording.kind, match.wording.name, bisect(ends, match.places[0])
        if kind == _FIGURES:
            covered.update(match.places)
        elif kind == _UNLESS:
            about.add((name, sentence))
        elif kind == _THEMES:
            about.update((("", sentence), ("", sentence + 1)))
    found: dict[str, dict[str, None]] = {}
    for match in matches:
        kind, name, sentence = match.wording.kind, match.wording.name, bisect(ends, match.places[0])
        if kind < _ALWAYS or not covered.isdisjoint(match.places):
            continue
        if kind == _PLAIN and (
            ("", sentence) in about or (name, sentence) in about or _is_denied(line, match.places, covered)
        ):
            continue
        shown = found.setdefault(name, {})
        if len(shown) < _SHOWN:
            shown[" ".join(words[at] for at in match.places)] = None
    return {name: tuple(shown) for name, shown in found.items()}


def _is_denied(line: _Line, places: tuple[int, ...], covered: set[int]) -> bool:
    return _meets(line, places[0] - 1, -1, _NEGATED_BEFORE, covered) or _meets(
        line, places[-1] + 1, 1, _NEGATED_AFTER, covered
    )


def _meets(line: _Line, at: int, way: int, reach: int, covered: set[int]) -> bool:
    while reach and 0 <= at < len(line):
        met = line[at]
        if met is not None:
            if met.pauses:
                return False
            if at not in covered and (met.denies if way < 0 else met.denies_before):
                return True
        if met is None or not met.filler:
            reach -= 1
        at += way
    return False

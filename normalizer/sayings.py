"""A message is searched for all wordings in one pass: what most words say, nothing, is remembered. Pure."""

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from normalizer.wording_index import ALWAYS, FIGURES, HINTS, THEMES, UNLESS, Phrases, Steps, Wording
from normalizer.spellings import JOINED, NO_NUMBERS, fold_word
from normalizer.wordings import PAUSE, STOP, LanguageWords
from normalizer.words import LONGEST_WORD

_GAP = 4
_APART, _FAR = 10, 40
_FILLERS = 2
_NEGATED_BEFORE, _NEGATED_BETWEEN, _NEGATED_AFTER = 2, 1, 2
_SHOWN = 8
# Matches kept of one class.
_REMEMBERED = 5_000
_SHORT = 3
_MANY, _REPEATED = 2_000, 300
# In a text with so many words to try, each is tried so often.
_ENOUGH_HINTS = 2


@dataclass(slots=True, eq=False)
class _Met:
    """What a word says. Most words say nothing and have none."""

    slots: frozenset[int]
    bits: int = 0
    # what it brings that wordings wait for
    waits: int = 0
    # what the wordings wait for to which it leads
    tried: Mapping[int, tuple[Wording, ...]] = ()  # type: ignore[assignment]
    filler: bool = False
    denies: bool = False
    denies_before: bool = False
    ends: bool = False
    pauses: bool = False
    opens: str = ""
    # it begins a word that may stand written apart: this is how
    awake: bool = False
    # there is something to try


_Line = list[_Met | None]
_STOP, _PAUSE = _Met(NO_NUMBERS, ends=True, pauses=True), _Met(NO_NUMBERS, pauses=True)


@dataclass(frozen=True, slots=True)
class _Match:
    wording: Wording
    places: tuple[int, ...]
    # of its words, rising
    starts: tuple[int, ...]
    # where its sides begin


class _Memory(dict[str, _Met | None]):
    """What the words so far say: single words, never a message, and a bounded number of them."""

    def __init__(self, phrases: Phrases) -> None:
        super().__init__()
        self._phrases = phrases
        self._clear()

    def _clear(self) -> None:
        self.clear()
        self[STOP], self[PAUSE] = _STOP, _PAUSE

    def __missing__(self, word: str) -> _Met | None:
        met = _read_word(self._phrases, word)
        if len(word) <= LONGEST_WORD:
            if len(self) >= _REMEMBERED:
                self._clear()
            self[word] = met
        return met


def _read_word(phrases: Phrases, word: str) -> _Met | None:
    numbers = phrases.spellings.look(word)
    opens = _open_word(phrases, word, numbers) if len(word) >= _SHORT else ""
    if not numbers:
        return _Met(NO_NUMBERS, opens=opens, awake=True) if opens else None
    slots = phrases.find_slots(numbers)
    tried = phrases.list_tried(slots)
    return _Met(
        slots,
        phrases.sum_bits(slots),
        sum(tried),
        tried,
        filler=not numbers.isdisjoint(phrases.fillers),
        denies=not numbers.isdisjoint(phrases.negations),
        denies_before=not numbers.isdisjoint(phrases.negations_after),
        opens=opens,
        awake=bool(opens or tried),
    )


def _open_word(phrases: Phrases, word: str, numbers: frozenset[int]) -> str:
    # Short words begin too much, unless they are a word of ours: "gas lukt".
    if len(word) > LONGEST_WORD or (len(word) == _SHORT and numbers <= phrases.fillers):
        return ""
    plain = word.lower()
    folded = plain if plain.isascii() else fold_word(plain)
    return folded if folded in phrases.spellings.beginnings and plain not in phrases.frequent else ""


class Wordings:
    """The wordings of some classes in one language, ready to be found. Built once, then only read."""

    def __init__(self, words: LanguageWords, classes: Iterable[str]) -> None:
        phrases = Phrases(words, classes)
        self._beginnings = phrases.spellings.beginnings
        self._memory = _Memory(phrases)
        self._joined = _Memory(phrases)

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
        if not any([match.wording.kind >= ALWAYS for match in matches]):
            return {}
        return _settle(words, line, matches)

    def _join(self, words: list[str], line: _Line, at: int) -> None:
        """A word written apart counts as one: "själv mord"."""
        first, nearby = line[at], words[at + 1]
        if first is None or len(words[at]) + len(nearby) < JOINED:
            return
        if first.opens + fold_word(nearby[:_SHORT].lower()) not in self._beginnings:
            return
        whole, second = self._joined[words[at] + nearby], line[at + 1]
        if whole is None or not whole.slots:
            return
        line[at] = _Met(
            first.slots | whole.slots,
            first.bits | whole.bits,
            first.waits | whole.waits,
            {
                bit: tuple(dict.fromkeys((*first.tried.get(bit, ()), *whole.tried.get(bit, ()))))
                for bit in {*first.tried, *whole.tried}
            }
            if first.slots
            else whole.tried,
            first.filler,
            first.denies,
            first.denies_before,
            awake=True,
        )
        if second is None:
            line[at + 1] = _Met(NO_NUMBERS, filler=True)


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
    present = 0
    for met in line:
        if met is not None:
            present |= met.bits
    for at in awake:
        met = line[at]
        waits = met.waits & present if met is not None else 0
        while waits:
            bit = waits & -waits
            waits ^= bit
            assert met is not None
            for wording in met.tried[bit]:
                match = _match(wording, line, at)
                if match is not None:
                    yield match


def _match(wording: Wording, line: _Line, at: int) -> _Match | None:
    """Where the words of a wording stand around its anchor; None when they do not."""
    first = wording.sides[0]
    if len(first) == 1:
        places = [at]
    else:
        places = _follow(first, line, at, wording.anchor)
        if not places:
            return None
    if len(wording.sides) == 1:
        return _Match(wording, tuple(places), (places[0],))
    found, starts = list(places), [places[0]]
    for side in wording.sides[1:]:
        beside = _search(side, line, places[0], places[-1], wording.far)
        if not beside:
            return None
        found += beside
        starts.append(beside[0])
    return _Match(wording, tuple(sorted(found)), tuple(starts))


def _follow(steps: Steps, line: _Line, at: int, anchor: int) -> list[int]:
    places = [at]
    for step in range(anchor, 0, -1):
        found = _seek(line, places[0], -1, steps[step - 1].slot, steps[step].gap)
        if found < 0:
            return []
        places.insert(0, found)
    for step in range(anchor + 1, len(steps)):
        found = _seek(line, places[-1], 1, steps[step].slot, steps[step].gap)
        if found < 0:
            return []
        places.append(found)
    return places


def _seek(line: _Line, start: int, way: int, slot: int, gap: bool) -> int:
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
        elif slot in met.slots:
            return at
        elif not gap and not met.filler:
            return -1
        reach -= 1
        if reach < 0:
            return -1
        at += way
    return -1


def _search(side: Steps, line: _Line, low: int, high: int, far: bool) -> list[int]:
    """A side near places that are known: in the same sentence, or further away."""
    slot = side[0].slot
    for start, way in ((high, 1), (low, -1)):
        at = start + way
        for _ in range(_FAR if far else _APART):
            if not 0 <= at < len(line):
                break
            met = line[at]
            if met is not None:
                if met.ends:
                    if not far:
                        break
                elif slot in met.slots:
                    places = _follow(side, line, at, 0) if len(side) > 1 else [at]
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
        if kind == FIGURES:
            covered.update(match.places)
        elif kind == UNLESS:
            about.add((name, sentence))
        elif kind == THEMES:
            about.update((("", sentence), ("", sentence + 1)))
    found: dict[str, dict[str, None]] = {}
    hints: dict[str, list[_Match]] = {}
    for match in matches:
        kind, name = match.wording.kind, match.wording.name
        if kind < ALWAYS or not covered.isdisjoint(match.places):
            continue
        if kind != ALWAYS:
            sentences = {bisect(ends, start) for start in match.starts}
            if any([("", each) in about or (name, each) in about for each in sentences]):
                continue
            if _is_denied(line, match, covered):
                continue
            if kind == HINTS:
                hints.setdefault(name, []).append(match)
                continue
        _show(words, match, found)
    for name, each in hints.items():
        if _count_hints(each) >= _ENOUGH_HINTS or name in found:
            for match in each:
                _show(words, match, found)
    return {name: tuple(shown) for name, shown in found.items()}


def _show(words: list[str], match: _Match, found: dict[str, dict[str, None]]) -> None:
    shown = found.setdefault(match.wording.name, {})
    if len(shown) < _SHOWN:
        shown[" ".join([words[at] for at in match.places])] = None


def _count_hints(matches: list[_Match]) -> int:
    """Different wordings that share no word: the same words do not hint twice."""
    taken: set[int] = set()
    kept: set[Wording] = set()
    for match in matches:
        if match.wording not in kept and taken.isdisjoint(match.places):
            kept.add(match.wording)
            taken.update(match.places)
    return len(kept)


def _is_denied(line: _Line, match: _Match, covered: set[int]) -> bool:
    first, last = match.places[0], match.places[-1]
    return (
        _meets(line, first - 1, -1, _NEGATED_BEFORE, covered)
        or _meets(line, last + 1, 1, _NEGATED_AFTER, covered)
        or any(
            [
                start != first and _meets(line, start - 1, -1, _NEGATED_BETWEEN, covered)
                for start in match.starts
            ]
        )
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

"""A message is searched for all wordings in one pass: what most words say, nothing, is remembered. Pure."""

from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from normalizer.wording_index import ALWAYS, DENIES, DENIES_BEFORE, FIGURES, HINTS, THEMES, Phrases, Steps, Wording
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
    tried: Mapping[int, tuple[Wording, ...]] = field(default_factory=dict)
    filler: bool = False
    joins: bool = False
    # what follows is another matter
    ends: bool = False
    pauses: bool = False
    opens: str = ""
    # it begins a word that may stand written apart: this is how
    busy: bool = False
    # it opens, or waits


_Line = list[_Met | None]
_STOP, _PAUSE = _Met(NO_NUMBERS, ends=True, pauses=True), _Met(NO_NUMBERS, pauses=True)


class _Match(NamedTuple):
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
        self._alike: dict[frozenset[int], _Met] = {}
        # many words are the same to us: "barnets", "barnen"
        self._clear()

    def _clear(self) -> None:
        self.clear()
        self[STOP], self[PAUSE] = _STOP, _PAUSE

    def __missing__(self, word: str) -> _Met | None:
        met = self._read(word)
        if len(word) <= LONGEST_WORD:
            if len(self) >= _REMEMBERED:
                self._clear()
            self[word] = met
        return met

    def _read(self, word: str) -> _Met | None:
        phrases = self._phrases
        numbers = phrases.spellings.look(word)
        opens = _open_word(phrases, word, numbers)
        if not numbers:
            return _Met(NO_NUMBERS, opens=opens, busy=True) if opens else None
        met = self._alike.get(numbers)
        if met is None:
            if len(self._alike) >= _REMEMBERED:
                self._alike.clear()
            met = self._alike[numbers] = _make_met(phrases, numbers)
        return replace(met, opens=opens, busy=True) if opens else met


def _make_met(phrases: Phrases, numbers: frozenset[int]) -> _Met:
    slots = phrases.find_slots(numbers)
    tried = phrases.list_tried(slots)
    bits = phrases.sum_bits(slots)
    if not numbers.isdisjoint(phrases.negations):
        bits |= DENIES
    if not numbers.isdisjoint(phrases.negations_after):
        bits |= DENIES_BEFORE
    return _Met(
        slots,
        bits,
        sum(tried),
        tried,
        filler=not numbers.isdisjoint(phrases.fillers),
        joins=not numbers.isdisjoint(phrases.joints),
        busy=bool(tried),
    )


def _open_word(phrases: Phrases, word: str, numbers: frozenset[int]) -> str:
    plain = word.lower()
    if plain not in phrases.spellings.beginnings or plain in phrases.frequent:
        return ""
    # Short words begin too much, unless they are a word of ours: "gas lukt".
    return "" if len(word) == _SHORT and numbers <= phrases.fillers else plain


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
        busy = [at for at, met in enumerate(line) if met is not None and met.busy]
        if not busy:
            return {}
        if len(busy) > _MANY:
            busy = _thin(words, busy)
        beginnings = self._beginnings
        for at in busy:
            met = line[at]
            # A message ends with STOP: there always is a next word.
            if met.opens and met.opens + words[at + 1][:_SHORT].lower() in beginnings:  # type: ignore[union-attr]
                self._join(words, line, at)
        present = 0
        for met in line:
            if met is not None:
                present |= met.bits
        matches = _match_all(line, busy, present)
        for match in matches:
            if match.wording.kind >= ALWAYS:
                return _settle(words, line, matches, present)
        return {}

    def _join(self, words: list[str], line: _Line, at: int) -> None:
        """A word written apart counts as one: "själv mord"."""
        first, second = line[at], line[at + 1]
        if first is None or len(words[at]) + len(words[at + 1]) < JOINED:
            return
        whole = self._joined[words[at] + words[at + 1]]
        if whole is None or not whole.slots:
            return
        tried = dict(first.tried)
        for bit, wordings in whole.tried.items():
            tried[bit] = tuple(dict.fromkeys((*tried.get(bit, ()), *wordings)))
        line[at] = _Met(
            first.slots | whole.slots,
            first.bits | whole.bits,
            first.waits | whole.waits,
            tried,
            filler=first.filler,
            joins=first.joins,
            busy=True,
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


def _match_all(line: _Line, busy: list[int], present: int) -> list[_Match]:
    matches = []
    for at in busy:
        met = line[at]
        assert met is not None
        waits = met.waits & present
        while waits:
            bit = waits & -waits
            waits ^= bit
            for wording in met.tried[bit]:
                match = _match(wording, line, at)
                if match is not None:
                    matches.append(match)
    return matches


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
        beside = _search(side, line, found, wording.far)
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


def _search(side: Steps, line: _Line, taken: list[int], far: bool) -> list[int]:
    """A side near the words of the first one, and not one of those taken: in the same sentence, or further away."""
    slot = side[0].slot
    for way in (1, -1):
        at = taken[0] + way
        for _ in range(_FAR if far else _APART):
            if not 0 <= at < len(line):
                break
            met = line[at]
            if met is not None:
                if met.ends:
                    if not far:
                        break
                elif slot in met.slots and at not in taken:
                    places = _follow(side, line, at, 0) if len(side) > 1 else [at]
                    if places and (len(places) == 1 or taken[0] not in places):
                        return places
            at += way
    return []


def _settle(
    words: list[str], line: _Line, matches: list[_Match], present: int
) -> dict[str, tuple[str, ...]]:
    """What is left when figures of speech, denials and contexts are taken away."""
    covered: set[int] = set()
    contexts = []
    for match in matches:
        if match.wording.kind == FIGURES:
            covered.update(match.places)
        elif match.wording.kind < ALWAYS:
            contexts.append(match)
    ends = [at for at, word in enumerate(words) if word == STOP] if contexts else []
    about = _list_contexts(contexts, ends)
    denied = present & (DENIES | DENIES_BEFORE)
    found: dict[str, dict[str, None]] = {}
    hints: dict[str, list[_Match]] = {}
    for match in matches:
        kind, name = match.wording.kind, match.wording.name
        if kind < ALWAYS or (covered and not covered.isdisjoint(match.places)):
            continue
        if kind != ALWAYS:
            if about and _stands_in(match, about, ends):
                continue
            if denied and _is_denied(line, match, covered):
                continue
            if kind == HINTS:
                hints.setdefault(name, []).append(match)
                continue
        _show(words, match, found)
    for name, several in hints.items():
        if name in found or _count_hints(several) >= _ENOUGH_HINTS:
            for match in several:
                _show(words, match, found)
    return {name: tuple(shown) for name, shown in found.items()}


def _list_contexts(contexts: list[_Match], ends: list[int]) -> set[tuple[str, int]]:
    """The classes ("" for all) and the sentences in which their words say nothing."""
    about: set[tuple[str, int]] = set()
    for match in contexts:
        sentence = bisect(ends, match.places[0])
        about.add((match.wording.name, sentence))
        if match.wording.kind == THEMES:
            about.add(("", sentence + 1))
    return about


def _stands_in(match: _Match, about: set[tuple[str, int]], ends: list[int]) -> bool:
    for start in match.starts:
        sentence = bisect(ends, start)
        if ("", sentence) in about or (match.wording.name, sentence) in about:
            return True
    return False


def _show(words: list[str], match: _Match, found: dict[str, dict[str, None]]) -> None:
    shown = found.setdefault(match.wording.name, {})
    if len(shown) < _SHOWN:
        shown[" ".join([words[at] for at in match.places])] = None


def _count_hints(matches: list[_Match]) -> int:
    """Different wordings, each with a word that no other one had: the same words do not hint twice."""
    taken: set[int] = set()
    kept: set[Wording] = set()
    for match in matches:
        if match.wording not in kept and not taken.issuperset(match.places):
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
            if met.pauses or (met.joins and way > 0):
                return False
            if at not in covered and met.bits & (DENIES if way < 0 else DENIES_BEFORE):
                return True
        if met is None or not met.filler:
            reach -= 1
        at += way
    return False

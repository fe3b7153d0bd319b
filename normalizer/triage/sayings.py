"""A message is searched for all wordings in one pass: what most words say, nothing, is remembered. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from operator import or_

from normalizer.routing.words import LONGEST_WORD
from normalizer.triage.contexts import settle
from normalizer.triage.spellings import JOINED
from normalizer.triage.wording_index import (
    ALWAYS,
    DENIES,
    DENIES_BEFORE,
    NOTHING,
    Line,
    Match,
    Met,
    Phrases,
    Steps,
    Wording,
)
from normalizer.triage.wordings import PAUSE, STOP, LanguageWords

_GAP = 4
_APART, _FAR = 10, 40
_FILLERS = 2
_REMEMBERED = 5_000
_SHORT = 3
_MANY, _REPEATED = 2_000, 300
# In a text with so many words to try, each is tried so often.
_STOP, _PAUSE = Met(ends=True, pauses=True), Met(pauses=True)


class _Memory(dict[str, Met]):
    """What the words so far say: single words, never a message, and a bounded number of them."""

    def __init__(self, phrases: Phrases) -> None:
        super().__init__()
        self._phrases = phrases
        self._alike: dict[frozenset[int], Met] = {}
        # many words are the same to us: "barnets", "barnen"
        self._clear()

    def _clear(self) -> None:
        self.clear()
        self[STOP], self[PAUSE] = _STOP, _PAUSE

    def __missing__(self, word: str) -> Met:
        met = self._read(word)
        if len(word) <= LONGEST_WORD:
            if len(self) >= _REMEMBERED:
                self._clear()
            self[word] = met
        return met

    def _read(self, word: str) -> Met:
        phrases = self._phrases
        numbers = phrases.spellings.look(word)
        opens = _open_word(phrases, word, numbers)
        if not numbers:
            return Met(opens=opens, busy=True) if opens else NOTHING
        met = self._alike.get(numbers)
        if met is None:
            if len(self._alike) >= _REMEMBERED:
                self._alike.clear()
            met = self._alike[numbers] = _make_met(phrases, numbers)
        return replace(met, opens=opens, busy=True) if opens else met


def _make_met(phrases: Phrases, numbers: frozenset[int]) -> Met:
    slots = phrases.find_slots(numbers)
    tried = phrases.list_tried(slots)
    bits = phrases.sum_bits(slots)
    if not numbers.isdisjoint(phrases.negations):
        bits |= DENIES
    if not numbers.isdisjoint(phrases.negations_after):
        bits |= DENIES_BEFORE
    return Met(
        slots,
        bits,
        reduce(or_, tried.values(), 0),
        tuple([wording for wording in tried if wording.kind >= ALWAYS]),
        tuple([wording for wording in tried if wording.kind < ALWAYS]),
        filler=not numbers.isdisjoint(phrases.fillers),
        joins=not numbers.isdisjoint(phrases.joints),
        other=not numbers.isdisjoint(phrases.others),
        speaker=not numbers.isdisjoint(phrases.speaker),
        busy=bool(tried),
    )


def _open_word(phrases: Phrases, word: str, numbers: frozenset[int]) -> str:
    plain = word.lower()
    if plain not in phrases.spellings.openers or plain in phrases.frequent:
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

    def find(self, words: list[str], skip: frozenset[str] = frozenset()) -> dict[str, tuple[str, ...]]:
        """The classes that the words speak of, each with the words that say so. `skip`: classes nobody asks for."""
        line = list(map(self._memory.__getitem__, words))
        busy = [at for at, met in enumerate(line) if met.busy]
        if not busy:
            return {}
        if len(busy) > _MANY:
            busy = _thin(words, busy)
        beginnings = self._beginnings
        for at in busy:
            met = line[at]
            # A message ends with STOP: there always is a next word.
            if met.opens and met.opens + words[at + 1][:_SHORT].lower() in beginnings:
                self._join(words, line, at)
        present = 0
        for met in line:
            if met.bits:
                present |= met.bits
        # Most messages have nothing that anything could be taken away from.
        speaking = _match_all(line, busy, present, skip, around=False)
        if not speaking:
            return {}
        around = _match_all(line, busy, present, skip, around=True)
        return settle(words, line, around, speaking, present)

    def _join(self, words: list[str], line: Line, at: int) -> None:
        """A word written apart counts as one: "själv mord"."""
        first, second = line[at], line[at + 1]
        if len(words[at]) + len(words[at + 1]) < JOINED:
            return
        whole = self._joined[words[at] + words[at + 1]]
        if not whole.slots:
            return
        line[at] = Met(
            first.slots | whole.slots,
            first.bits | whole.bits,
            first.waits | whole.waits,
            tuple(dict.fromkeys((*first.tried, *whole.tried))),
            tuple(dict.fromkeys((*first.around, *whole.around))),
            filler=first.filler,
            joins=first.joins,
            other=first.other,
            speaker=first.speaker,
            busy=True,
        )
        if second is NOTHING:
            line[at + 1] = Met(filler=True)


def _thin(words: list[str], awake: list[int]) -> list[int]:
    """No word is tried without end: a text that repeats itself costs no more than its length."""
    counts: dict[str, int] = {}
    kept = []
    for at in awake:
        counts[words[at]] = count = counts.get(words[at], 0) + 1
        if count <= _REPEATED:
            kept.append(at)
    return kept


def _match_all(line: Line, busy: list[int], present: int, skip: frozenset[str], around: bool) -> list[Match]:
    matches: list[Match] = []
    for at in busy:
        met = line[at]
        if met.waits & present:
            for wording in met.around if around else met.tried:
                needs = wording.needs
                if needs & present == needs and wording.name not in skip:
                    match = _match(wording, line, at)
                    if match is not None:
                        matches.append(match)
    return matches


def _match(wording: Wording, line: Line, at: int) -> Match | None:
    """Where the words of a wording stand around its anchor; None when they do not."""
    first = wording.sides[0]
    if len(first) == 1:
        places = [at]
    else:
        places = _follow(first, line, at, wording.anchor)
        if not places:
            return None
    if len(wording.sides) == 1:
        return Match(wording, tuple(places), (places[0],))
    found, starts = list(places), [places[0]]
    for side in wording.sides[1:]:
        beside = _search(side, line, found, wording.far)
        if not beside:
            return None
        found += beside
        starts.append(beside[0])
    return Match(wording, tuple(sorted(found)), tuple(starts))


def _follow(steps: Steps, line: Line, at: int, anchor: int) -> list[int]:
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


def _seek(line: Line, start: int, way: int, slot: int, gap: bool) -> int:
    """The next place of a word, over fillers and commas, or over any few words where there is a gap; -1: none."""
    reach = _GAP if gap else _FILLERS
    at = start + way
    while 0 <= at < len(line):
        met = line[at]
        if slot in met.slots:
            return at
        if met.ends or not (gap or met.filler):
            return -1
        reach -= 1
        if reach < 0:
            return -1
        at += way
    return -1


def _goes_on(line: Line, end: int) -> bool:
    """The sentence after an end speaks of somebody whom the one before it may have named, or both of the writer.

    A mail lists unrelated things: "My mother cannot get out. It smells, and there are rats." is no alarm.
    """
    mine = False
    for at in range(end + 1, min(end + _FAR, len(line))):
        met = line[at]
        if met.ends and line[at - 1] is not met:
            break
        if met.other:
            return True
        mine = mine or met.speaker
    for at in range(end - 1, max(end - _FAR, -1), -1) if mine else ():
        met = line[at]
        if met.ends and line[at + 1] is not met:
            break
        if met.speaker:
            return True
    return False


def _search(side: Steps, line: Line, taken: list[int], far: bool) -> list[int]:
    """A side near the words of the first one, and not one of those taken: in the same sentence, or in a neighbour."""
    slot = side[0].slot
    for way in (1, -1):
        at, crossed = taken[0] + way, not far
        for _ in range(_FAR if far else _APART):
            if not 0 <= at < len(line):
                break
            met = line[at]
            if met.ends:
                if line[at - way] is not met:
                    # A sentence may end twice: at its mark, and where the line ends.
                    if crossed or not _goes_on(line, at):
                        break
                    crossed = True
            elif slot in met.slots and at not in taken:
                places = _follow(side, line, at, 0) if len(side) > 1 else [at]
                if places and (len(places) == 1 or taken[0] not in places):
                    return places
            at += way
    return []

"""The wordings of some classes, made ready: which of them a word can begin to look for. Built once. Pure.

Alternatives ("slår/slog", "<barn>") are slots, and the same alternatives are one slot in all wordings. A wording is
looked for only where its rarest slot is met, and only when its second rarest is somewhere in the message too.
That is told by bits: a message has the bits of all its words, a word has those it waits for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from normalizer.triage.spellings import NO_NUMBERS, Spellings
from normalizer.triage.wordings import ClassWords, LanguageWords, list_words, parse_wording

FIGURES, THEMES, UNLESS, ALWAYS, PLAIN, HINTS = range(6)
"""What a wording is for; from ALWAYS on it speaks of its class."""

DENIES, DENIES_BEFORE = 1, 2
"""The bits of words that deny; the others are waited for."""
_FIRST_BIT = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a wording: any word of a slot, and whether others may stand before it."""

    slot: int
    gap: bool


Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """One line of the file, prepared."""

    kind: int
    name: str
    # the class
    sides: tuple[Steps, ...]
    # one, or several that stand together; the first holds the anchor
    anchor: int
    # the step of the first side by which the wording is found
    far: bool
    # the sides may stand in neighbouring sentences
    needs: int
    # the bits of all its other steps


@dataclass(slots=True, eq=False)
class Met:
    """What a word says. Most words say NOTHING."""

    slots: frozenset[int] = NO_NUMBERS
    bits: int = 0
    # what it brings that wordings wait for
    waits: int = 0
    # what the wordings wait for to which it leads
    tried: tuple[Wording, ...] = ()
    # the wordings to which it leads and that speak of a class
    around: tuple[Wording, ...] = ()
    # those that take away what others say: figures of speech, themes and the like
    filler: bool = False
    joins: bool = False
    # what follows is another matter
    other: bool = False
    # it goes on about somebody
    speaker: bool = False
    # it speaks of the writer
    ends: bool = False
    pauses: bool = False
    opens: str = ""
    # it begins a word that may stand written apart: this is how
    busy: bool = False
    # it opens, or waits


NOTHING = Met()

Line = list[Met]


class Match(NamedTuple):
    wording: Wording
    places: tuple[int, ...]
    # of its words, rising
    starts: tuple[int, ...]
    # where its sides begin


class Phrases:
    """All wordings of some classes in one language, by the words that lead to them."""

    def __init__(self, words: LanguageWords, classes: Iterable[str]) -> None:
        self.spellings = Spellings()
        for line in words.alike:
            first, *others = line.split()
            self.spellings.join(first, others)
        self.fillers = frozenset(map(self.spellings.add, words.fillers))
        self.negations = frozenset(map(self.spellings.add, words.negations))
        self.negations_after = frozenset(map(self.spellings.add, words.negations_after))
        self.joints = frozenset(map(self.spellings.add, words.joints))
        self.others = frozenset(map(self.spellings.add, words.others))
        self.speaker = frozenset(map(self.spellings.add, words.speaker))
        self.frequent = frozenset(words.common)
        self._common = {*words.common, *words.fillers, *words.negations, *words.negations_after}
        self._lists = words.lists
        self._slots: dict[frozenset[int], int] = {}
        self._slots_of: dict[int, list[int]] = {}
        # the slots of a word by its number
        self._known: dict[str, tuple[int, float]] = {}
        # alternatives as written -> slot, weight
        self._bits: dict[int, int] = {}
        # slots that wordings wait for
        self._tried: dict[int, list[tuple[Wording, int]]] = {}
        # the slot that leads to them -> wordings, with the bit that each waits for
        self._take_all(words, tuple(classes))

    def _take_all(self, words: LanguageWords, classes: tuple[str, ...]) -> None:
        groups: list[tuple[int, str, tuple[str, ...]]] = [
            (FIGURES, "", words.figures),
            (THEMES, "", words.themes),
        ]
        for name in classes:
            own = words.classes.get(name, ClassWords())
            groups += [
                (UNLESS, name, own.unless),
                (ALWAYS, name, own.always),
                (PLAIN, name, own.words),
                (HINTS, name, own.hints),
            ]
        for kind, name, lines in groups:
            for line in lines:
                self._take(line, kind, name)

    def _take(self, line: str, kind: int, name: str) -> None:
        saying = parse_wording(line)
        sides = [[(*self._find_slot(written), gap) for written, gap in side] for side in saying.sides]
        # It is found by the word that is least common, and that is a long one.
        if len(sides) > 1:
            sides.sort(key=lambda steps: max(weight for _, weight, _ in steps), reverse=True)
        first = sides[0]
        anchor = max(range(len(first)), key=lambda at: first[at][1]) if len(first) > 1 else 0
        others = [step for steps in sides for step in steps]
        others.remove(first[anchor])
        # The anchor itself stands for the second rarest where there is none.
        second = max(others, key=lambda step: step[1])[0] if others else first[anchor][0]
        wording = Wording(
            kind,
            name,
            tuple([tuple([Step(slot, gap) for slot, _, gap in side]) for side in sides]),
            anchor,
            saying.far,
            sum({self._find_bit(slot) for slot, _, _ in others}),
        )
        bit = self._find_bit(second)
        self._tried.setdefault(first[anchor][0], []).append((wording, bit))

    def _find_bit(self, slot: int) -> int:
        return self._bits.setdefault(slot, 1 << (len(self._bits) + _FIRST_BIT))

    def _find_slot(self, written: str) -> tuple[int, float]:
        known = self._known.get(written)
        if known is None:
            words = list_words(written, self._lists)
            numbers = frozenset(map(self.spellings.add, words))
            slot = self._slots.setdefault(numbers, len(self._slots))
            if slot == len(self._slots) - 1:
                for number in numbers:
                    self._slots_of.setdefault(number, []).append(slot)
            known = self._known[written] = (slot, self._weigh(words))
        return known

    def _weigh(self, words: tuple[str, ...]) -> float:
        # Frequent words are short (Zipf), and several are met more often than one.
        common = self._common
        return -sum([1.0 if word in common else 2.0 ** -len(word.strip("*")) for word in words])

    def find_slots(self, numbers: frozenset[int]) -> frozenset[int]:
        """The slots in which a word stands."""
        slots = self._slots_of
        found = [slot for number in numbers for slot in slots.get(number, ())]
        return frozenset(found) if found else NO_NUMBERS

    def sum_bits(self, slots: frozenset[int]) -> int:
        """What a word brings that wordings may wait for."""
        bits, found = self._bits, 0
        for slot in slots:
            found |= bits.get(slot, 0)
        return found

    def list_tried(self, slots: frozenset[int]) -> dict[Wording, int]:
        """The wordings that a word leads to, with the bit that each waits for."""
        tried: dict[Wording, int] = {}
        for slot in sorted(slots):
            tried.update(self._tried.get(slot, ()))
        return tried

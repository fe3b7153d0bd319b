"""The words of wordings, and which of them a word of a message is: inflected, misspelt, without its marks. Pure.

A message brings words that were never seen, so a look must be cheap when it finds nothing: all words lie in
tables by how they begin or end, and a look is a dozen steps in dictionaries, whatever the number of words.
"""

import re
from collections.abc import Iterable, Sequence

from normalizer.routing.words import LONGEST_WORD, fold
from normalizer.triage.wordings import WordingError

JOINED = 6
"""Letters of a word that may stand written apart."""

NO_NUMBERS = frozenset[int]()
"""What most words are: none of ours."""

_FORGIVING = 7
# Letters from which one may be wrong.
_RUN = re.compile(r"(.)\1\1+")
_SEEN = 3
# No beginning or end in a wording has fewer letters.


class Spellings:
    """The words of all wordings, each with a number, and which of them a word of a message is."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.openers: set[str] = set()
        self.beginnings: set[str] = set()
        # how the words begin that somebody may write apart: the first part, and as far as the second part shows it
        self._whole: dict[str, list[tuple[int, str]]] = {}
        self._starts: dict[str, list[tuple[int, str]]] = {}
        self._ends: dict[str, list[tuple[int, str]]] = {}
        self._middles: list[tuple[int, str]] = []
        self._start_lengths: dict[str, list[int]] = {}
        self._end_lengths: dict[str, list[int]] = {}
        # the first four or last three letters -> the lengths to try
        self._near_heads: dict[str, list[tuple[int, str, bool]]] = {}
        self._near_middles: dict[str, list[tuple[int, str, bool]]] = {}
        # the first four letters, or the first with the fifth to the seventh -> number, word, whether more may follow

    def add(self, word: str) -> int:
        """The number of a word as a wording gives it, perhaps with stars. Raises WordingError."""
        number = self.numbers.get(word)
        if number is not None:
            return number
        plain = word.lower()
        if plain not in self.numbers:
            letters = check_word(plain)
            number = self.numbers[plain] = len(self.numbers)
            self._take(number, letters, plain.startswith("*"), plain.endswith("*"))
        return self.numbers[plain]

    def _take(self, number: int, letters: str, before: bool, after: bool) -> None:
        folded = letters if letters.isascii() else fold_word(letters)
        if before and after:
            self._middles.append((number, folded))
        elif before:
            self._ends.setdefault(folded, []).append((number, letters))
            _note_length(self._end_lengths, folded[-_SEEN:], len(folded))
        elif after:
            self._starts.setdefault(folded, []).append((number, letters))
            if len(folded) > _SEEN:
                _note_length(self._start_lengths, folded[:4], len(folded))
        else:
            self._whole.setdefault(folded, []).append((number, letters))
        if not before and len(folded) >= JOINED:
            for form in {folded, letters}:
                begun = [form[:length] for length in range(3, len(form) + 1)]
                self.openers.update(begun[:-2])
                self.beginnings.update(begun[2:])
        if not before and len(folded) >= _FORGIVING:
            entry = (number, folded, after)
            self._near_heads.setdefault(folded[:4], []).append(entry)
            self._near_middles.setdefault(folded[0] + folded[4:7], []).append(entry)

    def join(self, word: str, others: Sequence[str]) -> None:
        """Let other words count as a word: "int" as "inte". They keep what they say themselves."""
        number = self.add(word)
        for other in others:
            letters = check_word(other.lower())
            self._whole.setdefault(fold_word(letters), []).append((number, letters))

    def look(self, word: str) -> frozenset[int]:
        """The numbers that a word has."""
        size = len(word)
        if size > LONGEST_WORD:
            return NO_NUMBERS
        plain = word.lower()
        folded = plain if plain.isascii() else fold_word(plain)
        found = _keep(self._whole[folded], plain, folded, slice(None)) if folded in self._whole else []
        if folded[:3] in self._starts:
            found += _keep(self._starts[folded[:3]], plain, folded, slice(3))
        if folded[:4] in self._start_lengths:
            self._look_starts(plain, folded, found)
        if folded[-_SEEN:] in self._end_lengths:
            self._look_ends(plain, folded, found)
        if self._middles:
            found += [number for number, letters in self._middles if letters in folded]
        if found:
            return frozenset(found)
        # A word that is right as it stands is no misspelling of another: "brinner" is not "bränner".
        if size >= _FORGIVING - 1:
            self._look_near(folded, found)
            if found:
                return frozenset(found)
        if _RUN.search(plain):
            # "brinnnner", "dööö"
            return self.look(_RUN.sub(r"\1\1", plain)) | self.look(_RUN.sub(r"\1", plain))
        return NO_NUMBERS

    def _look_starts(self, plain: str, folded: str, found: list[int]) -> None:
        for length in self._start_lengths[folded[:4]]:
            if folded[:length] in self._starts:
                found += _keep(self._starts[folded[:length]], plain, folded, slice(length))

    def _look_ends(self, plain: str, folded: str, found: list[int]) -> None:
        for length in self._end_lengths[folded[-_SEEN:]]:
            if folded[-length:] in self._ends:
                found += _keep(self._ends[folded[-length:]], plain, folded, slice(-length, None))

    def _look_near(self, folded: str, found: list[int]) -> None:
        # The mistake is behind the first four letters, or the three after them are right, if shifted.
        heads, middles, first = self._near_heads, self._near_middles, folded[:1]
        if folded[:4] in heads:
            _take_near(heads[folded[:4]], folded, found)
        for key in (first + folded[4:7], first + folded[3:6], first + folded[5:8]):
            if key in middles:
                _take_near(middles[key], folded, found)


def _keep(entries: list[tuple[int, str]], plain: str, folded: str, part: slice) -> list[int]:
    # Where the writer did put marks they must agree: "får" is not "far". A ligature can shift positions.
    if plain == folded or len(plain) != len(folded):
        return [number for number, _ in entries]
    return [number for number, letters in entries if plain[part] == letters]


def fold_word(plain: str) -> str:
    """A word in lower case without its marks. It is `fold`, in a third of the time for the letters of these parts."""
    folded = plain.replace("å", "a").replace("ä", "a").replace("ö", "o")
    return folded if folded.isascii() else fold(plain)


def check_word(word: str) -> str:
    """The letters of a word in a wording, without its stars. Raises WordingError when it is none."""
    letters = word.strip("*")
    if not letters.isalnum() or "**" in word or (letters != word and len(letters) < _SEEN):
        raise WordingError(f"has {word!r}: a word is letters, at least three beside a *")
    return letters


def _note_length(lengths: dict[str, list[int]], key: str, length: int) -> None:
    known = lengths.setdefault(key, [])
    if length not in known:
        known.append(length)


def _take_near(entries: Iterable[tuple[int, str, bool]], folded: str, found: list[int]) -> None:
    size = len(folded)
    for number, letters, open_end in entries:
        length = len(letters)
        if number in found or size < length - 1 or (size > length + 1 and not open_end):
            continue
        if not open_end:
            if _is_near(folded, letters):
                found.append(number)
        elif any(_is_near(folded[:end], letters) for end in (length, length + 1, length - 1) if end <= size):
            found.append(number)


def _is_near(one: str, other: str) -> bool:
    """They differ by one letter: too many, missing, wrong, or two that changed places; never the first."""
    size, shorter = len(other), min(len(one), len(other))
    if one[0] != other[0]:
        return False
    at = 1
    while at < shorter and one[at] == other[at]:
        at += 1
    if len(one) == size:
        return one[at + 1 :] == other[at + 1 :] or (
            one[at + 2 :] == other[at + 2 :] and one[at : at + 2] == other[at : at + 2][::-1]
        )
    return one[at + 1 :] == other[at:] if len(one) > size else one[at:] == other[at + 1 :]

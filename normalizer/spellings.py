"""The words of wordings, and which of them a word of a message is: inflected, misspelt, without its marks. Pure."""

import re
from collections.abc import Iterator

from normalizer.wordings import WordingError
from normalizer.words import LONGEST_WORD, fold

JOINED = 6
"""Letters of a word that may stand written apart."""

_FORGIVING = 7
# Letters from which one may be wrong.
_RUN = re.compile(r"(.)\1\1+")


class Spellings:
    """The words of all wordings, each with a number, and which of them a word of a message is."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.beginnings: set[str] = set()
        self._whole: dict[str, list[tuple[int, str]]] = {}
        self._parts: tuple[dict[str, list[tuple[int, str]]], ...] = ({}, {}, {})
        # by beginning, by end, by middle
        self._near: dict[str, list[tuple[int, str, bool]]] = {}

    def add(self, word: str) -> int:
        """The number of a word as a wording gives it, perhaps with stars. Raises WordingError."""
        plain = word.lower()
        if plain not in self.numbers:
            letters = plain.strip("*")
            if not letters.isalnum() or "**" in plain or (letters != plain and len(letters) < 3):
                raise WordingError(f"has {word!r}: a word is letters, at least three beside a *")
            number = self.numbers[plain] = len(self.numbers)
            before, after = plain.startswith("*"), plain.endswith("*")
            folded = fold(letters)
            table = self._parts[2 if before and after else int(before)] if before or after else self._whole
            table.setdefault(folded, []).append((number, letters))
            if not before:
                if len(letters) >= JOINED:
                    self.beginnings.update(folded[:length] for length in range(3, len(folded)))
                if len(letters) >= _FORGIVING:
                    for near in _shorten(folded):
                        self._near.setdefault(near, []).append((number, folded, after))
        return self.numbers[plain]

    def look(self, word: str) -> frozenset[int]:
        """The numbers that a word has. This is slow: remember the answer."""
        if len(word) > LONGEST_WORD:
            return frozenset()
        found = set(self._look(word.lower()))
        run = _RUN.search(word)
        if run:
            for many in (r"\1", r"\1\1"):
                found.update(self._look(_RUN.sub(many, word.lower())))
        return frozenset(found)

    def _look(self, plain: str) -> Iterator[int]:
        folded = fold(plain)
        # Where the writer did put marks they must agree: "får" is not "far".
        marked = plain != folded and len(plain) == len(folded)
        whole = self._whole.get(folded, ())
        for number, letters in whole:
            if not marked or plain == letters:
                yield number
        yield from self._look_parts(plain, folded, marked)
        # A word that is right as it stands is no misspelling of another: "brinner" is not "bränner".
        if not whole and len(folded) >= _FORGIVING - 1:
            yield from self._look_near(folded)

    def _look_parts(self, plain: str, folded: str, marked: bool) -> Iterator[int]:
        beginnings, ends, middles = self._parts
        length = len(folded)
        for at in range(3, length + 1):
            for number, letters in beginnings.get(folded[:at], ()):
                if not marked or plain[:at] == letters:
                    yield number
            for number, letters in ends.get(folded[length - at :], ()):
                if not marked or plain[length - at :] == letters:
                    yield number
            if middles:
                for start in range(length - at + 1):
                    yield from (number for number, _ in middles.get(folded[start : start + at], ()))

    def _look_near(self, folded: str) -> Iterator[int]:
        for at in range(_FORGIVING - 1, len(folded) + 1):
            part = folded[:at]
            for near in _shorten(part):
                for number, letters, open_end in self._near.get(near, ()):
                    if (open_end or at == len(folded)) and _is_near(part, letters):
                        yield number


def _shorten(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))}


def _is_near(one: str, other: str) -> bool:
    """They differ by one letter: too many, missing, wrong, or two that changed places; never the first."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    if len(one) == len(other):
        swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
        return one[at + 1 :] == other[at + 1 :] or swapped
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[at + 1 :] == shorter[at:]

"""Signs: single words that stand more often in messages of one class than in ordinary ones, added up. Pure.

Wordings know what somebody wrote down; signs also hear what nobody wrote down, by the sum of small hints. Each word
has points, learned by counting in labelled messages and kept in the city's file, where a person can read and
change them. They are asked only where no wording was met.
"""

from collections.abc import Mapping

from normalizer.routing.words import LONGEST_WORD
from normalizer.triage.spellings import fold_word
from normalizer.triage.wordings import WordingError

LETTERS = 6
"""Letters by which a word is known: its ending says little."""

ORDINARY = "ordinary"
"""The class of the words that speak against."""

_SHORT_TEXT = 16
# Words up to which the limit holds; from there on it grows with the text, or every long letter would reach it.
_REMEMBERED = 5_000
_SHOWN = 8


def parse_signs(line: str) -> tuple[int, tuple[str, ...]]:
    """The points of a line, and its words. Raises WordingError."""
    points, *words = line.split() or [""]
    if not points.removeprefix("-").isdecimal() or not words:
        raise WordingError("is not a number of points and then words")
    for word in words:
        if not word.isalnum() or len(word) > LETTERS or fold_word(word.lower()) != word:
            raise WordingError(
                f"has {word!r}: a sign is up to {LETTERS} letters, in lower case and without marks"
            )
    return int(points), tuple(words)


class Signs:
    """The signs of one language, ready. Built once; what it remembers is single words, a bounded number of them."""

    def __init__(self, lines: Mapping[str, tuple[str, ...]], limit: int) -> None:
        """`lines`: class -> "5 word word ..."; `limit`: the points that make an alarm, 0 when there are no signs."""
        self._limit = limit
        self._points, self._classes = [0], [""]
        self._numbers: dict[str, int] = {}
        for name, several in lines.items():
            for line in several:
                points, words = parse_signs(line)
                for word in words:
                    self._numbers[word] = len(self._points)
                    self._points.append(points)
                    self._classes.append("" if name == ORDINARY else name)
        self._known = _Numbers(self._numbers)

    def find(self, words: list[str]) -> tuple[str, tuple[str, ...]]:
        """The class that the signs speak of, and the words that say so; ("", ()) when they are too few."""
        if not self._limit:
            return "", ()
        known, points = self._known, self._points
        numbers = set(map(known.__getitem__, words))
        total = sum(map(points.__getitem__, numbers))
        if total < self._limit or total * _SHORT_TEXT < self._limit * len(words):
            return "", ()
        shares: dict[str, int] = {}
        for number in numbers:
            if points[number] > 0:
                name = self._classes[number]
                shares[name] = shares.get(name, 0) + points[number]
        best = max(sorted(shares), key=lambda name: shares[name])
        shown = dict.fromkeys(word for word in words if self._classes[known[word]] == best)
        return best, tuple(shown)[:_SHOWN]


class _Numbers(dict[str, int]):
    """The number of each word so far; 0 is that of all words without points."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        super().__init__()
        self._numbers = numbers

    def __missing__(self, word: str) -> int:
        plain = word[:LETTERS].lower()
        number = self._numbers.get(plain if plain.isascii() else fold_word(plain)[:LETTERS], 0)
        if len(word) <= LONGEST_WORD:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = number
        return number

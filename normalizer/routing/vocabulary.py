"""What single words say, remembered one by one, and the shape of a keyword found in a message."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from normalizer.routing.passing import Turn
from normalizer.routing.words import LONGEST_WORD, Hit

_REMEMBERED = 5_000

Found = tuple[int, int, int, tuple[int, ...], float, int, bool]
"""A keyword in a message; a bare tuple, for it is made and read for every match of every message.

keyword
token, length: its first word, and how many words it spans
inside: the longer keywords that hold it within its word: "fritids" is in "fritidsgård"
worth: its letters, less for a part of a compound
where: IN_PASSING when it only says where something is; THERE when somebody may only be in such a place, "på
    bussen"; SCENE when the place itself is named, "bussen"; else 0
sure: False for a numbered road that may be a street with a house number
"""

Phrases = Mapping[int, tuple[tuple[tuple[int, ...], int], ...]]
# the second atom -> the atoms that follow that one, keyword


class Noun(NamedTuple):
    """The keywords that a word is, or begins."""

    singles: tuple[tuple[int, tuple[int, ...], float], ...]
    # keyword, inside, worth
    seconds: frozenset[int]
    # the second atoms of the phrases that begin with it
    phrases: Phrases
    roads: tuple[int, ...]
    # the numbered roads that may begin with it
    calling: bool
    # what somebody may be: "lärare"
    scene: int
    # a place where people are: SCENE "bussen"; THERE when its ending says that somebody is in it, "bussissa"


class Met(NamedTuple):
    """What a word says. Most words of a message say nothing and have none."""

    acts: bool
    # it does something by itself; else it is only a further word of phrases
    opens: frozenset[str]
    # when it may be the first part of a keyword that somebody wrote as two words: how the second may begin
    noun: Noun | None
    turns: Turn | None
    # what it makes of the words behind it: "utanför", "väg till"
    whole: frozenset[int]
    # the atoms that are this very word
    hits: tuple[Hit, ...]
    matter: bool
    # it says what somebody wants of a place where people are: "öppet"


class Memory(dict[str, Met | None]):
    """What the words so far say.

    People's vocabulary is small (Zipf): most words of a message are answered from memory. What is kept is
    single words, never a message, and a bounded number of them. A plain dict that starts anew when it is
    full takes half the time of `lru_cache`.
    """

    def __init__(self, read: Callable[[str], Met | None]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, word: str) -> Met | None:
        met = self._read(word)
        if len(word) <= LONGEST_WORD:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = met
        return met

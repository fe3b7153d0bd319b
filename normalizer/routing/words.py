"""Words and keywords: how a word in a message meets a keyword of the city.

Swedish inflects at the end and writes compounds as one word, and many people type without å ä ö. So a
keyword is reduced to its stems, both sides are folded (å ä ö become a a o), and a stem may stand first, last
or inside the word. A long word that meets nothing may be misspelt: `normalizer.routing.misspelling` looks once more.
What is looser counts less. The limits come from measuring, see `tests/unit/test_routing.py`.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from normalizer.routing.misspelling import Misspellings

LONGEST_WORD = 40
"""Longer words are links and noise. They are neither searched nor remembered."""

SHORTEST_PART = 3
"""Letters of either part of a keyword that somebody wrote as two words."""

WORD_LIMIT = 300
"""Words read of a text: the matter stands early, and long mail must not cost more."""


_WORD = re.compile(r"[^\W_]+")
_MARKS = tuple(".,!?:-_/()'\"")
# What commonly stands beside words. None is a part of a word.
_VOWELS = frozenset("aeiouyåäö")
_COMPOUNDING = frozenset({"sv", "fi", "nb", "nn", "no", "da", "de"})
# Languages that write compounds as one word. English does not: "litter" is not in "glitter".
_INFLECTION = {"fi": 7, "en": 3}
# Letters that an ending may add; Finnish has the longest.
_INDEXED = 4
_SPLIT_FROM = 7
# A keyword from so many letters is also met as two words, "lek plats".
_MISSPELT = 0.75
# What a misspelt word counts of the word itself.


class Hit(NamedTuple):
    """A part of one word that met an atom."""

    atom: int
    start: int
    end: int
    quality: float
    # 1.0 for the word itself, less for a part of a compound


class _Atom(NamedTuple):
    """One keyword word, prepared."""

    id: int
    stem: str
    plain: str
    # the stem as written, with å ä ö
    reach: int
    # letters that may follow the stem as an ending
    compounding: bool


def split_words(text: str, limit: int = WORD_LIMIT) -> list[str]:
    """The first words of a text, as they stand."""
    if not text:
        return []
    # The slice bounds the work on a text of megabytes: the average word with its space is far below 20.
    text = unicodedata.normalize("NFC", text[: limit * 20])
    # Blanking the common marks and splitting at blanks takes half the time of the pattern, and one look
    # tells whether other marks are left.
    for mark in _MARKS:
        text = text.replace(mark, " ")
    words = text.split()
    if not "".join(words).isalnum():
        words = _WORD.findall(text)
    return words[:limit]


def split_matter(subject: str, text: str) -> list[str]:
    """The first words of a subject and of a text, each read as far as `split_words` reads."""
    # A word has a letter and a blank beside it: what is shorter than that has no word too many.
    if subject and len(subject) + len(text) < 2 * WORD_LIMIT:
        return split_words(f"{subject}\n{text}")
    return split_words(subject) + split_words(text)


@lru_cache(maxsize=5_000)
def fold(word: str) -> str:
    """Lower case without marks: "Snöröjning" and "snorojning" become one."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def reduce_to_stem(word: str, language: str) -> str:
    """Drop the ending that inflection changes: skola/skolor, katuvalo/katuvaloja, roskaaminen/roskaamista."""
    if language == "fi" and len(word) > 6 and word.endswith("nen"):
        return word[:-3]
    if len(word) > 4 and word[-1] in _VOWELS:
        return word[:-1]
    return word


_WEAK_GRADES = (
    # Finnish consonant gradation (VISK § 41): how the last consonants of a stem change before a closed syllable.
    ("kk", "k"),
    ("pp", "p"),
    ("tt", "t"),
    ("nt", "nn"),
    ("lt", "ll"),
    ("rt", "rr"),
    ("mp", "mm"),
    ("nk", "ng"),
)
_WEAK_SINGLES = {"t": "d", "p": "v", "k": ""}


def list_stems(word: str, language: str) -> tuple[str, ...]:
    """Every stem that the inflected forms of a word begin with, the plain one first."""
    plain = reduce_to_stem(word, language)
    if language == "fi":
        return plain, *_grade(word)
    if language == "sv" and len(word) == _INDEXED and word[-1] == "a":
        return plain, f"{word[:-1]}o"  # gata, gator
    if (
        language == "sv"
        and len(word) > 5
        and word[-2] == "e"
        and word[-1] in "lrn"
        and word[-3] not in _VOWELS
    ):
        return plain, f"{word[:-2]}{word[-1]}"  # tunnel, tunnlar; buller, bullrar; vatten, vattnet
    return (plain,)


def _grade(word: str) -> tuple[str, ...]:
    """The weak grade: kuoppa, kuopan; kenttä, kentän; katu, kadun; mäki, mäen."""
    if len(word) > 5 and word.endswith(("us", "ys", "os", "ös")):
        return (f"{word[:-1]}ks",)  # valaistus, valaistuksen (VISK § 63)
    base, vowel = word[:-1], word[-1]
    if len(word) < _INDEXED or vowel not in _VOWELS:
        return ()
    for strong, weak in _WEAK_GRADES:
        if base.endswith(strong):
            return (f"{base[: -len(strong)]}{weak}{vowel}",)
    weak_single = _WEAK_SINGLES.get(base[-1])
    if weak_single is None or base[-2] not in _VOWELS:
        return ()
    return (f"{base[:-1]}{weak_single}{'e' if vowel == 'i' and not weak_single else vowel}",)


class Lexicon:
    """All atoms of one language choice, and which of them a word meets."""

    def __init__(self) -> None:
        self._exact: dict[str, list[tuple[int, str]]] = {}
        self._stems: dict[str, list[_Atom]] = {}
        self._numbered: dict[str, int] = {}
        self._ids: dict[tuple[str, str], int] = {}
        self._misspellings = Misspellings()
        self.openers: dict[str, set[str]] = {}
        # folded first part of a keyword -> how the rest of it begins, for "lek plats"

    def add(self, word: str, language: str) -> int:
        """Take in one keyword word; the same word in the same language is one atom."""
        key = (word, language)
        if key not in self._ids:
            self._ids[key] = number = len(self._ids)
            exact = word.startswith("=")
            plain = unicodedata.normalize("NFC", word.lstrip("=")).lower()
            if exact or len(plain) < _INDEXED:
                self._exact.setdefault(fold(plain), []).append((number, plain))
            else:
                for stem in list_stems(plain, language):
                    self._take(number, stem, _INFLECTION.get(language, 4) + len(plain) - len(stem), language)
        return self._ids[key]

    def _take(self, number: int, stem: str, reach: int, language: str) -> None:
        atom = _Atom(number, fold(stem), stem, reach, language in _COMPOUNDING)
        self._stems.setdefault(atom.stem[:_INDEXED], []).append(atom)
        self._misspellings.add(atom.stem, number, reach)
        if len(atom.stem) >= _SPLIT_FROM:
            for end in range(SHORTEST_PART, len(atom.stem) - SHORTEST_PART + 1):
                rest = atom.stem[end : end + SHORTEST_PART]
                self.openers.setdefault(atom.stem[:end], set()).add(rest)

    def add_numbered(self, word: str) -> int:
        """Take in a word that makes a place with a number; it is met as "väg" (before 66) and as "E18"."""
        key = (word, "#")
        if key not in self._ids:
            self._ids[key] = self._numbered[fold(word)] = len(self._ids)
        return self._ids[key]

    def look(self, word: str) -> tuple[Hit, ...]:
        """What a word meets. This is slow: remember the answer."""
        if len(word) > LONGEST_WORD:
            return ()
        plain, folded = word.lower(), fold(word)
        # Where the writer did put marks they must agree: "får" is not "far". A ligature can shift positions.
        marked = plain != folded and len(plain) == len(folded)
        found = [
            Hit(number, 0, len(folded), 1.0)
            for number, written in self._exact.get(folded, ())
            if not marked or written == plain
        ]
        stems = self._stems
        for start in range(len(folded) - _INDEXED + 1):
            for atom in stems.get(folded[start : start + _INDEXED], ()):
                quality = _judge(atom, folded, plain if marked else "", start)
                if quality:
                    found.append(Hit(atom.id, start, start + len(atom.stem), quality))
        if len(found) > 1:
            found = _drop_crossing(found)
        if self._numbered:
            road = self._numbered.get(folded.rstrip("0123456789"))
            if road is not None:
                found.append(Hit(road, 0, len(folded), 1.0))
        if not found:
            found = [Hit(number, 0, end, _MISSPELT) for number, end in self._misspellings.find(folded)]
        return tuple(found)


def _drop_crossing(found: list[Hit]) -> list[Hit]:
    """Without the parts that begin inside the word itself and reach into its ending: no "silta" in "bussilla"."""
    end = max((hit.end for hit in found if hit.quality == 1.0), default=0)
    return [hit for hit in found if not hit.start < end < hit.end]


def _judge(atom: _Atom, folded: str, marked: str, start: int) -> float:
    """How well an atom fits a word from `start` on; 0.0 when it does not."""
    end = start + len(atom.stem)
    if folded[start:end] != atom.stem or (marked and marked[start:end] != atom.plain):
        return 0.0
    tail = len(folded) - end
    ending = tail <= atom.reach
    if start == 0:
        if ending and (len(atom.stem) > 4 or tail <= 4):
            return 1.0
        # A short stem typed without its marks is too little for a compound: "trad" is in "tradition".
        weak = len(atom.stem) == 4 and not marked and atom.stem != atom.plain
        return 0.75 if atom.compounding and not weak else 0.0
    # A first part has three letters ("gat-", not "s-park"), or two before a long keyword ("el-faktura").
    if not atom.compounding or start < (2 if len(atom.stem) > 5 else 3):
        return 0.0
    # A stem of four letters may only end a word: "skol-buss-ar", but "före-träd-are" is no tree.
    return 0.75 if len(atom.stem) > 4 or tail <= 2 else 0.0

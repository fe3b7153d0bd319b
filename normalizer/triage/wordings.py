"""Wordings: ways of saying something, as a city writes them in a file, found in a message. Pure.

One line of the file is one wording:

    gaslukt*              a word; * stands for more letters, before or after
    vill dö               words that follow each other; words such as "bara" may stand between
    slår/slog mig         either word
    <barn> ... ensamma    a named list of words; ... up to four words between
    <barn> + blåmärke*    both in one sentence, at most ten words apart, in any order
    <barn> & ensam*       both within forty words, in any order, in one sentence or in neighbours that speak of the
                          same person

Words are met without å ä ö too, with one letter wrong when they have seven letters or more ("sjelvmord" is met
by "självmord"), and written apart ("själv mord"). All words are looked up in one pass; what most words say,
nothing, is remembered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

TEXT_LIMIT = 200_000
"""Letters read of a text."""

STOP, PAUSE = "0stop", "0pause"
"""Words that stand for the end of a sentence, and for a comma, in a list of words."""

_MARKS = (
    (("'", "\N{RIGHT SINGLE QUOTATION MARK}"), ""),
    ((". ", "!", "?", "\N{HORIZONTAL ELLIPSIS}"), f" {STOP} "),
    ((",", ";", ": "), f" {PAUSE} "),
    ((".", "-", ":", "/", "(", ")", '"', "_"), " "),
)
# What stands beside words, and what it becomes.
_LINES = (
    (".\n", f" {STOP} "),
    ("\n\n", f" {STOP} "),
    ("\n-", "\n "),
    ("-\n", " \n"),
    (":\n", " "),
    ("\n", " "),
)
# The same where a line ends: a colon or a dash is no pause there.
_DASHES, _LAST = "-\N{EN DASH}", ".:-\N{EN DASH}"
_REMEMBERED, _LONGEST_PIECE = 5_000, 60
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassWords:
    """How one class of messages speaks, in one language."""

    always: tuple[str, ...] = ()
    # counts whatever stands around it
    words: tuple[str, ...] = ()
    # counts unless it is denied, or `unless` or a theme stands near
    hints: tuple[str, ...] = ()
    # two different ones in one message count like one of `words`
    unless: tuple[str, ...] = ()
    # in the same sentence: words and hints say nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageWords:
    """All wordings of one language."""

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # name -> words, for <name>
    alike: tuple[str, ...] = ()
    # "inte int ej": a word, and others that count as that word in every wording
    common: tuple[str, ...] = ()
    # the most frequent words: no wording is looked for by them. Only speed depends on it
    fillers: tuple[str, ...] = ()
    # may stand between the words of a wording
    negations: tuple[str, ...] = ()
    # deny what follows within two words
    negations_after: tuple[str, ...] = ()
    # deny what stands up to two words before: "brinner inte"
    others: tuple[str, ...] = ()
    # "han", "hennes": a sentence with one of them goes on about whom the one before spoke of
    speaker: tuple[str, ...] = ()
    # "jag", "min": two neighbouring sentences with one of them each speak of the writer
    joints: tuple[str, ...] = ()
    # begin something new: no denial reaches back over them, as in "vill dö och ingen ..."
    figures: tuple[str, ...] = ()
    # figures of speech and harmless uses: read first, and their words say nothing else
    themes: tuple[str, ...] = ()
    # in the same sentence or the one before: it is about a film, a course, school work
    classes: Mapping[str, ClassWords] = field(default_factory=dict)
    signs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # class -> "5 word word ...", see `normalizer.triage.signs`
    signs_limit: int = 0
    # points that make an alarm; 0: no signs are counted


class WordingError(ValueError):
    """A wording that cannot be read; the message says why."""


def split_sentences(*texts: str) -> list[str]:
    """The words of texts in their order, with STOP and PAUSE where sentences and their parts end."""
    words: list[str] = []
    for given in texts:
        text = given[:TEXT_LIMIT]
        if "\n" in text:
            for marks, instead in _LINES:
                text = text.replace(marks, instead)
        # Marks at the ends say nothing: the text ends anyway.
        for said in map(_pieces.__getitem__, text.lstrip(_DASHES).rstrip(_LAST).split(" ")):
            words += said
        words.append(STOP)
    return words


class _Pieces(dict[str, tuple[str, ...]]):
    """What stands between two blanks, and the words and ends it is: "gatan." is two. Single words, a bounded number."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        text = f"{piece} "
        for marks, instead in _MARKS:
            for mark in marks:
                text = text.replace(mark, instead)
        if piece in _DASHES:
            text = f" {PAUSE} " if piece else ""
        found = text.split()
        words = tuple(found if "".join(found).isalnum() else _WORD.findall(text))
        if len(piece) <= _LONGEST_PIECE:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[piece] = words
        return words


_pieces = _Pieces()


@dataclass(frozen=True, slots=True)
class Saying:
    """A wording taken apart."""

    sides: tuple[tuple[tuple[str, bool], ...], ...]
    # each a list of (alternatives as written, whether other words may stand before)
    far: bool
    # the sides may stand in neighbouring sentences


def parse_wording(line: str) -> Saying:
    """The sides of a wording. Raises WordingError."""
    far = "&" in line
    if far and "+" in line:
        raise WordingError("has + and &: one of them at a time")
    sides = []
    for part in line.split("&" if far else "+"):
        side: list[tuple[str, bool]] = []
        gap = False
        for each in part.split():
            if each == "...":
                gap = bool(side)
            else:
                side.append((each, gap))
                gap = False
        if not side:
            raise WordingError("has a side without words")
        sides.append(tuple(side))
    return Saying(tuple(sides), far)


def list_words(alternatives: str, lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words of alternatives such as "slår/<hot>/dödar". Raises WordingError."""
    words: list[str] = []
    for word in alternatives.split("/"):
        if word.startswith("<") and word.endswith(">"):
            if word[1:-1] not in lists:
                raise WordingError(f"names the list {word}, which is not among the lists")
            words += lists[word[1:-1]]
        else:
            words.append(word)
    return tuple(words)

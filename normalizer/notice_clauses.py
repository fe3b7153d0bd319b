"""What the clauses of a mail say as parts of a notice, told by the concepts that meet in one clause.

"Not", "read" and "mailbox" in one clause: the mail is not read, in whichever words of whichever language. No concept
says anything alone, so each list can be long; a resident's clause seldom holds a whole pair.
"""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re
import unicodedata
from dataclasses import dataclass
from enum import IntFlag, auto

from normalizer import absence_stems, notice_stems

_MARKS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "ð": "d", "þ": "th"})
_WORD = re.compile(r"[^\W_]+")
_JOINED = "\u0530"
# Armenian and beyond: letters joined to the word, vowel signs that are no letters, or no blanks
_JOINED_LETTER = re.compile("[\u0530-\uffff]")


_STEMS = {**vars(absence_stems), **vars(notice_stems)}


class Concept(IntFlag):
    """What a word may stand for."""

    NOT = auto()
    DEAL = auto()
    BOX = auto()
    WORK = auto()
    NO_MORE = auto()
    LEFT = auto()
    NEW = auto()
    COVER = auto()
    DUE = auto()
    AT = auto()
    AGAIN = auto()
    ABSENT = auto()
    THANKS = auto()
    DAYS = auto()
    DAY = auto()
    THIS = auto()
    ASK = auto()
    ME = auto()
    PATIENCE = auto()
    STILL = auto()
    OUT = auto()
    DEED = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Which parts of a notice a mail has, and whether it speaks of something that its writer does or wants."""

    away: bool
    absent: bool
    # in the formal word for it
    back: bool
    thanks: bool
    # for a message
    gone: bool
    # left the employment
    unread: bool
    # the mail is not read, or seldom
    unread_box: bool
    # of the mailbox itself: nobody says so of his own mail
    moved: bool
    # the address is another one now, or closed
    covered: bool
    # somebody else helps
    later: bool
    # an answer comes, and when
    dated: bool
    deed: bool


def drop_marks(text: str) -> str:
    """Without the marks on Latin, Greek and Cyrillic letters: many write without them."""
    if text.isascii():
        return text
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


class Pieces:
    """Pieces of scripts whose words cannot be cut out, found by what they begin with."""

    def __init__(self) -> None:
        self._by_letter: dict[str, list[tuple[str, int]]] = {}

    def add(self, piece: str, concept: int) -> None:
        self._by_letter.setdefault(piece[:2], []).append((piece, concept))

    def read(self, text: str) -> int:
        found, known = 0, self._by_letter
        for at in range(len(text)):
            for start in (text[at], text[at : at + 2]):
                for piece, concept in known.get(start, ()):
                    if text.startswith(piece, at):
                        found |= concept
        return found


class _Table:
    """Every stem of every concept, looked up by the beginnings of a word: as many steps as the word has letters."""

    def __init__(self) -> None:
        self._starts: dict[str, int] = {}
        self._whole: dict[str, int] = {}
        self._phrases: dict[str, list[tuple[str, int]]] = {}
        self._pieces = Pieces()
        for concept in Concept:
            for line in _STEMS[str(concept.name)].strip().split("\n"):
                for stem in drop_marks(line.partition(":")[2]).split():
                    self._add(stem, int(concept))
        self._longest = max(map(len, self._starts))

    def _add(self, stem: str, concept: int) -> None:
        bare = stem.strip("_")
        if "_" in bare or "-" in bare or "'" in bare:
            phrase = stem.replace("_", " ")
            first = _WORD.findall(phrase)[0]
            if first[0] >= _JOINED:
                self._pieces.add(phrase, concept)
            else:
                self._phrases.setdefault(first, []).append((" " + phrase, concept))
        elif stem.endswith("_"):
            self._whole[bare] = self._whole.get(bare, 0) | concept
        elif bare[0] >= _JOINED:
            self._pieces.add(bare, concept)
        else:
            self._starts[bare] = self._starts.get(bare, 0) | concept

    def read(self, clause: str) -> int:
        found = 0
        padded = f" {clause} "
        for word in _WORD.findall(clause):
            found |= self._whole.get(word, 0)
            for end in range(2, min(len(word), self._longest) + 1):
                found |= self._starts.get(word[:end], 0)
            for phrase, concept in self._phrases.get(word, ()):
                if phrase in padded:
                    found |= concept
        if _JOINED_LETTER.search(clause):
            found |= self._pieces.read(padded)
        return found


_TABLE = _Table()
_C = Concept
# the combinations as plain numbers: every clause is compared with each of them
_NOT_READ, _NOT_SOON_READ = int(_C.NOT | _C.DEAL | _C.BOX), int(_C.NOT | _C.DEAL | _C.DUE)
_THIS_NOT_READ, _THIS_NO_MORE = int(_C.THIS) | _NOT_READ, int(_C.THIS | _C.NO_MORE | _C.BOX)
_NO_MORE_WORK, _NO_MORE_BOX = int(_C.NO_MORE | _C.WORK), int(_C.NO_MORE | _C.BOX)
_NOT_AT, _AT_AGAIN, _AGAIN_ON = int(_C.NOT | _C.AT), int(_C.AT | _C.AGAIN), int(_C.AGAIN | _C.DAY)
_NEW_BOX, _THANKS_FOR_MAIL = int(_C.NEW | _C.BOX), int(_C.THANKS | _C.BOX)
_WHEN, _AWAY, _MAIL = int(_C.DUE | _C.DAYS | _C.DAY), int(_C.OUT | _C.ABSENT), int(_C.DEAL | _C.BOX)
_NOT, _DEAL, _BOX, _STILL, _DEED = int(_C.NOT), int(_C.DEAL), int(_C.BOX), int(_C.STILL), int(_C.DEED)
_AGAIN = int(_C.AGAIN)
_ASK, _ME, _PATIENCE = int(_C.ASK), int(_C.ME), int(_C.PATIENCE)
_LEFT, _COVER, _ABSENT, _DAY, _THANKS = (
    int(_C.LEFT),
    int(_C.COVER),
    int(_C.ABSENT),
    int(_C.DAY),
    int(_C.THANKS),
)


def read_clause(clause: str) -> int:
    """The concepts that a clause, in lower case, holds: a sum of `Concept`."""
    return _TABLE.read(drop_marks(clause))


def _has(found: int, *combinations: int) -> bool:
    return any(found & combination == combination for combination in combinations)


def _is_deed(found: int) -> bool:
    """Whether the writer does or wants something, or waits for an answer."""
    return found & _DEED != 0 or (_has(found, _STILL | _NOT) and found & _MAIL != 0)


def is_part(clause: str) -> bool:
    """Whether a clause says something that notices say, and nothing of what residents do or want."""
    found = read_clause(clause)
    if _is_deed(found):
        return False
    return (
        found & (_AWAY | _LEFT | _COVER) != 0
        or _has(found, _NOT_AT, _AT_AGAIN, _AGAIN_ON, _THANKS_FOR_MAIL, _NO_MORE_WORK, _NO_MORE_BOX, _NEW_BOX)
        or (found & _NOT != 0 and found & _MAIL != 0)
        or (found & _DEAL != 0 and found & (_WHEN | _BOX) != 0)
        or (found & _AGAIN != 0 and "#" in clause)
    )


def asks_for_deed(clause: str) -> bool:
    """Whether it requests something other than to turn elsewhere, to be patient or not to answer."""
    found = read_clause(clause)
    return found & _ASK != 0 and found & (_MAIL | _COVER | _PATIENCE) == 0


def wants_call(clause: str) -> bool:
    """Whether the writer asks to be called himself."""
    return read_clause(clause) & _ME != 0


def names_mail(clause: str) -> bool:
    """Whether a clause names a message or a mailbox."""
    return read_clause(clause) & _BOX != 0


def names_thanks(clause: str) -> bool:
    return read_clause(clause) & _THANKS != 0


def is_elsewhere(clause: str) -> bool:
    """Whether it says that somebody is not at work, or not to be reached."""
    return _has(read_clause(clause), _NOT_AT)


def find_parts(clauses: list[str]) -> Parts:
    """The parts of a notice in these clauses, which are in lower case, with "#" for each number."""
    read = [read_clause(clause) for clause in clauses]

    def told(*combinations: int) -> bool:
        return any(_has(found, *combinations) for found in read)

    return Parts(
        away=told(_NOT_AT, _AT_AGAIN) or any(found & _AWAY for found in read),
        absent=told(_ABSENT),
        back=told(_AT_AGAIN, _AGAIN_ON)
        or any(found & _AGAIN and "#" in clause for found, clause in zip(read, clauses, strict=True)),
        thanks=told(_THANKS_FOR_MAIL),
        gone=told(_NO_MORE_WORK, _LEFT),
        unread=told(_NOT_READ, _NOT_SOON_READ),
        unread_box=told(_THIS_NOT_READ, _THIS_NO_MORE),
        moved=told(_NEW_BOX, _NO_MORE_BOX),
        covered=told(_COVER),
        later=any(found & _DEAL and found & _WHEN for found in read),
        dated=told(_DAY),
        deed=any(map(_is_deed, read)),
    )

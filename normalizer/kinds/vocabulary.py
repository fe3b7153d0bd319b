"""Words, beginnings of words, phrases and pieces, each with what it stands for: a text is read once for all of them."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re
import unicodedata
from collections.abc import Callable
from functools import reduce
from operator import add, or_

_MARKED = re.compile(
    "[\u00c0-\u036f\u0370-\u052f\u0622-\u0626\u0640-\u065f\u0670\u0649\u06a9\u06c0\u06c1\u06cc\u1e00-\u1fff\u200c]"
)
_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670\u200c]")
_LETTERS = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "ð": "d", "þ": "th",
    "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u06c0": "\u0647", "\u06c1": "\u0647",
})  # fmt: skip
# Arabic and Persian keyboards write yeh, kaf and heh with letters of their own, hamza and vowels at will.
_WORD = re.compile(r"[^\W_]+")
_FIRST_JOINED = "\u0530"
_JOINED = re.compile("[\u0530-\u1dff\u2e80-\uffff]")
# Armenian and beyond: letters joined to the word, vowel signs that are no letters, or no blanks
_REMEMBERED = 16_384
# words
_LONGEST = 40
# letters of a word: nothing longer is remembered, or stands in a table
_BEGINS_PHRASE = 1 << 58
# above every bit of a caller


def drop_marks(text: str) -> str:
    """Without the marks on Latin, Greek, Cyrillic and Arabic letters: many write without them."""
    if text.isascii() or _MARKED.search(text) is None:
        return text
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def has_joined_letters(text: str) -> bool:
    """Whether it is in a script whose words cannot be cut out, at least in part."""
    return not text.isascii() and _JOINED.search(text) is not None


class Remembered(dict[str, int]):
    """What single words stand for, worked out once a word, for so many words as are bounded."""

    def __init__(self, find: Callable[[str], int]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> int:
        if len(word) > _LONGEST:
            return self._find(word[:_LONGEST])
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[word] = self._find(word)
        return found


class Vocabulary:
    """What a text says, as a sum of bits. Signs are in lower case, without marks on their letters; texts with them.

    A text costs a look-up for each of its words, whatever the number of signs.
    """

    def __init__(self) -> None:
        self._starts: dict[str, int] = {}
        self._whole: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        self._phrases: dict[str, list[tuple[str, int]]] = {}
        self._pieces: dict[str, list[tuple[str, int]]] = {}
        self._letters: list[tuple[str, int]] = []
        self._pairs: set[str] = set()
        self._words = Remembered(self._read_word)

    def add_start(self, sign: str, bit: int) -> None:
        """The beginning of a word; in a script with joined letters it may stand anywhere."""
        if sign[0] >= _FIRST_JOINED:
            self._add_piece(sign, bit)
        else:
            self._starts[sign] = self._starts.get(sign, 0) | bit

    def add_whole(self, word: str, bit: int) -> None:
        self._whole[word] = self._whole.get(word, 0) | bit

    def add_end(self, end: str, bit: int) -> None:
        """The end of a word, in languages that join words into one."""
        self._ends[end] = self._ends.get(end, 0) | bit

    def add_phrase(self, phrase: str, bit: int) -> None:
        """Several words, of which only the last may go on."""
        first = _WORD.findall(phrase)[0]
        if first[0] >= _FIRST_JOINED:
            self._add_piece(phrase, bit)
        else:
            self._phrases.setdefault(first, []).append((phrase, bit))

    def add_sign(self, sign: str, bit: int) -> None:
        """A word with a blank after it stands for the whole word, without for its beginning."""
        if has_joined_letters(sign):
            self._add_piece(sign, bit)
        elif sign.isalnum():
            self.add_start(sign, bit)
        elif sign.strip().isalnum():
            self.add_whole(sign.strip(), bit)
        else:
            self.add_phrase(sign, bit)

    def _add_piece(self, piece: str, bit: int) -> None:
        if len(piece) == 1:
            self._letters.append((piece, bit))
        else:
            self._pieces.setdefault(piece[:2], []).append((piece, bit))
            self._pairs.add(piece[:2])

    def read(self, text: str) -> int:
        if not text.isascii() and _MARKS.search(text):
            text = drop_marks(text)  # marks that stand apart from their letters would cut a word
        found = reduce(or_, map(self._words.__getitem__, _WORD.findall(text)), 0)
        if found & _BEGINS_PHRASE:
            padded = f" {drop_marks(text)} "
            for word in self._phrases.keys() & _WORD.findall(padded):
                for phrase, bit in self._phrases[word]:
                    if phrase in padded:
                        found |= bit
        if has_joined_letters(text):
            found |= self._read_pieces(f" {drop_marks(text)} ")
        return found & ~_BEGINS_PHRASE

    def _read_pieces(self, text: str) -> int:
        found = 0
        for pair in self._pairs & set(map(add, text, text[1:])):
            for piece, bit in self._pieces[pair]:
                if piece in text:
                    found |= bit
        for letter, bit in self._letters:
            if letter in text:
                found |= bit
        return found

    def _read_word(self, word: str) -> int:
        word = drop_marks(word)
        found = self._whole.get(word, 0) | (_BEGINS_PHRASE if word in self._phrases else 0)
        for end in range(1, len(word) + 1):
            found |= self._starts.get(word[:end], 0) | self._ends.get(word[-end:], 0)
        return found

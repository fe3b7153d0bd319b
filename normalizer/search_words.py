"""What a text is found by: its words without marks and endings, and the later parts of compounds. Pure.

Both sides are reduced alike, so a stem need not be a word: it only has to be the same for the forms of one word.
The endings are those of Swedish nouns, adjectives and verbs (Svenska Akademiens grammatik, part 2); other languages
are found by their words' beginnings. A reader asks for a beginning, so "cykel" finds "cykelbana"; the later part of
a compound is indexed by itself, so "bana" finds it too.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from normalizer.personal_number import mask
from normalizer.reference import BadReference, read_reference
from normalizer.routing.words import LONGEST_WORD, fold, split_words

MOST_WORDS = 1500
"""Words of one case that it is found by."""

MOST_ASKED = 8
"""Words of one question."""

LONGEST_QUESTION = 200
"""Characters."""

_ENDINGS = (
    "heternas", "heterna", "hetens", "heten", "heter", "arnas", "ernas", "ornas", "andets", "andet", "andes",
    "arens", "arna", "erna", "orna", "anden", "aren", "ande", "ades", "ade", "are", "aste", "ast", "ens", "ets",
    "ers", "ars", "ors", "en", "et", "an", "er", "ar", "or", "as", "es", "at", "ad", "a", "e",
)  # fmt: skip
_BY_LENGTH = [
    (length, frozenset(e for e in _ENDINGS if len(e) == length)) for length in sorted({*map(len, _ENDINGS)})
][::-1]
_VOWELS = frozenset("aeiouy")
_SHORTEST = 3
_DIVIDED = 7
# A word from so many letters may be a compound.
_ASCII = re.compile(r"[a-z0-9]+")
_PHONE = re.compile(r"[+(]?\d[\d\s()\-/.]{4,30}\d")
_COUNTRY = ("0046", "46", "0")


@lru_cache(maxsize=20_000)
def reduce_word(word: str) -> str:
    """A folded word's stem: hal, halet and halen are hal; cykel, cykeln and cyklar are cykl."""
    stem = _drop_ending(word)
    if stem == word and not _is_swedish(word):
        return word
    stem = _drop_e(stem)
    if stem[-2:] in {"gt", "dt", "gd"} and len(stem) > _SHORTEST + 1:
        stem = stem[:-1]
    if len(stem) > _SHORTEST and stem[-1] in "lnr" and (stem[-3] == stem[-2] or stem[-3:-1] == "ck"):
        stem = stem[:-1]  # tunnlar, vattnet, nycklar
    if len(stem) > _SHORTEST and stem[-1] == stem[-2]:
        stem = stem[:-1]  # bussen
    return stem


def _is_swedish(word: str) -> bool:
    return len(word) > _SHORTEST and _ASCII.fullmatch(word) is not None and not word[-1].isdigit()


def _drop_ending(word: str) -> str:
    """As much of the word as its forms and its compounds begin with: buss of bussen, cykel of cykeln."""
    if not _is_swedish(word):
        return word
    if word.endswith(("eln", "els")) and word[-4] not in _VOWELS and len(word) > _SHORTEST + 2:
        return word[:-1]
    if word.endswith("el"):
        return word
    for length, endings in _BY_LENGTH:
        if word[-length:] in endings and _can_stand(word[:-length]):
            return word[:-length]
    return word[:-1] if word[-1] == "s" and word[-2] != "s" and _can_stand(word[:-1]) else word


def _can_stand(stem: str) -> bool:
    return len(stem) >= _SHORTEST and not _VOWELS.isdisjoint(stem)


def _drop_e(word: str) -> str:
    """The e that comes and goes: cykel, cyklar."""
    if len(word) > _SHORTEST + 1 and word[-2:] == "el" and word[-3] not in _VOWELS:
        return f"{word[:-2]}l"
    return word


@lru_cache(maxsize=20_000)
def _plain(word: str) -> str:
    """Letters and digits alone, as every tokenizer knows them: folding makes "1/2" of one sign."""
    folded = fold(word)
    if folded.isascii():
        return folded
    return "".join(c for c in folded if unicodedata.ucd_3_2_0.category(c)[0] in "LN")


@lru_cache(maxsize=20_000)
def _list_parts(word: str) -> tuple[str, ...]:
    """A word's stem, and of a long one what may be a compound's later part."""
    stem = reduce_word(word)
    if len(word) < _DIVIDED or not word.isalpha() or not _ASCII.fullmatch(word):
        return (stem,)
    later = (
        stem[at:]
        for at in range(_SHORTEST, len(stem) - _SHORTEST + 1)
        if not _VOWELS.isdisjoint(stem[:at]) and not _VOWELS.isdisjoint(stem[at : at + 3])
    )
    return (stem, *later)


def list_terms(texts: Iterable[str]) -> Sequence[str]:
    """What a case with these texts is found by, in order, each once. Nobody is found by a personal identity number."""
    found: set[str] = set()
    left = MOST_WORDS
    for given in texts:
        if left <= 0:
            break
        text = mask(given[: left * 20])
        words = split_words(text, left)
        left -= len(words)
        for word in words:
            if len(word) <= LONGEST_WORD:
                found.update(_list_parts(_plain(word)))
        found.update(_list_numbers(text))
    found.discard("")
    return sorted(found)


def list_addresses(channel: str, value: str) -> Sequence[str]:
    """What an address is found by: a telephone number whole, an e-mail address by its words."""
    digits = "".join(c for c in value if c.isdigit())
    if "@" not in value and len(digits) > 5:
        return (_national(digits),)
    return list_terms((value,)) if channel in {"email", "form"} or "@" in value else ()


def _list_numbers(text: str) -> Iterable[str]:
    """Telephone numbers however they are spaced."""
    for match in _PHONE.finditer(text):
        digits = "".join(c for c in match[0] if c.isdigit())
        if 7 <= len(digits) <= 15:
            yield _national(digits)


def _national(digits: str) -> str:
    """A number without what says from where it is called."""
    for prefix in _COUNTRY:
        if digits.startswith(prefix) and len(digits) - len(prefix) >= 6:
            return digits[len(prefix) :].removeprefix("0")
    return digits


class Sought(NamedTuple):
    """One word of a question: a term that is `stem`, or that begins with `beginning` where that is not empty."""

    stem: str
    beginning: str


def read_question(typed: str) -> tuple[str, Sequence[Sought]]:
    """What somebody looks for: a case's number or "", else the words that a case must all have."""
    typed = mask(" ".join(typed[:LONGEST_QUESTION].split()))
    pieces = typed.split(" ")
    for candidate in (typed, *pieces, *(f"{a}{b}" for a, b in pairwise(pieces))):
        try:
            return read_reference(candidate.strip("#,.;:()")), ()
        except BadReference:
            continue
    digits = "".join(c for c in typed if c.isdigit())
    if len(digits) > 5 and _PHONE.fullmatch(typed):
        return "", (Sought(_national(digits), ""),)
    words = [word for word in split_words(typed, MOST_ASKED) if len(word) <= LONGEST_WORD]
    return "", tuple(dict.fromkeys(_seek(plain) for plain in map(_plain, words) if plain))


def _seek(word: str) -> Sought:
    # Of three letters a beginning is everything: "hal" begins halka and hallen.
    return Sought(reduce_word(word), _drop_ending(word) if len(word) > _SHORTEST else "")

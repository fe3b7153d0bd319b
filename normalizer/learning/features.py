"""A text as numbers: which words and which runs of letters stand in it. Pure, for any language.

Every word, every pair of neighbouring words and every run of three to five letters within a word becomes a
number by a hash (the "hashing trick", Weinberger et al. 2009): no dictionary is kept, and nothing of a
resident's text can be read back out of a model. Runs of letters carry what stems and compounds would, for
any language that writes with letters, and they forgive misspellings.

Letters are folded first (case, accents, umlauts) and every digit becomes 0, so that no number of a person,
a telephone or a case can ever be a feature.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

BUCKETS: Final = 1 << 18
"""Numbers that a feature can be. More than the n-grams of ten thousand short reports."""

FEATURES: Final = 1
"""Changes when the same text gets other features: a model made with others is of no use then."""

WORD_LIMIT = 300
"""Words read of a text: the matter stands early, and long mail must not cost more."""

READ_LIMIT = 20_000
# characters looked at before words are counted
_LETTERS_LIMIT = 4_000
# letters of all words together: bounds texts of endless words
_LONGEST_WORD = 40
_SHORTEST_RUN, _LONGEST_RUN = 3, 5
_WORD_SALT, _PAIR_SALT = 101, 102

Ids = NDArray[np.int32]
Values = NDArray[np.float32]

# A letter or digit, then more of them, or marks that are not letters to Python but stand within words:
# combining accents, Hebrew and Arabic vowels, the signs of Indic scripts, Thai and Lao.
_WORD = re.compile(
    "[^\\W_](?:[^\\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0ecd])*"
)
_DIGIT = re.compile(r"\d")
_PERSONAL = re.compile(r"(?<!\d)(?:19|20)?(\d{6})[-+ ]?(\d{4})(?!\d)")
# personnummer and samordningsnummer as people write them (Skatteverket, SKV 704)
_SPACE = 32
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_KEPT = np.uint64(64 - 18)
# odd 64-bit constants: multiplying by them loses nothing, the upper bits are well mixed


@dataclass(frozen=True, kw_only=True, slots=True)
class Features:
    """What a learner knows of one text. `ids` and `counts` have one entry a distinct feature."""

    ids: Ids
    counts: Values
    # 1 + ln(how often it stands in the text)
    words_from: int
    # the index in `ids` from which they are words; before it they are runs of letters

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, kw_only=True, slots=True)
class Traced:
    """The features of a text one by one with the word that each stands in, for explanations."""

    words: tuple[str, ...]
    # as written, personal numbers masked
    ids: Ids
    owners: Ids
    # index in `words`, for every entry of `ids`
    is_word: NDArray[np.bool_]
    # a whole word or a pair of words; otherwise a run of letters


def mask_personal_numbers(text: str) -> str:
    """The text with every Swedish personal number replaced by zeros: the form, a date, and the Luhn digit."""
    return _PERSONAL.sub(_mask, text)


def extract(text: str) -> Features:
    """The distinct features of a text. Empty for a text without letters or digits."""
    traced = trace(text)
    runs, run_counts = np.unique(traced.ids[~traced.is_word], return_counts=True)
    words, word_counts = np.unique(traced.ids[traced.is_word], return_counts=True)
    counts = np.concatenate([run_counts, word_counts])
    return Features(
        ids=np.concatenate([runs, words]),
        counts=(1 + np.log(counts)).astype(np.float32),
        words_from=len(runs),
    )


def trace(text: str) -> Traced:
    """Every feature of a text in its place."""
    written = _read_words(text)
    folded = [_fold(word) for word in written]
    if not folded:
        nothing = np.zeros(0, np.int32)
        return Traced(words=(), ids=nothing, owners=nothing, is_word=np.zeros(0, np.bool_))
    letters = np.frombuffer((" " + " ".join(folded) + " ").encode("utf-32-le"), np.uint32).astype(np.uint64)
    spaces = np.cumsum(letters == _SPACE)
    ids: list[Ids] = []
    owners: list[Ids] = []
    rolling = letters.copy()
    for length in range(2, _LONGEST_RUN + 1):
        # The hash of a run is a polynomial of its letters, for all places of the text at once.
        rolling = rolling[:-1] * _STEP + letters[length - 1 :]
        if length < _SHORTEST_RUN or not len(rolling):
            continue
        # A run may begin or end with the space beside its word, but not reach over it.
        within = spaces[length - 2 : len(spaces) - 1] == spaces[: len(rolling)]
        ids.append(_bucket(rolling[within], length))
        owners.append((spaces[: len(rolling)][within] - 1).astype(np.int32))
    runs = sum(map(len, ids))
    word_hashes = np.array([zlib.crc32(word.encode()) for word in folded], np.uint64)
    places = np.arange(len(folded), dtype=np.int32)
    ids += [_bucket(word_hashes, _WORD_SALT), _bucket(word_hashes[:-1] * _STEP + word_hashes[1:], _PAIR_SALT)]
    owners += [places, places[:-1]]
    all_ids = np.concatenate(ids)
    return Traced(
        words=tuple(written),
        ids=all_ids,
        owners=np.concatenate(owners),
        is_word=np.arange(len(all_ids)) >= runs,
    )


def _read_words(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", mask_personal_numbers(text[:READ_LIMIT]))
    words: list[str] = []
    letters = 0
    for found in _WORD.finditer(text):
        word = found[0][:_LONGEST_WORD]
        letters += len(word)
        if len(words) == WORD_LIMIT or letters > _LETTERS_LIMIT:
            break
        words.append(word)
    return words


@lru_cache(maxsize=1 << 14)
def _fold(word: str) -> str:
    """Without case, marks above letters and the value of digits: "Mülltonne" and "mulltonne" are the same."""
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.casefold())
        # A sign of an Indic script is a mark too, and stays: only those above and below letters go.
        word = "".join([c for c in word if not "\u0300" <= c <= "\u036f"]).replace(" ", "")
    return word.lower() if word.isalpha() else _DIGIT.sub("0", word.lower())


def _bucket(hashes: NDArray[np.uint64], salt: int) -> Ids:
    mixed = (hashes ^ np.uint64(salt)) * _MIX
    mixed ^= mixed >> _HALF
    return ((mixed * _MIX) >> _KEPT).astype(np.int32)


def _mask(found: re.Match[str]) -> str:
    date, rest = found[1], found[2]
    month, day = int(date[2:4]), int(date[4:6])
    # A samordningsnummer has 60 added to the day.
    dated = 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)
    return _DIGIT.sub("0", found[0]) if dated and _is_luhn(date + rest) else found[0]


def _is_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: every other digit doubled, the digits summed, divisible by ten."""
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
    return total % 10 == 0

"""Which language a text is written in: ISO 639-1 where it has a code, or "" when that cannot be said.

The script comes first and often settles it. Where languages share a script, three things are added up
for every language: a detector of character sequences (eldc), common words (`language_words`, also as
they are typed without their dots), and the letters that the language does or does not have.

Norwegian is "no", Bokmål and Nynorsk alike. Bosnian, Croatian and Serbian in Latin letters are "bs" and
in Cyrillic ones "sr"; Malay is answered "id"; Kurmanji is "ku" and Sorani "ckb" (ISO 639-3).
"""

# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re
import unicodedata
from bisect import bisect_right

import eldc

from normalizer.language_words import WORDS

MAX_READ = 400
# characters: more does not make the answer better
ENOUGH_WORDS = 3
# Under three words a Latin text has a language only if its words are that language's alone.
_SURE_PAIR = 1.2
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_LONG_WORD = 7
# letters
_NO_WORDS = ("://", "www.", "@")

# First code point of each block, and what is written in it. "" means: nothing to read.
_BLOCKS = (
    (0x0000, "Latin"), (0x0370, "el"), (0x0400, "Cyrillic"), (0x0530, "hy"), (0x0590, "he"), (0x0600, "Arabic"),
    (0x0700, ""), (0x0750, "Arabic"), (0x0780, ""), (0x08A0, "Arabic"), (0x0900, "hi"), (0x0980, "bn"), (0x0A00, "pa"),
    (0x0A80, "gu"), (0x0B00, "or"), (0x0B80, "ta"), (0x0C00, "te"), (0x0C80, "kn"), (0x0D00, "ml"), (0x0D80, "si"),
    (0x0E00, "th"), (0x0E80, "lo"), (0x0F00, "bo"), (0x1000, "my"), (0x10A0, "ka"), (0x1100, "ko"), (0x1200, "Ethiopic"),
    (0x13A0, ""), (0x1780, "km"), (0x1800, ""), (0x1C90, "ka"), (0x1CC0, ""), (0x1D00, "Latin"), (0x1F00, "el"), (0x2000, ""),
    (0x2C60, "Latin"), (0x2C80, ""), (0x2D80, "Ethiopic"), (0x2DE0, ""), (0x3040, "ja"), (0x3100, "zh"), (0x3130, "ko"), (0x3190, "zh"),
    (0xA000, ""), (0xA720, "Latin"), (0xA800, ""), (0xAC00, "ko"), (0xD7B0, ""), (0xF900, "zh"), (0xFB00, "Latin"),
    (0xFB13, "hy"), (0xFB1D, "he"), (0xFB50, "Arabic"), (0xFE00, ""), (0xFE70, "Arabic"), (0xFF00, "Latin"), (0xFF66, "ja"),
    (0xFFA0, "ko"), (0xFFE0, ""), (0x20000, "zh"), (0x32000, ""),
)  # fmt: skip
_STARTS = [start for start, _ in _BLOCKS]
# What a sign weighs when scripts are mixed: names and terms in Latin letters stand in every other script's texts.
_DENSITY = {"Latin": 1.0} | dict.fromkeys(
    ("zh", "ja", "ko", "th", "lo", "km", "my", "hi", "bn", "pa", "ta", "gu", "te", "kn", "ml", "si"), 4.0
)
_SHARED = {
    "Latin": ("sv", "fi", "en", "no", "da", "is", "et", "lv", "lt", "de", "nl", "fr", "es", "it", "pt", "pl", "cs", "sk", "hu", "ro",
              "bs", "sl", "tr", "az", "sq", "ku", "so", "sw", "tl", "id", "vi"),
    "Cyrillic": ("ru", "uk", "be", "bg", "mk", "sr"),
    "Arabic": ("ar", "fa", "ur", "ps", "ckb"),
    "Ethiopic": ("ti", "am"),
}  # fmt: skip
# The detector's name for what we call otherwise; Catalan, Basque and Yoruba are not among ours.
_OTHER_NAMES = {"hr": "bs", "ms": "id", "ku": "ckb"}
_DETECTED = {
    "Latin": "sv fi en no da is et lv lt de nl fr es it pt pl cs sk hu ro hr sl tr az sq tl ms vi",
    "Cyrillic": "ru uk be bg sr",
    "Arabic": "ar fa ur ku",
}
# Letters beyond a to z, by language; the Arabic and Cyrillic ones that neighbours do not have.
_LETTERS = {
    "sv": "åäöé", "fi": "åäö", "en": "", "no": "åæøéòóôê", "da": "åæøé", "is": "áðéíóúýþæö", "et": "õäöüšž", "lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž",
    "de": "äöüß", "nl": "ëïéèö", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü", "it": "àèéìíòóùú", "pt": "áâãàçéêíóôõúü", "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "ro": "ăâîșțşţ", "bs": "čćđšž", "sl": "čšž", "tr": "çğıöşüâîû",
    "az": "çəğıöşü", "sq": "çë", "ku": "çêîşû", "so": "", "sw": "", "tl": "ñ", "id": "é",
    "vi": "àáạảãâầấậẩẫăằắặẳẵèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹđ",
    "ru": "ыэёщъйюяь", "uk": "іїєґщйюяь", "be": "ыэёўійюяь", "bg": "щъйюяь", "mk": "ѓќѕљњџјѐѝ", "sr": "ђћљњџј",
    "ar": "ةىكيأإؤئآ", "fa": "پچژگکیآئهأؤ", "ur": "ٹڈڑںےہھپچژگکیآئؤۓ", "ps": "ټډړږښځڅڼېۍپچژګکگیيئآةأؤ", "ckb": "ێۆڕڵەڤھپچژگکیئ",
    "ti": "ኣቐቑቒቓቔቕቖኸኹኺኻኼኽኾዀዅ", "am": "አኧኸኽ",
}  # fmt: skip
_UNKNOWN = 0.45
# what a language gets from the detector that does not know it
# What the words look like in languages that the detector does not know, and in those it mistakes for each other.
_SHAPES: dict[str, dict[str, re.Pattern[str]]] = {
    "Latin": {
        "so": re.compile(r"aa|ee|oo|uu|ii|dh|x[aeiou]|[bdfgjklmnqrstwy]ay|q[aeiou]|[aeiou](?:ka|ga|ha|ta|da|ku|gu|du|tu)\b"),
        "ku": re.compile(r"[êîû]|\b(?:di|na|da|nin|bi)[a-zç]|(?:an|ên|in|eke|iye|ekê)\b|x[wao]|\bq"),
        "sw": re.compile(r"\b(?:m[bdtwks]|ki|vi|wa|ya|ku|ni|na|tu|ha|u|za|la)[a-z]*[aeiou]\b|ng'|ny|mw|[aeiou]li\b"),
        "da": re.compile(r"hed(?:en|er|s)?\b|[iu]nds?\b|\baf[a-zæøå]|\bud[a-zæøå]|ejd|øj|øg|[aeiouyæøå]b[et]|[a-zæø]ede\b|dt\b|tion|ighed|æg"),
        "no": re.compile(r"sjon|øy|ei[a-z]?\b|\bav[a-zæøå]|\but[a-zæøå]|[aeiouyæøå]p[et]|heit|ikkj|\bkv[aeio]|eid[ae]|kt\b|ane\b|leg[aet]?\b|øk|ssj"),
        "sv": re.compile(r"ck|[aou]rna\b|ningen\b|[aou]r\b|(?:ade|ats|at)\b|ssl|tion|het(?:en|er)?\b|xa?\b|ligt?\b"),
    },
    "Cyrillic": {"mk": re.compile(r"(?:от|ата|ото|ите|увањ[ае]|ува)\b"), "bg": re.compile(r"ъ|(?:ят|та|ите|ане|ваме?)\b")},
    "Arabic": {"ps": re.compile("[ټډړږښځڅڼېۍ]"), "ckb": re.compile("[ێۆڕڵە]"), "ur": re.compile("[ٹڈڑںےہ]")},
    "Ethiopic": {"ti": re.compile("[ኣቐቑቒቓቔቕቖኸኹኺኻኼኽኾ]|ና\\b"), "am": re.compile("አ|ዎች|ኧ")},
}  # fmt: skip
_SHAPE = 0.5
_UNDETECTED = {
    "Latin": {"so": _UNKNOWN, "ku": _UNKNOWN, "sw": _UNKNOWN},
    "Cyrillic": {"mk": 0.0},
    "Arabic": {"ps": 0.0},
    "Ethiopic": {},
}
# 0.0: as its neighbour
# When nothing else decides: who writes to a Nordic city.
_EXPECTED = {
    "sv": 0.3,
    "en": 0.2,
    "fi": 0.1,
    "sl": -0.2,
    "sk": -0.2,
    "az": -0.3,
    "sw": -0.3,
    "tl": -0.2,
    "is": -0.2,
    "ps": -0.5,
}
_PLAIN = str.maketrans(
    {"æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss", "ə": "e", "œ": "oe"}
)
_ARABIC = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک"})
_DIGRAPHS = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe", "æ": "ae", "ø": "oe", "ü": "ue"})
_MARATHI = re.compile("आहे|आणि|नाही|ळ")
_WITH_DIGRAPHS = frozenset(("sv", "da", "no", "de", "fi"))
_COUNTED = 20
# words: more do not make the answer better
_COUNTED_SURE = 80
# to look for a language's own words costs next to nothing, and more are found
_NOTHING = 0.5
# the detector knows next to nothing of it: then common words or shapes must be there
_SEQUENCES = 3.0
# the detector's weight beside a common word's, for each word
_STRANGE_LETTER = 0.8
_SURE_OWN = 4
# so many common words of one language's own, and none of another's, need no second look

Weights = tuple[tuple[str, float], ...]


def _fold(word: str) -> str:
    """As it is typed on a keyboard without the letters."""
    marks = unicodedata.normalize("NFD", word.translate(_PLAIN))
    return "".join([letter for letter in marks if not unicodedata.combining(letter)])


def _spellings(code: str, word: str) -> dict[str, float]:
    """A word as it is written, and as it is written without its dots, with what each is worth."""
    if code in _SHARED["Arabic"]:
        return {word.translate(_ARABIC): 1.0}
    if word.isascii() or code not in _SHARED["Latin"]:
        return {word: 1.0}
    others = {_fold(word): 0.7}
    if code in _WITH_DIGRAPHS:
        others[word.translate(_DIGRAPHS)] = 0.9
    return others | {word: 1.0}


def _weigh_words() -> dict[str, Weights]:
    """By word: the languages that have it, each with its weight; a word of many languages weighs little."""
    found: dict[str, dict[str, float]] = {}
    for code, words in WORDS.items():
        for word in words.split():
            for spelling, worth in _spellings(code, word).items():
                of = found.setdefault(spelling, {})
                of[code] = max(worth, of.get(code, 0.0))
    return {
        word: tuple(
            (code, worth * (0.7 if len(word) == 1 else 1.0) / sum(of.values()) ** 0.5)
            for code, worth in of.items()
        )
        for word, of in found.items()
    }


_WEIGHTS = _weigh_words()
_OWN = {word: weights[0][0] for word, weights in _WEIGHTS.items() if len(weights) == 1 and len(word) > 1}
"""Common words of one language only."""
_STRANGE = {
    script: {
        letter: tuple(code for code in codes if letter not in _LETTERS[code])
        for letter in set("".join(_LETTERS[code] for code in codes))
    }
    for script, codes in _SHARED.items()
}

eldc.init()


def _make_detector(codes: str) -> "eldc.Instance":
    detector = eldc.instance()
    detector.set_languages(codes.split())
    detector.set_scores(20)
    return detector


_DETECTORS = {script: _make_detector(codes) for script, codes in _DETECTED.items()}


def detect(text: str) -> str:
    """The language of a text. Under three words in Latin letters hardly anything can be said."""
    sample = text[:MAX_READ]
    if not sample.isascii():
        sample = unicodedata.normalize("NFC", sample)
    western = _is_western(sample)
    if western and (sure := _find_sure(sample)):
        return sure
    if "@" in sample or "://" in sample or "www." in sample:
        # Addresses have no language.
        sample = " ".join([word for word in sample.split() if not any(mark in word for mark in _NO_WORDS)])
    found: list[str] = _WORD.findall(sample)
    if not found:
        return ""
    script = "Latin" if western else _find_script(found, sample)
    if script not in _SHARED:
        return script
    words = [word.lower().replace("\u2019", "'") for word in found[:_COUNTED]]
    if script != "Latin":
        return _choose(script, words, " ".join(found))
    if len(words) < ENOUGH_WORDS:
        return _read_pair(words)
    if _is_only_names(found, words):
        return ""
    return _choose(script, words, " ".join(found))


def _is_western(sample: str) -> bool:
    """All of it in the letters of Western Europe: nearly every message, and cheaper to know than to count."""
    try:
        sample.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _find_sure(sample: str) -> str:
    """The language whose own common words stand there several times and hardly any other's; "" if there is none."""
    sample = sample.lower()
    # The beginning is enough for most.
    return _find_own(sample, _COUNTED) or _find_own(sample, _COUNTED_SURE)


def _find_own(sample: str, most: int) -> str:
    own = [_OWN[word] for word in sample.split(None, most)[:most] if word in _OWN]
    if len(own) < _SURE_OWN:
        return ""
    best = own[0] if own.count(own[0]) * 2 > len(own) else max(set(own), key=own.count)
    count = own.count(best)
    return best if count >= _SURE_OWN and (len(own) - count) * 5 <= count else ""


def _find_script(words: list[str], sample: str) -> str:
    """The script most letters are in; for a script that one language is written in, the language."""
    letters: dict[str, float] = {}
    for word in words:
        first = ord(word[0])
        script = "Latin" if first < 0x370 else _BLOCKS[bisect_right(_STARTS, first) - 1][1]
        letters[script] = letters.get(script, 0) + len(word) * _DENSITY.get(script, 1.5)
    script = max(letters, key=lambda name: letters[name] if name else 0)
    if script == "zh" and re.search("[\u3040-\u30ff]", sample):
        return "ja"
    return "mr" if script == "hi" and _MARATHI.search(sample) else script


def _read_pair(words: list[str]) -> str:
    """Two words: only if they are words of one language and of no other. One word says too little."""
    scores = dict.fromkeys(_SHARED["Latin"], 0.0)
    _count(words, scores)
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    return best if len(words) > 1 and scores[best] >= max(_SURE_PAIR, scores[second] + 1) else ""


def _is_only_names(found: list[str], words: list[str]) -> bool:
    """Three or more capitalised words, none of them a common one: a name, an address."""
    if len("".join(found)) >= _LONG_WORD * len(found) and all(word.isupper() for word in found):
        # Written in capitals throughout, and too long for most names.
        return False
    return not any(word[0].islower() for word in found) and not any(word in _WEIGHTS for word in words)


def _choose(script: str, words: list[str], text: str) -> str:
    """The language with most evidence, or "" if there is none to speak of."""
    count = len(words)
    scores = {code: _EXPECTED.get(code, 0.0) for code in _SHARED[script]}
    detector = _DETECTORS.get(script)
    known: dict[str, float] = detector.detect_details(text).scores if detector else {}
    for name, share in known.items():
        scores[_OTHER_NAMES.get(name, name)] += share * _SEQUENCES * count
    for code, base in _UNDETECTED[script].items():
        # Unknown to the detector: about as likely as its neighbour, or as any text it does not recognize.
        share = base or max(known.values(), default=_UNKNOWN) - 0.04
        scores[code] += share * _SEQUENCES * count
    # Persian is typed on Arabic keyboards too.
    plain = [word.translate(_ARABIC) for word in words] if script == "Arabic" else words
    _count(plain, scores)
    for letter in _STRANGE[script].keys() & set("".join(words)):
        for code in _STRANGE[script][letter]:
            scores[code] -= _STRANGE_LETTER
    leading = max(scores.values())
    fitting = {}
    for code, shape in _SHAPES[script].items():
        if scores[code] + _SHAPE * count >= leading:
            fitting[code] = sum([shape.search(word) is not None for word in words])
            scores[code] += _SHAPE * fitting[code]
    best = max(scores, key=lambda code: scores[code])
    if script == "Latin" and max(known.values(), default=0.0) < _NOTHING:
        certain = any(code == best for word in words for code, _ in _WEIGHTS.get(word, ()))
        return best if certain or fitting.get(best, 0) * 3 >= count * 2 else ""
    return best


def _count(words: list[str], scores: dict[str, float]) -> None:
    """Add what the common words are worth."""
    for word in words:
        for code, weight in _WEIGHTS.get(word, ()):
            if code in scores:
                scores[code] += weight

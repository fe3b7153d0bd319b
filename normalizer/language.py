"""Which language a text is written in: ISO 639-1, or "" when that cannot be said."""

import re

import eldc

MAX_READ = 400
# characters: more does not make the answer better
_ENOUGH_WORDS = 3
_LONG = 20
_OFTEN = frozenset({"sv", "fi", "en"})
_FEW_WORDS = 6
_FAR_AWAY = frozenset(("tl", "ms", "yo", "eu", "az", "sl", "sq"))
# what the detector says of a few Swedish words without their dots; one function word weighs more there
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_NO_WORDS = ("://", "www.", "@")
_DOTTED = (("å", "a"), ("ä", "a"), ("ö", "o"), ("æ", "a"), ("ø", "o"), ("é", "e"), ("ü", "u"), ("õ", "o"))

# Words that carry no matter, typed with or without their dots: what tells neighbours apart in a short text.
_FUNCTION_WORDS = {
    "sv": "i och jag att är inte det som på för av med till den ett en har vi ni kan när hur vad var någon något från men om mitt min mina hos ej"
    " utanför också där här hej tack behöver skulle varför vår våra er era finns detta dessa mycket alla bara efter under innan"
    " sedan eller vill ska måste får gör blir blivit hade sitt sina kommer vem vilken vilket nej ja er mig dig igen trasig släckt gatan gata",
    "da": "i og jeg at er ikke det som på for af med til den et en har vi i kan når hvordan hvad var nogen noget fra men om mit min mine hos"
    " også der her hej tak behøver skulle hvorfor vores jeres findes dette disse meget alle bare efter under inden siden eller vil skal må"
    " får gør bliver blevet havde sin sine kommer hvem hvilken nej ja mig dig igen blev kunne hvor",
    "no": "i og jeg at er ikke det som på for av med til den et en har vi dere kan når hvordan hva var noen noe fra men om mitt min mine hos"
    " også der her hei takk trenger skulle hvorfor vår våre deres finnes dette disse mye alle bare etter under innen siden eller vil skal må"
    " får gjør blir blitt hadde sin sine kommer hvem hvilken nei ja meg deg igjen ble kunne hvor",
    "fi": "ja on ei että se hän minä minun olen ovat oli mutta kun jos niin myös voi voisi voiko tämä tämän nämä mitä missä milloin miksi hei kiitos"
    " vai tai jo nyt sitten koska joka jotka kuin meidän teidän ole olisi saa pitää eikä siellä täällä vielä hyvä terve terveisin kuka onko",
    "et": "ja on ei et see ta mina minu olen oli aga kui siis ka võib võiks kas selle need mida kus millal miks tere tänan palun või juba nüüd sest"
    " kes mis meie teie ole oleks saab peab siin veel hea kuidas ning",
    "en": "the and i to is of a in that it for you my we not on with are have this be was at please when how what from there our your can would but"
    " has been by or as an if they me do does hello thanks thank any where will just out no so",
    "de": "und ich der die das ist nicht ein eine zu mit auf für von dem den wir sie es in im bitte wann wie was bei haben hat sind war aber oder wenn"
    " mein meine ihr ihre kann können guten danke hallo auch noch wird",
}  # fmt: skip


def _fold(text: str) -> str:
    """As it is typed without the keys for these letters. Eight replacements beat one translation table."""
    for dotted, plain in _DOTTED:
        text = text.replace(dotted, plain)
    return text


_EXACT: dict[str, tuple[str, ...]] = {}
_FOLDED: dict[str, tuple[str, ...]] = {}
for _code, _words in _FUNCTION_WORDS.items():
    for _word in set(_words.split()):
        _EXACT[_word] = (*_EXACT.get(_word, ()), _code)
    for _word in set(_fold(_words).split()):
        _FOLDED[_word] = (*_FOLDED.get(_word, ()), _code)
_NEIGHBOURS = frozenset(("sv", "da", "no", "fi", "et", "en", "de", "is", "nl", "lv", "lt", "sl", "sq", "ms", "tl", "eu", "ca", "az", "ku", "yo", "ro",
                         "hu", "hr", "sk", "cs", "tr", "vi", "und"))  # fmt: skip
"""What the detector says of short texts in our languages, also when it is none of these."""

eldc.init()


def detect(text: str) -> str:
    """The language of a text. Under three words only the script can tell."""
    sample = text[:MAX_READ]
    if "@" in sample or "://" in sample or "www." in sample:
        # Addresses have no language.
        sample = " ".join([word for word in sample.split() if not any(mark in word for mark in _NO_WORDS)])
    if len(sample.split()) >= _LONG:
        # From so many words on the detector needs no help with the languages that most people write here.
        guess: str = eldc.detect_mt(sample)
        if guess in _OFTEN:
            return guess
    words = _WORD.findall(sample.lower())
    if not words:
        return ""
    first = words[:12]
    latin = sum([word[0] < "\u0370" for word in first])
    if latin * 2 < len(first):
        # Another script: a single word is enough for the script, not always for the language.
        return _known(eldc.detect_mt(sample))
    if len(words) < _ENOUGH_WORDS:
        return ""
    return _weigh(words, _known(eldc.detect_mt(" ".join(words))))


def _known(code: str) -> str:
    return "" if code == "und" else code


def _weigh(words: list[str], guess: str) -> str:
    """Correct the detector by function words, among the languages that are mistaken for each other."""
    if guess and guess not in _NEIGHBOURS:
        return guess
    counts = _count(words, _EXACT)
    together = " ".join(words)
    if counts.get(guess, 0) * 4 < len(words):
        # Typed without å, ä, ö.
        folded = _count(_fold(together).split(), _FOLDED)
        counts = {code: max(count, folded[code]) for code, count in counts.items()}
    # ä and ö are Swedish, æ and ø Danish or Norwegian; a name with the other's letter weighs little.
    swedish, danish = "ä" in together or "ö" in together, "æ" in together or "ø" in together
    if swedish != danish:
        for code in ("da", "no") if swedish else ("sv",):
            counts[code] = max(0, counts[code] - 2)
    best = max(counts, key=lambda code: (counts[code], code == guess, code == "sv"))
    if best == guess or not counts[best]:
        return guess
    margin = counts[best] - counts.get(guess, 0)
    if guess in _FUNCTION_WORDS:
        # Both have words here: a clear lead, or any lead between the Scandinavian neighbours.
        related = {guess, best} <= {"sv", "da", "no"} or {guess, best} <= {"fi", "et"}
        return (
            best if margin >= (1 if related else 2) and margin * 12 >= len(words) * (not related) else guess
        )
    # The guess is a language we hold no words of: two or more function words beat it in a short text.
    if guess in _FAR_AWAY and len(words) <= _FEW_WORDS:
        return best
    return best if counts[best] >= 2 and counts[best] * 5 >= len(words) else guess


def _count(words: list[str], index: dict[str, tuple[str, ...]]) -> dict[str, int]:
    counts = dict.fromkeys(_FUNCTION_WORDS, 0)
    for word in words:
        for code in index.get(word, ()):
            counts[code] += 1
    return counts

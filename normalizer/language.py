"""Which language a text is written in: ISO 639-1, or "" when that cannot be said."""

import re

import eldc

MAX_READ = 3000
# characters: more does not make the answer better
_ENOUGH_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NOISE = re.compile(r"\S*+(?:://|www\.|@)\S*+")
_FOLD = str.maketrans("åäöæøéüõ", "aaoaoeuo")

# Words that carry no matter, typed with or without their dots: what tells neighbours apart in a short text.
_FUNCTION_WORDS = {
    "sv": "och jag att är inte det som på för av med till den ett en har vi ni kan när hur vad var någon något från men om mitt min mina hos ej"
    " utanför också där här hej tack behöver skulle varför vår våra er era finns detta dessa mycket alla bara efter under innan"
    " sedan eller vill ska måste får gör blir blivit hade sitt sina kommer vem vilken vilket nej ja er mig dig igen trasig släckt gatan gata",
    "da": "og jeg at er ikke det som på for af med til den et en har vi i kan når hvordan hvad var nogen noget fra men om mit min mine hos"
    " også der her hej tak behøver skulle hvorfor vores jeres findes dette disse meget alle bare efter under inden siden eller vil skal må"
    " får gør bliver blevet havde sin sine kommer hvem hvilken nej ja mig dig igen blev kunne hvor",
    "no": "og jeg at er ikke det som på for av med til den et en har vi dere kan når hvordan hva var noen noe fra men om mitt min mine hos"
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
_SETS = {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}
_FOLDED = {code: frozenset(words.translate(_FOLD).split()) for code, words in _FUNCTION_WORDS.items()}
_NEIGHBOURS = frozenset(("sv", "da", "no", "fi", "et", "en", "de", "is", "nl", "lv", "lt", "sl", "sq", "ms", "tl", "eu", "ca", "az", "ku", "yo", "ro",
                         "hu", "hr", "sk", "cs", "tr", "vi", "und"))  # fmt: skip
"""What the detector says of short texts in our languages, also when it is none of these."""

eldc.init()


def detect(text: str) -> str:
    """The language of a text. Under three words only the script can tell."""
    sample = text[:MAX_READ]
    if "@" in sample or "://" in sample or "www." in sample:
        sample = _NOISE.sub(" ", sample)
    words = _WORD.findall(sample.lower())
    if not words:
        return ""
    latin = sum(word[0] < "\u0370" for word in words)
    if latin * 2 < len(words):
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
    counts = {code: sum(word in known for word in words) for code, known in _SETS.items()}
    if guess not in {"fi", "et", "en", "de"} or counts.get(guess, 0) * 4 < len(words):
        # Typed without å, ä, ö.
        for code, known in _FOLDED.items():
            counts[code] = max(counts[code], sum(word.translate(_FOLD) in known for word in words))
    best = max(counts, key=lambda code: (counts[code], code == guess, code == "sv"))
    if best == guess or not counts[best]:
        return guess
    margin = counts[best] - counts.get(guess, 0)
    if guess in _SETS:
        # Both have words here: a clear lead, or any lead between the Scandinavian neighbours.
        related = {guess, best} <= {"sv", "da", "no"} or {guess, best} <= {"fi", "et"}
        return best if margin >= (1 if related else 2) and margin * 12 >= len(words) * (not related) else guess
    # The guess is a language we hold no words of: two or more function words beat it in a short text.
    return best if counts[best] >= 2 and counts[best] * 5 >= len(words) else guess

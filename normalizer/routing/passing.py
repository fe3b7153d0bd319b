"""What a message only names in passing: where something is, where somebody works, who said so, what was last year.

A word of a department may stand in a message that is about something else: "halt utanför biblioteket", "jag jobbar
på sjukhuset", "läraren sa att". Such words show the contact centre where to look, and never decide. The lists are
words of the languages, not of a city, each also typed without dots.
"""

from collections.abc import Set as AbstractSet
from typing import NamedTuple

IN_PASSING, THERE, SCENE = 1, 2, 3
"""How a noun is said: only to tell where something is; as a place where somebody may only be; as such a place."""
REACH = 4
"""Only the first noun after "utanför" is the place, and it comes within three words."""
_LIST_REACH = 12
# So long may a list behind "mellan" be.
_GOING_REACH = 6
# So far behind "går" may "till förskolan" stand.
_STORY_REACH = 8
# So far behind "jag" may "på bussen" stand.

_NONE: frozenset[str] = frozenset()


def _in_lower_case(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _in_any_case(words: str) -> frozenset[str]:
    return frozenset(form for word in words.split() for form in (word, word.capitalize(), word.upper()))


# Words that make the next noun a place where something is, not the thing itself: "halt utanför biblioteket".
WHERE_BEFORE = _in_any_case(
    "utanför utanfor vid bakom framför framfor bredvid intill invid mittemot emot mot nära nara närmast mellan "
    "närheten narheten nedanför nedanfor bortom förbi forbi runt kring omkring outside near nearby behind beside "
    "between opposite close next front lähellä lahella ennen matkalla koulumatkalla "
    # Where somebody works, who said it, what it is compared with.
    "jobbar jobbade jobbat arbetar arbetade anställd anstalld enligt liksom unlike according "
    "missade missar missat missed hinna hinner hann myöhästyn myöhästyy "
    "työskentelen tyoskentelen työskentelee tyoskentelee töissä toissa töistä kuten "
    "kävellä kavella kävelee kavelee kävelevät kavelevat pyöräillä pyorailla pyöräilee pyorailee"
)
_GOING = frozenset(("till", "från", "fran", "to", "from"))
_AT = frozenset(("på", "pa", "i", "hos", "åt", "inom", "vid", "som", "at", "for", "in", "as"))
LEADS = (
    dict.fromkeys(
        _in_any_case(
            "väg vag vägen vagen gå ga går gar gick gått cykla cyklar cyklade cykelvägen gångvägen gångbanan "
            "cykelbanan promenerar promenera sträckan way walk walked walking walks cycle cycling bike biking drive "
            "driving path road route hem åka aka åker aker åkte springer sprang springa köra skjutsar skjutsa "
            "home go goes going went"
        ),
        _GOING,
    )
    | dict.fromkeys(_in_any_case("jobb jobba jobbet arbete work works worked working job employed"), _AT)
    | dict.fromkeys(_in_any_case("låg legat inlagd hamnade hamnat"), frozenset(("på", "pa")))
    | dict.fromkeys(
        _in_any_case("hämta hamta hämtade hamtade lämna lamna lämnade lamnade"), _AT | {"från", "fran"}
    )
    | dict.fromkeys(_in_any_case("läste laste läst read saw luin"), frozenset(("på", "pa", "i", "on", "in")))
    | dict.fromkeys(_in_any_case("sent försent late"), frozenset(("till", "for", "to")))
    | dict.fromkeys(_in_any_case("ska skall skulle"), frozenset(("till", "på", "pa")))
    | dict.fromkeys(_in_any_case("som"), frozenset(("på", "pa", "hos", "vid")))
    | dict.fromkeys(_in_any_case("as like than"), frozenset(("at", "with", "in")))
    | dict.fromkeys(_in_any_case("skillnad"), frozenset(("från", "fran")))
    | dict.fromkeys(_in_any_case("jämfört jamfort compared"), frozenset(("med", "with", "to")))
)
"""A word -> the words that may follow, and then the next noun is only where somebody goes or works, or what it is
compared with: "på väg till skolan", "ett jobb på sjukhuset", "som på biblioteket"."""
BETWEEN = _in_any_case("mellan between")
JOINTS = frozenset(("och", "and", "ja", "eller", "or", "tai", "o"))
"""What joins the second noun to the first: both are places in "mellan skolan och biblioteket"."""
# Finnish says it after the noun: "kirjaston edessä". And who said something matters as little: "läraren sa att".
WHERE_AFTER = _in_any_case(
    "edessä edessa vieressä vieressa lähellä lahella takana luona kohdalla ulkopuolella vierellä edestä edesta "
    "läheisyydessä laheisyydessa vierestä vieresta välissä välillä ohi mukaan pihalla pihalta "
    "sa sade berättade berattade tipsade hänvisade hanvisade said told sanoi kertoi neuvoi"
)
CALLINGS = _in_any_case(
    "lärare larare förskollärare forskollarare rektor bibliotekarie sjuksköterska sjukskoterska undersköterska "
    "underskoterska barnmorska bussförare bussforare läkare lakare tandläkare tandlakare polis brandman busschaufför busschauffor "
    "busschaufförer socialsekreterare chaufför teacher nurse doctor librarian principal policeman firefighter "
    "opettaja opettajana rehtori sairaanhoitaja lähihoitaja lääkäri poliisi kirjastonhoitaja"
)
"""What somebody is: of no weight in "min granne är lärare"."""
IS = frozenset(("är", "ar", "e", "som", "blev", "varit", "as", "on", "oli", "olen", "is", "am", "was"))
"""Stands before it."""
ARTICLES = frozenset(("a", "an", "en", "A", "An", "En"))
"""Or these do, with or without a word between: the teacher of a school is "läraren"."""
AT = frozenset(
    form
    for word in (
        "på",
        "pa",
        "i",
        "in",
        "hos",
        "till",
        "från",
        "fran",
        "vid",
        "at",
        "to",
        "on",
        "from",
        "för",
        "for",
    )
    for form in (word, word.capitalize())
)
"""Before a place, with or without a word between: "på bussen", "at the library"."""
PEOPLE = _in_any_case(
    "jag vi mig oss min mitt mina vår vårt våra var vart vara dam kvinna man tjej kille person kollega vän kompis "
    "granne we me us my our lady woman man guy person colleague friend neighbour neighbor nurse"
) | {"I"}
FIRST_PERSON = ("in", "ni", "mme")
"""How Finnish verbs and nouns of the first person end: "tapasin", "vaimoni", "kävimme"."""
LOCATIVE = (
    *("ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle"),
    *("oon", "uun", "yyn", "aan", "ään", "een", "iin", "öön"),
)
"""Finnish says it by the ending (VISK § 1227): "kirjastossa", "kouluun"."""


class Turn(NamedTuple):
    """What a word makes of those behind it."""

    always: bool
    # the next noun is in passing, whatever follows
    followers: AbstractSet[str]
    # else it is when one of these follows at once
    goes: bool
    # somebody is under way: a noun behind "till" or "från" is where
    lists: bool
    # it stands before several: "mellan"


def read_turn(word: str) -> Turn | None:
    """What a word makes of those behind it; None for nearly every word."""
    followers = LEADS.get(word, _NONE)
    if followers:
        return Turn(False, followers, followers is _GOING, False)
    lists = word in BETWEEN
    return Turn(True, _NONE, False, lists) if lists or word in WHERE_BEFORE else None


class Scenery:
    """Which words of one message are said in passing, or only tell where somebody is. It is led along the message."""

    __slots__ = (
        "_between",
        "_going",
        "_last",
        "_listed",
        "_place_from",
        "_words",
        "noun",
        "place_word",
        "until",
    )

    def __init__(self, words: list[str], place_from: int) -> None:
        self._words = words
        self._place_from = place_from
        self._last = len(words) - 1
        self.noun = -1
        # the last noun, and the last word that makes the next noun a place
        self.place_word = -REACH
        self.until = 0
        # from here on nothing said so far makes a noun stand in passing
        self._between = self._going = 0
        # so far reach a list behind "mellan", and the way somewhere
        self._listed = -1
        # the last noun of the list

    def turn(self, token: int, turn: Turn) -> None:
        """A word turns those behind it into something in passing."""
        always, followers, goes, lists = turn
        if goes:
            self._going = token + _GOING_REACH
        if lists:
            self._between, self._listed = token + _LIST_REACH, token
        if always or (token < self._last and self._words[token + 1] in followers):
            self.place_word = token
        self.until = max(self._going, self._between, self.place_word + REACH)

    def place(self, token: int, calling: bool, scene: int) -> int:
        """How a noun is said: IN_PASSING, THERE, SCENE or 0."""
        words = self._words
        if (
            (token < self._between and self._is_listed(token))
            or (self.noun <= self.place_word and token - self.place_word < REACH)
            or token >= self._place_from
            or (token < self._last and words[token + 1] in WHERE_AFTER)
            or (token < self._going and words[token - 1] in _GOING)
            or (calling and is_somebody(words, token))
        ):
            return IN_PASSING
        return THERE if scene == SCENE and stands_behind(words, token) else scene

    def _is_listed(self, token: int) -> bool:
        """They stand side by side or joined by "och": "mellan skolan, biblioteket och badhuset"."""
        if self._words[token - 1] in JOINTS:
            self._between = 0  # the last of them
            return True
        if self._listed == token - 1:
            self._listed = token
            return True
        return False


def is_somebody(words: list[str], token: int) -> bool:
    """One of CALLINGS is what somebody is: "är lärare", "a retired teacher"."""
    before = words[token - 1] if token else ""
    return before in IS or before in ARTICLES or (token > 1 and words[token - 2] in ARTICLES)


def stands_behind(words: list[str], token: int) -> bool:
    """A word of AT leads to it, with or without a word between: "på bussen", "at the library"."""
    return token > 0 and (words[token - 1] in AT or (token > 1 and words[token - 2] in AT))


def is_told_of_people(words: list[str], token: int) -> bool:
    """Somebody is there: "jag satt på bussen", and not "maten på skolan"."""
    around = words[max(token - _STORY_REACH, 0) : token + 4]
    return not PEOPLE.isdisjoint(around) or any(
        word.endswith(FIRST_PERSON) for word in around if len(word) > 3
    )

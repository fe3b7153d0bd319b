"""What a message only names in passing: where something is, where somebody works, who said so, what was last year.

A word of a department may stand in a message that is about something else: "halt utanför biblioteket", "jag jobbar
på sjukhuset", "läraren sa att". Such words show the contact centre where to look, and never decide. The lists are
words of the languages, not of a city, each also typed without dots.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

REACH = 4
"""Only the first noun after "utanför" is the place, and it comes within three words."""
_LIST_REACH = 12
# So long may a list behind "mellan" be.
_GOING_REACH = 10
# So far behind "går" may "till förskolan" stand.
_PAST_REACH = 40
# So far behind "förra året" may "nu" stand.


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
            "bussen home bus go goes going went"
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
MORE = _in_any_case(
    "dessutom förresten forresten lisäksi lisaksi toiseksi additionally besides furthermore moreover also secondly "
    "antingen either joko ps"
)
"""What brings a second matter."""
MORE_PAIRS: Mapping[str, AbstractSet[str]] = (
    dict.fromkeys(_in_lower_case("när nar var hur vem vilka vilken vilket"), frozenset(("och",)))
    | dict.fromkeys(_in_lower_case("when where how who what which"), frozenset(("and",)))
    | dict.fromkeys(
        _in_lower_case("milloin missä missa miten kuka mitä mita mistä mista"), frozenset(("ja",))
    )
    | dict.fromkeys(_in_lower_case("saker frågor fragor ärenden arenden"), _in_any_case("två tva 2 andra"))
    | dict.fromkeys(_in_lower_case("things questions matters issues problems"), _in_any_case("two 2 other"))
    | dict.fromkeys(_in_lower_case("asiaa kysymystä kysymysta"), _in_any_case("kaksi 2"))
    | dict.fromkeys(_in_lower_case("sak fråga fraga"), frozenset(("annan",)))
    | dict.fromkeys(_in_lower_case("thing question matter issue"), _in_any_case("another"))
    | dict.fromkeys(_in_lower_case("asia kysymys"), _in_any_case("toinen"))
    | dict.fromkeys(("undrar",), _in_any_case("nu sen sedan"))
    | dict.fromkeys(_in_lower_case("också ocksa även aven"), frozenset(("undrar",)))
    | dict.fromkeys("sS", frozenset("pP"))
)
"""A word, and those of which one stands before it when it brings a second matter: "och när öppnar badhuset"."""
ALTERNATIVES = _in_any_case("antingen joko dels")
"""Words of somebody who leaves it open whose matter it is, or has several."""
COUNTED = _in_lower_case(
    "saker frågor fragor ärenden arenden sak fråga fraga things questions matters thing question matter asiaa "
    "kysymystä kysymysta asia kysymys"
)
"""The same with a number or "another" before them, as in MORE_PAIRS."""
OPEN_SIGNS = ALTERNATIVES | COUNTED
MORE_SIGNS = MORE | MORE_PAIRS.keys()
"""Without any of these there is no second matter of either kind: one look for nearly every message."""
BETWEEN = _in_any_case("mellan between")
JOINTS = frozenset(("och", "and", "ja", "eller", "or", "tai", "o"))
"""What joins the second noun to the first: both are places in "mellan skolan och biblioteket"."""
# Finnish says it after the noun: "kirjaston edessä". And who said something matters as little: "läraren sa att".
WHERE_AFTER = _in_any_case(
    "edessä edessa vieressä vieressa lähellä lahella takana luona kohdalla ulkopuolella vierellä edestä edesta "
    "läheisyydessä laheisyydessa vierestä vieresta välissä välillä ohi mukaan "
    "sa sade berättade berattade tipsade hänvisade hanvisade said told sanoi kertoi neuvoi"
)
CALLINGS = _in_any_case(
    "lärare larare förskollärare forskollarare rektor bibliotekarie sjuksköterska sjukskoterska undersköterska "
    "underskoterska barnmorska läkare lakare tandläkare tandlakare polis brandman busschaufför busschauffor "
    "busschaufförer socialsekreterare chaufför teacher nurse doctor librarian principal policeman firefighter "
    "opettaja opettajana rehtori sairaanhoitaja lähihoitaja lääkäri poliisi kirjastonhoitaja"
)
"""What somebody is: of no weight in "min granne är lärare"."""
SCENES = tuple(
    _in_lower_case(
        "skola skolan förskola dagis dagiset fritids bibliotek biblioteket museum museet badhus badhuset simhall "
        "simhallen ishallen sjukhus sjukhuset lasarettet vårdcentralen vardcentralen äldreboende äldreboendet "
        "aldreboendet fritidsgården fritidsgarden lärare lärarna läraren larare lararen rektor rektorn school "
        "schools preschool kindergarten library museum pool hospital teacher teachers "
        "koulu koulun koulussa kouluun koululle koululla koululta kirjasto kirjaston kirjastossa kirjastoon "
        "kirjastolla kirjastolle uimahalli uimahallin uimahallissa uimahalliin uimahallilla uimahallille sairaala "
        "sairaalan sairaalassa sairaalaan sairaalalla sairaalalta opettaja opettajan päiväkodin päiväkodissa"
    )
)
"""How words end that are as often where something is, or who said it, as the matter itself."""
IS = frozenset(("är", "ar", "e", "som", "blev", "varit", "as", "on", "oli", "olen", "is", "am", "was"))
"""Stands before it, with or without an article."""
_TIMES = _in_lower_case(
    "året aret gången gangen sommaren vintern våren hösten year time summer winter vuonna kerralla"
)
PAST = dict.fromkeys(_in_any_case("förra forra last viime"), _TIMES)
"""What was then, when something else is now: "förra året gällde det gatlyktan, nu är det potthålen"."""
NOW = _in_any_case("nu now nyt")


class Turn(NamedTuple):
    """What a word makes of those behind it, unless it is simply one of WHERE_BEFORE."""

    always: bool
    # it does so whatever follows
    followers: AbstractSet[str]
    # else it does when one of these follows at once
    leads: AbstractSet[str]
    # when one of these follows the next noun is in passing
    goes: bool
    # somebody is under way: a noun behind "till" or "från" is where
    times: AbstractSet[str]
    # with one of these behind it, it tells of the past


def read_turn(word: str) -> Turn | None:
    """What a word makes of those behind it; None for nearly every word."""
    leads, times = LEADS.get(word, _NONE), PAST.get(word, _NONE)
    if not (leads or times or word in BETWEEN):
        return None
    goes = leads is _GOING
    return Turn(goes or word in BETWEEN, leads | times, leads, goes, times)


class Passing:
    """The rarer ways in which the words of one message are said in passing. It is led along the message."""

    __slots__ = ("_between", "_going", "_listed", "_past", "_words")

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._between = self._going = self._past = 0
        # so far reach a list behind "mellan", the way somewhere, and what was last year
        self._listed = -1
        # the last noun of the list

    def turn(self, token: int, turn: Turn) -> bool:
        """A word turns those behind it into something in passing. Returns whether the next noun is."""
        words = self._words
        following = words[token + 1] if token + 1 < len(words) else ""
        if turn.goes:
            self._going = token + _GOING_REACH
        if following in turn.times:
            behind = words[token : token + _PAST_REACH]
            self._past = next((token + at for at, word in enumerate(behind) if word in NOW), 0)
        if words[token] in BETWEEN:
            self._between, self._listed = token + _LIST_REACH, token
            return True
        return following in turn.leads

    def covers(self, token: int) -> bool:
        """A noun is named in passing."""
        before = self._words[token - 1]
        if token < self._between and (
            self._listed == token - 1 or (self._listed == token - 2 and before in JOINTS)
        ):
            # They stand side by side or joined by "och": "mellan skolan, biblioteket och badhuset".
            self._listed = token
            return True
        return token < self._past or (token < self._going and before in _GOING)


def is_somebody(words: list[str], token: int) -> bool:
    """One of CALLINGS is what somebody is: "är lärare", "is a teacher"."""
    before = words[token - 1] if token else ""
    return before in IS or (before in ("a", "an") and token > 1 and words[token - 2] in IS)

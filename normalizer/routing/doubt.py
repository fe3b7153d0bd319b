"""When the rules are sure of one department and the message still leaves it open: nobody is named.

The writer has a second matter, or names several places in one breath, or is only in one of them: "Jag satt på
bussen". The lists are words of the languages, not of a city, each also typed without dots.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from normalizer.routing.evidence import FIRM, Evidence
from normalizer.routing.keywords import Keywords
from normalizer.routing.passing import JOINTS, is_told_of_people


def _in_lower_case(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _in_any_case(words: str) -> frozenset[str]:
    return frozenset(form for word in words.split() for form in (word, word.capitalize(), word.upper()))


MORE = _in_any_case(
    "dessutom förresten forresten lisäksi lisaksi toiseksi additionally besides furthermore moreover also secondly "
    "antingen either joko ps"
)
"""What brings a second matter."""
FURTHER = _in_any_case(
    "dessutom förresten forresten lisäksi lisaksi toiseksi additionally besides furthermore"
)
"""The same, and never of one matter only."""
_ANOTHER = 4
# So many words are a matter of their own.
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
_OPENING = OPEN_SIGNS | FURTHER
_SIGNS = MORE | MORE_PAIRS.keys() | _OPENING


def is_only_there(leader: Evidence, words: list[str], keywords: Keywords) -> bool:
    """Somebody was in such a place, and nothing is said of it: "Jag satt på bussen"."""
    tokens = [token for sure, _, _, token in leader.keywords.values() if sure]
    return all(is_told_of_people(words, token) for token in tokens) and not keywords.tell_matter(words)


def list_signs(words: list[str]) -> frozenset[str]:
    """The words that may tell of more than one matter. One look; nearly every message has none that counts."""
    return _SIGNS.intersection(words)


def is_left_open(leader: Evidence, words: list[str], signs: frozenset[str]) -> bool:
    """The writer tells that there is more, or that it may be somebody else's."""
    return not _OPENING.isdisjoint(signs) and (
        _has_another(leader, words, signs) or _is_open(leader, words, signs)
    )


def _is_open(leader: Evidence, words: list[str], signs: frozenset[str]) -> bool:
    """One word speaks for the leader, and the writer counts matters, or leaves open whose it is."""
    if sum(sure for sure, _, _, _ in leader.keywords.values()) > 1:
        return False
    return not ALTERNATIVES.isdisjoint(signs) or _stand_paired(COUNTED & signs, words)


def _has_another(leader: Evidence, words: list[str], signs: frozenset[str]) -> bool:
    """Behind, or before, "dessutom" stands more than a few words, and none of them is the leader's."""
    further = FURTHER & signs
    if not further:
        return False
    at = min(map(words.index, further))
    if at >= _ANOTHER and all(token > at for token in leader.tokens):
        return True
    return len(words) - at > _ANOTHER and all(token < at for token in leader.tokens)


def _stand_paired(seconds: AbstractSet[str], words: list[str]) -> bool:
    """One of the words stands behind a word that makes it bring a second matter."""
    for second in seconds:
        firsts, at = MORE_PAIRS[second], -1
        for _ in range(words.count(second)):
            at = words.index(second, at + 1)
            if at and words[at - 1] in firsts:
                return True
    return False


def is_torn(
    leader: Evidence,
    others: list[Evidence],
    against: list[Evidence],
    words: list[str],
    signs: frozenset[str],
    keywords: Keywords,
) -> bool:
    """What else is told may be a second matter, or the matter itself. `against`: those of them that weigh."""
    told = [each for each in against if each.told]
    if told and leader.rank != FIRM and not keywords.tell_matter(words):
        return True  # a school alone, against anything
    if any(_are_listed(leader.tokens, each, words) for each in told):
        return True
    return any(each.told for each in others) and _brings_more(words, signs)


def _brings_more(words: list[str], signs: frozenset[str]) -> bool:
    """A second matter comes: with it, anything said for another department leaves nobody named."""
    return bool(signs) and (not MORE.isdisjoint(signs) or _stand_paired(MORE_PAIRS.keys() & signs, words))


def _are_listed(leader: Mapping[int, int], other: Evidence, words: list[str]) -> bool:
    """They are named in one breath: "skolan och biblioteket", "parken, biblioteket och badet"."""
    for _, _, _, token in other.keywords.values():
        if token + 1 in leader:
            if (
                token + 2 < len(words)
                and words[token + 2] in JOINTS
                and (token + 3 in leader or token + 4 in leader)
            ):
                return True
        elif _joins(token, leader, words):
            return True
    return False


def _joins(token: int, leader: Mapping[int, int], words: list[str]) -> bool:
    """A joint stands behind the first of the two, and the second follows within three words."""
    ahead = token + 2 in leader or token + 3 in leader or token + 4 in leader
    return (
        (ahead and words[token + 1] in JOINTS)
        or (token - 2 in leader and words[token - 1] in JOINTS)
        or (token - 3 in leader and words[token - 2] in JOINTS)
        or (token - 4 in leader and words[token - 3] in JOINTS)
    )

"""Notices told by what they are made of and by what they lack, for answers that carry no mark of a machine.

Parts of a notice: the writer is away or gone, until when, the mail is not read, who helps instead, an answer comes
later. What it lacks: a matter. Residents answer about papers, appointments, keys and invoices, and ask for something.
"""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re

from normalizer.absence_signs import (
    AWAY,
    AWAY_ANYWHERE,
    is_back,
    is_dated,
    is_not_at_work,
    is_of_oneself,
    speaks_of_others,
    split_clauses,
    thanks_for_mail,
    unexplained,
)
from normalizer.letter import Letter
from normalizer.notice_words import (
    FESTIVE,
    GONE,
    LATER,
    MATTER,
    OUT,
    POST,
    RECEIVED,
    SOON,
    TELL,
    UNREAD,
    URGENT,
)
from normalizer.phrases import Phrases, find_words
from normalizer.quote_words import REPLY_PREFIXES
from normalizer.quotes import split_subject

_JOINED = re.compile("[\u0530-\uffff]")
# Armenian and beyond: joined letters, vowel signs that are no letters, or no blanks
_ADDRESS = re.compile(r"[^\s@<>(),;:]{1,80}@[^\s@<>(),;:]{1,200}")
_PHONE = re.compile(r"(?<!\d)\+?\d[\d ()/-]{6,20}\d(?!\d)")
_QUOTED = re.compile(r"^(?:[>|]|[^\n:]{1,120}:\s{0,4}$|[^\n:]{3,20}:\s[^\n@]{0,200}@)", re.MULTILINE)
_OF_ANOTHER = re.compile(
    r"(?:(?:hi|hello|hej|hei|moi|hallo|bonjour|hola|ciao)[\s,!]{1,3})?(?:he|she|han|hon|hun|hän|hij|zij|elle|il (?:ne|n'|a|est)|er (?:arbeitet|ist|hat)|lui|él|ele|ela|он|она)(?!\w)"
)
_SINCE = frozenset(("since", "sedan", "siden", "sidan", "lähtien", "seit", "sinds", "depuis", "desde", "dal", "dalla", "od", "с", "з", "still", "never", "fortfarande", "aldrig", "fremdeles", "yhä", "vieläkin", "noch", "toujours", "encore", "todavía", "ancora", "ainda", "was", "were", "var", "oli", "war", "beri"))  # fmt: skip
# something has been so for a while: no notice counts from the past
_NOW = re.compile(
    r"(?<!\w)(?:den här veckan|denna vecka|i ?dag|this week|today|tällä viikolla|tänään|denne uge|denne uk[ae]n?|diese woche|heute|deze week|vandaag|cette semaine|aujourd'hui|esta semana|questa settimana|oggi|hoje|hoy|w tym tygodniu|dziś|dnes|сегодня|на этой неделе|сьогодні)(?!\w)"
)
_QUESTION = re.compile(r"[^.!?\uff1f\u061f]*+[?\uff1f\u061f]")
_LENGTH = 1500
_SHORT = 280
_EARLY = 250
_OTHERWISE = 0.3
# share of the clauses
_REMOVED = 2000
# characters
_BEYOND_DOUBT, _SURE, _ENOUGH = 6, 5, 4
_FEW = 5
# words


class Signs:
    """Beginnings of words, whole words and phrases, and pieces of scripts whose words cannot be cut out."""

    def __init__(self, *tables: tuple[str, ...]) -> None:
        signs = tuple(sign for table in tables for sign in table)
        self._pieces = tuple(sign for sign in signs if _JOINED.search(sign))
        rest = [sign for sign in signs if not _JOINED.search(sign)]
        self._whole = frozenset(
            sign.strip() for sign in rest if sign.strip().isalnum() and sign.endswith(" ")
        )
        self._starts = tuple(sign for sign in rest if sign.isalnum())
        self._phrases = Phrases(tuple(sign for sign in rest if not sign.strip().isalnum()))

    def found(self, said: str, words: frozenset[str], *, joined: bool) -> bool:
        return (
            not self._whole.isdisjoint(words)
            or any(word.startswith(self._starts) for word in words)
            or self._phrases.count(said, words, latin=False) > 0
            or (joined and any(piece in said for piece in self._pieces))
        )


_OUT = Signs(AWAY, AWAY_ANYWHERE, OUT)
_GONE, _UNREAD, _URGENT, _LATER, _TELL, _MATTER = map(Signs, (GONE, UNREAD, URGENT, LATER, TELL, MATTER))
_PARTS = (_OUT, _GONE, _UNREAD, _URGENT, _LATER, _TELL)
_FESTIVE, _RECEIVED, _POST, _SOON = map(Signs, (FESTIVE, RECEIVED, POST, SOON))


def quotes(letter: Letter) -> bool:
    """Whether a quoted mail was cut off; a signature that was cut off is none."""
    if letter.quotes_nothing:
        return False
    text = letter.text
    start = letter.new_text[-200:]
    at = text.find(start) + len(start) if start in text else 0
    return _QUOTED.search(text[at : at + _REMOVED].strip()) is not None


def has_matter(letter: Letter) -> bool:
    """Whether it speaks of what residents write about, or asks for something."""
    joined = _JOINED.search(letter.head) is not None
    return _MATTER.found(letter.head, letter.words, joined=joined)


def is_answer(letter: Letter) -> bool:
    """Whether it says that it answers a mail, in its subject or by its headers; a forwarded mail does not."""
    prefix, _ = split_subject(letter.subject)
    return prefix in REPLY_PREFIXES or (letter.is_reply and not prefix)


def says_received(letter: Letter) -> bool:
    """Whether it says that a message has come in."""
    joined = _JOINED.search(letter.head) is not None
    return _RECEIVED.found(letter.head, letter.words, joined=joined) and _POST.found(
        letter.head, letter.words, joined=joined
    )


def promises_answer(letter: Letter) -> bool:
    return _SOON.found(letter.head, letter.words, joined=_JOINED.search(letter.head) is not None)


def reads_like_notice(letter: Letter) -> bool:
    """Whether enough parts of an absence notice stand in an answer that speaks of no matter."""
    answers = is_answer(letter)
    named = not split_subject(letter.subject)[0] and _is_title(letter)
    if not (answers or named) or not letter.head or len(letter.new_text) > _LENGTH or _asks(letter):
        return False
    head, words = letter.head, letter.words
    joined = _JOINED.search(head) is not None
    out = named or _OUT.found(head, words, joined=joined) or is_not_at_work(words)
    gone = _GONE.found(head, words, joined=joined)
    unread = _UNREAD.found(head, words, joined=joined)
    elsewhere = _names_other_address(letter)
    if not (out or gone or unread) or is_of_another(letter):
        return False
    if speaks_of_others(head, answers=True) and not elsewhere:
        return False
    urgent = _URGENT.found(head, words, joined=joined)
    later = _LATER.found(head, words, joined=joined)
    told = (elsewhere or _PHONE.search(head) is not None) and _TELL.found(head, words, joined=joined)
    score = 2 * (out or gone) + 2 * unread + urgent + later + elsewhere + told + (out and later)
    dated = is_dated(f"{letter.title} {head}" if named else head, words) or _NOW.search(head) is not None
    score += dated + is_back(head, words)
    score += thanks_for_mail(head) + named
    score += out and _FESTIVE.found(head, words, joined=joined)
    # Mail programs of people write a mark of an answer before our subject.
    score += letter.is_reply and not split_subject(letter.subject)[0]
    if has_matter(letter):
        # "For invoices write to ..." in a notice that says everything else as well
        return score >= _BEYOND_DOUBT and elsewhere and told and tells_of_writer(letter)
    if quotes(letter) or not answers:
        return score >= _SURE and (gone or unread or urgent or elsewhere or told)
    if len(letter.new_text) <= _SHORT:
        # "Closed until 4 August" alone is a notice, "closed since 4 May, glass everywhere" is none.
        alone = score == _ENOUGH - 1 and out and any(map(str.isdigit, head)) and not thanks_for_mail(head)
        return score >= _ENOUGH or (alone and _SINCE.isdisjoint(words) and not unexplained(head, _is_part))
    # The longer it is, the more of it must speak of nothing else.
    rest = unexplained(letter.new_text[:_LENGTH], _is_part)
    return score >= _SURE and rest < _OTHERWISE and tells_of_writer(letter)


def tells_of_writer(letter: Letter) -> bool:
    """Whether a notice of more than a few lines says early that the writer is away, not that something is closed."""
    clauses = split_clauses(letter.head[:_EARLY])
    return any(is_of_oneself(clause) and _is_absence(clause) for clause in clauses)


def _is_absence(clause: str) -> bool:
    words, joined = find_words(clause), _JOINED.search(clause) is not None
    return is_not_at_work(words) or any(
        signs.found(clause, words, joined=joined) for signs in (_OUT, _GONE, _UNREAD)
    )


def is_of_another(letter: Letter) -> bool:
    """Whether it begins with "he" or "she": a notice names the person."""
    return _OF_ANOTHER.match(letter.head) is not None


def _is_part(clause: str) -> bool:
    words, joined = find_words(clause), _JOINED.search(clause) is not None
    return any(signs.found(clause, words, joined=joined) for signs in _PARTS)


def _asks(letter: Letter) -> bool:
    """A question that is none of "Urgent? Call ..."."""
    if not letter.asks:
        return False
    for found in _QUESTION.finditer(letter.head):
        words = find_words(found[0])
        if len(words) > _FEW or not _URGENT.found(found[0], words, joined=not found[0].isascii()):
            return True
    return False


def _is_title(letter: Letter) -> bool:
    """A subject of few words that is about being away and asks nothing."""
    words = find_words(letter.title)
    return (
        0 < len(words) <= _FEW
        and "?" not in letter.title
        and _OUT.found(letter.title, words, joined=_JOINED.search(letter.title) is not None)
    )


def _names_other_address(letter: Letter) -> bool:
    own = letter.sender.value.lower() if letter.sender else ""
    return any(found[0].rstrip(".") != own for found in _ADDRESS.finditer(letter.head))

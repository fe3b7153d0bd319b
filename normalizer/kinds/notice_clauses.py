"""What the clauses of a mail say as parts of a notice, told by the concepts that meet in one clause.

"Not", "read" and "mailbox" in one clause: the mail is not read, in whichever words of whichever language. No concept
says anything alone, so each list can be long; a resident's clause seldom holds a whole pair.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag, auto
from functools import lru_cache

from normalizer.kinds import absence_stems, notice_stems, notice_words, office_stems
from normalizer.kinds.absence_signs import AWAY, AWAY_ANYWHERE, AWAY_ENDS
from normalizer.kinds.vocabulary import Vocabulary, drop_marks, has_joined_letters

_STEMS = {**vars(absence_stems), **vars(notice_stems), **vars(office_stems)}


class Concept(IntFlag):
    """What a word may stand for."""

    NOT = auto()
    DEAL = auto()
    BOX = auto()
    WORK = auto()
    NO_MORE = auto()
    LEFT = auto()
    NEW = auto()
    COVER = auto()
    DUE = auto()
    AT = auto()
    AGAIN = auto()
    ABSENT = auto()
    THANKS = auto()
    DAYS = auto()
    DAY = auto()
    THIS = auto()
    ASK = auto()
    ME = auto()
    PATIENCE = auto()
    STILL = auto()
    OUT = auto()
    DEED = auto()
    ANSWER = auto()
    PAST = auto()
    INBOX = auto()
    HOURS = auto()
    NOBODY = auto()
    INSTEAD = auto()
    MAILS = auto()
    # signs that say something alone
    SAYS_AWAY = auto()
    SAYS_GONE = auto()
    SAYS_UNREAD = auto()
    SAYS_URGENT = auto()
    SAYS_LATER = auto()
    SAYS_TELL = auto()
    SAYS_MATTER = auto()
    SAYS_FESTIVE = auto()
    SAYS_RECEIVED = auto()
    SAYS_POST = auto()
    SAYS_SOON = auto()


_SIGNS = {
    Concept.SAYS_AWAY: (*AWAY, *AWAY_ANYWHERE, *notice_words.OUT),
    Concept.SAYS_GONE: notice_words.GONE,
    Concept.SAYS_UNREAD: notice_words.UNREAD,
    Concept.SAYS_URGENT: notice_words.URGENT,
    Concept.SAYS_LATER: notice_words.LATER,
    Concept.SAYS_TELL: notice_words.TELL,
    Concept.SAYS_MATTER: notice_words.MATTER,
    Concept.SAYS_FESTIVE: notice_words.FESTIVE,
    Concept.SAYS_RECEIVED: notice_words.RECEIVED,
    Concept.SAYS_POST: notice_words.POST,
    Concept.SAYS_SOON: notice_words.SOON,
}
_STEMMED = tuple(concept for concept in Concept if concept not in _SIGNS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Which parts of a notice a mail has, and whether it speaks of something that its writer does or wants."""

    away: bool
    absent: bool
    # in the formal word for it
    back: bool
    thanks: bool
    # for a message
    gone: bool
    # left the employment
    unread: bool
    # the mail is not read, or seldom
    unread_box: bool
    # of the mailbox itself: nobody says so of his own mail
    moved: bool
    # the address is another one now, or closed
    covered: bool
    # somebody else helps
    replaced: bool
    # somebody stands in for the writer
    later: bool
    # an answer comes, and when
    dated: bool
    deed: bool
    patience: bool
    # is asked for
    hours: bool
    # in which somebody is there
    mail_later: bool
    # the mail itself waits until then
    closed: bool
    # this mailbox, now or soon
    on_days: bool
    # somebody works on certain days
    slow: bool
    # an answer takes days
    was_away: bool
    # and is no more: no notice says so


def _make_vocabulary() -> Vocabulary:
    vocabulary = Vocabulary()
    for concept in _STEMMED:
        for line in _STEMS[str(concept.name)].strip().split("\n"):
            for stem in drop_marks(line.partition(":")[2]).split():
                _add_stem(vocabulary, stem, int(concept))
    for concept, signs in _SIGNS.items():
        for sign in dict.fromkeys(map(drop_marks, signs)):
            vocabulary.add_sign(sign, int(concept))
    for end in AWAY_ENDS:
        vocabulary.add_end(drop_marks(end), int(Concept.SAYS_AWAY))
    for end in notice_words.POST_ENDS:
        vocabulary.add_end(drop_marks(end), int(Concept.SAYS_POST))
    for end in office_stems.BOX_ENDS:
        vocabulary.add_end(drop_marks(end), int(Concept.BOX))
    return vocabulary


def _add_stem(vocabulary: Vocabulary, stem: str, bit: int) -> None:
    bare = stem.strip("_")
    if "_" in bare or "-" in bare or "'" in bare:
        phrase = stem.replace("_", " ")
        vocabulary.add_phrase(phrase if has_joined_letters(phrase) else " " + phrase, bit)
    elif stem.endswith("_"):
        vocabulary.add_whole(bare, bit)
    else:
        vocabulary.add_start(bare, bit)


_VOCABULARY = _make_vocabulary()
_REMEMBERED = 256
# clauses: several questions are asked of each clause of a mail
_C = Concept
# the combinations as plain numbers: every clause is compared with each of them
_NOT_READ, _NOT_SOON_READ = int(_C.NOT | _C.DEAL | _C.BOX), int(_C.NOT | _C.DEAL | _C.DUE)
_THIS_NOT_READ, _THIS_NO_MORE = int(_C.THIS) | _NOT_READ, int(_C.THIS | _C.NO_MORE | _C.BOX)
_NO_MORE_WORK, _NO_MORE_BOX = int(_C.NO_MORE | _C.WORK), int(_C.NO_MORE | _C.BOX)
_NOT_AT, _AT_AGAIN, _AGAIN_ON = int(_C.NOT | _C.AT), int(_C.AT | _C.AGAIN), int(_C.AGAIN | _C.DAY)
_SLOW_ANSWER = int(_C.DUE | _C.ANSWER)
_THANKS_FOR_ANSWER = int(_C.THANKS | _C.ANSWER)
_URGENT_TURN = int(_C.SAYS_URGENT | _C.SAYS_TELL)
_NEW_BOX, _THANKS_FOR_MAIL = int(_C.NEW | _C.BOX), int(_C.THANKS | _C.BOX)
_WHEN, _AWAY, _MAIL = int(_C.DUE | _C.DAYS | _C.DAY), int(_C.OUT | _C.ABSENT), int(_C.DEAL | _C.BOX)
_NOT, _DEAL, _BOX, _STILL, _DEED = int(_C.NOT), int(_C.DEAL), int(_C.BOX), int(_C.STILL), int(_C.DEED)
_AGAIN, _AT, _THIS, _DAYS = int(_C.AGAIN), int(_C.AT), int(_C.THIS), int(_C.DAYS)
_PAST, _TELL, _SAYS_AWAY = int(_C.PAST), int(_C.SAYS_TELL), int(_C.SAYS_AWAY)
_INBOX_DEALT, _WORK_ON = int(_C.INBOX | _C.DEAL | _C.DAY), int(_C.WORK | _C.DAY)
_THIS_INBOX_NOT, _THIS_CLOSED = int(_C.THIS | _C.INBOX | _C.NOT), int(_C.THIS | _C.NEW | _C.INBOX)
_NEW, _HOURS = int(_C.NEW), int(_C.HOURS)
_DEAL_AGAIN, _HOURS_DEAL = int(_C.DEAL | _C.AGAIN), int(_C.HOURS | _C.DEAL)
_HOURS_ONLY = int(_C.HOURS | _C.NOT | _C.DAY)
_NOBODY, _INSTEAD = int(_C.NOBODY), int(_C.INSTEAD)
_NOBODY_READS, _MAILS_DEALT = int(_C.NOBODY | _C.DEAL | _C.BOX), int(_C.MAILS | _C.DEAL)
_WHOSE = int(_C.THIS | _C.INBOX)
_DONE = re.compile(
    r"(?<!\w)(?<!be )(?<!are )(?<!is )(?<!get )(?:answered|replied|checked|sent|opened|received|got|wrote|svarade|läste|skrev|fick|kollade|vastasin|luin|sain|svarede|læste|leste|habe|hatte|heb|heeft|had|j'ai|ho|he|przeczyta\w{1,3}|odpisa\w{1,3}|ответил\w?|прочитал\w?|получил\w?)(?!\w)"
)
# somebody has done it: no notice tells what its writer did with his mail
_POST = int(_C.SAYS_POST)
_SAID = int(_C.SAYS_AWAY | _C.SAYS_GONE | _C.SAYS_UNREAD)
_A_MAIL = r"(?:[^\W\d]{1,12} ){0,2}?(?:e-?mail|mail|mej?l|message|meddeland|viest|nachricht|bericht|courriel|mensaje|correo|messagg|mensag|wiadomo|zpráv|správ|письм|сообщ|повідомл)"
_MY_MAIL = re.compile(
    r"(?<!\w)(?:my|our|mitt|mina|min|vårt|våra|minun|mein|meine[rmn]?|unsere?|mijn|onze|mes|mon|mis?|mio|miei|mie|meus?|minhas?|moj\w{0,2}|мо[иёейюя]\w{0,2}) "
    + _A_MAIL
)
_YOUR_MAIL = re.compile(
    r"(?<!\w)(?:your|ditt|din|dina|ert|er|era|dit|jeres|deres|teidän|sinun|ihre?n?|deine?n?|eure?n?|uw|je|jouw|jullie|votre|vos|ton|tes|su|sus|tu|tus|suo|suoi|sua|sue|vostr[aeio]|seus?|suas?|voss[ao]s?|pan[ai]|państwa|twoj\w{0,2}|vaš\w{0,3}|ваш\w{0,3}) "
    + _A_MAIL
)
_CONCEPTS = sum(map(int, _STEMMED))
_ASK, _ME, _PATIENCE = int(_C.ASK), int(_C.ME), int(_C.PATIENCE)
_LEFT, _COVER, _ABSENT, _DAY, _THANKS = (
    int(_C.LEFT),
    int(_C.COVER),
    int(_C.ABSENT),
    int(_C.DAY),
    int(_C.THANKS),
)


@lru_cache(maxsize=_REMEMBERED)
def read_clause(clause: str) -> int:
    """The concepts that a clause, in lower case, holds: a sum of `Concept`."""
    return _VOCABULARY.read(clause)


def _has(found: int, *combinations: int) -> bool:
    for combination in combinations:  # noqa: SIM110 - a generator costs more than all that it compares
        if found & combination == combination:
            return True
    return False


def is_unread_by_all(found: int, clause: str) -> bool:
    """Whether nobody reads this mailbox, or the mail that it answers: "nobody answers" of anything else complains."""
    if not _has(found, _NOBODY_READS) or found & (_PAST | _STILL) or _DONE.search(clause):
        return False
    return _MY_MAIL.search(clause) is None and (found & _WHOSE != 0 or _YOUR_MAIL.search(clause) is not None)


def _is_routine(found: int, clause: str) -> bool:
    """Whether it says when, or how seldom, messages in general are dealt with."""
    return (
        _has(found, _MAILS_DEALT)
        and found & (_WHEN | _AGAIN) != 0
        and not found & (_PAST | _STILL | _ASK | _DEED)
        and _DONE.search(clause) is None
        and _MY_MAIL.search(clause) is None
        and _YOUR_MAIL.search(clause) is None
    )


def _is_deed(found: int, clause: str) -> bool:
    """Whether the writer does or wants something, waits for an answer, or gives thanks for one."""
    if found & _NOBODY:
        return not is_unread_by_all(found, clause) and found & (_DEAL | _STILL | _AT) != 0
    if found & _DEED:
        # "In urgent matters you can turn to ...", "you can write to anna@..."
        turn = found & _TELL != 0 and "@" in clause and found & (_ME | _NEW) == 0
        return not (turn or _has(found, _URGENT_TURN))
    if _has(found, _THANKS | _DEAL) and not found & (_BOX | _WHEN | _PATIENCE | _POST):
        return True  # for answering, for getting back
    return (_has(found, _STILL | _NOT) and found & _MAIL != 0) or _has(found, _THANKS_FOR_ANSWER)


def is_part(clause: str) -> bool:
    """Whether a clause says something that notices say, and nothing of what residents do or want."""
    found = read_clause(clause)
    if _is_deed(found, clause):
        return False
    return (
        found & (_AWAY | _LEFT | _COVER) != 0
        or (found & _HOURS != 0 and (found & _DAY != 0 or "#" in clause))
        or found & (_PATIENCE | _INSTEAD) != 0
        or is_unread_by_all(found, clause)
        or _has(
            found,
            _NOT_AT,
            _AT_AGAIN,
            _AGAIN_ON,
            _SLOW_ANSWER,
            _DEAL_AGAIN,
            _THANKS_FOR_MAIL,
            _NO_MORE_WORK,
            _NO_MORE_BOX,
            _NEW_BOX,
        )
        or (found & _NOT != 0 and found & _MAIL != 0)
        or (found & _DEAL != 0 and found & (_WHEN | _BOX) != 0)
        or (found & _AGAIN != 0 and "#" in clause)
    )


def may_ask(found: int) -> bool:
    """Whether any clause of a text that holds these concepts may ask for something, or tell of a deed."""
    return found & (_ASK | _ME | _DEED | _STILL | _NOBODY) != 0 or _has(
        found, _THANKS_FOR_ANSWER, _THANKS | _DEAL
    )


def may_notify(found: int) -> bool:
    """Whether a text that holds these concepts may say that somebody is away or gone, or the mail not read."""
    return found & (_AWAY | _LEFT | _SAID | _HOURS | _INSTEAD) != 0 or _has(
        found, _NOT_AT, _AT_AGAIN, _NO_MORE_WORK, _NEW_BOX, _NO_MORE_BOX, _NOT_READ, _NOT_SOON_READ,
        _INBOX_DEALT, _WORK_ON, _MAILS_DEALT, _NOBODY_READS,
    )  # fmt: skip


def asks_for_deed(clause: str) -> bool:
    """Whether it requests something other than to turn elsewhere, to be patient or not to answer."""
    found = read_clause(clause)
    return found & _ASK != 0 and found & (_MAIL | _COVER | _PATIENCE) == 0


def wants_call(clause: str) -> bool:
    """Whether the writer asks to be called himself."""
    return read_clause(clause) & _ME != 0


def names_mail(clause: str) -> bool:
    """Whether a clause names a message or a mailbox."""
    return read_clause(clause) & _BOX != 0


def names_thanks(clause: str) -> bool:
    return read_clause(clause) & _THANKS != 0


def is_dealt_with(clause: str) -> bool:
    return read_clause(clause) & _DEAL != 0


def is_of_mailbox(clause: str) -> bool:
    """Whether it says of this mailbox that something is not done with it."""
    return _has(read_clause(clause), _THIS_INBOX_NOT)


def is_elsewhere(clause: str) -> bool:
    """Whether it says that somebody is not at work, or not to be reached."""
    return _has(read_clause(clause), _NOT_AT)


def find_parts(clauses: Iterable[str]) -> Parts:
    """The parts of a notice in these clauses, which are in lower case, with "#" for each number."""
    away = absent = back = thanks = gone = unread = unread_box = moved = covered = later = dated = deed = (
        False
    )
    patience = hours = mail_later = closed = on_days = past = present = replaced = slow = False
    before = 0
    for clause in clauses:
        found = read_clause(clause)
        if not found & _CONCEPTS:
            continue
        again = found & _AGAIN != 0
        away = away or found & _AWAY != 0 or _has(found, _NOT_AT, _AT_AGAIN)
        absent = absent or found & _ABSENT != 0
        back = back or (again and (found & (_AT | _DAY) != 0 or "#" in clause))
        thanks = thanks or _has(found, _THANKS_FOR_MAIL)
        gone = gone or found & _LEFT != 0 or _has(found, _NO_MORE_WORK)
        now = found & _PAST == 0
        unread = unread or (now and _has(found, _NOT_READ, _NOT_SOON_READ, _INBOX_DEALT, _THIS_INBOX_NOT))
        unread = unread or is_unread_by_all(found, clause) or _is_routine(found, clause)
        replaced = replaced or found & _INSTEAD != 0
        unread_box = unread_box or (
            found & _THIS != 0 and _has(found, _THIS_NOT_READ, _THIS_NO_MORE, _THIS_INBOX_NOT)
        )
        moved = moved or _has(found, _NEW_BOX, _NO_MORE_BOX)
        covered = covered or found & _COVER != 0
        if found & _WHEN:
            of_mail = found & _BOX != 0 and found & (_DEAL | _NOT) != 0 and found & _ASK == 0
            mail_later = mail_later or of_mail
            later = later or of_mail or found & _DEAL != 0
        dated = dated or found & _DAY != 0
        deed = deed or _is_deed(found, clause)
        later = later or (_has(found, _DEAL_AGAIN) and found & (_NOT | _STILL) == 0)
        patience = patience or found & _PATIENCE != 0
        later = later or _has(found, _HOURS_DEAL) or (_has(found, _SLOW_ANSWER) and not found & _THANKS)
        away = away or _has(found, _HOURS_ONLY)
        hours = hours or (found & _HOURS != 0 and (found & (_DAY | _DEAL) != 0 or "#" in clause))
        closed = closed or _has(found, _THIS_CLOSED)
        on_days = on_days or _has(found, _WORK_ON)
        slow = slow or (_has(found, _DEAL | _DAYS) and found & _WORK_ON != _WORK_ON)
        on_return = found & _AGAIN != 0 and _has(found | before, _MAIL) and found & _NOT == 0
        away, later = away or on_return, later or on_return
        before = found
        if found & (_AWAY | _SAYS_AWAY) or _has(found, _NOT_AT):
            past, present = past or found & _PAST != 0, present or found & _PAST == 0
    return Parts(
        away=away, absent=absent, back=back, thanks=thanks, gone=gone, unread=unread, unread_box=unread_box,
        moved=moved, covered=covered, later=later, dated=dated, deed=deed,
        patience=patience, hours=hours, mail_later=mail_later, closed=closed, on_days=on_days, was_away=past and not present,
        replaced=replaced, slow=slow,
    )  # fmt: skip

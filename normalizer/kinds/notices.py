"""Notices told by what they are made of and by what they lack, for answers that carry no mark of a machine.

Parts of a notice: the writer is away or gone, until when, the mail is not read, who helps instead, an answer comes
later. What it lacks: a matter. Residents answer about papers, appointments, keys and invoices, and ask for something.
"""

import re

from normalizer.kinds.absence_signs import (
    is_back,
    is_dated,
    is_not_at_work,
    is_of_oneself,
    speaks_of_others,
    split_clauses,
    split_plain,
    thanks_for_mail,
    unexplained,
)
from normalizer.kinds.first_person import (
    is_of_reader,
    speaks_of_self,
    tells_of_deed,
    tells_of_notice,
    whose_absence,
)
from normalizer.kinds.letter import Letter
from normalizer.kinds.notice_clauses import (
    Concept,
    asks_for_deed,
    is_dealt_with,
    is_elsewhere,
    is_of_mailbox,
    is_part,
    may_ask,
    may_notify,
    names_mail,
    names_thanks,
    read_clause,
    wants_call,
)
from normalizer.kinds.phrases import find_words
from normalizer.kinds.vocabulary import drop_marks, has_joined_letters
from normalizer.replies.quote_words import REPLY_PREFIXES
from normalizer.replies.quotes import split_subject

_ADDRESS = re.compile(r"[^\s@<>(),;:]{1,80}@[^\s@<>(),;:]{1,200}")
_PHONE = re.compile(r"(?<!\d)\+?\d[\d ()/-]{6,20}\d(?!\d)")
_QUOTED = re.compile(r"^(?:[>|]|[^\n:]{1,120}:\s{0,4}$|[^\n:]{3,20}:\s[^\n@]{0,200}@)", re.MULTILINE)
_OF_ANOTHER = re.compile(
    r"(?:(?:hi|hello|hej|hei|moi|hallo|bonjour|hola|ciao)[\s,!]{1,3})?(?:he(?! [^\W\d]{1,12}[ai]do(?!\w))|she|han|hon|hun|hän|hij|zij|elle|il (?:ne|n'|a|est)|er (?:arbeitet|ist|hat)|lui|él|ele|ela|он|она)(?!\w)"
)
_SINCE = frozenset(("since", "sedan", "siden", "sidan", "lähtien", "seit", "sinds", "depuis", "desde", "dal", "dalla", "od", "still", "never", "fortfarande", "aldrig", "fremdeles", "yhä", "vieläkin", "noch", "toujours", "encore", "todavía", "ancora", "ainda", "was", "were", "var", "oli", "war", "beri"))  # fmt: skip
# something has been so for a while: no notice counts from the past
_NOW = re.compile(
    r"(?<!\w)(?:den här veckan|denna vecka|i ?dag|this week|today|tällä viikolla|tänään|denne uge|denne uk[ae]n?|diese woche|heute|deze week|vandaag|cette semaine|aujourd'hui|esta semana|questa settimana|oggi|hoje|hoy|w tym tygodniu|dziś|dnes|сегодня|на этой неделе|сьогодні)(?!\w)"
)
_ABOUT = re.compile(
    r"(?<!\w)(?:back to you|återkommer|hör av mig|melde mich|vender tilbage|kommer tilbake|palaan|kom (?:ik )?(?:hier)?(?:op )?terug|reviens vers|vuelvo a|le escribo|la ricontatto|wrócę|ozvu se|jelentkezem|напишу|свяжусь)(?: [^\s.]{1,15}){0,3}?"
    r" (?:about|regarding|concerning|angående|gällande|beträffande|vedrørende|angående|wegen (?:des|der|dem)|bezüglich|over (?:de|het)|au sujet d|concernant|sobre (?:el|la)|riguardo|w sprawie|ohledně|ügyében|по поводу|насчет) (?=[^\W\d])"
)
# comes back to a matter
_UNTIL = re.compile(
    r"(?<!\w)(?:till|tills|t\.o\.m|til|asti|saakka|until|till|through|bis|tot|t/m|jusqu|hasta|fins|fino|sino|até|până|do|dne|-ig|до|по|līdz|iki|kuni|μέχρι|έως|kadar|deri|đến|hingga|sampai|hadi|ilaa)(?!\w)|حتى|עד |تا |直到|至|まで|까지|ถึง"
)
_SENTENCE = re.compile(r"[^.!?\uff1f\u061f]++(?:[.!?\uff1f\u061f]|\Z)|[?\uff1f\u061f]")
_LENGTH = 1500
_SHORT = 280
_EARLY = 250
_OTHERWISE = 0.3
# share of the clauses
_REMOVED = 2000
# characters
_BEYOND_DOUBT, _SURE, _ENOUGH = 6, 5, 4
_FEW, _POLITE, _NEXT, _WORD = 5, 2, 40, 6
# words; "please" stands alone before a comma


_C = Concept
_OUT, _GONE, _UNREAD = int(_C.SAYS_AWAY), int(_C.SAYS_GONE), int(_C.SAYS_UNREAD)
_URGENT, _LATER, _TELL = int(_C.SAYS_URGENT), int(_C.SAYS_LATER), int(_C.SAYS_TELL)
_MATTER, _FESTIVE, _RECEIVED = int(_C.SAYS_MATTER), int(_C.SAYS_FESTIVE), int(_C.SAYS_RECEIVED)
_POST, _SOON, _NOT = int(_C.SAYS_POST), int(_C.SAYS_SOON), int(_C.NOT)
_PARTS = _OUT | _GONE | _UNREAD | _URGENT | _LATER | _TELL
_OF_NOTICES = _OUT | _GONE | _UNREAD | _LATER | _RECEIVED | _POST | _NOT
_OF_OFFICES = int(_C.AT | _C.WORK | _C.BOX | _C.INBOX | _C.COVER | _C.OUT | _C.SAYS_TELL) | _OUT
_CLOSED, _ON_DAY = int(_C.NEW), int(_C.DAY)
_OF_NOTICES |= int(_C.LEFT | _C.OUT | _C.BOX | _C.DEAL | _C.COVER | _C.AT | _C.WORK)


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
    if tells_of_notice(letter.head):
        return True
    asks = may_ask(letter.heard)
    if asks and letter.parts.deed:
        return True
    if any(map(_tells_of_deed, split_plain(letter.head))) or any(map(_is_of_topic, split_plain(letter.head))):
        return True
    if asks and _requests(split_plain(letter.head)):
        return True
    if not letter.said & _MATTER:
        return False
    return any(map(_is_matter, split_plain(letter.head)))


def _tells_of_deed(clause: str) -> bool:
    """Whether the writer has done something that no notice speaks of: "I have put the form in the post"."""
    return tells_of_deed(clause) and not read_clause(clause) & _OF_NOTICES


def _is_of_topic(clause: str) -> bool:
    """Whether the writer comes back to something that he names: "I will get back to you about the lease"."""
    found = _ABOUT.search(clause)
    return found is not None and not read_clause(clause[found.end() :]) & (_POST | int(_C.BOX))


def _requests(clauses: tuple[str, ...]) -> bool:
    before = ""
    for clause in clauses:
        if _is_request(clause) or (_is_please(clause) and _is_bare(before)):
            return True
        before = clause
    return False


def _is_please(clause: str) -> bool:
    """Whether it is a "please" between commas, which goes with what stands before it."""
    return len(find_words(clause)) == 1 and asks_for_deed(clause)


def _is_bare(clause: str) -> bool:
    """Whether it is a few words that say nothing of notices."""
    words = len(find_words(clause))
    return 0 < words <= _FEW and not read_clause(clause) & (_OF_OFFICES | _OF_NOTICES | _PARTS)


def _is_request(clause: str) -> bool:
    """Whether it asks for something to be done, or to be called: a notice tells where to turn."""
    call, deed = wants_call(clause), asks_for_deed(clause)
    if not (call or deed):
        return False
    said = read_clause(clause)
    if said & _URGENT:
        return False
    return call or ("@" not in clause and not said & _TELL and _is_long(clause))


def _is_long(clause: str) -> bool:
    """Whether it is more than "please reply": in words, or in letters where no blanks part them."""
    words = len(find_words(clause))
    return words > _POLITE or (words * _WORD < len(clause) and has_joined_letters(clause))


def _is_matter(clause: str) -> bool:
    """Whether it speaks of a matter, other than to say where to turn ("use the form on www...") or what came in."""
    said = read_clause(clause)
    if not said & _MATTER:
        return False
    points = "@" in clause and len(find_words(clause)) <= 2 * _FEW
    points = points or (said & _TELL != 0 and ("http" in clause or "www" in find_words(clause)))
    received = said & _RECEIVED != 0 and said & _NOT == 0 and not speaks_of_self(clause)
    return not (points or received or is_of_mailbox(clause))


def is_answer(letter: Letter) -> bool:
    """Whether it says that it answers a mail, in its subject or by its headers; a forwarded mail does not."""
    prefix, _ = split_subject(letter.subject)
    return prefix in REPLY_PREFIXES or (letter.is_reply and not prefix)


def says_received(letter: Letter) -> bool:
    """Whether it says that a message has come in, or that something has and an answer comes within so many days."""
    clauses = split_clauses(drop_marks(letter.head))
    if any(map(_is_received, clauses)):
        return True
    promised = letter.parts.later and letter.said & _SOON != 0
    return promised and any(read_clause(clause) & (_RECEIVED | _NOT) == _RECEIVED for clause in clauses)


def says_handled(letter: Letter) -> bool:
    """Whether it says of a message that it has a number, or when such messages are answered."""
    for clause in split_plain(letter.new_text[:_LENGTH]):
        said = read_clause(clause)
        if "#" not in clause or said & _NOT:
            continue
        if said & _POST and (said & _SOON or is_dealt_with(clause)):
            return True
    return False


def _is_received(clause: str) -> bool:
    said = read_clause(clause)
    return said & _RECEIVED != 0 and said & _NOT == 0 and (said & _POST != 0 or names_mail(clause))


def thanks_for_post(letter: Letter) -> bool:
    """Whether it thanks for a message, a question or a report."""
    return any(
        thanks_for_mail(clause) or (names_thanks(clause) and read_clause(clause) & _POST != 0)
        for clause in split_clauses(letter.head)
    )


def promises_answer(letter: Letter) -> bool:
    return letter.said & _SOON != 0 or letter.parts.later


def reads_like_notice(letter: Letter) -> bool:
    """Whether enough parts of an absence notice stand in an answer that speaks of no matter."""
    answers = is_answer(letter)
    prefix = split_subject(letter.subject)[0]
    named = not prefix and _is_title(letter)
    if (prefix and not answers) or not letter.head or len(letter.new_text) > _LENGTH or asks_truly(letter):
        return False
    head, words = letter.head, letter.words
    if not (answers or named) and not _may_be_unasked(letter):
        return False
    if not (named or may_notify(letter.heard) or is_not_at_work(words)):
        return False
    said, parts = letter.said, letter.parts
    elsewhere = _names_other_address(letter)
    detail = elsewhere or _PHONE.search(head) is not None
    out = named or parts.away or said & _OUT != 0 or is_not_at_work(words)
    pointed = parts.covered or said & _TELL != 0
    gone = parts.gone or (parts.moved and elsewhere) or (parts.closed and pointed) or said & _GONE != 0
    unread = parts.unread or said & _UNREAD != 0
    # "I work Monday to Wednesday" is an absence where it says what becomes of the mail meanwhile.
    out = out or (parts.on_days and (unread or parts.mail_later or parts.slow))
    out = out or (parts.replaced and elsewhere)
    out = out or (parts.hours and (unread or parts.later or said & (_SOON | _URGENT) != 0))
    if not (out or gone or unread) or is_of_another(letter) or (parts.was_away and not (gone or named)):
        return False
    urgent = said & _URGENT != 0
    later = parts.later or said & _LATER != 0
    # A notice may name a child and a colleague; who only says that somebody of his is there speaks of a visit.
    if speaks_of_others(head, answers=True) and not (
        elsewhere and (unread or urgent or later or parts.thanks)
    ):
        return False
    told = detail and (pointed or (urgent and elsewhere))
    score = 2 * (out or gone) + 2 * unread + urgent + later + elsewhere + told + (out and later)
    dated = parts.dated or is_dated(f"{letter.title} {head}" if named else head, words)
    dated = dated or _NOW.search(head) is not None
    score += dated + (parts.back or is_back(head, words))
    clauses = split_plain(letter.new_text[:_LENGTH])
    absent = parts.absent or any(is_of_oneself(clause) and is_elsewhere(clause) for clause in clauses)
    score += (parts.thanks or thanks_for_mail(head)) + absent + named
    score += 2 * (parts.unread_box or parts.closed) + parts.hours + parts.patience
    score += not told and (parts.covered or (pointed and parts.gone))
    score += out and said & _FESTIVE != 0
    # Mail programs of people write a mark of an answer before our subject.
    score += letter.is_reply and not split_subject(letter.subject)[0]
    if has_matter(letter):
        # "For invoices write to ..." in a notice that says everything else as well
        helped = told and (elsewhere or (unread and urgent))
        return score >= _BEYOND_DOUBT and helped and tells_of_writer(letter)
    if quotes(letter) or not answers:
        sure = _SURE if answers or named else _BEYOND_DOUBT
        helps = gone or unread or urgent or elsewhere or told
        return score >= sure and helps and (named or answers or _says_nothing_else(letter))
    if len(letter.new_text) <= _SHORT:
        # "Closed until 4 August" alone is a notice, "closed since 4 May, glass everywhere" is none.
        alone = score == _ENOUGH - 1 and out and any(map(str.isdigit, head)) and not thanks_for_mail(head)
        if score >= _ENOUGH:
            return True
        plain = _SINCE.isdisjoint(words) and not unexplained(letter.new_text, _is_part)
        # Less is enough where no clause speaks of anything else.
        return plain and (
            alone
            or (score == _ENOUGH - 1 and (gone or unread or later or told or elsewhere or parts.covered))
        )
    # The longer it is, the more of it must speak of nothing else.
    rest = unexplained(letter.new_text[:_LENGTH], _is_part)
    return score >= _SURE and rest < _OTHERWISE and tells_of_writer(letter)


def _may_be_unasked(letter: Letter) -> bool:
    """What an absence notice that answers nothing has at the least; told without looking at the whole of it."""
    away = letter.said & (_OUT | _GONE | _UNREAD) != 0 or is_not_at_work(letter.words)
    return away and not letter.asks and tells_of_writer(letter)


def _says_nothing_else(letter: Letter) -> bool:
    rest = unexplained(letter.new_text[:_LENGTH], _is_part)
    return rest < _OTHERWISE and not letter.asks and tells_of_writer(letter)


def speaks_of_else(letter: Letter) -> float:
    """Share of the clauses that do not say that a message came in, or what becomes of it."""
    return unexplained(letter.new_text[:_LENGTH], _is_of_receipt)


def _is_of_receipt(clause: str) -> bool:
    if "#" in clause and len(find_words(clause)) <= _FEW:
        return True  # "Case number: #"
    return _is_received(drop_marks(clause)) or _is_part(clause) or read_clause(clause) & _SOON != 0


def tells_of_writer(letter: Letter) -> bool:
    """Whether a notice of more than a few lines says early that the writer is away, not that something is closed."""
    clauses = split_plain(letter.new_text[:_EARLY])
    return any(is_of_oneself(clause) and _is_absence(clause) for clause in clauses)


def speaks_of_writer(letter: Letter) -> bool:
    """Whether it says early "I" or "we", of whatever."""
    return any(map(is_of_oneself, split_plain(letter.new_text[:_EARLY])))


def _is_absence(clause: str) -> bool:
    return read_clause(clause) & (_OUT | _GONE | _UNREAD) != 0 or is_not_at_work(find_words(clause))


def is_of_another(letter: Letter) -> bool:
    """Whether it begins with "he" or "she", for a notice names the person, or somebody of the writer's is away."""
    if _OF_ANOTHER.match(letter.head):
        return True
    return any(map(_is_of_mine, split_plain(letter.new_text[:_EARLY])))


def _is_of_mine(clause: str) -> bool:
    if not _is_absence(clause):
        return False
    if is_of_reader(clause):
        return True
    if read_clause(clause) & _CLOSED:
        return False  # places are closed, people are not
    name = whose_absence(clause)
    # not "my office", "my colleague", "my leave"
    return name != "" and not read_clause(name) & _OF_OFFICES


def _is_part(clause: str) -> bool:
    return read_clause(clause) & _PARTS != 0 or is_part(clause) or _tells_until(clause)


def _tells_until(clause: str) -> bool:
    """Whether it says until when something is so."""
    return _UNTIL.search(clause) is not None and ("#" in clause or read_clause(clause) & _ON_DAY != 0)


def asks_truly(letter: Letter) -> bool:
    """A question that is none of "Urgent? Call ..."."""
    if not letter.asks:
        return False
    for found in _SENTENCE.finditer(letter.head):
        if found[0][-1] not in "?\uff1f\u061f":
            continue
        words, urgent = len(find_words(found[0])), read_clause(found[0]) & _URGENT != 0
        # "Dangerous tree? Ring 070-..."
        pointed = words <= _FEW and _points(letter, found.end(), phone=words <= _POLITE)
        if not (pointed or (urgent and words <= _FEW)):
            return True
    return False


def _points(letter: Letter, start: int, *, phone: bool) -> bool:
    """Whether a telephone number follows there, or the address of somebody else."""
    if phone and _PHONE.search(letter.head, start, start + _NEXT):
        return True
    found = _ADDRESS.search(letter.head, start, start + _NEXT)
    return found is not None and found[0].rstrip(".") != _own_address(letter)


def _is_title(letter: Letter) -> bool:
    """A subject of few words that is about being away and asks nothing."""
    words = find_words(letter.title)
    if not 0 < len(words) <= _FEW or "?" in letter.title:
        return False
    return read_clause(letter.title) & _OUT != 0 or is_elsewhere(letter.title)


def _names_other_address(letter: Letter) -> bool:
    own = _own_address(letter)
    return "@" in letter.head and any(found[0].rstrip(".") != own for found in _ADDRESS.finditer(letter.head))


def _own_address(letter: Letter) -> str:
    return letter.sender.value.lower() if letter.sender else ""

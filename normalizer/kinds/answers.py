"""Answers that a machine gives for a person: absence notices, challenges, read receipts without a report."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re

from normalizer.kinds.absence_signs import (
    may_tell_of_absence,
    names_absence,
    speaks_of_others,
    unexplained,
    weigh_absence,
)
from normalizer.kinds.absence_words import ABSENCE, NOTICE
from normalizer.kinds.automated_headers import is_marked_reply
from normalizer.kinds.automated_words import (
    ABSENCE_SUBJECTS,
    AUTOMATIC_ENDINGS,
    AUTOMATIC_PHRASES,
    AUTOMATIC_SUBJECTS,
    CHALLENGE_PHRASES,
    CHALLENGE_SENDERS,
    CHALLENGE_SUBJECTS,
    NAMED_ABSENCE,
    READ_PHRASES,
    READ_SUBJECTS,
    SURE_READ_PHRASES,
)
from normalizer.kinds.letter import Letter, fold
from normalizer.kinds.notice_clauses import Concept
from normalizer.kinds.notices import (
    has_matter,
    is_of_another,
    reads_like_notice,
    speaks_of_writer,
    tells_of_writer,
    thanks_for_post,
)
from normalizer.kinds.phrases import Phrases, find_words, is_latin
from normalizer.replies.quote_words import REPLY_PREFIXES
from normalizer.replies.quotes import split_subject

_TELLS_ITS_KIND = re.compile(
    r"\s*+(?:[:\uff1a(\[\])\"'|/]|\Z|(?:re|sv|fw|fwd|aw|vs|auto-?reply|from|från|fra|von|van|auf|auto|until|till|tills|t\.?o\.?m|bis|jusqu|hasta|fino|tot)(?![^\W\d_]))"
)
_SAYS_WHEN = re.compile(
    r"[ :.(-]*+\d|(?<!\w)(?:until|till|t\.?o\.?m|asti|saakka|bis|tot|jusqu|hasta|fino al|até|do|до|från|from|vecka|v\.)(?!\w)"
)
_SURE_ENDINGS = tuple(
    mark + phrase
    for mark in ("- ", "\u2013 ", "| ", "/ ")
    for phrase in (
        "out of office", "out of the office", "automatic reply", "auto reply", "auto-reply", "autoreply", "autosvar", "automatiskt svar",
        "ej på kontoret", "automaattinen vastaus", "abwesenheitsnotiz", "réponse automatique", "ikke på kontoret", "fuera de la oficina", "fuori ufficio",
        "poza biurem", "fora do escritório", "vacation reply", "automatische antwort", "automatisch antwoord", "automatisk svar",
    )
)  # fmt: skip
"""A subject that ends so after a mark of separation: "Question - Out of Office"."""
_SAYS_AUTOMATIC = re.compile(
    r"(?<!\w)(?:detta|det här|denna|dette|denne|this|tämä|dies(?:e|es)?|das ist|dit|deze|ceci|cet|cette|est[ea]|quest[ao]|to jest|ta|toto|tato|ovo|see|tai|šis|şu|bu|ez|это|данное|це|αυτό|αυτή)"
    r"(?: [^\s.!?]{1,24}){0,4}? (?:automat|auto[- ]?(?:svar|repl|respon|generer|antwort|réponse|risposta|respuesta)|automaatti|αυτόματ|αυτοματ|автомат|otomatik)[^\s.!?]{0,24}"
    r"(?: [^\s.!?]{1,24}){0,1}?(?:(?<=svar)|(?<=gener)| ?[^\s.!?]{0,8}(?:svar|meddel|mejl|mail|vastau|viest|kuittau|repl|respon|messag|notific|antwor|nachricht|bericht|antwoord|gegenereerd|réponse|respuest|mensaj|correo|rispost|messaggi|respost|mensag|odpowied|wiadomo|odpov"
    r"|zpráv|správ|válasz|üzenet|răspuns|mesaj|odgovor|poruk|atsakym|vastus|kiri|yanıt|ileti|ответ|сообщ|письм|відпов|απάντ|μήνυμα|gener|kvitter|kvitto|besked|erstell|sent|utskick))"
)
""" "This is an automatic ..." in many languages: hardly anybody says it of his own letter."""
_CONTACT = re.compile(
    r"(?<!\w)(?:kontakta|kontakt|ring|maila|mejla|vänd dig till|ota yhteyttä|ota yhteys|soita|contact|call|e-?mail|reach|write to|kontaktiere[n]?|kontaktieren sie|wenden sie sich|ruf|contacteer|bel|contactez|contacter|joindre|contacte|contactar|póngase"
    r"|contatti|contattare|rivolgersi|contate|contatar|contacte|kontaktuj|skontaktuj|proszę o kontakt|kontaktujte|kontaktirajte|vänd er till|hör av (?:dig|er) till|skriv till|rettes til|henvendelser|la xiriir|hubungi|liên hệ|volejte|iletişime|turn to|обращайтесь|обращаться|звоните|свяжитесь|звертайтеся)(?![\w@])"
    r"(?! (?:mig|oss|gärna mig|minuun|minua|me|us|mich|uns|mij|moi|nous|mi|me|noi|comigo|mnie|mně|мне|ко мне)(?!\w))"
)
_CONTACT_ME = re.compile(
    r"(?<!\w)(?:kontakta|kontakt|ring|maila|mejla|ota yhteyttä|soita|contact|call|e-?mail|kontaktieren sie|rufen sie|contactez|llame|contatti|zadzwoń|позвоните) (?:gärna )?(?:mig|oss|minuun|minulle|meihin|me|us|mich|uns|mij|moi|nous)(?!\w)"
)
_DETAIL = re.compile(r"[^\s@<>]@[^\s@<>]|(?<!\d)\+?\d[\d ()/-]{5,}\d")
# an address or a telephone number
_SEPARATES = frozenset(":\uff1a([])\"'|/")
_MAY_TELL = re.compile(r"\s*+[-\u2013\u2014.!,*\d]")
# what follows where the phrase names the sort of mail; other words make it a sentence of a person
_NOTICE_SCORE = 4
_NOTICE_SURE = 6
_SOMETHING_ELSE, _HALF = 0.33, 0.5
# share of the clauses that speak of something else
_HEAD = 900
_NOTICE_LENGTH = 1500
_SHORT = 200
# characters; people who write letters about their holidays write more
_START = 280
# characters in which an automatic answer says what it is
_RECEIPT_COLONS = 3
# To:, Subject:, Sent: of the mail that was read
_RECEIPT_LINES = 8
_RECEIPT_TEXT = 1500
_MARK = 40
_MARKS = frozenset(("auto-submitted", "x-auto-response-suppress", "precedence"))
# which an autoresponder sets
_DATE_DIGITS = 5
_LABELLED = re.compile(r"[^\d\s:][^\d:]{0,24}:\s")
_ASKED_OF_MAIL = int(Concept.ASK | Concept.BOX)
_SPAM = re.compile(
    r"spam|junk ?mail|unsolicited|skräppost|roskaposti|pourriel|indésirable|correo no deseado|posta indesiderata|lixo eletrônico|спам|スパム|迷惑メール|垃圾邮件|스팸"
)
_PROVE = re.compile(
    r"verif|confirm|authenti|prove|human|robot|captcha|allowed sender|approved sender|authorized sender|bekräft|människa|vahvist|ihminen|bestätig|mensch|valider|bevestig|mens |potwierd|potvrd|подтверд|підтверд|確認|认证|验证|인증"
)
_HELD = re.compile(
    r"(?<!\w)(?:held|on hold|pending|quarantin|awaiting|väntar|hålls|odottaa|pidätet|afventer|avventer|zurückgehalten|wartet|warteschlange|wacht op|vastgehouden|en attente|retenu|retenido|en espera|pendiente|in attesa|trattenut|retida|aguard|wstrzyman|oczekuj|čeká|várakoz|în așteptare|задерж|ожида|очіку|αναμονή|beklet|bekliyor)|معلق|ממתין|等待|保留|대기"
)
_RELEASE = re.compile(
    r"(?<!\w)(?:releas|deliver|clicking|click |klicka|släpp|lever|toimit|napsauta|zustell|klick|aflever|bezorg|klik|remett|remise|cliqu|entreg|liber|haga clic|consegn|clicc|clique|dostarcz|klikn|doruč|kézbesít|kattints|livra|достав|нажм|натисн|παράδο|teslim|tıkla)|تسليم|למסור|投递|送达|配信|전달"
)
_QUOTATION = re.compile(
    '["\u201c\u201e\u00ab\u201d][^"\u201c\u201d\u00bb\u201e\u00ab]{1,280}["\u201c\u201d\u00bb]'
)
# what somebody else has said
_CLICK = re.compile(
    r"(?<!\w)(?:click|klicka|napsauta|klikkaa|klick|klik|cliqu|clic|haga clic|clicc|tıkla|nažm|нажм|натисн|клик)|اضغط|לחץ|点击|點擊|クリック|클릭"
)
_ABSENCE = Phrases(ABSENCE)
_NOTICE = Phrases(NOTICE)
_AUTOMATIC = Phrases(AUTOMATIC_PHRASES)
_CHALLENGE = Phrases(CHALLENGE_PHRASES)


def is_automatic_answer(letter: Letter, *, bulk: bool) -> bool:
    headers = letter.headers
    submitted = letter.submitted
    if submitted in {"auto-replied", "auto-notified"}:  # RFC 3834 section 5, RFC 5436 section 2.7.1
        return submitted == "auto-replied"
    if submitted == "no":
        return False
    precedence = headers.text("precedence").lower()
    answers = letter.is_reply and split_subject(letter.subject)[0] in {"", *REPLY_PREFIXES}
    if is_marked_reply(headers, answers=answers) or precedence in {"auto_reply", "auto-reply", "autoreply"}:
        return True
    if headers.raw("delivered-to").strip().lower() == b"autoresponder":
        return True
    subject = letter.title.lstrip("[(*\"' ")
    named = _names_its_kind(letter, subject)
    if named == "sure":
        return True
    start = _QUOTATION.sub(" ", fold(letter.new_text[:_START]))
    if (
        _SAYS_AUTOMATIC.search(start) or _AUTOMATIC.count(start, find_words(start), latin=is_latin(start))
    ) and (letter.is_reply or not letter.asks):
        return True
    if (
        named
        and not letter.asks
        and (letter.parts.later or thanks_for_post(letter) or _is_notes_notice(letter, subject))
        and not has_matter(letter)
    ):
        return True
    return not bulk and (_reads_like_absence(letter, named=named == "maybe") or reads_like_notice(letter))


def _names_its_kind(letter: Letter, subject: str) -> str:
    """Whether no person writes such a subject: "sure", or "maybe" where it could begin a sentence."""
    for phrase in AUTOMATIC_SUBJECTS if subject.startswith(AUTOMATIC_SUBJECTS) else ():
        if subject.startswith(phrase):
            told = _TELLS_ITS_KIND.match(subject, len(phrase))
            if told and (told[0].strip()[:1] in _SEPARATES or letter.is_reply or letter.null_sender):
                # "Automatic reply: not good enough", over a complaint
                marked = letter.is_reply or letter.null_sender or letter.headers.has_any(_MARKS)
                return "sure" if marked or not _complains(letter) else "maybe"
            if told:
                # Nothing more, or "from you": somebody may complain of one.
                label = ":" in subject[len(phrase) :]
                return "sure" if label or not (letter.asks or _says_more(letter)) else "maybe"
            follows = _MAY_TELL.match(subject, len(phrase)) is not None
            return "sure" if follows and "?" not in subject and not letter.asks else "maybe"
    bare = subject.rstrip(")]. ")
    if subject != bare and bare.endswith(AUTOMATIC_ENDINGS):
        return "sure"
    named = any(phrase in subject for phrase in NAMED_ABSENCE)
    if bare.endswith(_SURE_ENDINGS):
        return "sure"
    # Dovecot and Notes write "Auto: ..."; in German and in Finnish that is a car.
    if subject.startswith("auto:") and (named or letter.is_reply or letter.null_sender):
        return "sure"
    return "maybe" if named or (subject.startswith("auto: ") and "?" not in subject) else ""


def _is_notes_notice(letter: Letter, subject: str) -> bool:
    """Whether "Auto: ..." stands over words of being away, and a day."""
    return subject.startswith("auto: ") and letter.parts.away and letter.parts.dated


def _complains(letter: Letter) -> bool:
    """Whether what stands below such a subject speaks of a matter and has no part of a notice."""
    parts = letter.parts
    told = parts.away or parts.gone or parts.unread or parts.later or parts.covered or parts.thanks
    return has_matter(letter) and not told and letter.quotes_nothing


def _is_notice_phrase(clause: str) -> bool:
    clause = " ".join(clause.split())
    words, latin = find_words(clause), is_latin(clause)
    return _ABSENCE.count(clause, words, latin=latin) + _NOTICE.count(clause, words, latin=latin) > 0


def _says_more(letter: Letter) -> bool:
    return unexplained(letter.new_text[:_HEAD], _is_notice_phrase) >= _HALF


def _reads_like_absence(letter: Letter, *, named: bool) -> bool:
    prefix, bare = split_subject(letter.subject)
    headers = letter.headers
    told = (
        letter.null_sender
        or letter.submitted != ""
        or headers.has("x-auto-response-suppress")
        or headers.text("precedence").lower() in {"bulk", "junk"}
    )
    answers = prefix in REPLY_PREFIXES or (letter.is_reply and not prefix)
    title = fold(bare)
    absent = named or ((letter.is_reply or not prefix) and _is_absence_subject(title, answers=answers))
    labelled = (
        not absent and not answers and (_labels_absence(title) or (not prefix and names_absence(title)))
    )
    if not (told or absent or answers or labelled):
        return False
    away = _ABSENCE.count(letter.head, letter.words, latin=letter.latin)
    notice = _NOTICE.count(letter.head, letter.words, latin=letter.latin)
    refers = _refers_elsewhere(letter.head)
    notice += refers
    if told and (away or notice > 1 or (letter.parts.back and letter.parts.dated and not letter.asks)):
        return True
    # Dates, thanks and a promise alone never weigh enough.
    weak = not (absent or labelled or named or away or notice or (letter.is_reply and not prefix))
    if weak and not may_tell_of_absence(f"{title} {letter.head}", letter.words.union(title.split())):
        return False
    unasked = not (answers or letter.is_reply or told or named)
    speaks = not unasked or _speaks_for_itself(letter, refers=refers)
    if not speaks or _is_of_a_person(letter, f"{title} {letter.head}", answers=answers):
        return False
    if len(letter.new_text) > _SHORT and not absent and not labelled and not tells_of_writer(letter):
        return False
    score, instructs, away_when = weigh_absence(letter.head, letter.words, title=title, refers=refers)
    if not answers and not letter.is_reply and _CONTACT_ME.search(letter.head):
        return False
    # An answer under another subject than ours: responders do that, people press a button.
    score += letter.is_reply and not prefix
    # A person may answer "I am on holiday until Monday"; a machine says more, quotes nothing, and says nothing else.
    rest = unexplained(letter.new_text[:_HEAD], _is_notice_phrase)
    if score >= _NOTICE_SCORE and rest >= (_HALF if refers else _SOMETHING_ELSE) and score < _NOTICE_SURE:
        return False
    if labelled:
        return notice > 0 or (score >= _NOTICE_SCORE and instructs)
    says_when = any(map(str.isdigit, letter.head))
    if (away > 0 and (notice > 0 or (absent and says_when))) or (
        (named or (absent and says_when)) and (notice > 0 or away > 0)
    ):
        parts = letter.parts
        helps = refers or parts.later or parts.unread or parts.thanks or parts.covered
        return named or rest < (_HALF if answers and helps else _SOMETHING_ELSE)
    # Where every clause is one of a notice, less of it is enough.
    enough = _NOTICE_SCORE - (answers and away_when and rest == 0)
    return len(letter.new_text) < _NOTICE_LENGTH and score >= enough


def _is_of_a_person(letter: Letter, everywhere: str, *, answers: bool) -> bool:
    """Whether anything in it is what no notice has: a question, a matter, somebody else, an absence that is over."""
    return (
        letter.asks
        or not letter.quotes_nothing
        or has_matter(letter)
        or is_of_another(letter)
        or letter.parts.was_away
        or speaks_of_others(everywhere, answers=answers)
    )


def _speaks_for_itself(letter: Letter, *, refers: bool) -> bool:
    """Whether what nobody asked for is a notice of its writer: "Emma is ill today" reports the absence of another."""
    return refers or letter.parts.unread or letter.parts.later or speaks_of_writer(letter)


def _labels_absence(subject: str) -> bool:
    """Whether it is like "Absent: your question". A person labels so as well ("Frånvarande: Kalle"): the text must tell."""
    return any(
        subject.startswith(phrase) and subject[len(phrase) :].lstrip()[:1] == ":"
        for phrase in ABSENCE_SUBJECTS
    )


def _refers_elsewhere(head: str) -> bool:
    """Whether it says whom to ask instead, with an address or a number: not "call me"."""
    if "@" not in head and not any(map(str.isdigit, head)):
        return False
    found = _CONTACT.search(head)
    return found is not None and _DETAIL.search(head, found.end(), found.end() + 160) is not None


def _is_absence_subject(subject: str, *, answers: bool) -> bool:
    """A word of absence alone, or with a date or whose it is: "Holiday until 5 Aug", not "Holiday home"."""
    for phrase in ABSENCE_SUBJECTS if subject.startswith(ABSENCE_SUBJECTS) else ():
        if subject.startswith(phrase):
            rest = subject[len(phrase) :]
            if not rest.strip(" .!-:") or _SAYS_WHEN.search(rest) or (answers and rest[0] in ":( "):
                return True
    return False


def is_challenge(letter: Letter) -> bool:
    """Whether it asks to prove that one is human: a service known for it, or so many words and a way to do it."""
    headers = letter.headers
    if headers.has("x-spamarrest-id") or headers.has("x-boxbe") or headers.has("x-tmda-challenge"):
        return True
    address = letter.sender.value.lower() if letter.sender else ""
    machine = letter.null_sender or letter.submitted not in {"", "no"}
    if not (machine or letter.is_reply or address.endswith(CHALLENGE_SENDERS)):
        return False
    subject = letter.title
    if letter.is_reply and subject.startswith(CHALLENGE_SUBJECTS):
        return True
    # Only an answer: a person may speak of such things, but gives no link to click.
    sure = machine or address.endswith(CHALLENGE_SENDERS)
    if not sure and (letter.asks or "http" not in letter.head):
        return False
    said = f"{subject} {letter.head}"
    if not letter.asks and _SPAM.search(said) and _PROVE.search(said) and ("http" in said or "reply" in said):
        return True
    # A spam filter that holds it, and a link to press once.
    if machine and not letter.asks and "http" in said and _SPAM.search(said) and _CLICK.search(said):
        return True
    if (
        not machine
        and not letter.asks
        and letter.said & _ASKED_OF_MAIL == _ASKED_OF_MAIL
        and _SPAM.search(said)
        and _CLICK.search(said)
    ):
        return True
    points = "http" in said or "reply" in said or "conf#" in said
    if sure and not letter.asks and points and _HELD.search(said) and _RELEASE.search(said):
        return True
    return _CHALLENGE.count(said, find_words(said), latin=is_latin(said)) > 0


def is_read_receipt(letter: Letter) -> bool:
    """What Outlook, Notes and Netscape wrote before RFC 8098: "Your message ... was read on ..."."""
    subject = letter.title
    if not subject.startswith(READ_SUBJECTS):
        return _repeats_what_was_read(letter)
    if any(phrase in letter.head for phrase in SURE_READ_PHRASES) and not letter.asks:
        return True
    if letter.new_text.count(":") < _RECEIPT_COLONS:
        return False
    return any(phrase in letter.head for phrase in READ_PHRASES) or _repeats_what_was_read(letter)


def _repeats_what_was_read(letter: Letter) -> bool:
    """The form that Outlook has in every language: three labelled lines, one of them the subject without its mark.

    "<Read>: Minutes" over "Your message / To: ... / Subject: Minutes / Sent: ... / was read on ...".
    """
    prefix, _ = split_subject(letter.subject)
    mark, colon, title = letter.title.partition(":")
    title = title.strip()
    if (
        prefix
        or not colon
        or not title
        or len(mark) > _MARK
        or len(letter.text) > _RECEIPT_TEXT
        or letter.asks
    ):
        return False
    lines = [line.strip() for line in letter.text.lower().replace("\uff1a", ":").split("\n") if line.strip()]
    if not _RECEIPT_COLONS <= len(lines) <= _RECEIPT_LINES:
        return False
    labelled = [line for line in lines if _LABELLED.match(line)]
    same = any(line.partition(":")[2].strip() == title for line in labelled)
    # when it was sent and when it was read
    dates = sum([sum(map(str.isdigit, line)) >= _DATE_DIGITS for line in lines])
    return same and dates > 1 and _RECEIPT_COLONS <= len(labelled) <= _RECEIPT_COLONS + 1

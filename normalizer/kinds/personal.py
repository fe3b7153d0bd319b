"""Whether a person wrote a mail that carries the mark of bulk mail by accident.

A customer register that adds List-Unsubscribe to every mail of a company, a gateway that writes Precedence: bulk:
such a mail is a person's all the same and gets its receipt. What is sent to many says how to be rid of it, is
full of links, or comes from an address that is nobody's.
"""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re

from normalizer.email.mime import Part
from normalizer.kinds.letter import Letter, fold
from normalizer.kinds.phrases import Phrases, find_words, is_latin

_MANY_LINKS = 4
_LONG = 6000
_LINKS_OF_DESIGN, _PICTURES_OF_DESIGN = 12, 8
_READ = 30_000
# characters
_LINK = re.compile(r"https?://|www\.")
_NOBODY = re.compile(
    r"(?:.*[._+-])?(?:root|cron|nagios|icinga|zabbix|monitor(?:ing)?|alerts?|alarm|notif(?:y|ier|ications?)?|system|daemon|www-data|apache|backup|server|jenkins|jira|gitlab"
    r"|github|bugzilla|logwatch|updates?|news|newsletters?|nyhetsbrev|uutiskirje|nieuwsbrief|marketing|mailing|campaigns?|kampanj|erbjudande|offers?|deals|promo(?:tions?)?|digest|listserv|bulk"
    r"|mailer|robot|bot|auto(?:mat(?:ic|ed|isk)?)?|scanner|kopiator|printer|copier|fax|voicemail)(?:[._+-].*|\d*)"
)
_RID_OF = Phrases((
    "avregistrera", "avprenumerera", "avsluta prenumeration", "avanmäl", "avsluta din prenumeration", "inte längre vill ha", "läs i webbläsare", "visa i webbläsare", "öppna i webbläsare", "afmeld", "avmeld", "peruuta tilau", "peru tilau", "lopeta tilau",
    "unsubscribe", "opt out", "opt-out", "manage your preferences", "email preferences", "view in browser", "view this email", "view online", "in your browser", "you are receiving this", "you received this email because",
    "you're receiving this", "update your preferences", "mailing list", "abmelden", "abbestellen", "newsletter", "nyhetsbrev", "uutiskirje", "uitschrijven", "afmelden voor", "nieuwsbrief", "désabonner", "désinscri", "se désabonner",
    "darse de baja", "cancelar suscripción", "cancelar la suscripción", "anular suscripción", "boletín", "disiscri", "annulla iscrizione", "cancellati", "cancelar inscrição", "cancelar assinatura", "descadastr", "wypisz", "rezygnac",
    "odhlásit", "odhlásiť", "leiratkoz", "dezabon", "odjav", "tellimusest", "abonelik", "aboneliğ", "διαγραφ", "отпис", "рассылк", "відписа", "إلغاء الاشتراك", "הסר", "لغو اشتراک", "退订", "退訂", "配信停止", "メルマガ", "수신거부",
))  # fmt: skip
_SELF = Phrases((
    "jag ", "mig ", "mitt ", "min ", "mina ", "minun ", "minä ", "olen ", "haluaisin ", "i am ", "i'm ", "i have ", "i would ", "i want ", "my ", "i was ", "i need ", "i live ", "jeg ", "mit ", "ich ", "mein ", "meine ", "mir ",
    "ik ", "mijn ", "je suis ", "je voudrais ", "j'ai ", "mon ", "ma ", "yo ", "mi ", "quisiera ", "io ", "mio ", "vorrei ", "eu ", "meu ", "minha ", "mój ", "moja ", "jestem ", "chciałbym ", "я ", "мой ", "моя ", "мне ", "меня ",
    "أنا ", "אני ", "من ", "我", "私", "저는", "제가", "eg ", "ben ", "benim ", "εγώ ", "μου ", "nem ", "waxaan ",
))  # fmt: skip
_GREETS = re.compile(
    r"(?:hej|hejsan|hallå|tjena|tjenare|god ?(?:dag|kväll|morgon|aften|morgen)|hei|moi|terve|tervehdys|hyvää|hi|hello|dear|good (?:morning|afternoon|evening|day)|hallo|guten|sehr geehrte|liebe|beste|geachte|goedendag"
    r"|bonjour|bonsoir|madame|monsieur|hola|buen[oa]s|estimad[oa]s?|buongiorno|buonasera|salve|gentil[ei]|ciao|olá|ola|bom dia|boa tarde|prezad[oa]s?|dzień dobry|szanown|witam|dobrý|dobar|tisztelt|bună|stimat|tere|labdien|laba|merhaba|sayın"
    r"|καλημέρα|γεια|здравствуйте|добрый|привет|добрий|добър|поздрав|مرحبا|السلام|שלום|سلام|您好|你好|こんにちは|お世話|안녕)(?!\w)"
)
_PROGRAMS = frozenset(("user-agent", "thread-index", "x-ms-has-attach", "x-universally-unique-identifier", "x-ms-tnef-correlator", "x-originating-ip", "x-mozilla-draft-info"))  # fmt: skip
_MAIL_PROGRAM = re.compile(
    r"outlook|apple mail|iphone mail|ipad mail|thunderbird|evolution|mutt|k-9|roundcube|squirrelmail|the bat|zimbra|groupwise|lotus notes|windows (?:live )?mail|eudora|airmail|spark|gmail|yahoomail"
)


def _is_designed(root: Part) -> bool:
    """Whether its HTML has more links and pictures than a letter with a company's footer."""
    return any(
        (content := part.content()).count(b"<a ") > _LINKS_OF_DESIGN
        or content.count(b"<img") > _PICTURES_OF_DESIGN
        for part in root.walk()
        if part.content_type == "text/html"
    )


def _offers_way(letter: Letter, said: str) -> bool:
    return (
        "@" in said
        or _LINK.search(said) is not None
        or any(b"<a " in part.content() for part in letter.root.walk() if part.content_type == "text/html")
    )


def is_personal(letter: Letter) -> bool:
    """Whether everything but a header says that one person wrote it to us."""
    headers, sender = letter.headers, letter.sender
    if sender is None or letter.null_sender or letter.submitted not in {"", "no"}:
        return False
    if _NOBODY.fullmatch(sender.value.rpartition("@")[0].lower()[:100]):
        return False
    text = letter.new_text
    if not text.strip() or len(text) > _LONG or len(_LINK.findall(text)) >= _MANY_LINKS:
        return False
    if _is_designed(letter.root):
        return False
    said = fold(letter.text[:_READ])
    # To be rid of it takes something to press or to write to.
    if _offers_way(letter, said) and _RID_OF.count(said, find_words(said), latin=is_latin(said)):
        return False
    return (
        letter.submitted == "no"
        or letter.asks
        or _GREETS.match(letter.head) is not None
        or _SELF.count(f"{letter.head} ", letter.words, latin=letter.latin) > 0
        or headers.has_any(_PROGRAMS)
        or _MAIL_PROGRAM.search(headers.text("x-mailer").lower()) is not None
    )

"""The signs of an absence notice, by their word stems, for notices in words that no table of phrases holds.

A notice is made of few things in any language: away, back, when, whom to ask instead, that the mail is not read.
One of them says nothing; a person says two ("I am away until Monday"); a machine's notice has more.
"""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, reduce
from operator import or_

from normalizer.kinds.vocabulary import Remembered

AWAY = (
    "fora", "fuera", "viaje", "viaggio", "viagem", "podróż", "maladie", "arrêt", "deltid", "vrij", "teilzeit", "deltijd", "osa-aika", "työsuhte",
    # sv, da, no, is
    "semester", "vabb", "vab", "sommarledig", "föräldraledig", "tjänstledig", "ledig", "bortrest", "utlandsresa", "tjänsteresa", "sjukskriv", "frånvar", "stängt", "semesterstäng", "julstäng", "sommarstäng", "pension", "kurs", "utbildning", "konferens",
    "ferie", "permisjon", "barsel", "fravær", "bortreist", "sykmeldt", "sygemeldt", "orlov", "feriestengt", "ferielukket", "lukket", "stengt", "fríi", "orlofi", "reise", "rejse", "avspasser", "fratrådt", "sluttet",
    # fi, et
    "lomalla", "lomallani", "vuosiloma", "kesäloma", "talviloma", "poissa", "vapaalla", "vanhempainvapa", "äitiysloma", "virkavapa", "opintovapa", "sairaslom", "matkoilla", "työmatka", "suljettu", "lomaile", "koulutuksessa", "eläkkeelle", "puhkus", "lähetus", "puhkan",
    # en
    "vacation", "holiday", "annual", "maternity", "paternity", "parental", "sabbatical", "leave", "traveling", "travelling", "away", "absent", "unavailable", "closed", "offline", "conference", "training", "retired",
    # de, nl
    "urlaub", "elternzeit", "mutterschutz", "abwesen", "dienstreise", "geschäftsreise", "ferien", "betriebsferien", "krankheit", "erkrank", "fortbildung", "geschlossen", "außer", "ausser", "vakantie", "verlof", "zwangerschapsverlof", "ouderschapsverlof", "afwezig",
    "gesloten", "ziek", "zakenreis",
    # fr, es, ca, it, pt, ro
    "congé", "congés", "absent", "vacances", "déplacement", "fermé", "fermée", "formation", "vacaciones", "ausente", "ausencia", "baja", "permiso", "cerrad", "vacances", "ferie", "assente", "assenza", "chiuso", "chiusi", "trasferta", "maternità", "férias", "ausência", "licença",
    "fechad", "afastad", "concediu", "vacanță", "delegație", "absență", "fuori",
    # pl, cs, sk, hr, sr, sl, hu
    "urlop", "nieobecn", "delegacj", "macierzyńsk", "zwolnieni", "dovolen", "nepřítomn", "neprítomn", "mateřsk", "materskej", "služební", "služobn", "godišnj", "odmor", "odsut", "porodilj", "dopust", "odsoten", "bolovanj", "szabadság", "távol", "kiküldetés", "betegszabadság",
    # lt, lv, sq, tr, sw, so, vi, id
    "atostog", "nedarbe", "komandiruot", "atvaļinājum", "prombūtn", "komandējum", "pushim", "izin", "izindey", "tatil", "seyahat", "raporlu", "likizo", "fasax", "cuti", "nghỉ",
    # el, ru, uk, bg, sr, mk
    "άδεια", "απουσ", "διακοπ", "отпуск", "отпуске", "отсутств", "командиров", "больничн", "декрет", "відпуст", "відсутн", "відряджен", "лікарнян", "отсъств", "одмор", "одсут", "годишњ", "боловањ",
)  # fmt: skip
AWAY_ENDS = ("ledig", "ledigt", "resa", "reise", "rejse", "semester", "semestern", "ledighet", "ferie", "ferien", "ferier", "orlov", "permisjon", "fríi", "loma", "lomalla", "lomani", "vapaalla", "puhkusel", "urlaub", "vakantie", "verlof")  # fmt: skip
"""Ends of words, in languages that join them: the sorts of leave are many."""
BACK = (
    "tillbaka", "palaan", "palaa", "takaisin", "tagasi", "naasen", "tilbake", "tilbage", "return", "returning", "wieder", "zurück", "rückkehr", "terug", "retour", "rentrer", "reviendrai", "regreso", "vuelta", "vuelvo", "volveré", "reincorpor",
    "ritorno", "rientr", "tornerò", "torno", "regress", "retorn", "volto", "voltarei", "wracam", "powroc", "wrócę", "powrot", "zpět", "návrat", "vrátím", "späť", "vrátim", "povratk", "vraćam", "vrnem", "vrnitvi", "vissza", "visszatér", "revin", "întor", "döndüğ", "dönüş", "dönec", "döne", "grįš", "grįžus",
    "atgriez", "επιστρ", "вернусь", "возвращ", "выйду", "повернус", "повернен", "връщ", "върна", "вратићу", "повратк",
)  # fmt: skip
WHOM = (
    "besvaras", "besvares", "beantwortet", "henvendelse", "vänd",
    "brådsk", "akut", "urgent", "urgence", "urgenz", "urgen", "haster", "hastende", "haste", "presserende", "kiire", "kiireel", "kiireis", "dring", "spoed", "piln", "naléhav", "naliehav", "urgentn", "hitn", "nujn", "sürgős", "acil", "skub", "steidzam", "επείγ", "срочн", "термінов", "спешн",
    "emergency", "emergencies", "ersättare", "kollega", "kollegan", "hoitaa", "zastęp", "zastup", "vertritt", "ersätter", "sijaistaa", "vervang", "remplac", "sustituy", "sostitui", "substitu", "замещ", "заміщ", "helyettes", "înlocu", "joindre", "adresser", "обращ", "hubungi", "mendesak", "secrétariat", "sijaise", "sijaisen", "tuuraaja", "vertret", "vervang", "colleague", "collègue", "colega", "collega", "kolleg", "kolega", "kolegyn", "assistance",
)  # fmt: skip
UNREAD = ("tilgang", "adgang", "åtkomst", "access", "zugriff", "toegang", "accès", "acceso", "accesso", "acesso", "dostęp", "доступ", "läses", "läser", "sporadisk", "sporadiskt", "vidarebefordra", "videresend", "begränsad", "begrenset", "begrænset", "weitergeleitet", "eingeschränkt", "doorgestuurd", "transféré", "limité", "limited", "intermittent", "forwarded", "monitored", "limitado", "reenvia", "limitato", "inoltrat", "encaminhad",
    "przekaz", "ograniczon", "omezen", "obmedzen", "ograničen", "korlátoz", "sınırlı", "ограничен", "обмежен", "περιορισμέν", "rajoitet", "rajallise", "edelleenlähet",
)  # fmt: skip
WHEN = (
    "arbetsdag", "työpäiv", "werkdag", "arbeitstag", "arbeidsdag", "arbejdsdag",
    "måndag", "tisdag", "onsdag", "torsdag", "fredag", "mandag", "tirsdag", "torsdag", "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "monday", "tuesday", "wednesday", "thursday", "friday", "tomorrow", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "maandag", "dinsdag", "woensdag",
    "donderdag", "vrijdag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "lunes", "martes", "miércoles", "jueves", "viernes", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "segunda", "terça", "quarta", "quinta", "sexta", "poniedziałk", "wtork", "czwart", "piąt", "понедельник", "вторник", "сред", "четверг",
    "пятниц", "понеділ", "morgon", "huomenna", "morgen", "demain", "mañana", "domani", "amanhã", "jutro", "завтра", "januari", "february", "august", "september", "hösten", "våren", "syksy", "kevää",
)  # fmt: skip
# Scripts without blanks, or with letters joined to the word: looked for anywhere.
AWAY_ANYWHERE = ("part time", "part-time", "temps partiel", "no longer check", "no longer use", "no longer read", "not checking", "lämnat min", "slutat min", "min anställning", "inte i tjänst", "arbetar inte", "jobbar inte", "werk niet", "werk ik niet", "niet aanwezig", "arbeite nicht", "nie pracuj", "mimo kancelář", "mimo kancelári", "お休み", "育児", "휴직", "육아", "out on", "in meetings", "i möten", "fasax", "休假", "年假", "出差", "外出", "不在", "休暇", "休業", "出張", "育休", "産休", "휴가", "부재", "출장", "휴직", "إجازة", "اجازة", "خارج المكتب", "غائب", "בחופש", "חופשת", "נעדר", "مرخصی", "سفر", "چھٹی", "ลาพักร้อน", "ลาหยุด", "ลาคลอด", "छुट्टी", "अवकाश", "ছুটি", "out of office", "not in the office", "no longer work", "no longer with", "left the company", "has left", "inte på kontoret", "inte på plats", "inte i tjänst", "inte längre", "ikke på kontoret", "ikke til stede", "ikke lenger", "ikke længere", "nicht im büro", "nicht im haus", "nicht mehr", "nicht erreichbar", "ei ole enää", "en ole paikalla", "en ole töissä", "ei tavoitettavissa", "en ole tavoitettavissa", "niet op kantoor", "niet meer", "niet bereikbaar", "ne travaille plus", "ne fais plus", "ya no trabaj", "non lavor", "já não trabalh", "não trabalh", "poza biur", "již nepracuj", "už nepracuj", "больше не работа")  # fmt: skip
BACK_ANYWHERE = ("返回", "回来", "返崗", "戻り", "戻る", "復帰", "出社", "복귀", "돌아", "سأعود", "العودة", "عودتي", "אחזור", "אשוב", "שובי", "بازمی", "برمی", "กลับมา", "वापस")  # fmt: skip
WHOM_ANYWHERE = ("改めて", "문의", "急事", "紧急", "緊急", "急ぎ", "至急", "联系", "聯絡", "聯繫", "ご連絡", "급한", "긴급", "연락", "للأمور", "يرجى", "مراسلة", "العاجل", "عاجلة", "דחוף", "דחופ", "לפנות", "فوری", "ضروری", "เร่งด่วน", "ติดต่อ", "संपर्क")  # fmt: skip
_MONTH = r"(?:jan|feb|mar|apr|ma[jiy]|mei|jun|jul|aug|ago|sep|set|okt|oct|out|nov|dec|dez|des|dic|gen|giu|lug|ott|fév|avr|mai|août|déc|abr|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|лист|груд|січ|ιαν|φεβ|νοε|δεκ|kasım|aralık|ocak|lapkr|gruod|نوامبر|نوفمبر|ديسمبر|nofe|tháng)"
_NOT = frozenset(("inte", "ej", "icke", "ikke", "en", "ei", "emme", "not", "out", "don't", "no", "nicht", "kein", "keinen", "niet", "geen", "pas", "plus", "hors", "fuera", "sin", "fuori", "non", "nu", "fora", "não", "poza", "nie", "mimo", "nejsem", "nie", "nem", "nisam", "niso", "nisem",
    "dışında", "dışındayım", "değilim", "нет", "не", "немає", "вне", "поза", "извън", "εκτός", "δεν", "خارج", "لست", "לא", "מחוץ", "không", "tidak", "ute", "ude", "ma", "pole", "neesmu", "nesu", "plecat", "von"))  # fmt: skip
_AT_WORK = (
    "kontor", "jobbet", "plats", "tjänst", "tavoitettav", "paikalla", "töissä", "toimisto", "työskentele", "office", "desk", "available", "reachable", "büro", "haus", "erreichbar", "arbeite", "kantoor", "bereikbaar", "werk", "aanwezig", "bureau", "joignable", "disponible", "travaille", "oficina", "trabaj",
    "ufficio", "reperibil", "lavor", "escritório", "disponíve", "trabalh", "biur", "dostępn", "pracuj", "kancelář", "kancelári", "irod", "elérhet", "dolgoz", "birou", "ured", "pisarn", "kancelarij", "ofis", "γραφείο", "γραφειο", "офис", "доступ", "работа", "працю", "المكتب", "במשרד", "למשרד", "văn", "kantor", "pejabat",
    "stede", "tilgjengelig", "tilgængelig", "arbejder", "jobber", "arbetar", "kontaktbar", "anträffbar", "nåbar", "tööl", "kontoris", "biroj", "darbe", "skrifstof", "jaksam",
)  # fmt: skip
# not at work, not to be reached: "out of the office" in any language is one of each
_OFFICE = ("kontor", "office", "büro", "kantoor", "bureau", "oficina", "ufficio", "escritório", "biur", "kancel", "irod", "birou", "ured", "ofis", "γραφ", "офис", "toimisto", "skrifstof")  # fmt: skip
_BACK_WHOLE = frozenset(("åter", "back", "weer", "geri"))
_DATE = re.compile(
    r"(?<!\w)"
    + _MONTH
    + r"[^\W\d]{0,7} \d|(?<!\w)(?:de|до|bis|till|until|asti) \d|(?<![\d#-])\d{1,2}(?:[./]\d| ?[-\u2013] ?\d|(?:\.|st|nd|rd|th|er|:e|\. ?d)?\.? (?:de |d'|of )?"
    + _MONTH
    + r"|月|日|월|일)|\d{4}-\d\d-\d\d|(?<!\w)(?:vecka|v\.?|uge|uke|kw|vko|week) ?\d"
)
_DIGITS = re.compile(r"\d+")
_NEAR = 24
# characters
_WHEN_ANYWHERE = ("working day", "business day", "next week", "nästa vecka", "ensi viikolla", "明日", "来週", "下周", "다음 주", "حتى")  # fmt: skip
_WEEKDAYS = frozenset(("mon", "tue", "wed", "thu", "fri"))
_THANKS = re.compile(
    r"(?<!\w)(?:tack för (?:ditt|din|ert|mejlet|mailet)|tack för att (?:du|ni)|takk fyrir|þakka|aitäh|täname|paldies|ačiū|dėkojame|faleminderit|danke, dass|merci d'avoir|agradecemos|we appreciate|takk? for (?:din|dit|ditt|e-?post|mail|mej?l|melding|besked)|kiitos (?:viesti|sähköposti|yhteyden)|thank(?:s| you) for (?:your|contacting|the|writing|getting|reaching|being)|(?:vielen |herzlichen )?dank(?:e)? für (?:ihre|deine)"
    r"|(?:be)?dankt? voor|merci (?:pour|de) votre|gracias por|grazie per|obrigad[oa] p|dziękuj|děkuj|ďakuj|köszön|mulțumesc|hvala|teşekkür|спасибо за|дякую|благодар|شكرا|תודה)|感谢|感謝|ありがとう|お世話|감사"
)
_ANSWERS_LATER = re.compile(
    r"(?<!\w)(?:svarar|besvarar|återkommer|vastaan|palaan asiaan|svarer|besvarer|(?:will|shall) (?:reply|respond|answer|get back|read)|antworte|beantworte|melde mich|beantwoord|répondrai|responderé|contestaré|risponderò|responderei|odpowiem|odpíšu|odpoviem|válaszol|yanıtla|відповім|отвечу|slow repl|delayed repl|tardaré)|回复|回覆|答复|返信|회신"
)


_CLAUSE = re.compile(
    r"[.!?,;()\n\u2013\u3002\uff0c\uff01\u061f\u060c|]+|(?<!\w)(?:och|men|så|samt|eftersom|mutta|joten|and|but|so|because|und|aber|weil|maar|mais|donc|pero|quindi|então|więc|но|поэтому|ama)(?!\w)"
)
_WRAPPED = re.compile(r"\n(?=[a-zà-öø-ÿα-ωа-я])")
# a line that goes on in lower case is the same sentence
_OF_ONESELF = re.compile(
    r"(?<!\w)(?:jag|vi|vårt|jeg|vores|olen|olemme|i'm|i am|i will|we|our|ich|wir|unser|ik|wij|je suis|je ne|nous|nisam|nisem|nejsem|нисам|не съм|neesmu|nesu|en ole|pole|değilim|estoy|estaré|estamos|sono|siamo|estou|jestem|jesteśmy|jsem|jsme|vagyok|vagyunk|sunt|suntem|sam|smo|esmu|esu|olen|oleme|я|ми|мы|нахожусь|είμαι)(?!\w)|[\u0590-\u06ff\u3040-\u9fff\uac00-\ud7af]"
)
# scripts without a pronoun leave it out
_ATOM = r"a-zA-Z0-9._%+'&=/~\u00c0-\u024f-"
_ADDRESS = re.compile(rf"(?<![{_ATOM}])[{_ATOM}]{{1,80}}@[{_ATOM}]{{0,200}}[a-zA-Z0-9_\u00c0-\u024f-]")
_PHONE = re.compile(r"(?<!\d)\+?\d[\d ()/-]{6,20}\d(?!\d)")
_PIECE = re.compile(r"[^\W_]+|[#@]")
_NUMBER = re.compile(r"\d{3}\d*+(?:[./:\u2013-]\d++)*+|\d[\d./:\u2013-]*+(?: (?=\d))?(?:\d[\d./:-]*+)?")
# "4. August" is a date, "number 4471." ends a sentence
_NUMBER_ENDS = re.compile(
    r"\. (?<=\d\. )(?=[A-ZÅÄÖÜ])(?!Jan|Jän|Feb|M[aäå][rijy]|Apr|Jun|Jul|Aug|Sep|Okt|Oct|Nov|De[zcs]|A|I|O)"
)
# "week 9. Invoices" ends a sentence, "4. August" does not
_ABBREVIATED = re.compile(
    r"\([^()\s]{1,3}\)|(?<!\w)(?:[^\W\d]\.){2,5}|(?<![\w@.])(?:kl|ca|tel|tlf|puh|nr|nro|dr|dra|mr|mrs|ms|hr|prof|arch|ing|mgr|sr|sra|sig|dott|avv|ext|dept)\.(?= )"
)
# "absent(e)" is one word, "t.o.m." no sentence, "Ms." and "kl." no end of one
_FEW = 5
_SHORT = 2
# words: a greeting, a name, a title
_REMEMBERED = 8
# texts: the clauses of one mail are asked for several times
_ABOUT_OTHERS = re.compile(
    r"(?<!\w)(?:(?:min|mitt|mina|vår|vårt|my|our) )?(?:son|sonen|bror|brodern|syster|kompis|bekant|barnbarn|pojkvän|flickvän|veli|veljeni|sisko|siskoni|ystäväni|anoppi|brother|sister|grandson|granddaughter|boyfriend|girlfriend|bruder|schwester|freundin|broer|mijn zus|vriend|vriendin|frère|soeur|sœur|mon mari|ma femme|ma fille|hermano|hermana|marido|mujer|esposa|esposo|fratello|sorella|marito|moglie|irmão|irmã|esposo|brat|siostra|mąż|żona|teściowa|manžel|manželka|bratr|sestra|férjem|feleségem|testvérem|fratele|soția|soțul|брат|сестра|муж|жена|чоловік|дружина|kardeşim|eşim|komşum|søster|svoger|nevø|datter|ektemann|söner|dotter|dottern|barn|barnet|barnen|mamma|mor|pappa|far|man|maka|make|fru|sambo|katt|hund|granne|grannen|grannarna|elev|eleven|poika|poikani|tytär|tyttäreni|lapsi|lapseni|lapset|äiti|äitini|isäni|vaimoni|mieheni|naapuri|kissa|koira"
    r"|daughter|child|children|kids|mother|father|wife|husband|neighbou?rs?|landlord|tenant|dog|cat|sohn|tochter|kind(?! regards)|kinder|mutter|vater|nachbar|zoon|dochter|moeder|buren|fils|fille|enfants?|mère|père|voisins?|hijo|hija|madre|padre|vecino|figlio|figlia|bambin[oi]|filho|filha|mãe|syn|córka|dziecko|matka|сын|дочь|ребенок|ребёнок|мама)(?!\w)"
)


_THIRD_PERSON = re.compile(r"(?<!\w)(?:hon|hän|she|ella|ona|она)(?!\w)")
_SCHOOL = re.compile(
    r"(?<!\w)(?:koulu|skola|förskol|lektion|sfi|school|class|lesson|schule|école|escuela|scuola|szkoł|школ|päiväko)"
)


_BACK_TO_SCHOOL = re.compile(
    r"(?<!\w)(?:kommer (?:tillbaka|tilbake|tilbage) (?:till|til|i)|back (?:to|at|in)|return(?:s|ing)? to|(?:kommt|wieder|zurück) (?:zur|in (?:die|den))|terug (?:naar|op)|retourn\w{1,5} (?:à l'|à la |en )?|(?:volverá|vuelve|regresa\w?) (?:al?|a la)|torn\w{1,3} (?:a|all')|(?:volta|voltará|regressa) (?:à|ao)|wróci do|vrátí se do|vráti sa do|palaa|вернется в|вернётся в|повернеться (?:до|в))"
    r"(?: the| la| l'| el)? ?(?:skol|förskol|dagis|barnehage|børnehav|koul|päiväkot|school|nursery|kindergart|kita|schule|école|crèche|colegio|escuela|guarder|scuola|asilo|escola|creche|szko|przedszk|škol|školk|садик|школ|дитсад)"
)
# a child does
_SICK_CHILD = re.compile(
    r"(?:sjukt|sykt|sygt|veikt|ziek|krankes|krankem|kranken|sick|ill|chore|chorym|nemocn\w{1,4}|больн\w{1,4}) (?:barn|kind|child|kid|dziecko|dzieckiem|dítě\w{0,3}|реб[её]нк\w{1,3})"
    r"|(?:lapsi|lapset|lapseni|barnet|barnen|kid|child) (?:on |ovat |är |er |is )?(?:kipeä|sairaa|sjuk|syk|syg|sick|ill)\w{0,3}"
    r"|(?:enfant malade|hijo enfermo|figlio malato|bambino malato|filho doente|sairaan lapse\w{1,4})"
)
# why its writer stays at home


def speaks_of_others(head: str, *, answers: bool) -> bool:
    """Somebody in the writer's family, a neighbour, a pupil: a notice speaks of its owner and colleagues.

    `answers`: it is an answer to a mail of ours. Else a word of school will do: absences are reported by mail.
    """
    head = _SICK_CHILD.sub(" ", head)
    if _THIRD_PERSON.search(head) or _BACK_TO_SCHOOL.search(head):
        return True
    return _ABOUT_OTHERS.search(head) is not None or (not answers and _SCHOOL.search(head) is not None)


def unexplained(text: str, is_known: Callable[[str], bool]) -> float:
    """Share of the clauses in which no sign of a notice stands: what else the writer has to say.

    `is_known`: whether a clause holds a phrase of absence notices, which the caller has a table of.
    """
    clauses = [(clause, _PIECE.findall(clause)) for clause in split_plain(text)]
    clauses = [(clause, words) for clause, words in clauses if words and not _says_nothing(words)]
    other = sum([not (_is_explained(words) or is_known(clause)) for clause, words in clauses])
    return other / len(clauses) if clauses else 0.0


@lru_cache(maxsize=_REMEMBERED)
def split_plain(text: str) -> tuple[str, ...]:
    """Its clauses in lower case, with "@" for each address and telephone number and "#" for each other number."""
    text = (
        _WRAPPED.sub(" ", _NUMBER_ENDS.sub("\n", text))
        .lower()
        .replace("\u2019", "'")
        .replace(" till och med ", " till ")
    )
    text = _ABBREVIATED.sub("", _ADDRESS.sub("@", text) if "@" in text else text)
    return tuple(_CLAUSE.split(_NUMBER.sub("#", _PHONE.sub("@", text)).replace("# may ", "# maj ")))


def _says_nothing(words: list[str]) -> bool:
    """Whether it is a greeting, a name, a title or a date."""
    few = len(words) <= _SHORT or (len(words) <= _SHORT + 2 and words.count("#") > 1)
    return few and not _kinds(words[1:]) & _WHEN


def _is_explained(words: list[str]) -> bool:
    clause, kinds = " ".join(words), _kinds(words)
    return (
        kinds & (_KNOWN | _IN_OFFICE) != 0
        or not _BACK_WHOLE.isdisjoint(words)
        or (kinds & _WORKS != 0 and not _NOT.isdisjoint(words))
        or sum([word[0] == "#" for word in words]) > 1
        or any(map(clause.__contains__, _ALL_ANYWHERE))
        or _POLITE.search(clause) is not None
        or _THANKS.search(clause) is not None
        or _ANSWERS_LATER.search(clause) is not None
    )


_ALL_STEMS = (
    *AWAY,
    *BACK,
    *WHOM,
    *UNREAD,
    "kontakt",
    "contact",
    "contatt",
    "contat",
    "mejl",
    "mail",
    "e-mail",
    "e-post",
    "email",
    "sähköpost",
    "message",
    "meddeland",
    "viesti",
    "nachricht",
    "bericht",
    "mensaje",
    "messaggio",
    "mensagem",
    "wiadomoś",
    "письм",
    "сообщен",
)
_ALL_ANYWHERE = (*AWAY_ANYWHERE, *BACK_ANYWHERE, *WHOM_ANYWHERE, "@", "http")
_POLITE = re.compile(
    r"(?<!\w)(?:sehr geehrte|dear |hej|hei |hello|hi |hallo|guten tag|bonjour|madame|monsieur|buenos|buenas|buongiorno|gentile|prezad|dzień dobry|szanown|dobrý den|здравствуйте|добрый день|hälsning|regards|vänlig|terveisin|grüße|gruß|grüßen|groet|cordialement|saludos|saluti|cumprimentos|atenciosamente|pozdraw|pozdrav|уважен|glad |trevlig|god |hyvää|happy|wish|önska|frohe|schöne|bonne|feliz|buon|wesoł)"
)


_AWAY, _BACK, _WHOM, _UNREAD, _WHEN, _WORKS, _IN_OFFICE, _KNOWN = (1 << bit for bit in range(8))


def _find_kinds(word: str) -> int:
    """Of what sort of sign a word is: a sum of the bits above."""
    return (
        _AWAY * (word.startswith(AWAY) or word.endswith(AWAY_ENDS))
        | _BACK * word.startswith(BACK)
        | _WHOM * word.startswith(WHOM)
        | _UNREAD * word.startswith(UNREAD)
        | _WHEN * (word in _WEEKDAYS or word.startswith(WHEN))
        | _WORKS * word.startswith(_AT_WORK)
        | _IN_OFFICE * word.startswith(_OFFICE)
        | _KNOWN * word.startswith(_ALL_STEMS)
    )


_KINDS = Remembered(_find_kinds)


def _kinds(words: Iterable[str]) -> int:
    return reduce(or_, map(_KINDS.__getitem__, words), 0)


def may_tell_of_absence(head: str, words: frozenset[str]) -> bool:
    """Whether any sign stands in it that somebody is away or comes back, or whom to ask instead."""
    return (
        _kinds(words) & (_AWAY | _BACK | _WHOM | _UNREAD) != 0
        or is_not_at_work(words)
        or not _BACK_WHOLE.isdisjoint(words)
        or any(map(head.__contains__, (*AWAY_ANYWHERE, *BACK_ANYWHERE, *WHOM_ANYWHERE)))
    )


def is_back(head: str, words: frozenset[str]) -> bool:
    """Whether it speaks of coming back."""
    return (
        not _BACK_WHOLE.isdisjoint(words)
        or _kinds(words) & _BACK != 0
        or any(map(head.__contains__, BACK_ANYWHERE))
    )


def is_dated(head: str, words: frozenset[str]) -> bool:
    """Whether it names a day, a month or a week."""
    if _kinds(words) & _WHEN or any(map(head.__contains__, _WHEN_ANYWHERE)):
        return True
    # Every other date has a number in it, and nothing far from that number belongs to it.
    seen = 0
    for number in _DIGITS.finditer(head):
        if number.end() > seen:
            seen = number.end() + _NEAR
            if _DATE.search(head, max(0, number.start() - _NEAR), seen + _NEAR):
                return True
    return False


def is_not_at_work(words: frozenset[str]) -> bool:
    """A word of "not" and one of office, desk or to be reached."""
    return not _NOT.isdisjoint(words) and _kinds(words) & _WORKS != 0


def is_of_oneself(clause: str) -> bool:
    """Whether the writer speaks of himself: by a word of "I" or "we", or in a script that leaves it out."""
    return _OF_ONESELF.search(clause) is not None


def split_clauses(head: str) -> list[str]:
    return _CLAUSE.split(head)


def thanks_for_mail(head: str) -> bool:
    return _THANKS.search(head) is not None


def names_absence(title: str) -> bool:
    """A subject of a few words that tells of an absence and asks nothing: "Niet aanwezig"."""
    words = title.split()
    return (
        0 < len(words) <= _FEW
        and "?" not in title
        and (_kinds(words) & _AWAY != 0 or any(map(title.__contains__, AWAY_ANYWHERE)))
    )


def weigh_absence(head: str, words: frozenset[str], *, title: str, refers: bool) -> tuple[int, bool, bool]:
    """How much speaks for a notice (4 is as good as sure); whether it tells what to expect or to do; whether the writer is away, or somebody is and when.

    `title`: the subject without its reply mark. `refers`: it names somebody to ask instead.
    """
    everywhere = f"{title} {head}"
    kinds = _kinds(words)
    away = sum([_KINDS[word] & _AWAY != 0 for word in words]) if kinds & _AWAY else 0
    away += sum(map(everywhere.__contains__, AWAY_ANYWHERE))
    away += is_not_at_work(words)
    in_title = _kinds(title.split()) & _AWAY != 0
    score = min(2 * (away + in_title), 3) if away or in_title else 0
    returns = is_back(head, words)
    whom = kinds & _WHOM != 0 or any(map(head.__contains__, WHOM_ANYWHERE))
    unread = kinds & _UNREAD != 0
    score += returns + whom + 2 * unread + 2 * refers + (whom and not refers and "@" in head)
    dated = is_dated(head, words)
    score += dated
    score += thanks_for_mail(head)
    score += _ANSWERS_LATER.search(head) is not None
    return (
        score,
        returns or whom or unread or refers,
        away > 0 and (dated or _OF_ONESELF.search(head) is not None),
    )

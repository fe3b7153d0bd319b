"""Acknowledgements that say only that a message came in: ticket systems, contact centres, forms.

No single phrase decides. Each sign has a weight, and a person who asks something is never one: what officials
write themselves shares some of these words, hardly ever several of them.
"""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re

from normalizer.kinds.first_person import speaks_of_self
from normalizer.kinds.letter import Letter, fold
from normalizer.kinds.notices import (
    asks_truly,
    has_matter,
    is_answer,
    promises_answer,
    says_handled,
    says_received,
    speaks_of_else,
    thanks_for_post,
)
from normalizer.kinds.phrases import Phrases, find_words, is_latin
from normalizer.replies.quotes import split_subject

_ENOUGH = 4
_HALF = 0.5
# share of the clauses
_WITHIN = re.compile(
    r"\d+ ?(?:timm|tim\b|h\b|hours|hrs|dag|arbetsdag|arbeidsdag|arbejdsdag|stunden|tage|werktag|uur|heures|jours|horas|días|ore\b|giorni|dias|godzin|dni|hodin|dn[íi]|tunni|tuntia|vuorokau|arkipäiv|päivä|saat|gün|час|дн|рабоч|ωρών|小时|工作日|時間|営業日|시간|영업일)"
)
_GOT_IN_TOUCH = re.compile(
    r"att du (?:hör|hörde|kontakta|skrev|skriver|mejla)|contacting|(?:getting|reaching|being) (?:in touch|out)|writing to us|yhteydenot|henvendelse|at du (?:kontakt|skrev|tok|har)|kontaktaufnahme|dass sie (?:sich|uns)|contact op|nous avoir contact|contactarnos|contattato|contattarci|entrar em contato|kontakt"
)
_HEAD = 900
_LENGTH = 800
# characters; beyond it an answer must say so in the words of the tables here
# weights that must come together
_TICKET = re.compile(
    r"[\[(#{]\s*+(?:[a-zåäöü.-]{1,20}[\s#:-]{0,3})?#?\s*+[a-z]{0,6}-?\d{3,15}\s*+[\])}]|#\s?\d{3,15}\b|\bn[.°º] ?\d{3,15}\b|\bnumm?er(?:et)? \d[\d-]{2,15}\b"
    r"|\b(?:ticket|case|ärende|ärendenummer|request|reference|ref|vorgang|vorgangsnummer|ticketnummer|dossier|sak|saksnummer|sag|zaaknummer|caso|zgłoszenie|tiketti|palvelupyyntö|diarienummer|dnr)"
    r"[\s.:#-]{0,4}(?:number|nummer|nr|no|id|n°|numero)?[\s.:#-]{0,4}[a-z]{0,6}[-/]?\d{3,15}"
)
_NUMBERED = re.compile(
    r"(?:n[uú]mero|numéro|référence|referenz|referens|referencia|riferimento|referência|viite|numer|number|nummer|(?<!\w)nr|(?<!\w)ref|номер|číslo|szám|αριθμ|număr|番号|编号|編號|번호|رقم|מספר)[^\W\d]{0,8}(?: [^\W\d]{1,8})?[\s:.#]{1,3}[a-z]{0,4}-?\d{3}"
)
_PAPERS = re.compile(
    r"(?<!\w)(?:(?:ditt|ert|your|the|ihren|votre|su) )?(?:beslut|beslutet|faktura|fakturan|remiss|remissen|kallelse|överklag\w*|decision|invoice|ruling|appeal\w*|päätös|päätökse\w*|lasku\w*|bescheid|rechnung|décision|facture|decisión|factura|decisione|fattura|decyzj\w*|faktur\w*)(?!\w)"
)
# what people say that they have received
# a machine speaks of "we", or of nobody
_AUTOMATIC_STEM = re.compile(
    r"automat(?:isk|iska|iskt|ic|ed|ically|isch|ique|iquement|ica|ico|icamente|yczn|ick|sk|i)|automaatti|automaat|autogener|autosvar|otomatik"
    r"|автомат|自動|自动|자동|تلقائي|אוטומט|خودکار|αυτόματ|αυτοματοποιημέν|tự động"
)
_RECEIVED = Phrases((
    # sv, da, no
    "har tagit emot ditt", "har tagit emot din", "har mottagit ditt", "har mottagit din", "har fått ditt", "har fått in ditt", "har registrerat ditt", "har registrerats", "är registrerat",
    "är nu registrera", "är nu mottag", "mottagningskvitto", "mottakskvittering", "kvittering for", "eingangsbestätigung", "empfangsbestätigung", "ontvangstbevestiging", "accusé de réception", "acuse de recibo", "conferma di ricezione", "potwierdzenie otrzymania", "potwierdzenie przyjęcia", "vastaanottokuittaus", "confirmation of receipt", "acknowledgement of", "är mottaget", "är mottagen", "har inkommit till", "har kommit in till", "har kommit fram", "bekräftar att vi", "mottagningsbekräftelse", "har modtaget din",
    "har modtaget dit", "har mottatt din", "har mottatt ditt", "har mottatt e-posten", "har registrert", "er registreret", "er registrert", "er mottatt", "er modtaget", "vi bekrefter at",
    # fi, et
    "olemme vastaanottaneet", "olemme saaneet", "on vastaanotettu", "viestisi on saapunut", "viestisi on kirjattu", "yhteydenottosi on", "palvelupyyntösi on", "oleme teie kirja", "oleme kätte saanud",
    # en
    "have received your", "have received it", "vastaanotettu", "has been received", "we received your", "we got your", "got your request", "got your message", "thank you for contacting", "has been registered", "has been logged", "has been created", "have created a", "was received", "is being reviewed",
    "we acknowledge receipt", "acknowledge receipt of", "confirm receipt", "confirming receipt", "confirm that we have received", "has been assigned", "has been opened",
    # de, nl
    "haben ihre e-mail", "haben ihre nachricht", "haben ihre anfrage", "ist bei uns eingegangen", "eingang ihrer", "wurde registriert", "wurde erfasst", "wurde unter", "erhalten und werden",
    "hebben uw", "hebben je", "is ontvangen", "ontvangst van uw", "is geregistreerd", "in goede orde ontvangen",
    # fr, es, it, pt, ca, ro
    "avons bien reçu", "accusons réception", "accuse réception", "a bien été reçu", "a bien été enregistré", "a bien été pris", "a été enregistrée", "hemos recibido", "ha sido recibid", "ha sido registrad",
    "acusamos recibo", "abbiamo ricevuto", "è stata ricevuta", "è stata registrata", "è stato registrato", "è stato ricevuto", "recebemos a sua", "recebemos sua", "recebemos o seu", "recebemos seu",
    "foi recebida", "foi recebido", "foi registrad", "hem rebut", "am primit", "a fost înregistrat",
    # pl, cs, sk, hu, hr, lt, lv
    "otrzymaliśmy", "zostało zarejestrowane", "została przyjęta", "zostało przyjęte", "potwierdzamy otrzymanie", "obdrželi jsme", "byl přijat", "byla přijata", "bol prijat", "dostali sme vašu",
    "megkaptuk", "beérkezett", "primili smo", "zaprimili smo", "gavome jūsų", "esam saņēmuši",
    # tr, el, ru, uk, ar, he, fa, zh, ja, ko, vi, so
    "mesajınız alınmıştır", "talebiniz alınmıştır", "tarafımıza ulaşmıştır", "λάβαμε το", "ελήφθη", "получили ваше", "получено", "зарегистрирован", "принято", "отримали ваш", "зареєстрован",
    "تم استلام", "لقد استلمنا", "קיבלנו את", "התקבלה", "دریافت شد", "دریافت کردیم", "已收到", "收到您的", "受け付け", "受領", "承りました", "접수되었", "접수하였", "đã nhận được", "waan helnay",
))  # fmt: skip
_LATER = Phrases((
    "återkommer så snart", "återkommer till dig", "återkommer inom", "återkommer med", "svarar dig så", "svarar så snart", "svarar inom", "så snart vi kan", "så snart som möjligt", "kommer att kontakta dig",
    "handläggare kommer", "handläggs", "kommer att besvaras", "arbetsdagar", "vender tilbage", "hurtigst muligt", "svare så hurtigt", "så snart som mulig", "arbeidsdager", "hverdage", "virkedager", "kommer tilbake til",
    "mahdollisimman pian", "mahdollisimman nopeasti", "palaamme asiaan", "vastaamme", "arkipäivä", "käsitellään", "otamme sinuun",
    "as soon as possible", "shortly", "business day", "working day", "hear from us", "looking into", "kommer att handläggas", "handläggas", "ricontatter", "within 24", "within 48", "will respond", "will reply", "will get back", "be in touch", "will contact you", "will be in contact", "hours", "will be reviewed",
    "schnellstmöglich", "so schnell wie möglich", "so bald wie möglich", "in kürze", "werktag", "umgehend", "melden uns", "bearbeiten", "zo snel mogelijk", "zo spoedig mogelijk", "werkdagen", "nemen contact",
    "meilleurs délais", "dès que possible", "jours ouvr", "plus rapidement possible", "dans les plus brefs", "lo antes posible", "a la brevedad", "en breve", "días hábiles", "nos pondremos en contacto", "al più presto",
    "prima possibile", "giorni lavorativi", "quanto prima", "o mais breve", "assim que possível", "em breve", "dias úteis", "jak najszybciej", "wkrótce", "dni roboczych", "najszybciej", "co nejdříve", "co najskôr",
    "brzy ", "hamarosan", "munkanap", "mielőbb", "u najkraćem", "esimesel võimalusel", "en kısa sürede", "iş günü", "το συντομότερο", "εργάσιμ", "ближайшее время", "в течение", "рабочих дн", "найближчим часом",
    "في أقرب وقت", "בהקדם", "در اسرع وقت", "尽快", "儘快", "盡快", "工作日", "折り返し", "改めて", "営業日", "빠른 시일", "영업일", "trong thời gian sớm nhất",
))  # fmt: skip
_THANKS = Phrases((
    "tack för ditt", "tack för din", "tack för att du", "thanks for getting", "thank you for getting", "tak for din", "tak for dit", "takk for din", "takk for at", "takk for henvendelsen", "tak fordi", "kiitos viesti", "kiitos yhteydenotosta", "kiitos sähköposti",
    "thank you for contacting", "thank you for your", "thanks for contacting", "thanks for your", "thanks for reaching out", "thank you for reaching", "thank you for writing", "thank you for getting in touch",
    "vielen dank für ihre", "danke für ihre", "herzlichen dank für", "bedankt voor uw", "dank voor uw", "merci pour votre", "merci de votre", "merci de nous", "vous remercions", "gracias por", "grazie per", "la ringraziamo",
    "obrigado por", "obrigada por", "obrigado pel", "agradecemos", "dziękujemy za", "děkujeme za", "ďakujeme za", "köszönjük", "hvala", "täname", "teşekkür", "ευχαριστούμε", "спасибо за", "благодарим", "дякуємо",
    "شكرا", "شكراً", "תודה על", "سپاس", "感谢您", "感謝您", "ありがとうございます", "감사합니다", "cảm ơn",
))  # fmt: skip
_NO_ANSWER = Phrases((
    "går inte att svara på", "kan inte besvaras", "svara inte på detta", "går inte att besvara", "svar inte på", "ikke svare på denne", "ikke svar på denne", "kan ikke besvares", "älä vastaa", "ei voi vastata",
    "do not reply", "don't reply", "do not respond to this", "not monitored", "no longer monitored", "unmonitored", "cannot receive replies", "please do not change the subject", "keep the subject", "do not change the subject",
    "reply above this line", "replies to this", "nicht auf diese e-mail", "nicht auf diese mail", "antworten sie nicht", "bitte nicht antworten", "niet op deze e-mail", "niet beantwoorden", "ne pas répondre", "no responda",
    "no responder", "non rispondere", "não responda", "prosimy nie odpowiadać", "nie odpowiadaj", "neodpovídejte", "neodpovedajte", "ne válaszoljon", "yanıtlamayınız", "не отвечайте", "не відповідайте", "عدم الرد", "אין להשיב",
    "请勿回复", "請勿回覆", "返信しないで", "返信できません", "회신하지",
))  # fmt: skip


def _is_ticket(letter: Letter) -> bool:
    """Whether its subject is the number of a matter that somebody else gave: no answer, for the system changed it."""
    return split_subject(letter.subject)[0] == "" and _TICKET.search(letter.title) is not None


def is_acknowledgement(letter: Letter) -> bool:
    """Whether it only says that a message has come in. `letter.asks` and quoting speak for a person."""
    # A ticket system's "reply above this line" may leave nothing that counts as new.
    said = letter.head or fold(letter.text[:_HEAD])
    words, latin = find_words(said), is_latin(said)
    title = letter.title
    named = _RECEIVED.count(title, find_words(title), latin=is_latin(title)) > 0
    received = named or _RECEIVED.count(said, words, latin=latin) > 0
    no_answer = _NO_ANSWER.count(said, words, latin=latin) > 0
    thanks = _THANKS.count(said, words, latin=latin) > 0
    within = _WITHIN.search(said) is not None
    thanks_for_contact = thanks and _GOT_IN_TOUCH.search(said) is not None
    answers = len(letter.new_text) <= _LENGTH and (is_answer(letter) or _is_ticket(letter))
    answers = answers and not has_matter(letter)
    later = _LATER.count(said, words, latin=latin) > 0
    if answers:
        received = received or says_received(letter) or says_handled(letter)
        later = later or promises_answer(letter) or letter.parts.patience
        thanks = thanks or letter.parts.thanks or thanks_for_post(letter)
    if not (
        received or no_answer or (thanks_for_contact and (within or later)) or (answers and thanks and later)
    ):
        return False
    score = 2 * received + 2 * no_answer + thanks + thanks_for_contact + within
    automatic = _AUTOMATIC_STEM.search(said) is not None
    if letter.asks and not (automatic or no_answer) and asks_truly(letter):
        return False
    score += 2 * automatic
    score += later + answers
    numbered = answers and _NUMBERED.search(said) is not None
    score += answers and thanks and later
    score += numbered or _TICKET.search(letter.title) is not None or _TICKET.search(said) is not None
    score += named
    rest = speaks_of_else(letter) if answers and score >= _ENOUGH - 1 else 0.0
    score += answers and received and not rest
    if rest > _HALF and not (automatic or no_answer):
        return False
    score -= 2 * (speaks_of_self(said))
    return score >= _ENOUGH and _PAPERS.search(said) is None

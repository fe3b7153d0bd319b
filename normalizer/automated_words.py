"""How automatic answers begin, in many languages. Only data, all in lower case."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

AUTOMATIC_SUBJECTS = (
    "autosvar", "auto-svar", "automatiskt svar", "automatsvar", "automatiskt autosvar", "automatiskt meddelande", "frånvaromeddelande",
    "frånvarohanterare", "frånvaroassistent", "semestersvar", "frånvarande:", "ej på kontoret", "ej på plats", "inte på kontoret",
    "automaattinen vastaus", "automaattivastaus", "poissaoloviesti", "poissaoloilmoitus", "poissa toimistosta", "poissa:", "lomavastaaja",
    "automatic reply", "automatic response", "automated reply", "automated response", "auto reply", "auto-reply", "autoreply", "auto response",
    "auto-response", "autoresponse", "autoresponder", "out of office", "out-of-office", "ooo:", "ooto", "out of the office", "away from the office",
    "away from my mail", "vacation reply", "on vacation:", "automatisk svar", "automatisk svar:", "fraværsmelding", "fraværsassistent", "fraværende:",
    "ikke på kontoret", "ikke til stede", "ikke tilstede", "fravær:", "automatische antwort", "automatische rückantwort", "abwesenheitsnotiz",
    "abwesenheitsmeldung", "abwesenheit:", "abwesend:", "abwesenheitsassistent", "automatisch antwoord", "automatisch bericht", "afwezigheidsbericht",
    "afwezig:", "automatische beantwortung", "réponse automatique", "reponse automatique", "absence du bureau", "absent du bureau",
    "message d'absence", "réponse d'absence", "notification d'absence", "respuesta automática", "respuesta automatica", "fuera de la oficina",
    "fuera de oficina", "ausente de la oficina", "risposta automatica", "fuori sede", "fuori ufficio", "assente dall'ufficio", "odpowiedź automatyczna",
    "automatyczna odpowiedź", "autoodpowiedź", "poza biurem", "nieobecność w biurze", "resposta automática", "fora do escritório", "ausência do escritório",
    "ausencia da oficina", "resposta automàtica", "автоответ", "автоматический ответ", "автоматична відповідь", "автовідповідь", "автоматичен отговор",
    "automatická odpověď", "automatická odpoveď", "automatikus válasz", "házon kívül", "răspuns automat", "automatski odgovor", "samodejni odgovor",
    "otomatik yanıt", "otomatik cevap", "αυτόματη απάντηση", "automaatvastus", "automaatne vastus", "automātiskā atbilde", "automātiska atbilde",
    "automatinis atsakymas", "sjálfvirkt svar", "رد تلقائي", "الرد التلقائي", "תשובה אוטומטית", "מענה אוטומטי", "پاسخ خودکار", "自动回复", "自動回覆", "自動応答",
    "自動返信", "不在通知", "자동 회신", "자동 응답", "부재 중", "trả lời tự động", "balasan otomatis", "jawab automatik", "ตอบกลับอัตโนมัติ",
)  # fmt: skip
"""Beginnings of subjects that no person writes."""

ABSENCE_SUBJECTS = (
    "frånvarande", "frånvaro", "semester", "ledig", "föräldraledig", "tjänstledig", "borta", "poissa", "lomalla", "loma", "vuosiloma", "away", "absent",
    "on leave", "annual leave", "vacation", "holiday", "abwesen", "urlaub", "afwezig", "vakantie", "fravær", "ferie", "absence", "en congé", "congés",
    "ausente", "ausencia", "vacaciones", "assente", "assenza", "ferie", "nieobecn", "urlop", "ausência", "férias", "отпуск", "в отпуске", "puhkus",
    "tack för ditt", "thank you for your", "kiitos viesti", "vielen dank für ihre", "merci pour votre", "gracias por su", "grazie per",
)  # fmt: skip
"""Subjects a person may write as well ("Frånvarande i skolan"): they count only with words of the text."""

AUTOMATIC_PHRASES = (
    "detta är ett automatiskt svar", "det här är ett automatiskt svar", "detta är ett autosvar", "detta är ett automatiskt meddelande",
    "det här är ett autosvar", "detta är ett automatgenererat", "detta mail är autogenererat", "tämä on automaattinen vastaus",
    "tämä on automaattivastaus", "tämä on automaattinen viesti", "this is an automatic reply", "this is an automated reply", "this is an auto-reply",
    "this is an automated response", "this is an automatic response", "this is an auto reply", "this is an autoreply", "i am currently out of the office",
    "dette er et automatisk svar", "dette er en automatisk svar", "dies ist eine automatische antwort", "dies ist eine automatisch generierte antwort",
    "dit is een automatisch antwoord", "ceci est une réponse automatique", "ceci est un message automatique d'absence", "esta es una respuesta automática",
    "questa è una risposta automatica", "to jest automatyczna odpowiedź", "esta é uma resposta automática", "это автоматический ответ",
    "это автоответ", "هذا رد تلقائي", "هذه رسالة تلقائية", "bu otomatik bir yanıt", "ez egy automatikus válasz", "toto je automatická odpověď",
)  # fmt: skip

ABSENCE_PHRASES = (
    "jag är på semester", "jag har semester", "är på semester", "jag är ledig", "jag är tjänstledig", "jag är föräldraledig", "jag är inte på kontoret",
    "inte på plats", "jag är frånvarande", "jag är bortrest", "jag är inte i tjänst", "åter i tjänst", "tillbaka på kontoret", "är tillbaka den",
    "tillbaka igen den", "åter på kontoret", "begränsad tillgång till", "läser inte min e-post", "läser inte min mejl", "vid brådskande ärenden",
    "vid akuta ärenden kontakta", "olen lomalla", "olen poissa", "olen vuosilomalla", "en ole paikalla", "palaan töihin", "palaan toimistolle", "palaan ",
    "olen äitiyslomalla", "kiireellisissä asioissa", "en lue sähköposti", "out of the office", "out of office", "i am away", "i'm away", "i am on leave",
    "i am on annual leave", "i am on vacation", "i'm on vacation", "i'm out of", "on parental leave", "maternity leave", "limited access to", "i will be back",
    "i will return", "returning on", "back in the office", "jeg er på ferie", "jeg har ferie", "jeg er ikke på kontoret", "er fraværende", "ikke til stede",
    "tilbage på kontoret", "tilbake på kontoret", "bin nicht im büro", "bin ich nicht im", "nicht im hause", "im urlaub", "bin ich wieder", "derzeit abwesend",
    "bis einschließlich", "außer haus", "ben ik afwezig", "ik ben afwezig", "ben met vakantie", "niet aanwezig", "ik ben op vakantie", "je suis absent",
    "je suis actuellement absent", "en congé", "de retour le", "absente du bureau", "absent du bureau", "estoy de vacaciones", "estaré ausente",
    "fuera de la oficina", "estoy fuera", "sono in ferie", "sono assente", "sarò assente", "fuori ufficio", "jestem na urlopie", "jestem nieobecn",
    "przebywam na urlopie", "poza biurem", "estou de férias", "estou ausente", "estarei ausente", "fora do escritório", "я в отпуске", "нахожусь в отпуске",
    "отсутствую", "أنا في إجازة", "خارج المكتب", "في إجازة", "ofiste değilim", "izindeyim", "izinliyim", "szabadságon vagyok", "na dovolené",
    "olen puhkusel", "esmu atvaļinājumā", "esu atostogose", "休假", "外出", "不在办公室",
)  # fmt: skip

CHALLENGE_PHRASES = (
    "confirm that you are human", "prove you are human", "verify that you are a human", "verify you are human", "confirm your message",
    "challenge-response", "challenge/response", "to release your message", "message is being held", "your message has been quarantined until",
    "click the link below to deliver", "approve your email", "boxbe", "spam arrest", "spamarrest", "added to my list of approved senders",
    "bekräfta att du är en människa", "bekräfta att du inte är en robot", "bekräfta ditt mejl", "bekräfta avsändare", "vahvista olevasi ihminen",
    "bestätigen sie ihre nachricht", "bestätigen sie, dass sie ein mensch", "confirmez que vous êtes humain",
)  # fmt: skip

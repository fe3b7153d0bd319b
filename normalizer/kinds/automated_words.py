"""How automatic answers begin, in many languages. Only data, all in lower case."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

AUTOMATIC_SUBJECTS = (
    "autosvar", "auto-svar", "automatiskt svar", "automatsvar", "automatiskt autosvar", "automatiskt meddelande", "frånvaromeddelande",
    "frånvarohanterare", "frånvaroassistent", "semestersvar",  "ej på kontoret", "ej på plats", "inte på kontoret",
    "automaattinen vastaus", "automaattivastaus", "poissaoloviesti", "poissaoloilmoitus", "poissa toimistosta", "poissa:", "lomavastaaja",
    "automatic reply", "automatic response", "automated reply", "automated response", "auto reply", "auto-reply", "autoreply", "auto response",
    "auto-response", "autoresponse", "autoresponder", "out of office", "out-of-office", "ooo", "ooto", "out of the office", "away from the office",
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
    "自動返信", "不在通知", "자동 회신", "자동 응답", "자동 답장", "부재 중", "자동답장", "自动答复", "自動回信", "自動返答", "การตอบกลับอัตโนมัติ", "balasan automatik", "jawaban otomatis",
    "स्वचालित उत्तर", "स्वतः उत्तर", "স্বয়ংক্রিয় উত্তর", "தானியங்கி பதில்", "خودکار جواب", "erantzun automatikoa", "аутоматски одговор", "автоматски одговор", "аўтаматычны адказ",
    "автоматты жауап", "përgjigje automatike", "ავტომატური პასუხი", "avtomatik cavab", "awtomatikong tugon", "jibu la kiotomatiki", "jibu otomatiki", "ավտոմատ պատասխան",
    "jawaab toos ah", "automatisch antwort", "abwesenheitsnachricht", "abwesenheits-notiz", "abwesenheitsbenachrichtigung", "abwesend", "ferienabwesenheit", "urlaubsnotiz",
    "vacation response", "vacation message", "vacation notice", "vacation responder", "holiday message", "absence notification", "out-of-the-office", "mailbox not monitored",
    "i am out of office", "i am out of the office", "i'm out of office", "i'm out of the office", "i am on annual leave", "i am currently out of", "jag är inte på kontoret", "yahoo! auto response", "yahoo auto response", "aol mail auto response", "vacation auto reply", "vacation auto", "autoreply", "automated message", "frånvarobesked",
    "semesterhälsning", "lomaviesti", "poissaolovastaus", "avwezigheid", "afwezigheidsmelding", "automatisch antwoordbericht", "message automatique", "reponse auto", "réponse auto",
    "respuesta automatizada", "respuesta de ausencia", "mensaje automático", "messaggio automatico", "autorisposta", "wiadomość automatyczna", "auto odpowiedź", "autoresposta",
    "aviso de ausência", "автоматическое уведомление", "автоматичний", "automatická zpráva", "automatska poruka", "ofis dışında", "ofisdışı", "εκτός γραφείου", "kontorist väljas",
    "خارج المكتب", "לא במשרד", "מחוץ למשרד", "不在办公室", "外出", "休假", "trả lời tự động", "balasan otomatis", "jawab automatik", "ตอบกลับอัตโนมัติ",
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
    "this is an automated message", "this email is automatically generated", "this is an automatically generated", "this e-mail is automatically generated", "please do not reply to this e",
    "i will be out of the office starting", "detta mejl är automatiskt", "detta svar är automatiskt", "automatgenererat svar",
    "automaattinen vastausviesti", "dette er en automatisk besked", "dette er et autosvar", "dette er en automatisk generert", "diese nachricht wurde automatisch", "dies ist eine automatische nachricht",
    "dies ist eine automatische abwesenheits", "dit is een automatisch gegenereerd", "dit is een automatische e-mail", "dit is een automatische reactie", "ceci est un message automatique", "este es un mensaje automático",
    "este es un correo automático", "questo è un messaggio automatico", "esta é uma mensagem automática", "to jest wiadomość automatyczna", "ta wiadomość została wygenerowana automatycznie",
    "это автоматическое сообщение", "це автоматична відповідь", "acesta este un răspuns automat", "toto je automaticky", "ovo je automatska poruka", "ovo je automatski odgovor", "bu otomatik bir", "αυτή είναι μια αυτόματη απάντηση",
    "see on automaatvastus", "tai automatinis atsakymas", "šī ir automātiska atbilde", "זוהי הודעה אוטומטית", "זוהי תשובה אוטומטית", "این یک پاسخ خودکار", "本邮件为自动回复", "这是自动回复", "這是自動回覆", "自動返信メール", "自動応答メール",
    "mailbox is not monitored", "mailbox is no longer", "mailbox is unmonitored", "mailbox is not being monitored", "inbox is not monitored", "inbox is no longer", "address is not monitored", "address is no longer",
    "account is no longer monitored", "account is not monitored", "e-mail address is no longer", "email address is no longer in use", "denna brevlåda läses", "brevlådan läses inte", "brevlådan är inte bevakad", "brevlåda är inte bevakad",
    "e-postadressen används inte", "e-postadress används inte", "den här adressen används inte", "mejladress används inte", "mailadress används inte", "tätä postilaatikkoa ei", "tätä sähköpostiosoitetta ei", "sähköpostiosoite ei ole enää",
    "osoite ei ole enää käytössä", "dieses postfach wird nicht", "diese e-mail-adresse ist nicht mehr", "diese e-mail-adresse wird nicht", "postfach wird nicht mehr", "deze mailbox wordt niet", "dit e-mailadres is niet meer", "dit e-mailadres wordt niet",
    "cette adresse n'est plus", "cette boîte aux lettres n'est", "cette adresse e-mail n'est", "esta dirección de correo ya no", "este buzón no", "questo indirizzo non è più", "questa casella", "este endereço de e-mail não", "ten adres nie jest",
    "denne postkasse", "denne postkassen", "denne e-postadressen er ikke", "denne e-mailadresse", "этот адрес больше не", "этот почтовый ящик",
    "자동 회신 메일", "자동으로 발송", "đây là thư trả lời tự động", "ini adalah balasan otomatis", "นี่คือการตอบกลับอัตโนมัติ",
)  # fmt: skip

AUTOMATIC_ENDINGS = (
    "out of office", "out of the office", "automatic reply", "auto reply", "auto-reply", "autoreply", "autosvar", "automatiskt svar", "frånvarande",
    "ej på kontoret", "poissa", "automaattinen vastaus", "abwesend", "abwesenheitsnotiz", "afwezig", "absence", "ikke på kontoret", "fravær", "fuera de la oficina",
    "fuori ufficio", "poza biurem", "fora do escritório", "vacation", "ooo", "ooto", "on leave", "automatisk svar", "automatische antwort", "automatisch antwoord",
    "réponse automatique", "respuesta automática", "risposta automatica", "resposta automática", "odpowiedź automatyczna", "автоответ", "自动回复", "自動回覆", "自動返信",
)  # fmt: skip
"""What stands in brackets at the end of a subject: "Svar (Out of Office)", as GroupWise writes it."""

NAMED_ABSENCE = (
    "is out of the office", "is out of office", "är inte på kontoret", "är ej på kontoret", "är inte på plats", "er ikke på kontoret", "er ikke til stede",
    "ist außer haus", "ist nicht im hause", "ist nicht im büro", "ist abwesend", "est absent", "n'est pas au bureau", "está fuera de la oficina", "está ausente",
    "è fuori ufficio", "è assente", "is niet op kantoor", "is afwezig", "jest poza biurem", "on poissa", "ei ole toimistolla", "está fora do escritório",
    "is on vacation", "is on leave", "är på semester", "away from the office", "ofis dışında",
)  # fmt: skip
"""Notes puts its owner's name before them; in a person's subject they count only with words of the text."""

READ_SUBJECTS = (
    "read:", "not read:", "läst:", "inte läst:", "ej läst:", "oläst:", "borttaget utan att ha lästs:", "læst:", "ikke læst:", "lest:", "ikke lest:", "luettu:",
    "lukematta:", "gelesen:", "ungelesen:", "nicht gelesen:", "lu :", "lu:", "non lu :", "leído:", "no leído:", "letto:", "non letto:", "lido:", "lida:", "não lido:",
    "gelezen:", "niet gelezen:", "przeczytane:", "przeczytano:", "nie przeczytano:", "прочтено:", "прочитано:", "не прочтено:", "přečteno:", "prečítané:", "olvasott:",
    "elolvasva:", "citit:", "okundu:", "διαβάστηκε:", "נקרא:", "مقروءة:", "已读:", "已讀:", "開封済み:", "읽음:", "return receipt", "read receipt", "läskvitto",
    "lettura:", "lettura :", "leitura:", "lectura:", "odczyt:", "lexim:", "lukukuittaus", "lesebestätigung", "empfangsbestätigung", "ontvangstbevestiging", "accusé de réception", "acuse de recibo", "ricevuta di ritorno", "mottagningskvitto", "confirmation de lecture", "leesbevestiging", "confirmación de lectura", "conferma di lettura", "lesebekreftelse", "kvittering for læsning",
)  # fmt: skip
SURE_READ_PHRASES = (
    "this is a return receipt for",
    "this is a receipt for the mail",
    "this return receipt only acknowledges",
    "return receipt only acknowledges",
    "detta är ett läskvitto",
    "detta är ett kvitto för",
    "detta är en läskvittens",
    "dies ist eine empfangsbestätigung",
    "dies ist eine lesebestätigung",
    "dit is een leesbevestiging",
    "dit is een ontvangstbevestiging",
    "ceci est un accusé de réception",
    "éste es un acuse de recibo",
    "este es un acuse de recibo",
    "questa è una ricevuta di ritorno",
    "dette er en kvittering",
    "tämä on lukukuittaus",
    "tämä on vastaanottokuittaus",
    "este é um recibo de",
    "esta é uma confirmação de leitura",
    "to jest potwierdzenie",
)
"""What no person writes below such a subject."""

READ_PHRASES = (
    "was read on", "was received by", "was deleted without being read", "this is a return receipt", "this is a receipt for the", "lästes den", "har lästs", "togs bort utan att",
    "detta är ett kvitto", "detta är en läskvittens", "blev læst", "ble lest", "slettet uten å", "slettet uden at", "luettiin", "poistettiin lukematta", "wurde am", "wurde gelesen",
    "ungelesen gelöscht", "dies ist eine empfangsbestätigung", "dies ist eine lesebestätigung", "a été lu", "a été supprimé sans", "accusé de réception pour", "fue leído",
    "se leyó", "se eliminó sin", "è stato letto", "è stato eliminato senza", "foi lida", "foi lido", "is gelezen op", "is verwijderd zonder", "została przeczytana",
    "została odczytana", "было прочитано", "прочитано", "byla přečtena", "okundu", "已于", "was displayed", "has been displayed", "đã được đọc",
)  # fmt: skip

CHALLENGE_SENDERS = ("@boxbe.com", "@spamarrest.com", "@mailinblack.com", "@antispam.uol.com.br", "antispam@uol.com.br", "@bluebottle.com", "@earthlink-spamblocker.net",
                     "@sendio.com", "@qurb.com", "@vanquish.com", "@choicemail.com", "@cleanmymailbox.com")  # fmt: skip
CHALLENGE_SUBJECTS = ("please confirm your message", "please confirm (conf#", "verification required", "sender verification", "confirm your message", "please verify your e", "[spamblocker]", "verify your e-mail to", "verify your email to",
                      "bekräfta ditt meddelande", "bestätigen sie ihre nachricht", "confirmez votre message", "confirme su mensaje", "confirme sua mensagem")  # fmt: skip

CHALLENGE_PHRASES = (
    "confirm that you are human", "prove you are human", "verify that you are a human", "verify you are human", "that you are a human", "that you are a real person",
    "you are not a robot", "confirm your message", "challenge-response", "challenge/response", "to release your message", "message is being held", "is being held because",
    "your message has been quarantined until", "click the link below to deliver", "approve your email", "approved senders", "list of known senders", "guest list",
    "whitelist", "boxbe", "spam arrest", "spamarrest", "tmda", "my list of approved senders", "complete the verification process", "pending folder", "verify your email address so",
    "sent by a human", "from a human", "by a real person", "you will not be asked again", "only need to do this once", "only have to do this once", "anti-spam service", "spamblocker", "suspect email", "allowed sender list", "was put on hold",
    "first-time sender", "protecting myself from receiving junk", "reply to this message to", "deliver your message",
    "bekräfta att du är en människa", "bekräfta att du inte är en robot", "bekräfta ditt mejl", "bekräfta avsändare", "för att ditt meddelande ska levereras",
    "vahvista olevasi ihminen", "vahvista viestisi", "bestätigen sie ihre nachricht", "bestätigen sie ihre e-mail", "bestätigen sie, dass sie ein mensch", "damit sie zugestellt wird",
    "damit ihre nachricht zugestellt", "confirmez que vous êtes humain", "valider votre envoi", "vous authentifier", "pour que votre message", "afin que votre message",
    "mailinblack", "para que su mensaje sea entregado", "confirme su mensaje", "para que sua mensagem seja", "antispam uol", "digite os caracteres", "affinché il tuo messaggio",
    "affinché il suo messaggio", "bevestig dat u geen robot", "bevestig uw bericht", "bekræft din besked", "bekreft meldingen din", "potwierdź swoją wiadomość",
    "potwierdź, że jesteś człowiekiem", "подтвердите, что вы", "подтвердите отправку", "подтвердить отправку", "підтвердіть", "mesajınızı onayla", "אשר את הודעתך", "请点击链接确认", "點擊連結確認",
    "メールを確認", "메일을 인증",
)  # fmt: skip
"""What a challenge says. They count only in mail that is an answer, or a machine's."""

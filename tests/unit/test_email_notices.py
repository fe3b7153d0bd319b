"""Notices in words that no table of phrases holds, and residents who answer with the same words about a matter."""

import unicodedata

import pytest

from normalizer.email.mail import read_mail
from normalizer.kinds.absence_signs import split_plain
from normalizer.kinds.notice_clauses import Concept, find_parts, read_clause
from normalizer.kinds.vocabulary import Remembered, drop_marks

HEAD = "From: Eva Berg <eva@example.org>\r\nTo: kontakt@example.com\r\nMessage-ID: <x@example.org>\r\n"


def kind_of(text: str, subject: str = "Re: Svar") -> tuple[str, bool]:
    raw = f"{HEAD}Subject: {subject}\r\nIn-Reply-To: <a@example.com>\r\n\r\n{text}\r\n"
    mail = read_mail(raw.encode())
    return mail.kind, not mail.withhold_receipt


@pytest.mark.parametrize(
    "text",
    [
        "Hej! Vabbar idag, svarar när jag kan. Hälsningar Olle",
        "Anna Ek har lämnat bolaget. Vänd dig till bygg@example.net",
        "Olen hoitovapaalla vuoden loppuun. Tehtäviäni hoitaa Mika, mika@example.net",
        "I'm at an offsite this week with patchy wifi, so replies might be slow.",
        "Bin in Elternzeit. Eilige Anliegen übernimmt Frau Kurz, kurz@example.net",
        "Ya no formo parte de la empresa. Por favor escriba a info@example.net.",
        "Przebywam na L4. Sprawy przejmuje Jan Nowak, jan@example.net",
        "Я уволился из компании. По всем вопросам: info@example.net",
        "本人正在度假，回来后回复您的邮件。",
        "Wir haben Ihre Anfrage erhalten. Ihre Vorgangsnummer lautet 2026-5512.",
        "Váš e-mail jsme v pořádku přijali. Ozveme se do dvou pracovních dnů.",
        "Rådhuset har stängt till den 4 augusti.",
        "Jeg holder vinterferie i uge 7 og læser mails igen mandag. Haster det, så skriv til kontor@example.net.",
        "Brevlådan är obevakad under helgerna. På måndag läser vi allt som kommit in.",
        "Olen jäänyt eläkkeelle. Työtäni jatkaa Ville Aho, ville.aho@example.net.",
        "Urgent? Call 070-1740627. I am away on leave until 4 August.",
        "I am out of the country until 5 Nov and will have intermittent access to email.\r\n\r\nKind regards,\r\nPaul Hill\r\nTel 070-1740677",
    ],
)  # fmt: skip
def test_a_notice_is_told_by_its_parts(text):
    assert kind_of(text) == ("auto_reply", False)


@pytest.mark.parametrize(
    "text",
    [
        "Jag är sjukskriven till 31 mars och behöver förlängd hemtjänst.",
        "Hej Karin, jag ser att du är ledig till 5 augusti. Svara när du är tillbaka.",
        "Han har slutat hos oss. Prova hans privata mejl jim@example.net.",
        "Er arbeitet nicht mehr bei uns. Versuchen Sie es unter jim@example.net.",
        "Lekplatsen är stängd sedan 3 maj. Det ligger glas överallt.",
        "Thank you for your reply. I will get back to you on Monday.",
        "I'm travelling at the moment but will send the signed form when I'm back on Monday.",
        "Ich war im Urlaub und habe Ihr Schreiben erst heute gelesen. Ich lege Widerspruch ein.",
        "Je suis en arrêt maladie jusqu'au 31 mars et je demande un délai de paiement.",
        "Received, thanks. Ticket 44521 can be closed.",
        "Otrzymałem wiadomość w poniedziałek. Zgadzam się.",
        "我周五之前出差，回来后把表格寄给你们。",
        "I got an out of office reply from Mr Brown. My heating is broken and it is urgent.",
    ],
)
def test_a_resident_who_answers_about_a_matter_gets_a_receipt(text):
    assert kind_of(text) == ("message", True)


@pytest.mark.parametrize(
    "text",
    [
        "Den här e-postlådan bevakas inte. Skriv i stället till info@example.net.",
        "Sähköpostiosoitteeni on muuttunut, uusi osoite on matti@example.net",
        "I no longer have access to this account. Write to tom@example.net instead.",
        "Das alte Postfach wird nicht mehr betreut. Neu: buero@example.net",
        "Esta cuenta de correo ya no se utiliza. Escriba a info@example.net",
        "Ta skrzynka nie jest obsługiwana, nowy adres to biuro@example.net",
        "Bu e-posta adresi artık kullanılmıyor. Yeni adres: bilgi@example.net",
        "此邮箱已停用,请发送至info@example.net",
        "Сегодня не работаю, отвечу завтра.",
        "Do sredy jsem na skoleni a na zpravy odpovim az pote.",
        "Szabadságon vagyok, helyettesít Nagy Éva: nagy@example.net",
        "Jūsų laišką gavome, atsakysime per 2 darbo dienas.",
        "Diolch am eich neges. Byddwn yn ymateb o fewn 5 diwrnod gwaith.",
    ],
)
def test_a_notice_is_told_by_the_concepts_that_meet_in_a_clause(text):
    assert kind_of(text) == ("auto_reply", False)


@pytest.mark.parametrize(
    "text",
    [
        "Estaré fuera hasta el lunes; el martes paso por la oficina a firmar.",
        "Sono in ferie fino al 20, quindi verrò a ritirare la carta d'identità dopo.",
        "Nadal nie otrzymałem odpowiedzi na mojego maila.",
        "Ik ben ziek en kan morgen niet komen.",
        "Je serai absent du 4 au 11 août, merci de ne pas couper l'eau pendant cette période.",
        "Hi, I'm in meetings until 3 but call me any time after that on 070-1740672.",
        "Please note our new phone number: 070-1740644. The old one no longer works.",
        "ありがとうございます。ご返信をお待ちしております。",
        "Hej, min nya adress från 1 mars är Parkgatan 5.",
        "Har fått ny jobb og sier opp plassen fra 1. mars.",
        "Bedankt voor het antwoord. Ik ben vrijdag vrij, dus dan kan de monteur komen.",
        "Gracias por contestar. Estaré fuera hasta el lunes, así que manden la grúa después.",
        "No he recibido ninguna respuesta a mi solicitud del 4 de octubre.",
        "Jag är ledig på fredagar så ring gärna då, 070-1740611.",
    ],
)
def test_a_resident_who_does_or_wants_something_gets_a_receipt(text):
    assert kind_of(text) == ("message", True)


def test_a_notice_that_says_everything_needs_no_mark_of_an_answer():
    raw = (
        f"{HEAD}Subject: Your enquiry about bins\r\n\r\nI am on annual leave until 8 August and will not be checking"
        " email. For urgent matters please contact team@example.net.\r\n"
    )
    assert read_mail(raw.encode()).kind == "auto_reply"


def test_concepts_are_met_with_and_without_marks_on_the_letters():
    written, bare = (find_parts([clause]) for clause in ("nemám přístup k poště", "nemam pristup k poste"))
    assert (written.unread, bare.unread) == (True, True)


def test_marks_that_stand_apart_from_their_letters_cut_no_word():
    composed = "Jag är på semester till den 4 augusti, läser mejl när jag är åter."
    assert kind_of(unicodedata.normalize("NFD", composed)) == kind_of(composed) == ("auto_reply", False)


def test_a_word_longer_than_any_sign_is_read_without_being_remembered():
    words = Remembered(len)
    assert words["a" * 90] == 40
    assert len(words) == 0


def test_remembered_words_are_bounded():
    words = Remembered(len)
    assert all(words[str(number)] for number in range(40_000))
    assert len(words) < 20_000


def test_a_signature_is_no_quoted_mail():
    text = "Jag har semester v.29-32. Vid akuta frågor kontakta Sofia (sofia@example.net).\r\n\r\nMed vänlig hälsning\r\nKarl Ek\r\nProjektledare\r\n070-1740676"
    assert kind_of(text) == ("auto_reply", False)


def test_a_person_who_quotes_and_says_little_gets_a_receipt():
    text = "Jag är på semester till den 5 augusti.\r\n\r\nOn Mon, 3 Nov 2025, Kontakt wrote:\r\n> Hej! När passar det?"
    assert kind_of(text) == ("message", True)


@pytest.mark.parametrize("piece", ["a@", "ledig, ", "? ", ": ", "1 ", "nr ", "(a", "till 1."])
def test_a_hostile_answer_is_read_to_its_end(piece):
    assert read_mail(f"{HEAD}Subject: Re: x\r\n\r\n{piece * 30_000}".encode()).trouble == ""


@pytest.mark.parametrize(
    ("notice", "letter"),
    [
        # an absence that is over
        (
            "Olen opintovapaalla kesäkuuhun, vastaan viesteihin vasta sen jälkeen.",
            "Olin opintovapaalla kun kirje tuli, siksi vastaan vasta nyt.",
        ),
        # of somebody else
        (
            "Sono in ferie fino al 28 agosto, Le risponderò al rientro.",
            "Il mio tecnico è in ferie fino al 28 agosto, Le invierà la relazione al rientro.",
        ),
        ("Mam urlop do środy, odpowiem po powrocie.", "Zosia jest chora i wróci do przedszkola w środę."),
        # received and answered within so many days: by an office, by one person
        ("Chúng tôi đã nhận được thư và sẽ trả lời trong 2 ngày làm việc.", "Tôi đã nhận được thư và sẽ đến vào thứ Hai."),
        ("您的邮件我们已经收到，将在三个工作日内处理。", "已收到通知，谢谢。我明天带身份证过来。"),
        (
            "Teie kiri on registreeritud numbriga 1-2/334. Vastame 30 päeva jooksul.",
            "Ärendet 334 är inte åtgärdat. Soporna ligger kvar.",
        ),
        # opening hours, with and without what becomes of the mail
        (
            "Biuro czynne od poniedziałku do piątku 8-16. Na Państwa wiadomość odpowiemy w godzinach pracy.",
            "I work Monday to Friday 9-5 and can't be in. Saturday please.",
        ),
        # the mailbox that is read on some days, and the one in the street
        (
            "The club inbox is looked after by volunteers on Mondays. Urgent? Phone 070-1740640.",
            "Brevlådan vid stadshuset är full med post. Ingen har tömt den på en vecka.",
        ),
        # where to turn, and what one would like
        ("שלום, אני בחופשת לידה עד אוקטובר. בכל נושא אפשר לפנות לדנה: dana@example.net", 'אני בחו"ל עד מחר, אפשר לקבל דחייה'),
        # what has been done, reported or said
        (
            "Jag har semester den 15 augusti och är tillbaka dagen därpå. Då läser jag din mejl.",
            "Jag har nu rättat till det du påpekade. Jag åker på semester den 15 augusti.",
        ),
        (
            "We are back on Monday and answer within 2 working days. Thanks for your patience.",
            "He said a part is on order and he'd be back within 2 working days.",
        ),
    ],
)  # fmt: skip
def test_a_notice_and_a_letter_in_nearly_the_same_words(notice, letter):
    assert (kind_of(notice), kind_of(letter)) == (("auto_reply", False), ("message", True))


@pytest.mark.parametrize(
    "pair", [("مأموریت", "ماموریت"), ("می\u200cدهم", "میدهم"), ("إجازة", "اجازة"), ("یکشنبه", "يكشنبه")]
)
def test_arabic_letters_meet_however_the_keyboard_writes_them(pair):
    assert drop_marks(pair[0]) == drop_marks(pair[1])


@pytest.mark.parametrize("word", ["en", "ni", "nu", "be", "aan", "van", "tak", "ma", "sem", "ez", "kun"])
def test_a_common_word_of_one_language_is_no_sign_of_another(word):
    assert read_clause(f"x {word} x") & Concept.NOT == 0


def test_the_number_of_a_matter_ends_a_sentence_and_a_day_does_not():
    assert [part.strip() for part in split_plain("Nummer 4471. Vi svarar den 4. august")] == [
        "nummer #",
        "vi svarar den # august",
    ]


def test_a_complaint_about_automatic_replies_is_a_letter():
    raw = f"{HEAD}Subject: Automatic reply: not good enough\r\n\r\nI have had three of these and no proper answer. Please have someone phone me on 070-1740621.\r\n"
    assert read_mail(raw.encode()).kind == "message"


def test_what_somebody_quotes_he_does_not_say():
    text = 'The gate sent me a message "this is an automated message: you owe 60". I paid. Please cancel.'
    raw = f"{HEAD}Subject: Gates at the car park\r\n\r\n{text}\r\n"
    assert read_mail(raw.encode()).kind == "message"


def test_an_absence_that_somebody_reports_of_another_is_a_letter():
    raw = f"{HEAD}Subject: Ferie i SFO\r\n\r\nHej, Emma holder ferie uge 29-31 og kommer tilbage mandag i uge 32.\r\n"
    assert read_mail(raw.encode()).kind == "message"

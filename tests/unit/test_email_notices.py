"""Notices in words that no table of phrases holds, and residents who answer with the same words about a matter."""

import unicodedata

import pytest

from normalizer.email.mail import read_mail
from normalizer.kinds.notice_clauses import find_parts
from normalizer.kinds.vocabulary import Remembered

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

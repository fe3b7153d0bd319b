"""Absence notices and acknowledgements without any header that says so, and the people who sound like them."""

import pytest

from normalizer.email.mail import read_mail

HEAD = "From: Eva Berg <eva@example.org>\r\nTo: kontakt@example.com\r\nMessage-ID: <x@example.org>\r\n"


def kind_of(subject: str, text: str, *, answers: bool = True) -> tuple[str, bool]:
    more = "In-Reply-To: <a@example.com>\r\n" if answers else ""
    mail = read_mail(f"{HEAD}Subject: {subject}\r\n{more}\r\n{text}\r\n".encode())
    return mail.kind, not mail.withhold_receipt


@pytest.mark.parametrize(
    "text",
    [
        "Tack för ditt mejl. Jag är på kurs idag och svarar på mejl i morgon.",
        "Jag har avslutat min tjänst på bolaget. Kontakta i stället Åsa, 070-1740632.",
        "Kiitos viestistäsi! Olen lomalla 7.8. saakka. Asiaasi hoitaa Liisa, liisa@example.org.",
        "Jeg er på barselsorlov frem til 1. maj. Kontakt i stedet Mette på mette@example.org.",
        "Ich bin ab dem 9.11. wieder für Sie da. E-Mails werden nicht weitergeleitet.",
        "Ik werk niet op woensdag. Uw mail wordt op mijn eerstvolgende werkdag beantwoord. Bij spoed: info@example.org",
        "Je ne travaille pas le mercredi. Je vous répondrai à mon retour jeudi.",
        "Estoy fuera de la oficina sin acceso al correo. Vuelvo el 9 de noviembre.",
        "Nie pracuję już w firmie. Proszę o kontakt: biuro@example.org",
        "Do 9.11. jsem mimo kancelář. V urgentních případech volejte 070-1740626.",
        "Меня нет в офисе до 9 ноября. Пишите на info@example.org.",
        "本日はお休みをいただいております。明日以降に改めてご連絡いたします。",
        "I work part time (Mon-Wed) and will respond to your email on my next working day.",
        "Thank you for contacting support. Your case number is 00123456. We will contact you shortly. Please do not reply to this email.",
        "Vi bekrefter at vi har mottatt din henvendelse. Saksnummer 2026/777. Dette er en automatisk kvittering.",
        "Vielen Dank für Ihre Anfrage. Ihre Anfrage wurde unter der Nummer 12345 registriert. Wir melden uns schnellstmöglich.",
    ],
)  # fmt: skip
def test_a_notice_without_any_mark_is_an_automatic_answer(text):
    assert kind_of("Re: Svar", text) == ("auto_reply", False)


@pytest.mark.parametrize(
    ("subject", "text", "answers"),
    [
        ("Re: Svar", "Ok tack! Jag ringer växeln i morgon, jag är ledig då. Mvh Eva, 070-1740615", True),
        ("Re: Svar", "Jag är bortrest till 9 november så det får bli efter det. Ring mig när jag är hemma igen.", True),
        ("Re: Svar", "Hej! Lisa är frånvarande fredag 6/11. Hon åker inte med bussen då.", True),
        ("Re: Svar", "Det är fortfarande stängt på Storgatan 4. Plogen kom aldrig tillbaka.", True),
        ("Re: Svar", "Thanks for your email. I am away on Monday but Tuesday at 10 works for me.", True),
        ("Re: Svar", "My daughter will be absent on Thursday 5 November because of a tournament.", True),
        ("Re: Svar", "Vielen Dank für Ihre Antwort. Am Montag bin ich noch im Urlaub, Dienstag passt mir gut.", True),
        ("Re: Svar", "Dziękuję za wiadomość. Wracam do Szwecji w piątek i przyniosę dokumenty.", True),
        ("Re: Svar", "Vi har fått ditt beslut och överklagar. Ärendenummer 12345. Vi återkommer så snart som möjligt.", True),
        ("Re: Svar", "I confirm receipt of your letter. I will respond within 14 days. Case 12345.", True),
        ("Lomalla", "Olemme lomalla 20.11. asti. Älkää tyhjentäkö jäteastiaa.", False),
        ("Föräldraledighet", "Jag är föräldraledig från 1 maj. Kontakta mig på 070-1740612 om förskoleplatsen.", False),
        ("Automatic reply", "Your system sent me an automatic reply 3 weeks ago but nobody answered. Please help.", False),
    ],
)  # fmt: skip
def test_a_person_who_speaks_of_being_away_gets_a_receipt(subject, text, answers):
    assert kind_of(subject, text, answers=answers) == ("message", True)


@pytest.mark.parametrize(
    ("subject", "lines"),
    [
        ("Преглед: X", "Вашето съобщение\r\n\r\n До: Eva\r\n Тема: X\r\n Изпратено: 3 ноември 2026 г. 10:00\r\n\r\nе прочетено на 3 ноември 2026 г. 11:00."),
        ("Elolvasva: X", "Az Ön üzenete\r\n\r\n Címzett: Eva\r\n Tárgy: X\r\n Elküldve: 2026. november 3. 10:00\r\n\r\nelolvasva: 2026. november 3. 11:00"),
        ("Return Receipt (displayed) - X", "This is a Return Receipt for the mail that you sent to eva@example.org."),
    ],
)  # fmt: skip
def test_a_read_receipt_is_known_by_its_form_in_any_language(subject, lines):
    assert kind_of(subject, lines, answers=False) == ("read_receipt", False)


def test_a_daily_report_about_the_domain_is_automatic():
    raw = (
        "From: dmarc@example.net\r\nSubject: Report Domain: example.com Submitter: example.net\r\n"
        'Content-Type: application/gzip; name="example.net!example.com!1762128000!1762214400.xml.gz"\r\n\r\nx\r\n'
    )
    assert read_mail(raw.encode()).kind == "automatic"

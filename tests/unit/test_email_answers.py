"""Machines that answer for people, and people who speak of the same things, in many languages."""

import pytest

from normalizer.email.mail import read_mail
from normalizer.messages import Bounce

HEAD = "From: Eva Berg <eva@example.org>\r\nTo: kontakt@example.com\r\nMessage-ID: <x@example.org>\r\n"


def read(subject: str, text: str, *headers: str, answers: bool = False):
    more = "".join(f"{header}\r\n" for header in (*headers, *(["In-Reply-To: <a@example.com>"] * answers)))
    return read_mail(f"{HEAD}Subject: {subject}\r\n{more}\r\n{text}\r\n".encode())


@pytest.mark.parametrize(
    "subject",
    [
        "自动答复: Fråga", "자동 답장: Fråga", "การตอบกลับอัตโนมัติ: Fråga", "Balasan automatik: Fråga", "Erantzun automatikoa: Fråga", "स्वचालित उत्तर: Fråga",
        "Аутоматски одговор: Fråga", "ავტომატური პასუხი: Fråga", "Out of Office AutoReply: Fråga", "Fråga (Out of Office)", "Automatische Antwort auf: Fråga",
        "Autosvar från kontoret", "Réponse automatique : Fråga", "Automatic reply",
    ],
)  # fmt: skip
def test_a_subject_that_only_machines_write_is_enough(subject):
    assert read(subject, "x").kind == "auto_reply"


@pytest.mark.parametrize(
    "text",
    [
        "Jag är på tjänsteresa och läser mail sporadiskt.",
        "Hej, jag har slutat på bolaget. Vänligen kontakta info@example.org.",
        "I am no longer with the company. Please contact info@example.org.",
        "Ich befinde mich im Urlaub. In dringenden Fällen wenden Sie sich an Bo.",
        "Je suis actuellement en congés et serai de retour le 7 décembre.",
        "Jeg er ute av kontoret. Ved hastesaker kontakt Bo.",
        "Olen lomalla 6.12. asti. Kiireellisissä asioissa ota yhteyttä Boon.",
        "Βρίσκομαι σε άδεια. Για επείγοντα θέματα επικοινωνήστε με Bo.",
        "Я у відпустці до 7 грудня. З термінових питань звертайтеся до Bo.",
        "אני בחופשה עד 7 בדצמבר. במקרים דחופים נא לפנות ל Bo.",
        "من تا ۷ دسامبر در مرخصی هستم. در موارد فوری با Bo تماس بگیرید.",
        "12月7日まで休暇をいただいております。急ぎの場合は Bo までご連絡ください。",
        "12월 7일까지 휴가 중입니다. 급한 용무는 Bo에게 연락 바랍니다.",
        "Tôi đang nghỉ phép. Nếu có việc khẩn cấp vui lòng liên hệ Bo.",
        "Saya sedang cuti sampai 7 Desember. Untuk hal mendesak hubungi Bo.",
        "I will be out of the\r\noffice next week. For urgent\r\nmatters call Bo.",
    ],
)
def test_absence_and_what_to_do_about_it_together_are_a_machines_answer(text):
    assert read("Re: Svar", text, answers=True).kind == "auto_reply"


@pytest.mark.parametrize(
    ("subject", "text", "answers"),
    [
        ("Semester", "Jag är på semester nästa vecka, kan jag få mina sopor hämtade ändå?", False),
        ("Re: Möte", "Jag är på semester den veckan. Går det bra veckan efter?", True),
        ("Re: Möte", "Jag är på semester 1-20 juli och vill ha ersättning för de dagarna.", True),
        ("Re: Bygglov", "Tack för ditt mejl. Jag återkommer med ritningar på måndag.", True),
        ("Ledig tjänst", "Jag vill söka tjänsten som badvakt. Jag är ledig från juni.", False),
        ("Vacation home permit", "I am on vacation and want to build a shed. When I return I need a permit.", False),
        ("Autosvar fungerar inte?", "Hej, jag får inget autosvar från er.", False),
        ("Automatiskt svar på engelska", "Ert automatiska svar är på engelska, kan ni ändra det?", False),
        ("Out of office hours", "Who do I call out of office hours?", False),
        ("VB: Automatiskt svar: Hej", "Är Maria borta länge?\r\n\r\nFrån: Maria <m@example.com>\r\nSkickat: den 20 november 2026 08:13\r\nTill: Eva\r\n\r\nJag är på semester. Jag är åter den 7.", False),
        ("Auto: Parkplatz", "Mein Auto wurde abgeschleppt.", False),
        ("Re: Boxbe", "Jag använder Boxbe, gick mitt brev fram?", True),
        ("Re: Fråga", "The new playground is a real challenge-response thing. Nice.", True),
        ("Read: your letter", "I read your letter and it was read on the radio too.", False),
        ("Abuse report", "I want to report abuse of a dog.", False),
    ],
)  # fmt: skip
def test_a_person_who_speaks_of_absence_or_machines_is_a_person(subject, text, answers):
    mail = read(subject, text, answers=answers)
    assert (mail.kind, mail.withhold_receipt) == ("message", "")


@pytest.mark.parametrize(
    ("subject", "text", "headers"),
    [
        ("Please confirm your message", "Your message is being held because the address is not verified.", ["Auto-Submitted: auto-replied"]),
        ("Re: Svar (verification)", "I'm protecting myself from receiving junk mail. Please click: https://example.net/x", ["In-Reply-To: <a@b>"]),
        ("Svar", "Merci de vous authentifier en cliquant sur le lien.", ["Return-Path: <>"]),
        ("Confirme su mensaje", "Para que su mensaje sea entregado, haga clic aquí.", ["Return-Path: <>"]),
        ("Re: Svar", "Bitte bestätigen Sie Ihre E-Mail, damit sie zugestellt wird.", ["Auto-Submitted: auto-replied"]),
    ],
)  # fmt: skip
def test_a_challenge_is_known_in_several_languages(subject, text, headers):
    assert read(subject, text, *headers).kind == "challenge"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Läst: Svar", "Ditt meddelande\r\n\r\n  Till: Eva\r\n  Ämne: Svar\r\n  Skickat: den 20 november 2026 08:13:22\r\n\r\nlästes den 20 november 2026 08:20:10."),
        ("Read: Svar", "Your message\r\n\r\n  To: Eva\r\n  Subject: Svar\r\n  Sent: Friday 8:13:22 AM\r\n\r\nwas read on Friday 8:20:10 AM."),
    ],
)  # fmt: skip
def test_a_read_receipt_in_plain_words_is_known(subject, text):
    mail = read(subject, text)
    assert (mail.kind, mail.withhold_receipt) == ("read_receipt", "read-receipt")


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["Sender: owner-byalag@example.org", "Precedence: bulk"], "list"),
        (["Delivered-To: mailing list byalag@example.org", "Precedence: bulk"], "list"),
        (["Errors-To: byalag-errors@example.org", "Precedence: bulk"], "list"),
        (["X-ListProcessor-Version: 8.2.10", "Precedence: bulk"], "list"),
        (["Sender: Byalag <byalag@example.org>", "Reply-To: byalag@example.org", "Comments: To: byalag@example.org"], "list"),
        (["List-Help: <x>", "List-Unsubscribe: <x>", "List-Owner: <x>", "Precedence: list"], "list"),
        (["List-Id: <x>", "List-Post: <x>", "X-MC-User: 1", "List-Unsubscribe: <x>"], "newsletter"),
        (["X-MDaemon-AutoResponder: 1"], "auto_reply"),
        (["Delivered-To: Autoresponder"], "auto_reply"),
    ],
)  # fmt: skip
def test_lists_older_than_their_headers_are_known(headers, kind):
    mail = read("Re: Vägen", "Jag håller med.", *headers)
    assert (mail.kind, mail.withhold_receipt != "") == (kind, True)


def test_an_absence_notice_from_the_null_sender_is_no_bounce():
    mail = read(
        "Automatic reply: Undeliverable: x", "I am away. The mailbox is full of mail.", "Return-Path: <>"
    )
    assert mail.kind == "auto_reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Nedoručitelné: Svar", "Kézbesíthetetlen: Svar", "Nelivrabil: Svar", "Teslim Edilemedi: Svar", "Δεν είναι δυνατή η παράδοση: Svar", "לא ניתן למסירה: Svar",
        "غير قابل للتسليم: Svar", "无法送达: Svar", "無法傳遞: Svar", "배달되지 않음: Svar", "Không thể gửi: Svar", "ไม่สามารถส่งได้: Svar", "Не вдалося доставити: Svar",
    ],
)  # fmt: skip
def test_exchange_tells_of_failures_in_many_languages(subject):
    raw = (
        f"From: Microsoft Outlook <postmaster@example.net>\r\nSubject: {subject}\r\n\r\nborta@example.org\r\n"
    )
    mail = read_mail(raw.encode())
    assert (mail.kind, mail.bounce and mail.bounce.recipient) == ("bounce", "borta@example.org")


def test_a_failure_in_an_unknown_language_is_known_by_the_mail_it_returns():
    raw = (
        "From: MAILER-DAEMON@example.net\r\nSubject: xyz\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\n\r\nabc borta@example.org\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Svar\r\n\r\nHej\r\n--b--\r\n"
    )
    assert read_mail(raw.encode()).kind == "bounce"


def test_a_report_that_a_scanner_wrapped_is_still_read():
    raw = (
        "From: MAILER-DAEMON@example.net\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
        "--a\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nsorry\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        "Final-Recipient: rfc822; borta@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n--a\r\n\r\nScanned\r\n--a--\r\n"
    )
    assert read_mail(raw.encode()).bounce == Bounce(
        recipient="borta@example.org", status="5.1.1", permanent=True
    )


@pytest.mark.parametrize(
    ("sender", "subject", "inner"),
    [
        (
            "staff@example.net",
            "complaint about message from 192.0.2.1",
            "X-HmXmrOriginalRecipient: eva@example.org",
        ),
        ("abuse@example.net", "Abuse report", "X-Any: 1"),
    ],
)
def test_an_abuse_report_older_than_its_format_is_known(sender, subject, inner):
    raw = (
        f"From: {sender}\r\nSubject: {subject}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\nSubject: Svar\r\n\r\nHej\r\n--b--\r\n"
    )
    assert read_mail(raw.encode()).kind == "feedback_report"

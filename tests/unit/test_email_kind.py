"""Person or machine, and whether a receipt may go out."""

import pytest

from normalizer.automated import is_robot
from normalizer.mail import read_mail
from normalizer.messages import Bounce

ANNA = {"From": "Anna <anna@example.org>", "To": "kontakt@example.com", "Subject": "Trasig lampa"}
HELLO = "Hej!\n\nLampan utanför mitt hus är trasig.\n\nAnna"


def read(text: str = HELLO, envelope_from: str | None = None, **headers: str):
    named = {**ANNA, **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value is not None)
    return read_mail((head + "\r\n" + text).encode(), envelope_from=envelope_from)


def judge(*args, **headers) -> tuple[str, str]:
    mail = read(*args, **headers)
    return mail.kind, mail.withhold_receipt


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, ("message", "")),
        ({"Auto_Submitted": "no"}, ("message", "")),
        ({"Auto_Submitted": "No ; x=y"}, ("message", "")),
        ({"Auto_Submitted": "auto-replied"}, ("auto_reply", "auto-submitted")),
        ({"Auto_Submitted": "auto-generated"}, ("automatic", "auto-submitted")),
        ({"Auto_Submitted": 'auto-notified; owner-email="a@example.org"'}, ("automatic", "auto-submitted")),
        ({"Auto_Submitted": "auto-generated (failure)"}, ("automatic", "auto-submitted")),
        ({"Precedence": "bulk"}, ("message", "")),
        ({"Precedence": "bulk", "From": "nagios@example.org"}, ("automatic", "precedence-bulk")),
        (
            {"Precedence": "bulk", "text": "Läs i webbläsaren: https://example.org"},
            ("automatic", "precedence-bulk"),
        ),
        ({"Precedence": "auto_reply"}, ("auto_reply", "precedence-auto-reply")),
        ({"Precedence": "list", "List_Id": "<x.example.org>"}, ("list", "precedence-list")),
        (
            {"List_Id": "<x.example.org>", "List_Unsubscribe": "<https://example.org/u>"},
            ("newsletter", "list-id"),
        ),
        ({"List_Unsubscribe": "<https://example.org/u>"}, ("message", "")),
        (
            {"List_Unsubscribe": "<x>", "text": "Hej! Rea i dag.\n\nAvregistrera dig: https://example.org/u"},
            ("newsletter", "list-unsubscribe"),
        ),
        ({"List_Unsubscribe": "<x>", "From": "nyhetsbrev@example.org"}, ("newsletter", "list-unsubscribe")),
        ({"Feedback_ID": "1:2:3"}, ("message", "")),
        ({"Feedback_ID": "1:2:3", "X_Campaign": "c"}, ("newsletter", "feedback-id")),
        ({"List_Id": "<bolaget.crm.example.org>"}, ("message", "")),
        ({"List_Id": "<byalag.example.org>", "Cc": "byalag@example.org"}, ("list", "list-id")),
        ({"List_Id": "<byalag.example.org>", "Subject": "Re: [byalag] Vägen"}, ("list", "list-id")),
        ({"X_List_Administrivia": "yes", "X_BeenThere": "a@example.org"}, ("automatic", "x-beenthere")),
        ({"Return_Path": "<>", "In_Reply_To": "<a@b>"}, ("auto_reply", "null-sender")),
        ({"X_Cron_Env": "<SHELL=/bin/sh>"}, ("automatic", "automatic")),
        ({"X_Auto_Response_Suppress": "All"}, ("message", "x-auto-response-suppress")),
        ({"X_Auto_Response_Suppress": "DR, OOF, AutoReply"}, ("message", "x-auto-response-suppress")),
        ({"X_Auto_Response_Suppress": "DR, RN, NRN"}, ("message", "")),
        ({"X_Autoreply": "yes"}, ("auto_reply", "x-autoreply")),
        ({"X_Loop": "kontakt@example.com"}, ("message", "x-loop")),
        ({"From": "noreply@example.org"}, ("automatic", "automatic")),
        ({"From": "noreply@example.org", "Reply_To": "anna@example.org"}, ("message", "")),
        ({"From": "anna@example.org", "Reply_To": "noreply@example.org"}, ("message", "")),
        ({"From": None}, ("message", "no-address")),
        ({"Return_Path": "<>"}, ("automatic", "null-sender")),
        ({"Return_Path": "<anna@example.org>"}, ("message", "")),
        ({"envelope_from": ""}, ("automatic", "null-sender")),
        ({"envelope_from": "anna@example.org", "Return_Path": "<>"}, ("message", "")),
        ({"From": "postmaster@example.org", "Subject": "Fråga om er server"}, ("automatic", "automatic")),
        ({"Content_Type": "text/calendar; method=REPLY"}, ("calendar_reply", "calendar-reply")),
        ({"Content_Type": "text/calendar; method=REQUEST"}, ("message", "")),
        ({"X_Boxbe": "1"}, ("challenge", "challenge")),
        ({"Subject": "Please confirm your message", "In_Reply_To": "<a@b>"}, ("challenge", "challenge")),
    ],
)
def test_headers_tell_the_kind_and_why_no_receipt_may_go_out(headers, expected):
    assert judge(**headers) == expected


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Autosvar: Din fråga", "Jag är på semester till den 5 augusti."),
        ("Automatiskt svar: Din fråga", "Hej"),
        ("Frånvarande", "Hej! Jag är inte på kontoret. Vid brådskande ärenden ring växeln."),
        ("Automatic reply: Question", "I am out."),
        ("Out of Office: Question", "I am out."),
        ("Automaattinen vastaus: Kysymys", "Olen lomalla."),
        ("Poissa", "Olen lomalla 5.8. asti."),
        ("Abwesenheitsnotiz", "Ich bin im Urlaub."),
        ("Automatische Antwort: Frage", "Ich bin nicht da."),
        ("Réponse automatique : Question", "Je suis absent."),
        ("Respuesta automática: Pregunta", "Estoy fuera."),
        ("Automatisch antwoord: Vraag", "Ik ben er niet."),
        ("Automatisk svar: Spørgsmål", "Jeg er på ferie."),
        ("Odpowiedź automatyczna: Pytanie", "Jestem na urlopie."),
        ("رد تلقائي: سؤال", "أنا في إجازة"),
        ("Re: Din fråga", "Hej, jag är på semester. Jag är tillbaka den 5 augusti."),
        ("Din fråga", "Detta är ett automatiskt svar. Vi har tagit emot ditt meddelande."),
    ],
)
def test_an_absence_notice_without_any_header_is_an_automatic_answer(subject, text):
    assert judge(text, Subject=subject) == ("auto_reply", "auto-reply")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Frånvarande i skolan", "Min son är sjuk i dag och kommer inte till skolan."),
        ("Poissa koulusta", "Tyttäreni on sairas."),
        (
            "Re: Autosvar: Din fråga",
            "Tack, då väntar jag.\n\nDen 3 nov. 2026 kl. 08:13 skrev Eva <eva@example.org>:\n> Jag är på semester",
        ),
        ("Ledig tomt", "Finns det någon ledig tomt vid sjön?"),
        ("Re: Tid för möte", "Jag är ledig på tisdag, passar det?"),
        ("Semester", "Hur söker man semester hos er? Jag ska börja som vikarie."),
        ("Automatisk dörröppnare", "Dörröppnaren vid biblioteket är trasig."),
        ("Out of order", "The toilet in the park is out of order."),
        ("Delivery failed", "The home delivery of food to my mother failed today, she got no lunch."),
        (
            "Undelivered Mail Returned to Sender",
            "Varför får jag detta?\n\n<kontakt@example.com>: 550 5.1.1 User unknown",
        ),
    ],
)
def test_a_person_is_not_taken_for_a_machine(subject, text):
    assert judge(text, Subject=subject) == ("message", "")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("noreply@example.org", True), ("no-reply@example.org", True), ("No_Reply+x@example.org", True), ("donotreply@example.org", True),
        ("do-not-reply@example.org", True), ("faktura-noreply@example.org", True), ("svara-inte@example.org", True), ("ei-vastausta@example.org", True),
        ("mailer-daemon@example.org", True), ("MAILER-DAEMON", True), ("postmaster@example.org", True), ("bounces+1@example.org", True),
        ("lista-bounces@example.org", True), ("owner-lista@example.org", True), ("nobody@example.org", True), ("anna@example.org", False),
        ("reply@example.org", False), ("noah.reply@example.org", False), ("info@noreply.example.org", False), ("norea.plym@example.org", False),
        ("", False),
    ],
)  # fmt: skip
def test_robots_are_known_by_their_address(address, expected):
    assert is_robot(address) == expected


DAEMON = {
    "From": "Mail Delivery System <MAILER-DAEMON@example.net>",
    "Subject": "Mail delivery failed: returning message to sender",
}


@pytest.mark.parametrize(
    ("headers", "text", "kind", "bounce"),
    [
        (DAEMON, "A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error.\n\n  borta@example.org\n    host mx.example.org [192.0.2.1]: 550 5.1.1 unknown user\n", "bounce", Bounce(recipient="borta@example.org", status="5.1.1", permanent=True)),
        ({**DAEMON, "X_Failed_Recipients": "full@example.org"}, "mailbox is full: retry timeout exceeded", "bounce",
         Bounce(recipient="full@example.org", status="", permanent=False)),
        ({"From": "postmaster@example.net", "Subject": "Undeliverable: Svar"}, "Your message to borta@example.org couldn't be delivered.\n\n#550 5.4.1 rejected", "bounce",
         Bounce(recipient="borta@example.org", status="5.4.1", permanent=True)),
        ({"From": "postmaster@example.net", "Subject": "Olevererbart: Svar"}, "Meddelandet kunde inte levereras till:\n\nborta@example.org\n", "bounce",
         Bounce(recipient="borta@example.org", status="", permanent=True)),
        ({"From": "Mailer-Daemon@example.net", "Subject": "Warning: message 1abc-00 delayed 24 hours"}, "The address to which the message has not yet been delivered is:\n\n  trog@example.org\n",
         "delayed", Bounce(recipient="trog@example.org", status="", permanent=False)),
        ({"From": "MAILER-DAEMON", "Subject": "Returned mail: see transcript for details"},
         "   ----- The following addresses had permanent fatal errors -----\n<borta@example.org>\n    (reason: 553 5.3.0 no such user)\n", "bounce",
         Bounce(recipient="borta@example.org", status="5.3.0", permanent=True)),
    ],
)  # fmt: skip
def test_a_failure_in_a_servers_own_words_is_a_bounce(headers, text, kind, bounce):
    mail = read(text, **headers)
    assert (mail.kind, mail.bounce) == (kind, bounce)


def report(
    fields: str,
    *,
    top: str = "multipart/report; report-type=delivery-status",
    sender: str = "MAILER-DAEMON@example.net",
):
    raw = (
        f"From: {sender}\r\nTo: kontakt@example.com\r\nSubject: x\r\nContent-Type: {top}; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n{fields}\r\n--b--\r\n"
    )
    mail = read_mail(raw.encode())
    return mail.kind, mail.bounce


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("Final-Recipient: rfc822; a@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n", ("bounce", Bounce(recipient="a@example.org", status="5.1.1", permanent=True))),
        ("Final-Recipient: rfc822;<a@example.org>\r\nAction: Failed\r\nStatus: 4.4.7 (expired)\r\n", ("bounce", Bounce(recipient="a@example.org", status="4.4.7", permanent=True))),
        ("Original-Recipient: rfc822;a@example.org\r\nAction: failed\r\nDiagnostic-Code: smtp; 550 5.7.1 no\r\n", ("bounce", Bounce(recipient="a@example.org", status="5.7.1", permanent=True))),
        ("Final-Recipient: rfc822; a@example.org\r\nAction: failed\r\nStatus: 4.2.2\r\n", ("bounce", Bounce(recipient="a@example.org", status="4.2.2", permanent=False))),
        ("Final-Recipient: rfc822; a+b=c@example.org\r\nAction: failed (gone)\r\nStatus: 5.1.1\r\n", ("bounce", Bounce(recipient="a+b=c@example.org", status="5.1.1", permanent=True))),
        ('Final-Recipient: rfc822; "a b"@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n', ("bounce", Bounce(recipient='"a b"@example.org', status="5.1.1", permanent=True))),
        ("Final-Recipient: x400; /C=SE/\r\nOriginal-Recipient: rfc822;a@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n", ("bounce", Bounce(recipient="a@example.org", status="5.1.1", permanent=True))),
        ("Final-Recipient: rfc822; a\r\nAction: failed\r\nDiagnostic-Code: smtp; 550 <a@example.org>: gone\r\n", ("bounce", Bounce(recipient="a@example.org", status="", permanent=True))),
        ("Final-Recipient: rfc822; a@example.org\r\nAction: relayed\r\nStatus: 2.0.0\r\n", ("automatic", None)),
        ("Final-Recipient: rfc822; b@example.org\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\nFinal-Recipient: rfc822; a@example.org\r\nAction: failed\r\nStatus: 5.2.1\r\n",
         ("bounce", Bounce(recipient="a@example.org", status="5.2.1", permanent=True))),
        ("Final-Recipient: rfc822; a@example.org\r\nAction: delayed\r\nStatus: 4.2.0\r\n", ("delayed", Bounce(recipient="a@example.org", status="4.2.0", permanent=False))),
    ],
)  # fmt: skip
def test_a_delivery_report_tells_who_was_not_reached_and_for_how_long(fields, expected):
    assert report(fields) == expected


def test_a_person_who_sends_a_report_on_is_a_person():
    fields = "Final-Recipient: rfc822; a@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    assert report(fields, top="multipart/mixed", sender="anna@example.org") == ("message", None)


def test_an_abuse_report_is_known():
    raw = b"From: abuse@example.net\r\nSubject: FW: x\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n--b--\r\n"
    assert read_mail(raw).kind == "feedback_report"

"""Who was not reached, told in the words of many servers, and never ourselves by mistake."""

import pytest

from normalizer.email.mail import read_mail
from normalizer.kinds.failed_address import address_of_field, find_failed_address
from normalizer.messages import Bounce

OURS = "kontakt@example.com"
LOST = "borta@example.org"
RETURNED = (
    f"Return-Path: <{OURS}>\nFrom: Staden <{OURS}>\nTo: <{LOST}>\nSubject: Svar\n\nHej. <staff@example.com>\n"
)


def read(
    text: str, *, sender: str = "MAILER-DAEMON@example.net", subject: str = "Undelivered mail", head: str = ""
):
    raw = f"From: {sender}\nTo: {OURS}\nSubject: {subject}\n{head}\n{text}"
    return read_mail(raw.replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    "text",
    [
        f"<{LOST}>:\n192.0.2.1 does not like recipient.\n\n--- Below this line is a copy of the message.\n\n{RETURNED}",
        f"Your message from {OURS} to {LOST} could not be delivered.",
        f"The following message could not be delivered:\n\nFrom: {OURS}\nTo: {LOST}\nSubject: x\n\nReason: user unknown",
        f"Failed to deliver to <{LOST}>; sender was <{OURS}>",
        f"收件人邮件地址({LOST})不存在，邮件无法送达。",
        f"If you need help, contact helpdesk@example.net.\nYour mail to {LOST} was refused.",
        f"Session Transcript:\n--> MAIL From:<{OURS}>\n<-- 250 2.1.0 OK\n--> RCPT To:<{LOST}>\n<-- 550 5.1.1 No such user",
        f"The user is not known here.\n\n--- The header of the original message is following. ---\n\n{RETURNED}",
        f"A message from <{OURS}> to:\n-> {LOST}\n\nDelivery of the email was stopped!",
        f"Final-Recipient: rfc822; {LOST}\nAction: failed\nStatus: 5.1.1\n",
    ],
)
def test_the_address_that_failed_is_found_and_is_never_ours(text):
    mail = read(text)
    assert (mail.kind, mail.bounce and mail.bounce.recipient, mail.bounce and mail.bounce.permanent) == (
        "bounce", LOST, True,
    )  # fmt: skip


def test_a_transcript_that_begins_with_success_is_judged_by_its_failure():
    mail = read(f"<-- 250 2.1.0 Sender ok\n--> RCPT TO:<{LOST}>\n<-- 452 4.2.2 mailbox full")
    assert mail.bounce == Bounce(recipient=LOST, status="4.2.2", permanent=False)


def test_who_wrote_to_himself_may_be_the_one_who_was_not_reached():
    assert find_failed_address([f"<{OURS}>: unknown"], own=frozenset({OURS}), written_to=[OURS]) == OURS


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Successful Mail Delivery Report", f"<{LOST}>: delivery via local: delivered to maildir"),
        (
            "Relayed: Svar",
            f"Delivery to these recipients is complete, but no delivery notification was sent:\n{LOST}",
        ),
    ],
)
def test_a_report_of_success_is_no_bounce(subject, text):
    mail = read(text, subject=subject)
    assert (mail.kind, mail.bounce) == ("automatic", None)


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("anna@example.org", "Re: Rejected application", f"Why was it rejected?\n\n-----Original Message-----\nFrom: {OURS}\nTo: anna@example.org\n\nIt was rejected."),
        ("anna@example.org", "Undeliverable: Ansökan", "Detta får jag.\n\nmiljo@example.com\n550 5.1.1 user unknown"),
        ("anna@example.org", "Delivery failed", "The food was not delivered to my mother, anna@example.org."),
        ("noreply@example.org", "Leveransbesked", "Ditt paket är på väg."),
    ],
)  # fmt: skip
def test_people_and_parcels_that_speak_of_delivery_are_no_bounces(sender, subject, text):
    assert read(text, sender=sender, subject=subject).bounce is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("rfc822; a@example.org", "a@example.org"), ("RFC822;<a@example.org>", "a@example.org"), ("utf-8; åsa@example.org", "åsa@example.org"),
        ("rfc822; a@[192.0.2.1]", "a@[192.0.2.1]"), ("rfc822; root@localhost", "root@localhost"), ("rfc822; o'b@example.org (O)", "o'b@example.org"),
        ("x400; /C=SE/", ""), ("LOCAL; anna", ""), ("rfc822;", ""), ("a@example.org", "a@example.org"), ('rfc822; "a b"@example.org', '"a b"@example.org'),
    ],
)  # fmt: skip
def test_the_address_of_a_field_is_read_whole(value, expected):
    assert address_of_field(value) == expected


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Αποτυχία παράδοσης", f"Το μήνυμά σας προς {LOST} δεν παραδόθηκε.", ("bounce", True)),
        ("Gửi thư thất bại", f"Thư gửi tới {LOST} không thể phân phối.", ("bounce", True)),
        ("ส่งอีเมลไม่สำเร็จ", f"ไม่สามารถส่งอีเมลถึง {LOST} ได้", ("bounce", True)),
        ("عدم تحویل پیام", f"پیام شما به {LOST} تحویل داده نشد.", ("bounce", True)),
        ("Message non remis", f"La boîte de {LOST} est saturée.", ("bounce", False)),
        ("Zwrot wiadomości", f"Skrzynka {LOST} jest przepełniona.", ("bounce", False)),
        ("Entrega aplazada", f"Su mensaje para {LOST} aún no se ha entregado.", ("delayed", False)),
        ("Remise différée", f"Votre message à {LOST} n'a pas encore été remis.", ("delayed", False)),
        ("邮件投递延迟", f"您发送给{LOST}的邮件暂时无法投递,系统将继续尝试。", ("delayed", False)),
    ],
)
def test_a_server_that_tells_in_another_language_is_understood(subject, text, expected):
    mail = read(text, sender="postmaster@mail.example.net", subject=subject)
    assert (mail.kind, mail.bounce and mail.bounce.permanent) == expected
    assert mail.bounce is not None
    assert mail.bounce.recipient == LOST


@pytest.mark.parametrize(
    ("text", "permanent"),
    [
        (f"Vi kunde tyvärr inte lämna ditt brev till {LOST}. Kontot är avslutat.", True),
        (f"Viestiäsi ei voitu välittää vastaanottajalle {LOST}, koska postilaatikon tila on lopussa.", False),
        (f"Ihre E-Mail an {LOST} wurde abgelehnt. Grund: Speicherplatz des Empfängers erschöpft.", False),
        (f"받는 사람: {LOST}\n실패 사유: 수신자의 메일함 용량 초과", False),
        (f"Jūsu ziņojumu adresātam {LOST} nevarēja piegādāt. Adrese neeksistē.", True),
    ],
)
def test_a_daemon_that_says_no_of_an_address_has_failed_and_no_space_left_passes(text, permanent):
    mail = read(text, sender="postmaster@example.net", subject="x")
    assert (mail.kind, mail.bounce) == ("bounce", Bounce(recipient=LOST, status="", permanent=permanent))

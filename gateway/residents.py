"""Residents who do not exist, and what their programs send: for the demo. Pure but for names drawn by lot."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from normalizer.messages import RawMessage

NAMES = (
    "Anna Berg",
    "Aino Niemi",
    "Karim Haddad",
    "Leila Nur",
    "Erik Holm",
    "Maja Sand",
    "Omar Aziz",
    "Eeva Salo",
)

# Numbers that Post- och telestyrelsen keeps for books and films: nobody has them.
NUMBERS = tuple(f"+467017406{number:02d}" for number in range(5, 98))


@dataclass(frozen=True, kw_only=True, slots=True)
class Resident:
    """Somebody who does not exist."""

    name: str
    mail: str
    number: str = ""
    chat: int = 0
    # of Telegram
    contact: str = ""
    # of the chat on our pages


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """The letter of ours that a mail answers."""

    message_id: str
    subject: str


def write_mail(
    resident: Resident,
    city: str,
    text: str,
    subject: str,
    at: datetime,
    *,
    answered: Answered | None = None,
    headers: Mapping[str, str] | None = None,
) -> RawMessage:
    """A mail as the SMTP port takes it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{resident.name} <{resident.mail}>"
    mail["To"] = city
    # A line break would begin another header.
    mail["Subject"] = " ".join((answered.subject if answered else subject).split()) or "Hej"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{secrets.token_hex(12)}@example.com>"
    if answered:
        mail["In-Reply-To"] = mail["References"] = f"<{answered.message_id}>"
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text, cte="8bit")
    return RawMessage(
        channel="email",
        received_at=at,
        body=bytes(mail),
        envelope_from=resident.mail,
        envelope_to=(city,),
    )


def write_post(
    channel: str, fields: Mapping[str, str], headers: Mapping[str, str], at: datetime
) -> RawMessage:
    """A multipart post (RFC 7578), as a browser sends it."""
    boundary = f"----kvitto{secrets.token_hex(12)}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return RawMessage(
        channel=channel,
        received_at=at,
        body=("".join(parts) + f"--{boundary}--\r\n").encode(),
        headers={"content-type": f"multipart/form-data; boundary={boundary}", **headers},
    )


def break_charset(raw: RawMessage) -> RawMessage:
    """The same mail from a program that says UTF-8 and writes Windows-1252."""
    head, _, body = raw.body.partition(b"\r\n\r\n")
    broken = body.decode().encode("windows-1252", "replace")
    return RawMessage(
        channel=raw.channel,
        received_at=raw.received_at,
        body=head + b"\r\n\r\n" + broken,
        envelope_from=raw.envelope_from,
        envelope_to=raw.envelope_to,
    )


def write_bounce(letter: Any, city: str, at: datetime) -> RawMessage:
    """What a mail server sends back when nobody has the receipt's address (RFC 3464)."""
    local, _, domain = city.rpartition("@")
    back = f"{local}+{letter.id}@{domain}"
    boundary = f"b{secrets.token_hex(8)}"
    body = f"""From: MAILER-DAEMON@mail.example.com
To: {back}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(at)}
Message-ID: <{secrets.token_hex(12)}@mail.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset=us-ascii

The mail could not be delivered: <{letter.recipient}> does not exist here.

--{boundary}
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; {letter.recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--{boundary}
Content-Type: text/rfc822-headers

Message-ID: <{letter.message_id}>
To: {letter.recipient}

--{boundary}--
"""
    return RawMessage(
        channel="email",
        received_at=at,
        body=body.replace("\n", "\r\n").encode(),
        envelope_from="",
        envelope_to=(back,),
    )

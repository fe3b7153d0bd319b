"""One e-mail as a plain record, for looking at and for comparing: `kvitto normalize`."""

from typing import Any

from normalizer.email.mail import Mail, read_mail
from normalizer.messages import Address
from normalizer.normalize import find_language


def mail_record(body: bytes) -> dict[str, Any]:
    """Everything understood of a raw mail, ready for JSON. Never raises."""
    mail = read_mail(body)
    return {
        "file": "",
        "from": _address(mail.sender) if mail.sender else {"address": "", "name": mail.sender_name},
        "to": [_address(address) for address in mail.to],
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "date": mail.date.isoformat() if mail.date else None,
        "kind": mail.kind,
        "may_auto_reply": not mail.withhold_receipt,
        "text": mail.text,
        "reply_text": mail.new_text,
        "language": find_language(mail.subject, mail.new_text or mail.text),
        "attachments": [
            {"filename": file.filename, "content_type": file.content_type, "size": file.size}
            for file in mail.attachments
        ],
        "bounce": _bounce(mail),
        "error": mail.trouble or None,
    }


def _address(address: Address) -> dict[str, str]:
    return {"address": address.value, "name": address.name}


def _bounce(mail: Mail) -> dict[str, Any] | None:
    if mail.bounce is None:
        return None
    return {
        "recipient": mail.bounce.recipient,
        "status": mail.bounce.status,
        "permanent": mail.bounce.permanent,
    }

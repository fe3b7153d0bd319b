"""Delivery failures: RFC 3464 reports, and the many servers that tell in their own words."""

import re

from normalizer.bounce_words import DELAYED, FAILED_BODIES, FAILED_SUBJECTS, GIVEN_UP, TRANSIENT
from normalizer.headers import Headers, read_headers
from normalizer.letter import fold
from normalizer.messages import Bounce
from normalizer.mime import Part

MAX_RECIPIENTS = 200
_MAX_LINES = 200
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY_CODE = re.compile(r"(?<![\d.:-])([45])\d\d(?=[ -]|\Z)")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:=]+@[^\s<>()\[\]\"',;:=]+\.[A-Za-z0-9-]+")
# Whole line is an address, perhaps in brackets, perhaps with an error after a colon (qmail, Exim, Postfix)
_RECIPIENT_LINE = re.compile(
    r"\s*+(?:to:\s*)?[<\"']?([^\s<>()\"',;:]+@[^\s<>()\"',;:]+?)[>\"']?(?:\s*+\([^()]*+\))?\s*+(?::.*)?",
    re.IGNORECASE,
)


def read_report(root: Part) -> tuple[str, Bounce] | None:
    """What an RFC 3464 report says: the action and the recipient it concerns most. None without a report.

    Only a report at the top counts: one inside an attached mail is something a person sent on.
    """
    # Not only the children: a scanner on the way may have wrapped the report. Attached mails are leaves here.
    status = next((part for part in root.walk() if part.content_type in _STATUS_TYPES), None)
    if status is None:
        return None
    best: tuple[int, str, Bounce] | None = None
    for fields in _read_groups(status.content()):
        found = _read_recipient(fields)
        if found and (best is None or found[0] > best[0]):
            best = found
    return (best[1], best[2]) if best else None


_STATUS_TYPES = frozenset(("message/delivery-status", "message/global-delivery-status"))
_WEIGHT = {"failed": 3, "delayed": 2}


def _read_groups(content: bytes) -> list[Headers]:
    """RFC 3464 section 2.1: fields of the message, a blank line, fields of each recipient."""
    groups: list[Headers] = []
    position = 0
    while position < len(content) and len(groups) < MAX_RECIPIENTS:
        headers, after = read_headers(content, position, len(content), top=position == 0)
        groups.append(headers)
        position = max(after, position + 1)
    return groups


def _read_recipient(fields: Headers) -> tuple[int, str, Bounce] | None:
    final = _address_of(fields.text("final-recipient"))
    recipient = final or _address_of(fields.text("original-recipient"))
    action = fields.text("action").partition(" ")[0].lower()
    if not recipient and not action:
        return None
    diagnostic = fields.text("diagnostic-code")[:2000]
    declared = _STATUS.search(fields.text("status"))
    status = declared[1] if declared else _find_status(diagnostic)
    if not action:
        action = "delivered" if status.startswith("2") else "delayed" if status.startswith("4") else "failed"
    permanent = action == "failed" and not status.startswith("4")
    if action == "failed" and not status:
        code = _REPLY_CODE.search(diagnostic)
        permanent = code is None or code[1] == "5"
    return _WEIGHT.get(action, 1), action, Bounce(recipient=recipient, status=status, permanent=permanent)


def _address_of(value: str) -> str:
    """The address in "rfc822; anna@example.org"; "" for other address types and for none."""
    found = _ADDRESS.search(value.partition(";")[2] or value)
    return found[0].strip("<>.") if found else ""


def _find_status(text: str) -> str:
    found = _STATUS.search(text)
    return found[1] if found else ""


def recognise_failure(
    headers: Headers, *, subject: str, text: str, from_daemon: bool, returns_mail: bool
) -> tuple[str, Bounce] | None:
    """A failure told in a server's own words.

    `from_daemon`: it came from a mail system, not from a person. `returns_mail`: with the mail that failed,
    which says enough in a language that we hold no words of.
    """
    failed_to = headers.text("x-failed-recipients")
    if not from_daemon and not failed_to:
        return None
    lines = text.split("\n", _MAX_LINES)[:_MAX_LINES]
    head = "\n".join(line[:500] for line in _before_original(lines))
    title, told = fold(subject), fold(head)
    is_delay = _says(DELAYED, title)
    if not (
        failed_to or is_delay or returns_mail or _says(FAILED_SUBJECTS, title) or _says(FAILED_BODIES, told)
    ):
        return None
    is_delay = is_delay or (_says(DELAYED, told) and not _says(GIVEN_UP, told))
    status = _find_status(head)
    recipient = _address_of(failed_to) or _find_recipient(head.split("\n"))
    if is_delay and not status.startswith("5"):
        return "delayed", Bounce(recipient=recipient, status=status, permanent=False)
    code = _REPLY_CODE.search(head)
    if status:
        permanent = status.startswith("5")
    elif code:
        permanent = code[1] == "5"
    else:
        permanent = not _says(TRANSIENT, told)
    return "failed", Bounce(recipient=recipient, status=status, permanent=permanent)


def _says(phrases: tuple[str, ...], text: str) -> bool:
    return any(phrase in text for phrase in phrases)


_ORIGINAL = re.compile(
    r"[-_= ]{2,}.{0,40}(?:copy of (?:the|your) (?:message|mail)|original (?:message|mail)|returned message|message headers|below this line)"
    r"|(?:received: from|return-path:|dkim-signature:)",
    re.IGNORECASE,
)


def _before_original(lines: list[str]) -> list[str]:
    """The report without the returned mail below it."""
    for index, line in enumerate(lines):
        if index and _ORIGINAL.match(line[:200].lstrip()):
            return lines[:index]
    return lines


def _find_recipient(lines: list[str]) -> str:
    """The address on a line of its own, else the first that is no mail system's."""
    for line in lines:
        found = _RECIPIENT_LINE.fullmatch(line) if "@" in line else None
        if found:
            return found[1].strip("<>.")
    for line in lines:
        for address in _ADDRESS.findall(line) if "@" in line else ():
            if not str(address).lower().startswith(("postmaster@", "mailer-daemon@", "abuse@", "support@")):
                return str(address).strip("<>.")
    return ""

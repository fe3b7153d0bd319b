"""Delivery failures: RFC 3464 reports, and the many servers that tell in their own words."""

import re

from normalizer.email.headers import Headers, read_headers
from normalizer.email.mime import Part
from normalizer.kinds.bounce_words import (
    DELAYED,
    DELIVER,
    FAILED,
    FAILED_BODIES,
    FAILED_SUBJECTS,
    GIVEN_UP,
    SPACE,
    SUCCEEDED,
    SUCCEEDED_SUBJECTS,
    TRANSIENT,
    USED_UP,
    YET,
)
from normalizer.kinds.failed_address import (
    ADDRESS,
    MAX_LINES,
    address_of_field,
    addresses_of,
    before_original,
    find_failed_address,
    find_original,
    own_addresses,
)
from normalizer.kinds.letter import fold
from normalizer.messages import Bounce

MAX_RECIPIENTS = 200
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_FAILURE_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY_CODE = re.compile(r"(?<![\d.:-])([45])\d\d(?=[ :,;.-]|\Z)(?!\.\d)")
_MAILER_DAEMON = re.compile(r"(?:\A|<)\s*+(?:mailer|mail)[._-]?daemon(?:@|\s*\Z)", re.IGNORECASE)
_STATUS_TYPES = frozenset(("message/delivery-status", "message/global-delivery-status"))
_WEIGHT = {"failed": 3, "delayed": 2}
_EXPIRED = "4.4.7"
# RFC 3463 section 3.5, "delivery time expired": the class says later may help, but the server tries no more
_SENTENCE = re.compile(r"[.!?;\u3002\uff01\u061f](?:\s|\Z)")
_FIELDS_IN_TEXT = re.compile(
    r"^[ \t>]{0,8}+(?:final|original)-recipient[ \t]*+:", re.IGNORECASE | re.MULTILINE
)


def read_report(root: Part, text: str) -> tuple[str, Bounce] | None:
    """What an RFC 3464 report says: the action and the recipient it concerns most. None without a report.

    `text`: what the mail says beside it. A report inside an attached mail is something a person sent on.
    """
    # Not only the children: a scanner on the way may have wrapped the report. Attached mails are leaves here.
    status = next((part for part in root.walk() if part.content_type in _STATUS_TYPES), None)
    content = status.content() if status is not None else _fields_in_text(text)
    best: tuple[int, str, Bounce] | None = None
    for fields in _read_groups(content):
        found = _read_recipient(fields)
        if found and (best is None or found[0] > best[0]):
            best = found
    if best is None:
        return None
    _, action, bounce = best
    if not bounce.recipient and action in _WEIGHT:
        bounce = Bounce(
            recipient=_told_recipient(root, text), status=bounce.status, permanent=bounce.permanent
        )
    return action, bounce


def _fields_in_text(text: str) -> bytes:
    """The fields of a report that was sent, or made on the way, as plain text."""
    found = _FIELDS_IN_TEXT.search(text, 0, 50_000)
    if found is None:
        return b""
    lines = [line.lstrip(" \t>") for line in text[found.start() :].split("\n", MAX_LINES)[:MAX_LINES]]
    return "\n".join(lines).encode("utf-8", "replace")


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
    diagnostic = fields.text("diagnostic-code")[:2000]
    names = ("final-recipient", "original-recipient", "x-actual-recipient")
    recipient = next((found for name in names if (found := address_of_field(fields.text(name)))), "")
    action = fields.text("action").lower().partition(" ")[0].partition("(")[0].strip(" ;,.")
    if not action and not any(fields.has(name) for name in names):
        return None
    if not recipient and (inside := ADDRESS.search(diagnostic)):
        recipient = inside[0]
    declared = _STATUS.search(fields.text("status"))
    status = declared[1] if declared else _find_status(diagnostic)
    if not action:
        action = "delivered" if status.startswith("2") else "delayed" if status.startswith("4") else "failed"
    permanent = action == "failed" and (not status.startswith("4") or status == _EXPIRED)
    if action == "failed" and not status:
        code = _REPLY_CODE.search(diagnostic)
        permanent = code is None or code[1] == "5"
    return _WEIGHT.get(action, 1), action, Bounce(recipient=recipient, status=status, permanent=permanent)


def _find_status(text: str) -> str:
    found = _FAILURE_STATUS.search(text)
    return found[1] if found else ""


def _told_recipient(root: Part, text: str) -> str:
    lines = text.split("\n", MAX_LINES)[:MAX_LINES]
    end = before_original(lines)
    original = find_original(root, lines[end:])
    return find_failed_address(
        lines[:end],
        own=own_addresses(root.headers, original),
        written_to=addresses_of(original, ("x-failed-recipients", "to", "cc", "delivered-to")),
    )


def recognise_failure(
    root: Part,
    *,
    subject: str,
    text: str,
    from_daemon: bool,
    from_machine: bool,
    returns_mail: bool,
    is_answer: bool,
) -> tuple[str, Bounce] | None:
    """A failure told in a server's own words.

    `from_daemon`: it came from a mail system, not from a person; `from_machine`: from an address that nobody
    reads, which must say more to be believed. `returns_mail`: with the mail that failed, which says enough in a
    language that we hold no words of. `is_answer`: the subject has a reply or forward mark, as people's have.
    """
    failed_to = root.headers.text("x-failed-recipients")
    title = fold(subject)
    is_mailer_daemon = _MAILER_DAEMON.search(root.headers.text("from")[:500]) is not None
    is_delay = _says(DELAYED, title)
    named = _says(FAILED_SUBJECTS, title)
    if not (from_daemon or from_machine or failed_to or (named and not is_answer)):
        return None
    lines = text.split("\n", MAX_LINES)[:MAX_LINES]
    end = before_original(lines)
    head = "\n".join(line[:500] for line in lines[:end])
    told = fold(head)
    said = _says(FAILED_BODIES, told)
    if from_daemon and not (named or said):
        said = _says_not_delivered(title) or _says_not_delivered(told)
    if not (from_daemon or from_machine or failed_to or _returns_ours(root, lines[end:])):
        return None
    status = _find_status(head)
    if not status and (title.startswith(SUCCEEDED_SUBJECTS) or (_says(SUCCEEDED, told) and not said)):
        return None
    tells = (is_delay or named or said or returns_mail) if from_daemon else (named and said)
    # A mail daemon writes of nothing else: an address that is not ours is enough, in any language.
    if not (failed_to or tells or (is_mailer_daemon and _told_recipient(root, text))):
        return None
    is_delay = is_delay or ((_says(DELAYED, told) or _says(YET, told)) and not _says(GIVEN_UP, told))
    recipient = address_of_field(failed_to.partition(",")[0]) or _told_recipient(root, text)
    if is_delay and not status.startswith("5"):
        return "delayed", Bounce(recipient=recipient, status=status, permanent=False)
    code = _REPLY_CODE.search(head)
    if status:
        permanent = status.startswith("5") or status == _EXPIRED
    elif code:
        permanent = code[1] == "5"
    else:
        permanent = not _may_recover(told)
    return "failed", Bounce(recipient=recipient, status=status, permanent=permanent)


def _returns_ours(root: Part, lines: list[str]) -> bool:
    """Whether the mail that came back is one that the receiver of this report had written."""
    written_by = addresses_of(find_original(root, lines), ("from",)) if lines else []
    return bool(written_by) and written_by[0] in addresses_of(root.headers, ("to",))


def _says_not_delivered(text: str) -> bool:
    """A word of failure beside one of sending or an address, where we hold no set phrase of the language."""
    return any(
        ("@" in sentence or _says(DELIVER, sentence)) and _says(FAILED, sentence)
        for sentence in _SENTENCE.split(text)
    )


def _may_recover(text: str) -> bool:
    """Whether it gives a reason that passes: a full mailbox ("no space left", in any words), a server that is busy."""
    if _says(TRANSIENT, text):
        return True
    return any(_says(SPACE, sentence) and _says(USED_UP, sentence) for sentence in _SENTENCE.split(text))


def _says(phrases: tuple[str, ...], text: str) -> bool:
    return any(map(text.__contains__, phrases))

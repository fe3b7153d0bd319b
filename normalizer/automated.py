"""Did a person write this, and may a receipt go out? RFC 3834, its neighbours, and the machines that know neither."""

import re
from dataclasses import dataclass

from normalizer.answers import MARKED_REPLY, is_automatic_answer, is_challenge, is_read_receipt
from normalizer.automated_words import AUTOMATIC_SUBJECTS
from normalizer.bounce import read_report, recognise_failure
from normalizer.feedback import is_feedback_report
from normalizer.letter import Letter
from normalizer.lists import LIST_HEADERS, find_bulk
from normalizer.messages import Bounce, Kind

_ROBOT = re.compile(
    r"(?:.*[._+-])?(?:no|do|dont|donot|not|never)[._-]?(?:not)?[._-]?(?:reply|respond|answer)(?:[._+-].*|s|\d*)"
    r"|(?:svara|besvara)[._-]?(?:inte|ej|ikke)|ej[._-]?svar.*|inget?[._-]?svar.*|ikke[._-]?svar.*|svar[._-]?ikke|ei[._-]?vasta.*|alavastaa"
    r"|(?:bitte[._-]?)?nicht[._-]?antworten|keine[._-]?antwort|ne[._-]?pas[._-]?repondre|no[._-]?responder|non[._-]?rispondere|nie[._-]?odpowiadaj"
    r"|mailer[._-]?daemon|postmaster|mail[._-]?daemon|mdaemon|nobody|devnull|null|daemon"
    r"|bounces?(?:[._+=-].*)?|.*-bounces?(?:[+=].*)?|owner-.*|.*-owner|.*-request|listserv|majordomo|mailman|auto(?:matic|mated)?[._-]?(?:reply|responder|mailer)"
)
_DAEMON = re.compile(
    r"mailer[._-]?daemon.*|postmaster|mail[._-]?daemon|mdaemon|microsoftexchange.*|mail[._-]?delivery.*|.*bounces?(?:[+=].*)?"
)
_DAEMON_NAME = re.compile(
    r"mail delivery (?:sub)?system|mail system|mailer-daemon|postmaster|system administrator|microsoft outlook|systemadministrat"
)
_SUPPRESSES = frozenset(("all", "autoreply", "oof"))
_BULK = frozenset(("bulk", "junk", "list"))
_SILENT_HEADERS = LIST_HEADERS | MARKED_REPLY | {"list-id", "list-unsubscribe", "x-loop", "feedback-id"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    kind: Kind = "message"
    withhold_receipt: str = ""
    bounce: Bounce | None = None


def is_robot(address: str) -> bool:
    """Whether nobody reads what is sent to this address."""
    local = address.rpartition("@")[0].lower() or address.lower()
    return _ROBOT.fullmatch(local[:100]) is not None


def judge(letter: Letter) -> Judgement:
    """Kind of mail, why no receipt may go out, and what a bounce tells."""
    kind, bounce = _find_kind(letter)
    return Judgement(kind=kind, withhold_receipt=_find_reason(letter, kind), bounce=bounce)


def _find_kind(letter: Letter) -> tuple[Kind, Bounce | None]:
    reported = _find_report(letter)
    if reported:
        return reported
    failure = recognise_failure(
        letter.headers,
        subject=letter.subject,
        text=letter.text,
        from_daemon=_is_from_daemon(letter),
        returns_mail=_returns_mail(letter),
    )
    if failure:
        return ("delayed" if failure[0] == "delayed" else "bounce"), failure[1]
    if letter.calendar_method in {"REPLY", "COUNTER"}:
        return "calendar_reply", None
    if is_challenge(letter):
        return "challenge", None
    if is_read_receipt(letter):
        return "read_receipt", None
    bulk = find_bulk(letter.headers)
    if is_automatic_answer(letter, bulk=bulk is not None):
        return "auto_reply", None
    if bulk:
        return bulk, None
    return ("automatic" if _is_machine(letter) else "message"), None


def _find_report(letter: Letter) -> tuple[Kind, Bounce | None] | None:
    """multipart/report and its parts (RFC 6522). A person's mail with a report in it is not one."""
    root = letter.root
    if is_feedback_report(letter):
        return "feedback_report", None
    types = {root.content_type, *(child.content_type for child in root.children)}
    if (
        "message/disposition-notification" in types
        or root.parameters.get("report-type", "").lower() == "disposition-notification"
    ):
        return "read_receipt", None
    if root.content_type != "multipart/report" and not (letter.null_sender or _is_from_daemon(letter)):
        return None
    report = read_report(root)
    if report is None:
        return None
    action, bounce = report
    if action == "failed":
        return "bounce", bounce
    return ("delayed", bounce) if action == "delayed" else ("automatic", None)


def _returns_mail(letter: Letter) -> bool:
    if letter.headers.has("x-ms-exchange-message-is-ndr"):
        return True
    return any(
        part.content_type in {"message/rfc822", "text/rfc822-headers"} for part in letter.root.children
    )


def _is_from_daemon(letter: Letter) -> bool:
    if letter.sender is None:
        return letter.null_sender
    local = letter.sender.value.rpartition("@")[0].lower() or letter.sender.value.lower()
    if _DAEMON.fullmatch(local[:100]):
        return True
    if not letter.null_sender:
        return False
    if _DAEMON_NAME.search(letter.sender.name.lower()):
        return True
    # Absence notices come from nobody as well.
    return not letter.is_reply and not letter.subject.lower().startswith(AUTOMATIC_SUBJECTS)


def _is_machine(letter: Letter) -> bool:
    headers = letter.headers
    if letter.submitted not in {"", "no"}:
        return True
    if letter.submitted == "no":
        return False
    if headers.text("precedence").lower() in {"bulk", "junk"} or letter.null_sender:
        return True
    # A form's mail comes from no-reply@ with the resident in Reply-To: a person all the same.
    return letter.sender is not None and is_robot(letter.sender.value) and not _human_reply_to(letter)


def _human_reply_to(letter: Letter) -> bool:
    return any("@" in address.value and not is_robot(address.value) for address in letter.reply_to)


def _find_reason(letter: Letter, kind: Kind) -> str:
    """Why no receipt may go out, in a word or two; "" when it may."""
    headers = letter.headers
    if letter.null_sender:
        return "null-sender"  # RFC 3834 section 2: never answer the null return path
    if letter.submitted not in {"", "no"}:
        return "auto-submitted"
    precedence = headers.text("precedence").lower()
    if precedence in _BULK or precedence == "auto_reply":
        return f"precedence-{precedence.replace('_', '-')}"
    if headers.has_any(_SILENT_HEADERS):
        return next(name for name in headers.fields if name in _SILENT_HEADERS)
    suppressed = {word.strip().lower() for word in headers.text("x-auto-response-suppress").split(",")}
    # MS-OXCMAIL 2.2.3.2.14: DR, RN and their like ask for silence of servers, not of automatic answers
    if suppressed & _SUPPRESSES:
        return "x-auto-response-suppress"
    if kind != "message":
        return kind.replace("_", "-")
    usable = [
        address
        for address in (*letter.reply_to, letter.sender)
        if address is not None and "@" in address.value
    ]
    if not usable:
        return "no-address"
    return "" if any(not is_robot(address.value) for address in usable) else "no-reply"

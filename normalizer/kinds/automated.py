"""Did a person write this, and may a receipt go out? RFC 3834, its neighbours, and the machines that know neither."""

import re
from dataclasses import dataclass

from normalizer.email.mime import Part
from normalizer.kinds.acknowledgement import is_acknowledgement
from normalizer.kinds.answers import is_automatic_answer, is_challenge, is_read_receipt
from normalizer.kinds.automated_headers import MARKED_REPLY, is_from_helpdesk, is_from_service
from normalizer.kinds.automated_words import AUTOMATIC_SUBJECTS
from normalizer.kinds.bounce import read_report, recognise_failure
from normalizer.kinds.feedback import is_feedback_report
from normalizer.kinds.letter import Letter
from normalizer.kinds.lists import LIST_HEADERS, find_bulk, is_weak_mark
from normalizer.kinds.personal import is_personal
from normalizer.messages import Bounce, Kind
from normalizer.replies.quotes import split_subject

_ROBOT = re.compile(
    r"(?:.*[._+-])?(?:no|do|dont|donot|not|never)[._-]?(?:not)?[._-]?(?:reply|respond|answer)(?:[._+-].*|s|\d*)"
    r"|(?:svara|besvara)[._-]?(?:inte|ej|ikke)|ej[._-]?svar.*|inget?[._-]?svar.*|ikke[._-]?svar.*|svar[._-]?ikke|ei[._-]?vasta.*|alavastaa"
    r"|(?:bitte[._-]?)?nicht[._-]?antworten|keine[._-]?antwort|ne[._-]?pas[._-]?repondre|no[._-]?responder|non[._-]?rispondere|nie[._-]?odpowiadaj"
    r"|mailer[._-]?daemon|postmaster|mail[._-]?daemon|mdaemon|nobody|devnull|null|daemon"
    r"|bounces?(?:[._+=-].*)?|.*-bounces?(?:[+=].*)?|owner-.*|.*-owner|.*-request|listserv|majordomo|mailman|auto(?:matic|mated)?[._-]?(?:reply|responder|mailer)"
)
_DAEMON = re.compile(
    r"mailer[._-]?daemon.*|postmaster|mail[._-]?daemon|mdaemon|daemon|microsoftexchange.*|mail[._-]?delivery.*|.*bounces?(?:[+=].*)?"
)
_DAEMON_NAME = re.compile(
    r"mail delivery (?:sub)?system|mail system|mailer-daemon|postmaster|system administrator|microsoft outlook|systemadministrat"
)
_OPAQUE = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_READ_RECEIPTS = frozenset(("message/disposition-notification", "message/global-disposition-notification"))
_TLS_REPORTS = frozenset(("application/tlsrpt+gzip", "application/tlsrpt+json"))
_AGGREGATE_NAME = re.compile(r"[^!/\s]+![^!/\s]+!\d+!\d+(?:![^!/\s]+)?\.(?:xml|zip|json)(?:\.gz)?")
_MACHINE_LOCAL = re.compile(
    r"(?:.*[._-])?(?:mta|mail[._-]?(?:admin|system|server|gateway|filter|security)|smtp|antispam|anti-spam|spam[._-]?filter|quarantine|system|exchange|administrator|root|cron|daemon|nagios|icinga|zabbix|logwatch)(?:[._-].*|\d*)"
)
_SUPPRESSES = frozenset(("all", "autoreply"))
_BULK = frozenset(("bulk", "junk", "list", "auto_reply"))
_SILENT_HEADERS = LIST_HEADERS | MARKED_REPLY | {"list-id", "list-unsubscribe", "x-loop", "feedback-id"}
_ACCIDENTS = frozenset(("list-id", "list-unsubscribe", "feedback-id"))


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
    letter = letter.without_quotations()
    kind, bounce = _find_kind(letter)
    return Judgement(kind=kind, withhold_receipt=_find_reason(letter, kind), bounce=bounce)


def _find_kind(letter: Letter) -> tuple[Kind, Bounce | None]:
    reported = _find_report(letter)
    if reported:
        return reported
    failure = recognise_failure(
        letter.root,
        subject=letter.subject,
        text=letter.text,
        from_daemon=_is_from_daemon(letter),
        from_machine=_is_from_machine(letter),
        returns_mail=_returns_mail(letter),
        is_answer=bool(split_subject(letter.subject)[0]),
    )
    if failure:
        return ("delayed" if failure[0] == "delayed" else "bounce"), failure[1]
    if letter.calendar_method in {"REPLY", "COUNTER"}:
        return "calendar_reply", None
    if letter.headers.text("x-list-administrivia").lower() == "yes":
        return "automatic", None  # Mailman about our own message: held, refused, welcome
    if is_challenge(letter):
        return "challenge", None
    if is_read_receipt(letter):
        return "read_receipt", None
    bulk = find_bulk(letter.headers)
    if is_automatic_answer(letter, bulk=bulk is not None):
        return "auto_reply", None
    if bulk:
        return ("message" if is_weak_mark(letter.headers) and is_personal(letter) else bulk), None
    if letter.submitted != "no" and not _human_reply_to(letter) and is_acknowledgement(letter):
        return "auto_reply", None
    return _tell_machine(letter), None


def _tell_machine(letter: Letter) -> Kind:
    if letter.null_sender and letter.is_reply:
        return "auto_reply"  # RFC 3834 section 3.3: what answers from nobody is an automatic answer
    if not _is_machine(letter):
        return "message"
    if is_from_service(letter.headers):
        return "automatic"
    # People answer through ticket systems too, and some gateways mark everything as bulk.
    only_bulk = letter.headers.text("precedence").lower() in {"bulk", "junk"} or is_from_helpdesk(
        letter.headers
    )
    return "message" if only_bulk and is_personal(letter) else "automatic"


def _find_report(letter: Letter) -> tuple[Kind, Bounce | None] | None:
    """multipart/report and its parts (RFC 6522). A person's mail with a report in it is not one."""
    root = letter.root
    if is_feedback_report(letter):
        return "feedback_report", None
    if _holds_read_receipt(root):
        return "read_receipt", None
    if _is_aggregate_report(letter):
        return "automatic", None
    if not (
        any(part.content_type == "multipart/report" for part in root.walk())
        or letter.null_sender
        or _is_from_daemon(letter)
    ):
        return None
    report = read_report(root, letter.text)
    if report is None:
        return None
    action, bounce = report
    if action == "failed":
        return "bounce", bounce
    return ("delayed", bounce) if action == "delayed" else ("automatic", None)


def _holds_read_receipt(root: Part) -> bool:
    """RFC 8098, also below the multipart that a list or a scanner put around it; RFC 2634 section 2.7."""
    if root.content_type in _OPAQUE and root.parameters.get("smime-type", "").lower() == "signed-receipt":
        return True
    for part in root.walk():
        in_report = part.parameters.get("report-type", "").lower() == "disposition-notification"
        if in_report or (part.content_type in _READ_RECEIPTS and part.disposition != "attachment"):
            return True
    return False


def _is_aggregate_report(letter: Letter) -> bool:
    """What receivers send about a domain once a day: DMARC (RFC 7489 section 7.2.1.1) and TLS (RFC 8460)."""
    title = letter.title
    if letter.asks or not (
        "report domain" in title or "dmarc" in title or "tls" in title or not letter.new_text.strip()
    ):
        return False  # somebody sends one on
    return any(
        part.content_type in _TLS_REPORTS or _AGGREGATE_NAME.fullmatch(part.filename.lower()[:400])
        for part in letter.root.walk()
    )


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


def _is_from_machine(letter: Letter) -> bool:
    """Whether the sender's address alone may be a mail system's: what it says must show that it is."""
    if letter.sender is None or (letter.is_reply and letter.asks):
        return False
    address = letter.sender.value.lower()
    return is_robot(address) or _MACHINE_LOCAL.fullmatch(address.rpartition("@")[0][:100]) is not None


def _is_machine(letter: Letter) -> bool:
    headers = letter.headers
    if letter.submitted not in {"", "no"}:
        return True
    if letter.submitted == "no":
        return False
    if (
        headers.text("precedence").lower() in {"bulk", "junk"}
        or letter.null_sender
        or is_from_service(headers)
        or is_from_helpdesk(headers)
    ):
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
    bulk, silent = precedence.replace("-", "_") in _BULK, headers.has_any(_SILENT_HEADERS)
    by_accident = (bulk or silent) and kind == "message" and is_weak_mark(headers) and is_personal(letter)
    if bulk and not by_accident:
        return f"precedence-{precedence.replace('_', '-')}"
    if silent and (not by_accident or headers.has_any(_SILENT_HEADERS - _ACCIDENTS)):
        return next(
            name
            for name in headers.fields
            if name in _SILENT_HEADERS and not (by_accident and name in _ACCIDENTS)
        )
    suppressed = {word.strip().lower() for word in headers.text("x-auto-response-suppress").split(",")}
    # MS-OXCMAIL 2.2.3.2.14: DR, RN and their like ask for silence of servers, OOF for no absence notice
    if suppressed & _SUPPRESSES:
        return "x-auto-response-suppress"
    if is_from_helpdesk(headers):
        return "helpdesk"
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

"""Delivery failures: RFC 3464 reports, and the many servers that tell in their own words."""

import re

from normalizer.headers import Headers, read_headers
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
_SUBJECT = re.compile(
    r"undeliver(?:able|ed)|not deliver|delivery (?:status|failure|has failed|failed|problem|error)|failed delivery|fail(?:ed|ure) (?:notice|to deliver)"
    r"|mail delivery|mail system error|returned (?:mail|to sender)|message (?:not|could not be) delivered|non.?delivery|delivery notification"
    r"|could not (?:be )?deliver|rejected|bounce|kunde inte levereras|inte levereras|går inte att leverera|kan inte levereras|olevererba|obeställba"
    r"|leveransfel|misslyckad leverans|ei voi(?:da|tu) toimittaa|toimitus epäonnistui|toimittamatta|epäonnistu|perille"
    r"|unzustellbar|nicht zugestellt|zustellung|fehlgeschlagen|onbestelbaar|niet bezorgd|niet afgeleverd|non remis|échec de (?:la )?remise|non distribu"
    r"|no se (?:puede|pudo) entregar|no entregado|devuelto|non recapitabile|mancato recapito|consegna|niedostarczon|nie można dostarczyć|zwrot"
    r"|não (?:é possível entregar|entregue)|falha na entrega|kan ikke leveres|uleverbar|kunne ikke leveres|ikke levert|не доставлен|недоставлен|не удается доставить"
    r"|配信不能|未送达|退信|未傳遞|تعذر",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"could not be delivered|couldn't be delivered|wasn't able to deliver|unable to deliver|was not delivered|delivery (?:to|has) .{0,80}failed"
    r"|undeliverable|permanent(?:ly)? (?:error|fatal|fail)|did not reach|i'm not going to try again|this is a permanent error|user unknown"
    r"|unknown user|mailbox (?:is )?(?:full|unavailable|not found)|no such user|address not found|recipient(?:'s)? .{0,40}(?:rejected|not found)"
    r"|kunde inte levereras|gick inte att leverera|kunde inte hittas|ei voitu toimittaa|konnte nicht zugestellt|n'a pas pu être remis"
    r"|no se pudo entregar|kunne ikke leveres|kon niet worden (?:bezorgd|afgeleverd)|nie mogła zostać dostarczona|не может быть доставлено",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"delayed|delay notification|still (?:being )?(?:trying|retried)|warning: (?:could not send|message)|will (?:continue to|be) (?:try|retried|retry)"
    r"|has not (?:yet )?been delivered yet|not yet been delivered|no need to resend|do not need to resend|försenad|fördröj|viivästy|verzöger|vertraagd"
    r"|retardé|retrasad|forsinket|in ritardo|opóźnion|atrasad|задерж",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"given up|giving up|could not be delivered for more than|permanent|will not (?:be )?retr", re.IGNORECASE
)
_TRANSIENT = re.compile(
    r"mailbox (?:is )?full|over quota|quota exceeded|fullt|try again later|temporar", re.IGNORECASE
)


def read_report(root: Part) -> tuple[str, Bounce] | None:
    """What an RFC 3464 report says: the action and the recipient it concerns most. None without a report.

    Only a report at the top counts: one inside an attached mail is something a person sent on.
    """
    status = next((part for part in root.children if part.content_type in _STATUS_TYPES), None)
    if root.content_type in _STATUS_TYPES:
        status = root
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
    headers: Headers, *, subject: str, text: str, from_daemon: bool
) -> tuple[str, Bounce] | None:
    """A failure told in a server's own words. `from_daemon`: it came from a mail system, not from a person."""
    failed_to = headers.text("x-failed-recipients")
    if not from_daemon and not failed_to:
        return None
    lines = text.split("\n", _MAX_LINES)[:_MAX_LINES]
    head = "\n".join(line[:500] for line in _before_original(lines))
    says_subject = _SUBJECT.search(subject) is not None
    says_body = _BODY.search(head) is not None
    is_delay = _DELAY.search(subject) is not None
    if not (says_subject or says_body or failed_to or is_delay):
        return None
    is_delay = is_delay or (_DELAY.search(head) is not None and not _GIVEN_UP.search(head))
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
        permanent = _TRANSIENT.search(head) is None
    return "failed", Bounce(recipient=recipient, status=status, permanent=permanent)


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

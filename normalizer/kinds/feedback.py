"""Abuse reports: what a provider sends when somebody presses "this is spam" (RFC 5965, and its elders)."""

import re

from normalizer.email.headers import read_headers
from normalizer.kinds.letter import Letter

_SUBJECT = re.compile(
    r"complaint about message from|email feedback report for ip|abuse report|spam report|\[arf\]|feedback loop|email abuse report"
)
_SENDER = re.compile(
    r"(?:staff|abuse|complaints?|feedback.*|fbl.*|.*fbl|arf.*|jmrp.*|postmaster|spam.*|no-?reply.*)@"
)
_FIELD = re.compile(r"^feedback-type:[ \t]{0,8}[a-z-]{3,20}[ \t]{0,8}$", re.IGNORECASE | re.MULTILINE)
_OTHER_FIELD = re.compile(
    r"^(?:user-agent|version|source-ip|original-mail-from|original-rcpt-to|reported-domain|arrival-date|incidents):",
    re.IGNORECASE | re.MULTILINE,
)
_SPAMCOP = re.compile(r"\[spamcop \(|\[abusix\]|\[x-?arf\]")
_READ = 20_000
# characters


def is_feedback_report(letter: Letter) -> bool:
    root = letter.root
    children = {child.content_type for child in root.children}
    if "message/feedback-report" in children or root.content_type == "message/feedback-report":
        return True
    if root.headers.has("x-xarf") or root.headers.has("x-arf"):
        return True  # X-ARF, the form that European providers use
    if root.parameters.get("report-type", "").lower() == "feedback-report":
        return True
    if _SPAMCOP.match(letter.title) or _is_written_out(letter):
        return True
    whole = (root,) if root.content_type == "message/rfc822" else ()
    if not whole and "message/rfc822" not in children:
        return False
    # Microsoft's JMRP: a bare attached mail, marked with whom it had reached.
    for child in (*root.children, *whole):
        if child.content_type == "message/rfc822":
            headers, _ = read_headers(child.raw, child.start, child.end, top=True)
            if headers.has("x-hmxmroriginalrecipient"):
                return True
    sender = letter.sender.value.lower() if letter.sender else ""
    return _SUBJECT.match(letter.subject.lower()) is not None and _SENDER.match(sender) is not None


def _is_written_out(letter: Letter) -> bool:
    """The fields of RFC 5965 as plain text, from an address that sends such reports: a gateway flattened it."""
    if letter.asks:
        return False
    text = letter.text[:_READ]
    if _FIELD.search(text) is None or _OTHER_FIELD.search(text) is None:
        return False
    sender = letter.sender.value.lower() if letter.sender else ""
    return letter.null_sender or _SENDER.match(sender) is not None

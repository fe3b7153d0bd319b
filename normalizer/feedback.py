"""Abuse reports: what a provider sends when somebody presses "this is spam" (RFC 5965, and its elders)."""

import re

from normalizer.headers import read_headers
from normalizer.letter import Letter

_SUBJECT = re.compile(
    r"complaint about message from|email feedback report for ip|abuse report|spam report|\[arf\]|feedback loop|email abuse report"
)
_SENDER = re.compile(
    r"(?:staff|abuse|complaints?|feedback.*|fbl.*|.*fbl|arf.*|jmrp.*|postmaster|spam.*|no-?reply.*)@"
)


def is_feedback_report(letter: Letter) -> bool:
    root = letter.root
    children = {child.content_type for child in root.children}
    if "message/feedback-report" in children or root.content_type == "message/feedback-report":
        return True
    if root.parameters.get("report-type", "").lower() == "feedback-report":
        return True
    if "message/rfc822" not in children:
        return False
    # Microsoft's JMRP: a bare attached mail, marked with whom it had reached.
    for child in root.children:
        if child.content_type == "message/rfc822":
            headers, _ = read_headers(child.raw, child.start, child.end, top=True)
            if headers.has("x-hmxmroriginalrecipient"):
                return True
    sender = letter.sender.value.lower() if letter.sender else ""
    return _SUBJECT.match(letter.subject.lower()) is not None and _SENDER.match(sender) is not None

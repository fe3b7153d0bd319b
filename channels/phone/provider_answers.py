"""What a provider's answer means for what is owed: one table of words, whatever the provider calls it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from channels.base import PermanentSendError, TemporarySendError

LONGEST_WAIT = 3600.0
"""Seconds: however long a provider asks us to wait, so soon we ask again."""


class OtherProviderMay(PermanentSendError):
    """The one that was asked will never take it. Another one may."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What a provider answered."""

    status: int
    text: str
    retry_after: float | None = None


def read_retry_after(value: str) -> float | None:
    """Seconds to wait (RFC 9110 section 10.2.3), at most an hour; None when it is not said."""
    if value.isdecimal() and value.isascii():
        return min(float(value[:9]), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max((at - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_WAIT)


def refuse(reply: Reply, code: str, words: Mapping[str, str]) -> None:
    """Raise what an answer other than success means. `words` are the provider's codes, each with one of OUTCOMES."""
    word = words.get(code, "")
    if not word and reply.status in _BY_STATUS:
        word = _BY_STATUS[reply.status]
    if not word:
        word = "away" if reply.status >= 500 else "refused" if reply.status >= 400 else "nonsense"
    detail = f"{word}: {reply.status}{f' {code}' if code else ''}"
    kind = OUTCOMES[word]
    if kind == "temporary":
        raise TemporarySendError(detail, retry_after=reply.retry_after)
    raise (OtherProviderMay if kind == "elsewhere" else PermanentSendError)(detail)


_BY_STATUS = {
    401: "login",
    402: "credit",
    403: "forbidden",
    404: "login",
    408: "away",
    425: "away",
    429: "busy",
}

OUTCOMES: Mapping[str, str] = {
    # The provider, or our account with it: it is tried again, there and with the other provider.
    "away": "temporary",
    "busy": "temporary",
    "nonsense": "temporary",
    "login": "temporary",
    "credit": "temporary",
    "forbidden": "temporary",
    "account": "temporary",
    "unreachable": "temporary",
    # This provider does not take this message.
    "refused": "elsewhere",
    "filtered": "elsewhere",
    # The text, and nothing of the number.
    "text": "permanent",
    # The number, or the person: nobody's provider will.
    "invalid": "permanent",
    "landline": "permanent",
    "unknown": "permanent",
    "blocked": "permanent",
    "stopped": "permanent",
    "window": "permanent",
}
"""Our words for what a provider may say of a message, and what becomes of it."""

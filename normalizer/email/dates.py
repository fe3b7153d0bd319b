"""The Date header, as it should be and as it is (RFC 5322 section 3.3 and 4.3)."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january januari janv", "feb february februari fevr", "mar march mars mrz", "apr april avr", "may maj mai mei",
         "jun june juni juin", "jul july juli juil", "aug august augusti aout", "sep sept september", "oct okt october oktober",
         "nov november", "dec dez december des"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_USUAL = re.compile(
    r"(?:[^\d,]{1,20},?)?\s*+(\d{1,2})[\s.-]+([A-Za-zéû]{3,12})\.?[\s-]+(\d{2,4}),?\s+"
    r"(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d+)?(?:\s*+([AaPp])\.?[Mm]\b\.?)?"
    r"\s*+(?:(?:GMT|UTC?)(?=[+-]\d))?([+-]\d{1,2}:?\d{2}|[A-Za-z]{1,5})?"
)
# November 3, 2026 10:00 AM: a month before the day
_AMERICAN = re.compile(
    r"(?:[^\d,]{1,20},\s*+)?+([A-Za-z]{3,12})\.?\s++(\d{1,2}),?\s++(\d{4}),?(?:\s++at)?\s++(.*)"
)
# RFC 5322 section 4.3; any other letters say nothing and count as UTC
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "MET": 1,
          "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3}  # fmt: skip


def parse_date(value: str) -> datetime | None:
    """The moment in UTC, or None when the header tells none."""
    value = value.strip()[:200]
    if not value:
        return None
    try:
        return _parse(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _parse(value: str) -> datetime | None:
    american = _AMERICAN.match(value)
    if american:
        value = f"{american[2]} {american[1]} {american[3]} {american[4]}"
    usual = _USUAL.match(value)
    month = _MONTHS.get(usual[2].lower().replace("é", "e").replace("û", "u")) if usual else None
    if usual and month:
        year = int(usual[3])
        # RFC 5322 section 4.3: two digits below 50 are this century, three count from 1900
        year += (2000 if year < 50 else 1900) if len(usual[3]) < 4 else 0
        hour = int(usual[4])
        if usual[7] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if usual[7] in {"P", "p"} else 0)
        moment = datetime(
            year,
            month,
            int(usual[1]),
            hour,
            int(usual[5]),
            min(int(usual[6] or 0), 59),
            tzinfo=_zone(usual[8] or ""),
        )
        return moment.astimezone(UTC)
    parsed = parsedate_tz(value)
    if parsed:
        offset = timezone(timedelta(seconds=parsed[9] or 0))
        return datetime(*parsed[:6], tzinfo=offset).astimezone(UTC)
    moment = datetime.fromisoformat(value.replace(" +", "+").replace(" -", "-"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _zone(text: str) -> timezone:
    if text[:1] in {"+", "-"}:
        text = text.replace(":", "")
        minutes = int(text[1:-2]) * 60 + int(text[-2:])
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    return timezone(timedelta(hours=_ZONES.get(text.upper(), 0)))

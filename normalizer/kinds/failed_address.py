"""Whom a delivery failure concerns: an address found by what stands around it, never the one that wrote the mail."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re
from collections.abc import Iterable, Iterator

from normalizer.email.address import parse_addresses
from normalizer.email.headers import Headers, read_headers
from normalizer.email.mime import Part

MAX_LINES = 200
MAX_CANDIDATES = 100
_LINE = 600
# Letters of every script may stand before and after it without a blank (Chinese, Japanese), but not in it.
_ATOM = r"A-Za-z0-9.!#$%&'*+/=?^_`{|}~\u00c0-\u024f-"
ADDRESS = re.compile(
    rf"(?<![{_ATOM}@])[{_ATOM}]{{1,100}}+@(?:[A-Za-z0-9\u00c0-\u024f](?:[A-Za-z0-9\u00c0-\u024f.-]{{0,250}}[A-Za-z0-9\u00c0-\u024f])?)"
)
_ALONE = re.compile(r"[\s>*\u2022\u2192=-]{0,20}+(?:to: ?)?[<\"'(\[]{0,2}+", re.IGNORECASE)
_ENDS = re.compile(
    r"[>\"')\]]{0,2}+(?:\s*+\([^()]{0,200}+\))?\s*+(?:\Z|:|,|;|[45]\d\d\b|<mailto:|\[mailto:|on |- |\u2026|\.{3})"
)
_SENDER_BEFORE = re.compile(
    r"(?:\b(?:from|sender|by|van|von|från|fra|lähettäjä|expéditeur|remitente|mittente|remetente|nadawca|reply-to|return-path|contact|kontakta|kontakt|questions?)"
    r"|отправител[ья]|发件人|差出人|寄件者)[\s:\uff1a=<\"'-]{0,6}\Z",
    re.IGNORECASE,
)
_RECIPIENT_BEFORE = re.compile(
    r"(?:\b(?:to|rcpt to|for|user|users?|recipients?|recipient address|failed recipient|failed address|e-?mail address|address|addresses|mailbox|account|delivered|till"
    r"|mottagaren?|adressen?|vastaanottaja(?:lle)?|osoitteeseen|til|an|empfänger|adresse|aan|à|destinataire|para|destinatario|a|destinatário|do|adresata"
    r"|кому|получател[ьяю]|адрес[ау]?)|收件人|收件者|宛先|あて先|地址|받는 사람)[\s:\uff1a=<\"'\uff08(-]{0,6}\Z",
    re.IGNORECASE,
)
_REPLY = re.compile(r"(?<![\d.])[45]\d\d(?![\d.])|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_ROLES = ("postmaster@", "mailer-daemon@", "abuse@", "support@", "helpdesk@", "hostmaster@", "noreply@", "no-reply@", "mailerdaemon@")  # fmt: skip
_STARTS_ORIGINAL = re.compile(
    r"[-_=*+ ]{2,}.{0,60}(?:copy of (?:the|your) (?:message|mail|e-?mail)|original (?:message|mail)|returned message|message headers?"
    r"|below this line|unsent message|header of the|header and top|headers? follow|message follows|message header)"
    r"|(?:possibly truncated )?original message (?:follows|headers)|below is a copy of the original|message headers follow"
    r"|(?:received: (?:from|by)|return-path:|dkim-signature:)",
    re.IGNORECASE,
)
_OWN_HEADERS = ("from", "sender", "return-path", "reply-to", "errors-to")


def before_original(lines: list[str]) -> int:
    """How many lines the report itself has: below them stands the returned mail, or all of them."""
    return next(
        (
            index
            for index, line in enumerate(lines)
            if index and _STARTS_ORIGINAL.match(line[:200].lstrip(" \t>"))
        ),
        len(lines),
    )


def find_original(root: Part, lines: list[str]) -> Headers | None:
    """The header of the mail that came back: attached, or copied below the report."""
    for part in root.walk():
        if part.content_type in {
            "message/rfc822",
            "message/global",
            "text/rfc822-headers",
            "message/global-headers",
            "message/rfc822-headers",
        }:
            content = part.content()[:65_536]
            headers, _ = read_headers(content, 0, len(content), top=True)
            if headers.fields:
                return headers
    for index, line in enumerate(lines):
        if line.lstrip(" >").lower().startswith(("received:", "return-path:", "from:", "message-id:")):
            copied = "\n".join(line.removeprefix("> ") for line in lines[index : index + MAX_LINES])
            content = copied.encode("utf-8", "replace")
            return read_headers(content, 0, len(content), top=True)[0]
    return None


def addresses_of(headers: Headers | None, names: Iterable[str]) -> list[str]:
    """All addresses in these fields, in order, lower-case."""
    if headers is None:
        return []
    return [
        address.value.lower()
        for name in names
        for address in parse_addresses(headers.unfolded(name)[:10_000])
        if "@" in address.value
    ]


def own_addresses(report: Headers, original: Headers | None) -> frozenset[str]:
    """Ours: whoever gets the report, or wrote what came back."""
    return frozenset((*addresses_of(report, ("to", "delivered-to")), *addresses_of(original, _OWN_HEADERS)))


def find_failed_address(lines: list[str], *, own: frozenset[str], written_to: list[str]) -> str:
    """The address that was not reached; "" when none is told.

    `own`: taken only where nothing else is told and it stands where failed addresses stand: somebody may write
    to himself. `written_to`: the recipients of the returned mail, which name one if the report does not.
    """
    best, best_score = "", 0
    own_best, own_score = "", 3
    for score, address in _candidates(lines):
        known = address.lower()
        if known in own:
            if score > own_score:
                own_best, own_score = address, score
            continue
        weight = score + 3 * (known in written_to)
        if weight > best_score:
            best, best_score = address, weight
    others = [address for address in written_to if address not in own]
    return best or (others[0] if others else "") or own_best


def _candidates(lines: list[str]) -> Iterator[tuple[int, str]]:
    count = 0
    for whole in lines[:MAX_LINES]:
        if "@" not in whole:
            continue
        line = whole[:_LINE]
        for found in ADDRESS.finditer(line):
            count += 1
            if count > MAX_CANDIDATES:
                return
            yield _score(line, found.start(), found.end()), found[0].lstrip("'.=").rstrip(".")


def _score(line: str, start: int, end: int) -> int:
    """How much what stands around it says that this address failed."""
    before, after = line[:start], line[end:]
    score = 1
    if line[start:end].lower().startswith(_ROLES):
        score -= 4
    if _ALONE.fullmatch(before) and _ENDS.match(after):
        score += 6
    if _SENDER_BEFORE.search(before[-40:]):
        score -= 5
    elif _RECIPIENT_BEFORE.search(before[-40:]):
        score += 4
    if _REPLY.search(before[-120:]) or _REPLY.search(after[:200]):
        score += 2
    if before.endswith("mailto:") or before.rstrip().lower().endswith("message-id: <"):
        score -= 1
    return score


def address_of_field(value: str) -> str:
    """The address in "rfc822; anna@example.org" (RFC 3464 section 2.3.1); "" where it holds none."""
    kind, semicolon, rest = value.partition(";")
    if not semicolon:
        rest = value
    elif kind.strip().lower() in {"x400", "x-x400", "unknown"} and "@" not in rest:
        return ""
    rest = rest.strip()
    if rest[:1] == "<":
        rest = rest[1:].partition(">")[0]
    if rest[:1] != '"':
        rest = rest.split(maxsplit=1)[0] if rest else ""
    elif '"@' in rest:
        local, _, domain = rest.partition('"@')
        rest = f'{local}"@{domain.split(maxsplit=1)[0]}' if domain.strip() else ""
    rest = rest.strip("<>,;'\"") if rest[:1] != '"' else rest.rstrip("<>,;'")
    rest = rest.rstrip(".")
    return rest if "@" in rest.strip("@") and len(rest) < 400 else ""

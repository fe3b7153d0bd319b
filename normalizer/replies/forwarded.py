"""Whose message somebody forwards: the original sender, its subject, date and text.

Three ways: the mail is attached whole (message/rfc822), it was sent on as it was (Resent-From, RFC 5322 section
3.6.6), or the mail program wrote the old header above the old text. What is found is a proposal and no more: all
of it can be typed by hand.

Of forwards within forwards the outermost sender counts who is not the city's own. That is who wrote to the city;
what that person quotes or forwards in turn belongs to the message.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from normalizer.email.address import parse_addresses
from normalizer.email.charset import unfold
from normalizer.email.headers import read_headers
from normalizer.email.mail import Mail, read_mail
from normalizer.kinds.automated import is_robot
from normalizer.messages import Address, Forwarded
from normalizer.replies.attributions import is_attribution
from normalizer.replies.header_blocks import has_address, has_date, is_header_block, read_label
from normalizer.replies.quote_marks import is_forward_line, is_quoted
from normalizer.replies.quote_words import FORWARD_PREFIXES, FROM_LABELS, REPLY_PREFIXES
from normalizer.replies.quoted_dates import read_quoted_date
from normalizer.replies.quotes import split_subject
from normalizer.text import clean_line, drop_direction, trim

MAX_TEXT = 100_000
"""Characters of the original text that a proposal repeats. The message's own text has them all."""

MAX_LINES = 3000
"""Lines in which headers of older mails are looked for."""

MAX_DEPTH = 4
"""Mails attached to mails attached to mails."""

_MAX_BLOCKS = 12
_BLOCK_LINES = 20
_VALUE = 500
_HEAD = 65_536
# bytes of a mail in which Resent-From stands

Own = Callable[[str], bool]
"""Whether an address is one of the city's own people's."""

SUBJECT_LABELS = frozenset(
    ("subject", "ämne", "amne", "rubrik", "ärende", "emne", "aihe", "otsikko", "betreff", "onderwerp", "objet",
     "asunto", "assunto", "oggetto", "temat", "тема", "předmět", "predmet", "tárgy", "subiect", "efni", "teema",
     "temats", "tema", "konu", "θέμα", "الموضوع", "נושא", "موضوع", "主题", "主旨", "件名", "제목", "chủ đề", "assumpte",
     "gaia", "เรื่อง", "perihal", "subjek", "विषय", "zadeva", "предмет", "наслов")
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """The header of an older mail as it stands in a text."""

    sender: Address
    subject: str
    sent: str
    end: int
    # the first line below it
    depth: int
    # how many ">" stand before it


def find_forwarded(mail: Mail, own: Own, zone: tzinfo = UTC) -> Forwarded | None:
    """Whose message this mail of the city's own people hands on; None when it is no forward.

    `zone`: of the dates that a mail program wrote without one.
    """
    return _find(mail, own, zone, MAX_DEPTH)


def _find(mail: Mail, own: Own, zone: tzinfo, depth: int) -> Forwarded | None:
    prefix, bare = split_subject(mail.subject)
    lines = drop_direction(mail.text).split("\n", MAX_LINES)[:MAX_LINES]
    # VS is "answer" in Finnish and "forwarded" in Danish and Norwegian, where the label is "Fra".
    forwards = prefix in FORWARD_PREFIXES and (prefix != "vs" or _has_label(lines, "fra"))
    if prefix in REPLY_PREFIXES and not forwards:
        # What stands below an answer is what it answers.
        return None
    attached = _find_attached(mail, own, zone, depth)
    if attached is not None:
        return attached
    bare_lines = [_without_marks(line) for line in lines]
    if not (forwards or any(map(is_forward_line, bare_lines)) or not mail.references):
        return None
    block = _choose(_find_blocks(bare_lines, lines, bare.strip(), forwards=forwards), own)
    if block is None:
        return None
    below = drop_direction(mail.text).split("\n")[block.end :]
    return Forwarded(
        sender=block.sender,
        subject=block.subject or bare.strip(),
        sent_at=read_quoted_date(block.sent, zone),
        text=trim("\n".join(_lift(line, block.depth) for line in below))[:MAX_TEXT],
    )


def find_resender(body: bytes) -> Address | None:
    """Who sent this mail on as it was. The newest stands first (RFC 5322 section 3.6.6)."""
    head = body[:_HEAD]
    if b"resent-from" not in head.lower():
        return None
    headers, _ = read_headers(body, 0, len(body), top=True)
    found = (
        parse_addresses(unfold(headers.raw("resent-from"), headers.charset))
        if headers.has("resent-from")
        else ()
    )
    return next((address for address in found if "@" in address.value), None)


def describe_whole(mail: Mail) -> Forwarded | None:
    """A mail that is there whole, attached or sent on as it was, as a proposal: its From is its writer's."""
    if mail.sender is None or "@" not in mail.sender.value or is_robot(mail.sender.value):
        return None
    return Forwarded(
        sender=mail.sender,
        subject=mail.subject,
        sent_at=mail.date,
        text=mail.text[:MAX_TEXT],
        message_id=mail.message_id,
    )


def _find_attached(mail: Mail, own: Own, zone: tzinfo, depth: int) -> Forwarded | None:
    """Of several attached mails the first that is not from the city's own people."""
    if depth == 0:
        return None
    for file in mail.attachments:
        if file.content_type != "message/rfc822":
            continue
        inner = read_mail(file.content)
        outside = inner.sender is not None and not own(inner.sender.value)
        found = describe_whole(inner) if outside else _find(inner, own, zone, depth - 1)
        if found is not None:
            return found
    return None


def _choose(blocks: Sequence[_Block], own: Own) -> _Block | None:
    """The outermost sender outside. Without an address it is most likely a colleague, so others go first."""
    outside = [block for block in blocks if block.sender.value and not own(block.sender.value)]
    nameless = [block for block in blocks if not block.sender.value]
    chosen = next(iter(outside or nameless), None)
    # A bounce or a newsletter that somebody passes on is nobody's message.
    return None if chosen is not None and is_robot(chosen.sender.value) else chosen


def _find_blocks(lines: list[str], marked: list[str], subject: str, *, forwards: bool) -> list[_Block]:
    """The headers of older mails from the top down. `lines` are without ">" marks, `marked` with."""
    found: list[_Block] = []
    index, ruled = 0, False
    while index < len(lines) and len(found) < _MAX_BLOCKS:
        line = lines[index].strip()
        if not line:
            index += 1
            continue
        block = None
        if ruled or ":" in line or "\uff1a" in line or "\t" in line or line[0] == "|":
            depth = _count_marks(marked[index])
            if is_header_block(lines, index, ruled=ruled, subject=subject.lower()):
                block = _read_block(lines, index, subject, depth)
            elif (forwards or ruled) and has_address(line) and is_attribution(line[:400], marked=True):
                block = _read_attribution(line, index, depth)
        if block is not None:
            found.append(block)
            index = block.end
            ruled = False
            continue
        ruled = is_forward_line(line) or (len(line) >= 5 and not line.strip("-_=*\u2014\u2500 "))
        index += 1
    return found


def _read_block(lines: list[str], index: int, subject: str, depth: int) -> _Block | None:
    """The values of a header block that is known to begin here."""
    rows, end = _read_rows(lines, index)
    sender = next((value for label, value in rows if label in FROM_LABELS), None)
    if sender is None:
        # An unknown language: the sender stands first.
        sender = rows[0][1] if rows else ""
    address = _read_sender(sender)
    if address is None:
        return None
    return _Block(
        sender=address,
        subject=_find_subject(rows, subject),
        sent=next((value for _, value in rows[1:] if has_date(value)), ""),
        end=end,
        depth=depth,
    )


def _read_rows(lines: list[str], index: int) -> tuple[list[tuple[str, str]], int]:
    """Labels with their values, wrapped ones joined, and the first line below them."""
    rows: list[tuple[str, str]] = []
    end = index
    for place in range(index, min(index + _BLOCK_LINES, len(lines))):
        line = lines[place]
        if not line.strip():
            if rows and len(rows) > 1:
                break
            continue
        row = read_label(line)
        if (
            row is not None
            and rows
            and row[0] in FROM_LABELS
            and any(label in FROM_LABELS for label, _ in rows)
        ):
            # the next older mail
            break
        if row is not None:
            rows.append((row[0], row[1][:_VALUE]))
        elif rows:
            label, value = rows[-1]
            rows[-1] = (label, f"{value} {line.strip()}"[:_VALUE])
        end = place + 1
    return rows, end


def _find_subject(rows: Sequence[tuple[str, str]], subject: str) -> str:
    """The row that says what the forwarding mail's own subject says, else the one with such a label."""
    for _, value in rows[1:]:
        if subject and split_subject(value)[1].strip().lower() == subject.lower():
            return clean_line(value)
    return next((clean_line(value) for label, value in rows if label in SUBJECT_LABELS), "")


def _read_attribution(line: str, index: int, depth: int) -> _Block | None:
    """On 20 Nov 2026 at 08:13, Anna <anna@example.org> wrote: as the header of a forwarded mail."""
    words = [word.strip("<>()[]:,;\u202a\u202c") for word in line.split()]
    value = next((word for word in words if has_address(word)), "")
    found = parse_addresses(value)
    if not found:
        return None
    return _Block(sender=found[0], subject="", sent=line, end=index + 1, depth=depth)


def _read_sender(value: str) -> Address | None:
    """Anna Ek <anna@example.org>, Anna Ek [mailto:anna@example.org], "Anna Ek" or nothing but the address."""
    value = clean_line(value).strip("* ")
    if not value:
        return None
    # Old Outlook writes [mailto:...]; a link that became text stands twice.
    plain = (
        value.replace("[mailto:", "<")
        .replace("<mailto:", "<")
        .replace("]", ">" if "[mailto:" in value else "]")
    )
    found = [address for address in parse_addresses(plain) if has_address(address.value)]
    if found:
        name = found[0].name.partition("<")[0].strip(" \"'<>()[]")
        return Address(channel="email", value=found[0].value, name="" if "@" in name else name)
    if "@" in value:
        return None
    return Address(channel="email", value="", name=value[:200].strip("\"'"))


def _has_label(lines: Sequence[str], label: str) -> bool:
    return any((row := read_label(_without_marks(line))) and row[0] == label for line in lines if ":" in line)


def _without_marks(line: str) -> str:
    return line.lstrip("> ") if is_quoted(line) else line


def _count_marks(line: str) -> int:
    bare = line.lstrip("> ")
    return line[: len(line) - len(bare)].count(">") if is_quoted(line) else 0


def _lift(line: str, depth: int) -> str:
    """Without so many ">" marks."""
    for _ in range(depth):
        if not is_quoted(line):
            break
        line = line.lstrip()[1:].removeprefix(" ")
    return line

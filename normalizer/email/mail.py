"""From the raw bytes of an e-mail to everything that can be understood of it. Never raises, always bounded."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime

from normalizer.email.address import parse_addresses
from normalizer.email.bodies import Body, calendar_method, read_body
from normalizer.email.charset import decode_text
from normalizer.email.dates import parse_date
from normalizer.email.encrypted import LABEL, find_encryption
from normalizer.email.headers import Headers, squeeze
from normalizer.email.mime import Part, read_structure
from normalizer.email.second_form import find_marked_text, find_signed_text, leave_quoted_out, say_the_same
from normalizer.kinds.automated import is_robot, judge
from normalizer.kinds.letter import Letter
from normalizer.messages import Address, Attachment, Bounce, Kind
from normalizer.replies.quote_words import REPLY_PREFIXES
from normalizer.replies.quotes import find_new_text, split_subject
from normalizer.text import clean_line, clean_text, trim

MAX_SUBJECT = 2000
MAX_REFERENCES = 200
_MESSAGE_ID = re.compile(r"<\s*+([^<>\s]++(?:[ \t][^<>\s]++)*+)\s*+>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What one e-mail says. Ids are without angle brackets; texts hold no NUL and no lone surrogate."""

    sender: Address | None = None
    sender_name: str = ""
    # what From says where it holds no address: "From: Anna Ek"
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    answer_to: tuple[Address, ...] = ()
    # where an answer may go, best first: Reply-To, then the sender; never an address that nobody reads
    envelope_to: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    # nearest last
    date: datetime | None = None
    # in UTC; what the writer's clock said
    text: str = ""
    new_text: str = ""
    # "" when the mail holds nothing but quoted text
    attachments: tuple[Attachment, ...] = ()
    kind: Kind = "message"
    withhold_receipt: str = ""
    bounce: Bounce | None = None
    labels: tuple[str, ...] = ()
    # what staff should know before they read it: "encrypted: pgp-mime"
    digest: str = ""
    # the same for the same mail over any relays, different for different mails
    trouble: str = field(default="", compare=False)
    # the kind of error that kept us from understanding it; "" when all is well


def read_mail(body: bytes, *, envelope_from: str | None = None, envelope_to: tuple[str, ...] = ()) -> Mail:
    """Understand a raw mail. Whatever cannot be understood is left empty, never refused."""
    try:
        return _read(body, envelope_from, envelope_to)
    except Exception as error:  # noqa: BLE001 - invariant 1: no failure of ours may lose an accepted mail
        # Only the type: the text of an error may hold words of the mail.
        return Mail(
            digest=hashlib.sha256(body).hexdigest(),
            text=trim(clean_text(decode_text(body[:100_000]))),
            envelope_to=envelope_to,
            withhold_receipt="not-understood",
            trouble=type(error).__name__,
        )


def identify_mail(body: bytes) -> str:
    """The `digest` that `read_mail` would find, without reading the rest. Never raises."""
    try:
        return _digest(read_structure(body))
    except Exception:  # noqa: BLE001  # as in read_mail
        return hashlib.sha256(body).hexdigest()


def _read(raw: bytes, envelope_from: str | None, envelope_to: tuple[str, ...]) -> Mail:
    root = read_structure(raw)
    headers = root.headers
    digest = _digest(root)
    sender = _find_sender(headers, envelope_from)
    reply_to = parse_addresses(headers.unfolded("reply-to"))
    subject = headers.text("subject")[:MAX_SUBJECT]
    in_reply_to = _read_ids(headers.unfolded("in-reply-to"))
    references = _read_references(headers, in_reply_to)
    method = calendar_method(root)
    body = read_body(root)
    text = trim(body.text)
    encryption = find_encryption(root, text)
    new_text = _find_new_text(body, text, subject, is_reply=bool(references))
    judgement = judge(
        Letter(
            root=root, sender=sender, reply_to=reply_to, subject=subject, text=text, new_text=new_text,
            null_sender=_is_null_sender(headers, envelope_from), is_reply=bool(references), calendar_method=method,
        )
    )  # fmt: skip
    return Mail(
        sender=sender,
        sender_name=sender.name if sender else _find_name(headers),
        reply_to=reply_to,
        to=parse_addresses(headers.unfolded("to")),
        cc=parse_addresses(headers.unfolded("cc")),
        answer_to=_find_answer_to(sender, reply_to),
        envelope_to=envelope_to,
        subject=subject,
        message_id=_first(_read_ids(headers.unfolded("message-id"))),
        in_reply_to=_first(in_reply_to),
        references=references,
        date=parse_date(headers.text("date")),
        text=text,
        new_text=new_text,
        attachments=tuple(body.attachments),
        kind=judgement.kind,
        withhold_receipt=judgement.withhold_receipt,
        bounce=judgement.bounce,
        labels=(LABEL + encryption,) if encryption else (),
        digest=digest,
    )


def _find_new_text(body: Body, text: str, subject: str, *, is_reply: bool) -> str:
    new_text = find_new_text(
        body.text, subject=subject, is_reply=is_reply,
        quoted_from=body.quoted_from, quoted_until=body.quoted_until, signatures=body.signatures,
    )  # fmt: skip
    answers = is_reply or split_subject(subject)[0] in REPLY_PREFIXES
    # Where the plain form was taken apart already, the other can still tell of a signature.
    marked = None
    compared = text
    if answers and new_text and body.html is not None:
        if new_text == text:
            marked = find_marked_text(body.html.text())
        else:
            above = text.startswith(new_text)
            if above and text[len(new_text) :].lstrip().startswith("--\n"):
                # The signature was found already.
                return new_text
            compared = new_text if above else text
            marked = find_signed_text(body.html.text(), above=above)
    if marked is None:
        return new_text
    other = find_new_text(
        marked.text, subject=subject, is_reply=is_reply,
        quoted_from=marked.quoted_from, quoted_until=marked.quoted_until, signatures=marked.signatures,
    )  # fmt: skip
    return leave_quoted_out(new_text, other) if say_the_same(compared, marked.text) else new_text


def _find_sender(headers: Headers, envelope_from: str | None) -> Address | None:
    """Who wrote: From, else the nearest header that says so, else the envelope (RFC 5322 section 3.6.2)."""
    nameless = ""
    for name in ("from", "sender", "reply-to", "x-sender", "return-path"):
        value = headers.unfolded(name)
        if not value:
            continue
        found = parse_addresses(value)
        usable = next((address for address in found if "@" in address.value), found[0] if found else None)
        if usable is not None:
            return Address(channel="email", value=usable.value, name=usable.name or nameless)
        nameless = nameless or ("" if name == "return-path" else headers.text(name)[:200].strip('"<> '))
    if envelope_from and "@" in envelope_from:
        return Address(channel="email", value=clean_line(envelope_from).strip("<> "), name=nameless)
    # "From: MAILER-DAEMON", from a server that leaves its own domain out
    return Address(channel="email", value=nameless) if nameless and is_robot(nameless) else None


def _find_name(headers: Headers) -> str:
    name = headers.text("from")[:1000].strip('"<> ')
    return (
        "" if name.endswith(";") else name
    )  # RFC 5322 section 3.4: an empty group, "undisclosed-recipients:;"


def _find_answer_to(sender: Address | None, reply_to: tuple[Address, ...]) -> tuple[Address, ...]:
    seen: dict[str, Address] = {}
    for address in (*reply_to, sender):
        if address is not None and "@" in address.value and not is_robot(address.value):
            seen.setdefault(address.value.lower(), address)
    return tuple(seen.values())


def _is_null_sender(headers: Headers, envelope_from: str | None) -> bool:
    """RFC 5321 section 4.5.5. The delivering server's Return-Path tells when the envelope is not known."""
    if envelope_from is not None:
        return envelope_from.strip(" <>") == ""
    return headers.has("return-path") and headers.raw("return-path").strip(b" \t<>") == b""


def _read_ids(value: str) -> tuple[str, ...]:
    """Message ids, with or without their brackets (RFC 5322 section 3.6.4)."""
    if "<" in value:
        found = _MESSAGE_ID.findall(value)
        if found:
            return tuple(clean_line(one) for one in found[-MAX_REFERENCES:])
    return tuple(
        clean_line(word)
        for word in value.replace(",", " ").split()[-MAX_REFERENCES:]
        if "@" in word and '"' not in word
    )


def _read_references(headers: Headers, in_reply_to: tuple[str, ...]) -> tuple[str, ...]:
    """References and In-Reply-To in one row, without repetition, nearest last."""
    return tuple(dict.fromkeys((*_read_ids(headers.unfolded("references")), *in_reply_to)))


def _first(ids: tuple[str, ...]) -> str:
    return ids[0] if ids else ""


def _digest(root: Part) -> str:
    """Over what the writer's program set and no relay changes, each with its length before it."""
    digest = hashlib.sha256()
    for name in ("message-id", "from", "date", "subject"):
        value = b"\n".join(squeeze(value) for value in root.headers.fields.get(name, ()))
        digest.update(b"%d:%b;" % (len(value), value))
    body = memoryview(root.raw)[root.start :]
    # Line ends and blank lines at the end change on the way (IMAP, LF stores): they do not count.
    normal = bytes(body).replace(b"\r\n", b"\n").rstrip(b"\r\n")
    digest.update(normal)
    return digest.hexdigest()

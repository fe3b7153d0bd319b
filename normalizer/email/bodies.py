"""Which parts of a mail are its text and which are files. No part is neither.

A file is what a mail program lists below the text: a part with a file name, marked as attachment, or of a type
that is not shown (pictures inside the HTML too, attached mails, cards, signatures, the parts of a report that are
not its text), and what was uuencoded into the text. No file is an alternative of the text, nor a calendar entry
that is there a second time as a file. So the count is that of the standard library's `iter_attachments` where
that looks, and counts deeper parts as well. Only a mail whose one text is declared a file is both: read and listed.
"""

import re
from dataclasses import dataclass, field

from normalizer.email.attachments import make_attachment, make_named_attachment
from normalizer.email.charset import decode_text
from normalizer.email.markup import Rendered, render
from normalizer.email.mime import Part, attached_mail
from normalizer.email.second_form import say_the_same
from normalizer.email.uuencode import split_uuencoded
from normalizer.messages import Attachment
from normalizer.text import clean_text, read_enriched, trim, unflow

MAX_TEXT = 1_000_000
_SHOWN = frozenset(
    (
        "text/plain",
        "text/html",
        "text/enriched",
        "text/richtext",
        "text/markdown",
        "text/x-amp-html",
        "text/x-watch-html",
    )
)
_HTML = frozenset(("text/html", "text/x-amp-html", "text/x-watch-html"))
_SECOND_CHOICE = frozenset(("text/x-amp-html", "text/x-watch-html"))
_CARDS = frozenset(("text/calendar", "text/vcard", "text/x-vcard", "text/directory"))
_CALENDAR = frozenset(("text/calendar", "application/ics"))
_STUB = re.compile(
    r"html|e-?post(?:program|klient)|mail ?(?:program|client|klient|reader)|view (?:this|it|in)|visa (?:i|det|mejlet|mailet)"
    r"|(?:im|in your|i) (?:browser|webb?l)|sähköposti|navigateur|navegador|darstell",
    re.IGNORECASE,
)
_IS_HTML = re.compile(r"\s*+<(?:!doctype html|html|head|body|div|p|table|meta|span)\b[^>]*+>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*+>")
_LITTLE = 0.3
_BULK = frozenset(("list-unsubscribe", "list-id", "feedback-id"))
_CUT = "\n[...]"
_NO_PREAMBLE = re.compile(r"multi-?part|mime", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Body:
    """What a person reads, and the files beside it."""

    text: str = ""
    quoted_from: int = -1
    # first line that a mail program marked as quoted (HTML only), -1 when none is
    quoted_until: int = -1
    # first line below those, -1 when they go on to the end
    signatures: tuple[tuple[int, int], ...] = ()
    # first line of each that a mail program marked, and the first line below it
    attachments: list[Attachment] = field(default_factory=list)
    html: Part | None = None
    # the other form of the text, where it was sent in two


@dataclass(slots=True, eq=False)
class _Text:
    part: Part
    html: bool

    def words(self) -> str:
        return self.part.text()


@dataclass(slots=True, eq=False)
class _Found:
    texts: list[_Text] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    second_forms: list[_Text] = field(default_factory=list)
    # HTML that says the same as the plain text


def read_body(root: Part) -> Body:
    """The text and the attachments of a whole mail."""
    found = _collect(root, bulk=root.headers.has_any(_BULK))
    if not found.texts:
        _promote_named_text(found)
    # What is too long to be shown whole can be saved whole.
    found.files += [item.part for item in found.texts if item.part.end - item.part.start > 2 * MAX_TEXT]
    body = Body(
        attachments=[make_attachment(part, number) for number, part in enumerate(found.files, start=1)]
    )
    rendered = _without_second_forms([(item, _render(item, body)) for item in found.texts])
    if not rendered:
        body.text = _text_of_attached_mail(found.files) or _text_beside_parts(root)
        return body
    if len(rendered) == len(found.second_forms) == 1:
        body.html = found.second_forms[0].part
    lines: list[str] = []
    for item in rendered:
        if lines:
            lines.append("")
        if item.quoted_from >= 0 and body.quoted_from < 0:
            body.quoted_from = len(lines) + item.quoted_from
            body.quoted_until = len(lines) + item.quoted_until if item.quoted_until >= 0 else -1
        body.signatures += tuple((begin + len(lines), end + len(lines)) for begin, end in item.signatures)
        lines += item.text.split("\n")
    body.text = "\n".join(lines)
    if len(body.text) > MAX_TEXT:
        # The raw mail keeps it all; nobody reads more than this.
        body.text = body.text[:MAX_TEXT] + _CUT
    return body


def _collect(part: Part, *, bulk: bool = False) -> _Found:
    """Depth is bounded by the structure (MAX_DEPTH), so recursion is safe here."""
    if not part.content_type.startswith("multipart/"):
        return _sort_leaf(part)
    found = [_collect(child, bulk=bulk) for child in part.children]
    _drop_repeated_calendar(part, found)
    if part.content_type == "multipart/alternative":
        return _choose(found, bulk=bulk)
    merged = _Found()
    for one in found:
        merged.texts += one.texts
        merged.files += one.files
        merged.second_forms += one.second_forms
    return merged


def _drop_repeated_calendar(part: Part, found: list[_Found]) -> None:
    """Google sends an invitation twice, as a form of the text and as invite.ics: a mail program lists one."""
    if part.content_type == "multipart/alternative":
        return
    for one, child in zip(found, part.children, strict=True):
        if child.content_type != "multipart/alternative":
            continue
        others = [file for other in found if other is not one for file in other.files]
        if any(file.filename and file.content_type in _CALENDAR for file in others):
            one.files = [file for file in one.files if file.content_type != "text/calendar" or file.filename]


def _sort_leaf(part: Part) -> _Found:
    shown = (
        part.content_type in _SHOWN
        and part.disposition != "attachment"
        and not (part.filename and part.depth)
    )
    if part.depth == 0 and part.content_type in _SHOWN and not part.filename and not shown:
        # The whole mail is declared a file: it is listed as one, and read.
        return _Found(texts=[_Text(part=part, html=part.content_type in _HTML)], files=[part])
    if not part.declared and part.filename:
        shown = False
        part.content_type = "application/octet-stream"
    if shown:
        return _Found(texts=[_Text(part=part, html=part.content_type in _HTML)])
    return _Found(files=[part])


def _choose(found: list[_Found], *, bulk: bool) -> _Found:
    """RFC 2046 section 5.1.4: the same in several forms. Plain text unless it only says "read the other"."""
    chosen = _Found()
    for one in found:
        # One more form of the text (rich text, XML) is no file.
        chosen.files += [
            file
            for file in one.files
            if file.filename or file.content_type in _CARDS or not file.content_type.startswith("text/")
        ]
    plain = next((one.texts for one in found if one.texts and not any(text.html for text in one.texts)), None)
    rich = next(
        (
            one.texts
            for one in found
            if any(text.html and text.part.content_type not in _SECOND_CHOICE for text in one.texts)
        ),
        None,
    )
    if plain is None or (rich is not None and _is_stub(plain, rich, bulk=bulk)):
        chosen.texts = rich or plain or []
    else:
        chosen.texts = plain
        chosen.second_forms = rich or []
    return chosen


def _is_stub(plain: list[_Text], rich: list[_Text], *, bulk: bool) -> bool:
    words = "".join(text.words() for text in plain).strip()
    if not words:
        return True
    if len(words) > 400:
        return False
    shown = [word for text in rich for word in _TAGS.sub("", text.words()).split()]
    count = len(words.split())
    if _STUB.search(words) is not None:
        # What only points at the other form says nothing of what that says.
        return len(shown) > 2 * count or not say_the_same(words, " ".join(shown), share=_LITTLE)
    # Who writes newsletters chose what the plain form says; a person's program did not, and no word may be lost.
    return not bulk and len(shown) > 8 * count + 60


def _promote_named_text(found: _Found) -> None:
    """Some gateways give the text itself a file name: with nothing else to read, it is the text."""
    for part in found.files:
        if part.content_type in {"text/plain", "text/html"} and part.disposition != "attachment":
            found.files.remove(part)
            found.texts.append(_Text(part=part, html=part.content_type == "text/html"))
            return


def _without_second_forms(rendered: list[tuple[_Text, Rendered]]) -> list[Rendered]:
    """Some mailers send the plain and the HTML form side by side as multipart/mixed: one is enough."""
    kept: list[tuple[_Text, Rendered]] = []
    for item, result in rendered:
        if not result.text.strip():
            continue
        if kept and item.html != kept[-1][0].html and say_the_same(kept[-1][1].text, result.text):
            if kept[-1][0].html:
                kept[-1] = (item, result)
            continue
        kept.append((item, result))
    return [result for _, result in kept]


def _text_beside_parts(root: Part) -> str:
    """A multipart without any text: what stands before the first boundary is no mere preamble then."""
    if not root.children:
        return ""
    before = root.raw[root.start : root.children[0].header_start]
    # The last line is the boundary itself.
    text = trim(clean_text(decode_text(before.rstrip(b"\r\n").rpartition(b"\n")[0][:MAX_TEXT])))
    return "" if len(text) < 200 and _NO_PREAMBLE.search(text) else text


def _render(item: _Text, body: Body | None = None) -> Rendered:
    text = item.words()
    if body is not None and not item.html and "\nend" in text:
        text, files = split_uuencoded(text)
        body.attachments += [make_named_attachment(name, content) for name, content in files]
    if item.html or (text[:1] in "<\r\n \t" and _IS_HTML.match(text)):
        return render(text)
    text = clean_text(text)
    if item.part.content_type in {"text/enriched", "text/richtext"}:
        return Rendered(text=read_enriched(text), quoted_from=-1)
    parameters = item.part.parameters
    if parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=parameters.get("delsp", "").lower() == "yes")
    return Rendered(text=text, quoted_from=-1)


def _text_of_attached_mail(files: list[Part]) -> str:
    """When somebody sent nothing but a mail as an attachment, that mail is what they want to say."""
    for part in files:
        inner = attached_mail(part)
        if inner is None:
            continue
        found = _collect(inner)
        text = trim("\n\n".join(one.text for item in found.texts if (one := _render(item)).text.strip()))
        head = [
            f"{label}: {inner.headers.text(name)}"
            for label, name in _SHOWN_HEADERS
            if inner.headers.has(name)
        ]
        return trim("\n".join(["> " + line for line in [*_one_line(head), "", *text[:MAX_TEXT].split("\n")]]))
    return ""


_SHOWN_HEADERS = (("From", "from"), ("Date", "date"), ("To", "to"), ("Subject", "subject"))


def _one_line(lines: list[str]) -> list[str]:
    return [clean_text(line).replace("\n", " ") for line in lines]


def calendar_method(root: Part) -> str:
    """The iTIP method of an invitation or an answer to one (RFC 5546 section 1.4), upper-case."""
    for part in root.walk():
        if part.content_type in {"text/calendar", "application/ics"}:
            method = part.parameters.get("method", "").upper()
            if not method:
                found = re.search(rb"^METHOD:([A-Za-z]{1,20})", part.content()[:4096], re.MULTILINE)
                method = found[1].decode("ascii").upper() if found else ""
            return method
    return ""

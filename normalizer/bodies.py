"""Which parts of a mail are its text and which are files. Every part is one or the other."""

import re
from dataclasses import dataclass, field

from normalizer.attachments import make_attachment
from normalizer.markup import Rendered, render
from normalizer.messages import Attachment
from normalizer.mime import Part, attached_mail
from normalizer.text import clean_text, trim, unflow

MAX_TEXT = 1_000_000
_SHOWN = frozenset(
    ("text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-amp-html")
)
_STUB = re.compile(
    r"html|e-?post(?:program|klient)|mail ?(?:program|client|klient|reader)|view (?:this|it|in)|visa (?:i|det|mejlet|mailet)"
    r"|(?:im|in your|i) (?:browser|webb?l)|sähköposti|navigateur|navegador|darstell",
    re.IGNORECASE,
)
_IS_HTML = re.compile(r"\s*+<(?:!doctype html|html|head|body|div|p|table|meta|span)\b[^>]*+>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*+>")
_CUT = "\n[...]"


@dataclass(slots=True, eq=False)
class Body:
    """What a person reads, and the files beside it."""

    text: str = ""
    quoted_from: int = -1
    # first line that a mail program marked as quoted (HTML only), -1 when none is
    attachments: list[Attachment] = field(default_factory=list)


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


def read_body(root: Part) -> Body:
    """The text and the attachments of a whole mail."""
    found = _collect(root)
    if not found.texts:
        _promote_named_text(found)
    # What is too long to be shown whole can be saved whole.
    found.files += [item.part for item in found.texts if item.part.end - item.part.start > 2 * MAX_TEXT]
    body = Body(
        attachments=[make_attachment(part, number) for number, part in enumerate(found.files, start=1)]
    )
    rendered = [_render(item) for item in found.texts]
    rendered = [item for item in rendered if item.text.strip()]
    if not rendered:
        body.text = _text_of_attached_mail(found.files)
        return body
    lines: list[str] = []
    for item in rendered:
        if lines:
            lines.append("")
        if item.quoted_from >= 0 and body.quoted_from < 0:
            body.quoted_from = len(lines) + item.quoted_from
        lines += item.text.split("\n")
    body.text = "\n".join(lines)
    if len(body.text) > MAX_TEXT:
        # The raw mail keeps it all; nobody reads more than this.
        body.text = body.text[:MAX_TEXT] + _CUT
    return body


def _collect(part: Part) -> _Found:
    """Depth is bounded by the structure (MAX_DEPTH), so recursion is safe here."""
    if not part.content_type.startswith("multipart/"):
        return _sort_leaf(part)
    found = [_collect(child) for child in part.children]
    if part.content_type == "multipart/alternative":
        return _choose(found)
    merged = _Found()
    for one in found:
        merged.texts += one.texts
        merged.files += one.files
    return merged


def _sort_leaf(part: Part) -> _Found:
    shown = (
        part.content_type in _SHOWN
        and part.disposition != "attachment"
        and not (part.filename and part.depth)
    )
    if part.depth == 0 and part.content_type in _SHOWN and not part.filename:
        shown = True
    if not part.declared and part.filename:
        shown = False
        part.content_type = "application/octet-stream"
    if shown:
        return _Found(texts=[_Text(part=part, html=part.content_type in {"text/html", "text/x-amp-html"})])
    return _Found(files=[part])


def _choose(found: list[_Found]) -> _Found:
    """RFC 2046 section 5.1.4: the same in several forms. Plain text unless it only says "read the other"."""
    chosen = _Found()
    for one in found:
        chosen.files += one.files
    amp = "text/x-amp-html"
    plain = next((one.texts for one in found if one.texts and not any(text.html for text in one.texts)), None)
    rich = next(
        (
            one.texts
            for one in found
            if any(text.html and text.part.content_type != amp for text in one.texts)
        ),
        None,
    )
    if plain is None or (rich is not None and _is_stub(plain, rich)):
        chosen.texts = rich or plain or []
    else:
        chosen.texts = plain
    return chosen


def _is_stub(plain: list[_Text], rich: list[_Text]) -> bool:
    words = "".join(text.words() for text in plain).strip()
    if not words:
        return True
    if len(words) > 400:
        return False
    said = sum(len(_TAGS.sub("", text.words()).split()) for text in rich)
    count = len(words.split())
    return (_STUB.search(words) is not None and said > 2 * count) or said > 8 * count + 60


def _promote_named_text(found: _Found) -> None:
    """Some gateways give the text itself a file name: with nothing else to read, it is the text."""
    for part in found.files:
        if part.content_type in {"text/plain", "text/html"} and part.disposition != "attachment":
            found.files.remove(part)
            found.texts.append(_Text(part=part, html=part.content_type == "text/html"))
            return


def _render(item: _Text) -> Rendered:
    text = item.words()
    if item.html or (text[:1] in "<\r\n \t" and _IS_HTML.match(text)):
        return render(text)
    text = clean_text(text)
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
        text = trim(
            "\n\n".join(rendered.text for rendered in map(_render, found.texts) if rendered.text.strip())
        )
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
        if part.content_type == "text/calendar":
            method = part.parameters.get("method", "").upper()
            if not method:
                found = re.search(rb"^METHOD:([A-Za-z]{1,20})", part.content()[:4096], re.MULTILINE)
                method = found[1].decode("ascii").upper() if found else ""
            return method
    return ""

"""HTML to good plain text: paragraphs, lists, tables, links, quotes; nothing that was not to be seen.

One pass over the tags with a bounded stack instead of a tree: mail is hardly ever valid HTML, and a tree
builder needs minutes for a hundred thousand nested elements.
"""

import re
from dataclasses import dataclass

from normalizer.email.hidden import find_hidden_classes
from normalizer.email.renderer import Renderer
from normalizer.email.tags import RAW, RAW_END
from normalizer.text import clean_text

MAX_HTML = 1_500_000
_MAX_ATTRIBUTES = 4000
_BEGIN = re.compile(r"<[a-zA-Z!?/]")
# any other "<" is a character that the writer wanted
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:_-]*+)")
_ADDRESS = re.compile(
    r"<(?:[^\s<>\"@/=]{1,64}@[^\s<>\"@=]{1,255}|https?://[^\s<>\"]{1,1000}|mailto:[^\s<>\"]{1,300})>"
)
# <anna@example.org>, from a program that does not know HTML
_ATTRIBUTE = re.compile(
    r"""([a-zA-Z_:][a-zA-Z0-9_:.-]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+"""
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    text: str
    quoted_from: int
    # number of the first line of what a mail program quoted, -1 when it marked nothing
    quoted_until: int = -1
    # number of the first line below that, -1 when it goes on to the end
    signatures: tuple[tuple[int, int], ...] = ()
    # of what a mail program marked as the writer's signature: first line, first line below it


def render(html: str) -> Rendered:
    """The text a reader would see. Never raises; linear in the length of `html`."""
    html = html[:MAX_HTML]
    renderer = _render(html, hide=True)
    if renderer.hidden:
        # Something hidden was never closed: better to show too much than to lose a person's words.
        renderer = _render(html, hide=False)
    return Rendered(
        text=clean_text("\n".join(renderer.lines)),
        quoted_from=renderer.quoted_from,
        quoted_until=renderer.quoted_until if renderer.quoted_until < len(renderer.lines) else -1,
        signatures=tuple(renderer.signatures),
    )


def _render(html: str, *, hide: bool) -> Renderer:
    renderer = Renderer(hide=hide)
    position, end = 0, len(html)
    while position < end:
        begin = _BEGIN.search(html, position)
        if begin is None:
            renderer.write(html[position:])
            break
        at = begin.start()
        if at > position:
            renderer.write(html[position:at])
        position = _read_tag(html, at, renderer)
    renderer.end_line()
    renderer.drop_false_quote()
    return renderer


def _read_tag(html: str, at: int, renderer: Renderer) -> int:
    """Tell the renderer of the tag, comment or lone "<" at `at`; where reading goes on."""
    if html.startswith("<!--", at):
        close = -1 if "-->" in renderer.unfinished else html.find("-->", at + 4)
        if close >= 0:
            return close + 3
        renderer.unfinished.add("-->")
        return _skip_to(html, ">", at)
    address = _ADDRESS.match(html, at)
    if address is not None:
        renderer.write(address[0])
        return address.end()
    tag = _TAG.match(html, at)
    if tag is None:
        return _skip_to(html, ">", at)
    name = tag[1].lower()
    attributes, close = _read_attributes(html, tag.end(), wanted=html[at + 1] != "/")
    if html[at + 1] == "/":
        renderer.close(name)
        return close
    if name in RAW:
        end = _skip_raw(html, name, close, renderer)
        if name == "style" and end > close:
            renderer.hidden_classes |= find_hidden_classes(html[close:end])
        return end
    renderer.open(name, attributes)
    return close


def _skip_to(html: str, mark: str, at: int) -> int:
    found = html.find(mark, at)
    return found + len(mark) if found >= 0 else len(html)


def _skip_raw(html: str, name: str, at: int, renderer: Renderer) -> int:
    """Past </script> and its like. Without an end tag only the begin tag is left out: no words are lost."""
    if name in renderer.unfinished:
        return at
    close = RAW_END[name].search(html, at)
    if close is None:
        renderer.unfinished.add(name)
        return at
    return close.end()


def _read_attributes(html: str, at: int, *, wanted: bool) -> tuple[dict[str, str], int]:
    """The attributes of a tag and where it ends; a ">" in quotes does not end it."""
    close = html.find(">", at)
    if close < 0:
        return {}, len(html)
    if close == at or not wanted:
        return {}, close + 1
    attributes: dict[str, str] = {}
    position, limit = at, min(len(html), at + _MAX_ATTRIBUTES)
    while position < limit:
        character = html[position]
        if character == ">":
            return attributes, position + 1
        found = _ATTRIBUTE.match(html, position, limit)
        if found:
            attributes.setdefault(found[1].lower(), found[2] or found[3] or found[4] or "")
            position = found.end()
        else:
            position += 1
    return attributes, close + 1

"""HTML to good plain text: paragraphs, lists, tables, links, quotes; nothing that was not to be seen.

One pass over the tags with a bounded stack instead of a tree: mail is hardly ever valid HTML, and a tree
builder needs minutes for a hundred thousand nested elements.
"""

import re
from dataclasses import dataclass
from html import unescape

from normalizer.tags import (
    BLOCK,
    CELL,
    HIDDEN,
    NEVER_NESTED,
    OUTLOOK_BORDER,
    PARAGRAPH,
    QUOTE_CLASSES,
    QUOTE_IDS,
    QUOTE_MARKERS,
    QUOTE_NAMES,
    RAW,
    RAW_END,
    UNSEEN,
    VOID,
)
from normalizer.text import clean_text

MAX_HTML = 1_500_000
_MAX_STACK = 1000
_MAX_ATTRIBUTES = 4000
_BEGIN = re.compile(r"<[a-zA-Z!?/]")
# any other "<" is a character that the writer wanted
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:_-]*+)")
_ATTRIBUTE = re.compile(
    r"""([a-zA-Z_:][a-zA-Z0-9_:.-]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+"""
)
_SPACE = re.compile("[ \t\r\n\x0b\x0c\x85\xa0\u2028\u2029]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    text: str
    quoted_from: int
    # number of the first line of what a mail program quoted, -1 when it marked nothing


class _Element:
    __slots__ = ("hidden", "href", "kind", "name", "shown_from")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind = ""
        # "quote" adds a ">" to each line inside
        self.hidden = False
        self.href = ""
        self.shown_from = 0


class _Renderer:
    def __init__(self, *, hide: bool = True) -> None:
        self.hide = hide
        self.unfinished: set[str] = set()
        # marks that were looked for in vain: they are not looked for again
        self.lines: list[str] = []
        self.line: list[str] = []
        self.blank_wanted = False
        self.space_wanted = False
        self.cell_wanted = False
        self.stack: list[_Element] = []
        self.open_names: dict[str, int] = {}
        self.hidden = 0
        self.quotes = 0
        self.pre = 0
        self.counters: list[int] = []
        # one for each open list: -1 unordered, else the last number
        self.marker = ""
        self.quoted_from = -1

    def write(self, raw: str) -> None:
        if self.hidden:
            return
        text = unescape(raw) if "&" in raw else raw
        if self.pre:
            first, *others = clean_text(text).split("\n")
            self._put(first)
            for other in others:
                self.end_line()
                self._put(other)
            return
        shown = _SPACE.sub(" ", text)
        if shown == " " or not shown:
            self.space_wanted = self.space_wanted or bool(shown)
            # A line of nothing but &nbsp; is how mail programs write a blank line.
            self.blank_wanted = self.blank_wanted or ("\xa0" in text and not self.line)
            return
        if shown[0] == " ":
            self.space_wanted = True
        self._put(shown.strip(" "))
        self.space_wanted = shown[-1] == " "

    def _put(self, text: str) -> None:
        if not text:
            return
        if self.line:
            if self.cell_wanted:
                self.line.append("\t")
            elif self.space_wanted:
                self.line.append(" ")
        else:
            if self.blank_wanted and self.lines and self.lines[-1]:
                self.lines.append("")
            self.blank_wanted = False
            prefix = "> " * min(self.quotes, 20)
            if self.counters:
                prefix += "  " * (min(len(self.counters), 10) - 1)
                prefix += self.marker or "  "
                self.marker = ""
            self.line.append(prefix)
        self.cell_wanted = self.space_wanted = False
        self.line.append(text)

    def end_line(self, *, paragraph: bool = False) -> None:
        if self.line:
            self.lines.append("".join(self.line).rstrip())
            self.line = []
        self.space_wanted = self.cell_wanted = False
        self.blank_wanted = self.blank_wanted or paragraph

    def break_line(self) -> None:
        """<br>: ends the line; a second one leaves a blank line."""
        if self.line:
            self.end_line()
        else:
            self.blank_wanted = True

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if name in VOID:
            if not self.hidden:
                self._show_void(name, attributes)
            return
        if name == "body" and self.hidden:
            # A head that was never closed must not hide the mail.
            self.hidden = 0
            self.stack.clear()
            self.open_names.clear()
        if name in NEVER_NESTED and self.stack and self.stack[-1].name == name:
            self.close(name)
        if len(self.stack) >= _MAX_STACK:
            if name in BLOCK or name in PARAGRAPH:
                self.end_line()
            return
        element = _Element(name)
        self.stack.append(element)
        self.open_names[name] = self.open_names.get(name, 0) + 1
        if self.hidden or self._is_hidden(name, attributes):
            element.hidden = True
            self.hidden += 1
            return
        self._begin_block(name)
        if attributes and self.quoted_from < 0 and _is_quote(attributes):
            self.end_line()
            self.quoted_from = len(self.lines)
        self._begin_inside(name, attributes, element)

    def _show_void(self, name: str, attributes: dict[str, str]) -> None:
        if name == "br":
            self.break_line()
        elif name == "hr":
            self.end_line(paragraph=True)
            if attributes and self.quoted_from < 0 and _is_quote(attributes):
                self.quoted_from = len(self.lines) + bool(self.lines)
        elif name == "img":
            self._show_image(attributes)

    def _begin_inside(self, name: str, attributes: dict[str, str], element: _Element) -> None:
        if name == "blockquote":
            element.kind = "quote"
            self.quotes += 1
        elif name == "pre":
            self.pre += 1
        elif name == "ol":
            start = attributes.get("start", "1")
            self.counters.append(int(start) - 1 if start.isdecimal() and len(start) < 6 else 0)
        elif name == "ul":
            self.counters.append(-1)
        elif name == "li" and self.counters:
            self.counters[-1] += self.counters[-1] >= 0
            self.marker = f"{self.counters[-1]}. " if self.counters[-1] >= 0 else "- "
        elif name == "a":
            element.href = attributes.get("href", "")
            element.shown_from = len(self.line)

    def _begin_block(self, name: str) -> None:
        if name in CELL:
            self.cell_wanted = bool(self.line)
        elif name in PARAGRAPH:
            self.end_line(paragraph=not (name in {"ul", "ol"} and self.counters))
        elif name in BLOCK:
            self.end_line()

    def close(self, name: str) -> None:
        if name == "br":
            self.open("br", {})
            return
        # An end tag without its beginning is ignored; what was left open inside ends with it.
        if not self.open_names.get(name):
            return
        for index in range(len(self.stack) - 1, max(-1, len(self.stack) - 60), -1):
            if self.stack[index].name == name:
                break
            if self.stack[index].name == "table" and name != "table":
                return
        else:
            return
        while len(self.stack) > index:
            self._end(self.stack.pop())

    def _end(self, element: _Element) -> None:
        name = element.name
        self.open_names[name] -= 1
        if element.hidden:
            self.hidden -= 1
            return
        if name == "a" and element.href:
            self._show_link(element)
        if name in PARAGRAPH:
            self.end_line(paragraph=not (name in {"ul", "ol"} and len(self.counters) > 1))
        elif name in BLOCK:
            self.end_line()
        if element.kind == "quote":
            self.quotes -= 1
        elif name == "pre":
            self.pre -= 1
        elif name in {"ul", "ol"} and self.counters:
            self.counters.pop()

    def _show_link(self, element: _Element) -> None:
        href = unescape(element.href).strip()
        scheme, colon, rest = href.partition(":")
        scheme = scheme.lower()
        if not colon or scheme not in {"http", "https", "mailto", "tel"} or len(href) > 2000:
            return
        shown = "".join(self.line[element.shown_from :]).strip()
        target = href if scheme in {"http", "https"} else rest.partition("?")[0]
        bare = target.partition("://")[2].rstrip("/") or target
        # A picture with a link, or a link that shows its own address, needs no second address.
        if shown and bare not in shown and shown.rstrip("/") not in bare:
            self.space_wanted = True
            self._put(f"<{target}>")

    def _show_image(self, attributes: dict[str, str]) -> None:
        if attributes.get("width") in {"0", "1"} or attributes.get("height") in {"0", "1"}:
            return
        alternative = _SPACE.sub(" ", unescape(attributes.get("alt", ""))).strip()
        if alternative and len(alternative) <= 300:
            self.space_wanted = True
            self._put(f"[{alternative}]")
            self.space_wanted = True

    def _is_hidden(self, name: str, attributes: dict[str, str]) -> bool:
        if not self.hide:
            return False
        if name in UNSEEN or "hidden" in attributes:
            return True
        style = attributes.get("style")
        return style is not None and HIDDEN.search(style) is not None


def _is_quote(attributes: dict[str, str]) -> bool:
    if attributes.get("id", "").lower() in QUOTE_IDS:
        return True
    classes = attributes.get("class")
    if classes and not QUOTE_CLASSES.isdisjoint(classes.lower().split()):
        return True
    if attributes.get("name", "").lower() in QUOTE_NAMES or attributes.get("data-marker") in QUOTE_MARKERS:
        return True
    style = attributes.get("style")
    if style and OUTLOOK_BORDER.match(style):
        return True
    return attributes.get("type", "").lower() == "cite"


def render(html: str) -> Rendered:
    """The text a reader would see. Never raises; linear in the length of `html`."""
    html = html[:MAX_HTML]
    renderer = _render(html, hide=True)
    if renderer.hidden:
        # Something hidden was never closed: better to show too much than to lose a person's words.
        renderer = _render(html, hide=False)
    return Rendered(text=clean_text("\n".join(renderer.lines)), quoted_from=renderer.quoted_from)


def _render(html: str, *, hide: bool) -> _Renderer:
    renderer = _Renderer(hide=hide)
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
    return renderer


def _read_tag(html: str, at: int, renderer: _Renderer) -> int:
    """Tell the renderer of the tag, comment or lone "<" at `at`; where reading goes on."""
    if html.startswith("<!--", at):
        close = -1 if "-->" in renderer.unfinished else html.find("-->", at + 4)
        if close >= 0:
            return close + 3
        renderer.unfinished.add("-->")
        return _skip_to(html, ">", at)
    tag = _TAG.match(html, at)
    if tag is None:
        return _skip_to(html, ">", at)
    name = tag[1].lower()
    attributes, close = _read_attributes(html, tag.end(), wanted=html[at + 1] != "/")
    if html[at + 1] == "/":
        renderer.close(name)
        return close
    if name in RAW:
        return _skip_raw(html, name, close, renderer)
    renderer.open(name, attributes)
    return close


def _skip_to(html: str, mark: str, at: int) -> int:
    found = html.find(mark, at)
    return found + len(mark) if found >= 0 else len(html)


def _skip_raw(html: str, name: str, at: int, renderer: _Renderer) -> int:
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

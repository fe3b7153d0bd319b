"""Lines of text out of the tags and words of HTML: what begins a line, a cell, a list, a quote, and what is hidden."""

import re
from html import unescape

from normalizer.quote_tags import is_container, is_quote, only_indents
from normalizer.tags import (
    BLOCK,
    BLOCK_TEXT,
    CELL,
    HIDDEN,
    NEVER_NESTED,
    ONE_LINE,
    PARAGRAPH,
    UNSEEN,
    VOID,
)
from normalizer.text import clean_text

_MAX_STACK = 1000
_WRAPS = re.compile(r"white-space\s*+:\s*+(?:pre|break-spaces)", re.IGNORECASE)
# Soft hyphens, and what newsletters pad a hidden first line with. A zero-width non-joiner between letters is spelling
# (Persian).
_INVISIBLE = re.compile("[\xad\u200b\u2060\u034f\u180e\ufeff]++|(?<!\\w)\u200c++|\u200c++(?!\\w)")
_MAY_HIDE = re.compile("[\xad\u200b\u200c\u2060\u034f\u180e\ufeff]")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})++")
_DIGITS = re.compile(r"\d")
_SPACE = re.compile("[ \t\r\n\x0b\x0c\x85\xa0\u2000-\u200a\u2028\u2029\u202f]+")


class Element:
    __slots__ = ("hidden", "href", "is_container", "kind", "name", "shown_from", "wraps")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind = ""
        # "quote" adds a ">" to each line inside
        self.hidden = False
        self.is_container = False
        # around all that a mail program quoted
        self.href = ""
        self.shown_from = 0
        self.wraps = False
        # the line ends of the source are line ends (white-space: pre-wrap)


class Renderer:
    def __init__(self, *, hide: bool = True) -> None:
        self.hide = hide
        self.unfinished: set[str] = set()
        # marks that were looked for in vain: they are not looked for again
        self.lines: list[str] = []
        self.line: list[str] = []
        self.blank_wanted = False
        self.space_wanted = False
        self.cell_wanted = False
        self.end_wanted = False
        # the line ends as soon as more text follows in the same cell
        self.open_cells = 0
        self.cell_empty = False
        self.row_from = 0
        self.is_row = False
        # whether it has cells beside each other
        self.stack: list[Element] = []
        self.open_names: dict[str, int] = {}
        self.hidden = 0
        self.quotes = 0
        self.pre = 0
        self.wraps = 0
        self.counters: list[int] = []
        # one for each open list: -1 unordered, else the last number
        self.marker = ""
        self.quoted_from = -1
        self.quoted_until = -1

    def write(self, raw: str) -> None:
        if self.hidden:
            return
        text = unescape(raw) if "&" in raw else raw
        if not text.isascii() and _MAY_HIDE.search(text):
            text = _INVISIBLE.sub("", text)
        if self.pre:
            first, *others = clean_text(text).split("\n")
            self._put(first)
            for other in others:
                self.break_line()
                self._put(other)
        elif self.wraps and "\n" in text:
            first, *others = text.split("\n")
            self._write_words(first)
            for other in others:
                self.break_line()
                self._write_words(other)
        else:
            self._write_words(text)

    def _write_words(self, text: str) -> None:
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
        if self.end_wanted:
            self.end_line()
        self.cell_empty = False
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
        self.space_wanted = self.cell_wanted = self.end_wanted = False
        self.blank_wanted = self.blank_wanted or paragraph

    def _end_block(self, name: str, *, paragraph: bool) -> None:
        """In a cell the line ends only when more follows: "<td><p>Mon</p></td><td><p>10</p></td>" is one row."""
        if self.cell_empty and name in ONE_LINE:
            return
        if self.open_cells and self.line and name in ONE_LINE:
            self.end_wanted = True
            self.blank_wanted = self.blank_wanted or paragraph
        else:
            self.end_line(paragraph=paragraph)

    def _begin_cell(self) -> None:
        if self.end_wanted and len(self.lines) > self.row_from:
            self.end_line()
        elif self.line:
            self.cell_wanted, self.end_wanted, self.blank_wanted = True, False, False
            self.is_row = True
        self.cell_empty = True

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
            self.open_cells = 0
        if name in NEVER_NESTED and self.stack and self.stack[-1].name == name:
            self.close(name)
        if len(self.stack) >= _MAX_STACK:
            if name in BLOCK or name in PARAGRAPH:
                self.end_line()
            return
        element = Element(name)
        self.stack.append(element)
        self.open_names[name] = self.open_names.get(name, 0) + 1
        if self.hidden or self._is_hidden(name, attributes):
            element.hidden = True
            self.hidden += 1
            return
        self._begin_block(name)
        if attributes and self.quoted_from < 0 and is_quote(attributes):
            self.end_line()
            self.quoted_from = len(self.lines)
            element.is_container = is_container(attributes)
        self._begin_inside(name, attributes, element)

    def _show_void(self, name: str, attributes: dict[str, str]) -> None:
        if name == "br":
            self.break_line()
        elif name == "hr":
            self.end_line(paragraph=True)
            if attributes and self.quoted_from < 0 and is_quote(attributes):
                self.quoted_from = len(self.lines) + bool(self.lines)
        elif name == "img":
            self._show_image(attributes)

    def _begin_inside(self, name: str, attributes: dict[str, str], element: Element) -> None:
        if name == "blockquote" and not only_indents(attributes):
            element.kind = "quote"
            self.quotes += 1
        elif name == "pre":
            self.pre += 1
        elif (
            name in BLOCK_TEXT
            and "white-space" in attributes.get("style", "")
            and _WRAPS.search(attributes["style"])
        ):
            element.wraps = True
            self.wraps += 1
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
            self._begin_cell()
            self.open_cells += 1
        elif name in PARAGRAPH:
            self._end_block(name, paragraph=not (name in {"ul", "ol"} and self.counters))
        elif name in BLOCK:
            self._end_block(name, paragraph=False)
        if name == "tr":
            self.row_from, self.is_row = len(self.lines) + self.blank_wanted, False

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

    def _end(self, element: Element) -> None:
        name = element.name
        self.open_names[name] -= 1
        if element.hidden:
            self.hidden -= 1
            return
        if name == "a" and element.href:
            self._show_link(element)
        if name in CELL:
            self.open_cells -= 1
            self.cell_empty = False
        elif name in PARAGRAPH:
            self._end_block(name, paragraph=not (name in {"ul", "ol"} and len(self.counters) > 1))
        elif name in BLOCK:
            self._end_block(name, paragraph=False)
        self._end_inside(name, element)

    def _end_inside(self, name: str, element: Element) -> None:
        if name == "tr":
            # Rows of a table stand close, even if the cells hold paragraphs.
            self.blank_wanted = self.blank_wanted and not self.is_row
        if element.is_container:
            self.end_line()
            self.quoted_until = len(self.lines)
        if element.kind == "quote":
            self.quotes -= 1
        elif name == "pre":
            self.pre -= 1
        elif element.wraps:
            self.wraps -= 1
        elif name in {"ul", "ol"} and self.counters:
            self.counters.pop()

    def _show_link(self, element: Element) -> None:
        href = unescape(element.href).strip()
        scheme, colon, rest = href.partition(":")
        scheme = scheme.lower()
        if not colon or scheme not in {"http", "https", "mailto", "tel"} or len(href) > 2000:
            return
        shown = "".join(self.line[element.shown_from :]).strip()
        target = href if scheme in {"http", "https"} else rest.partition("?")[0]
        bare = target.partition("://")[2].rstrip("/") or target
        # A picture with a link, or a link that shows its own address, needs no second address. Nor does one that
        # a filter of the mail server wrapped up in its own ("safelinks").
        if scheme == "tel" and _DIGITS.search(shown):
            return
        if (
            shown
            and bare not in shown
            and shown.rstrip("/") not in (bare if shown[:4] != "http" else _decode_percent(target))
        ):
            self.space_wanted = True
            self._put(f"<{target}>")

    def _show_image(self, attributes: dict[str, str]) -> None:
        if attributes.get("width") in {"0", "1"} or attributes.get("height") in {"0", "1"}:
            return
        alternative = _SPACE.sub(" ", unescape(attributes.get("alt", ""))).strip()
        if alternative and len(alternative) <= 300:
            self.space_wanted = True
            # An emoji is sent as a picture of itself.
            self._put(
                f"[{alternative}]"
                if len(alternative) > 8 or any(map(str.isalnum, alternative))
                else alternative
            )
            self.space_wanted = True

    def _is_hidden(self, name: str, attributes: dict[str, str]) -> bool:
        if not self.hide:
            return False
        if name in UNSEEN or "hidden" in attributes:
            return True
        style = attributes.get("style")
        return style is not None and HIDDEN.search(style) is not None


def _decode_percent(address: str) -> str:
    """RFC 3986 section 2.1."""
    return _PERCENT.sub(
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), address
    )

"""Lines of text out of the tags and words of HTML: what begins a line, a cell, a list, a quote, and what is hidden."""

import re
from html import unescape

from normalizer.email.hidden import is_hidden
from normalizer.email.links import SPACE, describe_image, find_target
from normalizer.email.tags import (
    BLOCK,
    BLOCK_TEXT,
    CELL,
    NEVER_NESTED,
    ONE_LINE,
    PARAGRAPH,
    UNSEEN,
    VOID,
    Element,
)
from normalizer.replies.quote_tags import (
    APPLE_SIGNATURE,
    is_container,
    is_quote,
    is_signature,
    only_draws_line,
    only_indents,
)
from normalizer.text import clean_text

_MAX_STACK = 1000
_WRAPS = re.compile(r"white-space\s*+:\s*+(?:pre|break-spaces)", re.IGNORECASE)
# Soft hyphens, and what newsletters pad a hidden first line with. A zero-width non-joiner between letters is spelling
# (Persian).
_INVISIBLE = re.compile("[\xad\u200b\u2060\u034f\u180e\ufeff]++|(?<!\\w)\u200c++|\u200c++(?!\\w)")
COLON = re.compile("[:\uff1a\t]")
_MAY_HIDE = re.compile("[\xad\u200b\u200c\u2060\u034f\u180e\ufeff]")


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
        self.hidden_classes: set[str] = set()
        # by the style sheets read so far
        self.quoted_from = -1
        self.quoted_until = -1
        self.quoted_by_line = False
        # whether nothing but a line drawn above tells of it
        self.signatures: list[tuple[int, int]] = []
        # number of the first line of each, and of the first line below it
        self.signature_next = False

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
        shown = SPACE.sub(" ", text)
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
        if attributes and (self.quoted_from < 0 or self._is_no_quote()) and is_quote(attributes):
            self.end_line()
            self.quoted_from, self.quoted_by_line = len(self.lines), only_draws_line(attributes)
            element.is_container = is_container(attributes)
        elif self.signature_next or (
            ("id" in attributes or "class" in attributes) and is_signature(attributes)
        ):
            element.signed_from = len(self.lines) + bool(self.line)
            self.signature_next = False
        self._begin_inside(name, attributes, element)

    def _show_void(self, name: str, attributes: dict[str, str]) -> None:
        if name == "br":
            self.break_line()
            self.signature_next = attributes.get("id", "").lower() == APPLE_SIGNATURE
        elif name == "hr":
            self.end_line(paragraph=True)
            if attributes and (self.quoted_from < 0 or self._is_no_quote()) and is_quote(attributes):
                self.quoted_from = len(self.lines) + bool(self.lines)
                self.quoted_by_line = False
        elif name == "img":
            self._show_image(attributes)

    def _is_no_quote(self) -> bool:
        """Below the line that Outlook draws stands "From:"; a person may draw one above anything."""
        if not self.quoted_by_line:
            return False
        lines = [*self.lines[self.quoted_from : self.quoted_from + 2], "".join(self.line[:20])]
        return not any(COLON.search(line, 0, 60) for line in lines)

    def drop_false_quote(self) -> None:
        if self._is_no_quote():
            self.quoted_from = -1

    def _begin_inside(self, name: str, attributes: dict[str, str], element: Element) -> None:
        if name == "blockquote" and not only_indents(attributes):
            element.kind = "quote"
            self.quotes += 1
        elif name == "pre":
            self.pre += 1
        elif name in BLOCK_TEXT and attributes and _WRAPS.search(attributes.get("style", "")):
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
        if element.signed_from >= 0:
            self.signatures.append((element.signed_from, len(self.lines) + bool(self.line)))
        if element.kind == "quote":
            self.quotes -= 1
        elif name == "pre":
            self.pre -= 1
        elif element.wraps:
            self.wraps -= 1
        elif name in {"ul", "ol"} and self.counters:
            self.counters.pop()

    def _show_link(self, element: Element) -> None:
        target = find_target(element.href, "".join(self.line[element.shown_from :]).strip())
        if target:
            self.space_wanted = True
            self._put(f"<{target}>")

    def _show_image(self, attributes: dict[str, str]) -> None:
        words = describe_image(attributes) if not self._is_hidden("img", attributes) else ""
        if words:
            self.space_wanted = True
            self._put(words)
            self.space_wanted = True

    def _is_hidden(self, name: str, attributes: dict[str, str]) -> bool:
        return self.hide and (name in UNSEEN or is_hidden(attributes, self.hidden_classes))

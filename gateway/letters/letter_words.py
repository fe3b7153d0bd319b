"""How the words of a letter are put together: places filled, numbers kept in their order, links. Pure.

Between Arabic letters a telephone number falls apart: its groups of digits change places (Unicode UAX 9). So in a
text that runs from right to left every number, name and address stands in an isolate: `<bdi>` in HTML, in plain
text the characters made for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Literal, NamedTuple

from babel.dates import format_date

from config.catalogues import PLACEHOLDER

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "syc", "ur"})
MARK = "\u200f"
"""Right-to-left mark: with it first, a line starts at the right whatever follows."""

_LEFT_TO_RIGHT, _ITS_OWN_WAY, _END = "\u2066", "\u2068", "\u2069"
_WEB_ADDRESS = re.compile(r"https://[^\s<]+[^\s<.,]")
_LOCALES = {"en": "en_GB"}
# The day before the month, and 24 hours.

Kind = Literal["words", "name", "number", "phone", "prose"]
"""words: of the language itself. name: perhaps of another. prose: a sentence, perhaps with web addresses."""


class Value(NamedTuple):
    """What is filled into a place of a text."""

    text: str
    kind: Kind = "words"
    language: str = ""
    # when it is another than the text's own


@dataclass(frozen=True, slots=True)
class Dress:
    """One language's texts and values, as plain text or as HTML."""

    language: str
    html: bool

    def say(self, text: str, values: Mapping[str, Value]) -> str:
        """The text with its places filled, once: a value that looks like a place stays as it is."""
        dressed = link(escape(text)) if self.html else text
        return PLACEHOLDER.sub(lambda match: self.show(values[match[1]]), dressed)

    def show(self, value: Value) -> str:
        """One value as it stands in a text."""
        right = self.language in RIGHT_TO_LEFT
        straight = value.kind in {"number", "phone"}
        if not self.html:
            if not right or value.kind == "words" or not value.text:
                return value.text
            return f"{_LEFT_TO_RIGHT if straight else _ITS_OWN_WAY}{value.text}{_END}"
        shown = escape(value.text)
        if value.kind == "phone":
            digits = re.sub(r"[^\d+]", "", value.text)
            shown = f'<a href="tel:{digits}" style="color:#0a5568;white-space:nowrap">{shown}</a>'
        elif value.kind in {"prose", "number"}:
            shown = link(shown)
        if value.kind == "words" or not value.text:
            return shown
        spoken = f' lang="{value.language}"' if value.language else ""
        if right:
            way = ' dir="ltr"' if straight else ""
            return f"<bdi{spoken}{way}>{shown}</bdi>"
        return f"<span{spoken}>{shown}</span>" if spoken else shown

    def call_112(self, text: str) -> str:
        """A text that is dressed already, with the emergency number to press."""
        number = '<a href="tel:112" style="color:inherit">112</a>'
        return text.replace("112", number) if self.html else text


def link(text: str) -> str:
    """Web addresses in HTML text as links."""
    return _WEB_ADDRESS.sub(lambda match: f'<a href="{match[0]}" style="color:#0a5568">{match[0]}</a>', text)


def link_page(text: str, *, html: bool) -> str:
    """A section's text with the page's address to press."""
    anchor = '<a href="%(url)s" style="color:#0a5568;overflow-wrap:anywhere">%(url)s</a>'
    return text.replace("%(url)s", anchor) if html else text


def freeze(text: str) -> str:
    """Make a configured text safe to stand in a template for the % operator."""
    return text.replace("%", "%%")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Places to values, once."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def write_day(day: date, pattern: str, code: str) -> str:
    """A day by a CLDR pattern, in digits 0 to 9: those of every paper and telephone in Sweden."""
    written = format_date(day, pattern, locale=_LOCALES.get(code, code))
    # "On Monday" is "maanantaina", and so for every weekday but one: CLDR forgot the ending of Sunday.
    return re.sub(r"\bsunnuntai\b", "sunnuntaina", written) if code == "fi" else written


def write_paragraphs(text: str) -> str:
    """A text that staff wrote as HTML: its paragraphs, lines and web addresses, and no markup of its own."""
    paragraphs = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return "\n".join(
        f'<p dir="auto" style="margin:0 0 12px">{link(escape(each)).replace(chr(10), "<br>" + chr(10))}</p>'
        for each in paragraphs
    )

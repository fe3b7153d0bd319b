"""HTML elements by what they do to text."""

import re

VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr"
))  # fmt: skip
RAW = frozenset(("script", "style", "title", "xmp", "noembed", "iframe"))
RAW_END = {name: re.compile(rf"</{name}\b[^>]*+>?", re.IGNORECASE) for name in RAW}
UNSEEN = frozenset(
    ("head", "template", "object", "xml", "svg", "math", "select", "datalist", "audio", "video", "canvas")
)
PARAGRAPH = frozenset((
    "p", "blockquote", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "table", "pre"
))  # fmt: skip
BLOCK = frozenset((
    "address", "article", "aside", "body", "center", "dd", "div", "dt", "fieldset", "figure", "figcaption",
    "footer", "form", "header", "html", "legend", "li", "main", "nav", "section", "tr", "caption", "thead",
    "tbody", "tfoot", "hr", "option", "details", "summary", "marquee", "dialog", "menu", "textarea", "frameset"
))  # fmt: skip
CELL = frozenset(("td", "th"))
ONE_LINE = frozenset(("p", "div", "center", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6"))
BLOCK_TEXT = frozenset(("p", "div", "span", "td", "section", "article"))
NEVER_NESTED = frozenset(("li", "p", "tr", "td", "th", "dt", "dd"))


class Element:
    __slots__ = ("hidden", "href", "is_container", "kind", "name", "shown_from", "signed_from", "wraps")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind = ""
        # "quote" adds a ">" to each line inside
        self.hidden = False
        self.is_container = False
        # around all that a mail program quoted
        self.href = ""
        self.shown_from = 0
        self.signed_from = -1
        # number of the first line of the signature that it holds
        self.wraps = False
        # the line ends of the source are line ends (white-space: pre-wrap)

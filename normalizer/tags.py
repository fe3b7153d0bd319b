"""HTML elements by what they do to text. Only data."""

import re

VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr"
))  # fmt: skip
RAW = frozenset(("script", "style", "title", "textarea", "xmp", "noembed", "noframes", "iframe"))
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
    "tbody", "tfoot", "hr", "option"
))  # fmt: skip
CELL = frozenset(("td", "th"))
ONE_LINE = frozenset(("p", "div", "center", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6"))
BLOCK_TEXT = frozenset(("p", "div", "span", "td", "section", "article"))
NEVER_NESTED = frozenset(("li", "p", "tr", "td", "th", "dt", "dd"))
# Not font-size:0 and not mso-hide: builders of newsletters put them around text that is shown.
HIDDEN = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+hidden|max-height\s*+:\s*+0(?:px)?\s*+(?:;|!|\Z)|opacity\s*+:\s*+0\s*+(?:;|!|\Z)",
    re.IGNORECASE,
)

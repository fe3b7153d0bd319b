"""HTML elements by what they do to text, and the marks that mail programs leave on what they quote. Only data."""

import re

VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr"
))  # fmt: skip
RAW = frozenset(("script", "style", "title", "textarea", "xmp", "noembed", "noframes", "iframe"))
RAW_END = {name: re.compile(rf"</{name}\b[^>]*+>?", re.IGNORECASE) for name in RAW}
UNSEEN = frozenset(
    ("head", "template", "object", "svg", "math", "select", "datalist", "audio", "video", "canvas")
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
NEVER_NESTED = frozenset(("li", "p", "tr", "td", "th", "dt", "dd"))
# Not font-size:0 and not mso-hide: builders of newsletters put them around text that is shown.
HIDDEN = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+hidden|max-height\s*+:\s*+0(?:px)?\s*+(?:;|!|\Z)|opacity\s*+:\s*+0\s*+(?:;|!|\Z)",
    re.IGNORECASE,
)
# Where a mail program puts what it quotes. Each was seen in that program's own HTML.
QUOTE_IDS = frozenset(
    ("divrplyfwdmsg", "appendonsend", "x_divrplyfwdmsg", "x_appendonsend", "reply-intro", "mail-editor-reference-message-container",
     "isreplycontent", "orimsghtmlseperator", "zwchr", "stopspelling", "replywithoutquote", "quoted_body", "x_reply-intro",
     "outlookmessageheader", "origbody", "msgheader")
)  # fmt: skip
QUOTE_MARKERS = frozenset(("__HEADERS__", "__QUOTED_TEXT__"))
# The line that Outlook draws above the header of what it quotes: the same in every language.
OUTLOOK_BORDER = re.compile(
    r"\s*+border:\s*+none;\s*+border-top:\s*+solid\s++(?:#[0-9a-f]{6}|windowtext)\s++1\.0pt;\s*+padding:\s*+3\.0pt 0",
    re.IGNORECASE,
)
QUOTE_NAMES = frozenset(("quote", "messagereplysection", "quoted-content"))
QUOTE_CLASSES = frozenset(
    ("gmail_quote", "gmail_quote_container", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "tutanota_quote",
     "zmail_extra", "outlookmessageheader", "gmail_extra_quote", "ydp_yahoo_quoted", "airmail_on", "front-blockquote", "x_gmail_quote",
     "x_gmail_attr", "x_moz-cite-prefix", "moz-email-headers-table", "zmail_extra_hr", "mailbird_quote", "sh-quoted-content", "netease_quote", "wm_quote")
)  # fmt: skip

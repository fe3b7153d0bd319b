"""The marks that mail programs leave in HTML on what they quote."""

import re

# Where a mail program puts what it quotes. Each was seen in that program's own HTML.
QUOTE_IDS = frozenset(
    ("divrplyfwdmsg", "appendonsend", "reply-intro", "mail-editor-reference-message-container",
     "isreplycontent", "orimsghtmlseperator", "zwchr", "stopspelling", "replywithoutquote", "quoted_body",
     "outlookmessageheader", "origbody", "msgheader")
)  # fmt: skip
QUOTE_MARKERS = frozenset(("__HEADERS__", "__QUOTED_TEXT__"))
# The line that Outlook draws above the header of what it quotes, and the space below it: the same in every
# language, written in one way by Word and in others by what sends its HTML on.
_LINE_ABOVE = re.compile(
    r"border-top\s*+:\s*+(?:1(?:\.0)?p[tx]\s++)?solid|border-style\s*+:\s*+solid none none|border-top-style\s*+:\s*+solid",
    re.IGNORECASE,
)
_SPACE_BELOW = re.compile(
    r"padding\s*+:\s*+3(?:\.0)?p[tx] 0|padding-top\s*+:\s*+5px;\s*+border-top-color", re.IGNORECASE
)
QUOTE_NAMES = frozenset(("quote", "messagereplysection", "quoted-content"))
QUOTE_CLASSES = frozenset(
    ("gmail_quote", "gmail_quote_container", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "tutanota_quote",
     "zmail_extra", "outlookmessageheader", "gmail_extra_quote", "airmail_on", "front-blockquote",
     "moz-email-headers-table", "zmail_extra_hr", "mailbird_quote", "sh-quoted-content", "netease_quote", "wm_quote")
)  # fmt: skip
# Those of them around all that is quoted: what stands below their end is the writer's again.
QUOTE_CONTAINERS = frozenset(
    ("gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra",
     "front-blockquote", "mailbird_quote", "sh-quoted-content", "netease_quote", "wm_quote", "quote", "messagereplysection",
     "quoted-content")
)  # fmt: skip
# Where a mail program puts the signature that its owner wrote once.
SIGNATURE_NAMES = frozenset(
    ("signature", "gmail_signature", "moz-signature", "protonmail_signature_block", "ms-outlook-mobile-signature", "composer_signature",
     "applemailsignature", "mobile-signature", "zmail_signature", "tutanota_signature")
)  # fmt: skip
APPLE_SIGNATURE = "linebreakatbeginningofsignature"
# of the line end above a signature
# A blockquote that only indents: the button of a web mail, or Outlook's own, not a mark of quotation.
INDENTS = re.compile(r"margin", re.IGNORECASE)
DRAWS_A_LINE = re.compile(
    r"border-(?:left|right|inline-start)(?:-width|-style)?\s*+:\s*+(?!none|0)|border\s*+:\s*+(?!none|0)",
    re.IGNORECASE,
)

# Whether looking for marks is worth while.
MARKED = re.compile(
    r"quote|divRplyFwdMsg|appendonsend|cite|border-(?:top|style)|reference-message|messageReply|reply-intro|__HEADERS__|signature",
    re.IGNORECASE,
)


_PREFIX = re.compile(r"(?:x_|m_-?\d{1,24}|ydp[0-9a-f]{1,12})++", re.IGNORECASE)
# what Outlook on the web, Gmail and Yahoo put before the names in the HTML of others


def _bare(name: str) -> str:
    name = name.lower()
    found = _PREFIX.match(name) if name[:1] in {"x", "m", "y"} else None
    return name[found.end() :] if found else name


SIGNED = re.compile(
    r"(?:id|class)=[\"'][^\"'<>]{0,80}signature(?!_prefix)|lineBreakAtBeginningOfSignature", re.IGNORECASE
)


QUOTE_BEGINS = re.compile(
    r"<(?:blockquote\b|(?:div|hr|span)\b[^<>]{0,300}(?:gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote"
    r"|divRplyFwdMsg|appendonsend|reference-message|border-top|border-style|reply-intro|__QUOTED_TEXT__))",
    re.IGNORECASE,
)
# where what is quoted begins in most HTML: what stands above it can be looked at alone


def is_quote(attributes: dict[str, str]) -> bool:
    """Whether a mail program marked the element as the begin of what it quotes."""
    for name, value in attributes.items():
        if name == "class":
            marked = not QUOTE_CLASSES.isdisjoint(map(_bare, value.split()))
        elif name == "style":
            marked = "border-" in value and _draws_header_line(value)
        elif name == "id":
            marked = _bare(value) in QUOTE_IDS
        elif name == "name":
            marked = value.lower() in QUOTE_NAMES
        elif name == "type":
            marked = value.lower() == "cite"
        else:
            marked = name == "data-marker" and value in QUOTE_MARKERS
        if marked:
            return True
    return False


def only_draws_line(attributes: dict[str, str]) -> bool:
    """Whether the style alone marks it."""
    return not is_quote({name: value for name, value in attributes.items() if name != "style"})


def _draws_header_line(style: str) -> bool:
    return _LINE_ABOVE.search(style) is not None and _SPACE_BELOW.search(style) is not None


def is_container(attributes: dict[str, str]) -> bool:
    names = {attributes.get("name", "").lower(), *map(_bare, attributes.get("class", "").split())}
    return not QUOTE_CONTAINERS.isdisjoint(names)


def is_signature(attributes: dict[str, str]) -> bool:
    """Whether the element holds the writer's signature. The class "signature" alone is anybody's."""
    identity, classes = attributes.get("id", ""), attributes.get("class", "")
    if "ignature" not in identity and "ignature" not in classes:
        return False
    names = {_bare(identity), *map(_bare, classes.split())}
    return not SIGNATURE_NAMES.isdisjoint(names) and (classes.lower() != "signature" or identity != "")


def only_indents(attributes: dict[str, str]) -> bool:
    """A blockquote with a margin, without a line beside it and without a mark of a mail program."""
    style = attributes.get("style", "")
    if not INDENTS.search(style) or DRAWS_A_LINE.search(style):
        return False
    return (
        "class" not in attributes
        and "cite" not in attributes
        and "type" not in attributes
        and "id" not in attributes
    )

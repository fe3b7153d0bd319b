"""The marks that mail programs leave in HTML on what they quote."""

import re

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
# Those of them around all that is quoted: what stands below their end is the writer's again.
QUOTE_CONTAINERS = frozenset(
    ("gmail_quote", "gmail_quote_container", "yahoo_quoted", "ydp_yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra",
     "front-blockquote", "x_gmail_quote", "mailbird_quote", "sh-quoted-content", "netease_quote", "wm_quote", "quote", "messagereplysection",
     "quoted-content")
)  # fmt: skip
# A blockquote that only indents: the button of a web mail, or Outlook's own, not a mark of quotation.
INDENTS = re.compile(r"margin", re.IGNORECASE)
DRAWS_A_LINE = re.compile(
    r"border-(?:left|right|inline-start)(?:-width|-style)?\s*+:\s*+(?!none|0)|border\s*+:\s*+(?!none|0)",
    re.IGNORECASE,
)

# Whether looking for marks is worth while.
MARKED = re.compile(
    r"quote|divRplyFwdMsg|appendonsend|cite|border-top:|reference-message|messageReply|reply-intro|__HEADERS__",
    re.IGNORECASE,
)


def is_quote(attributes: dict[str, str]) -> bool:
    """Whether a mail program marked the element as the begin of what it quotes."""
    for name, value in attributes.items():
        if name == "class":
            marked = not QUOTE_CLASSES.isdisjoint(value.lower().split())
        elif name == "style":
            marked = OUTLOOK_BORDER.match(value) is not None
        elif name == "id":
            marked = value.lower() in QUOTE_IDS
        elif name == "name":
            marked = value.lower() in QUOTE_NAMES
        elif name == "type":
            marked = value.lower() == "cite"
        else:
            marked = name == "data-marker" and value in QUOTE_MARKERS
        if marked:
            return True
    return False


def is_container(attributes: dict[str, str]) -> bool:
    names = {attributes.get("name", "").lower(), *attributes.get("class", "").lower().split()}
    return not QUOTE_CONTAINERS.isdisjoint(names)


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

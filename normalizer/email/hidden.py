"""What in HTML is not to be seen: the first lines of newsletters, text for other screens."""

import re

# Not font-size:0 and not mso-hide: builders of newsletters put them around text that is shown.
_HIDDEN = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+hidden|max-height\s*+:\s*+0(?:px)?\s*+(?:;|!|\Z)|opacity\s*+:\s*+0\s*+(?:;|!|\Z)",
    re.IGNORECASE,
)
NO_SIZE = re.compile(
    r"(?:^|[;\s])(?:max-)?(?:height|width)\s*+:\s*+[01](?:px|pt)?\s*+(?:;|!|\Z)", re.IGNORECASE
)
# of a box that hides what flows over, and of the picture that tells when a mail was opened
_CUTS_OFF = re.compile(r"overflow\s*+:\s*+hidden", re.IGNORECASE)
_MAX_SHEET = 200_000
# characters of one style sheet
_BRACE = re.compile(r"([{}])")
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?+")
_UNDISPLAYED = re.compile(r"display\s*+:\s*+none", re.IGNORECASE)
_CLASS = re.compile(r"[a-zA-Z0-9]{0,10}\.([a-zA-Z_][\w-]{0,60})")


def find_hidden_classes(sheet: str) -> set[str]:
    """Classes that a style sheet never shows. What stands in @media is for other screens."""
    found: set[str] = set()
    depth, selector = 0, ""
    pieces = _BRACE.split(_COMMENT.sub(" ", sheet[:_MAX_SHEET]))
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            selector = selector if depth else text
            depth += 1
            continue
        depth = max(0, depth - 1)
        if not depth and "@" not in selector and _UNDISPLAYED.search(text):
            names = (_CLASS.fullmatch(one.strip()) for one in selector.replace("<!--", "").split(","))
            found |= {name[1] for name in names if name}
    return found


def is_hidden(attributes: dict[str, str], classes: set[str]) -> bool:
    """Whether the element is not shown. `classes`: those that the mail's style sheets hide."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    if style is not None:
        if _HIDDEN.search(style) or (
            "verflow" in style and _CUTS_OFF.search(style) and NO_SIZE.search(style)
        ):
            return True
        if "display" in style:
            return False
    return bool(classes) and not classes.isdisjoint(attributes.get("class", "").split())

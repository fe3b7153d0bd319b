"""What a link and a picture in HTML say in plain text."""

import re
from html import unescape

from normalizer.email.hidden import NO_SIZE

SPACE = re.compile("[ \\t\\r\\n\\x0b\\x0c\\x85\\xa0\\u2000-\\u200a\\u2028\\u2029\\u202f]+")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})++")
_DIGITS = re.compile(r"\d")
_MAX_TARGET = 2000
_MAX_ALTERNATIVE = 300


def find_target(href: str, shown: str) -> str:
    """The address to be written beside the words of a link; "" when they say it already or it leads nowhere."""
    href = unescape(href).strip()
    scheme, colon, rest = href.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in {"http", "https", "mailto", "tel"} or len(href) > _MAX_TARGET:
        return ""
    if scheme == "tel" and _DIGITS.search(shown):
        return ""
    target = href if scheme in {"http", "https"} else rest.partition("?")[0]
    bare = target.partition("://")[2].rstrip("/") or target
    # A picture with a link, or a link that shows its own address, needs no second address. Nor does one that
    # a filter of the mail server wrapped up in its own ("safelinks").
    if not shown or bare in shown:
        return ""
    said = shown.rstrip("/") in (bare if shown[:4] != "http" else _decode_percent(target))
    return "" if said else target


def describe_image(attributes: dict[str, str]) -> str:
    """The words that stand for a picture; "" for those that only tell that the mail was opened."""
    if attributes.get("width") in {"0", "1"} or attributes.get("height") in {"0", "1"}:
        return ""
    if NO_SIZE.search(attributes.get("style", "")):
        return ""
    alternative = SPACE.sub(" ", unescape(attributes.get("alt", ""))).strip()
    if not alternative or len(alternative) > _MAX_ALTERNATIVE:
        return ""
    # An emoji is sent as a picture of itself.
    is_named = len(alternative) > 8 or any(map(str.isalnum, alternative))
    return f"[{alternative}]" if is_named else alternative


def _decode_percent(address: str) -> str:
    """RFC 3986 section 2.1."""
    return _PERCENT.sub(
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), address
    )

"""Header values with parameters: Content-Type and Content-Disposition (RFC 2045, 2231, and what mailers send)."""

import re
from binascii import unhexlify

from normalizer.email.charset import decode_text
from normalizer.email.encoded_words import decode_words

MAX_PARAMETERS = 60
_NAME = re.compile(r"[;\s]*+([^\s=;\"]++)\s*+=\s*+")
_QUOTED = re.compile(r'"((?:[^"\\]++|\\.)*+)"?', re.DOTALL)
_BARE = re.compile(r"[^;]*+")
_UNQUOTE = re.compile(r'\\(["\\])')
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value before the first semicolon, lower-case, and the parameters with decoded values."""
    main, semicolon, rest = value.partition(";")
    main = main.strip().lower()
    if not semicolon:
        return main, {}
    raw: dict[str, str] = {}
    position = 0
    while len(raw) < MAX_PARAMETERS:
        name = _NAME.match(rest, position)
        if name is None:
            semicolon_at = rest.find(";", position)
            if semicolon_at < 0:
                break
            position = semicolon_at + 1
            continue
        quoted = _QUOTED.match(rest, name.end())
        if quoted:
            content = _UNQUOTE.sub(r"\1", quoted[1])
            position = quoted.end()
        else:
            bare = _BARE.match(rest, name.end())
            content = bare[0].strip() if bare else ""
            position = bare.end() if bare else len(rest)
        raw.setdefault(name[1].lower(), content)
    return main, _join_continuations(raw)


def _join_continuations(raw: dict[str, str]) -> dict[str, str]:
    """RFC 2231 sections 3 and 4: name*0, name*1* ... become one value; charset'language'percent is decoded."""
    if not any("*" in name for name in raw):
        return {name: decode_words(value) for name, value in raw.items()}
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in raw.items():
        base, star, rest = name.partition("*")
        if not star:
            plain[base] = decode_words(value)
            continue
        number, _, _ = rest.partition("*")
        index = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        sections.setdefault(base, {})[index] = (value, name.endswith("*"))
    for base, numbered in sections.items():
        # The extended form is the better one where a mailer sends both (RFC 6266 section 4.3 says so for HTTP).
        plain[base] = _decode_sections([numbered[index] for index in sorted(numbered)])
    return plain


def _decode_sections(sections: list[tuple[str, bool]]) -> str:
    charset = ""
    data = b""
    for index, (value, extended) in enumerate(sections):
        content = value
        if index == 0 and extended and value.count("'") >= 2:
            charset, _, content = value.split("'", 2)
        encoded = content.encode("utf-8", "surrogatepass")
        data += _PERCENT.sub(lambda found: unhexlify(found[1]), encoded) if extended else encoded
    return decode_words(decode_text(data, charset))

"""Mail addresses as mailers write them (RFC 5322 section 3.4 and 4.4, and what is none of it)."""

import re

from normalizer.email.encoded_words import decode_words
from normalizer.messages import Address
from normalizer.text import clean_line

MAX_ADDRESSES = 1000
# Anna <anna@example.org>, "Andersson, Anna" <anna@example.org>, anna@example.org
_SIMPLE = re.compile(
    r'\s*+(?:"([^"\\]*+)"|([^"<>(),:;@\\\[\]]*+))\s*+<\s*+([^<>@\s"(),:;\\]++@[^<>@\s"(),:;\\]++)\s*+>\s*+'
)
_BARE = re.compile(r'\s*+([^<>@\s"(),:;\\\[\]]++@[^<>@\s"(),:;\\]++)\s*+')
_ENCODED_WORD = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*+\?=")
_TOKENS = re.compile(
    r'=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*+\?=|"(?:[^"\\]++|\\.)*+"?|\\.|[(),:;<>\s]|[^"\\(),:;<>\s]++|\\',
    re.DOTALL,
)
_QUOTED_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)', re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0<>\ud800-\udfff]")


def parse_addresses(value: str) -> tuple[Address, ...]:
    """All addresses of a header value (unfolded, encoded words not yet decoded), in order."""
    if "=?" in value and "@" not in _ENCODED_WORD.sub("", value):
        # RFC 2047 section 5 forbids it: the address itself is encoded, brackets and all
        decoded = clean_line(decode_words(value))
        value = decoded if "@" in decoded else value
    simple = _SIMPLE.fullmatch(value)
    if simple:
        return (_address(simple[1] or simple[2] or "", simple[3]),)
    bare = _BARE.fullmatch(value)
    if bare:
        return (_address("", bare[1]),)
    return _Reader().read(value) if value.strip() else ()


def _address(name: str, value: str) -> Address:
    value = clean_line(value) if value[:1] == '"' else _NOT_IN_ADDRESS.sub("", value)
    if value[:7].lower() == "mailto:":
        value = value[7:]
    name = clean_line(decode_words(name)).strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1].strip()
    # Outlook quotes what it takes for an address twice: "'anna@example.org'" <anna@example.org>
    says_nothing = name.strip("' ").lower() == value.lower()
    return Address(channel="email", value=value, name="" if says_nothing else name[:1000])


class _Reader:
    """One pass over the tokens of an address list; keeps what belongs to the address being read."""

    def __init__(self) -> None:
        self.found: list[Address] = []
        self.orphan = ""
        # words without an address before a comma: an unquoted "Andersson, Anna <...>"
        self._begin()

    def _begin(self) -> None:
        self.words: list[str] = []
        self.spec: list[str] = []
        # what stands in <angle brackets>
        self.comment: list[str] = []
        self.in_angle = False
        self.has_angle = False
        self.depth = 0

    def read(self, value: str) -> tuple[Address, ...]:
        for piece in _TOKENS.findall(value):
            if len(self.found) >= MAX_ADDRESSES:
                break
            if piece[0] == '"' and not self._is_closed(piece):
                # The quotation mark that ends it is missing: it began nothing.
                for inner in _TOKENS.findall(piece[1:].replace('"', "")):
                    self._take(inner)
                break
            self._take(piece)
        self._end()
        return tuple(self.found)

    @staticmethod
    def _is_closed(piece: str) -> bool:
        quoted = _QUOTED_STRING.match(piece)
        return quoted is not None and quoted.end() < len(piece)

    def _take(self, piece: str) -> None:
        if self.in_angle:
            if piece == ">":
                self.in_angle = False
            elif piece != "<" and not piece.isspace():
                self.spec.append(piece)
        elif piece == "(" or self.depth:
            self._take_comment(piece)
        else:
            self._take_outside(piece)

    def _take_comment(self, piece: str) -> None:
        self.depth += (piece == "(") - (piece == ")")
        if piece not in {"(", ")"}:
            self.comment.append(piece)
        elif self.comment and not self.depth:
            self.comment.append(" ")

    def _take_outside(self, piece: str) -> None:
        if piece == "<":
            if self.has_angle and not any("@" in word for word in self.spec):
                # Anna <City of Example> <anna@...>: the first pair held no address
                self.words += ["<", *self.spec, ">"]
                self.spec = []
            self.in_angle = self.has_angle = True
        elif piece == ">":
            return
        elif piece in {",", ";"}:
            self._end()
        elif piece == ":" and self.words and self.words[-1].lower().endswith("mailto"):
            rest = self.words.pop()[:-6]
            self.words += [rest] if rest else []
        elif piece == ":" and not any("@" in word for word in self.words):
            # RFC 5322 section 3.4: "name of a group:"; but mailto:anna@... is no group
            self._begin()
        else:
            self.words.append(piece)

    def _end(self) -> None:
        if self.has_angle:
            # RFC 5322 section 4.4: a route "@hop,@hop:" before the address says nothing today.
            spec = "".join(self.spec)
            spec = spec.rpartition(":")[2] if spec[:1] == "@" else spec
            # RFC 5322 section 3.2.2: a comment is no part of the name, but the only name there is without one.
            name = _phrase(self.words) or "".join(self.comment).strip()
            if self.orphan and spec:
                name = f"{self.orphan}, {name}" if name else self.orphan
            if not spec and any("@" in word for word in self.words):
                spec, name = self._split()
            if spec:
                self.found.append(_address(name, spec))
            self.orphan = ""
        elif any("@" in word for word in self.words):
            spec, rest = self._split()
            self.found.append(_address(rest or "".join(self.comment), spec))
            self.orphan = ""
        else:
            self.orphan = _phrase(self.words)[:200]
        self._begin()

    def _split(self) -> tuple[str, str]:
        """The word with the "@" and the others, for an address that stands without brackets."""
        words = self.words
        at = next((index for index, word in enumerate(words) if "@" in word.strip("@")), -1)
        if at < 0:
            at = next(index for index, word in enumerate(words) if "@" in word)
        others = words[:at] + words[at + 1 :]
        if words[at][0] == "@" and at and words[at - 1][0] == '"':
            # a quoted local part: "anna andersson"@example.org
            return words[at - 1] + words[at], _phrase(words[: at - 1] + words[at + 1 :])
        if words[at][0] == '"':
            return words[at].strip('"').strip(), _phrase(others)
        found = words[at]
        inside = found.strip("[]'") if found[0] in "['" or "[" not in found else found
        return inside, _phrase([word for word in others if word not in {"[", "]"}])


def _phrase(words: list[str]) -> str:
    """A display name of tokens: quotation marks and their escapes are not part of it."""
    return "".join([_unquote(word) if word[0] == '"' else word for word in words]).strip()


def _unquote(word: str) -> str:
    inner = _QUOTED_STRING.match(word)
    return _QUOTED_PAIR.sub(r"\1", inner[1]) if inner else word

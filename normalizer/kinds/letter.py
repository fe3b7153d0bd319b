"""One mail as it is looked at to tell a person from a machine."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from normalizer.email.headers import Headers
from normalizer.email.mime import Part
from normalizer.kinds.absence_signs import split_plain
from normalizer.kinds.notice_clauses import Parts, find_parts, read_clause
from normalizer.kinds.phrases import find_words, is_latin
from normalizer.messages import Address
from normalizer.text import drop_direction

_HEAD = 900
# characters of the text in which an automatic answer says what it is
_WORD = 40
# letters that may be cut off where the head ends
_NOTICE = 1500
# characters of the longest notice
_REST = 20
_MARKS = frozenset('"\u201c\u201d\u201e\u00ab')
_QUOTATION = re.compile(
    '["\u201c\u201e\u201d\u00ab][^"\u201c\u201d\u201e\u00ab\u00bb]{40,700}["\u201d\u201c\u00bb]'
)
_QUESTION = re.compile(r"[?\uff1f\u061f](?=\s|\Z)")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is looked at to tell a person from a machine."""

    root: Part
    sender: Address | None
    reply_to: tuple[Address, ...]
    subject: str
    text: str
    new_text: str
    null_sender: bool
    is_reply: bool
    calendar_method: str = ""

    def without_quotations(self) -> "Letter":
        """The same without what stands in quotation marks, where that is a sentence or more of somebody else's."""
        if _MARKS.isdisjoint(self.new_text[:_NOTICE]):
            return self
        rest = _QUOTATION.sub(" ", self.new_text[:_NOTICE])
        if len(rest) == len(self.new_text[:_NOTICE]) or len(rest.strip()) < _REST:
            return self
        return replace(self, new_text=rest + self.new_text[_NOTICE:])

    @property
    def headers(self) -> Headers:
        return self.root.headers

    @cached_property
    def head(self) -> str:
        """The first words, lower-case, on one line: a phrase may be broken over two lines."""
        return fold(self.new_text[:_HEAD])

    @cached_property
    def parts(self) -> Parts:
        """Which parts of an absence notice its text has."""
        return find_parts(split_plain(self.new_text[:_NOTICE]))

    @cached_property
    def said(self) -> int:
        """What its first words say: a sum of `Concept`."""
        return read_clause(self.head)

    @cached_property
    def heard(self) -> int:
        """What it says in the length of a notice: what no clause of it can hold need not be looked for."""
        return self.said | read_clause(fold(self.new_text[_HEAD - _WORD : _NOTICE]))

    @cached_property
    def title(self) -> str:
        """The subject in the same form."""
        return fold(self.subject)

    @cached_property
    def words(self) -> frozenset[str]:
        return find_words(self.head)

    @cached_property
    def latin(self) -> bool:
        return is_latin(self.head)

    @cached_property
    def submitted(self) -> str:
        """The keyword of Auto-Submitted (RFC 3834 section 5) without parameters and comments."""
        if not self.headers.has("auto-submitted"):
            return ""
        value = self.headers.text("auto-submitted")
        return value.partition(";")[0].partition("(")[0].strip().lower() or "no"

    @property
    def asks(self) -> bool:
        """Whether the writer asks something. Machines do not ask."""
        text = self.new_text
        if "?" not in text and "\uff1f" not in text and "\u061f" not in text:
            return False
        return any(
            "http" not in line or " " in line.strip() for line in text.split("\n") if _QUESTION.search(line)
        )

    @property
    def quotes_nothing(self) -> bool:
        return len(self.new_text) * 10 >= len(self.text) * 9


def fold(text: str) -> str:
    """Lower-case, one space between words, no marks of direction, one sort of apostrophe."""
    text = " ".join(text.lower().replace("\u2019", "'").split())
    return text if text.isascii() else drop_direction(text)

"""A mail in two forms, plain and HTML: whether they say the same, and what the one tells of the other."""

import re
from collections import Counter

from normalizer.markup import render
from normalizer.quote_tags import MARKED

_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r"<?(?:https?|mailto|tel):[^\s>]*+>?|\[[^\]\n]{0,300}\]")
_ENOUGH = 5
# words by which the begin of the quoted text is known again


def find_words(text: str) -> list[str]:
    """Without the addresses of links and the names of pictures: the two forms write those differently."""
    return _WORD.findall(_LINK.sub(" ", text))


def say_the_same(one: str, other: str, *, share: float = 0.9) -> bool:
    words, others = Counter(find_words(one)), Counter(find_words(other))
    total = max(words.total(), others.total())
    return total > 0 and (words & others).total() >= share * total


def find_quoted_line(text: str, html: str) -> int:
    """Where the quoted text begins in the plain form, told by the marks in the HTML form; -1 when nothing tells.

    Only where both say the same words up to there and a little beyond, and nothing stands below what is quoted.
    """
    if not MARKED.search(html):
        return -1
    rendered = render(html)
    if rendered.quoted_from <= 0 or rendered.quoted_until >= 0:
        return -1
    lines = rendered.text.split("\n")
    own = find_words("\n".join(lines[: rendered.quoted_from]))
    quoted = find_words("\n".join(lines[rendered.quoted_from : rendered.quoted_from + 20]))
    position = 0
    for number, line in enumerate(text.split("\n")):
        words = find_words(line)
        if words and position == len(own):
            begin = min(_ENOUGH, len(words))
            return number if position and words[:begin] == quoted[:begin] else -1
        if words != own[position : position + len(words)]:
            return -1
        position += len(words)
    return -1

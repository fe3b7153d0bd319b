"""A mail in two forms, plain and HTML: whether they say the same, and what the one tells of the other."""

import re
from collections import Counter

from normalizer.email.markup import Rendered, render
from normalizer.replies.quote_tags import MARKED, QUOTE_BEGINS, SIGNED
from normalizer.text import trim

_WORD = re.compile(r"[^\W_]+")
_LINK = re.compile(r"<?(?:https?|mailto|tel):[^\s>]*+>?|\[[^\]\n]{0,300}\]")


def find_words(text: str) -> list[str]:
    """Without the addresses of links and the names of pictures: the two forms write those differently."""
    return _WORD.findall(_LINK.sub(" ", text))


def say_the_same(one: str, other: str, *, share: float = 0.9) -> bool:
    words, others = Counter(find_words(one)), Counter(find_words(other))
    total = max(words.total(), others.total())
    return total > 0 and (words & others).total() >= share * total


def find_marked_text(html: str) -> Rendered | None:
    """The HTML form as text, where a mail program marked in it what is quoted or signed; else None."""
    rendered = render(html) if MARKED.search(html) else None
    return rendered if rendered and (rendered.quoted_from >= 0 or rendered.signatures) else None


def find_signed_text(html: str, *, above: bool) -> Rendered | None:
    """The same where only a signature is looked for; of what stands above the quotation when the answer does (`above`)."""
    signed = SIGNED.search(html)
    if signed is None:
        return None
    quoted = QUOTE_BEGINS.search(html) if above else None
    if quoted is not None:
        if quoted.start() < signed.start():
            # the signature of the one who is quoted
            return None
        html = html[: quoted.start()]
    rendered = render(html)
    return rendered if rendered.quoted_from >= 0 or rendered.signatures else None


def leave_quoted_out(new_text: str, marked: str) -> str:
    """Of what seems new in the plain form, what is new by the marks in the HTML form (`marked`) too.

    Only when that is a part of it: where each has words that the other lacks, nobody knows better.
    """
    words, others = find_words(new_text), find_words(marked)
    if not others and marked and new_text.startswith(marked):
        # nothing but a sign: "?"
        return marked
    if not others or len(others) >= len(words) or not Counter(others) <= Counter(words):
        return new_text
    lines = new_text.split("\n")
    position = 0
    for number, line in enumerate(lines):
        found = find_words(line)
        if found != others[position : position + len(found)]:
            return marked
        position += len(found)
        if position == len(others):
            return trim("\n".join(lines[: number + 1]))
    return marked

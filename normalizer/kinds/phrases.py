"""Many phrases looked for at once: only those whose first word stands in the text are compared."""

import re

_WORD = re.compile(r"[^\W_]+")
_BEYOND_LATIN = re.compile("[\u0370-\uffff]")


def find_words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def is_latin(text: str) -> bool:
    return text.isascii() or _BEYOND_LATIN.search(text) is None


class Phrases:
    """A table of phrases by their first words. Those without a space may be stems, or a script without spaces."""

    def __init__(self, phrases: tuple[str, ...]) -> None:
        self._by_word: dict[str, tuple[str, ...]] = {}
        latin: list[str] = []
        others: list[str] = []
        for phrase in phrases:
            words = _WORD.findall(phrase)
            if is_latin(phrase):
                if len(words) > 1 or phrase.endswith(" "):
                    self._by_word[words[0]] = (*self._by_word.get(words[0], ()), phrase)
                else:
                    latin.append(phrase)
            else:
                others.append(phrase)
        self._known = frozenset(self._by_word)
        self._stems = tuple(latin)
        self._others = tuple(others)

    def count(self, text: str, words: frozenset[str], *, latin: bool) -> int:
        """How many of the phrases stand in the text, given its words and `is_latin`."""
        found = sum([phrase in text for phrase in self._stems])
        for word in self._known & words:
            found += sum([phrase in text for phrase in self._by_word[word]])
        if not latin:
            found += sum([phrase in text for phrase in self._others])
        return found

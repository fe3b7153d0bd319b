"""Misspelt keywords: one letter too many, one missing, one wrong, or two in the wrong order.

Every keyword is prepared once with each of its letters left out (symmetric deletion). A word with one mistake
shares one of those forms with it, so a look is a few dozen steps in a dictionary, whatever the number of keywords.
"""

_SHORTEST = 7
# Shorter words have too many neighbours that are words of their own.
_ANY_MISTAKE_FROM = 8
# From here any mistake is forgiven; in shorter words only a doubled or a swapped letter.


class Misspellings:
    """Stems of keywords, and which of them a misspelt word may mean."""

    def __init__(self) -> None:
        self._forms: dict[str, list[tuple[str, int, int]]] = {}
        # a stem, or a stem less one letter -> stem, number, letters that may follow as an ending

    def add(self, stem: str, number: int, reach: int) -> None:
        """Take in one folded stem. Short ones are left out."""
        if len(stem) >= _SHORTEST and stem.isalpha():
            entry = (stem, number, reach)
            for form in _leave_out(stem):
                self._forms.setdefault(form, []).append(entry)

    def find(self, word: str) -> list[tuple[int, int]]:
        """Numbers of the keywords that a folded word may mean, and where each ends in it."""
        size = len(word)
        if size < _SHORTEST - 1 or not word.isalpha():
            return []
        forms, found = self._forms, {}
        # The ending follows the mistake: every beginning of the word that leaves an ending is tried, longest first.
        for end in range(size, max(_SHORTEST - 2, size - _LONGEST_ENDING - 1), -1):
            beginning = word[:end]
            for form in _leave_out(beginning):
                for stem, number, reach in forms.get(form, ()):
                    if number not in found and size - end <= reach and _is_slip(beginning, stem):
                        found[number] = end
        return list(found.items())


_LONGEST_ENDING = 5


def _leave_out(word: str) -> set[str]:
    """The word, and the word less each one of its letters."""
    return {word, *[word[:at] + word[at + 1 :] for at in range(len(word))]}


def _is_slip(word: str, stem: str) -> bool:
    """One mistake lies between them, and not in the first letter: "gatan" is not "hatan"."""
    if word[0] != stem[0] or abs(len(word) - len(stem)) > 1:
        return False
    at = 0
    shorter = min(len(word), len(stem))
    while at < shorter and word[at] == stem[at]:
        at += 1
    if len(word) == len(stem):
        if word[at + 1 :] == stem[at + 1 :]:
            return len(stem) >= _ANY_MISTAKE_FROM and at < len(stem) - 1
        return word[at + 2 :] == stem[at + 2 :] and word[at : at + 2] == stem[at : at + 2][::-1]
    longer, other = (word, stem) if len(word) > len(stem) else (stem, word)
    if longer[at + 1 :] != other[at:]:
        return False
    # At the end it would be another ending, not a mistake.
    doubled = longer[at] == longer[at - 1]
    return at < len(other) and (doubled or len(stem) >= _ANY_MISTAKE_FROM)

"""A case's number, made for the telephone.

Eight characters, shown as 7K4M-9QXT: seven at random and one that checks the others. The alphabet has no
0 and O, no 1 and I, and no vowels, so that no word can appear. Its size, 29, is a prime, and every position
has a weight of its own: any single wrong character and any two that changed places are found.
"""

ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXYZ"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_PRIME = 29
_LENGTH = 8
_BETWEEN = "-.,:/_\u2010\u2011\u2012\u2013\u2014"
_INVERSE = pow(_LENGTH, -1, _PRIME)


class BadReference(ValueError):
    """Not a case number. The text says why, for the person who typed it."""


def make_reference(randomness: int) -> str:
    """A case number drawn with a random whole number of at least 40 bits."""
    characters = []
    total = 0
    for weight in range(1, _LENGTH):
        randomness, value = divmod(randomness, _PRIME)
        characters.append(ALPHABET[value])
        total += weight * value
    # The check character makes the weighted sum, its own weight being 8, a multiple of 29.
    characters.append(ALPHABET[-total * _INVERSE % _PRIME])
    return "".join(characters)


def read_reference(typed: str) -> str:
    """The reference somebody typed or said, however it is spaced or cased. Raises BadReference."""
    characters = [c for c in typed.upper() if not (c.isspace() or c in _BETWEEN)]
    if len(characters) != _LENGTH:
        raise BadReference(f"A case number has {_LENGTH} characters; this has {len(characters)}.")
    foreign = [c for c in characters if c not in _VALUE]
    if foreign:
        raise BadReference(f"A case number never has the character {foreign[0]!r}.")
    if sum(weight * _VALUE[c] for weight, c in enumerate(characters, 1)) % _PRIME:
        raise BadReference("One character is wrong, or two have changed places.")
    return "".join(characters)


def show_reference(reference: str) -> str:
    """As people see it: 7K4M-9QXT."""
    return f"{reference[:4]}-{reference[4:]}"

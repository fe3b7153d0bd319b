"""Roads whose name is a number: "väg 66", "E18", and not "Hammarby väg 66"."""

_ROAD_NUMBER = 4
# Swedish road numbers have one to four digits.
_BEFORE_ROAD = frozenset(
    (
        *(
            "på",
            "pa",
            "i",
            "vid",
            "längs",
            "langs",
            "utmed",
            "efter",
            "till",
            "från",
            "fran",
            "av",
            "över",
            "over",
        ),
        *("under", "mot", "om", "och", "för", "for", "den", "en", "statliga"),
        *("on", "at", "along", "of", "to", "from", "by", "the", "and"),
    )
)
# After these "väg 66" is a road. After another word it may end a street's name: "Hammarby väg 66".


def measure_road(words: list[str], token: int, *, said: bool) -> tuple[int, bool]:
    """How many words a road's name takes, 0 when it is none, and whether it surely is a road.

    `said`: the word before is a keyword, and so no part of a street's name.
    """
    word = words[token]
    if word[-1].isdigit():  # E18
        return int(sum(map(str.isdigit, word)) <= _ROAD_NUMBER), True
    number = words[token + 1] if token + 1 < len(words) else ""
    if not number.isdecimal() or len(number) > _ROAD_NUMBER:
        return 0, False
    before = words[token - 1] if token else ""
    known = not before or before.lower() in _BEFORE_ROAD
    if before[:1].isupper() and token > 1 and not known:
        return 0, False  # a name: Hammarby väg 66
    return 2, known or said

"""The fields of a posted form (application/x-www-form-urlencoded), bounded."""

from urllib.parse import parse_qsl, urlsplit

from channels.base import Unparseable

MOST = 500
"""Fields of one delivery; providers add to theirs without notice."""


class Fields(dict[str, list[str]]):
    """Every value of every field, in order."""

    def getall(self, name: str) -> list[str]:
        """All values of one field, as the signatures of some providers need them."""
        return self.get(name, [])

    def first(self, name: str, most: int = 500) -> str:
        """A field's value, cut; "" when it is missing."""
        return self.get(name, [""])[0][:most]


def read_fields(body: bytes) -> Fields:
    """The fields of a body. Raises Unparseable."""
    try:
        # Empty values count too: a signature covers the names.
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST, errors="strict")
    except ValueError as error:  # UnicodeDecodeError is one
        raise Unparseable("the body is no form in UTF-8") from error
    found = Fields()
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def read_query(url: str) -> Fields:
    """The fields of a URL's query; none when it is no form."""
    try:
        return read_fields(urlsplit(url).query.encode("utf-8", "replace"))
    except (Unparseable, ValueError):
        return Fields()

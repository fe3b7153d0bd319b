"""The words of the staff's pages. They work in Swedish; what comes along says which texts there are."""

from collections.abc import Mapping

from config.catalogues import PLACEHOLDER, load_texts, read_ours


def load_staff_texts() -> Mapping[str, str]:
    """Key -> text. Raises ConfigurationError."""
    swedish = read_ours("staff", "sv")
    names = {key: frozenset(PLACEHOLDER.findall("".join(text.forms))) for key, text in swedish.items()}
    keys = [(key, held, held) for key, held in names.items()]
    return load_texts("staff", keys, ("sv",), None)["sv"].values

"""The words of letters to the city's own groups: in the language of the authority, and never a resident's words."""

from collections.abc import Mapping
from pathlib import Path

from config.catalogues import Key, load_texts

LANGUAGE = "sv"
STEPS = ("unaccepted", "remind", "last-day", "late", "directors", "status", "alarm")

_ALL = frozenset({"reference", "department", "received", "placed", "due", "first_due", "new_due", "count"})
_NUMBER = frozenset({"reference"})


def load_notice_texts(folder: Path | None = None) -> Mapping[str, str]:
    """Every text by its name: "remind.subject". Raises ConfigurationError with every problem."""
    keys: list[Key] = [(f"{step}.{part}", _ALL, _NUMBER) for step in STEPS for part in ("subject", "text")]
    return load_texts("notices", keys, (LANGUAGE,), folder)[LANGUAGE].values

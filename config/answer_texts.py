"""Templates for answers that people write: in Swedish, Finnish and English, and the city's own in their place."""

from collections.abc import Collection, Mapping
from pathlib import Path

from config.catalogues import Key, load_texts

LANGUAGES = ("sv", "fi", "en")
TEMPLATES = ("received", "looking", "done", "ask", "no", "other")

_ALL = frozenset({"reference", "department", "due"})


def load_answer_texts(
    languages: Collection[str], folder: Path | None = None
) -> Mapping[str, Mapping[str, str]]:
    """Language -> template -> text, in those of the city's languages that have them. Raises ConfigurationError."""
    keys: list[Key] = [(name, _ALL, frozenset()) for name in TEMPLATES]
    chosen = [code for code in LANGUAGES if code in languages or code == "sv"]
    return {code: loaded.values for code, loaded in load_texts("answers", keys, chosen, folder).items()}

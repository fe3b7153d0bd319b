"""The words of the chat, one folder a language. What comes along in Swedish says which texts there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from config.catalogues import PLACEHOLDER, Key, list_languages, load_texts, read_ours


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatTexts:
    """One language of the chat."""

    language: str
    values: Mapping[str, str]

    def widget(self) -> dict[str, str]:
        """The words that the browser says, by their short names."""
        return {key.partition(".")[2]: text for key, text in self.values.items() if key.startswith("widget.")}


def load_chat_texts(folder: Path | None = None) -> Mapping[str, ChatTexts]:
    """The words in every language that there are any in; the city's own lie over ours.

    A chat may speak a language that the city's pages do not. Raises ConfigurationError with every problem.
    """
    loaded = load_texts("chat", list_keys(), list_languages("chat", folder), folder)
    return {language: ChatTexts(language=language, values=each.values) for language, each in loaded.items()}


@lru_cache(maxsize=1)
def list_keys() -> tuple[Key, ...]:
    """Every key of the chat with its placeholders."""
    swedish = read_ours("chat", "sv")
    found = {key: frozenset(PLACEHOLDER.findall("".join(text.forms))) for key, text in swedish.items()}
    return tuple((key, names, names) for key, names in found.items())

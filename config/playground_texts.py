"""The words of the demo's page, one folder a language. What comes along in Swedish says which texts there are."""

from collections.abc import Mapping

from config.catalogues import PLACEHOLDER, list_languages, load_texts, read_ours


def load_playground_texts() -> Mapping[str, Mapping[str, str]]:
    """Language -> key -> text. A city has no words of its own here: it is no page of the city's."""
    swedish = read_ours("playground", "sv")
    names = {key: frozenset(PLACEHOLDER.findall("".join(text.forms))) for key, text in swedish.items()}
    keys = [(key, held, held) for key, held in names.items()]
    loaded = load_texts("playground", keys, list_languages("playground"), None)
    return {language: each.values for language, each in loaded.items()}

"""The page with the chat in it, and what the chat says in the browser. Pure."""

from collections.abc import Mapping
from typing import Any

from babel import Locale

from config.chat_texts import ChatTexts
from gateway.web.pages import Pages

_DEFAULT = ("en", "sv")
"""What is read where a language has no words of its own."""


def write_chat_page(
    pages: Pages, language: str, texts: Mapping[str, ChatTexts], *, pretend: bool, host: str
) -> str:
    """The page /chat. `pretend` shows it as one of the city's pages, with the line that puts the chat there."""
    language = pages.choose(language)
    words = find_texts(texts, language).values
    own = {key.partition(".")[2]: text for key, text in words.items() if key.startswith("page.")}
    return pages.render("chat", language, switch="/chat?lang=", c=own, pretend=pretend, host=host)


def tell_widget(pages: Pages, language: str, texts: Mapping[str, ChatTexts]) -> dict[str, Any]:
    """What the chat says, in one language, and whose it is."""
    found, city = find_texts(texts, language), pages.organisation
    errors = {key.partition(".")[2]: text for key, text in found.values.items() if key.startswith("errors.")}
    return {
        "lang": found.language,
        "dir": Locale.parse(found.language).text_direction,
        "city": city.names.get(found.language) or city.names["sv"],
        "privacy": city.privacy_url,
        "words": found.widget(),
        "errors": errors,
    }


def find_texts(texts: Mapping[str, ChatTexts], language: str) -> ChatTexts:
    """The words in this language, or in one that most can read."""
    return next(texts[code] for code in (language, *_DEFAULT, *texts) if code in texts)

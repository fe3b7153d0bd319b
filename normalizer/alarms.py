"""Sensitive and urgent messages: what must reach a person at once, and be answered with care. Pure.

It aims at recall: a person lowers a false alarm with one click, nobody raises one that was never seen. It never
blocks or delays the receipt, which holds the line about 112 whatever is found here. The words are the city's:
`config/example/alarms.toml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from normalizer.messages import NormalizedMessage
from normalizer.sayings import Wordings
from normalizer.signs import Signs
from normalizer.wordings import LanguageWords, split_sentences

AlarmClass = Literal["akut", "suicid", "barn", "vald", "hot", "vuxen"]

ALARM_CLASSES: tuple[AlarmClass, ...] = ("suicid", "akut", "barn", "vald", "hot", "vuxen")
"""The most pressing first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One class that a message speaks of."""

    kind: AlarmClass
    # akut: danger to life or property now. suicid. barn: a child at risk. vald: violence at home.
    # hot: a threat to staff, politicians or buildings. vuxen: worry about an adult who cannot cope
    words: tuple[str, ...] = field(default=(), repr=False)
    # what was met, for staff only: never logged and never in a receipt


class _Language:
    """The classes in one language: by wordings, and where no alarm is met by them, by signs."""

    def __init__(self, words: LanguageWords, classes: Sequence[str]) -> None:
        self._wordings = Wordings(words, classes)
        alarms = not set(ALARM_CLASSES).isdisjoint(classes)
        self._signs = Signs(words.signs, words.signs_limit if alarms else 0)

    def find(self, words: list[str]) -> dict[str, tuple[str, ...]]:
        found = self._wordings.find(words)
        if _PRESSING.isdisjoint(found):
            name, shown = self._signs.find(words)
            if name:
                found[name] = shown
        return found


_PRESSING = frozenset(ALARM_CLASSES)


class Detector:
    """Some classes in every language of the word file. `read` may be called from any thread.

    A language is prepared when it is first met: to prepare all takes longer than a start should.
    """

    def __init__(self, words: Mapping[str, LanguageWords], classes: Sequence[str]) -> None:
        self._words = words
        self._classes = tuple(classes)
        self._ready: dict[str, _Language] = {}

    def _prepare(self, language: str) -> _Language:
        # Two threads may prepare the same one: both are right, and one stays.
        ready = self._ready[language] = _Language(self._words[language], self._classes)
        return ready

    def read(self, message: NormalizedMessage | list[str], language: str = "") -> dict[str, tuple[str, ...]]:
        """The classes met, with their words. Where the language is not sure, the words of all count."""
        if isinstance(message, list):
            words = message
        else:
            words = split_sentences(message.subject, message.new_text)
            language = language or message.written_in
        known = self._ready.get(language)
        if known is None and language in self._words:
            known = self._prepare(language)
        if known is not None:
            return known.find(words)
        # One after the other: "en" is an article in Swedish, and denies in Finnish.
        found: dict[str, tuple[str, ...]] = {}
        for code in self._words:
            each = self._ready.get(code) or self._prepare(code)
            for name, met in each.find(words).items():
                found[name] = found.get(name, ()) + met
        return found


class Alarms:
    """The city's alarm words, prepared once."""

    def __init__(self, words: Mapping[str, LanguageWords]) -> None:
        self._detector = Detector(words, ALARM_CLASSES)

    def find(self, message: NormalizedMessage | list[str], language: str = "") -> tuple[Alarm, ...]:
        """What is pressing in a message, or in words of `split_sentences`; the most pressing first.

        `language` is that of the text; "" is what the message knows, and all languages when it knows none.
        """
        return alarms_of(self._detector.read(message, language))


def alarms_of(found: Mapping[str, tuple[str, ...]]) -> tuple[Alarm, ...]:
    """The alarms among the classes that a detector met; the most pressing first."""
    return tuple(Alarm(kind=kind, words=found[kind]) for kind in ALARM_CLASSES if kind in found)

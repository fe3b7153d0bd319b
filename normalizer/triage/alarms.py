"""Sensitive and urgent messages: what must reach a person at once, and be answered with care. Pure.

It aims at recall: a person lowers a false alarm with one click, nobody raises one that was never seen. It never
blocks or delays the receipt, which holds the line about 112 whatever is found here. The words are the city's:
`config/example/alarms.toml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from normalizer.messages import NormalizedMessage
from normalizer.triage.sayings import Wordings
from normalizer.triage.signs import Signs
from normalizer.triage.wordings import LanguageWords, split_sentences

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
    sure: bool = True
    # False: told by signs alone. That something is wrong is likelier than what, so the receipt says nothing of it


class _Language:
    """The classes in one language: by wordings, and where no alarm is met by them, by signs."""

    def __init__(self, words: LanguageWords, classes: Sequence[str]) -> None:
        self._wordings = Wordings(words, classes)
        alarms = not set(ALARM_CLASSES).isdisjoint(classes)
        self._signs = Signs(words.signs, words.signs_limit if alarms else 0)

    def find(self, words: list[str], skip: frozenset[str]) -> dict[str, tuple[str, ...]]:
        found = self._wordings.find(words, skip)
        if _PRESSING.isdisjoint(found):
            name, shown = self._signs.find(words)
            if name:
                found[name + _GUESSED] = shown
        return found


_PRESSING = frozenset(ALARM_CLASSES)
_GUESSED = "?"
# after the name of a class that only signs tell of


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

    def read(
        self,
        message: NormalizedMessage | list[str],
        language: str = "",
        skip: frozenset[str] = frozenset(),
    ) -> dict[str, tuple[str, ...]]:
        """The classes met but those of `skip`, with their words. Where the language is not sure, the words of all count."""
        if isinstance(message, list):
            words = message
        else:
            # A form's subject is often a part of the text, and says nothing more.
            said = message.subject in message.new_text
            words = split_sentences("" if said else message.subject, message.new_text)
            language = language or message.written_in
        known = self._ready.get(language)
        if known is None and language in self._words:
            known = self._prepare(language)
        if known is not None:
            return known.find(words, skip)
        # One after the other: "en" is an article in Swedish, and denies in Finnish.
        found: dict[str, tuple[str, ...]] = {}
        for code in self._words:
            each = self._ready.get(code) or self._prepare(code)
            for name, met in each.find(words, skip).items():
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
    if not found:
        return ()
    sure = [Alarm(kind=kind, words=found[kind]) for kind in ALARM_CLASSES if kind in found]
    guessed = [
        Alarm(kind=kind, words=found[kind + _GUESSED], sure=False)
        for kind in ALARM_CLASSES
        if kind + _GUESSED in found and kind not in found
    ]
    return (*sure, *guessed)

"""What is wrong with the words themselves: Swedish that is hard to read, text messages that are too long.

Nothing here stops the service: `kvitto check` tells it, and the texts that come along are held to it by tests.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import cast

from config.receipt_texts import LETTERS
from gateway.letters.letter_words import write_day
from gateway.letters.receipts import Receipt, Variant
from gateway.letters.rendering import Letters, Said
from normalizer.text_message import GSM_7, GSM_7_TWICE, SEGMENT, count_septets

LIX = 35
"""Highest reading index of a Swedish letter: words per sentence, and the share of words over six letters."""

SENTENCE = 20
"""Most words of a Swedish sentence."""


SAYINGS_BY_SMS: tuple[Said, ...] = ("question", "same", "new", "stop", "resume")

SPOKEN = (
    *("chat.greeting", "chat.add", "chat.child", "chat.answer", "chat.question", "chat.joined", "chat.kept"),
    *("sms.question", "sms.stopped", "sms.resumed"),
)
"""What is said in conversations beside letters."""


def split_sentences(text: str) -> list[str]:
    """The sentences of a text; a line of its own is one too."""
    return [each for each in re.split(r"[.?!]\s+|\n+", text) if re.search(r"\w", each)]


def measure_lix(text: str) -> float:
    """How hard a Swedish text is to read: below 30 a children's book, above 50 a law."""
    words = re.findall(r"[^\W\d_]+", text)
    if not words:
        return 0.0
    long = sum(len(word) > 6 for word in words)
    return len(words) / len(split_sentences(text)) + 100 * long / len(words)


def read_prose(letters: Letters, variant: str, language: str = "sv") -> str:
    """The running text of a letter, with "det" for each name and number that is filled in."""
    texts, letter = letters.texts[language], LETTERS[variant]
    keys = [f"variants.{variant}.title", f"labels.{letter.next}", f"variants.{variant}.next"]
    keys += ["automatic_news" if letter.later else "automatic"]
    if letter.urgent:
        keys += [f"urgent.{variant}_title", f"urgent.{variant}", f"urgent.{variant}_lines"]
    sections = ("add", "questions", "public", "danger")
    keys += [f"sections.{name}{end}" for name in sections for end in ("_title", "")]
    return "\n".join(re.sub(r"\{\w+\}", "det", texts[key]) for key in keys)


def find_hard_texts(letters: Letters) -> Iterator[str]:
    """Swedish letters that are hard to read, each with what makes them so."""
    told = set()
    texts = letters.texts["sv"]
    spoken = "\n".join(re.sub(r"\{\w+\}", "det", texts[key]) for key in SPOKEN)
    proses = [(f"the letter {variant!r}", read_prose(letters, variant)) for variant in LETTERS]
    for name, prose in [*proses, ("what is said in conversations", spoken)]:
        lix = measure_lix(prose)
        if lix > LIX:
            yield f"sv/receipts.po: {name} has LIX {lix:.0f}, more than {LIX}."
        for sentence in split_sentences(prose):
            if (count := len(sentence.split())) > SENTENCE and sentence not in told:
                told.add(sentence)
                yield f"sv/receipts.po: a sentence of {count} words, more than {SENTENCE}: {sentence[:60]!r}."


def find_long_messages(letters: Letters) -> Iterator[str]:
    """Text messages that take more than one segment, with the department and the date that make them longest."""
    organisation = letters.organisation
    for language in organisation.languages:
        pattern = letters.texts[language]["dates.short"]
        days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
        longest = max(days, key=lambda day: len(write_day(day, pattern, language)))
        for variant in LETTERS:
            messages = [
                letters.render_sms(
                    Receipt(
                        reference="MMMM-MMMM",
                        received_at=datetime(2026, 1, 1, tzinfo=UTC),
                        channel="sms",
                        language=language,
                        variant=cast("Variant", variant),
                        due=longest,
                        department=key,
                    )
                )
                for key in organisation.departments
            ]
            yield from _measure(language, f"sms.{variant}", max(messages, key=len))
        for said in SAYINGS_BY_SMS:
            _, message, _ = letters.render_saying(said, language, "sms", "MMMM-MMMM")
            yield from _measure(language, f"what is said of {said!r}", message)


def _measure(language: str, name: str, message: str) -> Iterator[str]:
    septets = count_septets(message)
    if septets is None:
        strange = "".join(sorted(set(message) - GSM_7 - GSM_7_TWICE))
        yield f"{language}/receipts.po: {name} has letters outside GSM 03.38: {strange!r}."
    elif septets > SEGMENT:
        yield f"{language}/receipts.po: {name} takes {septets} septets, more than {SEGMENT}: {message!r}."

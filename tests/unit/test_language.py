"""The language of short messages: many languages, spellings, mixtures, and texts that have none."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.language import ENOUGH_WORDS, MAX_READ, detect
from normalizer.language_words import WORDS

FOLDER = Path(__file__).parent.parent / "fixtures" / "language"
SENTENCES = [
    (line.partition("\t")[0], line.partition("\t")[2])
    for name in ("sentences.tsv", "more_sentences.tsv")
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()
]
NO_SPACES = {"zh", "ja", "th"}
FULL = [
    (code, text)
    for code, text in SENTENCES
    if code in NO_SPACES or len(re.findall(r"[^\W\d_]+", text)) >= ENOUGH_WORDS
]
SWEDISH = [text for code, text in FULL if code == "sv"]
CITY = {"sv", "fi", "en", "no", "da", "ar", "so", "fa", "ku", "ckb", "bs", "pl", "es", "de", "uk", "ru", "tr", "fr", "ti", "sq", "ro", "et"}  # fmt: skip
DIGRAPHS = str.maketrans({"å": "aa", "ä": "ae", "ö": "oe", "Å": "Aa", "Ä": "Ae", "Ö": "Oe"})
PLAIN = str.maketrans("åäöÅÄÖ", "aaoAAO")


def wrong_of(sentences):
    return [(code, detect(text), text) for code, text in sentences if detect(text) != code]


def test_of_sentences_from_three_words_at_least_98_in_100_are_right():
    wrong = wrong_of(FULL)
    assert len(wrong) <= 0.02 * len(FULL), wrong


def test_in_the_languages_that_residents_write_at_least_98_in_100_are_right():
    ours = [(code, text) for code, text in FULL if code in CITY]
    wrong = wrong_of(ours)
    assert {code for code, _ in ours} == CITY
    assert len(wrong) <= 0.02 * len(ours), wrong


def test_no_language_is_mistaken_more_than_now_and_then():
    by_code = {code: [text for other, text in FULL if other == code] for code, _ in FULL}
    wrong = {code: wrong_of([(code, text) for text in texts]) for code, texts in by_code.items()}
    assert {
        code: found for code, found in wrong.items() if len(found) > max(1, len(by_code[code]) // 10)
    } == {}


@pytest.mark.parametrize(
    "spell",
    [
        lambda text: text,
        lambda text: text.translate(PLAIN),
        lambda text: text.translate(DIGRAPHS),
        str.upper,
        str.lower,
        lambda text: f"{text} https://example.org/the/street kontakt@example.org 070-174 06 05",
        lambda text: text.replace("ö", "o\u0308").replace("å", "a\u030a").replace("ä", "a\u0308"),
    ],
    ids=["as written", "without dots", "aa ae oe", "upper case", "lower case", "addresses", "decomposed"],
)
def test_swedish_however_it_is_typed(spell):
    wrong = wrong_of([("sv", spell(text)) for text in SWEDISH])
    assert len(wrong) <= 0.02 * len(SWEDISH), wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hej! The street light outside my house has been broken for two weeks", "en"),
        ("Hello, jag undrar när biblioteket öppnar på lördag", "sv"),
        ("Hej! Katuvalo on rikki talomme edessä", "fi"),
        ("Min granne Mohammed Abdi Hassan spelar hög musik", "sv"),
        ("gatlmpan är trassig på vår gatta", "sv"),
        ("hej jag heter ali och jag vil ha hjalp", "sv"),
        ("cykel-bana saknas, e-post funkar ej", "sv"),
        ("Я живу на Storgatan 4, лампа не горит", "ru"),
        ("أسكن في Storgatan 12 Västerås والمصباح مكسور", "ar"),
        ("Hej, vad betyder مرحبا på svenska", "sv"),
        ("چراغ كوچه ما خاموش است و كسي نمي آيد", "fa"),
        ("Kiitos paljon", "fi"),
        ("Thank you", "en"),
    ],
)
def test_mixtures_names_and_typing_errors(text, expected):
    assert detect(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "12345 678 90", "Hej", "kiitos", "OK", "Anna Maria Svensson", "Anna Andersson, Storgatan 12, 722 15 Västerås",
        "ABDI HASSAN MOHAMED", "asdf qwer zxcv", "www.example.org kontakt@example.org", "\0\1\2", "?!",
    ],
)  # fmt: skip
def test_what_has_no_language_gets_none(text):
    assert detect(text) == ""


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "å" * 100_000, "\0" * 100_000, "e\u0301" * 50_000, "\u0301" * 100_000, "-'" * 50_000, "@" * 100_000,
     "://" * 40_000, "\ud800" * 500, "一" * 100_000, "ﷺ" * 1000, "İ " * 50_000, "'' ''"],
)  # fmt: skip
def test_nothing_that_arrives_makes_it_fail(text):
    assert detect(text) == detect(text[:MAX_READ])


@given(st.text(max_size=500))
def test_any_text_gets_a_code_or_nothing(text):
    assert re.fullmatch("[a-z]{2}|ckb|", detect(text))


def test_the_words_are_lower_case_and_readable():
    words = {word for text in WORDS.values() for word in text.split()}
    assert {word for word in words if word != word.lower() or not any(map(str.isalpha, word))} == set()

"""The labelled messages: hardly ever wrong and sure, and not less decided than was reached."""

import pytest

from config.organisation import load_organisation
from normalizer.routing.router import Router
from tests.bench.routing_scores import LANGUAGES, NOBODY, draw, read_samples, score, score_all

SAMPLES = list(read_samples())
CITY = load_organisation()
REACHED = [
    ("sv", "123", 0.91),
    ("en", "123", 0.97),
    ("fi", "123", 0.96),
    ("sv", "4", 0.88),
    ("en", "4", 0.86),
    ("fi", "4", 0.9),
]
"""Coverage by language and parts, a little below what was reached, so that a better rule may cost a message."""
BAR = 0.02


def test_the_set_is_large_enough_and_its_labels_are_departments():
    counts = {code: sum(sample.language == code for sample in SAMPLES) for code in LANGUAGES}
    assert counts["sv"] >= 300
    assert counts["en"] >= 100
    assert counts["fi"] >= 100
    assert {sample.label for sample in SAMPLES} <= set(CITY.departments)
    assert CITY.fallback == NOBODY


def test_no_message_stands_in_the_set_twice():
    texts = [sample.text for sample in SAMPLES]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(("language", "parts", "reached"), REACHED)
def test_what_is_named_is_right_and_enough_is_named(language, parts, reached):
    chosen = [sample for sample in SAMPLES if sample.language == language and sample.part in parts]
    found = score(language, chosen, Router(CITY))
    assert found.wrong_but_sure <= BAR
    assert found.coverage >= reached


def test_the_scores_are_printed_for_every_language_and_part():
    assert draw().row_count == len(score_all()) == 8

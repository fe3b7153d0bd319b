"""A case's number: made for the telephone, and safe against slips of the tongue and of the finger."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.reference import ALPHABET, BadReference, make_reference, read_reference, show_reference

references = st.integers(min_value=0, max_value=2**64 - 1).map(make_reference)
SLIP = "One character is wrong, or two have changed places."


def sounds(reference: str) -> bool:
    try:
        return read_reference(reference) == reference
    except BadReference:
        return False


@given(references)
def test_what_is_made_is_read_and_shown_in_two_halves(reference):
    assert read_reference(reference) == reference
    assert read_reference(show_reference(reference)) == reference
    assert show_reference(reference) == f"{reference[:4]}-{reference[4:]}"


def test_the_shown_form_is_the_one_in_the_letters():
    assert show_reference("7K4M9QXT") == "7K4M-9QXT"


@given(references)
def test_every_wrong_character_in_every_place_is_found(reference):
    wrong = [
        reference[:place] + other + reference[place + 1 :]
        for place in range(8)
        for other in ALPHABET
        if other != reference[place]
    ]
    assert len(wrong) == 8 * 28
    assert [each for each in wrong if sounds(each)] == []


@given(references)
def test_every_two_characters_that_changed_places_are_found(reference):
    for left in range(8):
        for right in range(left + 1, 8):
            letters = list(reference)
            letters[left], letters[right] = letters[right], letters[left]
            swapped = "".join(letters)
            assert sounds(swapped) == (reference[left] == reference[right])


@given(references, st.data())
def test_any_spacing_case_and_hyphen_is_read(reference, data):
    between = st.text("-–—.,:/_ \t\n\xa0\u2009", max_size=3)
    typed = "".join(
        data.draw(between) + (each.lower() if data.draw(st.booleans()) else each) for each in reference
    )
    assert read_reference(typed + data.draw(between)) == reference


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "A case number has 8 characters; this has 0."),
        ("7K4M-9QX", "A case number has 8 characters; this has 7."),
        ("7K4M-9QXTT", "A case number has 8 characters; this has 9."),
        ("7K4M-9QXO", "A case number never has the character 'O'."),
        ("7K4M-9QX0", "A case number never has the character '0'."),
        ("1K4M-9QXT", "A case number never has the character '1'."),
        ("åK4M-9QXT", "A case number never has the character 'Å'."),
        ("7K4M\0-9QX", "A case number never has the character '\\x00'."),
        ("22222223", SLIP),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong_with_it(typed, expected):
    with pytest.raises(BadReference) as refused:
        read_reference(typed)
    assert expected == str(refused.value)


@given(st.text(max_size=40))
def test_anything_typed_is_a_number_or_is_refused_with_a_sentence(typed):
    try:
        told = show_reference(read_reference(typed))
    except BadReference as refused:
        told = str(refused)
    assert len(told) == 9 or told.endswith(".")


def test_two_hundred_thousand_draws_hold_no_vowel_no_look_alike_and_repeat_almost_never():
    luck = random.Random(20261122)
    drawn = [make_reference(luck.getrandbits(64)) for _ in range(200_000)]
    assert {character for each in drawn for character in each} == set(ALPHABET)
    assert set("AEIOUÅÄÖ01") & set(ALPHABET) == set()
    assert {len(each) for each in drawn} == {8}
    # 29 to the 7th is 17 billion: of 200,000 draws one pair is expected, give or take one.
    assert len(drawn) - len(set(drawn)) <= 8


def test_every_character_is_as_likely_in_every_place():
    luck = random.Random(4711)
    drawn = [make_reference(luck.getrandbits(64)) for _ in range(29_000)]
    for place in range(8):
        for character in ALPHABET:
            assert 800 < sum(each[place] == character for each in drawn) < 1200

"""What a text is found by."""

import pytest

from normalizer.reference import make_reference, show_reference
from normalizer.search_words import Sought, list_addresses, list_terms, read_question, reduce_word


@pytest.mark.parametrize(
    "forms",
    [
        "hal halet halen",
        "gata gatan gator gatorna gatornas",
        "skola skolan skolor skolornas",
        "bil bilen bilar bilarna bilens",
        "buss bussen bussar bussarnas",
        "cykel cykeln cyklar cyklarna",
        "tunnel tunneln tunnlar",
        "vatten vattnet",
        "nyckel nyckeln nycklar",
        "barn barnet barnen barnens",
        "hus huset husen",
        "trasig trasigt trasiga",
        "lagar lagade lagat laga",
        "belysning belysningen belysningar",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({reduce_word(form) for form in forms.split()}) == 1


def finds(question: str, text: str) -> bool:
    reference, words = read_question(question)
    assert not reference
    terms = list_terms((text,))
    return bool(words) and all(
        any(term == word.stem or (word.beginning and term.startswith(word.beginning)) for term in terms)
        for word in words
    )


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("hål", "Stora hålet i vägen"),
        ("hal", "Stort potthål"),
        ("potthålen", "ett POTTHÅL"),
        ("cykelbana", "cykelbanorna är isiga"),
        ("bana", "cykelbanan"),
        ("cykel", "cykelbanan"),
        ("Bjornovagen", "på Björnövägen"),
        ("Björnövägen", "pa bjornovagen"),
        ("lyktor", "gatlyktan"),
        ("katuvalo", "Katuvalot rikki"),
        ("anna lind", "Anna Lindqvist"),
        ("070-174 06 05", "Ring mig på 0701740605 tack"),
        ("+46 70 174 06 05", "ring 070-1740605"),
        ("улица", "На улице темно, улица пуста"),
    ],
)
def test_a_question_finds_the_forms_parts_and_spellings_of_its_words(question: str, text: str) -> None:
    assert finds(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("hål", "Hjälp med bygglov"),
        ("bana hål", "cykelbanan"),
        ("hål", "halka på gården"),
        ("buss", "buskar"),
        ("...", "..."),
        ("", "x"),
    ],
)
def test_what_is_not_there_is_not_found(question: str, text: str) -> None:
    assert not finds(question, text)


@pytest.mark.parametrize("value", ["+46701740605", "0701740605", "46701740605"])
def test_a_telephone_number_is_found_however_it_is_written(value: str) -> None:
    assert list_addresses("sms", value) == ("701740605",)
    assert read_question("070-174 06 05") == ("", (Sought("701740605", ""),))


def test_an_e_mail_address_is_found_by_its_parts() -> None:
    assert set(list_addresses("email", "anna.lindqvist@example.org")) == set(
        list_terms(("anna lindqvist example org",))
    )


def test_a_number_of_a_case_is_read_in_any_spelling() -> None:
    reference = make_reference(123456789)
    shown = show_reference(reference)
    for typed in (shown, shown.lower(), shown.replace("-", " "), f"ärende {shown}", f"  {reference} "):
        assert read_question(typed) == (reference, ())


def test_nobody_is_found_by_a_personal_identity_number() -> None:
    terms = list_terms(("Jag heter Ada, 19121212-1212",))
    assert not any("1212" in term for term in terms)
    assert not any("1212" in word.stem for word in read_question("191212121212")[1])


@pytest.mark.parametrize(
    "hostile", ["a" * 100_000, "1 " * 50_000, "(" * 100_000, "½" * 50_000, "1-" * 50_000]
)
def test_hostile_texts_are_read_in_bounds(hostile: str) -> None:
    assert len(list_terms((hostile,))) < 2_000
    assert len(read_question(hostile)[1]) <= 8

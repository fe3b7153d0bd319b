"""Personal identity numbers in text: found where form, date and check digit say so, and nowhere else."""

import pytest

from normalizer.personal_number import find, mask

# Numbers that Skatteverket gives out for tests, and some made by the same rule for dates that nobody is born on here.
FOUND = [
    ("811218-9876", "******-****"),
    ("19811218-9876", "********-****"),
    ("198112189876", "************"),
    ("8112189876", "**********"),
    ("811218 9876", "****** ****"),
    ("811218+9876", "******+****"),
    ("811218–9876", "******–****"),
    ("811218 - 9876", "****** - ****"),
    ("1981-12-18-9876", "****-**-**-****"),
    ("1981-12-18 9876", "****-**-** ****"),
    ("811278-9873", "******-****"),
    ("19811278-9873", "********-****"),
    ("Jag heter Anna, 811218-9876, och bor här.", "Jag heter Anna, ******-****, och bor här."),
    ("(811218-9876)", "(******-****)"),
    ("pnr811218-9876x", "pnr******-****x"),
    ("٨١١٢١٨-٩٨٧٦", "******-****"),
    ("811218-9876,811278-9873", "******-****,******-****"),
]
NOT_FOUND = [
    "811218-9875",  # the check digit is wrong
    "811318-9876",  # no such month
    "810231-9874",  # no such day
    "811299-9878",
    "811260-9876",  # day 0 of a samordningsnummer
    "17811218-9876",  # a century that no living person has
    "1811218-9876",
    "811218-98761",
    "556016-0680",  # an organisation: its third digit is at least 2
    "070-1740605",
    "+46701740605",
    "7K4M-9QXT",
    "2026-11-23 08:41",
    "811218-987",
    "",
]


@pytest.mark.parametrize(("text", "masked"), FOUND)
def test_a_number_is_masked_however_it_is_written(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert "".join(masked[start:end] for start, end in find(text)).strip("*-+– ") == ""


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask(text) == text
    assert list(find(text)) == []


def test_the_29th_of_february_counts_in_the_century_that_has_it() -> None:
    # 2000 was a leap year and 1900 was not: without the century either will do.
    number = "000229-123"
    last = next(digit for digit in "0123456789" if mask(number + digit) != number + digit)
    assert mask(f"19{number}{last}") == f"19{number}{last}"
    assert mask(f"20{number}{last}") == "********-****"


def test_nothing_else_of_a_text_changes() -> None:
    text = "Rad ett\n811218-9876\tåäö \U0001f4a1"
    assert len(mask(text)) == len(text)
    assert [text[start:end] for start, end in find(text)] == ["811218-9876"]
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    "text", ["8" * 100_000, "811218-" * 15_000, "811218 " * 15_000, "19" * 50_000, "1-" * 50_000]
)
def test_a_long_text_made_to_be_slow_is_read_to_its_end(text: str) -> None:
    assert len(mask(text)) == len(text)

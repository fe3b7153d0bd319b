"""The organisation file and the receipt texts: complete, and every fault told in one sentence."""

import re

import pytest

from config.errors import ConfigurationError
from config.organisation import EXAMPLE, load_organisation
from config.reading import TEXTS
from config.receipt_texts import KEYS, load_receipt_texts
from normalizer.organisation import SHORT_NAME_LIMIT

CITY = load_organisation()


def problems_of(tmp_path, old, new):
    """Load the example with one thing changed."""
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    path = tmp_path / "city.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_organisation(path)
    return caught.value.problems


def test_the_example_holds_every_department_company_and_outside_body():
    expected = {
        "department": "arbete ifo kc kultur ledning miljo overf rtj skola skultuna stadsbyggnad teknik vard",
        "company": "malarenergi mimer",
        "association": "vafab",
        "outside": "forsakringskassan polisen region skatteverket trafikverket vagforening vl",
    }
    actual = {
        body: " ".join(sorted(each.key for each in CITY.departments.values() if each.body == body))
        for body in expected
    }
    assert expected == actual


def test_every_name_is_given_in_three_languages_and_short_names_are_short():
    for department in CITY.departments.values():
        assert set(department.names) == set(department.short_names) == {"sv", "fi", "en"}
        assert max(map(len, department.short_names.values())) <= SHORT_NAME_LIMIT


def test_every_department_has_its_own_example_address():
    for department in CITY.departments.values():
        expected = {"kc": ("kontakt@example.org",)}.get(department.key, (f"{department.key}@example.org",))
        assert (expected if department.body == "department" else ()) == department.addresses


def test_example_telephone_numbers_are_never_real():
    numbers = re.findall(r"08-[\d ]+\d", EXAMPLE.read_text("utf-8"))
    assert len(numbers) > 20
    assert [number for number in numbers if not number.startswith("08-465 004 ")] == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'fallback = "kc"',
            'fallbak = "kc"',
            ("fallback is missing.", "fallbak is not known (did you mean 'fallback'?)."),
        ),
        ('fallback = "kc"', 'fallback = "kd"', ("fallback must be one of",)),
        (
            'fallback = "kc"',
            'fallback = "mimer"',
            ("fallback must be a department of the city, not the company 'mimer'.",),
        ),
        (
            'short_names = { sv = "Teknik och fastighet"',
            'short_names = { sv = "Teknik- och fastighetskontoret"',
            (
                "departments.teknik.short_names.sv must have at most 26 characters, and 'Teknik- och fastighetskontoret' has 30.",
            ),
        ),
        (
            'names = { sv = "Stadsbyggnadsförvaltningen", fi = "Kaupunkisuunnittelu", ',
            'names = { sv = "Stadsbyggnadsförvaltningen", ',
            ("departments.stadsbyggnad.names.fi is missing.",),
        ),
        (
            'addresses = ["miljo@example.org"]',
            'addresses = ["teknik@example.org"]',
            (
                "departments.miljo.addresses holds 'teknik@example.org', which is an address of 'teknik' already.",
            ),
        ),
        (
            'addresses = ["miljo@example.org"]',
            'addresses = ["Miljo@example.org"]',
            (
                "departments.miljo.addresses must hold e-mail addresses in small letters and without a +tag, not 'Miljo@example.org'.",
            ),
        ),
        (
            '[rules.gatubelysning]\ndepartment = "teknik"',
            '[rules.gatubelysning]\ndepartment = "tekniken"',
            ("rules.gatubelysning.department must be one of", "not 'tekniken' (did you mean 'teknik'?)."),
        ),
        (
            "[rules.god-man.words]",
            "[rules.god-man.wrds]",
            (
                "rules.god-man.words must hold at least one word",
                "rules.god-man.wrds is not known (did you mean 'words'?).",
            ),
        ),
        ('sv = ["komvux",', 'sv = ["komvux", "komvux",', ("rules.arbete.words.sv holds 'komvux' twice.",)),
        ('sv = ["komvux",', 'sv = ["komvux", 7,', ("rules.arbete.words.sv must hold only texts, not 7.",)),
        (
            'sv = ["komvux",',
            'sv = ["komvux", "--",',
            ("rules.arbete.words must hold words of letters or digits, not '--'.",),
        ),
        ("sure = false", 'sure = "no"', ("sure must be true or false, not 'no'.",)),
        (
            'body = "association"',
            'body = "förbund"',
            (
                "departments.vafab.body must be one of department, company, association, outside, not 'förbund'.",
            ),
        ),
        (
            "[departments.vafab.contact]",
            "[departments.vafab.kontakt]",
            ("departments.vafab.contact is missing.",),
        ),
        (
            '"https://example.org/personuppgifter"',
            '"http://example.org"',
            ("privacy_url must be an address that starts with https://, not 'http://example.org'.",),
        ),
        (
            "closed_days = []",
            'closed_days = ["27 juni"]',
            ("closed_days must hold dates such as '2026-12-28', not '27 juni'.",),
        ),
        ("[categories]", '[categories]\nforslag = "nobody"', ("categories.forslag must be one of",)),
        ("[categories]", '[categories]\nrant = "kc"', ("categories.rant is not known",)),
        ('languages = ["sv", "fi", "en"]', 'languages = ["fi", "en"]', ("languages must hold 'sv'",)),
        (
            '"E", "europaväg"',
            '"E18", "europaväg"',
            ("rules.statlig-vag.numbered must hold single words without the number, not 'E18'.",),
        ),
    ],
)
def test_a_fault_is_one_sentence_with_file_key_and_value(tmp_path, old, new, expected):
    problems = problems_of(tmp_path, old, new)
    for part in expected:
        assert [each for each in problems if part in each], problems
    assert [each for each in problems if not each.startswith("city.toml: ") or not each.endswith(".")] == []


def test_all_faults_are_told_at_once(tmp_path):
    path = tmp_path / "city.toml"
    path.write_text('languages = ["sv"]\nphon = 1\n[departments.x]\nbody = "y"\n', "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_organisation(path)
    assert len(caught.value.problems) > 8


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "city.toml: cannot be read: "),
        (b"\xff", "city.toml: is not valid TOML in UTF-8: "),
        (b"a = ", "city.toml: is not valid TOML in UTF-8: "),
    ],
)
def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path, content, expected):
    path = tmp_path / "city.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=expected):
        load_organisation(path)


def test_the_receipt_texts_of_every_language_hold_the_same_keys():
    texts = load_receipt_texts(CITY.languages)
    assert {language: {key for key, _, _ in KEYS} for language in CITY.languages} == {
        language: set(each.values) for language, each in texts.items()
    }


def test_a_citys_own_folder_replaces_only_the_files_it_holds(tmp_path):
    own = TEXTS.joinpath("receipts.fi.toml").read_text("utf-8").replace('"suomi"', '"meidän suomi"')
    tmp_path.joinpath("receipts.fi.toml").write_text(own, "utf-8")
    texts = load_receipt_texts(CITY.languages, tmp_path)
    assert (texts["sv"]["language_name"], texts["fi"]["language_name"]) == ("svenska", "meidän suomi")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "({reference})",
            "",
            "receipts.sv.toml: subject must hold {reference}, and 'Vi har fått ditt meddelande ' does not.",
        ),
        (
            "({reference})",
            "({reference}) {department}",
            "receipts.sv.toml: subject cannot hold {department}, only {reference}.",
        ),
        (
            'handled = "{city}"',
            'handled = "{department}"',
            "receipts.sv.toml: variants.neutral.handled cannot hold {department}, only ",
        ),
        ('{privacy_url}"', '{privacy_url"', "has a brace that opens or closes nothing: "),
        ('danger = "', 'faara = "', "receipts.sv.toml: sections.faara is not known"),
        ('weekday = "EEEE"', 'weekday = "HH"', "receipts.sv.toml: dates.weekday must be a pattern of a date"),
        ("{phone}, {hours}", "{hours}", "receipts.sv.toml: sections.questions must hold {phone}, and "),
    ],
)
def test_a_text_that_cannot_be_filled_is_refused(tmp_path, old, new, expected):
    text = TEXTS.joinpath("receipts.sv.toml").read_text("utf-8")
    tmp_path.joinpath("receipts.sv.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_receipt_texts(("sv",), tmp_path)
    assert [each for each in caught.value.problems if expected in each], caught.value.problems


def test_a_citys_own_file_replaces_only_the_texts_it_holds(tmp_path):
    tmp_path.joinpath("receipts.sv.toml").write_text('[labels]\nreference = "Numret"', "utf-8")
    ours, own = load_receipt_texts(("sv",))["sv"], load_receipt_texts(("sv",), tmp_path)["sv"]
    assert own.values == {**ours.values, "labels.reference": "Numret"}


def test_a_language_without_texts_is_refused():
    with pytest.raises(ConfigurationError, match=re.escape("receipts.se.toml: is missing. ")):
        load_receipt_texts(("sv", "se"))

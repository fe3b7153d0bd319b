"""The organisation file: complete, dated, and every fault told in one sentence."""

import re
from datetime import date

import pytest

from config.errors import ConfigurationError
from config.organisation import EXAMPLE, load_organisation
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
        "department": "arbete fastighet ifo kc kultur ledning miljo overf rtj skola skultuna stadsbyggnad teknik vard",
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
        (
            'sv = ["komvux", "sommarjobb",',
            'sv = ["komvux", "komvux", "sommarjobb",',
            ("rules.arbete.words.sv holds 'komvux' twice.",),
        ),
        (
            'sv = ["komvux", "sommarjobb",',
            'sv = ["komvux", 7, "sommarjobb",',
            ("rules.arbete.words.sv must hold only texts, not 7.",),
        ),
        (
            'sv = ["komvux", "sommarjobb",',
            'sv = ["komvux", "--", "sommarjobb",',
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
        (
            "until = 2017-12-31",
            'until = "31 december"',
            ("departments.fastighet.until must be a day such as 2027-01-01, not '31 december'.",),
        ),
        (
            'successor = "teknik"',
            "",
            ("departments.fastighet.successor is missing: somebody must have its matters after 2017-12-31.",),
        ),
        (
            'successor = "teknik"',
            'successor = "tekniken"',
            ("departments.fastighet.successor must be one of",),
        ),
        (
            'successor = "teknik"',
            'successor = "fastighet"',
            ("departments.fastighet.successor leads back to itself: fastighet, fastighet.",),
        ),
        (
            "[departments.teknik]",
            "[departments.teknik]\nsince = 2018-02-01",
            ("fastighet.successor 'teknik' begins on 2018-02-01, and somebody must be there the day after",),
        ),
        (
            "[departments.teknik]",
            '[departments.teknik]\nsuccessor = "miljo"',
            ("departments.teknik.successor is 'miljo', and the department has no last day (until).",),
        ),
        (
            "[departments.kc]",
            '[departments.kc]\nuntil = 2030-12-31\nsuccessor = "ledning"',
            ("fallback must be a department without a last day, and 'kc' has one.",),
        ),
        (
            'to = "teknik@example.org"',
            'to = "teknik"',
            ("teknik.reception.to must be the address of the department's mailbox, not 'teknik'.",),
        ),
        (
            'way = "mailbox", to = "miljo@example.org"',
            'way = "webhook", to = "http://example.org/in"',
            ("miljo.reception.to must be an address that starts with https://",),
        ),
        ('way = "inbox"', 'way = "fax"', ("kc.reception.way must be one of mailbox, inbox, webhook",)),
        (
            'way = "inbox"',
            'way = "inbox", to = "kontakt@example.org"',
            ("kc.reception.to must be left out",),
        ),
        (
            'body = "association"',
            'body = "association"\nreception = { way = "inbox" }',
            ("departments.vafab.reception is only for departments",),
        ),
        (
            "until = 2021-12-31",
            "",
            ("departments.arbete.former[1].until must be the last day of that name.",),
        ),
        (
            "at_least = 2",
            "at_least = 0",
            ("rules.ute.at_least must be a whole number from 1 to 9, not 0.",),
        ),
        (
            'subjects = ["skola", ',
            'subjects = ["skolan", ',
            (
                "rules.skultuna.subjects must hold names of rules that have no subjects of their own, not 'skolan'.",
            ),
        ),
        (
            '[rules.gatubelysning]\ndepartment = "teknik"',
            '[rules.gatubelysning]\ndepartment = "teknik"\nsince = 2027-01-01\nuntil = 2026-01-01',
            ("rules.gatubelysning.until must not be before its first day 2027-01-01, as 2026-01-01 is.",),
        ),
        ('languages = ["en", "fi"]', 'languages = ["English"]', ("kc.languages must hold ISO 639 codes",)),
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


# --- dates


def test_a_case_keeps_the_name_of_its_day():
    names = [CITY.name_of("arbete", "sv", date(year, 6, 1)) for year in (2021, 2022)]
    assert names == ["Vuxenutbildningen och Arbetsmarknadscentrum", "Arbetsmarknad och vuxenutbildning"]
    assert CITY.short_name_of("arbete", "fi", date(2021, 12, 31)) == "Aikuiskoulutus ja työ"
    assert CITY.boards_of("arbete", date(2021, 6, 1)) == ("Arbetsmarknadsnämnden",)


def test_a_name_in_a_language_that_the_city_does_not_have_is_the_swedish_one():
    assert CITY.name_of("kultur", "so", date(2026, 11, 1)) == CITY.departments["kultur"].names["sv"]
    assert CITY.name_of("nobody", "sv", date(2026, 11, 1)) == ""


def test_a_department_that_is_gone_has_a_successor():
    days = (date(2017, 12, 31), date(2018, 1, 1))
    assert [CITY.responsible_on("fastighet", day) for day in days] == ["fastighet", "teknik"]
    assert CITY.list_changes() == (date(2018, 1, 1),)


def test_every_department_of_the_example_that_is_there_has_a_proven_reception():
    today = [each for each in CITY.departments.values() if each.exists_on(date(2026, 11, 1))]
    assert [each.key for each in today if not each.nameable] == []


def test_every_department_of_the_example_has_examples_in_three_languages():
    today = [each for each in CITY.departments.values() if each.exists_on(date(2026, 11, 1))]
    assert [each.key for each in today if set(each.examples) != {"sv", "fi", "en"}] == []

"""The texts as data: what a city may change, what is refused with file and line, and what every text keeps to."""

import re
from pathlib import Path

import pytest

from config.catalogues import TEXTS, check_dates, check_texts_folder, load_texts, plural_of, read_ours
from config.errors import ConfigurationError
from config.page_texts import LANGUAGES, list_keys, load_page_texts
from config.receipt_texts import (
    COME_ALONG,
    FIXED_KEYS,
    HELPLINES,
    KEYS,
    LETTERS,
    REASONS,
    VARIANTS,
    load_receipt_texts,
)

SPOKEN = ("sv", "fi", "en")
FIXED = tuple(sorted(COME_ALONG - set(SPOKEN)))
TOLD = load_receipt_texts(SPOKEN)
PAGES = load_page_texts(SPOKEN)


def own(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def say(key: str, text: str) -> str:
    return f'msgid "{key}"\nmsgstr "{text}"\n'


def refuse(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refused:
        load_receipt_texts(SPOKEN, folder)
    return refused.value.problems


# --- which languages and which texts


def test_swedish_finnish_and_english_are_whole_and_nine_more_have_receipts():
    assert set(LANGUAGES) == set(SPOKEN)
    assert {"ar", "so", "ckb", "es", "fa", "bs", "tr", "pl", "uk"} == set(FIXED)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_spoken_language_says_everything(language):
    values = {key.partition("[")[0] for key in TOLD[language].values}
    assert values == {key for key, _, _ in KEYS}
    assert {key.partition("[")[0] for key in PAGES.by_language[language]} == {
        key for key, _, _ in list_keys()[0]
    }


@pytest.mark.parametrize("language", FIXED)
def test_a_fixed_language_has_a_text_for_every_letter(language):
    values = {key.partition("[")[0] for key in TOLD[language].values}
    assert values == {key for key, _, _ in FIXED_KEYS}
    assert TOLD[language].fixed


@pytest.mark.parametrize("language", FIXED)
def test_a_fixed_language_is_marked_for_a_native_reader_and_shows_the_swedish_it_was_made_from(language):
    assert TOLD[language].unread > 40
    file = (TEXTS / language / "receipts.po").read_text("utf-8")
    swedish = read_ours("receipts", "sv")
    shown = re.findall(r'^#\. sv: (.*)\nmsgid "(.*)"$', file, re.MULTILINE)
    assert len(shown) == TOLD[language].unread - ("sections.interpreter" in file) * 2
    # When the Swedish text changes, whoever changed it must look at the translations.
    assert [key for text, key in shown if text not in swedish[key].forms] == []


def test_every_letter_has_its_kind_of_texts():
    assert set(VARIANTS) == set(LETTERS)
    for variant, letter in LETTERS.items():
        known = {key: (may, must) for key, may, must in KEYS}
        may_name = "department" in known[f"variants.{variant}.next"][0] | known[f"sms.{variant}"][0]
        assert not may_name or letter.who == "department", variant
        assert set(letter.helplines) <= set(HELPLINES)
    assert {f"reasons.{reason}" for reason in REASONS} <= {key for key, _, _ in KEYS}


# --- a city's own


def test_a_city_says_only_what_it_says_in_other_words(tmp_path):
    own(tmp_path, "sv/receipts.po", say("labels.reference", "Numret"))
    own(tmp_path, "fi/pages.po", say("form.send", "Lähetä pois"))
    texts = load_receipt_texts(SPOKEN, tmp_path)
    assert texts["sv"].values == {**TOLD["sv"].values, "labels.reference": "Numret"}
    assert texts["fi"].values == TOLD["fi"].values
    pages = load_page_texts(SPOKEN, tmp_path).by_language
    assert pages["fi"] == {**PAGES.by_language["fi"], "form.send": "Lähetä pois"}
    assert pages["sv"] == PAGES.by_language["sv"]


def test_a_city_may_say_in_a_fixed_language_more_than_comes_along(tmp_path):
    own(tmp_path, "pl/receipts.po", say("variants.moved.title", "Sprawa została przeniesiona"))
    texts = load_receipt_texts(SPOKEN, tmp_path)
    assert texts["pl"]["variants.moved.title"] == "Sprawa została przeniesiona"
    assert texts["pl"]["variants.status.title"] == TOLD["pl"]["variants.decided.title"]


def test_what_a_native_reader_has_read_is_not_counted(tmp_path):
    own(tmp_path, "pl/receipts.po", say("variants.late.title", "Jesteśmy spóźnieni"))
    assert load_receipt_texts(SPOKEN, tmp_path)["pl"].unread == TOLD["pl"].unread - 1
    whole = (TEXTS / "pl" / "receipts.po").read_text("utf-8").replace("#, fuzzy\n", "")
    own(tmp_path, "pl/receipts.po", whole)
    assert load_receipt_texts(SPOKEN, tmp_path)["pl"].unread == 0
    own(tmp_path, "pl/receipts.po", whole.replace('msgid "automatic"', '#, fuzzy\nmsgid "automatic"'))
    assert load_receipt_texts(SPOKEN, tmp_path)["pl"].unread == 1


def test_a_city_may_bring_a_fixed_language_of_its_own(tmp_path):
    own(
        tmp_path,
        "de/receipts.po",
        (TEXTS / "es" / "receipts.po").read_text("utf-8").replace("Language: es", "Language: de"),
    )
    texts = load_receipt_texts(SPOKEN, tmp_path)
    assert texts["de"].fixed
    assert "de" in texts.fixed


def test_a_language_that_the_city_speaks_needs_every_text(tmp_path):
    with pytest.raises(ConfigurationError) as refused:
        load_receipt_texts(("sv", "pl"))
    assert "pl/receipts.po: variants.moved.title is missing." in refused.value.problems
    with pytest.raises(ConfigurationError, match=r"pl/pages\.po: is missing\. No texts in this language"):
        load_page_texts(("sv", "pl"))
    with pytest.raises(ConfigurationError, match=r"se/receipts\.po: is missing\."):
        load_receipt_texts(("sv", "se"))


def test_only_the_languages_of_the_organisation_are_read(tmp_path):
    own(tmp_path, "fi/pages.po", "broken")
    assert set(load_page_texts(("sv",), tmp_path).by_language) == {"sv"}


def test_a_folder_of_texts_is_there_and_holds_only_what_is_read(tmp_path):
    kinds = ("pages", "receipts")
    with pytest.raises(ConfigurationError, match=r"city\.texts: there is no folder .*nowhere"):
        check_texts_folder(tmp_path / "nowhere", kinds, SPOKEN)
    for name in ("sv/pages.po", "so/receipts.po", "fi/pages.po", "readme.txt", "sv/notes.txt"):
        own(tmp_path, name, "")
    check_texts_folder(tmp_path, kinds, ("sv",))
    for name in ("sv/page.po", "pages.po", "receipts.sv.toml", "svv/pages.po"):
        own(tmp_path, name, "")
    with pytest.raises(ConfigurationError) as refused:
        check_texts_folder(tmp_path, kinds, SPOKEN)
    assert list(refused.value.problems) == [
        "pages.po: texts stand in a folder of their language, as in sv/pages.po.",
        "receipts.sv.toml: texts stand in a folder of their language, as in sv/pages.po.",
        "sv/page.po: is not a file of texts (did you mean 'pages.po'?).",
        "svv/pages.po: 'svv' is not one of the organisation's languages.",
    ]


# --- what is refused, with its place


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (say("subject", "Kvitto"), "sv/receipts.po:1: subject must hold {reference}, and 'Kvitto' does not."),
        (
            "\n# Vår\n" + say("subject", "({reference}) {department}"),
            "sv/receipts.po:3: subject cannot hold {department}, only {reference}.",
        ),
        (
            say("variants.neutral.next", "{department} svarar senast {due}"),
            "sv/receipts.po:1: variants.neutral.next cannot hold {department}, only {city}, {contact_centre}, ",
        ),
        (
            say("sms.neutral", "{department} {reference} {due} {phone} /{city}"),
            "sv/receipts.po:1: sms.neutral cannot hold {department}, only {city}, ",
        ),
        (
            say("variants.danger.next", "{text}"),
            "sv/receipts.po:1: variants.danger.next cannot hold {text}, only ",
        ),
        (
            say("sections.questions", "Ring {hours}"),
            "sv/receipts.po:1: sections.questions must hold {phone}, and 'Ring {hours}' does not.",
        ),
        (
            say("labels.answer", "{"),
            "sv/receipts.po:1: labels.answer has a brace that opens or closes nothing: '{'.",
        ),
        (say("due", "{day!r} {month} {weekday}"), "sv/receipts.po:1: due must hold {day}, and "),
        (
            say("section.add", "x"),
            "sv/receipts.po:1: section.add is not known (did you mean 'sections.add'?).",
        ),
        (say("labels.next", " "), "sv/receipts.po:1: labels.next is empty."),
        (say("dates.weekday", "HH"), "sv/receipts.po: dates.weekday must be a pattern of a date such as "),
        (
            say("attachments", "{count} filer"),
            "sv/receipts.po:1: attachments needs msgid_plural and a text for each form.",
        ),
        (
            'msgid "labels.next"\nmsgid_plural "x"\nmsgstr[0] "a"\nmsgstr[1] "b"\n',
            "sv/receipts.po:1: labels.next has no plural.",
        ),
        (
            'msgid "attachments"\nmsgid_plural "x"\nmsgstr[0] "en fil"\nmsgstr[1] "filer"\n',
            "sv/receipts.po:1: attachments[1] must hold {count}, and 'filer' does not.",
        ),
        (
            'msgid "attachments"\nmsgid_plural "x"\nmsgstr[0] "en fil"\n',
            "sv/receipts.po:1: attachments[1] is empty.",
        ),
        (say("labels.next", "a") * 2, "sv/receipts.po:3: labels.next stands in the file twice."),
        ('msgid "labels.next"\nmsgstr "utan slut\n', "sv/receipts.po:2: is no line of a PO file: "),
        ('msgid "labels.next"\nmsgstr "a \\x b"\n', "sv/receipts.po:2: is no line of a PO file: "),
        ("[labels]\nnext = 'a'\n", "sv/receipts.po:1: is no line of a PO file: '[labels]'."),
        ('msgstr "a"\n', "sv/receipts.po:1: msgstr cannot stand after the beginning."),
        ('msgid "a"\nmsgid "b"\n', "sv/receipts.po:2: msgid cannot stand after msgid."),
        ('msgid "a"\nmsgstr[0] "b"\n', "sv/receipts.po:2: msgstr[0] cannot stand after msgid."),
        ('msgid "labels.next"\n', "sv/receipts.po:1: is no PO file: missing msgstr for msgid 'labels.next'."),
        (
            'msgid ""\nmsgstr "Plural-Forms: nplurals=3; plural=0;\\n"\n',
            "sv/receipts.po: Plural-Forms must have nplurals=2, not 3.",
        ),
        (
            'msgid ""\nmsgstr "Plural-Forms: nplurals=x; plural=0;\\n"\n',
            "sv/receipts.po: its header cannot be read: ",
        ),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_with_its_place(tmp_path, text, told):
    found = refuse(own(tmp_path, "sv/receipts.po", text))
    assert [each for each in found if each.startswith(told)], found
    assert len(found) <= 2, found  # a placeholder in place of another is two faults


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    own(tmp_path, "sv/receipts.po", "").joinpath("sv/receipts.po").write_bytes('msgid "å"'.encode("latin-1"))
    assert refuse(tmp_path)[0].startswith("sv/receipts.po: is not UTF-8: ")


def test_what_is_put_out_of_use_is_not_read(tmp_path):
    own(tmp_path, "sv/receipts.po", '#~ msgid "unknown"\n#~ msgstr "x"\n' + say("labels.next", "Och nu?"))
    assert load_receipt_texts(SPOKEN, tmp_path)["sv"]["labels.next"] == "Och nu?"


def test_every_fault_in_every_file_is_told_at_once(tmp_path):
    for language in (*SPOKEN, "ar"):
        own(tmp_path, f"{language}/receipts.po", say("labels.next", "{x}") + say("nothing", "x"))
    assert [problem.partition(":")[0] for problem in refuse(tmp_path)] == [
        f"{language}/receipts.po" for language in (*SPOKEN, "ar") for _ in range(2)
    ]


def test_a_hostile_file_of_texts_is_refused_at_once(tmp_path):
    for text in ('msgstr "' + "\\" * 100_000, 'msgid "' + '"' * 100_000, "{" * 100_000, "msgid " * 20_000):
        assert refuse(own(tmp_path, "sv/receipts.po", text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            say("form.lead", "Hei {nonsense}"),
            "fi/pages.po:1: form.lead cannot hold {nonsense}, nor any other placeholder.",
        ),
        (
            say("form.files_hint", "{count}"),
            "fi/pages.po:1: form.files_hint must hold {size}, and '{count}' does not.",
        ),
        (
            say("common.skop", "Ohita"),
            "fi/pages.po:1: common.skop is not known (did you mean 'common.skip'?).",
        ),
        (say("meta.locale", "xx"), "fi/pages.po: dates cannot be written: nobody knows the locale 'xx'."),
        (
            say("meta.date", "EEEEEEEEE"),
            "fi/pages.po: meta.date must be a pattern of a date such as 'EEEE d MMMM'",
        ),
        (
            'msgid "postbox.count"\nmsgid_plural "x"\nmsgstr[0] "1 viesti"\nmsgstr[1] "viestejä"\n',
            "fi/pages.po:1: postbox.count[1] must hold {count}, and 'viestejä' does not.",
        ),
    ],
)
def test_texts_of_a_city_that_would_break_a_page_are_refused(tmp_path, text, told):
    own(tmp_path, "fi/pages.po", text)
    with pytest.raises(ConfigurationError) as refused:
        load_page_texts(SPOKEN, tmp_path)
    found = refused.value.problems
    assert [each for each in found if each.startswith(told)], found


# --- plurals


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("sv", 1, "1 bifogad fil"),
        ("sv", 2, "2 bifogade filer"),
        ("fi", 1, "1 liitetiedosto"),
        ("fi", 7, "7 liitetiedostoa"),
        ("pl", 1, "1 załączony plik"),
        ("pl", 3, "3 załączone pliki"),
        ("pl", 5, "5 załączonych plików"),
        ("pl", 22, "22 załączone pliki"),
        ("bs", 21, "21 priložena datoteka"),
        ("uk", 11, "11 вкладених файлів"),
        ("ar", 1, "ملف مرفق واحد"),
        ("ar", 2, "ملفان مرفقان"),
        ("ar", 3, "3 ملفات مرفقة"),
        ("ar", 11, "11 ملفًا مرفقًا"),
        ("ar", 100, "100 ملف مرفق"),
        ("tr", 4, "4 ek dosya"),
        ("fa", 2, "2 فایل پیوست"),
    ],
)
def test_files_are_counted_as_the_language_counts(language, count, expected):
    assert TOLD[language].count("attachments", count) == expected


@pytest.mark.parametrize("language", sorted(COME_ALONG))
def test_every_plural_form_of_every_language_has_a_text(language):
    forms, choose = plural_of(language)
    assert {choose(count) for count in range(200)} == set(range(forms))
    assert all(TOLD[language].values[f"attachments[{form}]"] for form in range(forms))


def test_a_language_that_nobody_knows_has_two_forms_and_no_dates():
    assert plural_of("xx")[0] == 2
    assert list(check_dates("xx", {}, None)) == ["dates cannot be written: nobody knows the locale 'xx'"]


# --- how they are written


@pytest.mark.parametrize("language", sorted(COME_ALONG))
def test_no_text_has_a_long_dash_or_a_stray_blank(language):
    texts = [*TOLD[language].values.items(), *PAGES.by_language.get(language, {}).items()]
    assert [key for key, text in texts if "\u2014" in text or "  " in text] == []
    assert [key for key, text in texts if text != text.strip() and key != "common.error_prefix"] == []


def test_no_text_can_hold_what_the_resident_wrote():
    known = {name for keys in (KEYS, FIXED_KEYS) for _, may, _ in keys for name in may}
    assert known & {"text", "subject", "sender", "name", "address", "message"} == set()


def test_a_key_that_may_be_left_out_is_read_from_the_other(tmp_path):
    own(tmp_path, "zz/odd.po", say("a", "A"))
    keys = [(key, frozenset(), frozenset()) for key in ("a", "b")]
    assert load_texts("odd", keys, ["zz"], tmp_path, fallback={"b": "a"})["zz"].values == {"a": "A", "b": "A"}
    with pytest.raises(ConfigurationError, match=r"zz/odd\.po: b is missing"):
        load_texts("odd", keys, ["zz"], tmp_path)

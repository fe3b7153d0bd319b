"""Receipts: what may be said to whom, and that every letter says all of it."""

import dataclasses
import re
from datetime import UTC, date, datetime, timedelta
from html import escape
from html.parser import HTMLParser

import pytest
from msgspec import structs

from config.organisation import load_organisation
from config.receipt_texts import CHANNELS, COME_ALONG, LETTERS, REASONS, VARIANTS, load_receipt_texts
from gateway.letters.letter_words import Dress, Value
from gateway.letters.receipts import Receipt, is_followed, make_notice, make_receipt, withhold_reason
from gateway.letters.rendering import Letters
from gateway.letters.text_lint import (
    count_septets,
    find_hard_texts,
    find_long_messages,
    measure_lix,
    read_prose,
    split_sentences,
)
from normalizer.messages import Address, Attachment, NormalizedMessage
from normalizer.organisation import RoutingDecision

CITY = load_organisation()
TEXTS = load_receipt_texts(CITY.languages)
RENDER = Letters(CITY, TEXTS)
ARRIVAL = datetime(2026, 11, 22, 16, 41, 7, tzinfo=UTC)
SOMEONE = Address(channel="email", value="someone@example.org")
FIXED = tuple(sorted(COME_ALONG - set(CITY.languages)))
RIGHT_TO_LEFT = ("ar", "ckb", "fa")
RECEIPTS = tuple(variant for variant, letter in LETTERS.items() if not letter.later)
URGENT = tuple(variant for variant, letter in LETTERS.items() if letter.urgent)


def pick_department(variant):
    if LETTERS[variant].who != "department":
        return ""
    return "mimer" if variant in {"outside", "referred"} else "teknik"


def write(**given):
    fields = {
        "external_id": "1",
        "message_id": "",
        "sender": SOMEONE,
        "answer_to": (SOMEONE,),
        "recipients": (),
        "subject": "Hemligt ämne",
        "text": "Hemlig text",
        "new_text": "Hemlig text",
        "language": "sv",
        "attachments": (),
        "references": (),
        "sent_at": None,
        "category": "",
        "place": "",
        "occurred": "",
        "kind": "message",
        "withhold_receipt": "",
        "bounce": None,
    }
    return NormalizedMessage(**(fields | given))


def promise(department="teknik", *, added=False, sensitive=False, organisation=CITY, special="", **given):
    return make_receipt(
        write(**given),
        RoutingDecision(department=department, rule="words:x", words=("hemligt",), sensitive=sensitive),
        organisation,
        reference="7K4M-9QXT",
        received_at=ARRIVAL,
        channel="email",
        due=date(2026, 11, 24),
        added=added,
        special=special,
    )


def receipt(language="sv", variant="named", **given):
    fields = {
        "reference": "7K4M-9QXT",
        "received_at": ARRIVAL,
        "channel": "email",
        "language": language,
        "variant": variant,
        "due": date(2026, 11, 24),
        "department": pick_department(variant),
        "promised": date(2026, 11, 20) if variant == "late" else None,
    }
    return Receipt(**(fields | given))


ALL = [receipt(language, variant) for language in CITY.languages for variant in VARIANTS]
NAMES = [f"{each.language}-{each.variant}" for each in ALL]
ANSWER = "Hej!\n\nLyktan är lagad.\nTack för att du sa till. Läs mer på https://example.org/lyktor"


class _Text(HTMLParser):
    """The words a reader of the HTML sees."""

    def __init__(self):
        super().__init__()
        self.words, self._open = "", []

    def handle_starttag(self, tag, attrs):
        self._open.append(tag)

    def handle_endtag(self, tag):
        self._open.remove(tag)

    def handle_data(self, data):
        if not {"head", "style", "title"} & set(self._open):
            self.words += data


def read(html):
    reader = _Text()
    reader.feed(html)
    return reader.words


def squeeze(text):
    return " ".join(text.split())


# --- shall we answer


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ""),
        ({"answer_to": ()}, ""),
        ({"withhold_receipt": "auto-submitted"}, "auto-submitted"),
        ({"kind": "bounce"}, "kind:bounce"),
        ({"kind": "auto_reply", "withhold_receipt": "null-sender"}, "null-sender"),
    ],
)
def test_only_a_person_is_answered(fields, expected):
    assert expected == withhold_reason(write(**fields))


# --- which words


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"department": "teknik"}, ("named", "teknik")),
        ({"department": ""}, ("unsure", "")),
        ({"department": "abolished"}, ("unsure", "")),
        ({"department": "ifo"}, ("neutral", "")),
        ({"department": "skola", "sensitive": True}, ("neutral", "")),
        ({"department": "", "sensitive": True}, ("neutral", "")),
        ({"department": "mimer", "sensitive": True}, ("neutral", "")),
        ({"department": "mimer"}, ("outside", "mimer")),
        ({"department": "vafab"}, ("outside", "vafab")),
        ({"department": "trafikverket"}, ("outside", "trafikverket")),
        ({"department": "teknik", "added": True}, ("added", "teknik")),
        ({"department": "", "added": True}, ("added", "")),
        ({"department": "mimer", "added": True}, ("added", "")),
        ({"department": "ifo", "added": True}, ("neutral", "")),
        ({"special": "neutral"}, ("neutral", "")),
        ({"special": "records"}, ("records", "")),
        ({"special": "appeal", "added": True}, ("appeal", "")),
        # Whoever shares the telephone must not read that somebody asked for their own papers.
        ({"special": "records", "department": "ifo"}, ("neutral", "")),
        ({"special": "appeal", "sensitive": True}, ("neutral", "")),
        # Where a life may be in danger 112 comes first, whatever else is true.
        ({"special": "danger", "department": "ifo"}, ("danger", "")),
        ({"special": "suicide", "sensitive": True}, ("suicide", "")),
        ({"special": "child", "added": True}, ("child", "")),
    ],
)
def test_the_variant_says_no_more_than_is_known_and_allowed(given, expected):
    made = promise(**given)
    assert expected == (made.variant, made.department)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("sv", ("sv", "")),
        ("fi", ("fi", "")),
        ("en", ("en", "")),
        ("", ("sv", "en")),
        ("ja", ("sv", "en")),
        *((language, (language, "sv")) for language in FIXED),
        ("hr", ("bs", "sv")),
        ("sr", ("bs", "sv")),
        ("prs", ("fa", "sv")),
    ],
)
def test_the_language_is_the_persons_own_or_swedish_with_english(language, expected):
    made = promise(language=language)
    assert expected == (made.language, made.also)


def test_a_city_without_english_answers_in_its_first_language_alone():
    made = promise(language="ja", organisation=dataclasses.replace(CITY, languages=("sv", "fi")))
    assert (made.language, made.also) == ("sv", "")


def test_without_an_address_the_receipt_is_anonymous_and_files_are_counted():
    files = (Attachment(filename="a.jpg", content_type="image/jpeg", content=b"x"),) * 2
    made = promise(answer_to=(), attachments=files)
    assert (made.anonymous, made.attachments) == (True, 2)


# --- the letter


@pytest.mark.parametrize(
    "each",
    [each for each in ALL if each.variant in RECEIPTS],
    ids=[name for each, name in zip(ALL, NAMES, strict=True) if each.variant in RECEIPTS],
)
def test_every_receipt_holds_the_ten_elements(each):
    language, variant = each.language, each.variant
    _, text, _ = RENDER.render_mail(each)
    texts = TEXTS[language]
    who = {
        "department": CITY.departments[each.department or "kc"].names[language],
        "contact_centre": CITY.departments["kc"].names[language],
        "city": CITY.names[language],
        "registrar": texts["labels.registrar"],
    }[LETTERS[variant].who]
    due = {"sv": "tisdag 24 november", "fi": "tiistaina 24. marraskuuta", "en": "Tuesday 24 November"}[
        language
    ]
    time = {
        "sv": "söndag 22 november 2026 kl. 17.41",
        "fi": "sunnuntaina 22. marraskuuta 2026 klo 17.41",
        "en": "Sunday 22 November 2026 at 17:41",
    }[language] + ("" if variant != "appeal" else ":07" if language == "en" else ".07")
    elements = {
        "number": f"{texts['labels.reference']}\n7K4M-9QXT",
        "when": time,
        "channel": texts["channels.email"],
        "who": who,
        "date": f"{texts[f'labels.{LETTERS[variant].due}']}\n{due}",
        "how to add": texts["sections.add"],
        "whom to ask": CITY.phone,
        "public record and personal data": CITY.privacy_url,
        "danger": "112",
        "automatic": {"sv": "automatiskt svar", "fi": "automaattinen vastaus", "en": "automatic reply"}[
            language
        ],
    }
    assert [name for name, words in elements.items() if words not in text] == []


@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_the_subject_holds_the_number_and_nothing_of_the_matter(each):
    subject, _, _ = RENDER.render_mail(each)
    key = (
        "subject_answer"
        if each.variant == "answer"
        else "subject_news"
        if LETTERS[each.variant].later
        else ""
    )
    expected = {
        ("sv", ""): "Vi har fått ditt meddelande (7K4M-9QXT)",
        ("fi", ""): "Olemme saaneet viestisi (7K4M-9QXT)",
        ("en", ""): "We have received your message (7K4M-9QXT)",
        ("sv", "subject_news"): "Nytt om ditt meddelande (7K4M-9QXT)",
        ("fi", "subject_news"): "Uutta viestistäsi (7K4M-9QXT)",
        ("en", "subject_news"): "News about your message (7K4M-9QXT)",
        ("sv", "subject_answer"): "Svar på ditt meddelande (7K4M-9QXT)",
        ("fi", "subject_answer"): "Vastaus viestiisi (7K4M-9QXT)",
        ("en", "subject_answer"): "Answer to your message (7K4M-9QXT)",
    }
    assert expected[each.language, key] == subject


@pytest.mark.parametrize("also", ["", "en"])
@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_html_and_plain_text_say_the_same_in_the_same_order(each, also):
    each = structs.replace(each, attachments=2, also=also if each.language == "sv" else "")
    _, text, html = RENDER.render_mail(each, ANSWER if each.variant == "answer" else "")
    assert squeeze(text.replace("* * *", "")) == squeeze(read(html))


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("variant", [v for v in RECEIPTS if LETTERS[v].who != "department" and v != "child"])
def test_a_letter_that_may_name_nobody_names_nobody(language, variant):
    first = RENDER.render_mail(receipt(language, variant, department="ifo"))
    names = [each.names[language] for each in CITY.departments.values() if each.key != "kc"]
    assert [name for part in first for name in names if name in part] == []


def test_a_letter_cannot_hold_what_the_person_wrote():
    letter = "".join(RENDER.render_mail(promise()))
    assert [
        word
        for word in ("Hemlig", "hemligt ämne", "someone")
        if word in letter.replace("något är hemligt", "")
    ] == []


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("key", [each.key for each in CITY.departments.values() if each.body != "department"])
def test_a_letter_about_somebody_else_says_how_to_reach_them(language, key):
    _, text, _ = RENDER.render_mail(receipt(language, "outside", department=key))
    assert CITY.departments[key].names[language] in text
    assert CITY.departments[key].contact[language] in text


@pytest.mark.parametrize("language", CITY.languages)
def test_an_anonymous_letter_says_honestly_that_nobody_can_answer(language):
    _, text, _ = RENDER.render_mail(receipt(language, anonymous=True))
    assert TEXTS[language]["sections.anonymous"] in text
    assert TEXTS[language]["sections.add"] not in text


def test_an_unknown_language_gets_swedish_first_and_english_after():
    subject, text, html = RENDER.render_mail(receipt(also="en"))
    assert subject == "Vi har fått ditt meddelande / We have received your message (7K4M-9QXT)"
    assert 0 < text.index("Du får svar senast") < text.index("You will have an answer by")
    assert re.findall(r' lang="(\w+)"', html) == ["sv", "sv", "en"]


@pytest.mark.parametrize("channel", [*CHANNELS, "pigeon"])
def test_every_channel_has_words_and_an_unknown_one_is_another_service(channel):
    _, text, _ = RENDER.render_mail(receipt(channel=channel))
    assert TEXTS["sv"][f"channels.{'other' if channel == 'pigeon' else channel}"] in text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("sv", "tisdag 5 januari 2027"),
        ("fi", "tiistaina 5. tammikuuta 2027"),
        ("en", "Tuesday 5 January 2027"),
    ],
)
def test_the_year_is_told_when_it_is_another(language, expected):
    late = receipt(language, due=date(2027, 1, 5), received_at=datetime(2026, 12, 30, 17, 30, tzinfo=UTC))
    assert expected in RENDER.render_mail(late)[1]


def test_times_are_swedish_local_time_at_the_turn_of_the_day():
    _, text, _ = RENDER.render_mail(receipt(received_at=datetime(2026, 7, 14, 22, 5, tzinfo=UTC)))
    assert "onsdag 15 juli 2026 kl. 00.05" in text


# --- the HTML part


@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_the_html_is_small_fetches_nothing_and_tracks_nobody(each):
    _, _, html = RENDER.render_mail(each)
    assert len(html.encode()) < 6_500
    assert re.findall(r"<(?:img|script|link|iframe|form|object|video)|url\(|@import|src=", html) == []
    links = set(re.findall(r'href="([^"]+)"', html))
    assert [link for link in links if not re.fullmatch(r"tel:\d+|https://example\.org/[\w-]+", link)] == []
    assert f'<html lang="{each.language}" dir="ltr">' in html


def test_two_languages_stay_below_twelve_kilobytes():
    for variant in VARIANTS:
        for language, also in (("sv", "en"), *((language, "sv") for language in FIXED)):
            _, _, html = RENDER.render_mail(receipt(language, variant, also=also, attachments=3))
            assert len(html.encode()) < 12_000


def test_configured_values_are_escaped_and_percent_signs_survive():
    names = CITY.departments["teknik"].names | {"sv": "<b>100 % & {due} %(due_sv)s"}
    teknik = dataclasses.replace(CITY.departments["teknik"], names=names)
    city = dataclasses.replace(CITY, departments={**CITY.departments, "teknik": teknik})
    values = TEXTS["sv"].values | {"channels.email": "via <i>"}
    letters = Letters(city, TEXTS | {"sv": dataclasses.replace(TEXTS["sv"], values=values)})
    _, text, html = letters.render_mail(receipt())
    assert "<b>100 % & {due} %(due_sv)s" in text
    assert "&lt;b&gt;100 % &amp; {due} %(due_sv)s" in html
    assert "via &lt;i&gt;" in html
    assert squeeze(text) == squeeze(read(html))
    assert "<b>100" not in html


# --- plain language


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_swedish_text_is_easy_to_read(variant):
    assert measure_lix(read_prose(RENDER, variant)) <= 35
    _, text, _ = RENDER.render_mail(receipt("sv", variant))
    assert measure_lix(text) <= 45  # with long names of departments and web addresses


def test_what_comes_along_has_nothing_to_complain_of():
    assert [*find_hard_texts(RENDER), *find_long_messages(RENDER)] == []


def test_a_citys_own_words_that_are_hard_or_long_are_told():
    hard = "Förvaltningsövergripande handläggningsrutiner " * 40 + "{due} {department}."
    own = {
        "variants.named.next": hard,
        "sms.named": TEXTS["sv"]["sms.named"] + "!" * 20,
        "sms.late": "\u2013 {due}",
    }
    texts = dataclasses.replace(TEXTS["sv"], values=TEXTS["sv"].values | own)
    letters = Letters(CITY, TEXTS | {"sv": texts})
    assert [re.sub(r"(LIX) \d+", r"\1", each.partition(",")[0]) for each in find_hard_texts(letters)] == [
        "sv/receipts.po: the letter 'named' has LIX",
        "sv/receipts.po: a sentence of 82 words",
    ]
    told = [
        re.sub(r"takes \d+", "takes N", each.partition(", more")[0]) for each in find_long_messages(letters)
    ]
    assert told == [
        "sv/receipts.po: sms.named takes N septets",
        "sv/receipts.po: sms.late has letters outside GSM 03.38: '\u2013'.",
    ]


@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_no_sentence_is_longer_than_twenty_words(each):
    _, text, _ = RENDER.render_mail(each)
    assert [sentence for sentence in split_sentences(text) if len(sentence.split()) > 20] == []


# --- SMS


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_sms_fits_one_gsm_segment_for_every_department_and_date(language, variant):
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    longest = max(days, key=lambda day: len(RENDER.render_sms(receipt(language, "unsure", due=day))))
    for key in CITY.departments:
        sms = RENDER.render_sms(receipt(language, variant, department=key, due=longest))
        assert (count_septets(sms) or 999) <= 160, (key, sms)


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_sms_holds_the_number_and_112(language, variant):
    sms = RENDER.render_sms(receipt(language, variant))
    assert "7K4M-9QXT" in sms
    assert "112" in sms
    assert sms.endswith(f"/{CITY.names[language]}")


@pytest.mark.parametrize("language", FIXED)
@pytest.mark.parametrize("variant", VARIANTS)
def test_an_sms_in_a_fixed_language_takes_at_most_two_segments(language, variant):
    sms = RENDER.render_sms(receipt(language, variant, also="sv"))
    # Two segments of UCS-2 hold 67 characters each, two of GSM-7 153 each.
    assert (count_septets(sms) or 0) <= 306, sms
    assert count_septets(sms) or len(sms) <= 134, sms
    assert "7K4M-9QXT" in sms
    assert "112" in sms
    assert "{" not in sms


def test_an_sms_without_the_numbers_it_would_tell_says_112():
    bare = Letters(dataclasses.replace(CITY, helplines={}), TEXTS)
    for variant in URGENT:
        sms = bare.render_sms(receipt("sv", variant))
        assert sms == RENDER.render_sms(receipt("sv", "danger"))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "sv",
            "Tack! Vi har fått ditt meddelande, nr 7K4M-9QXT. Teknik och fastighet svarar senast tis 24 nov. Frågor: 08-465 004 10. Akut fara: 112. /Västerås stad",
        ),
        (
            "fi",
            "Kiitos! Saimme viestisi, nro 7K4M-9QXT. Kadut ja kiinteistöt vastaa viimeistään ti 24.11. Kysy: 08-465 004 10. Hengenvaara: 112. /Västeråsin kaupunki",
        ),
        (
            "en",
            "Thank you! We have your message, no 7K4M-9QXT. Streets and Property will reply by Tue 24 Nov. Questions: 08-465 004 10. Danger: 112. /City of Västerås",
        ),
    ],
)
def test_an_sms_says_number_who_when_and_112(language, expected):
    assert expected == RENDER.render_sms(receipt(language))


# --- urgent letters


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("variant", URGENT)
def test_an_urgent_letter_begins_with_112_and_the_numbers(language, variant):
    _, text, html = RENDER.render_mail(receipt(language, variant))
    beginning = text[: text.index(TEXTS[language][f"variants.{variant}.title"])]
    assert "112" in beginning
    for key in LETTERS[variant].helplines:
        line = CITY.helplines[key]
        assert line.number in beginning
        assert line.hours[language] in beginning
        assert f'href="tel:{re.sub(r"[^0-9]", "", line.number)}"' in html
    assert html.index('href="tel:112"') < html.index("<h1")


def test_an_urgent_letter_of_a_city_without_numbers_says_112_alone():
    bare = Letters(dataclasses.replace(CITY, helplines={}), TEXTS)
    for variant in URGENT:
        _, text, html = bare.render_mail(receipt("sv", variant))
        assert TEXTS["sv"][f"urgent.{variant}_lines"] not in text
        assert "112" in text
        assert squeeze(text) == squeeze(read(html))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_letter_says_that_help_is_on_its_way(language):
    for variant in URGENT:
        _, text, _ = RENDER.render_mail(receipt(language, variant))
        assert not re.search(r"på väg|skickar hjälp|on its way|we send help|are coming", text)


# --- requests for records, appeals


def test_nobody_who_asks_for_records_is_asked_who_they_are():
    _, text, _ = RENDER.render_mail(receipt("sv", "records"))
    assert "Vi frågar inte vem du är eller varför" in text
    assert "skriftligt beslut" in text


def test_an_appeal_is_told_when_it_came_to_the_second_and_who_decides():
    _, text, _ = RENDER.render_mail(receipt("sv", "appeal"))
    assert text.count("söndag 22 november 2026 kl. 17.41.07") == 2
    assert "Nämnden avgör om ett överklagande har kommit in i rätt tid." in text


# --- later letters


def notice(variant="decided", **given):
    fields = {
        "reference": "7K4M-9QXT",
        "received_at": ARRIVAL,
        "channel": "email",
        "due": date(2026, 11, 24),
        "language": "sv",
        "department": "teknik",
    }
    return make_notice(variant, CITY, **(fields | given))


@pytest.mark.parametrize(
    ("variant", "given", "expected"),
    [
        ("decided", {}, ("decided", "teknik")),
        ("moved", {}, ("moved", "teknik")),
        ("decided", {"department": "mimer"}, ("referred", "mimer")),
        ("decided", {"department": "ifo"}, None),
        ("moved", {"sensitive": True}, None),
        ("decided", {"department": ""}, None),
        ("late", {"promised": date(2026, 11, 20)}, ("late", "teknik")),
        ("late", {"promised": date(2026, 11, 20), "department": "ifo"}, ("late", "")),
        ("status", {"sensitive": True}, ("status", "")),
        ("answer", {"department": "ifo"}, ("answer", "")),
    ],
)
def test_a_later_letter_says_no_more_than_may_be_said(variant, given, expected):
    made = notice(variant, **given)
    assert expected == (made and (made.variant, made.department))


def test_a_later_letter_keeps_the_language_of_the_case():
    assert [(made.language, made.also) for made in (notice(language="ar"), notice(language=""))] == [
        ("ar", "sv"),
        ("sv", "en"),
    ]


def test_a_late_letter_tells_the_day_we_promised_the_new_one_and_why():
    for reason in REASONS:
        late = notice("late", promised=date(2026, 11, 20), reason=reason, due=date(2026, 12, 1))
        _, text, _ = RENDER.render_mail(late)
        assert "fredag 20 november" in text
        assert "Nytt datum\ntisdag 1 december" in text
        assert TEXTS["sv"][f"reasons.{reason}"] in text


def test_a_reason_that_nobody_configured_and_a_late_letter_without_its_day_are_refused():
    with pytest.raises(ValueError, match="reason must be one of time, many, "):
        notice("late", promised=date(2026, 11, 20), reason="slarv")
    with pytest.raises(ValueError, match="the day that was promised"):
        notice("late")


@pytest.mark.parametrize("language", [*CITY.languages, *FIXED])
def test_an_answer_of_staff_stands_once_in_its_frame_and_is_text(language):
    hostile = "<script>alert(1)</script> 100 % %(due_sv)s {due}\r\n\r\nhttps://example.org/a?b=1&c=2"
    given = notice("answer", language=language)
    _, text, html = RENDER.render_mail(given, hostile)
    assert text.count(hostile.replace("\r\n", "\n")) + text.count(hostile) == 1
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; 100 % %(due_sv)s {due}") == 1
    assert '<a href="https://example.org/a?b=1&amp;c=2"' in html
    assert TEXTS[language]["automatic"].partition("{")[0] not in text


# --- fixed languages, and those that run from right to left


@pytest.mark.parametrize("language", FIXED)
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_fixed_language_stands_above_the_whole_letter_in_swedish(language, variant):
    each = receipt(language, variant, also="sv", attachments=2)
    subject, text, html = RENDER.render_mail(each, ANSWER if variant == "answer" else "")
    above, _, below = text.partition("\n\n* * *\n\n")
    _, swedish, _ = RENDER.render_mail(receipt("sv", variant, attachments=2))
    assert below == swedish.replace("%(body)s", "").replace("\n\n\n\n", "\n\n")
    for said in ("7K4M-9QXT", "112", CITY.phone, TEXTS[language]["sections.interpreter_title"]):
        assert said in above
    assert subject.endswith("(7K4M-9QXT)")
    assert " / " in subject
    assert f'<html lang="{language}" dir="{"rtl" if language in RIGHT_TO_LEFT else "ltr"}">' in html


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
@pytest.mark.parametrize("variant", VARIANTS)
def test_numbers_and_names_stand_in_isolates_where_text_runs_from_right_to_left(language, variant):
    _, text, html = RENDER.render_mail(receipt(language, variant, also="sv"))
    above = text.partition("\n\n* * *\n\n")[0]
    for number in ("7K4M-9QXT", CITY.phone, *(line.number for line in CITY.helplines.values())):
        assert above.count(number) == above.count(f"\u2066{number}\u2069")
    assert above.count("\u2066") + above.count("\u2068") == above.count("\u2069")
    assert [line for line in above.split("\n") if line and not line.startswith("\u200f")] == []
    paper = html.split("<table")[1] if "<table" in html else html
    assert 'dir="rtl"' in paper
    assert '<bdi dir="ltr">7K4M-9QXT</bdi>' in html
    sms = RENDER.render_sms(receipt(language, variant, also="sv"))
    assert "\u20667K4M-9QXT\u2069" in sms


@pytest.mark.parametrize("language", FIXED)
def test_a_name_that_is_only_swedish_is_marked_as_swedish(language):
    _, _, html = RENDER.render_mail(receipt(language, "named", also="sv"))
    name = CITY.departments["teknik"].names["sv"]
    above = html[: html.index('lang="sv" dir="ltr"')]
    tag = "bdi" if language in RIGHT_TO_LEFT else "span"
    assert above.count(name) == above.count(f'<{tag} lang="sv">{name}</{tag}>') > 0


@pytest.mark.parametrize("language", [*CITY.languages, *FIXED])
def test_dates_are_written_in_digits_that_stand_on_telephones(language):
    for month in range(1, 13):
        _, text, _ = RENDER.render_mail(receipt(language, due=date(2027, month, 26), also="sv"))
        assert "26" in text
        assert re.findall(r"[^\W0-9]*[\u0660-\u0669\u06f0-\u06f9]", text) == []


def test_a_value_that_looks_like_a_place_stays_as_it_is():
    said = Dress("ar", html=True).say(
        "{city} {phone}", {"city": Value("{phone}<", "name"), "phone": Value("1", "phone")}
    )
    assert said.startswith("<bdi>{phone}&lt;</bdi> <bdi")


LINK = "https://kvitto.example.org/s/Abc-_9?x=1&y=%2F"


@pytest.mark.parametrize("language", ["sv", "fi", "en", *sorted(RENDER.fixed)])
def test_a_mail_leads_to_the_page_of_its_case_in_every_language(language: str) -> None:
    also = "" if language == "sv" else "sv"
    _, text, html = RENDER.render_mail(receipt(language, also=also), "", LINK)
    faces = 2 if also else 1
    assert text.count(LINK) == faces
    assert html.count(f'href="{escape(LINK)}"') == faces
    assert html.count(f">{escape(LINK)}</a>") == faces
    _, text, html = RENDER.render_mail(receipt(language, also=also))
    assert "/s/" not in text + html


@pytest.mark.parametrize(
    ("channel", "variant", "followed"),
    [
        ("email", "named", True),
        ("email", "unsure", True),
        ("email", "answer", True),
        ("mailbox", "late", True),
        *[("email", variant, False) for variant in ("neutral", "danger", "suicide", "child")],
        *[(channel, "named", False) for channel in ("form", "webform", "chat")],
    ],
)
def test_what_must_say_nothing_and_what_goes_to_a_typed_address_leads_nowhere(
    channel: str, variant: str, followed: bool
) -> None:
    assert is_followed(receipt("sv", variant, channel=channel)) is followed

"""Receipts: what may be said to whom, and that every letter says all of it."""

import dataclasses
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest

from config.organisation import load_organisation
from config.receipt_texts import CHANNELS, VARIANTS, load_receipt_texts
from gateway.receipts import Letters, Receipt, make_receipt, withhold_reason
from normalizer.messages import Address, Attachment, NormalizedMessage
from normalizer.organisation import RoutingDecision

CITY = load_organisation()
TEXTS = load_receipt_texts(CITY.languages)
LETTERS = Letters(CITY, TEXTS)
ARRIVAL = datetime(2026, 11, 22, 16, 41, 7, tzinfo=UTC)
SOMEONE = Address(channel="email", value="someone@example.org")
DEPARTMENT_OF = {"named": "teknik", "unsure": "", "neutral": "", "outside": "mimer", "added": "teknik"}


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


def promise(department="teknik", *, added=False, sensitive=False, organisation=CITY, **given):
    return make_receipt(
        write(**given),
        RoutingDecision(department=department, rule="words:x", words=("hemligt",), sensitive=sensitive),
        organisation,
        reference="7K4M-9QXT",
        received_at=ARRIVAL,
        channel="email",
        due=date(2026, 11, 24),
        added=added,
    )


def receipt(language="sv", variant="named", **given):
    fields = {
        "reference": "7K4M-9QXT",
        "received_at": ARRIVAL,
        "channel": "email",
        "language": language,
        "variant": variant,
        "due": date(2026, 11, 24),
        "department": DEPARTMENT_OF[variant],
    }
    return Receipt(**(fields | given))


ALL = [receipt(language, variant) for language in CITY.languages for variant in VARIANTS]
NAMES = [f"{each.language}-{each.variant}" for each in ALL]


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
    ],
)
def test_the_variant_says_no_more_than_is_known_and_allowed(given, expected):
    made = promise(**given)
    assert expected == (made.variant, made.department)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("sv", ("sv", "")), ("fi", ("fi", "")), ("en", ("en", "")), ("", ("sv", "en")), ("ar", ("sv", "en"))],
)
def test_the_language_is_the_persons_own_or_swedish_with_english(language, expected):
    made = promise(language=language)
    assert expected == (made.language, made.also)


def test_a_city_without_english_answers_in_its_first_language_alone():
    made = promise(language="ar", organisation=dataclasses.replace(CITY, languages=("sv", "fi")))
    assert (made.language, made.also) == ("sv", "")


def test_without_an_address_the_receipt_is_anonymous_and_files_are_counted():
    files = (Attachment(filename="a.jpg", content_type="image/jpeg", content=b"x"),) * 2
    made = promise(answer_to=(), attachments=files)
    assert (made.anonymous, made.attachments) == (True, 2)


# --- the letter


@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_every_letter_holds_the_ten_elements(each):
    language, variant = each.language, each.variant
    _, text, _ = LETTERS.render_mail(each)
    city, texts = CITY.names[language], TEXTS[language]
    who = {"unsure": CITY.departments["kc"].names[language], "neutral": city}.get(
        variant, CITY.departments[each.department or "kc"].names[language]
    )
    due = {"sv": "tisdag 24 november", "fi": "tiistaina 24. marraskuuta", "en": "Tuesday 24 November"}[
        language
    ]
    time = {
        "sv": "söndag 22 november 2026 kl. 17.41",
        "fi": "sunnuntaina 22. marraskuuta 2026 klo 17.41",
        "en": "Sunday 22 November 2026 at 17:41",
    }[language]
    elements = {
        "number": f"{texts['labels.reference']}\n7K4M-9QXT",
        "when": time,
        "channel": texts["channels.email"],
        "who": who,
        "date": f"{texts[f'variants.{variant}.due_label']}\n{due}",
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
    subject, _, _ = LETTERS.render_mail(each)
    expected = {
        "sv": "Vi har fått ditt meddelande (7K4M-9QXT)",
        "fi": "Olemme saaneet viestisi (7K4M-9QXT)",
        "en": "We have received your message (7K4M-9QXT)",
    }
    assert expected[each.language] == subject


@pytest.mark.parametrize("also", ["", "en"])
@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_html_and_plain_text_say_the_same_in_the_same_order(each, also):
    each = dataclasses.replace(each, attachments=2, also=also if each.language == "sv" else "")
    _, text, html = LETTERS.render_mail(each)
    assert squeeze(text.replace("* * *", "")) == squeeze(read(html))


@pytest.mark.parametrize("language", CITY.languages)
def test_a_neutral_letter_names_no_department_and_is_the_same_for_every_matter(language):
    first = LETTERS.render_mail(receipt(language, "neutral"))
    names = [each.names[language] for each in CITY.departments.values() if each.key != "kc"]
    assert [name for part in first for name in names if name in part] == []


def test_a_letter_cannot_hold_what_the_person_wrote():
    letter = "".join(LETTERS.render_mail(promise()))
    assert [
        word
        for word in ("Hemlig", "hemligt ämne", "someone")
        if word in letter.replace("något är hemligt", "")
    ] == []


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("key", [each.key for each in CITY.departments.values() if each.body != "department"])
def test_a_letter_about_somebody_else_says_how_to_reach_them(language, key):
    _, text, _ = LETTERS.render_mail(receipt(language, "outside", department=key))
    assert CITY.departments[key].names[language] in text
    assert CITY.departments[key].contact[language] in text


@pytest.mark.parametrize("language", CITY.languages)
def test_an_anonymous_letter_says_honestly_that_nobody_can_answer(language):
    _, text, _ = LETTERS.render_mail(receipt(language, anonymous=True))
    assert TEXTS[language]["sections.anonymous"] in text
    assert TEXTS[language]["sections.add"] not in text


def test_an_unknown_language_gets_swedish_first_and_english_after():
    subject, text, html = LETTERS.render_mail(receipt(also="en"))
    assert subject == "Vi har fått ditt meddelande / We have received your message (7K4M-9QXT)"
    assert 0 < text.index("Du får svar senast") < text.index("You will have an answer by")
    assert re.findall(r' lang="(\w+)"', html) == ["sv", "sv", "en"]


@pytest.mark.parametrize("channel", [*CHANNELS, "pigeon"])
def test_every_channel_has_words_and_an_unknown_one_is_another_service(channel):
    _, text, _ = LETTERS.render_mail(receipt(channel=channel))
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
    assert expected in LETTERS.render_mail(late)[1]


def test_times_are_swedish_local_time_at_the_turn_of_the_day():
    _, text, _ = LETTERS.render_mail(receipt(received_at=datetime(2026, 7, 14, 22, 5, tzinfo=UTC)))
    assert "onsdag 15 juli 2026 kl. 00.05" in text


# --- the HTML part


@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_the_html_is_small_fetches_nothing_and_tracks_nobody(each):
    _, _, html = LETTERS.render_mail(each)
    assert len(html.encode()) < 6_000
    assert re.findall(r"<(?:img|script|link|iframe|form|object|video)|url\(|@import|src=", html) == []
    links = set(re.findall(r'href="([^"]+)"', html))
    assert [link for link in links if not re.fullmatch(r"tel:\d+|https://example\.org/[\w-]+", link)] == []
    assert f'<html lang="{each.language}" dir="ltr">' in html


def test_two_languages_stay_below_ten_kilobytes():
    for variant in VARIANTS:
        _, _, html = LETTERS.render_mail(receipt("sv", variant, also="en", attachments=3))
        assert len(html.encode()) < 10_000


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


def split_sentences(text):
    return [each for each in re.split(r"[.?!]\s+|\n+", unescape(text)) if re.search(r"\w", each)]


def measure_lix(text):
    words = re.findall(r"[^\W\d_]+", text)
    return len(words) / len(split_sentences(text)) + 100 * sum(len(word) > 6 for word in words) / len(words)


def read_prose(language, variant):
    """The running text of a letter, without the address lines and names that a city fills in."""
    texts = TEXTS[language]
    keys = [
        f"variants.{variant}.title",
        f"variants.{variant}.next_title",
        f"variants.{variant}.next",
        "automatic",
    ]
    keys += [
        f"sections.{name}{end}" for name in ("add", "questions", "public", "danger") for end in ("_title", "")
    ]
    return "\n".join(re.sub(r"\{\w+\}", "det", texts[key]) for key in keys)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_swedish_text_is_easy_to_read(variant):
    assert measure_lix(read_prose("sv", variant)) <= 35
    _, text, _ = LETTERS.render_mail(receipt("sv", variant))
    assert measure_lix(text) <= 45  # with long names of departments and web addresses


@pytest.mark.parametrize("each", ALL, ids=NAMES)
def test_no_sentence_is_longer_than_twenty_words(each):
    _, text, _ = LETTERS.render_mail(each)
    assert [sentence for sentence in split_sentences(text) if len(sentence.split()) > 20] == []


# --- SMS: texts only, until there is a channel

GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_sms_fits_one_gsm_segment_for_every_department_and_date(language, variant):
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    longest = max(days, key=lambda day: len(LETTERS.render_sms(receipt(language, "unsure", due=day))))
    for key in CITY.departments:
        sms = LETTERS.render_sms(receipt(language, variant, department=key, due=longest))
        assert set(sms) <= GSM_7
        assert len(sms) <= 160


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
    assert expected == LETTERS.render_sms(receipt(language))

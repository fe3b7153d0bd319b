"""What is true of every page, without a browser. See tests/flow/test_pages_browser.py for the rest."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from selectolax.lexbor import LexborHTMLParser

from channels.form import KINDS, FieldError
from config.chat_texts import load_chat_texts
from config.page_texts import PageTexts, load_page_texts
from config.receipt_texts import LETTERS
from gateway.letters.receipts import Receipt, Variant
from gateway.promise import STOCKHOLM
from gateway.web.chat_page import write_chat_page
from gateway.web.pages import PAGE_POLICY, POSTBOX_MAIL_POLICY, Pages, PostboxMail, obscure
from gateway.web.status_page import (
    EVENTS,
    LETTERS_SENT,
    Happening,
    State,
    Status,
    write_status_page,
)
from gateway.web.wording import dial, soften
from normalizer.organisation import Department, Helpline, Organisation

LANGUAGES = ("sv", "fi", "en")
SHOWN = tuple(variant for variant, letter in LETTERS.items() if not letter.later)
URGENT = tuple(variant for variant, letter in LETTERS.items() if letter.urgent)
HOSTILE = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>{{7*7}}{text}"
PRIVACY = "https://example.org/personuppgifter"
DUE = date(2026, 11, 26)


def department(key: str, sv: str, **more) -> Department:
    return Department(key=key, names={"sv": sv}, short_names={"sv": sv[:26]}, **more)


CITY = Organisation(
    names={"sv": "Exempelstads kommun", "fi": "Esimerkkikaupunki", "en": "City of Exempelstad"},
    languages=LANGUAGES,
    fallback="kc",
    departments={
        "kc": department("kc", "Kundmottagningen"),
        "teknik": department("teknik", "Teknik- och fastighetsförvaltningen", boards=("tekniska nämnden",)),
        "ifo": department("ifo", "Individ- och familjeförvaltningen", sensitive=True),
        "buss": department("buss", "Regionens bussar", body="outside", contact={"sv": "08-465 004 40"}),
    },
    rules=(),
    phone="08-465 004 10",
    hours={"sv": "Måndag till fredag 8–16.30"},
    visit={"sv": "Storgatan 40"},
    privacy_url=PRIVACY,
    helplines={
        key: Helpline(number=number, hours={"sv": "dygnet runt"})
        for key, number in (("oncall", "08-465 004 60"), ("suicide", "90101"), ("social", "08-465 004 70"))
    },
)
TEXTS = load_page_texts()
PAGES = Pages(CITY, TEXTS)
MAIL = PostboxMail(
    id="0193-a",
    to="amina@example.org",
    subject="Vi har fått ditt meddelande (7K4M-9QXT)",
    sent_at=datetime(2026, 11, 24, 8, 41, tzinfo=UTC),
    headers=(("From", "Exempelstad <kc@example.org>"),),
    text="Hej!",
    html='<p style="color:#000">Hej!</p>',
)
ERRORS = tuple(
    FieldError(field=field, key=key, params={"name": "hål.jpg"} if key == "file_large" else {})
    for field, key in (
        ("", "form_unreadable"),
        ("", "form_large"),
        ("", "busy"),
        ("text", "text_missing"),
        ("text", "text_long"),
        ("kind", "kind_unknown"),
        ("place", "field_long"),
        ("when", "field_long"),
        ("files", "files_many"),
        ("files", "file_large"),
        ("how", "how_unknown"),
        ("how", "anon_contact"),
        ("mail", "mail_missing"),
        ("mail", "mail_malformed"),
        ("name", "field_long"),
        ("lang", "lang_unknown"),
    )
)
PROBLEMS = {
    "not_found": 404,
    "wrong_method": 405,
    "too_large": 413,
    "unreadable": 400,
    "busy": 503,
    "failed": 500,
    "failed_not_sent": 500,
    "no_case": 404,
}


def status(state: State = "waiting", department: str = "teknik", **more) -> Status:
    at = datetime(2026, 11, 24, 9, 41, 7, tzinfo=STOCKHOLM)
    happened = tuple(
        Happening(key=key, at=at + timedelta(hours=hour), department=named)
        for hour, (key, named) in enumerate(more.pop("happened", (("received", ""), ("receipt", ""))))
    )
    known = {"quiet": False, "answer_to": "a***a@e***.org", "anonymous": False, "channel": "form", **more}
    return Status(
        reference="7K4M-9QXT",
        received_at=at,
        state=state,
        department=department,
        due=DUE,
        happened=happened,
        **known,
    )


EVERYTHING = [(key, "") for key in (*EVENTS.values(), *LETTERS_SENT.values())]
STATUSES = {
    "named": status(happened=[*EVERYTHING, ("received", ""), ("moved", "teknik"), ("accepted", "teknik")]),
    "unsure": status(department=""),
    "quiet": status(department="", quiet=True, answer_to=""),
    "outside": status(department="buss"),
    "late": status("late"),
    "answered": status("answered", happened=[("received", ""), ("answered", "")]),
    "closed": status("closed"),
    "anonymous": status(anonymous=True, answer_to=""),
    "sms": status(channel="sms"),
    "whatsapp": status(channel="whatsapp"),
    "telegram": status(channel="telegram"),
    "chat": status(channel="chat"),
}
CHAT_TEXTS = load_chat_texts()


def receipt(variant: Variant = "named", department: str = "teknik", **more) -> Receipt:
    return Receipt(
        **{
            "reference": "7K4M-9QXT",
            "received_at": datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC),
            "channel": "form",
            "language": "sv",
            "variant": variant,
            "due": DUE,
            "department": department,
            **more,
        }
    )


def every_page(pages: Pages, language: str) -> Iterator[tuple[str, str]]:
    yield "form", pages.form(language, token="t", due=DUE)
    yield "errors", pages.form(language, token="t", due=DUE, errors=ERRORS, files_lost=True)
    for count in (1, 2):
        some = ERRORS[3 : 3 + count]
        yield f"errors {count}", pages.form(language, token="t", due=DUE, errors=some)
    yield "busy", pages.busy(language, token="t", due=DUE, values={"text": "Hej"})
    for variant in SHOWN:
        name = {"unsure": "", "outside": "buss", "neutral": "ifo"}.get(variant, "teknik")
        for number, anonymous in enumerate((False, True)):
            shown = "" if anonymous else "a***a@e***.org"
            channel = ("form", "email", "webform")[number]
            page = pages.receipt(
                language,
                receipt(variant, name, anonymous=anonymous, attachments=number, channel=channel),
                mail_shown=shown,
            )
            yield f"receipt {variant} {anonymous}", page
    several = receipt("added", "", attachments=3, channel="webform")
    yield "receipt with files", pages.receipt(language, several, here="/kvitto/x?")
    for key, status in PROBLEMS.items():
        yield key, pages.problem(language, status, key)
    followed = pages.receipt(language, receipt(), here="/s/x?new&", follow="/s/x")
    yield "receipt with a page of the case", followed
    for name, told in STATUSES.items():
        yield f"status {name}", write_status_page(pages, language, told, here="/s/x", token="t")
    added = {"here": "/s/x", "token": "t"}
    yield "status added", write_status_page(pages, language, STATUSES["named"], added=True, **added)
    bad = (FieldError(field="text", key="text_missing"),)
    yield "status errors", write_status_page(pages, language, STATUSES["named"], errors=bad, **added)
    for pretend in (False, True):
        host = "https://kvitto.example.org"
        yield f"chat {pretend}", write_chat_page(pages, language, CHAT_TEXTS, pretend=pretend, host=host)
    yield "postbox", pages.postbox(language, [MAIL, replace(MAIL, subject="")], smtp_port=8025)
    yield "postbox of one", pages.postbox(language, [MAIL], smtp_port=8025)
    yield "postbox empty", pages.postbox(language, [], smtp_port=8025, form_url="/?lang=sv")
    yield "postbox mail", pages.postbox_mail(language, MAIL)


EVERY = [
    pytest.param(language, page, id=f"{language} {name}")
    for language in LANGUAGES
    for name, page in every_page(PAGES, language)
]


# The words


def test_no_text_is_left_over():
    asked = set()

    class Watched(dict):
        def __getitem__(self, key):
            asked.add(key)
            return super().__getitem__(key)

        def get(self, key, default=None):
            asked.add(key)
            return super().get(key, default)

    watched = {code: Watched(TEXTS.by_language[code]) for code in LANGUAGES}
    pages = Pages(CITY, PageTexts(by_language=watched, receipts=TEXTS.receipts))
    list(every_page(pages, "sv"))
    pages.receipt("sv", receipt(due=date(2027, 1, 4)))
    assert set(TEXTS.by_language["sv"]) - asked == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_longer_than_20_words(language: str):
    texts = TEXTS.by_language[language]
    sentences = [part for text in texts.values() for part in re.split(r"(?<=[.!?:])\s", text)]
    assert [part for part in sentences if len(part.split()) > 20] == []


def test_the_swedish_is_plain():
    prose = [text for key, text in TEXTS.by_language["sv"].items() if not key.startswith("meta.")]
    words = re.findall(r"\w+", " ".join(prose))
    # LIX: words per sentence, and the share of words longer than six letters: 35 is plain
    lix = len(words) / len(prose) + 100 * sum(len(word) > 6 for word in words) / len(words)
    assert lix <= 35


def test_no_text_shouts_or_names_one_city():
    for texts in TEXTS.by_language.values():
        for key, text in texts.items():
            assert not re.search(r"Väster|[A-ZÅÄÖ]{5,}|\d{3}-\d", text), key
            assert "!" not in re.sub(r"^(Tack|Kiitos|Thank you)!", "", text), key


# Every page


@pytest.mark.parametrize(("language", "page"), EVERY)
def test_no_page_has_inline_style_or_script_or_another_host(language: str, page: str):
    tree = LexborHTMLParser(page)
    assert tree.css("style, [style], form[action^=http]") == []
    for script in tree.css("script"):
        assert script.attributes.get("src", "").startswith(("/static/", "/chat/")) or (
            script.attributes["type"] == "application/json"
        )
    handlers = [name for node in tree.css("*") for name in node.attributes if name.startswith("on")]
    assert handlers == []
    fetched = [node.attributes.get("src") or node.attributes.get("href") for node in tree.css("[src], link")]
    assert [url for url in fetched if not url.startswith(("/static/", "/chat/"))] == []


@pytest.mark.parametrize(("language", "page"), EVERY)
def test_every_link_leads_to_something_that_exists(language: str, page: str):
    tree = LexborHTMLParser(page)
    ids = {node.attributes["id"] for node in tree.css("[id]")}
    known = re.compile(
        r"/?\?lang=(sv|fi|en)|tel:(112|\+46846500410|\+46846500460|\+46846500470|90101)|/postbox(/0193-a)?\?lang=(sv|fi|en)"
        r"|/kvitto/x\?lang=(sv|fi|en)|/s/x\?(new&)?lang=(sv|fi|en)|/chat\?lang=(sv|fi|en)|"
        + re.escape(PRIVACY)
    )
    for link in tree.css("a"):
        target = link.attributes["href"]
        assert target[1:] in ids if target.startswith("#") else known.fullmatch(target), target
    for name in ("for", "aria-labelledby", "aria-describedby"):
        for node in tree.css(f"[{name}]"):
            assert set(node.attributes[name].split()) <= ids


@pytest.mark.parametrize(("language", "page"), EVERY)
def test_every_page_names_its_language_its_title_and_ids_once(language: str, page: str):
    tree = LexborHTMLParser(page)
    html = tree.css_first("html")
    assert (html.attributes["lang"], html.attributes["dir"]) == (language, "ltr")
    assert tree.css_first("title").text().endswith(str(CITY.names[language]))
    assert len(tree.css("h1")) == 1
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert sorted(set(ids)) == sorted(ids)
    assert not re.search(r"\{[a-z_]+\}", re.sub(r"<script type=.*?</script>", "", page))


@pytest.mark.parametrize(("language", "page"), EVERY)
def test_every_page_lets_the_reader_choose_language_unless_that_would_lose_it(language: str, page: str):
    tongues = LexborHTMLParser(page).css(".tongues a")
    assert [(link.attributes["lang"], link.attributes["hreflang"]) for link in tongues] in (
        [],
        [(code, code) for code in LANGUAGES],
    )
    if tongues:
        assert [link.text() for link in tongues] == ["Svenska", "Suomi", "English"]
    else:
        assert 'id="no"' in page


def test_what_a_person_typed_is_shown_as_text_and_never_run():
    values = dict.fromkeys(("text", "kind", "place", "when", "how", "mail", "name", "lang"), HOSTILE)
    errors = [FieldError(field="files", key="file_large", params={"name": HOSTILE})]
    page = PAGES.form("sv", token=HOSTILE, due=DUE, values=values, errors=errors)
    tree = LexborHTMLParser(page)
    assert len(tree.css("script")) == 2
    assert tree.css("img, [onerror]") == []
    assert tree.css_first("textarea").text().strip() == HOSTILE
    for name in ("token", "place", "when", "mail", "name"):
        assert tree.css_first(f"[name={name}]").attributes["value"] == HOSTILE
    assert HOSTILE in tree.css_first("#errors a").text()


def test_what_a_mail_holds_is_shown_as_text_and_never_run():
    mail = replace(
        MAIL,
        to=HOSTILE,
        subject=HOSTILE,
        text=HOSTILE,
        html=HOSTILE,
        id=HOSTILE,
        headers=((HOSTILE, HOSTILE),),
    )
    for page in (PAGES.postbox("sv", [mail], smtp_port=1), PAGES.postbox_mail("sv", mail)):
        tree = LexborHTMLParser(page)
        assert len(tree.css("script")) == 2
        assert tree.css("img, [onerror]") == []
    frame = tree.css_first("iframe")
    assert frame.attributes["sandbox"] == ""
    assert frame.attributes["srcdoc"].endswith(HOSTILE)
    assert "default-src 'none'" in frame.attributes["srcdoc"]


def test_the_names_of_the_city_are_escaped_too():
    city = replace(CITY, names={"sv": HOSTILE}, departments={"kc": department("kc", HOSTILE)}, phone=HOSTILE)
    tree = LexborHTMLParser(Pages(city, TEXTS).receipt("en", receipt("unsure", "")))
    assert len(tree.css("script")) == 2
    assert tree.css("img") == []


# The form


def test_the_form_promises_the_date_before_anything_is_written():
    for language, words in (
        ("sv", "Skriver du i dag får du svar senast torsdag 26 november."),
        ("fi", "Jos kirjoitat tänään, saat vastauksen viimeistään torstaina 26. marraskuuta."),
        ("en", "If you write today, you will have an answer by Thursday 26 November."),
    ):
        hero = LexborHTMLParser(PAGES.form(language, token="t", due=DUE)).css_first(".hero").text()
        assert words in hero


def test_the_form_asks_for_these_fields_and_no_more():
    tree = LexborHTMLParser(PAGES.form("fi", token="tok", due=DUE))
    form = tree.css_first("#form")
    assert form.attributes["method"] == "post"
    assert form.attributes["enctype"] == "multipart/form-data"
    assert form.attributes["action"] == "/?lang=fi"
    names = [node.attributes["name"] for node in form.css("[name]")]
    expected = [
        "token",
        "text",
        *["kind"] * 6,
        "place",
        "when",
        "files",
        "how",
        "mail",
        "name",
        "how",
        "lang",
    ]
    assert names == expected
    assert [node.attributes["value"] for node in form.css("[name=kind]")] == list(KINDS)
    assert [node.attributes["value"] for node in form.css("[checked]")] == ["mail"]
    assert form.css_first("option[selected]").attributes["value"] == "fi"
    assert len(form.css("button")) == 1


def test_a_refused_form_keeps_what_was_typed_and_points_at_every_mistake():
    values = {"text": "Ett hål\nvid skolan", "kind": "fel", "how": "anon", "mail": "x", "lang": "en"}
    tree = LexborHTMLParser(PAGES.form("sv", token="t", due=DUE, values=values, errors=ERRORS[3:]))
    assert tree.css_first("textarea").text(strip=False).strip("\n") == values["text"]
    assert [node.attributes["id"] for node in tree.css("input[checked]")] == ["kind-fel", "how-anon"]
    assert tree.css_first("option[selected]").attributes["value"] == "en"
    assert tree.css_first("title").text().startswith("Fel: ")
    links = tree.css("#errors a")
    assert [link.attributes["href"] for link in links[:3]] == ["#text", "#text", "#kind-fraga"]
    at_fields = [node.text().removeprefix("Fel: ") for node in tree.css(".error")]
    assert sorted(link.text() for link in links) == sorted(at_fields)
    assert tree.css_first("#text").attributes["aria-describedby"] == "text-hint text-error"
    assert tree.css_first("#text").attributes["aria-invalid"] == "true"


def test_the_busy_form_says_that_nothing_is_sent_and_gives_the_number_to_call():
    tree = LexborHTMLParser(PAGES.busy("sv", token="t", due=DUE, values={"text": "Ett hål"}))
    told = tree.css_first("#errors").text()
    assert "Ditt meddelande är inte skickat" in told
    assert "Vi kan inte ta emot just nu" in told
    assert "08-465 004 10" in told
    assert tree.css_first("textarea").text().strip() == "Ett hål"


# The receipt


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_neutral_receipt_leaks_neither_department_nor_contact_centre_nor_topic(language: str):
    page = PAGES.receipt(language, receipt("neutral", "ifo"), mail_shown="a***a@e***.org")
    above_help = page.split('class="help')[0]
    for leak in ("Individ", "familje", "Kundmottagningen", "nämnd"):
        assert leak not in above_help
    title = LexborHTMLParser(page).css_first("title").text()
    assert "7K4M" not in title
    assert "7K4M-9QXT" in above_help
    assert 'datetime="2026-11-26"' in above_help


def test_a_named_receipt_tells_who_the_board_the_date_and_the_number():
    text = LexborHTMLParser(PAGES.receipt("sv", receipt(attachments=2))).css_first("main").text()
    assert "Teknik- och fastighets\u00adförvaltningen" in text
    assert "Teknik- och fastighetsförvaltningen läser" in text
    assert "Tekniska nämnden ansvarar för dina uppgifter." in text
    assert "torsdag 26 november" in text
    assert "tisdag 24 november 09.41" in text
    assert "24 nov 2026 09.41" in text
    assert "2 filer" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("variant", URGENT)
def test_an_urgent_receipt_begins_with_112_and_the_numbers(language: str, variant: Variant):
    page = PAGES.receipt(language, receipt(variant, "ifo"))
    main = LexborHTMLParser(page).css_first("main")
    first = main.css_first("h2")
    assert "112" in first.text()
    assert first.text() == str(TEXTS.receipts[language][f"urgent.{variant}_title"])
    number = {"danger": "08-465 004 60", "suicide": "90101", "child": "08-465 004 70"}[variant]
    assert number in main.css_first("section").text()
    assert page.index(number) < page.index("7K4M-9QXT")
    for leak in ("Individ", "nämnd"):
        assert leak not in page.split('class="help')[0]
    assert len(main.css("h2#urgent")) == 1


def test_an_urgent_receipt_of_a_city_without_numbers_says_112_and_no_empty_list():
    pages = Pages(replace(CITY, helplines={}), TEXTS)
    for variant in URGENT:
        tree = LexborHTMLParser(pages.receipt("sv", receipt(variant, "")))
        assert "112" in tree.css_first("#urgent").text()
        assert tree.css(".lines") == []


def test_an_appeal_is_stamped_to_the_second_on_the_page_too():
    text = LexborHTMLParser(PAGES.receipt("sv", receipt("appeal", ""))).css_first("main").text()
    assert "Det kom in till Exempelstads kommun 24 nov 2026 09.41.07." in text
    assert "Registratorn" in text
    english = LexborHTMLParser(PAGES.receipt("en", receipt("appeal", ""))).css_first("main").text()
    assert "24 Nov 2026 09:41:07" in english


def test_whoever_asks_for_records_is_not_asked_who_they_are():
    text = LexborHTMLParser(PAGES.receipt("sv", receipt("records", "teknik"))).css_first("main").text()
    assert "Vi frågar inte vem du är eller varför" in text
    assert "Teknik" not in text


def test_an_unsure_receipt_names_only_who_decides():
    text = LexborHTMLParser(PAGES.receipt("sv", receipt("unsure", "teknik"))).css_first(".slip").text()
    assert "Kundmottagningen" in text
    assert "Teknik" not in text


def test_an_outside_receipt_tells_who_and_how_and_that_we_help():
    text = LexborHTMLParser(PAGES.receipt("sv", receipt("outside", "buss"))).css_first("main").text()
    assert "Regionens bussar" in text
    assert "08-465 004 40" in text
    assert "Vi hjälper dig om du vill" in text
    assert "2026-11-26" not in text


def test_an_anonymous_receipt_is_the_number_only():
    page = PAGES.receipt("sv", receipt("named", anonymous=True))
    tree = LexborHTMLParser(page)
    assert tree.css_first("#no").text() == "7K4M-9QXT"
    assert "Teknik" not in page
    assert "2026-11-26" not in page
    assert "Spara numret" in tree.css_first(".slip").text()


def test_the_number_reads_from_left_to_right_in_every_language():
    for language in LANGUAGES:
        tree = LexborHTMLParser(PAGES.receipt(language, receipt()))
        assert tree.css_first("#no").attributes["dir"] == "ltr"


def test_a_date_in_another_year_is_written_with_its_year():
    page = PAGES.receipt("en", receipt(due=date(2027, 1, 4)))
    assert "Monday 4 January 2027" in page


def test_a_swedish_name_on_a_finnish_page_is_marked_as_swedish():
    who = LexborHTMLParser(PAGES.receipt("fi", receipt())).css_first(".who [lang=sv]")
    assert who.text().startswith("Teknik")


def test_every_receipt_says_112_and_that_it_is_automatic():
    for variant in SHOWN:
        page = PAGES.receipt("sv", receipt(variant))
        assert 'href="tel:112"' in page
        assert "Det här är ett automatiskt svar från Exempelstads kommun." in page


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("amina.ek@example.org", "a***k@e***.org"),
        ("ab@example.org", "a***@e***.org"),
        ("a@b", "a***@b***"),
        ('"odd@name"@sub.example.org', '"***"@s***.org'),
        ("nothing", "n***"),
        ("@", "***@***"),
        ("", ""),
        (" \u202e\ud800x@y.z ", "\u202e***x@y***.z"),
    ],
)
def test_an_address_is_obscured_whatever_it_looks_like(address: str, shown: str):
    assert obscure(address) == shown


# The postbox


def test_the_postbox_shows_the_newest_first_and_says_that_it_is_pretend():
    older = replace(MAIL, id="old", subject="Äldre", sent_at=datetime(2026, 11, 1, tzinfo=UTC))
    tree = LexborHTMLParser(PAGES.postbox("sv", [older, MAIL], smtp_port=8025))
    assert [link.text() for link in tree.css(".row a")] == [MAIL.subject, "Äldre"]
    assert "Inget här har lämnat den här datorn." in tree.css_first("main").text()


def test_an_empty_postbox_says_how_to_send_a_first_mail():
    tree = LexborHTMLParser(PAGES.postbox("en", [], smtp_port=8025, form_url="/?lang=en"))
    assert tree.css_first("main a").attributes["href"] == "/?lang=en"
    assert "port 8025" in tree.css_first("main").text()


def test_only_the_page_of_one_mail_allows_inline_styles():
    assert "unsafe" not in PAGE_POLICY
    assert POSTBOX_MAIL_POLICY.count("unsafe") == 1
    assert "script-src 'self';" in POSTBOX_MAIL_POLICY


# What they are made of


def test_a_static_address_changes_with_the_content():
    assert re.fullmatch(r"/static/kvitto\.css\?v=[0-9a-f]{12}", PAGES.static("kvitto.css"))
    with pytest.raises(KeyError):
        PAGES.static("nothing.css")


def test_the_form_its_style_and_its_script_weigh_less_than_42_kilobytes():
    static = files("gateway.web").joinpath("static")
    shared = sum(len(static.joinpath(name).read_bytes()) for name in ("kvitto.css", "kvitto.js"))
    for language in LANGUAGES:
        assert len(PAGES.form(language, token="t" * 24, due=DUE).encode()) + shared < 42_000


def test_the_style_has_tokens_for_every_colour():
    css = files("gateway.web").joinpath("static", "kvitto.css").read_text("utf-8")
    rules = css.split("/* Ground */")[1].split("@media print")[0]
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", rules)) == {"#000"}
    assert "url(" not in css
    assert "@import" not in css


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = {
    4.5: "ink bg, ink surface, ink-2 bg, ink-2 surface, ink-2 sunken, ink-2 brand-soft, link bg, link surface, "
    "link brand-soft, on-brand brand, on-band band, on-band-2 band, ok ok-soft, warn warn-soft, bad bad-soft, "
    "ink warn-soft, ink bad-soft, link bad-soft, bad bg, bad surface, bg ink",
    3: "edge bg, edge surface, ring band, brand surface, brand bg, ok bg",
}


@pytest.mark.parametrize("dark", [False, True])
def test_every_pair_of_colours_has_contrast_enough(dark: bool):
    css = files("gateway.web").joinpath("static", "kvitto.css").read_text("utf-8")
    light_part, dark_part = css.split("/* Ground */")[0].split("@media screen", 1)
    tokens: Mapping[str, str] = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light_part))
    if dark:
        tokens |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark_part))
    for limit, pairs in PAIRS.items():
        for pair in pairs.split(", "):
            one, other = pair.split()
            assert contrast(tokens[one], tokens[other]) >= limit, pair
    # Focus: one of the two rings shows on every ground.
    for ground in ("bg", "surface", "band", "brand-soft", "bad-soft"):
        rings = (contrast(tokens[ring], tokens[ground]) for ring in ("ring", "ring-edge"))
        assert max(rings) >= 3, ground


def test_a_language_without_texts_is_refused():
    with pytest.raises(ValueError, match="no page texts in ar"):
        Pages(replace(CITY, languages=("sv", "ar")), TEXTS)


def test_a_privacy_link_that_is_no_web_address_is_refused():
    with pytest.raises(ValueError, match="must be a web address"):
        Pages(replace(CITY, privacy_url="javascript:alert(1)"), TEXTS)


def test_a_city_without_phone_visit_or_privacy_page_gets_no_empty_links():
    bare = replace(CITY, phone="", hours={}, visit={}, privacy_url="", departments={})
    for _, page in every_page(Pages(bare, TEXTS), "sv"):
        assert 'href="tel:"' not in page
        assert 'href=""' not in page
        assert "None" not in page


def test_a_page_in_a_language_that_we_do_not_speak_is_in_the_first_one():
    assert '<html lang="sv"' in PAGES.form("xx", token="t", due=DUE)


def test_a_number_is_dialled_from_anywhere():
    assert dial("08-465 004 10") == "+46846500410"
    assert dial("+46 8 465 004 10") == "+46846500410"
    assert dial("116 111") == "116111"


def test_a_long_name_may_break_before_its_last_part():
    assert soften("Teknik- och fastighetsförvaltningen") == "Teknik- och fastighets\u00adförvaltningen"
    assert soften("Nämnden") == "Nämnden"

"""Every channel's message in one shape; its language; clean text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.language import detect
from normalizer.messages import Address, Attachment, InboundMessage
from normalizer.normalize import normalize
from normalizer.text import clean_line, clean_text, trim, unflow

SENDER = Address(channel="email", value="anna@example.org", name="Anna")


def test_a_channel_without_quoting_has_its_whole_text_as_new():
    message = normalize(
        InboundMessage(external_id="1", sender=SENDER, text="Lampan på Storgatan är trasig.\r\n")
    )
    assert (message.text, message.new_text, message.language) == ("Lampan på Storgatan är trasig.",) * 2 + (
        "sv",
    )


def test_a_message_of_nothing_but_quotes_is_read_whole():
    message = normalize(InboundMessage(external_id="1", sender=None, text="> Hej", new_text=" \n"))
    assert message.new_text == "> Hej"


def test_the_chosen_language_beats_the_detected():
    message = normalize(
        InboundMessage(external_id="1", sender=None, text="Lampan är trasig på vår gata", language="fi")
    )
    assert message.language == "fi"


def test_a_short_text_takes_its_language_from_the_subject_too():
    message = normalize(
        InboundMessage(
            external_id="1", sender=None, subject="Gatlyktan utanför mitt hus är släckt", text="Storgatan 4"
        )
    )
    assert message.language == "sv"


def test_texts_are_clean_and_everything_else_is_carried_on():
    file = Attachment(filename="a\0.pdf", content_type="application/pdf", content=b"x")
    inbound = InboundMessage(
        external_id="1",
        sender=Address(channel="email", value="anna@example.org", name="An\0na\ud800"),
        answer_to=(SENDER,),
        recipients=("teknik@example.com",),
        subject="Hej\r\nBcc: x",
        text="a\0b\ud800\r\nc\x85d",
        new_text="a\0b",
        attachments=(file,),
        references=("a@b", ""),
        category="fel",
        place="Storgatan",
        withhold_receipt="list-id",
        kind="list",
    )
    message = normalize(inbound)
    assert (message.subject, message.text, message.new_text) == ("Hej Bcc: x", "ab\nc\nd", "ab")
    assert (message.sender.name, message.attachments[0].filename, message.references) == (
        "Anna",
        "a.pdf",
        ("a@b",),
    )
    assert (message.answer_to, message.recipients) == (inbound.answer_to, inbound.recipients)
    assert (message.category, message.place, message.kind, message.withhold_receipt) == (
        "fel",
        "Storgatan",
        "list",
        "list-id",
    )


@given(st.text())
def test_clean_text_is_safe_and_clean_again_changes_nothing(text):
    cleaned = clean_text(text)
    unsafe = [
        character
        for character in cleaned
        if (character < " " and character not in "\n\t") or "\ud800" <= character <= "\udfff"
    ]
    assert (unsafe, clean_text(cleaned)) == ([], cleaned)


@given(st.text())
def test_a_clean_line_is_one_line(text):
    assert not set(clean_line(text)) & set("\r\n\0\x0b\x0c\x85\u2028\u2029")


def test_trim_keeps_indents_and_paragraphs():
    assert trim("\n\n  a  \n\n\n\n\n\nb\t\n\n") == "  a\n\n\nb"


def test_what_was_windows_1252_before_it_became_utf8_keeps_its_apostrophes():
    assert (clean_text("l\x92été\x85\x81"), clean_line("\x93Hej\x94")) == ("l’été\n", "“Hej”")


def test_flowed_text_without_its_spaces():
    assert unflow("ett or \nd\n>>a \n>>b\nslut", delsp=True) == "ett ord\n>>a \n>>b\nslut"


LANGUAGES = {
    "sv": [
        "gatlyktan ar slackt utanfor mitt hus", "Hej! Lampan är trasig", "nar oppnar biblioteket idag", "jag vill ha bygglov", "Tack för hjälpen!",
        "Finns det plats på dagis", "Var kan jag lamna sopor", "Det luktar illa i parken", "Hund utan koppel vid lekplatsen", "snoroj gatan tack",
        "Vem ansvarar for snorojningen pa Stora gatan", "Bilen står fel parkerad", "Hej hur anmaler man till forskola", "Trasig bank i Vasaparken",
        "Ja, fastigheten heter Älgen 3. Ritningarna kommer i morgon.",
    ],
    "fi": ["katuvalo on rikki", "Hei, milloin kirjasto aukeaa?", "Roskat pitää viedä pois", "Lumi auraamatta kadulla"],
    "en": ["The street light is broken", "When does the library open?", "Please fix the road outside my house", "Hello I need help"],
    "no": ["Gatelyset utenfor huset mitt virker ikke", "Når åpner biblioteket? Jeg har ikke funnet noe"],
    "da": ["Gadelygten uden for mit hus virker ikke", "Hvornår åbner biblioteket? Jeg kan ikke finde noget"],
    "et": ["Tänavalamp ei põle", "Millal raamatukogu avatakse?"],
    "de": ["Die Straßenlampe ist kaputt", "Wann öffnet die Bibliothek?"],
    "fr": ["Le lampadaire devant ma maison ne marche pas"],
    "es": ["La farola delante de mi casa no funciona"],
    "pl": ["Latarnia przed moim domem nie działa"],
    "nl": ["De straatlantaarn voor mijn huis is kapot"],
    "tr": ["Evimin önündeki sokak lambası çalışmıyor"],
    "ru": ["Не работает фонарь"],
    "ar": ["متى تفتح المكتبة", "مرحبا"],
    "fa": ["چراغ خیابان جلوی خانه من خراب است"],
    "": ["", "ok", "hej", "070-174 06 05", "https://example.org/ett/två/tre", "Storgatan 4", "!!! ???"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [(text, code) for code, texts in LANGUAGES.items() for text in texts]
)
def test_the_language_of_a_text_is_found(text, expected):
    assert detect(text) == expected


def test_a_long_text_costs_no_more_than_its_beginning():
    assert detect("Lampan på vår gata är trasig. " * 100_000) == "sv"

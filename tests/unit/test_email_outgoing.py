"""Mail as it goes out: what any program reads in it is what was meant, in the form that the standards ask for."""

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from channels.base import Surroundings
from channels.email import Email
from config.organisation import EXAMPLE, load_organisation
from config.receipt_texts import VARIANTS, load_receipt_texts
from config.settings import Settings
from gateway.letters.receipts import Receipt
from gateway.letters.rendering import Letters
from normalizer.email.mail import read_mail
from normalizer.messages import Address, OutboundMessage

CITY = load_organisation(EXAMPLE)
CHANNEL = Email.build(Settings().email.model_dump(), Surroundings(organisation=CITY, folder=Path("none")))
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
BASE = OutboundMessage(
    id="0192f30a",
    to=Address(channel="email", value="anna@example.org", name="Anna"),
    subject="Vi har fått ditt meddelande (7K4M-9QXT)",
    text="Hej!\n\nTack för ditt meddelande.\n",
    html="<p>Hej!</p>\n<p>Tack för ditt meddelande.</p>\n",
    language="sv",
    created_at=NOW,
    message_id="0192f30a.kvitto@example.org",
)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300)
lines = st.lists(words, max_size=8).map("\n".join)


def compose(channel: Email = CHANNEL, **changed: object) -> bytes:
    return channel.compose(structs.replace(BASE, **changed))


def read(mail: bytes) -> EmailMessage:
    found = email.message_from_bytes(mail, policy=policy.default)
    assert [part.defects for part in found.walk() if part.defects] == []
    return found


def plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return plain(part.get_content())


def long_lines(mail: bytes, limit: int) -> list[bytes]:
    return [line for line in mail.split(b"\r\n") if len(line) > limit]


def bare(mail: bytes) -> list[bytes]:
    """Line ends that are not CR LF (RFC 5321 section 2.3.8)."""
    return re.findall(rb"(?<!\r)\n|\r(?!\n)", mail)


def test_what_was_meant_is_what_is_read():
    mail = read(compose())
    assert mail["Subject"] == BASE.subject
    assert content(mail, "plain").rstrip() == BASE.text.rstrip()
    assert content(mail, "html").rstrip() == BASE.html.rstrip()
    assert mail["From"].addresses[0].addr_spec == CHANNEL.sender
    assert mail["From"].addresses[0].display_name == CHANNEL.sender_name
    assert [address.addr_spec for address in mail["To"].addresses] == ["anna@example.org"]
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == "<0192f30a.kvitto@example.org>"
    assert mail["Content-Language"] == "sv"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_without_html_it_is_one_part():
    mail = read(compose(html=""))
    assert mail.get_content_type() == "text/plain"
    assert plain(mail.get_content()).rstrip() == BASE.text.rstrip()


def test_the_same_message_is_the_same_bytes_at_every_attempt():
    assert compose() == compose()


def test_an_automatic_mail_says_so_and_a_persons_does_not():
    automatic, manual = read(compose()), read(compose(automatic=False))
    # RFC 3834 section 5.2
    assert (automatic["Auto-Submitted"], automatic["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert (manual["Auto-Submitted"], manual["X-Auto-Response-Suppress"]) == (None, None)


def test_our_own_reading_never_answers_our_own_receipt():
    assert read_mail(compose(), envelope_from="").withhold_receipt


async def test_a_receipt_has_a_return_path_of_its_own_and_a_persons_answer_has_ours():
    class Noting:
        """Stands where a relay stands, and notes the envelope."""

        def __init__(self):
            self.envelopes = []

        async def deliver(self, identity, sender, recipient, mail):
            self.envelopes.append((identity, sender, recipient))
            return "250 OK"

    noting = Noting()
    channel = replace(CHANNEL, outgoing=noting)
    assert [await channel.send(BASE), await channel.send(structs.replace(BASE, automatic=False))] == [
        "250 OK"
    ] * 2
    assert noting.envelopes == [
        ("0192f30a", "kontakt+0192f30a@example.org", "anna@example.org"),
        ("0192f30a", "kontakt@example.org", "anna@example.org"),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("none", ""),
        ("studs-{id}@post.example.org", "studs-0192f30a@post.example.org"),
        ("studs@example.org", "studs@example.org"),
    ],
)
def test_the_return_path_is_as_the_settings_say(given, expected):
    options = Settings().email.model_dump() | {"return_path": given}
    channel = Email.build(options, Surroundings(organisation=CITY, folder=Path("none")))
    assert channel.return_path.replace("{id}", BASE.id) == expected
    own = f"studs-{'0' * 31}a@post.example.org"
    assert channel.receives(own) == ("{id}@post" in given)


def test_answers_go_where_the_settings_say():
    options = Settings().email.model_dump() | {"reply_to": "kontakt+{id}@example.org"}
    channel = Email.build(options, Surroundings(organisation=CITY, folder=Path("none")))
    assert b"\r\nReply-To: <kontakt+0192f30a@example.org>\r\n" in channel.compose(BASE)
    assert b"Reply-To" not in CHANNEL.compose(BASE)


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_the_thread_is_named_and_folded(count):
    references = tuple(
        f"{number:04}.a-rather-long-id-of-some-program@mail{number}.example.com" for number in range(count)
    )
    mail = compose(references=references, in_reply_to=references[-1] if references else "")
    found = read(mail)
    assert re.findall(r"<([^>]+)>", found["References"] or "") == list(references)
    assert (found["In-Reply-To"] or "") == (f"<{references[-1]}>" if references else "")
    assert long_lines(mail, 76) == []


SUBJECTS = [
    "",
    "a",
    "Hej",
    "åäö",
    "Vi har fått ditt meddelande / We have received your message (7K4M-9QXT)",
    "Å" * 15,
    "x" * 59,
    "x" * 60,
    "x" * 1000,
    "ö" * 1000,
    "a b " * 100,
    "=?utf-8?Q?not_encoded?=",
    "two  spaces",
    "Привет, мир! " * 8,
    "مرحبا بالعالم " * 8,
]


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: ascii(subject)[:24])
def test_any_subject_is_read_as_it_was_written(subject):
    mail = compose(subject=subject)
    assert read(mail)["Subject"] == subject
    assert bare(mail) == []


@pytest.mark.parametrize(
    "subject",
    [
        *SUBJECTS,
        pytest.param("🚲" * 40),
        pytest.param("We have received your message (7K4M-9QXT)"),
        pytest.param("(" + "x" * 57 + ")"),
    ],
    ids=lambda subject: ascii(subject)[:24],
)
def test_no_header_line_with_an_encoded_word_is_longer_than_76(subject):
    head = compose(subject=subject).partition(b"\r\n\r\n")[0]
    assert [line for line in head.split(b"\r\n") if b"=?" in line and len(line) > 76] == []
    assert [word for word in re.findall(rb"=\?[^ ]+\?=", head) if len(word) > 75] == []


@given(words)
@settings(max_examples=200, deadline=None)
def test_every_subject_comes_back_and_breaks_nothing(subject):
    mail = compose(subject=subject)
    assert read(mail)["Subject"].strip(" ") == subject.strip(" ")
    assert long_lines(mail, 998) == bare(mail) == []


@pytest.mark.parametrize(
    "control", ["\r\nBcc: eva@example.org", "\nX: y", "\r", "\0", "\t", "\x1b"], ids=ascii
)
@pytest.mark.parametrize("of", ["subject", "sender_name"])
def test_a_line_end_in_a_header_value_begins_no_header(of, control):
    value = f"Hej{control}"
    mail = compose(subject=value) if of == "subject" else compose(replace(CHANNEL, sender_name=value))
    found = read(mail)
    assert (found["Bcc"], found["X"]) == (None, None)
    assert set(found.keys()) == set(read(compose()).keys())
    assert bare(mail) == []


@pytest.mark.parametrize(
    "name",
    [
        "Vasteras stad",
        "Västerås stad",
        "Stad, Kommun & Co. (AB)",
        'Den "stora" staden',
        "<b>@example.org",
        "Ö" * 100,
        "A" * 200,
        "東京都" * 20,
    ],
    ids=lambda name: ascii(name)[:24],
)
def test_any_name_of_the_city_is_read_as_it_is(name):
    mail = compose(replace(CHANNEL, sender_name=name))
    # The standard library's newer reader puts blanks between encoded words (RFC 2047 section 6.2 has none).
    told = email.message_from_bytes(mail)["From"].replace("\r\n", "")
    assert str(make_header(decode_header(told))) == f"{name} <kontakt@example.org>"
    sender = read_mail(mail).sender
    assert (sender.value, sender.name) == ("kontakt@example.org", name)


@given(text=lines, html=lines)
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back(text, html):
    found = read(compose(text=text, html=html or "<p>"))
    assert content(found, "plain").rstrip("\n") == text.rstrip("\n")
    assert content(found, "html").rstrip("\n") == (html or "<p>").rstrip("\n")


@given(text=lines, html=lines)
@settings(max_examples=200, deadline=None)
def test_no_line_of_a_body_is_longer_than_76(text, html):
    mail = compose(text=text + "\n", html=html + "\n")
    assert long_lines(mail.partition(b"\r\n\r\n")[2], 76) == []
    assert bare(mail) == []


@pytest.mark.parametrize("length", [77, 500])
def test_a_text_without_a_line_end_has_no_bare_line_feed(length):
    assert bare(compose(text="x" * length)) == []


@pytest.mark.parametrize(
    "text", [".", ".\n.", "a\n.\nb\n", "From me\nFrom you\n", "trailing \n\ttab\t\n", "=3D=\n"]
)
def test_what_mail_servers_stumble_over_survives(text):
    assert content(read(compose(text=text)), "plain").rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize("boundary", ["--=_0192f30a", "--=_0192f30a--"])
def test_a_text_that_looks_like_the_boundary_ends_no_part(boundary):
    found = read(compose(text=f"before\n{boundary}\nafter\n"))
    assert content(found, "plain").rstrip() == f"before\n{boundary}\nafter"
    assert len(list(found.iter_parts())) == 2


def test_the_mail_is_ascii_unless_its_address_is_not():
    assert compose().isascii()
    assert "å@example.org".encode() in compose(to=Address(channel="email", value="å@example.org"))


@pytest.mark.parametrize("of", ["in_reply_to", "references"])
def test_a_foreign_id_of_any_length_makes_no_line_over_998(of):
    long = f"{'x' * 1500}@example.com"
    assert long_lines(compose(**{of: long if of == "in_reply_to" else (long,)}), 998) == []


def test_a_foreign_id_beyond_ascii_is_left_out_where_the_mail_is_ascii():
    assert compose(in_reply_to="å@example.com", references=("å@example.com",)).isascii()


@pytest.mark.parametrize("language", CITY.languages)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_real_receipt_is_a_well_formed_mail(language, variant):
    department = {"named": "teknik", "outside": "mimer", "added": "teknik"}.get(variant, "")
    receipt = Receipt(
        reference="7K4M-9QXT", received_at=NOW, channel="email", language=language, variant=variant,
        due=NOW.date(), department=department, also="en" if language == "sv" else "",
    )  # fmt: skip
    subject, text, html = Letters(CITY, load_receipt_texts(CITY.languages)).render_mail(receipt)
    mail = compose(subject=subject, text=text, html=html, language=language)
    found = read(mail)
    assert found["Subject"] == subject
    assert content(found, "plain").rstrip() == text.rstrip()
    assert content(found, "html").rstrip() == html.rstrip()
    assert bare(mail) == long_lines(mail.partition(b"\r\n\r\n")[2], 76) == []

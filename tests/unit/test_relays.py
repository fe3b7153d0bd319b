"""Services that relay residents' reports: whose they are, what is read, and what they cannot be made to say."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.base import Surroundings
from channels.email import Email
from config.errors import ConfigurationError
from config.organisation import EXAMPLE, load_organisation
from config.settings import Settings
from normalizer.email.reports import read_report
from normalizer.messages import Address, InboundMessage, RawMessage
from normalizer.normalize import normalize
from normalizer.organisation import ReportRelay
from normalizer.routing.router import Router

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CITY = load_organisation()
SENDER = "rapport@fixamingata.example.net"
ASA = Address(channel="email", value="asa@example.com", name="Åsa Åkesson")
MATTER = "Lampan blinkar och har gjort det i en vecka.\n\nDet är mörkt vid övergångsstället."
LINES = f"""Hej Västerås stad!

En ny rapport har kommit in.

Kategori: Gatubelysning
Rubrik: Trasig gatlykta
Beskrivning: {MATTER}

Plats: Gula gatan 7
Koordinater: 59.6099, 16.5448
Länk: https://fixamingata.example.net/rapport/4711

Namn: Åsa Åkesson
E-post: asa@example.com
Telefon: 070-1740605

Svara på det här mejlet, så får den som rapporterade ditt svar.
Beskrivning: reklam
"""
BELOW = f"""Ny rapport

Kategori:
Gatubelysning
*Rubrik:*
Trasig gatlykta

Plats:
Gula gatan 7

Koordinater:
59.6099, 16.5448

Rapporterat av:
Åsa Åkesson
E-postadress:
asa@example.com
Detaljer:

{MATTER}

Rapporten skickades genom en tjänst.
"""
TABLE = "".join(
    f"<tr><td><b>{label}</b></td><td>{value}</td></tr>"
    for label, value in (
        ("Kategori:", "Gatubelysning"),
        ("Rubrik:", "Trasig gatlykta"),
        ("Plats:", "Gula gatan 7"),
        ("Koordinater:", "59.6099, 16.5448"),
        ("Namn:", "Åsa Åkesson"),
        ("E-post:", '<a href="mailto:asa@example.com">asa@example.com</a>'),
        ("Beskrivning:", MATTER.replace("\n\n", "<br><br>")),
        ("Rapportnummer:", "4711"),
    )
)


def read(
    text: str = LINES,
    *,
    sender: str = SENDER,
    proofs: str = "",
    above: str = "Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n",
    kind: str = "plain",
    relays: tuple[ReportRelay, ...] = CITY.relays,
) -> InboundMessage:
    body = (
        f"{above}From: FixaMinGata <{sender}>\r\nTo: teknik@example.org\r\nSubject: Ny rapport\r\n"
        f"Date: Sun, 22 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@example.net>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + text.replace("\n", "\r\n")
    ).encode()
    raw = RawMessage(
        channel="email",
        received_at=NOW,
        body=body,
        envelope_from="bounces+17@fixamingata.example.net",
        envelope_to=("kontakt@example.org",),
        headers={"authentication-results": proofs} if proofs else {},
    )
    organisation = replace(CITY, relays=relays)
    channel = Email.build(
        Settings().email.model_dump(), Surroundings(organisation=organisation, folder=Path("none"))
    )
    message = channel.parse(raw)
    assert channel.parse(raw) == message
    return message


@pytest.mark.parametrize(
    ("text", "kind"),
    [(LINES, "plain"), (BELOW, "plain"), (f"<table>{TABLE}</table>", "html")],
    ids=["label and value", "value below", "table"],
)
def test_the_resident_and_the_matter_are_read(text, kind):
    message = read(text, kind=kind)
    assert message.sender == ASA
    assert message.answer_to == (ASA,)
    assert (message.category, message.place) == ("fel", "Gula gatan 7 (59.6099, 16.5448)")
    assert message.subject == "Trasig gatlykta"
    assert message.new_text == f"Gatubelysning\n\n{MATTER}"
    # A machine sent it for a person: that person gets a receipt.
    assert (message.kind, message.withhold_receipt) == ("message", "")
    # Staff can unfold all that came.
    assert "reklam" in message.text or kind == "html" or text == BELOW
    assert Router(CITY).route(normalize(message)).department == "teknik"


PROVEN = [
    "dkim=pass header.d=fixamingata.example.net; dmarc=none",
    "dmarc=pass header.from=fixamingata.example.net",
]
UNPROVEN = {
    "dmarc fails": "dmarc=fail header.from=fixamingata.example.net",
    "nothing proven": "spf=none; dmarc=none header.from=fixamingata.example.net",
    "another's signature": "dkim=pass header.d=example.com; dmarc=none",
    "a broken signature": "dkim=fail header.d=fixamingata.example.net; dmarc=none",
    "only a return path": "spf=pass smtp.mailfrom=fixamingata.example.net; dmarc=none",
}


@pytest.mark.parametrize("proofs", PROVEN)
def test_a_proven_relay_is_believed(proofs):
    assert read(proofs=proofs).sender == ASA


@pytest.mark.parametrize("proofs", UNPROVEN.values(), ids=UNPROVEN.keys())
def test_who_only_uses_the_relays_name_makes_an_ordinary_mail(proofs):
    message = read(proofs=proofs)
    assert message.sender is not None
    assert (message.sender.value, message.place, message.category) == (SENDER, "", "")
    assert ASA.value not in [address.value for address in message.answer_to]
    assert message.withhold_receipt


def test_mail_from_elsewhere_with_the_same_words_is_an_ordinary_mail():
    for sender in (
        "asa@example.com",
        "rapport@fixamingata.example.net.example.com",
        "x@fixamingata.example.net",
    ):
        message = read(sender=sender, above="")
        assert message.sender is not None
        assert (message.sender.value, message.place) == (sender, "")


def test_a_whole_domain_can_be_a_relay_and_a_header_can_be_required():
    relay = replace(CITY.relays[0], senders=("fixamingata.example.net",), header="X-Report: new")
    header = "X-Report: New\r\n"
    assert read(relays=(relay,), sender="17@fixamingata.example.net", above=header).sender == ASA
    assert read(relays=(relay,), above="X-Report: closed\r\n").sender != ASA
    assert read(relays=(relay,), above="").sender != ASA
    assert read(relays=(replace(relay, header="X-Report"),), above=header).sender == ASA


def test_another_signing_domain_is_the_only_proof_when_it_is_named():
    relay = replace(CITY.relays[0], signed_by="post.example.com")
    assert read(relays=(relay,), proofs="dkim=pass header.d=post.example.com; dmarc=none").sender == ASA
    assert read(relays=(relay,), proofs=PROVEN[1]).sender != ASA


def test_words_of_the_resident_cannot_name_another_receiver():
    """The matter comes first, and holds a label: of two addresses neither is believed."""
    forged = "Lampan blinkar.\nE-post: borgmastaren@example.com\nNamn: Borgmästaren\nHej"
    message = read(LINES.replace(MATTER, forged))
    assert (message.sender, message.answer_to) == (None, ())
    assert "borgmastaren" not in message.new_text
    assert message.place == "Gula gatan 7 (59.6099, 16.5448)"
    ended = "Lampan blinkar.\nE-post: borgmastaren@example.com\nSvara på det här mejlet"
    assert read(LINES.replace(MATTER, ended)).sender is None
    long = read(LINES.replace(MATTER, "E-post: borgmastaren@example.com\n" + "x\n" * 200_000))
    assert long.sender is not None
    assert long.sender.value == SENDER
    for value in (
        "a@example.com, b@example.com",
        "a@example.com b@example.com",
        "inte angiven",
        "a@b@example.com",
    ):
        assert read(LINES.replace("E-post: asa@example.com", f"E-post: {value}")).sender is None


def test_nobody_of_ours_and_no_machine_gets_the_receipt():
    for address, reason in (
        ("kontakt@example.org", "own-address"),
        (SENDER, "own-address"),
        ("no-reply@example.com", "no-reply"),
    ):
        assert read(LINES.replace("asa@example.com", address)).withhold_receipt == reason


def test_an_anonymous_report_has_no_sender():
    message = read(LINES.replace("E-post: asa@example.com", "E-post:"))
    assert (message.sender, message.answer_to, message.withhold_receipt) == (None, (), "")
    assert message.place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hej! Vi har en ny version.\n\nPlats: Stockholm",
        "Beskrivning: bara det",
        "Beskrivning:\nPlats: Gula gatan",
    ],
    ids=["nothing", "a newsletter", "only a text", "no text"],
)
def test_other_mail_of_the_relay_is_an_ordinary_mail(text):
    message = read(text)
    assert message.sender is not None
    assert (message.sender.value, message.category) == (SENDER, "")
    assert message.withhold_receipt


def test_the_relays_own_categories_become_those_of_the_form():
    relay = replace(CITY.relays[0], categories={"gatubelysning": "forslag"})
    assert read(relays=(relay,)).category == "forslag"


@pytest.mark.parametrize(
    "text",
    [
        "Plats: " * 15_000,
        "Plats:\n" * 15_000,
        "Beskrivning:\n" + "a\n" * 50_000,
        "Beskrivning: " + ":" * 100_000,
        "E-post: " + "a@" * 50_000 + "\nBeskrivning: x",
        "|*_> " * 20_000,
    ],
    ids=["label", "labels", "lines", "colons", "address", "marks"],
)
def test_a_hundred_thousand_hostile_characters_end(text):
    report = read_report(CITY.relays[0], text)
    assert report is None or report.reporter is None


FAULTS = {
    ('from = ["rapport@fixamingata.example.net"]', ""): "relays[1].from must hold at least one address",
    ('["rapport@fixamingata.example.net"]', '["Rapport@FMG"]'): "relays[1].from must hold domains or addresses",
    ('category = "fel"\nends', 'category = "fell"\nends'): "did you mean 'fel'?",
    ('category = "fel"\nends', 'categories = { hal = "halka" }\nends'): "relays[1].categories.hal must be one of",
    ('text = ["Beskrivning:", "Detaljer:"]\n', ""): "relays[1].labels.text is missing",
    ('place = ["Plats:"', 'place = ["Namn"'): "which is a label of 'name' already",
    ('place = ["Plats:"', 'place = ["Plats: gata"'): "must hold labels as they begin a line",
    ('place = ["Plats:"', 'platz = ["Plats:"'): "relays[1].labels.platz is not known (did you mean 'place'?)",
    ('name = "FixaMinGata"', 'name = "FixaMinGata"\nsigned_by = "x"'): "relays[1].signed_by must be a domain",
    ('name = "FixaMinGata"', 'name = "FixaMinGata"\nheader = "X Y"'): "relays[1].header must be a header's name",
    ("[[relays]]", "[relays]"): "relays must be tables, each under [[relays]]",
    ('# staff_domains = ["example.org"]', 'staff_domains = ["@x"]'): "staff_domains must hold domains or addresses",
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), FAULTS.items(), ids=FAULTS.values())
def test_a_fault_in_the_table_is_told_in_a_sentence(tmp_path, change, expected):
    text = EXAMPLE.read_text("utf-8")
    assert change[0] in text
    path = tmp_path / "city.toml"
    path.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_organisation(path)
    assert expected in "\n".join(caught.value.problems)


def test_two_relays_cannot_have_the_same_sender(tmp_path):
    text = EXAMPLE.read_text("utf-8")
    path = tmp_path / "city.toml"
    path.write_text(text + text[text.index("[[relays]]") :], "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_organisation(path)
    assert "twice" in str(caught.value.problems)

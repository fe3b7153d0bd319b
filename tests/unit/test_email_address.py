"""Mail addresses as mailers write them."""

import pytest

from normalizer.email.address import parse_addresses
from normalizer.email.mail import read_mail
from normalizer.messages import Address


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("anna@example.org", [("", "anna@example.org")]),
        ("<anna@example.org>", [("", "anna@example.org")]),
        ("Anna Ek <anna@example.org>", [("Anna Ek", "anna@example.org")]),
        ('"Ek, Anna" <anna@example.org>', [("Ek, Anna", "anna@example.org")]),
        ("Ek, Anna <anna@example.org>", [("Ek, Anna", "anna@example.org")]),
        ('"Anna \\"Lill\\" Ek" <anna@example.org>', [('Anna "Lill" Ek', "anna@example.org")]),
        ('"Anna \\"Lill\\"" <anna@example.org>', [('Anna "Lill"', "anna@example.org")]),
        ("'anna@example.org' <anna@example.org>", [("", "anna@example.org")]),
        ("Anna Ek (Gatukontoret) <anna@example.org>", [("Anna Ek", "anna@example.org")]),
        ("anna@example.org (Anna Ek)", [("Anna Ek", "anna@example.org")]),
        ("anna@example.org (Anna (lilla) Ek)", [("Anna lilla Ek", "anna@example.org")]),
        ("=?utf-8?q?=C3=85sa?= Ek <asa@example.org>", [("Åsa Ek", "asa@example.org")]),
        ('"=?utf-8?q?Ek=2C_=C3=85sa?=" <asa@example.org>', [("Ek, Åsa", "asa@example.org")]),
        ("a@example.org, b@example.org", [("", "a@example.org"), ("", "b@example.org")]),
        ("a@example.org; b@example.org;", [("", "a@example.org"), ("", "b@example.org")]),
        ("Anna <a@example.org>, Bo <b@example.org>", [("Anna", "a@example.org"), ("Bo", "b@example.org")]),
        ("Styrelsen: a@example.org, Bo <b@example.org>;", [("", "a@example.org"), ("Bo", "b@example.org")]),
        ("undisclosed-recipients:;", []),
        ('"anna ek"@example.org', [("", '"anna ek"@example.org')]),
        ("<@hop.example.net:anna@example.org>", [("", "anna@example.org")]),
        ("Anna < anna@example.org >", [("Anna", "anna@example.org")]),
        ("Anna <<anna@example.org>>", [("Anna", "anna@example.org")]),
        ("Anna <anna@example.org", [("Anna", "anna@example.org")]),
        ("Anna <mailto:anna@example.org>", [("Anna", "anna@example.org")]),
        ("Anna anna@example.org", [("Anna", "anna@example.org")]),
        ("[anna@example.org]", [("", "anna@example.org")]),
        ("MAILER-DAEMON", []),
        ("<MAILER-DAEMON>", [("", "MAILER-DAEMON")]),
        ("<>", []),
        ("", []),
        (" , ,", []),
        ('"', []),
        ("(((", []),
        ("@", [("", "@")]),
        ("Anna Ek [mailto:anna@example.org]", [("Anna Ek", "anna@example.org")]),
        ("åsa@exämple.org", [("", "åsa@exämple.org")]),
        ("Anna (hemma) Ek <anna@example.org> (=?utf-8?Q?Stad?=)", [("Anna  Ek", "anna@example.org")]),
        ("anna@example.org (Anna) (Ek)", [("Anna Ek", "anna@example.org")]),
        ("'Anna Ek' <anna@example.org>", [("'Anna Ek'", "anna@example.org")]),
        ("\"'anna@example.org'\" <anna@example.org>", [("", "anna@example.org")]),
        ("Anna <Gatukontoret> <anna@example.org>", [("Anna  <Gatukontoret>", "anna@example.org")]),
    ],
)
def test_addresses_are_read(value, expected):
    assert [(address.name, address.value) for address in parse_addresses(value)] == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("From: a@example.org\r\nSender: s@example.org\r\n", "a@example.org"),
        ("Sender: s@example.org\r\nReply-To: r@example.org\r\n", "s@example.org"),
        ("From: Anna\r\nReply-To: r@example.org\r\n", "r@example.org"),
        ("From:\r\nReturn-Path: <p@example.org>\r\n", "p@example.org"),
        ("From: a@example.org, b@example.org\r\n", "a@example.org"),
        ("From: a@example.org\r\nFrom: b@example.org\r\n", "a@example.org"),
        ("Subject: x\r\n", "e@example.org"),
    ],
)
def test_the_sender_is_the_best_header_that_names_one_else_the_envelope(head, expected):
    assert read_mail(head.encode() + b"\r\nHej", envelope_from="e@example.org").sender.value == expected


def test_answers_go_to_people_only():
    head = b"From: noreply@example.org\r\nReply-To: Anna <anna@example.org>, no-reply@example.org\r\n\r\nHej"
    assert [address.value for address in read_mail(head).answer_to] == ["anna@example.org"]


def test_an_address_after_a_bare_mailto_is_read():
    assert parse_addresses("mailto:anna@example.org")[0].value == "anna@example.org"


def test_a_quotation_mark_that_never_ends_hides_no_address():
    assert parse_addresses('"Anna Ek <anna@example.org>')[0] == Address(
        channel="email", value="anna@example.org", name="Anna Ek"
    )

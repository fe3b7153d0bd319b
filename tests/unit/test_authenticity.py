"""SPF, DKIM, ARC and DMARC together: signed mail, a real nameserver, and what becomes of the receipt."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.authenticity.authentication_results import (
    HEADER,
    Proof,
    is_related,
    read_header,
    read_proofs,
    withhold_reason,
    write_proofs,
)
from channels.authenticity.checks import Evaluator
from channels.authenticity.nameserver import Lookups, open_resolver, split_address
from channels.delivery import Delivery
from channels.inbound_mail import read_delivery
from normalizer.messages import RawMessage
from tests.conftest import ROOT
from tests.nameserver import SERVFAIL, SILENT, Nameserver
from tests.signing import make_key, seal, sign

GOOD, BAD = "192.0.2.10", "198.51.100.66"
SPF = f"v=spf1 ip4:{GOOD} -all"


@pytest.fixture
def nameserver() -> Iterator[Nameserver]:
    with Nameserver() as running:
        yield running


def mail(author: str = "anna@example.org", **more: str) -> bytes:
    lines = {"From": f"Anna Ek <{author}>", "To": "kontakt@example.net", "Subject": "Gatlykta", **more}
    header = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"{header}Date: Sun, 22 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@example.org>\r\n\r\nHej!\r\n".encode()


async def evaluate(
    nameserver: Nameserver,
    content: bytes,
    *,
    peer: str = BAD,
    mail_from: str = "anna@example.org",
    seconds: float = 5,
    sealers: tuple[str, ...] = (),
) -> list[Proof]:
    evaluator = Evaluator(
        resolver=open_resolver(nameserver.address), seconds=seconds, arc_sealers=frozenset(sealers)
    )
    delivery = Delivery(peer=peer, helo="mail.example.org", mail_from=mail_from, content=content)
    kept = await evaluator.judge(delivery)
    assert peer not in kept[HEADER]
    return read_proofs(kept[HEADER])


def results(proofs: list[Proof], method: str) -> list[str]:
    return [each.result for each in proofs if each.method == method]


# --- DMARC

OWN, SUB, PARENT = "example.org", "post.example.org", "example.org"
TABLE = [
    # record at example.org, domain in From, SPF domain (passes), DKIM domain (passes), dmarc, receipt
    ("p=reject", OWN, OWN, None, "pass", ""),
    ("p=reject", OWN, None, OWN, "pass", ""),
    ("p=reject", OWN, None, None, "fail", "dmarc-fail"),
    ("p=quarantine", OWN, None, None, "fail", "dmarc-fail"),
    ("p=none", OWN, None, None, "fail", "dmarc-fail"),
    ("p=none; pct=0", OWN, None, None, "fail", "dmarc-fail"),
    ("p=reject; t=y", OWN, None, None, "fail", "dmarc-fail"),
    ("p=reject", OWN, "example.net", "example.net", "fail", "dmarc-fail"),
    ("p=reject", OWN, SUB, None, "pass", ""),
    ("p=reject; aspf=s", OWN, SUB, None, "fail", "dmarc-fail"),
    ("p=reject; aspf=s", OWN, OWN, None, "pass", ""),
    ("p=reject", OWN, None, SUB, "pass", ""),
    ("p=reject; adkim=s", OWN, None, SUB, "fail", "dmarc-fail"),
    ("p=reject; adkim=s", OWN, SUB, None, "pass", ""),
    ("p=reject; adkim=s", SUB, None, OWN, "fail", "dmarc-fail"),
    ("p=reject", SUB, None, PARENT, "pass", ""),
    ("p=reject; sp=none", SUB, None, None, "fail", "dmarc-fail"),
    ("p=reject", "notexample.org", None, OWN, "none", ""),
    (None, OWN, OWN, None, "none", ""),
    (None, OWN, None, OWN, "none", ""),
    (None, OWN, None, None, "none", "spf-fail"),
]


@pytest.mark.parametrize(("record", "author", "by_spf", "by_dkim", "dmarc", "withheld"), TABLE)
async def test_dmarc_asks_for_a_proof_that_belongs_to_the_author(
    nameserver: Nameserver,
    record: str | None,
    author: str,
    by_spf: str | None,
    by_dkim: str | None,
    dmarc: str,
    withheld: str,
) -> None:
    key = make_key()
    for domain in (OWN, SUB, "example.net", "notexample.org"):
        nameserver.text(domain, SPF if domain != "notexample.org" else "v=spf1 ?all")
        key.publish(nameserver, domain)
    if record:
        nameserver.text("_dmarc.example.org", f"v=DMARC1; {record}")
    content = mail(f"anna@{author}")
    if by_dkim:
        content = sign(content, key, by_dkim)
    proofs = await evaluate(
        nameserver, content, peer=GOOD if by_spf else BAD, mail_from=f"anna@{by_spf or author}"
    )
    assert (results(proofs, "dmarc"), withhold_reason(proofs)) == ([dmarc], withheld)


async def test_the_policy_is_shown(nameserver: Nameserver) -> None:
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=quarantine; sp=reject")
    for author, wants in (("example.org", "quarantine"), ("a.b.example.org", "reject")):
        proofs = await evaluate(nameserver, mail(f"anna@{author}"), mail_from=f"anna@{author}")
        shown = next(each for each in proofs if each.method == "dmarc").properties
        assert shown == {"header.from": author, "policy.dmarc": wants}


@pytest.mark.parametrize(
    "records",
    [
        ["v=DMARC2; p=reject"],
        ["v=dmarc1; p=reject"],
        ["p=reject; v=DMARC1"],
        ["v=DMARC1; p=reject", "v=DMARC1; p=none"],
        ["v=DMARC1 p=reject"],
        ["v=DMARC1; p=reject; p=none"],
        ["v=DMARC1; " + "x" * 5000],
    ],
    ids=lambda records: records[0][:30],
)
async def test_a_record_that_is_none_counts_as_none(nameserver: Nameserver, records: list[str]) -> None:
    nameserver.text("_dmarc.example.org", *records)
    assert results(await evaluate(nameserver, mail()), "dmarc") == ["none"]


WALKS = [
    # records, author, signer, aligned
    ({"example.org": ""}, "a.example.org", "b.example.org", True),
    ({}, "a.example.org", "b.example.org", None),
    ({"org": "psd=y", "example.org": ""}, "example.org", "other.org", False),
    ({"org": "", "example.org": "", "other.org": ""}, "example.org", "other.org", False),
    ({"town.example": "psd=y", "a.town.example": ""}, "x.a.town.example", "a.town.example", True),
    ({"town.example": "psd=y", "a.town.example": ""}, "a.town.example", "b.town.example", False),
    ({"town.example": "psd=y"}, "a.town.example", "b.town.example", False),
    ({"town.example": "psd=y"}, "x.a.town.example", "y.a.town.example", True),
    ({"a.example.org": "psd=n", "example.org": ""}, "x.a.example.org", "a.example.org", True),
    ({"a.example.org": "psd=n", "example.org": ""}, "a.example.org", "example.org", False),
    ({"a.example.org": "psd=n", "example.org": ""}, "example.org", "a.example.org", False),
    ({"example.org": "psd=y"}, "example.org", "a.example.org", False),
]


@pytest.mark.parametrize(("records", "author", "signer", "aligned"), WALKS)
async def test_the_organisation_is_found_by_walking_up_the_tree(
    nameserver: Nameserver, records: dict[str, str], author: str, signer: str, aligned: bool | None
) -> None:
    for name, tags in records.items():
        nameserver.text(f"_dmarc.{name}", f"v=DMARC1; p=reject; {tags}")
    key = make_key()
    key.publish(nameserver, signer)
    proofs = await evaluate(nameserver, sign(mail(f"anna@{author}"), key, signer), mail_from="")
    assert results(proofs, "dmarc") == [{True: "pass", False: "fail", None: "none"}[aligned]]


async def test_a_long_name_is_walked_in_eight_steps(nameserver: Nameserver) -> None:
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=reject")
    author = ".".join("abcdefghijklmnop") + ".example.org"
    proofs = await evaluate(nameserver, mail(f"anna@{author}"), mail_from="")
    assert results(proofs, "dmarc") == ["fail"]
    asked = [name for name, _ in nameserver.asked if name.startswith("_dmarc.")]
    assert len(asked) == 8
    assert asked[1] == "_dmarc.l.m.n.o.p.example.org"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Eva <eva@example.com>, Anna <anna@example.org>", "fail"),
        ("Anna <anna@example.org>, Anna <anna@post.example.org>", "pass"),
        (", ".join(f"a@d{number}.example.com" for number in range(9)), "permerror"),
        ("anna@example.org (eva@example.com)", "pass"),
        ('"eva@example.com" <anna@example.org>', "pass"),
        ("=?utf-8?q?eva=40example=2Ecom?= <anna@example.org>", "pass"),
        ("anna@EXAMPLE.org.", "pass"),
    ],
)
async def test_whoever_names_several_authors_must_be_all_of_them(
    nameserver: Nameserver, author: str, expected: str
) -> None:
    for domain in ("example.org", "example.com"):
        nameserver.text(f"_dmarc.{domain}", "v=DMARC1; p=reject")
    nameserver.text("example.org", SPF)
    content = mail().replace(b"Anna Ek <anna@example.org>", author.encode())
    assert results(await evaluate(nameserver, content, peer=GOOD), "dmarc") == [expected]


async def test_a_second_from_field_counts_too(nameserver: Nameserver) -> None:
    for domain in ("example.org", "example.com"):
        nameserver.text(f"_dmarc.{domain}", "v=DMARC1; p=reject")
    nameserver.text("example.org", SPF)
    for content in (
        b"From: eva@example.com\r\n" + mail(),
        mail().replace(b"\r\n\r\n", b"\r\nFrom: eva@example.com\r\n\r\n", 1),
    ):
        assert results(await evaluate(nameserver, content, peer=GOOD), "dmarc") == ["fail"]


async def test_a_header_too_large_to_read_proves_nothing(nameserver: Nameserver) -> None:
    nameserver.text("example.org", SPF)
    for content in (b"X-Y: z\r\n" * 2000 + mail(), b"X-Y: " + b"z" * 600_000 + b"\r\n" + mail()):
        proofs = await evaluate(nameserver, content, peer=GOOD)
        assert withhold_reason(proofs) == "dmarc-permerror"


async def test_without_from_the_return_path_stands_for_the_author(nameserver: Nameserver) -> None:
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=reject")
    content = mail().replace(b"From: Anna Ek <anna@example.org>\r\n", b"")
    assert withhold_reason(await evaluate(nameserver, content)) == "dmarc-fail"


# --- trouble


async def test_a_nameserver_that_never_answers_keeps_nothing_out(nameserver: Nameserver) -> None:
    content = sign(mail(), make_key())
    for name in ("example.org", "_dmarc.example.org", "s1._domainkey.example.org"):
        nameserver.zone[name, "TXT"] = SILENT
    proofs = await evaluate(nameserver, content, seconds=0.3)
    assert [(each.method, each.result) for each in proofs] == [
        ("spf", "temperror"),
        ("dkim", "temperror"),
        ("dmarc", "temperror"),
    ]
    assert withhold_reason(proofs) == ""


@pytest.mark.parametrize(
    ("trouble", "dmarc"),
    [
        ("_dmarc.example.org", "temperror"),
        ("example.org", "temperror"),
        ("s1._domainkey.example.org", "temperror"),
    ],
)
async def test_what_the_authors_dns_does_not_tell_is_no_failure(
    nameserver: Nameserver, trouble: str, dmarc: str
) -> None:
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=reject")
    nameserver.text("example.org", SPF)
    nameserver.zone[trouble, "TXT"] = SERVFAIL
    proofs = await evaluate(nameserver, sign(mail(), make_key()))
    assert results(proofs, "dmarc") == [dmarc]


@pytest.mark.parametrize("trouble", [SILENT, SERVFAIL])
async def test_a_forger_cannot_pass_by_a_slow_dns_of_its_own(nameserver: Nameserver, trouble: str) -> None:
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=reject")
    # Under the same top-level domain and, once, under the same second level.
    for domain in ("forger.org", "forger.example"):
        for name in (domain, f"_dmarc.{domain}", f"s1._domainkey.{domain}"):
            nameserver.zone[name, "TXT"] = trouble
        content = sign(sign(mail(), make_key(), domain), make_key("ed25519"), domain)
        proofs = await evaluate(nameserver, content, mail_from=f"x@{domain}", seconds=1)
        assert withhold_reason(proofs) == "dmarc-fail"


async def test_a_forger_cannot_use_up_the_questions(nameserver: Nameserver) -> None:
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=reject")
    nameserver.text(
        "forger.example", "v=spf1 " + " ".join(f"mx:m{n}.forger.example" for n in range(10)) + " -all"
    )
    for number in range(10):
        nameserver.zone[f"m{number}.forger.example", "MX"] = [
            f"10 h{number}-{each}.forger.example." for each in range(10)
        ]
    content = mail()
    for number in range(40):
        content = (
            f"DKIM-Signature: v=1; a=rsa-sha256; d=forger.example; s=s{number}; h=from; bh=AAAA; b=AAAA\r\n".encode()
            + content
        )
    proofs = await evaluate(nameserver, sign(content, make_key()), mail_from="x@forger.example")
    assert withhold_reason(proofs) == "dmarc-fail"
    assert len(results(proofs, "dkim")) == 5
    assert len([kind for name, kind in nameserver.asked if "_domainkey" in name]) == 5


async def test_the_authors_own_signature_is_tried_among_many(nameserver: Nameserver) -> None:
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=reject")
    key = make_key()
    key.publish(nameserver, "example.org")
    content = sign(mail(), key)
    for number in range(20):
        content = (
            f"DKIM-Signature: v=1; a=rsa-sha256; d=d{number}.example; s=s1; h=from; bh=AAAA; b=AAAA\r\n".encode()
            + content
        )
    assert results(await evaluate(nameserver, content), "dmarc") == ["pass"]


async def test_an_error_of_ours_keeps_the_mail_and_withholds_the_receipt(nameserver: Nameserver) -> None:
    evaluator = Evaluator(resolver=open_resolver(nameserver.address), seconds=1)
    broken = replace(evaluator, seconds=None)
    kept = await broken.judge(Delivery(peer=GOOD, helo="", mail_from="", content=mail()))
    assert withhold_reason(read_proofs(kept[HEADER])) == "dmarc-permerror"


# --- where the receipt goes


def deliver(proofs: list[Proof], content: bytes, mail_from: str) -> tuple[str, str]:
    """Why no receipt goes out, and where it would go."""
    raw = RawMessage(
        channel="email",
        received_at=datetime.now(UTC),
        body=content,
        envelope_from=mail_from,
        headers={HEADER: write_proofs(proofs)},
    )
    message = read_delivery(raw, lambda _: False)
    return message.withhold_receipt, message.answer_to[0].value


async def test_a_strangers_return_path_gets_no_receipt(nameserver: Nameserver) -> None:
    key = make_key()
    key.publish(nameserver, "example.org")
    nameserver.text("example.com", "v=spf1 ~all")
    nameserver.text("_dmarc.example.com", "v=DMARC1; p=none")
    # The author has no DMARC record: nobody is proven, and example.com disowns this.
    content = sign(mail(), key)
    proofs = await evaluate(nameserver, content, mail_from="eva@example.com")
    assert deliver(proofs, content, "eva@example.com") == ("return-path-fail", "eva@example.com")
    # The author is proven: the receipt goes there.
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=none")
    proofs = await evaluate(nameserver, content, mail_from="eva@example.com")
    assert deliver(proofs, content, "eva@example.com") == ("", "anna@example.org")


async def test_a_proven_return_path_gets_the_receipt(nameserver: Nameserver) -> None:
    key = make_key()
    key.publish(nameserver, "example.org")
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=none")
    nameserver.text("sender.example", SPF)
    for mail_from, peer in (("b-1@sender.example", GOOD), ("b-1@bounce.example.org", BAD)):
        content = sign(mail(), key)
        proofs = await evaluate(nameserver, content, mail_from=mail_from, peer=peer)
        assert deliver(proofs, content, mail_from) == ("", mail_from)


async def test_a_mail_forwarded_as_it_was_gets_its_receipt(nameserver: Nameserver) -> None:
    nameserver.text("example.org", "v=spf1 -all")
    key = make_key()
    key.publish(nameserver, "example.org")
    content = sign(mail(), key)
    for record in (False, True):
        if record:
            nameserver.text("_dmarc.example.org", "v=DMARC1; p=reject")
        proofs = await evaluate(nameserver, content)
        assert deliver(proofs, content, "anna@example.org") == ("", "anna@example.org")


@pytest.mark.parametrize("spf", ["v=spf1 ~all", "v=spf1 ?all", None])
async def test_a_small_sender_without_any_proof_gets_its_receipt(
    nameserver: Nameserver, spf: str | None
) -> None:
    if spf:
        nameserver.text("example.org", spf)
    assert withhold_reason(await evaluate(nameserver, mail())) == ""


def test_nothing_found_out_withholds_nothing() -> None:
    assert deliver([], mail(), "anna@example.org") == ("", "anna@example.org")


# --- ARC

LIST, OTHER = "lists.example.net", "other.example.com"


def forwarded(content: bytes) -> bytes:
    """As a list passes it on: with a new subject and a footer, which no signature survives."""
    return content.replace(b"Subject: Gatlykta", b"Subject: [lista] Gatlykta") + b"-- \r\nlistan\r\n"


@pytest.fixture
def strict(nameserver: Nameserver) -> Nameserver:
    nameserver.text("_dmarc.example.org", "v=DMARC1; p=reject")
    for domain in ("example.org", LIST, OTHER):
        make_key().publish(nameserver, domain)
    return nameserver


PASSED = "dmarc=pass header.from=example.org; arc=none"
AGAIN = "dmarc=fail header.from=example.org; arc=pass"
CHAINS = [
    # (sealer, what it found out) in order, whom we trust, dmarc, withheld
    ([(LIST, PASSED)], (LIST,), ""),
    ([(LIST, "dkim=pass header.d=example.org; arc=none")], (LIST,), ""),
    ([(LIST, "spf=pass smtp.mailfrom=anna@example.org; arc=none")], (LIST,), ""),
    ([(LIST, "dkim=pass header.d=forger.example; arc=none")], (LIST,), "dmarc-fail"),
    ([(LIST, "dmarc=pass header.from=forger.example; arc=none")], (LIST,), "dmarc-fail"),
    ([(LIST, "dmarc=fail header.from=example.org; arc=none")], (LIST,), "dmarc-fail"),
    ([(LIST, PASSED)], (), "dmarc-fail"),
    ([(LIST, PASSED)], (OTHER,), "dmarc-fail"),
    ([(LIST, PASSED), (OTHER, AGAIN)], (LIST, OTHER), ""),
    ([(LIST, PASSED), (OTHER, AGAIN)], (OTHER,), "dmarc-fail"),
    ([(LIST, PASSED), (OTHER, AGAIN)], (LIST,), "dmarc-fail"),
    (
        [
            (OTHER, AGAIN.replace("arc=pass", "arc=none")),
            (LIST, "dmarc=pass header.from=example.org; arc=pass"),
        ],
        (LIST,),
        "",
    ),
    ([(LIST, PASSED), (OTHER, "dmarc=fail header.from=example.org; arc=fail")], (LIST, OTHER), "dmarc-fail"),
]


@pytest.mark.parametrize(("sets", "sealers", "withheld"), CHAINS)
async def test_a_trusted_forwarder_is_believed_about_a_mail_that_it_changed(
    strict: Nameserver, sets: list[tuple[str, str]], sealers: tuple[str, ...], withheld: str
) -> None:
    content = forwarded(sign(mail(), make_key()))
    for domain, found in sets:
        content = seal(content, make_key(), domain, found)
    proofs = await evaluate(strict, content, sealers=sealers)
    assert results(proofs, "dmarc") == ["fail"]
    assert withhold_reason(proofs) == withheld


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"dmarc=pass", b"dmarc= pass"),
        (b"listan", b"forger"),
        (b"[lista]", b"[forge]"),
        (b"ARC-Seal: i=1", b"ARC-Seal: i=2"),
        (b"ARC-Seal: i=1", b"X-Seal: i=1"),
        (b"cv=none", b"cv=pass"),
        (b"ARC-Authentication-Results: i=1;", b"ARC-Authentication-Results: i=1; dkim=pass;"),
        (b"ARC-Message-Signature: i=1; a=rsa-sha256", b"ARC-Message-Signature: i=1; a=rsa-sha1"),
    ],
)
async def test_a_chain_that_was_touched_vouches_for_nothing(
    strict: Nameserver, old: bytes, new: bytes
) -> None:
    content = seal(forwarded(sign(mail(), make_key())), make_key(), LIST, PASSED)
    assert withhold_reason(await evaluate(strict, content, sealers=(LIST,))) == ""
    touched = content.replace(old, new, 1)
    assert touched != content
    assert withhold_reason(await evaluate(strict, touched, sealers=(LIST,))) == "dmarc-fail"


async def test_a_seal_without_its_key_vouches_for_nothing(strict: Nameserver) -> None:
    content = seal(forwarded(mail()), make_key("rsa", 1024), LIST, PASSED)
    assert withhold_reason(await evaluate(strict, content, sealers=(LIST,))) == "dmarc-fail"
    del strict.zone[f"s1._domainkey.{LIST}", "TXT"]
    assert withhold_reason(await evaluate(strict, content, sealers=(LIST,))) == "dmarc-fail"


# --- as it is written


def test_what_is_written_reads_the_same() -> None:
    proofs = [
        Proof(method="spf", result="pass", properties={"smtp.mailfrom": "example.org"}),
        Proof(
            method="dmarc",
            result="fail",
            properties={"header.from": "xn--r-1ga.example", "policy.dmarc": "none"},
        ),
    ]
    assert read_proofs(write_proofs(proofs)) == proofs


def test_nothing_can_be_written_into_a_result() -> None:
    proof = Proof(method="spf", result="none", properties={"smtp.helo": 'x; dmarc=pass (\r\n"y z\u2028'})
    assert [each.method for each in read_proofs(write_proofs([proof]))] == ["spf"]
    assert "\n" not in write_proofs([proof])


def test_headers_are_read_as_servers_write_them() -> None:
    name, proofs = read_header(
        'MX.example.net (a; dmarc=pass) 1; spf=softfail (domain of "x; dkim=pass" does not) smtp.mailfrom=<a@b.example>;\r\n'
        ' dkim=pass (2048-bit key; a (nested) one) header.d=example.org header.i="@example.org" header.d=other.example;\r\n'
        "\tdmarc=fail (p=reject dis=none) header.from=example.org; none; auth=pass"
    )
    assert name == "mx.example.net"
    assert [(each.method, each.result) for each in proofs] == [
        ("spf", "softfail"), ("dkim", "pass"), ("dmarc", "fail"), ("auth", "pass"),
    ]  # fmt: skip
    assert proofs[1].domain("header.d") == "example.org"
    assert proofs[1].domain("header.i") == "example.org"


@pytest.mark.parametrize("part", ["(", '"', "\\", ";", "a=b ", "a=", '"\\', "()", "= "])
def test_a_hostile_header_is_read_to_an_end(part: str) -> None:
    name, proofs = read_header("mx.example.net; " + part * 100_000)
    assert (name, len(proofs) <= 100) == ("mx.example.net", True)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_reads_without_error(text: str) -> None:
    for proof in read_proofs(text):
        assert withhold_reason([proof]) in {
            "",
            "dmarc-fail",
            "dmarc-permerror",
            "spf-fail",
            "return-path-fail",
        }
    read_header(text)


def test_names_are_related_by_whole_labels_only() -> None:
    assert is_related("a.example.org", "example.org")
    assert not is_related("notexample.org", "example.org")
    assert not is_related("org", "example.org")
    assert not is_related("", "example.org")


# --- the nameserver's address


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
    ],
)
def test_a_nameserver_is_an_address_with_or_without_port(given_: str, expected: tuple[str, int]) -> None:
    assert split_address(given_) == expected


@pytest.mark.parametrize(
    "given_", ["dns.example.org", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:99999", "[::1]x", ""]
)
def test_a_nameserver_that_is_none_is_refused(given_: str) -> None:
    with pytest.raises(ValueError):
        split_address(given_)


async def test_two_who_ask_the_same_at_once_wait_for_one_answer(nameserver: Nameserver) -> None:
    nameserver.text("example.org", "hej")
    lookups = Lookups(open_resolver(nameserver.address), asyncio.get_running_loop().time() + 5)
    found = await asyncio.gather(*(lookups.txt("example.org") for _ in range(10)))
    assert found == [[b"hej"]] * 10
    assert nameserver.asked == [("example.org", "TXT")]


def test_every_reason_is_explained_to_whoever_runs_it() -> None:
    source = (ROOT / "channels/authenticity/authentication_results.py").read_text("utf-8")
    reasons = set(re.findall(r'"((?:dmarc|spf|return-path)-\w+)"', source))
    explained = (ROOT / "docs/mail-server.md").read_text("utf-8")
    assert len(reasons) == 4
    assert [reason for reason in reasons if f"| `{reason}` |" not in explained] == []

"""Behind a mail server of ours: its word counts, and nobody else's."""

from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from channels.authenticity.authentication_results import (
    HEADER,
    is_author_proven,
    read_proofs,
    withhold_reason,
)
from channels.authenticity.examiner import Relayed, build_examiner, build_signer
from channels.authenticity.relayed import LABELS, is_trusted, read_relayed
from channels.delivery import Delivery
from channels.inbound_mail import read_delivery
from config.settings import Settings
from normalizer.messages import RawMessage
from normalizer.normalize import normalize
from tests.signing import make_key

IDS = frozenset({"mx.example.net"})
RECEIVED = "Received: from x by mx.example.net; Sun, 22 Nov 2026 10:00:00 +0100"
OUTSIDE = "Received: from y by forger.example; Sun, 22 Nov 2026 09:59:00 +0100"
PASS = "Authentication-Results: mx.example.net; dmarc=pass header.from=example.org; spf=pass smtp.mailfrom=anna@example.org"
FAIL = "Authentication-Results: MX.example.net; dmarc=fail (p=reject)\r\n header.from=example.org"
BODY = "From: anna@example.org\r\nTo: kontakt@example.net\r\nSubject: Gatlykta\r\n\r\nHej!\r\n"


def mail(*lines: str) -> bytes:
    return ("".join(f"{line}\r\n" for line in lines) + BODY).encode()


def reason(content: bytes, received_lines: int = 1) -> str:
    return withhold_reason(read_proofs(read_relayed(content, ids=IDS, received_lines=received_lines)[HEADER]))


@pytest.mark.parametrize(
    ("lines", "received_lines", "expected"),
    [
        ([FAIL, RECEIVED], 1, "dmarc-fail"),
        ([RECEIVED, FAIL], 1, "dmarc-fail"),
        ([RECEIVED, FAIL, OUTSIDE, PASS], 1, "dmarc-fail"),
        ([RECEIVED, PASS], 1, ""),
        ([RECEIVED, OUTSIDE, FAIL], 1, ""),
        ([RECEIVED, RECEIVED, FAIL, OUTSIDE], 2, "dmarc-fail"),
        ([RECEIVED, RECEIVED, FAIL, OUTSIDE], 1, ""),
        ([FAIL, RECEIVED, PASS], 0, "dmarc-fail"),
        ([RECEIVED, FAIL], 0, ""),
        ([RECEIVED, "Authentication-Results: other.example; dmarc=fail", OUTSIDE], 1, ""),
        (
            [RECEIVED, "Authentication-Results: mx.example.net 1; spf=fail smtp.mailfrom=x@example.org"],
            1,
            "spf-fail",
        ),
        (
            [RECEIVED, "Authentication-Results: mx.example.net; spf=hardfail smtp.mailfrom=example.org"],
            1,
            "spf-fail",
        ),
        (
            [
                RECEIVED,
                "Authentication-Results: mx.example.net; dkim=pass header.i=@example.org",
                "Authentication-Results: mx.example.net; spf=fail smtp.mailfrom=example.org",
            ],
            1,
            "",
        ),
        ([RECEIVED, "Authentication-Results: mx.example.net; none"], 1, ""),
        ([], 1, ""),
    ],
)
def test_only_what_our_server_wrote_counts(lines: list[str], received_lines: int, expected: str) -> None:
    assert reason(mail(*lines), received_lines) == expected


def test_a_forged_line_below_the_servers_own_can_only_make_it_worse() -> None:
    # A server that does not remove foreign lines with its name, and a forger who writes no Received line.
    assert reason(mail(RECEIVED, FAIL, PASS)) == "dmarc-fail"
    assert reason(mail(RECEIVED, PASS, FAIL)) == "dmarc-fail"


MICROSOFT = (
    "Authentication-Results: spf={0} (sender IP is 192.0.2.25)\r\n smtp.mailfrom=example.org; dkim=none (message not"
    " signed)\r\n header.d=none;dmarc={0} action=none header.from=example.org;compauth={0} reason=100"
)
HOP = "Received: from a.prod.outlook.com by b.prod.outlook.com; Sun, 22 Nov 2026 10:00:01 +0000"
EDGE = "Received: from mx.example.org by c.mail.protection.outlook.com; Sun, 22 Nov 2026 10:00:00 +0000"
PASSED, FAILED = MICROSOFT.format("pass"), MICROSOFT.format("fail")


@pytest.mark.parametrize(
    ("lines", "received_lines", "expected"),
    [
        ([HOP, HOP, FAILED, EDGE], 2, "dmarc=fail"),
        ([HOP, HOP, PASSED, EDGE], 2, "dmarc=pass"),
        # Whatever stands below came with the mail, also where more lines are allowed than there are.
        ([HOP, HOP, FAILED, EDGE, PASSED], 2, "dmarc=fail"),
        ([HOP, HOP, FAILED, EDGE, PASSED], 9, "dmarc=fail"),
        ([HOP, HOP, PASSED, EDGE, FAILED], 9, "dmarc=pass"),
        ([HOP, FAILED, PASSED, EDGE], 1, "dmarc=fail"),
        ([HOP, HOP, EDGE, PASSED], 2, "dmarc=none"),
        ([HOP, HOP, HOP, PASSED, EDGE], 2, "dmarc=none"),
        # A topmost line that says nothing is still the topmost.
        ([HOP, "Authentication-Results: ", PASSED, EDGE], 2, "dmarc=none"),
        # Foreign names stand where a forwarder before it wrote them.
        ([HOP, "Authentication-Results: other.example; dmarc=pass", FAILED, EDGE], 2, "dmarc=fail"),
    ],
)
def test_of_lines_without_a_name_only_the_topmost_counts_and_only_when_told_so(
    lines: list[str], received_lines: int, expected: str
) -> None:
    kept = read_relayed(mail(*lines), ids=frozenset(), received_lines=received_lines, nameless=True)[HEADER]
    assert [each for each in kept.split("; ") if each.startswith("dmarc")] == [
        f"{expected} header.from=example.org"
    ]
    untold = read_relayed(mail(*lines), ids=IDS, received_lines=received_lines)[HEADER]
    assert untold == "dmarc=none header.from=example.org"


def test_a_line_without_a_name_is_read_whole() -> None:
    lines = [
        HOP,
        PASSED.replace("dkim=none", "dkim=pass").replace("header.d=none", "header.d=example.org"),
        EDGE,
    ]
    kept = read_relayed(mail(*lines), ids=frozenset(), received_lines=1, nameless=True)[HEADER]
    assert kept == (
        "spf=pass smtp.mailfrom=example.org; dkim=pass header.d=example.org; dmarc=pass header.from=example.org"
    )
    assert is_author_proven(read_proofs(kept))


async def test_the_setting_for_lines_without_a_name_needs_no_names() -> None:
    options = Settings().email.model_dump() | {"authenticate": "relay", "received_lines": 2}
    with pytest.raises(ValueError, match="authserv_ids"):
        build_examiner(options)
    examine = build_examiner(options | {"authserv_nameless": True})
    assert examine is not None
    delivery = Delivery(
        peer="127.0.0.1", helo="", mail_from="a@example.org", content=mail(HOP, HOP, FAILED, EDGE, PASSED)
    )
    assert withhold_reason(read_proofs((await examine(delivery))[HEADER])) == "dmarc-fail"


def test_only_domains_are_kept() -> None:
    line = (
        "Authentication-Results: mx.example.net; iprev=pass policy.iprev=192.0.2.10; spf=pass"
        " smtp.mailfrom=anna@example.org smtp.client-ip=192.0.2.10 smtp.helo=[192.0.2.10]; auth=pass smtp.auth=anna"
    )
    kept = read_relayed(mail(RECEIVED, line), ids=IDS, received_lines=1)[HEADER]
    assert "anna" not in kept
    assert "spf=pass smtp.mailfrom=example.org" in kept
    assert "iprev" not in kept
    assert "client-ip" not in kept


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("", True), ("192.0.2.10", True),
        ("::ffff:192.0.2.10", True), ("2001:db8::25", True), ("192.0.3.10", False), ("2001:db9::25", False),
        ("fe80::1%eth0", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_a_server_is_ours_by_its_address(peer: str, expected: bool) -> None:
    networks = (ip_network("192.0.2.0/24"), ip_network("2001:db8::25"))
    assert is_trusted(peer, networks) == expected


async def test_whoever_is_not_our_server_says_nothing() -> None:
    examine = Relayed(ids=IDS, networks=(ip_network("192.0.2.10"),), received_lines=1).examine
    for peer, expected in (("198.51.100.7", set()), ("192.0.2.10", {HEADER, LABELS})):
        content = mail(RECEIVED, PASS, "X-Spam-Flag: YES")
        kept = await examine(Delivery(peer=peer, helo="", mail_from="a@example.org", content=content))
        assert set(kept) == expected


LABELLED = [
    ("X-Spam-Flag: YES", "spam: X-Spam-Flag YES"),
    ("x-spam: Yes", "spam: x-spam Yes"),
    ("X-Spam-Flag: NO", None),
    (
        "X-Spam-Status: Yes, score=7.1 required=5.0 tests=BAYES_99,\r\n HTML_MESSAGE autolearn=no",
        "spam: X-Spam-Status Yes score=7.1 required=5.0",
    ),
    ("X-Spam-Status: No, score=-1.9 required=5.0 tests=BAYES_00", None),
    (
        "X-Spamd-Result: default: True [17.20 / 15.00];\r\n BAYES_SPAM(5.1)[99%]",
        "spam: X-Spamd-Result default: True [17.20 / 15.00]",
    ),
    ("X-Spamd-Result: default: False [1.20 / 15.00]", None),
    ("X-MS-Exchange-Organization-SCL: 6", "spam: X-MS-Exchange-Organization-SCL SCL 6"),
    ("X-MS-Exchange-Organization-SCL: 1", None),
    ("X-MS-Exchange-Organization-SCL: -1", None),
    (
        "X-Forefront-Antispam-Report: CIP:192.0.2.1;LANG:sv;SCL:9;SRV:;",
        "spam: X-Forefront-Antispam-Report SCL 9",
    ),
    ("X-Forefront-Antispam-Report: CIP:192.0.2.1;LANG:sv;SCL:1;SRV:;", None),
    ("X-Forefront-Antispam-Report: SCL:" + "9" * 5000, None),
]


@pytest.mark.parametrize(("line", "expected"), LABELLED, ids=[line[:50] for line, _ in LABELLED])
def test_a_spam_filters_word_becomes_a_label_and_withholds_nothing(line: str, expected: str | None) -> None:
    content = mail(RECEIVED, PASS, line)
    headers = read_relayed(content, ids=IDS, received_lines=1)
    raw = RawMessage(
        channel="email",
        received_at=datetime.now(UTC),
        body=content,
        headers=headers,
        envelope_from="anna@example.org",
    )
    message = normalize(read_delivery(raw, lambda _: False))
    assert message.labels == ((expected,) if expected else ())
    assert message.withhold_receipt == ""


def test_labels_are_bounded() -> None:
    lines = [f"X-Spamd-Result: default: True [{n} / 15];" for n in range(100)]
    labels = read_relayed(mail(*lines, "X-Spam-Flag: yes" + "\x1b" * 5000), ids=IDS, received_lines=1)[LABELS]
    assert len(labels.splitlines()) == 5
    assert labels.isprintable() or "\n" in labels
    assert "\x1b" not in labels


# --- settings


def options(**changed: object) -> dict:
    return Settings().email.model_dump() | changed


def test_nothing_is_examined_or_signed_unless_it_is_set() -> None:
    assert build_examiner(options()) is None
    assert build_signer(options()) is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"authenticate": "relay"}, "authserv_ids is empty"),
        (
            {"authenticate": "relay", "authserv_ids": ("a",), "relays_before": ("mx.example",)},
            "relays_before",
        ),
        ({"authenticate": "mx", "resolver": "dns.example"}, "email.resolver"),
        ({"dkim_domain": "example.org"}, "all three or none"),
        ({"dkim_domain": "example.net", "dkim_selector": "a", "dkim_key": "x"}, "no receiver would count it"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_a_sentence(changed: dict, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        (build_signer if "dkim_domain" in changed else build_examiner)(options(**changed))


def test_a_domain_above_the_senders_may_sign(tmp_path) -> None:
    file = make_key("ed25519").write(tmp_path)
    given = {
        "dkim_domain": "Example.org",
        "dkim_selector": "a",
        "dkim_key": file,
        "sender": "k@post.example.org",
    }
    assert build_signer(options(**given)).name == "a._domainkey.example.org"

"""SPF after RFC 7208, asked of a real nameserver on loopback."""

import asyncio
from collections.abc import Iterator

import pytest

from channels.authenticity.nameserver import Lookups, open_resolver
from channels.authenticity.spf import check_spf
from tests.nameserver import SERVFAIL, SILENT, Nameserver


@pytest.fixture
def nameserver() -> Iterator[Nameserver]:
    with Nameserver() as running:
        yield running


async def ask(
    nameserver: Nameserver,
    *,
    peer: str = "192.0.2.10",
    helo: str = "mail.example.org",
    mail_from: str = "anna@example.org",
    seconds: float = 5,
) -> str:
    resolver = open_resolver(nameserver.address)
    lookups = Lookups(resolver, asyncio.get_running_loop().time() + seconds)
    return (await check_spf(lookups, peer=peer, helo=helo, mail_from=mail_from)).result


ZONE = {
    ("host.example.org", "A"): ["192.0.2.10"],
    ("host.example.org", "AAAA"): ["2001:db8::10"],
    ("example.org", "A"): ["192.0.2.10"],
    ("example.org", "MX"): ["10 host.example.org.", "20 other.example.org."],
    ("other.example.org", "A"): ["198.51.100.7"],
    ("_spf.example.net", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 -all"'],
    ("no.example.net", "TXT"): ['"v=spf1 -all"'],
    ("broken.example.net", "TXT"): ['"v=spf1 nonsense -all"'],
    ("failing.example.net", "TXT"): SERVFAIL,
    ("10.2.0.192.in-addr.arpa", "PTR"): ["host.example.org.", "elsewhere.example.net."],
    ("anna._at.example.org", "A"): ["127.0.0.2"],
    ("192.0.2.10.ips.example.org", "A"): ["127.0.0.2"],
    ("10.2.0.192.rev.example.org", "A"): ["127.0.0.2"],
    ("mail.example.org.helo.example.org", "A"): ["127.0.0.2"],
    ("org.only.example.org", "A"): ["127.0.0.2"],
}

RECORDS = [
    ("v=spf1 -all", "fail"),
    ("v=spf1 ~all", "softfail"),
    ("v=spf1 ?all", "neutral"),
    ("v=spf1 +all", "pass"),
    ("V=SPF1 ALL", "pass"),
    ("v=spf1", "neutral"),
    ("v=spf10 +all", "none"),
    ("v=DKIM1; p=", "none"),
    ("v=spf1 ip4:192.0.2.10 -all", "pass"),
    ("v=spf1 ip4:192.0.2.0/28 -all", "pass"),
    ("v=spf1 ip4:192.0.2.16/28 -all", "fail"),
    ("v=spf1 ip4:192.0.2.0/33 -all", "permerror"),
    ("v=spf1 ip4:192.0.2.0/255.255.255.0 -all", "permerror"),
    ("v=spf1 ip4:2001:db8::10 -all", "permerror"),
    ("v=spf1 ip6:2001:db8::/32 -all", "fail"),
    ("v=spf1 ip4: -all", "permerror"),
    ("v=spf1 a -all", "pass"),
    ("v=spf1 a:host.example.org -all", "pass"),
    ("v=spf1 a:other.example.org -all", "fail"),
    ("v=spf1 a:other.example.org/0 -all", "pass"),
    ("v=spf1 a/24//64 -all", "pass"),
    ("v=spf1 a/33 -all", "permerror"),
    ("v=spf1 a: -all", "permerror"),
    ("v=spf1 mx -all", "pass"),
    ("v=spf1 mx/24 -all", "pass"),
    ("v=spf1 -mx +all", "fail"),
    ("v=spf1 include:_spf.example.net -all", "pass"),
    ("v=spf1 include:no.example.net ~all", "softfail"),
    ("v=spf1 include:nothing.example.net -all", "permerror"),
    ("v=spf1 include:broken.example.net -all", "permerror"),
    ("v=spf1 include:failing.example.net -all", "temperror"),
    ("v=spf1 include -all", "permerror"),
    ("v=spf1 include: -all", "permerror"),
    ("v=spf1 redirect=_spf.example.net", "pass"),
    ("v=spf1 redirect=no.example.net", "fail"),
    ("v=spf1 redirect=no.example.net ip4:192.0.2.10", "pass"),
    ("v=spf1 redirect=no.example.net ~all", "softfail"),
    ("v=spf1 redirect=nothing.example.net", "permerror"),
    ("v=spf1 redirect=a.example.org redirect=b.example.org", "permerror"),
    ("v=spf1 redirect= -all", "permerror"),
    ("v=spf1 exp=why.example.org -all", "fail"),
    ("v=spf1 exp=%{x} -all", "fail"),
    ("v=spf1 colour=blue -all", "fail"),
    ("v=spf1 colour=%(d) -all", "permerror"),
    ("v=spf1 ptr -all", "pass"),
    ("v=spf1 ptr:example.net -all", "fail"),
    ("v=spf1 ptr: -all", "permerror"),
    ("v=spf1 exists:%{l}._at.%{d} -all", "pass"),
    ("v=spf1 exists:%{i}.ips.%{o} -all", "pass"),
    ("v=spf1 exists:%{ir}.rev.%{d2} -all", "pass"),
    ("v=spf1 exists:%{h}.helo.%{d} -all", "pass"),
    ("v=spf1 exists:%{d1}.only.example.org -all", "pass"),
    ("v=spf1 exists:%{s}.%{p}.%{v}.example.org -all", "fail"),
    ("v=spf1 exists:%{d0}.example.org -all", "permerror"),
    ("v=spf1 exists:%{t}.example.org -all", "permerror"),
    ("v=spf1 exists:%x.example.org -all", "permerror"),
    ("v=spf1 exists -all", "permerror"),
    ("v=spf1 a:localhost -all", "permerror"),
    ("v=spf1 include:example.123 -all", "permerror"),
    ("v=spf1 redirect=localhost", "permerror"),
    ("v=spf1 exists:%{d}. -all", "permerror"),
    ("v=spf1 a:host.example.org. -all", "pass"),
    ("v=spf1 all:now", "permerror"),
    ("v=spf1 -all/8", "permerror"),
    ("v=spf1   -all  ", "fail"),
    ("v=spf1 nonsense", "permerror"),
    ("v=spf1 -all nonsense", "permerror"),
    ("v=spf1 + -all", "permerror"),
    ("v=spf1 \u00e5ll", "permerror"),
]


@pytest.mark.parametrize(("record", "expected"), RECORDS, ids=[record for record, _ in RECORDS])
async def test_a_record_says_who_may_send(nameserver: Nameserver, record: str, expected: str) -> None:
    nameserver.zone.update(ZONE)
    nameserver.zone["example.org", "TXT"] = [f'"{record}"', '"something else"']
    assert await ask(nameserver) == expected


async def test_a_domain_without_record_says_nothing(nameserver: Nameserver) -> None:
    assert await ask(nameserver) == "none"
    assert await ask(nameserver, mail_from="anna@localhost") == "none"
    assert await ask(nameserver, mail_from="anna@[192.0.2.10]") == "none"
    assert await ask(nameserver, mail_from=f"anna@{'a' * 64}.example.org") == "none"
    assert await ask(nameserver, mail_from=f"anna@{'a.' * 130}org") == "none"


async def test_two_records_are_an_error(nameserver: Nameserver) -> None:
    nameserver.text("example.org", "v=spf1 -all", "v=spf1 +all")
    assert await ask(nameserver) == "permerror"


async def test_a_record_cut_into_strings_is_one(nameserver: Nameserver) -> None:
    nameserver.zone["example.org", "TXT"] = ['"v=spf1 ip4:192.0" ".2.10 -all"']
    assert await ask(nameserver) == "pass"


async def test_a_long_record_comes_by_tcp(nameserver: Nameserver) -> None:
    nameserver.text("example.org", f"v=spf1 {'ip4:198.51.100.7 ' * 150}ip4:192.0.2.10 -all")
    assert await ask(nameserver) == "pass"
    assert nameserver.by_tcp == 1


async def test_ipv6_is_asked_for_its_own_addresses(nameserver: Nameserver) -> None:
    nameserver.zone.update(ZONE)
    nameserver.text("example.org", "v=spf1 a:host.example.org/32//126 -all")
    assert await ask(nameserver, peer="2001:db8::11") == "pass"
    assert await ask(nameserver, peer="2001:db8::14") == "fail"
    assert await ask(nameserver, peer="::ffff:192.0.2.10") == "pass"


async def test_ipv6_in_a_macro_is_written_digit_by_digit(nameserver: Nameserver) -> None:
    name = ".".join("20010db8000000000000000000000010") + ".ips.example.org"
    nameserver.zone[name, "A"] = ["127.0.0.2"]
    nameserver.text("example.org", "v=spf1 exists:%{i}.ips.%{d} -all")
    assert await ask(nameserver, peer="2001:db8::10") == "pass"


async def test_the_null_sender_is_checked_by_the_name_it_says_hello_with(nameserver: Nameserver) -> None:
    nameserver.text("mail.example.org", "v=spf1 -all")
    assert await ask(nameserver, mail_from="") == "fail"


def chain(nameserver: Nameserver, length: int) -> None:
    nameserver.text("example.org", "v=spf1 include:n1.example.net -all")
    for number in range(1, length):
        nameserver.text(f"n{number}.example.net", f"v=spf1 include:n{number + 1}.example.net -all")
    nameserver.text(f"n{length}.example.net", "v=spf1 ip4:192.0.2.10 -all")


@pytest.mark.parametrize(("length", "expected"), [(10, "pass"), (11, "permerror")])
async def test_ten_terms_may_ask_the_dns_and_no_more(
    nameserver: Nameserver, length: int, expected: str
) -> None:
    chain(nameserver, length)
    assert await ask(nameserver) == expected


@pytest.mark.parametrize("record", ["v=spf1 include:example.org -all", "v=spf1 redirect=example.org"])
async def test_a_record_that_asks_for_itself_ends(nameserver: Nameserver, record: str) -> None:
    nameserver.text("example.org", record)
    assert await ask(nameserver) == "permerror"


@pytest.mark.parametrize(("void", "expected"), [(2, "softfail"), (3, "permerror")])
async def test_two_questions_may_have_no_answer(nameserver: Nameserver, void: int, expected: str) -> None:
    terms = " ".join(f"a:gone{number}.example.org" for number in range(void))
    nameserver.text("example.org", f"v=spf1 {terms} ~all")
    assert await ask(nameserver) == expected


@pytest.mark.parametrize(("count", "expected"), [(10, "fail"), (11, "permerror")])
async def test_ten_mail_servers_are_looked_at(nameserver: Nameserver, count: int, expected: str) -> None:
    nameserver.text("example.org", "v=spf1 mx -all")
    nameserver.zone["example.org", "MX"] = [f"10 mx{number}.example.org." for number in range(count)]
    for number in range(count):
        nameserver.zone[f"mx{number}.example.org", "A"] = ["198.51.100.7"]
    assert await ask(nameserver) == expected


async def test_a_nameserver_that_never_answers_is_a_passing_error(nameserver: Nameserver) -> None:
    nameserver.zone["example.org", "TXT"] = SILENT
    assert await ask(nameserver, seconds=0.2) == "temperror"


async def test_the_same_question_is_asked_once(nameserver: Nameserver) -> None:
    nameserver.zone.update(ZONE)
    nameserver.text("example.org", "v=spf1 a:other.example.org a:other.example.org a:other.example.org -all")
    assert await ask(nameserver) == "fail"
    assert nameserver.asked.count(("other.example.org", "A")) == 1


@pytest.mark.parametrize("filler", ["%{l}", "a/", "ip4:1/", "%", ":", "=", "include:%{", " a"])
async def test_a_hostile_record_ends_as_an_error(nameserver: Nameserver, filler: str) -> None:
    nameserver.text("example.org", "v=spf1 exists:" + filler * (50_000 // len(filler)))
    assert await ask(nameserver) in {"permerror", "none"}

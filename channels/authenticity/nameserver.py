"""DNS for the checks of one mail: asynchronous, bounded in time and in number, each question asked once.

NameserverTrouble    the answer is not known now: a time-out, SERVFAIL, or more questions than allowed
"""

import asyncio
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import dns.exception
import dns.name
import dns.resolver
import dns.reversename
from dns.asyncresolver import Resolver

MAX_QUESTIONS = 100
"""For one mail. SPF alone may need ten, and ten more for each name of an MX (RFC 7208 section 4.6.4)."""

ONE_TRY = 2.0
"""Seconds before the same question is sent again, or to the next nameserver."""

CACHED = 2000
"""Answers kept as long as their TTL allows."""


class NameserverTrouble(Exception):
    """It is not known now whether there is an answer."""


def open_resolver(address: str = "") -> Resolver:
    """The machine's own resolver, or the one at "host" or "host:port". Raises ValueError."""
    try:
        resolver = Resolver(configure=not address)
    except dns.exception.DNSException as error:
        raise ValueError("this machine has no nameserver configured: give email.resolver") from error
    if address:
        host, port = split_address(address)
        resolver.nameservers = [host]
        resolver.port = port
    resolver.timeout = ONE_TRY
    resolver.cache = dns.resolver.LRUCache(CACHED)
    # 1232 bytes: what passes everywhere without fragments.
    resolver.use_edns(0, 0, 1232)
    return resolver


def split_address(address: str) -> tuple[str, int]:
    """Host and port of "192.0.2.1", "192.0.2.1:5353", "::1" or "[::1]:5353". Raises ValueError."""
    host, port = address, "53"
    if address.startswith("["):
        host, _, port = address[1:].partition("]")
        port = port.removeprefix(":") or "53"
    elif address.count(":") == 1:
        host, _, port = address.partition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"{address!r} has no port from 1 to 65535")
    return str(ip_address(host)), int(port)


class Lookups:
    """The questions about one mail. `until` is the loop's time after which every answer is "not now"."""

    def __init__(self, resolver: Resolver, until: float) -> None:
        self._resolver = resolver
        self._until = until
        self._asked: dict[tuple[str, str], asyncio.Future[list[Any]]] = {}

    async def txt(self, name: str) -> list[bytes]:
        """The texts at a name, their pieces joined. Empty when there are none."""
        return [b"".join(each.strings) for each in await self._ask(name, "TXT")]

    async def addresses(self, name: str, *, v6: bool) -> list[IPv4Address | IPv6Address]:
        return [ip_address(each.address) for each in await self._ask(name, "AAAA" if v6 else "A")]

    async def exchanges(self, name: str) -> list[str]:
        """The names of a domain's mail servers, the preferred first."""
        found = sorted(await self._ask(name, "MX"), key=lambda each: int(each.preference))
        return [_text(each.exchange) for each in found]

    async def names_of(self, address: IPv4Address | IPv6Address) -> list[str]:
        found = await self._ask(_text(dns.reversename.from_address(str(address))), "PTR")
        return [_text(each.target) for each in found]

    async def _ask(self, name: str, kind: str) -> list[Any]:
        key = (name.lower().rstrip("."), kind)
        known = self._asked.get(key)
        if known is None:
            if len(self._asked) >= MAX_QUESTIONS:
                raise NameserverTrouble("too many questions")
            known = self._asked[key] = asyncio.get_running_loop().create_future()
            try:
                known.set_result(await self._resolve(*key))
            except BaseException as error:
                # Also when we are cancelled: whoever else waits for this answer must not wait for ever.
                trouble = error if isinstance(error, NameserverTrouble) else NameserverTrouble("given up")
                known.set_exception(trouble)
                known.exception()  # marks it as seen: perhaps nobody else asked
                raise
        return await asyncio.shield(known)

    async def _resolve(self, name: str, kind: str) -> list[Any]:
        left = self._until - asyncio.get_running_loop().time()
        if left <= 0:
            raise NameserverTrouble("out of time")
        try:
            asked = dns.name.from_text(name)
        except (dns.exception.DNSException, UnicodeError):
            return []  # what cannot be a name does not exist
        try:
            answer = await self._resolver.resolve(
                asked, kind, lifetime=left, raise_on_no_answer=False, search=False
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN):
            return []
        except (dns.exception.DNSException, OSError, EOFError) as error:
            raise NameserverTrouble(type(error).__name__) from error
        return [] if answer.rrset is None else list(answer.rrset)


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True)

"""SPF: may this address send for this domain? RFC 7208, with all its limits.

Left out on purpose: `exp=` (we never show a foreign text) and the macro letter p (section 7.2 discourages it;
it expands to "unknown", which the RFC allows).
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal
from urllib.parse import quote

from channels.authenticity.nameserver import Lookups, NameserverTrouble

Result = Literal["none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"]
Ip = IPv4Address | IPv6Address

MAX_TERMS = 10
"""Terms that ask the DNS, in all records together (section 4.6.4)."""
MAX_VOID = 2
"""Questions without an answer (section 4.6.4)."""
MAX_NAMES = 10
"""Mail servers of one mx, names of one ptr (section 4.6.4)."""
MAX_RECORD = 4096
"""Bytes of one record; section 3.4 asks for less than 450."""

_QUALIFIERS: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE)
_CIDR = re.compile(r"(?:/(0|[1-9][0-9]{0,2}))?(?://(0|[1-9][0-9]{0,2}))?")
_MACRO = re.compile(r"%(?:\{([slodiphvcrt])([0-9]{0,3})(r?)([.+,/_=-]*)\}|([%_-]))", re.IGNORECASE)
_NAME_END = re.compile(r"\.(?!-)(?![0-9]*\.?$)[A-Za-z0-9-]{0,62}[A-Za-z0-9]\.?$")
_LABEL = re.compile(r"[^.\s]{1,63}")


class _Broken(Exception):
    """A record that cannot be used: permerror."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spf:
    """What came of one check."""

    result: Result
    domain: str
    # whose record was asked
    identity: Literal["mailfrom", "helo"]


async def check_spf(lookups: Lookups, *, peer: str, helo: str, mail_from: str) -> Spf:
    """Ask about the return path; about the name in EHLO when there is none (section 2.4). Never raises."""
    identity: Literal["mailfrom", "helo"] = "mailfrom" if "@" in mail_from else "helo"
    domain = (mail_from.rpartition("@")[2] if identity == "mailfrom" else helo).lower().rstrip(".")
    try:
        address = ip_address(peer)
    except ValueError:  # a local socket has no address
        return Spf(result="none", domain=domain, identity=identity)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    sender = mail_from if identity == "mailfrom" else f"postmaster@{domain}"
    if sender.startswith("@"):
        sender = f"postmaster{sender}"
    check = _Check(lookups=lookups, address=address, sender=sender, helo=helo)
    try:
        result = await check.host(_ascii(domain))
    except NameserverTrouble:
        result = "temperror"
    except _Broken:
        result = "permerror"
    return Spf(result=result, domain=domain, identity=identity)


@dataclass(kw_only=True, slots=True)
class _Term:
    result: Result
    name: str
    value: str
    v4: int = 32
    v6: int = 128


@dataclass(kw_only=True, slots=True)
class _Check:
    """One run of check_host() and of those it includes, which share its limits."""

    lookups: Lookups
    address: Ip
    sender: str
    helo: str
    terms: int = 0
    void: int = 0

    async def host(self, domain: str) -> Result:
        if not _is_domain(domain):
            return "none"
        record = await self._record(domain)
        if record is None:
            return "none"
        terms, redirect = _read(record)
        for term in terms:
            if await self._matches(term, domain):
                return term.result
        if redirect and not any(term.name == "all" for term in terms):
            self._count()
            target = self._expand(redirect, domain)
            result = await self.host(target)
            if result == "none":
                raise _Broken("redirect to nothing")  # section 6.1
            return result
        return "neutral"

    async def _record(self, domain: str) -> str | None:
        found = []
        for text in await self.lookups.txt(domain):
            start = text[:7].lower()
            if start in {b"v=spf1", b"v=spf1 "}:
                found.append(text)
        if not found:
            return None
        if len(found) > 1 or len(found[0]) > MAX_RECORD or not found[0].isascii():
            raise _Broken("more than one record, or one that is no record")
        return found[0].decode("ascii")[6:]

    def _count(self) -> None:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise _Broken("too many lookups")

    def _note_void(self, found: object) -> None:
        if not found:
            self.void += 1
            if self.void > MAX_VOID:
                raise _Broken("too many lookups without answer")

    async def _matches(self, term: _Term, domain: str) -> bool:
        if term.name == "all":
            return True
        if term.name in {"ip4", "ip6"}:
            network = ip_network(term.value, strict=False)
            return network.version == self.address.version and self.address in network
        self._count()
        target = self._expand(term.value, domain) if term.value else domain
        ask: dict[str, Callable[[str, _Term], Awaitable[bool]]] = {
            "include": self._is_included,
            "a": self._has_address,
            "mx": self._has_exchange,
            "exists": self._exists,
            "ptr": self._is_named,
        }
        return await ask[term.name](target, term)

    async def _is_included(self, target: str, _term: _Term) -> bool:
        result = await self.host(target)
        if result == "none":
            raise _Broken("include of nothing")  # section 5.2
        return result == "pass"

    async def _exists(self, target: str, _term: _Term) -> bool:
        found = await self.lookups.addresses(target, v6=False)
        self._note_void(found)
        return bool(found)

    async def _has_exchange(self, target: str, term: _Term) -> bool:
        names = await self.lookups.exchanges(target)
        self._note_void(names)
        if len(names) > MAX_NAMES:
            raise _Broken("too many mail servers")
        for name in names:
            if await self._has_address(name, term, noted=False):
                return True
        return False

    async def _has_address(self, name: str, term: _Term, *, noted: bool = True) -> bool:
        v6 = self.address.version == 6
        found = await self.lookups.addresses(name, v6=v6)
        if noted:
            self._note_void(found)
        length = term.v6 if v6 else term.v4
        return any(self.address in ip_network(f"{each}/{length}", strict=False) for each in found)

    async def _is_named(self, target: str, _term: _Term) -> bool:
        """Section 5.5: a name of this address, that leads back to it, below the target."""
        try:
            names = await self.lookups.names_of(self.address)
        except NameserverTrouble:
            return False
        self._note_void(names)
        for name in names[:MAX_NAMES]:
            below = name.lower() == target.lower() or name.lower().endswith("." + target.lower())
            try:
                if below and self.address in await self.lookups.addresses(name, v6=self.address.version == 6):
                    return True
            except NameserverTrouble:
                continue
        return False

    def _expand(self, text: str, domain: str) -> str:
        """Macros (section 7). The result is a name, cut from the left to 253 characters (section 7.3)."""
        if "%" in _MACRO.sub("", text):
            raise _Broken("a macro that is none")
        local, _, sender_domain = self.sender.rpartition("@")
        values = {
            "s": self.sender,
            "l": local,
            "o": sender_domain,
            "d": domain,
            "i": _dotted(self.address),
            "p": "unknown",
            "h": self.helo,
            "v": "in-addr" if self.address.version == 4 else "ip6",
        }

        def fill(match: re.Match[str]) -> str:
            letter, digits, reverse, delimiters, literal = match.groups()
            if literal:
                return {"%": "%", "_": " ", "-": "%20"}[literal]
            if letter.lower() not in values or digits == "0":
                raise _Broken("a macro that has no place here")
            parts = re.split(f"[{re.escape(delimiters or '.')}]", values[letter.lower()])
            if reverse:
                parts.reverse()
            value = ".".join(parts[-int(digits) :] if digits else parts)
            return quote(value, safe="-._~") if letter.isupper() else value

        name = _ascii(_MACRO.sub(fill, text).rstrip("."))
        while len(name) > 253 and "." in name:
            name = name.partition(".")[2]
        return name


def _read(record: str) -> tuple[list[_Term], str]:
    """All terms, and where the record redirects to. One fault anywhere spoils the whole (section 4.6)."""
    terms: list[_Term] = []
    modifiers: dict[str, str] = {}
    for word in record.split(" "):
        if not word:
            continue
        modifier = _MODIFIER.fullmatch(word)
        if modifier:
            name = modifier[1].lower()
            if name in {"redirect", "exp"}:
                if name in modifiers or not modifier[2]:
                    raise _Broken("a modifier given twice, or without value")
                modifiers[name] = _require_name(modifier[2])
            elif "%" in _MACRO.sub("", modifier[2]):
                raise _Broken("a macro that is none")
            continue
        terms.append(_read_term(word))
    return terms, modifiers.get("redirect", "")


def _read_term(word: str) -> _Term:
    qualifier = word[0] if word[0] in _QUALIFIERS else "+"
    rest = word[1:] if word[0] in _QUALIFIERS else word
    name, colon, value = rest.partition(":")
    cidr = ""
    name = name.lower()
    if name.partition("/")[0] in {"a", "mx"} and not colon:
        name, slash, cidr = name.partition("/")
        cidr = slash + cidr
    term = _Term(result=_QUALIFIERS[qualifier], name=name, value=value)
    if name in {"ip4", "ip6"}:
        _require_network(name, value)
        return term
    if name in {"a", "mx"}:
        _read_lengths(term, cidr)
        if colon:
            _require_name(term.value)
        return term
    given = {"all": False, "include": True, "exists": True}.get(name)
    if name == "ptr":
        given = bool(colon)
    if given is None or given != bool(colon) or given != bool(value):
        raise _Broken("a term that is none")
    if value:
        _require_name(value)
    return term


def _read_lengths(term: _Term, cidr: str) -> None:
    """The prefix lengths of a and mx: after the name, or after the mechanism itself."""
    # The slash of a prefix length, not one among a macro's delimiters.
    at = term.value.find("/", term.value.rfind("}") + 1)
    if at >= 0:
        cidr, term.value = term.value[at:], term.value[:at]
    lengths = _CIDR.fullmatch(cidr)
    if not lengths:
        raise _Broken("a prefix length that is none")
    term.v4, term.v6 = int(lengths[1] or 32), int(lengths[2] or 128)
    if term.v4 > 32 or term.v6 > 128:
        raise _Broken("a prefix length that is none")


def _require_name(text: str) -> str:
    """A domain-spec ends with a macro or with the label of a top-level domain (section 7.1)."""
    if not text.endswith("}") and not _NAME_END.search(text, max(0, len(text) - 66)):
        raise _Broken("a name that is none")
    return text


def _require_network(name: str, value: str) -> None:
    try:
        network = ip_network(value, strict=False)
    except ValueError as error:
        raise _Broken("a network that is none") from error
    length = value.partition("/")[2]
    if isinstance(network, IPv6Network) != (name == "ip6") or (length and not length.isdecimal()):
        raise _Broken("a network that is none")


def _is_domain(name: str) -> bool:
    """Section 4.3: several labels, each of 1 to 63 characters."""
    labels = name.rstrip(".").split(".")
    return len(name) <= 253 and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)


def _ascii(name: str) -> str:
    """A name as the DNS has it (RFC 5890); "" when it cannot be one."""
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _dotted(address: Ip) -> str:
    if isinstance(address, IPv6Address):
        return ".".join(address.exploded.replace(":", ""))
    return str(address)

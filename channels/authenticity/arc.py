"""ARC: what forwarders say they saw before they changed a mail (RFC 8617). Only whom we trust is believed."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from channels.authenticity.canonical import Field, Split, canonical_field, read_tags, without_signature
from channels.authenticity.dkim import (
    BadSignature,
    PublicKey,
    Signature,
    check_signature,
    check_value,
    fetch_key,
    read_signature,
)
from channels.authenticity.nameserver import Lookups

MAX_SETS = 10
"""Forwarders in a row; the RFC allows fifty, mail has two or three."""

_PARTS = {
    b"arc-authentication-results": "results",
    b"arc-message-signature": "signature",
    b"arc-seal": "seal",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """One forwarder's three fields, and what its seal says."""

    fields: Mapping[str, Field]
    tags: Mapping[str, str]
    domain: str
    key: tuple[str, str]
    # name in the DNS, and kind

    @property
    def results(self) -> bytes:
        """Its ARC-Authentication-Results without the instance."""
        return self.fields["results"][1].partition(b";")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """A whole chain, oldest first, with all keys that it needs."""

    seals: tuple[Seal, ...]
    signature: Signature
    keys: Mapping[tuple[str, str], PublicKey]


def read_chain(mail: Split) -> tuple[Seal, ...]:
    """The seals, oldest first; empty when there are none. Raises BadSignature for a broken chain."""
    sets: dict[int, dict[str, Field]] = {}
    for field in mail.fields:
        part = _PARTS.get(field[0].lower())
        if part is None:
            continue
        number = _instance(field[1])
        if not 0 < number <= MAX_SETS or part in sets.setdefault(number, {}):
            raise BadSignature("fail", "the sets of the chain are not in order")
        sets[number][part] = field
    seals = []
    for number in range(1, len(sets) + 1):
        fields = sets.get(number, {})
        if len(fields) != len(_PARTS):
            raise BadSignature("fail", "a set of the chain is not complete")
        seals.append(_read_seal(fields, number))
    return tuple(seals)


def _instance(value: bytes) -> int:
    name, equals, number = value[:40].partition(b";")[0].partition(b"=")
    if name.strip() == b"i" and equals and number.strip().isdigit():
        return int(number)
    try:  # i= need not be first in a signature
        return int(read_tags(value).get("i", "0"))
    except ValueError:
        return 0


def _read_seal(fields: Mapping[str, Field], number: int) -> Seal:
    try:
        tags = read_tags(fields["seal"][1])
        domain = tags["d"].lower().rstrip(".")
        kind = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}[tags["a"]]
        key = (f"{tags['s'].lower()}._domainkey.{domain}", kind)
    except (KeyError, ValueError) as error:
        raise BadSignature("fail", "a seal cannot be read") from error
    # Section 5.2: the first says "none", every later one "pass"; a seal that says "fail" ends the chain.
    if (
        tags.get("cv", "").lower() != ("none" if number == 1 else "pass")
        or "h" in tags
        or not domain.isascii()
    ):
        raise BadSignature("fail", "a forwarder found the chain broken")
    return Seal(fields=fields, tags=tags, domain=domain, key=key)


async def prepare_chain(lookups: Lookups, seals: tuple[Seal, ...], now: datetime) -> Chain:
    """Fetch every key. Raises BadSignature or NameserverTrouble."""
    signature = read_signature(seals[-1].fields["signature"], now, arc=True)
    wanted = {(signature.key_name, str(signature.algorithm)), *(seal.key for seal in seals)}
    return Chain(
        seals=seals,
        signature=signature,
        keys={each: await fetch_key(lookups, *each) for each in wanted},
    )


def check_chain(mail: Split, chain: Chain, bodies: dict[bool, tuple[bytes, int]]) -> None:
    """Raises BadSignature unless the newest signature fits the mail and every seal fits its part of the chain."""
    signature = chain.signature
    check_signature(mail, signature, chain.keys[signature.key_name, signature.algorithm], bodies)
    sealed: list[bytes] = []
    for seal in chain.seals:
        sealed += [canonical_field(seal.fields[part], relaxed=True) for part in ("results", "signature")]
        name, value = seal.fields["seal"]
        own = canonical_field((name, without_signature(value)), relaxed=True)
        made = _decode(seal.tags.get("b", ""))
        check_value(chain.keys[seal.key], seal.key[1], b"\r\n".join([*sealed, own]), made)
        sealed.append(canonical_field((name, value), relaxed=True))


def _decode(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise BadSignature("fail", "a seal cannot be read") from error

"""DMARC: does what was proven belong to the domain in From? RFC 9989, with the walk up the DNS tree.

The organisational domain is found by asking `_dmarc` up the tree, so there is no list of public suffixes to
keep up to date. One addition of ours: a record at a top-level domain never makes all below it one organisation,
even when it forgot to say psd=y.
"""

from dataclasses import dataclass
from typing import Literal

from channels.authenticity.canonical import read_tags
from channels.authenticity.nameserver import Lookups

Result = Literal["pass", "fail", "none", "temperror", "permerror"]

MAX_LABELS = 8
"""Section 4.10: from a longer name the walk jumps to its last seven labels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What a domain asks for."""

    domain: str
    # where the record stands
    wants: str
    # none, quarantine or reject
    strict_dkim: bool
    strict_spf: bool


async def find_policy(lookups: Lookups, author: str) -> Policy | None:
    """The policy for mail from a domain; None when there is none. Raises NameserverTrouble."""
    found = await _walk(lookups, author)
    if not found:
        return None
    organisation = _organisation(author, found)
    # Section 4.10.1: its own record, else its organisation's, else that of the public suffix above.
    where = next((name for name in (author, organisation) if name in found), next(iter(found)))
    tags = found[where]
    asked = tags.get("p", "none")
    if where != author:
        asked = tags.get("sp", asked)
    # pct and t say how strictly to treat failures while testing. A receipt is no treatment: both are ignored.
    return Policy(
        domain=where,
        wants=asked.lower() if asked.lower() in {"none", "quarantine", "reject"} else "none",
        strict_dkim=tags.get("adkim", "r").lower() == "s",
        strict_spf=tags.get("aspf", "r").lower() == "s",
    )


async def is_aligned(lookups: Lookups, author: str, proven: str, *, strict: bool) -> bool:
    """Whether a proven domain speaks for the author's. Raises NameserverTrouble."""
    author, proven = author.rstrip("."), proven.rstrip(".")
    if author == proven:
        return True
    # An organisation stands at or above each of its names: a stranger's DNS, which may be slow on purpose,
    # is never asked.
    if strict or author.split(".")[-2:] != proven.split(".")[-2:]:
        return False
    organisation = await find_organisation(lookups, author)
    if proven != organisation and not proven.endswith(f".{organisation}"):
        return False
    return await find_organisation(lookups, proven) == organisation


async def find_organisation(lookups: Lookups, domain: str) -> str:
    """The organisational domain (section 4.10.2). Raises NameserverTrouble."""
    return _organisation(domain, await _walk(lookups, domain))


async def _walk(lookups: Lookups, domain: str) -> dict[str, dict[str, str]]:
    """Every DMARC record from a name upwards, the name's own first, until one says psd=."""
    found: dict[str, dict[str, str]] = {}
    labels = domain.split(".")
    while labels:
        name = ".".join(labels)
        tags = await _record(lookups, name)
        if tags is not None:
            found[name] = tags
            psd = tags.get("psd", "").lower()
            if psd == "n" or (psd == "y" and name != domain):
                break
        labels = labels[-7:] if len(labels) > MAX_LABELS else labels[1:]
    return found


def _organisation(domain: str, found: dict[str, dict[str, str]]) -> str:
    for name, tags in found.items():
        psd = tags.get("psd", "").lower()
        if psd == "n":
            return name
        if name != domain and (psd == "y" or "." not in name):
            return ".".join(domain.split(".")[-name.count(".") - 2 :])
    return min(found, key=lambda name: name.count("."), default=domain)


async def _record(lookups: Lookups, name: str) -> dict[str, str] | None:
    valid = []
    for text in await lookups.txt(f"_dmarc.{name}"):
        if text[:8] != b"v=DMARC1":
            continue
        try:
            tags = read_tags(text, limit=4096)
        except ValueError:
            continue
        if tags.get("v") == "DMARC1":
            valid.append(tags)
    # Section 4.10: several records are as good as none.
    return valid[0] if len(valid) == 1 else None

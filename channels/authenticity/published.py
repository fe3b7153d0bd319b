"""What the DNS says about our own mail, beside what it should say. For `kvitto check`."""

import asyncio
from collections.abc import Iterator

from channels.authenticity.authors import domain_of
from channels.authenticity.dkim import Signer
from channels.authenticity.dmarc import find_policy
from channels.authenticity.nameserver import Lookups, NameserverTrouble, open_resolver

PATIENCE = 5.0
"""Seconds for all questions together."""


async def list_findings(sender: str, signer: Signer | None, resolver: str) -> list[str]:
    """Sentences about what is published: what is well, what is missing, what differs."""
    try:
        lookups = Lookups(open_resolver(resolver), asyncio.get_running_loop().time() + PATIENCE)
        return [
            *_about_key(signer, await lookups.txt(signer.name) if signer else []),
            *await _about_domain(lookups, domain_of(sender)),
        ]
    except (NameserverTrouble, ValueError):
        return ["The DNS did not answer, so nothing is known of the records for SPF, DKIM and DMARC."]


def _about_key(signer: Signer | None, texts: list[bytes]) -> Iterator[str]:
    if signer is None:
        return
    if signer.is_published(texts):
        yield f"DKIM: {signer.name} holds our key."
    elif texts:
        yield f"DKIM: {signer.name} holds another key than email.dkim_key. Publish there: {signer.record}"
    else:
        yield f"DKIM: {signer.name} holds nothing. Publish there: {signer.record}"


async def _about_domain(lookups: Lookups, domain: str) -> list[str]:
    found = []
    spf = [text for text in await lookups.txt(domain) if text[:7].lower() in {b"v=spf1", b"v=spf1 "}]
    if len(spf) == 1:
        found.append(f"SPF: {domain} has a record.")
    else:
        found.append(f"SPF: {domain} has {len(spf) or 'no'} records, and one is needed.")
    policy = await find_policy(lookups, domain)
    if policy is None:
        found.append(f"DMARC: neither {domain} nor a name above it has a record.")
    else:
        found.append(f"DMARC: {policy.domain} has a record that asks for {policy.wants}.")
    return found

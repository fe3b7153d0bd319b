"""Whose name a mail bears: the domains in From, read as the case's sender is read."""

from normalizer.email.address import parse_addresses
from normalizer.email.headers import read_headers

MAX_DOMAINS = 4
"""Domains in From; a person has one."""


def find_author_domains(content: bytes) -> list[str] | None:
    """Every domain in every From field, as the DNS has them. None when there are too many to check."""
    headers, _ = read_headers(content, 0, len(content), top=True)
    found = {
        name: None
        for address in parse_addresses(headers.unfolded("from"))
        if (name := domain_of(address.value))
    }
    return list(found) if len(found) <= MAX_DOMAINS else None


def domain_of(address: str) -> str:
    """The domain of an address in lower case, in ASCII where that is possible."""
    domain = address.rpartition("@")[2].strip().lower().rstrip(".") if "@" in address else ""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain

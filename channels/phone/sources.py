"""Where providers keep files: the hosts that are asked for them, and who gets which password."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a provider keeps files."""

    host: str
    port: int
    login: tuple[str, str] = field(repr=False)
    # goes to this host and port and nowhere else
    also: frozenset[str] = frozenset()
    # other hosts that it sends us on to, on port 443
    local: bool = False
    # it is a stand-in on this machine: plain HTTP and a loopback address are right there

    @classmethod
    def of(cls, api: str, login: Sequence[str], also: frozenset[str] = frozenset()) -> "Source":
        """The source behind a provider's API, as configured."""
        parts = urlsplit(api)
        plain = parts.scheme == "http"
        name, password = (*login, "", "")[:2]
        return cls(
            host=parts.hostname or "",
            port=parts.port or (80 if plain else 443),
            login=(name, password),
            also=also,
            local=plain and parts.hostname in LOOPBACK,
        )

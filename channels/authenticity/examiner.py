"""The settings about authenticity become what e-mail uses. What is not set is not imported, and costs nothing."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any

from channels.authenticity.relayed import is_trusted, read_relayed
from channels.delivery import Delivery

if TYPE_CHECKING:
    from channels.authenticity.dkim import Signer

Examine = Callable[[Delivery], Awaitable[dict[str, str]]]


@dataclass(frozen=True, kw_only=True)
class Relayed:
    """Takes the word of the mail servers before us."""

    ids: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]
    received_lines: int
    nameless: bool = False

    async def examine(self, delivery: Delivery) -> dict[str, str]:
        if not is_trusted(delivery.peer, self.networks):
            return {}
        return read_relayed(
            delivery.content, ids=self.ids, received_lines=self.received_lines, nameless=self.nameless
        )


def build_examiner(options: Mapping[str, Any]) -> Examine | None:
    """What is done with each mail before it is accepted. Raises ValueError with a sentence."""
    if options["authenticate"] == "relay":
        if not options["authserv_ids"] and not options["authserv_nameless"]:
            raise ValueError(
                'email.authserv_ids is empty, and email.authenticate is "relay": whose word counts?'
            )
        return Relayed(
            ids=frozenset(each.lower() for each in options["authserv_ids"]),
            networks=tuple(_network(each) for each in options["relays_before"]),
            received_lines=options["received_lines"],
            nameless=options["authserv_nameless"],
        ).examine
    if options["authenticate"] == "mx":
        from channels.authenticity.checks import Evaluator  # noqa: PLC0415  # the libraries take 0.1 s to import
        from channels.authenticity.nameserver import open_resolver  # noqa: PLC0415

        try:
            resolver = open_resolver(options["resolver"])
        except ValueError as error:
            raise ValueError(f"email.resolver: {error}") from error
        return Evaluator(
            resolver=resolver,
            seconds=options["authenticate_seconds"],
            arc_sealers=frozenset(each.lower() for each in options["arc_sealers"]),
        ).judge
    return None


def build_signer(options: Mapping[str, Any]) -> "Signer | None":
    """Our signature on outgoing mail. Raises ValueError with a sentence."""
    given = [name for name in ("dkim_domain", "dkim_selector", "dkim_key") if options[name]]
    if not given:
        return None
    if len(given) < 3:
        raise ValueError("email.dkim_domain, email.dkim_selector and email.dkim_key: give all three or none")
    domain = options["dkim_domain"].lower()
    own = options["sender"].rpartition("@")[2].lower()
    if own != domain and not own.endswith(f".{domain}"):
        raise ValueError(
            f"email.dkim_domain is {domain}, but mail comes from {own}: no receiver would count it"
        )
    from channels.authenticity.dkim import Signer  # noqa: PLC0415  # as above

    return Signer.load(domain=domain, selector=options["dkim_selector"], file=options["dkim_key"])


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError(f"email.relays_before: {text!r} is neither an address nor a network") from error

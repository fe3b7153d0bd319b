"""One mail while it comes in, with what is known only now."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A mail and who hands it over. Of this only the mail and its envelope are kept."""

    peer: str
    # the address it comes from; "" for a local socket
    helo: str
    mail_from: str
    # "" is the null sender
    content: bytes

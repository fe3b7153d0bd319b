"""Where mail goes and where cases lie, as they stand in the settings: what is wrong with such a place."""

from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Hosts that only this machine reaches."""

SIGNING = r"^whsec_[A-Za-z0-9+/=]{24,}$"
"""A signing secret after Standard Webhooks."""


def api_fault(url: str) -> str:
    """A sentence, "" when a provider's API can be there: HTTPS, or plain HTTP on this machine."""
    wanted = "must begin with https://, or http:// on this machine, and hold no path and no password"
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "http" and parts.hostname in LOOPBACK
        fine = bool(parts.hostname) and (parts.scheme == "https" or plain) and parts.port != 0
    except ValueError:
        return wanted
    return "" if fine and parts.path in {"", "/"} and not parts.query and parts.username is None else wanted


def relay_fault(relay: str) -> str:
    """A sentence, "" when mail can go there."""
    wanted = "must be postbox, smtp://host:25 or smtps://user@host:465"
    if relay == "postbox":
        return ""
    if not relay.startswith(("smtp://", "smtps://")):
        return wanted
    try:
        parts = urlsplit(relay)
        if not parts.hostname or parts.port == 0:
            return wanted
    except ValueError:  # the port is no number, or the brackets of an address do not match
        return wanted
    # It would have no effect there, and be shown with the rest of the address.
    return "must hold no password: give it as email.relay_password" if parts.password else ""


def database_fault(url: str) -> str:
    """A sentence, "" when a database can be there."""
    wanted = "must be postgresql://user:password@host/name or sqlite:///path/of/the/file"
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest != "/" and ":memory:" not in rest:
        return ""
    if url and scheme != "postgresql":
        return wanted
    try:
        parts = urlsplit(url)
        named = parts.port != 0 and len(parts.path) > 1
    except ValueError:  # the port is no number: most often because of the password before it
        return f"{wanted}; write special characters of the password as %40 and so on"
    return "" if named or not url else wanted

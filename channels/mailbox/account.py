"""One mailbox as a channel needs it: where it is, how to log in, what to do with its mail."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from channels.mailbox.oauth import TokenSource, find_source, trust_context

HOSTS = {"microsoft": "outlook.office365.com", "google": "imap.gmail.com"}


@dataclass(frozen=True, kw_only=True)
class Account:
    """One folder of one mailbox."""

    name: str
    address: str
    host: str
    port: int
    tls: str
    # "tls", "starttls" or "never"
    trust: Path | None
    user: str
    password: str = field(repr=False)
    password_file: Path | None
    tokens: TokenSource | None
    client_secret_expires: date | None
    folder: str
    since: date | None
    after: str
    # "leave", "flag", "move" or "delete"
    flag: str
    move_to: str
    disposal_decision: str
    poll_seconds: int
    idle: bool
    authserv_ids: tuple[str, ...]
    authserv_nameless: bool
    received_lines: int

    @property
    def source(self) -> str:
        """Where the mail lies, whatever the mailbox is called here: what the ledger and the lease go by."""
        return f"{self.user}@{self.host.lower()}:{self.port}/{self.folder}"

    def read_password(self) -> str:
        """The password as it is now. Raises OSError."""
        return self.password_file.read_text("utf-8").rstrip("\r\n") if self.password_file else self.password

    def tls_context(self) -> ssl.SSLContext | None:
        """What to believe. Raises OSError or ssl.SSLError when the city's own authorities cannot be read."""
        return trust_context(self.trust) if self.tls != "never" else None


def build_account(box: Mapping[str, Any]) -> Account:
    """A mailbox from its settings. Raises ValueError with a sentence."""
    oauth = box["oauth"]
    for key in ("trust", "password_file", "client_secret_file", "refresh_token_file"):
        if box[key] is not None:
            try:
                box[key].read_bytes()
            except OSError as error:
                raise ValueError(f"mailbox {box['name']}: {key}: {box[key]}: {error.strerror}") from error
    try:
        trust_context(box["trust"])
    except (OSError, ssl.SSLError) as error:
        raise ValueError(f"mailbox {box['name']}: trust: {box['trust']} holds no certificate") from error
    named = ("tenant", "token_url", "client_id", "client_secret", "client_secret_file", "refresh_token_file")
    tokens = (
        find_source(oauth=oauth, scope=box["scope"], trust=box["trust"], **{key: box[key] for key in named})
        if oauth
        else None
    )
    same = (
        "name", "address", "tls", "trust", "password", "password_file", "client_secret_expires", "folder", "since",
        "after", "flag", "move_to", "disposal_decision", "poll_seconds", "idle",
        "authserv_ids", "authserv_nameless", "received_lines",
    )  # fmt: skip
    return Account(
        host=box["host"] or HOSTS.get(oauth, ""),
        port=box["port"] or (993 if box["tls"] == "tls" else 143),
        user=box["user"] or box["address"],
        tokens=tokens,
        **{key: box[key] for key in same},
    )

"""Mailboxes that mail is fetched from, as they stand in the configuration: one `[[mailbox.boxes]]` each."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from config.places import LOOPBACK

MAIL = r"^[^@\s<>]+@[^@\s<>]+$"
NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"
FLAG = r"^\\?[A-Za-z$][A-Za-z0-9$_-]{0,39}$"


class Box(BaseModel):
    """One folder of one mailbox."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: Annotated[str, Field(pattern=NAME)]
    """What it is called in logs and commands: small letters, digits and hyphens."""
    address: Annotated[str, Field(pattern=MAIL)]
    """The address whose mail lies here. The department that has it in the organisation's file gets its mail."""
    host: str = ""
    """The IMAP server. Left out with `oauth`: Microsoft's or Google's."""
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    """Its port. 0: 993 with tls, else 143."""
    tls: Literal["tls", "starttls", "never"] = "tls"
    """Encryption from the start, after STARTTLS, or none. never is only for this machine (loopback)."""
    trust: Path | None = None
    """A PEM file with certificates to believe beside the system's: the city's own authority."""
    user: str = ""
    """The user to log in as. Left out: the address. For a shared mailbox of Microsoft 365: its own address."""
    password: str = Field(default="", repr=False)
    """The user's password. Better in the environment or in a file."""
    password_file: Path | None = None
    """A file that holds the password. It is read at every login."""
    oauth: Literal["", "microsoft", "google", "other"] = ""
    """Log in with a token (XOAUTH2) instead of a password, and who gives it."""
    tenant: str = ""
    """Microsoft: the directory (tenant) id."""
    token_url: str = ""
    """other: where tokens are asked for."""
    client_id: str = ""
    """The application's id."""
    client_secret: str = Field(default="", repr=False)
    """The application's secret. Better in the environment or in a file."""
    client_secret_file: Path | None = None
    """A file that holds it. It is read whenever a token is asked for."""
    client_secret_expires: date | None = None
    """The last day of the application's secret, as the provider showed it. Kvitto warns from 30 days before."""
    refresh_token_file: Path | None = None
    """A file with a refresh token, which Kvitto may write: it keeps the new one when the provider changes it. Left out: the application asks for itself (client credentials)."""
    scope: str = ""
    """What to ask for. Left out: what Microsoft and Google need for IMAP."""
    folder: str = "INBOX"
    """The folder to fetch from."""
    since: date | None = None
    """Take only mail that arrived on this day or later. Left out: all that lies there."""
    after: Literal["leave", "flag", "move", "delete"] = "leave"
    """What happens to a mail in the mailbox once it is stored: nothing, a flag, another folder, or deletion."""
    flag: Annotated[str, Field(pattern=FLAG)] = r"\Seen"
    r"""The flag for `after = "flag"`, such as \Seen, \Flagged or a keyword of your own."""
    move_to: str = ""
    """The folder for `after = "move"`. It is made when it does not exist."""
    disposal_decision: str = ""
    """The id of the disposal decision (gallringsbeslut) that allows `after = "delete"`."""
    poll_seconds: Annotated[int, Field(ge=5, le=3600)] = 60
    """How often to look at the latest. With IDLE the server says sooner that something came."""
    idle: bool = True
    """Let the server tell of new mail (IDLE), where it can."""

    authserv_ids: tuple[str, ...] = ()
    """The names that the mailbox's server gives itself in Authentication-Results. Left out: nothing is known of forgery."""
    authserv_nameless: bool = False
    """Believe the topmost Authentication-Results line without a name, as Microsoft 365 writes it on top of what came in."""
    received_lines: Annotated[int, Field(ge=0, le=20)] = 1
    """How many Received lines that server and those before it write. Results below the next one came from outside."""

    def faults(self) -> Iterator[str]:
        """What does not fit together, a sentence each."""
        if not self.host and self.oauth in {"", "other"}:
            yield "host: must name the IMAP server"
        if self.tls == "never" and self.host not in LOOPBACK:
            yield "tls: never is only for this machine; use tls or starttls"
        if self.oauth:
            yield from self._token_faults()
        elif bool(self.password) == bool(self.password_file):
            yield "password, password_file: give one of them"
        if self.after == "move" and self.move_to in {"", self.folder}:
            yield 'move_to: must name another folder, for after is "move"'
        if self.after == "delete" and not self.disposal_decision.strip():
            yield 'disposal_decision: must name the decision that allows after = "delete"'

    def _token_faults(self) -> Iterator[str]:
        if self.password or self.password_file:
            yield "password, password_file: give none of them together with oauth"
        if not self.client_id:
            yield "client_id: must be given with oauth"
        if self.oauth == "microsoft" and not self.tenant:
            yield "tenant: must be given with oauth = microsoft"
        if self.client_secret and self.client_secret_file:
            yield "client_secret, client_secret_file: give one of them"
        if not (self.client_secret or self.client_secret_file or self.refresh_token_file):
            yield "client_secret_file or refresh_token_file: give one of them"
        if self.oauth == "google" and not self.refresh_token_file:
            yield "refresh_token_file: must be given with oauth = google"
        parts = urlsplit(self.token_url)
        if self.oauth == "other" and not (
            (parts.scheme == "https" and parts.hostname)
            or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        ):
            yield "token_url: must be https://host/path"


class Mailbox(BaseModel):
    """Mail fetched from mailboxes by IMAP. Each is a table of its own below, [[mailbox.boxes]]."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    boxes: tuple[Box, ...] = ()
    """The mailboxes. In the environment KVITTO_MAILBOX__NAME__KEY sets a key of the one called NAME."""
    largest: Annotated[int, Field(ge=10_000, le=200_000_000)] = 35_000_000
    """The largest mail in bytes; a larger one stays where it is, and the operator is told."""

    @property
    def enabled(self) -> bool:
        """Is there anything to fetch from?"""
        return bool(self.boxes)

    def faults(self) -> Iterator[str]:
        """What does not fit together, a sentence each with its place."""
        for number, box in enumerate(self.boxes, 1):
            for fault in box.faults():
                yield f"mailbox.boxes number {number} ({box.name}): {fault}"
        for what, values in (
            ("have the name", [box.name for box in self.boxes]),
            ("fetch from", [f"{box.folder} of {box.user or box.address}" for box in self.boxes]),
        ):
            for twice in sorted({each for each in values if values.count(each) > 1}):
                yield f"mailbox.boxes: two {what} {twice}"


def find_box(table: Any, key: str) -> dict[str, Any] | None:
    """The mailbox that a variable such as KVITTO_MAILBOX__NAME__PASSWORD means; a hyphen is written _ there."""
    name, _, rest = key.partition("__")
    boxes = table.get("boxes") if isinstance(table, dict) else None
    for box in boxes if rest and isinstance(boxes, list) else ():
        if isinstance(box, dict) and str(box.get("name", "")).replace("-", "_") == name:
            return box
    return None

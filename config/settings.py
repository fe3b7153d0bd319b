"""Settings: one TOML file and the environment, read once, checked whole, never changed.

A key that does not exist refuses to start, wherever it stands. KVITTO_EMAIL__PORT=25 in the environment is
`port = 25` under `[email]` and wins over the file.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from config.api import Api
from config.chat import ORIGIN, Chat, Status
from config.clocks import Clocks
from config.conversations import Conversations
from config.disposal import Decision, Disposal
from config.downstream import PATTERNS as DOWNSTREAM_PATTERNS
from config.downstream import Downstream
from config.errors import ConfigurationError
from config.learning import Learning
from config.mailboxes import FLAG, NAME, Box, Mailbox, find_box
from config.openid import Grant, Openid
from config.outbox import Outbox
from config.places import SIGNING, database_fault, relay_fault
from config.sms import PATTERNS as SMS_PATTERNS
from config.sms import Sms
from config.telegram import PATTERNS as TELEGRAM_PATTERNS
from config.telegram import Telegram
from config.whatsapp import Whatsapp

ENVIRONMENT_PREFIX = "KVITTO_"
CONFIGURATION_VARIABLE = "KVITTO_CONFIG"
"""The environment variable that names the configuration file; else kvitto.toml here, if there is one."""

MAIL = r"^[^@\s<>]+@[^@\s<>]+$"
PUBLIC_URL = r"^(https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/\-]*[A-Za-z0-9._~\-])?)?$"

Port = Annotated[int, Field(ge=0, le=65535)]
Mail = Annotated[str, Field(pattern=MAIL)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class City(_Section):
    """The city and its words."""

    organisation: Path | None = None
    """The organisation's file (departments, boards, rules). Left out: the example city."""
    texts: Path | None = None
    """A folder with the city's own texts, in files named as ours. Left out: the texts that come along."""
    alarms: Path | None = None
    """The file of alarm words: what is urgent or sensitive, and sorts of matters. Left out: those that come along."""
    answer_days: Annotated[int, Field(ge=1, le=30)] = 2
    """The promise: an answer, or where the case is handled, within so many days after the day of arrival."""
    working_days: bool = True
    """Count Swedish working days. False: calendar days."""


class Store(_Section):
    """Where cases are kept."""

    folder: Path = Path("data")
    """Large bodies, attachments and, with SQLite, the database lie here."""
    url: str = Field(default="", repr=False)
    """The database: postgresql://user:password@host/name. Left out: SQLite in the folder."""
    migrate_at_start: bool | None = None
    """Bring an older database up to date when starting. Left out: yes for SQLite, no for PostgreSQL."""
    queue: Annotated[int, Field(ge=1, le=100_000)] = 2000
    """How many messages may wait to be written. One more is asked to come again later."""

    @property
    def database_url(self) -> str:
        return self.url or f"sqlite:///{self.folder / 'kvitto.db'}"

    @property
    def database_file(self) -> Path | None:
        """Where SQLite keeps it; None when the database is a server."""
        scheme, _, path = self.database_url.partition(":///")
        return Path(path.partition("?")[0]) if scheme == "sqlite" else None

    @property
    def migrates(self) -> bool:
        return (
            self.database_url.startswith("sqlite") if self.migrate_at_start is None else self.migrate_at_start
        )


class Web(_Section):
    """The pages and the HTTP deliveries."""

    enabled: bool = True
    """Open the web port."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Port = 8000
    """The port to listen on; 0 takes a free one."""
    public_url: Annotated[str, Field(pattern=PUBLIC_URL)] = ""
    """How the world reaches this port, through the proxy: https://kvitto.example.org. Signatures cover it."""
    connections: Annotated[int, Field(ge=1, le=100_000)] = 1000
    """How many connections may be open; one more is answered 503."""
    buffer: Annotated[int, Field(ge=1_000_000)] = 150_000_000
    """Bytes that all requests may take in memory until they are durable. Above it the next is asked to come again."""
    proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose X-Forwarded-* headers are believed."""


class Email(_Section):
    """E-mail in by SMTP, and out through a relay."""

    enabled: bool = True
    """Open the SMTP port."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Port = 2525
    """The port to listen on; 0 takes a free one."""
    lmtp: str = ""
    """Take mail by LMTP too: the path of a Unix socket to make there, or host:port. Left out: SMTP only."""
    lmtp_mode: str = "0660"
    """Who may connect to the LMTP socket: its permission bits in octal. A setgid folder gives it the folder's group."""
    hostname: str = "kvitto.example.org"
    """Our name in the SMTP greeting, in both directions."""
    sender: Mail = "kontakt@example.org"
    """The address that receipts come from and that answers go to."""
    addresses: tuple[Mail, ...] = ()
    """Addresses that we receive for beside the sender's and the departments' own."""
    domains: tuple[str, ...] = ()
    """Domains of which we receive every address."""
    largest: Annotated[int, Field(ge=10_000, le=200_000_000)] = 35_000_000
    """The largest mail in bytes; a larger one is refused with a sentence for the sender."""
    connections: Annotated[int, Field(ge=1, le=10_000)] = 200
    """How many SMTP connections may be open."""
    buffer: Annotated[int, Field(ge=1_000_000)] = 150_000_000
    """Bytes that all mail being received may take in memory. Above it the next mail is asked to come again."""
    certificate: Path | None = None
    """A PEM file with our certificate and its chain: offers STARTTLS."""
    key: Path | None = None
    """The PEM file with its private key."""
    relay: str = "postbox"
    """Where outgoing mail goes: smtp://host:25, smtps://user@host:465, or postbox, which never leaves the machine."""
    relay_password: str = Field(default="", repr=False)
    """The password for the relay's user."""
    relay_tls: Literal["auto", "require", "may", "never"] = "auto"
    """STARTTLS to the relay. auto: required, but on this machine (loopback) only used when offered."""
    return_path: str = ""
    """Where letters that cannot be delivered come back to: an address of ours with {id} in it. Left out: the sender
    with +{id}. none: nowhere, and nobody learns that a receipt was lost."""
    reply_to: str = ""
    """Where answers to a receipt go, with {id} for its number: kontakt+{id}@example.org. Left out: the sender."""
    relay_connections: Annotated[int, Field(ge=1, le=50)] = 4
    """How many connections to the relay are kept open."""
    authenticate: Literal["off", "mx", "relay"] = "off"
    """Who checks whether mail is forged. mx: we, by SPF, DKIM, DMARC. relay: the mail server before us. off: nobody."""
    authenticate_seconds: Annotated[int, Field(ge=1, le=30)] = 5
    """How long a mail may wait for the DNS with mx. After that it is accepted with what is known."""
    resolver: str = ""
    """The nameserver to ask with mx: 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53. Left out: this machine's own."""
    arc_sealers: tuple[str, ...] = ()
    """Domains of forwarders whose ARC seal is believed with mx, when a mail that they changed fails DMARC."""
    authserv_ids: tuple[str, ...] = ()
    """The names in Authentication-Results that count with relay: what the mail server before us calls itself."""
    authserv_nameless: bool = False
    """With relay, believe the topmost line without a name too. Only for a server that writes one on every mail."""
    relays_before: tuple[str, ...] = ()
    """Addresses or networks of the mail servers before us that are believed with relay. This machine always is."""
    received_lines: Annotated[int, Field(ge=0, le=10)] = 0
    """How many Received lines the servers before us write. Results below the next one came from outside."""
    dkim_domain: str = ""
    """Sign outgoing mail with DKIM for this domain: the sender's, or one above it. Left out: do not sign."""
    dkim_selector: str = ""
    """The name of the key in the DNS, as in SELECTOR._domainkey.DOMAIN."""
    dkim_key: Path | None = None
    """The PEM file with the private key: Ed25519, or RSA with 2048 to 4096 bits."""


class Webform(_Section):
    """Signed JSON from other systems, POST /inbound/webform."""

    secrets: tuple[Annotated[str, Field(pattern=SIGNING)], ...] = Field(default=(), repr=False)
    """Signing secrets after Standard Webhooks, whsec_ and base64. Several while one is changed. None: refused."""


class Intake(_Section):
    """Understanding what comes in."""

    readers: Annotated[int, Field(ge=0, le=2)] = 2
    """Processes that read messages, of about 90 MB each: one for small messages, one for large. 1: one for all.
    0: the main process reads, and a message that crashes it takes it along."""


class Log(_Section):
    """What the operator reads."""

    format: Literal["auto", "console", "json"] = "auto"
    """auto: console on a terminal, else JSON."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important events shown."""


class Settings(_Section):
    """Everything an operator can set."""

    city: City = City()
    store: Store = Store()
    web: Web = Web()
    email: Email = Email()
    mailbox: Mailbox = Mailbox()
    webform: Webform = Webform()
    sms: Sms = Sms()
    whatsapp: Whatsapp = Whatsapp()
    telegram: Telegram = Telegram()
    chat: Chat = Chat()
    status: Status = Status()
    conversations: Conversations = Conversations()
    intake: Intake = Intake()
    outbox: Outbox = Outbox()
    clocks: Clocks = Clocks()
    downstream: Downstream = Downstream()
    learning: Learning = Learning()
    disposal: Disposal = Disposal()
    api: Api = Api()
    openid: Openid = Openid()
    log: Log = Log()


def load_settings(file: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a file, if any, and of the environment. Raises ConfigurationError with every problem."""
    values: dict[str, Any] = {}
    name = file or _named(environment)
    if name is not None:
        try:
            values = tomllib.loads(name.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigurationError((f"{name}: {error}",)) from error
    given = _overlay(values, environment)
    try:
        settings = Settings.model_validate(values, strict=False)
    except ValidationError as error:
        # None of it is kept as the cause: it holds the values, and they may be secrets.
        raise ConfigurationError(tuple(_sentence(each, given) for each in error.errors())) from None
    problems = tuple(_contradictions(settings))
    if problems:
        raise ConfigurationError(problems)
    return settings


def _named(environment: Mapping[str, str]) -> Path | None:
    if environment.get(CONFIGURATION_VARIABLE):
        return Path(environment[CONFIGURATION_VARIABLE])
    local = Path("kvitto.toml")
    return local if local.exists() else None


def _overlay(values: dict[str, Any], environment: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Put the environment over the file; return which variable set which key."""
    given: dict[tuple[str, ...], str] = {}
    for variable, value in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable == CONFIGURATION_VARIABLE:
            continue
        section, _, key = variable.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
        known = Settings.model_fields.get(section)
        many = known and _is_tuple(section, key)
        table = values.setdefault(section, {})
        if section == "mailbox" and (box := find_box(table, key)) is not None:
            box[key.rpartition("__")[2]] = value
        elif isinstance(table, dict):
            table[key] = [part.strip() for part in value.split(",") if part.strip()] if many else value
            given[(section, key) if known else (section,)] = variable
    return given


def _is_tuple(section: str, key: str) -> bool:
    model = Settings.model_fields[section].annotation
    field = model.model_fields.get(key) if isinstance(model, type) and issubclass(model, BaseModel) else None
    return field is not None and str(field.annotation).startswith("tuple")


def _sentence(error: Any, given: Mapping[tuple[str, ...], str]) -> str:
    """One fault in words. Never the value itself: it may be a secret."""
    at = tuple(str(part) for part in error["loc"])
    dotted = ".".join(at[:2])
    if error["type"] == "extra_forbidden" and len(at) <= 2:
        variable = given.get(at, "")
        return f"{dotted}{f' ({variable})' if variable else ''}: there is no such setting{_suggest(at, variable)}"
    if at[:2] in _TABLES and len(at) > 2:
        return _table_sentence(error, at, _TABLES[at[:2]])
    if len(at) == 1:
        return f"{dotted}: must be a section, written [{dotted}] on a line of its own"
    fault = _fault(error, dict(_sections())[at[0]].model_fields[at[1]])
    return f"{_name(*at[:2])}: {f'number {int(at[2]) + 1} ' if len(at) > 2 else ''}{fault}"


_TABLES: dict[tuple[str, ...], Any] = {
    ("mailbox", "boxes"): Box,
    ("disposal", "decisions"): Decision,
    ("openid", "grants"): Grant,
}
"""What may stand any number of times."""


def _table_sentence(error: Any, at: tuple[str, ...], model: type[BaseModel]) -> str:
    """One fault of one of those."""
    where = f"{at[0]}.{at[1]} number {int(at[2]) + 1}"
    if len(at) == 3:
        return f"{where}: must be a table, written [[{at[0]}.{at[1]}]]"
    if error["type"] == "extra_forbidden":
        near = get_close_matches(at[3], model.model_fields, n=1)
        return f"{where}: {at[3]}: there is no such setting{f' (did you mean {near[0]}?)' if near else ''}"
    return f"{where}: {at[3]}: {_fault(error, model.model_fields[at[3]])}"


def _suggest(at: tuple[str, ...], variable: str) -> str:
    if len(at) > 1:
        keys = dict(_sections())[at[0]].model_fields
        near = [f"{at[0]}.{key}" for key in get_close_matches(at[1], keys, n=1)]
    elif variable:
        every = [f"{name}__{key}".upper() for name, each in _sections() for key in each.model_fields]
        typed = variable.removeprefix(ENVIRONMENT_PREFIX).upper()
        near = [f"{ENVIRONMENT_PREFIX}{name}" for name in get_close_matches(typed, every, n=1)]
    else:
        near = get_close_matches(at[0], Settings.model_fields, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _fault(error: Any, field: FieldInfo) -> str:
    kind = error["type"]
    if kind.startswith("int_") or kind in {"greater_than_equal", "less_than_equal"}:
        low = next((each.ge for each in field.metadata if hasattr(each, "ge")), 0)
        high = next((f" to {each.le}" for each in field.metadata if hasattr(each, "le")), " up")
        return f"must be a whole number from {low}{high}"
    if kind == "literal_error":
        return f"must be one of {error['ctx']['expected']}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS[error["ctx"]["pattern"]]
    return _FAULTS.get(kind) or error["msg"][:1].lower() + error["msg"][1:]


_PATTERNS = {
    MAIL: "must be an e-mail address",
    SIGNING: "must start with whsec_ and then base64",
    NAME: "must be small letters, digits and hyphens",
    FLAG: "must be a flag such as \\Seen",
    **SMS_PATTERNS,
    **TELEGRAM_PATTERNS,
    PUBLIC_URL: "must be a URL such as https://kvitto.example.org, without a slash at its end",
    **DOWNSTREAM_PATTERNS,
    ORIGIN: "must be a web site without a path, such as https://www.example.org",
}
_FAULTS = {
    "missing": "must be given",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be a text in quotes",
    "path_type": "must be a path, as a text in quotes",
    "tuple_type": 'must be a list of texts, such as ["one", "two"]',
}
"""What pydantic calls a fault, and what we call it."""


def _sections() -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in Settings.model_fields.items():
        assert isinstance(field.annotation, type)
        assert issubclass(field.annotation, BaseModel)
        yield name, field.annotation


def _name(section: str, key: str) -> str:
    return f"{section}.{key} ({ENVIRONMENT_PREFIX}{section.upper()}__{key.upper()})"


def _contradictions(settings: Settings) -> Iterator[str]:
    email = settings.email
    if (email.certificate is None) != (email.key is None):
        yield f"{_name('email', 'certificate')} and {_name('email', 'key')}: give both or neither"
    if fault := relay_fault(email.relay):
        yield f"{_name('email', 'relay')}: {fault}"
    yield from settings.mailbox.faults()
    yield from settings.sms.faults(settings.web.public_url)
    yield from settings.whatsapp.faults(settings.web.public_url)
    yield from settings.telegram.faults(settings.web.public_url)
    yield from settings.clocks.faults()
    yield from settings.disposal.faults()
    yield from settings.downstream.faults()
    yield from settings.openid.faults(settings.web.public_url)
    if settings.mailbox.boxes and not email.enabled:
        yield f"{_name('email', 'enabled')}: must be true with mailboxes, for it understands and answers their mail"
    if fault := database_fault(settings.store.url):
        yield f"{_name('store', 'url')}: {fault}"

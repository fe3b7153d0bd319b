"""The tables. Rows are written by Core statements (see `writes`); these classes name and type the columns.

Ids are UUIDv7 as 32 hex characters: ordered by time, so that indexes grow at their end.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import String, TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

from store.changes import write_time

DECIDED = "type IN ('case.accepted', 'case.moved', 'case.answered')"
"""Which events say where a case belongs, in a person's judgement."""


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time: timestamptz on PostgreSQL, ISO 8601 text on SQLite (which has no such type)."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else write_time(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name == "postgresql":
            return value  # type: ignore[no-any-return]  # asyncpg returns an aware datetime
        return datetime.fromisoformat(value)


def id_column() -> Any:
    """The primary key."""
    return Field(sa_column=Column(String(32), primary_key=True))


def case_column() -> Any:
    """Which case a row belongs to."""
    return Field(sa_column=Column(String(32), ForeignKey("cases.id"), nullable=False, index=True))


def time_column(*, nullable: bool = False) -> Any:
    """An aware UTC time."""
    return Field(sa_column=Column(UtcTime, nullable=nullable))


def json_column() -> Any:
    """A list or an object."""
    return Field(sa_column=Column(JSON, nullable=False))


def text_column(*, nullable: bool = False) -> Any:
    """Text of any length."""
    return Field(sa_column=Column(Text, nullable=nullable))


class Raw(SQLModel, table=True):
    """One delivery as it reached us. Its bytes are in `body`, or in the blob named by `sha256`."""

    __tablename__ = "raw_messages"
    # The one place where "the same delivery twice" is decided.
    __table_args__ = (UniqueConstraint("external_id", "channel", "account", name="raw_messages_once"),)

    id: str = id_column()
    case_id: str = case_column()
    channel: str
    account: str
    external_id: str
    # never empty: what the provider or the content identifies it by
    received_at: datetime = time_column()
    headers: dict[str, str] = json_column()
    url: str
    envelope_from: str | None
    envelope_to: list[str] = json_column()
    sha256: str
    size: int
    body: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))


class Case(SQLModel, table=True):
    """The city's record of one matter."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "cases_unreadable",
            "id",
            sqlite_where=text("failed_step <> ''"),
            postgresql_where=text("failed_step <> ''"),
        ),
        Index(
            "cases_clock",
            "clock_at",
            sqlite_where=text("clock_at IS NOT NULL"),
            postgresql_where=text("clock_at IS NOT NULL"),
        ),
        # The lists of the staff: open cases, what is due first before the rest.
        Index(
            "cases_open",
            "due",
            "id",
            "department",
            "secrecy",
            "holder",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "cases_answered",
            "due",
            "id",
            sqlite_where=text("state = 'open' AND waiting_since IS NULL"),
            postgresql_where=text("state = 'open' AND waiting_since IS NULL"),
        ),
        Index(
            "cases_closed",
            "due",
            "id",
            sqlite_where=text("state = 'closed'"),
            postgresql_where=text("state = 'closed'"),
        ),
        Index(
            "cases_alarm",
            "id",
            sqlite_where=text("alarm <> ''"),
            postgresql_where=text("alarm <> ''"),
        ),
        Index(
            "cases_holder",
            "holder",
            "id",
            sqlite_where=text("holder <> ''"),
            postgresql_where=text("holder <> ''"),
        ),
        Index(
            "cases_joined",
            "joined_to",
            sqlite_where=text("joined_to <> ''"),
            postgresql_where=text("joined_to <> ''"),
        ),
    )

    id: str = id_column()
    reference: str = Field(unique=True)
    # eight characters, without the hyphen that people see
    state: str
    # "open", "unreadable", "duplicate", "joined", "closed" or "disposed"; what happened and when is in the events
    received_at: datetime = time_column()
    channel: str
    department: str
    # "" until somebody or a rule has decided: then the contact centre has it
    routing: dict[str, Any] = json_column()
    # why: rule, words, confidence, candidates
    kind: str
    # what sort of message opened it: "message" is from a person
    category: str
    language: str
    subject: str = text_column()
    due: date = Field(sa_column=Column(Date, nullable=False))
    # the latest day for an answer, or for knowing who answers
    failed_step: str
    # "parse", "normalize", "route" or "receipt" when our understanding failed there; else ""
    error: str
    # the type of that error, never its text
    matter: str = Field(sa_column=Column(String, nullable=False, server_default=""))
    # "klagomal", "fraga", "handling" ...: what sort of matter it is, see `normalizer.triage.matters`
    alarm: str = Field(sa_column=Column(String, nullable=False, server_default=""))
    # "akut", "barn" ...: somebody may be in danger, see `normalizer.triage.alarms`
    version: int = Field(sa_column=Column(Integer, nullable=False, server_default="1"))
    # one more with each decision of a person
    sampled: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()))
    # drawn for a second look at where it was sent
    told_at: datetime | None = time_column(nullable=True)
    # when the resident first learned who handles it
    answered_at: datetime | None = time_column(nullable=True)
    # when a person first answered
    waiting_since: datetime | None = time_column(nullable=True)
    # the resident waits for an answer since then; None: nobody waits
    clock_at: datetime | None = time_column(nullable=True)
    # when the clocks look at it next; None: never
    joined_to: str = Field(sa_column=Column(String(32), nullable=False, server_default=""))
    # of "joined": the id of the case that goes on for both; its own messages stay where they are
    holder: str = Field(sa_column=Column(String(32), nullable=False, server_default=""))
    # id of the member of staff who has taken it; "" while nobody has
    secrecy: str = Field(sa_column=Column(String, nullable=False, server_default=""))
    # "secret": only its own board reads it; "protected": only its holder and registrars do; "" while unmarked


class Message(SQLModel, table=True):
    """One message of a case's conversation, as understood. Has the id of its raw message."""

    __tablename__ = "messages"
    __table_args__ = (
        # For answers that name an earlier mail of the writer's own. Other channels have no such ids.
        Index(
            "messages_message_id",
            "message_id",
            sqlite_where=text("message_id <> ''"),
            postgresql_where=text("message_id <> ''"),
        ),
        # What a machine seems to have written: few of all.
        Index(
            "messages_machine",
            "case_id",
            sqlite_where=text("kind <> 'message'"),
            postgresql_where=text("kind <> 'message'"),
        ),
        # The one place where the order of a conversation is decided: two messages at once cannot be the same turn.
        Index(
            "messages_turn",
            "contact",
            "turn",
            unique=True,
            sqlite_where=text("contact <> ''"),
            postgresql_where=text("contact <> ''"),
        ),
    )

    id: str = id_column()
    case_id: str = case_column()
    kind: str
    received_at: datetime = time_column()
    sent_at: datetime | None = time_column(nullable=True)
    sender: dict[str, str] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    answer_to: list[dict[str, str]] = json_column()
    recipients: list[str] = json_column()
    subject: str = text_column()
    text: str = text_column()
    new_text: str | None = text_column(nullable=True)
    # None when it is the whole text
    language: str
    category: str
    place: str = text_column()
    occurred: str = text_column()
    message_id: str = text_column()
    # the writer's own id for it
    references: list[str] = json_column()
    withheld: str
    # why no receipt went out; "" when one did, or when there is nowhere to send it
    labels: list[str] = Field(sa_column=Column(JSON, nullable=False, server_default="[]"))
    # what others say of it, such as a mail server's "spam: ...": for staff, and it decides nothing
    receipt: dict[str, Any] = json_column()
    # the receipt as given: a gateway.letters.receipts.Receipt; {} when none was
    forwarded: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    # whose message the city's own staff seem to have forwarded, until a person says so
    contact: str = Field(sa_column=Column(Text, nullable=False, server_default=""))
    # whose conversation it belongs to: channel and value, "sms:+46701740605"; "" where there are none
    turn: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    # its place in that conversation, from 1


class File(SQLModel, table=True):
    """An attachment. Its bytes are in `content`, or in the blob named by `sha256`."""

    __tablename__ = "files"

    message_id: str = Field(sa_column=Column(String(32), ForeignKey("messages.id"), primary_key=True))
    position: int = Field(primary_key=True)
    filename: str = text_column()
    content_type: str = text_column()
    size: int
    sha256: str
    content: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))


class OutboxEntry(SQLModel, table=True):
    """An outbound message owed to somebody, complete as it will be sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "outbox_due",
            "due_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        # Letters that did not arrive: few of all.
        Index(
            "outbox_undelivered",
            "case_id",
            sqlite_where=text("state IN ('failed', 'returned')"),
            postgresql_where=text("state IN ('failed', 'returned')"),
        ),
        # For delivery reports, and for answers to one of our messages, where the provider names messages.
        Index(
            "outbox_provider",
            "provider_id",
            sqlite_where=text("provider_id <> ''"),
            postgresql_where=text("provider_id <> ''"),
        ),
    )

    id: str = id_column()
    case_id: str | None = Field(
        sa_column=Column(String(32), ForeignKey("cases.id"), nullable=True, index=True)
    )
    # None: said to somebody who has no case yet, such as a greeting
    purpose: str
    # "receipt", "question", "confirmation", "greeting", "notice", or which later letter
    channel: str
    recipient: str
    recipient_name: str
    subject: str = text_column()
    text: str = text_column()
    html: str = text_column()
    language: str
    message_id: str
    in_reply_to: str = text_column()
    references: list[str] = json_column()
    created_at: datetime = time_column()
    state: str
    # "queued" -> "sent" or "failed"; "sent" -> "delivered", or "returned" when it could not be delivered after all;
    # in the chat "sent" -> "unread" -> "delivered"
    due_at: datetime = time_column()
    # when it is next looked at: the next attempt or, while claimed, the end of the lease
    claimed_by: str
    # the node that holds the lease; "" when nobody does
    attempts: int
    results: list[dict[str, Any]] = json_column()
    # one entry an attempt or a report: at, outcome, detail
    provider_id: str = Field(sa_column=Column(Text, nullable=False, server_default=""))
    # the other side's id for it, where the channel is one of conversations
    choices: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False, server_default="[]"))
    # the answers that it offers: key and label of each


class Event(SQLModel, table=True):
    """Something that happened to a case. Appended, never changed."""

    __tablename__ = "events"
    __table_args__ = (
        # What people decided, for whoever learns from it.
        Index("events_decisions", "id", sqlite_where=text(DECIDED), postgresql_where=text(DECIDED)),
    )

    id: str = id_column()
    case_id: str = case_column()
    at: datetime = time_column()
    type: str
    data: dict[str, Any] = json_column()


class AddressBlock(SQLModel, table=True):
    """A letter to this address came back for good: until then nothing automatic goes there."""

    __tablename__ = "address_blocks"

    id: str = id_column()
    channel: str
    value: str = text_column()
    status: str
    # the enhanced status code of the failure, RFC 3463
    entry_id: str
    # the letter
    at: datetime = time_column()
    until: datetime = time_column()

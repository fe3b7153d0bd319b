"""The tables of what flows on to other systems: the feed, the endpoints, what is owed to them, the registers."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlmodel import Field, SQLModel

from store.tables import case_column, id_column, json_column, text_column, time_column


class Published(SQLModel, table=True):
    """An event with its place in the feed. Given by one node at a time, after the event's commit: no reader skips one.

    Ids of events are ordered by the time at which they were made, but transactions end in another order.
    """

    __tablename__ = "feed"
    __table_args__ = (UniqueConstraint("event_id", name="feed_once"),)

    position: int = Field(
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    )
    # 1, 2, 3 without gaps
    event_id: str = Field(sa_column=Column(String(32), ForeignKey("events.id"), nullable=False))
    case_id: str = case_column()
    at: datetime = time_column()
    # when it was published


class Endpoint(SQLModel, table=True):
    """A system that is told of events: a webhook, a bus, a register's mailbox."""

    __tablename__ = "endpoints"

    id: str = id_column()
    kind: str
    # "webhook", "bus" or "register": the last two follow the feed themselves and have one row, for their position
    name: str = text_column()
    url: str = text_column()
    secrets: list[str] = json_column()
    # the newest first; an older one signs too until it is taken away
    types: list[str] = json_column()
    # the events that it wants; empty: all
    boards: list[str] = json_column()
    departments: list[str] = json_column()
    # whose cases it hears of; "*" among the boards: of all
    full: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()))
    # with the record, where its departments may have it; otherwise ids alone
    with_text: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=false()))
    # and with what residents wrote
    position: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    # of the feed: everything up to it is owed or not wanted
    created_at: datetime = time_column()
    disabled_at: datetime | None = time_column(nullable=True)


class Delivery(SQLModel, table=True):
    """An event that is owed to an endpoint."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "position", name="deliveries_once"),
        Index(
            "deliveries_due",
            "due_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        # A case's events reach an endpoint in their order.
        Index(
            "deliveries_order",
            "endpoint_id",
            "case_id",
            "position",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
    )

    id: str = id_column()
    endpoint_id: str = Field(sa_column=Column(String(32), ForeignKey("endpoints.id"), nullable=False))
    position: int = Field(sa_column=Column(BigInteger, nullable=False))
    # of the event in the feed
    case_id: str = case_column()
    state: str
    # "queued" -> "delivered" or "dead"; "withheld" when its case was not the endpoint's to see any more
    since: datetime = time_column()
    # when it was owed first, or again: the attempts of some days begin then
    due_at: datetime = time_column()
    claimed_by: str
    attempts: int
    results: list[dict[str, Any]] = json_column()
    # one entry an attempt: at, outcome, detail


class Handover(SQLModel, table=True):
    """A case that was sent to a board's register."""

    __tablename__ = "handovers"
    __table_args__ = (
        Index(
            "handovers_unconfirmed",
            "alarm_at",
            sqlite_where=text("diary_number = ''"),
            postgresql_where=text("diary_number = ''"),
        ),
    )

    id: str = id_column()
    case_id: str = case_column()
    board: str = text_column()
    entry_id: str
    # the mail, in the outbox
    at: datetime = time_column()
    alarm_at: datetime | None = time_column(nullable=True)
    # when somebody is told that no number has come; None: nothing more is said
    diary_number: str = text_column()
    # diarienummer, as the register gave it; ""
    confirmed_at: datetime | None = time_column(nullable=True)
    confirmed_by: str = text_column()

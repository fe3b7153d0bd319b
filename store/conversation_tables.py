"""The tables of conversations: who writes, who is the same person, which files are still to be fetched."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.tables import case_column, id_column, text_column, time_column


class Contact(SQLModel, table=True):
    """One person on one channel of conversations."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("value", "channel", name="contacts_once"),)

    id: str = id_column()
    channel: str
    value: str = text_column()
    language: str
    # of the last message whose language was plain; ""
    first_at: datetime = time_column()
    stopped_at: datetime | None = time_column(nullable=True)
    # the person wants nothing automatic there since then
    last_command: str = text_column()
    # the external id of the last command that no case keeps, such as /start: the same one again is a repetition


class ContactLink(SQLModel, table=True):
    """Two contacts are one person: only on proof, and reversible."""

    __tablename__ = "contact_links"
    __table_args__ = (Index("contact_links_one", "one"), Index("contact_links_other", "other"))

    id: str = id_column()
    one: str = text_column()
    # a contact, "chat:..." for example
    other: str = text_column()
    proof: str = text_column()
    # how it is known: "code:ENTRY", a code that was sent to the other and came back
    at: datetime = time_column()
    undone_at: datetime | None = time_column(nullable=True)


class Media(SQLModel, table=True):
    """A file of a message that its provider still keeps: to be fetched."""

    __tablename__ = "media"
    __table_args__ = (
        Index(
            "media_due",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: str = id_column()
    case_id: str = case_column()
    message_id: str = Field(
        sa_column=Column(String(32), ForeignKey("messages.id"), nullable=False, index=True)
    )
    position: int
    # of the file among those of its message
    channel: str
    source: str = text_column()
    # what the channel fetches it by
    filename: str = text_column()
    content_type: str = text_column()
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    # as the provider said; 0 when it did not
    created_at: datetime = time_column()
    # since when it is owed; from the first attempt on, since when it is tried
    state: str
    # "waiting" -> "fetched" or "failed"
    due_at: datetime = time_column()
    # the next attempt or, while claimed, the end of the lease
    claimed_by: str
    attempts: int
    detail: str = text_column()
    # why the last attempt failed: a code, never a URL

"""The tables of the mailboxes: who works on one, how far each is accounted for, what became of each mail."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from store.tables import time_column


class MailboxLease(SQLModel, table=True):
    """Who works on a mailbox just now, or on something else that only one node may. It ends by itself."""

    __tablename__ = "mailbox_leases"

    source: str = Field(sa_column=Column(Text, primary_key=True))
    # user, server and folder; "telegram:" and the bot's id
    holder: str
    until: datetime = time_column()


class MailboxFolder(SQLModel, table=True):
    """One numbering (UIDVALIDITY) of a mailbox folder, and how far it is accounted for."""

    __tablename__ = "mailbox_folders"

    source: str = Field(sa_column=Column(Text, primary_key=True))
    uidvalidity: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    next_uid: int = Field(sa_column=Column(BigInteger, nullable=False))
    # every mail with a lower UID has a row in mailbox_mails, or is too old for the settings
    looked_at: datetime = time_column()


class MailboxMail(SQLModel, table=True):
    """What became of one mail in a mailbox: the ledger."""

    __tablename__ = "mailbox_mails"
    __table_args__ = (
        Index(
            "mailbox_owed",
            "source",
            "uidvalidity",
            "uid",
            sqlite_where=text("after = 'owed'"),
            postgresql_where=text("after = 'owed'"),
        ),
    )

    source: str = Field(sa_column=Column(Text, primary_key=True))
    uidvalidity: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    uid: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    outcome: str
    # "stored" and "repeated" are here; the rest explains why not
    message_id: str
    # the raw message that holds it; "" when none does
    size: int
    # bytes as the server told
    at: datetime = time_column()
    after: str
    # "owed" until it is flagged, moved or deleted as the settings want, then how it was; "" when nothing is wanted

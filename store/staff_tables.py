"""The tables of the staff: who they are, who is signed in, what was looked at, what they noted."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    event,
)
from sqlmodel import Field, SQLModel

from store.tables import case_column, id_column, json_column, text_column, time_column


def member_column() -> Any:
    """Which member of staff a row belongs to."""
    return Field(sa_column=Column(String(32), ForeignKey("staff_members.id"), nullable=False, index=True))


class Member(SQLModel, table=True):
    """Somebody who works with cases. Never deleted: what they did keeps their name."""

    __tablename__ = "staff_members"
    __table_args__ = (
        UniqueConstraint("login", name="staff_members_login"),
        Index("staff_members_subject", "subject"),
    )

    id: str = id_column()
    login: str = text_column()
    # lower-case; usually an e-mail address
    name: str = text_column()
    password: str = text_column()
    # an Argon2id hash in the PHC format; "" for whoever signs in elsewhere
    subject: str = text_column()
    # issuer and subject of the OpenID provider, "https://... sub"; "" for local accounts
    roles: list[str] = json_column()
    # keys of gateway.staff.rights.ROLES
    boards: list[str] = json_column()
    # names of boards, as the organisation's file has them
    departments: list[str] = json_column()
    # keys of departments; empty: all of the boards'
    created_at: datetime = time_column()
    disabled_at: datetime | None = time_column(nullable=True)
    # nothing is opened to them since then
    failures: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    # wrong passwords in a row
    locked_until: datetime | None = time_column(nullable=True)


class Session(SQLModel, table=True):
    """A browser in which somebody is signed in. Its id is the SHA-256 of what the cookie holds."""

    __tablename__ = "staff_sessions"

    id: str = Field(sa_column=Column(String(64), primary_key=True))
    member_id: str = member_column()
    made_at: datetime = time_column()
    seen_at: datetime = time_column()
    # written at most once a minute
    ends_at: datetime = time_column()
    checked_at: datetime = time_column()
    # when the OpenID provider last said that the person is still there; made_at for local accounts
    refresh: str = text_column()
    # what the provider is asked with, sealed; ""


class AccessToken(SQLModel, table=True):
    """A key for another system. The token itself is nowhere: only its SHA-256 is."""

    __tablename__ = "access_tokens"
    __table_args__ = (UniqueConstraint("hash", name="access_tokens_hash"),)

    id: str = id_column()
    # who it is in histories and the audit trail
    hash: str
    name: str = text_column()
    roles: list[str] = json_column()
    boards: list[str] = json_column()
    departments: list[str] = json_column()
    created_at: datetime = time_column()
    created_by: str = text_column()
    ends_at: datetime = time_column()
    revoked_at: datetime | None = time_column(nullable=True)


class GivenAnswer(SQLModel, table=True):
    """What another system was answered to a request with an Idempotency-Key. Kept for a day."""

    __tablename__ = "given_answers"
    __table_args__ = (Index("given_answers_at", "at"),)

    token_id: str = Field(sa_column=Column(String(32), primary_key=True))
    key: str = Field(sa_column=Column(String(64), primary_key=True))
    # SHA-256 of the Idempotency-Key, hexadecimal
    request: str
    # SHA-256 of the method, the address and the body
    at: datetime = time_column()
    case_id: str = Field(sa_column=Column(String(32), nullable=False, server_default="", index=True))
    # "" while nothing was made of it
    status: int = Field(sa_column=Column(Integer, nullable=False))
    # of HTTP; 0 while it is worked on
    headers: dict[str, str] = json_column()
    body: dict[str, Any] = json_column()
    # never a word of a resident


class AuditEntry(SQLModel, table=True):
    """One line of the audit trail: appended, never changed, each holding the hash of the one before."""

    __tablename__ = "audit"

    position: int = Field(
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)
    )
    # 1, 2, 3 without gaps
    at: datetime = time_column()
    by: str = text_column()
    # id of the member or the token, or "terminal:" and a login
    action: str = text_column()
    # "case.read", "member.disabled", "export" ...
    case_id: str = Field(sa_column=Column(String(32), nullable=False, server_default="", index=True))
    # "" when it is about no case
    detail: dict[str, Any] = json_column()
    # never a word of a resident
    previous: str
    hash: str
    # SHA-256 over all of this and `previous`, hexadecimal


APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail stays'); END",
        "CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail stays'); END",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit trail stays'; END $$""",
        """CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    ),
}
"""What makes each database refuse to change or delete a line of the audit trail."""

for _dialect, _statements in APPEND_ONLY.items():
    for _each in _statements:
        event.listen(
            AuditEntry.__table__,  # type: ignore[attr-defined]  # SQLModel adds it at run time
            "after_create",
            DDL(_each).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]  # SQLAlchemy's
        )


class Note(SQLModel, table=True):
    """What staff write for each other about a case. The resident never sees it."""

    __tablename__ = "notes"

    id: str = id_column()
    case_id: str = case_column()
    at: datetime = time_column()
    by: str = text_column()
    text: str = text_column()


class CaseLink(SQLModel, table=True):
    """Two cases have to do with each other."""

    __tablename__ = "case_links"
    __table_args__ = (
        UniqueConstraint("one", "other", name="case_links_once"),
        Index("case_links_other", "other"),
    )

    id: str = id_column()
    one: str = Field(sa_column=Column(String(32), ForeignKey("cases.id"), nullable=False))
    other: str = Field(sa_column=Column(String(32), ForeignKey("cases.id"), nullable=False))
    kind: str
    # "related" or "split"
    at: datetime = time_column()
    by: str = text_column()


class LetterFile(SQLModel, table=True):
    """A file that goes along with a person's answer. Its bytes are in `content`, or in the blob named by `sha256`."""

    __tablename__ = "letter_files"

    entry_id: str = Field(sa_column=Column(String(32), primary_key=True))
    # of the outbox
    position: int = Field(primary_key=True)
    filename: str = text_column()
    size: int
    sha256: str
    content: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True))


class Presence(SQLModel, table=True):
    """Somebody has a case open. Nothing points to it, and it is forgotten within a minute."""

    __tablename__ = "presence"

    case_id: str = Field(sa_column=Column(String(32), primary_key=True))
    member_id: str = Field(sa_column=Column(String(32), primary_key=True))
    until: datetime = time_column()
    writes: bool
    # an answer is being written


class SavedView(SQLModel, table=True):
    """A list that somebody wants to find again."""

    __tablename__ = "saved_views"

    id: str = id_column()
    member_id: str = member_column()
    name: str = text_column()
    query: dict[str, Any] = json_column()
    # the filters of the list, never words that were searched for in a resident's text

"""The tables of the search: by what each case is found."""

from sqlalchemy import DDL, BigInteger, Column, ForeignKey, Integer, String, event
from sqlmodel import Field, SQLModel

from store.tables import text_column


class SearchText(SQLModel, table=True):
    """What one case is found by. Written by a follower after the fact, never while a message comes in."""

    __tablename__ = "search_texts"

    number: int = Field(
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    )
    # in the order in which cases were first indexed
    case_id: str = Field(sa_column=Column(String(32), ForeignKey("cases.id"), nullable=False, unique=True))
    seen: int
    # events that the case had then: when it has others, it is read anew
    words: str = text_column()
    # terms of `normalizer.search_words`, with a blank between two


class SearchMark(SQLModel, table=True):
    """How far the follower has come."""

    __tablename__ = "search_marks"

    name: str = Field(sa_column=Column(String(32), primary_key=True))
    event_id: str


FULL_TEXT = "case_search"
"""SQLite's index beside the table. External content: the words stand once; detail none: only which case has them."""

SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {FULL_TEXT} USING fts5(words, content='search_texts', content_rowid='number', "
    "detail=none, prefix='3 4 5', tokenize=\"unicode61 remove_diacritics 0\")"
)
VECTOR = "array_to_tsvector(string_to_array(words, ' '))"
POSTGRES = f"CREATE INDEX search_words ON search_texts USING gin ({VECTOR})"

_table = SearchText.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time
for _dialect, _statement in (("sqlite", SQLITE), ("postgresql", POSTGRES)):
    _made = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    event.listen(_table, "after_create", _made)

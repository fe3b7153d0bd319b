"""Finding cases by their words: what is indexed, and one question on either database.

SQLite has FTS5, PostgreSQL tsvector; both hold the same terms, which `normalizer.search_words` makes. Whose cases
somebody sees is part of the question itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, column, delete, func, literal_column, select, text
from sqlalchemy import table as bare_table
from sqlalchemy.dialects import postgresql, sqlite

from normalizer.search_words import list_addresses, list_terms, read_question
from store.access import Scope, level_of, may_list, may_read
from store.inbox import Line, add_words
from store.search_tables import FULL_TEXT, VECTOR, SearchMark, SearchText
from store.statements import table
from store.tables import Case, Event, Message

_case, _event, _message = table(Case), table(Event), table(Message)
_text, _mark = table(SearchText), table(SearchMark)
_index = bare_table(FULL_TEXT, column("rowid"))
_MARK = "events"
_BESIDE = ("choice", "code", "greeting", "stop", "resume")
# kinds that stand in a conversation beside its messages
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True, kw_only=True, slots=True)
class Indexed:
    """What one case is found by, as read: not yet written."""

    case_id: str
    seen: int
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Some cases, the newest first, and where the next ones begin."""

    lines: Sequence[Line]
    after: int | None
    # None: there are no more


def search(
    connection: Connection, scope: Scope, typed: str, *, after: int | None = None, limit: int = 50
) -> Found:
    """The cases that hold all of these words, among those that may be read whole.

    A case's number finds it where it may be listed. Nothing typed finds nothing.
    """
    reference, words = read_question(typed)
    columns = (_case, level_of(scope).label("level"))
    if reference:
        query = select(*columns).where(_case.c.reference == reference, may_list(scope))
        return Found(lines=add_words(connection, connection.execute(query).all()), after=None)
    if not words:
        return Found(lines=(), after=None)
    if connection.dialect.name == "postgresql":
        asked = " & ".join(
            f"('{word.stem}' | '{word.beginning}':*)" if word.beginning else f"'{word.stem}'"
            for word in words
        )
        # First the words by their index: left to itself, PostgreSQL walks all cases from the newest on for a rare one.
        found = (
            select(_text.c.number, _text.c.case_id)
            .where(text(f"{VECTOR} @@ CAST(:asked AS tsquery)").bindparams(asked=asked))
            .order_by(_text.c.number.desc())
            .cte("found")
            .prefix_with("MATERIALIZED")
        )
        number, joined = found.c.number, found.join(_case, _case.c.id == found.c.case_id)
        query = select(*columns, number).select_from(joined)
    else:
        asked = " AND ".join(
            f'("{word.stem}" OR "{word.beginning}"*)' if word.beginning else f'"{word.stem}"'
            for word in words
        )
        # Word by word from the newest on, until there are enough: by the index's own number SQLite does that.
        number = _index.c.rowid
        joined = _index.join(_text, _text.c.number == number).join(_case, _case.c.id == _text.c.case_id)
        query = select(*columns, number.label("number")).select_from(joined)
        query = query.where(literal_column(FULL_TEXT).op("MATCH")(asked))
    query = query.where(may_read(scope), _case.c.state != "disposed")
    if after is not None:
        query = query.where(number < after)
    query = query.order_by(number.desc()).limit(limit + 1)
    rows = connection.execute(query).all()
    more = len(rows) > limit
    return Found(lines=add_words(connection, rows[:limit]), after=rows[limit - 1].number if more else None)


def list_changed(connection: Connection, limit: int) -> tuple[list[str], str]:
    """The cases to which something happened since the mark, and the mark after them; ("", "") when nothing did."""
    mark = connection.execute(select(_mark.c.event_id).where(_mark.c.name == _MARK)).scalar() or ""
    query = select(_event.c.id, _event.c.case_id).where(_event.c.id > mark)
    rows = connection.execute(query.order_by(_event.c.id).limit(limit)).all()
    return list(dict.fromkeys(row.case_id for row in rows)), rows[-1].id if rows else ""


def list_missed(connection: Connection, since: str, limit: int) -> list[str]:
    """Cases with an event since this id that the index has not seen: their rows were committed out of order."""
    events = (
        select(func.count())
        .select_from(_event.alias("all_of_it"))
        .where(literal_column("all_of_it.case_id") == _case.c.id)
        .scalar_subquery()
    )
    recent = select(_event.c.case_id).where(_event.c.id > since).distinct().subquery()
    query = (
        select(_case.c.id)
        .join(recent, recent.c.case_id == _case.c.id)
        .outerjoin(_text, _text.c.case_id == _case.c.id)
        .where(_case.c.state != "disposed", func.coalesce(_text.c.seen, 0) != events)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def read_cases(connection: Connection, case_ids: Sequence[str]) -> list[Indexed]:
    """What these cases are found by now."""
    counted = (
        select(_event.c.case_id, func.count().label("seen"))
        .where(_event.c.case_id.in_(case_ids))
        .group_by(_event.c.case_id)
    )
    seen = {row.case_id: row.seen for row in connection.execute(counted)}
    found: dict[str, list[Any]] = {}
    query = select(
        _message.c.case_id, _message.c.subject, _message.c.text, _message.c.new_text, _message.c.place,
        _message.c.sender, _message.c.answer_to,
    ).where(_message.c.case_id.in_(case_ids), _message.c.kind.not_in(_BESIDE))  # fmt: skip
    for row in connection.execute(query.order_by(_message.c.id)):
        found.setdefault(row.case_id, []).append(row)
    subjects = select(_case.c.id, _case.c.subject, _case.c.kind).where(
        _case.c.id.in_(case_ids), _case.c.state != "disposed"
    )
    return [
        Indexed(
            case_id=row.id,
            seen=seen.get(row.id, 0),
            words=" ".join(_read_terms(row.subject, found.get(row.id, ()))),
        )
        for row in connection.execute(subjects)
    ]


def _read_terms(subject: str, messages: Iterable[Any]) -> Iterable[str]:
    texts, terms = [subject], set[str]()
    for row in messages:
        texts += [row.subject, row.place, row.new_text if row.new_text is not None else row.text]
        for address in (row.sender, *row.answer_to):
            if address:
                texts.append(address.get("name", ""))
                terms.update(list_addresses(address.get("channel", ""), address.get("value", "")))
    return sorted(terms.union(list_terms(texts)))


def write_cases(connection: Connection, cases: Sequence[Indexed], mark: str = "") -> None:
    """Put cases into the index, whatever was there of them. What was disposed of meanwhile stays out."""
    if cases:
        # Whoever disposes holds these rows: either we are first, and they clear what we wrote, or they are gone.
        living = select(_case.c.id).where(
            _case.c.id.in_([each.case_id for each in cases]), _case.c.state != "disposed"
        )
        allowed = set(connection.execute(living.with_for_update(read=True)).scalars())
        cases = [each for each in cases if each.case_id in allowed]
        _take_out(connection, [each.case_id for each in cases])
    insert = _INSERT[connection.dialect.name]
    for each in cases:
        values = {"case_id": each.case_id, "seen": each.seen, "words": each.words}
        statement = insert(_text).values(**values)
        statement = statement.on_conflict_do_update(index_elements=["case_id"], set_=values)
        connection.execute(statement)
    if cases and connection.dialect.name == "sqlite":
        connection.execute(
            text(
                "INSERT INTO case_search(rowid, words) SELECT number, words FROM search_texts WHERE case_id = :case"
            ),
            [{"case": each.case_id} for each in cases],
        )
    if mark:
        statement = insert(_mark).values(name=_MARK, event_id=mark)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"event_id": mark}))


def forget(connection: Connection, case_id: str) -> None:
    """Nobody finds this case any more."""
    _take_out(connection, [case_id])
    connection.execute(delete(_text).where(_text.c.case_id == case_id))


def tidy(connection: Connection) -> None:
    """SQLite: write the index anew without what was taken out of it; until then the words are still in the file."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO case_search(case_search) VALUES ('optimize')")


def _take_out(connection: Connection, case_ids: Sequence[str]) -> None:
    """FTS5 with external content is told the old words, which still stand in the table."""
    if connection.dialect.name != "sqlite" or not case_ids:
        return
    old = connection.execute(select(_text.c.number, _text.c.words).where(_text.c.case_id.in_(case_ids))).all()
    for row in old:
        connection.execute(
            text("INSERT INTO case_search(case_search, rowid, words) VALUES ('delete', :number, :words)"),
            {"number": row.number, "words": row.words},
        )

"""Destroying what a decision of the city allows: the words go, the case and the proof that it was here stay.

What stays: the case's number, dates, channel, department and kind; of each delivery its identity and digest, so that
the same mail is a repetition when it comes again; of each message its kind; the history, without addresses.

Blobs lie under the digest of their bytes, and several rows may name one. An intake makes a blob durable before it
writes the row that names it, and leaves no trace in between. So a blob that no row names is first set aside: from
then on whoever brings the same bytes writes them anew. An hour later every intake that had found the blob in its
place has ended or been given up by its sender. Only then, and if still no row names it, is it removed; else it goes
back to its place.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from store import letter_files, search
from store.case_acts import forget
from store.changes import Change
from store.conversation_tables import Contact, ContactLink, Media
from store.downstream_tables import Delivery, Handover
from store.given_answers import forget_answers
from store.statements import table
from store.tables import AddressBlock, Case, Event, File, Message, OutboxEntry, Raw
from store.writer import apply

DISPOSED = "disposed"
"""The state of such a case."""

HELD, RELEASED = "case.held", "case.released"
"""Events: nothing of the case may be destroyed, and that no more. The later one counts."""

ASIDE_FOR = timedelta(hours=1)
"""How long a blob is set aside. RFC 5321 section 4.5.3.2.6: a sender waits ten minutes for the answer to its mail."""

_case, _raw, _message, _file = table(Case), table(Raw), table(Message), table(File)
_outbox, _event, _block = table(OutboxEntry), table(Event), table(AddressBlock)
_media, _contact, _link = table(Media), table(Contact), table(ContactLink)
_delivery, _handover = table(Delivery), table(Handover)
_KEPT_DATA = frozenset(
    (
        "message", "case", "reference", "entry", "channel", "account", "department", "from", "to", "rule", "step",
        "status", "permanent", "by", "decision", "basis", "messages", "files", "letters", "size", "note", "until",
    )
)  # fmt: skip
# keys of events that hold ids, codes and counts; all others may hold somebody's words or address
_BESIDE = frozenset(("choice", "code", "greeting", "stop", "resume"))
# kinds that stand in a conversation beside its messages, and are decided about with them
_AT_ONCE = 400
# names in one question
_NOTE = ".noted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """What the store holds of one case."""

    case: Row[Any]
    kinds: frozenset[str]
    # of all its messages
    last_at: datetime
    # when the last message came or went
    queued: int
    # letters that are still owed
    held: str
    # why nothing of it may be destroyed, "" when it may
    messages: int
    files: int
    letters: int
    size: int
    # bytes as they came; 0 when they are destroyed already


def look(connection: Connection, case_id: str, *, lock: bool = False) -> Holding:
    """What there is. With `lock` nobody adds to the case until the end of the transaction."""
    query = select(_case).where(_case.c.id == case_id)
    # Whoever writes a row that points to the case waits for this lock on PostgreSQL; SQLite has one writer.
    case = connection.execute(query.with_for_update() if lock else query).one()
    raws = connection.execute(
        select(
            _raw.c.received_at,
            _raw.c.size,
            (_raw.c.body.is_(None) | (func.length(_raw.c.body) > 0)).label("whole"),
        ).where(_raw.c.case_id == case_id)
    ).all()
    kinds = connection.execute(select(_message.c.kind).where(_message.c.case_id == case_id)).scalars().all()
    files = connection.execute(
        select(func.count()).select_from(_file).where(_file.c.message_id.in_(_messages_of(case_id)))
    ).scalar_one()
    letters = select(_outbox.c.state, _outbox.c.created_at).where(_outbox.c.case_id == case_id)
    letters_found = connection.execute(letters.with_for_update() if lock else letters).all()
    hold = connection.execute(
        select(_event.c.type, _event.c.data)
        .where(_event.c.case_id == case_id, _event.c.type.in_((HELD, RELEASED)))
        .order_by(_event.c.id.desc())
        .limit(1)
    ).first()
    return Holding(
        case=case,
        kinds=frozenset(kinds) - _BESIDE or frozenset((case.kind,)),
        last_at=max(
            [case.received_at, *(row.received_at for row in raws), *(row.created_at for row in letters_found)]
        ),
        queued=sum(row.state == "queued" for row in letters_found),
        held=(hold.data.get("why") or "held") if hold is not None and hold.type == HELD else "",
        messages=len(kinds),
        files=files,
        letters=len(letters_found),
        size=sum(row.size for row in raws if row.whole),
    )


def dispose(
    connection: Connection,
    case_id: str,
    *,
    refuse: Callable[[Holding], str],
    event: Callable[[Holding], Change],
) -> tuple[Holding, str, set[str]]:
    """Empty one case, unless `refuse` says why not: what there was, that reason, and the blobs that it named."""
    if connection.dialect.name == "sqlite":
        # Else the words would stay in the file, in pages that are free.
        connection.exec_driver_sql("PRAGMA secure_delete = ON").close()
    holding = look(connection, case_id, lock=True)
    reason = refuse(holding)
    if reason:
        return holding, reason, set()
    names = blobs_of(connection, [case_id])
    entries = select(_outbox.c.id).where(_outbox.c.case_id == case_id)
    connection.execute(delete(_block).where(_block.c.entry_id.in_(entries)))
    letter_files.forget_of_case(connection, case_id)
    connection.execute(delete(_outbox).where(_outbox.c.case_id == case_id))
    connection.execute(delete(_file).where(_file.c.message_id.in_(_messages_of(case_id))))
    connection.execute(delete(_media).where(_media.c.case_id == case_id))
    # The feed keeps its positions: it names events, and those are empty. Whoever is told is told of the disposal.
    connection.execute(delete(_delivery).where(_delivery.c.case_id == case_id))
    connection.execute(update(_handover).where(_handover.c.case_id == case_id).values(_NO_HANDOVER))
    _forget_contacts(connection, case_id)
    forget_answers(connection, case_id)
    search.forget(connection, case_id)
    connection.execute(update(_message).where(_message.c.case_id == case_id).values(_NO_MESSAGE))
    connection.execute(update(_raw).where(_raw.c.case_id == case_id).values(_NO_RAW))
    connection.execute(update(_case).where(_case.c.id == case_id).values(_NO_CASE))
    forget(connection, case_id)
    _clear_events(connection, case_id)
    apply(connection, [event(holding)])
    return holding, "", names


_NO_CASE: dict[str, Any] = {
    "state": DISPOSED, "subject": "", "routing": {}, "category": "", "language": "",
    "matter": "", "alarm": "", "waiting_since": None, "clock_at": None, "holder": "",
}  # fmt: skip
_NO_HANDOVER: dict[str, Any] = {"alarm_at": None, "confirmed_by": ""}
# the register's own number stays: it is how the record is found there
_NO_RAW: dict[str, Any] = {
    "headers": {}, "url": "", "envelope_from": None, "envelope_to": [], "body": b"",
}  # fmt: skip
_NO_MESSAGE: dict[str, Any] = {
    "sender": None, "answer_to": [], "recipients": [], "subject": "", "text": "", "new_text": None, "language": "",
    "category": "", "place": "", "occurred": "", "message_id": "", "references": [], "labels": [], "receipt": {},
    "forwarded": None, "contact": "", "turn": 0,
}  # fmt: skip


def _messages_of(case_id: str) -> Any:
    return select(_message.c.id).where(_message.c.case_id == case_id)


def _forget_contacts(connection: Connection, case_id: str) -> None:
    """Who has written in no other case is forgotten, with what links that contact to others; not that it said stop."""
    names = connection.execute(
        select(_message.c.contact).where(_message.c.case_id == case_id, _message.c.contact != "").distinct()
    ).scalars()
    for name in names.all():
        elsewhere = select(_message.c.id).where(_message.c.contact == name, _message.c.case_id != case_id)
        if connection.execute(elsewhere.limit(1)).first() is not None:
            continue
        channel, _, value = name.partition(":")
        gone = delete(_contact).where(_contact.c.channel == channel, _contact.c.value == value)
        connection.execute(gone.where(_contact.c.stopped_at.is_(None)))
        connection.execute(delete(_link).where((_link.c.one == name) | (_link.c.other == name)))


def blobs_of(connection: Connection, case_ids: Sequence[str]) -> set[str]:
    """The blobs that these cases name."""
    raws = select(_raw.c.sha256).where(_raw.c.case_id.in_(case_ids), _raw.c.body.is_(None))
    messages = select(_message.c.id).where(_message.c.case_id.in_(case_ids))
    files = select(_file.c.sha256).where(_file.c.message_id.in_(messages), _file.c.content.is_(None))
    letters = letter_files.blobs_of_cases(connection, case_ids)
    return {*connection.execute(raws).scalars(), *connection.execute(files).scalars(), *letters}


def _clear_events(connection: Connection, case_id: str) -> None:
    """What happened and when stays; what somebody wrote, and addresses, go."""
    rows = connection.execute(select(_event.c.id, _event.c.data).where(_event.c.case_id == case_id)).all()
    for row in rows:
        kept = {key: value for key, value in row.data.items() if key in _KEPT_DATA and "@" not in str(value)}
        if kept != row.data:
            connection.execute(update(_event).where(_event.c.id == row.id).values(data=kept))


def find_needed(connection: Connection, names: Iterable[str]) -> set[str]:
    """Those of these blobs that a row still names. Reads all rows: ask once for many."""
    wanted, found = sorted(names), set[str]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        raws = select(_raw.c.sha256).where(_raw.c.sha256.in_(some), _raw.c.body.is_(None))
        files = select(_file.c.sha256).where(_file.c.sha256.in_(some), _file.c.content.is_(None))
        found |= {*connection.execute(raws).scalars(), *connection.execute(files).scalars()}
        found |= set(letter_files.find_blobs(connection, some))
    return found


def tidy(connection: Connection) -> None:
    """SQLite: carry the log over and cut it off, for it holds the pages as they were. PostgreSQL vacuums by itself."""
    if connection.dialect.name == "sqlite":
        search.tidy(connection)
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@dataclass(frozen=True)
class Aside:
    """Blobs of a folder (see `store.blobs.LocalBlobs`) that nobody names, on their way out. Blocks; raises OSError."""

    folder: Path

    def _place(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def _aside(self, name: str) -> Path:
        return self.folder / DISPOSED / name

    def put(self, names: Iterable[str]) -> None:
        """Set these aside, from now on."""
        for name in sorted(names):
            self._aside(name).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.utime(self._place(name))
                self._place(name).rename(self._aside(name))
            except FileNotFoundError:
                continue  # an earlier run has it
            _sync(self._place(name).parent, self._aside(name).parent)

    def names(self, before: datetime | None = None) -> set[str]:
        """What is set aside; only what was before this time, when given."""
        return {name for name in self._list(before) if not name.endswith(_NOTE)}

    def note(self, names: Iterable[str]) -> None:
        """These are about to lose their rows: whoever dies in between has left word."""
        for name in names:
            self._aside(name).parent.mkdir(parents=True, exist_ok=True)
            self._aside(name + _NOTE).touch()

    def noted(self, before: datetime) -> set[str]:
        """What was noted before this time, by somebody who did not come to setting it aside."""
        return {name.removesuffix(_NOTE) for name in self._list(before) if name.endswith(_NOTE)}

    def forget(self, names: Iterable[str]) -> None:
        """What was noted is done."""
        self.remove(name + _NOTE for name in names)

    def _list(self, before: datetime | None) -> set[str]:
        try:
            found = list(os.scandir(self.folder / DISPOSED))
        except FileNotFoundError:
            return set()
        latest = before.timestamp() if before is not None else float("inf")
        return {each.name for each in found if each.stat().st_mtime <= latest}

    def put_back(self, names: Iterable[str]) -> None:
        """A row names them after all."""
        for name in sorted(names):
            if not self._place(name).exists():
                self._place(name).parent.mkdir(parents=True, exist_ok=True)
                self._aside(name).rename(self._place(name))
                _sync(self._place(name).parent, self._aside(name).parent)
            else:  # whoever brought the bytes has written them anew
                self.remove([name])

    def remove(self, names: Iterable[str]) -> None:
        """For good."""
        for name in names:
            self._aside(name).unlink(missing_ok=True)


def _sync(*folders: Path) -> None:
    """Make what changed in these folders survive a power cut."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

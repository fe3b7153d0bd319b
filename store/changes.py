"""What can be written, as plain values: made anywhere, also where there is no database (see `store.statements`)."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

import msgspec
from msgspec import Struct

from normalizer.messages import OutboundMessage

# The order in which one transaction runs them: what is pointed to before what points to it.
INSERT_CASE: Final = 1
INSERT_RAW: Final = 2
INSERT_MESSAGE: Final = 3
INSERT_FILE: Final = 4
INSERT_OUTBOX: Final = 5
INSERT_EVENT: Final = 6
SETTLE: Final = 7
"""The result of an attempt: state, due_at, claimed_by, attempts, results of the `entry`."""
UNDERSTAND: Final = 8
"""A `case` whose message was understood at last."""
IDENTIFY: Final = 9
"""The `raw` message of such a case gets the external_id that it would have had at once."""
PROMISE: Final = 10
"""The receipt of a `message` for which none could be made at first."""
INSERT_BLOCK: Final = 11
"""An address that automatic letters do not go to for a while."""

WAIT: Final = 12
"""Somebody waits for an answer in a `case` again: state, waiting_since, due, clock_at, alarm."""
INSERT_CONTACT: Final = 13
"""Somebody writes for the first time on a channel of conversations."""
INSERT_MEDIA: Final = 14
"""A file that the provider keeps is owed."""
RECONSIDER: Final = 15
"""A `case` that several messages in a row tell more of: department, routing, matter, alarm, told_at, clock_at."""
SPEAK: Final = 16
"""A `contact` writes in another language now."""
ALARM: Final = 17
"""A later message of a `case` tells of danger: alarm, clock_at. Never beside RECONSIDER, which holds them too."""

Change = tuple[int, Mapping[str, Any]]
"""One of these, and the values of one row by name."""

COLUMNS: Mapping[int, tuple[str, ...]] = {
    kind: tuple(names.split())
    for kind, names in {
        INSERT_CASE: "id reference state received_at channel department routing kind category language subject"
        " due failed_step error matter alarm version sampled told_at answered_at waiting_since clock_at"
        " joined_to",
        INSERT_RAW: "id case_id channel account external_id received_at headers url envelope_from envelope_to"
        " sha256 size body",
        INSERT_MESSAGE: "id case_id kind received_at sent_at sender answer_to recipients subject text new_text"
        " language category place occurred message_id references withheld labels receipt forwarded"
        " contact turn",
        INSERT_FILE: "message_id position filename content_type size sha256 content",
        INSERT_OUTBOX: "id case_id purpose channel recipient recipient_name subject text html language"
        " message_id in_reply_to references created_at state due_at claimed_by attempts results provider_id choices",
        INSERT_EVENT: "id case_id at type data",
        INSERT_BLOCK: "id channel value status entry_id at until",
        INSERT_CONTACT: "id channel value language first_at stopped_at last_command",
        INSERT_MEDIA: "id case_id message_id position channel source filename content_type size created_at state"
        " due_at claimed_by attempts detail",
        # What changes a row ends with the row's id.
        SETTLE: "state due_at claimed_by attempts results provider_id entry",
        UNDERSTAND: "state department routing kind category language subject failed_step error matter alarm"
        " sampled told_at waiting_since clock_at case",
        IDENTIFY: "external_id raw",
        PROMISE: "withheld receipt message",
        WAIT: "state due alarm waiting_since clock_at case",
        RECONSIDER: "department routing matter alarm told_at clock_at case",
        SPEAK: "language contact",
        ALARM: "alarm clock_at case",
    }.items()
}
"""The values of each in the order of its statement. A row travels between processes without their names."""

Row = tuple[Any, ...]
"""Those values, plain."""


class Owed(Struct, frozen=True, kw_only=True, array_like=True):
    """An outbound message and what has been tried."""

    message: OutboundMessage
    case_id: str
    purpose: str
    attempts: int
    results: tuple[dict[str, Any], ...]


_encode = msgspec.json.Encoder().encode
PLAIN = frozenset({str, int, float, bool, bytes, type(None)})
"""Types that both databases and both processes take as they are."""


_TIMES = "due received_at sent_at told_at answered_at waiting_since clock_at created_at due_at first_at stopped_at at until"
_STRUCTURES = "routing headers envelope_to sender answer_to recipients references labels receipt forwarded results choices data"
WRITTEN = frozenset(f"{_TIMES} {_STRUCTURES}".split())
"""Columns with times, dates and structures. All others hold plain values."""

_pick = {kind: itemgetter(*names) for kind, names in COLUMNS.items()}
_written = {
    kind: tuple([place for place, name in enumerate(names) if name in WRITTEN])
    for kind, names in COLUMNS.items()
}


def make_row(change: Change) -> tuple[int, Row]:
    """A change as both databases and both processes take it. Raises KeyError when a value is missing."""
    kind, values = change
    row = list(_pick[kind](values))
    for place in _written[kind]:
        if type(row[place]) not in PLAIN:
            row[place] = write(row[place])
    return kind, tuple(row)


def write(value: Any) -> Any:
    """A value that is none of the plain ones: times and dates as ISO 8601, structures as JSON."""
    if not value:
        return _EMPTY.get(type(value)) or write_json(value)
    writer = _WRITERS.get(type(value))
    return write_json(value) if writer is None else writer(value)


_EMPTY: Mapping[type, str] = {list: "[]", tuple: "[]", dict: "{}"}
"""Most lists of a message are empty."""


@lru_cache(maxsize=16)  # the time of arrival stands in half of a message's rows
def write_time(value: datetime) -> str:
    """A time as SQLite keeps it: one zone and always microseconds, so that the text sorts as the time does."""
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(timespec="microseconds")


def write_json(value: object) -> str:
    """A value as both databases keep it in a JSON column."""
    return _encode(value).decode()


_WRITERS: Mapping[type, Callable[[Any], str]] = {datetime: write_time, date: date.isoformat}

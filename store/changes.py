"""What can be written, as plain values: made anywhere, also where there is no database (see `store.statements`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec

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
"""Somebody waits for an answer in a `case` again: state, waiting_since, due, clock_at."""

Change = tuple[int, Mapping[str, Any]]
"""One of these, and the values of one row by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """An outbound message and what has been tried."""

    message: OutboundMessage
    case_id: str
    purpose: str
    attempts: int
    results: tuple[dict[str, Any], ...]


_encode = msgspec.json.Encoder().encode
PLAIN = frozenset({str, int, float, bool, bytes, type(None)})
"""Types that both databases and both processes take as they are."""


def make_plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as both databases and both processes take it."""
    return {name: value if type(value) in PLAIN else write(value) for name, value in row.items()}


def write(value: Any) -> Any:
    """A value that is none of the plain ones: times and dates as ISO 8601, structures as JSON."""
    if isinstance(value, datetime):
        return write_time(value)
    return value.isoformat() if isinstance(value, date) else write_json(value)


def write_time(value: datetime) -> str:
    """A time as SQLite keeps it: one zone and always microseconds, so that the text sorts as the time does."""
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(timespec="microseconds")


def write_json(value: object) -> str:
    """A value as both databases keep it in a JSON column."""
    return _encode(value).decode()

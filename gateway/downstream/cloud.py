"""An event of a case as other systems get it: CloudEvents 1.0 in JSON. Pure.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md. Thin: it says that something
happened to which case, and whoever has the right asks for the rest.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from normalizer.reference import show_reference

PREFIX = "kvitto."
"""Before the name that an event has in a case's history."""

MEDIA_TYPE = "application/cloudevents+json"
TEST = "endpoint.test"
"""The type of what a test sends; it belongs to no case."""


def make_event(row: Any, source: str, record: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The envelope of one row of the feed (`store.feed.Page.events`); `record` goes along where that was agreed."""
    reference = show_reference(row.reference)
    data = {"case": row.case_id, "reference": reference, "department": row.department}
    return {
        "specversion": "1.0",
        "id": row.id,
        "source": source,
        "type": f"{PREFIX}{row.type}",
        "subject": reference,
        "time": show_time(row.at),
        "datacontenttype": "application/json",
        # The extension "sequence" of CloudEvents: a text that sorts.
        "sequence": f"{row.position:020d}",
        "data": data if record is None else {**data, "record": dict(record)},
    }


def make_test(identity: str, source: str, at: datetime) -> dict[str, Any]:
    """What `kvitto endpoints test` sends."""
    return {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": f"{PREFIX}{TEST}",
        "time": show_time(at),
        "datacontenttype": "application/json",
        "data": {},
    }


def name_source(public_url: str) -> str:
    """Which installation it is: its address in the world, or a name where it has none."""
    return public_url or "urn:kvitto"


def show_time(at: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""The record of a case as other systems get it. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from gateway.downstream.cloud import show_time
from normalizer.organisation import Organisation
from normalizer.reference import show_reference
from store.access import WHOLE

FIELDS = (
    "reference", "state", "received_at", "channel", "department", "boards", "due", "told_at", "answered_at",
    "kind", "category", "matter", "alarm", "language",
)  # fmt: skip
"""The names of a record, in their order."""

REGISTER_FIELDS = frozenset(FIELDS[:9])
"""What is told of a case of which only the register may be seen: the rest is empty."""

TEXT_FIELDS = ("subject", "messages")
"""Beside them where residents' text was agreed: both hold what they wrote."""


def make_record(row: Any, organisation: Organisation) -> dict[str, Any]:
    """The values of one row of `store.records`, without a word of what anybody wrote."""
    department = organisation.departments.get(row.department)
    boards = department.called_on(row.received_at.date()).boards or department.boards if department else ()
    values: dict[str, Any] = {
        "reference": show_reference(row.reference),
        "boards": list(boards),
        **{name: _show(getattr(row, name)) for name in FIELDS if name not in {"reference", "boards"}},
    }
    whole = row.level == WHOLE
    return {name: values[name] if whole or name in REGISTER_FIELDS else "" for name in FIELDS}


def make_texts(row: Any, texts: Sequence[Any]) -> dict[str, Any]:
    """What residents wrote, as `store.records.list_texts` found it."""
    messages = [
        {
            "id": each.id,
            "received_at": show_time(each.received_at),
            "sender": each.sender,
            "subject": each.subject,
            "text": each.text,
        }
        for each in texts
    ]
    return {"subject": row.subject if messages else "", "messages": messages}


def _show(value: Any) -> Any:
    if isinstance(value, datetime):
        return show_time(value)
    if isinstance(value, date):
        return value.isoformat()
    return value

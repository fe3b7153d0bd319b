"""Whose message staff forwarded: what is proposed, in plain words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from store.cases import CaseFile

HERE = ZoneInfo("Europe/Stockholm")

CONFIRMED = "message.sender_confirmed"
"""The event that a confirmation leaves on its case."""


def find_message(found: "CaseFile") -> Any:
    """The message whose sender is in question: the newest with a proposal, else the one that opened the case."""
    proposed = [message for message in found.messages if message.forwarded]
    return next(iter(proposed[-1:] or found.messages[:1]), None)


def describe(message: Any, events: Sequence[Any], number: str) -> Iterator[str]:
    """Lines about the original sender of a message; none where nobody forwarded it."""
    told = [event for event in events if event.type == CONFIRMED and event.data.get("message") == message.id]
    if message.forwarded:
        original, by = message.forwarded["sender"], (message.sender or {}).get("value", "")
        by = told[0].data.get("was", by) if told else by
        yield f"Forwarded by {by}. The original seems to be from {_name(original)}"
        parts = [f"sent {_moment(message.forwarded['sent_at'])}" if message.forwarded.get("sent_at") else ""]
        parts.append(f"subject: {message.forwarded['subject']}" if message.forwarded.get("subject") else "")
        if any(parts):
            yield ", ".join(part for part in parts if part)
        if not told:
            option = "" if original.get("value") else " --address ADDRESS"
            yield f"Nobody has confirmed it, and the resident has no receipt: kvitto cases confirm-sender {number}{option}"
    for event in told:
        when = f"{event.at.astimezone(HERE):%Y-%m-%d %H:%M}"
        yield f"Sender confirmed by {event.data.get('by')} {when}: {event.data.get('address')}"


def _name(address: dict[str, str]) -> str:
    name, value = address.get("name", ""), address.get("value", "")
    return f"{name} <{value}>" if name and value else value or f"{name} (no address)"


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(HERE):%Y-%m-%d %H:%M}"

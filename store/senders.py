"""Whose message it is, when a person says so."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from normalizer.messages import Address
from store.changes import Change
from store.statements import table
from store.tables import Message
from store.writer import apply

_message = table(Message)


def confirm_sender(
    connection: Connection,
    message_id: str,
    *,
    was: Mapping[str, str] | None,
    sender: Address,
    changes: Iterable[Change],
) -> bool:
    """From now on the message is this person's, and answers go there. `changes` commit with it.

    False, and nothing is written, when the sender is no longer what it was: somebody else was quicker.
    """
    query = select(_message.c.sender).where(_message.c.id == message_id).with_for_update()
    if connection.execute(query).scalar_one() != was:
        return False
    value: dict[str, Any] = {"channel": sender.channel, "value": sender.value, "name": sender.name}
    connection.execute(
        update(_message).where(_message.c.id == message_id).values(sender=value, answer_to=[value])
    )
    apply(connection, changes)
    return True

"""Addresses that no automatic letter goes to for a while, since one came back for good."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from store.statements import table
from store.tables import AddressBlock

_block = table(AddressBlock)


def list_blocks(connection: Connection, *, now: datetime) -> Sequence[Row[Any]]:
    """Every block that holds now: value, until, status; the longest last."""
    return connection.execute(select(_block).where(_block.c.until > now).order_by(_block.c.until)).all()


def unblock(connection: Connection, address: str) -> int:
    """Let letters go to this address again. Return how many blocks there were."""
    return connection.execute(delete(_block).where(func.lower(_block.c.value) == address.lower())).rowcount

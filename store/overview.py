"""How things stand, as figures: for whoever watches. Counts and times, nothing of anybody."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, func, select

from store.conversation_tables import Media
from store.downstream_tables import Delivery, Handover
from store.mailbox_tables import MailboxFolder
from store.statements import table
from store.tables import Case, OutboxEntry, Raw

MOST_ARRIVALS = 50_000
"""Deliveries from which the rhythm of the channels is told."""

_case, _outbox, _raw = table(Case), table(OutboxEntry), table(Raw)
_delivery, _handover, _media, _folder = table(Delivery), table(Handover), table(Media), table(MailboxFolder)


class Overview(Struct, frozen=True, kw_only=True):
    """Figures of one moment."""

    open: int
    # cases
    undecided: int
    # of these, for the contact centre to send on
    late: int
    # somebody waits, and the promised day is over
    unreadable: int
    # cases that a person has to look at, since we could not understand them
    queued: int
    # letters that are to be sent
    oldest_queued: datetime | None
    # when the oldest of them was made
    failed: int
    # letters that were given up
    returned: int
    # letters that came back
    calls: int
    # to other systems, still to be made
    dead_calls: int
    media: int
    # files that a provider still keeps
    unconfirmed: int
    # cases that a register has not confirmed
    mailboxes: dict[str, datetime]
    # mailbox folder -> when it was looked at last


def look_over(connection: Connection, *, today: date) -> Overview:
    """How things stand now."""

    def count(column: Any, *where: ColumnElement[bool]) -> int:
        return int(connection.execute(select(func.count()).select_from(column).where(*where)).scalar_one())

    is_open = _case.c.state == "open"
    queued, oldest = connection.execute(
        select(func.count(), func.min(_outbox.c.created_at)).where(_outbox.c.state == "queued")
    ).one()
    looked = select(_folder.c.source, func.max(_folder.c.looked_at)).group_by(_folder.c.source)
    return Overview(
        open=count(_case, is_open),
        undecided=count(_case, is_open, _case.c.department == ""),
        late=count(_case, is_open, _case.c.waiting_since.is_not(None), _case.c.due < today),
        unreadable=count(_case, _case.c.failed_step != ""),
        queued=queued,
        oldest_queued=oldest,
        failed=count(_outbox, _outbox.c.state == "failed"),
        returned=count(_outbox, _outbox.c.state == "returned"),
        calls=count(_delivery, _delivery.c.state == "queued"),
        dead_calls=count(_delivery, _delivery.c.state == "dead"),
        media=count(_media, _media.c.state == "waiting"),
        unconfirmed=count(_handover, _handover.c.diary_number == ""),
        mailboxes={row[0]: row[1] for row in connection.execute(looked)},
    )


def list_arrivals(connection: Connection, *, since: datetime) -> dict[str, list[datetime]]:
    """When the latest deliveries came, by channel, the newest first."""
    # Ids begin with the time: the newest rows are read, and no others.
    newest = select(_raw.c.channel, _raw.c.received_at).order_by(_raw.c.id.desc()).limit(MOST_ARRIVALS)
    found: dict[str, list[datetime]] = {}
    for channel, at in connection.execute(newest):
        if at >= since:
            found.setdefault(channel, []).append(at)
    return {channel: sorted(times, reverse=True) for channel, times in found.items()}


def list_faults(connection: Connection, *, most: int) -> dict[str, Any]:
    """The latest unreadable cases by step and type of error, and the latest letters that failed by the first code.

    A relay's words may repeat an address, and are left out but for a leading number.
    """
    unreadable = (
        select(_case.c.received_at, _case.c.channel, _case.c.failed_step, _case.c.error)
        .where(_case.c.failed_step != "")
        .order_by(_case.c.id.desc())
        .limit(most)
    )
    failed = (
        select(_outbox.c.created_at, _outbox.c.channel, _outbox.c.purpose, _outbox.c.state, _outbox.c.results)
        .where(_outbox.c.state.in_(("failed", "returned")))
        .order_by(_outbox.c.id.desc())
        .limit(most)
    )
    letters = []
    for row in connection.execute(failed):
        first = str(row.results[-1].get("detail", "")).partition(" ")[0] if row.results else ""
        letters.append(
            {
                "at": row.created_at,
                "channel": row.channel,
                "purpose": row.purpose,
                "state": row.state,
                "attempts": len(row.results),
                "code": first if first.isdecimal() else "",
            }
        )
    cases = [dict(row._mapping) for row in connection.execute(unreadable)]  # noqa: SLF001  # SQLAlchemy's documented name for it
    return {"unreadable": cases, "letters": letters}

"""Reconciliation: what lies in a mailbox, and what became of each mail. Reads only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from channels.ledger import HERE, Folder, Ledger
from channels.mailbox.account import Account
from channels.mailbox.imap import Selected, Session
from channels.mailbox.look import RANGE, widen
from channels.thread import Worker

SHOWN = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Survey:
    """The count: at_source = stored + the sum of explained + waiting + missing."""

    name: str
    trouble: str = ""
    # why nothing could be counted
    uidvalidity: int = 0
    at_source: int = 0
    stored: int = 0
    explained: Mapping[str, int] = field(default_factory=dict)
    # by reason
    waiting: int = 0
    # came after the last look, or there has been none yet
    missing: int = 0
    # passed by without a note that holds: this must never be
    missing_uids: tuple[int, ...] = ()
    # some of them
    ends: Mapping[str, datetime] = field(default_factory=dict)
    # what will end, and when


async def survey(
    account: Account, session: Session, worker: Worker, ledger: Ledger | None, selected: Selected
) -> Survey:
    """Count, range by range. Raises MailboxTrouble, NotAccepted or TimeoutError."""
    folder = Folder(source=account.source, uidvalidity=selected.uidvalidity)
    mark = await ledger.mark(folder) if ledger else 1
    explained: Counter[str] = Counter()
    at_source = stored = waiting = missing = 0
    missing_uids: list[int] = []
    low, span = 1, RANGE
    while low < selected.next_uid:
        high = min(low + span - 1, selected.next_uid - 1)
        found = await worker.run(session.search, low, high)
        early: set[int] = set()
        if found and account.since:
            early.update(await worker.run(session.search, low, high, before=account.since))
        known = await ledger.outcomes(folder, low, high) if found and ledger else {}
        for uid in found:
            at_source += 1
            outcome = known.get(uid)
            if outcome in HERE:
                stored += 1
            elif outcome is not None and outcome not in {"lost", "vanished"}:
                explained[outcome] += 1
            elif outcome is None and uid in early:
                explained["before-since"] += 1
            elif outcome is None and uid >= mark:
                waiting += 1
            else:
                missing += 1
                missing_uids += [uid] if len(missing_uids) < SHOWN else []
        span = widen(span, len(found), selected.exists)
        low = high + 1
    return Survey(
        name=account.name,
        uidvalidity=selected.uidvalidity,
        at_source=at_source,
        stored=stored,
        explained=dict(explained),
        waiting=waiting,
        missing=missing,
        missing_uids=tuple(missing_uids),
    )

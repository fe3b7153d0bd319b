"""One look into a mailbox: list what is new in ranges, fetch it in small groups, accept, note, finish.

A mailbox may hold any number of mails: no list of all of them is ever held. What is below the mark is accounted
for; a full look walks through all ranges again and compares each with the ledger.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import structlog

from channels.authenticity.relayed import read_relayed
from channels.base import Accept, NotAccepted
from channels.ledger import AGAIN, Folder, Ledger, Note, Outcome
from channels.mailbox.account import Account
from channels.mailbox.imap import Fetched, MailboxTrouble, MailLost, Selected, Session
from channels.thread import Worker
from normalizer.messages import RawMessage

log = structlog.get_logger()

RANGE = 1000
MOST_LISTED = 65_536
"""UIDs asked for at a time, and how many an answer may name: it stays below imaplib's longest line."""

LISTED = 100
GROUP = 50
GROUP_BYTES = 4_000_000
"""Mails whose sizes are asked for at a time, and how many of them, and bytes, are fetched at a time."""

STRIKES = 3
"""How often one mail may break a fetch, or be refused alone, before it is explained and passed by."""

FINISHED = 200
"""Mails flagged, moved or deleted at a time."""


def widen(span: int, found: int, exists: int) -> int:
    """The width of the next range: wider where few mails exist, so that sparse numbers cost few questions."""
    if found >= RANGE // 4:
        return RANGE
    # An answer names at most all mails there are: then the width itself needs no limit.
    return span * 4 if exists <= MOST_LISTED else min(span * 4, MOST_LISTED)


class Look:
    """The looks into one mailbox: what it remembers lasts from one to the next, and need not last longer."""

    def __init__(self, account: Account, largest: int, accept: Accept, ledger: Ledger) -> None:
        self._account = account
        self._largest = largest
        self._accept = accept
        self._ledger = ledger
        self._strikes: dict[tuple[Folder, int], int] = {}
        self._passed: set[tuple[Folder, int]] = set()
        # explained since the last full look that came to its end: one that breaks it must not break the next too
        self._told: set[Folder] = set()

    async def run(self, session: Session, worker: Worker, selected: Selected, *, full: bool) -> None:
        """Take everything that is new. Raises MailboxTrouble, TimeoutError, or NotAccepted when the store is away."""
        folder = Folder(source=self._account.source, uidvalidity=selected.uidvalidity)
        mark = await self._ledger.open(folder, selected.next_uid)
        if folder not in self._told:
            self._told = {folder}
            log.info(
                "mailbox.opened",
                mailbox=self._account.name,
                uidvalidity=selected.uidvalidity,
                mails=selected.exists,
                from_uid=mark,
            )
        # With `since`, or after another mark, an earlier mail may be wanted now: a full look begins at the first.
        low, span, whole = (1 if full else mark), RANGE, True
        while low < selected.next_uid:
            high = min(low + span - 1, selected.next_uid - 1)
            uids = await worker.run(session.search, low, high, self._account.since)
            if uids:
                known = await self._ledger.outcomes(folder, low, high)
                wanted = [
                    uid
                    for uid in uids
                    if uid not in known or (full and self._may_retry(folder, uid, known[uid]))
                ]
                whole = await self._take(session, worker, folder, wanted) and whole
            if whole and high >= mark:
                mark = high + 1
            span = widen(span, len(uids), selected.exists)
            low = high + 1
        await self._ledger.advance(folder, mark)
        if full:
            self._passed.clear()
        if self._account.after != "leave":
            await self._finish(session, worker, folder)

    def _may_retry(self, folder: Folder, uid: int, outcome: Outcome) -> bool:
        return outcome in AGAIN and (folder, uid) not in self._passed

    async def _take(self, session: Session, worker: Worker, folder: Folder, uids: Sequence[int]) -> bool:
        """Fetch, accept and note these. False: some are left for the next look."""
        whole = True
        for start in range(0, len(uids), LISTED):
            listed = uids[start : start + LISTED]
            sizes = await worker.run(session.sizes, listed)
            missed = {uid: 0 for uid in listed if uid not in sizes}
            whole = await self._miss(session, worker, folder, missed) and whole
            large = {uid: size for uid, size in sizes.items() if size > self._largest}
            await self._explain(folder, large, "too-large")
            # What has broken a fetch before comes last, so that the others come in.
            order = sorted(sizes, key=lambda uid: ((folder, uid) in self._strikes, uid))
            fitting = {uid: sizes[uid] for uid in order if sizes[uid] <= self._largest}
            for group in self._group(folder, fitting):
                whole = await self._take_group(session, worker, folder, group, fitting) and whole
        return whole

    def _group(self, folder: Folder, sizes: Mapping[int, int]) -> Iterator[list[int]]:
        """Mails to fetch together. One that has broken a fetch before is fetched alone."""
        group: list[int] = []
        total = 0
        for uid, size in sizes.items():
            alone = (folder, uid) in self._strikes
            if group and (alone or len(group) == GROUP or total + size > GROUP_BYTES):
                yield group
                group, total = [], 0
            group.append(uid)
            total += size
            if alone:
                yield group
                group, total = [], 0
        if group:
            yield group

    async def _take_group(
        self, session: Session, worker: Worker, folder: Folder, uids: Sequence[int], sizes: Mapping[int, int]
    ) -> bool:
        try:
            mails = await worker.run(session.fetch, uids, self._largest)
        except MailLost:
            if len(uids) > 1:  # which of them is it?
                results = [await self._take_group(session, worker, folder, [uid], sizes) for uid in uids]
                return all(results)
            return await self._miss(session, worker, folder, {uids[0]: sizes[uids[0]]})
        except (MailboxTrouble, TimeoutError):
            for uid in uids:
                # Whether it was one of these or the line we cannot know; alone, the third time tells.
                await self._strike(folder, uid, sizes[uid], "unfetchable", alone=len(uids) == 1)
            raise
        missed = {uid: sizes[uid] for uid in uids if uid not in mails}
        whole = await self._miss(session, worker, folder, missed)
        large = {uid: len(mail.body) for uid, mail in mails.items() if len(mail.body) > self._largest}
        await self._explain(folder, large, "too-large")
        fitting = {uid: mail for uid, mail in mails.items() if len(mail.body) <= self._largest}
        return await self._keep(folder, fitting, sizes) and whole

    async def _miss(self, session: Session, worker: Worker, folder: Folder, sizes: Mapping[int, int]) -> bool:
        """These were listed and yet not handed out: they are gone, or the server cannot."""
        if not sizes:
            return True
        there = await worker.run(session.find, list(sizes))
        await self._explain(
            folder, {uid: size for uid, size in sizes.items() if uid not in there}, "vanished"
        )
        whole = True
        for uid in there:
            whole = await self._strike(folder, uid, sizes[uid], "unfetchable") and whole
        return whole

    async def _keep(self, folder: Folder, mails: Mapping[int, Fetched], sizes: Mapping[int, int]) -> bool:
        """Accept these mails and note those that are durable."""
        answers = await asyncio.gather(
            *(self._accept(self._raw(mail)) for mail in mails.values()), return_exceptions=True
        )
        notes, refused = [], []
        for uid, answer in zip(mails, answers, strict=True):
            if not isinstance(answer, BaseException):
                after = self._account.after != "leave"
                notes.append(Note(uid=uid, size=sizes[uid], outcome="stored", accepted=answer, after=after))
            elif isinstance(answer, Exception):
                refused.append((uid, answer))
            else:
                raise answer
        if notes:
            await self._ledger.note(folder, notes)
            for note in notes:
                self._strikes.pop((folder, note.uid), None)
        whole = True
        for uid, error in refused:
            if not isinstance(error, NotAccepted):
                log.error(
                    "delivery.failed", channel="email", mailbox=self._account.name, uid=uid, exc_info=error
                )
            elif not notes:
                raise error  # it takes none: the store is away, and this mail is not to blame
            whole = await self._strike(folder, uid, sizes[uid], "not-accepted") and whole
        return whole

    def _raw(self, mail: Fetched) -> RawMessage:
        now = datetime.now(UTC)
        # It reached the city when its mailbox got it, though we were away: the promise counts from then.
        arrived = min(mail.arrived_at, now) if mail.arrived_at is not None else now
        # The channel and account of SMTP: the same mail by either way is the same delivery.
        account = self._account
        ids = frozenset(each.lower() for each in account.authserv_ids)
        return RawMessage(
            channel="email",
            received_at=arrived,
            body=mail.body,
            headers=read_relayed(
                mail.body, ids=ids, received_lines=account.received_lines, nameless=account.authserv_nameless
            )
            if ids or account.authserv_nameless
            else {},
            envelope_to=(account.address,),
        )

    async def _strike(
        self, folder: Folder, uid: int, size: int, outcome: Outcome, *, alone: bool = True
    ) -> bool:
        """Count a failure. True: it was the last, and the mail is explained and passed by until the next full look."""
        key = (folder, uid)
        strikes = self._strikes.get(key, 0) + (1 if alone or key not in self._strikes else 0)
        self._strikes[key] = strikes
        if strikes < STRIKES:
            return False
        await self._explain(folder, {uid: size}, outcome)
        return True

    async def _explain(self, folder: Folder, sizes: Mapping[int, int], outcome: Outcome) -> None:
        """Note why these are not taken, and tell the operator."""
        if not sizes:
            return
        await self._ledger.note(folder, [Note(uid=uid, size=sizes[uid], outcome=outcome) for uid in sizes])
        level = log.info if outcome == "vanished" else log.warning
        for uid, size in sizes.items():
            self._strikes.pop((folder, uid), None)
            self._passed.add((folder, uid))
            level(
                "mailbox.passed_by",
                mailbox=self._account.name,
                uid=uid,
                uidvalidity=folder.uidvalidity,
                size=size,
                because=outcome,
            )

    async def _finish(self, session: Session, worker: Worker, folder: Folder) -> None:
        """Flag, move or delete what is stored: what came just now, and what a crash left undone."""
        account = self._account
        while uids := await self._ledger.owed(folder, FINISHED):
            try:
                how = await worker.run(session.finish, uids)
            except MailboxTrouble as error:
                if error.reason != "after":
                    raise
                # Taking in mail goes on; this is tried again at the next look.
                log.warning(
                    "mailbox.unfinished", mailbox=account.name, wanted=account.after, problem=str(error)
                )
                return
            await self._ledger.settle(folder, uids, how)
            log.info("mailbox.finished", mailbox=account.name, mails=len(uids), how=how)

"""Mailboxes by IMAP: any number, each looked at by a task of its own with a thread for its connection.

What was fetched is known by the ledger alone, UIDVALIDITY and UID. Flags, and whatever other programs do in the
mailbox, decide nothing. A mail is first accepted (durable), then noted in the ledger, then flagged, moved or
left: a crash in between fetches it again, and its identity makes that a repetition.
"""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Self

import structlog

from channels.base import Accept, NotAccepted, Surroundings
from channels.handed_on import NOBODY, HandingOn
from channels.inbound_mail import read_delivery
from channels.lease import work_when_held
from channels.ledger import Fetcher, Ledger
from channels.mailbox.account import Account, build_account
from channels.mailbox.imap import MailboxTrouble, Selected, Session, ask_token
from channels.mailbox.look import Look
from channels.mailbox.oauth import Token
from channels.mailbox.survey import Survey, survey
from channels.thread import Worker
from normalizer.messages import InboundMessage, RawMessage

log = structlog.get_logger()

FULL_LOOK_SECONDS = 6 * 3600.0
"""How often a folder is looked through from its first mail: what was missed or explained gets another chance."""

LONGEST_PAUSE = 300.0
REFUSED_PAUSE = 60.0
"""Seconds between attempts at most, and at least after a refused login: more often may lock the account."""

WATCHDOG_SECONDS = 900.0
"""How long one step may take altogether, whatever trickles in."""

WARN_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Mailbox(Fetcher):
    """The city's mailboxes. What comes from them is e-mail: the channel "email" understands and identifies it."""

    accounts: tuple[Account, ...]
    largest: int
    addresses: frozenset[str]
    # addresses of ours, lower-case
    handing_on: HandingOn = NOBODY
    # who sends us residents' messages on
    _tokens: dict[str, Token] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(cls, options: Mapping[str, Any], surroundings: Surroundings) -> Self:
        accounts = tuple(build_account(box) for box in options["boxes"])
        own = {*surroundings.addresses, *(account.address for account in accounts)}
        for department in surroundings.organisation.departments.values():
            own.update(department.addresses)
        return cls(
            accounts=accounts,
            largest=options["largest"],
            addresses=frozenset(address.lower() for address in own),
            handing_on=HandingOn.of(surroundings.organisation),
        )

    def parse(self, raw: RawMessage) -> InboundMessage:
        return read_delivery(raw, lambda address: address.lower() in self.addresses, self.handing_on)

    async def collect(self, accept: Accept, ledger: Ledger, opened: Callable[[], None]) -> None:
        opened()  # a mail server that is away is no reason not to start
        async with asyncio.TaskGroup() as group:
            for account in self.accounts:
                name = f"mailbox {account.name}"
                work = partial(self._work, account, accept, ledger)
                group.create_task(work_when_held(ledger, account.source, name, work), name=name)

    async def survey(self, account: Account, ledger: Ledger | None) -> Survey:
        """Count what lies in the mailbox and what became of it; without a ledger, nothing has. Changes nothing."""
        session, worker = Session(account), _hire(account)
        try:
            token = await self._find_token(account, worker)
            await worker.run(session.open, token)
            selected = await worker.run(session.select, readonly=True)
            counted = await survey(account, session, worker, ledger, selected)
            return replace(counted, ends=expiries(account, token))
        except (MailboxTrouble, NotAccepted, TimeoutError) as error:
            return Survey(name=account.name, trouble=str(error) or "no answer in time")
        finally:
            session.kill()
            worker.end(session.close)

    async def _work(self, account: Account, accept: Accept, ledger: Ledger) -> None:
        """Connect, look, wait, look again; after trouble connect anew, later each time."""
        failures, looked_through = 0, 0.0
        look = Look(account, self.largest, accept, ledger)
        while True:
            pause = 0.0
            session, worker = Session(account), _hire(account)
            try:
                selected = await self._connect(account, session, worker)
                if failures:
                    log.info("mailbox.back", mailbox=account.name, after=failures)
                while True:
                    full = not looked_through or time.monotonic() - looked_through > FULL_LOOK_SECONDS
                    await look.run(session, worker, selected, full=full)
                    failures = 0
                    if full:
                        looked_through = time.monotonic()
                        _warn_of_expiry(account, self._tokens.get(account.source))
                    if not (account.idle and await worker.run(session.wait, account.poll_seconds)):
                        await asyncio.sleep(account.poll_seconds)
                    selected = await worker.run(session.select, readonly=account.after == "leave")
            except (MailboxTrouble, TimeoutError) as error:
                failures += 1
                reason = error.reason if isinstance(error, MailboxTrouble) else "watchdog"
                pause = _pause(failures)
                if reason in {"login", "token"}:
                    self._tokens.pop(account.source, None)
                    pause = max(pause, REFUSED_PAUSE)
                log.warning(
                    "mailbox.unreachable",
                    mailbox=account.name,
                    reason=reason,
                    problem=str(error) or "a step took too long",
                    attempt=failures,
                    retry_in=round(pause),
                )
            except NotAccepted as error:
                # The store, not the mailbox: everything stays where it is until it can be kept.
                pause = error.retry_after
                log.warning("mailbox.put_off", mailbox=account.name, reason=str(error), retry_in=pause)
            finally:
                session.kill()
                worker.end(session.close)
            await asyncio.sleep(pause)

    async def _connect(self, account: Account, session: Session, worker: Worker) -> Selected:
        token = await self._find_token(account, worker)
        await worker.run(session.open, token)
        return await worker.run(session.select, readonly=account.after == "leave")

    async def _find_token(self, account: Account, worker: Worker) -> Token | None:
        known = self._tokens.get(account.source)
        if known is not None and known.is_fresh(datetime.now(UTC)):
            return known
        token = await worker.run(ask_token, account)
        if token is not None:
            self._tokens[account.source] = token
        return token


def _hire(account: Account) -> Worker:
    return Worker(f"mailbox {account.name}", patience=WATCHDOG_SECONDS + account.poll_seconds)


def _pause(failures: int) -> float:
    """Seconds until the next attempt: 2, 4, 8 ... at most five minutes, spread so that many do not come at once."""
    return min(LONGEST_PAUSE, 2.0 ** min(failures, 9)) * random.uniform(0.75, 1.0)  # noqa: S311  # no secret


def expiries(account: Account, token: Token | None) -> dict[str, datetime]:
    """What will end, and when: the access token (renewed by itself), the refresh token, the application's secret."""
    ends: dict[str, datetime] = {}
    if token is not None and token.expires_at is not None:
        ends["access token"] = token.expires_at
    if token is not None and token.refresh_expires_at is not None:
        ends["refresh token"] = token.refresh_expires_at
    if account.client_secret_expires is not None:
        day = account.client_secret_expires
        ends["client secret"] = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return ends


def _warn_of_expiry(account: Account, token: Token | None) -> None:
    for what, ends in expiries(account, token).items():
        left = ends - datetime.now(UTC)
        if what != "access token" and left < timedelta(days=WARN_DAYS):
            log.warning(
                "mailbox.expiring", mailbox=account.name, what=what, ends=ends.isoformat(), days=left.days
            )

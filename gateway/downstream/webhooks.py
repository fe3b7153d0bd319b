"""Telling endpoints what they are owed: claim with a lease, call outside any transaction, settle.

A crash after the call and before settling calls again when the lease runs out, with the same id: twice perhaps, never
not at all. Events of one case reach an endpoint in their order (`store.endpoints.claim`). An endpoint that is away is
left alone for a while, so that what is owed to it takes no hands from the others.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import structlog

from channels.webhook import Caller, NotTaken, sign
from gateway.downstream.cloud import MEDIA_TYPE, make_event, make_test
from gateway.downstream.records import make_record, make_texts
from gateway.downstream.scopes import draw_scope
from gateway.retry import next_attempt
from normalizer.organisation import Organisation
from store import endpoints, feed, records
from store.database import Database
from store.endpoints import Due
from store.errors import StoreError
from store.ids import new_id
from store.writer import Writer

log = structlog.get_logger()

POLL_SECONDS = 1.0
REST_SECONDS = 10.0, 300.0
"""How long an endpoint that is away is left alone: at first, and at most."""

FORGET_EVERY = 3600.0


@dataclass(kw_only=True)
class _Line:
    """One endpoint, as this node calls it."""

    row: Any
    caller: Caller
    busy: int = 0
    failures: int = 0
    # in a row
    rests_until: float = 0.0


@dataclass(kw_only=True)
class Webhooks:
    """What tells the endpoints, on every node."""

    database: Database
    writer: Writer
    organisation: Organisation
    source: str
    node: str
    give_up_after: timedelta
    connections: int
    private: Sequence[str]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _lines: dict[str, _Line] = field(default_factory=dict)
    _forgot_at: float = 0.0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Call until cancelled; leases cover what is cut short."""
        released = False
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    self._wake.clear()
                    try:
                        if not released:
                            await self.writer.call(
                                partial(endpoints.release, node=self.node, now=self.clock())
                            )
                            released = True
                        await self._tidy()
                        await self.look(tasks)
                    except StoreError as error:
                        log.warning("webhook.unreachable", error=str(error))
                    except Exception:
                        # A fault of ours ends this look, not the looking.
                        log.exception("webhook.fault")
                    try:
                        await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
                    except TimeoutError:
                        continue
        finally:
            for line in self._lines.values():
                await line.caller.close()

    async def look(self, tasks: asyncio.TaskGroup) -> int:
        """Begin every call that is due and for which there is a hand. How many. Raises StoreError."""
        due = await self.database.read(partial(endpoints.list_due, now=self.clock()))
        begun = 0
        if due:
            await self._draw_lines()
        for endpoint_id in due:
            line = self._lines.get(endpoint_id)
            if line is None or time.monotonic() < line.rests_until:
                continue
            # One call finds out whether it is back.
            room = (1 if line.failures else self.connections) - line.busy
            if room <= 0:
                continue
            for each in await self.writer.call(
                partial(
                    endpoints.claim, endpoint_id=endpoint_id, node=self.node, now=self.clock(), limit=room
                )
            ):
                line.busy += 1
                begun += 1
                tasks.create_task(self._deliver(line, each))
        return begun

    async def _draw_lines(self) -> None:
        """The endpoints as they are now."""
        found = {row.id: row for row in await self.database.read(endpoints.list_endpoints)}
        for endpoint_id, row in found.items():
            line = self._lines.get(endpoint_id)
            if line is None or line.caller.url != row.url:
                self._lines[endpoint_id] = _Line(row=row, caller=Caller(row.url, self.private))
            else:
                line.row = row

    async def _deliver(self, line: _Line, due: Due) -> None:
        try:
            state, detail, error = await self._attempt(line, due)
            await self._settle(line, due, state, detail, error)
        except StoreError as error:
            # The lease runs out, and it is told again with the same id.
            log.warning("webhook.unsettled", error=str(error))
        except Exception:
            # A fault of ours must not lose the event: the lease runs out, and it is told again.
            log.exception("webhook.fault")
        finally:
            line.busy -= 1
            self._wake.set()

    async def _attempt(self, line: _Line, due: Due) -> tuple[str, str, NotTaken | None]:
        event = await self.database.read(partial(self._compose, row=line.row, position=due.position))
        if event is None:
            return endpoints.WITHHELD, "not theirs to see", None
        try:
            status = await tell(line.caller, line.row.secrets, event, self.clock())
        except NotTaken as error:
            return endpoints.QUEUED, error.detail, error
        return endpoints.DELIVERED, str(status), None

    def _compose(self, connection: Any, row: Any, position: int) -> dict[str, Any] | None:
        """The event as it is now, while its case is theirs to see."""
        scope = draw_scope(self.organisation, row.boards, row.departments)
        event = feed.find_event(connection, scope, position)
        if event is None:
            return None
        record = None
        if row.full:
            case = records.find_record(connection, scope, event.case_id)
            if case is None:
                return None
            record = make_record(case, self.organisation)
            if row.with_text:
                texts = records.list_texts(connection, scope, [case.id])
                record |= make_texts(case, texts.get(case.id, ()))
        return make_event(event, self.source, record)

    async def _settle(self, line: _Line, due: Due, state: str, detail: str, error: NotTaken | None) -> None:
        now, next_at = self.clock(), None
        if error is None:
            line.failures, line.rests_until = 0, 0.0
        else:
            line.failures += 1
            least, most = REST_SECONDS
            rest = min(least * 2 ** min(line.failures - 1, 10), most)
            line.rests_until = time.monotonic() + (0.0 if line.failures == 1 else rest)
            if not error.gone:
                next_at = next_attempt(
                    due.attempts + 1,
                    now=now,
                    first_at=due.since,
                    give_up_after=self.give_up_after,
                    jitter=random.random(),  # noqa: S311  # spreads load
                    retry_after=error.retry_after,
                )
            state = endpoints.QUEUED if next_at else endpoints.DEAD
        await self.writer.call(
            partial(
                endpoints.settle,
                due=due,
                node=self.node,
                at=now,
                state=state,
                detail=detail,
                next_at=next_at,
            )
        )
        about = {"endpoint": due.endpoint_id, "position": due.position, "attempts": due.attempts + 1}
        if state == endpoints.DEAD:
            log.warning("webhook.dead", detail=detail, **about)
        elif error is not None:
            log.info("webhook.postponed", detail=detail, **about)
        else:
            log.info("webhook.settled", state=state, **about)
        if error is not None and error.gone:
            # Standard Webhooks: 410 says that it wants no more. An operator enables it again.
            await self.writer.call(
                partial(endpoints.change_endpoint, endpoint_id=due.endpoint_id, disabled_at=now)
            )
            log.warning("webhook.gone", endpoint=due.endpoint_id)

    async def _tidy(self) -> None:
        if time.monotonic() - self._forgot_at >= FORGET_EVERY or not self._forgot_at:
            self._forgot_at = time.monotonic()
            before = self.clock() - endpoints.KEPT
            await self.writer.call(partial(endpoints.forget, before=before))


async def tell(caller: Caller, secrets: Sequence[str], event: dict[str, Any], now: datetime) -> int:
    """One signed call with an event. The status. Raises NotTaken."""
    body, timestamp = msgspec.json.encode(event), int(now.timestamp())
    headers = {
        # The event's own id: the same at every attempt and at a replay.
        "webhook-id": event["id"],
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secrets, event["id"], timestamp, body),
    }
    return await caller.call(body, content_type=MEDIA_TYPE, headers=headers)


async def try_out(
    url: str, secrets: Sequence[str], private: Sequence[str], source: str, now: datetime
) -> int:
    """A call that says nothing but that calls arrive. The status. Raises NotTaken."""
    caller = Caller(url, private)
    try:
        return await tell(caller, secrets, make_test(new_id(), source, now), now)
    finally:
        await caller.close()

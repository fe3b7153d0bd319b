"""The clocks at work: looks at each case when its time comes, takes the steps that are due, sets the next time.

One transaction a case holds it, so that any number of nodes may run this and each step is taken once. What was
missed while nothing ran is taken at the next look.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from gateway.clocks import Facts, Rules, Step, next_step
from gateway.desk import Desk
from gateway.letters.notices import Notice, Notices
from gateway.promise import due_date
from normalizer.organisation import Organisation
from store import outbox, rows
from store.changes import INSERT_OUTBOX, Change, Owed
from store.errors import StoreError
from store.handling import Held, decide, hold, list_due
from store.writer import Writer, apply

log = structlog.get_logger()

POLL_SECONDS = 5.0
"""How often to look for cases whose time has come."""

AT_ONCE = 50
MOST_STEPS = 40
"""Of one case at one look: more than any ladder has."""

BY = "clock"
_LATER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Clockwork:
    """The clocks of one node."""

    writer: Writer
    desk: Desk
    notices: Notices
    rules: Rules
    calls_out: bool = False
    # alarms go to another system too, beside the letters
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                looked_at = await self.look()
            except StoreError as error:
                log.warning("clock.unreachable", error=str(error))
                looked_at = 0
            if looked_at < AT_ONCE:
                await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> int:
        """Take every step that is due now. Return how many cases were looked at. Raises StoreError."""
        now = self.clock()
        due = await self.writer.call(partial(list_due, now=now, limit=AT_ONCE))
        for case_id in due:
            try:
                for step in await self.writer.call(partial(self._advance, case_id=case_id, now=now)):
                    log.info("case.escalated", step=step.name)
            except StoreError:
                raise
            except Exception as error:
                # One case must not stop the clocks of the others. It is looked at again in an hour.
                log.exception("clock.failed", error=type(error).__name__)
                await self.writer.call(partial(_postpone, case_id=case_id, now=now))
        return len(due)

    def _advance(self, connection: Any, *, case_id: str, now: datetime) -> list[Step]:
        held = hold(connection, case_id)
        if held.case.clock_at is None or held.case.clock_at > now:
            return []  # another node has just been here
        facts = read_facts(held, self.desk.planner.organisation)
        taken: list[Step] = []
        changes: list[Change] = []
        due = facts.due
        while (
            (step := next_step(facts, self.rules)) is not None and step.at <= now and len(taken) < MOST_STEPS
        ):
            taken.append(step)
            new_due = due_date(now, self.rules.calendar) if step.name == "late" else due
            changes += self._take(connection, held, step, facts, new_due, now)
            due = new_due
            facts = replace(facts, due=due, done=facts.done | {step.key})
        decide(
            connection,
            held,
            due=due,
            clock_at=step.at.astimezone(UTC) if step is not None else None,
            version=held.case.version + bool(taken),
        )
        apply(connection, changes)
        return taken

    def _take(
        self, connection: Any, held: Held, step: Step, facts: Facts, new_due: date, now: datetime
    ) -> list[Change]:
        """The letters and the event of one step."""
        told = self._list_told(held, step)
        letters: list[Owed] = [
            self.notices.write(self._notice(held, step, facts, new_due), address, now) for address in told
        ]
        data: dict[str, Any] = {"by": BY, "step": step.key, "told": told}
        if step.name == "late" or step.name == "status":  # noqa: PLR1714  # so that mypy knows the letter
            letter = self.desk.letter(connection, held, step.name, now, due=new_due)
            data["resident"] = letter is not None
            letters += [letter] if letter is not None else []
        if step.name == "late":
            data |= {"from": facts.due.isoformat(), "to": new_due.isoformat()}
        if step.name == "alarm" and self.calls_out:
            letters.append(self.notices.call(self._notice(held, step, facts, new_due), now))
        changes: list[Change] = [
            (INSERT_OUTBOX, outbox.row_of(letter, due_at=now, claimed_by="")) for letter in letters
        ]
        return [rows.event_change(held.case.id, "case.escalated", now, data), *changes]

    def _list_told(self, held: Held, step: Step) -> list[str]:
        """The groups that hear of it, each once."""
        city = self.desk.planner.organisation
        ladder, centre = city.escalation, city.escalation.group_of(city.fallback, city.fallback)
        group = ladder.group_of(held.case.department or city.fallback, city.fallback)
        if step.name == "alarm":
            count = int(step.key.partition(":")[2])
            on_call = ladder.on_call or (centre.members,)
            wanted: Sequence[str] = on_call[: count + 1]
        else:
            wanted = {
                "unaccepted": (group.members,),
                "remind": (group.members,),
                "last-day": (group.coordinator,),
                "late": (group.head, centre.coordinator),
                "directors": ladder.directors or (group.head,),
                "status": (group.coordinator,),
            }[step.name]
        return [each for each in dict.fromkeys(wanted) if each]

    def _notice(self, held: Held, step: Step, facts: Facts, new_due: date) -> Notice:
        city, case = self.desk.planner.organisation, held.case
        return Notice(
            step=step.name,
            case_id=case.id,
            reference=case.reference,
            department=_name(city, case.department or city.fallback, case.received_at.date()),
            received_at=case.received_at,
            placed_at=facts.placed_at or case.received_at,
            due=facts.due,
            first_due=facts.first_due,
            new_due=new_due,
            count=int(step.key.partition(":")[2]) + 1 if step.name == "alarm" else 1,
        )


def _name(city: Organisation, key: str, day: date) -> str:
    return city.name_of(key, "sv", day) or key


def _postpone(connection: Any, *, case_id: str, now: datetime) -> None:
    held = hold(connection, case_id)
    decide(connection, held, clock_at=now + _LATER)


def read_facts(held: Held, city: Organisation) -> Facts:
    """What the clocks know, from the case's row and its history."""
    case = held.case
    since = case.waiting_since
    placed_at, taken, first_due = case.received_at, False, case.due
    done: set[str] = set()
    acknowledged = False
    alarm_since = case.received_at
    delayed: list[date] = []
    for event in held.events:
        if event.type in {"case.moved", "case.returned"}:
            placed_at, taken = event.at, False
        elif event.type in {"case.accepted", "case.answered"}:
            taken = True
        elif event.type == "alarm.acknowledged":
            acknowledged = True
        elif event.type == "alarm.raised":
            alarm_since = event.at
        elif event.type == "case.escalated":
            key = event.data["step"]
            if key.startswith("alarm:") or (since is not None and event.at >= since):
                done.add(key)
            if "from" in event.data and since is not None and event.at >= since:
                delayed.append(date.fromisoformat(event.data["from"]))
    if delayed:
        first_due = delayed[0]
    department = city.departments.get(case.department)
    return Facts(
        waiting_since=since,
        due=case.due,
        first_due=first_due,
        # Others than the city's own departments have no one here who could take it: the contact centre looks.
        department=case.department if department is not None and department.body == "department" else "",
        placed_at=placed_at,
        taken=taken,
        alarm_since=alarm_since if case.alarm and not acknowledged else None,
        done=frozenset(done),
    )

"""Destroying cases by a decision of the city, and forbidding it: `kvitto cases dispose`, `hold` and `release`."""

import asyncio
import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer

from config.disposal import EVERYTHING, Decision
from config.settings import Settings, load_settings
from gateway.commands.terminal import ConfigFile, Reference, find_cases, has_store, leave, use_store
from gateway.log import configure_log
from normalizer.reference import show_reference

if TYPE_CHECKING:
    from store.database import Database
    from store.disposal import Aside, Holding

log = structlog.get_logger()

By = Annotated[str, typer.Option(help="Who does it. Left out: who is logged in here.")]


@dataclass(slots=True)
class _Outcome:
    """What became of the cases that were named."""

    disposed: int = 0
    kept: int = 0
    blobs: set[str] = field(default_factory=set)
    # that the disposed ones named


def dispose(
    references: Annotated[
        list[str] | None,
        typer.Argument(help="Case numbers. Left out: only remove the files that earlier runs set aside."),
    ] = None,
    config: ConfigFile = None,
    decision: Annotated[str, typer.Option(help="The id of the disposal decision, as in the settings.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be destroyed.")] = False,
    by: By = "",
) -> None:
    """Destroy what the cases hold, by a disposal decision. Their numbers, dates and departments stay.

    The words, files, addresses, receipts and originals go. The same mail that comes again is still known, and makes
    nothing. Files on the disk are set aside first, and removed by a later run, from an hour afterwards.
    """
    settings = load_settings(config)
    chosen = _find_decision(settings, decision) if references or decision else None
    found = find_cases(settings, references or [])
    if not has_store(settings):
        leave("There is no store here yet, and so nothing to dispose of.")
    configure_log(settings.log.format, settings.log.level)

    async def work(database: "Database") -> _Outcome:
        from store.disposal import Aside, blobs_of  # noqa: PLC0415  # see gateway.__main__.serve

        aside = Aside(settings.store.folder / "blobs")
        if not dry_run:
            await _finish(database, aside)
        outcome = _Outcome()
        if chosen is not None:
            named = await database.read(partial(blobs_of, case_ids=[case.id for case in found.values()]))
            if not dry_run:
                await asyncio.to_thread(aside.note, named)
            await _dispose_all(
                database, list(found.values()), chosen, outcome, by=by or _who(), dry_run=dry_run
            )
            if not dry_run:
                await _set_aside(database, aside, outcome.blobs)
                await asyncio.to_thread(aside.forget, named)
        if not dry_run:
            _tell_of_files(len(await asyncio.to_thread(aside.names)))
        return outcome

    outcome = use_store(settings, work)
    if chosen is not None:
        done = "would be disposed of" if dry_run else "disposed of"
        typer.echo(f"{outcome.disposed} {done}, {outcome.kept} kept. Decision {chosen.id}: {chosen.basis}.")
    if outcome.kept:
        raise typer.Exit(1)


def _find_decision(settings: Settings, name: str) -> Decision:
    known = settings.disposal.decisions
    if not known:
        leave(
            "No disposal decision is configured, so nothing may be disposed of.\n"
            "Write the city's decision into the settings as [[disposal.decisions]]."
        )
    names = ", ".join(each.id for each in known)
    if not name:
        leave(f"Name the decision: --decision ID. Configured: {names}.")
    found = settings.disposal.find(name)
    if found is None:
        leave(f"There is no disposal decision {name} in the settings. Configured: {names}.")
    return found


def refuse(holding: "Holding", decision: Decision, now: datetime) -> str:
    """Why this case may not be destroyed by this decision now, "" when it may. Pure."""
    case = holding.case
    if case.state == "disposed" and not holding.size:
        return "it is disposed of already"
    if holding.held:
        return f"it is on hold: {holding.held}"
    if case.failed_step:
        return "nobody could read it yet: see kvitto cases list --unreadable"
    if holding.queued:
        return "a letter is still owed"
    if case.waiting_since is not None:
        return "somebody waits for an answer: answer or close it first"
    foreign = sorted(holding.kinds - set(decision.kinds))
    if EVERYTHING not in decision.kinds and foreign:
        return f"the decision does not cover {', '.join(foreign)}"
    allowed = holding.last_at + timedelta(days=decision.after_days)
    return f"not before {allowed:%Y-%m-%d %H:%M} UTC" if now < allowed else ""


async def _dispose_all(
    database: "Database",
    found: Sequence[Any],
    decision: Decision,
    outcome: _Outcome,
    *,
    by: str,
    dry_run: bool,
) -> None:
    for case in found:
        number = show_reference(case.reference)
        now = datetime.now(UTC)
        may_not = partial(refuse, decision=decision, now=now)
        holding, reason, blobs = await _dispose_one(
            database, case.id, may_not, partial(_disposed, decision=decision, by=by, at=now), dry_run=dry_run
        )
        if reason:
            outcome.kept += 1
            typer.echo(f"{number}  kept: {reason}")
            continue
        outcome.disposed += 1
        outcome.blobs |= blobs
        typer.echo(f"{number}  {'would be ' if dry_run else ''}disposed of: {_count(holding)}")
        if not dry_run:
            log.info("case.disposed", case=number, decision=decision.id)


async def _dispose_one(
    database: "Database",
    case_id: str,
    may_not: Callable[["Holding"], str],
    event: Callable[["Holding"], Any],
    *,
    dry_run: bool,
) -> tuple["Holding", str, set[str]]:
    from store import disposal  # noqa: PLC0415  # see gateway.__main__.serve

    if dry_run:
        holding = await database.read(lambda c: disposal.look(c, case_id))
        return holding, may_not(holding), set()
    work = partial(disposal.dispose, case_id=case_id, refuse=may_not, event=event)
    async with database.transaction() as run:
        done: tuple[Holding, str, set[str]] = await run(work)
    return done


def _disposed(holding: "Holding", *, decision: Decision, by: str, at: datetime) -> Any:
    from store.rows import event_change  # noqa: PLC0415  # see gateway.__main__.serve

    data = {
        "decision": decision.id,
        "basis": decision.basis,
        "by": by,
        "messages": holding.messages,
        "files": holding.files,
        "letters": holding.letters,
        "size": holding.size,
    }
    return event_change(holding.case.id, "case.disposed", at, data)


async def _set_aside(database: "Database", aside: "Aside", blobs: set[str]) -> None:
    """Take what no row names out of its place. Whoever wrote such a row meanwhile gets it back at once."""
    from store import disposal  # noqa: PLC0415  # see gateway.__main__.serve

    free = blobs - await database.read(partial(disposal.find_needed, names=blobs))
    await asyncio.to_thread(aside.put, free)
    await asyncio.to_thread(aside.put_back, await database.read(partial(disposal.find_needed, names=free)))
    await database.read(disposal.tidy)


async def _finish(database: "Database", aside: "Aside") -> None:
    """Remove what has been set aside for long enough, unless a row names it now."""
    from store import disposal  # noqa: PLC0415  # see gateway.__main__.serve

    long_ago = datetime.now(UTC) - disposal.ASIDE_FOR
    names = await asyncio.to_thread(aside.names, long_ago)
    if names:
        needed = await database.read(partial(disposal.find_needed, names=names))
        await asyncio.to_thread(aside.put_back, needed)
        await asyncio.to_thread(aside.remove, names - needed)
        typer.echo(f"Files of earlier runs removed: {len(names - needed)}.")
    noted = await asyncio.to_thread(aside.noted, long_ago)
    if noted:
        await _set_aside(database, aside, noted)
        await asyncio.to_thread(aside.forget, noted)


def _tell_of_files(count: int) -> None:
    if count:
        typer.echo(
            f"Files set aside: {count}. They are removed by the next kvitto cases dispose that runs an hour from now or later."
        )


def _count(holding: "Holding") -> str:
    parts = ((holding.messages, "message"), (holding.files, "file"), (holding.letters, "letter"))
    counted = [f"{number} {name}{'' if number == 1 else 's'}" for number, name in parts]
    return ", ".join([*counted, f"{holding.size} bytes as received"])


def hold(
    reference: Reference,
    because: Annotated[str, typer.Option(help="Why: an appeal, a dispute, a request for the documents.")],
    config: ConfigFile = None,
    by: By = "",
) -> None:
    """Forbid that anything of a case is destroyed, whatever the decisions say, until it is released."""
    if not because.strip():
        leave("Say why: --because TEXT")
    number = _note(reference, config, "case.held", {"by": by or _who(), "why": because.strip()[:500]})
    typer.echo(f"{number} is on hold: {because.strip()}")


def release(reference: Reference, config: ConfigFile = None, by: By = "") -> None:
    """End a hold: the disposal decisions count again for the case."""
    number = _note(reference, config, "case.released", {"by": by or _who()})
    typer.echo(f"{number} is released.")


def _note(reference: str, config: Any, kind: str, data: dict[str, str]) -> str:
    """Write an event on the case; its number as people see it."""
    from store.rows import event_change  # noqa: PLC0415  # see gateway.__main__.serve
    from store.writer import apply  # noqa: PLC0415

    settings = load_settings(config)
    (case,) = find_cases(settings, [reference]).values()
    change = event_change(case.id, kind, datetime.now(UTC), data)

    async def write(database: "Database") -> None:
        async with database.transaction() as run:
            await run(lambda connection: apply(connection, [change]))

    use_store(settings, write)
    return show_reference(case.reference)


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return "unknown"

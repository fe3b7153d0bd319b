"""The commands on the outbox: what is owed to residents, and sending it again."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from config.settings import load_settings
from gateway.commands import show, show_cases
from gateway.commands.terminal import (
    AsJson,
    ConfigFile,
    Limit,
    Reference,
    find_cases,
    has_store,
    leave,
    read_store,
    use_store,
    who,
)

outbox_app = typer.Typer(help="Look at what is owed to residents, and send it again.", no_args_is_help=True)


class State(StrEnum):
    """Where an entry of the outbox can be."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNREAD = "unread"
    FAILED = "failed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


@outbox_app.command("list")
def list_outbox(
    config: ConfigFile = None,
    as_json: AsJson = False,
    state: Annotated[State | None, typer.Option(help="Only those.")] = None,
    limit: Limit = 25,
) -> None:
    """List what is owed to residents, newest first: how often it was tried, when next, and what was answered."""
    from store import outbox  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    if not has_store(settings):
        show.no_store(as_json=as_json)
        return
    wanted = state.value if state else ""
    found = read_store(settings, lambda c: outbox.list_entries(c, state=wanted, limit=limit))
    show_cases.entry_list(found, as_json=as_json, state=wanted, now=datetime.now(UTC))


@outbox_app.command("retry")
def retry_outbox(
    references: Annotated[
        list[str] | None, typer.Argument(help="Case numbers. Left out: everything that failed.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Put failed receipts back, due now, and with a number its files that could not be fetched. The service sends them."""
    from store import media, outbox  # noqa: PLC0415  # see gateway.__main__.serve
    from store.database import Database  # noqa: PLC0415

    settings = load_settings(config)
    ids = [case.id for case in find_cases(settings, references).values()] if references else None
    if not has_store(settings):
        show.no_store(as_json=False)
        return

    async def put_back(database: Database) -> int:
        async with database.transaction() as run:
            now = datetime.now(UTC)
            if ids is not None:
                await run(lambda c: media.requeue(c, now=now, case_ids=ids))
            count: int = await run(lambda c: outbox.requeue(c, now=now, case_ids=ids))
            return count

    show.retried(use_store(settings, put_back))


@outbox_app.command("cancel")
def cancel_outbox(
    reference: Reference,
    reason: Annotated[str, typer.Option(help="Why the person gets no letter. Kept with it.")],
    config: ConfigFile = None,
) -> None:
    """Send nothing more of what waits for one case: to a wrong address, for example. The case stays as it is."""
    from store import outbox  # noqa: PLC0415  # see gateway.__main__.serve
    from store.database import Database  # noqa: PLC0415

    settings = load_settings(config)
    if not reason.strip():
        leave("Say why: --reason")
    (case,) = find_cases(settings, [reference]).values()

    async def work(database: Database) -> int:
        async with database.transaction() as run:
            now, by = datetime.now(UTC), f"terminal:{who()}"
            count: int = await run(lambda c: outbox.cancel(c, case.id, at=now, by=by, reason=reason.strip()))
            return count

    show.cancelled(use_store(settings, work))


@outbox_app.command("blocked")
def blocked_addresses(config: ConfigFile = None) -> None:
    """List the addresses that nothing automatic goes to, since a letter came back from there."""
    from store import blocks  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    if not has_store(settings):
        show.no_store(as_json=False)
        return
    show.blocked(read_store(settings, lambda c: blocks.list_blocks(c, now=datetime.now(UTC))))


@outbox_app.command("unblock")
def unblock_address(
    address: Annotated[str, typer.Argument(help="The address that works again.")], config: ConfigFile = None
) -> None:
    """Let receipts go to an address again, at the latest within a minute."""
    from store import blocks  # noqa: PLC0415  # see gateway.__main__.serve
    from store.database import Database  # noqa: PLC0415

    settings = load_settings(config)
    if not has_store(settings):
        show.no_store(as_json=False)
        return

    async def work(database: Database) -> int:
        async with database.transaction() as run:
            count: int = await run(lambda c: blocks.unblock(c, address))
            return count

    show.unblocked(use_store(settings, work))

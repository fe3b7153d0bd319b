"""The command `kvitto`."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from config.errors import ConfigurationError
from config.settings import load_settings
from gateway import show
from gateway.confirming import confirm_sender
from gateway.import_command import import_archive
from gateway.log import configure_log
from gateway.terminal import (
    ConfigFile,
    find_cases,
    has_store,
    leave,
    name_departments,
    read_store,
    require_folder,
    run_async,
    say_wrong,
    use_store,
)
from store.errors import StoreError

Reference = Annotated[
    str, typer.Argument(help="The case's number, however it is spaced or cased: 7K4M-9QXT.")
]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]

app = typer.Typer(
    help="Kvitto: one way in to the city. Every message becomes one durable case and is answered at once "
    "with a receipt that says where it will be handled.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
cases_app = typer.Typer(help="Look at cases.", no_args_is_help=True)
app.add_typer(cases_app, name="cases")
cases_app.command("confirm-sender")(confirm_sender)
outbox_app = typer.Typer(help="Look at what is owed to residents, and send it again.", no_args_is_help=True)
app.add_typer(outbox_app, name="outbox")
mailbox_app = typer.Typer(help="Look at the mailboxes that mail is fetched from.", no_args_is_help=True)
app.add_typer(mailbox_app, name="mailbox")


class State(StrEnum):
    """Where an entry of the outbox can be."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    RETURNED = "returned"


@app.command()
def serve(config: ConfigFile = None) -> None:
    """Start Kvitto: the web pages, the SMTP port and the sending of receipts.

    Without a configuration it runs the example city on this machine alone, and no mail leaves it.
    Stop it with Ctrl-C: what has come in is finished first.
    """
    from gateway.house import draw_plans  # noqa: PLC0415  # other commands need none of it, and start faster
    from gateway.opening import welcome  # noqa: PLC0415
    from gateway.serve import CannotListen, run  # noqa: PLC0415

    settings = load_settings(config)
    plans = draw_plans(settings)
    require_folder(settings)
    configure_log(settings.log.format, settings.log.level)
    try:
        run(plans, lambda: welcome(settings, config))
    except CannotListen as error:
        name = str(error).partition(":")[0]
        leave(
            f"Kvitto cannot start. {error}.\n"
            f"Is another Kvitto running? KVITTO_{name.upper()}__PORT=... picks another port."
        )


@app.command()
def check(config: ConfigFile = None) -> None:
    """Check the whole configuration, and say everything that is wrong with it."""
    from gateway.house import draw_plans  # noqa: PLC0415  # see serve
    from gateway.opening import checked  # noqa: PLC0415

    settings = load_settings(config)
    plans = draw_plans(settings)
    require_folder(settings)
    checked(plans)


@app.command()
def migrate(config: ConfigFile = None) -> None:
    """Bring the database's tables up to this version of Kvitto."""
    from store.database import open_database  # noqa: PLC0415  # see serve
    from store.schema import migrate as bring_up  # noqa: PLC0415

    async def work() -> tuple[str, str]:
        database = open_database(settings.store.database_url)
        try:
            return await bring_up(database)
        finally:
            await database.close()

    settings = load_settings(config)
    require_folder(settings)
    show.migrated(*run_async(work))


@cases_app.command("list")
def list_cases(
    config: ConfigFile = None,
    as_json: AsJson = False,
    unreadable: Annotated[bool, typer.Option(help="Only those that Kvitto could not understand.")] = False,
    limit: Limit = 25,
) -> None:
    """List cases, newest first."""
    from store import cases  # noqa: PLC0415  # see serve

    settings = load_settings(config)
    if not has_store(settings):
        show.no_store(as_json=as_json)
        return
    found = read_store(settings, lambda c: cases.list_cases(c, unreadable=unreadable, limit=limit))
    show.case_list(found, name_departments(settings), as_json=as_json, unreadable=unreadable)


@cases_app.command("show")
def show_case(reference: Reference, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show one case: what came, where it went and why, what was answered."""
    from store import cases  # noqa: PLC0415  # see serve

    settings = load_settings(config)
    (wanted,) = find_cases(settings, [reference])
    found = read_store(settings, lambda c: cases.find_case(c, wanted))
    assert found is not None, "no case is ever removed"
    show.case(found, name_departments(settings), as_json=as_json, now=datetime.now(UTC))


@cases_app.command("raw")
def write_raw(
    reference: Reference,
    config: ConfigFile = None,
    out: Annotated[
        Path | None,
        typer.Option(help="A new file for it. Left out: standard output, if that is no terminal."),
    ] = None,
) -> None:
    """Write the message that opened a case, byte for byte as it was received."""
    from store import cases  # noqa: PLC0415  # see serve
    from store.blobs import LocalBlobs  # noqa: PLC0415

    if out is None and sys.stdout.isatty():
        leave("This is not for a terminal. Name a file with --out, or send it on with | or >.")
    settings = load_settings(config)
    (case,) = find_cases(settings, [reference]).values()
    stored = read_store(settings, lambda c: cases.find_raw(c, case.id))
    assert stored is not None, "a case is opened by a message"
    content = stored.raw.body
    if not stored.inline:
        try:
            content = run_async(lambda: LocalBlobs(settings.store.folder / "blobs").fetch(stored.sha256))
        except KeyError:
            leave(f"The file {stored.sha256} is missing in {settings.store.folder / 'blobs'}.")
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError:
        leave(f"{out} exists already. Nothing was written.")


@outbox_app.command("list")
def list_outbox(
    config: ConfigFile = None,
    as_json: AsJson = False,
    state: Annotated[State | None, typer.Option(help="Only those.")] = None,
    limit: Limit = 25,
) -> None:
    """List what is owed to residents, newest first: how often it was tried, when next, and what was answered."""
    from store import outbox  # noqa: PLC0415  # see serve

    settings = load_settings(config)
    if not has_store(settings):
        show.no_store(as_json=as_json)
        return
    wanted = state.value if state else ""
    found = read_store(settings, lambda c: outbox.list_entries(c, state=wanted, limit=limit))
    show.entry_list(found, as_json=as_json, state=wanted, now=datetime.now(UTC))


@outbox_app.command("retry")
def retry_outbox(
    references: Annotated[
        list[str] | None, typer.Argument(help="Case numbers. Left out: everything that failed.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Put failed receipts back, due now. The running service sends them."""
    from store import outbox  # noqa: PLC0415  # see serve
    from store.database import Database  # noqa: PLC0415

    settings = load_settings(config)
    ids = [case.id for case in find_cases(settings, references).values()] if references else None
    if not has_store(settings):
        show.no_store(as_json=False)
        return

    async def put_back(database: Database) -> int:
        async with database.transaction() as run:
            count: int = await run(lambda c: outbox.requeue(c, now=datetime.now(UTC), case_ids=ids))
            return count

    show.retried(use_store(settings, put_back))


@outbox_app.command("blocked")
def blocked_addresses(config: ConfigFile = None) -> None:
    """List the addresses that nothing automatic goes to, since a letter came back from there."""
    from store import blocks  # noqa: PLC0415  # see serve

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
    from store import blocks  # noqa: PLC0415  # see serve
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


@mailbox_app.command("check")
def check_mailboxes(
    names: Annotated[list[str] | None, typer.Argument(help="Their names. Left out: all.")] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Log in, and count: every mail in the mailbox is stored, or it is explained why not.

    Changes nothing, and may run beside the service. The exit status is 1 when anything is unexplained.
    """
    from channels.mailbox import Mailbox  # noqa: PLC0415  # see serve
    from gateway.house import draw_plans  # noqa: PLC0415
    from gateway.mailboxes import Count, count_mailboxes  # noqa: PLC0415
    from store.database import Database  # noqa: PLC0415

    settings = load_settings(config)
    known = [box.name for box in settings.mailbox.boxes]
    if strange := [name for name in names or () if name not in known]:
        leave(f"There is no mailbox {', '.join(strange)}. There are: {', '.join(known) or 'none'}.")
    mailbox = draw_plans(settings).channels.get("mailbox")
    if not isinstance(mailbox, Mailbox):
        show.no_mailboxes()
        return
    configure_log(settings.log.format, "error")
    now = datetime.now(UTC)

    async def count(database: Database | None) -> list[Count]:
        return await count_mailboxes(mailbox, names or (), database, now=now)

    counts = use_store(settings, count) if has_store(settings) else run_async(lambda: count(None))
    show.mailboxes(counts, as_json=as_json, now=now)
    if not all(each.is_explained(now) for each in counts):
        raise typer.Exit(1)


@app.command()
def replay(
    references: Annotated[
        list[str] | None, typer.Argument(help="Case numbers. Left out: every unreadable case.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Try again to understand what Kvitto could not: after an upgrade that mends the fault.

    A case that is understood becomes what it would have been at once, and its receipt is sent.
    """
    from gateway.house import draw_plans, open_house  # noqa: PLC0415  # see serve
    from store import cases  # noqa: PLC0415

    settings = load_settings(config)
    plans = draw_plans(settings)
    found = find_cases(settings, references) if references else {}
    show.readable(number for number, case in found.items() if not case.failed_step)
    wanted = [case.id for case in found.values() if case.failed_step] if references else None
    if references and not wanted:
        return
    if not has_store(settings):
        show.no_store(as_json=False)
        return
    require_folder(settings)
    configure_log(settings.log.format, "error")

    async def work() -> dict[str, int]:
        async with open_house(plans, sending=False) as house:
            writing = asyncio.create_task(house.writer.run())
            try:
                stored = await house.database.read(lambda c: cases.find_failed(c, wanted))
                counted = {"understood": 0, "duplicate": 0, "failed": 0}
                with show.progress("Reading again", len(stored)) as step:
                    for each in stored:
                        counted[await house.intake.replay(each)] += 1
                        step()
                return counted
            finally:
                writing.cancel()

    counted = run_async(work)
    show.replayed(counted)
    if counted["failed"]:
        raise typer.Exit(1)


app.command("import")(import_archive)


@app.command()
def normalize(
    files: Annotated[list[Path], typer.Argument(help="Raw e-mail files (.eml).", show_default=False)],
) -> None:
    """Print what Kvitto understands of raw e-mails: one JSON object a line, in order, whatever they are."""
    import msgspec  # noqa: PLC0415  # see serve

    from normalizer.record import mail_record  # noqa: PLC0415

    out = sys.stdout.buffer
    with show.progress("Reading", len(files), quiet_below=200) as step:
        for file in files:
            try:
                record = mail_record(file.read_bytes())
            except OSError as error:
                record = {**mail_record(b""), "error": f"{type(error).__name__}: {error.strerror}"}
            except Exception as error:  # noqa: BLE001  # one bad mail must not stop the others
                record = {**mail_record(b""), "error": type(error).__name__}
            name = os.fsencode(file).decode("utf-8", "replace")
            out.write(msgspec.json.encode({**record, "file": name}) + b"\n")
            step()
    out.flush()


@app.command()
def version() -> None:
    """Print the version."""
    from gateway import __version__  # noqa: PLC0415  # see serve

    typer.echo(__version__)


def main() -> None:
    """Run the command; say in a sentence what is wrong with the configuration or the store."""
    try:
        app()
    except ConfigurationError as error:
        show.problems(error.problems)
        sys.exit(2)
    except StoreError as error:
        say_wrong(f"The store: {error}")
    except BrokenPipeError:
        # Whoever read our output has seen enough. Nothing may be flushed into the closed pipe at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        say_wrong(f"{error.filename or type(error).__name__}: {error.strerror or error}")
    else:
        return
    sys.exit(1)


if __name__ == "__main__":
    main()

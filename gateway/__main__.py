"""The command `kvitto`."""

import asyncio
import gc
import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from config.errors import ConfigurationError
from config.settings import load_settings
from gateway.commands import show
from gateway.commands.backups import backup, restore
from gateway.commands.cases import cases_app
from gateway.commands.doctor import doctor
from gateway.commands.endpoints import endpoints_app
from gateway.commands.export import export
from gateway.commands.handovers import handovers_app
from gateway.commands.imports import import_archive
from gateway.commands.init import init
from gateway.commands.mailbox import mailbox_app
from gateway.commands.model import model_app
from gateway.commands.outbox import outbox_app
from gateway.commands.route import prove_city, route
from gateway.commands.send_test import send_test
from gateway.commands.staff import staff_app
from gateway.commands.status import status
from gateway.commands.terminal import (
    ConfigFile,
    find_cases,
    has_store,
    leave,
    require_folder,
    run_async,
    say_wrong,
)
from gateway.commands.token import token_app
from gateway.launch import ONE_THREAD, fork_from_here
from gateway.log import configure_log
from store.errors import StoreError

app = typer.Typer(
    help="Kvitto: one way in to the city. Every message becomes one durable case and is answered at once "
    "with a receipt that says where it will be handled.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
RUN, WATCH, CASES = "Set up and run", "Watch and keep", "Cases, and what is owed"
OTHERS, UNDERSTANDING = "People and other systems", "Understanding"

app.command(rich_help_panel=RUN)(init)
app.command(rich_help_panel=WATCH)(status)
app.command("send-test", rich_help_panel=WATCH)(send_test)
app.command(rich_help_panel=WATCH)(backup)
app.command(rich_help_panel=WATCH)(restore)
app.command(rich_help_panel=WATCH)(doctor)
app.add_typer(cases_app, name="cases", rich_help_panel=CASES)
app.add_typer(outbox_app, name="outbox", rich_help_panel=CASES)
app.add_typer(handovers_app, name="handovers", rich_help_panel=CASES)
app.command(rich_help_panel=CASES)(export)
app.command("import", rich_help_panel=CASES)(import_archive)
app.add_typer(staff_app, name="staff", rich_help_panel=OTHERS)
app.add_typer(mailbox_app, name="mailbox", rich_help_panel=OTHERS)
app.add_typer(endpoints_app, name="endpoints", rich_help_panel=OTHERS)
app.add_typer(token_app, name="token", rich_help_panel=OTHERS)
app.command("route", rich_help_panel=UNDERSTANDING)(route)
app.add_typer(model_app, name="model", rich_help_panel=UNDERSTANDING)


@app.command(rich_help_panel=RUN)
def serve(config: ConfigFile = None) -> None:
    """Start Kvitto: the web pages, the SMTP port and the sending of receipts.

    Without a configuration it runs the example city on this machine alone, and no mail leaves it.
    Stop it with Ctrl-C: what has come in is finished first.
    """
    gc.disable()  # all that is made now stays; `gateway.serve` lets it begin
    os.environ.update({name: os.environ.get(name, value) for name, value in ONE_THREAD.items()})
    from gateway.commands.opening import welcome  # noqa: PLC0415  # commands begin faster without what they do not use
    from gateway.house import draw_plans  # noqa: PLC0415  # the same
    from gateway.reader import serve_forks  # noqa: PLC0415  # the same
    from gateway.serve import CannotListen, run  # noqa: PLC0415  # the same

    settings = load_settings(config)
    plans = draw_plans(settings)
    require_folder(settings)
    configure_log(settings.log.format, settings.log.level)
    forks = fork_from_here(partial(serve_forks, plans.drafter())) if settings.intake.readers else None
    try:
        run(plans, lambda: welcome(settings, config), forks)
    except CannotListen as error:
        name = str(error).partition(":")[0]
        leave(
            f"Kvitto cannot start. {error}.\n"
            f"Is another Kvitto running? KVITTO_{name.upper()}__PORT=... picks another port."
        )
    finally:
        if forks is not None:
            forks.end()


@app.command(rich_help_panel=RUN)
def check(
    config: ConfigFile = None,
    really: Annotated[
        bool, typer.Option("--try", help="Ask the store, the relay and the mailboxes too, for real.")
    ] = False,
) -> None:
    """Check the whole configuration, and say everything that is wrong with it."""
    from gateway.commands.opening import checked  # noqa: PLC0415
    from gateway.house import draw_plans  # noqa: PLC0415  # see serve

    settings = load_settings(config)
    plans = draw_plans(settings)
    require_folder(settings)
    prove_city(plans.organisation)
    checked(plans)
    if really:
        from gateway.commands.trying import try_all  # noqa: PLC0415

        configure_log(settings.log.format, "error")
        if not try_all(plans):
            raise typer.Exit(1)


@app.command(rich_help_panel=RUN)
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


@app.command(rich_help_panel=CASES)
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


@app.command(rich_help_panel=UNDERSTANDING)
def normalize(
    files: Annotated[list[Path], typer.Argument(help="Raw e-mail files (.eml).", show_default=False)],
) -> None:
    """Print what Kvitto understands of raw e-mails: one JSON object a line, in order, whatever they are."""
    import msgspec  # noqa: PLC0415  # see serve

    from normalizer.email.record import mail_record  # noqa: PLC0415

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


@app.command(rich_help_panel=RUN)
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

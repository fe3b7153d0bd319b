"""The command `kvitto`."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from config.errors import ConfigurationError
from config.settings import Settings, load_settings
from gateway import show
from gateway.log import configure_log
from normalizer.reference import BadReference, read_reference
from store.errors import StoreError

T = TypeVar("T")

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help="The configuration file. Left out: $KVITTO_CONFIG, or kvitto.toml here."
    ),
]
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


@app.command()
def serve(config: ConfigFile = None) -> None:
    """Start Kvitto: the web pages, the SMTP port and the sending of receipts.

    Without a configuration it runs the example city on this machine alone, and no mail leaves it.
    Stop it with Ctrl-C: what has come in is finished first.
    """
    from gateway.house import draw_plans  # noqa: PLC0415  # other commands need none of it, and start faster
    from gateway.serve import CannotListen, run  # noqa: PLC0415

    settings = read_settings(config)
    configure_log(settings.log.format, settings.log.level)
    try:
        run(draw_plans(settings), lambda: show.welcome(settings))
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

    show.checked(draw_plans(read_settings(config)))


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

    settings = read_settings(config)
    show.migrated(*run_async(work))


@cases_app.command("list")
def list_cases(
    config: ConfigFile = None,
    as_json: AsJson = False,
    unreadable: Annotated[bool, typer.Option(help="Only those that Kvitto could not understand.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 25,
) -> None:
    """List cases, newest first."""
    from store import cases  # noqa: PLC0415  # see serve

    settings = read_settings(config)
    found = read_store(settings, lambda c: cases.list_cases(c, unreadable=unreadable, limit=limit))
    show.case_list(found, as_json=as_json, unreadable=unreadable)


@cases_app.command("show")
def show_case(
    reference: Annotated[
        str, typer.Argument(help="The case's number, however it is spaced or cased: 7K4M-9QXT.")
    ],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show one case: what came, where it went and why, what was answered."""
    from store import cases  # noqa: PLC0415  # see serve

    settings = read_settings(config)
    wanted = parse_reference(reference)
    found = read_store(settings, lambda c: cases.find_case(c, wanted))
    if found is None:
        leave(f"There is no case {reference}.")
    show.case(found, as_json=as_json)


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

    settings = read_settings(config)
    configure_log(settings.log.format, "error")
    wanted = [parse_reference(reference) for reference in references] if references else None

    async def work() -> dict[str, int]:
        async with open_house(draw_plans(settings), sending=False) as house:
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


def read_settings(config: Path | None) -> Settings:
    return load_settings(config)


def parse_reference(typed: str) -> str:
    try:
        return read_reference(typed)
    except BadReference as error:
        leave(f"{typed}: {error}")


def read_store(settings: Settings, query: Callable[[Any], T]) -> T:
    """Run one query on the configured store."""
    from store.database import open_database  # noqa: PLC0415  # see serve
    from store.schema import require_schema  # noqa: PLC0415

    async def work() -> T:
        database = open_database(settings.store.database_url)
        try:
            await require_schema(database)
            return await database.read(query)
        finally:
            await database.close()

    return run_async(work)


def run_async(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return asyncio.run(work())


def leave(sentence: str) -> NoReturn:
    """End with a sentence for the person at the terminal."""
    typer.secho(sentence, err=True, fg="red" if sys.stderr.isatty() else None)
    raise typer.Exit(1)


def main() -> None:
    """Run the command; say in a sentence what is wrong with the configuration or the store."""
    try:
        app()
    except ConfigurationError as error:
        show.problems(error.problems)
        sys.exit(2)
    except StoreError as error:
        typer.secho(f"The store: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

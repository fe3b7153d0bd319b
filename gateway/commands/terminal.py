"""What the commands share: the way to the store, and sentences for the person at the terminal."""

import asyncio
import getpass
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from config.errors import ConfigurationError
from config.settings import Settings
from normalizer.reference import BadReference, read_reference, show_reference

if TYPE_CHECKING:
    from store.database import Database

T = TypeVar("T")

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help="The configuration file. Left out: $KVITTO_CONFIG, or kvitto.toml here."
    ),
]
"""The option that every command has."""

Reference = Annotated[
    str, typer.Argument(help="The case's number, however it is spaced or cased: 7K4M-9QXT.")
]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


def parse_reference(typed: str) -> str:
    try:
        return read_reference(typed)
    except BadReference as error:
        leave(f"{typed}: {error}")


def find_cases(settings: Settings, typed: Sequence[str]) -> Mapping[str, Any]:
    """The cases with these numbers, by reference. Ends with a sentence when one of them does not exist."""
    from store import cases  # noqa: PLC0415  # not every command needs it

    wanted = [parse_reference(each) for each in typed]
    found = read_store(settings, lambda c: cases.find_references(c, wanted)) if has_store(settings) else {}
    missing = [show_reference(each) for each in wanted if each not in found]
    if missing:
        leave(f"There is no case {', '.join(missing)}.")
    return found


def name_departments(settings: Settings) -> Callable[[str, date], str]:
    """Short names in Swedish, as they were on a day; the key itself while the organisation's file is broken."""
    from config.organisation import EXAMPLE, load_organisation  # noqa: PLC0415

    try:
        organisation = load_organisation(settings.city.organisation or EXAMPLE)
    except ConfigurationError:
        return lambda key, _day: key
    return lambda key, day: organisation.short_name_of(key, "sv", day) or key


def has_store(settings: Settings) -> bool:
    """Looking must not make a database where there is none."""
    file = settings.store.database_file
    return file is None or file.exists()


def require_folder(settings: Settings) -> None:
    from gateway.parts import try_folder  # noqa: PLC0415

    folder = settings.store.folder
    try:
        try_folder(folder)
    except OSError as error:
        leave(f"store.folder (KVITTO_STORE__FOLDER): {folder} cannot be made or written: {error.strerror}.")


def read_store(settings: Settings, query: Callable[[Any], T]) -> T:
    """Run one query on the configured store."""
    return use_store(settings, lambda database: database.read(query))


def use_store(settings: Settings, work: Callable[["Database"], Coroutine[Any, Any, T]]) -> T:
    """Do something with the configured database. Raises StoreError, also when its tables are too old."""
    from store.database import open_database  # noqa: PLC0415
    from store.schema import require_schema  # noqa: PLC0415

    async def use() -> T:
        database = open_database(settings.store.database_url)
        try:
            await require_schema(database)
            return await work(database)
        finally:
            await database.close()

    return run_async(use)


def run_async(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return asyncio.run(work())


def leave(sentence: str) -> NoReturn:
    """End with a sentence for the person at the terminal."""
    say_wrong(sentence)
    raise typer.Exit(1)


def say_wrong(sentence: str) -> None:
    typer.secho(sentence, err=True, fg="red" if sys.stderr.isatty() else None)


def who() -> str:
    """Who sits at this terminal, for the record."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return "unknown"

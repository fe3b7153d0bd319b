"""The commands on systems that are told of events."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from config.settings import Settings, load_settings
from gateway.commands.show import console, say_time
from gateway.commands.terminal import (
    AsJson,
    ConfigFile,
    find_cases,
    has_store,
    leave,
    read_store,
    run_async,
    use_store,
)

if TYPE_CHECKING:
    from store.database import Database

endpoints_app = typer.Typer(
    help="Other systems that are told of events by signed calls (webhooks).", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="The endpoint's name, as `list` shows it.")]


@endpoints_app.command()
def add(
    name: Name,
    url: Annotated[str, typer.Argument(help="Where it is called: https://system.example.org/events")],
    board: Annotated[list[str] | None, typer.Option(help="A board whose cases it hears of.")] = None,
    department: Annotated[list[str] | None, typer.Option(help="A department, by its key.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="The cases of all boards.")] = False,
    event: Annotated[
        list[str] | None, typer.Option(help="An event that it wants: case.moved. Left out: all.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Send the case's record along.")] = False,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="And what residents wrote. Only with --full.")
    ] = False,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Tell it of everything that ever happened.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Tell another system of events from now on. Prints the secret that proves our calls, once."""
    from channels.webhook import address_fault, draw_secret  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.downstream.scopes import EVERY, draw_scope  # noqa: PLC0415
    from gateway.parts import read_city  # noqa: PLC0415
    from store import endpoints, feed  # noqa: PLC0415
    from store.ids import new_id  # noqa: PLC0415

    settings = load_settings(config)
    city = read_city(settings)
    if fault := address_fault(url, settings.downstream.private_hosts):
        leave(f"{url} cannot be called: {fault}.")
    boards, departments = [EVERY] if everything else list(board or ()), list(department or ())
    known = {each for one in city.departments.values() for each in one.boards}
    wrong = [each for each in boards if each not in known | {EVERY}]
    wrong += [each for each in departments if each not in city.departments]
    if wrong:
        leave(f"The organisation has no {', '.join(wrong)}.")
    if not draw_scope(city, boards, departments).whole:
        leave("Say whose cases it hears of: --board, --department, or --all.")
    if with_text and not full:
        leave("--with-text goes with --full.")
    secret, identity = draw_secret(), new_id()

    def work(connection: Any) -> bool:
        if endpoints.find_endpoint(connection, name) is not None:
            return False
        endpoints.add_endpoint(
            connection,
            id=identity,
            kind=endpoints.WEBHOOK,
            name=name,
            url=url,
            secrets=[secret],
            types=list(event or ()),
            boards=boards,
            departments=departments,
            full=full,
            with_text=with_text,
            position=0 if from_start else feed.find_last(connection),
            created_at=datetime.now(UTC),
        )
        return True

    if not _write(settings, work):
        leave(f"There is an endpoint {name} already.")
    console.print(f"{name} is told of events from {'the start' if from_start else 'now'} on.", markup=False)
    console.print("Its secret, which is not shown again:", markup=False)
    typer.echo(secret)


@endpoints_app.command("list")
def list_them(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show the endpoints: whose cases they hear of, how far they are, and what is dead."""
    from store import endpoints, feed  # noqa: PLC0415

    settings = load_settings(config)

    def look(connection: Any) -> tuple[Sequence[Any], dict[str, dict[str, int]], int]:
        return endpoints.list_endpoints(connection), endpoints.count(connection), feed.find_last(connection)

    found, counted, last = read_store(settings, look) if has_store(settings) else ([], {}, 0)
    if as_json:
        for row in found:
            shown = {name: getattr(row, name) for name in ("name", "kind", "url", "types", "boards")}
            shown |= {name: getattr(row, name) for name in ("departments", "full", "with_text", "position")}
            shown |= {"last": last, "enabled": row.disabled_at is None, "deliveries": counted.get(row.id, {})}
            typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    if not found:
        console.print("There is no endpoint. `kvitto endpoints add` makes one.", markup=False)
        return
    table = Table("Name", "Address", "Hears of", "Behind", "Queued", "Dead", "State", box=None)
    for row in found:
        states = counted.get(row.id, {})
        table.add_row(
            row.name,
            row.url or row.kind,
            ", ".join([*row.boards, *row.departments]),
            str(last - row.position),
            str(states.get(endpoints.QUEUED, 0)),
            str(states.get(endpoints.DEAD, 0)),
            f"disabled {say_time(row.disabled_at)}" if row.disabled_at else "in use",
        )
    console.print(table)


@endpoints_app.command("test")
def try_it(name: Name, config: ConfigFile = None) -> None:
    """Call it now with an event that says nothing (kvitto.endpoint.test), and say what it answers."""
    from channels.webhook import NotTaken  # noqa: PLC0415
    from gateway.downstream.cloud import name_source  # noqa: PLC0415
    from gateway.downstream.webhooks import try_out  # noqa: PLC0415

    settings = load_settings(config)
    row = _find(settings, name)
    source = name_source(settings.web.public_url)
    hosts = settings.downstream.private_hosts
    try:
        status = run_async(lambda: try_out(row.url, row.secrets, hosts, source, datetime.now(UTC)))
    except NotTaken as error:
        leave(f"{name} did not take it: {error.detail}.")
    console.print(f"{name} took it: status {status}.", markup=False)


@endpoints_app.command()
def rotate(
    name: Name,
    finish: Annotated[
        bool, typer.Option("--finish", help="The system has the new secret: the old one signs no more.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Draw a new secret. Until --finish both sign every call, so that the system can change in its own time."""
    from channels.webhook import draw_secret  # noqa: PLC0415
    from store import endpoints  # noqa: PLC0415

    settings = load_settings(config)
    row = _find(settings, name)
    secret = draw_secret()
    secrets = row.secrets[:1] if finish else [secret, row.secrets[0]]
    _write(settings, partial(endpoints.change_endpoint, endpoint_id=row.id, secrets=secrets))
    if finish:
        console.print(f"Only the newest secret signs what {name} is told.", markup=False)
        return
    console.print("Its new secret, which is not shown again:", markup=False)
    typer.echo(secret)


@endpoints_app.command()
def disable(
    name: Name,
    undo: Annotated[
        bool, typer.Option("--undo", help="Enable it: it is told of all that happened meanwhile.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Tell it of nothing, until --undo."""
    from store import endpoints  # noqa: PLC0415

    settings = load_settings(config)
    row = _find(settings, name)
    at = None if undo else datetime.now(UTC)
    _write(settings, partial(endpoints.change_endpoint, endpoint_id=row.id, disabled_at=at))
    said = "is told of events again, first of what happened meanwhile" if undo else "is told of nothing"
    console.print(f"{name} {said}.", markup=False)


@endpoints_app.command()
def replay(
    name: Name,
    references: Annotated[list[str] | None, typer.Argument(help="Case numbers. Left out: all.")] = None,
    config: ConfigFile = None,
) -> None:
    """Owe it again what is dead: what it did not take for days. The events keep their ids."""
    from store import endpoints  # noqa: PLC0415

    settings = load_settings(config)
    row = _find(settings, name)
    ids = [case.id for case in find_cases(settings, references).values()] if references else None
    number = _write(
        settings, partial(endpoints.replay, endpoint_id=row.id, now=datetime.now(UTC), case_ids=ids)
    )
    console.print(f"{number} events are owed to {name} again.", markup=False)


def _find(settings: Settings, name: str) -> Any:
    from store import endpoints  # noqa: PLC0415

    row = read_store(settings, partial(endpoints.find_endpoint, name=name)) if has_store(settings) else None
    if row is None or row.kind != endpoints.WEBHOOK:
        leave(f"There is no endpoint {name}. See: kvitto endpoints list")
    return row


def _write(settings: Settings, work: Any) -> Any:
    _require_folder(settings)

    async def write(database: "Database") -> Any:
        async with database.transaction() as run:
            return await run(work)

    return use_store(settings, write)


def _require_folder(settings: Settings) -> None:
    file: Path | None = settings.store.database_file
    if file is not None and not file.exists():
        leave("There is no store yet. Start Kvitto once, or run: kvitto migrate")

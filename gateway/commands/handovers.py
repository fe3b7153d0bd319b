"""The commands on cases that were handed over to registers."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from config.settings import load_settings
from gateway.commands.show import console, say_time
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
from normalizer.reference import show_reference
from store.errors import NotPossible

if TYPE_CHECKING:
    from gateway.desk import Act
    from gateway.downstream.handover import Registrar
    from store.database import Database

handovers_app = typer.Typer(help="Cases that were sent to the register of a board.", no_args_is_help=True)

Board = Annotated[str, typer.Option(help="The board, where there are several.")]
By = Annotated[str, typer.Option(help="Who does it. Left out: who is logged in here.")]


@handovers_app.command("list")
def list_them(
    waiting: Annotated[bool, typer.Option("--waiting", help="Those without a number.")] = False,
    limit: Limit = 50,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show what was handed over, and the number that it has there."""
    import json  # noqa: PLC0415  # see gateway.__main__.serve

    from store import handovers  # noqa: PLC0415

    settings = load_settings(config)
    query = partial(handovers.list_handovers, waiting=waiting, limit=limit)
    found = read_store(settings, query) if has_store(settings) else []
    table = Table("Case", "Board", "Sent", "Mail", "Number", box=None)
    for row in found:
        number = show_reference(row.reference)
        if as_json:
            shown = {"reference": number, "board": row.board, "at": row.at.isoformat(), "mail": row.state}
            typer.echo(json.dumps(shown | {"diary_number": row.diary_number}, ensure_ascii=False))
        table.add_row(number, row.board, say_time(row.at), row.state or "", row.diary_number)
    if not as_json:
        console.print(table if found else "Nothing was handed over.")


@handovers_app.command()
def confirm(
    reference: Reference,
    number: Annotated[str, typer.Argument(help="The number in the register: KS 2026/123.")],
    board: Board = "",
    by: By = "",
    config: ConfigFile = None,
) -> None:
    """Write down the number that a case has in the register: nobody is reminded of it any more."""

    def work(registrar: "Registrar", connection: Any, case_id: str, act: "Act") -> str:
        from gateway.downstream import handover  # noqa: PLC0415  # see gateway.__main__.serve

        del registrar
        return handover.confirm(connection, case_id, number, board, act)

    done = _work(reference, config, by, work)
    typer.echo(f"The number at {done} is written down.")


@handovers_app.command()
def send(reference: Reference, board: Board = "", by: By = "", config: ConfigFile = None) -> None:
    """Hand a case over to the register of its board now."""

    def work(registrar: "Registrar", connection: Any, case_id: str, act: "Act") -> str:
        return registrar.send(connection, case_id, board, act)

    typer.echo(f"The running service sends it to {_work(reference, config, by, work)} within seconds.")


def _work(
    reference: str,
    config: Path | None,
    by: str,
    work: "Callable[[Registrar, Any, str, Act], str]",
) -> str:
    from gateway.desk import Act  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.downstream.handover import Registrar  # noqa: PLC0415
    from gateway.parts import build_letters, build_planner, list_channels, read_city  # noqa: PLC0415

    settings = load_settings(config)
    city = read_city(settings)
    channels = {name: build() for name, build in list_channels(settings, city) if name == "email"}
    planner = build_planner(settings, city, build_letters(settings, city), channels)
    registrar = Registrar(organisation=city, calendar=planner.calendar, letterhead=planner.letterhead)
    (case,) = find_cases(settings, [reference]).values()
    act = Act(by=by.strip() or who(), at=datetime.now(UTC))

    async def write(database: "Database") -> str:
        async with database.transaction() as run:
            done: str = await run(lambda connection: work(registrar, connection, case.id, act))
            return done

    try:
        return use_store(settings, write)
    except NotPossible as error:
        leave(f"Case {show_reference(case.reference)}: {error}.")

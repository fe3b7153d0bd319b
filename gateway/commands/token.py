"""The commands on the tokens of other systems."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.settings import load_settings
from gateway.commands.show import console, say_time
from gateway.commands.terminal import ConfigFile, has_store, leave, read_store, require_folder, use_store, who

if TYPE_CHECKING:
    from normalizer.organisation import Organisation
    from store.database import Database

token_app = typer.Typer(
    help="The tokens with which other systems use the REST API.", no_args_is_help=True, rich_markup_mode=None
)

_NAME = re.compile(r"[\w.-]{1,100}")


@token_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Which system: letters, digits, hyphens, dots.")],
    config: ConfigFile = None,
    role: Annotated[
        list[str] | None, typer.Option(help="What it may do; may be repeated. Left out: machine.")
    ] = None,
    board: Annotated[
        list[str] | None, typer.Option(help="The board whose cases it sees, by its name; may be repeated.")
    ] = None,
    department: Annotated[
        list[str] | None, typer.Option(help="Only this department, by its key; may be repeated.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=731, help="For how long it counts.")] = 365,
) -> None:
    """Make a token and show it, this once. Nobody can read it again: a lost one is revoked and made anew."""
    from gateway.api.guard import draw_token  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.parts import read_city  # noqa: PLC0415
    from gateway.staff.door import hash_token  # noqa: PLC0415
    from store.audit import append  # noqa: PLC0415
    from store.ids import new_id  # noqa: PLC0415
    from store.tokens import add_token, list_tokens  # noqa: PLC0415

    settings = load_settings(config)
    roles, boards, departments = role or ["machine"], board or [], department or []
    if not _NAME.fullmatch(name):
        leave("A token's name has from 1 to 100 letters, digits, hyphens, dots or underscores.")
    _check(read_city(settings), roles, boards, departments)
    require_folder(settings)
    token, now = draw_token(), datetime.now(UTC)
    row: dict[str, Any] = {
        "id": new_id(),
        "hash": hash_token(token),
        "name": name,
        "roles": roles,
        "boards": boards,
        "departments": departments,
        "created_at": now,
        "created_by": f"terminal:{who()}",
        "ends_at": now + timedelta(days=days),
        "revoked_at": None,
    }

    def write(connection: Any) -> bool:
        known = list_tokens(connection)
        if any(each.name == name and _counts(each, now) for each in known):
            return False
        add_token(connection, **row)
        rights: dict[str, Any] = {"roles": roles, "boards": boards, "departments": departments}
        append(connection, at=now, by=row["created_by"], action="token.added", name=name, **rights)
        return True

    async def work(database: "Database") -> bool:
        async with database.transaction() as run:
            added: bool = await run(write)
            return added

    if not use_store(settings, work):
        leave(f"There is a token {name} already. First: kvitto token revoke {name}")
    typer.echo(token)
    typer.echo(
        f"This is the token of {name}, shown this once. It counts until {say_time(row['ends_at'])}.", err=True
    )


@token_app.command("list")
def list_all(config: ConfigFile = None) -> None:
    """List the tokens: what they may, whose cases they see, and until when."""
    from store.tokens import list_tokens  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    found = read_store(settings, list_tokens) if has_store(settings) else []
    now = datetime.now(UTC)
    for each in found:
        sees = ", ".join([*each.boards, *each.departments]) or "no board"
        if each.revoked_at is not None:
            until = f"revoked {say_time(each.revoked_at)}"
        else:
            until = f"{'until' if _counts(each, now) else 'ended'} {say_time(each.ends_at)}"
        console.print(f"{each.name}: {', '.join(each.roles)}; {sees}; {until}", markup=False)
    if not found:
        console.print("There are no tokens.")


@token_app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="Which system's.")],
    config: ConfigFile = None,
) -> None:
    """Take a token back: from the next request on it counts for nothing."""
    from store.audit import append  # noqa: PLC0415  # see gateway.__main__.serve
    from store.tokens import revoke_tokens  # noqa: PLC0415

    settings = load_settings(config)
    now = datetime.now(UTC)

    def write(connection: Any) -> int:
        count = revoke_tokens(connection, name, now)
        if count:
            append(connection, at=now, by=f"terminal:{who()}", action="token.revoked", name=name)
        return count

    async def work(database: "Database") -> int:
        async with database.transaction() as run:
            count: int = await run(write)
            return count

    if not has_store(settings) or not use_store(settings, work):
        leave(f"There is no token {name} that still counts.")
    typer.echo(f"The token of {name} counts for nothing any more.")


def _counts(row: Any, now: datetime) -> bool:
    return row.revoked_at is None and row.ends_at > now


def _check(city: "Organisation", roles: list[str], boards: list[str], departments: list[str]) -> None:
    """A role, board or department that does not exist would give nothing, silently."""
    from gateway.staff.rights import ROLES  # noqa: PLC0415  # see gateway.__main__.serve

    known_boards = {board for each in city.departments.values() for board in each.boards}
    for what, given, known in (
        ("role", roles, set(ROLES)),
        ("board", boards, known_boards),
        ("department", departments, set(city.departments)),
    ):
        for each in given:
            if each not in known:
                leave(f"There is no {what} {each!r}. There are: {', '.join(sorted(known))}.")
    if not boards and not departments and set(roles) & {"machine", "department", "registrar", "manager"}:
        leave("Say whose cases it sees: --board or --department.")

"""The commands on the accounts of the staff."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.settings import Settings, load_settings
from gateway.commands.show import console, say_time
from gateway.commands.terminal import (
    ConfigFile,
    Limit,
    has_store,
    leave,
    read_store,
    require_folder,
    use_store,
    who,
)

if TYPE_CHECKING:
    from store.database import Database

staff_app = typer.Typer(
    help="The accounts of the staff: who works with cases, and whose.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Login = Annotated[str, typer.Argument(help="What they sign in as, usually their e-mail address.")]
Roles = Annotated[
    list[str] | None,
    typer.Option(
        "--role", help="contact_centre, department, registrar, manager, statistics or administrator."
    ),
]
Boards = Annotated[
    list[str] | None, typer.Option("--board", help="A board whose cases they see, by its name.")
]
Departments = Annotated[
    list[str] | None, typer.Option("--department", help="Only this department, by its key.")
]


@staff_app.command("add")
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="First and last name.", prompt="Name")],
    config: ConfigFile = None,
    role: Roles = None,
    board: Boards = None,
    department: Departments = None,
) -> None:
    """Make an account, and show the link with which its owner chooses a password."""
    from store.ids import new_id  # noqa: PLC0415  # see gateway.__main__.serve
    from store.staff import add_member, find_member  # noqa: PLC0415

    settings = load_settings(config)
    rights = _read_rights(settings, role, board, department)
    require_folder(settings)
    login = login.strip().lower()
    row = {
        "id": new_id(),
        "login": login,
        "name": name.strip(),
        "password": "",
        "subject": "",
        "created_at": datetime.now(UTC),
        **rights,
    }

    def write(connection: Any) -> bool:
        if find_member(connection, login=login) is not None:
            return False
        add_member(connection, **row)
        _note(connection, "member.added", login, **rights)
        return True

    if not _write(settings, write):
        leave(f"There is an account {login} already. A new link: kvitto staff invite {login}")
    _show_link(settings, login)


@staff_app.command("invite")
def invite_again(login: Login, config: ConfigFile = None) -> None:
    """Show a new link for somebody who has no password yet, or has forgotten it. The old password counts until then."""
    settings = load_settings(config)
    _find(settings, login)
    _show_link(settings, login.strip().lower())


@staff_app.command("list")
def list_all(config: ConfigFile = None) -> None:
    """List everybody: what they may, and whose cases they see."""
    from store.staff import list_members  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    found = read_store(settings, list_members) if has_store(settings) else []
    for each in found:
        sees = ", ".join([*each.boards, *each.departments]) or "no board of their own"
        state = "; has left" if each.disabled_at else "" if each.password or each.subject else "; invited"
        console.print(f"{each.login}: {each.name}; {', '.join(each.roles)}; {sees}{state}", markup=False)
    if not found:
        console.print("There are no accounts. The first one: kvitto staff add LOGIN --role administrator")


@staff_app.command("rights")
def change_rights(
    login: Login,
    config: ConfigFile = None,
    role: Roles = None,
    board: Boards = None,
    department: Departments = None,
) -> None:
    """Give somebody other roles and boards, in place of those they have. They count from the next click on."""
    from store.staff import change_member  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    member = _find(settings, login)
    rights = _read_rights(settings, role, board, department)

    def write(connection: Any) -> None:
        change_member(connection, member.id, **rights)
        _note(connection, "member.rights", member.login, **rights)

    _write(settings, write)
    typer.echo(f"{member.name} is {', '.join(rights['roles'])} now.")


@staff_app.command("disable")
def disable(login: Login, config: ConfigFile = None) -> None:
    """Shut somebody out, at once and everywhere. What they did keeps their name."""
    from store.staff import change_member, end_sessions  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    member = _find(settings, login)

    def write(connection: Any) -> None:
        change_member(connection, member.id, disabled_at=datetime.now(UTC))
        end_sessions(connection, member_id=member.id)
        _note(connection, "member.disabled", member.login)

    _write(settings, write)
    typer.echo(f"{member.name} cannot sign in any more.")


@staff_app.command("enable")
def enable(login: Login, config: ConfigFile = None) -> None:
    """Let somebody in again."""
    from store.staff import change_member  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    member = _find(settings, login)

    def write(connection: Any) -> None:
        change_member(connection, member.id, disabled_at=None, failures=0, locked_until=None)
        _note(connection, "member.enabled", member.login)

    _write(settings, write)
    typer.echo(f"{member.name} can sign in again.")


@staff_app.command("audit")
def show_audit(
    config: ConfigFile = None,
    verify: Annotated[bool, typer.Option(help="Check that no entry was changed or taken out.")] = False,
    limit: Limit = 50,
) -> None:
    """Show who looked at what is protected, and who changed whose rights. The newest first."""
    from store.audit import find_break, list_entries  # noqa: PLC0415  # see gateway.__main__.serve
    from store.staff import list_members  # noqa: PLC0415

    settings = load_settings(config)
    if not has_store(settings):
        console.print("Nothing has happened yet.")
        return
    if verify:
        broken, newest = read_store(settings, find_break)
        if broken:
            leave(
                f"The audit trail does not hold: from entry {broken} on it was changed, or something is missing."
            )
        typer.echo(f"The audit trail holds. The hash of its newest entry: {newest}")
        return
    names = {each.id: each.login for each in read_store(settings, list_members)}
    for each in read_store(settings, partial(list_entries, limit=limit)):
        about = f"; case {each.case_id}" if each.case_id else ""
        more = "".join(f"; {key} {value}" for key, value in each.detail.items())
        by = names.get(each.by, each.by)
        console.print(f"{say_time(each.at)}  {by}: {each.action}{about}{more}", markup=False)


def _find(settings: Settings, login: str) -> Any:
    from store.staff import find_member  # noqa: PLC0415  # see gateway.__main__.serve

    login = login.strip().lower()
    found = read_store(settings, partial(find_member, login=login)) if has_store(settings) else None
    if found is None:
        leave(f"There is no account {login}. See: kvitto staff list")
    return found


def _show_link(settings: Settings, login: str) -> None:
    from gateway.parts import build_status_links  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.staff.members import INVITED, invite  # noqa: PLC0415

    member = _find(settings, login)
    seal = build_status_links(settings).seal
    try:
        token = invite(seal, member, datetime.now(UTC))
    except OSError as error:
        leave(f"The house's key in {settings.store.folder} cannot be read: {error.strerror}.")
    web = settings.web
    base = web.public_url.rstrip("/") or f"http://{web.host}:{web.port}"
    typer.echo(f"{base}/staff/welcome/{token}")
    typer.echo(
        f"With this link {member.name} chooses a password. It counts once, for {INVITED.days} days. "
        "Send it to them alone.",
        err=True,
    )


def _read_rights(
    settings: Settings, role: list[str] | None, board: list[str] | None, department: list[str] | None
) -> dict[str, list[str]]:
    """A role, board or department that does not exist would give nothing, silently."""
    from gateway.parts import read_city  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.staff.rights import ROLES  # noqa: PLC0415

    city = read_city(settings)
    roles, boards, departments = role or [], board or [], department or []
    if not roles:
        leave("Say what they may: --role contact_centre, for example.")
    for what, given, known in (
        ("role", roles, set(ROLES) - {"machine"}),
        ("board", boards, {board for each in city.departments.values() for board in each.boards}),
        ("department", departments, set(city.departments)),
    ):
        for each in given:
            if each not in known:
                leave(f"There is no {what} {each!r}. There are: {', '.join(sorted(known))}.")
    if not boards and not departments and set(roles) & {"department", "registrar", "manager"}:
        leave("Say whose cases they see: --board or --department.")
    return {"roles": roles, "boards": boards, "departments": departments}


def _note(connection: Any, action: str, login: str, **detail: Any) -> None:
    from store.audit import append  # noqa: PLC0415  # see gateway.__main__.serve

    append(connection, at=datetime.now(UTC), by=f"terminal:{who()}", action=action, login=login, **detail)


def _write(settings: Settings, work: Any) -> Any:
    async def run_work(database: "Database") -> Any:
        async with database.transaction() as run:
            return await run(work)

    return use_store(settings, run_work)

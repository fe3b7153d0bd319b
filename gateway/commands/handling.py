"""The commands that handle a case: take it, give it back, move it, answer, close, have its alarm, join two, note, mark."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.settings import load_settings
from gateway.commands.show import console, say_time
from gateway.commands.terminal import ConfigFile, Reference, find_cases, leave, read_store, use_store, who
from normalizer.reference import read_reference, show_reference
from store.errors import NotPossible

if TYPE_CHECKING:
    from gateway.desk import Act, Desk, Done
    from store.database import Database

By = Annotated[str, typer.Option(help="Who does it. Left out: who is logged in here.")]


def accept(reference: Reference, config: ConfigFile = None, by: By = "") -> None:
    """Say that the department has the case: the clocks stop asking, and the routing learns that it was right."""
    _handle(reference, config, by, lambda desk, *at: desk.accept(*at), "is taken")


def give_back(
    reference: Reference,
    reason: Annotated[str, typer.Option(help="Why it is not this department's.", prompt="Why")],
    config: ConfigFile = None,
    by: By = "",
) -> None:
    """Give a case back to the contact centre, which decides anew. The resident is told."""
    _handle(
        reference,
        config,
        by,
        lambda desk, connection, case, act: desk.give_back(connection, case, reason, act),
        "is with the contact centre",
    )


def move(
    reference: Reference,
    department: Annotated[str, typer.Argument(help="The department's key: teknik.")],
    config: ConfigFile = None,
    by: By = "",
) -> None:
    """Give a case to a department. The resident is told where it is now, and the routing learns from it."""
    _handle(
        reference,
        config,
        by,
        lambda desk, connection, case, act: desk.move(connection, case, department, act),
        f"is with {department}",
    )


def answer(
    reference: Reference,
    config: ConfigFile = None,
    text: Annotated[
        Path | None, typer.Option("--text", help="A file with the answer. Left out: standard input.")
    ] = None,
    by: By = "",
) -> None:
    """Answer the resident where they want to be answered. From then on nobody waits."""
    if text is None and sys.stdin.isatty():
        typer.echo("Write the answer. End with Ctrl-D on a line of its own.")
    try:
        words = text.read_text("utf-8") if text else sys.stdin.read()
    except UnicodeDecodeError:
        leave("The answer must be text in UTF-8.")
    _handle(
        reference,
        config,
        by,
        lambda desk, connection, case, act: desk.answer(connection, case, words, act),
        "is answered",
    )


def close(
    reference: Reference,
    config: ConfigFile = None,
    reason: Annotated[str, typer.Option(help="Needed when the person has no answer.")] = "",
    by: By = "",
) -> None:
    """Close a case: after an answer, with a reason, or when there is no address. A new message opens it again."""
    _handle(
        reference,
        config,
        by,
        lambda desk, connection, case, act: desk.close(connection, case, reason, act),
        "is closed",
    )


def acknowledge(reference: Reference, config: ConfigFile = None, by: By = "") -> None:
    """Say "I have it": the alarm of this case calls nobody else."""
    _handle(
        reference, config, by, lambda desk, *at: desk.acknowledge(*at), "is with you: the alarm is silent"
    )


def join(
    reference: Reference,
    other: Annotated[str, typer.Argument(help="The number of the case that goes on for both.")],
    config: ConfigFile = None,
    by: By = "",
) -> None:
    """Say that two cases are one matter: the first rests, the other goes on for both. See split."""
    from gateway.desk import Done  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.joining import join as join_cases  # noqa: PLC0415

    found = find_cases(load_settings(config), [reference, other])
    (target,) = (case for number, case in found.items() if number == read_reference(other))

    def work(_desk: "Desk", connection: Any, case_id: str, act: "Act") -> "Done":
        join_cases(connection, case_id, target.id, act)
        return Done(told=None)

    _handle(reference, config, by, work, f"goes on in {show_reference(target.reference)}")


def split(reference: Reference, config: ConfigFile = None, by: By = "") -> None:
    """Say that a case which was joined to another is a matter of its own after all."""
    from gateway.desk import Done  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.joining import split as split_case  # noqa: PLC0415

    def work(_desk: "Desk", connection: Any, case_id: str, act: "Act") -> "Done":
        split_case(connection, case_id, act)
        return Done(told=None)

    _handle(reference, config, by, work, "stands alone again")


def take(
    reference: Reference,
    config: ConfigFile = None,
    over: Annotated[bool, typer.Option("--over", help="Also when somebody else has it.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Nobody has it any more.")] = False,
    by: By = "",
) -> None:
    """Say who works on a case: the member of staff with this login. Their name stands on the pages."""
    from dataclasses import replace  # noqa: PLC0415  # see gateway.__main__.serve

    from gateway import handling  # noqa: PLC0415
    from store.staff import find_member  # noqa: PLC0415

    def work(_desk: "Desk", connection: Any, case_id: str, act: "Act") -> "Done":
        if back:
            return handling.put_back(connection, case_id, act)
        member = find_member(connection, login=act.by.lower())
        if member is None:
            raise NotPossible(f"{act.by!r} is no member of staff: --by takes the login of one")
        return handling.take(connection, case_id, replace(act, by=member.id), over=over)

    _handle(reference, config, by, work, "is with nobody" if back else "is taken")


def note(
    reference: Reference,
    text: Annotated[str, typer.Argument(help="What whoever works with the case should know.")],
    config: ConfigFile = None,
    by: By = "",
) -> None:
    """Write a note on a case. The resident does not see it; it may still be a public record."""
    from gateway import handling  # noqa: PLC0415  # see gateway.__main__.serve

    _handle(
        reference,
        config,
        by,
        lambda _, connection, case, act: handling.note(connection, case, text, act),
        "has the note",
    )


def mark(
    reference: Reference,
    as_: Annotated[str, typer.Option("--as", help="secret, protected or none: who may read the case.")] = "",
    kind: Annotated[str, typer.Option(help="What sort of matter it is: klagomal, handling ...")] = "",
    basis: Annotated[str, typer.Option(help="The section of the law that secrecy rests on.")] = "",
    until: Annotated[str, typer.Option(help="The day on which to look again: 2031-11-24.")] = "",
    config: ConfigFile = None,
    by: By = "",
) -> None:
    """Mark a case as secret or as one with a protected identity, take that back, or correct its sort."""
    from gateway import handling  # noqa: PLC0415  # see gateway.__main__.serve

    if not as_ and not kind:
        leave("Say what: --as secret, --as protected, --as none, or --kind.")

    def work(_desk: "Desk", connection: Any, case_id: str, act: "Act") -> "Done":
        done = None
        if as_:
            what = "" if as_ == "none" else as_
            done = handling.mark_secrecy(connection, case_id, what, act, basis=basis, until=until)
        return handling.mark_kind(connection, case_id, kind, act) if kind or done is None else done

    _handle(reference, config, by, work, "is marked")


def show_contacts(
    reference: Reference,
    config: ConfigFile = None,
    unlink: Annotated[
        str, typer.Option(help="An address as it is shown here: it is not this person's after all.")
    ] = "",
    by: By = "",
) -> None:
    """Show which addresses are proven to be those of whoever wrote in a case, or take one of them away."""
    from gateway.desk import Done  # noqa: PLC0415  # see gateway.__main__.serve
    from store import contacts, rows  # noqa: PLC0415
    from store.writer import apply  # noqa: PLC0415

    settings = load_settings(config)
    (case,) = find_cases(settings, [reference]).values()
    links = read_store(settings, lambda connection: contacts.list_links(connection, case.id))
    if not unlink:
        for link in links:
            until = f", not since {say_time(link.undone_at)}" if link.undone_at else ""
            console.print(f"{link.one} is {link.other}, proven {say_time(link.at)}{until}", markup=False)
        if not links:
            console.print("No address is proven to be that of anybody who wrote in this case.")
        return
    chosen = [each for each in links if unlink in {each.one, each.other} and each.undone_at is None]

    def work(_desk: "Desk", connection: Any, case_id: str, act: "Act") -> "Done":
        undone = [each for each in chosen if contacts.unlink(connection, each.id, at=act.at)]
        if not undone:
            raise NotPossible("no address of that name is linked")
        data = {"by": act.by, "to": unlink}
        apply(
            connection,
            [
                rows.event_change(case_id, "contact.unlinked", act.at, {**data, "link": each.id})
                for each in undone
            ],
        )
        return Done(told=None)

    _handle(reference, config, by, work, f"has no link to {unlink} any more")


def _handle(
    reference: str,
    config: Path | None,
    by: str,
    work: "Callable[[Desk, Any, str, Act], Done]",
    said: str,
) -> None:
    """Do it in one transaction; say what the resident is told, or why it cannot be done."""
    from gateway.desk import Act, Desk  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.parts import build_letters, build_planner, list_channels, read_city  # noqa: PLC0415

    settings = load_settings(config)
    city = read_city(settings)
    channels = {name: build() for name, build in list_channels(settings, city) if name == "email"}
    desk = Desk(planner=build_planner(settings, city, build_letters(settings, city), channels))
    ((_, case),) = find_cases(settings, [reference]).items()
    number = show_reference(case.reference)
    act = Act(by=by.strip() or who(), at=datetime.now(UTC))

    async def write(database: "Database") -> "Done":
        async with database.transaction() as run:
            done: Done = await run(lambda connection: work(desk, connection, case.id, act))
            return done

    try:
        done = use_store(settings, write)
    except NotPossible as error:
        leave(f"Case {number}: {error}.")
    told = "The running service tells the resident within seconds." if done.told else ""
    typer.echo(f"Case {number} {said}. {told}".rstrip())

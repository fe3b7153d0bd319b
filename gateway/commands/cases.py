"""The commands on cases: list, show, the original, who wrote it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from config.settings import load_settings
from gateway.commands import show, show_cases
from gateway.commands.confirming import confirm_sender
from gateway.commands.dispose import dispose, hold, release
from gateway.commands.handling import (
    accept,
    acknowledge,
    answer,
    close,
    give_back,
    join,
    mark,
    move,
    note,
    show_contacts,
    split,
    take,
)
from gateway.commands.terminal import (
    AsJson,
    ConfigFile,
    Limit,
    Reference,
    find_cases,
    has_store,
    leave,
    name_departments,
    read_store,
    run_async,
)
from normalizer.reference import show_reference

cases_app = typer.Typer(help="Look at cases, and handle them.", no_args_is_help=True)
cases_app.command("accept")(accept)
cases_app.command("return")(give_back)
cases_app.command("move")(move)
cases_app.command("answer")(answer)
cases_app.command("close")(close)
cases_app.command("acknowledge")(acknowledge)
cases_app.command("join")(join)
cases_app.command("split")(split)
cases_app.command("take")(take)
cases_app.command("note")(note)
cases_app.command("mark")(mark)
cases_app.command("contacts")(show_contacts)
cases_app.command("confirm-sender")(confirm_sender)
cases_app.command("dispose")(dispose)
cases_app.command("hold")(hold)
cases_app.command("release")(release)


@cases_app.command("list")
def list_cases(
    config: ConfigFile = None,
    as_json: AsJson = False,
    unreadable: Annotated[bool, typer.Option(help="Only those that Kvitto could not understand.")] = False,
    sampled: Annotated[
        bool, typer.Option(help="Only those drawn for a second look at where they were sent.")
    ] = False,
    limit: Limit = 25,
) -> None:
    """List cases, newest first."""
    from store import cases  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    if not has_store(settings):
        show.no_store(as_json=as_json)
        return
    found = read_store(
        settings, lambda c: cases.list_cases(c, unreadable=unreadable, sampled=sampled, limit=limit)
    )
    show_cases.case_list(found, name_departments(settings), as_json=as_json, unreadable=unreadable)


@cases_app.command("show")
def show_case(
    reference: Reference,
    config: ConfigFile = None,
    as_json: AsJson = False,
    original: Annotated[
        bool, typer.Option(help="Show personal identity numbers, which are otherwise masked.")
    ] = False,
) -> None:
    """Show one case: what came, where it went and why, what was answered."""
    from store import cases  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    (wanted,) = find_cases(settings, [reference])
    found = read_store(settings, lambda c: cases.find_case(c, wanted))
    assert found is not None, "no case is ever removed"
    now = datetime.now(UTC)
    show_cases.case(found, name_departments(settings), as_json=as_json, now=now, original=original)


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
    from store import cases  # noqa: PLC0415  # see gateway.__main__.serve
    from store.blobs import LocalBlobs  # noqa: PLC0415

    if out is None and sys.stdout.isatty():
        leave("This is not for a terminal. Name a file with --out, or send it on with | or >.")
    settings = load_settings(config)
    (case,) = find_cases(settings, [reference]).values()
    stored = read_store(settings, lambda c: cases.find_raw(c, case.id))
    assert stored is not None, "a case is opened by a message"
    if case.state == "disposed" and not stored.raw.body:
        leave(f"Case {show_reference(case.reference)} is disposed of: its original is destroyed.")
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

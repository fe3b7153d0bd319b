"""The commands `kvitto backup` and `kvitto restore`."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.settings import load_settings
from gateway.commands import show
from gateway.commands.terminal import ConfigFile, has_store, leave, say_wrong

if TYPE_CHECKING:
    from gateway.backup import Manifest

_FEW = 5
# names that are told


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write. It must not be there yet.")],
    config: ConfigFile = None,
) -> None:
    """Write everything that Kvitto keeps to one file, while it runs, and read it again to be sure.

    The configuration is not in it. The file holds what residents wrote: keep it as safe as the store.
    """
    from gateway.backup import BackupFailed, make_backup  # noqa: PLC0415  # see gateway.__main__.serve

    settings = load_settings(config)
    if not has_store(settings):
        leave("There is no store yet, and so nothing to back up.")
    with ExitStack() as stack:
        try:
            made = make_backup(settings, file, _bar(stack, "Copying"))
        except BackupFailed as error:
            leave(str(error))
    show.console.print(f"{file}: {_tell(made)}.", soft_wrap=True)
    for what, names in (("missing", made.missing), ("damaged", made.damaged)):
        if names:
            say_wrong(
                f"{len(names)} files are {what} in the store: {', '.join(names[:_FEW])}. "
                "Look for them in an older backup. All else is in this one."
            )
    if made.missing or made.damaged:
        raise typer.Exit(1)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that kvitto backup made.")],
    config: ConfigFile = None,
) -> None:
    """Put everything back from a backup, into an empty folder and an empty database. Nothing is written over."""
    from gateway.backup import BackupFailed, restore_backup  # noqa: PLC0415  # see gateway.__main__.serve
    from store.schema import HEAD  # noqa: PLC0415

    settings = load_settings(config)
    with ExitStack() as stack:
        try:
            done = restore_backup(settings, file, _bar(stack, "Restoring"))
        except BackupFailed as error:
            leave(str(error))
    show.console.print(f"Restored: {_tell(done.manifest)}.", soft_wrap=True)
    if not done.whole:
        leave(
            f"It is not the same: {done.counts} in place of {done.manifest.counts}"
            f"{f', and the audit trail breaks at {done.broken_at}' if done.broken_at else ''}. Keep the backup, and ask for help."
        )
    if queued := done.counts["queued"]:
        show.console.print(
            f"{queued} letters were waiting to go out at that time, and go out when Kvitto starts: "
            "also those that went out after the backup. kvitto outbox list --state queued shows them.",
            soft_wrap=True,
        )
    if done.manifest.revision < HEAD:
        show.console.print("The tables are those of an older Kvitto. Run: kvitto migrate")


def _bar(stack: ExitStack, what: str) -> Callable[[int], Callable[[int], None]]:
    return lambda total: stack.enter_context(show.progress(what, total, counts_bytes=True))


def _tell(made: "Manifest") -> str:
    counts, size = made.counts, sum(each.size for each in made.files.values())
    return (
        f"{counts['cases']} cases, {counts['messages']} messages and {len(made.files) - 1} files, "
        f"{size / 1e6:.1f} MB, as of {show.say_time(made.made_at)}"
    )

"""What the command line shows people: sentences, and what its tables and pages are made of."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from normalizer.reference import show_reference

if TYPE_CHECKING:
    from gateway.importing import Tally

HERE = ZoneInfo("Europe/Stockholm")
WIDE = 110
"""Columns of a terminal from which tables say more."""

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def problems(found: Sequence[str]) -> None:
    """Everything that is wrong with the configuration."""
    errors.print(f"[red]The configuration cannot be used.[/red] {len(found)} to mend:")
    for each in found:
        errors.print(f"  - {escape(each)}", soft_wrap=True)


def migrated(before: str, after: str) -> None:
    if before == after:
        console.print(f"The database is at {after} already.")
    else:
        console.print(f"The database is at {after} now (before: {before or 'empty'}).")


def replayed(counted: Mapping[str, int]) -> None:
    if not sum(counted.values()):
        console.print("No unreadable cases.")
        return
    console.print(
        f"{counted['understood']} understood, {counted['duplicate']} here already, "
        f"{counted['failed']} still unreadable."
    )


_NOT_TAKEN = {
    "unreadable": "The file cannot be read",
    "too-large": "Larger than email.largest",
    "empty": "Empty",
    "refused": "Refused by the store",
    "no-mail": "Passed over: no mail",
}


def imported(tally: "Tally", *, stopped: str = "") -> None:
    """What became of an archive. `stopped` says why it did not come to its end."""
    for where, problem, detail in tally.told:
        shown = f"{_NOT_TAKEN[problem]}: {where}{f' ({detail})' if detail else ''}"
        errors.print(escape(one_line(shown)), soft_wrap=True)
    if (more := tally.problems.total() - len(tally.told)) > 0:
        errors.print(f"... and {more} more.")
    counts = [f"{tally.imported} imported", f"{tally.known} here already"]
    counts += [f"{tally.problems[name]} {name}" for name in _NOT_TAKEN if tally.problems[name]]
    console.print(", ".join(counts) + ".", soft_wrap=True)
    if stopped:
        errors.print(f"{escape(stopped)} Run the same command again: it goes on from here.", soft_wrap=True)


def readable(references: Iterable[str]) -> None:
    """There is nothing to replay in these."""
    for reference in references:
        console.print(f"{show_reference(reference)} is readable already.")


def retried(count: int) -> None:
    if not count:
        console.print("No receipt has failed.")
        return
    console.print(f"{count} put back. The running service sends what is due within seconds.")


def cancelled(count: int) -> None:
    """How many letters do not go out any more."""
    if count:
        console.print(
            f"{count} letters are cancelled. kvitto outbox retry with the case's number owes them again."
        )
    else:
        console.print("Nothing waits for this case, or it is being sent just now.")


def blocked(found: Sequence[Any]) -> None:
    """Addresses that get nothing automatic, and until when."""
    if not found:
        console.print("No address is blocked.")
        return
    table = make_table({"address": 0, "until": 10, "why": 8})
    for each in found:
        table.add_row(escape(each.value), f"{each.until.astimezone(HERE):%Y-%m-%d}", each.status)
    console.print(table)


def unblocked(count: int) -> None:
    if count:
        console.print("Receipts go there again.")
    else:
        console.print("This address is not blocked. kvitto outbox blocked lists those that are.")


def no_store(*, as_json: bool) -> None:
    """Nothing has ever been kept. For a program that is an empty list."""
    if not as_json:
        console.print("No cases yet.")


def make_table(widths: Mapping[str, int]) -> Table:
    """One line a row. The column without a width takes what is left, and what does not fit ends in three dots."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    left = console.width - sum(widths.values()) - 2 * (len(widths) - 1)
    for name, width in widths.items():
        table.add_column(name, no_wrap=True, overflow="ellipsis", width=width or max(left, 10))
    return table


def is_wide() -> bool:
    return console.width >= WIDE


def moment_width() -> int:
    return 16 if is_wide() else 12


def say_moment(moment: datetime) -> str:
    return say_time(moment) if is_wide() else f"{moment.astimezone(HERE):%d %b %H:%M}"


def say(line: str) -> None:
    """One line, however long: an id that is broken in the middle cannot be copied."""
    console.print(line, soft_wrap=True)


def one_line(text: str) -> str:
    """No line breaks, and nothing that a terminal would obey."""
    return " ".join(harmless(text).split())


def harmless(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\n\t")


def say_time(moment: datetime) -> str:
    return f"{moment.astimezone(HERE):%Y-%m-%d %H:%M}"


def public(row: Any) -> dict[str, Any]:
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's documented name for it
    if "reference" in values:
        values["reference"] = show_reference(values["reference"])
    return values


def print_json(value: Any) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")


@contextmanager
def progress(
    what: str, total: int, *, quiet_below: int = 1, counts_bytes: bool = False
) -> Iterator[Callable[..., None]]:
    """A bar on the terminal, if somebody looks at one; the caller steps it, by 1 or by so many."""
    if total < quiet_below or not errors.is_terminal:
        yield lambda _amount=1: None
        return
    amount = DownloadColumn() if counts_bytes else MofNCompleteColumn()
    with Progress(TextColumn(what), BarColumn(), amount, TimeRemainingColumn(), console=errors) as bar:
        task = bar.add_task(what, total=total)
        yield lambda amount=1: bar.advance(task, amount)

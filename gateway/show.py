"""What the command line shows people: tables, sentences, progress. JSON for programs."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from gateway.proposals import describe
from normalizer.reference import show_reference

if TYPE_CHECKING:
    from gateway.importing import Tally
    from gateway.mailboxes import Count
    from store.cases import CaseFile

HERE = ZoneInfo("Europe/Stockholm")
WIDE = 110
"""Columns of a terminal from which tables say more."""

_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)

STATES = {"queued": "waiting", "sent": "sent", "failed": "FAILED", "returned": "RETURNED"}


def problems(found: Sequence[str]) -> None:
    """Everything that is wrong with the configuration."""
    _errors.print(f"[red]The configuration cannot be used.[/red] {len(found)} to mend:")
    for each in found:
        _errors.print(f"  - {escape(each)}", soft_wrap=True)


def migrated(before: str, after: str) -> None:
    if before == after:
        _console.print(f"The database is at {after} already.")
    else:
        _console.print(f"The database is at {after} now (before: {before or 'empty'}).")


def replayed(counted: Mapping[str, int]) -> None:
    if not sum(counted.values()):
        _console.print("No unreadable cases.")
        return
    _console.print(
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
        _errors.print(escape(_one_line(shown)), soft_wrap=True)
    if (more := tally.problems.total() - len(tally.told)) > 0:
        _errors.print(f"... and {more} more.")
    counts = [f"{tally.imported} imported", f"{tally.known} here already"]
    counts += [f"{tally.problems[name]} {name}" for name in _NOT_TAKEN if tally.problems[name]]
    _console.print(", ".join(counts) + ".", soft_wrap=True)
    if stopped:
        _errors.print(f"{escape(stopped)} Run the same command again: it goes on from here.", soft_wrap=True)


def readable(references: Iterable[str]) -> None:
    """There is nothing to replay in these."""
    for reference in references:
        _console.print(f"{show_reference(reference)} is readable already.")


def retried(count: int) -> None:
    if not count:
        _console.print("No receipt has failed.")
        return
    _console.print(f"{count} put back. The running service sends what is due within seconds.")


def blocked(found: Sequence[Any]) -> None:
    """Addresses that get nothing automatic, and until when."""
    if not found:
        _console.print("No address is blocked.")
        return
    table = _table({"address": 0, "until": 10, "why": 8})
    for each in found:
        table.add_row(escape(each.value), f"{each.until.astimezone(HERE):%Y-%m-%d}", each.status)
    _console.print(table)


def unblocked(count: int) -> None:
    if count:
        _console.print("Receipts go there again.")
    else:
        _console.print("This address is not blocked. kvitto outbox blocked lists those that are.")


def no_store(*, as_json: bool) -> None:
    """Nothing has ever been kept. For a program that is an empty list."""
    if not as_json:
        _console.print("No cases yet.")


def case_list(
    found: Sequence[Any], departments: Mapping[str, str], *, as_json: bool, unreadable: bool
) -> None:
    """Cases as a table of one line each, or as JSON lines. `departments` are the names to show."""
    if as_json:
        for row in found:
            _print_json(_public(row))
        return
    if not found:
        _console.print("No unreadable cases." if unreadable else "No cases yet.")
        return
    table = _table(
        {
            "Number": 9,
            "Came": _moment_width(),
            "By": 7,
            "Where": 26 if _is_wide() else 14,
            "Answer by": 10,
            "Subject": 0,
        }
    )
    for row in found:
        kind = "" if row.kind == "message" else f"({row.kind}) "
        table.add_row(
            show_reference(row.reference),
            _moment(row.received_at),
            row.channel,
            escape(departments.get(row.department, row.department) or "contact centre"),
            f"{row.due:%a %d %b}",
            f"[red]unreadable ({row.failed_step})[/red]"
            if row.failed_step
            else escape(kind + _one_line(row.subject)),
        )
    _console.print(table)


def entry_list(found: Sequence[Any], *, as_json: bool, state: str, now: datetime) -> None:
    """What is owed, one line an entry, or as JSON lines."""
    if as_json:
        for row in found:
            _print_json(_public(row))
        return
    if not found:
        _console.print(f"No receipt is {state}." if state else "No receipts yet.")
        return
    from gateway.web.pages import obscure  # noqa: PLC0415  # the other lists need none of it, and start faster

    table = _table(
        {
            "Number": 9,
            "To": 24 if _is_wide() else 16,
            "State": 8,
            "Tries": 5,
            "Next attempt": max(_moment_width(), 12),
            "Last result": 0,
        }
    )
    for row in found:
        hidden = obscure(row.recipient)
        table.add_row(
            show_reference(row.reference),
            escape(hidden),
            _state(row),
            str(row.attempts),
            _next_attempt(row, now),
            # The relay's words may repeat the address.
            escape(_one_line(_last_result(row).replace(row.recipient, hidden))),
        )
    _console.print(table)


def _state(entry: Any) -> str:
    return f"[red]{STATES[entry.state]}[/red]" if entry.state == "failed" else STATES[entry.state]


def _next_attempt(entry: Any, now: datetime) -> str:
    if entry.state != "queued":
        return ""
    if entry.due_at <= now:
        return "now"
    return "being sent" if entry.claimed_by else _moment(entry.due_at)


def _last_result(entry: Any) -> str:
    return str(entry.results[-1]["detail"]) if entry.results else ""


def _table(widths: Mapping[str, int]) -> Table:
    """One line a row. The column without a width takes what is left, and what does not fit ends in three dots."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    left = _console.width - sum(widths.values()) - 2 * (len(widths) - 1)
    for name, width in widths.items():
        table.add_column(name, no_wrap=True, overflow="ellipsis", width=width or max(left, 10))
    return table


def _is_wide() -> bool:
    return _console.width >= WIDE


def _moment_width() -> int:
    return 16 if _is_wide() else 12


def _moment(moment: datetime) -> str:
    return _when(moment) if _is_wide() else f"{moment.astimezone(HERE):%d %b %H:%M}"


def case(found: "CaseFile", departments: Mapping[str, str], *, as_json: bool, now: datetime) -> None:
    """One case, whole."""
    if as_json:
        names = ("raws", "messages", "files", "outbox", "events")
        _print_json(
            {
                **_public(found.case),
                **{name: [_public(row) for row in getattr(found, name)] for name in names},
            }
        )
        return
    number = show_reference(found.case.reference)
    _show_head(found, departments, number)
    for message in found.messages:
        _say(f"\n{_when(message.received_at)}  {escape(_sender(message))}  {message.kind}")
        _console.print(Panel(escape(_harmless(message.text)) or "(no text)"))
        for each in found.files:
            if each.message_id == message.id:
                _say(f"  File: {escape(_one_line(each.filename))} ({each.size} bytes)")
        for line in _notes(message, found.events, number):
            _say(f"  {escape(_one_line(line))}")
    for entry in found.outbox:
        _say(
            f"  {entry.purpose} to {escape(_one_line(entry.recipient))}: {_state(entry)}, tries {entry.attempts}"
        )
        if entry.results:
            _say(f"    Last result: {escape(_one_line(_last_result(entry)))}")
        if entry.state == "queued":
            _say(f"    Next attempt: {_next_attempt(entry, now)}")


def _show_head(found: "CaseFile", departments: Mapping[str, str], number: str) -> None:
    row = found.case
    _say(f"[bold]{number}[/bold]  {escape(_one_line(row.subject))}")
    _say(f"  Came       {_when(row.received_at)} by {row.channel}")
    where = departments.get(row.department, row.department) or "contact centre (undecided)"
    _say(f"  Where      {escape(where)}")
    _say(f"  Why        {escape(_why(row.routing)) or 'nothing decided it'}")
    _say(f"  Answer by  {row.due:%A %d %B %Y}")
    _say(f"  Language   {row.language or 'not known'}")
    if row.failed_step:
        _say(f"  [red]Unreadable[/red] at {row.failed_step} ({row.error})")
        _say(f"    The original:  kvitto cases raw {number} --out FILE")
        _say(f"    After a fix:   kvitto replay {number}")
    for event in found.events:
        if event.type == "case.linked":
            _say(f"  See also   {event.data['reference']}: a message in one names the other")


def _notes(message: Any, events: Sequence[Any], number: str) -> Iterator[str]:
    for label in message.labels:
        yield f"Label: {label}"
    if message.withheld:
        yield f"No receipt: {message.withheld}"
    yield from describe(message, events, number)


def no_mailboxes() -> None:
    """There is nothing to fetch from."""
    _console.print("No mailboxes are configured.")


def mailboxes(counts: Sequence["Count"], *, as_json: bool, now: datetime) -> None:
    """What lies in each mailbox and what became of it, or as JSON lines."""
    for number, each in enumerate(counts):
        found, account = each.survey, each.account
        if as_json:
            values = {
                "fetched": each.fetched,
                "looked_at": each.looked_at,
                "node": each.holder,
                "explained_all": each.is_explained(now),
            }
            _print_json({**asdict(found), "address": account.address, "folder": account.folder, **values})
            continue
        if number:
            _say("")
        _say(f"[bold]{account.name}[/bold]  {escape(account.address)}")
        _say(f"  Lies in    {escape(_one_line(account.folder))} at {escape(account.host)}:{account.port}")
        if found.trouble:
            _say(f"  [red]Cannot be counted:[/red] {escape(_one_line(found.trouble))}")
            continue
        _say(f"  At source  {found.at_source}")
        _say(f"  Stored     {found.stored}")
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(found.explained.items()))
        _say(f"  Explained  {sum(found.explained.values())}{f'  ({reasons})' if reasons else ''}")
        if found.waiting:
            why = "nobody has looked yet" if each.looked_at is None else "came after the last look"
            _say(f"  Waiting    {found.waiting}  ({why})")
        shown = f"  (UID {', '.join(map(str, found.missing_uids))})" if found.missing else ""
        _say(f"  Missing    {found.missing}{shown}")
        if each.looked_at is not None:
            by = f", {escape(each.holder)} works on it" if each.holder else ", nobody works on it now"
            _say(f"  Looked at  {_when(each.looked_at)}{by}")
            _say(f"  In all     {each.fetched} fetched, also those that lie there no more")
        for what, ends in found.ends.items():
            _say(f"  Ends       {what}: {_when(ends)} ({_left(ends - now)})")
        _say(
            "  In order."
            if each.is_explained(now)
            else "  [red]Not in order: not every mail is explained.[/red]"
        )


def _left(time: timedelta) -> str:
    if time < timedelta():
        return "[red]over[/red]"
    return f"in {time.days} days" if time.days else f"in {time.seconds // 60} minutes"


def _sender(message: Any) -> str:
    return _one_line((message.sender or {}).get("value") or "anonymous")


def _say(line: str) -> None:
    """One line, however long: an id that is broken in the middle cannot be copied."""
    _console.print(line, soft_wrap=True)


def _one_line(text: str) -> str:
    """No line breaks, and nothing that a terminal would obey."""
    return " ".join(_harmless(text).split())


def _harmless(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\n\t")


def _why(routing: Mapping[str, Any]) -> str:
    words = _one_line(", ".join(routing.get("words") or []))
    return f"{routing.get('rule', '')}{f' ({words})' if words else ''}"


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(HERE):%Y-%m-%d %H:%M}"


def _public(row: Any) -> dict[str, Any]:
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's documented name for it
    if "reference" in values:
        values["reference"] = show_reference(values["reference"])
    return values


def _print_json(value: Any) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")


@contextmanager
def progress(
    what: str, total: int, *, quiet_below: int = 1, counts_bytes: bool = False
) -> Iterator[Callable[..., None]]:
    """A bar on the terminal, if somebody looks at one; the caller steps it, by 1 or by so many."""
    if total < quiet_below or not _errors.is_terminal:
        yield lambda _amount=1: None
        return
    amount = DownloadColumn() if counts_bytes else MofNCompleteColumn()
    with Progress(TextColumn(what), BarColumn(), amount, TimeRemainingColumn(), console=_errors) as bar:
        task = bar.add_task(what, total=total)
        yield lambda amount=1: bar.advance(task, amount)

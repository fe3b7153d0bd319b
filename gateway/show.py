"""What the command line shows people: tables, sentences, progress. JSON for programs."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from config.settings import Settings
from normalizer.reference import show_reference

if TYPE_CHECKING:
    from gateway.house import Plans
    from store.cases import CaseFile

HERE = ZoneInfo("Europe/Stockholm")
_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)

STATES = {"queued": "waiting", "sent": "sent", "failed": "FAILED"}


def welcome(settings: Settings) -> None:
    """Where to look, and how to send a first mail."""
    web, email = settings.web, settings.email
    if not _errors.is_terminal and settings.log.format == "json":
        return
    lines = [f"Write to the city  [link]http://{web.host}:{web.port}/[/link]"] if web.enabled else []
    if email.enabled:
        lines.append(f"Send it a mail     to {email.sender}, SMTP on {email.host} port {email.port}")
    if email.relay == "postbox" and web.enabled:
        lines.append(
            f"See the receipts   http://{web.host}:{web.port}/postbox  (no mail leaves this machine)"
        )
    lines.append("See the cases      .venv/bin/kvitto cases list")
    if email.enabled:
        lines += [
            "",
            "A first mail, from another terminal:",
            *(f"  {line}" for line in _first_mail(settings)),
        ]
    lines += ["", "Stop with Ctrl-C."]
    _errors.print(Panel("\n".join(lines), title="Kvitto is open", title_align="left", padding=(1, 2)))


def _first_mail(settings: Settings) -> list[str]:
    return [
        "python3 - <<'END'",
        "import smtplib",
        f"smtp = smtplib.SMTP('{settings.email.host}', {settings.email.port})",
        f"smtp.sendmail('anna@example.com', '{settings.email.sender}',",
        "  'Subject: Gatlykta\\n\\nHej! Gatlyktan vid Storgatan 5 lyser inte.')",
        "END",
    ]


def checked(plans: "Plans") -> None:
    """The configuration is in order: what it says, in short."""
    settings, organisation = plans.settings, plans.organisation
    table = Table.grid(padding=(0, 2))
    bodies = [each.body for each in organisation.departments.values()]
    own = bodies.count("department")
    table.add_row("City", organisation.names[organisation.languages[0]])
    table.add_row("Departments", f"{own}, and {len(bodies) - own} other bodies")
    table.add_row("Rules", str(len(organisation.rules)))
    table.add_row("Languages", ", ".join(organisation.languages))
    table.add_row("Channels", ", ".join(plans.channels))
    table.add_row(
        "Store", settings.store.database_url.partition("://")[0] + f", files in {settings.store.folder}"
    )
    table.add_row(
        "Outgoing mail", "the postbox on this machine" if settings.email.relay == "postbox" else "the relay"
    )
    _console.print(table)
    for warning in _warnings(plans):
        _console.print(f"[yellow]Note:[/yellow] {escape(warning)}")
    _console.print("The configuration is in order.")


def _warnings(plans: "Plans") -> Iterator[str]:
    settings = plans.settings
    if settings.email.relay == "postbox":
        yield "no resident gets a receipt while email.relay is postbox."
    if not settings.webform.secrets:
        yield "webform.secrets is empty, so POST /inbound/webform refuses everything."
    if settings.city.organisation is None:
        yield "city.organisation is not set, so the example city answers."


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
    _console.print(
        f"{counted['understood']} understood, {counted['duplicate']} here already, {counted['failed']} still unreadable."
    )


def case_list(found: Sequence[Any], *, as_json: bool, unreadable: bool) -> None:
    """Cases as a table, or as JSON lines."""
    if as_json:
        for row in found:
            _print_json(_public(row))
        return
    if not found:
        _console.print("No unreadable cases." if unreadable else "No cases yet.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("Number", "Came", "By", "Where", "Answer by", "What", "Subject"):
        table.add_column(
            name, no_wrap=name != "Subject", overflow="ellipsis", max_width=40 if name == "Subject" else None
        )
    for row in found:
        table.add_row(
            show_reference(row.reference),
            _when(row.received_at),
            row.channel,
            row.department or "contact centre",
            f"{row.due:%a %d %b}",
            f"[red]unreadable ({row.failed_step})[/red]" if row.failed_step else (row.category or row.kind),
            escape(row.subject),
        )
    _console.print(table)


def case(found: "CaseFile", *, as_json: bool) -> None:
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
    row = found.case
    _console.print(f"[bold]{show_reference(row.reference)}[/bold]  {escape(row.subject)}")
    facts = Table.grid(padding=(0, 2))
    facts.add_row("Came", f"{_when(row.received_at)} by {row.channel}")
    facts.add_row("Where", row.department or "contact centre (undecided)")
    facts.add_row("Why", escape(_why(row.routing)))
    facts.add_row("Answer by", f"{row.due:%A %d %B %Y}")
    facts.add_row("Language", row.language or "not known")
    if row.failed_step:
        facts.add_row(
            "[red]Unreadable[/red]", f"{row.failed_step} failed ({row.error}). After a fix: kvitto replay"
        )
    _console.print(facts)
    for message in found.messages:
        sender = (message.sender or {}).get("value") or "anonymous"
        title = f"{_when(message.received_at)}  {sender}  {message.kind}"
        files = [
            f"{each.filename} ({each.size} bytes)" for each in found.files if each.message_id == message.id
        ]
        body = escape(message.text) or "(no text)"
        _console.print(
            Panel(body, title=escape(title), title_align="left", subtitle=escape(", ".join(files)) or None)
        )
        if message.withheld:
            _console.print(f"  No receipt: {escape(message.withheld)}")
    for entry in found.outbox:
        last = entry.results[-1]["detail"] if entry.results else ""
        _console.print(
            f"  {entry.purpose} to {escape(entry.recipient)}: {STATES.get(entry.state, entry.state)}, "
            f"attempts {entry.attempts}  {escape(last)}"
        )


def _why(routing: Mapping[str, Any]) -> str:
    words = ", ".join(routing.get("words") or [])
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
def progress(what: str, total: int, *, quiet_below: int = 1) -> Iterator[Callable[[], None]]:
    """A bar on the terminal, if somebody looks at one; the caller steps it."""
    if total < quiet_below or not _errors.is_terminal:
        yield lambda: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_errors) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)

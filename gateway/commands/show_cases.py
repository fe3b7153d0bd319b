"""Cases and what is owed to residents, as the command line shows them: tables for people, JSON for programs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.panel import Panel

from gateway.commands.show import (
    console,
    harmless,
    is_wide,
    make_table,
    moment_width,
    one_line,
    print_json,
    public,
    say,
    say_moment,
    say_time,
)
from gateway.proposals import describe
from normalizer.personal_number import mask
from normalizer.reference import show_reference

if TYPE_CHECKING:
    from store.cases import CaseFile

STATES = {
    "queued": "waiting",
    "sent": "sent",
    "delivered": "arrived",
    "unread": "unread",
    "failed": "FAILED",
    "returned": "RETURNED",
    "cancelled": "cancelled",
}


def case_list(
    found: Sequence[Any], departments: Callable[[str, date], str], *, as_json: bool, unreadable: bool
) -> None:
    """Cases as a table of one line each, or as JSON lines. `departments` are the names to show."""
    if as_json:
        for row in found:
            print_json(public(row))
        return
    if not found:
        console.print("No unreadable cases." if unreadable else "No cases yet.")
        return
    table = make_table(
        {
            "Number": 9,
            "Came": moment_width(),
            "By": 7,
            "Where": 26 if is_wide() else 14,
            "Answer by": 10,
            "Subject": 0,
        }
    )
    for row in found:
        kind = "" if row.kind == "message" else f"({row.kind}) "
        table.add_row(
            show_reference(row.reference),
            say_moment(row.received_at),
            row.channel,
            escape(departments(row.department, row.received_at.date()) or "contact centre"),
            f"{row.due:%a %d %b}",
            f"[red]unreadable ({row.failed_step})[/red]"
            if row.failed_step
            else escape(kind + one_line(mask(row.subject))),
        )
    console.print(table)


def entry_list(found: Sequence[Any], *, as_json: bool, state: str, now: datetime) -> None:
    """What is owed, one line an entry, or as JSON lines."""
    if as_json:
        for row in found:
            print_json(public(row))
        return
    if not found:
        console.print(f"No receipt is {state}." if state else "No receipts yet.")
        return
    from gateway.web.pages import obscure  # noqa: PLC0415  # the other lists need none of it, and start faster

    table = make_table(
        {
            "Number": 9,
            "To": 24 if is_wide() else 16,
            "State": 9,
            "Tries": 5,
            "Next attempt": max(moment_width(), 12),
            "Last result": 0,
        }
    )
    for row in found:
        hidden = obscure(row.recipient)
        table.add_row(
            show_reference(row.reference) if row.reference else "",
            escape(hidden),
            _state(row),
            str(row.attempts),
            _next_attempt(row, now),
            # The relay's words may repeat the address.
            escape(one_line(_last_result(row).replace(row.recipient, hidden))),
        )
    console.print(table)


def _state(entry: Any) -> str:
    return f"[red]{STATES[entry.state]}[/red]" if entry.state == "failed" else STATES[entry.state]


def _next_attempt(entry: Any, now: datetime) -> str:
    if entry.state != "queued":
        return ""
    if entry.due_at <= now:
        return "now"
    return "being sent" if entry.claimed_by else say_moment(entry.due_at)


def _last_result(entry: Any) -> str:
    return str(entry.results[-1]["detail"]) if entry.results else ""


def case(
    found: "CaseFile",
    departments: Callable[[str, date], str],
    *,
    as_json: bool,
    now: datetime,
    original: bool = False,
) -> None:
    """One case, whole; personal identity numbers only if `original`. JSON is for programs and holds everything."""
    veil = _as_it_is if original else mask
    if as_json:
        names = ("raws", "messages", "files", "outbox", "events", "media")
        print_json(
            {
                **public(found.case),
                **{name: [public(row) for row in getattr(found, name)] for name in names},
            }
        )
        return
    number = show_reference(found.case.reference)
    _show_head(found, departments, number, veil)
    for message in found.messages:
        _show_message(found, message, number, veil)
    for entry in found.outbox:
        say(
            f"  {entry.purpose} to {escape(one_line(entry.recipient))}: {_state(entry)}, tries {entry.attempts}"
        )
        if entry.results:
            say(f"    Last result: {escape(one_line(_last_result(entry)))}")
        if entry.state == "queued":
            say(f"    Next attempt: {_next_attempt(entry, now)}")


def _show_message(found: "CaseFile", message: Any, number: str, veil: Callable[[str], str]) -> None:
    say(f"\n{say_time(message.received_at)}  {escape(_sender(message))}  {message.kind}")
    console.print(Panel(escape(harmless(veil(message.text))) or "(no text)"))
    for each in found.files:
        if each.message_id == message.id:
            say(f"  File: {escape(one_line(veil(each.filename)))} ({each.size} bytes)")
    for each in found.media:
        if each.message_id == message.id and (line := _awaited(each)):
            say(f"  {escape(one_line(veil(line)))}")
    for line in _notes(message, found.events, number):
        say(f"  {escape(one_line(line))}")


def _as_it_is(text: str) -> str:
    return text


def _awaited(file: Any) -> str:
    """A file that its provider still keeps; "" of one that is here."""
    name = file.filename or "a file without a name"
    if file.state == "waiting":
        return f"File: {name}, not fetched yet{f' ({file.detail})' if file.detail else ''}"
    return f"File: {name} COULD NOT BE FETCHED ({file.detail})" if file.state == "failed" else ""


def _show_head(
    found: "CaseFile",
    departments: Callable[[str, date], str],
    number: str,
    veil: Callable[[str], str],
) -> None:
    row = found.case
    day = row.received_at.date()
    say(f"[bold]{number}[/bold]  {escape(one_line(veil(row.subject)))}")
    if row.alarm:
        say(f"  [red]Alarm[/red]      {row.alarm}: {escape(_signs(row.routing, row.alarm))}")
    say(f"  Came       {say_time(row.received_at)} by {row.channel}")
    say(f"  Where      {escape(departments(row.department, day)) or 'contact centre (undecided)'}")
    say(f"  Why        {escape(_why(row.routing)) or 'nothing decided it'}")
    if not row.department and (likely := row.routing.get("candidates")):
        shown = ", ".join(f"{departments(key, day)} {share:.0%}" for key, share in likely)
        say(f"  Perhaps    {escape(shown)}")
    if row.matter:
        words = _signs(row.routing, row.matter)
        say(f"  Sort       {row.matter}{escape(f' ({words})') if words else ''}")
    say(f"  Answer by  {row.due:%A %d %B %Y}{_waits(row)}")
    say(f"  Language   {row.language or 'not known'}")
    if row.failed_step:
        say(f"  [red]Unreadable[/red] at {row.failed_step} ({row.error})")
        say(f"    The original:  kvitto cases raw {number} --out FILE")
        say(f"    After a fix:   kvitto replay {number}")
    for event in found.events:
        if event.type == "case.linked":
            say(f"  See also   {event.data['reference']}: a message in one names the other")
        elif line := _tell(event, departments):
            say(
                f"  {line.partition(' ')[0].replace('-', ' '):<10} {escape(one_line(line.partition(' ')[2]))}"
            )


def _waits(row: Any) -> str:
    if row.state in {"closed", "joined"}:
        return f"  ({row.state})"
    if row.waiting_since is None:
        return "  (answered)" if row.answered_at else ""
    return "" if row.told_at or row.department == "" else "  (the resident was not told where)"


def _signs(routing: Mapping[str, Any], kind: str) -> str:
    return one_line(", ".join(routing.get("signs", {}).get(kind, ())))


def _tell(event: Any, departments: Callable[[str, date], str]) -> str:
    """One line of a case's history, its first word in the margin; "" for what stands elsewhere."""
    data, at = event.data, say_time(event.at)
    by = f" by {data['by']}" if data.get("by") else ""
    if event.type in {"case.moved", "case.returned"}:
        name = departments(data.get("to", ""), event.at.date()) or "contact centre"
        why = f": {data['reason']}" if data.get("reason") else ""
        return f"{'Moved' if event.type == 'case.moved' else 'Returned'} {at}{by} to {name}{why}"
    if event.type == "case.escalated":
        step = data["step"].partition(":")[0]
        told = ", ".join([*data["told"], *(["the resident"] if data.get("resident") else [])]) or "nobody"
        return f"Clock {at} {step}, told: {told}"
    return {
        "case.accepted": f"Accepted {at}{by}",
        "case.answered": f"Answered {at}{by}",
        "case.closed": f"Closed {at}{by}: {data.get('reason', '')}",
        "case.reopened": f"Reopened {at} by a new message",
        "alarm.acknowledged": f"Has-it {at}{by}",
        "alarm.raised": f"Danger {at} in a later message: {data.get('class', '')}",
        "case.joined": f"Joined {at}{by}: it goes on in {data.get('reference', '')}",
        "case.extended": f"Goes-on {at}{by} for {data.get('reference', '')} too",
        "case.split": f"Split {at}{by} from {data.get('reference', '')}",
        "case.unjoined": f"Not-joined {at} with {data.get('reference', '')}, as the resident wants: {data.get('why', '')}",
        "contact.stopped": f"Stopped {at}: nothing automatic goes to the resident",
        "contact.linked": f"Proven {at}: {data.get('to', '')} is the resident's",
        "contact.unlinked": f"Unlinked {at}{by}: {data.get('to', '')}",
        "contact.resumed": f"Resumed {at}: automatic letters go to the resident again",
        "case.disposed": f"Disposed {at} by decision {data.get('decision', '')}",
        "case.held": f"On-hold {at}: {data.get('why', '')}",
        "case.released": f"Released {at}",
    }.get(event.type, "")


def _notes(message: Any, events: Sequence[Any], number: str) -> Iterator[str]:
    for label in message.labels:
        yield f"Label: {label}"
    if message.withheld:
        yield f"No receipt: {message.withheld}"
    yield from describe(message, events, number)


def _sender(message: Any) -> str:
    return one_line((message.sender or {}).get("value") or "anonymous")


def _why(routing: Mapping[str, Any]) -> str:
    words = one_line(", ".join(routing.get("words") or []))
    return f"{routing.get('rule', '')}{f' ({words})' if words else ''}"

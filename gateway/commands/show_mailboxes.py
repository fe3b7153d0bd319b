"""Mailboxes and what became of their mail, as the command line shows it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.markup import escape

from gateway.commands.show import console, one_line, print_json, say, say_time

if TYPE_CHECKING:
    from gateway.mailboxes import Count


def no_mailboxes() -> None:
    """There is nothing to fetch from."""
    console.print("No mailboxes are configured.")


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
            print_json({**asdict(found), "address": account.address, "folder": account.folder, **values})
            continue
        if number:
            say("")
        say(f"[bold]{account.name}[/bold]  {escape(account.address)}")
        say(f"  Lies in    {escape(one_line(account.folder))} at {escape(account.host)}:{account.port}")
        if found.trouble:
            say(f"  [red]Cannot be counted:[/red] {escape(one_line(found.trouble))}")
            continue
        say(f"  At source  {found.at_source}")
        say(f"  Stored     {found.stored}")
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(found.explained.items()))
        say(f"  Explained  {sum(found.explained.values())}{f'  ({reasons})' if reasons else ''}")
        if found.waiting:
            why = "nobody has looked yet" if each.looked_at is None else "came after the last look"
            say(f"  Waiting    {found.waiting}  ({why})")
        shown = f"  (UID {', '.join(map(str, found.missing_uids))})" if found.missing else ""
        say(f"  Missing    {found.missing}{shown}")
        if each.looked_at is not None:
            by = f", {escape(each.holder)} works on it" if each.holder else ", nobody works on it now"
            say(f"  Looked at  {say_time(each.looked_at)}{by}")
            say(f"  In all     {each.fetched} fetched, also those that lie there no more")
        for what, ends in found.ends.items():
            say(f"  Ends       {what}: {say_time(ends)} ({_left(ends - now)})")
        say(
            "  In order."
            if each.is_explained(now)
            else "  [red]Not in order: not every mail is explained.[/red]"
        )


def _left(time: timedelta) -> str:
    if time < timedelta():
        return "[red]over[/red]"
    return f"in {time.days} days" if time.days else f"in {time.seconds // 60} minutes"

"""The command `kvitto status`: what runs, what waits, what failed, and since when."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import typer
from rich.markup import escape

from config.settings import Settings, load_settings
from gateway.commands.show import console, make_table, say_time
from gateway.commands.terminal import AsJson, ConfigFile, has_store, leave, use_store

if TYPE_CHECKING:
    from store.database import Database
    from store.overview import Overview

PATIENCE = 3.0
"""Seconds for the service to answer."""

LATE_AFTER = timedelta(minutes=15)
"""Age of a letter from which somebody should look why it is not sent."""

_MARKS = {"well": "[green]well[/green]", "look": "[yellow]look[/yellow]", "": ""}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One line: how something stands, and what to do when it does not stand well."""

    state: Literal["well", "look", ""]
    # "": a figure that is neither
    what: str
    how: str
    then: str = ""


def status(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show what runs, what waits and what failed, and since when. The exit status is 1 when somebody should look."""
    settings = load_settings(config)
    if not has_store(settings):
        leave("There is no store yet. Start Kvitto once, or run: kvitto migrate")
    found = [*_ask_service(settings), *use_store(settings, partial(_look, settings))]
    if as_json:
        for each in found:
            typer.echo(json.dumps(asdict(each), ensure_ascii=False))
    else:
        _show(found)
    if any(each.state == "look" for each in found):
        raise typer.Exit(1)


def _show(found: list[Finding]) -> None:
    table = make_table({"": 4, "what": 26, "how it stands": 0})
    for each in found:
        table.add_row(_MARKS[each.state], escape(each.what), escape(each.how))
    console.print(table)
    for each in found:
        if each.then:
            console.print(f"[yellow]{escape(each.what)}:[/yellow] {escape(each.then)}", soft_wrap=True)


def _ask_service(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, by its own word."""
    web = settings.web
    if not web.enabled or not web.port:
        yield Finding(state="", what="service", how="cannot be asked: web.enabled is false, or web.port is 0")
        return
    host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(web.host, web.host)  # noqa: S104  # not bound here
    url = f"http://{host}:{web.port}/health/ready"
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # our own address
            parts = json.load(answer)["parts"]
    except urllib.error.HTTPError as error:
        with error:
            parts = json.loads(error.read() or b"{}").get("parts", {})
    except (OSError, ValueError, KeyError):
        yield Finding(
            state="look",
            what="service",
            how=f"no answer at {url}",
            then="Is it running? Its log says why it ended. Start it: kvitto serve",
        )
        return
    bad = {name: why for name, why in parts.items() if why != "ok"}
    how = ", ".join(f"{name}: {why}" for name, why in bad.items()) or "answers, and takes messages"
    yield Finding(
        state="look" if bad else "well",
        what="service",
        how=how,
        then="It takes no messages until this is mended; senders try again." if bad else "",
    )


async def _look(settings: Settings, database: "Database") -> list[Finding]:
    from gateway.house import draw_plans  # noqa: PLC0415  # see gateway.__main__.serve
    from gateway.promise import swedish_day  # noqa: PLC0415
    from gateway.silence import TOO_MANY, WEEKS, count_missed  # noqa: PLC0415
    from store.overview import list_arrivals, look_over  # noqa: PLC0415

    now = datetime.now(UTC)
    overview = await database.read(partial(look_over, today=swedish_day(now)))
    arrivals = await database.read(partial(list_arrivals, since=now - WEEKS))
    plans = draw_plans(settings)
    found = [*_tell_cases(overview), *_tell_owed(overview, now)]
    for name in plans.channels:
        times = arrivals.get(name, [])
        missed = count_missed(times, now, plans.planner.calendar) if name != "desk" else 0.0
        silent = missed >= TOO_MANY
        found.append(
            Finding(
                state="look" if silent else "",
                what=f"channel {name}",
                how=f"last message {say_time(times[0])}" if times else "no message in four weeks",
                then=f"Some {missed:.0f} messages should have come since. Is its port, forwarding or provider well?"
                if silent
                else "",
            )
        )
    pause = max((box.poll_seconds for box in settings.mailbox.boxes), default=60)
    for source, at in sorted(overview.mailboxes.items()):
        old = now - at > timedelta(seconds=pause * 3 + 300)
        found.append(
            Finding(
                state="look" if old else "well",
                what=f"mailbox {source}",
                how=f"looked at {say_time(at)}",
                then="Nobody has looked for a while: kvitto mailbox check" if old else "",
            )
        )
    return found


def _tell_cases(overview: "Overview") -> Iterator[Finding]:
    yield Finding(
        state="", what="open cases", how=f"{overview.open}, {overview.undecided} of them to send on"
    )
    yield _judge(
        "late cases", overview.late, "People wait past the promised day. The inbox has them in: late."
    )
    yield _judge(
        "unreadable cases",
        overview.unreadable,
        "kvitto cases list --unreadable shows them; a person reads them, and after an upgrade: kvitto replay",
    )


def _tell_owed(overview: "Overview", now: datetime) -> Iterator[Finding]:
    oldest = overview.oldest_queued
    old = oldest is not None and now - oldest > LATE_AFTER
    since = f", the oldest since {say_time(oldest)}" if oldest else ""
    yield Finding(
        state="look" if old else "well",
        what="letters to send",
        how=f"{overview.queued}{since}",
        then="kvitto outbox list --state queued says what the relay or the provider answered." if old else "",
    )
    yield _judge(
        "letters given up", overview.failed, "kvitto outbox list --state failed, then: kvitto outbox retry"
    )
    yield Finding(state="", what="letters that came back", how=str(overview.returned))
    yield Finding(state="", what="calls to other systems", how=f"{overview.calls} to be made")
    yield _judge(
        "calls given up",
        overview.dead_calls,
        "kvitto endpoints list says whose; when that system is well again: kvitto endpoints replay NAME",
    )
    yield Finding(state="", what="files to fetch", how=str(overview.media))
    yield Finding(state="", what="registers to confirm", how=f"{overview.unconfirmed} cases")


def _judge(what: str, count: int, then: str) -> Finding:
    return Finding(state="look" if count else "well", what=what, how=str(count), then=then if count else "")


def tell(settings: Settings) -> list[dict[str, Any]]:
    """The same as plain values, for a report."""
    return [
        asdict(each) for each in [*_ask_service(settings), *use_store(settings, partial(_look, settings))]
    ]

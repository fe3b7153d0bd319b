"""The rows of the performance table: what each is, and how far we are from its targets."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from tests.bench.desk import CASES
from tests.bench.measure import Figures


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line."""

    number: str
    title: str
    ours: Callable[[Figures], float]
    value: Callable[[Figures], float]
    # what is compared with the targets
    unit: str = "%"
    ours_unit: str = "/s"
    beside: Callable[[Figures], float] | None = None
    # the ceiling, or what else ours stands beside
    least: float | None = None
    aim: float | None = None
    less_is_better: bool = False

    def mark(self, value: float) -> str:
        """How the targets are met. It never fails the run."""
        if self.least is None:
            return ""
        sign = -1 if self.less_is_better else 1
        if sign * value >= sign * (self.aim if self.aim is not None else self.least):
            return "aim met"
        return "met" if sign * value >= sign * self.least else 'below "at least"'


def _share(ours: str, of: str) -> Callable[[Figures], float]:
    return lambda f: 100 * f[ours] / f[of]


def _change(ours: str, of: str) -> Callable[[Figures], float]:
    return lambda f: 100 * (f[ours] / f[of] - 1)


def _figure(name: str) -> Callable[[Figures], float]:
    return lambda f: f[name]


def _both(
    number: str, first: str, second: str, ours: tuple[str, str], of: tuple[str, str], **more
) -> list[Row]:
    change = more.pop("change", False)
    return [
        Row(
            number=number,
            title=title,
            ours=_figure(mine),
            beside=_figure(theirs),
            value=(_change if change else _share)(mine, theirs),
            **more,
        )
        for title, mine, theirs in zip((first, second), ours, of, strict=True)
    ]


def rows(stored: int) -> list[Row]:
    """All of them, in the table's order."""
    milliseconds = {"unit": "x", "ours_unit": "ms", "less_is_better": True, "least": 3, "aim": 2}
    plain = ("http64.rate", "smtp.rate")
    return [
        Row(
            number="1",
            title="signed post -> durable -> 201, 64 connections; beside an empty handler",
            ours=_figure("http64.rate"),
            beside=_figure("http64.of.rate"),
            value=_share("http64.rate", "http64.of.rate"),
            least=35,
            aim=60,
        ),
        Row(
            number="1b",
            title="for information: each with an address, its receipt sent meanwhile; beside receipts at the sink",
            ours=_figure("addressed.rate"),
            beside=_figure("addressed.receipts"),
            value=_share("addressed.receipts", "addressed.rate"),
        ),
        *(
            Row(
                number="2",
                title=f"p99 of that answer, {connections} connections{', saturated' if connections == 64 else ''}",
                ours=_figure(f"http{connections}.p99"),
                beside=_figure(f"http{connections}.of.p99"),
                value=lambda f, n=connections: f[f"http{n}.p99"] / f[f"http{n}.of.p99"],
                **milliseconds,
            )
            for connections in (64, 8)
        ),
        Row(
            number="3",
            title="SMTP 2 KB -> durable -> 250 -> receipt at the sink, 8 connections; beside aiosmtpd discarding",
            ours=_figure("smtp.rate"),
            beside=_figure("smtp.of"),
            value=_share("smtp.rate", "smtp.of"),
            least=15,
            aim=30,
        ),
        Row(
            number="4",
            title="the same, a fifth with 200 KB attachments, all stored; beside row 3",
            ours=_figure("mixed.rate"),
            beside=_figure("smtp.rate"),
            value=_share("mixed.rate", "smtp.rate"),
            least=40,
            aim=60,
        ),
        Row(
            number="5",
            title="acknowledgement -> receipt at the sink, p99, at half of row 3's rate; beside the median",
            ours=_figure("paced.p99"),
            beside=_figure("paced.p50"),
            value=_figure("paced.p99"),
            unit="ms",
            ours_unit="ms",
            least=25,
            aim=10,
            less_is_better=True,
        ),
        *_both(
            "6",
            f"row 1 with {stored:,} cases already stored; change",
            f"row 3 with {stored:,} cases already stored; change",
            ("http64.seeded", "smtp.seeded"),
            plain,
            change=True,
            least=-10,
            aim=-3,
        ),
        *_both(
            "7",
            "row 1 on PostgreSQL; beside SQLite",
            "row 3 on PostgreSQL; beside SQLite",
            ("http64.postgres", "smtp.postgres"),
            plain,
            least=80,
            aim=100,
        ),
        Row(
            number="8",
            title="peak memory of the largest process, mixed mail",
            ours=_figure("memory"),
            value=_figure("memory"),
            unit="MB",
            ours_unit="MB",
            least=150,
            aim=100,
            less_is_better=True,
        ),
        Row(
            number="9",
            title=f"start to first acknowledgement, {stored:,} cases stored",
            ours=_figure("start"),
            value=_figure("start"),
            unit="s",
            ours_unit="s",
            least=2,
            aim=1,
            less_is_better=True,
        ),
        Row(
            number="10",
            title="kvitto normalize, files once started; beside the standard library's parser alone",
            ours=_figure("normalize"),
            beside=_figure("normalize.of"),
            value=_share("normalize", "normalize.of"),
        ),
        *(
            Row(
                number="11",
                title=f"slowest {what} of the staff, {CASES:,} cases, {database}; beside the middle one",
                ours=_figure(f"desk.{sort}.{key}"),
                beside=_figure(f"desk.{sort}.{key}.all"),
                value=_figure(f"desk.{sort}.{key}"),
                unit="ms",
                ours_unit="ms",
                least=100,
                aim=50,
                less_is_better=True,
            )
            for key, database in (("sqlite", "SQLite"), ("postgres", "PostgreSQL"))
            for sort, what in (("list", "list page"), ("search", "search"))
        ),
    ]


def summarize(rounds: Sequence[Figures], wanted: frozenset[str], stored: int) -> list[dict[str, object]]:
    """Medians over the rounds; ratios are taken within each round first."""
    lines = []
    for row in rows(stored):
        if row.number not in wanted:
            continue
        values = [row.value(each) for each in rounds]
        value = statistics.median(values)
        lines.append(
            {
                "row": row.number,
                "what": row.title,
                "ours": statistics.median(row.ours(each) for each in rounds),
                "ours_unit": row.ours_unit,
                "beside": statistics.median(row.beside(each) for each in rounds) if row.beside else None,
                "value": value,
                "lowest": min(values),
                "highest": max(values),
                "unit": row.unit,
                "at_least": row.least,
                "aim": row.aim,
                "mark": row.mark(value),
            }
        )
    return lines


_COLOURS = {"aim met": "green", "met": "yellow", 'below "at least"': "red"}


def draw(lines: Sequence[Mapping[str, object]], rounds: Sequence[Figures]) -> Table:
    """The table for people."""
    others = ", ".join(f"{each['others']:.0f} %" for each in rounds)
    table = Table(
        title="Kvitto beside the ceilings of the same run",
        caption=f"Median of {len(rounds)} rounds, lowest to highest in brackets. "
        f"Processor time taken by others, round by round: {others}.",
        title_justify="left",
        caption_justify="left",
    )
    for name in ("", "what", "ours", "beside", "value", "at least", "aim", ""):
        right = name in {"ours", "beside", "value", "at least", "aim"}
        table.add_column(name, justify="right" if right else "left", no_wrap=name != "what")
    for line in lines:
        unit = line["unit"]
        spread = f" ({_show(line['lowest'])} to {_show(line['highest'])})" if len(rounds) > 1 else ""
        mark = line["mark"]
        table.add_row(
            line["row"],
            line["what"],
            f"{_show(line['ours'])} {line['ours_unit']}",
            f"{_show(line['beside'])} {line['ours_unit']}" if line["beside"] is not None else "",
            f"{_show(line['value'])} {unit}{spread}",
            f"{_show(line['at_least'])} {unit}" if line["at_least"] is not None else "",
            f"{_show(line['aim'])} {unit}" if line["aim"] is not None else "",
            f"[{_COLOURS[mark]}]{mark}[/]" if mark else "",
        )
    return table


def _show(value: float) -> str:
    return (
        f"{value:,.0f}"
        if abs(value) >= 100 or value == int(value)
        else f"{value:.1f}"
        if abs(value) >= 10
        else f"{value:.2f}"
    )

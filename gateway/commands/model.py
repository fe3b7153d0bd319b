"""The commands on the routing model: examine it, list its versions, go back to an earlier one."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.markup import escape

from config.settings import load_settings
from gateway.commands import show
from gateway.commands.terminal import AsJson, ConfigFile, has_store, leave, use_store
from gateway.learning.learned import MODELS

model_app = typer.Typer(
    help="The model that learns from decisions where messages belong: examine, list, roll back.",
    no_args_is_help=True,
)

Wrong = Annotated[
    float,
    typer.Option(
        min=0.001, max=0.5, help="Share of named messages that may be wrong; 0.02 to 0.05 is sensible."
    ),
]


@model_app.command("lines")
def examine_by_lines(wrong: Wrong = 0.05) -> None:
    """Examine the learner by program: JSON lines on standard input and output, with a fresh, empty model.

    {"op":"start","labels":[...]}, {"op":"learn","items":[[text,label],...]} (oldest first),
    {"op":"predict","texts":[...]}, {"op":"language","texts":[...]}. Nothing is kept.
    """
    from gateway.learning.model_lines import Session, converse  # noqa: PLC0415  # see gateway.__main__.serve

    converse(sys.stdin.buffer, sys.stdout.buffer, Session(wrong=wrong).answer)


@model_app.command("report")
def report(
    file: Annotated[Path, typer.Argument(help="A CSV file with a header line.", show_default=False)],
    text: Annotated[str | None, typer.Option(help="Column of the message.")] = None,
    label: Annotated[str | None, typer.Option(help="Column of where it belonged.")] = None,
    time: Annotated[
        str | None, typer.Option(help="Column of its time (ISO 8601); none: the file is in order.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("model-report"),
    share: Annotated[
        float, typer.Option(min=0.05, max=0.9, help="The latest part by time, that is examined.")
    ] = 0.3,
    wrong: Wrong = 0.05,
) -> None:
    """Examine the learner on a city's own decisions: learn the first part by time, be asked about the rest.

    Writes report.html and report.json into a folder. Nothing is learned for good.
    """
    from gateway.learning.labelled_file import UnusableFile, read_labelled  # noqa: PLC0415  # see examine_by_lines
    from gateway.learning.model_report import summarize, write_report  # noqa: PLC0415
    from normalizer.learning.evaluation import evaluate, split  # noqa: PLC0415
    from normalizer.learning.learner import Learner, UnknownLabel  # noqa: PLC0415

    try:
        read = read_labelled(file, text=text, label=label, time=time)
    except UnusableFile as error:
        leave(f"{error}")
    past, latest = split(read.examples, share)
    if not past or not latest:
        leave(f"{file}: {len(read.examples)} messages with text and label are too few to examine.")
    learner = Learner(wrong=wrong)
    try:
        learner.add_labels(sorted({each.label for each in past}))
    except UnknownLabel as error:
        leave(f"{file}: {error}. Is {read.columns[1]!r} the right column?")
    with show.progress("Learning", len(past)) as step:
        for each in past:
            learner.learn(each.text, each.label)
            step()
    with show.progress("Examining", len(latest)) as step:
        found = evaluate(learner, latest, step=step)
    page, data = out / "report.html", out / "report.json"
    try:
        out.mkdir(parents=True, exist_ok=True)
        page.write_text(write_report(found, source=file.name), "utf-8")
        data.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1))
    except OSError as error:
        leave(f"{out}: the report cannot be written: {error.strerror}.")
    when = f"by {read.columns[2]}" if read.columns[2] else "in the order of the file"
    show.say(escape(f"{read.columns[1]} from {read.columns[0]}, {when}; {read.skipped} lines left out."))
    for line in summarize(found):
        show.say(escape(line))
    show.say(escape(f"Report: {page}"))


@model_app.command("train")
def learn_anew(config: ConfigFile = None) -> None:
    """Make the model anew from what staff have accepted, moved and answered; the better one stays in use.

    The running service does this by itself when there is something new to learn.
    """
    from gateway.learning.model_files import ModelError  # noqa: PLC0415  # see examine_by_lines
    from gateway.learning.model_report import percent  # noqa: PLC0415
    from gateway.learning.training import MOST, train  # noqa: PLC0415

    settings = load_settings(config)
    if not has_store(settings):
        show.no_store(as_json=False)
        return
    try:
        with show.progress("Learning", MOST) as step:
            trained = use_store(settings, lambda database: train(settings, database, step=step))
    except ModelError as error:
        leave(f"{error}.")
    if not trained.decisions:
        show.console.print("Nobody has decided anything yet: there is nothing to learn.")
    elif not trained.version:
        show.console.print(f"{trained.decisions} decisions. The model in use is better: it stays.")
    else:
        show.console.print(f"{trained.decisions} decisions. Version {trained.version} is in use now.")
        if (found := trained.evaluation) is not None and found.cases:
            named = "" if found.precision is None else f", of these {percent(found.precision)} right"
            show.console.print(
                f"Of the latest {found.cases}: {percent(found.accuracy)} guessed right, "
                f"{percent(found.coverage)} named{named}."
            )


@model_app.command("list")
def list_models(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """The versions kept, newest first, with what their examination found."""
    from gateway.learning.model_files import ModelError, list_versions  # noqa: PLC0415  # see examine_by_lines
    from gateway.learning.model_report import percent  # noqa: PLC0415

    try:
        versions = list_versions(load_settings(config).store.folder / MODELS)
    except ModelError as error:
        leave(f"{error}.")
    if as_json:
        for each in versions:
            show.print_json(
                {"name": each.name, "current": each.is_current, **msgspec.to_builtins(each.description)}
            )
        return
    if not versions:
        show.console.print("No model yet.")
        return
    columns = {"version": 9, "made": show.moment_width(), "learned": 8, "right": 7, "named": 7, "of these": 0}
    table = show.make_table(columns)
    for each in versions:
        found = each.description.evaluation
        precision = None if found is None else found.precision
        table.add_row(
            each.name + (" *" if each.is_current else ""),
            show.say_moment(each.description.created),
            str(each.description.learned),
            "" if found is None else percent(found.accuracy),
            "" if found is None else percent(found.coverage),
            "" if precision is None else f"{percent(precision)} right",
        )
    show.console.print(table)
    show.console.print("* in use")


@model_app.command("rollback")
def roll_back(
    version: Annotated[
        str | None, typer.Argument(help="A version's name. Left out: the one before that in use.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Put an earlier version in use. The running service takes it up at its next look."""
    from gateway.learning.model_files import ModelError, rollback  # noqa: PLC0415  # see examine_by_lines

    try:
        name = rollback(load_settings(config).store.folder / MODELS, version)
    except ModelError as error:
        leave(f"{error}.")
    show.console.print(f"Version {name} is in use now ({datetime.now(UTC).astimezone(show.HERE):%H:%M}).")

"""`kvitto route`: where a text would be handled and why, the proof of the examples, and what a change moves."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec
import typer
from msgspec.structs import replace

from config.settings import Settings, load_settings
from gateway.commands import show_routes
from gateway.commands.show import HERE
from gateway.commands.terminal import ConfigFile, has_store, leave, read_store
from gateway.parts import read_city
from normalizer.messages import InboundMessage, NormalizedMessage
from normalizer.normalize import normalize
from normalizer.organisation import Organisation, RoutingDecision
from normalizer.routing.examples import list_examples, name_destination, prove, route_example
from normalizer.routing.router import Router

LINE_LIMIT = 1_000_000
"""Longest line of --json, in bytes. A longer one is answered with an error."""

_TEXTS = ("text", "subject", "language", "category", "place")


def route(
    text: Annotated[str | None, typer.Argument(help="What somebody writes.", show_default=False)] = None,
    config: ConfigFile = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Read JSON lines from standard input and answer each with a decision."),
    ] = False,
    examples: Annotated[
        bool, typer.Option("--examples", help="Prove that every example wording is routed where it says.")
    ] = False,
    changed: Annotated[
        Path | None,
        typer.Option("--with", help="A changed organisation file: show what would go elsewhere."),
    ] = None,
    last: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Also compare so many of the newest cases.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of the cases only those since this day.")
    ] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As on this day. Left out: today.")
    ] = None,
) -> None:
    """Show where a message would be handled, and why.

    With --json each line is a text, or an object with text, subject, language, category, place and recipients.
    """
    settings = load_settings(config)
    organisation = read_city(settings)
    day = on.date() if on else datetime.now(HERE).date()
    router = Router(organisation)
    if as_json:
        answer_lines(sys.stdin.buffer, sys.stdout.buffer, router.at(day))
    elif changed is not None or last is not None:
        compare(settings, router, changed, day, last=last, since=since.date() if since else None)
    elif examples:
        if not prove_examples(router, day):
            raise typer.Exit(1)
    elif text is not None and text.strip():
        message = normalize(InboundMessage(external_id="", sender=None, text=text))
        show_routes.decision(router.at(day).route(message), message, organisation, day)
    else:
        leave('Give a text: kvitto route "Gatlyktan lyser inte". Or --json, --examples or --with FILE.')


def prove_city(organisation: Organisation) -> None:
    """End with a table when an example wording of the city misses today."""
    if not prove_examples(Router(organisation), datetime.now(HERE).date()):
        raise typer.Exit(1)


def prove_examples(router: Router, day: date) -> bool:
    """Say which example wordings miss, and whether none does."""
    misses = prove(router, day)
    count = sum(1 for _ in list_examples(router.organisation))
    show_routes.proof(misses, count, router.organisation)
    return not misses


# --- JSON lines


def answer_lines(lines: BinaryIO, out: BinaryIO, router: Router) -> None:
    """Every line is answered by one line, in order. A bad line is answered with what is wrong with it."""
    encoder = msgspec.json.Encoder()
    for line in read_lines(lines):
        try:
            message = read_message(line)
            answer = describe(router.route(message), message)
        except (ValueError, RecursionError, msgspec.MsgspecError) as error:
            answer = {"department": None, "error": str(error)[:200]}
        out.write(encoder.encode(answer) + b"\n")
        # Somebody may write a line, and wait for the answer before the next.
        out.flush()


def read_lines(lines: BinaryIO) -> Iterator[bytes | None]:
    """The lines, None for one that is too long. Empty lines are passed over."""
    while line := lines.readline(LINE_LIMIT):
        if line.endswith(b"\n") or len(line) < LINE_LIMIT:
            if line.strip():
                yield line
            continue
        while rest := lines.readline(LINE_LIMIT):
            if rest.endswith(b"\n"):
                break
        yield None


def read_message(line: bytes | None) -> NormalizedMessage:
    """A line as a message. Raises ValueError or a msgspec error, which never repeat the text."""
    if line is None:
        raise ValueError(f"the line has more than {LINE_LIMIT} bytes")
    found = msgspec.json.decode(line)
    if isinstance(found, str):
        found = {"text": found}
    if not isinstance(found, dict):
        raise ValueError("a line must be a text or an object")  # noqa: TRY004  # it is data, not a program's fault
    texts = [found.get(name) or "" for name in _TEXTS]
    for name, value in zip(_TEXTS, texts, strict=True):
        if not isinstance(value, str):
            raise ValueError(f"{name} must be a text")  # noqa: TRY004
    text, subject, language, category, place = texts
    recipients = found.get("recipients") or []
    if not isinstance(recipients, list) or not all(isinstance(each, str) for each in recipients):
        raise ValueError("recipients must be a list of addresses")
    message = normalize(
        InboundMessage(
            external_id="",
            sender=None,
            recipients=tuple(recipients),
            subject=subject,
            text=text,
            language=language,
            category=category,
            place=place,
        )
    )
    # Whoever names the language knows it; the words of a single one are too few to tell.
    return replace(message, written_in=language) if language else message


def describe(decision: RoutingDecision, message: NormalizedMessage) -> dict[str, Any]:
    """A decision as programs read it."""
    return {
        "department": decision.department or None,
        "rule": decision.rule,
        "words": decision.words,
        "confidence": decision.confidence,
        "candidates": decision.candidates,
        "sensitive": decision.sensitive,
        "language": message.written_in or message.language,
    }


# --- what a change moves


def compare(
    settings: Settings,
    router: Router,
    changed: Path | None,
    day: date,
    *,
    last: int | None,
    since: date | None,
) -> None:
    """Which examples and which of the newest cases go elsewhere with another file, or with the present one."""
    from config.organisation import load_organisation  # noqa: PLC0415  # see gateway.__main__.serve

    after = Router(load_organisation(changed)) if changed is not None else router
    moved: list[tuple[str, str, str]] = []
    if changed is not None:
        both = dict.fromkeys((*list_examples(router.organisation), *list_examples(after.organisation)))
        for example in both:
            was, will = (name_destination(route_example(example, each.at(day))) for each in (router, after))
            if was != will:
                moved.append((f"{example.language}: {example.text}", was, will))
    count = 0
    if last is not None:
        for reference, received, was, message in list_stored(settings, last, since):
            count += 1
            # Without another file the question is what today's rules say of what was decided then.
            before = name_destination(router.at(received).route(message)) if changed is not None else was
            will = name_destination(after.at(day).route(message))
            if before != will:
                moved.append((reference, before, will))
    show_routes.moved(moved, count, after.organisation if changed is not None else router.organisation)
    if changed is not None and not prove_examples(after, day):
        raise typer.Exit(1)


def list_stored(
    settings: Settings, last: int, since: date | None
) -> Iterator[tuple[str, date, str, NormalizedMessage]]:
    """The newest cases: reference, day, department, and the message that opened each."""
    from normalizer.reference import show_reference  # noqa: PLC0415
    from store import cases  # noqa: PLC0415

    if not has_store(settings):
        return
    rows = read_store(settings, lambda c: cases.list_cases(c, limit=last))
    wanted = [row for row in rows if since is None or _day(row.received_at) >= since]

    def read(connection: Any) -> list[Any]:
        return [cases.find_case(connection, row.reference) for row in wanted]

    for found in read_store(settings, read):
        if found is None or not found.messages:
            continue
        first = found.messages[0]
        message = normalize(
            InboundMessage(
                external_id="",
                sender=None,
                subject=first.subject,
                text=first.new_text or first.text,
                recipients=tuple(first.recipients),
                category=first.category,
                place=first.place,
                language=first.language,
            )
        )
        case = found.case
        yield show_reference(case.reference), _day(case.received_at), case.department, message


def _day(moment: datetime) -> date:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(HERE).date()

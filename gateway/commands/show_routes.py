"""What `kvitto route` shows people: a decision with its reason, examples that miss, what a change moves."""

from collections.abc import Sequence
from datetime import date

from rich.markup import escape
from rich.table import Table

from gateway.commands.show import console, errors, one_line
from normalizer.messages import NormalizedMessage
from normalizer.organisation import Organisation, RoutingDecision
from normalizer.routing.examples import Miss, name_destination

_SHOWN = 60
# Characters of an example in a table.

_REASONS = {
    "recipient": "it was sent to the mailbox {of}",
    "place": "the place and the matter, rule {of}",
    "category": "what was chosen in the form: {of}",
    "words": "the words of rule {of}",
    "model": "what staff decided on messages like it (model {of})",
    "unproven": "the words point to {of}, but nobody there has acknowledged a test case yet",
    "undecided": "nothing speaks clearly for one department",
}


def decision(found: RoutingDecision, message: NormalizedMessage, city: Organisation, day: date) -> None:
    """One decision with its reason."""
    language = city.languages[0]

    def name(key: str) -> str:
        return city.name_of(key, language, day) or key

    kind, _, of = found.rule.partition(":")
    reason = _REASONS.get(kind, found.rule).format(of=of)
    table = Table.grid(padding=(0, 2))
    nobody = f"{name(city.fallback)} decides (nobody is named)"
    table.add_row(
        "Handled by", f"[bold]{escape(name(found.department) if found.department else nobody)}[/bold]"
    )
    table.add_row("Because", escape(f"{reason}"))
    if found.words:
        table.add_row("Words", escape(", ".join(found.words)))
    if found.department:
        table.add_row("Confidence", f"{found.confidence:.0%}")
    for number, (key, share) in enumerate(found.candidates):
        bar = "█" * round(share * 20)
        table.add_row("" if number else "Candidates", f"{share:>4.0%} {bar:<20} {escape(name(key))}")
    if found.sensitive:
        table.add_row("Sensitive", "yes: the receipt names nobody")
    table.add_row("Language", escape(message.written_in or message.language or "not known"))
    console.print(table)


def proof(misses: Sequence[Miss], count: int, city: Organisation) -> None:
    """The examples that miss."""
    if not misses:
        console.print(f"{count} examples are routed where they say.")
        return
    table = Table("Example", "Says", "Goes to", "By", box=None, padding=(0, 2, 0, 0))
    for miss in misses:
        text = one_line(miss.example.text)
        shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
        goes = name_destination(miss.decision) or f"{city.fallback} (undecided)"
        words = f" ({', '.join(miss.decision.words)})" if miss.decision.words else ""
        table.add_row(
            escape(f"{miss.example.language}: {shown}"),
            escape(miss.expected or miss.example.department),
            escape(goes),
            escape(f"{miss.decision.rule}{words}"),
        )
    errors.print(table)
    errors.print(f"[red]{len(misses)} of {count} examples are not routed where they say.[/red]")


def moved(found: Sequence[tuple[str, str, str]], cases: int, city: Organisation) -> None:
    """What goes elsewhere: an example or the number of a case, where it went, where it would go."""
    if found:
        table = Table("What", "Before", "Now", box=None, padding=(0, 2, 0, 0))
        for what, before, now in found:
            table.add_row(
                escape(one_line(what)[:_SHOWN]), escape(before or city.fallback), escape(now or city.fallback)
            )
        console.print(table)
    compared = f" Compared with {cases} cases." if cases else ""
    console.print(
        f"{len(found) or 'Nothing'} {'would go' if len(found) > 1 else 'goes'} elsewhere.{compared}"
    )

"""How well the example city's rules route the messages of tests/fixtures/routing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from config.organisation import load_organisation
from normalizer.messages import InboundMessage
from normalizer.normalize import normalize
from normalizer.routing.router import Router

FIXTURES = Path(__file__).parents[1] / "fixtures" / "routing"
LANGUAGES = ("sv", "en", "fi")
NOBODY = "kc"
"""The label where a careful person could not tell, or there are two matters: the contact centre decides."""

PARTS = {
    "1": "written before the rules were read",
    "2": "written after the first improvement, before it was measured",
    "3": "written after that, to be hard",
    "4": "four later rounds, a fifth of them only names places and people",
}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One message of the set."""

    language: str
    part: str
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Score:
    """What became of some of the messages."""

    name: str
    clear: int
    # messages that have one owner
    unclear: int
    right: int
    wrong: int
    # a department was named, and it is not the label

    @property
    def coverage(self) -> float:
        """Of the messages with one owner, the share that went there."""
        return self.right / self.clear if self.clear else 1.0

    @property
    def wrong_but_sure(self) -> float:
        """Of all that were named, the share that is wrong."""
        return self.wrong / (self.right + self.wrong) if self.right + self.wrong else 0.0


def read_samples() -> Iterator[Sample]:
    """The labelled messages. A line break is written \\n."""
    for language in LANGUAGES:
        for line in (FIXTURES / f"{language}.tsv").read_text("utf-8").splitlines()[1:]:
            part, label, text = line.split("\t")
            yield Sample(language=language, part=part, label=label, text=text.replace("\\n", "\n"))


def list_wrong(samples: list[Sample], router: Router) -> list[tuple[Sample, str]]:
    """The messages for which a department is named that is not their label."""
    named = ((sample, route(sample, router)) for sample in samples)
    return [(sample, key) for sample, key in named if key not in {sample.label, NOBODY}]


def route(sample: Sample, router: Router) -> str:
    """The department's key, or NOBODY. The language is detected as for any mail."""
    message = normalize(InboundMessage(external_id="", sender=None, text=sample.text))
    return router.route(message).department or NOBODY


def score(name: str, samples: list[Sample], router: Router) -> Score:
    """The score of some messages."""
    keys = [route(sample, router) for sample in samples]
    clear = [(sample, key) for sample, key in zip(samples, keys, strict=True) if sample.label != NOBODY]
    return Score(
        name=name,
        clear=len(clear),
        unclear=len(samples) - len(clear),
        right=sum(sample.label == key for sample, key in clear),
        wrong=len(list_wrong(samples, router)),
    )


def score_all() -> list[Score]:
    """By language, by part, and all together."""
    samples, router = list(read_samples()), Router(load_organisation())
    groups = [(code, [each for each in samples if each.language == code]) for code in LANGUAGES]
    groups += [
        (f"part {part}: {what}", [each for each in samples if each.part == part])
        for part, what in PARTS.items()
    ]
    return [score(name, chosen, router) for name, chosen in (*groups, ("all", samples))]


def draw() -> Table:
    """The scores as a table for people."""
    table = Table(
        "Routing",
        "one owner",
        "unclear or two matters",
        "named right",
        "coverage",
        "wrong but sure",
        box=None,
    )
    for each in score_all():
        table.add_row(
            each.name,
            str(each.clear),
            str(each.unclear),
            str(each.right),
            f"{each.coverage:.1%}",
            f"{each.wrong} ({each.wrong_but_sure:.1%})",
        )
    return table


if __name__ == "__main__":
    from rich.console import Console

    Console(width=120).print(draw())

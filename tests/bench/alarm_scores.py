"""How well alarms and sorts of matters are found, on the messages of tests/fixtures/alarms."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.alarms import load_alarms
from normalizer.messages import NormalizedMessage
from normalizer.triage.alarms import Alarms
from normalizer.triage.matters import FAST_LANES, Matters

FIXTURES = Path(__file__).parents[1] / "fixtures" / "alarms"
LANGUAGES = ("sv", "en", "fi")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One message of the set: what it is, as its writer meant it."""

    language: str
    half: str
    # "1" was known when the words were written, "2" was not
    alarms: frozenset[str]
    matter: str
    # "" when it is not judged
    text: str


def read_samples(languages: tuple[str, ...] = LANGUAGES, half: str = "") -> Iterator[Sample]:
    """The labelled messages; of one half, or all."""
    for language in languages:
        for line in (FIXTURES / f"{language}.tsv").read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                number, alarms, matter, text = line.split("\t")
                if half in {"", number}:
                    yield Sample(
                        language=language,
                        half=number,
                        alarms=frozenset() if alarms == "-" else frozenset(alarms.split("+")),
                        matter="" if matter == "-" else matter,
                        text=text,
                    )


def write(text: str, language: str = "", subject: str = "", category: str = "") -> NormalizedMessage:
    """A message as the detectors see it."""
    return NormalizedMessage(
        external_id="1",
        message_id="",
        sender=None,
        answer_to=(),
        recipients=(),
        subject=subject,
        text=text,
        new_text=text,
        language=language,
        written_in=language,
        attachments=(),
        references=(),
        sent_at=None,
        category=category,
        place="",
        occurred="",
        kind="message",
        withhold_receipt="",
        bounce=None,
    )


def score(samples: list[Sample], known: bool = True) -> dict[str, float]:
    """Shares from 0 to 1, and counts. `known`: the language is told, else it is not.

    recall: an alarm message got the class it should have; any: it got some class
    false_alarms: a message without alarm got one
    matters: the right sort among those judged; lanes_recall, lanes_precision: of the fast lanes
    """
    words = load_alarms()
    alarms, matters = Alarms(words), Matters(words)
    counts = dict.fromkeys(
        ["alarms", "right", "some", "ordinary", "false", "judged", "kind", "lanes", "met", "right_lanes"], 0
    )
    for sample in samples:
        language = sample.language if known else ""
        message = write(sample.text, language)
        found = {alarm.kind for alarm in alarms.find(message)}
        if sample.alarms:
            counts["alarms"] += 1
            counts["right"] += sample.alarms <= found
            counts["some"] += bool(found)
        else:
            counts["ordinary"] += 1
            counts["false"] += bool(found)
        if sample.matter:
            kind = matters.find(message).kind
            lane = sample.matter in FAST_LANES
            counts["judged"] += 1
            counts["kind"] += kind == sample.matter
            counts["lanes"] += lane
            counts["met"] += kind in FAST_LANES
            counts["right_lanes"] += lane and kind == sample.matter
    return {
        "alarm messages": counts["alarms"],
        "recall": counts["right"] / (counts["alarms"] or 1),
        "any": counts["some"] / (counts["alarms"] or 1),
        "ordinary messages": counts["ordinary"],
        "false_alarms": counts["false"] / (counts["ordinary"] or 1),
        "matters": counts["kind"] / (counts["judged"] or 1),
        "lanes_recall": counts["right_lanes"] / (counts["lanes"] or 1),
        "lanes_precision": counts["right_lanes"] / counts["met"] if counts["met"] else 1.0,
    }


def measure() -> dict[str, dict[str, float]]:
    """The figures of every language, with the language known, and of all with it unknown."""
    figures = {language: score(list(read_samples((language,)))) for language in LANGUAGES}
    figures["unknown language"] = score(list(read_samples()), known=False)
    return figures


def main() -> None:
    for name, figures in measure().items():
        print(name, {key: round(value, 3) for key, value in figures.items()})


if __name__ == "__main__":
    main()

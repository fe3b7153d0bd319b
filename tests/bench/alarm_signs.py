"""Counts the signs of config/example/alarms.toml anew, from the labelled messages of tests/fixtures.

    python -m tests.bench.alarm_signs           how well signs alone do on parts that they were not counted from
    python -m tests.bench.alarm_signs FILE      writes the tables [sv.signs] ... at the end of that file

A word's points are twice the logarithm of how much more often it stands in alarm messages than in ordinary ones.
It belongs to the class in which it is most frequent.
"""

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from normalizer.triage.signs import LETTERS, ORDINARY, Signs
from normalizer.triage.spellings import fold_word
from normalizer.triage.wordings import PAUSE, STOP, split_sentences
from tests.bench.alarm_scores import LANGUAGES, read_samples

ROUTING = Path(__file__).parents[1] / "fixtures" / "routing"
HEAD = "# Signs: counted by python -m tests.bench.alarm_signs, and not written by hand."
LIMITS = {"sv": 13, "en": 12, "fi": 12}
"""The points that make an alarm: about one ordinary message in a hundred, among parts not counted from, has more."""

_SMOOTH, _SCALE, _LEAST, _MOST = 0.3, 2, 2, 5

Labelled = tuple[str, frozenset[str], str]
"""Part, classes (none: an ordinary message), text."""


def read_all(language: str) -> Iterator[Labelled]:
    """The labelled messages, and those that test the routing as ordinary ones."""
    for sample in read_samples((language,)):
        yield sample.half, sample.alarms, sample.text
    for line in (ROUTING / f"{language}.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield "routing", frozenset(), line.split("\t")[-1]


def list_words(text: str) -> set[str]:
    return {fold_word(word.lower())[:LETTERS] for word in split_sentences(text) if word not in {STOP, PAUSE}}


def count_signs(messages: Iterable[Labelled]) -> dict[str, tuple[str, ...]]:
    """The lines of the file, by class."""
    totals: Counter[str] = Counter()
    words: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, classes, text in messages:
        said = list_words(text)
        for name in classes or {ORDINARY}:
            totals[name] += 1
            words[name].update(said)
        if classes:
            totals[""] += 1
            words[""].update(said)
    kinds = sorted(name for name in totals if name not in {"", ORDINARY})
    groups: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words[""] | words[ORDINARY]):
        alarm = (words[""][word] + _SMOOTH) / (totals[""] + 2 * _SMOOTH)
        plain = (words[ORDINARY][word] + _SMOOTH) / (totals[ORDINARY] + 2 * _SMOOTH)
        points = max(-_MOST, min(_MOST, round(_SCALE * math.log(alarm / plain))))
        kind = max(kinds, key=lambda name: (words[name][word] + 0.1) / (totals[name] + 1))
        if abs(points) >= _LEAST and word.isalpha():
            groups[kind if points > 0 else ORDINARY, points].append(word)
    return {
        name: tuple(
            f"{points} {' '.join(group)}"
            for (each, points), group in sorted(groups.items(), key=lambda item: -abs(item[0][1]))
            if each == name
        )
        for name in (*kinds, ORDINARY)
    }


def examine(language: str) -> Mapping[str, tuple[float, float]]:
    """For each part, with signs counted from all others: share of alarm messages found, share of false alarms."""
    messages = list(read_all(language))
    shares = {}
    for part in sorted({each for each, _, _ in messages}):
        signs = Signs(count_signs(each for each in messages if each[0] != part), LIMITS[language])
        met: dict[bool, list[bool]] = {True: [], False: []}
        for each, classes, text in messages:
            if each == part:
                met[bool(classes)].append(bool(signs.find(split_sentences(text))[0]))
        shares[part] = (_share(met[True]), _share(met[False]))
    return shares


def _share(found: list[bool]) -> float:
    return sum(found) / len(found) if found else 0.0


def write_signs(path: Path) -> None:
    text = path.read_text("utf-8").split(HEAD)[0].rstrip()
    parts = [text, "", "", HEAD]
    for language in LANGUAGES:
        parts += ["", f"[{language}.signs]", f"limit = {LIMITS[language]}"]
        for name, lines in count_signs(read_all(language)).items():
            parts += [f"{name} = [", *(f'  "{line}",' for line in lines), "]"]
    path.write_text("\n".join(parts) + "\n", "utf-8")


def main() -> None:
    if len(sys.argv) > 1:
        write_signs(Path(sys.argv[1]))
        return
    for language in LANGUAGES:
        for part, (found, false) in examine(language).items():
            print(f"{language} part {part}: found {found:.0%}, false alarms {false:.1%}")


if __name__ == "__main__":
    main()

"""How good a learner is, found out as it will be used: learn the past, be asked about what came later."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from normalizer.learning.calibration import WINDOW
from normalizer.learning.learner import ALLOWED_WRONG, Example, Learner, Prediction

EXAMINED_SHARE = 0.3
"""The latest part by time, that a report examines."""

REFIT_SHARE = 0.2
"""The latest part by time, on which a new model is compared with the one in use."""

_BINS = 10
_LEAST = 1e-6
# probability that a loss is worked out from


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelFigures:
    """One label in the examination."""

    label: str
    cases: int
    guessed: int
    right: int
    # guessed, and rightly
    named: int
    named_right: int
    cut: float | None
    # the probability from which it is named; None: never


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """Predictions of similar confidence: what was said and what came true."""

    cases: int
    confidence: float
    right: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """An examination. Counts, so that nothing is rounded before it is shown."""

    learned: int
    cases: int
    right: int
    in_top: int
    # right within the three first
    named: int
    named_right: int
    majority: int
    # right if the most frequent label of the past were always said
    wrong: float
    # the share of mistakes allowed
    labels: tuple[LabelFigures, ...] = ()
    curve: tuple[Bin, ...] = ()
    confusion: tuple[tuple[str, str, int], ...] = ()
    # right label, guessed label, cases

    @property
    def accuracy(self) -> float:
        return self.right / self.cases if self.cases else 0.0

    @property
    def coverage(self) -> float:
        return self.named / self.cases if self.cases else 0.0

    @property
    def precision(self) -> float | None:
        """Of what was named; None when nothing was."""
        return self.named_right / self.named if self.named else None

    @property
    def calibration_error(self) -> float:
        """How far confidence and truth are apart, weighted over the curve (ECE)."""
        off = sum(each.cases * abs(each.confidence - each.right) for each in self.curve)
        return off / self.cases if self.cases else 0.0


def split(examples: Sequence[Example], share: float) -> tuple[Sequence[Example], Sequence[Example]]:
    """The past and the latest part. Both lie in the order of time."""
    at = len(examples) - int(len(examples) * share)
    return examples[:at], examples[at:]


def evaluate(
    learner: Learner, examples: Sequence[Example], *, step: Callable[[], None] | None = None
) -> Evaluation:
    """What the learner says of cases that it has not learned, beside what was right. It learns nothing."""
    predictions: list[Prediction] = []
    for each in examples:
        predictions.append(learner.predict(each.text))
        if step:
            step()
    pairs = list(zip(predictions, examples, strict=True))
    usual = max(range(len(learner.labels)), key=Counter(learner.truths).__getitem__, default=None)
    return Evaluation(
        learned=learner.learned,
        cases=len(pairs),
        right=sum(said.guess == was.label for said, was in pairs),
        in_top=sum(any(was.label == label for label, _ in said.candidates) for said, was in pairs),
        named=sum(said.label is not None for said, _ in pairs),
        named_right=sum(said.label == was.label for said, was in pairs),
        majority=0 if usual is None else sum(was.label == learner.labels[usual] for _, was in pairs),
        wrong=learner.wrong,
        labels=_count_labels(learner, pairs),
        curve=_draw_curve(pairs),
        confusion=tuple(
            (was, guess, count)
            for (was, guess), count in sorted(Counter((w.label, s.guess or "") for s, w in pairs).items())
        ),
    )


def fit(
    examples: Sequence[Example],
    *,
    labels: Sequence[str] = (),
    wrong: float = ALLOWED_WRONG,
    current: Learner | None = None,
    step: Callable[[], None] | None = None,
) -> tuple[Learner, Evaluation | None]:
    """A model made anew from stored decisions, oldest first, with its examination on the latest fifth.

    Where a model is in use, both are compared on what they said of the latest fifth before they learned it,
    by log loss. If the one in use is better it is the answer, and there is no new evaluation.
    """
    learner = Learner(wrong=wrong)
    learner.add_labels(labels)
    past, latest = split(examples, REFIT_SHARE)
    for each in past:
        learner.learn(each.text, each.label)
        if step:
            step()
    evaluation = evaluate(learner, latest)
    for each in latest:
        learner.learn(each.text, each.label)
        if step:
            step()
    count = min(len(latest), WINDOW)
    if (
        current is not None
        and 0 < count <= len(current.truths)
        and _loss(current, count) < _loss(learner, count)
    ):
        return current, None
    return learner, evaluation


def _loss(learner: Learner, count: int) -> float:
    """Mean log loss of the latest predictions, each made before its case was learned."""
    calibration = learner.calibration
    total = 0.0
    records = zip(
        *(each[-count:] for each in (learner.odds, learner.guesses, learner.signals, learner.truths)),
        strict=True,
    )
    for odds, guess, signals, truth in records:
        # A label it had never heard of: as bad as a guess among all labels.
        said = (
            calibration.spread(odds, guess, signals)[truth] if truth < len(odds) else 1 / len(learner.labels)
        )
        total -= float(np.log(max(said, _LEAST)))
    return total / count


def _count_labels(learner: Learner, pairs: Sequence[tuple[Prediction, Example]]) -> tuple[LabelFigures, ...]:
    cases = Counter(was.label for _, was in pairs)
    guessed = Counter(said.guess for said, _ in pairs)
    right = Counter(said.guess for said, was in pairs if said.guess == was.label)
    named = Counter(said.label for said, _ in pairs)
    named_right = Counter(said.label for said, was in pairs if said.label == was.label)
    cuts = {label: learner.calibration.cut(place) for place, label in enumerate(learner.labels)}
    return tuple(
        LabelFigures(
            label=label,
            cases=cases[label],
            guessed=guessed[label],
            right=right[label],
            named=named[label],
            named_right=named_right[label],
            cut=cut if (cut := cuts.get(label, 2.0)) <= 1 else None,
        )
        for label in sorted({*cuts, *cases}, key=lambda label: (-cases[label], label))
    )


def _draw_curve(pairs: Sequence[tuple[Prediction, Example]]) -> tuple[Bin, ...]:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for said, was in pairs:
        place = min(int(said.confidence * _BINS), _BINS - 1)
        bins.setdefault(place, []).append((said.confidence, said.guess == was.label))
    return tuple(
        Bin(
            cases=len(found),
            confidence=sum(confidence for confidence, _ in found) / len(found),
            right=sum(right for _, right in found) / len(found),
        )
        for _, found in sorted(bins.items())
    )

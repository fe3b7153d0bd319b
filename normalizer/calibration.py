"""How sure is sure: from a learner's scores to probabilities, and from these to the cut above which it names.

Everything rests on one record a decision: what the learner would have said of a case before it learned it
("prequential", Dawid 1984). Such a record is as honest as a later case, and a drift shows in it.

1. Temperature (Guo et al. 2017): one number divides all scores so that the recent records were the likeliest.
2. A cut for each label: the lowest probability above which the lower bound of Wilson's interval (1927) for
   the share of right answers reaches the aim. To a label's own records a few of all other labels at the
   same probability are added, so that a run of luck with a small label does not open it. The aim is stricter than the promise, because cases to come
   are not quite like cases that were. Recent records weigh more: their weight halves every `HALF_LIFE`
   cases, for departments change their ways. A label without enough records, or whose records never reach
   the aim, has no cut and is never named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

WINDOW: Final = 4_000
"""Records looked at. Older ones weigh next to nothing."""

HALF_LIFE = 500
# cases until a record weighs half
FEWEST = 200
# records of all labels before any may be named: the first hundred say too little of the next
FEWEST_OF_LABEL = 20
# effective records above a label's cut
_BORROWED = 10
# records that the other labels lend, at most
_AIM = 0.8
# of the mistakes allowed: the rest is kept for what changes between choosing a cut and using it
_CONFIDENCE = 1.0
# standard errors below the estimate, on top of that
_TEMPERATURES = np.exp(np.linspace(-1.6, 2.4, 33))
_LITTLE = 1e-9
# in place of zero below a fraction
_NEVER = 2.0
# a cut that no probability reaches

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """What turns scores into probabilities, and probabilities into "name it" or "let a person decide"."""

    temperature: float = 1.0
    cuts: tuple[float, ...] = ()
    # one a label, 0 to 1; more than 1 where the label is never named
    records: int = 0
    # that it rests on

    def cut(self, label: int) -> float:
        return self.cuts[label] if label < len(self.cuts) else _NEVER

    def is_sure(self, label: int, probability: float) -> bool:
        return probability >= self.cut(label)


def calibrate(scores: Sequence[NDArray[np.float32]], labels: Sequence[int], *, wrong: float) -> Calibration:
    """The calibration that records of predictions support; `wrong` is the share of mistakes allowed.

    `scores` has a row a record, oldest first; a row may be shorter than the last one, where labels have
    been added since. `labels` is what was right.
    """
    rows, truth = align(scores[-WINDOW:]), np.array(labels[-WINDOW:], np.int64)
    if not len(rows):
        return Calibration()
    weights = weigh(len(rows))
    temperature = fit_temperature(rows, truth, weights)
    found = softmax(rows / temperature)
    guesses = found.argmax(axis=1)
    sure = found.max(axis=1)
    cuts = tuple(
        find_cut(sure, truth == guesses, weights, guesses == label, wrong) if len(rows) >= FEWEST else _NEVER
        for label in range(rows.shape[1])
    )
    return Calibration(temperature=temperature, cuts=cuts, records=len(rows))


def align(scores: Sequence[NDArray[np.float32]]) -> Floats:
    """Rows of growing length as one table. What a label would have scored before it was known: very little."""
    width = max(map(len, scores), default=0)
    table = np.full((len(scores), width), -20.0)
    for row, each in enumerate(scores):
        table[row, : len(each)] = each
    return table


def weigh(count: int) -> Floats:
    """The weight of each of so many records, the newest 1."""
    return np.asarray(0.5 ** ((count - 1 - np.arange(count)) / HALF_LIFE))


def fit_temperature(scores: Floats, labels: Numbers, weights: Floats) -> float:
    """The temperature with the least log loss."""
    best, chosen = np.inf, 1.0
    lines = np.arange(len(labels))
    for temperature in _TEMPERATURES:
        scaled = scores / temperature
        top = scaled.max(axis=1)
        losses = np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top - scaled[lines, labels]
        loss = float(losses @ weights)
        if loss < best:
            best, chosen = loss, float(temperature)
    return chosen


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def find_cut(sure: Floats, right: Bools, weights: Floats, own: Bools, wrong: float) -> float:
    """The lowest probability of a label's own records above which the promise is kept, or one never reached."""
    order = np.argsort(-sure, kind="stable")
    mine = own[order]
    if mine.sum() < FEWEST_OF_LABEL:
        return _NEVER
    weight, hits = weights[order], (weights * right)[order]
    share, size = _count_down(weight, hits, mine)
    lent, lent_size = _count_down(weight, hits, ~mine)
    borrowed = np.minimum(_BORROWED, lent_size)
    whole = size + borrowed
    mixed = (share * size + lent * borrowed) / np.maximum(whole, _LITTLE)
    bound = lower_bound(mixed, np.maximum(whole, _LITTLE))
    kept = np.flatnonzero(mine & (bound >= 1 - wrong * _AIM) & (size >= FEWEST_OF_LABEL))
    return float(sure[order[kept[-1]]]) if len(kept) else _NEVER


def _count_down(weight: Floats, hits: Floats, chosen: Bools) -> tuple[Floats, Floats]:
    """At each record from the surest down: the share right of those chosen so far, and their effective size."""
    total = np.cumsum(weight * chosen)
    share = np.cumsum(hits * chosen) / np.maximum(total, _LITTLE)
    # Kish's effective size: how many records of equal weight say as much.
    return share, total**2 / np.maximum(np.cumsum(weight**2 * chosen), _LITTLE)


def lower_bound(share: Floats, size: Floats) -> Floats:
    """Wilson's lower bound for a share seen in so many cases."""
    z = _CONFIDENCE
    middle = share + z * z / (2 * size)
    half = z * np.sqrt(share * (1 - share) / size + z * z / (4 * size**2))
    return np.asarray((middle - half) / (1 + z * z / size))

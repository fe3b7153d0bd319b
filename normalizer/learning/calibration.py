"""How sure is sure: from a learner's scores to one probability, and from this to the cut above which it names.

Everything rests on one record a decision: what the learner would have said of a case before it learned it
("prequential", Dawid 1984). Such a record is as honest as a later case, and a drift shows in it.

1. The probability that the guess is right: a logistic function of its log odds, of the margin by which naive
   Bayes agrees, of the lead that the choice has over the next label and of how well the text fits the guess
   at all, with an offset for each label (Platt 1999), for departments differ in how closely their decisions
   follow the words. A Gaussian prior holds the slopes, and labels with few records near the others.
2. One cut on this probability: the lowest above which these probabilities reach the aim on average, as long
   as the share of right answers above it does not speak against that (Wilson's interval, 1927). A few mistakes
   at the very top do not close it, as they would a cut on shares alone. The fewer records there are, the
   stricter the aim. A label whose own records above the cut clearly contradict the promise is never named:
   that it falls a little short, others may make up for.

Recent records weigh more, for departments change their ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

WINDOW: Final = 4_000
"""Records looked at. Older ones weigh next to nothing."""

HALF_LIFE = 500
# cases until a record weighs half
FEWEST = 200
# records before anything may be named: the first hundred say too little of the next
FEWEST_SURE = 40
# effective records above the cut
_FEWEST_FITTED = 20
# records before the probability is fitted at all
_AIM = 0.95
# of the mistakes allowed: the rest is kept for what changes between choosing a cut and using it
_FEW = 50.0
# records at which the aim allows half as many mistakes: slopes and offsets were fitted to the same records
_WORST = 4.0
# times the mistakes allowed: no single name is less sure than that, however sure the others are
_DOUBT = 1.5
# standard errors that the share right may lie below the aim
_VETO = 1.5
# standard errors that the share right of one label may lie below what a label must keep
_LABEL_WRONG = 1.25
# times the mistakes allowed: what a label must keep
_PRIOR = 3.0
# how firmly offsets are held at 0, the slope of the log odds at 1 and the others at 0 (inverse variance)
_ROUNDS = 20
# Newton's method needs five to eight
_LITTLE = 1e-9
# in place of zero below a fraction and in logarithms
_SUREST = 1e-3
# log odds grow no further: between 0.999 and 1 there is nothing to learn
_SCALES = np.array([1.0, 4.0, 0.4, 0.4, 0.3])
# size of log odds, margin, lead, fit and clear lead: one prior serves all slopes then
_CLEAR_LEAD = 0.5
# beyond it a longer lead says less: some decisions never follow the words, however clear these are
_UNKNOWN = -20.0
# log odds of a label that was not known yet
_NEVER = 2.0
# a cut that no probability reaches

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Signals(NamedTuple):
    """What speaks for a guess beside its log odds."""

    margin: float
    # by how much naive Bayes prefers it to the next label; below zero: it would have said another
    lead: float
    # by how much the choice does
    fit: float
    # what the choice gives it: about 1 where the text is like what the label had, about -1 where it is not


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """What turns log odds into probabilities, and probabilities into "name it" or "let a person decide"."""

    slopes: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 0.0)
    # of log odds, margin, lead, fit and clear lead
    offsets: tuple[float, ...] = ()
    # one a label
    cuts: tuple[float, ...] = ()
    # one a label, 0 to 1; more than 1 where the label is never named
    records: int = 0
    # that it rests on

    def cut(self, label: int) -> float:
        return self.cuts[label] if label < len(self.cuts) else _NEVER

    def is_sure(self, label: int, probability: float) -> bool:
        return probability >= self.cut(label)

    def spread(self, odds: NDArray[np.float32], guess: int, signals: Signals) -> Floats:
        """The probability of every label: what the guess leaves is shared by the others as their odds stand."""
        shares = normalize(odds.astype(np.float64))
        offset = self.offsets[guess] if guess < len(self.offsets) else 0.0
        measured = _measure(_log_odds(shares[guess : guess + 1]), [signals])
        sure = float(sigmoid(measured @ np.array(self.slopes) + offset)[0])
        others = 1 - shares[guess]
        shares *= (1 - sure) / max(others, _LITTLE)
        shares[guess] = sure if len(shares) > 1 else 1.0
        return shares


def calibrate(
    odds: Sequence[NDArray[np.float32]],
    guesses: Sequence[int],
    signals: Sequence[Signals],
    labels: Sequence[int],
    *,
    wrong: float,
) -> Calibration:
    """The calibration that records of predictions support; `wrong` is the share of mistakes allowed.

    `odds` has a row of log odds a record, oldest first; a row may be shorter than the last one, where labels
    have been added since. `labels` is what was right.
    """
    rows, truth = align(odds[-WINDOW:]), np.array(labels[-WINDOW:], np.int64)
    if len(rows) < _FEWEST_FITTED:
        return Calibration(records=len(rows))
    guessed = np.array(guesses[-WINDOW:], np.int64)
    right, weights = truth == guessed, weigh(len(rows))
    own = _log_odds(normalize(rows)[np.arange(len(rows)), guessed])
    table = _measure(own, signals[-WINDOW:])
    slopes, offsets = fit_odds(table, guessed, right, weights, rows.shape[1])
    cuts = (_NEVER,) * rows.shape[1]
    if len(rows) >= FEWEST:
        sure = sigmoid(table @ slopes + offsets[guessed])
        cut = find_cut(sure, right, weights, wrong)
        cuts = tuple(
            _NEVER if contradicts((guessed == label) & (sure >= cut), right, weights, wrong) else cut
            for label in range(rows.shape[1])
        )
    return Calibration(
        slopes=tuple(slopes.tolist()),
        offsets=tuple(offsets.tolist()),
        cuts=cuts,
        records=len(rows),
    )


def align(odds: Sequence[NDArray[np.float32]]) -> Floats:
    """Rows of growing length as one table. What a label would have scored before it was known: very little."""
    table = np.full((len(odds), max(map(len, odds), default=0)), _UNKNOWN)
    for row, each in enumerate(odds):
        table[row, : len(each)] = each
    return table


def weigh(count: int) -> Floats:
    """The weight of each of so many records, the newest 1."""
    return np.asarray(0.5 ** ((count - 1 - np.arange(count)) / HALF_LIFE))


def sigmoid(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


def normalize(odds: Floats) -> Floats:
    """Each label's own probability, brought to a sum of 1 in the last axis."""
    found = sigmoid(odds)
    return np.asarray(found / found.sum(axis=-1, keepdims=True))


def fit_odds(
    signals: Floats, guessed: Numbers, right: Bools, weights: Floats, labels: int
) -> tuple[Floats, Floats]:
    """Slope of each signal and offset of each label under which the records are the likeliest (Newton's method)."""
    records, count = signals.shape
    table = np.zeros((records, count + 1 + labels))
    table[:, :count], table[:, count] = signals, 1
    table[np.arange(records), count + 1 + guessed] = 1
    held = np.full(count + 1 + labels, _PRIOR)
    held[count] = _LITTLE  # the common offset is free
    start = np.zeros(count + 1 + labels)
    start[0] = 1
    found = start.copy()
    for _ in range(_ROUNDS):
        said = sigmoid(table @ found)
        slope = table.T @ (weights * (right - said)) - held * (found - start)
        bend = (table * (weights * said * (1 - said))[:, None]).T @ table + np.diag(held + 1e-3)
        move = np.clip(np.linalg.solve(bend, slope), -1, 1)
        found += move
        if np.abs(move).max() < 1e-6:
            break
    return found[:count], found[count] + found[count + 1 :]


def find_cut(sure: Floats, right: Bools, weights: Floats, wrong: float) -> float:
    """The lowest probability above which the promise is kept, or one never reached."""
    order = np.argsort(-sure, kind="stable")
    weight, records = weights[order], weights.sum() ** 2 / (weights @ weights)
    aim = 1 - wrong * _AIM * records / (records + _FEW)
    total = np.cumsum(weight)
    said = np.cumsum(weight * sure[order]) / total
    share = np.cumsum(weight * right[order]) / total
    # Kish's effective size: how many records of equal weight say as much.
    size = total**2 / np.cumsum(weight**2)
    fits = (said >= aim) & (upper_bound(share, size, _DOUBT) >= aim) & (size >= FEWEST_SURE)
    kept = np.flatnonzero(fits & (sure[order] >= 1 - wrong * _WORST))
    return float(sure[order[kept[-1]]]) if len(kept) else _NEVER


def contradicts(chosen: Bools, right: Bools, weights: Floats, wrong: float) -> bool:
    """Do the chosen records of a label speak against it? With few of them only gross failure does."""
    weight = weights[chosen]
    if not len(weight):
        return False
    share = np.array([weight @ right[chosen] / weight.sum()])
    size = np.array([weight.sum() ** 2 / (weight @ weight)])
    return bool(upper_bound(share, size, _VETO)[0] < 1 - wrong * _LABEL_WRONG)


def upper_bound(share: Floats, size: Floats, z: float) -> Floats:
    """Wilson's upper bound, `z` standard errors above a share seen in so many cases."""
    share = np.clip(share, 0, 1)
    middle = share + z * z / (2 * size)
    half = z * np.sqrt(share * (1 - share) / size + z * z / (4 * size**2))
    return np.asarray((middle + half) / (1 + z * z / size))


def _measure(own: Floats, signals: Sequence[Signals]) -> Floats:
    """A row a record: its log odds and what else speaks for its guess, each of a size about one."""
    table = np.array(signals)
    return np.asarray(np.column_stack([own, table, np.minimum(table[:, 1], _CLEAR_LEAD)]) / _SCALES)


def _log_odds(share: Floats) -> Floats:
    share = np.clip(share, _SUREST, 1 - _SUREST)
    return np.asarray(np.log(share / (1 - share)))

"""A text classifier that learns at once from each decision, for any labels and any language.

A linear support vector machine for each label over hashed features, trained one case at a time by dual
coordinate descent (Hsieh et al. 2008, squared hinge loss). Each step is exact for its case, so there is no
learning rate to choose. After each case a few older ones, mostly recent, are learned again from a bounded
store of their features; the texts themselves are not kept. What it would have said before it learned a case is
recorded, and `calibration` makes probabilities and cuts of these records.

The same examples in the same order make the same model, on every machine and in every process.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from normalizer.calibration import WINDOW, Calibration, calibrate, softmax
from normalizer.features import BUCKETS, Features, Ids, Traced, Values, extract, trace

ALLOWED_WRONG: Final = 0.05
"""Share of named cases that may be wrong, unless a city says otherwise: 0.02 to 0.05 is sensible."""

LABEL_LIMIT: Final = 500
"""Labels that one learner takes: memory is 1 MB each."""

_REPLAYS = 6
_SOFT = np.float32(0.5)
# 1 / (2C) with C = 1: how gently a case that does not fit is followed
_NOTHING = np.float32(1e-12)
# in place of a length of zero
_STORE_ITEMS, _STORE_IDS = 10_000, 4_000_000
# cases kept for replays, and features of all of them: at most 32 MB
_STALE = 0.02
# share of new records after which cuts are worked out again
_TOP = 3
_STRONGEST = 5


class UnknownLabel(ValueError):
    """More labels than a learner takes."""


class Example(NamedTuple):
    """One decision: what the resident wrote, and where it belonged."""

    text: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Prediction:
    """What a learner says of one text."""

    label: str | None
    # None: not sure enough, a person decides
    confidence: float
    # probability of the guess, 0 to 1, calibrated
    guess: str | None
    # what it would have chosen; None only while there are no labels
    candidates: tuple[tuple[str, float], ...] = ()
    # up to three labels with their probabilities, best first


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Why a text got its prediction, for staff."""

    prediction: Prediction
    words: tuple[tuple[str, float], ...]
    # up to five words as written, with what each adds to the guess; personal numbers masked


class Kept(NamedTuple):
    """A case that is learned again now and then."""

    ids: Ids
    values: Values
    # how much each feature counted when the case was learned
    truth: int
    pulls: Values
    # how hard the case pulls at each label's weights (the dual variables), one a label known then


@dataclass(slots=True, eq=False)
class Learner:
    """A model and what it needs to go on learning. Not safe for two threads at once."""

    labels: list[str] = field(default_factory=list)
    wrong: float = ALLOWED_WRONG
    # share of named cases that may be wrong
    weights: NDArray[np.float32] = field(default_factory=lambda: np.zeros((BUCKETS, 0), np.float32))
    # a row a feature; columns from len(labels) on are room for more labels
    bias: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    seen_in: NDArray[np.int32] = field(default_factory=lambda: np.zeros(BUCKETS, np.int32))
    # cases that had this feature
    learned: int = 0
    scores: list[NDArray[np.float32]] = field(default_factory=list)
    truths: list[int] = field(default_factory=list)
    # the records: scores before a case was learned, and what was right
    store: list[Kept] = field(default_factory=list)
    _stored_ids: int = 0
    _calibration: Calibration = field(default_factory=Calibration)
    _calibrated_at: int = -1

    def add_labels(self, labels: Iterable[str]) -> None:
        """Make room for labels; those it has already stay. Raises UnknownLabel beyond LABEL_LIMIT."""
        new = [label for label in dict.fromkeys(labels) if label not in self.labels]
        if len(self.labels) + len(new) > LABEL_LIMIT:
            raise UnknownLabel(f"more than {LABEL_LIMIT} labels")
        self.labels += new
        if (count := len(self.labels)) > self.weights.shape[1]:
            room = max(count, 2 * self.weights.shape[1])
            wider = np.zeros((BUCKETS, room), np.float32)
            wider[:, : self.weights.shape[1]] = self.weights
            self.weights = wider
            self.bias = np.concatenate([self.bias, np.zeros(room - len(self.bias), np.float32)])

    def learn(self, text: str, label: str) -> None:
        """Learn one decision. What it would have said before is recorded first."""
        if label not in self.labels:
            self.add_labels([label])
        truth = self.labels.index(label)
        features = extract(text)
        self._record(self._score(features), truth)
        self.learned += 1
        self.seen_in[features.ids] += 1
        self._keep(Kept(features.ids, self._value(features), truth, np.zeros(len(self.labels), np.float32)))
        self._step(len(self.store) - 1)
        # Which cases are learned again depends on the number of cases alone.
        drawn = np.random.default_rng(self.learned).random(_REPLAYS)
        last = len(self.store) - 1
        for place in drawn:
            self._step(last - int(last * place * place))

    def learn_all(self, examples: Iterable[Sequence[str]]) -> None:
        """Learn pairs of text and label, oldest first."""
        for text, label in examples:
            self.learn(text, label)

    def restore(self, store: Iterable[Kept]) -> None:
        """Take over the cases for replays from a learner that was kept."""
        for case in store:
            self._keep(case)

    def predict(self, text: str) -> Prediction:
        """What this text is about, and whether that is sure enough to be said."""
        return self._judge(self._score(extract(text)))

    def explain(self, text: str) -> Explanation:
        """The prediction with the words that speak for it most."""
        prediction = self.predict(text)
        if prediction.guess is None:
            return Explanation(prediction=prediction, words=())
        traced = trace(text)
        shares = self._share_out(traced, extract(text), self.labels.index(prediction.guess))
        best = sorted(shares.items(), key=lambda each: -each[1])[:_STRONGEST]
        return Explanation(prediction=prediction, words=tuple((w, round(s, 4)) for w, s in best if s > 0))

    @property
    def calibration(self) -> Calibration:
        """Worked out again when enough is new, or when there are more labels than there were."""
        new = self.learned - self._calibrated_at
        if self._calibrated_at < 0 or new > _STALE * min(self.learned, WINDOW):
            self._calibration = calibrate(self.scores, self.truths, wrong=self.wrong)
            self._calibrated_at = self.learned
        return self._calibration

    def _judge(self, scores: NDArray[np.float32]) -> Prediction:
        if not len(scores):
            return Prediction(label=None, confidence=0.0, guess=None)
        calibration = self.calibration
        found = softmax(scores.astype(np.float64) / calibration.temperature)
        order = np.argsort(-found, kind="stable")[:_TOP]
        best = int(order[0])
        confidence = float(found[best])
        guess = self.labels[best]
        return Prediction(
            label=guess if calibration.is_sure(best, confidence) else None,
            confidence=confidence,
            guess=guess,
            candidates=tuple((self.labels[each], float(found[each])) for each in order),
        )

    def _score(self, features: Features) -> NDArray[np.float32]:
        count = len(self.labels)
        rows = self.weights[features.ids]
        return np.asarray(self._value(features) @ rows[:, :count] + self.bias[:count])

    def _value(self, features: Features) -> Values:
        """How much each feature of a text counts: rare ones more, and words together as much as runs of letters."""
        rarity = 1 + np.log((self.learned + 1) / (self.seen_in[features.ids] + 1), dtype=np.float32)
        values = features.counts * rarity
        for part in (slice(0, features.words_from), slice(features.words_from, None)):
            values[part] /= np.sqrt(values[part] @ values[part] + _NOTHING)
        return np.asarray(values, np.float32)

    def _step(self, place: int) -> None:
        """Move the weights so that this case fits as well as its loss asks for, each label on its own."""
        ids, values, truth, pulls = self.store[place]
        count = len(self.labels)
        if len(pulls) < count:
            pulls = np.concatenate([pulls, np.zeros(count - len(pulls), np.float32)])
        rows = self.weights[ids]
        signs = np.full(count, -1, np.float32)
        signs[truth] = 1
        margins = signs * (values @ rows[:, :count] + self.bias[:count])
        new = np.maximum(pulls - (margins - 1 + _SOFT * pulls) / (values @ values + 1 + _SOFT), 0)
        moved = (new - pulls) * signs
        rows[:, :count] += values[:, None] * moved
        self.weights[ids] = rows
        self.bias[:count] += moved
        self.store[place] = Kept(ids, values, truth, new)

    def _record(self, scores: NDArray[np.float32], truth: int) -> None:
        self.scores.append(scores)
        self.truths.append(truth)
        if len(self.scores) >= 2 * WINDOW:
            del self.scores[:WINDOW], self.truths[:WINDOW]

    def _keep(self, case: Kept) -> None:
        self.store.append(case)
        self._stored_ids += len(case.ids)
        while len(self.store) > 1 and (len(self.store) > _STORE_ITEMS or self._stored_ids > _STORE_IDS):
            # A tenth at a time: taking the first of a list away moves all others.
            gone = max(1, len(self.store) // 10)
            self._stored_ids -= sum(len(old.ids) for old in self.store[:gone])
            del self.store[:gone]

    def _share_out(self, traced: Traced, features: Features, label: int) -> dict[str, float]:
        """What each word adds to a label: its own weight and that of its runs of letters."""
        split = features.words_from
        values = self._value(features) / np.exp(features.counts - 1)
        # the value of one occurrence, not of all of them
        shares = np.zeros(len(traced.words))
        for kind, ids, worth in (
            (False, features.ids[:split], values[:split]),
            (True, features.ids[split:], values[split:]),
        ):
            chosen = traced.is_word == kind
            places = np.searchsorted(ids, traced.ids[chosen])
            np.add.at(shares, traced.owners[chosen], worth[places] * self.weights[traced.ids[chosen], label])
        words: dict[str, float] = {}
        for word, share in zip(traced.words, shares.tolist(), strict=True):
            words[word] = words.get(word, 0.0) + share
        return words

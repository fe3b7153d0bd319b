"""A text classifier that learns at once from each decision, for any labels and any language.

Three models for each label over the same hashed features. The first chooses: least squares, where a case of a
rare label counts more. The second says how likely it is: logistic regression, where a case counts less the
older it is. Both are trained one case at a time by dual coordinate descent (Hsieh et al. 2008, Yu et al. 2011):
each step is exact for its case, so there is no learning rate to choose. After each case a few older ones,
mostly recent, are learned again from a bounded store of their features, and all of them whenever the store has
grown by a tenth; the texts themselves are not kept. The third only counts: complement naive Bayes (Rennie et
al. 2003). It errs elsewhere than the other two, so it has a small say in the choice, and a choice that it
shares is surer. What they would have said before a case was learned is recorded, and `calibration` makes
probabilities and a cut of these records.

The same examples in the same order make the same model, on every machine and in every process.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from normalizer.learning.calibration import WINDOW, Calibration, Signals, calibrate
from normalizer.learning.features import BUCKETS, Features, Ids, Traced, Values, extract, trace

ALLOWED_WRONG: Final = 0.05
"""Share of named cases that may be wrong, unless a city says otherwise: 0.02 to 0.05 is sensible."""

LABEL_LIMIT: Final = 500
"""Labels that one learner takes: memory is 3 MB each."""

MODELS: Final = 3
# of a label: choice, likelihood, counts

_REPLAYS = 12
_SOFT = 1.5
# how gently a case that does not fit is followed by the choice (the ridge)
_FOLLOW = 5.0
# how much a new case counts for the likelihood against its penalty on weights (C)
_FADES = 2_000
# cases after which one counts half for the likelihood
_SAY = 0.07
# weight of naive Bayes, in log probability, beside the choice, whose scores lie between -1 and 1
_SMOOTH = 0.1
# of a case: how much more than it saw naive Bayes believes every label to have of every feature
_CLEAR = 8.0
# a margin of naive Bayes grows no further: it does with the length of a text, and says nothing more
_FAR = 2.0
# nor a score of the choice: they lie between -1 and 1 but for rare texts
_NEWTON = 3
# steps towards the root of one case's equation: three leave less than 1e-3
_GROWTH, _FIRST = 0.1, 100
# all cases are learned again when there are a tenth (and ten) more than the last time
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
    number: int
    # how many cases had been learned with it
    pulls: Values
    # two rows (choice, likelihood): how hard the case pulls at each label known then (the dual variables)


class Scores(NamedTuple):
    """What the models say of a text."""

    odds: NDArray[np.float32]
    # log odds of every label
    guess: int
    signals: Signals


@dataclass(slots=True, eq=False)
class Learner:
    """A model and what it needs to go on learning. Not safe for two threads at once."""

    labels: list[str] = field(default_factory=list)
    wrong: float = ALLOWED_WRONG
    # share of named cases that may be wrong
    weights: NDArray[np.float32] = field(default_factory=lambda: np.zeros((BUCKETS, MODELS, 0), np.float32))
    # of a feature: a row for the choice, one for the likelihood, and how much of it the label's cases had;
    # columns from len(labels) on are spare
    bias: NDArray[np.float32] = field(default_factory=lambda: np.zeros((MODELS, 0), np.float32))
    # as above; in the third row the sum over all features
    seen_in: NDArray[np.int32] = field(default_factory=lambda: np.zeros(BUCKETS, np.int32))
    # cases that had this feature
    known: int = 0
    # features that any case had
    learned: int = 0
    cases: list[int] = field(default_factory=list)
    # learned of each label
    odds: list[NDArray[np.float32]] = field(default_factory=list)
    guesses: list[int] = field(default_factory=list)
    signals: list[Signals] = field(default_factory=list)
    truths: list[int] = field(default_factory=list)
    # the records: log odds, guess and what else spoke for it before a case was learned, and what was right
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
        self.cases += [0] * len(new)
        if (count := len(self.labels)) > (had := self.weights.shape[2]):
            room = max(count, had + had // 2)
            wider = np.zeros((BUCKETS, MODELS, room), np.float32)
            wider[:, :, :had] = self.weights
            self.weights = wider
            self.bias = np.pad(self.bias, ((0, 0), (0, room - had)))

    def learn(self, text: str, label: str) -> None:
        """Learn one decision. What it would have said before is recorded first."""
        if label not in self.labels:
            self.add_labels([label])
        truth = self.labels.index(label)
        features = extract(text)
        self._record(self._score(features), truth)
        self.learned += 1
        self.cases[truth] += 1
        self.known += int(np.count_nonzero(self.seen_in[np.unique(features.ids)] == 0))
        self.seen_in[features.ids] += 1
        values, pulls = self._value(features), np.zeros((2, len(self.labels)), np.float32)
        self.weights[features.ids, 2, truth] += values
        self.bias[2, truth] += values.sum()
        self._keep(Kept(features.ids, values, truth, self.learned, pulls))
        last = len(self.store) - 1
        self._step(last)
        if _is_milestone(self.learned):
            for place in range(last, -1, -1):
                self._step(place)
        # Which cases are learned again depends on the number of cases alone.
        for part in np.random.default_rng(self.learned).random(_REPLAYS):
            self._step(last - int(last * part * part))

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
            self._calibration = calibrate(
                self.odds, self.guesses, self.signals, self.truths, wrong=self.wrong
            )
            self._calibrated_at = self.learned
        return self._calibration

    def _judge(self, scores: Scores) -> Prediction:
        if not self.labels:
            return Prediction(label=None, confidence=0.0, guess=None)
        calibration, best = self.calibration, scores.guess
        found = calibration.spread(scores.odds, best, scores.signals)
        confidence = float(found[best])
        order = np.argsort(-found, kind="stable")[:_TOP].tolist()
        ranked = [best, *(each for each in order if each != best)][:_TOP]
        guess = self.labels[best]
        return Prediction(
            label=guess if calibration.is_sure(best, confidence) else None,
            confidence=confidence,
            guess=guess,
            candidates=tuple((self.labels[each], float(found[each])) for each in ranked),
        )

    def _score(self, features: Features) -> Scores:
        count = len(self.labels)
        rows = self.weights[features.ids][:, :, :count]
        values = self._value(features)
        flat = values @ rows[:, :2].reshape(len(rows), 2 * count)
        choice, odds = flat.reshape(2, count) + self.bias[:2, :count]
        counted = self._count(rows[:, 2], values)
        guess = int((choice + np.float32(_SAY) * counted).argmax()) if count else 0
        if not count:
            return Scores(odds, guess, Signals(0.0, 0.0, 0.0))
        return Scores(
            odds,
            guess,
            Signals(
                margin=_clip(_lead(counted, guess), _CLEAR),
                lead=_clip(_lead(choice, guess), _FAR),
                fit=_clip(choice[guess], _FAR),
            ),
        )

    def _count(self, seen: NDArray[np.float32], values: Values) -> NDArray[np.float32]:
        """What naive Bayes says of each label: how little of the text stands in the cases of all others."""
        whole = self.bias[2, : len(self.labels)]
        elsewhere = np.log(seen.sum(axis=1, keepdims=True) - seen + np.float32(_SMOOTH))
        size = np.log(whole.sum() - whole + np.float32(_SMOOTH * self.known + 1))
        return np.asarray(values.sum() * size - values @ elsewhere)

    def _value(self, features: Features) -> Values:
        """How much each feature of a text counts: rare ones more, and words together as much as runs of letters."""
        rarity = 1 + np.log((self.learned + 1) / (self.seen_in[features.ids] + 1), dtype=np.float32)
        values = features.counts * rarity
        for part in (slice(0, features.words_from), slice(features.words_from, None)):
            values[part] /= np.sqrt(values[part] @ values[part] + _NOTHING)
        return np.asarray(values, np.float32)

    def _step(self, place: int) -> None:
        """Move the weights so that this case fits as well as its losses ask for, each label on its own."""
        ids, values, truth, number, pulls = self.store[place]
        count = len(self.labels)
        if pulls.shape[1] < count:
            pulls = np.pad(pulls, ((0, 0), (0, count - pulls.shape[1])))
        rows = self.weights[ids, :2]
        # Without the spare columns: how many there are must not change the last bit of a sum.
        flat = values @ rows[:, :, :count].reshape(len(rows), 2 * count)
        scores = flat.reshape(2, count) + self.bias[:2, :count]
        length = float(values @ values) + 1
        goal = np.zeros(count, np.float32)
        goal[truth] = 1
        soft = np.float32(_SOFT * self._rarity(truth))
        new = np.empty_like(pulls)
        new[0] = pulls[0] + (2 * goal - 1 - scores[0] - soft * pulls[0]) / (length + soft)
        follow = np.float32(_FOLLOW * 0.5 ** ((self.learned - number) / _FADES))
        rest, pull = scores[1] - length * pulls[1], pulls[1]
        for _ in range(_NEWTON):
            said = 1 / (1 + np.exp(-np.clip(rest + length * pull, -30, 30)))
            off = pull - follow * (goal - said)
            pull = np.clip(pull - off / (1 + follow * length * said * (1 - said)), -follow, follow)
        new[1] = pull
        moved = new - pulls
        rows[:, :, :count] += values[:, None, None] * moved
        self.weights[ids, :2] = rows
        self.bias[:2, :count] += moved
        self.store[place] = Kept(ids, values, truth, number, new)

    def _rarity(self, label: int) -> float:
        """The root of a label's share, over its mean: cases of rare labels are followed more closely."""
        roots = np.sqrt(np.array(self.cases) / self.learned)
        return float(roots[label] * roots.sum())

    def _record(self, scores: Scores, truth: int) -> None:
        self.odds.append(scores.odds)
        self.guesses.append(scores.guess)
        self.signals.append(scores.signals)
        self.truths.append(truth)
        if len(self.truths) >= 2 * WINDOW:
            del self.odds[:WINDOW], self.guesses[:WINDOW], self.signals[:WINDOW], self.truths[:WINDOW]

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
            np.add.at(
                shares, traced.owners[chosen], worth[places] * self.weights[traced.ids[chosen], 0, label]
            )
        words: dict[str, float] = {}
        for word, share in zip(traced.words, shares.tolist(), strict=True):
            words[word] = words.get(word, 0.0) + share
        return words


def _lead(scores: NDArray[np.float32], guess: int) -> np.float32:
    """By how much a label's score exceeds the best of the others."""
    others = np.delete(scores, guess)
    return np.float32(scores[guess] - others.max()) if len(others) else np.float32(0)


def _clip(score: np.float32, most: float) -> float:
    return float(min(max(score, np.float32(-most)), np.float32(most)))


def _is_milestone(learned: int) -> bool:
    before, now = (log(1 + count / _FIRST) // log(1 + _GROWTH) for count in (learned - 1, learned))
    return now > before

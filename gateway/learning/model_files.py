"""Models on disk: a folder of plain data for each version, and a file that says which one is in use.

    models/
      current            the name of the version in use: 000002
      000001/            model.json, weights.npy, bias.npy, ...
      000002/

A version is written beside the others under another name, synced, and renamed; only then the pointer is
replaced. A crash at any moment leaves the version in use as it was. Nothing is unpickled, so a model from
elsewhere can be wrong but cannot run anything. What is read is checked against what it must be.
"""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import msgspec
import numpy as np
from numpy.typing import NDArray

from normalizer.learning.calibration import Signals
from normalizer.learning.evaluation import Evaluation
from normalizer.learning.features import BUCKETS, FEATURES
from normalizer.learning.learner import LABEL_LIMIT, MODELS, Kept, Learner

KEEP: Final = 8
"""Versions kept, the one in use among them."""

_FORMAT = 4
_NAME = re.compile(r"[0-9]{6}")
_LARGEST_JSON = 5_000_000
_CURRENT = "current"
_ARRAYS = {
    "weights": np.float32,
    "bias": np.float32,
    "seen_in": np.int32,
    "cases": np.int32,
    "odds": np.float32,
    "odds_lengths": np.int32,
    "guesses": np.int32,
    "signals": np.float32,
    "truths": np.int32,
    "store_ids": np.int32,
    "store_values": np.float32,
    "store_pulls": np.float32,
    "store_shapes": np.int32,
}


class ModelError(Exception):
    """A model cannot be read, written or found. Says which file, and what is wrong with it."""


class OutdatedModel(ModelError):
    """Made by another version of Kvitto. Train the model anew: the decisions are in the store."""


class Description(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """model.json"""

    format: int
    features: int
    created: datetime
    labels: list[str]
    wrong: float
    learned: int
    evaluation: Evaluation | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One kept version."""

    name: str
    is_current: bool
    description: Description


class Loaded(NamedTuple):
    """A version, ready for use."""

    name: str
    learner: Learner


def save(folder: Path, learner: Learner, evaluation: Evaluation | None, *, now: datetime) -> str:
    """Write a new version and put it in use. Returns its name. Raises ModelError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".new-{uuid4().hex}"
        unfinished.mkdir()
        try:
            _write(unfinished, learner, evaluation, now)
            name = _rename(folder, unfinished)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        _point(folder, name)
        _forget_old(folder)
    except OSError as error:
        raise ModelError(f"{folder}: the model cannot be written: {error.strerror}") from error
    return name


def load(folder: Path, name: str | None = None, *, for_learning: bool = False) -> Loaded | None:
    """The version in use, or the one named; None where there is none yet. Raises ModelError.

    Without `for_learning` the large files are mapped, shared between processes and read-only.
    """
    chosen = name or current_name(folder)
    if chosen is None:
        return None
    place = _place(folder, chosen)
    described = _describe(place)
    arrays = {each: _read_array(place, each, mapped=not for_learning) for each in _ARRAYS}
    _check(place, described, arrays)
    learner = Learner(
        labels=list(described.labels),
        wrong=described.wrong,
        weights=arrays["weights"],
        bias=arrays["bias"],
        seen_in=arrays["seen_in"],
        known=int(np.count_nonzero(arrays["seen_in"])),
        learned=described.learned,
        cases=arrays["cases"].tolist(),
        odds=_cut_up(arrays["odds"], arrays["odds_lengths"]),
        guesses=arrays["guesses"].tolist(),
        signals=[Signals(*each) for each in arrays["signals"].tolist()],
        truths=arrays["truths"].tolist(),
    )
    if for_learning:
        learner.restore(_unpack_store(arrays))
    return Loaded(chosen, learner)


def list_versions(folder: Path) -> list[Version]:
    """Every version that can be read, newest first."""
    current = current_name(folder)
    found = []
    for name in reversed(_names(folder)):
        try:
            described = _describe(folder / name)
        except ModelError:
            continue
        found.append(Version(name=name, is_current=name == current, description=described))
    return found


def rollback(folder: Path, name: str | None = None) -> str:
    """Put an earlier version in use: the one named, or the one before the current. Raises ModelError."""
    current = current_name(folder)
    if name is None:
        earlier = [each for each in _names(folder) if current is not None and each < current]
        if not earlier:
            raise ModelError(f"{folder}: there is no version before {current or 'the first'}")
        name = earlier[-1]
    load(folder, name)
    try:
        _point(folder, name)
    except OSError as error:
        raise ModelError(f"{folder / _CURRENT}: cannot be written: {error.strerror}") from error
    return name


def current_name(folder: Path) -> str | None:
    """The version in use, or None where there is none."""
    try:
        name = (folder / _CURRENT).read_text("ascii")[:20].strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{folder / _CURRENT}: cannot be read") from error
    if not _NAME.fullmatch(name):
        raise ModelError(f"{folder / _CURRENT}: {name!r} is not the name of a version")
    return name


def _write(place: Path, learner: Learner, evaluation: Evaluation | None, now: datetime) -> None:
    count = len(learner.labels)
    contents: dict[str, NDArray[Any]] = {
        "weights": learner.weights[:, :, :count],
        "bias": learner.bias[:, :count],
        "seen_in": learner.seen_in,
        "cases": np.array(learner.cases),
        "odds": _join(learner.odds),
        "odds_lengths": np.array([len(each) for each in learner.odds]),
        "guesses": np.array(learner.guesses),
        "signals": np.array(learner.signals).reshape(-1, len(Signals._fields)),
        "truths": np.array(learner.truths),
        "store_ids": _join([each.ids for each in learner.store]),
        "store_values": _join([each.values for each in learner.store]),
        "store_pulls": _join([each.pulls.reshape(-1) for each in learner.store]),
        "store_shapes": np.array(
            [(len(each.ids), each.truth, each.number, each.pulls.size) for each in learner.store]
        ).reshape(-1, 4),
    }
    for name, array in contents.items():
        with (place / f"{name}.npy").open("wb") as file:
            np.save(file, np.ascontiguousarray(array, _ARRAYS[name]), allow_pickle=False)
            _sync(file.fileno())
    described = Description(
        format=_FORMAT,
        features=FEATURES,
        created=now,
        labels=learner.labels,
        wrong=learner.wrong,
        learned=learner.learned,
        evaluation=evaluation,
    )
    with (place / "model.json").open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(described), indent=1))
        _sync(file.fileno())
    _sync_folder(place)


def _rename(folder: Path, unfinished: Path) -> str:
    """Give it the next free number. Another process may take that number first."""
    for _ in range(100):
        number = int(names[-1]) + 1 if (names := _names(folder)) else 1
        name = f"{number:06d}"
        try:
            unfinished.rename(folder / name)
        except OSError:
            if (folder / name).exists():
                continue
            raise
        _sync_folder(folder)
        return name
    raise ModelError(f"{folder}: no free number for a version")


def _point(folder: Path, name: str) -> None:
    new = folder / f".current-{uuid4().hex}"
    with new.open("w") as file:
        file.write(name + "\n")
        file.flush()
        _sync(file.fileno())
    new.replace(folder / _CURRENT)
    _sync_folder(folder)


def _forget_old(folder: Path) -> None:
    current = current_name(folder)
    for name in _names(folder)[:-KEEP]:
        if name != current:
            shutil.rmtree(folder / name, ignore_errors=True)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir() if _NAME.fullmatch(each.name))
    except FileNotFoundError:
        return []


def _place(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name) or not (folder / name).is_dir():
        raise ModelError(f"{folder}: there is no version {name}")
    return folder / name


def _describe(place: Path) -> Description:
    file = place / "model.json"
    try:
        if file.stat().st_size > _LARGEST_JSON:
            raise ModelError(f"{file}: too large")
        described = msgspec.json.decode(file.read_bytes(), type=Description)
    except OSError as error:
        raise ModelError(f"{file}: cannot be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise ModelError(f"{file}: {error}") from error
    if (described.format, described.features) != (_FORMAT, FEATURES):
        raise OutdatedModel(f"{file}: made by another version of Kvitto; train the model anew")
    return described


def _read_array(place: Path, name: str, *, mapped: bool) -> NDArray[Any]:
    file = place / f"{name}.npy"
    try:
        array: NDArray[Any] = np.load(file, mmap_mode="r" if mapped else None, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ModelError(f"{file}: cannot be read") from error
    if array.dtype != _ARRAYS[name]:
        raise ModelError(f"{file}: holds {array.dtype}, not {np.dtype(_ARRAYS[name])}")
    return array


def _check(place: Path, described: Description, arrays: dict[str, NDArray[Any]]) -> None:
    """What does not fit together would fail later, while a resident waits."""
    labels = len(described.labels)
    shapes = arrays["store_shapes"]
    fits = (
        labels <= LABEL_LIMIT
        and len(set(described.labels)) == labels
        and 0 < described.wrong < 1
        and arrays["weights"].shape == (BUCKETS, MODELS, labels)
        and arrays["bias"].shape == (MODELS, labels)
        and arrays["seen_in"].shape == (BUCKETS,)
        and arrays["cases"].shape == (labels,)
        and _within(arrays["cases"], described.learned + 1)
        and arrays["cases"].sum() == described.learned
        and arrays["truths"].shape == arrays["guesses"].shape
        and arrays["signals"].shape == (len(arrays["truths"]), len(Signals._fields))
        and bool(np.isfinite(arrays["signals"]).all())
        and arrays["truths"].shape == arrays["odds_lengths"].shape
        and _within(arrays["truths"], labels)
        and _within(arrays["guesses"], labels)
        and _within(arrays["odds_lengths"], labels + 1)
        and arrays["odds"].shape == (arrays["odds_lengths"].sum(),)
        and shapes.ndim == 2
        and shapes.shape[1] == 4
        and _within(shapes[:, 0], 1 << 20)
        and _within(shapes[:, 1], labels)
        and _within(shapes[:, 2], described.learned + 1)
        and _within(shapes[:, 3], 2 * labels + 1)
        and not (shapes[:, 3] % 2).any()
        and arrays["store_ids"].shape == arrays["store_values"].shape == (shapes[:, 0].sum(),)
        and arrays["store_pulls"].shape == (shapes[:, 3].sum(),)
        and _within(arrays["store_ids"], BUCKETS)
    )
    if not fits:
        raise ModelError(f"{place}: its files do not belong together")


def _within(numbers: NDArray[Any], end: int) -> bool:
    return not numbers.size or bool(numbers.min() >= 0 and numbers.max() < end)


def _join(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0)


def _cut_up(joined: NDArray[Any], lengths: NDArray[Any]) -> list[NDArray[Any]]:
    ends = np.cumsum(lengths).tolist()
    return [joined[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _unpack_store(arrays: dict[str, NDArray[Any]]) -> list[Kept]:
    shapes = arrays["store_shapes"]
    ids, values = (_cut_up(arrays[name], shapes[:, 0]) for name in ("store_ids", "store_values"))
    pulls = [each.reshape(2, -1) for each in _cut_up(arrays["store_pulls"], shapes[:, 3])]
    truths, numbers = shapes[:, 1].tolist(), shapes[:, 2].tolist()
    return [Kept(*each) for each in zip(ids, values, truths, numbers, pulls, strict=True)]


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

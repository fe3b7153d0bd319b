"""Models on disk: whole or not at all, plain data, and never believed without a look."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from gateway.learning.model_files import KEEP, ModelError, current_name, list_versions, load, rollback, save
from normalizer.learning.evaluation import evaluate
from normalizer.learning.learner import Example, Learner
from tests.conftest import ROOT

NOW = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
TOWN = [
    Example(f"lamp {n} dark", "lamps") if n % 2 else Example(f"tree {n} fell", "trees") for n in range(200)
]


def taught(examples: list[Example] = TOWN) -> Learner:
    learner = Learner(wrong=0.03)
    learner.learn_all(examples)
    return learner


def test_what_is_loaded_says_what_was_saved(tmp_path: Path) -> None:
    learner = taught()
    evaluation = evaluate(learner, TOWN)
    name = save(tmp_path / "models", learner, evaluation, now=NOW)
    loaded = load(tmp_path / "models")
    assert loaded is not None
    assert loaded.name == name == "000001"
    assert [loaded.learner.predict(e.text) for e in TOWN[:9]] == [learner.predict(e.text) for e in TOWN[:9]]
    assert loaded.learner.predict("dark lamp").label == "lamps"
    [version] = list_versions(tmp_path / "models")
    assert version.is_current
    assert version.description.created == NOW
    assert version.description.evaluation == evaluation


def test_a_model_loaded_to_be_used_is_mapped_and_cannot_be_changed(tmp_path: Path) -> None:
    save(tmp_path, taught(), None, now=NOW)
    loaded = load(tmp_path)
    assert loaded is not None
    assert isinstance(loaded.learner.weights, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        loaded.learner.weights[0, 0, 0] = 1


def test_a_model_loaded_for_learning_goes_on_as_if_it_had_never_been_saved(tmp_path: Path) -> None:
    one = taught(TOWN[:100])
    save(tmp_path, one, None, now=NOW)
    loaded = load(tmp_path, for_learning=True)
    assert loaded is not None
    for learner in (one, loaded.learner):
        learner.learn_all([*TOWN[100:], Example("wolf seen", "forest")])
    assert np.array_equal(one.weights[..., :3], loaded.learner.weights[..., :3])
    assert one.known == loaded.learner.known
    assert one.predict("dark wolf") == loaded.learner.predict("dark wolf")


def test_an_empty_model_can_be_saved(tmp_path: Path) -> None:
    save(tmp_path, Learner(), None, now=NOW)
    loaded = load(tmp_path, for_learning=True)
    assert loaded is not None
    assert loaded.learner.predict("x").guess is None


def test_without_a_model_there_is_none(tmp_path: Path) -> None:
    assert load(tmp_path / "models") is None
    assert list_versions(tmp_path / "models") == []
    with pytest.raises(ModelError):
        rollback(tmp_path / "models")


def test_old_versions_are_kept_in_bounded_number_and_the_one_in_use_stays(tmp_path: Path) -> None:
    learner = taught(TOWN[:10])
    for _ in range(KEEP + 3):
        save(tmp_path, learner, None, now=NOW)
    names = [each.name for each in list_versions(tmp_path)]
    assert names == [f"{number:06d}" for number in range(KEEP + 3, 3, -1)]
    assert current_name(tmp_path) == f"{KEEP + 3:06d}"
    assert rollback(tmp_path) == f"{KEEP + 2:06d}"
    assert rollback(tmp_path, "000005") == "000005"
    assert save(tmp_path, learner, None, now=NOW) == f"{KEEP + 4:06d}"
    assert current_name(tmp_path) == f"{KEEP + 4:06d}"


def test_a_process_killed_while_it_saves_leaves_a_whole_model_in_use(tmp_path: Path) -> None:
    save(tmp_path, taught(), None, now=NOW)
    code = (
        "import sys, pathlib, datetime\n"
        "from gateway.learning.model_files import load, save\n"
        "folder = pathlib.Path(sys.argv[1]); learner = load(folder, for_learning=True).learner\n"
        "print('ready', flush=True)\n"
        "for _ in range(10000): save(folder, learner, None, now=datetime.datetime.now(datetime.UTC))\n"
    )
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            process.stdout.readline()
            before = current_name(tmp_path)
            while current_name(tmp_path) == before and process.poll() is None:
                pass
            os.kill(process.pid, signal.SIGKILL)
        loaded = load(tmp_path)
        assert loaded is not None
        assert loaded.learner.predict("dark lamp").guess == "lamps"


def spoil_json(change: Callable[[dict[str, object]], object]) -> Callable[[Path], object]:
    def spoil(place: Path) -> object:
        described = json.loads((place / "model.json").read_text())
        change(described)
        return (place / "model.json").write_text(json.dumps(described))

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        lambda place: (place / "weights.npy").unlink(),
        lambda place: (place / "weights.npy").write_bytes(b"no array"),
        lambda place: (place / "weights.npy").write_bytes((place / "weights.npy").read_bytes()[:5000]),
        lambda place: np.save(place / "weights.npy", np.zeros((3, 2), np.float32)),
        lambda place: np.save(place / "bias.npy", np.zeros(2)),
        lambda place: np.save(place / "truths.npy", np.full(200, 9, np.int32)),
        lambda place: np.save(place / "signals.npy", np.zeros((3, 3), np.float32)),
        spoil_json(lambda described: described.update(format=3)),
        lambda place: np.save(place / "store_ids.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True),
        lambda place: (place / "model.json").write_text("{}"),
        lambda place: (place / "model.json").write_text("no json"),
        spoil_json(lambda described: described.update(features=99)),
        spoil_json(lambda described: described.update(labels=["one"])),
        spoil_json(lambda described: described.update(more=1)),
        lambda place: (place.parent / "current").write_text("../000001"),
        lambda place: (place.parent / "current").write_text("000002"),
    ],
)
def test_a_damaged_model_is_refused_with_the_reason(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    save(tmp_path, taught(), None, now=NOW)
    spoil(tmp_path / "000001")
    with pytest.raises(ModelError):
        load(tmp_path)

"""A run stopped, saved, loaded and resumed equals one that was not, bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn

RNG = np.random.default_rng(0)
X = RNG.normal(size=(45, 3))
Y = np.tanh(X @ RNG.normal(size=(3, 2)))


class Run:
    """Everything that a run consists of."""

    def __init__(self, kind: str = "Adam", seed: int = 0, lazy: bool = False) -> None:
        rng = np.random.default_rng(seed)
        first = nn.Dense(8, "tanh", rng=rng) if lazy else nn.Dense(8, "tanh", 3, rng=rng)
        second = nn.Dense(2, rng=rng) if lazy else nn.Dense(2, in_features=8, rng=rng)
        self.model = nn.Sequential(first, nn.Dropout(0.3, rng=rng.integers(9)), second)
        extra = {"momentum": 0.9} if kind in ("SGD", "RMSprop") else {}
        self.optimizer = getattr(nn, kind)(self.model, lr=0.02, **extra)
        self.schedule: nn.optim.Schedule = nn.SequentialLR(
            self.optimizer, [nn.WarmUp(self.optimizer, 3), nn.CosineLR(self.optimizer, 9)], [3]
        )
        self.rng: Any = np.random.default_rng(seed + 1)
        self.history = nn.History()

    def fit(self, epochs: int) -> None:
        nn.fit(
            self.model, nn.MSELoss(), self.optimizer, X, Y, epochs, 10,
            rng=self.rng, schedule=self.schedule, history=self.history,
        )  # fmt: skip

    def parts(self) -> dict[str, Any]:
        return {"schedule": self.schedule, "rng": self.rng, "history": self.history}

    def save(self, path: Path) -> None:
        nn.save_checkpoint(path, self.model, self.optimizer, **self.parts())

    def load(self, path: Path) -> None:
        nn.load_checkpoint(path, self.model, self.optimizer, **self.parts())


@pytest.mark.parametrize("kind", ["SGD", "Adam", "AdamW", "RMSprop"])
@pytest.mark.parametrize("lazy", [False, True])
def test_resumed_equals_unstopped(kind: str, lazy: bool, tmp_path: Path) -> None:
    whole, stopped, resumed = Run(kind), Run(kind), Run(kind, seed=5, lazy=lazy)
    whole.fit(7)
    stopped.fit(4)
    stopped.save(tmp_path / "run.safetensors")
    resumed.load(tmp_path / "run.safetensors")
    resumed.fit(3)
    expected, found = whole.model.state_dict(), resumed.model.state_dict()
    assert all(np.array_equal(expected[name], found[name]) for name in expected)
    assert resumed.history["loss"] == whole.history["loss"]
    assert resumed.history["lr"] == whole.history["lr"]


def test_resumed_from_separate_files(tmp_path: Path) -> None:
    whole, stopped, resumed = Run(), Run(), Run(seed=5)
    whole.fit(5)
    stopped.fit(2)
    stopped.model.save(tmp_path / "model.safetensors")
    stopped.optimizer.save(tmp_path / "optimizer.safetensors")
    resumed.model.load(tmp_path / "model.safetensors")
    resumed.optimizer.load(tmp_path / "optimizer.safetensors")
    resumed.schedule.load_state_dict(stopped.schedule.state_dict())
    nn.randomness.set_generator_state(resumed.rng, nn.randomness.generator_state(stopped.rng))
    resumed.model[1].set_random_state(stopped.model[1].random_state())
    resumed.fit(3)
    expected, found = whole.model.state_dict(), resumed.model.state_dict()
    assert all(np.array_equal(expected[name], found[name]) for name in expected)


def snapshot(run: Run) -> str:
    state = [run.model.state_dict(), run.optimizer.state_dict(), run.schedule.state_dict()]
    return repr([*state, run.rng.bit_generator.state, run.history.epochs])


def test_an_unbuilt_run_stays_unbuilt(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    source = Run("SGD")
    source.fit(2)
    source.save(path)
    run = Run("Adam", lazy=True)
    with pytest.raises(ValueError, match="one of SGD, expected Adam"):
        run.load(path)
    assert not run.model.is_built()
    fresh = Run("Adam", lazy=True)
    assert snapshot(run) == snapshot(fresh)
    run.fit(2)
    fresh.fit(2)
    assert run.history["loss"] == fresh.history["loss"]


@pytest.mark.parametrize("how", ["shapes", "optimizer", "schedule", "rng", "dropout", "no rng"])
def test_what_does_not_fit_changes_nothing(how: str, tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    source = Run("SGD" if how == "optimizer" else "Adam")
    source.fit(2)
    if how == "no rng":
        source.parts = lambda: {"schedule": source.schedule}  # type: ignore[method-assign]
    source.save(path)
    run = Run(seed=3)
    run.fit(1)
    if how == "shapes":
        run.model.layers[2] = nn.Dense(3, in_features=8)
    elif how == "schedule":
        run.schedule = nn.StepLR(run.optimizer, 2)
    elif how == "rng":
        run.rng = np.random.Generator(np.random.SFC64(1))
    elif how == "dropout":
        run.model.layers[1] = nn.Identity()
    before = snapshot(run)
    with pytest.raises(ValueError, match=r"run\.safetensors"):
        run.load(path)
    assert snapshot(run) == before


def test_a_file_of_weights_is_no_checkpoint(tmp_path: Path) -> None:
    run = Run()
    run.model.save(tmp_path / "run.safetensors")
    with pytest.raises(ValueError, match="holds a saved module, not a saved checkpoint"):
        run.load(tmp_path / "run.safetensors")
    nn.serialization.save_arrays(tmp_path / "run.safetensors", {"w": np.ones(1)})
    with pytest.raises(ValueError, match="is no checkpoint: write save_checkpoint"):
        run.load(tmp_path / "run.safetensors")

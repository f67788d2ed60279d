"""What goes wrong in a compiled step leaves everything as it was: NaN, Ctrl-C, traces that fail."""

from __future__ import annotations

import os
import signal
from functools import partial
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn
from tests.nn.compiling_cases import (
    TARGETS,
    Twins,
    X,
    assert_same,
    eager_step,
    network,
)
from tests.nn.compiling_runs import LABELS, Run, assert_equal_runs

LOSS = nn.MSELoss()
adam = partial(nn.Adam, lr=0.02)


class Poisoned(nn.Module):
    """Multiplies by what `data` holds at each call."""

    def __init__(self, data: Any) -> None:
        self.inner, self.data = network(), data

    def forward(self, x: Any) -> Any:
        return self.inner(x) * ag.callback(self.data.copy)


def poisoned_run(batch: int, **settings: Any) -> Run:
    data = np.array([np.nan if batch == 1 else 1.0])

    def poison(run: Run) -> nn.Callback:
        def on_batch_end(state: nn.TrainingState) -> None:
            if (state.epoch - 1) * 3 + state.batch == batch - 1:
                data[:] = np.nan

        return nn.LambdaCallback(on_batch_end=on_batch_end)

    batches = [slice(0, 10), slice(10, 20), slice(20, 40)]
    return Run(model=lambda: Poisoned(data), callbacks=[poison], batches=batches, **settings)


@pytest.mark.parametrize("batch", [1, 2, 6])
@pytest.mark.parametrize("clip_norm", [None, 1.0])
def test_a_loss_that_is_nan(batch: int, clip_norm: float | None) -> None:
    runs = [poisoned_run(batch, clip_norm=clip_norm, compile=each) for each in (False, True)]
    place = f"at epoch {(batch + 2) // 3}, batch {(batch - 1) % 3 + 1}"
    for run in runs:
        assert place in str(run.error)
        assert "the parameters are as before this batch" in str(run.error)
    assert_same(runs[1].everything(), runs[0].everything())


def test_an_infinite_gradient_leaves_the_parameters_as_they_were() -> None:
    class Steep(nn.Module):
        def __init__(self) -> None:
            self.w = nn.Parameter(np.zeros(3))

        def forward(self, x: Any) -> Any:
            return np.sqrt(x @ self.w * 0.0) + 1.0

    def loss(predictions: Any, targets: Any) -> Any:
        return np.mean(predictions)

    settings: dict[str, Any] = {"model": Steep, "loss": loss, "targets": TARGETS, "clip_norm": 1.0}
    with np.errstate(all="ignore"):
        runs = [Run(**settings), Run(**settings, compile=True)]
    for run in runs:
        assert "the norm of the gradients" in str(run.error)
        assert "epoch 1, batch 1" in str(run.error)
        assert not run.model.state_dict()["w"].any()
        assert run.optimizer.state_dict()["state"] == {}


def ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("epoch", [1, 3])
def test_ctrl_c_in_a_callback(epoch: int) -> None:
    def interrupt(run: Run) -> nn.Callback:
        return nn.LambdaCallback(
            on_batch_end=lambda s: ctrl_c() if (s.epoch, s.batch) == (epoch, 2) else None
        )

    _, compiled = assert_equal_runs(callbacks=[interrupt])
    assert compiled.history.interrupted
    assert len(compiled.history) == epoch - 1


@pytest.mark.parametrize("step", [1, 2, 5])
def test_ctrl_c_inside_a_step_waits_for_its_end(step: int) -> None:
    """Also while it is traced: the step is taken whole, then the run ends."""

    class Pressed(nn.Module):
        def __init__(self) -> None:
            self.inner = network()
            self.calls = 0

        def forward(self, x: Any) -> Any:
            return self.inner(x) + ag.callback(self.press)

        def press(self) -> float:
            self.calls += 1
            if self.calls == step:
                ctrl_c()
            return 0.0

    settings: dict[str, Any] = {"model": Pressed, "shuffle": False, "rows": 20}
    run = Run(**settings, compile=True)
    assert run.history.interrupted
    assert all(parameter.grad is None for parameter in run.model.parameters())
    # The same number of whole steps, without Ctrl-C.
    model = network()
    optimizer = nn.Adam(model, lr=0.02)
    compiled = nn.compile_step(model, nn.CrossEntropyLoss(), optimizer)
    for number in range(step):
        rows = slice(number % 2 * 20, number % 2 * 20 + 20)
        compiled(X[rows], LABELS[rows])
    expected = {f"inner.{name}": value for name, value in model.state_dict().items()}
    assert_same(run.model.state_dict(), expected)
    assert_same(run.optimizer.state_dict(), optimizer.state_dict())


def test_a_loss_that_is_no_number() -> None:
    for compiled in (False, True):
        with pytest.raises(ValueError, match=r"one number.*shape|shape.*one number"):
            Run(loss=lambda p, t: (p - t) ** 2, targets=TARGETS, compile=compiled)


@pytest.mark.parametrize(
    ("loss", "targets", "message"),
    [
        (nn.MSELoss(), TARGETS[:, :1], "do not match predictions"),
        (nn.MSELoss(), TARGETS[:, 0], "do not match predictions"),
        (nn.BCEWithLogitsLoss(), LABELS, "."),
    ],
)
def test_shapes_that_do_not_fit_are_refused_alike(loss: Any, targets: Any, message: str) -> None:
    said = []
    for compiled in (False, True):
        with pytest.raises(ValueError, match=message) as error:
            Run(loss=loss, targets=targets, compile=compiled)
        said.append(str(error.value))
    assert said[0] == said[1]


def test_a_buffer_kept_as_an_attribute_is_refused() -> None:
    class Running(nn.Module):
        def __init__(self) -> None:
            self.inner = network()
            self.mean = np.zeros(3)

        def forward(self, x: Any) -> Any:
            self.mean = 0.9 * self.mean + 0.1 * np.mean(x, axis=0)
            return self.inner(x - self.mean)

    model = Running()
    step = nn.compile_step(model, LOSS, nn.SGD(model))
    with pytest.raises(TypeError, match="traced twice and did not do the same"):
        step(X, TARGETS)


def test_outside_of_training_nothing_was_recorded() -> None:
    model = network()
    step = nn.compile_step(model, LOSS, adam(model))
    for _ in range(2):
        with pytest.raises(RuntimeError, match="nothing was recorded"), ag.no_grad():
            step(X, TARGETS)
        step(X, TARGETS)


class Idle(nn.Module):
    """Has a parameter that nothing reaches."""

    def __init__(self) -> None:
        self.inner = network()
        self.idle = nn.Parameter(np.ones(2))

    def forward(self, x: Any) -> Any:
        return self.inner(x)


class Unsteady(nn.Module):
    """Does something else at each call once it is told to."""

    def __init__(self) -> None:
        self.inner = Idle()
        self.calls = 0
        self.steady = True

    def forward(self, x: Any) -> Any:
        self.calls += not self.steady
        return self.inner(x) * (1.0 + self.calls)


@pytest.mark.parametrize("before", [0, 3])
@pytest.mark.parametrize("whole", [False, True])
def test_a_trace_that_fails_counts_no_step(before: int, whole: bool) -> None:
    models = [Unsteady(), Unsteady()]
    optimizers = [adam(each.inner.inner if whole else each) for each in models]
    step = nn.compile_step(models[1], LOSS, optimizers[1])
    for _ in range(before):
        eager_step(models[0], LOSS, optimizers[0], X, TARGETS)
        step(X, TARGETS)
    models[1].steady = False
    with pytest.raises(TypeError, match="traced twice and did not do the same"):
        step(X[:5], TARGETS[:5])
    models[1].steady, models[1].calls = True, 0
    assert_same(optimizers[1].state_dict(), optimizers[0].state_dict())
    for _ in range(2):
        eager_step(models[0], LOSS, optimizers[0], X, TARGETS)
        eager_step(models[1], LOSS, optimizers[1], X, TARGETS)
    assert_same(models[1].state_dict(), models[0].state_dict())
    assert_same(optimizers[1].state_dict(), optimizers[0].state_dict())


def test_a_loss_that_is_nan_counts_no_step_and_a_later_one_goes_on() -> None:
    pair = Twins(Idle, adam, LOSS)
    poisoned = X.copy()
    poisoned[3] = np.nan
    for _ in range(3):
        assert not pair.take(poisoned, TARGETS)
        assert pair.take(X, TARGETS)
    assert pair.traces == 1

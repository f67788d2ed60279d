"""Callbacks: order of calls, early stopping, checkpoints, printed lines."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn

X = np.random.default_rng(0).normal(size=(20, 3))
Y = X.sum(axis=1, keepdims=True)


def run(callbacks: list[nn.Callback], epochs: int = 3, **settings: Any) -> Any:
    model = nn.Linear(3, 1, rng=0)
    optimizer = nn.SGD(model, lr=0.1)
    history = nn.fit(
        model, nn.MSELoss(), optimizer, X, Y, epochs, 10, rng=0, callbacks=callbacks, **settings
    )
    return model, history


def faked(values: list[float], name: str = "watched") -> nn.Callback:
    """Return a callback that adds a number of its own to each epoch."""
    return nn.LambdaCallback(
        on_epoch_end=lambda state: state.numbers.update({name: values[state.epoch - 1]})
    )


def test_order_of_calls() -> None:
    calls: list[str] = []

    class Spy(nn.Callback):
        def on_train_begin(self, state: nn.TrainingState) -> None:
            calls.append("train begin")

        def on_epoch_begin(self, state: nn.TrainingState) -> None:
            calls.append(f"epoch {state.epoch} of {state.epochs} begin")

        def on_batch_end(self, state: nn.TrainingState) -> None:
            calls.append(f"batch {state.batch} of {state.batches} end")
            assert math.isfinite(state.loss)
            assert state.predictions.shape == state.targets.shape == (10, 1)
            assert type(state.predictions) is np.ndarray

        def on_epoch_end(self, state: nn.TrainingState) -> None:
            calls.append(f"epoch {state.epoch} end")
            assert set(state.numbers) == {"loss", "lr", "seconds"}
            assert len(state.history) == state.epoch - 1

        def on_train_end(self, state: nn.TrainingState) -> None:
            calls.append("train end")
            assert len(state.history) == 2

    run([Spy()], 2)
    epoch = ["batch 1 of 2 end", "batch 2 of 2 end"]
    assert calls == [
        "train begin",
        "epoch 1 of 2 begin", *epoch, "epoch 1 end",
        "epoch 2 of 2 begin", *epoch, "epoch 2 end",
        "train end",
    ]  # fmt: skip


def test_the_base_does_nothing() -> None:
    assert len(run([nn.Callback()])[1]) == 3


def test_numbers_of_a_callback_are_kept() -> None:
    assert run([faked([1.0, 2.0, 3.0])])[1]["watched"] == [1.0, 2.0, 3.0]


def test_any_callback_can_stop() -> None:
    def stop(state: nn.TrainingState) -> None:
        state.stop = state.epoch == 2

    history = run([nn.LambdaCallback(on_epoch_end=stop)], 5)[1]
    assert len(history) == 2
    assert history.stopped_by == "LambdaCallback"


@pytest.mark.parametrize(
    ("values", "mode", "delta", "epochs", "best"),
    [
        ([5, 4, 3, 3, 3, 0], "min", 0, 5, 3),
        ([1, 2, 3, 2, 3, 9], "max", 0, 5, 3),
        ([5, 4.5, 4.1, 3.9, 1, 1], "min", 1, 3, 1),
        ([math.nan, 2, math.nan, math.nan, 1, 1], "min", 0, 4, 2),
    ],
)
def test_early_stopping(
    values: list[float], mode: str, delta: float, epochs: int, best: int
) -> None:
    stopping = nn.EarlyStopping("watched", patience=2, mode=mode, min_delta=delta)
    states: list[Any] = []
    spy = nn.LambdaCallback(on_epoch_end=lambda state: states.append(state.model.state_dict()))
    model, history = run([faked(values), spy, stopping], 6)
    assert len(history) == epochs
    assert stopping.best_epoch == best
    assert stopping.best == values[best - 1]
    assert history.stopped_by == "EarlyStopping"
    assert np.array_equal(model.weight.numpy(), states[best - 1]["weight"])


def test_early_stopping_without_restoring() -> None:
    stopping = nn.EarlyStopping("watched", patience=1, restore_best=False)
    states: list[Any] = []
    spy = nn.LambdaCallback(on_epoch_end=lambda state: states.append(state.model.state_dict()))
    model, _ = run([faked([1, 2, 3]), spy, stopping])
    assert np.array_equal(model.weight.numpy(), states[1]["weight"])


def test_early_stopping_watches_the_validation_by_default() -> None:
    stopping = nn.EarlyStopping()
    history = run([stopping], validation_data=(X, Y))[1]
    assert stopping.best == min(history["val_loss"])
    stopping = nn.EarlyStopping()
    assert stopping.best == math.inf
    history = run([stopping])[1]
    assert stopping.best == min(history["loss"])


def test_what_is_not_there_cannot_be_watched() -> None:
    with pytest.raises(ValueError, match="watches 'val_loss', but the epoch has loss, lr, seconds"):
        run([nn.EarlyStopping("val_loss")])


def test_checkpoint_saves_the_best(tmp_path: Path) -> None:
    path = tmp_path / "best.safetensors"
    states: list[Any] = []
    spy = nn.LambdaCallback(on_epoch_end=lambda state: states.append(state.model.state_dict()))
    run([faked([2, 1, 3]), spy, nn.Checkpoint(path, "watched")])
    model = nn.Linear(3, 1)
    model.load(path)
    assert np.array_equal(model.weight.numpy(), states[1]["weight"])


def test_checkpoint_saves_each_epoch(tmp_path: Path) -> None:
    run([nn.Checkpoint(tmp_path / "epoch-{epoch}.safetensors", best_only=False)])
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"epoch-{epoch}.safetensors" for epoch in (1, 2, 3)]


def test_print_every(capsys: pytest.CaptureFixture[str]) -> None:
    numbers = [float(number) for number in range(1, 8)]
    run([faked(numbers), nn.PrintEvery(3, "{epoch}/{epochs} {watched:.1f}")], 7)
    assert capsys.readouterr().out == "1/7 1.0\n3/7 3.0\n6/7 6.0\n7/7 7.0\n"
    run([nn.PrintEvery(5, lambda state: f"line {state.epoch}")], 2)
    assert capsys.readouterr().out == "line 1\nline 2\n"
    run([nn.PrintEvery(1)], 1)
    assert capsys.readouterr().out.startswith("epoch 1  loss ")


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match="mode='least' is not known"):
        nn.EarlyStopping(mode="least")
    with pytest.raises(ValueError, match="patience=0"):
        nn.EarlyStopping(patience=0)
    with pytest.raises(ValueError, match="every=0"):
        nn.PrintEvery(0)
    with pytest.raises(TypeError, match="unknown 'on_end'; a callback has on_train_begin"):
        nn.LambdaCallback(on_end=print)

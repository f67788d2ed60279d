"""fit(compile=True): the same history, the same callbacks, the same end, bit for bit."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn
from tests.nn.compiling_cases import BACKENDS, TARGETS, X, assert_same, network

LABELS = TARGETS.argmax(1)


class Run:
    """One training run, and what its callbacks saw."""

    def __init__(self, **settings: Any) -> None:
        make = settings.pop("model", lambda: network(dropout=0.2))
        optimizer = settings.pop("optimizer", lambda model: nn.Adam(model, lr=0.02))
        schedule: Callable[..., Any] | None = settings.pop("schedule", None)
        loss = settings.pop("loss", nn.CrossEntropyLoss())
        targets = settings.pop("targets", LABELS)
        epochs = settings.pop("epochs", 4)
        self.seen: list[Any] = []
        self.model: nn.Module = make()
        self.optimizer: nn.optim.Optimizer = optimizer(self.model)
        self.schedule = None if schedule is None else schedule(self.optimizer)
        self.callbacks = [each(self) for each in settings.pop("callbacks", [])]
        self.rng = np.random.default_rng(settings.pop("seed", 0))
        self.history = nn.History()
        self.error: Exception | None = None
        try:
            nn.fit(
                self.model, loss, self.optimizer, X, targets, epochs, settings.pop("rows", 12),
                rng=self.rng, schedule=self.schedule, callbacks=self.callbacks,
                history=self.history, progress=False, **settings,
            )  # fmt: skip
        except FloatingPointError as error:
            self.error = error

    def numbers(self) -> list[dict[str, float]]:
        return [{k: v for k, v in e.items() if k != "seconds"} for e in self.history.epochs]

    def everything(self) -> list[Any]:
        """All that a run leaves behind."""
        drawing = [m.random_state() for m in self.model.modules() if isinstance(m, nn.Dropout)]
        return [
            self.model.state_dict(), self.optimizer.state_dict(), self.numbers(), self.seen,
            drawing, self.rng.bit_generator.state,
            self.history.interrupted, self.history.stopped_by,
            [module.training for module in self.model.modules()],
        ]  # fmt: skip


def assert_equal_runs(**settings: Any) -> tuple[Run, Run]:
    eager, compiled = Run(**settings), Run(**settings, compile=True)
    assert_same(compiled.everything(), eager.everything())
    return eager, compiled


def watch(run: Run) -> nn.Callback:
    """Keep every loss, and copies of all predictions and targets."""

    def on_batch_end(state: nn.TrainingState) -> None:
        run.seen.append((state.epoch, state.batch, state.loss, state.predictions, state.targets))

    return nn.LambdaCallback(on_batch_end=on_batch_end)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"metrics": [nn.metrics.accuracy]},
        {"validation_data": (X[:9], LABELS[:9]), "metrics": [nn.metrics.accuracy]},
        {"validation_split": 0.25, "clip_norm": 0.1},
        {"shuffle": False, "rows": None},
        {"batches": [slice(0, 5), np.array([7, 7, 3]), slice(5, 30)]},
        {"callbacks": [watch]},
        {"callbacks": [watch], "metrics": [nn.metrics.accuracy], "clip_norm": 0.3},
        {"loss": nn.MSELoss("sum"), "targets": TARGETS},
        {"loss": nn.MSELoss(), "targets": TARGETS, "metrics": [nn.metrics.r2]},
        {"optimizer": lambda m: nn.SGD(m, lr=0.1, momentum=0.9, nesterov=True)},
        {"model": lambda: nn.Sequential(nn.Dense(5, "relu", rng=0), nn.Dense(4, rng=0))},
        {
            "model": lambda: nn.Sequential(nn.Dense(5, "relu", rng=0), nn.Dense(4, rng=0)),
            "clip_norm": 1e-3,
        },
    ],
)
def test_equal_to_the_uncompiled_run(settings: dict[str, Any]) -> None:
    assert_equal_runs(**settings)


@pytest.mark.parametrize("per", ["epoch", "batch"])
@pytest.mark.parametrize(
    "schedule",
    [
        lambda o: nn.StepLR(o, 2, 0.5),
        lambda o: nn.ExponentialLR(o, 0.9),
        lambda o: nn.CosineLR(o, 5),
        lambda o: nn.WarmUp(o, 6),
        lambda o: nn.LambdaLR(o, lambda count: 1 / (1 + count)),
        lambda o: nn.ChainedLR(o, [nn.WarmUp(o, 3), nn.CosineLR(o, 9)]),
        lambda o: nn.SequentialLR(o, [nn.WarmUp(o, 3), nn.ExponentialLR(o, 0.8)], [3]),
    ],
)
def test_every_schedule(schedule: Callable[..., Any], per: str) -> None:
    _, compiled = assert_equal_runs(schedule=schedule, schedule_per=per, epochs=6)
    assert len({epoch["lr"] for epoch in compiled.numbers()}) > 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_by_name(backend: str) -> None:
    settings: dict[str, Any] = {"model": network, "epochs": 2, "metrics": [nn.metrics.accuracy]}
    eager, compiled = Run(**settings), Run(**settings, compile=backend)
    assert_same(compiled.everything(), eager.everything(), backend)


def test_a_backend_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="backend='torch' is not known"):
        Run(compile="torch")


def test_early_stopping_puts_the_best_parameters_back() -> None:
    def stopping(run: Run) -> nn.Callback:
        return nn.EarlyStopping(patience=2)

    settings = {"callbacks": [stopping], "validation_split": 0.3, "epochs": 60}
    _, compiled = assert_equal_runs(
        optimizer=lambda m: nn.SGD(m, lr=5.0), clip_norm=None, **settings
    )
    assert compiled.history.stopped_by == "EarlyStopping"


def test_checkpoints_of_the_best_epochs(tmp_path: Path) -> None:
    paths = iter([tmp_path / "eager", tmp_path / "compiled"])

    def checkpoint(run: Run) -> nn.Callback:
        return nn.Checkpoint(f"{next(paths)}_{{epoch}}.safetensors", best_only=False)

    assert_equal_runs(callbacks=[checkpoint])
    for epoch in range(1, 5):
        one, other = (tmp_path / f"{name}_{epoch}.safetensors" for name in ("eager", "compiled"))
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("stops", [True, False])
def test_callbacks_may_change_the_model(stops: bool) -> None:
    """Put parameters back, set the rate, freeze a layer, evaluate."""

    def change(run: Run) -> nn.Callback:
        kept = run.model.state_dict()

        def on_batch_end(state: nn.TrainingState) -> None:
            if state.batch == 2:
                state.optimizer.lr *= 0.5
            if state.batch == 3 and state.epoch == 2:
                state.model.load_state_dict(kept)
            run.seen.append(nn.predict(state.model, X[:2]))

        def on_epoch_end(state: nn.TrainingState) -> None:
            first = next(iter(state.model.parameters()))
            first.requires_grad = state.epoch % 2 == 0
            state.stop = stops and state.epoch == 3

        return nn.LambdaCallback(on_batch_end=on_batch_end, on_epoch_end=on_epoch_end)

    assert_equal_runs(callbacks=[change], epochs=5)


def test_predictions_that_are_kept_never_change() -> None:
    kept: list[Any] = []
    copies: list[Any] = []

    def keep(run: Run) -> nn.Callback:
        def on_batch_end(state: nn.TrainingState) -> None:
            kept.append([state.predictions, state.model.state_dict(), state.optimizer.state_dict()])
            copies.append(
                [
                    np.array(state.predictions),
                    {name: np.array(value) for name, value in kept[-1][1].items()},
                    {
                        **kept[-1][2],
                        "state": {
                            number: {key: np.array(value) for key, value in entry.items()}
                            for number, entry in kept[-1][2]["state"].items()
                        },
                    },
                ]
            )

        return nn.LambdaCallback(on_batch_end=on_batch_end)

    Run(callbacks=[keep], compile=True)
    assert_same(kept, copies)
    assert not np.array_equal(kept[0][0], kept[4][0])


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


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("second", [False, True])
def test_a_run_is_resumed_from_a_file(first: bool, second: bool, tmp_path: Path) -> None:
    def schedule(optimizer: nn.optim.Optimizer) -> nn.optim.Schedule:
        return nn.CosineLR(optimizer, 7)

    whole = Run(epochs=7, schedule=schedule)
    begun = Run(epochs=3, schedule=schedule, compile=first)
    path = tmp_path / "run.safetensors"
    nn.save_checkpoint(
        path, begun.model, begun.optimizer, schedule=begun.schedule, rng=begun.rng,
        history=begun.history,
    )  # fmt: skip
    # An own life first, all of which the file replaces, for the trace's memory too.
    other = Run(epochs=2, schedule=schedule, seed=9, compile=second)
    nn.load_checkpoint(
        path, other.model, other.optimizer, schedule=other.schedule, rng=other.rng,
        history=other.history,
    )  # fmt: skip
    nn.fit(
        other.model, nn.CrossEntropyLoss(), other.optimizer, X, LABELS, 4, 12, rng=other.rng,
        schedule=other.schedule, history=other.history, compile=second,
    )  # fmt: skip
    assert_same(other.everything(), whole.everything())


def test_a_run_that_goes_on_with_the_same_history() -> None:
    runs = []
    for compiled in (False, True):
        run = Run(epochs=2, compile=compiled)
        for compiled_next in (compiled, not compiled):
            nn.fit(
                run.model, nn.CrossEntropyLoss(), run.optimizer, X, LABELS, 2, 12, rng=run.rng,
                history=run.history, compile=compiled_next,
            )  # fmt: skip
        runs.append(run)
    assert_same(runs[1].everything(), runs[0].everything())


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

"""fit(compile=True): the same history, the same callbacks, the same end, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from tests.nn.compiling_cases import (
    BACKENDS,
    TARGETS,
    X,
    assert_same,
    network,
)
from tests.nn.compiling_runs import LABELS, Run, assert_equal_runs, watch


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

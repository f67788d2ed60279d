"""What the tests of compiled training runs share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import nn
from tests.nn.compiling_cases import (
    TARGETS,
    X,
    assert_same,
    network,
)

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

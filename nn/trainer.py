"""One training run: its loops over epochs and batches, and the step."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from nn.batches import Batch
from nn.callbacks import Callback, TrainingState
from nn.compiling import CompiledStep
from nn.evaluation import Metric, array_of, evaluate, scalar
from nn.interrupts import Shield
from nn.metrics import metric_name
from nn.optim import Schedule, clip_grad_norm
from nn.progress import Progress

__all__ = ["Trainer"]

Array: TypeAlias = np.ndarray[Any, Any]


@dataclass
class Trainer:
    """What `fit` was given, checked, and how it trains with it.

    Attributes
    ----------
    state : TrainingState
        The model, the optimizer and the history, and where the run stands.
    order : function
        From the epoch (from 0) to its batches.
    """

    state: TrainingState
    loss: Callable[[Any, Any], Any]
    x: Array
    y: Array
    order: Callable[[int], Iterable[Batch]]
    validation_data: tuple[Array, Array] | None
    batch_size: int | None
    metrics: Sequence[Metric]
    callbacks: Sequence[Callback]
    schedule: Schedule | None
    schedule_per: str
    clip_norm: float | None
    progress: Progress
    compiled: CompiledStep | None = None
    shield: Shield = field(default_factory=Shield)

    def run(self) -> None:
        """Train to the last epoch; Ctrl-C ends it early and is noted in the history."""
        state = self.state
        with self.shield.installed():
            try:
                with self._training_mode():
                    self._call("on_train_begin")
                    for epoch in range(len(state.history) + 1, state.epochs + 1):
                        state.epoch = epoch
                        self._epoch()
                        if state.stop:
                            break
            except KeyboardInterrupt:
                state.history.interrupted = True
                state.optimizer.zero_grad()
            with self.shield:
                self._call("on_train_end")

    def _epoch(self) -> None:
        state = self.state
        begin = time.perf_counter()
        self.progress.begin_epoch(state.epoch)
        self._call("on_epoch_begin")
        state.numbers = self._train()
        if self.validation_data is not None:
            numbers = evaluate(
                state.model,
                self.loss,
                *self.validation_data,
                batch_size=self.batch_size,
                metrics=self.metrics,
            )
            state.numbers |= {f"val_{name}": value for name, value in numbers.items()}
        state.numbers["lr"] = state.optimizer.lr
        state.numbers["seconds"] = time.perf_counter() - begin
        for callback in self.callbacks:
            callback.on_epoch_end(state)
            if state.stop and state.history.stopped_by is None:
                state.history.stopped_by = type(callback).__name__
        with self.shield:
            # Together: a resumed run must not find an epoch without its schedule's step.
            state.history.append(state.numbers)
            if self.schedule is not None and self.schedule_per == "epoch":
                self.schedule.step()
        self.progress.end_epoch(state.numbers)

    def _train(self) -> dict[str, float]:
        """Take one step per batch; return the epoch's loss and metrics."""
        state = self.state
        # Where nobody looks at single batches, nothing is prepared for them.
        watched = [each for each in self.callbacks if _defines(each, "on_batch_end")]
        losses = _MeanLoss(self.loss)
        outputs: list[tuple[Array, Array]] = []
        for number, rows in enumerate(self.order(state.epoch - 1), 1):
            state.batch = number
            inputs, targets = self.x[rows], self.y[rows]
            if not len(inputs):
                raise ValueError(f"batch {number} of epoch {state.epoch} has no rows")
            predictions = self._step(inputs, targets)
            losses.add(state.loss, len(inputs))
            if self.metrics:
                outputs.append((predictions, targets))
            if watched:
                state.predictions, state.targets = predictions, targets
                for callback in watched:
                    callback.on_batch_end(state)
            if self.progress.shown:
                self.progress.batch(losses.value)
        if not losses.rows:
            raise ValueError(f"epoch {state.epoch} has no batches: batches returned none")
        numbers = {"loss": losses.value}
        if self.metrics:
            whole = [np.concatenate(part) for part in zip(*outputs, strict=True)]
            numbers |= {metric_name(each): float(each(*whole)) for each in self.metrics}
        return numbers

    def _step(self, inputs: Array, targets: Array) -> Array:
        """Forward, backward, update; return the predictions made before the update."""
        if self.compiled is not None:
            return self._compiled_step(self.compiled, inputs, targets)
        state, optimizer = self.state, self.state.optimizer
        optimizer.zero_grad()
        predictions = state.model(inputs)
        value = self.loss(predictions, targets)
        state.loss = scalar(value)
        if not math.isfinite(state.loss):
            raise self._not_finite(f"the loss is {state.loss}")
        value.backward()
        if self.clip_norm is not None:
            try:
                clip_grad_norm(optimizer.parameters(), self.clip_norm)
            except FloatingPointError as error:
                raise FloatingPointError(f"at {self._place()}: {error}") from None
        with self.shield:
            optimizer.step()
            if self.schedule is not None and self.schedule_per == "batch":
                self.schedule.step()
        return array_of(predictions)

    def _compiled_step(self, step: CompiledStep, inputs: Array, targets: Array) -> Array:
        """One compiled step; return the predictions where somebody asks for them."""
        with self.shield:
            try:
                result = step(inputs, targets)
            except FloatingPointError as error:
                raise self._not_finite(str(error)) from None
            value, predictions = result if step.predictions else (result, inputs)
            self.state.loss = scalar(value)
            if self.schedule is not None and self.schedule_per == "batch":
                self.schedule.step()
        return array_of(predictions)

    def _not_finite(self, what: str) -> FloatingPointError:
        return FloatingPointError(
            f"{what} at {self._place()}; the parameters are as before this batch. Lower the "
            "learning rate, write clip_norm=1.0, or look for NaN in the data: np.isfinite(x).all()"
        )

    def _place(self) -> str:
        of = f" of {self.state.batches}" if self.state.batches else ""
        return f"epoch {self.state.epoch}, batch {self.state.batch}{of}"

    def _call(self, method: str) -> None:
        for callback in self.callbacks:
            getattr(callback, method)(self.state)

    @contextmanager
    def _training_mode(self) -> Iterator[None]:
        modes = [(module, module.training) for module in self.state.model.modules()]
        try:
            self.state.model.train()
            yield
        finally:
            self.progress.close()
            for module, mode in modes:
                module.training = mode


class _MeanLoss:
    """The loss over the batches so far: the mean over rows, or the sum where it is summed."""

    def __init__(self, loss: Any) -> None:
        self.summed = getattr(loss, "reduction", "mean") == "sum"
        self.total = 0.0
        self.rows = 0

    def add(self, value: float, rows: int) -> None:
        self.total += value if self.summed else value * rows
        self.rows += rows

    @property
    def value(self) -> float:
        return self.total if self.summed else self.total / self.rows


def _defines(callback: Callback, name: str) -> bool:
    return name in vars(callback) or getattr(type(callback), name) is not getattr(Callback, name)

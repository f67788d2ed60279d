"""What happens between the steps of `fit`: early stopping, checkpoints, printed lines."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, TypeAlias

import numpy as np

from nn.history import History
from nn.module import Module
from nn.optim import Optimizer

__all__ = [
    "Callback",
    "Checkpoint",
    "EarlyStopping",
    "LambdaCallback",
    "PrintEvery",
    "TrainingState",
]

Array: TypeAlias = np.ndarray[Any, Any]


@dataclass
class TrainingState:
    """Where a run stands; handed to every callback.

    Attributes
    ----------
    model, optimizer, history
    epochs : int
        The number that `fit` was asked for.
    epoch : int
        The epoch, from 1; it goes on where a continued history left off.
    batch, batches : int
        The batch in the epoch, from 1, and their number (0 where it is not known).
    loss : float
        The loss of the last batch, before its update.
    predictions, targets : array
        The model's output of the last batch, and what it should have been.
    numbers : dict
        The numbers of the epoch, once it has ended; what a callback adds is kept in the history.
    stop : bool
        Set it to end the run after this epoch.
    """

    model: Module
    optimizer: Optimizer
    history: History
    epochs: int
    epoch: int = 0
    batch: int = 0
    batches: int = 0
    loss: float = math.nan
    predictions: Array = field(default_factory=lambda: np.empty(0))
    targets: Array = field(default_factory=lambda: np.empty(0))
    numbers: dict[str, float] = field(default_factory=dict)
    stop: bool = False


class Callback:
    """Base of the callbacks: every method does nothing until a subclass defines it.

    Examples
    --------
    >>> class Count(Callback):
    ...     steps = 0
    ...
    ...     def on_batch_end(self, state):
    ...         self.steps += 1
    """

    def on_train_begin(self, state: TrainingState) -> None:
        """Before the first epoch."""

    def on_epoch_begin(self, state: TrainingState) -> None:
        """Before an epoch's first batch."""

    def on_batch_end(self, state: TrainingState) -> None:
        """After a batch's update."""

    def on_epoch_end(self, state: TrainingState) -> None:
        """After an epoch's last batch and the validation, before the history takes the numbers."""

    def on_train_end(self, state: TrainingState) -> None:
        """After the last epoch, also when the run was stopped or interrupted."""


class LambdaCallback(Callback):
    """A callback of functions of the `TrainingState`.

    Examples
    --------
    >>> callback = LambdaCallback(on_epoch_end=lambda state: print(state.epoch))
    """

    _METHODS = (
        "on_train_begin", "on_epoch_begin", "on_batch_end", "on_epoch_end", "on_train_end",
    )  # fmt: skip

    def __init__(self, **methods: Callable[[TrainingState], Any]) -> None:
        for name, method in methods.items():
            if name not in self._METHODS:
                raise TypeError(f"unknown {name!r}; a callback has {', '.join(self._METHODS)}")
            setattr(self, name, method)


class _Monitor(Callback):
    """Base of the callbacks that watch one number."""

    def __init__(self, monitor: str | None, mode: str, min_delta: float = 0.0) -> None:
        if mode not in ("min", "max"):
            raise ValueError(f'mode={mode!r} is not known; write mode="min" or mode="max"')
        self.monitor = monitor
        self.mode = mode
        self.min_delta = abs(min_delta)
        self.best = math.inf if mode == "min" else -math.inf

    def improved(self, numbers: dict[str, float]) -> bool:
        """Whether the number is the best so far; if so it is noted."""
        name = self.monitor or ("val_loss" if "val_loss" in numbers else "loss")
        if name not in numbers:
            raise ValueError(
                f"{type(self).__name__} watches {name!r}, but the epoch has {', '.join(numbers)}: "
                "give validation_data or the metric to fit"
            )
        value = numbers[name]
        better = value < self.best - self.min_delta
        if self.mode == "max":
            better = value > self.best + self.min_delta
        if better:
            self.best = value
        return better


class EarlyStopping(_Monitor):
    """Stop when a number has not improved for `patience` epochs.

    Parameters
    ----------
    monitor : str, optional
        By default "val_loss", or "loss" without validation.
    patience : int
    min_delta : float
        What counts as an improvement.
    mode : {"min", "max"}
        "max" for an accuracy.
    restore_best : bool
        Whether the model ends with the parameters of its best epoch.

    Attributes
    ----------
    best : float
    best_epoch : int

    Examples
    --------
    >>> EarlyStopping("val_accuracy", patience=5, mode="max").patience
    5
    """

    def __init__(
        self,
        monitor: str | None = None,
        patience: int = 10,
        min_delta: float = 0.0,
        mode: str = "min",
        restore_best: bool = True,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        if patience < 1:
            raise ValueError(f"patience={patience} must be at least 1 epoch")
        self.patience = patience
        self.restore_best = restore_best
        self.best_epoch = 0
        self._best_state: dict[str, Array] | None = None

    def on_epoch_end(self, state: TrainingState) -> None:
        """Note the epoch if it is the best; stop if the best is too long ago."""
        if self.improved(state.numbers):
            self.best_epoch = state.epoch
            if self.restore_best:
                self._best_state = state.model.state_dict()
        elif state.epoch - self.best_epoch >= self.patience:
            state.stop = True

    def on_train_end(self, state: TrainingState) -> None:
        """Put the parameters of the best epoch back."""
        if self.restore_best and self._best_state is not None:
            state.model.load_state_dict(self._best_state)


class Checkpoint(_Monitor):
    """Save the model's parameters after each epoch, or after each that is the best so far.

    Parameters
    ----------
    path : path
        A safetensors file; ``{epoch}`` in it is filled in.
    monitor, mode
        As for `EarlyStopping`.
    best_only : bool
    """

    def __init__(
        self,
        path: str | PathLike[str],
        monitor: str | None = None,
        mode: str = "min",
        best_only: bool = True,
    ) -> None:
        super().__init__(monitor, mode)
        self.path = str(path)
        self.best_only = best_only

    def on_epoch_end(self, state: TrainingState) -> None:
        """Save, if it is time."""
        if not self.best_only or self.improved(state.numbers):
            state.model.save(self.path.replace("{epoch}", str(state.epoch)))


class PrintEvery(Callback):
    """Print a line every `every` epochs, and for the first and the last.

    Parameters
    ----------
    every : int
    line : str or function
        A format string over ``epoch``, ``epochs`` and the epoch's numbers, or a function of the
        `TrainingState`. By default all numbers.

    Examples
    --------
    >>> callback = PrintEvery(50, "{epoch:5d}  cost {loss:.5f}  accuracy {accuracy:.5f}")
    """

    def __init__(
        self, every: int, line: str | Callable[[TrainingState], str] | None = None
    ) -> None:
        if every < 1:
            raise ValueError(f"every={every} must be at least 1 epoch")
        self.every = every
        self.line = line

    def on_epoch_end(self, state: TrainingState) -> None:
        """Print, if it is time."""
        if state.epoch % self.every and state.epoch != 1 and not self._last(state):
            return
        if callable(self.line):
            print(self.line(state))
        elif self.line is not None:
            print(self.line.format(epoch=state.epoch, epochs=state.epochs, **state.numbers))
        else:
            numbers = "  ".join(f"{name} {value:.6g}" for name, value in state.numbers.items())
            print(f"epoch {state.epoch}  {numbers}")

    @staticmethod
    def _last(state: TrainingState) -> bool:
        return state.stop or state.epoch == state.epochs

"""fit: the training loop as one call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

from nn.batches import Batches, batch_order
from nn.callbacks import Callback, TrainingState
from nn.compiling import CompiledStep, compile_step
from nn.evaluation import Metric, paired
from nn.history import History
from nn.module import Module
from nn.optim import Optimizer, Schedule
from nn.progress import Progress
from nn.trainer import Trainer

__all__ = ["fit"]

Array: TypeAlias = np.ndarray[Any, Any]


def fit(
    model: Module,
    loss: Callable[[Any, Any], Any],
    optimizer: Optimizer,
    x: Any,
    y: Any,
    epochs: int = 1,
    batch_size: int | None = 32,
    *,
    shuffle: bool = True,
    rng: Any = None,
    batches: Batches | None = None,
    validation_data: tuple[Any, Any] | None = None,
    validation_split: float = 0.0,
    metrics: Sequence[Metric] = (),
    callbacks: Iterable[Callback] = (),
    schedule: Schedule | None = None,
    schedule_per: str = "epoch",
    clip_norm: float | None = None,
    progress: bool | None = None,
    history: History | None = None,
    compile: bool | str = False,
) -> History:
    """Train `model` on `x` and `y`; return the numbers of each epoch.

    Parameters
    ----------
    model : Module
    loss : callable
        ``loss(model(x), y)``, one number. The history keeps its mean over the rows; where its
        `reduction` is "sum", the sum over the batches.
    optimizer : Optimizer
    x, y : array of shape (rows, ...)
    epochs : int
        How many to train, beyond those of a `history` that is continued.
    batch_size : int or None
        The last batch may be smaller. None is all rows at once.
    shuffle : bool
        Whether each epoch takes the rows in a new order.
    rng : numpy.random.Generator, RandomState, seed or None
        What draws that order. Keep the `Generator` to save its state for a resumed run.
    batches : sequence, or function of the epoch (from 0), optional
        The batches themselves, as slices or arrays of row numbers, in place of the last three.
    validation_data : (x, y), optional
        Evaluated after each epoch; its numbers are named ``val_...``.
    validation_split : float in [0, 1)
        Or: that fraction of the rows, the last ones, kept out of training.
    metrics : sequence of functions
        Of predictions and targets, over all rows of the epoch, each predicted before its update.
    callbacks : iterable of Callback
    schedule : Schedule, optional
        Stepped after each epoch, or after each batch with ``schedule_per="batch"``.
    clip_norm : float, optional
        The largest norm of all gradients together.
    progress : bool, optional
        None shows bars only in a terminal.
    history : History, optional
        One to continue.
    compile : bool or {"numpy", "numba"}
        Take each step as one compiled function: see `compile_step`. True is "numpy", whose numbers
        are those of the uncompiled run, bit for bit.

    Returns
    -------
    History
        After Ctrl-C too: then ``history.interrupted`` is True, the history is complete to the last
        finished epoch, and no parameter is half-updated.

    Raises
    ------
    ValueError
        If x and y differ in length or are empty, or a setting makes no sense.
    FloatingPointError
        If the loss is NaN or infinite. The parameters are as they were before that batch.

    Examples
    --------
    >>> import numpy as np
    >>> import nn
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(64, 2))
    >>> model = nn.Linear(2, 1, rng=rng)
    >>> history = fit(
    ...     model, nn.MSELoss(), nn.SGD(model, lr=0.1), x, x @ [[1.0], [2.0]], epochs=50, rng=rng
    ... )
    >>> history.last["loss"] < 1e-6
    True
    """
    x, y = paired(x, y)
    if validation_split:
        x, y, validation_data = _split(x, y, validation_split, validation_data)
    if validation_data is not None:
        validation_data = paired(*validation_data, names=("validation x", "validation y"))
    _check_settings(epochs, schedule_per, clip_norm)
    callbacks = list(callbacks)
    generator = rng if hasattr(rng, "permutation") else np.random.default_rng(rng)
    order, count = batch_order(x.shape[0], batch_size, shuffle, generator, batches)
    history = History() if history is None else history
    history.interrupted, history.stopped_by = False, None
    last = len(history) + epochs
    state = TrainingState(model, optimizer, history, last, batches=count or 0)
    Trainer(
        state=state,
        loss=loss,
        x=x,
        y=y,
        order=order,
        validation_data=validation_data,
        batch_size=batch_size,
        metrics=metrics,
        callbacks=callbacks,
        schedule=schedule,
        schedule_per=schedule_per,
        clip_norm=clip_norm,
        progress=Progress(progress, last, len(history), count),
        compiled=_compiled(compile, model, loss, optimizer, clip_norm, bool(metrics or callbacks)),
    ).run()
    return history


def _compiled(
    backend: bool | str,
    model: Module,
    loss: Callable[[Any, Any], Any],
    optimizer: Optimizer,
    clip_norm: float | None,
    predictions: bool,
) -> CompiledStep | None:
    if not backend:
        return None
    backend = "numpy" if backend is True else backend
    return compile_step(
        model, loss, optimizer, backend=backend, clip_norm=clip_norm, predictions=predictions
    )


def _split(
    x: Array, y: Array, fraction: float, validation_data: Any
) -> tuple[Array, Array, tuple[Array, Array]]:
    if validation_data is not None:
        raise ValueError("give validation_data or validation_split, not both")
    if not 0.0 < fraction < 1.0:
        raise ValueError(f"validation_split={fraction} must lie in [0, 1): validation_split=0.1")
    kept = x.shape[0] - round(x.shape[0] * fraction)
    if not 0 < kept < x.shape[0]:
        raise ValueError(
            f"validation_split={fraction} of {x.shape[0]} rows leaves no rows on one side; give "
            "validation_data"
        )
    return x[:kept], y[:kept], (x[kept:], y[kept:])


def _check_settings(epochs: int, schedule_per: str, clip_norm: float | None) -> None:
    if isinstance(epochs, bool) or not isinstance(epochs, (int, np.integer)) or epochs < 0:
        raise ValueError(f"epochs={epochs!r} must be a whole number, 0 or more")
    if schedule_per not in ("epoch", "batch"):
        raise ValueError(f'schedule_per={schedule_per!r}: write "epoch" or "batch"')
    if clip_norm is not None and not clip_norm > 0:
        raise ValueError(f"clip_norm={clip_norm!r} must be positive: clip_norm=1.0")

"""A model's outputs and its loss on data, without training it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np

import autograd_np as ag
from nn.batches import contiguous
from nn.metrics import metric_name
from nn.module import Module

__all__ = ["evaluate", "predict"]

Array: TypeAlias = np.ndarray[Any, Any]
Metric: TypeAlias = Callable[[Any, Any], Any]


def predict(model: Module, x: Any, batch_size: int | None = None) -> Array:
    """Return the model's output for all rows of `x`, in evaluation mode and unrecorded.

    Parameters
    ----------
    model : Module
    x : array of shape (rows, ...)
    batch_size : int, optional
        How many rows at a time; all at once by default.

    Examples
    --------
    >>> import numpy as np
    >>> import nn
    >>> predict(nn.Linear(4, 3), np.zeros((10, 4)), batch_size=4).shape
    (10, 3)
    """
    x = as_rows("x", x)
    with evaluating(model), ag.no_grad():
        if batch_size is None or batch_size >= x.shape[0]:
            return array_of(model(x))
        parts = [array_of(model(x[rows])) for rows in contiguous(x.shape[0], batch_size)]
    return np.concatenate(parts)


def evaluate(
    model: Module,
    loss: Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    *,
    batch_size: int | None = None,
    metrics: Sequence[Metric] = (),
) -> dict[str, float]:
    """Return the loss and the metrics over all rows, in evaluation mode.

    Examples
    --------
    >>> import numpy as np
    >>> import nn
    >>> model = nn.Linear(2, 1, weight_init=nn.init.zeros, bias_init=nn.init.zeros)
    >>> evaluate(model, nn.MSELoss(), np.ones((4, 2)), np.ones((4, 1)))
    {'loss': 1.0}
    """
    x, y = paired(x, y)
    predictions = predict(model, x, batch_size)
    numbers = {"loss": scalar(loss(predictions, y))}
    for metric in metrics:
        numbers[metric_name(metric)] = float(metric(predictions, y))
    return numbers


@contextmanager
def evaluating(model: Module) -> Iterator[None]:
    """Run a block in evaluation mode; each module's own mode comes back."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        yield
    finally:
        for module, mode in modes:
            module.training = mode


def array_of(value: Any) -> Array:
    """Return the plain array of a Tensor; an array as it is."""
    return value.data if isinstance(value, ag.Tensor) else np.asarray(value)


def scalar(value: Any) -> float:
    """Return a loss as a float.

    Raises
    ------
    ValueError
        If it has more than one element.
    """
    if getattr(value, "size", 1) != 1:
        raise ValueError(
            f"the loss has shape {value.shape}, expected one number: write reduction='mean'"
        )
    return float(value.item() if hasattr(value, "item") else value)


def as_rows(name: str, values: Any) -> Array:
    """Return `values` as an array of at least one row.

    Raises
    ------
    ValueError
        If it has no rows.
    """
    array = values.numpy() if isinstance(values, ag.Tensor) else np.asarray(values)
    if array.ndim == 0 or not array.shape[0]:
        raise ValueError(f"{name} has shape {array.shape}: there are no rows; expected (rows, ...)")
    return array


def paired(x: Any, y: Any, names: tuple[str, str] = ("x", "y")) -> tuple[Array, Array]:
    """Return `x` and `y` as arrays of equally many rows.

    Raises
    ------
    ValueError
        If they are empty or of different length.
    """
    x, y = as_rows(names[0], x), as_rows(names[1], y)
    if x.shape[0] != y.shape[0]:
        raise ValueError(
            f"{names[0]} has {x.shape[0]} rows and {names[1]} has {y.shape[0]}; they must be "
            "equally long. Samples are rows: write x.T, y.T if they are columns"
        )
    return x, y

"""Metrics: functions of predictions and targets that return a number.

`fit` and `evaluate` call them with plain arrays, over all rows of an epoch at once.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

import autograd_np as ag

__all__ = [
    "accuracy",
    "binary_accuracy",
    "confusion_matrix",
    "mean_absolute_error",
    "r2",
    "root_mean_squared_error",
    "top_k_accuracy",
]

Array: TypeAlias = np.ndarray[Any, Any]


def accuracy(predictions: Any, labels: Any) -> float:
    """Return the fraction of rows whose largest prediction is the label's.

    Parameters
    ----------
    predictions : array of shape (rows, classes)
        Logits, probabilities or scores.
    labels : array of shape (rows,) of int, or (rows, classes)
        One-hot labels and probabilities count by their largest.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there are no rows.

    Examples
    --------
    >>> accuracy([[0.1, 0.9], [0.8, 0.2]], [1, 1])
    0.5
    """
    predictions, labels = _array(predictions), _array(labels)
    classes = _classes(predictions, labels)
    return float(np.mean(predictions.argmax(axis=1) == classes))


def top_k_accuracy(predictions: Any, labels: Any, k: int = 5) -> float:
    """Return the fraction of rows whose label is among the `k` largest predictions.

    Examples
    --------
    >>> top_k_accuracy([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]], [1, 2], k=2)
    0.5
    """
    predictions, labels = _array(predictions), _array(labels)
    classes = _classes(predictions, labels)
    if not 1 <= k <= predictions.shape[1]:
        raise ValueError(f"k={k} must lie between 1 and the {predictions.shape[1]} classes")
    best = np.argsort(-predictions, axis=1, kind="stable")[:, :k]
    return float(np.mean(np.any(best == classes[:, None], axis=1)))


def binary_accuracy(predictions: Any, targets: Any, threshold: float = 0.5) -> float:
    """Return the fraction of elements on the right side of `threshold` (0 for logits).

    Examples
    --------
    >>> binary_accuracy([[0.2], [0.9]], [[0], [0]])
    0.5
    """
    predictions, targets = _same_shape(predictions, targets)
    return float(np.mean((predictions > threshold) == (targets > 0.5)))


def mean_absolute_error(predictions: Any, targets: Any) -> float:
    """Return the mean of |prediction - target|.

    Examples
    --------
    >>> mean_absolute_error([1.0, 2.0], [1.0, 4.0])
    1.0
    """
    predictions, targets = _same_shape(predictions, targets)
    return float(np.mean(np.abs(predictions - targets)))


def root_mean_squared_error(predictions: Any, targets: Any) -> float:
    """Return the root of the mean squared error.

    Examples
    --------
    >>> root_mean_squared_error([1.0, 2.0], [2.0, 3.0])
    1.0
    """
    predictions, targets = _same_shape(predictions, targets)
    return float(np.sqrt(np.mean(np.square(predictions - targets))))


def r2(predictions: Any, targets: Any) -> float:
    """Return the coefficient of determination, averaged over the outputs (the columns).

    1 - Σ(prediction - target)² / Σ(target - mean)², as scikit-learn's `r2_score`: an output that is
    constant counts 1 when met exactly, else 0.

    Examples
    --------
    >>> r2([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    1.0
    """
    predictions, targets = _same_shape(predictions, targets)
    rows = predictions.shape[0]
    residual = np.square(predictions - targets).reshape(rows, -1).sum(axis=0)
    total = np.square(targets - targets.mean(axis=0)).reshape(rows, -1).sum(axis=0)
    constant = total == 0
    ratio = residual / np.where(constant, 1, total)
    return float(np.mean(np.where(constant, residual == 0, 1 - ratio)))


def confusion_matrix(predictions: Any, labels: Any, classes: int | None = None) -> Array:
    """Return how often each label (row) was predicted as each class (column).

    Examples
    --------
    >>> confusion_matrix([[0.1, 0.9], [0.8, 0.2]], [1, 1])
    array([[0, 0],
           [1, 1]])
    """
    predictions, labels = _array(predictions), _array(labels)
    true = _classes(predictions, labels)
    size = predictions.shape[1] if classes is None else classes
    counts = np.zeros((size, size), dtype=np.intp)
    np.add.at(counts, (true, predictions.argmax(axis=1)), 1)
    return counts


def metric_name(metric: Any) -> str:
    """Return the name under which a metric's numbers are kept."""
    inner = getattr(metric, "func", metric)
    return str(getattr(inner, "__name__", type(inner).__name__))


def _array(value: Any) -> Array:
    return value.numpy() if isinstance(value, ag.Tensor) else np.asarray(value)


def _same_shape(predictions: Any, targets: Any) -> tuple[Array, Array]:
    predictions, targets = _array(predictions), _array(targets)
    if predictions.shape != targets.shape:
        raise ValueError(
            f"targets of shape {targets.shape} do not match predictions of shape "
            f"{predictions.shape}: write targets.reshape(predictions.shape)"
        )
    if not predictions.size:
        raise ValueError("there are no rows to measure")
    return predictions, targets


def _classes(predictions: Array, labels: Array) -> Array:
    if predictions.ndim != 2 or predictions.shape[1] < 2:
        raise ValueError(
            f"predictions of shape {predictions.shape} are not (rows, classes) of two classes or "
            "more; for one output per row write binary_accuracy"
        )
    if labels.shape == predictions.shape and labels.size:
        classes: Array = labels.argmax(axis=1)
        return classes
    if labels.shape != predictions.shape[:1]:
        raise ValueError(
            f"labels of shape {labels.shape} do not fit predictions of shape {predictions.shape}; "
            f"expected {predictions.shape[:1]} or {predictions.shape}: write labels.ravel()"
        )
    if not labels.size:
        raise ValueError("there are no rows to measure")
    if labels.dtype.kind not in "iub":
        raise ValueError(f"labels are {labels.dtype}, expected integers: write labels.astype(int)")
    return labels

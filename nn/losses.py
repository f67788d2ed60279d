"""Losses as modules: ``loss(predictions, targets)``, smaller is better.

`reduction` is "mean" (over all elements, or over the samples for the classification losses), "sum",
or "none". Predictions and targets of different shapes are refused: NumPy would broadcast ``(N, 1)``
against ``(N,)`` to ``(N, N)`` and train on nonsense.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_np as ag
from nn.module import Module

__all__ = ["BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss", "MSELoss", "SumSquaredError"]


class Loss(Module):
    """Base of the losses: holds `reduction` and checks it once."""

    def __init__(self, reduction: str = "mean") -> None:
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(
                f'reduction={reduction!r} is not known; write reduction="mean", "sum" or "none"'
            )
        self.reduction = reduction

    def extra_repr(self) -> str:
        """Return the settings that `repr` shows."""
        return f"reduction={self.reduction!r}"


class MSELoss(Loss):
    """Squared error, averaged over all elements.

    Examples
    --------
    >>> import numpy as np
    >>> float(MSELoss()(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    2.0
    """

    def forward(self, predictions: Any, targets: Any) -> Any:
        """Return the loss of predictions and targets of one shape."""
        squares = _difference(predictions, targets) ** 2
        if self.reduction == "mean":
            return squares.mean()
        return squares.sum() if self.reduction == "sum" else squares


class SumSquaredError(Loss):
    """Squared error summed over each sample's elements, then reduced over the samples (axis 0).

    ``reduction="sum"`` (the default) is the sum of squared residuals, ``"mean"`` its average per
    sample, ``"none"`` one value per sample. (`MSELoss` averages over a sample's elements too.)

    Examples
    --------
    >>> import numpy as np
    >>> predictions, targets = np.array([[1.0, 2.0], [3.0, 3.0]]), np.zeros((2, 2))
    >>> float(SumSquaredError()(predictions, targets))
    23.0
    >>> float(SumSquaredError("mean")(predictions, targets))
    11.5
    """

    def __init__(self, reduction: str = "sum") -> None:
        super().__init__(reduction)

    def forward(self, predictions: Any, targets: Any) -> Any:
        """Return the loss of predictions and targets of one shape."""
        difference = _difference(predictions, targets)
        squares = difference**2
        if self.reduction == "sum":
            return squares.sum()
        samples = difference.shape[0] if difference.ndim else 1
        if self.reduction == "mean":
            return squares.sum() / samples
        return squares.sum(axis=tuple(range(1, difference.ndim)))


class CrossEntropyLoss(Loss):
    """Cross-entropy of softmax(logits) with integer labels or with probabilities.

    Computed from the logits by log-sum-exp, so it neither overflows nor loses its gradient. Do not
    put a `Softmax` before it.

    Parameters
    ----------
    reduction : {"mean", "sum", "none"}
        Over the samples.
    axis : int
        The axis of the classes.

    Examples
    --------
    >>> import numpy as np
    >>> logits = np.array([[0.0, 0.0], [1000.0, 0.0]])
    >>> round(float(CrossEntropyLoss()(logits, np.array([0, 0]))), 4)
    0.3466
    """

    def __init__(self, reduction: str = "mean", axis: int = -1) -> None:
        super().__init__(reduction)
        self.axis = axis

    def forward(self, logits: Any, labels: Any) -> Any:
        """Return the loss of logits (rows, classes) and labels (rows,) or probabilities."""
        return ag.cross_entropy(logits, labels, axis=self.axis, reduction=self.reduction)


class BCELoss(Loss):
    """Binary cross-entropy of probabilities, those of a sigmoid's output.

    `BCEWithLogitsLoss` takes what stands before the sigmoid, and is exact where the sigmoid is 0
    or 1.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(BCELoss()(np.array([0.5]), np.array([1.0]))), 4)
    0.6931
    """

    def forward(self, probabilities: Any, targets: Any) -> Any:
        """Return the loss of probabilities and targets of one shape."""
        return ag.binary_cross_entropy(probabilities, targets, reduction=self.reduction)


class BCEWithLogitsLoss(Loss):
    """Binary cross-entropy of sigmoid(logits), computed from the logits.

    Examples
    --------
    >>> import numpy as np
    >>> float(BCEWithLogitsLoss()(np.array([-100.0]), np.array([1.0])))
    100.0
    """

    def forward(self, logits: Any, targets: Any) -> Any:
        """Return the loss of logits and targets of one shape."""
        return ag.binary_cross_entropy_with_logits(logits, targets, reduction=self.reduction)


def _difference(predictions: Any, targets: Any) -> Any:
    given, expected = _shape(targets), _shape(predictions)
    if given == expected:
        return predictions - targets
    advice = "give targets of the predictions' shape"
    if np.prod(given, dtype=int) == np.prod(expected, dtype=int):
        advice = f"write targets.reshape({expected})"
    raise ValueError(
        f"targets of shape {given} do not match predictions of shape {expected} "
        f"(they are not broadcast against each other): {advice}"
    )


def _shape(value: Any) -> tuple[int, ...]:
    shape: tuple[int, ...] | None = getattr(value, "shape", None)
    return np.shape(value) if shape is None else shape

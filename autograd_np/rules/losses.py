"""Losses as operations of their own, computed from logits wherever that is more exact."""

from functools import lru_cache
from typing import Any

import numpy as np

from autograd_np.rules.activations import few_columns, log_softmax, sigmoid
from autograd_np.rules.registry import dispatched, rule

_log_softmax: Any = log_softmax.implementation  # type: ignore[attr-defined]


def reduced(losses: Any, reduction: str) -> Any:
    """The mean, the sum, or all of the losses of the samples."""
    if reduction == "none":
        return losses
    # On arrays the ufunc's method spares a Python function of NumPy's.
    array = losses.__class__ is np.ndarray
    total = np.add.reduce(losses, None) if array else np.sum(losses)
    if reduction == "mean":
        return total / losses.size
    if reduction == "sum":
        return total
    raise ValueError(f"reduction is {reduction!r}, expected 'mean', 'sum' or 'none'.")


def _per_sample(g: Any, size: int, reduction: str) -> Any:
    """The gradient of each sample's loss."""
    return g / size if reduction == "mean" else g


@dispatched
def cross_entropy(logits: Any, labels: Any, axis: int, reduction: str) -> tuple[Any, Any]:
    """The cross-entropy with integer labels, and the slopes of each sample's loss.

    The slopes, softmax less one at the label, are the by-product that the gradient needs.
    """
    if few_columns(logits, axis):
        return _few_classes(logits, labels, reduction)
    log_probabilities = _log_softmax(logits, axis)
    hot = _one_hot(labels, logits, axis)
    picked = np.sum(np.where(hot, log_probabilities, 0), axis=axis)
    return reduced(-picked, reduction), np.exp(log_probabilities) - hot


def _few_classes(logits: Any, labels: Any, reduction: str) -> tuple[Any, Any]:
    """`cross_entropy` of rows with few classes: half the time with the classes first."""
    z = logits.T.copy()
    z -= np.maximum.reduce(z)
    n = len(labels)
    if labels.dtype is not _PLACE:
        labels = labels.astype(_PLACE)
    places = labels * n
    places += _rows(n)
    picked = z.ravel()[places]
    # By position, which NumPy reads faster than a keyword.
    np.exp(z, z)
    total = np.add.reduce(z)
    losses = np.log(total)
    losses -= picked
    z /= total
    classes = len(z)
    # By one name, so that whoever records this sees that nothing else reads the memory.
    z = z.ravel()
    z[places] -= 1
    return reduced(losses, reduction), z.reshape(classes, n).T


_PLACE = np.dtype(np.intp)


@lru_cache(maxsize=16)
def _rows(count: int) -> Any:
    numbers = np.arange(count)
    numbers.flags.writeable = False
    return numbers


def _one_hot(labels: Any, like: Any, axis: int) -> Any:
    shape = [1] * like.ndim
    shape[axis] = -1
    classes = np.reshape(np.arange(like.shape[axis], like=like), shape)
    return np.expand_dims(labels, axis) == classes


def _of_logits(g: Any, slopes: Any, axis: int, reduction: str) -> Any:
    """``g * (softmax(logits) - one_hot(labels))``, over the samples of a mean."""
    if reduction == "none":
        return slopes * np.expand_dims(g, axis)
    return slopes * _per_sample(g, slopes.size // max(slopes.shape[axis], 1), reduction)


def _of_slopes(g: Any, slopes: Any, axis: int) -> Any:
    """``p * (g - np.sum(g * p, axis))``, with the probabilities p."""
    # A slope is a probability, less one at the label, and only there below zero.
    probabilities = np.where(slopes < 0, slopes + 1, slopes)
    return probabilities * (g - np.sum(g * probabilities, axis=axis, keepdims=True))


rule(
    cross_entropy,
    outputs=["loss", "slopes"],
    visible=1,
    logits={"loss": _of_logits, "slopes": _of_slopes},
)


@dispatched
def binary_cross_entropy_with_logits(logits: Any, targets: Any, reduction: str = "mean") -> Any:
    """See `autograd_np.binary_cross_entropy_with_logits`."""
    # max(z, 0) - z y + log(1 + exp(-|z|)) cannot overflow and loses no digits.
    losses = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))
    return reduced(losses, reduction)


rule(
    binary_cross_entropy_with_logits,
    logits=lambda g, logits, targets, reduction: (
        (sigmoid(logits) - targets) * _per_sample(g, logits.size, reduction)
    ),
    targets=lambda g, logits, reduction: -logits * _per_sample(g, logits.size, reduction),
)


@dispatched
def binary_cross_entropy(probabilities: Any, targets: Any, reduction: str = "mean") -> Any:
    """See `autograd_np.binary_cross_entropy`."""
    return reduced(_bernoulli_losses(probabilities, targets), reduction)


def _log(x: Any) -> Any:
    """Logarithm that stays finite at 0: the logarithm of the smallest normal number."""
    return np.log(np.maximum(x, np.finfo(x.dtype).tiny))


def _bernoulli_losses(p: Any, y: Any) -> Any:
    return -(y * _log(p) + (1 - y) * _log(1 - p))


def _of_probabilities(g: Any, probabilities: Any, targets: Any, reduction: str) -> Any:
    """``g * ((1 - y) / (1 - p) - y / p)``, over the samples of a mean."""
    p, y = probabilities, targets
    tiny = np.finfo(p.dtype).tiny
    slope = (1 - y) / np.maximum(1 - p, tiny) - y / np.maximum(p, tiny)
    return slope * _per_sample(g, p.size, reduction)


rule(
    binary_cross_entropy,
    probabilities=_of_probabilities,
    targets=lambda g, probabilities, reduction: (
        (_log(1 - probabilities) - _log(probabilities))
        * _per_sample(g, probabilities.size, reduction)
    ),
)

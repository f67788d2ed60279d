"""Losses as operations of their own, computed from logits wherever that is more exact."""

from functools import lru_cache
from typing import Any, Literal

import numpy as np

from autograd_np.rules.activations import log_softmax, sigmoid
from autograd_np.rules.registry import dispatched, rule

_log_softmax: Any = log_softmax.implementation  # type: ignore[attr-defined]
Reduction = Literal["mean", "sum", "none"]


def reduced(losses: Any, reduction: str) -> Any:
    """The mean, the sum, or all of the losses of the samples."""
    if reduction == "mean":
        return losses.sum() / losses.size
    if reduction == "sum":
        return losses.sum()
    if reduction == "none":
        return losses
    raise ValueError(f"reduction is {reduction!r}, expected 'mean', 'sum' or 'none'.")


def _per_sample(g: Any, size: int, reduction: str) -> Any:
    """The gradient of each sample's loss."""
    return g / size if reduction == "mean" else g


@dispatched
def cross_entropy(logits: Any, labels: Any, axis: int, reduction: str) -> tuple[Any, Any]:
    """The cross-entropy of softmax(logits), and log softmax itself, which its gradient reads."""
    log_probabilities = _log_softmax(logits, axis)
    if labels.dtype.kind in "iub":
        losses = -_at_labels(log_probabilities, labels, axis)
    else:
        losses = -(labels * log_probabilities).sum(axis=axis)
    return reduced(losses, reduction), log_probabilities


def _at_labels(values: Any, labels: Any, axis: int) -> Any:
    """The value of each sample at its label."""
    if values.ndim == 2 and axis in (1, -1):
        return values[rows(len(labels)), labels]
    return np.squeeze(np.take_along_axis(values, np.expand_dims(labels, axis), axis), axis)


@lru_cache(maxsize=16)
def rows(count: int) -> Any:
    """The numbers of the rows of a batch."""
    numbers = np.arange(count)
    numbers.flags.writeable = False
    return numbers


@dispatched
def less_one_hot(p: Any, labels: Any, axis: int) -> Any:
    """`p` less 1 at the label of each sample."""
    if type(p) is np.ndarray and p.ndim == 2 and axis in (1, -1):
        out = p.copy(order="K")
        out[rows(len(p)), labels] -= 1
        return out
    return p - _one_hot(labels, p, axis)


rule(less_one_hot, p=lambda g: g)


def _one_hot(labels: Any, like: Any, axis: int) -> Any:
    shape = [1] * like.ndim
    shape[axis] = -1
    classes = np.arange(like.shape[axis]).reshape(shape)
    return np.expand_dims(labels, axis) == classes


def _of_logits(g: Any, log_probabilities: Any, labels: Any, axis: int, reduction: str) -> Any:
    n = log_probabilities.size // max(log_probabilities.shape[axis], 1)
    g = _per_sample(g, n, reduction)
    if reduction == "none":
        g = np.expand_dims(g, axis)
    probabilities = np.exp(log_probabilities)
    if labels.dtype.kind in "iub":
        return less_one_hot(probabilities, labels, axis) * g
    return (probabilities * labels.sum(axis=axis, keepdims=True) - labels) * g


rule(
    cross_entropy,
    outputs=["loss", "log_probabilities"],
    visible=1,
    logits={
        "loss": _of_logits,
        "log_probabilities": lambda g, log_probabilities, axis: (
            g - np.exp(log_probabilities) * np.sum(g, axis=axis, keepdims=True)
        ),
    },
    labels={
        "loss": lambda g, log_probabilities, axis, reduction: (
            -log_probabilities
            * (
                np.expand_dims(g, axis)
                if reduction == "none"
                else _per_sample(
                    g, log_probabilities.size // log_probabilities.shape[axis], reduction
                )
            )
        ),
    },
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

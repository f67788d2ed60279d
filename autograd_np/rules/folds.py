"""What ufuncs make of all the elements along the first axis, without overflow on the way."""

from typing import Any

import numpy as np

from autograd_np.rules.precision import wide
from autograd_np.rules.registry import dispatched, rule


@dispatched
def length(rows: Any) -> Any:
    """The root of the sum of squares, which is `numpy.hypot` of them all."""
    x = wide(rows)
    scale = np.max(np.absolute(x), axis=0)
    scale = np.where(np.logical_and(scale > 0, np.isfinite(scale)), scale, 1)
    return (scale * np.sqrt(np.sum(np.square(x / scale), axis=0))).astype(rows.dtype)


@dispatched
def log_of_sum(rows: Any) -> Any:
    """The logarithm of the sum of exponentials, which is `numpy.logaddexp` of them all."""
    x = wide(rows)
    top = np.max(x, axis=0)
    # An infinite maximum must not become inf - inf.
    top = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore", over="ignore"):
        return (np.log(np.sum(np.exp(x - top), axis=0)) + top).astype(rows.dtype)


def _shares(rows: Any, out: Any) -> Any:
    """Each exponential as a part of their sum; equal infinities have equal parts."""
    ties = np.logical_and(rows == out, np.isinf(out))
    parts = np.exp(np.where(ties, 0, rows) - np.where(ties, 0, out))
    return parts / np.maximum(np.sum(ties, axis=0, dtype=rows.dtype), 1)


# At the origin, which is a tip, the slope is 0, and so is the curvature.
rule(length, rows=lambda g, rows, out: g * (rows / np.where(out == 0, np.inf, out)))
rule(log_of_sum, rows=lambda g, rows, out: g * _shares(rows, out))

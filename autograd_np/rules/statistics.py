"""Weighted averages, covariances and counts with weights."""

import math
import warnings
from typing import Any

import numpy as np

from autograd_np.rules.indexing import getitem
from autograd_np.rules.reductions import axes_of, in_dtype, kept, operand, stated, widen
from autograd_np.rules.registry import composite, dispatched, rule

# out[x[i]] += weights[i]
rule(
    np.bincount,
    "x, /, weights=None, minlength=0",
    weights=lambda g, x: getitem(g, operand(x)),
)


@dispatched
def weighted_mean(a: Any, weights: Any, axis: Any, keepdims: bool) -> Any:
    """`numpy.average` with weights that have as many axes as `a`, of its lengths or of 1."""
    options: Any = {"weights": np.broadcast_to(weights, a.shape), "keepdims": keepdims}
    return np.average(a, axis, **options)


def _total(a_like: Any, weights: Any, axis: Any) -> Any:
    """The sum of the weights of each mean, those that are stretched counted as often."""
    axes = axes_of(axis, len(a_like.shape))
    times = math.prod(a_like.shape[i] // max(weights.shape[i], 1) for i in axes)
    return np.sum(weights, axis=axes, keepdims=True) * times


rule(
    weighted_mean,
    shared={"total": _total},
    a=lambda g, a_like, weights, total, axis, keepdims: (
        (widen(g, a_like, axis, keepdims) / total) * weights
    ),
    weights=lambda g, a, out, total, axis, keepdims: (
        (widen(g, a, axis, keepdims) / total) * (a - widen(out, a, axis, keepdims))
    ),
)


def _aligned(weights: Any, a: Any, axis: Any) -> Any:
    """Weights along some axes of `a`, in their order, with length 1 along the others."""
    if weights.shape == a.shape:
        return weights
    if axis is None:
        raise TypeError(
            f"weights of shape {weights.shape} for an array of shape {a.shape} need to know their "
            f"axes. Write np.average(a, axis=..., weights=weights)."
        )
    axes = np.lib.array_utils.normalize_axis_tuple(axis, len(a.shape))
    if weights.shape != tuple(a.shape[i] for i in axes):
        raise ValueError(
            f"weights along the axes {axes} of an array of shape {a.shape} have the shape "
            f"{tuple(a.shape[i] for i in axes)}, and these have {weights.shape}."
        )
    order = sorted(range(len(axes)), key=lambda i: axes[i])
    lengths = tuple(n if i in axes else 1 for i, n in enumerate(a.shape))
    return np.reshape(np.transpose(weights, order), lengths)


@composite(np.average)
def average(
    a: Any,
    axis: Any = None,
    weights: Any = None,
    returned: bool = False,
    *,
    keepdims: Any = np._NoValue,
) -> Any:
    """`numpy.average`, differentiable in the weights too."""
    a, weights = operand(a), operand(weights)
    if weights is None:
        mean = np.mean(a, axis=axis, **stated(keepdims=keepdims))
        total = np.full_like(mean, a.size // max(mean.size, 1))
    else:
        weights = _aligned(weights, a, axis)
        mean = weighted_mean(a, weights, axis, kept(keepdims))
        if returned:
            stretched = np.broadcast_to(weights, a.shape)
            total = np.sum(stretched, axis=axis, dtype=mean.dtype, keepdims=kept(keepdims))
    return (mean, total) if returned else mean


@dispatched
def observation_weights(weights: Any, name: str, observations: int) -> Any:
    """Weights of observations, as floats: one for each, and none negative."""
    shape = np.shape(weights)
    if len(shape) > 1 or shape[:1] != (observations,):
        raise RuntimeError(
            f"{name} has the shape {shape}: expected one weight for each observation, "
            f"({observations},)."
        )
    weights = in_dtype(operand(weights), np.float64)
    if isinstance(weights, np.ndarray):
        if name == "fweights" and np.any(weights != np.rint(weights)):
            raise TypeError("fweights counts observations, in integers. Write aweights=fweights.")
        if np.any(weights < 0):
            raise ValueError(f"{name} cannot be negative. Write np.abs({name}).")
    return weights[...]


@dispatched
def degrees_of_freedom(n: Any) -> Any:
    """`n`, or 0, with a warning, where it is negative."""
    if isinstance(n, (int, float, np.ndarray, np.generic)) and float(n) <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
    return n * (n > 0)


rule(observation_weights, weights=lambda g: g)
rule(degrees_of_freedom, n=lambda g: g)


def _variables(m: Any, name: str, dtype: Any) -> Any:
    """Observations of several variables as a matrix: a vector is one row."""
    if len(m.shape) > 2:
        raise ValueError(f"{name} has {len(m.shape)} dimensions: expected a vector or a matrix.")
    m = in_dtype(m, dtype)
    return m if len(m.shape) == 2 else np.reshape(m, (1, -1))


@composite(np.cov)
def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """`numpy.cov`: products of deviations from the mean, averaged, with weights if given."""
    if ddof is not None and ddof != int(ddof):
        raise ValueError(f"ddof must be an integer, and is {ddof}.")
    m, y, fweights, aweights = map(operand, (m, y, fweights, aweights))
    if dtype is None:
        dtype = np.result_type(m.dtype, np.float64, *(() if y is None else (y.dtype,)))
    x = _variables(m, "m", dtype)
    x = x if rowvar else np.transpose(x) if len(m.shape) == 2 else x
    if y is not None:
        y = _variables(y, "y", dtype)
        x = np.concatenate([x, y if rowvar or y.shape[0] == 1 else np.transpose(y)], axis=0)
    n = x.shape[1]
    ddof = int(not bias) if ddof is None else ddof
    weights: Any = None
    if fweights is not None:
        weights = observation_weights(fweights, "fweights", n)
    if aweights is not None:
        aweights = observation_weights(aweights, "aweights", n)
        weights = aweights if weights is None else weights * aweights
    mean = average(x, axis=1, weights=weights, keepdims=True)
    if weights is None:
        free = n - ddof
    else:
        total = np.sum(weights)
        lost = 1 if aweights is None else np.sum(weights * aweights) / total
        free = total - ddof * lost
    x = x - mean
    other = x if weights is None else x * weights
    if other.dtype.kind == "c":
        other = np.conjugate(other)
    return np.squeeze(np.dot(x, np.transpose(other)) / degrees_of_freedom(free))


@composite(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """`numpy.corrcoef`: covariances over the standard deviations of both variables."""
    c = cov(x, y, rowvar, dtype=dtype)
    if not c.shape:
        return c / c
    deviations = np.sqrt(np.real(np.diagonal(c)))
    c = c / deviations[:, None] / deviations
    if c.dtype.kind == "c":
        return np.clip(np.real(c), -1, 1) + 1j * np.clip(np.imag(c), -1, 1)
    return np.clip(c, -1, 1)

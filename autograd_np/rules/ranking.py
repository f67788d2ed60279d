"""Elements by their rank: those that would stand at some places, were they sorted.

Which elements they are is a constant, so a gradient is only put into their places. Where elements
tie, any one of them stands for their value; elements that are NaN sort last.
"""

import math
import warnings
from typing import Any

import numpy as np

from autograd_np.rules.reductions import in_dtype, kept
from autograd_np.rules.registry import constant, dispatched


def elements(lines: Any, places: Any) -> Any:
    """The elements at some ranks of each line, were it sorted; NaN if the line has one."""
    if lines.shape[-1] == 0:
        raise IndexError("there is no quantile of no elements: expected an axis that is not empty.")
    # Ranks that the host knows are settings, wherever the elements are.
    places = places.tolist() if isinstance(places, np.ndarray) else places
    if isinstance(places, list) and not places:
        return lines[..., :0]
    missing = np.isnan(lines)
    found = np.take(partitioned(lines, places), places, axis=-1)
    first_missing = np.argmax(missing, axis=-1, keepdims=True)
    found = np.where(np.any(missing, axis=-1, keepdims=True), first_missing, found)
    return np.take_along_axis(lines, found, axis=-1)


def elements_of_each(lines: Any, missing: Any, places: Any) -> Any:
    """The elements at ranks of its own of each line, were it sorted, what is missing last."""
    order = sorted_by(lines, missing, places)
    return np.take_along_axis(lines, np.take_along_axis(order, places, axis=-1), axis=-1)


@dispatched
def partitioned(lines: Any, places: Any) -> Any:
    """`numpy.argpartition` along the last axis, of places that may be traced."""
    return np.argpartition(lines, places, axis=-1)


@dispatched
def sorted_by(lines: Any, missing: Any, places: Any) -> Any:
    """An order in which elements at some ranks stand in their places."""
    # NaN takes NumPy off its vector instructions; infinity will do where the data holds none.
    clear = isinstance(lines, np.ndarray) and np.max(lines, initial=0) < np.inf
    lines = np.where(missing, np.inf if clear else np.nan, lines)
    if len(lines.shape) == 1:
        return np.argpartition(lines, places, axis=-1)
    return np.argsort(lines, axis=-1)


@dispatched
def counts(missing: Any) -> Any:
    """How many elements of each line are not missing, with a warning where none is."""
    n = np.sum(np.logical_not(missing), axis=-1, keepdims=True)
    if isinstance(n, np.ndarray) and not n.all():
        warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=2)
    return n


def lines_of(a: Any, axis: Any, keepdims: Any) -> tuple[Any, tuple[int, ...]]:
    """`a` with what is reduced as its last axis, and the shape of what is left."""
    ndim = len(a.shape)
    axes = np.lib.array_utils.normalize_axis_tuple(range(ndim) if axis is None else axis, ndim)
    others = tuple(i for i in range(ndim) if i not in axes)
    left = tuple(a.shape[i] for i in others)
    if len(axes) == 1:
        lines = np.moveaxis(a, axes[0], -1) if axes[0] != ndim - 1 else a
    else:
        n = math.prod(a.shape[i] for i in axes)
        lines = np.reshape(np.transpose(a, others + axes) if others else a, (*left, n))
    if kept(keepdims):
        left = tuple(1 if i in axes else length for i, length in enumerate(a.shape))
    return lines, left


@dispatched
def ranks(place: Any, n: Any, method: str) -> Any:
    """The ranks of the elements that a quantile is made of: below the place, then above it."""
    below, above = np.floor(place), np.ceil(place)
    if method == "closest_observation":
        # Of two that are equally close the one of odd rank, counted from 0.
        found = below + ((place > below) | (below % 2 == 0))
    elif method in ("inverted_cdf", "higher"):
        found = above
    elif method in ("lower", "nearest"):
        found = below if method == "lower" else np.rint(place)
    else:
        found = np.concatenate([below, above if method == "median" else below + 1], axis=-1)
    return in_dtype(np.clip(found, 0, np.maximum(n - 1, 0)), np.intp)


@dispatched
def numbers_like(x: Any, values: Any, dtype: Any) -> Any:
    """A list of numbers as an array of `dtype` on the device of `x`."""
    return np.array(values, dtype, like=x)


constant(partitioned, sorted_by, counts, ranks, numbers_like, np.argpartition)

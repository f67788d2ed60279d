"""Gradients of results that run along an axis: extremes so far, and sums of slices."""

from typing import Any

import numpy as np

from autograd_np.rules.indexing import index_add
from autograd_np.rules.joining import slab


def recurrence(values: Any, factors: Any) -> Any:
    """Each value plus its factor times the result before it, along the first axis.

    By a tree: two neighbours make one step of half as many, so that it takes as many operations as
    the length has binary digits. (Stone, J. ACM 20, 1973.)
    """
    n = values.shape[0]
    if n < 2:
        return values
    if n % 2:
        nothing = np.zeros_like(values[:1])
        values, factors = (np.concatenate([each, nothing]) for each in (values, factors))
    odd = recurrence(values[1::2] + factors[1::2] * values[::2], factors[1::2] * factors[::2])
    even = np.concatenate([values[:1], values[2::2] + factors[2::2] * odd[:-1]])
    return np.reshape(np.stack([even, odd], axis=1), values.shape)[:n]


def extreme(g: Any, array: Any, out: Any, axis: Any) -> Any:
    """The gradient of a running extreme, in which a new element shares with the old when they tie.

    It is that of the function of two arguments, applied in sequence.
    """
    array = np.astype(array, out.dtype) if array.dtype != out.dtype else array
    g, array, out = (np.swapaxes(each, 0, axis) for each in (g, array, out))
    shared = (array[1:] == out[:-1]) * g.dtype.type(0.5)
    kept = (out[1:] == out[:-1]) - shared
    # From the last result to the first, each passes on what it has of the one before.
    factors = np.concatenate([np.zeros_like(g[:1]), kept[::-1]])
    total = recurrence(g[::-1], factors)[::-1]
    taken = total[1:] * ((out[1:] == array[1:]) - shared)
    return np.swapaxes(np.concatenate([total[:1], taken]), 0, axis)


def slice_sums(g: Any, array_like: Any, indices: Any, axis: Any) -> Any:
    """The gradient of ``np.add.reduceat``."""
    axis = axis % g.ndim
    starts = np.asarray(indices)
    ends = np.append(starts[1:], array_like.shape[axis])
    lengths = np.where(ends > starts, ends - starts, 1)
    place: Any
    if lengths.size and np.all(ends > starts):
        place = slice(int(starts[0]), None)
    else:
        # A slice that would run backwards is its first element alone.
        place = np.arange(lengths.sum()) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
    spread = np.repeat(g, lengths, axis=axis)
    return index_add(spread, slab(axis, place), array_like.shape)

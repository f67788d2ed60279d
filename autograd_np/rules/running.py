"""Gradients of results that run along an axis: extremes so far, and sums of slices."""

from typing import Any

import numpy as np

from autograd_np.rules.cumulative import recurrence
from autograd_np.rules.factors import part
from autograd_np.rules.indexing import index_add
from autograd_np.rules.joining import slab
from autograd_np.rules.registry import dispatched, rule


@dispatched
def extremes(ufunc: np.ufunc, array: Any, axis: int) -> Any:
    """``ufunc.accumulate(array, axis)``, for a maximum or minimum."""
    if isinstance(array, np.ndarray):
        return ufunc.accumulate(array, axis)
    # Other libraries have the ufunc, but not its methods. (Hillis and Steele, CACM 29, 1986.)
    step = 1
    while step < array.shape[axis]:
        first, last = array[slab(axis, slice(step))], array[slab(axis, slice(step, None))]
        earlier = array[slab(axis, slice(-step))]
        array = np.concatenate([first, ufunc(last, earlier)], axis)
        step *= 2
    return array


def _extreme(g: Any, array: Any, out: Any, axis: Any) -> Any:
    """The gradient of a running extreme, in which a new element shares with the old when they tie.

    It is that of the function of two arguments, applied in sequence.
    """
    first, later, earlier = (part(axis, *ends) for ends in ((0, 1), (1, None), (0, -1)))
    shared = (array[later] == out[earlier]) * g.dtype.type(0.5)
    kept = (out[later] == out[earlier]) - shared
    # From the last result to the first, each passes on what it has of the one before.
    total = recurrence(g, kept, axis)
    taken = total[later] * ((out[later] == array[later]) - shared)
    return np.concatenate([total[first], taken], axis=axis)


rule(extremes, array=_extreme)


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
    # An array of the host's is nothing to mix with those of other libraries.
    times = lengths if isinstance(g, np.ndarray) else lengths.tolist()
    spread = np.repeat(g, times, axis=axis)
    return index_add(spread, slab(axis, place), array_like.shape)

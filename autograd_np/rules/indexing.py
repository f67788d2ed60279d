"""Reading and writing at an index. Gradients of indexing go through `index_add`.

What arrays of other libraries need here is found by `backends`.
"""

from typing import Any

import numpy as np

from autograd_np.graph import Shape
from autograd_np.rules.backends import implementation
from autograd_np.rules.registry import constant, dispatched, rule
from autograd_np.rules.scattering import add_at

_LARGE = 1 << 14


def is_basic(index: Any) -> bool:
    """Whether an index selects every element at most once: ints, slices, None, Ellipsis, masks."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None
        or part is Ellipsis
        or isinstance(part, (int, slice, np.integer))
        or getattr(part, "dtype", None) == np.bool_
        for part in parts
    )


@dispatched
def getitem(a: Any, index: Any) -> Any:
    """``a[index]``, with everything NumPy's indexing offers."""
    if type(a) is np.ndarray:
        return a.reshape(-1)[np.flatnonzero(index)] if _is_large_mask(index, a) else a[index]
    return implementation("getitem", a, _getitem)(a, index)


def _getitem(a: Any, index: Any) -> Any:
    return a[index]


@dispatched
def index_add(values: Any, index: Any, shape: Shape) -> Any:
    """Zeros of `shape`, with `values` added at `index`; repeated indices add up."""
    if not isinstance(values, (np.ndarray, np.generic)):
        return implementation("index_add", values)(values, index, shape)
    if not is_basic(index):
        return add_at(values, index, shape)
    out = np.zeros(shape, values.dtype)
    if isinstance(index, np.ndarray) and index.ndim == out.ndim:
        out.reshape(-1)[np.flatnonzero(index)] = values
    elif isinstance(index, tuple):
        out[tuple(map(_by_numbers, index))] = values
    else:
        out[_by_numbers(index)] = values
    return out


def _is_large_mask(index: Any, a: Any) -> bool:
    """Whether an index is a mask of all of `a`, so large that to find its numbers first pays off.

    NumPy branches at each element of a mask: for random ones that takes ten times as long.
    """
    return (
        type(index) is np.ndarray
        and index.dtype.kind == "b"
        and index.shape == a.shape
        and index.size >= _LARGE
    )


def _by_numbers(part: Any) -> Any:
    """A mask of one axis as numbers: assignment by them takes a fifth of the time."""
    return np.flatnonzero(part) if getattr(part, "ndim", 0) == 1 else part


@dispatched
def index_set(a: Any, index: Any, value: Any) -> Any:
    """A copy of `a` with `value` at `index`: assignment as an operation."""
    if isinstance(a, (np.ndarray, np.generic)):
        return _index_set(a, index, value)
    return implementation("index_set", a, _index_set)(a, index, value)


def _index_set(a: Any, index: Any, value: Any) -> Any:
    out = np.copy(a)
    if _is_large_mask(index, out) and out.flags.c_contiguous:
        out.reshape(-1)[np.flatnonzero(index)] = value
    else:
        out[index] = value
    return out


@dispatched
def last_written(g: Any, index: Any, shape: Shape) -> Any:
    """Which of the places that `index` selects of an array of `shape` keep what is assigned there.

    Of places that are selected repeatedly, the last one does. `g` is the gradient there.
    """
    if isinstance(g, (np.ndarray, np.generic)):
        return _last_written(g, index, shape)
    return implementation("last_written", g, _last_written)(g, index, shape)


def _last_written(g: Any, index: Any, shape: Shape) -> Any:
    marks = np.zeros_like(g, dtype=np.intp, shape=shape)
    numbers = np.reshape(np.arange(g.size, like=g), g.shape)
    marks[index] = numbers
    return marks[index] == numbers


def _assigned(g: Any, a_like: Any, index: Any, value_like: Any) -> Any:
    """``g[index]``, for those that were not overwritten."""
    g = getitem(g, index)
    if not is_basic(index):
        g = g * last_written(g, index, a_like.shape)
    # An index of many axes selects more of them than the result has.
    extra = g.ndim - max(value_like.ndim, a_like.ndim)
    return np.sum(g, axis=tuple(range(extra))) if extra > 0 else g


constant(last_written)
rule(getitem, a=lambda g, a_like, index: index_add(g, index, a_like.shape))
rule(index_add, values=lambda g, index: getitem(g, index))
rule(
    index_set,
    a=lambda g, index: index_set(g, index, 0),
    value=_assigned,
)

"""Reading and writing at an index. Gradients of indexing go through `index_add`."""

from typing import Any

import numpy as np

from autograd_np.graph import Shape
from autograd_np.rules.registry import constant, dispatched, rule


def is_basic(index: Any) -> bool:
    """Whether an index selects every element at most once: ints, slices, None, Ellipsis, masks."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None
        or part is Ellipsis
        or isinstance(part, (int, slice, np.integer, bool, np.bool_))
        or (isinstance(part, np.ndarray) and part.dtype == bool)
        for part in parts
    )


@dispatched
def getitem(a: Any, index: Any) -> Any:
    """``a[index]``, with everything NumPy's indexing offers."""
    return a[index]


@dispatched
def index_add(values: Any, index: Any, shape: Shape) -> Any:
    """Zeros of `shape`, with `values` added at `index`; repeated indices add up."""
    out = np.zeros(shape, values.dtype)
    if is_basic(index):
        out[index] = values
    else:
        np.add.at(out, index, values)
    return out


@dispatched
def index_set(a: Any, index: Any, value: Any) -> Any:
    """A copy of `a` with `value` at `index`: assignment as an operation."""
    out = np.array(a)
    out[index] = value
    return out


@dispatched
def last_written(index: Any, shape: Shape) -> Any:
    """Which of the places that `index` selects of an array of `shape` keep what is assigned there.

    Of places that are selected repeatedly, the last one does.
    """
    marks = np.zeros(shape, np.intp)
    numbers = np.arange(marks[index].size).reshape(np.shape(marks[index]))
    marks[index] = numbers
    return marks[index] == numbers


def _assigned(g: Any, a_like: Any, index: Any, value_like: Any) -> Any:
    g = getitem(g, index)
    if not is_basic(index):
        g = g * last_written(index, a_like.shape)
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

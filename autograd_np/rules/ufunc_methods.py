"""`reduce`, `accumulate`, `reduceat` and `outer` of ufuncs.

Those that have a faster way are registered under the method itself, ``np.add.reduce``; the methods
of any other ufunc that has a rule apply it along the axis, one element after the other.
"""

import functools
import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_np.rules import folds, running
from autograd_np.rules.joining import slab
from autograd_np.rules.reductions import given
from autograd_np.rules.registry import composite, dispatched, refuse_out, rule

Method = Callable[..., Any]

_LN2 = math.log(2)


def generic(ufunc: np.ufunc, method: str) -> Method:
    """A method of a ufunc that has none of its own in the registry."""
    return {
        "reduce": reduction,
        "accumulate": accumulation,
        "reduceat": slices,
        "outer": outer,
    }[method](ufunc)


def reduction(ufunc: np.ufunc) -> Method:
    """``ufunc.reduce``, with NumPy's arguments."""

    def reduce(
        array: Any,
        /,
        axis: Any = 0,
        dtype: Any = None,
        out: Any = None,
        *,
        keepdims: bool = False,
        initial: Any = np._NoValue,
        where: Any = True,
    ) -> Any:
        name = f"{ufunc.__name__}.reduce"
        refuse_out(name, out)
        array = _operand(ufunc, array, dtype)
        axes = _axes(axis, array.ndim)
        if len(axes) > 1 and ufunc not in _FOLDS:
            raise ValueError(
                f"{name} depends on the order of the elements, so it takes one axis, and was "
                f"given {len(axes)}. Write np.{name}(np.reshape(t, (-1, ...)))."
            )
        start = None if initial is np._NoValue else _as(initial, array.dtype)
        if start is None and (given(where) or not math.prod(_lengths(array, axes))):
            start = ufunc.identity if initial is np._NoValue else None
            if start is None:
                raise ValueError(
                    f"{name} over no elements, or with where=mask, has no result to begin with. "
                    f"Write np.{name}(..., initial=value)."
                )
        rows = _rows(array, axes)
        masks = _rows(np.broadcast_to(where, array.shape), axes) if given(where) else None
        if not rows.shape[0]:
            result = np.sum(rows, axis=0) + start
        elif ufunc in _FOLDS:
            fold, neutral = _FOLDS[ufunc]
            result = fold(rows if masks is None else np.where(masks, rows, neutral))
            result = result if start is None else ufunc(start, result)
        else:
            result = _in_sequence(ufunc, rows, masks, start)
        kept = tuple(1 if i in axes else n for i, n in enumerate(array.shape))
        return np.reshape(result, kept) if keepdims else result

    return reduce


def accumulation(ufunc: np.ufunc) -> Method:
    """``ufunc.accumulate``, with NumPy's arguments."""

    def accumulate(array: Any, /, axis: Any = 0, dtype: Any = None, out: Any = None) -> Any:
        refuse_out(f"{ufunc.__name__}.accumulate", out)
        array = _operand(ufunc, array, dtype)
        axis = _axis(f"{ufunc.__name__}.accumulate", axis, array.ndim)
        if not array.shape[axis]:
            return np.positive(array)
        totals = [array[slab(axis, 0)]]
        for i in range(1, array.shape[axis]):
            totals.append(ufunc(totals[-1], array[slab(axis, i)]))
        return np.stack(totals, axis=axis)

    return accumulate


def slices(ufunc: np.ufunc) -> Method:
    """``ufunc.reduceat``, with NumPy's arguments."""

    def reduceat(
        array: Any, /, indices: Any, axis: Any = 0, dtype: Any = None, out: Any = None
    ) -> Any:
        refuse_out(f"{ufunc.__name__}.reduceat", out)
        array = _operand(ufunc, array, dtype)
        axis = _axis(f"{ufunc.__name__}.reduceat", axis, array.ndim)
        return _of_slices(ufunc, ufunc.reduce, array, indices, axis)

    return reduceat


def _of_slices(ufunc: np.ufunc, reduce: Method, array: Any, indices: Any, axis: int) -> Any:
    """What a reduction makes of each slice of an axis; of one that is empty, its first element."""
    # NumPy checks the indices.
    ufunc.reduceat(np.ones(array.shape[axis]), indices)
    ends = [*np.asarray(indices).tolist(), array.shape[axis]]
    parts = [
        reduce(array[slab(axis, slice(i, j))], axis=axis) if i + 1 < j else array[slab(axis, i)]
        for i, j in pairwise(ends)
    ]
    return np.stack(parts, axis=axis) if parts else array[slab(axis, slice(0))]


def outer(ufunc: np.ufunc) -> Method:
    """``ufunc.outer``, with NumPy's arguments."""

    def every_pair(A: Any, B: Any, /, **kwargs: Any) -> Any:  # noqa: N803 - NumPy's names
        left, right = (each if hasattr(each, "ndim") else np.asarray(each) for each in (A, B))
        return ufunc(np.reshape(left, left.shape + (1,) * right.ndim), right, **kwargs)

    return every_pair


def _operand(ufunc: np.ufunc, array: Any, dtype: Any) -> Any:
    """`array` in the dtype in which NumPy would reduce it."""
    if not hasattr(array, "ndim"):
        array = np.asarray(array)
    if dtype is None:
        # TypeError for numbers that the ufunc does not take, such as complex ones.
        dtype = ufunc.resolve_dtypes((array.dtype, array.dtype, None))[-1]
    return _as(array, dtype)


def _as(value: Any, dtype: Any) -> Any:
    """`value` in a dtype; of Python's numbers, which are weak, only the kind changes."""
    if isinstance(value, (int, float, complex)):
        return np.dtype(dtype).type(value).item()
    return value if getattr(value, "dtype", dtype) == dtype else value.astype(dtype)


def _axes(axis: Any, ndim: int) -> tuple[int, ...]:
    if axis is None or (ndim == 0 and axis in (0, -1)):
        return tuple(range(ndim))
    return np.lib.array_utils.normalize_axis_tuple(axis, ndim)


def _axis(name: str, axis: Any, ndim: int) -> int:
    if ndim == 0:
        raise TypeError(f"{name} needs an axis, and was given a number. Write t.reshape(1).")
    axes = _axes(axis, ndim)
    if len(axes) != 1:
        raise ValueError(f"{name} goes along one axis, and was given {len(axes)}. Write axis=0.")
    return axes[0]


def _lengths(array: Any, axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(array.shape[axis] for axis in axes)


def _rows(array: Any, axes: tuple[int, ...]) -> Any:
    """`array` with the axes joined to one, in front."""
    if axes == (0,):
        return array
    rest = tuple(i for i in range(array.ndim) if i not in axes)
    shape = (math.prod(_lengths(array, axes)), *_lengths(array, rest))
    return np.reshape(np.transpose(array, (*axes, *rest)), shape)


def _in_sequence(ufunc: np.ufunc, rows: Iterable[Any], masks: Any, start: Any) -> Any:
    """The rows combined from the first to the last, those that a mask leaves out as they are."""
    total = start
    for i, row in enumerate(rows):
        if total is None:
            total = row
        elif masks is None:
            total = ufunc(total, row)
        else:
            # What is left out is hidden from the ufunc as a 1, or its slope might be NaN.
            total = np.where(masks[i], ufunc(total, np.where(masks[i], row, 1)), total)
    return total


def _extreme_number(extreme: Method, last: float) -> Method:
    """The maximum or minimum of the numbers among the rows; NaN where there are none."""

    def fold(rows: Any) -> Any:
        if rows.dtype.kind not in "fc":
            return extreme(rows, axis=0)
        missing = np.isnan(rows)
        found = extreme(np.where(missing, last, rows), axis=0)
        return np.where(np.all(missing, axis=0), np.nan, found)

    return fold


# How to combine rows in any order, and what changes no result.
_FOLDS: dict[np.ufunc, tuple[Method, float]] = {
    np.hypot: (folds.length, 0.0),
    np.logaddexp: (folds.log_of_sum, -np.inf),
    np.logaddexp2: (lambda rows: folds.log_of_sum(rows * _LN2) / _LN2, -np.inf),
    np.fmax: (_extreme_number(np.max, -np.inf), -np.inf),
    np.fmin: (_extreme_number(np.min, np.inf), np.inf),
}


def _named(ufunc: np.ufunc, method: str, function: Method) -> None:
    """Register a method that is a function of its own name."""

    @composite(getattr(ufunc, method))
    def named(
        array: Any, /, axis: Any = 0, dtype: Any = None, out: Any = None, **kwargs: Any
    ) -> Any:
        name = f"{ufunc.__name__}.{method}"
        refuse_out(name, out)
        if dtype is not None:
            array = array.astype(dtype)
        if method == "accumulate":
            axis = _axis(name, axis, np.ndim(array))
        return function(array, axis, **kwargs)


_named(np.add, "reduce", np.sum)
_named(np.multiply, "reduce", np.prod)
_named(np.maximum, "reduce", np.max)
_named(np.minimum, "reduce", np.min)
_named(np.add, "accumulate", np.cumsum)
_named(np.multiply, "accumulate", np.cumprod)
for _ufunc in _FOLDS:
    composite(_ufunc.reduce)(reduction(_ufunc))

for _ufunc in (np.maximum, np.minimum, np.fmax, np.fmin):
    _named(_ufunc, "accumulate", functools.partial(running.extremes, _ufunc))


@dispatched
def sums_of_slices(array: Any, indices: Any, axis: int) -> Any:
    """``np.add.reduceat(array, indices, axis)``."""
    if isinstance(array, np.ndarray):
        return np.add.reduceat(array, indices, axis)
    return _of_slices(np.add, np.sum, array, indices, axis)


rule(sums_of_slices, array=running.slice_sums)


@composite(np.add.reduceat)
def add_reduceat(
    array: Any, /, indices: Any, axis: Any = 0, dtype: Any = None, out: Any = None
) -> Any:
    """`numpy.add.reduceat` through `sums_of_slices`."""
    refuse_out("add.reduceat", out)
    array = _operand(np.add, array, dtype)
    return sums_of_slices(array, indices, _axis("add.reduceat", axis, array.ndim))

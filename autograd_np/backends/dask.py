"""Dask's arrays at an index: everything is a task, nothing is computed before it is asked for.

What Dask can do by blocks is done so; any other index is given to NumPy, on the whole array.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import dask.array
import numpy as np
from dask.delayed import delayed

from autograd_np.graph import Shape
from autograd_np.rules import indexing
from autograd_np.rules.scattering import add_at
from autograd_np.rules.solving import adjoint, triangle

# Its functions are not typed.
da: Any = dask.array


def getitem(a: Any, index: Any) -> Any:
    """``a[index]``."""
    _refuse_masks(index)
    taken = _only_numbers(index, a.ndim)
    if taken is not None:
        axis, numbers = taken
        _check_known(numbers.shape)
        rows = da.take(a, numbers.reshape(-1), axis=axis)
        return rows.reshape((*a.shape[:axis], *numbers.shape, *a.shape[axis + 1 :]))
    if _is_sliced(index):
        return a[index]
    _check_known(a.shape)
    shape = np.broadcast_to(np.False_, a.shape)[index].shape
    return _as_one_task(indexing.getitem, shape, a.dtype, a, index)


def index_add(values: Any, index: Any, shape: Shape) -> Any:
    """Zeros of `shape`, with `values` added at `index`; repeated indices add up."""
    _check_known((*values.shape, *shape))
    taken = _only_numbers(index, len(shape))
    if taken is not None:
        axis, numbers = taken
        values = da.broadcast_to(values, (*shape[:axis], *numbers.shape, *shape[axis + 1 :]))
        rows = values.reshape((*shape[:axis], numbers.size, *shape[axis + 1 :]))
        return _added_by_blocks(rows, numbers.reshape(-1), axis, shape[axis])
    if not _is_sliced(index):
        return _as_one_task(indexing.index_add, shape, values.dtype, values, index, shape)
    plain = tuple(part for part in _parts(index) if part is not None)
    empty = np.broadcast_to(np.False_, shape)
    out = da.zeros(shape, dtype=values.dtype)
    if not values.size:
        # Dask cannot assign nothing.
        return out
    out[plain] = da.broadcast_to(values, empty[index].shape).reshape(empty[plain].shape)
    return out


def index_set(a: Any, index: Any, value: Any) -> Any:
    """A copy of `a` with `value` at `index`."""
    _check_known(a.shape)
    if _is_mask(index) or (_is_sliced(index) and None not in _parts(index)):
        out = a.copy()
        if _is_mask(index) or np.broadcast_to(np.False_, a.shape)[index].size:
            out[index] = value
        return out
    return _as_one_task(indexing.index_set, a.shape, a.dtype, a, index, value)


def last_written(g: Any, index: Any, shape: Shape) -> Any:
    """Which of the places that `index` selects of an array of `shape` keep what is assigned there.

    Of places that are selected repeatedly, the last one does.
    """
    like = np.broadcast_to(np.False_, g.shape)
    return _as_one_task(indexing.last_written, g.shape, np.bool_, like, index, shape)


def cholesky(a: Any, upper: bool = False) -> Any:
    """`numpy.linalg.cholesky`: Dask's own has the other triangle by default, and reads both."""
    read = triangle(a, not upper) + adjoint(triangle(a, not upper, 0))
    return da.linalg.cholesky(read, lower=not upper)


def svd(a: Any, full_matrices: bool = True) -> Any:
    """`numpy.linalg.svd`: Dask's own is the reduced one by default, and chooses the signs."""
    if full_matrices and a.shape[-1] != a.shape[-2]:
        raise NotImplementedError(
            f"Dask has no full singular value decomposition of a matrix of shape {a.shape}. Write "
            f"np.linalg.svd(t, full_matrices=False)."
        )
    return da.linalg.svd(a, coerce_signs=False)


def weighted_quantile(*args: Any) -> Any:
    """Refused: Dask's quantiles would pay no heed to the weights."""
    raise NotImplementedError(
        "quantiles with weights are not computed by Dask, which would ignore the weights. Compute "
        "the array first: write np.quantile(t.compute(), q, weights=w)."
    )


def _parts(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _is_mask(part: Any) -> bool:
    return isinstance(part, da.Array) and part.dtype == bool


def _refuse_masks(index: Any) -> None:
    """Raise ValueError for a mask by Dask: how many elements it selects is not known."""
    if any(map(_is_mask, _parts(index))):
        raise ValueError(
            "a mask by Dask selects a number of elements that is not known before it is computed, "
            "and a gradient needs it. Write np.where(mask, x, 0), or call compute_chunk_sizes() on "
            "array[mask] and make a Tensor of that."
        )


def _is_sliced(index: Any) -> bool:
    """Whether there are only ints, slices, None and Ellipsis."""
    return not any(
        isinstance(part, (bool, list, da.Array)) or np.ndim(part) for part in _parts(index)
    )


def _only_numbers(index: Any, ndim: int) -> tuple[int, Any] | None:
    """The axis along which an index takes numbers and those, if it leaves all others whole.

    Raises
    ------
    TypeError
        If there are numbers by Dask and it does not.
    """
    found = _numbers_along_axis(_spelled_out(_parts(index), ndim), ndim)
    if found is None and any(isinstance(part, da.Array) for part in _parts(index)):
        raise TypeError(
            "an index has numbers by Dask and takes parts of other axes, too, which would have to "
            "be computed now. Write numbers.compute(), or take along one axis after the other."
        )
    return found


def _spelled_out(parts: tuple[Any, ...], ndim: int) -> tuple[Any, ...]:
    """An index of numbers and slices with whole axes for its Ellipsis."""
    places = [place for place, part in enumerate(parts) if part is Ellipsis]
    if not places:
        return parts
    whole = (slice(None),) * (ndim - len(parts) + 1)
    return (*parts[: places[0]], *whole, *parts[places[0] + 1 :])


def _numbers_along_axis(parts: tuple[Any, ...], ndim: int) -> tuple[int, Any] | None:
    taken = [axis for axis, part in enumerate(parts) if not _is_whole(part)]
    if len(taken) != 1 or len(parts) > ndim:
        return None
    part = parts[taken[0]]
    if isinstance(part, da.Array):
        return taken[0], part
    if not isinstance(part, (list, np.ndarray)):
        return None
    numbers = np.asarray(part)
    if numbers.dtype == bool:
        if numbers.ndim != 1:
            return None
        numbers = np.flatnonzero(numbers)
    return taken[0], numbers.astype(np.intp)


def _is_whole(part: Any) -> bool:
    return isinstance(part, slice) and part == slice(None)


def _added_by_blocks(values: Any, numbers: Any, axis: int, length: int) -> Any:
    """The sum of what each block along an axis adds."""
    chunks = (values.chunks[axis],)
    numbers = da.asarray(numbers).rechunk(chunks)
    axes = tuple(range(values.ndim))
    rows = values.ndim
    blocks = da.blockwise(
        _block_added,
        (axis, *axes[:axis], rows, *axes[axis + 1 :]),
        values,
        axes,
        numbers,
        (axis,),
        axis=axis,
        length=length,
        new_axes={rows: length},
        adjust_chunks={axis: 1},
        dtype=values.dtype,
        meta=np.empty((0,) * (values.ndim + 1), values.dtype),
    )
    return blocks.sum(axis=0)


def _block_added(values: Any, numbers: Any, axis: int, length: int) -> Any:
    shape = (*values.shape[:axis], length, *values.shape[axis + 1 :])
    return add_at(values, (slice(None),) * axis + (numbers,), shape)[None]


def _as_one_task(function: Callable[..., Any], shape: Shape, dtype: Any, *args: Any) -> Any:
    task = delayed(function, pure=True)(*args)
    return da.from_delayed(task, shape, meta=np.empty((0,) * len(shape), dtype))


def _check_known(lengths: Shape) -> None:
    """Raise ValueError where Dask does not know how long an axis is."""
    if any(math.isnan(length) for length in lengths):
        raise ValueError(
            f"the gradient of an index needs the shapes of both arrays, and Dask does not know "
            f"the sizes of some chunks: {lengths}. Call compute_chunk_sizes() on the array before "
            f"it is used, or write np.where(mask, x, 0) in place of x[mask]."
        )

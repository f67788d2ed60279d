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

# Its functions are not typed.
da: Any = dask.array


def getitem(a: Any, index: Any) -> Any:
    """``a[index]``."""
    if _is_blockwise(index) or any(isinstance(part, da.Array) for part in _parts(index)):
        return a[index]
    _check_known(a.shape)
    shape = np.broadcast_to(np.False_, a.shape)[index].shape
    return _as_one_task(indexing.getitem, shape, a.dtype, a, index)


def index_add(values: Any, index: Any, shape: Shape) -> Any:
    """Zeros of `shape`, with `values` added at `index`; repeated indices add up."""
    _check_known((*values.shape, *shape))
    vector = _only_vector(index, len(shape))
    if vector is not None and values.ndim == len(shape):
        return _added_by_blocks(values, vector[1], vector[0], shape)
    if not _is_sliced(index):
        return _as_one_task(indexing.index_add, shape, values.dtype, values, index, shape)
    plain = tuple(part for part in _parts(index) if part is not None)
    empty = np.broadcast_to(np.False_, shape)
    out = da.zeros(shape, dtype=values.dtype)
    if empty[plain].size:
        out[plain] = da.broadcast_to(values, empty[index].shape).reshape(empty[plain].shape)
    return out


def index_set(a: Any, index: Any, value: Any) -> Any:
    """A copy of `a` with `value` at `index`."""
    if isinstance(index, da.Array) or (_is_sliced(index) and None not in _parts(index)):
        out = a.copy()
        out[index] = value
        return out
    _check_known(a.shape)
    return _as_one_task(indexing.index_set, a.shape, a.dtype, a, index, value)


def _parts(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _is_sliced(index: Any) -> bool:
    """Whether there are only ints, slices, None and Ellipsis."""
    return not any(isinstance(part, (bool, list)) or np.ndim(part) for part in _parts(index))


def _is_blockwise(index: Any) -> bool:
    """Whether Dask finds the elements block by block: at most one array, of one axis."""
    arrays = [part for part in _parts(index) if isinstance(part, (list, np.ndarray))]
    return not arrays or (len(arrays) == 1 and np.ndim(arrays[0]) == 1)


def _only_vector(index: Any, ndim: int) -> tuple[int, Any] | None:
    """The axis along which an index takes numbers and those, if it leaves all others whole."""
    parts = _parts(index)
    taken = [axis for axis, part in enumerate(parts) if not _is_whole(part)]
    if len(taken) != 1 or len(parts) > ndim:
        return None
    part = parts[taken[0]]
    if not isinstance(part, (list, np.ndarray)) or np.ndim(part) != 1:
        return None
    numbers = np.asarray(part)
    if numbers.dtype == bool:
        numbers = np.flatnonzero(numbers)
    return taken[0], numbers.astype(np.intp)


def _is_whole(part: Any) -> bool:
    return isinstance(part, slice) and part == slice(None)


def _added_by_blocks(values: Any, numbers: Any, axis: int, shape: Shape) -> Any:
    """The sum of what each block along an axis adds."""
    axes = tuple(range(values.ndim))
    rows = values.ndim
    blocks = da.blockwise(
        _block_added,
        (axis, *axes[:axis], rows, *axes[axis + 1 :]),
        values,
        axes,
        da.from_array(numbers, chunks=(values.chunks[axis],)),
        (axis,),
        axis=axis,
        length=shape[axis],
        new_axes={rows: shape[axis]},
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

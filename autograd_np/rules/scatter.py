"""Taking from places, putting in and leaving out; writing in place is refused, with advice."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd_np.graph import Shape
from autograd_np.rules.creation import arange_like
from autograd_np.rules.indexing import index_add, index_set
from autograd_np.rules.joining import slab
from autograd_np.rules.lists import array_of
from autograd_np.rules.nesting import constant_like
from autograd_np.rules.registry import composite, refused, rule


def _places(indices: Any, length: int, mode: str) -> Any:
    """The indices of a call of ``numpy.take`` as those of the elements it took."""
    if mode == "wrap":
        return np.remainder(indices, length)
    if mode == "clip":
        return np.clip(indices, 0, length - 1)
    return indices


def _taken(g: Any, a_like: Any, indices: Any, axis: Any, mode: str) -> Any:
    if axis is None:
        places = _places(_numbers(indices), a_like.size, mode)
        return np.reshape(index_add(g, places, (a_like.size,)), a_like.shape)
    axis = normalize_axis_index(axis, a_like.ndim)
    places = _places(_numbers(indices), a_like.shape[axis], mode)
    return index_add(g, slab(axis, places), a_like.shape)


def _numbers(indices: Any) -> Any:
    """`indices` as something with a dtype, if a list or a number was given."""
    return indices if hasattr(indices, "dtype") else np.asarray(indices, np.intp)


rule(np.take, a=_taken)


def _along(indices: Any, shape: Shape, axis: int) -> tuple[Any, ...]:
    """`indices` along an axis as an index of the whole array."""
    index = []
    for each, length in enumerate(shape):
        own = [1] * len(shape)
        own[each] = length
        index.append(
            indices if each == axis else np.reshape(arange_like(indices, length), tuple(own))
        )
    return tuple(index)


def _taken_along(g: Any, arr_like: Any, indices: Any, axis: Any) -> Any:
    if axis is None:
        return np.reshape(index_add(g, indices, (arr_like.size,)), arr_like.shape)
    axis = normalize_axis_index(axis, arr_like.ndim)
    return index_add(g, _along(indices, arr_like.shape, axis), arr_like.shape)


rule(np.take_along_axis, "arr, indices, axis=-1", arr=_taken_along)


def _restored(g: Any, arr_like: Any, obj: Any, axis: Any) -> Any:
    if axis is None:
        return np.reshape(_with_gaps(g, (arr_like.size,), obj, 0), arr_like.shape)
    return _with_gaps(g, arr_like.shape, obj, normalize_axis_index(axis, arr_like.ndim))


def _with_gaps(g: Any, shape: Shape, obj: Any, axis: int) -> Any:
    """`g` with zeros where elements were left out."""
    length = shape[axis]
    if isinstance(obj, (int, np.integer)):
        first, rest = slice(0, obj % length), slice(obj % length, None)
        gap = np.zeros_like(g, shape=(*shape[:axis], 1, *shape[axis + 1 :]))
        return np.concatenate([g[slab(axis, first)], gap, g[slab(axis, rest)]], axis)
    return index_add(g, slab(axis, _mask(np.delete(np.arange(length), obj), length)), shape)


def _mask(numbers: Any, length: int) -> Any:
    mask = np.zeros(length, bool)
    mask[numbers] = True
    return mask


rule(np.delete, arr=_restored)


@composite(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    """`numpy.insert` through joining at one place, through assignments at several."""
    arr = array_of(arr, values)
    if axis is None:
        arr, axis = np.ravel(arr), 0
    axis = normalize_axis_index(axis, arr.ndim)
    length = arr.shape[axis]
    numbers = _numbers_before(obj, length, axis)
    if not hasattr(values, "dtype"):
        values = constant_like(arr, values)
    values = np.reshape(values, (1,) * (arr.ndim - values.ndim) + values.shape)
    if np.ndim(numbers) == 0:
        # An index by itself takes an axis away, as it does in arr[..., obj].
        values = np.moveaxis(values, 0, axis)
    count = values.shape[axis] if np.size(numbers) == 1 else np.size(numbers)
    shape = (*arr.shape[:axis], count, *arr.shape[axis + 1 :])
    if np.size(numbers) == 1:
        before, after = np.split(arr, [int(np.reshape(numbers, ()))], axis)
        new = np.broadcast_to(values, shape).astype(arr.dtype)
        return np.concatenate([before, new, after], axis)
    order = np.argsort(numbers, kind="stable")
    places = np.empty(count, int)
    places[order] = numbers[order] + np.arange(count)
    stays = ~_mask(places, length + count)
    shape = (*arr.shape[:axis], length + count, *arr.shape[axis + 1 :])
    return index_set(index_add(arr, slab(axis, stays), shape), slab(axis, places), values)


def _numbers_before(obj: Any, length: int, axis: int) -> Any:
    """The elements before which to insert, counted from the start: an array of numbers or one."""
    if isinstance(obj, slice):
        numbers = np.arange(*obj.indices(length))
    else:
        numbers = np.asarray(obj)
        if numbers.dtype == bool and numbers.ndim == 1:
            numbers = np.flatnonzero(numbers)
        numbers = numbers.astype(np.intp) if numbers.size == 0 else numbers
    if numbers.ndim > 1:
        raise ValueError(
            f"insert was given places of {numbers.ndim} axes; expected a number, a slice, a list "
            f"or a mask."
        )
    if numbers.dtype.kind not in "iu":
        raise IndexError(f"insert was given places of dtype {numbers.dtype}; expected integers.")
    outside = (numbers < -length) | (numbers > length)
    if np.any(outside):
        raise IndexError(
            f"insert was given the place {numbers[outside][0]} along axis {axis} of length "
            f"{length}; expected {-length} to {length}."
        )
    return np.where(numbers < 0, numbers + length, numbers)


_ADVICE: dict[Callable[..., Any], str] = {
    np.copyto: "Write t = np.where(where, src, t), or t[...] = src on a result.",
    np.put: "Write t[np.unravel_index(ind, t.shape)] = v on a result.",
    np.place: "Write t = np.where(mask, value, t), or t[mask] = vals on a result.",
    np.putmask: "Write t = np.where(mask, values, t).",
    np.put_along_axis: "Write t[rows, indices] = values on a result, rows counting the rows.",
    np.fill_diagonal: "Write t = np.where(np.eye(*t.shape, dtype=bool), val, t).",
}
for _function, _advice in _ADVICE.items():
    refused(_function, f"it writes into an array, which a graph cannot record. {_advice}")

"""Reading and writing at places."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.graph import Shape
from autograd_np.lowering.lowered import CannotLowerError
from autograd_np.lowering.numba_backend.elementwise import identity
from autograd_np.lowering.numba_backend.form import Gather, Look, Scatter
from autograd_np.lowering.numba_backend.reductions import arguments
from autograd_np.lowering.numba_backend.translation import Translation, translates
from autograd_np.lowering.numba_backend.views import look
from autograd_np.lowering.rewriting import refs_in
from autograd_np.program import Call, Ref
from autograd_np.rules.indexing import getitem, index_add, index_set

Places = tuple[int | tuple[int], ...]


@translates(getitem)
def _getitem(t: Translation, call: Call) -> None:
    a, index = call.args
    if is_view(index):
        look(t, t.out(call), t.operand(a), lambda array: array[with_ellipsis(index)])
        return
    of = t.stored(t.operand(a))
    places = _places(t, index, t.value(of).shape)
    t.add(Gather(t.out(call), of, places))


@translates(np.take)
def _take(t: Translation, call: Call) -> None:
    given = arguments(call)
    of, numbers = t.stored(t.operand(given.pop("a"))), t.operand(given.pop("indices"))
    axis = given.pop("axis", None)
    ndim = len(t.value(of).shape)
    if given or (axis is None and ndim != 1):
        raise CannotLowerError("is called without an axis, or with a mode")
    axis = 0 if axis is None else axis % ndim
    extra = len(t.value(numbers).shape)
    numbers = _padded(t, numbers, ndim - 1 - axis)
    places: Places = tuple(
        numbers if each == axis else (each if each < axis else each + extra - 1,)
        for each in range(ndim)
    )
    t.add(Gather(t.out(call), of, places))


@translates(np.take_along_axis)
def _take_along_axis(t: Translation, call: Call) -> None:
    given = arguments(call)
    of, numbers = t.stored(t.operand(given["arr"])), t.operand(given["indices"])
    ndim = len(t.value(of).shape)
    axis = given.get("axis", -1)
    if axis is None:
        raise CannotLowerError("is called without an axis")
    axis %= ndim
    shape = t.value(of).shape
    if any(t.value(numbers).shape[k] != shape[k] for k in range(ndim) if k != axis):
        raise CannotLowerError("is given numbers that are broadcast")
    places: Places = tuple(numbers if each == axis else (each,) for each in range(ndim))
    t.add(Gather(t.out(call), of, places))


@translates(index_set)
def _index_set(t: Translation, call: Call) -> None:
    a, index, value = call.args
    _scatter(t, call, t.operand(a), index, t.operand(value), add=False)


@translates(index_add)
def _index_add(t: Translation, call: Call) -> None:
    values, index, _ = call.args
    _scatter(t, call, t.operand(0), index, t.operand(values), add=True)


def _scatter(t: Translation, call: Call, base: int, index: Any, value: int, add: bool) -> None:
    out = t.out(call)
    result = t.value(out)
    target = t.new(f"{result.name}_before", result.shape, result.dtype)
    identity(t, target, base)
    if is_view(index):
        # The elements of a view, each at its place.
        if any(getattr(part, "dtype", None) == np.bool_ for part in _parts(index)):
            raise CannotLowerError("is given a mask")
        spot = np.arange(result.size).reshape(result.shape)[with_ellipsis(index)]
        flat = t.new(f"{result.name}_flat", (result.size,), result.dtype)
        spot.flags.writeable = False
        t.add(Look(flat, target, lambda a: a.reshape(-1)))
        t.add(Scatter(out, flat, (t.stored(t.operand(spot)),), value, spot.shape, add))
        return
    places = _places(t, index, result.shape)
    shape = np.empty(result.shape, np.int8)[_example(t, index)].shape
    t.add(Scatter(out, target, places, value, shape, add))


def is_view(index: Any) -> bool:
    """Whether an index is of numbers, slices and None alone, known when the program is lowered."""
    return not any(refs_in(index)) and all(
        part is None or part is Ellipsis or isinstance(part, (int, slice, np.integer))
        for part in _parts(index)
    )


def with_ellipsis(index: Any) -> tuple[Any, ...]:
    """The index with an Ellipsis, so that NumPy returns an array even of one element."""
    parts = _parts(index)
    return parts if any(part is Ellipsis for part in parts) else (*parts, Ellipsis)


def _parts(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _example(t: Translation, index: Any) -> tuple[Any, ...]:
    """The index with zeros in the place of computed numbers."""
    return tuple(
        np.zeros(t.value(part.index).shape, int) if isinstance(part, Ref) else part
        for part in _parts(index)
    )


def _places(t: Translation, index: Any, shape: Shape) -> Places:
    """For each axis of an array of `shape`, what an index of arrays and whole axes says of it."""
    parts = list(_parts(index))
    if any(part is None for part in parts):
        raise CannotLowerError("is given arrays and None in one index")
    if any(part is Ellipsis for part in parts):
        at = next(i for i, part in enumerate(parts) if part is Ellipsis)
        parts[at : at + 1] = [slice(None)] * (len(shape) - len(parts) + 1)
    parts += [slice(None)] * (len(shape) - len(parts))
    whole = [isinstance(part, slice) for part in parts]
    if any(part != slice(None) for part in parts if isinstance(part, slice)):
        raise CannotLowerError("is given arrays and parts of axes in one index")
    numbers = {i: t.operand(part) for i, part in enumerate(parts) if not whole[i]}
    if any(t.value(each).dtype == np.bool_ for each in numbers.values()):
        raise CannotLowerError("is given a mask")
    joint = np.broadcast_shapes(*(t.value(each).shape for each in numbers.values()))
    first, last = min(numbers), max(numbers)
    start = first if len(numbers) == last - first + 1 else 0
    after = len(shape) - len(numbers) - start
    places: list[int | tuple[int]] = []
    passed = 0
    for i in range(len(shape)):
        if whole[i]:
            places.append((passed if passed < start else passed + len(joint),))
            passed += 1
        else:
            places.append(_padded(t, numbers[i], after))
    return tuple(places)


def _padded(t: Translation, number: int, after: int) -> int:
    """Numbers of places with axes of length 1 at the end, along which they are repeated."""
    value = t.value(number)
    if not after or not value.shape:
        return number
    shape = (*value.shape, *(1,) * after)
    padded = t.new(f"{value.name}_places", shape, value.dtype)
    t.add(Look(padded, t.stored(number), lambda a: a.reshape(shape)))
    return padded

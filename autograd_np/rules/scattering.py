"""Adding values at places of an array that may be selected more than once, fast.

``np.add.at`` is fast for vectors alone: there it takes half of PyTorch's time, on a matrix ten
times as much. So every index becomes a vector of places, each the start of a row.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_np.graph import Shape

Array = np.ndarray[Any, Any]

# Elements added by one call: their places should stay in the processor's nearest caches.
_BLOCK = 1 << 14
# Rows as long as this are worth a call each.
_LONG = 1 << 10
# Two neighbours are added as the parts of one complex number, which takes 3/4 of the time of two.
_PAIRS = {"f": "F", "d": "D"}
# Half precision would round after every addition, and is slow.
_ACCUMULATORS = {"e": "f"}


def add_at(values: Any, index: Any, shape: Shape) -> Array:
    """Zeros of `shape`, with `values` added at `index`; repeated places add up.

    The order of additions is that of `values`, so results are the same on every run.
    """
    places, axes = _places(index, shape)
    width = math.prod(shape[axes:])
    out = np.zeros(shape, _ACCUMULATORS.get(values.dtype.char, values.dtype))
    values = np.broadcast_to(values, places.shape + shape[axes:])
    added = np.ascontiguousarray(values, out.dtype).reshape(-1)
    if width == 1:
        np.add.at(out.reshape(-1), places.reshape(-1), added)
    elif width >= _LONG:
        rows = out.reshape(-1, width)
        for place, row in zip(places.reshape(-1), added.reshape(-1, width), strict=True):
            rows[place] += row
    elif out.size:
        _add_rows(out.reshape(-1), places.reshape(-1), added, width)
    return out.astype(values.dtype, copy=False)


def _places(index: Any, shape: Shape) -> tuple[Array, int]:
    """What an index selects of the first axes, as numbers of rows, and how many axes those are.

    A row holds the elements of all the axes that the index leaves whole at the end.
    """
    parts = list(index) if isinstance(index, tuple) else [index]
    while parts and (parts[-1] is Ellipsis or _is_whole(parts[-1])):
        parts.pop()
    axes = len(parts)
    if axes == 1 and _is_numbers(parts[0]):
        # Negative numbers count rows from the end, as they should.
        return parts[0].astype(np.intp, copy=False), 1
    if axes and all(map(_is_numbers, parts)):
        return _joint_places(parts, shape), axes
    if axes and all(map(_is_whole, parts[:-1])) and _is_numbers(parts[-1]):
        outer = np.arange(math.prod(shape[: axes - 1])).reshape(shape[: axes - 1])
        inner = _counted_from_start(parts[-1], shape[axes - 1])
        return np.asarray(np.add.outer(outer * shape[axes - 1], inner)), axes
    given = any(part is Ellipsis for part in parts)
    axes = len(shape) if given else sum(map(_axes, parts))
    rows = np.arange(math.prod(shape[:axes])).reshape(shape[:axes])
    return rows[tuple(parts)], axes


def _joint_places(parts: list[Array], shape: Shape) -> Array:
    """Places of elements whose number along each axis is given."""
    places: Any = 0
    for numbers, length in zip(parts, shape, strict=False):
        places = places * length + _counted_from_start(numbers, length)
    return np.asarray(places)


def _counted_from_start(numbers: Array, length: int) -> Array:
    """Numbers along an axis with none of them negative."""
    numbers = numbers.astype(np.intp, copy=False)
    if numbers.size and numbers.min() < 0:
        return np.where(numbers < 0, numbers + length, numbers)
    return numbers


def _is_whole(part: Any) -> bool:
    return isinstance(part, slice) and part == slice(None)


def _is_numbers(part: Any) -> bool:
    return isinstance(part, np.ndarray) and part.dtype.kind in "iu"


def _axes(part: Any) -> int:
    """How many axes of an array one part of an index speaks of."""
    if part is None:
        return 0
    if isinstance(part, (bool, np.bool_, list, np.ndarray)):
        part = np.asarray(part)
        return part.ndim if part.dtype == bool else 1
    return 1


def _add_rows(out: Array, places: Array, values: Array, width: int) -> None:
    """Add `values`, rows of `width` elements one after the other, to those rows of `out`."""
    pairs = _PAIRS.get(out.dtype.char)
    if pairs and width % 2 == 0:
        out, values, width = out.view(pairs), values.view(pairs), width // 2
    count = max(1, _BLOCK // width)
    columns = np.arange(width)
    block = np.empty((min(count, len(places)), width), np.intp)
    for start in range(0, len(places), count):
        some = places[start : start + count, None]
        each = np.add(some * width, columns, out=block[: len(some)]).reshape(-1)
        np.add.at(out, each, values[start * width :][: each.size])

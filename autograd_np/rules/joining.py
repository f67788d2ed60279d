"""Joining arrays."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from autograd_np.rules.lists import array_of
from autograd_np.rules.registry import composite, rule


def slab(axis: int, part: Any) -> tuple[Any, ...]:
    """The index that takes `part` of an axis, and all of the axes before it."""
    return (slice(None),) * axis + (part,)


def _concatenated(g: Any, arrays_like: Any, axis: Any) -> list[Any]:
    """``np.split(g, ends, axis)``."""
    if axis is None:
        ends = accumulate((like.size for like in arrays_like), initial=0)
        return [
            np.reshape(g[start:stop], like.shape)
            for (start, stop), like in zip(pairwise(ends), arrays_like, strict=True)
        ]
    axis = axis % g.ndim
    ends = accumulate((like.shape[axis] for like in arrays_like), initial=0)
    return [g[slab(axis, slice(start, stop))] for start, stop in pairwise(ends)]


rule(
    np.concatenate,
    "arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind'",
    lists=["arrays"],
    arrays=_concatenated,
)
rule(
    np.stack,
    lists=["arrays"],
    arrays=lambda g, arrays_like, axis: [
        g[slab(axis % g.ndim, number)] for number in range(len(arrays_like))
    ],
)


def _alike(arrays: Iterable[Any]) -> list[Any]:
    """The arrays; numbers and lists among them as arrays of their kind."""
    arrays = list(arrays)
    like = next((a for a in arrays if hasattr(a, "dtype")), None)
    return [array_of(a, like) for a in arrays]


def _listed(arrays: Any, least: Any) -> list[Any]:
    """The arrays, each with as many axes at least as `least` (``numpy.atleast_2d``) gives it."""
    return [least(a) for a in _alike(arrays)]


def _casting(dtype: Any, casting: Any) -> dict[str, Any]:
    """The settings of a cast, if there is one: not every library knows them."""
    return {} if dtype is None and casting == "same_kind" else {"dtype": dtype, "casting": casting}


@composite(np.vstack)
def vstack(tup: Sequence[Any], *, dtype: Any = None, casting: Any = "same_kind") -> Any:
    """`numpy.vstack` through `numpy.concatenate`."""
    return np.concatenate(_listed(tup, np.atleast_2d), 0, **_casting(dtype, casting))


@composite(np.hstack)
def hstack(tup: Sequence[Any], *, dtype: Any = None, casting: Any = "same_kind") -> Any:
    """`numpy.hstack` through `numpy.concatenate`."""
    arrays = _listed(tup, np.atleast_1d)
    axis = 0 if arrays and arrays[0].ndim == 1 else 1
    return np.concatenate(arrays, axis, **_casting(dtype, casting))


@composite(np.dstack)
def dstack(tup: Sequence[Any]) -> Any:
    """`numpy.dstack` through `numpy.concatenate`."""
    return np.concatenate(_listed(tup, np.atleast_3d), 2)


@composite(np.column_stack)
def column_stack(tup: Sequence[Any]) -> Any:
    """`numpy.column_stack` through `numpy.concatenate`: vectors become columns."""
    columns = [np.reshape(a, (-1, 1)) if a.ndim < 2 else a for a in _alike(tup)]
    return np.concatenate(columns, 1)


@composite(np.append)
def append(arr: Any, values: Any, axis: Any = None) -> Any:
    """`numpy.append` through `numpy.concatenate`."""
    arr, values = _alike([arr, values])
    if axis is None:
        arr, values, axis = np.ravel(arr), np.ravel(values), 0
    return np.concatenate([arr, values], axis)


@composite(np.block)
def block(arrays: Any) -> Any:
    """`numpy.block` through `numpy.concatenate`: the innermost lists along the last axis."""
    depth = _depth(arrays)
    ndim = max(depth, _most_axes(arrays))
    like = _first_array(arrays)

    def joined(part: Any, level: int) -> Any:
        if level == depth:
            part = array_of(part, like)
            return np.reshape(part, (1,) * (ndim - part.ndim) + part.shape)
        return np.concatenate([joined(each, level + 1) for each in part], level - depth)

    return joined(arrays, 0)


def _depth(arrays: Any) -> int:
    """How deep the lists are nested, all alike."""
    if isinstance(arrays, tuple):
        raise TypeError("block was given a tuple; expected lists. Write np.block([[a, b], [c, d]])")
    if not isinstance(arrays, list):
        return 0
    depths = {_depth(each) for each in arrays}
    if len(depths) != 1:
        raise ValueError(
            f"block was given {'lists nested to different depths' if depths else 'an empty list'};"
            f" expected arrays at one depth. Write [[a], [b]], not [[a], b]."
        )
    return 1 + depths.pop()


def _first_array(arrays: Any) -> Any:
    """The first in nested lists that is an array, and not a number."""
    if not isinstance(arrays, list):
        return arrays if hasattr(arrays, "dtype") else None
    return next((a for a in map(_first_array, arrays) if a is not None), None)


def _most_axes(arrays: Any) -> int:
    return max(map(_most_axes, arrays)) if isinstance(arrays, list) else np.ndim(arrays)

"""Grids of numbers, and functions applied along axes."""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd_np.graph import Shape
from autograd_np.rules.creation import arange_like
from autograd_np.rules.lists import array_of
from autograd_np.rules.registry import composite, dispatched, rule


def _shares(like: Any, shape: Shape, endpoint: bool) -> Any:
    """How far each of the samples along the first axis is on its way from start to stop: 0 to 1."""
    num = shape[0]
    share = arange_like(like, num) / max(1, num - bool(endpoint))
    return np.reshape(share.astype(np.finfo(like.dtype).dtype), (num,) + (1,) * (len(shape) - 1))


def _abroad(*values: Any) -> Any:
    """The first of some values that is another library's array, if any is."""
    known = (np.ndarray, np.generic)
    return next((x for x in values if hasattr(x, "dtype") and not isinstance(x, known)), None)


@dispatched
def ramp(start: Any, stop: Any, num: int, endpoint: bool) -> Any:
    """``numpy.linspace(start, stop, num, endpoint)``."""
    other = _abroad(start, stop)
    if other is None:
        return np.linspace(start, stop, num, endpoint)
    # Not every library takes arrays for the ends.
    shape = (num, *np.broadcast_shapes(np.shape(start), np.shape(stop)))
    share = _shares(other, shape, endpoint)
    return start * (1 - share) + stop * share


@dispatched
def geometric_ramp(start: Any, stop: Any, num: int, endpoint: bool) -> Any:
    """``numpy.geomspace(start, stop, num, endpoint)``."""
    other = _abroad(start, stop)
    if other is None:
        return np.geomspace(start, stop, num, endpoint)
    shape = (num, *np.broadcast_shapes(np.shape(start), np.shape(stop)))
    return start * (stop / start) ** _shares(other, shape, endpoint)


def _share(g: Any, endpoint: bool) -> Any:
    return _shares(g, g.shape, endpoint)


rule(
    ramp,
    start=lambda g, endpoint: g * (1 - _share(g, endpoint)),
    stop=lambda g, endpoint: g * _share(g, endpoint),
)
# out = start**(1 - share) * stop**share
rule(
    geometric_ramp,
    start=lambda g, start, out, endpoint: g * (out * (1 - _share(g, endpoint)) / start),
    stop=lambda g, stop, out, endpoint: g * (out * _share(g, endpoint) / stop),
)


def _delivered(samples: Any, axis: int, dtype: Any) -> Any:
    """Samples along the first axis, where and as they were asked for."""
    samples = np.moveaxis(samples, 0, axis)
    if dtype is None or np.dtype(dtype) == samples.dtype:
        return samples
    return samples.astype(dtype)


@composite(np.linspace)
def linspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    """`numpy.linspace` through `ramp`."""
    num = operator.index(num)
    samples = ramp(start, stop, num, endpoint)
    if dtype is not None and np.dtype(dtype).kind in "iu":
        samples = np.floor(samples)
    samples = _delivered(samples, axis, dtype)
    if not retstep:
        return samples
    intervals = num - bool(endpoint)
    return samples, np.subtract(stop, start) / intervals if intervals > 0 else math.nan


@composite(np.logspace)
def logspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """`numpy.logspace`: powers of `base` with evenly spaced exponents."""
    if np.ndim(base):
        ndim = len(np.broadcast_shapes(np.shape(start), np.shape(stop), np.shape(base)))
        like = next((each for each in (base, start, stop) if hasattr(each, "dtype")), None)
        start, stop, base = (
            np.reshape(array_of(each, like), (1,) * (ndim - np.ndim(each)) + np.shape(each))
            for each in (start, stop, base)
        )
        base = np.expand_dims(base, axis)
    samples = np.power(base, np.linspace(start, stop, num, endpoint, axis=axis))
    return samples if dtype is None else samples.astype(dtype)


@composite(np.geomspace)
def geomspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """`numpy.geomspace` through `geometric_ramp`."""
    return _delivered(geometric_ramp(start, stop, operator.index(num), endpoint), axis, dtype)


@composite(np.meshgrid)
def meshgrid(
    *xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy"
) -> tuple[Any, ...]:
    """`numpy.meshgrid` through `numpy.broadcast_to`."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid was given indexing={indexing!r}; expected 'xy' or 'ij'.")
    axes = list(range(len(xi)))
    if indexing == "xy":
        axes[:2] = axes[1::-1]
    grids = []
    for x, axis in zip(xi, axes, strict=True):
        shape = [1] * len(xi)
        shape[axis] = -1
        grids.append(np.reshape(x, shape))
    return tuple(grids) if sparse else np.broadcast_arrays(*grids)


@composite(np.apply_along_axis)
def apply_along_axis(
    func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any
) -> Any:
    """`numpy.apply_along_axis`: the function's results, stacked."""
    axis = normalize_axis_index(axis, arr.ndim)
    shape = arr.shape[:axis] + arr.shape[axis + 1 :]
    if 0 in shape:
        raise ValueError(
            f"apply_along_axis was given an array of shape {arr.shape}, with nothing to apply "
            f"{func1d.__name__} to; expected other axes than {axis} to have elements."
        )
    rows = np.reshape(np.moveaxis(arr, axis, -1), (math.prod(shape), arr.shape[axis]))
    results = [func1d(row, *args, **kwargs) for row in np.unstack(rows)]
    stacked = np.stack(results)
    back = np.reshape(stacked, (*shape, *stacked.shape[1:]))
    moved = tuple(range(len(shape), back.ndim))
    return np.moveaxis(back, moved, tuple(axis + i for i in range(len(moved))))


@composite(np.apply_over_axes)
def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """`numpy.apply_over_axes`: the function over one axis after another, which are kept."""
    ndim = a.ndim
    for axis in axes if np.ndim(axes) else (axes,):
        result = func(a, normalize_axis_index(int(axis), ndim))
        if result.ndim != ndim:
            result = np.expand_dims(result, int(axis))
        if result.ndim != ndim:
            raise ValueError(
                f"apply_over_axes: {func.__name__} returned an array of {result.ndim} axes for one "
                f"of {ndim}; expected as many, or one less."
            )
        a = result
    return a

"""Grids of numbers, differences over them, and functions applied along axes."""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd_np.graph import Shape
from autograd_np.rules.creation import arange_like
from autograd_np.rules.joining import slab
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


@composite(np.diff)
def diff(
    a: Any, n: int = 1, axis: int = -1, prepend: Any = np._NoValue, append: Any = np._NoValue
) -> Any:
    """`numpy.diff` through slices."""
    if n == 0:
        return np.reshape(a, np.shape(a))
    if n < 0:
        raise ValueError(f"diff was given n={n}; expected the order of a difference, 0 or more.")
    if np.ndim(a) == 0:
        raise ValueError("diff was given a 0-d array; expected at least one axis.")
    axis = normalize_axis_index(axis, np.ndim(a))
    edge = (*np.shape(a)[:axis], 1, *np.shape(a)[axis + 1 :])
    parts = [
        part if np.ndim(part) else np.broadcast_to(array_of(part, a), edge)
        for part in (prepend, a, append)
        if part is not np._NoValue
    ]
    a = np.concatenate(parts, axis) if len(parts) > 1 else a
    minus = np.not_equal if a.dtype == bool else np.subtract
    for _ in range(n):
        a = minus(a[slab(axis, slice(1, None))], a[slab(axis, slice(None, -1))])
    return a


@composite(np.ediff1d)
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """`numpy.ediff1d` through `numpy.diff`."""
    flat = np.ravel(ary)
    parts = [flat[1:] - flat[:-1]]
    for name, ends in (("to_begin", to_begin), ("to_end", to_end)):
        if ends is None:
            continue
        ends = array_of(ends, flat)
        if not np.can_cast(ends.dtype, flat.dtype, casting="same_kind"):
            raise TypeError(
                f"ediff1d was given {name} of dtype {ends.dtype} for differences of dtype "
                f"{flat.dtype}; expected the same kind. Write t.astype({ends.dtype})."
            )
        ends = np.ravel(ends).astype(flat.dtype)
        parts = [ends, *parts] if name == "to_begin" else [*parts, ends]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


@composite(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """`numpy.gradient`: differences of second order inside, of `edge_order` at the edges.

    The formulas are those of NumPy's documentation.
    """
    if not hasattr(f, "dtype"):
        f = np.asarray(f)
    if f.dtype.kind not in "fc":
        f = f.astype(np.float64)
    axes = tuple(range(f.ndim)) if axis is None else normalize_axis_tuple(axis, f.ndim)
    steps = _steps(f, varargs, axes)
    if edge_order not in (1, 2):
        raise ValueError(f"gradient was given edge_order={edge_order}; expected 1 or 2.")
    slopes = tuple(
        _slope(f, each, step, edge_order).astype(f.dtype)
        for each, step in zip(axes, steps, strict=True)
    )
    return slopes[0] if len(slopes) == 1 else slopes


def _steps(f: Any, spacings: tuple[Any, ...], axes: tuple[int, ...]) -> list[Any]:
    """Along each axis the spacing as a number, or the lengths of the steps."""
    if not spacings:
        return [1.0] * len(axes)
    if len(spacings) == 1 and np.ndim(spacings[0]) == 0:
        return [spacings[0]] * len(axes)
    if len(spacings) != len(axes):
        raise TypeError(
            f"gradient was given {len(spacings)} spacings for {len(axes)} axes; expected one for "
            f"each, or a single number."
        )
    steps = []
    for spacing, axis in zip(spacings, axes, strict=True):
        if np.ndim(spacing) and np.shape(spacing) != f.shape[axis : axis + 1]:
            raise ValueError(
                f"gradient was given coordinates of shape {np.shape(spacing)} along axis {axis} of "
                f"an array of shape {f.shape}; expected {f.shape[axis]} of them, or a number."
            )
        steps.append(np.diff(spacing) if np.ndim(spacing) else spacing)
    return steps


def _slope(f: Any, axis: int, step: Any, edge_order: int) -> Any:
    length = f.shape[axis]
    if length < edge_order + 1:
        raise ValueError(
            f"gradient was given an axis of length {length}; expected at least {edge_order + 1}, "
            f"for edge_order={edge_order}."
        )

    def at(start: int, stop: int | None) -> Any:
        return f[slab(axis, slice(start, stop))]

    if np.ndim(step):
        column = [1] * f.ndim
        column[axis] = -1
        step = np.reshape(step, column)
        h1, h2 = (step[slab(axis, part)] for part in (slice(None, -1), slice(1, None)))
        left, right = (at(1, -1) - at(0, -2)) / h1, (at(2, None) - at(1, -1)) / h2
        inside = (left * h2 + right * h1) / (h1 + h2)
    else:
        inside = (at(2, None) - at(0, -2)) / (2.0 * step)
    first = _edge(at(0, 1), at(1, 2), at(2, 3), step, axis, 0, edge_order)
    last = _edge(at(-1, None), at(-2, -1), at(-3, -2), step, axis, -1, edge_order)
    return np.concatenate([first, inside, -last], axis)


def _edge(a: Any, b: Any, c: Any, step: Any, axis: int, end: int, order: int) -> Any:
    """The slope at an edge, `a`, seen from there: `b` and `c` are the next elements inwards."""
    near, far = step, step
    if np.ndim(step):
        near, far = (step[slab(axis, slice(k, k + 1 or None))] for k in _inwards(end))
    first = (b - a) / near
    if order == 1:
        return first
    return first + (first - (c - b) / far) * (near / (near + far))


def _inwards(end: int) -> tuple[int, int]:
    return (0, 1) if end == 0 else (-1, -2)


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

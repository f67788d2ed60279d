"""Differences of neighbours, and slopes estimated from them."""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd_np.rules.joining import slab
from autograd_np.rules.lists import array_of
from autograd_np.rules.registry import composite


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

"""Arranging elements anew: repeating, turning, diagonals, triangles."""

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd_np.graph import Shape
from autograd_np.rules.indexing import getitem, index_add
from autograd_np.rules.joining import slab
from autograd_np.rules.registry import composite, constant, dispatched, rule

rule(np.flip, m=lambda g, axis: np.flip(g, axis))
rule(np.rot90, m=lambda g, k, axes: np.rot90(g, -k, axes))
rule(np.tril, m=lambda g, k: np.tril(g, k))
rule(np.triu, m=lambda g, k: np.triu(g, k))


def _back(shift: Any) -> Any:
    return tuple(-each for each in shift) if isinstance(shift, (tuple, list)) else -shift


rule(np.roll, a=lambda g, shift, axis: np.roll(g, _back(shift), axis))


def _turned(name: str, m: Any, axis: int) -> Any:
    if m.ndim <= axis:
        raise ValueError(f"{name} was given {m.ndim} axes; expected {axis + 1} or more.")
    return np.flip(m, axis)


@composite(np.flipud)
def flipud(m: Any) -> Any:
    """`numpy.flipud` through `numpy.flip`."""
    return _turned("flipud", m, 0)


@composite(np.fliplr)
def fliplr(m: Any) -> Any:
    """`numpy.fliplr` through `numpy.flip`."""
    return _turned("fliplr", m, 1)


def _repeated(g: Any, a_like: Any, repeats: Any, axis: Any) -> Any:
    if axis is None:
        flat = math.prod(a_like.shape)
        return np.reshape(_gathered(g, (flat,), repeats, 0), a_like.shape)
    return _gathered(g, a_like.shape, repeats, normalize_axis_index(axis, g.ndim))


def _gathered(g: Any, shape: Shape, repeats: Any, axis: int) -> Any:
    """The sum of the gradients of all copies of an element, along an axis."""
    length = shape[axis]
    if np.size(repeats) == 1:
        count = g.shape[axis] // max(1, length)
        return np.sum(np.reshape(g, (*shape[: axis + 1], count, *shape[axis + 1 :])), axis + 1)
    return index_add(g, slab(axis, np.repeat(np.arange(length), repeats)), shape)


rule(np.repeat, a=_repeated)


@composite(np.tile)
def tile(A: Any, reps: Any) -> Any:  # noqa: N803 - NumPy's name
    """`numpy.tile` through `numpy.broadcast_to`: a new axis before each, stretched."""
    given = tuple(reps) if np.ndim(reps) else (reps,)
    ndim = max(A.ndim, len(given))
    counts = (1,) * (ndim - len(given)) + given
    shape = (1,) * (ndim - A.ndim) + A.shape
    between = [n for length in shape for n in (1, length)]
    stretched = [n for pair in zip(counts, shape, strict=True) for n in pair]
    tiles = np.broadcast_to(np.reshape(A, between), stretched)
    return np.reshape(tiles, [n * length for n, length in zip(counts, shape, strict=True)])


@composite(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    """`numpy.resize` through `numpy.tile`: the elements, over and over."""
    shape = tuple(new_shape) if np.ndim(new_shape) else (new_shape,)
    if any(n < 0 for n in shape):
        raise ValueError(f"resize was given the shape {shape}; expected lengths of 0 or more.")
    size, wanted = math.prod(a.shape), math.prod(shape)
    if size == 0:
        # No element to repeat: zeros, still recorded.
        return np.zeros_like(a, shape=shape) + np.sum(a, dtype=a.dtype)
    return np.reshape(np.tile(np.ravel(a), -(-wanted // size))[:wanted], shape)


@dispatched
def nonzero_bounds(filt: Any, trim: str, axes: tuple[int, ...]) -> tuple[slice, ...]:
    """For each axis the part that ``numpy.trim_zeros`` leaves."""
    places = np.argwhere(filt)
    bounds = []
    for axis, length in enumerate(filt.shape):
        first, last = 0, length
        if axis in axes:
            # Where all is zero, so much is trimmed from the front that nothing is left.
            low, high = (length, -1) if not len(places) else _extent(places[:, axis])
            first = low if "f" in trim else 0
            last = high + 1 if "b" in trim else length
        bounds.append(slice(first, last))
    return tuple(bounds)


def _extent(numbers: Any) -> tuple[int, int]:
    return int(np.min(numbers)), int(np.max(numbers))


constant(nonzero_bounds)


@composite(np.trim_zeros)
def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """`numpy.trim_zeros` through indexing."""
    sides = trim.lower()
    if sides not in {"fb", "bf", "f", "b"}:
        raise ValueError(f"trim_zeros was given trim={trim!r}; expected 'fb', 'f' or 'b'.")
    given = range(filt.ndim) if axis is None else axis if np.ndim(axis) else (axis,)
    axes = tuple(normalize_axis_index(int(each), filt.ndim) for each in given)
    return filt[nonzero_bounds(filt, sides, axes)]


@dispatched
def on_diagonal(v: Any, shape: Shape, offset: int, axis1: int, axis2: int) -> Any:
    """Zeros of `shape` with the last axis of `v` on a diagonal: `numpy.diagonal` transposed."""
    axis1, axis2 = axis1 % len(shape), axis2 % len(shape)
    count, columns = v.shape[-1], shape[axis2]
    row, column = max(0, -offset), max(0, offset)
    if isinstance(v, np.ndarray):
        out = np.zeros(shape, v.dtype)
        square = np.moveaxis(out, (axis1, axis2), (-2, -1))
        # einsum gives a view of a diagonal that can be written to.
        np.einsum("...ii->...i", square[..., row : row + count, column : column + count])[...] = v
        return out
    # In a matrix laid out row by row a diagonal takes every (columns + 1)-th place.
    others = tuple(n for axis, n in enumerate(shape) if axis not in (axis1, axis2))
    start = row * columns + column
    stop = start + max(0, count * (columns + 1) - columns)
    flat = index_add(v, (..., slice(start, stop, columns + 1)), (*others, shape[axis1] * columns))
    square = np.reshape(flat, (*others, shape[axis1], columns))
    return np.moveaxis(square, (-2, -1), (axis1, axis2))


rule(
    on_diagonal,
    v=lambda g, offset, axis1, axis2: np.diagonal(g, offset, axis1, axis2),
)
rule(
    np.diagonal,
    a=lambda g, a_like, offset, axis1, axis2: on_diagonal(g, a_like.shape, offset, axis1, axis2),
)
rule(
    np.diag,
    v=lambda g, v_like, k: (
        np.diagonal(g, k) if v_like.ndim == 1 else on_diagonal(g, v_like.shape, k, 0, 1)
    ),
)


@composite(np.linalg.diagonal)
def linalg_diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """`numpy.linalg.diagonal` through `numpy.diagonal`, of the last two axes."""
    return np.diagonal(x, offset, -2, -1)


@composite(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    """`numpy.diagflat` through `numpy.diag`."""
    return np.diag(np.ravel(v), k)


@composite(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(
    x: Any, window_shape: Any, axis: Any = None, *, subok: bool = False, writeable: bool = False
) -> Any:
    """`numpy.lib.stride_tricks.sliding_window_view` through indexing: a copy of the values."""
    sizes = tuple(window_shape) if np.ndim(window_shape) else (window_shape,)
    axes = tuple(range(x.ndim))
    if axis is not None:
        axes = normalize_axis_tuple(axis, x.ndim, allow_duplicate=True)
    if len(sizes) != len(axes):
        raise ValueError(
            f"sliding_window_view was given {len(sizes)} lengths for {len(axes)} axes; expected "
            f"one for each. Write axis={tuple(range(len(sizes)))}."
        )
    for size, each in zip(sizes, axes, strict=True):
        count = x.shape[each] - size + 1
        if size < 0 or count < 1:
            raise ValueError(
                f"sliding_window_view was given a window of {size} elements along axis {each}; "
                f"expected 0 to {x.shape[each]}."
            )
        windows = np.add.outer(np.arange(count), np.arange(size))
        x = np.moveaxis(getitem(x, slab(each, windows)), each + 1, -1)
    return np.reshape(x, x.shape)


constant(
    np.ix_,
    np.diag_indices_from,
    np.tril_indices_from,
    np.triu_indices_from,
    np.ravel_multi_index,
    np.unravel_index,
)

"""Functions that move elements about without computing with them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd_np.graph import Shape
from autograd_np.rules.nesting import nested, stacked
from autograd_np.rules.registry import composite, constant, dispatched, rule, written


def _inverse(axes: Any, ndim: int) -> tuple[int, ...] | None:
    if axes is None:
        return None
    inverse = [0] * ndim
    for place, axis in enumerate(axes):
        inverse[axis] = place
    return tuple(inverse)


def explicit(order: Any) -> Any:
    """`order` if it is a matter of indices alone; TypeError if memory has a say in it."""
    if order not in ("C", "F"):
        raise TypeError(
            f"order={order!r} reads the elements as they happen to lie in memory, which a gradient "
            f"cannot follow. Write order='C' (rows first) or order='F' (columns first)."
        )
    return order


def _reshaped(g: Any, shape: Shape, order: Any) -> Any:
    """`g` in another shape; the order is left out where it is the usual, if only for Dask."""
    return np.reshape(g, shape, **({} if order == "C" else {"order": explicit(order)}))


rule(np.reshape, a=lambda g, a_like, order: _reshaped(g, a_like.shape, order))
rule(np.ravel, a=lambda g, a_like, order: _reshaped(g, a_like.shape, order))
rule(np.squeeze, a=lambda g, a_like: np.reshape(g, a_like.shape))
rule(np.expand_dims, a=lambda g, a_like: np.reshape(g, a_like.shape))
rule(np.transpose, a=lambda g, axes: np.transpose(g, _inverse(axes, g.ndim)))
rule(np.swapaxes, a=lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2))
# The edge sums over the axes along which it was broadcast.
rule(np.broadcast_to, array=lambda g: g)


@dispatched
def duplicate(a: Any) -> Any:
    """A copy, by the method, which more libraries have than `numpy.copy`."""
    return a.copy()


@composite(np.copy)
def copy(a: Any, order: Any = "K", subok: bool = False) -> Any:
    """`numpy.copy`; in whatever order, which is nothing that a Tensor promises."""
    return duplicate(a)


@dispatched
def cast(x: Any, dtype: Any) -> Any:
    """`x` in a dtype that has gradients."""
    return x.astype(dtype)


@dispatched
def discretize(x: Any, dtype: Any) -> Any:
    """`x` in a dtype that has none: integers, booleans."""
    return x.astype(dtype)


written("copy", duplicate)
# The edge casts back.
rule(duplicate, a=lambda g: g)
written("astype", cast)
rule(cast, x=lambda g: g)
rule(discretize)


@composite(np.astype)
def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Any:
    """`numpy.astype`; a constant where the dtype has no gradients."""
    return cast(x, dtype) if np.dtype(dtype).kind in "fc" else discretize(x, dtype)


@dispatched
def filled_like(a: Any, fill_value: Any, dtype: Any, order: Any, shape: Any) -> Any:
    """`numpy.full_like` of a value that is no Tensor."""
    return np.full_like(a, fill_value, dtype=dtype, order=order, shape=shape)


constant(filled_like)


@composite(np.full_like)
def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
) -> Any:
    """`numpy.full_like`: of a Tensor as the value, by `numpy.broadcast_to`."""
    if not nested(fill_value):
        return filled_like(a, fill_value, dtype, order, shape)
    value = stacked(fill_value).astype(a.dtype if dtype is None else dtype)
    return np.broadcast_to(value, np.shape(a) if shape is None else shape)


@composite(np.moveaxis)
def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """`numpy.moveaxis` through `numpy.transpose`."""
    sources = normalize_axis_tuple(source, a.ndim, "source")
    places = normalize_axis_tuple(destination, a.ndim, "destination")
    if len(sources) != len(places):
        raise ValueError(
            f"moveaxis was given {len(sources)} axes to move and {len(places)} places to move "
            f"them to; expected as many of one as of the other."
        )
    order = [axis for axis in range(a.ndim) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        order.insert(place, axis)
    return np.transpose(a, tuple(order))


@composite(np.rollaxis)
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """`numpy.rollaxis` through `numpy.moveaxis`."""
    axis = normalize_axis_index(axis, a.ndim)
    if not -a.ndim <= start <= a.ndim:
        raise np.exceptions.AxisError(
            f"rollaxis was given start={start}; expected {-a.ndim} <= start <= {a.ndim}."
        )
    start %= a.ndim + (start >= 0)
    return np.moveaxis(a, axis, start - (axis < start))


@composite(np.matrix_transpose)
@composite(np.linalg.matrix_transpose)
def matrix_transpose(x: Any, /) -> Any:
    """`numpy.matrix_transpose` through `numpy.swapaxes`."""
    if x.ndim < 2:
        raise ValueError(
            f"matrix_transpose was given an array of {x.ndim} axes; expected at least 2."
        )
    return np.swapaxes(x, -1, -2)


@composite(np.atleast_1d)
def atleast_1d(*arys: Any) -> Any:
    """`numpy.atleast_1d` through `numpy.reshape`."""
    return _each(arys, lambda a: np.reshape(a, np.shape(a) or (1,)))


@composite(np.atleast_2d)
def atleast_2d(*arys: Any) -> Any:
    """`numpy.atleast_2d` through `numpy.reshape`."""
    return _each(arys, lambda a: np.reshape(a, np.shape(a) if np.ndim(a) > 1 else (1, -1)))


@composite(np.atleast_3d)
def atleast_3d(*arys: Any) -> Any:
    """`numpy.atleast_3d` through `numpy.reshape`: rows and columns come first."""

    def padded(a: Any) -> Any:
        shape = (1, -1) if np.ndim(a) < 2 else np.shape(a)
        return np.reshape(a, shape if np.ndim(a) > 2 else (*shape, 1))

    return _each(arys, padded)


def _each(values: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    """What NumPy's functions of several arrays return: one array, or a tuple of them."""
    arrays = [value if hasattr(value, "dtype") else np.asarray(value) for value in values]
    return change(arrays[0]) if len(arrays) == 1 else tuple(map(change, arrays))


@composite(np.broadcast_arrays)
def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Any, ...]:
    """`numpy.broadcast_arrays` through `numpy.broadcast_to`."""
    shape = np.broadcast_shapes(*map(np.shape, args))
    return tuple(np.broadcast_to(a, shape) for a in args)

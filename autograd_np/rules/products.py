"""Products of vectors, matrices and tensors beyond `matmul` and `dot`."""

from __future__ import annotations

import operator
from string import ascii_letters
from typing import Any

import numpy as np

from autograd_np.rules.contract import contract
from autograd_np.rules.gufuncs import generalized
from autograd_np.rules.registry import composite, dispatched, refuse_out, rule


def _array(x: Any) -> Any:
    return x if hasattr(x, "dtype") else np.asarray(x)


def _vector(x: Any) -> Any:
    """All elements of an array, row by row."""
    x = _array(x)
    return x if x.ndim == 1 else np.ravel(x)


def _moved(x: Any, source: int, destination: int) -> Any:
    """`numpy.moveaxis`, unless it would move the last axis to the end."""
    last = (-1, x.ndim - 1)
    stays = x.ndim and source in last and destination in last
    return x if stays else np.moveaxis(x, source, destination)


def _conj(x: Any) -> Any:
    return np.conj(x) if x.dtype.kind == "c" else x


@generalized(np.vecdot)
def vecdot(x: Any, y: Any) -> Any:
    """`numpy.vecdot`: the first vector is conjugated."""
    return np.einsum("...n,...n->...", _conj(x), y)


@generalized(np.matvec)
def matvec(x: Any, y: Any) -> Any:
    """`numpy.matvec`."""
    return np.matmul(x, y) if y.ndim == 1 else np.einsum("...mn,...n->...m", x, y)


@generalized(np.vecmat)
def vecmat(x: Any, y: Any) -> Any:
    """`numpy.vecmat`: the vector is conjugated."""
    x = _conj(x)
    return np.matmul(x, y) if x.ndim == 1 else np.einsum("...n,...nm->...m", x, y)


@composite(np.linalg.vecdot)
def linalg_vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """`numpy.linalg.vecdot` through `numpy.vecdot`."""
    x1, x2 = (_moved(_array(x), axis, -1) for x in (x1, x2))
    return np.vecdot(x1, x2)


@composite(np.linalg.matmul)
def linalg_matmul(x1: Any, x2: Any, /) -> Any:
    """`numpy.linalg.matmul` through `numpy.matmul`."""
    return np.matmul(x1, x2)


@composite(np.vdot)
def vdot(a: Any, b: Any, /) -> Any:
    """`numpy.vdot` of the arrays as vectors; the first one is conjugated."""
    return np.dot(_conj(_vector(a)), _vector(b))


@composite(np.inner)
def inner(a: Any, b: Any, /) -> Any:
    """`numpy.inner`, a sum over the last axis of both."""
    a, b = _array(a), _array(b)
    return np.multiply(a, b) if not a.ndim or not b.ndim else np.tensordot(a, b, axes=(-1, -1))


@composite(np.outer)
def outer(a: Any, b: Any, out: Any = None) -> Any:
    """`numpy.outer` of the arrays as vectors."""
    refuse_out("outer", out)
    return contract(_vector(a), _vector(b), "i,j->ij")


@composite(np.linalg.outer)
def linalg_outer(x1: Any, x2: Any, /) -> Any:
    """`numpy.linalg.outer`, of two vectors."""
    x1, x2 = _array(x1), _array(x2)
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(
            f"linalg.outer was given arrays of {x1.ndim} and {x2.ndim} dimensions, expected two "
            f"vectors. Write np.outer(a, b), which flattens its arguments."
        )
    return np.outer(x1, x2)


@composite(np.kron)
def kron(a: Any, b: Any) -> Any:
    """`numpy.kron`: the outer product with the axes of both side by side, and merged."""
    a, b = _array(a), _array(b)
    ndim = max(a.ndim, b.ndim)
    a = np.reshape(a, (1,) * (ndim - a.ndim) + a.shape)
    b = np.reshape(b, (1,) * (ndim - b.ndim) + b.shape)
    left, right = _letters(ndim, ndim)
    both = "".join(map("".join, zip(left, right, strict=True)))
    return np.reshape(
        contract(a, b, f"{left},{right}->{both}"),
        tuple(map(operator.mul, a.shape, b.shape)),
    )


def _letters(first: int, second: int) -> tuple[str, str]:
    """Different letters for the axes of two arrays."""
    return ascii_letters[:first], ascii_letters[first : first + second]


@composite(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """`numpy.tensordot` through `contract`."""
    a, b = _array(a), _array(b)
    a_axes, b_axes = _summed_axes(a, b, axes)
    left, right = map(list, _letters(a.ndim, b.ndim))
    for i, j in zip(a_axes, b_axes, strict=True):
        right[j] = left[i]
    result = [*(x for x in left if x not in right), *(x for x in right if x not in left)]
    return contract(a, b, f"{''.join(left)},{''.join(right)}->{''.join(result)}")


def _summed_axes(a: Any, b: Any, axes: Any) -> tuple[list[int], list[int]]:
    """The axes of both that a tensordot sums over, as non-negative numbers."""
    pair = axes if np.iterable(axes) else (range(-axes, 0), range(axes))
    given = [list(each) if np.iterable(each) else [each] for each in pair]
    a_axes, b_axes = (
        np.lib.array_utils.normalize_axis_tuple(each, x.ndim, "axes")
        for each, x in zip(given, (a, b), strict=True)
    )
    if [a.shape[i] for i in a_axes] != [b.shape[i] for i in b_axes]:
        raise ValueError(
            f"tensordot was given arrays of shapes {a.shape} and {b.shape} and axes={axes!r}, "
            f"expected axes of the same lengths in both."
        )
    return list(a_axes), list(b_axes)


@composite(np.linalg.tensordot)
def linalg_tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    """`numpy.linalg.tensordot` through `numpy.tensordot`."""
    return np.tensordot(x1, x2, axes=axes)


@composite(np.trace)
def trace(
    a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None
) -> Any:
    """`numpy.trace`, the sum of a diagonal."""
    refuse_out("trace", out)
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype)


@composite(np.linalg.trace)
def linalg_trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """`numpy.linalg.trace`, over the last two axes."""
    return np.trace(x, offset, axis1=-2, axis2=-1, dtype=dtype)


_CYCLES = ((0, 1, 2), (1, 2, 0), (2, 0, 1))


@dispatched
def cross_product(a: Any, b: Any) -> Any:
    """The cross product of vectors of three components along the last axis."""
    if type(a) is not np.ndarray or type(b) is not np.ndarray:
        components = [a[..., j] * b[..., k] - a[..., k] * b[..., j] for _, j, k in _CYCLES]
        return np.stack(components, axis=-1)
    # In place: to stack takes twice as long.
    out = np.empty(np.broadcast_shapes(a.shape, b.shape), np.result_type(a, b))
    for i, j, k in _CYCLES:
        np.multiply(a[..., j], b[..., k], out=out[..., i])
        out[..., i] -= a[..., k] * b[..., j]
    return out


rule(
    cross_product,
    a=lambda g, b: cross_product(b, g),
    b=lambda g, a: cross_product(g, a),
)


@composite(np.cross)
def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """`numpy.cross` through `cross_product`."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = (_moved(_array(x), place, -1) for x, place in ((a, axisa), (b, axisb)))
    lengths = a.shape[-1], b.shape[-1]
    if lengths != (3, 3):
        # NumPy itself says what it thinks of these: an error, or a warning for two components.
        np.cross(np.ones(lengths[0]), np.ones(lengths[1]))
    if lengths == (2, 2):
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    if lengths == (2, 3):
        product = _cross_with_plane(b, a)
    elif lengths == (3, 2):
        product = -_cross_with_plane(a, b)
    else:
        product = cross_product(a, b)
    return _moved(product, -1, axisc)


def _cross_with_plane(a: Any, b: Any) -> Any:
    """The cross product of `b`, which has two components, and `a`."""
    x, y = b[..., 0], b[..., 1]
    return np.stack([y * a[..., 2], -(x * a[..., 2]), x * a[..., 1] - y * a[..., 0]], axis=-1)


@composite(np.linalg.cross)
def linalg_cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """`numpy.linalg.cross`, of vectors of three components."""
    x1, x2 = (_moved(_array(x), axis, -1) for x in (x1, x2))
    if (x1.shape[-1], x2.shape[-1]) != (3, 3):
        raise ValueError(
            f"linalg.cross was given vectors of {x1.shape[-1]} and {x2.shape[-1]} components, "
            f"expected 3."
        )
    return _moved(cross_product(x1, x2), -1, axis)

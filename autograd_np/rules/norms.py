"""Norms of vectors and matrices. Where a norm is 0, so is its gradient."""

import math
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd_np.rules.creation import eye_like
from autograd_np.rules.reductions import widen
from autograd_np.rules.registry import composite, dispatched, rule, written
from autograd_np.rules.solving import conjugated, largest


@dispatched
def euclidean_norm(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The square root of the sum of squares, over any axes that `numpy.linalg.norm` takes."""
    return np.linalg.norm(x, axis=axis, keepdims=keepdims)


@dispatched
def power_norm(x: Any, ord: float, axis: int, keepdims: bool = False) -> Any:
    """``sum(abs(x)**ord) ** (1/ord)`` along an axis; for 0, how many elements are not 0."""
    return np.linalg.norm(x, ord, axis=axis, keepdims=keepdims)


def _euclidean(g: Any, x: Any, out: Any, axis: Any, keepdims: Any) -> Any:
    g = g * ((out != 0) / np.where(out == 0, 1, out))
    return widen(g, x, axis, keepdims) * conjugated(x)


def _power(g: Any, x: Any, out: Any, ord: Any, axis: Any, keepdims: Any) -> Any:
    if ord == 0:
        return np.zeros_like(x)
    # Zeros become ones under the power, where they or their derivatives could be infinite.
    scale = widen(1 / np.where(out == 0, 1, out), x, axis, keepdims)
    ratio = np.where(x == 0, 1, np.abs(x)) * scale
    return widen(g * (out != 0), x, axis, keepdims) * (np.sign(conjugated(x)) * ratio ** (ord - 1))


written("norm", euclidean_norm)
rule(euclidean_norm, x=_euclidean)
rule(power_norm, x=_power)


def _vector_norm(x: Any, ord: Any, axis: int, keepdims: bool) -> Any:
    if ord is None or ord == 2:
        return euclidean_norm(x, axis, keepdims)
    if ord == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == np.inf:
        return largest(np.abs(x), axis, keepdims)
    if ord == -np.inf:
        return np.min(np.abs(x), axis=axis, keepdims=keepdims)
    if isinstance(ord, str):
        raise ValueError(
            f"norm was given ord={ord!r} for vectors; expected a number, inf or -inf. "
            f"Write np.linalg.norm(t, 2, axis={axis})."
        )
    return power_norm(x, ord, axis, keepdims)


# The norms that are sums of absolute values along one axis, the larger or smaller of them along
# the other: by which axis of the pair is summed, and the choice.
_SUMS: dict[Any, tuple[int, Any]] = {
    1: (0, largest),
    np.inf: (1, largest),
    -1: (0, np.min),
    -np.inf: (1, np.min),
}
_OF_SINGULAR_VALUES: dict[Any, Any] = {2: largest, -2: np.min, "nuc": np.sum}


def _matrix_norm(x: Any, ord: Any, axes: tuple[int, int], keepdims: bool) -> Any:
    if ord is None or ord in ("fro", "f"):
        return euclidean_norm(x, axes, keepdims)
    if ord in _SUMS:
        summed, choose = _SUMS[ord]
        sums = np.sum(np.abs(x), axis=axes[summed], keepdims=True)
        result = choose(sums, axis=axes[1 - summed], keepdims=True)
        return result if keepdims else np.squeeze(result, axes)
    if ord in _OF_SINGULAR_VALUES:
        s = np.linalg.svdvals(np.moveaxis(x, axes, (-2, -1)))
        result = _OF_SINGULAR_VALUES[ord](s, axis=-1)
        return np.expand_dims(result, axes) if keepdims else result
    raise ValueError(
        f"norm was given ord={ord!r} for matrices; expected one of None, 'fro', 'nuc', 1, -1, 2, "
        f"-2, inf, -inf. Write np.linalg.norm(t, 'fro')."
    )


@composite(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """`numpy.linalg.norm`: one norm each for vectors and matrices."""
    x = x if x.dtype.kind in "fc" else x.astype(np.float64)
    if axis is None and (ord is None or (x.ndim, ord) in ((1, 2), (2, "fro"), (2, "f"))):
        return euclidean_norm(x, None, keepdims)
    if axis is None:
        axis = tuple(range(x.ndim))
    axes = normalize_axis_tuple(axis if isinstance(axis, tuple) else int(axis), x.ndim)
    if len(axes) == 1:
        return _vector_norm(x, ord, axes[0], keepdims)
    if len(axes) == 2:
        return _matrix_norm(x, ord, (axes[0], axes[1]), keepdims)
    raise ValueError(
        f"norm was given axis={axis} for an array of shape {x.shape}; expected one axis or two. "
        f"Write np.linalg.vector_norm(t, axis=axis) for a norm over any number of axes."
    )


@composite(np.linalg.vector_norm)
def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """`numpy.linalg.vector_norm`: several axes are made one."""
    if axis is not None and not isinstance(axis, tuple):
        return norm(x, ord, axis, keepdims)
    axes = normalize_axis_tuple(range(x.ndim) if axis is None else axis, x.ndim)
    rest = tuple(i for i in range(x.ndim) if i not in axes)
    shape = (math.prod(x.shape[i] for i in axes), *(x.shape[i] for i in rest))
    result = norm(np.reshape(np.transpose(x, (*axes, *rest)), shape), ord, 0)
    return widen(result, x, axis, False) if keepdims else result


@composite(np.linalg.matrix_norm)
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """`numpy.linalg.matrix_norm` through `numpy.linalg.norm`."""
    return norm(x, ord, (-2, -1), keepdims)


@composite(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    """`numpy.linalg.cond`: a ratio of singular values, or a norm times that of the inverse.

    It is infinite, and its gradient 0, where there is no inverse.
    """
    if 0 in x.shape[-2:]:
        raise np.linalg.LinAlgError(f"cond is not defined for a matrix of shape {x.shape[-2:]}.")
    if p is None or p in (2, -2):
        s = np.linalg.svdvals(x)
        top, bottom = (s[..., -1], s[..., 0]) if p == -2 else (s[..., 0], s[..., -1])
        return np.where(bottom == 0, np.inf, top / np.where(bottom == 0, 1, bottom))
    singular = np.linalg.slogdet(x)[0] == 0
    regular = np.where(singular[..., None, None], eye_like(x, x.shape[-1]), x)
    product = matrix_norm(x, ord=p) * matrix_norm(np.linalg.inv(regular), ord=p)
    return np.where(singular, np.inf, product)

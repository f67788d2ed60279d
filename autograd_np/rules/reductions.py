"""Reductions over axes: sum, mean, var, std, max, min, prod."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, refuse_out, rule


def given(value: Any) -> bool:
    """Whether an optional argument (a mask, a mean) was given."""
    return value is not None and value is not True and value is not np._NoValue


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes of a reduction as non-negative numbers."""
    if axis is None:
        return tuple(range(ndim))
    return tuple(a % ndim for a in (axis if isinstance(axis, tuple) else (axis,)))


def widen(g: Any, like: Any, axis: Any, keepdims: Any) -> Any:
    """The result of a reduction, or its gradient, with the reduced axes back at length 1."""
    if keepdims is True or not like.shape:
        return g
    reduced = axes_of(axis, len(like.shape))
    return np.reshape(g, tuple(1 if i in reduced else n for i, n in enumerate(like.shape)))


def spread(g: Any, like: Any, axis: Any, keepdims: Any, where: Any = True) -> Any:
    """The gradient of a sum: `g` at every element that was added."""
    if axis is None and like.size <= 1 << 12 and isinstance(g, (np.ndarray, np.generic)):
        # For few elements filling an array takes half the time of a stretched view of one.
        g = np.full(like.shape, g, g.dtype)
        return np.where(where, g, 0) if given(where) else g
    g = np.broadcast_to(widen(g, like, axis, keepdims), like.shape)
    return np.where(where, g, 0) if given(where) else g


def count(like: Any, axis: Any, keepdims: Any, where: Any) -> Any:
    """How many elements each result of a reduction was made of."""
    if not given(where):
        n = 1
        for each in axes_of(axis, len(like.shape)):
            n *= like.shape[each]
        return n
    mask = np.broadcast_to(where, like.shape)
    axes = axes_of(axis, len(like.shape))
    return np.sum(mask, axis=axes, keepdims=keepdims is True)


rule(
    np.sum,
    a=lambda g, a_like, axis, keepdims, where: spread(g, a_like, axis, keepdims, where),
)
rule(
    np.mean,
    a=lambda g, a_like, axis, keepdims, where: spread(
        g / count(a_like, axis, keepdims, where), a_like, axis, keepdims, where
    ),
)


def _deviation(a: Any, axis: Any, mean: Any, where: Any) -> Any:
    """`a` minus its mean, 0 where `where` is false."""
    if a.dtype.kind == "c":
        raise TypeError(
            "var and std of complex values have no derivative rule yet. "
            "Write np.mean(np.abs(z - np.mean(z)) ** 2)."
        )
    if not given(mean):
        mean = np.mean(a, axis=axis, keepdims=True, where=where if given(where) else True)
    return np.where(where, a - mean, 0) if given(where) else a - mean


def _freedom(a: Any, axis: Any, keepdims: Any, where: Any, ddof: Any, correction: Any) -> Any:
    return count(a, axis, keepdims, where) - (ddof if correction is np._NoValue else correction)


def _var_of_array(
    g: Any, a: Any, axis: Any, keepdims: Any, where: Any, mean: Any, ddof: Any, correction: Any
) -> Any:
    g = 2 * g / _freedom(a, axis, keepdims, where, ddof, correction)
    return widen(g, a, axis, keepdims) * _deviation(a, axis, mean, where)


def _std_of_array(
    g: Any,
    a: Any,
    out: Any,
    axis: Any,
    keepdims: Any,
    where: Any,
    mean: Any,
    ddof: Any,
    correction: Any,
) -> Any:
    # Where all elements are equal the deviation is 0 and so is the gradient.
    g = g / (np.where(out == 0, 1, out) * _freedom(a, axis, keepdims, where, ddof, correction))
    return widen(g, a, axis, keepdims) * _deviation(a, axis, mean, where)


rule(
    np.var,
    a=_var_of_array,
    mean=lambda g, a, axis, keepdims, where, mean, ddof, correction: (
        -_var_of_array(g, a, axis, keepdims, where, mean, ddof, correction)
    ),
)
rule(
    np.std,
    a=_std_of_array,
    mean=lambda g, a, out, axis, keepdims, where, mean, ddof, correction: (
        -_std_of_array(g, a, out, axis, keepdims, where, mean, ddof, correction)
    ),
)


def _extreme(g: Any, a: Any, out: Any, axis: Any, keepdims: Any, where: Any) -> Any:
    """Ties share the gradient evenly."""
    chosen = a == widen(out, a, axis, keepdims)
    if given(where):
        chosen = np.logical_and(chosen, where)
    ties = np.sum(chosen, axis=axes_of(axis, len(a.shape)), keepdims=True, dtype=g.dtype)
    return widen(g, a, axis, keepdims) * (chosen / np.maximum(ties, 1))


for _function in (np.max, np.amax, np.min, np.amin):
    rule(_function, a=_extreme)


def products_of_others(x: Any) -> Any:
    """For each element of the last axis, the product of all the others.

    By a tree of products, so that it needs no division and is right, to every order, where
    elements are zero.
    """
    n = x.shape[-1]
    if n == 1:
        return np.ones_like(x)
    if n % 2:
        x = np.concatenate([x, np.ones_like(x[..., :1])], axis=-1)
    left, right = x[..., 0::2], x[..., 1::2]
    above = products_of_others(left * right)
    pairs = np.stack([above * right, above * left], axis=-1)
    return np.reshape(pairs, x.shape)[..., :n]


def _prod(g: Any, a: Any, axis: Any, keepdims: Any, initial: Any, where: Any) -> Any:
    if given(where):
        a = np.where(where, a, 1)
    ndim = len(a.shape)
    axes = axes_of(axis, ndim)
    order = tuple(i for i in range(ndim) if i not in axes) + axes
    moved = np.transpose(a, order)
    kept = moved.shape[: ndim - len(axes)]
    if a.size == 0:
        others = a
    else:
        others = np.reshape(products_of_others(np.reshape(moved, (*kept, -1))), moved.shape)
        others = np.transpose(others, tuple(int(i) for i in np.argsort(order)))
    if given(initial):
        others = others * initial
    g = widen(g, a, axis, keepdims) * others
    return np.where(where, g, 0) if given(where) else g


rule(np.prod, a=_prod)


@composite(np.ptp)
def ptp(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
    """Range of values: maximum minus minimum."""
    refuse_out("ptp", out)
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)

"""Reductions over axes: sum, mean, var, std, max, min."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, refuse_out, rule


def given(value: Any) -> bool:
    """Whether an optional argument (a mask, a mean, an initial value) was given."""
    return value is not None and value is not True and value is not np._NoValue


def operand(value: Any) -> Any:
    """An optional operand as an array: a list or a number, as NumPy takes it for one."""
    if value is None or (hasattr(value, "dtype") and not isinstance(value, np.generic)):
        return value
    return np.asarray(value)


def stated(**options: Any) -> dict[str, Any]:
    """Those of the options of a call that were given: not every library knows them all."""
    return {name: value for name, value in options.items() if value is not np._NoValue}


def in_dtype(x: Any, dtype: Any) -> Any:
    """`x` in another dtype, or itself: by the method, which more libraries have."""
    return x if x.dtype == dtype else x.astype(dtype)


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes of a reduction as non-negative numbers."""
    if axis is None or not ndim:
        return tuple(range(ndim))
    return tuple(a % ndim for a in (axis if isinstance(axis, tuple) else (axis,)))


def kept(keepdims: Any) -> bool:
    """Whether the reduced axes stay, with length 1."""
    return keepdims is not np._NoValue and bool(keepdims)


def widen(g: Any, like: Any, axis: Any, keepdims: Any) -> Any:
    """The result of a reduction, or its gradient, with the reduced axes back at length 1."""
    if kept(keepdims) or not like.shape:
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
    """How many elements each result of a reduction was made of: with a mask, 1 where none was."""
    if not given(where):
        n = 1
        for each in axes_of(axis, len(like.shape)):
            n *= like.shape[each]
        return n
    mask = np.broadcast_to(where, like.shape)
    n = np.sum(mask, axis=axes_of(axis, len(like.shape)), keepdims=kept(keepdims))
    return np.maximum(n, 1)


def roomy(x: Any) -> Any:
    """`x` in float32 if it is of float16: counts and their inverses leave its range."""
    return in_dtype(x, np.float32) if x.dtype.char == "e" else x


def per(g: Any, n: Any) -> Any:
    """`g` divided by a count, or by an array of them, in the precision of `g`."""
    g = roomy(g)
    return g / (n if isinstance(n, (int, float)) else in_dtype(n, np.finfo(g.dtype).dtype))


rule(
    np.sum,
    a=lambda g, a_like, axis, keepdims, where: spread(g, a_like, axis, keepdims, where),
    initial=lambda g: g,
)
rule(
    np.mean,
    a=lambda g, a_like, axis, keepdims, where: spread(
        per(g, count(a_like, axis, keepdims, where)), a_like, axis, keepdims, where
    ),
)


def deviation(a: Any, axis: Any, mean: Any, where: Any) -> Any:
    """`a` minus its mean, 0 where `where` is false; the conjugate, of complex numbers."""
    a = np.where(where, roomy(a), 0) if given(where) else roomy(a)
    if not given(mean):
        mean = per(np.sum(a, axis=axis, keepdims=True), count(a, axis, True, where))
    away = (a - mean) * where if given(where) else a - mean
    return np.conjugate(away) if away.dtype.kind == "c" else away


def freedom(like: Any, axis: Any, keepdims: Any, where: Any, ddof: Any, correction: Any) -> Any:
    """The degrees of freedom of a variance: with a mask, infinitely many where none are left."""
    n = count(like, axis, keepdims, where) - (ddof if correction is np._NoValue else correction)
    return np.where(n > 0, n, np.inf) if given(where) else max(n, 0)


def var_of_array(
    g: Any, a: Any, axis: Any, keepdims: Any, where: Any, mean: Any, ddof: Any, correction: Any
) -> Any:
    """``2 * g / (n - ddof) * (a - np.mean(a))``."""
    a, g = operand(a), _real(g)
    g = per(2 * g, freedom(a, axis, keepdims, where, ddof, correction))
    return widen(g, a, axis, keepdims) * deviation(a, axis, mean, where)


def std_of_array(
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
    """``g / (n - ddof) * (a - np.mean(a)) / out``; 0 where all elements are equal."""
    a, g, out = operand(a), _real(g), _real(out)
    g = per(g, freedom(a, axis, keepdims, where, ddof, correction)) / np.where(out > 0, out, 1)
    return widen(g, a, axis, keepdims) * deviation(a, axis, mean, where)


def _real(x: Any) -> Any:
    """The real part: spreads are real even where ``dtype`` makes them complex numbers."""
    return np.real(x) if x.dtype.kind == "c" else x


def of_mean(of_elements: Any, mean: Any) -> Any:
    """The gradient for a mean that was given, from that for the elements it is taken from."""
    more = len(of_elements.shape) - len(mean.shape)
    short = (i + more for i, n in enumerate(mean.shape) if n == 1)
    return -np.reshape(np.sum(of_elements, axis=(*range(more), *short)), mean.shape)


rule(
    np.var,
    a=var_of_array,
    mean=lambda g, a, axis, keepdims, where, mean, ddof, correction: of_mean(
        var_of_array(g, a, axis, keepdims, where, mean, ddof, correction), mean
    ),
)
rule(
    np.std,
    a=std_of_array,
    mean=lambda g, a, out, axis, keepdims, where, mean, ddof, correction: of_mean(
        std_of_array(g, a, out, axis, keepdims, where, mean, ddof, correction), mean
    ),
)


def _shares(
    g: Any, a: Any, out: Any, axis: Any, keepdims: Any, initial: Any, where: Any
) -> tuple[Any, Any, Any]:
    """Where the extreme is found in `a`, whether it is `initial`, and the gradient of each such."""
    extreme = widen(out, a, axis, keepdims)
    chosen = a == extreme
    if given(where):
        chosen = np.logical_and(chosen, where)
    ties = np.sum(chosen, axis=axes_of(axis, len(a.shape)), keepdims=True)
    first = extreme == np.full_like(extreme, initial) if given(initial) else False
    return chosen, first, per(widen(g, a, axis, keepdims), np.maximum(ties + first, 1))


def extreme_of_array(
    g: Any, a: Any, out: Any, axis: Any, keepdims: Any, initial: Any, where: Any
) -> Any:
    """``g * (a == out) / count``: ties, with `initial` too, share it evenly."""
    chosen, _, share = _shares(g, a, out, axis, keepdims, initial, where)
    return share * chosen


def extreme_of_initial(
    g: Any, a: Any, out: Any, axis: Any, keepdims: Any, initial: Any, where: Any
) -> Any:
    """``g * (initial == out) / count``, for the value that it starts from."""
    _, first, share = _shares(g, a, out, axis, keepdims, initial, where)
    return np.reshape(share * first, g.shape)


for _function in (np.max, np.amax, np.min, np.amin):
    rule(_function, a=extreme_of_array, initial=extreme_of_initial)


@composite(np.ptp)
def ptp(a: Any, axis: Any = None, out: Any = None, keepdims: Any = np._NoValue) -> Any:
    """`numpy.ptp`: the maximum minus the minimum."""
    refuse_out("ptp", out)
    options = stated(keepdims=keepdims)
    return np.max(a, axis=axis, **options) - np.min(a, axis=axis, **options)

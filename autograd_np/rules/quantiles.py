"""Medians, quantiles and percentiles: elements found by partial sorting, and lines between them.

Which elements they are is a constant, so a gradient is only put into their places. Where elements
tie, any one of them stands for their value; elements that are NaN sort last.
"""

from typing import Any

import numpy as np

from autograd_np.rules.backends import implementation
from autograd_np.rules.ranking import (
    counts,
    elements,
    elements_of_each,
    lines_of,
    numbers_like,
    ranks,
)
from autograd_np.rules.reductions import axes_of, in_dtype, operand, per, stated
from autograd_np.rules.registry import composite, dispatched, refuse_out, rule

# The fourth to ninth definition of Hyndman and Fan, "Sample quantiles in statistical packages",
# The American Statistician 50 (1996), by their two parameters; the first to third, and others.
_CONTINUOUS = {
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "linear": (1.0, 1.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}
_AVERAGING = ("averaged_inverted_cdf", "midpoint")
_DISCRETE = ("inverted_cdf", "closest_observation", "lower", "higher", "nearest")
METHODS = (*_CONTINUOUS, *_AVERAGING, *_DISCRETE)


def _place(q: Any, n: Any, method: str) -> Any:
    """Where the quantile `q` lies among `n` sorted elements, counted from 0: a real number."""
    if method in ("inverted_cdf", "averaged_inverted_cdf"):
        return n * q - 1
    if method == "closest_observation":
        return n * q - 1.5
    alpha, beta = _CONTINUOUS.get(method, (1.0, 1.0))
    if alpha == beta == 1:
        return (n - 1) * q
    return n * q + (alpha + q * (1 - alpha - beta)) - 1


@dispatched
def stepwise(a: Any, q: Any) -> Any:
    """`a`, which depends on `q` too, but in steps."""
    return a[...]


rule(stepwise, a=lambda g: g, q=lambda g, q_like: np.zeros_like(g, shape=q_like.shape))


@composite(np.median)
def median(
    a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False
) -> Any:
    """`numpy.median`: the middle element, or the mean of the middle two; `a` is not overwritten."""
    refuse_out("median", out)
    lines, left = lines_of(a, axis, keepdims)
    n = lines.shape[-1]
    middle = elements(lines, list(range((n - 1) // 2, n // 2 + 1))) if n else lines
    return np.reshape(np.mean(middle, axis=-1), left)


@composite(np.nanmedian)
def nanmedian(
    a: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    keepdims: Any = np._NoValue,
) -> Any:
    """`numpy.nanmedian`: the median of what is not NaN; `a` is not overwritten."""
    refuse_out("nanmedian", out)
    if not a.size:
        return np.nanmean(a, axis=axis, **stated(keepdims=keepdims))
    lines, missing, left = _filled(a, axis, keepdims)
    n = counts(missing)
    pair = elements_of_each(lines, missing, ranks(_place(0.5, n, "median"), n, "median"))
    # Halves are added, rather than a sum halved: it would overflow where one element is meant.
    middle = pair[..., 0] * 0.5 + pair[..., 1] * 0.5
    return np.reshape(np.where(n[..., 0] == 0, np.nan, middle), left)


def _filled(a: Any, axis: Any, keepdims: Any) -> tuple[Any, Any, Any]:
    """The lines of `a` with 0 for NaN, where that was, and the shape of what is left."""
    nan = np.isnan(a)
    lines, left = lines_of(np.where(nan, 0, a), axis, keepdims)
    return lines, lines_of(nan, axis, keepdims)[0], left


@dispatched
def weighted_quantile(
    a: Any, q: Any, axis: Any, method: str, keepdims: Any, weights: Any, skip: bool
) -> Any:
    """`numpy.quantile` with weights, or `numpy.nanquantile`: an element of `a`."""
    if isinstance(a, np.ndarray):
        return _weighted_quantile(a, q, axis, method, keepdims, weights, skip)
    compute = implementation("weighted_quantile", a, _weighted_quantile)
    return compute(a, q, axis, method, keepdims, weights, skip)


def _weighted_quantile(
    a: Any, q: Any, axis: Any, method: str, keepdims: Any, weights: Any, skip: bool
) -> Any:
    function: Any = np.nanquantile if skip else np.quantile
    q = q.tolist() if isinstance(q, np.ndarray) else q
    return function(a, q, axis=axis, method=method, keepdims=keepdims, weights=weights)


def _element_of(g: Any, a: Any, q_like: Any, out: Any, axis: Any) -> Any:
    """The gradient of elements of `a`, by their values: ties share it evenly."""
    axes = axes_of(axis, a.ndim)
    wide = (q_like.size, *(1 if i in axes else length for i, length in enumerate(a.shape)))
    chosen = a == np.reshape(out, wide)
    ties = np.sum(chosen, axis=tuple(i + 1 for i in axes), keepdims=True)
    return np.sum(per(np.reshape(g, wide), np.maximum(ties, 1)) * chosen, axis=0)


rule(
    weighted_quantile,
    a=_element_of,
    q=lambda g, q_like: np.zeros_like(g, shape=q_like.shape),
    weights=lambda g, weights_like: np.zeros_like(g, shape=weights_like.shape),
)


@dispatched
def fraction(q: Any, whole: int) -> Any:
    """`q` as a fraction of `whole`, if it lies between 0 and that."""
    if isinstance(q, np.ndarray) and not np.all((q >= 0) & (q <= whole)):
        kind = "Quantiles" if whole == 1 else "Percentiles"
        raise ValueError(f"{kind} must be in the range [0, {whole}], and one of {q} is not.")
    return q[...] if whole == 1 else q / whole


rule(fraction, q=lambda g, whole: g / whole)


def _quantile(
    a: Any, q: Any, whole: int, axis: Any, method: str, keepdims: Any, weights: Any, skip: bool
) -> Any:
    """All of NumPy's quantiles: of fractions of `whole`, and with `skip` of what is not NaN."""
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise ValueError(f"{method!r} is not a method of quantiles. Write one of {known}.")
    a = operand(a)
    if a.dtype.kind == "c":
        raise TypeError("complex numbers have no quantiles. Write np.quantile(np.abs(z), q).")
    number = type(q) in (int, float)
    q = fraction(operand(q), whole)
    if weights is not None:
        return weighted_quantile(a, q, axis, method, keepdims, weights, skip)
    # Numbers and integers are weak: they leave the dtype as it is.
    weak = (number or q.dtype.kind in "iu") and a.dtype.kind == "f"
    if skip and not a.size:
        return np.nanmean(a, axis=axis, **stated(keepdims=keepdims))
    skip = skip and a.dtype.kind == "f"
    missing: Any = None
    if skip:
        lines, missing, left = _filled(a, axis, keepdims)
    else:
        lines, left = lines_of(a, axis, keepdims)
    n: Any = lines.shape[-1]
    fractions = np.reshape(q, (-1,))
    if skip:
        n = in_dtype(counts(missing), q.dtype)
        fractions = _where_the_data_is(lines, fractions)
    place = _place(fractions, n, method)
    each = ranks(place, n, method)
    found = elements_of_each(lines, missing, each) if skip else elements(lines, each)
    if method in _DISCRETE:
        values = stepwise(found, q)
    else:
        weight = _where_the_data_is(lines, _weight(place, method))
        values = _between(found, in_dtype(weight, a.dtype) if weak else weight)
    if skip:
        values = np.where(n == 0, np.nan, values)
    return np.reshape(np.moveaxis(values, -1, 0), (*q.shape, *left))


def _where_the_data_is(lines: Any, x: Any) -> Any:
    return numbers_like(lines, x.tolist(), x.dtype) if isinstance(x, np.ndarray) else x


def _weight(place: Any, method: str) -> Any:
    """The weight of the element above a place."""
    beyond = place - np.floor(place)
    if method in _CONTINUOUS:
        return beyond
    # In steps: its derivative is 0.
    low, high = (0.5, 1) if method == "averaged_inverted_cdf" else (0, 0.5)
    return low + (high - low) * in_dtype(beyond > 0, beyond.dtype) + 0 * beyond


def _between(found: Any, weight: Any) -> Any:
    """The points between the elements below and those above, reckoned from the nearer one."""
    k = found.shape[-1] // 2
    below, above = found[..., :k], found[..., k:]
    nearer = np.where(weight >= 0.5, above, below)
    return nearer + (above - below) * np.where(weight >= 0.5, weight - 1, weight)


@composite(np.quantile)
def quantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = False,
    *,
    weights: Any = None,
) -> Any:
    """`numpy.quantile`, differentiable in `q` too; `a` is not overwritten."""
    refuse_out("quantile", out)
    return _quantile(a, q, 1, axis, method, keepdims, weights, skip=False)


@composite(np.percentile)
def percentile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = False,
    *,
    weights: Any = None,
) -> Any:
    """`numpy.percentile`, differentiable in `q` too; `a` is not overwritten."""
    refuse_out("percentile", out)
    return _quantile(a, q, 100, axis, method, keepdims, weights, skip=False)


@composite(np.nanquantile)
def nanquantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = np._NoValue,
    *,
    weights: Any = None,
) -> Any:
    """`numpy.nanquantile`, differentiable in `q` too; `a` is not overwritten."""
    refuse_out("nanquantile", out)
    return _quantile(a, q, 1, axis, method, keepdims, weights, skip=True)


@composite(np.nanpercentile)
def nanpercentile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = np._NoValue,
    *,
    weights: Any = None,
) -> Any:
    """`numpy.nanpercentile`, differentiable in `q` too; `a` is not overwritten."""
    refuse_out("nanpercentile", out)
    return _quantile(a, q, 100, axis, method, keepdims, weights, skip=True)

"""Reductions that pass over NaN. The gradient there is 0, whatever the result."""

from typing import Any

import numpy as np

from autograd_np.rules.reductions import (
    count,
    extreme_of_array,
    extreme_of_initial,
    given,
    of_mean,
    per,
    spread,
    stated,
    std_of_array,
    var_of_array,
)
from autograd_np.rules.registry import composite, refuse_out, rule


def _valid(a: Any, where: Any) -> Any:
    """Which elements count: those that are not NaN and that `where` chooses."""
    valid = np.logical_not(np.isnan(a))
    return np.logical_and(valid, where) if given(where) else valid


def _filled(a: Any, value: Any) -> Any:
    return np.where(np.isnan(a), value, a)


@composite(np.nansum)
def nansum(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = np._NoValue,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    """`numpy.nansum`: the sum with 0 for NaN."""
    refuse_out("nansum", out)
    options = stated(keepdims=keepdims, initial=initial, where=where)
    return np.sum(_filled(a, 0), axis=axis, dtype=dtype, **options)


@composite(np.nanprod)
def nanprod(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = np._NoValue,
    initial: Any = np._NoValue,
    where: Any = np._NoValue,
) -> Any:
    """`numpy.nanprod`: the product with 1 for NaN."""
    refuse_out("nanprod", out)
    options = stated(keepdims=keepdims, initial=initial, where=where)
    return np.prod(_filled(a, 1), axis=axis, dtype=dtype, **options)


@composite(np.nancumsum)
def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """`numpy.nancumsum`: the running sum with 0 for NaN."""
    refuse_out("nancumsum", out)
    return np.cumsum(_filled(a, 0), axis=axis, dtype=dtype)


@composite(np.nancumprod)
def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """`numpy.nancumprod`: the running product with 1 for NaN."""
    refuse_out("nancumprod", out)
    return np.cumprod(_filled(a, 1), axis=axis, dtype=dtype)


# NaN equals nothing, so that no element of a slice of NaN is chosen.
for _function in (np.nanmax, np.nanmin):
    rule(_function, a=extreme_of_array, initial=extreme_of_initial)


def _nanmean(g: Any, a: Any, axis: Any, keepdims: Any, where: Any) -> Any:
    valid = _valid(a, where)
    return spread(per(g, count(a, axis, keepdims, valid)), a, axis, keepdims, valid)


rule(np.nanmean, a=_nanmean)
rule(
    np.nanvar,
    a=lambda g, a, axis, keepdims, where, mean, ddof, correction: var_of_array(
        g, a, axis, keepdims, _valid(a, where), mean, ddof, correction
    ),
    mean=lambda g, a, axis, keepdims, where, mean, ddof, correction: of_mean(
        var_of_array(g, a, axis, keepdims, _valid(a, where), mean, ddof, correction), mean
    ),
)
rule(
    np.nanstd,
    a=lambda g, a, out, axis, keepdims, where, mean, ddof, correction: std_of_array(
        g, a, out, axis, keepdims, _valid(a, where), mean, ddof, correction
    ),
    mean=lambda g, a, out, axis, keepdims, where, mean, ddof, correction: of_mean(
        std_of_array(g, a, out, axis, keepdims, _valid(a, where), mean, ddof, correction), mean
    ),
)

"""Choosing between values: maximum, minimum, fmax, fmin, clip, where."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, dispatched, refuse_out, rule, written


def _share(g: Any, wins: Any, ties: Any) -> Any:
    """The gradient where an argument wins, and half of it where it ties."""
    return g * (wins + ties * g.dtype.type(0.5))


rule(
    np.maximum,
    x=lambda g, x, y: _share(g, x > y, x == y),
    y=lambda g, x, y: _share(g, y > x, x == y),
)
rule(
    np.minimum,
    x=lambda g, x, y: _share(g, x < y, x == y),
    y=lambda g, x, y: _share(g, y < x, x == y),
)


def _beats(x: Any, loses: Any) -> Any:
    """Where `x`, unless it is NaN, is taken because it does not lose."""
    return np.logical_and(x == x, np.logical_not(loses))


# These pass over NaN, to which nothing loses.
rule(
    np.fmax,
    x=lambda g, x, y: _share(g, _beats(x, x <= y), x == y),
    y=lambda g, x, y: _share(g, _beats(y, y <= x), x == y),
)
rule(
    np.fmin,
    x=lambda g, x, y: _share(g, _beats(x, x >= y), x == y),
    y=lambda g, x, y: _share(g, _beats(y, y >= x), x == y),
)
rule(
    np.where,
    "condition, x, y, /",
    x=lambda g, condition: np.where(condition, g, 0),
    y=lambda g, condition: np.where(condition, 0, g),
)


@dispatched
def clamp(a: Any, lower: Any, upper: Any) -> Any:
    """`a` within bounds, either of which may be None, as `numpy.clip` has it."""
    return np.clip(a, lower, upper)


def _inside(a: Any, lower: Any, upper: Any) -> Any:
    if lower is None:
        return a <= upper
    if upper is None:
        return a >= lower
    return np.logical_and(a >= lower, a <= upper)


written("clip", clamp)
# At a bound the gradient passes to `a`; where the bounds cross, NumPy returns the upper one.
rule(
    clamp,
    a=lambda g, a, lower, upper: g * _inside(a, lower, upper),
    lower=lambda g, a, lower, upper: (
        g * (a < lower if upper is None else np.logical_and(a < lower, lower <= upper))
    ),
    upper=lambda g, a, lower, upper: (
        g * (a > upper if lower is None else np.logical_or(a > upper, lower > upper))
    ),
)


@composite(np.clip)
def clip(
    a: Any,
    a_min: Any = np._NoValue,
    a_max: Any = np._NoValue,
    out: Any = None,
    *,
    min: Any = np._NoValue,
    max: Any = np._NoValue,
    **kwargs: Any,
) -> Any:
    """`numpy.clip` through `clamp`."""
    refuse_out("clip", out)
    if a_min is np._NoValue and a_max is np._NoValue:
        a_min, a_max = (None if bound is np._NoValue else bound for bound in (min, max))
    elif a_min is np._NoValue or a_max is np._NoValue:
        raise TypeError(
            "clip takes a_min and a_max together, either of which may be None. "
            "Write np.clip(t, min=lower) or np.clip(t, max=upper) for one bound."
        )
    elif min is not np._NoValue or max is not np._NoValue:
        raise ValueError("clip takes a_min and a_max, or min and max, and was given some of each.")
    if kwargs.get("where", True) is not True:
        raise TypeError(
            "clip(..., where=mask) leaves the other elements of the result undefined. "
            "Write np.where(mask, np.clip(t, lower, upper), other)."
        )
    result = np.positive(a) if a_min is None and a_max is None else clamp(a, a_min, a_max)
    return result if kwargs.get("dtype") is None else result.astype(kwargs["dtype"])

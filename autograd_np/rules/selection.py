"""Choosing between values: maximum, minimum, clip, where."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, dispatched, refuse_out, rule


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
    a_min: Any = None,
    a_max: Any = None,
    out: Any = None,
    *,
    min: Any = None,
    max: Any = None,
) -> Any:
    """`numpy.clip` through `clamp`."""
    refuse_out("clip", out)
    lower = min if a_min is None else a_min
    upper = max if a_max is None else a_max
    return a if lower is None and upper is None else clamp(a, lower, upper)

"""Weighted sums of exponentials, in logarithms."""

import math
from typing import Any

import numpy as np

from autograd_np.rules.reductions import widen
from autograd_np.rules.registry import dispatched, rule


@dispatched
def log_of_sum(a: Any, b: Any, axis: Any, keepdims: bool) -> tuple[Any, Any]:
    """Logarithm of the absolute value of ``sum(b * exp(a))``, and the sum's sign."""
    # As in SciPy, a weight of 0 takes an element out, whatever it is.
    exponents = np.where(b == 0, -np.inf, a)
    least: Any = {"initial": -np.inf} if 0 in a.shape else {}
    top = np.max(exponents, axis=axis, keepdims=True, **least)
    top = np.where(np.isfinite(top), top, 0)
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.sum(b * np.exp(exponents - top), axis=axis, keepdims=True)
    with np.errstate(divide="ignore"):
        logarithm = np.log(np.abs(total)) + top
    sign = np.sign(total)
    if not keepdims:
        logarithm, sign = (np.squeeze(each, axis=axis) for each in (logarithm, sign))
    return logarithm, sign


def _of_exponents(g: Any, a: Any, b: Any, log: Any, sign: Any, axis: Any, keepdims: bool) -> Any:
    g, log, sign = (widen(each, a, axis, keepdims) for each in (g, log, sign))
    # Bounded, so that an element of weight 0 has no infinite exponential.
    largest = math.log(np.finfo(g.dtype).max) - 1
    return g * (sign * b * np.exp(np.minimum(a - log, largest)))


def _of_weights(g: Any, a: Any, log: Any, sign: Any, axis: Any, keepdims: bool) -> Any:
    g, log, sign = (widen(each, a, axis, keepdims) for each in (g, log, sign))
    return g * (sign * np.exp(a - log))


rule(
    log_of_sum,
    outputs=["log", "sign"],
    a={"log": _of_exponents},
    b={"log": _of_weights},
)

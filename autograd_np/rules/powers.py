"""Powers, exponentials, logarithms, and the circular functions that networks use."""

import math
from typing import Any

import numpy as np

from autograd_np.rules.activations import sigmoid
from autograd_np.rules.precision import wide
from autograd_np.rules.reductions import in_dtype
from autograd_np.rules.registry import rule

_LN2, _LN10 = math.log(2), math.log(10)

rule(np.square, x=lambda g, x: g * (2 * x))
rule(np.sqrt, x=lambda g, out: g * (0.5 / out))
rule(np.cbrt, x=lambda g, out: g / (3 * out * out))
rule(np.exp, x=lambda g, out: g * out)
rule(np.exp2, x=lambda g, out: g * (out * _LN2))
rule(np.expm1, x=lambda g, out: g * (out + 1))
rule(np.log, x=lambda g, x: g / x)
rule(np.log2, x=lambda g, x: g / (x * _LN2))
rule(np.log10, x=lambda g, x: g / (x * _LN10))
rule(np.log1p, x=lambda g, x: g / (1 + x))
rule(np.sin, x=lambda g, x: g * np.cos(x))
rule(np.cos, x=lambda g, x: -g * np.sin(x))
rule(np.tanh, x=lambda g, out: g * (1 - out * out))


def _power_of_base(g: Any, x: Any, y: Any) -> Any:
    """``g * (y * x ** (y - 1))``."""
    if isinstance(y, (int, float, complex)):
        # A constant of the call, so that this is no branch on a value; whole powers stay fast.
        return np.zeros_like(g) if y == 0 else g * (y * x ** (y - 1))
    # 0**0 must not become 0 * 0**-1, which is NaN.
    x, y = wide(x), wide(y)
    vanishes = np.logical_and(x == 0, y == 0)
    return g * (y * x ** np.where(vanishes, 1, y - 1))


def _float_power_of_base(g: Any, x: Any, y: Any) -> Any:
    """``g * (y * x ** (y - 1))``."""
    x, y = wide(x), wide(y)
    vanishes = np.logical_and(x == 0, y == 0)
    return g * (y * np.float_power(x, np.where(vanishes, 1, y - 1.0)))


def _power_of_exponent(g: Any, x: Any, out: Any) -> Any:
    """``g * (out * np.log(x))``; 0 where x is 0."""
    # 0**y is constant for y > 0, so log 0 must not be taken.
    if isinstance(x, (int, float, complex)):
        return g * (out * np.log(x or 1, dtype=out.dtype).item())
    return g * (out * np.log(in_dtype(np.where(x == 0, 1, x), out.dtype)))


rule(np.power, x=_power_of_base, y=_power_of_exponent)
rule(np.float_power, x=_float_power_of_base, y=_power_of_exponent)


def _share(x: Any, y: Any, scale: float = 1) -> Any:
    """``exp(x)`` as a part of ``exp(x) + exp(y)``: half of it where both are the same infinity."""
    tie = np.logical_and(x == y, np.isinf(x))
    return sigmoid((np.where(tie, 0, x) - np.where(tie, 0, y)) * scale)


rule(np.logaddexp, x=lambda g, x, y: g * _share(x, y), y=lambda g, x, y: g * _share(y, x))
rule(
    np.logaddexp2,
    x=lambda g, x, y: g * _share(x, y, _LN2),
    y=lambda g, x, y: g * _share(y, x, _LN2),
)

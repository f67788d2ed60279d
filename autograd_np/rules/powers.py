"""Powers, exponentials, logarithms and the circular and hyperbolic functions."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import rule

rule(np.square, x=lambda g, x: g * (2 * x))
rule(np.sqrt, x=lambda g, out: g * (0.5 / out))
rule(np.exp, x=lambda g, out: g * out)
rule(np.expm1, x=lambda g, out: g * (out + 1))
rule(np.log, x=lambda g, x: g / x)
rule(np.log2, x=lambda g, x: g / (x * float(np.log(2))))
rule(np.log10, x=lambda g, x: g / (x * float(np.log(10))))
rule(np.log1p, x=lambda g, x: g / (1 + x))
rule(np.sin, x=lambda g, x: g * np.cos(x))
rule(np.cos, x=lambda g, x: -g * np.sin(x))
rule(np.tanh, x=lambda g, out: g * (1 - out * out))


def _power_of_base(g: Any, x: Any, y: Any) -> Any:
    # At y = 0 the derivative is 0; the exponent there must not become -1, or 0 * inf is NaN.
    return g * (y * x ** np.where(y == 0, 1, y - 1))


def _power_of_exponent(g: Any, x: Any, out: Any) -> Any:
    # 0**y is constant for y > 0, so log 0 must not be taken.
    return g * (out * np.log(np.where(x == 0, 1, x)))


rule(np.power, x=_power_of_base, y=_power_of_exponent)
rule(
    np.logaddexp,
    x=lambda g, x, out: g * np.exp(x - out),
    y=lambda g, y, out: g * np.exp(y - out),
)

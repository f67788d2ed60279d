"""Exponential integrals and the dilogarithm."""

import math
from typing import Any

import numpy as np
from scipy import special as sp

from autograd_np.rules.registry import dispatched, rule

rule(sp.exp1, x=lambda g, x: -g * (np.exp(-x) / x))
rule(sp.expi, x=lambda g, x: g * (np.exp(x) / x))


@dispatched
def generalized_expn(n: Any, x: Any) -> Any:
    """The exponential integral of any whole order `n`: SciPy's ends at 0."""
    if isinstance(n, (int, float)):
        return sp.expn(n, x) if n >= 0 else _expn_downward(n, math.gamma(1 - n), x)
    below = np.minimum(n, -1)
    return np.where(
        n >= 0, sp.expn(np.maximum(n, 0), x), _expn_downward(below, sp.gamma(1.0 - below), x)
    )


def _expn_downward(n: Any, factorial: Any, x: Any) -> Any:
    # DLMF 8.19.1
    return x ** (n - 1.0) * factorial * sp.gammaincc(1.0 - n, x)


rule(sp.expn, "n, x, /", x=lambda g, n, x: -g * generalized_expn(n - 1, x))
rule(generalized_expn, x=lambda g, n, x: -g * generalized_expn(n - 1, x))


@dispatched
def spence_slope(x: Any) -> Any:
    """``log(x) / (1 - x)``, and its limit -1 at 1."""
    one = x == 1
    return np.where(one, -1, np.log(x) / np.where(one, 1, 1 - x))


def _spence_curvature(g: Any, x: Any, out: Any) -> Any:
    # Near 1 the quotient is of two small differences: there the series of log(1 - w) / w.
    w = 1 - x
    near = np.abs(w) < 0.25
    small = np.where(near, w, 0)
    series: Any = 0
    for k in range(26, 0, -1):
        series = series * small + k / (k + 1)
    return g * np.where(near, series, (1 / x + out) / np.where(near, 1, w))


rule(sp.spence, x=lambda g, x: g * spence_slope(x))
rule(spence_slope, x=_spence_curvature)

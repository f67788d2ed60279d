"""Bessel functions: each derivative is made of the neighbouring orders (DLMF 10.6.1, 10.29.1)."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special as sp

from autograd_np.rules.registry import dispatched, rule


def _without_power(f: Callable[[Any], Any], n: int, x: Any, sign: int, scale: Any) -> Any:
    """``f(x) / x**n``, where `f` is a Bessel function of whole order `n`.

    Near 0 it is the beginning of the power series (DLMF 10.2.2, 10.25.2), whose terms alternate
    where `sign` is -1, times `scale`.
    """
    near = np.abs(x) < 1e-3
    t = sign * np.square(np.where(near, x, 0)) / 4
    series = scale * (1 + t / (n + 1) * (1 + t / (2 * (n + 2)))) / (2**n * math.factorial(n))
    far = np.where(near, 1.0, x)
    return np.where(near, series, f(far) / far**n)


# The functions of order 1 need a quotient by `x` that is right at 0, and so are its derivatives:
# that of J(n, x) / x**n is -x times the next of its kind (DLMF 10.6.6 and 10.29.4).


@dispatched
def jn_by_power(n: int, x: Any) -> Any:
    """``jv(n, x) / x**n`` for a whole order `n`."""
    return _without_power(sp.j1 if n == 1 else lambda x: sp.jv(n, x), n, x, -1, 1)


@dispatched
def in_by_power(n: int, x: Any) -> Any:
    """``iv(n, x) / x**n`` for a whole order `n`."""
    return _without_power(sp.i1 if n == 1 else lambda x: sp.iv(n, x), n, x, 1, 1)


@dispatched
def ine_by_power(n: int, x: Any) -> Any:
    """``ive(n, x) / x**n`` for a whole order `n`."""
    scale = np.exp(-np.abs(x))
    return _without_power(sp.i1e if n == 1 else lambda x: sp.ive(n, x), n, x, 1, scale)


rule(jn_by_power, x=lambda g, n, x: -g * (x * jn_by_power(n + 1, x)))
rule(in_by_power, x=lambda g, n, x: g * (x * in_by_power(n + 1, x)))
rule(
    ine_by_power,
    x=lambda g, n, x, out: g * (x * ine_by_power(n + 1, x) - np.sign(x) * out),
)

rule(sp.j0, x=lambda g, x: -g * sp.j1(x))
rule(sp.j1, x=lambda g, x: g * (sp.j0(x) - jn_by_power(1, x)))
rule(sp.y0, x=lambda g, x: -g * sp.y1(x))
rule(sp.y1, x=lambda g, x, out: g * (sp.y0(x) - out / x))
rule(sp.i0, x=lambda g, x: g * sp.i1(x))
rule(sp.i1, x=lambda g, x: g * (sp.i0(x) - in_by_power(1, x)))
rule(sp.i0e, x=lambda g, x, out: g * (sp.i1e(x) - np.sign(x) * out))
rule(sp.i1e, x=lambda g, x, out: g * (sp.i0e(x) - ine_by_power(1, x) - np.sign(x) * out))

rule(sp.jv, "v, z, /", z=lambda g, v, z: g * (0.5 * (sp.jv(v - 1, z) - sp.jv(v + 1, z))))
rule(sp.yn, "n, x, /", x=lambda g, n, x: g * (0.5 * (sp.yn(n - 1, x) - sp.yn(n + 1, x))))
rule(sp.iv, "v, z, /", z=lambda g, v, z: g * (0.5 * (sp.iv(v - 1, z) + sp.iv(v + 1, z))))
# The scale exp(-|Re z|) is real and depends on the real part alone.
rule(
    sp.ive,
    "v, z, /",
    z=lambda g, v, z, out: (
        g * (0.5 * (sp.ive(v - 1, z) + sp.ive(v + 1, z))) - np.real(g * out) * np.sign(np.real(z))
    ),
)

"""numpy.i0 and numpy.sinc, to every order.

Both begin a sequence of functions in which each is the slope of the one before, but for a factor:
with I the modified and j the spherical Bessel functions, the derivative of I_n(x) / x**n is x times
I_(n+1)(x) / x**(n+1), and that of j_n(x) / x**n is -x times j_(n+1)(x) / x**(n+1) (DLMF 10.29.4 and
10.51.3). None of them divides by 0.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_np.rules.precision import wide
from autograd_np.rules.registry import dispatched, rule


def _horner(x: Any, coefficients: Iterable[float]) -> Any:
    """The polynomial with these coefficients, that of the highest power first."""
    total = np.zeros_like(x)
    for coefficient in coefficients:
        total *= x
        total += coefficient
    return total


@dispatched
def modified_bessel(x: Any, n: int) -> Any:
    """The modified Bessel function I_n of `x`, divided by ``x**n``."""
    x = np.absolute(wide(x))
    near = x < 20
    # The power series, DLMF 10.25.2: all terms are positive.
    square = np.square(np.where(near, x, 0) / 2)
    terms = [1 / (2**n * math.factorial(k) * math.factorial(n + k)) for k in range(48)]
    series = _horner(square, reversed(terms))
    # The asymptotic series, DLMF 10.40.1, cut off where its terms are smallest.
    x = np.where(near, 20, x)
    terms = [1.0]
    for k in range(1, 32):
        terms.append(-terms[-1] * (4 * n * n - (2 * k - 1) ** 2) / (8 * k))
    tail = np.exp(x) / (np.sqrt(2 * math.pi * x) * x**n) * _horner(1 / x, reversed(terms))
    return np.where(near, series, tail)


@dispatched
def spherical_bessel(x: Any, n: int) -> Any:
    """The spherical Bessel function j_n of `x`, divided by ``x**n``."""
    x = wide(x)
    near = np.absolute(x) < 1
    # The power series, DLMF 10.53.1.
    terms = [
        (-0.5) ** k / (math.factorial(k) * math.prod(range(1, 2 * (n + k) + 2, 2)))
        for k in range(10)
    ]
    series = _horner(np.square(np.where(near, x, 0)), reversed(terms))
    # The recurrence, DLMF 10.51.1, from the order -1 on.
    x = np.where(near, 1, x)
    square = x * x
    lower, value = np.cos(x), np.sin(x) / x
    for k in range(n):
        lower, value = value, ((2 * k + 1) * value - lower) / square
    return np.where(near, series, value)


rule(modified_bessel, x=lambda g, x, n: g * (x * modified_bessel(x, n + 1)))
rule(spherical_bessel, x=lambda g, x, n: -g * (x * spherical_bessel(x, n + 1)))
rule(np.i0, x=lambda g, x: g * (x * modified_bessel(x, 1)))
rule(np.sinc, x=lambda g, x: -g * (math.pi**2 * x * spherical_bessel(math.pi * wide(x), 1)))

"""Zeta functions, and the polygamma functions that they make up."""

import math
from typing import Any

import numpy as np
from scipy import special as sp

from autograd_np.rules.registry import dispatched, rule, written
from autograd_np.rules.special.error_functions import as_result


class _Probe:
    """An argument that is answered with the ufunc it was given to."""

    def __array_ufunc__(self, ufunc: Any, *_: Any, **__: Any) -> Any:
        return ufunc


# scipy.special.zeta is a Python function that picks one of two ufuncs.
riemann_zeta = sp.zeta(_Probe())
hurwitz_zeta = sp.zeta(2.0, _Probe())

# Where the Euler-Maclaurin formula (DLMF 25.11.9) takes over from the sum, and the Bernoulli
# numbers 2, 4, ... of its terms: enough for float64 at every exponent from 0 on.
_DIRECT = 12
_BERNOULLI = sp.bernoulli(16)[2::2].tolist()


def _hurwitz_slope(s: Any, q: Any) -> Any:
    """Derivative of the Hurwitz zeta function with respect to its exponent `s`."""
    logs = [np.log(q + k) for k in range(_DIRECT + 1)]
    last = logs.pop()
    slope = -sum(log * np.exp(-s * log) for log in logs)
    slope = slope - np.exp((1 - s) * last) * (last + 1 / (s - 1)) / (s - 1)
    power = np.exp(-s * last)
    slope = slope - 0.5 * last * power
    # s (s + 1) ... (s + 2 k - 2) over as many powers of q + 12, and its derivative.
    inverse = 1 / (q + _DIRECT)
    rising, its_slope = s * inverse * power, inverse * power
    for k, number in enumerate(_BERNOULLI, 1):
        slope = slope + (number / math.factorial(2 * k)) * (its_slope - rising * last)
        for j in (2 * k - 1, 2 * k):
            factor = (s + j) * inverse
            rising, its_slope = rising * factor, its_slope * factor + rising * inverse
    return slope


def _riemann_slope(s: Any) -> Any:
    """Derivative of the Riemann zeta function, left of 0 by reflection (DLMF 25.4.1)."""
    left = s < 0
    t = 1 - np.where(left, s, -1.0)
    one = np.ones_like(t)
    angle = math.pi / 2 * t
    log_slope = sp.psi(t) - math.log(2 * math.pi)
    reflected = np.cos(angle) * (log_slope * riemann_zeta(t) + _hurwitz_slope(t, one))
    reflected = reflected - math.pi / 2 * np.sin(angle) * riemann_zeta(t)
    scale = -2 * np.exp(sp.gammaln(t) - math.log(2 * math.pi) * t)
    return np.where(left, scale * reflected, _hurwitz_slope(np.where(left, 2.0, s), one))


def _of_exponent(g: Any, slope: Any, *arguments: Any) -> Any:
    if arguments[0].dtype.kind == "c":
        raise TypeError(
            "zeta has no derivative rule for complex exponents. Pass a real one: zeta(np.real(x))."
        )
    return g * slope(*(as_result(each, g) for each in arguments))


written("zeta", riemann_zeta, hurwitz_zeta)
rule(riemann_zeta, x=lambda g, x: _of_exponent(g, _riemann_slope, x))
rule(
    hurwitz_zeta,
    "x, q, /",
    x=lambda g, x, q: _of_exponent(g, _hurwitz_slope, x, q),
    q=lambda g, x, q: -g * (x * hurwitz_zeta(x + 1, q)),
)


def _trigamma(x: Any) -> Any:
    # As zeta(2, x) by the same formula: SciPy's takes ten times as long, and no complex numbers.
    # Left of 1/2 by reflection (DLMF 5.15.6).
    left = np.real(x) < 0.5
    right = np.where(left, 1 - x, x)
    inverse = 1 / (right + 8)
    square = inverse * inverse
    total: Any = 0.0
    for number in reversed(_BERNOULLI):
        total = (total + number) * square
    total = inverse * (1 + 0.5 * inverse + total)
    for k in range(8):
        total = total + np.square(1 / (right + k))
    sine = np.sin(math.pi * np.where(left, x - np.rint(np.real(x)), 0.5))
    return np.where(left, np.square(math.pi / sine) - total, total)


@dispatched
def trigamma(x: Any) -> Any:
    """The derivative of `psi`, for real arguments."""
    with np.errstate(divide="ignore"):
        return _trigamma(x)


rule(sp.psi, x=lambda g, x: g * (_trigamma(x) if x.dtype.kind == "c" else trigamma(x)))
rule(trigamma, x=lambda g, x: -g * (2 * hurwitz_zeta(3.0, x)))


def _signed_factorial(n: Any) -> Any:
    return np.power(-1.0, n + 1) * sp.gamma(n + 1)


@dispatched
def polygamma(n: Any, x: Any) -> Any:
    """See `autograd_np.scipy.special.polygamma`."""
    if isinstance(n, (int, float, np.generic)):
        n = float(n)
        # A Python number leaves float32 as it is.
        return sp.psi(x) if n == 0 else float(_signed_factorial(n)) * hurwitz_zeta(n + 1, x)
    n = n + 0.0
    return np.where(n == 0, sp.psi(x), _signed_factorial(n) * hurwitz_zeta(n + 1, x))


rule(polygamma, x=lambda g, n, x: g * polygamma(np.add(n, 1), x))

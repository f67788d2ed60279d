"""The error function, the normal distribution and their kin."""

import math
from typing import Any

import numpy as np
from scipy import special as sp

from autograd_np.rules.registry import dispatched, rule

_TWO_BY_ROOT_PI = 2 / math.sqrt(math.pi)
_ROOT_TWO_PI = math.sqrt(2 * math.pi)


def as_result(x: Any, g: Any) -> Any:
    """`x` in the precision of the result: SciPy computes float16 in float32."""
    return x.astype(g.dtype) if getattr(x, "dtype", g.dtype) != g.dtype else x


def _square(x: Any, g: Any) -> Any:
    return np.square(as_result(x, g))


rule(sp.erf, x=lambda g, x: g * (_TWO_BY_ROOT_PI * np.exp(-_square(x, g))))
rule(sp.erfc, x=lambda g, x: -g * (_TWO_BY_ROOT_PI * np.exp(-_square(x, g))))
rule(sp.erfinv, x=lambda g, out: g * (np.exp(np.square(out)) / _TWO_BY_ROOT_PI))
rule(sp.erfcinv, x=lambda g, out: -g * (np.exp(np.square(out)) / _TWO_BY_ROOT_PI))

rule(sp.ndtr, x=lambda g, x: g * (np.exp(-0.5 * _square(x, g)) / _ROOT_TWO_PI))
rule(sp.ndtri, x=lambda g, out: g * (np.exp(0.5 * np.square(out)) * _ROOT_TWO_PI))


# Far out the derivatives of erfcx, dawsn and log_ndtr are differences of nearly equal numbers.
# There they come from an asymptotic series (DLMF 7.12.1), which with s = -1/(2 x**2) reads
#     sqrt(pi) x erfcx(x) = 1 + s + 3 s**2 + 15 s**3 + ...
# The same with -s gives 2 x dawsn(x).
_COEFFICIENTS = [math.prod(range(1, 2 * k, 2)) for k in range(10, 0, -1)]


def _series(s: Any) -> Any:
    """The series without its first term."""
    total: Any = 0.0
    for coefficient in _COEFFICIENTS:
        total = (total + coefficient) * s
    return total


def _far(x: Any) -> float:
    """From where on the series is exact in the dtype of `x`."""
    return 5.0 if x.dtype.itemsize <= 4 else 12.0


def _erfcx(g: Any, x: Any, out: Any) -> Any:
    nearby = 2 * (x * out) - _TWO_BY_ROOT_PI
    if x.dtype.kind == "c":
        return g * nearby
    far = x > _far(x)
    distant = as_result(np.where(far, x, _far(x)), g)
    return g * np.where(far, _TWO_BY_ROOT_PI * _series(-0.5 / distant / distant), nearby)


def _dawsn(g: Any, x: Any, out: Any) -> Any:
    nearby = 1 - 2 * (x * out)
    if x.dtype.kind == "c":
        return g * nearby
    far = np.abs(x) > _far(x)
    distant = as_result(np.where(far, x, _far(x)), g)
    return g * np.where(far, -_series(0.5 / distant / distant), nearby)


rule(sp.erfcx, x=_erfcx)
rule(sp.dawsn, x=_dawsn)


@dispatched
def inverse_mills_ratio(x: Any) -> Any:
    """The normal density over its distribution function, for real `x`."""
    return 2 / _ROOT_TWO_PI / sp.erfcx(x / -math.sqrt(2))


def _inverse_mills_ratio(g: Any, x: Any, out: Any) -> Any:
    bound = -_far(x) * math.sqrt(2)
    far = x < bound
    distant = as_result(np.where(far, x, bound), g)
    series = _series(-1 / distant / distant)
    return -g * (out * np.where(far, distant * series / (1 + series), x + out))


def _log_ndtr(g: Any, x: Any, out: Any) -> Any:
    if x.dtype.kind == "c":
        return g * (np.exp(-0.5 * np.square(x) - out) / _ROOT_TWO_PI)
    return g * inverse_mills_ratio(x)


rule(inverse_mills_ratio, x=_inverse_mills_ratio)
rule(sp.log_ndtr, x=_log_ndtr)

"""Incomplete moments of the gamma and beta distributions, to nearly the precision of float64.

Both densities, as functions of ``v = log(t)`` and ``v = log(t / (1 - t))``, are exponentials of a
concave function with its peak at the mean of `t`. From a bound the integral runs away from the
peak, as far as the density matters, by the double-exponential rule for half-lines (Takahasi and
Mori, 1974): the trapezoidal rule in `w`, for a distance from the bound that is proportional to
``exp(w - exp(-w))``. Everything is relative to the peak, so that large parameters cost no digits.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special as sp

from autograd_np.rules.registry import dispatched

# The density is taken as zero where it is less than exp(-40) times what it is at its highest.
_DROP = 40.0
_STEP = 0.04
_NODES = [
    (math.exp(w - math.exp(-w)), _STEP * (1 + math.exp(-w)) * math.exp(w - math.exp(-w)))
    for w in (0.567 - _STEP * i for i in range(105))
]
_NEWTON_STEPS = 16

# Parameters beyond 1e15 or so can leave the range of floats on the way: the moment is not finite.
_quietly = np.errstate(all="ignore")


def _double(x: Any) -> Any:
    return x.astype(float) if hasattr(x, "dtype") else x


def _away_from_peak(f: Callable[[Any], Any], bound: Any, side: Any, reach: Any) -> Any:
    """The integral of `f` from `bound` to the left (`side` 1) or to the right (`side` -1)."""
    return reach * sum(weight * f(bound - side * reach * node) for node, weight in _NODES)


def _peak(a: Any) -> Any:
    """``a log(a) - a - log(Gamma(a))``, by Stirling's series (DLMF 5.11.1) where `a` is large."""
    large = a > 50
    far = np.where(large, a, 50.0)
    corrections = (1 / 12 - (1 / 360 - 1 / 1260 / far**2) / far**2) / far
    near = np.where(large, 1.0, a)
    return np.where(
        large,
        0.5 * np.log(far / (2 * math.pi)) - corrections,
        near * np.log(near) - near - sp.gammaln(near),
    )


@dispatched
@_quietly
def log_gamma_moment(a: Any, x: Any, m: int) -> Any:
    """Incomplete central moment of the logarithm of a gamma variable.

    The mean of ``(log(t) - psi(a))**m`` where ``t < x``, and 0 elsewhere; `m` is at least 1.
    """
    dtype = np.result_type(a, x)
    a, x = _double(a), _double(x)
    valid = (a > 0) & (x > 0)
    a = np.where(valid, a, 1.0)
    # Beyond that the density is zero.
    t = np.minimum(np.where(valid, x, 1.0), 10 * a + 1e5)
    # log(t) relative to the peak.
    close = np.abs(t - a) < 0.5 * a
    bound = np.where(close, np.log1p(np.where(close, t - a, 0.0) / a), np.log(t / a))
    offset = np.log(a) - sp.psi(a)
    peak = _peak(a)

    def integrand(u: Any) -> Any:
        return np.exp(peak + a * (u - np.expm1(u))) * (u + offset) ** m

    def tail(bound: Any, side: Any) -> Any:
        return _away_from_peak(integrand, bound, side, _gamma_reach(a, bound, side))

    side = np.where(bound <= 0, 1.0, -1.0)
    moment = side * tail(bound, side)
    if m > 1:
        # The first moment over all `t` is 0.
        moment = np.where(side > 0, moment, tail(0.0 * a, 1.0) + tail(0.0 * a, -1.0) + moment)
    return np.where(valid, moment, np.where((a > 0) & (x == 0), 0.0, np.nan)).astype(dtype)


def _gamma_reach(a: Any, bound: Any, side: Any) -> Any:
    """How far from `bound`, away from the peak at 0, the density matters."""
    rest = _DROP / a
    left = rest + np.minimum(1.0, np.sqrt(3 * rest))
    right = np.minimum(np.sqrt(2 * rest), 1 + np.log1p(2 * rest))
    reach = np.where(side > 0, left, right)
    for _ in range(_NEWTON_STEPS):
        # The drop is convex in the reach, which starts too long: no step goes too far.
        drop = side * reach + np.exp(bound) * np.expm1(-side * reach)
        reach = reach - (drop - rest) / (side * -np.expm1(bound - side * reach))
    return reach


@dispatched
@_quietly
def log_beta_moment(a: Any, b: Any, x: Any, j: int, k: int) -> Any:
    """Incomplete central moment of the logarithms of a beta variable and of its complement.

    The mean of ``(log(t) - psi(a) + psi(a+b))**j * (log(1-t) - psi(b) + psi(a+b))**k`` where
    ``t < x``, and 0 elsewhere; `j` and `k` are not both 0.
    """
    dtype = np.result_type(a, b, x)
    a, b, x = _double(a), _double(b), _double(x)
    positive = (a > 0) & (b > 0)
    valid = positive & (x > 0) & (x < 1)
    a, b, t = np.where(positive, a, 1.0), np.where(positive, b, 1.0), np.where(valid, x, 0.5)
    # log(t / (1 - t)) relative to the peak, at the mean of `t`.
    bound = np.log(t / (1 - t)) - np.log(a / b)
    mean, rest = a / (a + b), b / (a + b)
    left_offset = np.log(mean) - sp.psi(a) + sp.psi(a + b)
    right_offset = np.log(rest) - sp.psi(b) + sp.psi(a + b)
    peak = _peak(a) + _peak(b) - _peak(a + b)

    def integrand(u: Any) -> Any:
        left, right = _fall(rest, -u), _fall(mean, u)
        density = np.exp(peak - a * left - b * right)
        return density * (left_offset - left) ** j * (right_offset - right) ** k

    def tail(bound: Any, side: Any, t: Any, rest: Any) -> Any:
        leftward = side > 0
        near, far = np.where(leftward, t, rest), np.where(leftward, rest, t)
        reach = _beta_reach(np.where(leftward, a, b), np.where(leftward, b, a), near, far)
        return _away_from_peak(integrand, bound, side, reach)

    side = np.where(bound <= 0, 1.0, -1.0)
    moment = side * tail(bound, side, t, 1 - t)
    total = 0.0 * a
    if j + k > 1:
        # The first moments over all `t` are 0.
        total = tail(0.0 * a, 1.0, mean, rest) + tail(0.0 * a, -1.0, mean, rest)
        moment = np.where(side > 0, moment, total + moment)
    edge = np.where(x == 0, 0.0, np.where(x == 1, total, np.nan))
    return np.where(valid, moment, np.where(positive, edge, np.nan)).astype(dtype)


def _fall(rest: Any, d: Any) -> Any:
    """By how much ``log(t)`` falls as ``log(t / (1 - t))`` falls by `d`, from ``t = 1 - rest``."""
    far = d > 300
    return np.where(far, np.log(rest) + d, np.log1p(rest * np.expm1(np.where(far, 0.0, d))))


def _beta_reach(a: Any, b: Any, t: Any, rest: Any) -> Any:
    """How far left of `t`, in its log odds and where the density rises, the density matters."""
    reach = _DROP / a - (1 + b / a) * np.log(rest)
    for _ in range(_NEWTON_STEPS):
        # As for the gamma distribution.
        drop = a * _fall(rest, reach) + b * _fall(t, -reach)
        there = t * np.exp(-reach) / (rest + t * np.exp(-reach))
        reach = reach - (drop - _DROP) / (a - (a + b) * there)
    return reach

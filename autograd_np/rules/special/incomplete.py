"""The incomplete gamma and beta functions, differentiable in their parameters, too.

They are distribution functions: of the gamma distribution, with density ``t**(a-1) exp(-t) /
Gamma(a)``, and of the beta distribution, with density ``t**(a-1) (1-t)**(b-1) / B(a, b)``.
Differentiating a density with respect to a parameter multiplies it by ``log(t)`` (or
``log(1-t)``) less its mean. So every derivative is an incomplete central moment of the logarithms,
and the derivative of such a moment is made of its neighbours.
"""

from typing import Any

import numpy as np
from scipy import special as sp

from autograd_np.rules.registry import rule
from autograd_np.rules.special.quadrature import log_beta_moment, log_gamma_moment
from autograd_np.rules.special.zeta_functions import trigamma


def _gamma_density(a: Any, x: Any) -> Any:
    return np.exp(sp.xlogy(a - 1, x) - x - sp.gammaln(a))


def _gamma_moment(a: Any, x: Any, m: int) -> Any:
    return log_gamma_moment(a, x, m) if m else sp.gammainc(a, x)


def _gamma_moment_of_parameter(g: Any, a: Any, x: Any, m: int) -> Any:
    return g * (_gamma_moment(a, x, m + 1) - m * trigamma(a) * _gamma_moment(a, x, m - 1))


rule(
    sp.gammainc,
    "a, x, /",
    a=lambda g, a, x: g * log_gamma_moment(a, x, 1),
    x=lambda g, a, x: g * _gamma_density(a, x),
)
rule(
    sp.gammaincc,
    "a, x, /",
    a=lambda g, a, x: -g * log_gamma_moment(a, x, 1),
    x=lambda g, a, x: -g * _gamma_density(a, x),
)
rule(
    log_gamma_moment,
    a=_gamma_moment_of_parameter,
    x=lambda g, a, x, m: g * (_gamma_density(a, x) * (np.log(x) - sp.psi(a)) ** m),
)


def _beta_density(a: Any, b: Any, x: Any) -> Any:
    return np.exp(sp.xlogy(a - 1, x) + sp.xlog1py(b - 1, -x) - sp.betaln(a, b))


def _beta_moment(a: Any, b: Any, x: Any, j: int, k: int) -> Any:
    return log_beta_moment(a, b, x, j, k) if j or k else sp.betainc(a, b, x)


def _beta_moment_of_a(g: Any, a: Any, b: Any, x: Any, j: int, k: int) -> Any:
    slope = _beta_moment(a, b, x, j + 1, k)
    if j:
        slope = slope + j * (trigamma(a + b) - trigamma(a)) * _beta_moment(a, b, x, j - 1, k)
    if k:
        slope = slope + k * trigamma(a + b) * _beta_moment(a, b, x, j, k - 1)
    return g * slope


def _beta_moment_of_b(g: Any, a: Any, b: Any, x: Any, j: int, k: int) -> Any:
    slope = _beta_moment(a, b, x, j, k + 1)
    if j:
        slope = slope + j * trigamma(a + b) * _beta_moment(a, b, x, j - 1, k)
    if k:
        slope = slope + k * (trigamma(a + b) - trigamma(b)) * _beta_moment(a, b, x, j, k - 1)
    return g * slope


def _beta_moment_of_bound(g: Any, a: Any, b: Any, x: Any, j: int, k: int) -> Any:
    mean = sp.psi(a + b)
    left, right = np.log(x) - sp.psi(a) + mean, np.log1p(-x) - sp.psi(b) + mean
    return g * (_beta_density(a, b, x) * left**j * right**k)


rule(
    sp.betainc,
    "a, b, x, /",
    a=lambda g, a, b, x: g * log_beta_moment(a, b, x, 1, 0),
    b=lambda g, a, b, x: g * log_beta_moment(a, b, x, 0, 1),
    x=lambda g, a, b, x: g * _beta_density(a, b, x),
)
rule(log_beta_moment, a=_beta_moment_of_a, b=_beta_moment_of_b, x=_beta_moment_of_bound)

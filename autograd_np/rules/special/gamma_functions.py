"""The gamma function and its relatives."""

import math
from typing import Any

import numpy as np
from scipy import special as sp

from autograd_np.rules.registry import dispatched, rule

rule(sp.gamma, x=lambda g, x, out: g * (out * sp.psi(x)))
rule(sp.gammaln, x=lambda g, x: g * sp.psi(x))
rule(sp.gammasgn, x=lambda g: np.zeros_like(g))


def _rgamma(g: Any, x: Any, out: Any) -> Any:
    # Left of 1/2 by reflection (DLMF 5.5.3 and 5.5.4), which is finite at the poles of gamma.
    left = np.real(x) < 0.5
    reflected = 1 - np.where(left, x, 0.5)
    period = np.rint(np.real(x))
    sign = 1 - 2 * np.abs(np.fmod(period, 2))
    angle = math.pi * (x - period)
    by_reflection = (
        sp.gamma(reflected) * sign * (np.cos(angle) - sp.psi(reflected) * (np.sin(angle) / math.pi))
    )
    return g * np.where(left, by_reflection, -out * sp.psi(np.where(left, 0.5, x)))


rule(sp.rgamma, x=_rgamma)

rule(
    sp.beta,
    "a, b, /",
    a=lambda g, a, b, out: g * (out * (sp.psi(a) - sp.psi(a + b))),
    b=lambda g, a, b, out: g * (out * (sp.psi(b) - sp.psi(a + b))),
)
rule(
    sp.betaln,
    "a, b, /",
    a=lambda g, a, b: g * (sp.psi(a) - sp.psi(a + b)),
    b=lambda g, a, b: g * (sp.psi(b) - sp.psi(a + b)),
)


@dispatched
def multigammaln(a: Any, d: Any) -> Any:
    """See `autograd_np.scipy.special.multigammaln`."""
    if isinstance(a, np.ndarray) and np.any(a <= (d - 1) / 2):
        raise ValueError(
            f"multigammaln(a, {d}) needs a > {(d - 1) / 2}, and the least of a is {a.min()}."
        )
    return sum((sp.gammaln(a - j / 2) for j in range(d)), d * (d - 1) / 4 * math.log(math.pi))


rule(multigammaln, a=lambda g, a, d: g * sum(sp.psi(a - j / 2) for j in range(d)))

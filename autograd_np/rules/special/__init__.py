"""The special functions of SciPy, one file per family; imported when SciPy is in use."""

from autograd_np.rules.special import (
    bessel,
    entropies,
    error_functions,
    exponential_integrals,
    gamma_functions,
    incomplete,
    logistic,
    sums,
    zeta_functions,
)

__all__ = [
    "bessel",
    "entropies",
    "error_functions",
    "exponential_integrals",
    "gamma_functions",
    "incomplete",
    "logistic",
    "sums",
    "zeta_functions",
]

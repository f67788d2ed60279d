"""Gradients for other people's loops: SciPy's optimisers take ``value_and_grad`` as it is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_np as ag


def rosenbrock(x: Any) -> Any:
    """Return Rosenbrock's function, whose minimum of 0 lies at all ones, of a vector."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def minimum(x0: NDArray[np.float64], method: str = "BFGS") -> Any:
    """Return SciPy's result of minimising `rosenbrock` from `x0` with automatic gradients.

    Examples
    --------
    >>> minimum(np.zeros(3)).x.round(4)
    array([1., 1., 1.])
    """
    try:
        from scipy.optimize import minimize
    except ImportError as error:
        raise ImportError(
            "this example needs SciPy: pip install 'autograd-np[examples]'"
        ) from error
    return minimize(ag.value_and_grad(rosenbrock), x0, jac=True, method=method)


if __name__ == "__main__":
    result = minimum(np.zeros(10))
    print(f"minimum {result.fun:.2e} after {result.nfev} evaluations, at {result.x}")

"""SciPy's optimisers on automatic gradients."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy")

import autograd_np as ag
from examples.scipy_minimize import minimum, rosenbrock


@pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "CG"])
def test_the_minimum_is_found(method: str) -> None:
    result = minimum(np.zeros(10), method)
    assert result.success
    np.testing.assert_allclose(result.x, 1, atol=1e-4)


def test_it_takes_fewer_evaluations_than_finite_differences() -> None:
    from scipy.optimize import minimize, rosen, rosen_der

    blind = minimize(rosen, np.zeros(10), method="BFGS")
    assert minimum(np.zeros(10)).nfev < blind.nfev / 5
    x = np.linspace(-1, 1, 10)
    value, gradient = ag.value_and_grad(rosenbrock)(x)
    assert value == pytest.approx(rosen(x), rel=1e-14)
    np.testing.assert_allclose(gradient, rosen_der(x), rtol=1e-12)

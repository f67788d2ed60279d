"""Powers: constant exponents, zero bases, negative bases, complex numbers."""

import math

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import gradcheck


@pytest.mark.parametrize(
    ("base", "exponent", "first", "second_order"),
    [
        (-2.0, 3.0, 12.0, -12.0),
        (-2.0, -1.0, -0.25, -0.25),
        (0.0, 1.0, 1.0, 0.0),
        (0.0, 2.0, 0.0, 2.0),
        (0.0, 3.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        (-2.0, 0.0, 0.0, 0.0),
        (-2.0, 0, 0.0, 0.0),
        (3.0, 1, 1.0, 0.0),
        (2.0, 0.5, 0.5 / 2**0.5, -0.25 * 2**-1.5),
    ],
)
@pytest.mark.parametrize("wrap", [lambda n: n, np.asarray, lambda n: np.array(n, float)])
@pytest.mark.parametrize("power", [lambda x, n: x**n, np.power, np.float_power])
def test_powers_with_a_constant_exponent(base, exponent, first, second_order, wrap, power):
    def f(x):
        return power(x, wrap(exponent))

    np.testing.assert_allclose(ag.grad(f)(base), first, rtol=1e-14)
    np.testing.assert_allclose(ag.grad(ag.grad(f))(base), second_order, rtol=1e-14, atol=0)


def test_derivatives_by_the_exponent():
    assert ag.grad(lambda y: np.power(0.0, y))(2.0) == 0.0
    by_exponent = ag.grad(np.power, argnums=1)(2.0, 3.0)
    np.testing.assert_allclose(by_exponent, 8 * math.log(2), rtol=1e-15)
    np.testing.assert_allclose(ag.grad(lambda y: 2**y)(3.0), 8 * math.log(2), rtol=1e-15)
    # Mixed: d/dy of y x**(y - 1) at y = 0 is 1 / x.
    mixed = ag.grad(lambda y: ag.grad(lambda x: x**y)(4.0))(0.0)
    np.testing.assert_allclose(mixed, 0.25, rtol=1e-15)


def test_complex_power_crosses_to_the_principal_branch():
    gradcheck(lambda z, w: z**w, np.array([1 + 2j, -1 - 0.5j]), np.array([0.5 - 1j, 2.0]), order=2)
    gradcheck(lambda w: (-2.0) ** w, np.array([0.5 - 1j, 2 + 0.1j]), order=2)

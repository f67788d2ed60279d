"""`ag.elementwise_grad`."""

import numpy as np
import pytest

import autograd_np as ag

X = np.array([[0.5, -1.0], [2.0, 0.0]])


@pytest.mark.parametrize("check", [False, True])
def test_derivatives_of_tanh(check):
    first = ag.elementwise_grad(np.tanh, check=check)
    np.testing.assert_allclose(first(X), 1 - np.tanh(X) ** 2)
    second = ag.elementwise_grad(first, check=check)
    np.testing.assert_allclose(second(X), -2 * np.tanh(X) * (1 - np.tanh(X) ** 2))


def test_of_another_argument_with_keywords():
    def f(a, x, *, power):
        return a * x**power

    a = np.array([2.0, 3.0])
    np.testing.assert_allclose(ag.elementwise_grad(f, 1)(a, X, power=3), 3 * a * X**2)


def test_a_jacobian_that_is_not_diagonal_is_found_when_asked():
    def mixing(x):
        return x * np.sum(x)

    assert ag.elementwise_grad(mixing)(X).shape == X.shape
    with pytest.raises(ValueError, match="not diagonal"):
        ag.elementwise_grad(mixing, check=True)(X)
    with pytest.raises(ValueError, match="not diagonal"):
        ag.elementwise_grad(lambda x: x[::-1], check=True)(X)


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"ag\.grad"):
        ag.elementwise_grad(np.sum)(X)


def test_complex_arguments():
    z = X + 1j
    with pytest.raises(TypeError, match="holomorphic"):
        ag.elementwise_grad(np.sin)(z)
    np.testing.assert_allclose(ag.elementwise_grad(np.sin, holomorphic=True)(z), np.cos(z))


@pytest.mark.parametrize("check", [False, True])
def test_single_precision_and_empty_arrays(check):
    derivative = ag.elementwise_grad(np.exp, check=check)
    assert derivative(X.astype(np.float32)).dtype == np.float32
    assert derivative(np.ones((0, 3))).shape == (0, 3)


def test_tensors_stay_in_the_graph():
    t = ag.Tensor(X, requires_grad=True)
    ag.elementwise_grad(np.sin)(t).sum().backward()
    np.testing.assert_allclose(t.grad, -np.sin(X))

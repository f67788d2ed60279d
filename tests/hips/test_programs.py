"""Programs of HIPS autograd's run with NumPy in the place of ``autograd.numpy``."""

import numpy as np
import pytest
from scipy.optimize import minimize

import autograd_np as ag
from autograd_np.scipy.special import logsumexp
from autograd_np.testing import gradcheck
from autograd_np.trees import flatten
from tests.hips.models import MODELS, perceptron
from tests.hips.nested import NESTED
from tests.hips.simulations import SIMULATIONS, rosenbrock

PROGRAMS = MODELS + SIMULATIONS + NESTED

each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)


@pytest.fixture
def hips():
    """HIPS autograd, where it is installed."""
    pytest.importorskip("autograd.scipy.special")
    return pytest.importorskip("autograd")


def of_ours(program):
    """What a program minimises, and where, when it is written with plain NumPy."""
    loss, args = program(np, ag if program in NESTED else logsumexp)
    return loss, *args


def of_hips(hips, program):
    """What a program minimises when it is written with HIPS autograd."""
    loss, _ = program(hips.numpy, hips if program in NESTED else hips.scipy.special.logsumexp)
    return loss


def assert_same(ours, theirs, tolerance=1e-10):
    for one, other in zip(flatten(ours)[0], flatten(theirs)[0], strict=True):
        assert np.shape(one) == np.shape(other)
        scale = np.max(np.abs(other), initial=0)
        np.testing.assert_allclose(one, other, rtol=0, atol=tolerance * scale)


@each_program
def test_gradient_is_that_of_the_program(program):
    gradcheck(*of_ours(program))


@each_program
def test_gradient_is_that_of_hips(program, hips):
    loss, *args = of_ours(program)
    theirs = of_hips(hips, program)
    numbers = tuple(range(len(args)))
    value, gradient = ag.value_and_grad(loss, numbers)(*args)
    assert_same((value, gradient), hips.value_and_grad(theirs, numbers)(*args))


def adam(gradient, x, steps=40, rate=0.05, decay=(0.9, 0.999), tiny=1e-8):
    """Adam, as a program for HIPS autograd writes it: on one vector."""
    mean = np.zeros_like(x)
    square = np.zeros_like(x)
    for step in range(1, steps + 1):
        g = gradient(x, step)
        mean = decay[0] * mean + (1 - decay[0]) * g
        square = decay[1] * square + (1 - decay[1]) * g**2
        scale = np.sqrt(square / (1 - decay[1] ** step)) + tiny
        x = x - rate * (mean / (1 - decay[0] ** step)) / scale
    return x


def test_a_network_is_trained_by_adam_on_one_vector():
    loss, layers = of_ours(perceptron)
    start, unflatten = ag.ravel_pytree(layers)
    gradient = ag.grad(lambda vector, step: loss(unflatten(vector)))
    end = adam(gradient, start)
    assert loss(unflatten(end)) < 0.5 * loss(layers)


def test_and_comes_to_the_same_parameters_as_with_hips(hips):
    loss, layers = of_ours(perceptron)
    start, unflatten = ag.ravel_pytree(layers)
    ours = adam(ag.grad(lambda vector, step: loss(unflatten(vector))), start)
    theirs = of_hips(hips, perceptron)
    from autograd.misc.flatten import flatten as flatten_theirs

    begin, rebuild = flatten_theirs(layers)
    np.testing.assert_array_equal(start, begin)
    gradient = hips.grad(lambda vector, step: theirs(rebuild(vector)))
    assert_same(ours, adam(gradient, begin))


@pytest.mark.parametrize("method", ["BFGS", "CG", "L-BFGS-B", "TNC", "SLSQP"])
def test_scipy_minimises_with_the_gradient(method):
    loss, _ = rosenbrock(np, logsumexp)
    found = minimize(ag.value_and_grad(loss), np.full(4, 0.5), jac=True, method=method)
    assert found.fun < 1e-4


@pytest.mark.parametrize("method", ["Newton-CG", "trust-ncg", "trust-krylov"])
@pytest.mark.parametrize("by", ["hess", "hessp"])
def test_scipy_minimises_with_second_derivatives(method, by):
    loss, _ = rosenbrock(np, logsumexp)
    second = {"hess": ag.hessian(loss), "hessp": lambda x, v: ag.hvp(loss, (x,), (v,))[1][0]}
    found = minimize(loss, np.full(4, 0.5), jac=ag.grad(loss), method=method, **{by: second[by]})
    assert found.fun < 1e-4


def own_tanh(np):
    def tanh(x):
        decay = np.exp(-2 * x)
        return (1 - decay) / (1 + decay)

    return tanh


def tanh_derivatives(x, order):
    """Derivatives of tanh as polynomials in t = tanh x, whose own derivative is 1 - t^2."""
    polynomial = np.polynomial.Polynomial([0, 1])
    for _ in range(order):
        polynomial = polynomial.deriv() * np.polynomial.Polynomial([1, 0, -1])
    return polynomial(np.tanh(x))


@pytest.mark.parametrize("order", range(1, 7))
@pytest.mark.parametrize("tanh", [np.tanh, own_tanh(np)], ids=["numpy", "own"])
def test_derivatives_of_tanh(tanh, order):
    x = np.linspace(-2, 2, 9)
    derivative = tanh
    for _ in range(order):
        derivative = ag.elementwise_grad(derivative)
    np.testing.assert_allclose(derivative(x), tanh_derivatives(x, order), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("order", range(1, 5))
def test_derivatives_of_tanh_are_those_of_hips(order, hips):
    x = np.linspace(-2, 2, 9)
    ours, theirs = own_tanh(np), own_tanh(hips.numpy)
    for _ in range(order):
        ours, theirs = ag.elementwise_grad(ours), hips.elementwise_grad(theirs)
    assert_same(ours(x), theirs(x))

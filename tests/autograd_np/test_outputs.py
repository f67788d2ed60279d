"""Functions with several outputs, and by-products that only gradients read."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules.cotangents import Cotangents, parts_of
from autograd_np.rules.registry import CACHES, RULES, dispatched, rule
from autograd_np.testing import gradcheck
from tests.autograd_np.interpreter import replay

X = np.array([0.3, -1.2, 2.0])


@pytest.fixture
def sin_and_cos():
    """A function with two outputs, each formula reading the other output."""

    @dispatched
    def function(x):
        """Sine and cosine."""
        return np.sin(x), np.cos(x)

    rule(
        function,
        outputs=["sine", "cosine"],
        x={"sine": lambda g, cosine: g * cosine, "cosine": lambda g, sine: -g * sine},
    )
    yield function
    RULES.pop(function)
    for cache in CACHES:
        cache.pop(function, None)


def test_each_output_has_its_own_gradient(sin_and_cos):
    for pick, expected in ((0, np.cos(X)), (1, -np.sin(X))):
        t = ag.Tensor(X, requires_grad=True)
        sin_and_cos(t)[pick].sum().backward()
        np.testing.assert_allclose(t.grad, expected, rtol=1e-14)


def test_gradients_of_all_outputs_add_up_to_any_order(sin_and_cos):
    def f(x):
        sine, cosine = sin_and_cos(x)
        return sine * sine * 3.0 + cosine * sine + cosine

    gradcheck(f, X, order=2)
    third = ag.grad(ag.grad(ag.grad(lambda x: sin_and_cos(x)[0])))(0.7)
    np.testing.assert_allclose(third, -np.cos(0.7), rtol=1e-13)


def test_results_are_tensors_with_and_without_a_gradient(sin_and_cos):
    results = sin_and_cos(ag.Tensor(X, requires_grad=True))
    assert [r.requires_grad for r in results] == [True, True]
    assert "function[1]" in repr(results[1])
    with ag.no_grad():
        constants = sin_and_cos(ag.Tensor(X, requires_grad=True))
    assert [c.requires_grad for c in constants] == [False, False]
    assert type(sin_and_cos(X)) is tuple


def test_a_full_recording_links_the_outputs(sin_and_cos):
    t = ag.Tensor(X, requires_grad=True)
    with ag.record() as program:
        sine, cosine = sin_and_cos(t)
        (sine * 2.0 + cosine).sum().backward()
        gradient = program.ref(t.grad)
    other = X + 0.5
    (value,) = replay(program, {program.ref(t): other}, [gradient])
    np.testing.assert_allclose(value, 2 * np.cos(other) - np.sin(other), rtol=1e-14)


def test_a_by_product_and_the_result_both_have_gradients():
    """A penalty on the gradient: its own gradient runs through the slopes that the loss kept."""
    labels = np.array([0, 2, 1])

    def penalized(z):
        loss, gradient = ag.value_and_grad(lambda z: ag.cross_entropy(z, labels))(z)
        return loss + 3.0 * np.sum(gradient**2)

    gradcheck(penalized, np.random.default_rng(0).normal(size=(3, 3)), order=2)


def test_cotangents_add_up():
    both = Cotangents({0: 1.0}) + Cotangents({1: 10.0}) + 100.0
    assert dict(parts_of(both)) == {0: 101.0, 1: 10.0}
    assert dict(parts_of(5.0)) == {0: 5.0}

"""What comes out differently than with HIPS autograd, as docs/coming_from_hips.md says."""

import json

import numpy as np
import pytest
from scipy import integrate, linalg, stats

import autograd_np as ag

X = np.array([0.5, -1.2])


def test_complex_gradients_point_uphill():
    """HIPS hands out the conjugate."""
    assert ag.grad(lambda z: np.real(z * z))(1 + 2j) == 2 - 4j
    hips = pytest.importorskip("autograd")
    assert hips.grad(lambda z: hips.numpy.real(z * z))(1 + 2j) == 2 + 4j


def test_single_precision_stays():
    x = X.astype(np.float32)
    assert ag.grad(lambda x: np.mean(x**2.0) * 0.5)(x).dtype == np.float32
    hips = pytest.importorskip("autograd")
    assert hips.grad(lambda x: hips.numpy.mean(x**2.0) * 0.5)(x).dtype == np.float64


def test_a_gradient_by_one_number_is_an_array():
    gradient = ag.grad(np.tanh)(0.5)
    assert isinstance(gradient, np.ndarray)
    assert json.dumps(float(gradient)).startswith("0.786")


@pytest.mark.parametrize("x", [np.array([1, 2]), 3, True])
def test_integers_have_no_gradient(x):
    with pytest.raises(TypeError, match="Pass floats"):
        ag.grad(lambda x: np.sum(x**2.0))(x)


def test_other_arguments_may_be_anything():
    assert ag.grad(lambda x, n, how: x**n if how == "power" else x)(3.0, 2, "power") == 6


def test_independent_results_have_zeros_for_a_gradient():
    np.testing.assert_array_equal(ag.grad(lambda x: 3.0)(X), [0, 0])


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        (lambda x: np.clip(x, 0, 1), 1.0, 1),
        (np.linalg.norm, np.zeros(2), [0, 0]),
        (np.prod, np.array([0.0, 2.0, 3.0]), [6, 0, 0]),
        (lambda x: np.logaddexp(x, x), -np.inf, 1),
        (
            lambda a: np.linalg.cholesky(a)[1, 1],
            np.eye(2) + 0.5,
            np.array([[1, 0], [-6, 9]]) / 432**0.5,
        ),
    ],
    ids=["clip", "norm", "prod", "logaddexp", "cholesky"],
)
def test_edges(function, x, expected):
    np.testing.assert_allclose(ag.grad(function)(x), expected)


def test_arrays_are_read_only_while_a_pullback_reads_them():
    x = X.copy()
    _, pullback = ag.vjp(np.square, x)
    with pytest.raises(ValueError, match="read-only"):
        x += 1
    del pullback
    x += 1


def test_assignment_is_recorded():
    def turned(x):
        y = x.copy()
        y[0] = 2 * y[1]
        y += x
        return np.sum(y**2)

    np.testing.assert_allclose(
        ag.grad(turned)(X), [2 * (2 * X[1] + X[0]), 4 * (2 * X[1] + X[0]) + 8 * X[1]]
    )


def lower(a):
    return linalg.solve_triangular(a, np.ones(2), lower=True)


@pytest.mark.parametrize(
    ("function", "x"),
    [
        (stats.norm.logpdf, 0.5),
        (linalg.expm, np.eye(2)),
        (lower, np.eye(2)),
        (lambda rate: integrate.odeint(lambda y, t: -rate * y, 1.0, [0.0, 1.0])[-1, 0], 0.5),
        (lambda x: np.array([x, 2.0]), 0.5),
        (lambda x: np.array(x), X),
        (lambda x: np.sum([x[0], x[1]]), X),
        (lambda x: np.dot([1.0, 2.0], [x[0], x[1]]), X),
        (lambda x: np.r_[x[0], x], X),
        (lambda x: np.full(3, x[0]), X),
        (lambda x: np.vectorize(lambda v: v * 2)(x), X),
        (lambda x: np.random.default_rng(0).normal(x), X),
        (float, 0.5),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_cannot_be_traced_raises(function, x):
    with pytest.raises(TypeError, match="cut the graph in silence"):
        ag.grad(lambda x: np.sum(function(x)))(x)


def test_an_array_takes_no_tensor():
    def filled(x):
        y = np.zeros(2)
        y[0] = x[0]
        return np.sum(y)

    with pytest.raises(ValueError, match="sequence") as caught:
        ag.grad(filled)(X)
    assert "cut the graph in silence" in str(caught.value.__cause__)


@pytest.mark.filterwarnings("error")
def test_integrators_may_call_gradients():
    """A pendulum by its energy, of which the integrator keeps the sum."""

    def energy(y):
        return 0.5 * y[1] ** 2 - np.cos(y[0])

    def field(t, y):
        slope = ag.grad(energy)(y)
        return np.stack([slope[1], -slope[0]])

    path = integrate.solve_ivp(field, (0, 5), np.array([1.0, 0.0]), rtol=1e-8).y
    np.testing.assert_allclose(energy(path), energy(path[:, 0]), rtol=1e-5)

"""Running sums and products, and areas: NumPy's values and refusals, zeros, long axes."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules.cumulative import recurrence
from tests.autograd_np.against_numpy import assert_as_numpy

X = np.array([[0.5, -2.0, 1.5, 0.0], [3.0, 0.25, -1.0, 2.0]])
RUNNING = [np.cumsum, np.cumprod, np.nancumsum, np.nancumprod]
STANDARD = [np.cumulative_sum, np.cumulative_prod]


@pytest.mark.parametrize("function", RUNNING)
@pytest.mark.parametrize("x", [X, X.T, X * (1 + 2j), X[0], X[0, 0], X[:0], X.astype(np.float32)])
@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"axis": -1}, {"axis": 2}, {"dtype": "c16"}])
def test_running_as_in_numpy(function, x, options):
    assert_as_numpy(function, x, **options)


@pytest.mark.parametrize("function", STANDARD)
@pytest.mark.parametrize("x", [X, X[0], X[0, 0], X[:, :0], X.astype(np.float32)])
@pytest.mark.parametrize("options", [{}, {"axis": 0}, {"axis": -1}, {"axis": 2}, {"dtype": "c16"}])
@pytest.mark.parametrize("include_initial", [False, True])
def test_the_standards_as_in_numpy(function, x, options, include_initial):
    assert_as_numpy(function, x, **options, include_initial=include_initial)


@pytest.mark.parametrize("function", [*RUNNING, *STANDARD])
def test_out_is_refused(function):
    t = ag.Tensor(X, requires_grad=True)
    with pytest.raises(TypeError, match=r"out=.*Write"):
        function(t, axis=1, out=np.empty(X.shape))


@pytest.mark.parametrize("function", [np.cumprod, np.cumulative_prod, np.nancumprod])
@pytest.mark.parametrize("zeros", [[], [0], [2], [4], [1, 3], [0, 1, 2, 3, 4]])
def test_running_products_through_zeros(function, zeros):
    x = np.array([2.0, -3.0, 0.5, 5.0, 7.0])
    x[zeros] = 0
    expected = np.zeros((5, 5))
    for i in range(5):
        for j in range(i + 1):
            expected[i, j] = np.prod(np.delete(x[: i + 1], j))
    np.testing.assert_allclose(ag.jacobian(function)(x), expected, rtol=1e-15)


@pytest.mark.parametrize("zeros", [[], [1], [0, 3]])
def test_second_derivatives_of_running_products(zeros):
    x = np.array([2.0, -3.0, 0.5, 5.0])
    x[zeros] = 0
    last = ag.hessian(lambda x: np.cumprod(x)[-1])(x)
    np.testing.assert_allclose(last, ag.hessian(np.prod)(x), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("shape", [(1,), (2,), (3,), (7,), (8,), (2, 9), (16, 3)])
@pytest.mark.parametrize("axis", [0, -1])
def test_recurrence(shape, axis):
    rng = np.random.default_rng(0)
    b, c = rng.normal(size=shape), rng.normal(size=shape)
    axis %= len(shape)
    expected, c = np.moveaxis(b.copy(), axis, 0), np.moveaxis(c, axis, 0)[:-1]
    for i in reversed(range(len(c))):
        expected[i] += c[i] * expected[i + 1]
    found = recurrence(b, np.moveaxis(c, 0, axis), axis)
    np.testing.assert_allclose(found, np.moveaxis(expected, 0, axis), rtol=1e-13)


def test_running_product_of_many():
    x = np.random.default_rng(0).uniform(0.99, 1.01, (2, 1001))
    weights = np.random.default_rng(1).uniform(-1, 1, x.shape)
    tails = np.cumsum((weights * np.cumprod(x, axis=1))[:, ::-1], axis=1)[:, ::-1]
    found = ag.grad(lambda x: np.sum(np.cumprod(x, axis=1) * weights))(x)
    np.testing.assert_allclose(found, tails / x, rtol=1e-9, atol=1e-11)


WIDTHS = np.array([0.5, 2.0, 1.5])


@pytest.mark.parametrize(
    "y", [X, X.astype(np.float32), X * 1j, X[0], X[:, :1], [1.0, 3.0, 2.0, 5.0]]
)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"axis": 0},
        {"dx": 0.5},
        {"dx": np.array(0.5)},
        {"dx": WIDTHS},
        {"x": np.cumsum(X[1])},
        {"x": X},
        {"x": [0.0, 1.0, 3.0, 3.5]},
    ],
)
def test_areas_as_in_numpy(y, options):
    assert_as_numpy(np.trapezoid, y, **options)


def test_areas_of_heights_that_are_constant():
    x = ag.Tensor([0.0, 1.0, 3.0], requires_grad=True)
    np.trapezoid([1.0, 2.0, 4.0], x).backward()
    np.testing.assert_array_equal(x.grad, [-1.5, -1.5, 3.0])


def test_areas_over_places_with_more_axes():
    assert_as_numpy(np.trapezoid, X, np.arange(2.0)[:, None], axis=0)
    with pytest.raises(ValueError, match="write axis=-1"):
        np.trapezoid(ag.Tensor(X[0], requires_grad=True), X, axis=0)


@pytest.mark.parametrize("function", STANDARD)
def test_a_number_is_a_line_of_one(function):
    assert_as_numpy(function, np.array(2.0))


def test_the_area_over_nothing_has_a_gradient():
    t = ag.Tensor(np.ones((0, 2)), requires_grad=True)
    width = ag.Tensor(0.5, requires_grad=True)
    np.sum(np.trapezoid(t, dx=width, axis=0)).backward()
    assert t.grad.shape == (0, 2)
    assert width.grad == 0
